//go:build !headless

package main

import (
	"net/url"
	"os"
	"runtime"
	"strings"

	"cuewire/app/i18n"
)

// firewallHint says what a person has to do about this computer's firewall so that
// devices get through to an address of ours, "" where none is known to be in the way.
// Nothing is asked that needs rights: the files tell whether one is switched on.
func firewallHint(w *i18n.Words, address string) string {
	kind := ""
	switch runtime.GOOS {
	case "windows", "darwin":
		kind = runtime.GOOS
	default:
		kind = linuxFirewall("/")
	}
	u, err := url.Parse(address)
	if kind == "" || err != nil {
		return ""
	}
	return w.T("welcome.firewall."+kind, map[string]any{"Port": u.Port()})
}

// linuxFirewall returns which firewall is switched on below a root folder.
func linuxFirewall(root string) string {
	if conf, err := os.ReadFile(root + "etc/ufw/ufw.conf"); err == nil { // world-readable where ufw is installed
		for line := range strings.Lines(string(conf)) {
			if strings.EqualFold(strings.ReplaceAll(strings.TrimSpace(line), " ", ""), "ENABLED=yes") {
				return "ufw"
			}
		}
	}
	if _, err := os.Stat(root + "run/firewalld"); err == nil {
		return "firewalld"
	}
	return ""
}
