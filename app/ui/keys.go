package ui

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// bindKeys makes the keyboard work. Keys that switch something count once however
// long they are held; those that move the time repeat.
func (w *Window) bindKeys() {
	once := map[fyne.KeyName]func(){
		fyne.KeySpace: w.pressPlay,
		fyne.KeyLeft:  func() { w.control(app.Previous) },
		fyne.KeyRight: func() { w.control(app.Next) },
		fyne.KeyS:     w.pressStop,
		fyne.KeyR:     func() { w.control(app.Reset) },
		fyne.KeyB:     func() { w.toggle(app.Blackout) },
		fyne.KeyF:     func() { w.toggle(app.Flash) },
		fyne.KeyM:     func() { w.toggle(app.Focus) },
	}
	repeated := map[fyne.KeyName]func(){
		fyne.KeyUp:   func() { w.addTime(minute) },
		fyne.KeyDown: func() { w.addTime(-minute) },
	}
	press := func(keys map[fyne.KeyName]func(), key fyne.KeyName) {
		if w.win.Canvas().Overlays().Top() != nil { // a dialog is open
			switch {
			case w.dialog == nil: // a menu
			case key == fyne.KeyEscape:
				w.dialog.Hide()
			case w.enter != nil && (key == fyne.KeyReturn || key == fyne.KeyEnter):
				w.enter()
			}
			return
		}
		if f := keys[key]; f != nil && w.View().Area == present.LiveArea {
			f()
		}
	}
	c := w.win.Canvas()
	own := func(key fyne.KeyName) bool { return w.ownKey(func(a keyed) bool { return a.pressed(key) }) }
	if d, ok := c.(desktop.Canvas); ok {
		d.SetOnKeyDown(func(e *fyne.KeyEvent) {
			if !modified() {
				press(once, e.Name)
			}
		})
		c.SetOnTypedKey(func(e *fyne.KeyEvent) {
			if !own(e.Name) {
				press(repeated, e.Name)
			}
		})
	} else {
		c.SetOnTypedKey(func(e *fyne.KeyEvent) {
			if !own(e.Name) {
				press(once, e.Name)
				press(repeated, e.Name)
			}
		})
	}
	// What opens a dialog comes as a character: a key's character would follow it
	// into the dialog's first field.
	c.SetOnTypedRune(func(r rune) {
		switch {
		case c.Overlays().Top() != nil && r != '?':
		case r == '?':
			w.toggleShortcuts()
		default:
			w.ownKey(func(a keyed) bool { return a.typed(r) })
		}
	})
	shortcut := func(key fyne.KeyName, do func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault},
			func(fyne.Shortcut) { do() })
	}
	edit := func(do func()) func(fyne.Shortcut) {
		return func(fyne.Shortcut) {
			if c.Overlays().Top() == nil {
				do()
			}
		}
	}
	c.AddShortcut(&fyne.ShortcutUndo{}, edit(w.undoLast))
	c.AddShortcut(&fyne.ShortcutRedo{}, edit(w.redoLast))
	c.AddShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}, edit(w.redoLast))
	for i, key := range [present.Areas]fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3, fyne.Key4, fyne.Key5, fyne.Key6, fyne.Key7, fyne.Key8} {
		shortcut(key, func() { w.openArea(present.Area(i)) })
	}
	shortcut(fyne.KeyComma, w.showSettings)
	shortcut(fyne.KeyQ, w.quitAsked)
}

// modified reports whether a key is held that makes a shortcut of the next one.
func modified() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&(fyne.KeyModifierControl|fyne.KeyModifierAlt|fyne.KeyModifierSuper) != 0
}

// keySheet is what the shortcut sheet tells: keys and the text of what they do.
var keySheet = [][2]string{
	{"window.key.space", "window.keys.play"},
	{"←  →", "window.keys.nextprevious"},
	{"↑  ↓", "window.keys.minute"},
	{"S", "window.keys.stop"},
	{"R", "window.keys.reset"},
	{"T", "window.keys.settime"},
	{"N", "window.keys.newtimer"},
	{"E", "crew.keys.edit"},
	{"crew.key.undo", "crew.keys.undo"},
	{"crew.key.redo", "crew.keys.redo"},
	{"B", "window.keys.blackout"},
	{"F", "window.keys.flash"},
	{"M", "window.keys.focus"},
	{"editor.key.areas", "editor.keys.areas"},
	{"frame.key.global", "frame.keys.global"},
	{"window.key.settings", "window.keys.settings"},
	{"window.key.quit", "window.keys.quit"},
	{"?", "window.keys.sheet"},
	{"Esc", "window.keys.close"},
}

// keyName names keys as the system's keyboards do.
func keyName(name, system string) string {
	if system == "darwin" {
		return strings.NewReplacer("Ctrl Alt", "⌃ ⌥", "Ctrl", "⌘", "Shift", "⇧").Replace(name)
	}
	return name
}

func (w *Window) toggleShortcuts() {
	if w.dialog != nil {
		w.dialog.Hide()
		return
	}
	w.showShortcuts()
}

func (w *Window) showShortcuts() {
	rows := make([]fyne.CanvasObject, 0, len(keySheet))
	for _, entry := range w.keysHere() {
		key := newLine(sizeText, present.Accent).bold()
		key.set(keyName(w.text(entry[0]), runtime.GOOS), present.Accent)
		what := newLine(sizeText, present.Text).whole()
		what.set(w.text(entry[1]), present.Text)
		rows = append(rows, container.New(row{shares: []float32{1, 2.4}, gap: 12}, key, what))
	}
	content := container.New(box{12, 6}, container.New(column{grow: -1, gap: 7}, rows...))
	w.open(dialog.NewCustom(w.text("window.keys.title"), w.text("window.ask.close"), content, w.win), 460)
}

// ownKey offers a key to the area shown while no dialog is open, and reports whether
// it took it.
func (w *Window) ownKey(take func(keyed) bool) bool {
	a, ok := w.areas[w.View().Area].(keyed)
	return ok && w.win.Canvas().Overlays().Top() == nil && take(a)
}
