package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// digits shows the time as large as its place allows. The size depends on how
// many digits there are, not on which, so that nothing jumps while it counts.
type digits struct {
	widget.BaseWidget
	text *canvas.Text
}

func newDigits() *digits {
	d := &digits{text: canvas.NewText("", present.Text)}
	d.text.TextStyle.Bold = true
	d.text.Alignment = fyne.TextAlignCenter
	d.ExtendBaseWidget(d)
	return d
}

func (d *digits) set(text string, c present.Mark) {
	if d.text.Text == text && d.text.Color == c.Color {
		return
	}
	resize := shape(text) != shape(d.text.Text)
	d.text.Text, d.text.Color = text, c.Color
	if resize {
		d.fit(d.Size())
	}
	d.text.Refresh()
}

// shape is the text with every digit the widest.
func shape(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return '0'
		}
		return r
	}, text)
}

// The heights of the font's parts, as shares of the text size: from the top of
// the line to the middle of a digit, and of a digit itself.
const (
	toMiddle   = 0.712
	digitShare = 0.73
)

func (d *digits) fit(size fyne.Size) {
	const probe = 100
	width := fyne.MeasureText(shape(d.text.Text), probe, d.text.TextStyle).Width
	if size.Width <= 0 || size.Height <= 0 || width <= 0 {
		return
	}
	d.text.TextSize = min(size.Width*0.96/width*probe, size.Height*0.9/digitShare)
	d.text.Resize(fyne.NewSize(size.Width, d.text.MinSize().Height))
	d.text.Move(fyne.NewPos(0, size.Height/2-toMiddle*d.text.TextSize))
}

// CreateRenderer is called by Fyne.
func (d *digits) CreateRenderer() fyne.WidgetRenderer { return &digitsRenderer{d} }

type digitsRenderer struct{ digits *digits }

func (r *digitsRenderer) Layout(size fyne.Size)        { r.digits.fit(size) }
func (r *digitsRenderer) MinSize() fyne.Size           { return fyne.NewSize(200, 60) }
func (r *digitsRenderer) Refresh()                     { r.digits.text.Refresh() }
func (r *digitsRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.digits.text} }
func (r *digitsRenderer) Destroy()                     {}
