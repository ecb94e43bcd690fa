package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// digits shows the time as large as its place allows. Every character has a cell
// of its own, all digits equally wide, so that nothing jumps while it counts and
// only the characters that change are drawn anew.
type digits struct {
	widget.BaseWidget
	text  string
	color color.Color
	cells []*canvas.Text
}

func newDigits() *digits {
	d := &digits{color: present.Text}
	d.ExtendBaseWidget(d)
	return d
}

func (d *digits) set(text string, c color.Color) {
	if d.text == text && d.color == c {
		return
	}
	arrange := shape(text) != shape(d.text)
	d.text, d.color = text, c
	if arrange {
		d.cells = d.cells[:0]
		for range []rune(text) {
			t := canvas.NewText("", nil)
			t.TextStyle.Bold, t.Alignment = true, fyne.TextAlignCenter
			d.cells = append(d.cells, t)
		}
	}
	for i, r := range []rune(text) {
		t := d.cells[i]
		if t.Text == string(r) && t.Color == present.Solid(c) {
			continue
		}
		t.Text, t.Color = string(r), present.Solid(c)
		t.Refresh()
	}
	if arrange {
		d.fit(d.Size())
		d.Refresh()
	}
}

// shape returns text with every digit the same one.
func shape(text string) string {
	out := []byte(text)
	for i, b := range out {
		if '0' <= b && b <= '9' {
			out[i] = '0'
		}
	}
	return string(out)
}

// The heights of the font's parts, as shares of the text size: from the top of
// the line to the middle of a digit, and of a digit itself.
const (
	toMiddle   = 0.712
	digitShare = 0.73
)

func (d *digits) fit(size fyne.Size) {
	const probe = 100
	widths, total := make([]float32, len(d.cells)), float32(0)
	for i, r := range []rune(shape(d.text)) {
		widths[i] = fyne.MeasureText(string(r), probe, fyne.TextStyle{Bold: true}).Width / probe
		total += widths[i]
	}
	if size.Width <= 0 || size.Height <= 0 || total <= 0 {
		return
	}
	textSize := toPixel(min(size.Width*0.96/total, size.Height*0.9/digitShare))
	x := toPixel((size.Width - total*textSize) / 2)
	y := toPixel(size.Height/2 - toMiddle*textSize)
	for i, t := range d.cells {
		t.TextSize = textSize
		t.Resize(fyne.NewSize(widths[i]*textSize, t.MinSize().Height))
		t.Move(fyne.NewPos(toPixel(x), y))
		t.Refresh()
		x += widths[i] * textSize
	}
}

// CreateRenderer is called by Fyne.
func (d *digits) CreateRenderer() fyne.WidgetRenderer { return &digitsRenderer{d} }

type digitsRenderer struct{ digits *digits }

// IsClip has Fyne draw nothing outside: a line of text is twice as high as its digits,
// and without a graphics card each clear pixel costs as much as any other.
func (r *digitsRenderer) IsClip() {}

func (r *digitsRenderer) Layout(size fyne.Size) { r.digits.fit(size) }
func (r *digitsRenderer) MinSize() fyne.Size    { return fyne.NewSize(200, 60) }
func (r *digitsRenderer) Destroy()              {}

func (r *digitsRenderer) Refresh() {
	for _, t := range r.digits.cells {
		t.Color = present.Solid(r.digits.color)
		t.Refresh()
	}
}

func (r *digitsRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(r.digits.cells))
	for i, t := range r.digits.cells {
		objects[i] = t
	}
	return objects
}
