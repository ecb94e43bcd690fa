package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// tableEdit is the field that stands over the cell that is written in, and what is
// wrong with what is written.
type tableEdit struct {
	t      *table
	timer  string // id of the timer whose cell it is, "" for none
	column present.Column
	was    string // what stood in the cell
	field  *cellField
	object fyne.CanvasObject // field, made small
	ground *canvas.Rectangle // of wrong
	wrong  *line
	ending bool // the field is being taken away
}

func (e *tableEdit) open() bool { return e.timer != "" }

func (e *tableEdit) objects() []fyne.CanvasObject {
	if !e.open() {
		return nil
	}
	return []fyne.CanvasObject{e.object, e.ground, e.wrong}
}

// begin writes in a cell: in what stands there, or in its place in text.
func (e *tableEdit) begin(id string, c present.Column, text string) {
	t := e.t
	if e.open() && !e.commit() {
		e.drop()
	}
	row := t.shown.RowOf(id)
	timer := t.shown.Timer(row)
	if timer == nil || t.spans[c].width == 0 {
		return
	}
	t.moveCursor(row, c)
	e.timer, e.column, e.was = id, c, present.CellText(timer, c)
	e.field = newCellField(e, c == present.NotesColumn)
	e.object = container.NewThemeOverride(e.field, sized{newLook(), cellSizes})
	e.ground, e.wrong = rounded(present.Raised, 5), newLine(sizeCaption, present.Bad).whole()
	e.ground.Hide()
	e.wrong.Hide()
	if text == "" {
		e.field.SetText(e.was)
		e.field.selectAll()
	} else {
		e.field.SetText(text)
		e.field.CursorColumn = len([]rune(text))
	}
	e.field.OnChanged = func(string) { e.tell("") }
	if c == present.SceneColumn {
		e.field.offer(t.w.sceneNames())
	}
	t.BaseWidget.Refresh()
	t.place()
	t.w.win.Canvas().Focus(e.field)
}

// place puts the field over its cell.
func (e *tableEdit) place() {
	if !e.open() {
		return
	}
	t := e.t
	row, s := t.shown.RowOf(e.timer), t.spans[e.column]
	if row < 0 {
		return
	}
	const least = 110 // that one can write in
	width := max(s.width+8, least)
	height := max(e.object.MinSize().Height, tableRowHeight)
	x := min(s.x-4, t.Size().Width-width)
	y := t.top(row) + toPixel((tableRowHeight-min(height, tableRowHeight))/2)
	e.object.Move(fyne.NewPos(x, y))
	e.object.Resize(fyne.NewSize(width, height))
	tip := e.wrong.MinSize()
	x = min(x, max(0, t.Size().Width-tip.Width-16))
	y += height + 2
	if y+tip.Height+8 > max(t.MinSize().Height, t.scroll.Size().Height) {
		y = t.top(row) - tip.Height - 10
	}
	e.ground.Move(fyne.NewPos(x, y))
	e.ground.Resize(fyne.NewSize(tip.Width+16, tip.Height+8))
	e.wrong.Move(fyne.NewPos(x+8, y+4))
	e.wrong.Resize(tip)
}

// tell says at the cell what is wrong, nothing for "".
func (e *tableEdit) tell(text string) {
	if text != "" {
		fill(e.ground, present.Raised)
		e.wrong.set(text, present.Bad)
	}
	seen(e.ground, text != "")
	seen(e.wrong, text != "")
	e.place()
}

// commit sends what was written and closes the field, and reports whether it could;
// else what is wrong is told at the cell, and the field stays.
func (e *tableEdit) commit() bool {
	t := e.t
	id, c, text := e.timer, e.column, e.field.Text
	timer := t.shown.Timer(t.shown.RowOf(id))
	if timer == nil || text == e.was {
		e.close()
		return true
	}
	fields, wrong := present.CellChange(t.words, timer, c, text)
	if wrong != "" {
		e.tell(wrong)
		return false
	}
	e.close()
	if fields == (app.TimerFields{}) {
		return true
	}
	room := t.w.room()
	if room == nil {
		return true
	}
	t.w.carryOut(app.UpdateTimer{RoomID: room.Room.ID, TimerID: id, Fields: fields}, func(_ app.Result, err error) {
		if err != nil {
			t.w.do(func() { e.refused(id, c, text, err) })
		}
	})
	return true
}

