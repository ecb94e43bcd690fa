package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cuewire/obsbridge/obstest"
)

// TestAShowIsImportedEditedAndRunInTheRealWindow goes the way of a person before and
// during a show: a rundown from a file, a cell put right in the table, three cues with
// their scenes in a real OBS, and an alert.
func TestAShowIsImportedEditedAndRunInTheRealWindow(t *testing.T) {
	s := startScreen(t)
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Start", "Camera", "Slides", "End"}})
	dir := t.TempDir()
	cmd := s.desktop(dir, "--listen", "127.0.0.1:0", "--obs", obs.URL())
	cmd.Args = slices.DeleteFunc(cmd.Args, func(arg string) bool { return arg == "--no-obs" })
	home := ""
	for _, entry := range cmd.Env { // the last one counts
		if path, ok := strings.CutPrefix(entry, "HOME="); ok {
			home = path
		}
	}
	file := "Title,Speaker,Duration,Scene\nOpening,Ana,5:00,Camera\nTalk,Bia,10:00,Slides\nClosing,Caio,2:00,End\n"
	if err := os.WriteFile(filepath.Join(home, "show.csv"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	p := launch(t, cmd, dir)
	window := s.window()
	type timer struct {
		ID, Name, Speaker string
		Duration          int64 `json:"duration_ms"`
	}
	timers := func() []timer {
		var answer struct{ Timers []timer }
		p.get("/api/v1/rooms/"+p.room()+"/timers", &answer)
		return answer.Timers
	}
	are := func(want ...string) func() bool {
		return func() bool {
			var names []string
			for _, timer := range timers() {
				names = append(names, timer.Name)
			}
			return slices.Equal(names, want)
		}
	}
	scene := func() string {
		var answer struct{ CurrentScene string }
		p.get("/api/obs/scenes", &answer)
		return answer.CurrentScene
	}
	eventually(t, "OBS is connected", func() bool {
		var status struct{ Connected bool }
		p.get("/api/obs/status", &status)
		return status.Connected
	})
	click := func(x, y int) {
		s.mouse("mousemove", x, y)
		s.mouse("click", 1)
	}
	press := func(what string, red, green, blue byte, least int) {
		t.Helper()
		var button area
		eventually(t, what, func() bool {
			button = s.find(area{90, 90, screenWidth, screenHeight - 60}, red, green, blue)
			return button.right-button.left > least && button.bottom-button.top < 60
		})
		click(button.left+4, (button.top+button.bottom)/2)
	}

	digits := func() bool {
		x, _ := s.solid(0xe9, 0xee, 0xf4, 20)
		return x > 0
	}
	eventually(t, "the timer's large digits", digits)
	s.key(window, "ctrl+2")
	eventually(t, "the page without them", func() bool { return !digits() })
	s.key(window, "ctrl+o")
	clicked := 0
	var open area
	eventually(t, "the file in the dialog is chosen", func() bool {
		// It stands beside the folder above, which is the only large white thing; the dialog
		// moves while it opens.
		if x, y := s.solid(0xe9, 0xee, 0xf4, 20); x > 0 && x != clicked {
			clicked = x
			click(x+110, y+10)
		}
		open = s.find(area{600, 500, screenWidth, screenHeight - 60}, 0x6c, 0xb2, 0xff)
		return open.right-open.left > 50 && open.bottom-open.top < 60
	})
	click(open.left+4, (open.top+open.bottom)/2)
	press("the button that replaces the rundown", 0xd0, 0x2a, 0x2a, 100)
	eventually(t, "the rundown of the file", are("Opening", "Talk", "Closing"))
	eventually(t, "three rows in the window", func() bool {
		return s.find(area{100, 148, 300, 172}, 0xe9, 0xee, 0xf4) != area{} && s.find(area{100, 180, 300, 204}, 0xe9, 0xee, 0xf4) == area{}
	})
	click(200, 127) // the title in the second row
	s.key(window, "ctrl+a")
	s.types(window, "Panel")
	s.key(window, "Tab")
	s.key(window, "ctrl+a")
	s.types(window, "Dora")
	s.key(window, "Tab")
	s.key(window, "ctrl+a")
	s.types(window, "ten")
	s.key(window, "Return") // told at the cell
	s.key(window, "Escape")
	eventually(t, "two cells are changed, the third is not", func() bool {
		list := timers()
		return list[1].Name == "Panel" && list[1].Speaker == "Dora" && list[1].Duration == 600_000
	})
	s.key(window, "alt+Down")
	eventually(t, "the row is moved", are("Opening", "Closing", "Panel"))
	s.key(window, "ctrl+z")
	eventually(t, "the move is taken back", are("Opening", "Panel", "Closing"))

	s.key(window, "ctrl+1")
	for i, want := range []string{"Camera", "Slides", "End"} {
		s.key(window, []string{"space", "Right", "Right"}[i])
		eventually(t, want+" is on program", func() bool { return scene() == want })
	}

	s.key(window, "ctrl+5")
	s.key(window, "n")
	for i := range 3 { // begins at 0, ends at 0, at once
		if i > 0 {
			s.key(window, "Tab")
		}
		s.key(window, "ctrl+a")
		s.types(window, "0")
	}
	s.key(window, "Return")
	eventually(t, "the alert", func() bool {
		var alerts struct{ Active []struct{ Threshold float64 } }
		p.get("/api/performance/alerts", &alerts)
		return slices.ContainsFunc(alerts.Active, func(a struct{ Threshold float64 }) bool { return a.Threshold == 0 })
	})
	if took := p.stop(); took > 5*3*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

// solid returns the place of the first square on the screen that is all of a colour,
// 0 for none.
func (s *screen) solid(red, green, blue byte, size int) (x, y int) {
	s.t.Helper()
	var heights [screenWidth]int // how many points of the colour stand above each other
	run, row := 0, -1
	s.look(func(px, py int, r, g, b byte) {
		if py != row {
			run, row = 0, py
		}
		if r == red && g == green && b == blue {
			heights[px]++
		} else {
			heights[px] = 0
		}
		if heights[px] < size {
			run = 0
			return
		}
		if run++; run >= size && x == 0 {
			x, y = px-size+1, py-size+1
		}
	})
	return x, y
}
