package ui

import (
	"image"
	"image/color"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// Sizes of the scene's picture, in Fyne's pixels.
const (
	sceneMargin  float32 = 22 // around the canvas, for what stands out of it
	gripSize     float32 = 9
	gripReach    float32 = 9 // how near the pointer must be
	snapReach    float32 = 7
	boxLabelSize float32 = 11
)

// sceneCanvas shows the canvas of OBS with what stands on it, and lets it be
// dragged, by mouse and by keys. It belongs to the UI goroutine.
type sceneCanvas struct {
	widget.BaseWidget
	pick                 func(id string)                            // "" for none
	change               func(id string, to app.Shown, goesOn bool) // goesOn with the change before
	nudge                func(id string, to app.Shown)              // by a key
	remove               func(id string)                            // the Delete key
	follow               func(to app.Shown)                         // is told where the chosen box is while it is dragged
	held                 func() fyne.KeyModifier                    // which keys are held now
	menu                 func(id string, at fyne.Position)          // asked for by the other button
	boxes                []present.SceneBox                         // the back first
	live                 map[string]app.Shown                       // where boxes are that have been dragged and are not told so yet
	size                 app.OBSCanvas                              //
	drag                 gripDrag                                   //
	hover                present.Grip                               // under the pointer
	lines                []present.Guide                            //
	shot                 image.Image                                // of the scene in OBS, nil for none
	ground, stage, frame *canvas.Rectangle                          //
	picture              *canvas.Image                              //
	drawn                []*drawnBox                                // as many as were needed once
	grips                []*canvas.Rectangle                        //
	guides               [2]*canvas.Line                            //
	objects              []fyne.CanvasObject                        //
	focused              bool
}

// gripDrag is a drag under way.
type gripDrag struct {
	id    string // "" for none
	grip  present.Grip
	from  fyne.Position
	was   app.Shown
	marks present.Marks
	moved bool // something was told already
}

// drawnBox is what is drawn of a box. Fyne turns no rectangles, so its edges are lines.
type drawnBox struct {
	fill  *canvas.Rectangle // of an upright one
	edges [4]*canvas.Line
	label *canvas.Text
}

func newSceneCanvas() *sceneCanvas {
	c := &sceneCanvas{
		live: map[string]app.Shown{}, size: app.OBSCanvas{Width: 1920, Height: 1080},
		ground: canvas.NewRectangle(present.Background), stage: canvas.NewRectangle(color.Black),
		frame: canvas.NewRectangle(color.Transparent), picture: &canvas.Image{FillMode: canvas.ImageFillStretch, ScaleMode: canvas.ImageScaleFastest},
		held: func() fyne.KeyModifier {
			if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
				return d.CurrentKeyModifiers()
			}
			return 0
		},
	}
	c.frame.StrokeColor, c.frame.StrokeWidth = present.Line, 1
	c.picture.Hide()
	for range present.Grips {
		g := canvas.NewRectangle(color.White) // over a picture, in every theme
		g.StrokeColor, g.StrokeWidth = color.Black, 1
		c.grips = append(c.grips, g)
	}
	for i := range c.guides {
		c.guides[i] = canvas.NewLine(present.Warn.In(present.Dark))
		c.guides[i].StrokeWidth = 1
	}
	c.ExtendBaseWidget(c)
	return c
}

// set shows boxes on a canvas of that size.
func (c *sceneCanvas) set(boxes []present.SceneBox, size app.OBSCanvas) {
	if slices.Equal(boxes, c.boxes) && size == c.size {
		return
	}
	c.boxes, c.size = boxes, size
	c.redraw()
}

// setPicture shows a picture behind the boxes, nil for none.
func (c *sceneCanvas) setPicture(shot image.Image) {
	if shot == nil && c.shot == nil {
		return
	}
	c.shot, c.picture.Image = shot, shot
	c.picture.Hidden = shot == nil
	c.picture.Refresh()
}

// settle forgets where a box was dragged: what is told of it counts again.
func (c *sceneCanvas) settle(id string) {
	if c.drag.id == id && c.drag.moved {
		return
	}
	if _, ok := c.live[id]; ok {
		delete(c.live, id)
		c.redraw()
	}
}

