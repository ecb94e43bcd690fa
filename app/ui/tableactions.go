package ui

import (
	"slices"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// updateCue sends a change of a timer of the room shown.
func (w *Window) updateCue(id string, fields app.TimerFields) {
	if room := w.room(); room != nil && fields != (app.TimerFields{}) {
		w.send(app.UpdateTimer{RoomID: room.Room.ID, TimerID: id, Fields: fields})
	}
}

func (w *Window) duplicateCue(id string) {
	if room := w.room(); room != nil {
		w.send(app.DuplicateTimer{RoomID: room.Room.ID, TimerID: id})
	}
}

// tellUndoable tells of a change of a rundown, and offers to take it back for as long
// as it is the last one. It may be called from any goroutine.
func (w *Window) tellUndoable(key string, args map[string]any, roomID string, after *app.Snapshot) {
	text := w.wordsNow().T(key, args)
	till := w.cfg.Core.Now().Add(undoFor)
	w.change(func(l *present.Local) {
		l.Notice, l.NoticeTill, l.Undo, l.Later = text, till, true, ""
		w.undo = func() {
			if now, then := w.cfg.Core.Snapshot().Room(roomID), after.Room(roomID); now == nil || then == nil || !slices.Equal(now.Timers, then.Timers) {
				w.tell("table.changed", nil)
				return
			}
			w.send(app.Undo{RoomID: roomID})
		}
	})
}

// passOn moves the cursor from a timer that is about to go to its neighbour.
func (t *table) passOn(id string) {
	row := t.shown.RowOf(id)
	if t.timer != id || row < 0 {
		return
	}
	next := t.shown.Timer(row + 1)
	if next == nil {
		next = t.shown.Timer(row - 1)
	}
	if t.timer = ""; next != nil {
		t.timer = next.ID
	}
}

// sceneNames returns the scenes of OBS, top first.
func (w *Window) sceneNames() []string {
	scenes := w.cfg.Core.Snapshot().OBS.Scenes
	names := make([]string, len(scenes))
	for i, scene := range scenes {
		names[i] = scene.Name
	}
	return names
}

// chooseAppearance asks how a timer shows its time.
func (w *Window) chooseAppearance(timer *app.Timer, at fyne.Position) {
	items := make([]*fyne.MenuItem, len(appearances))
	for i, key := range []string{"countdown", "countup", "tod", "hidden"} {
		items[i] = fyne.NewMenuItem(w.text("crew.appearance."+key), func() {
			w.updateCue(timer.ID, app.TimerFields{Appearance: &appearances[i]})
		})
		items[i].Checked = timer.Appearance == appearances[i]
	}
	w.menu(at, items...)
}

// chooseLabel asks for the colour of a timer's label.
func (w *Window) chooseLabel(timer *app.Timer, at fyne.Position) {
	items := make([]*fyne.MenuItem, 0, len(present.LabelColors)+3)
	pick := func(text string, icon fyne.Resource, colour string) {
		item := fyne.NewMenuItem(text, func() { w.updateCue(timer.ID, app.TimerFields{LabelColor: &colour}) })
		item.Icon, item.Checked = icon, timer.LabelColor == colour
		items = append(items, item)
	}
	pick(w.text("table.label.none"), theme.ContentClearIcon(), "")
	for _, colour := range present.LabelColors {
		pick(w.text("table.label."+colour[1:]), colorIcon(colour), colour)
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(w.text("table.label.other"), func() { w.editTimer(timer.ID) }))
	w.menu(at, items...)
}

// colorIcon is a disc of a colour.
func colorIcon(colour string) fyne.Resource {
	return fyne.NewStaticResource("label"+colour[1:]+".svg",
		[]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="9" fill="`+colour+`"/></svg>`))
}

// cueFinder keeps what a search in a rundown found until one of them is another.
type cueFinder struct {
	mu    sync.Mutex // guards the rest
	first **app.Timer
	count int
	text  string
	found []int
}

func (f *cueFinder) find(list []*app.Timer, text string) []int {
	if text == "" || len(list) == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first != &list[0] || f.count != len(list) || f.text != text {
		f.first, f.count, f.text, f.found = &list[0], len(list), text, present.FindCues(list, text)
	}
	return f.found
}

// rethemed draws what is drawn in other colours.
func (t *table) rethemed() {
	for _, r := range t.rows {
		r.shown, r.index = present.TableRow{}, -1
	}
	t.arrange(true)
}

// leave gives up what is being written as another page is opened, unless it can be taken.
func (e *tableEdit) leave() {
	if e.open() && !e.commit() {
		e.drop()
	}
}
