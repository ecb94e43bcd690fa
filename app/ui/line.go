package ui

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// line is one line of text that never asks for width: what does not fit ends in
// an ellipsis. Setting what it already shows costs nothing.
type line struct {
	widget.BaseWidget
	full string
	ink  color.Color // of the text, looked up when it is drawn
	text *canvas.Text
	wide bool // ask for the width of the whole text
}

func newLine(size float32, c color.Color) *line {
	l := &line{ink: c, text: canvas.NewText("", present.Solid(c))}
	l.text.TextSize = size
	l.ExtendBaseWidget(l)
	return l
}

func (l *line) bold() *line {
	l.text.TextStyle.Bold = true
	return l
}

func (l *line) align(to fyne.TextAlign) *line {
	l.text.Alignment = to
	return l
}

// whole makes the line ask for the width of its text.
func (l *line) whole() *line {
	l.wide = true
	return l
}

// set shows text in a colour and reports whether that was a change.
func (l *line) set(text string, c color.Color) bool {
	if l.full == text && l.ink == c && l.text.Color == present.Solid(c) {
		return false
	}
	l.full, l.ink, l.text.Color = text, c, present.Solid(c)
	l.text.Text = l.fitting(l.Size().Width)
	l.text.Refresh()
	return true
}

// fitting returns as much of the text as fits into a width.
func (l *line) fitting(width float32) string {
	measure := func(s string) float32 {
		return fyne.MeasureText(s, l.text.TextSize, l.text.TextStyle).Width
	}
	if width <= 0 || measure(l.full) <= width+0.5 {
		return l.full
	}
	runes := []rune(l.full)
	low, high := 0, len(runes)-1 // the first low runes fit
	for low < high {
		middle := (low + high + 1) / 2
		if measure(string(runes[:middle])+"…") <= width {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return string(runes[:low]) + "…"
}

func toPixel(f float32) float32 { return float32(math.Floor(float64(f))) }

// CreateRenderer is called by Fyne.
func (l *line) CreateRenderer() fyne.WidgetRenderer { return &lineRenderer{l} }

type lineRenderer struct{ line *line }

func (r *lineRenderer) Layout(size fyne.Size) {
	t := r.line.text
	t.Text = r.line.fitting(size.Width)
	// On whole pixels, or the painter cuts the feet of letters off.
	height := t.MinSize().Height
	t.Resize(fyne.NewSize(size.Width, height))
	t.Move(fyne.NewPos(0, toPixel((size.Height-height)/2)))
}

func (r *lineRenderer) MinSize() fyne.Size {
	t := r.line.text
	sample := "0"
	if r.line.wide {
		sample = r.line.full
	}
	size := fyne.MeasureText(sample, t.TextSize, t.TextStyle)
	if !r.line.wide {
		size.Width = 0
	}
	return fyne.NewSize(float32(math.Ceil(float64(size.Width))), float32(math.Ceil(float64(size.Height))))
}

func (r *lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line.text} }
func (r *lineRenderer) Destroy()                     {}

// Refresh is called by Fyne, in another theme too.
func (r *lineRenderer) Refresh() {
	r.line.text.Color = present.Solid(r.line.ink)
	r.line.text.Refresh()
}
