package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// clickRow is a row that can be clicked and says so: a hand over it, a lighter
// field under the pointer.
type clickRow struct {
	widget.BaseWidget
	field   *canvas.Rectangle
	strip   *canvas.Rectangle
	cells   *fyne.Container
	height  float32
	base    color.Color // of the field when the pointer is elsewhere
	pick    func()
	theme   present.Theme // in which it was filled
	hovered bool
	hover   func(over bool) // nil for nothing
}

func (r *clickRow) setup(height float32, cells *fyne.Container) {
	r.height, r.cells = height, cells
	r.base, r.theme = color.Transparent, present.Used()
	r.field, r.strip = rounded(color.Transparent, 6), rounded(color.Transparent, 2)
}

func (r *clickRow) paint() {
	c := r.base
	if r.hovered {
		c = present.Raised
	}
	if r.field.FillColor != c {
		r.field.FillColor = c
		r.field.Refresh()
	}
}

// Tapped is called by Fyne.
func (r *clickRow) Tapped(*fyne.PointEvent) {
	if r.pick != nil {
		r.pick()
	}
}

// MouseIn, MouseMoved and MouseOut are called by Fyne.
func (r *clickRow) MouseIn(*desktop.MouseEvent)    { r.over(true) }
func (r *clickRow) MouseMoved(*desktop.MouseEvent) {}
func (r *clickRow) MouseOut()                      { r.over(false) }

func (r *clickRow) over(on bool) {
	r.hovered = on
	r.paint()
	if r.hover != nil {
		r.hover(on)
	}
}

// Cursor is called by Fyne.
func (r *clickRow) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is called by Fyne.
func (r *clickRow) CreateRenderer() fyne.WidgetRenderer { return &clickRowRenderer{r} }

type clickRowRenderer struct{ row *clickRow }

func (r *clickRowRenderer) Layout(size fyne.Size) {
	r.row.field.Resize(size)
	r.row.strip.Move(fyne.NewPos(0, 5))
	r.row.strip.Resize(fyne.NewSize(4, size.Height-10))
	r.row.cells.Move(fyne.NewPos(4, 0))
	r.row.cells.Resize(fyne.NewSize(size.Width-8, size.Height))
}

func (r *clickRowRenderer) MinSize() fyne.Size { return fyne.NewSize(120, r.row.height) }
func (r *clickRowRenderer) Refresh() {
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *clickRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.row.field, r.row.strip, r.row.cells}
}
func (r *clickRowRenderer) Destroy() {}

// cueRow is one timer of the rundown.
type cueRow struct {
	clickRow
	position, name, speaker, planned, expected, length, state *line
	more                                                      *moreIcon
	shown                                                     present.Row
	edit                                                      func()
	menu                                                      func(at fyne.Position)
}

// DoubleTapped is called by Fyne.
func (r *cueRow) DoubleTapped(*fyne.PointEvent) {
	if r.edit != nil {
		r.edit()
	}
}

// TappedSecondary is called by Fyne.
func (r *cueRow) TappedSecondary(e *fyne.PointEvent) { r.showMenu(e.AbsolutePosition) }

func (r *cueRow) showMenu(at fyne.Position) {
	if r.menu != nil {
		r.menu(at)
	}
}

func newCueRow() *cueRow {
	r := &cueRow{
		position: newLine(sizeText, present.Muted).align(fyne.TextAlignTrailing),
		name:     newLine(sizeText, present.Text),
		speaker:  newLine(sizeText, present.Muted),
		planned:  newLine(sizeText, present.Muted),
		expected: newLine(sizeText, present.Text),
		length:   newLine(sizeText, present.Text).align(fyne.TextAlignTrailing),
		state:    newLine(sizeText, present.Muted),
	}
	r.more = newMoreIcon(r.showMenu)
	r.setup(32, container.New(cueColumns{}, r.position, r.name, r.speaker, r.planned, r.expected, r.length, r.state, r.more))
	r.hover = func(bool) { r.showState() }
	r.ExtendBaseWidget(r)
	return r
}

func (r *cueRow) set(v present.Row) {
	if v == r.shown && !r.rethemed() {
		return
	}
	r.shown = v
	text := color.Color(present.Text)
	if v.Past || v.Skipped {
		text = present.Muted
	}
	r.position.set(v.Place, present.Muted)
	if r.name.text.TextStyle.Bold != v.Current {
		r.name.text.TextStyle.Bold = v.Current
		r.name.full = "" // measured anew
	}
	r.name.set(v.Name, text)
	r.speaker.set(v.Speaker, present.Muted)
	r.planned.set(v.Planned.Text, v.Planned.Color)
	r.expected.set(v.Expected.Text, v.Expected.Color)
	r.length.set(v.Length, text)
	r.showState()
	r.base = color.Transparent
	if v.Current {
		r.base = tint(v.State.Color)
	}
	strip := color.Color(color.Transparent)
	if v.Label.A != 0 {
		strip = v.Label
	} else if v.Current {
		strip = v.State.Color
	}
	if r.strip.FillColor != strip {
		r.strip.FillColor = strip
		r.strip.Refresh()
	}
	r.paint()
}

// showState tells the state, or under the pointer what a click does.
func (r *cueRow) showState() {
	if r.hovered && r.shown.HintOver != "" && !r.shown.Armed {
		r.state.set(r.shown.HintOver, present.Accent)
		return
	}
	r.state.set(r.shown.State.Text, r.shown.State.Color)
}

// moreIcon opens a menu. It takes no focus: a list of ten thousand rows is not to
// be tabbed through.
type moreIcon struct {
	widget.BaseWidget
	icon *widget.Icon
	open func(at fyne.Position)
}

func newMoreIcon(open func(at fyne.Position)) *moreIcon {
	m := &moreIcon{icon: widget.NewIcon(theme.MoreVerticalIcon()), open: open}
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer is called by Fyne.
func (m *moreIcon) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewCenter(container.New(fixed{18, 18}, m.icon)))
}

// Tapped is called by Fyne.
func (m *moreIcon) Tapped(e *fyne.PointEvent) { m.open(e.AbsolutePosition) }

// Cursor is called by Fyne.
func (m *moreIcon) Cursor() desktop.Cursor { return desktop.PointerCursor }
