package ui

import (
	"image/color"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

const (
	tableRowHeight float32 = 32
	tableGap       float32 = 12 // between two columns
	tableInset     float32 = 8  // left of the first one, for the label's strip
)

// span is where a column stands; one without width is left out.
type span struct{ x, width float32 }

// tableSpans gives the columns their places. Where it is narrow those go that can be
// seen elsewhere: the sheet of a timer has all of them.
func tableSpans(width float32) (spans [present.Columns]span) {
	widths := [present.Columns]float32{
		present.NumberColumn: 40, present.LengthColumn: 62, present.StartColumn: 54, present.ExpectedColumn: 60, present.EndColumn: 46,
		present.OverColumn: 58, present.ShowsColumn: 78, present.LabelColumn: 34,
		present.LinkedColumn: 34, present.AutoColumn: 34, present.SkipColumn: 34,
	}
	shares := [present.Columns]float32{present.NameColumn: 3, present.SpeakerColumn: 2, present.SceneColumn: 2, present.NotesColumn: 2.4}
	if width < 1060 {
		widths[present.ShowsColumn], shares[present.NotesColumn] = 0, 0
	}
	if width < 900 {
		widths[present.ExpectedColumn] = 0
	}
	left, total := width-2*tableInset+tableGap, float32(0)
	for c := range widths {
		if widths[c] > 0 || shares[c] > 0 {
			left -= widths[c] + tableGap
		}
		total += shares[c]
	}
	x := tableInset
	for c := range widths {
		if shares[c] > 0 {
			widths[c] = max(40, toPixel(left*shares[c]/total))
		}
		if widths[c] == 0 {
			continue
		}
		spans[c] = span{x, widths[c]}
		x += widths[c] + tableGap
	}
	return spans
}

// table is the rundown, edited in place. It makes widgets for the rows on the screen
// alone, and sets anew only those that show something else.
//
// One cell is the cursor's. A click or Enter edits it; while nothing is edited the
// arrows move the cursor.
type table struct {
	widget.BaseWidget
	w      *Window
	scroll *container.Scroll
	rows   []*tableRow // row i stands in rows[i % len(rows)]
	hover  *canvas.Rectangle
	cursor *canvas.Rectangle
	drop   *canvas.Rectangle // where a dragged row would go
	edit   tableEdit
	drag   tableDrag
	spans  [present.Columns]span
	shown  present.Table
	words  *i18n.Words
	set    int // rows that were set so far

	timer   string // id of the one that the cursor is at, "" for none
	column  present.Column
	focused bool
	over    int // the row under the pointer, -1 for none

	clicked   string // id of the timer clicked last where there is nothing to edit
	clickedAt time.Time
}

func newTable(w *Window) *table {
	t := &table{
		w: w, column: present.NameColumn, over: -1,
		hover: rounded(color.Transparent, 6), cursor: rounded(color.Transparent, 5), drop: rounded(present.Accent, 1.5),
	}
	t.cursor.StrokeWidth = 1.5
	t.hover.Hide()
	t.cursor.Hide()
	t.drop.Hide()
	t.edit.t, t.drag.t = t, t
	t.ExtendBaseWidget(t)
	t.scroll = container.NewVScroll(t)
	t.scroll.OnScrolled = func(fyne.Position) { t.arrange(false) }
	return t
}

// show shows a table with what was known of the cursor.
func (t *table) show(v present.Table, words *i18n.Words) {
	relabel := t.words == nil || t.words.Lang() != words.Lang()
	moved := v.Current != t.shown.Current || v.Room != t.shown.Room
	recount := v.Len() != t.shown.Len()
	t.shown, t.words = v, words
	if t.timer != "" && v.RowOf(t.timer) < 0 {
		t.timer = ""
	}
	t.edit.follow()
	if recount {
		t.scroll.Refresh() // the height is another
		t.scrollTo(t.scroll.Offset.Y)
	}
	t.arrange(true)
	if (moved || relabel) && v.Current >= 0 && t.timer == "" {
		t.reveal(t.currentRow())
	}
}

func (t *table) currentRow() int {
	if t.shown.Current < 0 || t.shown.Current >= len(t.shown.Timers) {
		return -1
	}
	return t.shown.RowOf(t.shown.Timers[t.shown.Current].ID)
}

// arrange puts a widget at each row that can be seen. Rows that stand already are set
// again only where renew says that the table is another.
func (t *table) arrange(renew bool) {
	if t.words == nil {
		return
	}
	first := int(t.scroll.Offset.Y / tableRowHeight)
	count := int(math.Ceil(float64(t.scroll.Size().Height/tableRowHeight))) + 1
	if len(t.rows) < count {
		for len(t.rows) < count {
			t.rows = append(t.rows, newTableRow())
		}
		for _, r := range t.rows {
			r.index = -1 // they stand elsewhere now
		}
		t.BaseWidget.Refresh()
	}
	for i := first; i < first+len(t.rows); i++ {
		r := t.rows[i%len(t.rows)]
		if i >= t.shown.Len() {
			if r.index = -1; r.cells.Visible() {
				r.hide()
			}
			continue
		}
		if r.index != i {
			r.index = i
			r.move(i, t.Size().Width)
		} else if !renew {
			continue
		}
		if r.set(t.shown.Row(i, t.words)) {
			t.set++
		}
	}
	t.place()
}

// place puts the cursor, and what else goes with a row, where it belongs.
func (t *table) place() {
	row := -1
	if t.timer != "" {
		row = t.shown.RowOf(t.timer)
	}
	s := t.spans[t.column]
	visible := row >= 0 && s.width > 0
	if visible {
		t.cursor.Move(fyne.NewPos(s.x-4, t.top(row)+2))
		t.cursor.Resize(fyne.NewSize(s.width+8, tableRowHeight-4))
		c := present.Muted
		if t.focused {
			c = present.Accent
		}
		if t.cursor.StrokeColor != color.Color(c) {
			t.cursor.StrokeColor = c
			t.cursor.Refresh()
		}
	}
	seen(t.cursor, visible && !t.edit.open())
	over := t.over >= 0 && t.over < t.shown.Len()
	if over {
		t.hover.Move(fyne.NewPos(0, t.top(t.over)))
		t.hover.Resize(fyne.NewSize(t.Size().Width, tableRowHeight))
		fill(t.hover, present.Raised)
	}
	seen(t.hover, over)
	t.edit.place()
}

// seen shows or hides an object, where that is a change.
func seen(o fyne.CanvasObject, on bool) {
	if o.Visible() != on {
		setVisible(o, on)
	}
}

func (t *table) top(row int) float32 { return float32(row) * tableRowHeight }

// reveal scrolls as little as it takes to see a row.
func (t *table) reveal(row int) {
	if row < 0 {
		return
	}
	top, height := t.top(row), t.scroll.Size().Height
	switch {
	case top < t.scroll.Offset.Y:
		t.scrollTo(top)
	case top+tableRowHeight > t.scroll.Offset.Y+height:
		t.scrollTo(top + tableRowHeight - height)
	}
}

// scrollTo scrolls so that y, or the nearest place that can be, is at the top.
func (t *table) scrollTo(y float32) {
	y = min(max(y, 0), max(0, t.MinSize().Height-t.scroll.Size().Height))
	if y != t.scroll.Offset.Y {
		t.scroll.ScrollToOffset(fyne.NewPos(0, y)) // which does not tell OnScrolled
		t.arrange(false)
	}
}

// CreateRenderer is called by Fyne.
func (t *table) CreateRenderer() fyne.WidgetRenderer { return &tableRenderer{t} }

type tableRenderer struct{ t *table }

func (r *tableRenderer) Layout(size fyne.Size) {
	t := r.t
	t.spans = tableSpans(size.Width)
	for _, row := range t.rows {
		row.spans = t.spans
		row.index = -1
	}
	t.arrange(true)
}

func (r *tableRenderer) MinSize() fyne.Size {
	return fyne.NewSize(600, float32(r.t.shown.Len())*tableRowHeight)
}

func (r *tableRenderer) Objects() []fyne.CanvasObject {
	t := r.t
	objects := make([]fyne.CanvasObject, 0, 3*len(t.rows)+8)
	objects = append(objects, t.hover)
	for _, row := range t.rows {
		objects = append(objects, row.field, row.strip, row.swatch, row.cells)
	}
	objects = append(objects, t.cursor, t.drop)
	return append(objects, t.edit.objects()...)
}

func (r *tableRenderer) Refresh() {
	for _, row := range r.t.rows {
		row.spans = r.t.spans
	}
	canvas.Refresh(r.t)
}
func (r *tableRenderer) Destroy() {}

// tableRow is the widgets of one row.
type tableRow struct {
	field, strip, swatch *canvas.Rectangle
	lines                [present.Columns]*line
	cells                *fyne.Container // of the lines
	spans                [present.Columns]span
	shown                present.TableRow
	index                int // which row it shows, -1 for none
}

func newTableRow() *tableRow {
	r := &tableRow{
		field: rounded(color.Transparent, 6), strip: rounded(color.Transparent, 2), swatch: rounded(color.Transparent, 4),
		index: -1, cells: container.NewWithoutLayout(),
	}
	r.swatch.StrokeColor, r.swatch.StrokeWidth = present.Line, 1 // seen where there is no label
	for c := range r.lines {
		r.lines[c] = newLine(sizeText, present.Text)
		switch c := present.Column(c); {
		case c == present.LengthColumn, c == present.NumberColumn:
			r.lines[c].align(fyne.TextAlignTrailing)
		case c.Switched():
			r.lines[c].align(fyne.TextAlignCenter)
		}
		r.cells.Add(r.lines[c])
	}
	r.hide()
	return r
}

func (r *tableRow) hide() {
	r.field.Hide()
	r.strip.Hide()
	r.swatch.Hide()
	r.cells.Hide()
}

// move puts it where row i stands in a table of that width.
func (r *tableRow) move(i int, width float32) {
	y := float32(i) * tableRowHeight
	r.field.Move(fyne.NewPos(0, y))
	r.field.Resize(fyne.NewSize(width, tableRowHeight))
	r.strip.Move(fyne.NewPos(0, y+5))
	r.strip.Resize(fyne.NewSize(4, tableRowHeight-10))
	label := r.spans[present.LabelColumn]
	r.swatch.Move(fyne.NewPos(label.x+4, y+8))
	r.swatch.Resize(fyne.NewSize(max(0, label.width-8), tableRowHeight-16))
	r.cells.Move(fyne.NewPos(0, y))
	r.cells.Resize(fyne.NewSize(width, tableRowHeight))
	for c, l := range r.lines {
		s := r.spans[c]
		seen(l, s.width > 0 && present.Column(c) != present.LabelColumn)
		if want := fyne.NewSize(s.width, tableRowHeight); l.Size() != want {
			l.Resize(want)
		}
		l.Move(fyne.NewPos(s.x, 0))
	}
}

// set shows a row and reports whether it showed another before.
func (r *tableRow) set(v present.TableRow) bool {
	visible := r.cells.Visible()
	if visible && v == r.shown {
		return false
	}
	name := r.lines[present.NameColumn]
	if name.text.TextStyle.Bold != v.Current {
		name.text.TextStyle.Bold = v.Current
		name.full = "" // measured anew
	}
	for c, mark := range v.Cells {
		if c := present.Column(c); c != present.LabelColumn {
			r.lines[c].set(mark.Text, mark.Color)
		}
	}
	var base, strip color.Color = color.Transparent, v.Label
	if v.Current {
		base = tint(v.State)
	}
	if v.Current && v.Label.A == 0 {
		strip = v.State
	}
	fill(r.field, base)
	fill(r.strip, strip)
	fill(r.swatch, v.Label)
	if !visible {
		r.field.Show()
		r.strip.Show()
		r.swatch.Show()
		r.cells.Show()
	}
	r.shown = v
	return true
}

// fill gives a rectangle a colour, where that is a change.
func fill(r *canvas.Rectangle, c color.Color) {
	if r.FillColor != c {
		r.FillColor = c
		r.Refresh()
	}
}
