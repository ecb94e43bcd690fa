//go:build !headless

package main

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

func autostartFile() string { return filepath.Join(xdg.ConfigHome, "autostart", appID+".desktop") }

// On reports whether Cuewire starts with the system.
func (a autostart) On() (bool, error) {
	return fileOn(autostartFile(), "Hidden=true", "X-GNOME-Autostart-enabled=false")
}

// Set has it start with the system, or no longer.
func (a autostart) Set(on bool) error {
	if !on {
		return setFile(autostartFile(), nil)
	}
	return setFile(autostartFile(), desktopEntry(a.command))
}
