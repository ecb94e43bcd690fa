// Package assets holds what Cuewire ships beside its code: the web pages, the
// texts in every language, and the icons.
package assets

import (
	"embed"
	"io/fs"
)

//go:embed all:i18n all:web
var files embed.FS

//go:embed icon.png
var icon []byte

// Icon returns the program's icon, a PNG of 512×512 pixels.
func Icon() []byte { return icon }

//go:embed tray.png
var tray []byte

//go:embed tray.svg
var trayTemplate []byte

// TrayIcon returns the icon for the system's tray, drawn for 16 to 24 pixels: a PNG of
// 64×64.
func TrayIcon() []byte { return tray }

// TrayTemplate returns the same in black on nothing, for a menu bar that chooses the
// colour: an SVG.
func TrayTemplate() []byte { return trayTemplate }

// I18n returns the catalogue of texts: AREA.LANG.json files at its root.
func I18n() fs.FS { return sub("i18n") }

// Web returns the pages and all they need; see its README for which path serves what.
func Web() fs.FS { return sub("web") }

func sub(folder string) fs.FS {
	f, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // the folder's name is fixed above
	}
	return f
}
