package e2e

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"cuewire/obsbridge/obstest"
)

// TestASourceIsAddedAndPlacedInTheRealWindow goes the way of a person: a new source
// by the keyboard, put into the scene by a click, dragged with the mouse; OBS agrees
// on where it is.
func TestASourceIsAddedAndPlacedInTheRealWindow(t *testing.T) {
	s := startScreen(t)
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main"}})
	dir := t.TempDir()
	cmd := s.desktop(dir, "--listen", "127.0.0.1:0", "--obs", obs.URL())
	cmd.Args = slices.DeleteFunc(cmd.Args, func(arg string) bool { return arg == "--no-obs" })
	p := &placedOBS{program: launch(t, cmd, dir), obs: obs, c: obs.Connect(t)}
	p.s = p.subscribe(`"obs:connectionChanged","scenes:*","sources:*"`)
	window := s.window()
	eventually(t, "OBS is connected", func() bool {
		var status struct{ Connected bool }
		p.get("/api/obs/status", &status)
		return status.Connected
	})

	for _, key := range []string{"ctrl+3", "n"} {
		s.key(window, key)
	}
	s.types(window, "Clock")
	s.key(window, "Tab")
	s.types(window, "http://127.0.0.1:9/clock")
	s.key(window, "Tab") // to what opens the list of addresses
	for _, text := range []string{"640", "360"} {
		s.key(window, "Tab")
		s.key(window, "ctrl+a")
		s.types(window, text)
	}
	for _, key := range []string{"Tab", "Tab", "Right", "Return"} { // frames a second, then the way
		s.key(window, key)
	}
	made := p.s.event("sources:create", func(frame) bool { return true })["source"].(map[string]any)
	if made["name"] != "Clock" || made["url"] != "http://127.0.0.1:9/clock" || made["width"] != 640.0 || made["height"] != 360.0 || made["way"] != "own" {
		t.Fatalf("made %v", made)
	}
	id := made["id"].(string)
	p.expect(200, "POST", "/api/sources/"+id+"/activate", "")

	// The button that puts it into the scene is the only bright one at the foot.
	var put area
	eventually(t, "the button that puts it into the scene", func() bool {
		put = s.find(area{400, 550, screenWidth, screenHeight}, 0x6c, 0xb2, 0xff)
		return put.right-put.left > 80
	})
	s.mouse("mousemove", put.left+3, (put.top+put.bottom)/2)
	s.mouse("click", 1)
	p.s.event("scenes:sourceAdded", func(data frame) bool { return data["sourceId"] == id })
	p.inOBS("it stands in the corner", "Main", "Clock", func(i itemInOBS) bool { return near(i.Transform.PositionX, 0) && near(i.Transform.PositionY, 0) })

	// Its grips are the only white squares above the foot.
	var box area
	eventually(t, "the grips of its box", func() bool {
		box = s.find(area{410, 60, screenWidth, 650}, 0xff, 0xff, 0xff)
		return box.right-box.left > 40
	})
	x, y := (box.left+box.right)/2, (box.top+box.bottom)/2+30
	s.mouse("mousemove", x, y)
	s.mouse("mousedown", 1)
	for i := range 20 {
		s.mouse("mousemove", x+6*(i+1), y+4*(i+1))
	}
	s.mouse("mouseup", 1)
	// A box's width on the screen tells how much 120 by 80 points of it are in OBS;
	// snapping takes some.
	scale := 640 / float64(box.right-box.left)
	wantX, wantY, give := 120*scale, 80*scale, 20*scale
	p.inOBS("where it was dragged", "Main", "Clock", func(i itemInOBS) bool {
		w := i.Transform
		return math.Abs(w.PositionX-wantX) < give && math.Abs(w.PositionY-wantY) < give && near(w.ScaleX*w.SourceWidth, 640)
	})
	var last itemInOBS
	still := 0 // looks in a row in which it stood where it was: the drag's last step may be under way
	eventually(t, "both sides agree to the pixel", func() bool {
		var list struct{ Sources []struct{ SceneConfig frame } }
		p.get("/api/scenes/Main/sources", &list)
		before := last
		last = p.itemsInOBS("Main")["Clock"]
		c := list.Sources[0].SceneConfig
		still++
		if !near(before.Transform.PositionX, last.Transform.PositionX) || !near(before.Transform.PositionY, last.Transform.PositionY) {
			still = 0
		}
		return still >= 20 && near(c["x"].(float64), last.Transform.PositionX) && near(c["y"].(float64), last.Transform.PositionY)
	})
	t.Logf("dragged to %v, %v", last.Transform.PositionX, last.Transform.PositionY)

	// Focused by the click, the editor takes the arrow keys; Ctrl Z takes back the drag.
	s.key(window, "shift+Right")
	p.inOBS("a key moved it by ten pixels", "Main", "Clock", func(i itemInOBS) bool { return near(i.Transform.PositionX, last.Transform.PositionX+10) })
	s.key(window, "ctrl+z")
	p.inOBS("the key is taken back", "Main", "Clock", func(i itemInOBS) bool { return near(i.Transform.PositionX, last.Transform.PositionX) })
	s.key(window, "ctrl+z")
	p.inOBS("the drag is taken back as one", "Main", "Clock", func(i itemInOBS) bool { return near(i.Transform.PositionX, 0) && near(i.Transform.PositionY, 0) })
	if took := p.stop(); took > 5*3*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

// types writes a text into what has the focus.
func (s *screen) types(window, text string) {
	s.t.Helper()
	if _, err := s.xdotool("windowfocus", "--sync", window); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.xdotool("type", "--delay", "20", text); err != nil {
		s.t.Fatalf("type %q: %v", text, err)
	}
}

// mouse does something with the mouse: "mousemove" to a point, or something with a button.
func (s *screen) mouse(what string, numbers ...int) {
	s.t.Helper()
	args := []string{what}
	for _, n := range numbers {
		args = append(args, strconv.Itoa(n))
	}
	if _, err := s.xdotool(args...); err != nil {
		s.t.Fatal(fmt.Errorf("xdotool %v: %w", args, err))
	}
}

// area is a part of the screen.
type area struct{ left, top, right, bottom int }

// find returns the smallest area in another that holds all its points of a colour,
// an empty one for none.
func (s *screen) find(within area, red, green, blue byte) area {
	s.t.Helper()
	found := area{within.right, within.bottom, within.left, within.top}
	s.look(func(x, y int, r, g, b byte) {
		if r == red && g == green && b == blue && x >= within.left && x < within.right && y >= within.top && y < within.bottom {
			found = area{min(found.left, x), min(found.top, y), max(found.right, x), max(found.bottom, y)}
		}
	})
	if found.left > found.right {
		return area{}
	}
	return found
}
