package ui

import (
	"runtime"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"cuewire/assets"
)

// trayIcon is drawn for few pixels. macOS' menu bar colours it itself.
func trayIcon() fyne.Resource {
	if runtime.GOOS == "darwin" {
		return theme.NewThemedResource(fyne.NewStaticResource("tray.svg", assets.TrayTemplate()))
	}
	return fyne.NewStaticResource("tray.png", assets.TrayIcon())
}
