package ui

import (
	"context"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// tray is the menu beside the system's clock, where the system has one: how the show
// does, and the controls that matter. It is kept true while the window is hidden too.
type tray struct {
	possible atomic.Bool // read from any goroutine
	host     desktop.App
	menu     *fyne.Menu
	shown    present.Tray
	made     bool // the system has the menu

	state, show, play, next, blackout, quit *fyne.MenuItem
}

func newTray(w *Window) *tray {
	t := &tray{}
	host, ok := w.cfg.App.(desktop.App)
	if !ok || !trayHost() {
		return t
	}
	t.host = host
	t.possible.Store(true)
	host.SetSystemTrayIcon(trayIcon())
	t.fill(w)
	return t
}

// fill makes the menu's items.
func (t *tray) fill(w *Window) {
	t.state = fyne.NewMenuItem("", nil)
	t.state.Disabled = true
	t.show = fyne.NewMenuItem("", w.Raise)
	t.play = fyne.NewMenuItem("", w.pressPlay)
	t.next = fyne.NewMenuItem("", func() { w.control(app.Next) })
	t.blackout = fyne.NewMenuItem("", func() { w.toggle(app.Blackout) })
	t.quit = fyne.NewMenuItem("", w.cfg.Quit)
	t.quit.IsQuit = true
	t.menu = fyne.NewMenu("Cuewire", t.state, fyne.NewMenuItemSeparator(), t.play, t.next, t.blackout,
		fyne.NewMenuItemSeparator(), t.show, t.quit)
}

// set shows what is true now.
func (t *tray) set(v present.Tray, words *i18n.Words) {
	if !t.possible.Load() || t.made && v == t.shown {
		return
	}
	t.shown = v
	t.state.Label = v.State
	t.play.Label = words.T("window.control.play", nil)
	if v.Playing {
		t.play.Label = words.T("window.control.pause", nil)
	}
	t.next.Label, t.next.Disabled = words.T("window.tray.next", nil), !v.Next
	t.blackout.Label, t.blackout.Checked = words.T("window.control.blackout", nil), v.Blackout
	t.show.Label, t.quit.Label = words.T("window.tray.show", nil), words.T("window.tray.quit", nil)
	if t.made {
		t.menu.Refresh()
		return
	}
	t.made = true
	t.host.SetSystemTrayMenu(t.menu)
}

// trayNow brings the tray up to date, from any goroutine and without waiting. Last is
// what it was given before.
func (w *Window) trayNow(last present.Tray) present.Tray {
	if !w.tray.possible.Load() {
		return last
	}
	words := w.wordsNow()
	now := present.TrayOf(words, w.room())
	if now != last {
		w.do(func() { w.tray.set(now, words) })
	}
	return now
}

// HasTray reports whether the window can be hidden and found again.
func (w *Window) HasTray() bool { return w.tray.possible.Load() }

// AwaitTray returns once the desktop shows tray icons, when ctx ends, or after as long as
// patience. A desktop that is starting may begin with programs before it has a tray.
func AwaitTray(ctx context.Context, patience time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for !trayHost() && sleep(ctx, 200*time.Millisecond) {
	}
}
