package present

import (
	"math"
	"reflect"
	"testing"

	"cuewire/app"
)

var fullHD = app.OBSCanvas{Width: 1920, Height: 1080}

func shown(x, y, width, height, rotation float64) app.Shown {
	return app.Shown{X: x, Y: y, Width: width, Height: height, Rotation: rotation, Visible: true}
}

func TestABoxIsFoundWhereItIsSeen(t *testing.T) {
	for name, test := range map[string]struct {
		box  app.Shown
		at   Point
		want Grip
	}{
		"its middle":                {shown(100, 100, 400, 200, 0), Point{300, 200}, Body},
		"beside it":                 {shown(100, 100, 400, 200, 0), Point{520, 200}, NoGrip},
		"a corner":                  {shown(100, 100, 400, 200, 0), Point{504, 297}, BottomRight},
		"an edge":                   {shown(100, 100, 400, 200, 0), Point{300, 96}, Top},
		"a quarter turned, inside":  {shown(500, 100, 400, 200, 90), Point{400, 300}, Body},
		"a quarter turned, its end": {shown(500, 100, 400, 200, 90), Point{400, 500}, Right},
		"a quarter turned, outside": {shown(500, 100, 400, 200, 90), Point{600, 200}, NoGrip},
		"flipped in OBS":            {shown(500, 100, -400, 200, 0), Point{300, 200}, Body},
		"flipped, its far corner":   {shown(500, 100, -400, 200, 0), Point{100, 300}, BottomRight},
		"tiny":                      {shown(100, 100, 1, 1, 0), Point{100, 100}, TopLeft},
	} {
		if got := GripAt(test.box, test.at, 10); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}

func TestResizingLeavesTheOppositeSideWhereItIs(t *testing.T) {
	opposite := map[Grip]Grip{
		TopLeft: BottomRight, Top: Bottom, TopRight: BottomLeft, Right: Left,
		BottomRight: TopLeft, Bottom: Top, BottomLeft: TopRight, Left: Right,
	}
	for _, box := range []app.Shown{shown(100, 50, 400, 200, 0), shown(900, 300, 400, 200, 33.5), shown(600, 300, -400, 200, 270)} {
		for _, g := range Grips {
			for _, keep := range []bool{false, true} {
				for _, by := range []Point{{30, 20}, {-55, 12}, {2000, -2000}} {
					now := Resized(box, g, by.X, by.Y, keep)
					before, after := GripPoint(box, opposite[g]), GripPoint(now, opposite[g])
					if math.Hypot(before.X-after.X, before.Y-after.Y) > 0.02 {
						t.Errorf("%v of %v by %v: %v went to %v", g, box, by, before, after)
					}
					if now.Width*box.Width <= 0 || now.Height*box.Height <= 0 {
						t.Errorf("%v of %v by %v turned it over: %v", g, box, by, now)
					}
					if keep && g.Corner() && math.Abs(now.Width/now.Height-box.Width/box.Height) > 0.02*math.Abs(box.Width/box.Height) && math.Abs(now.Height) > 20 {
						t.Errorf("%v of %v by %v does not keep its proportions: %v", g, box, by, now)
					}
				}
			}
		}
	}
	if got := Resized(shown(0, 0, 400, 200, 0), Right, 10, 99, false); got != shown(0, 0, 410, 200, 0) {
		t.Errorf("the right edge: %v", got)
	}
	if got := Resized(shown(0, 0, 400, 200, 0), BottomRight, 200, 0, true); got != shown(0, 0, 600, 300, 0) {
		t.Errorf("a corner: %v", got)
	}
	if got := Resized(shown(0, 0, 400, 200, 0), BottomRight, 200, 0, false); got != shown(0, 0, 600, 200, 0) {
		t.Errorf("a corner, freely: %v", got)
	}
	if got := Resized(shown(500, 100, 400, 200, 90), Right, 0, 100, false); got != shown(500, 100, 500, 200, 90) {
		t.Errorf("turned, its right edge points down: %v", got)
	}
}

func TestSnapping(t *testing.T) {
	marks := MarksOf(fullHD, []app.Shown{shown(200, 700, 300, 100, 0)})
	for name, test := range map[string]struct {
		box    app.Shown
		want   app.Shown
		guides []Guide
	}{
		"nothing near":           {shown(777, 333, 111, 77, 0), shown(777, 333, 111, 77, 0), nil},
		"the canvas's corner":    {shown(6, -7, 111, 77, 0), shown(0, 0, 111, 77, 0), []Guide{{true, 0}, {false, 0}}},
		"the right edge":         {shown(1505, 333, 411, 77, 0), shown(1509, 333, 411, 77, 0), []Guide{{true, 1920}}},
		"the middle":             {shown(857, 499, 200, 74, 0), shown(860, 503, 200, 74, 0), []Guide{{true, 960}, {false, 540}}},
		"beside another":         {shown(504, 333, 111, 77, 0), shown(500, 333, 111, 77, 0), []Guide{{true, 500}}},
		"below another":          {shown(777, 805, 111, 77, 0), shown(777, 800, 111, 77, 0), []Guide{{false, 800}}},
		"turned, by its extent":  {shown(203, 310, 200, 100, 90), shown(200, 310, 200, 100, 90), []Guide{{true, 200}}},
		"out of reach":           {shown(9, 333, 111, 77, 0), shown(9, 333, 111, 77, 0), nil},
		"exactly there, a guide": {shown(0, 333, 111, 77, 0), shown(0, 333, 111, 77, 0), []Guide{{true, 0}}},
	} {
		got, guides := marks.SnapMoved(test.box, 8)
		if got != test.want || !reflect.DeepEqual(guides, test.guides) {
			t.Errorf("%s: %v %v, want %v %v", name, got, guides, test.want, test.guides)
		}
	}
	box := shown(100, 100, 300, 200, 0)
	if got, guides := marks.SnapResized(box, Right, 555, 0, false, 8); got != shown(100, 100, 860, 200, 0) || len(guides) != 1 {
		t.Errorf("the right edge near the middle: %v %v", got, guides)
	}
	if got, guides := marks.SnapResized(box, BottomRight, 1523, 785, false, 8); got != shown(100, 100, 1820, 980, 0) || len(guides) != 2 {
		t.Errorf("a corner near the canvas's: %v %v", got, guides)
	}
	if got, guides := marks.SnapResized(box, BottomRight, 557, 0, true, 8); got.Width != 860 || math.Abs(got.Height-573) > 1 || len(guides) != 1 {
		t.Errorf("a corner that keeps the proportions: %v %v", got, guides)
	}
	box.Rotation = 10
	if _, guides := marks.SnapResized(box, Right, 555, 0, false, 500); guides != nil {
		t.Errorf("a turned box snaps while its size changes: %v", guides)
	}
}

func TestAligning(t *testing.T) {
	box := shown(100, 100, 400, 200, 0)
	turned := shown(500, 100, 400, 200, 90) // covers 300 to 500, 100 to 500
	for a, want := range [Alignments][2]Point{
		AlignLeft:   {{0, 100}, {200, 100}},
		AlignCentre: {{760, 100}, {1060, 100}},
		AlignRight:  {{1520, 100}, {1920, 100}},
		AlignTop:    {{100, 0}, {500, 0}},
		AlignMiddle: {{100, 440}, {500, 340}},
		AlignBottom: {{100, 880}, {500, 680}},
	} {
		for i, s := range []app.Shown{box, turned} {
			if got := Aligned(s, Alignment(a), fullHD); got.X != want[i].X || got.Y != want[i].Y {
				t.Errorf("alignment %d of %v: %v, %v, want %v", a, s, got.X, got.Y, want[i])
			}
		}
	}
}

func TestWhatAChangeOfABoxSends(t *testing.T) {
	was := app.Placement{X: 10, Y: 20, Width: 800, Height: 600, ScaleX: 0.5, ScaleY: 2, Rotation: 30, Visible: true}
	if got := PlacementChange(was, was.Shown()); got != (app.PlacementFields{}) {
		t.Errorf("nothing changed, and %+v is sent", got)
	}
	now := was.Shown()
	now.X, now.Width = 40_000, 200
	got := PlacementChange(was, now)
	if got.X == nil || *got.X != farthest || got.Width == nil || *got.Width != 400 || got.Y != nil || got.Height != nil || got.Rotation != nil || got.ScaleX != nil {
		t.Errorf("sent %+v", got)
	}
}

func TestRestacking(t *testing.T) {
	scene := func(z ...int) []*app.SceneSource {
		list := make([]*app.SceneSource, len(z))
		for i := range z {
			list[i] = &app.SceneSource{SourceID: string(rune('a' + i)), Config: app.Placement{ZIndex: z[i]}}
		}
		return list
	}
	for name, test := range map[string]struct {
		list []*app.SceneSource
		id   string
		by   int
		want string
	}{
		"forward":               {scene(0, 1, 2), "a", 1, "bac"},
		"back":                  {scene(0, 1, 2), "c", -1, "acb"},
		"to the front":          {scene(0, 1, 2), "a", 99, "bca"},
		"to the back":           {scene(0, 1, 2), "c", -99, "cab"},
		"all alike":             {scene(5, 5, 5), "a", 1, "bac"},
		"far apart":             {scene(-10, 0, 400), "b", 1, "acb"},
		"in front already":      {scene(0, 1, 2), "c", 1, "abc"},
		"not in the scene":      {scene(0, 1, 2), "x", 1, "abc"},
		"in a scene for itself": {scene(3), "a", -1, "a"},
	} {
		z := map[string]int{}
		for _, s := range test.list {
			z[s.SourceID] = s.Config.ZIndex
		}
		changes := Restack(test.list, test.id, test.by)
		for _, c := range changes {
			z[c.SourceID] = c.ZIndex
		}
		got := ""
		for range test.list {
			lowest := ""
			for _, s := range test.list {
				if _, left := z[s.SourceID]; left && (lowest == "" || z[s.SourceID] < z[lowest]) {
					lowest = s.SourceID
				}
			}
			got += lowest
			delete(z, lowest)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s (%v)", name, got, test.want, changes)
		}
	}
}