// where returns where a box is drawn.
func (c *sceneCanvas) where(b present.SceneBox) app.Shown {
	if s, ok := c.live[b.ID]; ok {
		return s
	}
	return b.Shown
}

// chosen returns the chosen box, nil for none.
func (c *sceneCanvas) chosen() *present.SceneBox {
	for i := range c.boxes {
		if c.boxes[i].Chosen {
			return &c.boxes[i]
		}
	}
	return nil
}

// lens returns the size of a canvas pixel on the screen, and where the canvas begins.
func (c *sceneCanvas) lens() (scale float32, at fyne.Position) {
	size := c.Size().SubtractWidthHeight(2*sceneMargin, 2*sceneMargin)
	width, height := float32(c.size.Width), float32(c.size.Height)
	scale = max(0.001, min(size.Width/width, size.Height/height))
	return scale, fyne.NewPos(toPixel((c.Size().Width-width*scale)/2), toPixel((c.Size().Height-height*scale)/2))
}

// onScreen returns where a point of the canvas is in the widget.
func (c *sceneCanvas) onScreen(p present.Point) fyne.Position {
	scale, at := c.lens()
	return at.AddXY(float32(p.X)*scale, float32(p.Y)*scale)
}

// onCanvas is the other way round.
func (c *sceneCanvas) onCanvas(p fyne.Position) present.Point {
	scale, at := c.lens()
	return present.Point{X: float64((p.X - at.X) / scale), Y: float64((p.Y - at.Y) / scale)}
}

// at returns the box at a position and by what it would be dragged: a grip of the
// chosen one first, then what is in front.
func (c *sceneCanvas) at(p fyne.Position) (*present.SceneBox, present.Grip) {
	scale, _ := c.lens()
	point := c.onCanvas(p)
	if b := c.chosen(); b != nil {
		if g := present.GripAt(c.where(*b), point, float64(gripReach/scale)); g != present.NoGrip && g != present.Body {
			return b, g
		}
	}
	for i := len(c.boxes) - 1; i >= 0; i-- {
		if b := &c.boxes[i]; present.Inside(c.where(*b), point) {
			return b, present.Body
		}
	}
	return nil, present.NoGrip
}

// MouseDown is called by Fyne.
func (c *sceneCanvas) MouseDown(e *desktop.MouseEvent) {
	if d := fyne.CurrentApp().Driver().CanvasForObject(c); d != nil {
		d.Focus(c)
	}
	b, _ := c.at(e.Position)
	id := ""
	if b != nil {
		id = b.ID
	}
	if now := c.chosen(); id != "" || now != nil {
		c.choose(id)
	}
	c.grab(e.Position)
	if e.Button == desktop.MouseButtonSecondary && id != "" && c.menu != nil {
		c.drag = gripDrag{}
		c.menu(id, e.AbsolutePosition)
	}
}

// choose marks a box at once; who is told has it chosen everywhere.
func (c *sceneCanvas) choose(id string) {
	if now := c.chosen(); now != nil && now.ID == id {
		return
	}
	c.boxes = slices.Clone(c.boxes)
	for i := range c.boxes {
		c.boxes[i].Chosen = c.boxes[i].ID == id
	}
	c.redraw()
	if c.pick != nil {
		c.pick(id)
	}
}

// grab takes hold of what is at a position.
func (c *sceneCanvas) grab(p fyne.Position) {
	c.drag = gripDrag{}
	b, grip := c.at(p)
	if b == nil {
		return
	}
	others := make([]app.Shown, 0, len(c.boxes))
	for _, other := range c.boxes {
		if other.ID != b.ID && other.Shown.Visible {
			others = append(others, c.where(other))
		}
	}
	c.drag = gripDrag{id: b.ID, grip: grip, from: p, was: c.where(*b), marks: present.MarksOf(c.size, others)}
}

// MouseUp is called by Fyne.
func (c *sceneCanvas) MouseUp(*desktop.MouseEvent) {
	if !c.drag.moved {
		c.drag = gripDrag{}
	}
}

