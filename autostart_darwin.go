//go:build !headless

package main

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

func autostartFile() string {
	return filepath.Join(xdg.Home, "Library", "LaunchAgents", appID+".plist")
}

// On reports whether Cuewire starts with the system.
func (a autostart) On() (bool, error) { return fileOn(autostartFile()) }

// Set has it start with the system, or no longer.
func (a autostart) Set(on bool) error {
	if !on {
		return setFile(autostartFile(), nil)
	}
	return setFile(autostartFile(), launchAgent(a.command))
}
