package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// cuesArea is the page of the rundown: a table that is edited in place under a line
// of what can be done with it.
type cuesArea struct {
	w                                *Window
	object                           *fyne.Container
	head                             *fyne.Container
	room                             *widget.Button
	over, summary                    *line
	search                           *field
	check, undo, redo, more          *widget.Button
	duplicate, remove, add, importer *widget.Button
	captions                         [present.Columns]*line
	table                            *table
	body                             *fyne.Container // captions and table
	nothing                          *line           // the search found nothing
	empty                            *emptyState
	shown                            present.Table
	words                            *i18n.Words
	filled                           bool
}

func newCuesArea(w *Window) *cuesArea {
	button := func(icon fyne.Resource, press func()) *widget.Button {
		b := widget.NewButtonWithIcon("", icon, press)
		b.Importance = widget.LowImportance
		return b
	}
	a := &cuesArea{
		w: w, over: newLine(sizeText, present.Muted).bold().whole(), summary: newLine(sizeText, present.Muted),
		search: w.newField(), nothing: newLine(sizeText, present.Muted).align(fyne.TextAlignCenter),
		check: button(theme.ConfirmIcon(), w.showPreflight), undo: button(theme.ContentUndoIcon(), w.undoEdit),
		redo: button(theme.ContentRedoIcon(), w.redoEdit), more: button(theme.MoreVerticalIcon(), nil),
		add: button(theme.ContentAddIcon(), w.askTimer), importer: button(theme.FolderOpenIcon(), w.askImport),
	}
	w.cues = a
	a.table = newTable(w)
	a.duplicate = button(theme.ContentCopyIcon(), a.duplicateCue)
	a.remove = button(theme.DeleteIcon(), a.removeCue)
	a.room = button(theme.MenuDropDownIcon(), func() { w.roomMenu(a.room) })
	a.room.IconPlacement = widget.ButtonIconTrailingText
	a.more.OnTapped = func() { w.fileMenu(a.more) }
	a.importer.Importance = widget.MediumImportance
	a.search.ActionItem = container.New(fixed{28, 20}, widget.NewIcon(theme.SearchIcon()))
	a.search.escape = func() {
		a.search.SetText("")
		w.win.Canvas().Focus(a.table)
	}
	a.search.OnSubmitted = func(string) { w.win.Canvas().Focus(a.table) }
	a.search.OnChanged = func(text string) { w.change(func(l *present.Local) { l.CueSearch = text }) }
	captions := container.NewWithoutLayout()
	for c := range a.captions {
		a.captions[c] = newCaption()
		switch c := present.Column(c); {
		case c == present.LengthColumn, c == present.NumberColumn:
			a.captions[c].align(fyne.TextAlignTrailing)
		case c.Switched():
			a.captions[c].align(fyne.TextAlignCenter)
		}
		captions.Add(a.captions[c])
	}
	a.empty = newEmptyState(w.askTimer)
	a.empty.object.Add(container.NewCenter(a.importer))
	a.head = container.New(row{shares: []float32{0, 0, 1, 0.9}, gap: 8}, compact(a.room), a.over, a.summary, a.search,
		compact(container.New(row{gap: 2}, a.check, a.undo, a.redo, a.duplicate, a.remove, a.more, a.add)))
	a.body = container.New(tableFrame{a}, captions, a.table.scroll)
	a.object = card(container.New(column{grow: 1, gap: 6}, a.head,
		container.NewStack(a.body, container.New(column{grow: -1}, container.New(box{0, 60}, a.nothing)), container.New(middle{}, a.empty.object))))
	return a
}

// tableFrame stands the captions over the table's columns.
type tableFrame struct{ a *cuesArea }

func (f tableFrame) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const height = 22
	objects[0].Resize(fyne.NewSize(size.Width, height))
	objects[1].Move(fyne.NewPos(0, height+2))
	objects[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-height-2)))
	for c, s := range tableSpans(size.Width) {
		l := f.a.captions[c]
		seen(l, s.width > 0)
		l.Move(fyne.NewPos(s.x, 0))
		l.Resize(fyne.NewSize(s.width, height))
	}
	f.a.table.arrange(false) // it may be higher now
}

func (tableFrame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(600, 200) }

func (a *cuesArea) canvas() fyne.CanvasObject { return a.object }

// came gives the table the keys.
func (a *cuesArea) came() {
	if a.w.win.Canvas().Overlays().Top() == nil {
		a.w.win.Canvas().Focus(a.table)
	}
}

