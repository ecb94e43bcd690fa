//go:build !headless

package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFirewallsAreFound(t *testing.T) {
	for name, test := range map[string]struct{ path, text, want string }{
		"none":      {"etc/hostname", "x", ""},
		"ufw off":   {"etc/ufw/ufw.conf", "# comment\nENABLED=no\n", ""},
		"ufw on":    {"etc/ufw/ufw.conf", "# comment\nENABLED=yes\nLOGLEVEL=low\n", "ufw"},
		"firewalld": {"run/firewalld/.keep", "", "firewalld"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			file := filepath.Join(root, test.path)
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := linuxFirewall(root + "/"); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