// refused opens the field again with what the core did not take, and says why.
func (e *tableEdit) refused(id string, c present.Column, text string, err error) {
	t := e.t
	if problem, ok := errors.AsType[*app.Error](err); ok && !e.open() && t.w.dialog == nil && t.w.View().Area == present.RundownArea {
		if name, _ := problem.Args["Field"].(string); name != "" {
			if other, ok := present.ColumnOf(name); ok && other != c {
				t.w.fail("window.error.command", nil, err)
				return
			}
		}
		e.begin(id, c, text)
		if e.open() {
			e.tell(present.Reason(t.words, err))
			return
		}
	}
	t.w.fail("window.error.command", nil, err)
}

// drop gives up what was written and is wrong, and says so: another cell is edited.
func (e *tableEdit) drop() {
	if e.wrong.Visible() {
		e.t.w.tell("table.dropped", map[string]any{"Text": present.Shortened(e.field.Text, 40), "Reason": e.wrong.full})
	}
	e.close()
}

// close takes the field away; the cursor stays.
func (e *tableEdit) close() {
	if !e.open() {
		return
	}
	t := e.t
	had := t.w.win.Canvas().Focused() == fyne.Focusable(e.field)
	e.ending = true
	if had {
		t.w.win.Canvas().Focus(t)
	}
	e.ending, e.timer, e.field, e.object = false, "", nil, nil
	t.BaseWidget.Refresh()
	t.place()
}

// follow closes the field when its timer is gone.
func (e *tableEdit) follow() {
	if e.open() && e.t.shown.RowOf(e.timer) < 0 {
		e.close()
		e.t.w.tell("table.gone", nil)
	}
}

// goOn takes what is written and goes on to the next cell, or the one before.
func (e *tableEdit) goOn(back bool) {
	t := e.t
	id, c := e.timer, e.column
	if !e.commit() {
		return
	}
	if row, column, ok := t.nextCell(t.shown.RowOf(id), c, back); ok {
		e.begin(t.shown.Timer(row).ID, column, "")
	}
}

// below takes what is written and goes to the cell below.
func (e *tableEdit) below() {
	if e.commit() {
		e.t.step(1)
	}
}

// cellField is the entry that stands over a cell. Enter takes what is written, Tab
// goes on to the next cell, Escape gives up.
type cellField struct {
	widget.Entry
	edit *tableEdit
}

func newCellField(e *tableEdit, lines bool) *cellField {
	f := &cellField{edit: e}
	f.ExtendBaseWidget(f)
	if lines {
		f.MultiLine, f.Wrapping = true, fyne.TextWrapWord
		f.SetMinRowsVisible(4)
	}
	f.Scroll = fyne.ScrollNone
	if lines {
		f.Scroll = fyne.ScrollVerticalOnly
	}
	return f
}

func (f *cellField) selectAll() { f.Entry.TypedShortcut(&fyne.ShortcutSelectAll{}) }

// offer adds a button with texts to choose from.
func (f *cellField) offer(texts []string) {
	if len(texts) == 0 {
		return
	}
	f.ActionItem = newDownIcon(func() {
		w := f.edit.t.w
		items := make([]*fyne.MenuItem, 0, len(texts))
		for _, text := range texts {
			items = append(items, fyne.NewMenuItem(text, func() {
				if f.edit.field != f { // given up meanwhile
					return
				}
				f.SetText(text)
				f.edit.commit()
			}))
		}
		f.edit.ending = true // the menu takes the focus
		w.menuBelow(f, items...)
		f.edit.ending = false
	})
}

// FocusLost is called by Fyne: what is written is taken, or what is wrong is told.
func (f *cellField) FocusLost() {
	f.Entry.FocusLost()
	if f.edit.field == f && !f.edit.ending && f.edit.t.w.win.Canvas().Overlays().Top() == nil {
		f.edit.commit()
	}
}

// AcceptsTab is called by Fyne.
func (f *cellField) AcceptsTab() bool { return true }

// TypedKey is called by Fyne.
func (f *cellField) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		f.edit.close()
	case fyne.KeyTab:
		f.edit.goOn(shifted())
	case fyne.KeyReturn, fyne.KeyEnter:
		if f.MultiLine && shifted() {
			f.Entry.TypedKey(e)
			return
		}
		f.edit.below()
	default:
		f.Entry.TypedKey(e)
	}
}

// shifted reports whether the shift key is held.
func shifted() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// cellSizes make an entry fit into a row.
var cellSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText: sizeText, theme.SizeNameInnerPadding: 4, theme.SizeNameInlineIcon: 18, theme.SizeNameInputRadius: 5,
}

// newDownIcon is a sign that opens a menu.
func newDownIcon(open func()) *moreIcon {
	m := newMoreIcon(func(fyne.Position) { open() })
	m.icon.SetResource(theme.MenuDropDownIcon())
	return m
}