func (a *cuesArea) left() { a.table.edit.leave() }

// pressed takes the keys while nothing has the focus.
func (a *cuesArea) pressed(key fyne.KeyName) bool {
	switch key {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd:
		a.w.win.Canvas().Focus(a.table)
		a.table.TypedKey(&fyne.KeyEvent{Name: key})
		return true
	}
	return false
}

func (a *cuesArea) typed(r rune) bool {
	switch r {
	case 'n', 'N':
		a.w.askTimer()
	case '/':
		a.w.win.Canvas().Focus(a.search)
	default:
		return false
	}
	return true
}

func (a *cuesArea) show(v present.View, words *i18n.Words) {
	t, _ := v.Content.(present.Table)
	relabel := a.words == nil || a.words.Lang() != words.Lang()
	if a.filled && !relabel && t.Same(a.shown) {
		return
	}
	recount := !a.filled || relabel || !t.Rundown.Same(a.shown.Rundown)
	a.shown, a.words, a.filled = t, words, true
	if relabel {
		a.relabel(words)
	}
	if a.room.Text != t.Room {
		a.room.SetText(t.Room)
	}
	a.over.set(t.Over.Text, t.Over.Color)
	seen(a.over, t.Over.Text != "")
	switch {
	case t.Roll:
		a.summary.set(words.T("crew.roll.text", nil), present.Muted)
	case t.Search != "":
		a.summary.set(words.T("table.found", map[string]any{"Count": t.Len(), "Total": len(t.Timers)}), present.Muted)
	case recount || a.summary.full == "":
		a.summary.set(t.Summary(words), present.Muted)
	}
	importance, icon, text := widget.LowImportance, theme.ConfirmIcon(), words.T("table.check", nil)
	if t.Missing > 0 {
		importance, icon, text = widget.WarningImportance, theme.WarningIcon(), words.T("crew.missing.count", map[string]any{"Count": t.Missing})
	}
	setButton(a.check, text, icon, importance, true)
	seen(a.empty.object, len(t.Timers) == 0)
	seen(a.body, len(t.Timers) > 0)
	seen(a.nothing, len(t.Timers) > 0 && t.Len() == 0)
	a.head.Refresh()
	a.table.show(t, words)
}

func (a *cuesArea) relabel(words *i18n.Words) {
	for c, l := range a.captions {
		l.set(words.T(present.Column(c).Caption(), nil), present.Muted)
	}
	a.search.SetPlaceHolder(words.T("table.search", nil))
	a.nothing.set(words.T("table.nothing", nil), present.Muted)
	a.empty.relabel(words.T("window.rundown.empty", nil), words.T("table.purpose", nil), words.T("window.rundown.first", nil))
	a.importer.SetText(words.T("crew.import", nil))
	setButton(a.add, words.T("table.add", nil), theme.ContentAddIcon(), widget.MediumImportance, true)
}

func (a *cuesArea) rethemed() {
	a.filled, a.words = false, nil
	a.table.rethemed()
}

// duplicateCue duplicates the timer that the cursor is at.
func (a *cuesArea) duplicateCue() {
	if a.table.timer != "" {
		a.w.duplicateCue(a.table.timer)
	}
}

// removeCue deletes it.
func (a *cuesArea) removeCue() {
	if a.table.timer != "" {
		a.w.deleteTimer(a.table.timer)
	}
}

// bindCueKeys makes the table's shortcuts work while it is shown.
func (w *Window) bindCueKeys() {
	c := w.win.Canvas()
	bind := func(key fyne.KeyName, modifier fyne.KeyModifier, do func()) {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: key, Modifier: modifier}, func(fyne.Shortcut) {
			if w.View().Area == present.RundownArea && c.Overlays().Top() == nil {
				do()
			}
		})
	}
	bind(fyne.KeyUp, fyne.KeyModifierAlt, func() { w.shiftCue(-1) })
	bind(fyne.KeyDown, fyne.KeyModifierAlt, func() { w.shiftCue(1) })
	bind(fyne.KeyD, fyne.KeyModifierShortcutDefault, w.cues.duplicateCue)
	bind(fyne.KeyN, fyne.KeyModifierShortcutDefault, w.askTimer)
	bind(fyne.KeyO, fyne.KeyModifierShortcutDefault, w.askImport)
	bind(fyne.KeyF, fyne.KeyModifierShortcutDefault, func() { c.Focus(w.cues.search) })
}