// Dragged is called by Fyne.
func (c *sceneCanvas) Dragged(e *fyne.DragEvent) {
	if c.drag.id == "" {
		start := e.Position.Subtract(e.Dragged)
		b, _ := c.at(start)
		if b == nil {
			return
		}
		c.choose(b.ID)
		c.grab(start)
	}
	scale, _ := c.lens()
	d := &c.drag
	dx, dy := float64((e.Position.X-d.from.X)/scale), float64((e.Position.Y-d.from.Y)/scale)
	reach, held := float64(snapReach/scale), c.held()
	if held&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0 {
		reach = -1 // freely
	}
	var to app.Shown
	if d.grip == present.Body {
		if held&fyne.KeyModifierShift != 0 { // along one axis
			if max(dx, -dx) > max(dy, -dy) {
				dy = 0
			} else {
				dx = 0
			}
		}
		to, c.lines = d.marks.SnapMoved(present.Moved(d.was, dx, dy), reach)
	} else {
		to, c.lines = d.marks.SnapResized(d.was, d.grip, dx, dy, held&fyne.KeyModifierShift == 0, reach)
	}
	now, known := c.live[d.id]
	if known && now == to || !known && to == d.was {
		return
	}
	c.live[d.id] = to
	goesOn := d.moved
	d.moved = true
	c.redraw()
	if c.follow != nil {
		c.follow(to)
	}
	if c.change != nil {
		c.change(d.id, to, goesOn)
	}
}

// DragEnd is called by Fyne.
func (c *sceneCanvas) DragEnd() {
	d := c.drag
	c.drag, c.lines = gripDrag{}, nil
	if to, ok := c.live[d.id]; ok && d.moved && c.change != nil {
		c.change(d.id, to, true) // so that settle comes once more
	}
	c.redraw()
}

// MouseIn, MouseMoved and MouseOut are called by Fyne.
func (c *sceneCanvas) MouseIn(e *desktop.MouseEvent) { c.MouseMoved(e) }

// MouseMoved is called by Fyne.
func (c *sceneCanvas) MouseMoved(e *desktop.MouseEvent) { _, c.hover = c.at(e.Position) }

// MouseOut is called by Fyne.
func (c *sceneCanvas) MouseOut() { c.hover = present.NoGrip }

// Cursor is called by Fyne.
func (c *sceneCanvas) Cursor() desktop.Cursor {
	switch c.hover {
	case present.NoGrip:
		return desktop.DefaultCursor
	case present.Body:
		return desktop.PointerCursor
	case present.Left, present.Right:
		return desktop.HResizeCursor
	case present.Top, present.Bottom:
		return desktop.VResizeCursor
	default:
		return desktop.CrosshairCursor
	}
}

// FocusGained is called by Fyne.
func (c *sceneCanvas) FocusGained() { c.focus(true) }

// FocusLost is called by Fyne.
func (c *sceneCanvas) FocusLost() { c.focus(false) }

func (c *sceneCanvas) focus(on bool) {
	c.focused = on
	c.frame.StrokeColor = present.Line
	if on {
		c.frame.StrokeColor = present.Accent
	}
	c.frame.Refresh()
}

// TypedRune is called by Fyne.
func (c *sceneCanvas) TypedRune(rune) {}

// TypedKey is called by Fyne: arrows move the chosen box by a pixel, with Shift by
// ten.
func (c *sceneCanvas) TypedKey(e *fyne.KeyEvent) {
	step := 1.0
	if c.held()&fyne.KeyModifierShift != 0 {
		step = 10
	}
	b := c.chosen()
	switch {
	case e.Name == fyne.KeyEscape && c.pick != nil:
		c.choose("")
		return
	case b == nil:
		return
	case (e.Name == fyne.KeyDelete || e.Name == fyne.KeyBackspace) && c.remove != nil:
		c.remove(b.ID)
		return
	}
	to := c.where(*b)
	switch e.Name {
	case fyne.KeyLeft:
		to.X -= step
	case fyne.KeyRight:
		to.X += step
	case fyne.KeyUp:
		to.Y -= step
	case fyne.KeyDown:
		to.Y += step
	default:
		return
	}
	c.put(b.ID, to)
	if c.nudge != nil {
		c.nudge(b.ID, to)
	}
}

// put draws a box somewhere until settle is called.
func (c *sceneCanvas) put(id string, to app.Shown) {
	c.live[id] = to
	c.redraw()
	if c.follow != nil {
		c.follow(to)
	}
}
