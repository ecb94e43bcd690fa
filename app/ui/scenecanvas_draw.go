package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"cuewire/app/ui/present"
)

// redraw draws what there is now.
func (c *sceneCanvas) redraw() { c.Refresh() }

// draw puts everything where it belongs.
func (c *sceneCanvas) draw() {
	c.ground.Resize(c.Size())
	scale, at := c.lens()
	size := fyne.NewSize(float32(c.size.Width)*scale, float32(c.size.Height)*scale)
	for _, o := range []fyne.CanvasObject{c.stage, c.picture, c.frame} {
		o.Move(at)
		o.Resize(size)
	}
	for len(c.drawn) < len(c.boxes) {
		c.drawn = append(c.drawn, newDrawnBox())
	}
	c.objects = append(c.objects[:0], c.ground, c.stage, c.picture)
	for i, b := range c.boxes {
		c.drawn[i].show(c, b)
		c.objects = append(c.objects, c.drawn[i].fill)
		for _, edge := range c.drawn[i].edges {
			c.objects = append(c.objects, edge)
		}
		c.objects = append(c.objects, c.drawn[i].label)
	}
	c.objects = append(c.objects, c.frame)
	c.drawGuides(at, size)
	c.drawGrips()
}

func (c *sceneCanvas) drawGuides(at fyne.Position, size fyne.Size) {
	for i, line := range c.guides {
		if i >= len(c.lines) {
			continue
		}
		if g := c.lines[i]; g.Down {
			x := c.onScreen(present.Point{X: g.At}).X
			line.Position1, line.Position2 = fyne.NewPos(x, at.Y), fyne.NewPos(x, at.Y+size.Height)
		} else {
			y := c.onScreen(present.Point{Y: g.At}).Y
			line.Position1, line.Position2 = fyne.NewPos(at.X, y), fyne.NewPos(at.X+size.Width, y)
		}
		c.objects = append(c.objects, line)
	}
}

func (c *sceneCanvas) drawGrips() {
	b := c.chosen()
	if b == nil {
		return
	}
	for i, g := range present.Grips {
		o := c.grips[i]
		o.Resize(fyne.NewSize(gripSize, gripSize))
		o.Move(c.onScreen(present.GripPoint(c.where(*b), g)).SubtractXY(gripSize/2, gripSize/2))
		c.objects = append(c.objects, o)
	}
}

func newDrawnBox() *drawnBox {
	d := &drawnBox{fill: canvas.NewRectangle(color.Transparent), label: canvas.NewText("", color.White)}
	d.label.TextSize = boxLabelSize
	d.label.TextStyle.Bold = true
	for i := range d.edges {
		d.edges[i] = canvas.NewLine(color.White)
	}
	return d
}

// show draws a box: chosen ones strongly, inactive and hidden ones faintly.
func (d *drawnBox) show(c *sceneCanvas, b present.SceneBox) {
	s := c.where(b)
	edge, fill := b.Color, b.Color
	fill.A = 0x16
	width := float32(1)
	switch {
	case b.Chosen:
		width, fill.A = 2, 0x30
	case !b.Active || !b.Shown.Visible:
		edge.A, fill.A = 0x90, 0
	}
	corners := present.Corners(s)
	for i, line := range d.edges {
		line.StrokeColor, line.StrokeWidth = edge, width
		line.Position1, line.Position2 = c.onScreen(corners[i]), c.onScreen(corners[(i+1)%4])
	}
	e := present.ExtentOf(s)
	low, high := c.onScreen(present.Point{X: e.Left, Y: e.Top}), c.onScreen(present.Point{X: e.Right, Y: e.Bottom})
	d.fill.FillColor = fill
	d.fill.Hidden = s.Rotation != 0 && s.Rotation != 360
	d.fill.Move(low)
	d.fill.Resize(fyne.NewSize(high.X-low.X, high.Y-low.Y))
	if text := fitText(b.Name, high.X-low.X-8, boxLabelSize); text != d.label.Text || d.label.Color != edge {
		d.label.Text, d.label.Color = text, edge
		d.label.Refresh()
	}
	d.label.Move(low.AddXY(5, 3))
	d.label.Resize(d.label.MinSize())
	d.label.Hidden = high.Y-low.Y < 18
}

// fitText returns as much of a text as a width has room for.
func fitText(text string, width, size float32) string {
	style := fyne.TextStyle{Bold: true}
	if fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	for runes := []rune(text); len(runes) > 0; runes = runes[:len(runes)-1] {
		if short := string(runes) + "…"; fyne.MeasureText(short, size, style).Width <= width {
			return short
		}
	}
	return ""
}

// CreateRenderer is called by Fyne.
func (c *sceneCanvas) CreateRenderer() fyne.WidgetRenderer {
	c.draw()
	return &sceneRenderer{c}
}

type sceneRenderer struct{ c *sceneCanvas }

func (r *sceneRenderer) Layout(fyne.Size)             { r.c.draw() }
func (r *sceneRenderer) MinSize() fyne.Size           { return fyne.NewSize(240, 150) }
func (r *sceneRenderer) Objects() []fyne.CanvasObject { return r.c.objects }
func (r *sceneRenderer) Destroy()                     {}

// Refresh is called by Fyne. Everything is drawn anew where one object is; the
// picture, which is large, is handed over only when it is another.
func (r *sceneRenderer) Refresh() {
	r.c.draw()
	canvas.Refresh(r.c.ground)
}
