package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"cuewire/app"
	"cuewire/app/i18n"
)

// tray is the menu beside the system's clock, where the system has one.
type tray struct {
	possible bool
	host     desktop.App
	menu     *fyne.Menu
	keys     []string
}

func newTray(w *Window) *tray {
	t := &tray{}
	host, ok := w.cfg.App.(desktop.App)
	if !ok || !trayHost() {
		return t
	}
	t.possible, t.host = true, host
	host.SetSystemTrayIcon(trayIcon())
	t.keys = []string{"window.tray.show", "window.tray.play", "window.tray.next", "", "window.tray.quit"}
	quit := fyne.NewMenuItem("", w.cfg.Quit)
	quit.IsQuit = true
	t.menu = fyne.NewMenu("Cuewire",
		fyne.NewMenuItem("", w.Raise),
		fyne.NewMenuItem("", w.pressPlay),
		fyne.NewMenuItem("", func() { w.control(app.Next) }),
		fyne.NewMenuItemSeparator(),
		quit,
	)
	return t
}

// relabel names the menu's items, and shows it the first time.
func (t *tray) relabel(words *i18n.Words) {
	if !t.possible {
		return
	}
	for i, key := range t.keys {
		if key != "" {
			t.menu.Items[i].Label = words.T(key, nil)
		}
	}
	t.host.SetSystemTrayMenu(t.menu)
}
