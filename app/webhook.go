package app

import (
	"net/url"
	"unicode/utf8"
)

// MaxWebhookLength is how many bytes the address of a webhook may have.
const MaxWebhookLength = 2000

// ValidWebhook reports whether an address can be called: http or https, with a host.
func ValidWebhook(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		len(address) <= MaxWebhookLength && utf8.ValidString(address)
}
