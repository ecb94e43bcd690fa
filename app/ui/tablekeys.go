package ui

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// cellAt returns the row and the column at a place of the table, row -1 below the
// last one.
func (t *table) cellAt(p fyne.Position) (row int, c present.Column) {
	row = int(math.Floor(float64(p.Y / tableRowHeight)))
	if row < 0 || row >= t.shown.Len() {
		row = -1
	}
	for i, s := range t.spans {
		if s.width > 0 && p.X >= s.x-tableGap/2 {
			c = present.Column(i)
		}
	}
	return row, c
}

// doubleClick is the longest time between two clicks that belong together. Fyne's own
// double tap would hold every click back for as long.
const doubleClick = 400 * time.Millisecond

// Tapped is called by Fyne: a click edits the cell. Where there is nothing to edit, two
// clicks open the timer's sheet.
func (t *table) Tapped(e *fyne.PointEvent) {
	row, c := t.cellAt(e.Position)
	if row < 0 {
		return
	}
	t.moveCursor(row, c)
	if c.Edited() {
		t.editCell()
		return
	}
	twice := t.clicked == t.timer && time.Since(t.clickedAt) < doubleClick
	t.clicked, t.clickedAt = t.timer, time.Now()
	if twice {
		t.clicked = ""
		t.w.editTimer(t.timer)
	}
}

// TappedSecondary is called by Fyne.
func (t *table) TappedSecondary(e *fyne.PointEvent) {
	row, c := t.cellAt(e.Position)
	if row < 0 {
		return
	}
	t.moveCursor(row, c)
	t.w.cueMenu(t.timer, e.AbsolutePosition)
}

// MouseIn, MouseMoved and MouseOut are called by Fyne.
func (t *table) MouseIn(e *desktop.MouseEvent)    { t.MouseMoved(e) }
func (t *table) MouseMoved(e *desktop.MouseEvent) { t.hoverRow(e.Position) }
func (t *table) MouseOut() {
	t.over = -1
	t.place()
}

func (t *table) hoverRow(p fyne.Position) {
	if row, _ := t.cellAt(p); row != t.over {
		t.over = row
		t.place()
	}
}

// Cursor is called by Fyne.
func (t *table) Cursor() desktop.Cursor { return desktop.DefaultCursor }

// FocusGained is called by Fyne.
func (t *table) FocusGained() {
	t.focused = true
	if t.timer == "" && t.shown.Len() > 0 {
		row := max(t.currentRow(), 0)
		t.timer = t.shown.Timer(row).ID
	}
	t.place()
}

// FocusLost is called by Fyne.
func (t *table) FocusLost() {
	t.focused = false
	t.place()
}

// TypedRune is called by Fyne: writing begins with the first character, in place of
// what stood in the cell.
func (t *table) TypedRune(r rune) {
	switch {
	case r == '?':
		t.w.toggleShortcuts()
	case r == ' ':
		if t.column.Edited() && !t.column.Written() {
			t.editCell()
		}
	case t.column.Written() && t.timer != "":
		t.edit.begin(t.timer, t.column, string(r))
	}
}

