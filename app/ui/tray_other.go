//go:build !linux

package ui

// trayHost reports whether the desktop shows tray icons, which Windows and macOS
// always do.
func trayHost() bool { return true }
