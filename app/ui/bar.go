package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// bar is the progress bar with its zones: what is still to come is bright, what
// is over is dim, and a mark stands where the two meet.
type bar struct {
	widget.BaseWidget
	shown   present.Progress
	normal  *canvas.Rectangle
	wrap    *canvas.Rectangle
	last    *canvas.Rectangle
	over    *canvas.Rectangle
	mark    *canvas.Rectangle
	resized func(width int) // is told the width in pixels
}

func newBar(resized func(int)) *bar {
	veil := present.Faded{Of: present.Surface, Alpha: 0xc8}
	b := &bar{
		normal: canvas.NewRectangle(present.Line), wrap: canvas.NewRectangle(present.Line),
		last: canvas.NewRectangle(present.Line), over: canvas.NewRectangle(veil),
		mark: rounded(present.Text, 1.5), resized: resized,
	}
	b.ExtendBaseWidget(b)
	return b
}

func (b *bar) set(p present.Progress) {
	if p == b.shown {
		return
	}
	colors := p.Normal != b.shown.Normal || p.Wrap != b.shown.Wrap || p.Last != b.shown.Last || p.Shown != b.shown.Shown
	b.shown = p
	if colors {
		b.normal.FillColor, b.wrap.FillColor, b.last.FillColor = present.Line, present.Line, present.Line
		if p.Shown {
			b.normal.FillColor, b.wrap.FillColor, b.last.FillColor = p.Normal, p.Wrap, p.Last
		}
	}
	b.place(b.Size())
	b.Refresh()
}

func (b *bar) place(size fyne.Size) {
	p := b.shown
	at := func(pixel int) float32 {
		if p.Width == 0 {
			return 0
		}
		return size.Width * float32(pixel) / float32(p.Width)
	}
	if !p.Shown {
		p.Width, p.Yellow, p.Red, p.Done = 1, 1, 1, 0
	}
	const margin = 3 // above and below, where only the mark stands
	span := func(o fyne.CanvasObject, from, to float32) {
		o.Move(fyne.NewPos(from, margin))
		o.Resize(fyne.NewSize(max(0, to-from), size.Height-2*margin))
	}
	span(b.normal, 0, at(p.Yellow))
	span(b.wrap, at(p.Yellow), at(p.Red))
	span(b.last, at(p.Red), size.Width)
	span(b.over, 0, at(p.Done))
	b.mark.Hidden = !p.Shown
	b.mark.Move(fyne.NewPos(min(max(at(p.Done)-1.5, 0), size.Width-3), 0))
	b.mark.Resize(fyne.NewSize(3, size.Height))
}

// CreateRenderer is called by Fyne.
func (b *bar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b} }

type barRenderer struct{ bar *bar }

func (r *barRenderer) Layout(size fyne.Size) {
	r.bar.place(size)
	if c := fyne.CurrentApp().Driver().CanvasForObject(r.bar); c != nil {
		r.bar.resized(int(size.Width * c.Scale()))
	}
}

func (r *barRenderer) MinSize() fyne.Size { return fyne.NewSize(100, 16) }
func (r *barRenderer) Refresh() {
	for _, o := range r.Objects() {
		o.Refresh()
	}
}

func (r *barRenderer) Objects() []fyne.CanvasObject {
	b := r.bar
	return []fyne.CanvasObject{b.normal, b.wrap, b.last, b.over, b.mark}
}
func (r *barRenderer) Destroy() {}