// TypedKey is called by Fyne.
func (t *table) TypedKey(e *fyne.KeyEvent) {
	page := max(1, int(t.scroll.Size().Height/tableRowHeight)-1)
	switch e.Name {
	case fyne.KeyUp:
		t.step(-1)
	case fyne.KeyDown:
		t.step(1)
	case fyne.KeyPageUp:
		t.step(-page)
	case fyne.KeyPageDown:
		t.step(page)
	case fyne.KeyHome:
		t.step(-t.shown.Len())
	case fyne.KeyEnd:
		t.step(t.shown.Len())
	case fyne.KeyLeft:
		t.aside(-1)
	case fyne.KeyRight:
		t.aside(1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeyF2:
		t.editCell()
	case fyne.KeyDelete:
		if t.timer != "" {
			t.w.deleteTimer(t.timer)
		}
	case fyne.KeyEscape:
		t.w.win.Canvas().Unfocus()
	}
}

// step moves the cursor by so many rows.
func (t *table) step(by int) {
	if t.shown.Len() == 0 {
		return
	}
	row := 0
	if t.timer != "" {
		row = t.shown.RowOf(t.timer) + by
	}
	t.moveCursor(min(max(row, 0), t.shown.Len()-1), t.column)
}

// aside moves the cursor to the next column shown.
func (t *table) aside(by int) {
	for c := int(t.column) + by; c >= 0 && c < int(present.Columns); c += by {
		if t.spans[c].width > 0 {
			t.moveCursor(t.shown.RowOf(t.timer), present.Column(c))
			return
		}
	}
}

// moveCursor puts the cursor into a cell and has it seen.
func (t *table) moveCursor(row int, c present.Column) {
	timer := t.shown.Timer(row)
	if timer == nil {
		return
	}
	t.timer, t.column = timer.ID, c
	t.reveal(row)
	t.place()
}

// nextCell returns the written cell after one, or before it, across the ends of rows.
func (t *table) nextCell(row int, c present.Column, back bool) (int, present.Column, bool) {
	step, columns := 1, int(present.Columns)
	if back {
		step = -1
	}
	for at := row*columns + int(c) + step; at >= 0 && at < t.shown.Len()*columns; at += step {
		if c := present.Column(at % columns); c.Written() && t.spans[c].width > 0 {
			return at / columns, c, true
		}
	}
	return row, c, false
}

// editCell edits the cursor's cell: it is written in, switched over, or chosen for.
func (t *table) editCell() {
	timer := t.shown.Timer(t.shown.RowOf(t.timer))
	switch c := t.column; {
	case timer == nil:
	case c.Switched():
		t.w.updateCue(timer.ID, present.CellFlip(timer, c))
	case c == present.ShowsColumn:
		t.w.chooseAppearance(timer, t.below())
	case c == present.LabelColumn:
		t.w.chooseLabel(timer, t.below())
	case c.Written():
		t.edit.begin(timer.ID, c, "")
	default:
		t.w.editTimer(timer.ID)
	}
}

// below returns the place below the cursor's cell, in the window.
func (t *table) below() fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(t)
	return at.Add(t.cursor.Position()).AddXY(0, tableRowHeight)
}

// tableDrag is a row on its way to another place.
type tableDrag struct {
	t      *table
	timer  string // id of the one dragged, "" for none
	from   fyne.Position
	before int // the row that it would stand in front of
	far    bool
}

// dragSlack is how far the pointer may wander in a click.
const dragSlack = 6

// Dragged is called by Fyne.
func (t *table) Dragged(e *fyne.DragEvent) {
	d := &t.drag
	if d.timer == "" {
		d.from = e.Position.SubtractXY(e.Dragged.DX, e.Dragged.DY)
		row, c := t.cellAt(d.from)
		if row < 0 || t.edit.open() {
			return
		}
		d.timer, d.far = t.shown.Timer(row).ID, false
		t.moveCursor(row, c)
	}
	if !d.far && math.Abs(float64(e.Position.Y-d.from.Y)) < dragSlack && math.Abs(float64(e.Position.X-d.from.X)) < dragSlack {
		return
	}
	d.far = true
	const edge = tableRowHeight
	switch y, height := e.Position.Y-t.scroll.Offset.Y, t.scroll.Size().Height; {
	case y < edge:
		t.scrollTo(t.scroll.Offset.Y - edge/2)
	case y > height-edge:
		t.scrollTo(t.scroll.Offset.Y + edge/2)
	}
	d.before = min(max(int(math.Round(float64(e.Position.Y/tableRowHeight))), 0), t.shown.Len())
	fill(t.drop, present.Accent)
	t.drop.Move(fyne.NewPos(0, t.top(d.before)-1.5))
	t.drop.Resize(fyne.NewSize(t.Size().Width, 3))
	seen(t.drop, true)
}

// DragEnd is called by Fyne: the row goes where the mark stood.
func (t *table) DragEnd() {
	d := t.drag
	t.drag = tableDrag{t: t}
	seen(t.drop, false)
	switch {
	case d.timer == "":
	case !d.far:
		t.Tapped(&fyne.PointEvent{Position: d.from})
	default:
		t.w.moveCueBefore(d.timer, d.before)
	}
}

// moveCueBefore puts a timer in front of a row of the table.
func (w *Window) moveCueBefore(id string, before int) {
	shown := w.cues.table.shown
	row := shown.RowOf(id)
	if row < 0 {
		return
	}
	if to, moves := shown.MoveTo(shown.Position(row), before); moves {
		w.updateCue(id, app.TimerFields{Position: &to})
	}
}

// shiftCue moves the cursor's timer up or down among the rows shown.
func (w *Window) shiftCue(by int) {
	t := w.cues.table
	row := t.shown.RowOf(t.timer)
	if t.timer == "" || row < 0 || t.edit.open() {
		return
	}
	if by > 0 {
		by++ // in front of the one after the next
	}
	if before := row + by; before >= 0 && before <= t.shown.Len() {
		w.moveCueBefore(t.timer, before)
	}
}
