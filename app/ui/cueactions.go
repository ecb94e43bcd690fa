package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// undoEdit takes back the last change of the room's rundown, messages or settings,
// or of the library where that is shown.
func (w *Window) undoEdit() {
	if w.View().Area == present.SourcesArea {
		w.send(app.UndoSources{})
		return
	}
	if room := w.room(); room != nil {
		w.send(app.Undo{RoomID: room.Room.ID})
	}
}

// redoEdit makes it again.
func (w *Window) redoEdit() {
	if w.View().Area == present.SourcesArea {
		w.send(app.RedoSources{})
		return
	}
	if room := w.room(); room != nil {
		w.send(app.Redo{RoomID: room.Room.ID})
	}
}

// menu shows a menu at a place of the window.
func (w *Window) menu(at fyne.Position, items ...*fyne.MenuItem) {
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), w.win.Canvas(), at)
}

// menuBelow shows a menu below a widget.
func (w *Window) menuBelow(o fyne.CanvasObject, items ...*fyne.MenuItem) {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
	w.menu(at.AddXY(0, o.Size().Height+2), items...)
}

// item is an entry of a menu, in words.
func (w *Window) item(key string, icon fyne.Resource, do func()) *fyne.MenuItem {
	m := fyne.NewMenuItem(w.text(key), do)
	m.Icon = icon
	return m
}

// cueMenu shows what can be done with a timer.
func (w *Window) cueMenu(id string, at fyne.Position) {
	room := w.room()
	if room == nil {
		return
	}
	t, position := room.Timer(id)
	if t == nil {
		return
	}
	skip := "crew.cue.skip.on"
	if t.Skip {
		skip = "crew.cue.skip.off"
	}
	up := w.item("crew.cue.up", theme.MoveUpIcon(), func() { w.moveTimer(id, -1) })
	down := w.item("crew.cue.down", theme.MoveDownIcon(), func() { w.moveTimer(id, 1) })
	up.Disabled, down.Disabled = position == 0, position == len(room.Timers)-1
	w.menu(at,
		w.item("crew.cue.edit.item", theme.DocumentCreateIcon(), func() { w.editTimer(id) }),
		w.item("crew.cue.duplicate", theme.ContentCopyIcon(), func() { w.send(app.DuplicateTimer{RoomID: room.Room.ID, TimerID: id}) }),
		w.item(skip, theme.MediaFastForwardIcon(), func() {
			on := !t.Skip
			w.send(app.UpdateTimer{RoomID: room.Room.ID, TimerID: id, Fields: app.TimerFields{Skip: &on}})
		}),
		fyne.NewMenuItemSeparator(), up, down, fyne.NewMenuItemSeparator(),
		w.item("crew.delete", theme.DeleteIcon(), func() { w.deleteTimer(id) }))
}

// moveTimer moves a timer by so many places.
func (w *Window) moveTimer(id string, by int) {
	room := w.room()
	if room == nil {
		return
	}
	_, position := room.Timer(id)
	to := position + by
	if position < 0 || to < 0 || to >= len(room.Timers) {
		return
	}
	w.send(app.UpdateTimer{RoomID: room.Room.ID, TimerID: id, Fields: app.TimerFields{Position: &to}})
}

// deleteTimer deletes a timer; one that is on only after a question, because the
// show would stop. What is deleted can be undone.
func (w *Window) deleteTimer(id string) {
	room := w.room()
	if room == nil {
		return
	}
	t, _ := room.Timer(id)
	if t == nil {
		return
	}
	remove := func() {
		w.cues.table.passOn(id)
		w.carryOut(app.DeleteTimer{RoomID: room.Room.ID, TimerID: id}, func(result app.Result, err error) {
			if err != nil {
				w.fail("window.error.command", nil, err)
				return
			}
			w.tellUndoable("table.deleted", map[string]any{"Name": t.Name}, room.Room.ID, result.Snapshot)
		})
	}
	if id != room.Playback.CurrentTimerID || room.Playback.State == app.Stopped {
		remove()
		return
	}
	w.confirm(w.text("crew.delete.on.title"), w.words.T("crew.delete.on.text", map[string]any{"Name": t.Name}), w.text("crew.delete"), remove)
}

// confirm asks before something that hurts.
func (w *Window) confirm(title, text, what string, do func()) {
	message := widget.NewLabel(text)
	message.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomWithoutButtons(title, message, w.win)
	d.SetButtons([]fyne.CanvasObject{
		widget.NewButton(w.text("window.ask.cancel"), d.Hide),
		&widget.Button{Text: what, Importance: widget.DangerImportance, OnTapped: func() {
			d.Hide()
			do()
		}},
	})
	w.open(d, 460)
}

// editCurrent opens the sheet of the current timer.
func (w *Window) editCurrent() {
	if room := w.room(); room != nil && room.Playback.CurrentTimerID != "" {
		w.editTimer(room.Playback.CurrentTimerID)
	}
}

// toggleRoll lets the clock choose the timer, or no longer.
func (w *Window) toggleRoll() {
	room := w.room()
	switch {
	case room == nil:
	case room.Playback.Roll:
		w.control(app.StopRoll)
	default:
		w.control(app.Roll)
	}
}

// showProblems lists the cues whose scene is not in OBS.
func (w *Window) showProblems() {
	if p := w.View().Rundown.Problems; p != nil {
		texts := make([]string, len(p.List))
		for i := range p.List {
			texts[i] = p.Text(w.words, i)
		}
		w.showTexts(w.text("crew.missing.title"), w.text("crew.missing.help"), texts)
	}
}

// showTexts shows a list of texts under one that says what they are.
func (w *Window) showTexts(title, help string, texts []string) {
	above := widget.NewLabel(help)
	above.Wrapping = fyne.TextWrapWord
	rows := make([]fyne.CanvasObject, len(texts))
	for i, text := range texts {
		l := widget.NewLabel(text)
		l.Wrapping = fyne.TextWrapWord
		l.Importance = widget.WarningImportance
		rows[i] = l
	}
	content := container.New(column{grow: 1}, above, container.NewVScroll(container.New(column{grow: -1, gap: -8}, rows...)))
	d := dialog.NewCustom(title, w.text("window.ask.close"), content, w.win)
	w.open(d, 560)
	d.Resize(fyne.NewSize(560, min(420, d.MinSize().Height+float32(len(texts))*44)))
}
