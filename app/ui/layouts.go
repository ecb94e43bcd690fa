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

// card puts content on a raised surface.
func card(content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(rounded(present.Surface, corner), container.New(box{inset, inset - 2}, content))
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
			width = max(0, whole(left*s/shares))
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
// load and links at the right.
type frame struct{}

func (frame) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	timer, controls, rundown, obs, load, links := objects[0], objects[1], objects[2], objects[3], objects[4], objects[5]
	place := func(o fyne.CanvasObject, x, y, width, height float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(width, max(0, height)))
	}
	side := whole(min(max(size.Width*0.27, 316), 440))
	main := size.Width - side - 3*gap
	x := main + 2*gap

	middle := controls.MinSize().Height
	free := size.Height - middle - 4*gap
	top := whole(min(max(free*0.52, 200), 500))
	y := gap
	place(timer, gap, y, main, top)
	y += top + gap
	place(controls, gap, y, main, middle)
	y += middle + gap
	place(rundown, gap, y, main, size.Height-y-gap)

	below := load.MinSize().Height + links.MinSize().Height + 2*gap
	y = gap
	height := size.Height - 2*gap - below
	place(obs, x, y, side, height)
	y += height + gap
	place(load, x, y, side, load.MinSize().Height)
	y += load.MinSize().Height + gap
	place(links, x, y, side, links.MinSize().Height)
}

// MinSize is what the smallest screen, 1024 by 640, has left within its frame and
// task bar.
func (frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(960, 530) }
