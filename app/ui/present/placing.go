package present

import (
	"math"
	"slices"

	"cuewire/app"
)

// Point is a place on OBS's canvas, in its pixels.
type Point struct{ X, Y float64 }

// Grip is the part of a box by which it is dragged.
type Grip int

// The grips, the corners and edges clockwise.
const (
	NoGrip Grip = iota
	Body        // the box is moved
	TopLeft
	Top
	TopRight
	Right
	BottomRight
	Bottom
	BottomLeft
	Left
)

// Grips are those that change a box's size.
var Grips = [...]Grip{TopLeft, Top, TopRight, Right, BottomRight, Bottom, BottomLeft, Left}

// sides returns which sides a grip moves: -1 for the left or top one, 1 for the
// other, 0 for neither.
func (g Grip) sides() (x, y int) {
	switch g {
	case TopLeft, Left, BottomLeft:
		x = -1
	case TopRight, Right, BottomRight:
		x = 1
	}
	switch g {
	case TopLeft, Top, TopRight:
		y = -1
	case BottomLeft, Bottom, BottomRight:
		y = 1
	}
	return x, y
}

// Corner reports whether the grip is a corner.
func (g Grip) Corner() bool {
	x, y := g.sides()
	return x != 0 && y != 0
}

// turned returns a vector turned clockwise by degrees.
func turned(x, y, degrees float64) (float64, float64) {
	if degrees == 0 {
		return x, y
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return x*cos - y*sin, x*sin + y*cos
}

// on returns a point of a box told in its own axes, 0, 0 its top left corner.
func on(s app.Shown, x, y float64) Point {
	x, y = turned(x, y, s.Rotation)
	return Point{s.X + x, s.Y + y}
}

// Corners returns the corners of a box, clockwise from the top left one.
func Corners(s app.Shown) [4]Point {
	return [4]Point{on(s, 0, 0), on(s, s.Width, 0), on(s, s.Width, s.Height), on(s, 0, s.Height)}
}

// Inside reports whether a point is in a box.
func Inside(s app.Shown, p Point) bool {
	x, y := turned(p.X-s.X, p.Y-s.Y, -s.Rotation)
	return x >= min(0, s.Width) && x <= max(0, s.Width) && y >= min(0, s.Height) && y <= max(0, s.Height)
}

// GripPoint returns where a grip of a box is.
func GripPoint(s app.Shown, g Grip) Point {
	x, y := g.sides()
	return on(s, s.Width*float64(x+1)/2, s.Height*float64(y+1)/2)
}

// GripAt returns the grip of a box that is at a point, within reach pixels; NoGrip
// for none.
func GripAt(s app.Shown, p Point, reach float64) Grip {
	found, nearest := NoGrip, reach
	for _, g := range Grips {
		at := GripPoint(s, g)
		// Of grips that lie on each other in a small box, a corner.
		if d := math.Hypot(p.X-at.X, p.Y-at.Y); d < nearest || d == nearest && g.Corner() {
			found, nearest = g, d
		}
	}
	if found == NoGrip && Inside(s, p) {
		return Body
	}
	return found
}

// Extent is what an upright rectangle covers.
type Extent struct{ Left, Top, Right, Bottom float64 }

// ExtentOf returns the smallest upright rectangle around a box.
func ExtentOf(s app.Shown) Extent {
	corners := Corners(s)
	e := Extent{corners[0].X, corners[0].Y, corners[0].X, corners[0].Y}
	for _, c := range corners[1:] {
		e.Left, e.Right = min(e.Left, c.X), max(e.Right, c.X)
		e.Top, e.Bottom = min(e.Top, c.Y), max(e.Bottom, c.Y)
	}
	return e
}

// Moved returns a box elsewhere, its corner on a whole pixel.
func Moved(s app.Shown, dx, dy float64) app.Shown {
	s.X, s.Y = math.Round(s.X+dx), math.Round(s.Y+dy)
	return s
}

// Resized returns a box of which a grip was dragged by dx, dy; what is opposite
// stays where it is. With keep a corner keeps the box's proportions.
func Resized(s app.Shown, g Grip, dx, dy float64, keep bool) app.Shown {
	sx, sy := g.sides()
	dx, dy = turned(dx, dy, -s.Rotation)
	width, height := s.Width+dx*float64(sx), s.Height+dy*float64(sy)
	if keep && g.Corner() && s.Width != 0 && s.Height != 0 {
		factor := width / s.Width
		if other := height / s.Height; math.Abs(other-1) > math.Abs(factor-1) {
			factor = other
		}
		// No smaller than a pixel either way, and no larger than can be.
		least := max(1/math.Abs(s.Width), 1/math.Abs(s.Height))
		factor = max(factor, least)
		width, height = s.Width*factor, s.Height*factor
	}
	width, height = sized(width, s.Width), sized(height, s.Height)
	left, top := 0.0, 0.0
	if sx < 0 {
		left = s.Width - width
	}
	if sy < 0 {
		top = s.Height - height
	}
	at := on(s, left, top)
	s.X, s.Y, s.Width, s.Height = hundredths(at.X), hundredths(at.Y), width, height
	return s
}

// sized returns a size in whole pixels, one at least, on the side of zero where it was.
func sized(now, was float64) float64 {
	if was < 0 {
		return min(-1, math.Round(now))
	}
	return max(1, math.Round(now))
}

func hundredths(v float64) float64 { return math.Round(v*100) / 100 }

// Guide is a line to which a box snapped: across the canvas at a height, or down it.
type Guide struct {
	Down bool
	At   float64
}

// Marks are the lines to which boxes snap.
type Marks struct{ X, Y []float64 }

// MarksOf returns the lines of a canvas and of the other boxes on it: their edges
// and middles.
func MarksOf(c app.OBSCanvas, others []app.Shown) Marks {
	var m Marks
	add := func(e Extent) {
		m.X = append(m.X, e.Left, (e.Left+e.Right)/2, e.Right)
		m.Y = append(m.Y, e.Top, (e.Top+e.Bottom)/2, e.Bottom)
	}
	add(Extent{0, 0, float64(c.Width), float64(c.Height)})
	for _, s := range others {
		add(ExtentOf(s))
	}
	return m
}

// nearest returns how far a value is from the nearest mark within reach, and where
// that is.
func nearest(marks []float64, reach float64, values ...float64) (by, at float64, found bool) {
	best := math.Inf(1)
	for _, v := range values {
		for _, mark := range marks {
			if d := math.Abs(mark - v); d <= reach && d < best {
				best, by, at, found = d, mark-v, mark, true
			}
		}
	}
	return by, at, found
}

// SnapMoved moves a box onto the marks that an edge or its middle is within reach
// of, and returns the lines on which it is then.
func (m Marks) SnapMoved(s app.Shown, reach float64) (app.Shown, []Guide) {
	var guides []Guide
	e := ExtentOf(s)
	if by, at, ok := nearest(m.X, reach, e.Left, (e.Left+e.Right)/2, e.Right); ok {
		s.X, guides = hundredths(s.X+by), append(guides, Guide{true, at})
	}
	if by, at, ok := nearest(m.Y, reach, e.Top, (e.Top+e.Bottom)/2, e.Bottom); ok {
		s.Y, guides = hundredths(s.Y+by), append(guides, Guide{false, at})
	}
	return s, guides
}

// SnapResized is Resized with the dragged sides of an upright box on marks that
// they are within reach of.
func (m Marks) SnapResized(s app.Shown, g Grip, dx, dy float64, keep bool, reach float64) (app.Shown, []Guide) {
	now := Resized(s, g, dx, dy, keep)
	if s.Rotation != 0 {
		return now, nil
	}
	sx, sy := g.sides()
	at := GripPoint(now, g)
	byX, lineX, okX := nearest(m.X, reach, at.X)
	byY, lineY, okY := nearest(m.Y, reach, at.Y)
	okX, okY = okX && sx != 0, okY && sy != 0
	if keep && g.Corner() && okX && okY { // one of them says how large it is
		okX, okY = math.Abs(byX) <= math.Abs(byY), math.Abs(byX) > math.Abs(byY)
	}
	was := GripPoint(s, g)
	var guides []Guide
	if okX {
		dx, guides = at.X+byX-was.X, append(guides, Guide{true, lineX})
		if keep && g.Corner() {
			dy = 0
		}
	}
	if okY {
		dy, guides = at.Y+byY-was.Y, append(guides, Guide{false, lineY})
		if keep && g.Corner() {
			dx = 0
		}
	}
	if guides == nil {
		return now, nil
	}
	return Resized(s, g, dx, dy, keep), guides
}

// Alignment says where on the canvas a box goes.
type Alignment int

// The alignments.
const (
	AlignLeft Alignment = iota
	AlignCentre
	AlignRight
	AlignTop
	AlignMiddle
	AlignBottom
	Alignments // how many there are
)

// Aligned returns the box at an edge or in the middle of the canvas.
func Aligned(s app.Shown, a Alignment, c app.OBSCanvas) app.Shown {
	e := ExtentOf(s)
	width, height := float64(c.Width), float64(c.Height)
	switch a {
	case AlignLeft:
		s.X -= e.Left
	case AlignCentre:
		s.X += (width - e.Left - e.Right) / 2
	case AlignRight:
		s.X += width - e.Right
	case AlignTop:
		s.Y -= e.Top
	case AlignMiddle:
		s.Y += (height - e.Top - e.Bottom) / 2
	case AlignBottom:
		s.Y += height - e.Bottom
	}
	s.X, s.Y = hundredths(s.X), hundredths(s.Y)
	return s
}

// farthest is how far from the canvas's corner a placement may be, and its largest size.
const farthest = 32_768

// PlacementChange returns what makes a placement show its source there, as near as
// the limits allow; what is so already is nil. The scale stays.
func PlacementChange(was app.Placement, now app.Shown) app.PlacementFields {
	var f app.PlacementFields
	before := was.Shown()
	set := func(to **float64, was, now, value, least, most float64) {
		if !app.Near(was, now) {
			value = min(max(value, least), most)
			*to = &value
		}
	}
	size := func(shown, scale float64) float64 {
		if scale == 0 {
			scale = 1
		}
		return shown / scale
	}
	set(&f.X, before.X, now.X, now.X, -farthest, farthest)
	set(&f.Y, before.Y, now.Y, now.Y, -farthest, farthest)
	set(&f.Width, before.Width, now.Width, size(now.Width, was.ScaleX), 1, farthest)
	set(&f.Height, before.Height, now.Height, size(now.Height, was.ScaleY), 1, farthest)
	set(&f.Rotation, before.Rotation, now.Rotation, now.Rotation, 0, 360)
	return f
}

// Restacked is a source's new place in the stack.
type Restacked struct {
	SourceID string
	ZIndex   int
}

// Restack returns what must change for a source of a scene to go that many places
// towards the front, or back for less than 0. List is the scene's, the back first.
func Restack(list []*app.SceneSource, id string, by int) []Restacked {
	at := slices.IndexFunc(list, func(s *app.SceneSource) bool { return s.SourceID == id })
	if at < 0 {
		return nil
	}
	to := min(max(at+by, 0), len(list)-1)
	if to == at {
		return nil
	}
	order := slices.Clone(list)
	moved := order[at]
	order = slices.Insert(slices.Delete(order, at, at+1), to, moved)
	var changes []Restacked
	last := list[0].Config.ZIndex - 2
	for _, s := range order {
		z := last + 1
		if s != moved {
			z = max(z, s.Config.ZIndex)
		}
		if z != s.Config.ZIndex {
			changes = append(changes, Restacked{s.SourceID, z})
		}
		last = z
	}
	return changes
}
