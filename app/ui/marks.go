package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"cuewire/app/ui/present"
)

// chip is a short text on a rounded field: a state.
type chip struct {
	object *fyne.Container
	field  *canvas.Rectangle
	text   *line
	shown  present.Mark
	solid  bool
}

func newChip() *chip {
	c := &chip{field: rounded(present.Raised, 9), text: newLine(sizeCaption, present.Text).bold().whole().align(fyne.TextAlignCenter)}
	c.object = container.New(middle{}, container.NewStack(c.field, container.New(box{10, 2}, c.text)))
	c.object.Hide() // until it says something
	return c
}

// set shows the mark, solid for a filled field, and reports whether the chip's
// smallest width may have changed.
func (c *chip) set(m present.Mark, solid bool) bool {
	if c.shown == m && c.solid == solid {
		return false
	}
	resize := shape(c.shown.Text) != shape(m.Text)
	c.shown, c.solid = m, solid
	ink := m.Color
	c.field.FillColor = tint(m.Color)
	if solid {
		ink, c.field.FillColor = present.OnDanger, present.Danger
	}
	c.text.set(m.Text, ink)
	c.object.Hidden = m.Text == ""
	c.object.Refresh()
	return resize
}

// tint is a dim field for text of a colour.
func tint(c color.Color) color.Color { return present.Faded{Of: c, Alpha: 0x26} }

// newCaption is a small heading above a group.
func newCaption() *line { return newLine(sizeCaption, present.Muted).bold() }

// newHeading is the heading of a card.
func newHeading() *line { return newLine(sizeTitle, present.Text).bold() }

// segment is a dot and a text of the status line.
type segment struct {
	object *fyne.Container
	dot    *canvas.Circle
	text   *line
	shown  present.Mark
}

// newSegment makes a segment whose text gets a share of the room that is left; with
// 0 it asks for all that it needs.
func newSegment(share float32) *segment {
	s := &segment{dot: canvas.NewCircle(present.Muted), text: newLine(sizeCaption, present.Text)}
	if share == 0 {
		s.text.whole()
	}
	dot := container.New(fixed{8, 8}, s.dot)
	s.object = container.New(row{shares: []float32{0, share}, gap: 7}, dot, s.text)
	return s
}

func (s *segment) set(m present.Mark) bool {
	if s.shown == m {
		return false
	}
	resize := shape(s.shown.Text) != shape(m.Text)
	s.shown = m
	s.dot.FillColor = m.Color
	s.dot.Refresh()
	s.text.set(m.Text, present.Text)
	return resize
}

// middle gives its one child the whole width, and its own height in the middle.
type middle struct{}

func (middle) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(0, toPixel((size.Height-height)/2)))
		o.Resize(fyne.NewSize(size.Width, height))
	}
}

func (middle) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }

// fixed gives its one child a size of its own, in the middle of the height.
type fixed struct{ width, height float32 }

func (f fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(fyne.NewSize(f.width, f.height))
		o.Move(fyne.NewPos((size.Width-f.width)/2, (size.Height-f.height)/2))
	}
}

func (f fixed) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(f.width, f.height) }
