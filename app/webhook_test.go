package app_test

import (
	"strings"
	"testing"

	"cuewire/app"
)

func TestValidWebhook(t *testing.T) {
	for address, want := range map[string]bool{
		"http://companion.local:8000/x?token=1": true, "HTTPS://user:secret@example.com": true, "http://[::1]:80/": true,
		"": false, "example.com": false, "ftp://example.com": false, "http://": false, "http://:80/": false, "http:///x": false,
		"http://a/\xff": false, "http://a/\n": false, "javascript:alert(1)": false, "http://a/" + strings.Repeat("x", app.MaxWebhookLength): false,
	} {
		if got := app.ValidWebhook(address); got != want {
			t.Errorf("%.40q: %v", address, got)
		}
	}
}
