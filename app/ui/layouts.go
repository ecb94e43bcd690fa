package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"cuewire/app/ui/present"
)

// box pads its one child.
type box struct{ x, y float32 }

func (b box) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(b.x, b.y))
		o.Resize(fyne.NewSize(max(0, size.Width-2*b.x), max(0, size.Height-2*b.y)))
	}
}

func (b box) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for _, o := range objects {
		size = size.Max(o.MinSize())
	}
	return size.AddWidthHeight(2*b.x, 2*b.y)
}

// card keeps content clear of the edges of its part of the window. The parts are
// told apart by the gutters between them, not by fields of their own: without a
// graphics card every pixel that is painted twice costs, once a second.
func card(content fyne.CanvasObject) *fyne.Container {
	return container.New(box{inset, inset - 2}, content)
}

func rounded(c color.Color, radius float32) *canvas.Rectangle {
	r := canvas.NewRectangle(c)
	r.CornerRadius = radius
	return r
}

// row lays its objects side by side over the whole width. Each gets its share of
// what is left when those without a share have their smallest width.
type row struct {
	shares []float32 // 0 for the smallest width; missing ones are 0
	gap    float32
}

func (r row) share(i int) float32 {
	if i < len(r.shares) {
		return r.shares[i]
	}
	return 0
}

func (r row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, shares, seen := size.Width, float32(0), 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if seen++; seen > 1 {
			left -= r.gap
		}
		if r.share(i) == 0 {
			left -= o.MinSize().Width
		}
		shares += r.share(i)
	}
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		width := o.MinSize().Width
		if s := r.share(i); s > 0 {
			width = max(0, toPixel(left*s/shares))
		}
		height := size.Height
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(width, height))
		x += width + r.gap
	}
}

func (r row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	seen := 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if seen++; seen > 1 {
			size.Width += r.gap
		}
		min := o.MinSize()
		if r.share(i) == 0 {
			size.Width += min.Width
		}
		size.Height = max(size.Height, min.Height)
	}
	return size
}

// column lays its objects one below the other over the whole width; the one at
// grow gets the height that is left (-1 for none).
type column struct {
	grow int
	gap  float32
}

func (c column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	left, seen := size.Height, 0
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if seen++; seen > 1 {
			left -= c.gap
		}
		if i != c.grow {
			left -= o.MinSize().Height
		}
	}
	y := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		height := o.MinSize().Height
		if i == c.grow {
			height = max(0, left)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height + c.gap
	}
}

func (c column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	seen := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if seen++; seen > 1 {
			size.Height += c.gap
		}
		min := o.MinSize()
		size.Width = max(size.Width, min.Width)
		size.Height += min.Height
	}
	return size
}

// frame is the window's own layout: timer, controls and rundown at the left, OBS,
// load and links at the right, and the five gutters between them.
type frame struct{ spare fyne.CanvasObject }

// newFrame lays out the six parts, in that order. Spare, somewhere in them, is left
// out where the height is short.
func newFrame(spare fyne.CanvasObject, parts ...fyne.CanvasObject) *fyne.Container {
	for range 5 {
		parts = append(parts, canvas.NewRectangle(present.Background))
	}
	return container.New(frame{spare}, parts...)
}

// shortHeight is what the parts need to be shown whole.
const shortHeight = 660

func (f frame) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	place := func(i int, x, y, width, height float32) {
		objects[i].Move(fyne.NewPos(x, y))
		objects[i].Resize(fyne.NewSize(width, max(0, height)))
	}
	stack := func(first, gutter int, x, width float32, heights [3]float32) {
		y := float32(0)
		for i, height := range heights {
			place(first+i, x, y, width, height)
			if i > 0 {
				place(gutter+i-1, x, y-gap, width, gap)
			}
			y += height + gap
		}
	}
	if short := size.Height < shortHeight; short == f.spare.Visible() {
		if short {
			f.spare.Hide()
		} else {
			f.spare.Show()
		}
	}
	side := toPixel(min(max(size.Width*0.27, 316), 440))
	main := size.Width - side - gap
	place(6, main, 0, gap, size.Height)

	controls := objects[1].MinSize().Height
	free := size.Height - controls - 2*gap
	timer := toPixel(min(max(free*0.52, 200), 500))
	stack(0, 7, 0, main, [3]float32{timer, controls, free - timer})

	load, links := objects[4].MinSize().Height, objects[5].MinSize().Height
	stack(3, 9, main+gap, side, [3]float32{size.Height - load - links - 2*gap, load, links})
}

// MinSize is what the smallest screen, 1024 by 640, has left beside the rail and
// above its task bar.
func (frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(940, 530) }
