package app_test

import (
	"testing"

	"cuewire/app"
)

// Where OBS shows an item, whatever words it has for that. The page is 400 by 300.
func TestShown(t *testing.T) {
	item := app.OBSSceneItem{X: 100, Y: 50, ScaleX: 2, ScaleY: 0.5, Alignment: 5, Visible: true}
	bounds := func(kind string, alignment, within int) app.OBSSceneItem {
		return app.OBSSceneItem{X: 100, Y: 50, ScaleX: 1, ScaleY: 1, Alignment: alignment, Bounds: kind, BoundsAlignment: within, BoundsWidth: 800, BoundsHeight: 300}
	}
	with := func(edit func(*app.OBSSceneItem)) app.OBSSceneItem {
		i := item
		edit(&i)
		return i
	}
	for name, c := range map[string]struct {
		item             app.OBSSceneItem
		x, y, w, h, turn float64
		plain            bool
	}{
		"top left":             {item, 100, 50, 800, 150, 0, true},
		"turned":               {with(func(i *app.OBSSceneItem) { i.Rotation = 90 }), 100, 50, 800, 150, 90, true},
		"centred":              {with(func(i *app.OBSSceneItem) { i.Alignment = 0 }), -300, -25, 800, 150, 0, false},
		"bottom right":         {with(func(i *app.OBSSceneItem) { i.Alignment = 10 }), -700, -100, 800, 150, 0, false},
		"centred and turned":   {with(func(i *app.OBSSceneItem) { i.Alignment, i.Rotation = 0, 90 }), 175, -350, 800, 150, 90, false},
		"flipped":              {with(func(i *app.OBSSceneItem) { i.ScaleX = -1 }), 100, 50, -400, 150, 0, true},
		"cropped":              {with(func(i *app.OBSSceneItem) { i.CropLeft, i.CropRight, i.CropTop = 50, 50, 100 }), 100, 50, 600, 100, 0, true},
		"stretched":            {bounds("OBS_BOUNDS_STRETCH", 5, 0), 100, 50, 800, 300, 0, false},
		"inner":                {bounds("OBS_BOUNDS_SCALE_INNER", 5, 0), 300, 50, 400, 300, 0, false},
		"inner, at the left":   {bounds("OBS_BOUNDS_SCALE_INNER", 5, 5), 100, 50, 400, 300, 0, false},
		"inner, box centred":   {bounds("OBS_BOUNDS_SCALE_INNER", 0, 0), -100, -100, 400, 300, 0, false},
		"outer":                {bounds("OBS_BOUNDS_SCALE_OUTER", 5, 0), 100, -100, 800, 600, 0, false},
		"to width":             {bounds("OBS_BOUNDS_SCALE_TO_WIDTH", 5, 5), 100, 50, 800, 600, 0, false},
		"to height":            {bounds("OBS_BOUNDS_SCALE_TO_HEIGHT", 5, 5), 100, 50, 400, 300, 0, false},
		"at most, and smaller": {bounds("OBS_BOUNDS_MAX_ONLY", 5, 5), 100, 50, 400, 300, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.item.Shown(400, 300)
			for what, pair := range map[string][2]float64{
				"x": {s.X, c.x}, "y": {s.Y, c.y}, "width": {s.Width, c.w}, "height": {s.Height, c.h}, "rotation": {s.Rotation, c.turn},
			} {
				if !app.Near(pair[0], pair[1]) {
					t.Errorf("%s is %v, want %v", what, pair[0], pair[1])
				}
			}
			if c.item.Plain() != c.plain {
				t.Errorf("plain is %v", c.item.Plain())
			}
			back := app.PlacementFrom(s, 400, 300).Shown()
			if !app.Near(back.Width, s.Width) || !app.Near(back.Height, s.Height) || back.X != s.X || back.Visible != s.Visible {
				t.Errorf("as a placement %+v, not %+v", back, s)
			}
		})
	}
}

func TestWhatEverybodyMaySeeOfASource(t *testing.T) {
	for given, want := range map[string]string{
		"https://user:pass@example.com:8080/w/KEY?k=1#x": "https://example.com:8080",
		"/overlay/obs?room=ABC":                          "/overlay/obs",
		"file:///home/me/a":                              "",
	} {
		s := &app.Source{URL: given, CSS: "a", JS: "b", Name: "n"}
		if p := s.Public(); p.URL != want || p.CSS+p.JS != "" || p.Name != "n" || s.URL != given {
			t.Errorf("%s is told as %+v", given, p)
		}
	}
}
