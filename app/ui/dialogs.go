package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// open shows a dialog in place of one that is open.
func (w *Window) open(d dialog.Dialog, width float32) {
	before := w.dialog
	w.dialog, w.reopen, w.enter = d, nil, nil
	if before != nil {
		before.Hide()
	}
	d.SetOnClosed(func() { w.closed(d) })
	d.Show()
	width = max(width, d.MinSize().Width)
	for range 2 { // wrapped text tells its height only once it knows its width
		d.Resize(fyne.NewSize(width, d.MinSize().Height))
	}
}

// closed is called when a dialog was closed. One that gave way to the next is not the
// one open any more, and nothing follows.
func (w *Window) closed(d dialog.Dialog) {
	if w.dialog != d {
		return
	}
	w.dialog, w.reopen, w.enter = nil, nil, nil
	if back := w.back; back != nil {
		w.back = nil
		back()
	}
}

// field is an entry in which Escape closes the dialog.
type field struct {
	widget.Entry
	escape func()
}

func (w *Window) newField() *field {
	f := &field{escape: func() {
		if w.dialog != nil {
			w.dialog.Hide()
		}
	}}
	f.ExtendBaseWidget(f)
	return f
}

// TypedKey is called by Fyne.
func (f *field) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		f.escape()
		return
	}
	f.Entry.TypedKey(e)
}

// AcceptsTab is called by Fyne: the Tab key goes on to the next field.
func (f *field) AcceptsTab() bool { return false }

func (w *Window) text(key string) string { return w.words.T(key, nil) }

// lengthField is a field for a length of time.
func (w *Window) lengthField(value string) *field {
	e := w.newField()
	e.SetText(value)
	e.SetPlaceHolder("5:00")
	wrong := w.text("window.ask.length.wrong")
	e.Validator = func(text string) error {
		if _, ok := present.ParseLength(text); !ok {
			return errors.New(wrong)
		}
		return nil
	}
	return e
}

// form asks for a few values and calls done with the dialog closed. Enter in a
// field does what the button does.
func (w *Window) form(title, confirm string, items []*widget.FormItem, done func()) {
	d := dialog.NewForm(w.text(title), w.text(confirm), w.text("window.ask.cancel"), items, func(ok bool) {
		if ok {
			done()
		}
	}, w.win)
	for _, item := range items {
		if e, ok := item.Widget.(*field); ok {
			e.OnSubmitted = func(string) { d.Submit() }
		}
	}
	w.open(d, 460)
	if len(items) > 0 {
		if f, ok := items[0].Widget.(fyne.Focusable); ok {
			w.win.Canvas().Focus(f)
		}
	}
}

// askTime asks how much time is to be left.
func (w *Window) askTime() {
	length := w.lengthField("")
	item := widget.NewFormItem(w.text("window.ask.left"), length)
	item.HintText = w.text("window.ask.length.hint")
	w.form("window.ask.settime", "window.ask.set", []*widget.FormItem{item}, func() {
		d, _ := present.ParseLength(length.Text)
		if room := w.room(); room != nil {
			w.send(app.Control{RoomID: room.Room.ID, Action: app.SetTime, Value: &d})
		}
	})
}

// closeAsked is called when somebody closes the window.
func (w *Window) closeAsked() {
	switch {
	case !w.tray.possible.Load(): // closed it could not be found again
		w.askQuit(true)
	case w.cfg.Core.Snapshot().Settings.CloseToTray:
		w.Hide()
	default:
		w.quitAsked()
	}
}

// quitAsked quits, after a question while something would suffer from it.
func (w *Window) quitAsked() { w.askQuit(false) }

// askQuit asks whether to quit, where nothing would suffer from it only if always says so.
func (w *Window) askQuit(always bool) {
	what := present.Busy(w.words, w.cfg.Core.Snapshot())
	if what == "" && !always {
		w.cfg.Quit()
		return
	}
	harmless := what == ""
	if harmless {
		what = w.text("frame.close.ends")
	}
	quit := &widget.Button{Text: w.text("window.close.quit"), Importance: widget.DangerImportance, OnTapped: w.cfg.Quit}
	message := widget.NewLabel(what)
	message.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomWithoutButtons(w.text("window.close.title"), message, w.win)
	buttons := []fyne.CanvasObject{widget.NewButton(w.text("window.close.stay"), d.Hide)}
	if w.tray.possible.Load() {
		buttons = append(buttons, widget.NewButton(w.text("window.close.hide"), func() {
			d.Hide()
			w.Hide()
		}))
	}
	d.SetButtons(append(buttons, quit))
	w.open(d, 460)
	if harmless {
		w.enter = w.cfg.Quit
	}
}
