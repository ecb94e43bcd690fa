package e2e

import (
	"slices"
	"testing"
	"time"

	"cuewire/obsbridge/obstest"
)

// TestTheFirstFiveMinutes goes the way of somebody who is new: the first steps in the
// real window lead to a timer in a real OBS and to a paired browser, by mouse alone.
func TestTheFirstFiveMinutes(t *testing.T) {
	s := startScreen(t)
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main"}})
	dir := t.TempDir()
	cmd := s.desktop(dir, "--listen", "127.0.0.1:0", "--obs", obs.URL())
	cmd.Args = slices.DeleteFunc(cmd.Args, func(arg string) bool { return arg == "--no-obs" || arg == "--no-welcome" })
	p := &placedOBS{program: launch(t, cmd, dir), obs: obs, c: obs.Connect(t)}
	window := s.window()

	// Once OBS is there, two steps are open: their buttons are the bright ones at the right
	// of the dialog, the timer's above the device's.
	var buttons area
	eventually(t, "both steps are open", func() bool {
		var status struct{ Connected bool }
		p.get("/api/obs/status", &status)
		buttons = s.bright(area{600, 250, 900, 600})
		tall := buttons.bottom - buttons.top
		return status.Connected && tall > 50 && tall < 150
	})
	s.click(buttons.right-12, buttons.top+8)
	p.inOBS("OBS has the timer", "Main", "Timer Main", func(i itemInOBS) bool { return near(i.Transform.SourceWidth, 1920) })

	eventually(t, "the other step is open", func() bool {
		buttons = s.bright(area{600, 250, 900, 600})
		return buttons.right-buttons.left > 60
	})
	s.click(buttons.right-12, buttons.bottom-8)
	// The next dialog has one bright button, at its foot.
	var begin area
	eventually(t, "what it may do is asked", func() bool {
		begin = s.bright(area{0, 0, screenWidth, screenHeight})
		return begin.bottom-begin.top > 200 // from the chosen role down to the button
	})
	s.key(window, "Return")
	var waiting struct {
		Pairings []struct{ Code, State, Role string }
	}
	eventually(t, "a code is shown", func() bool {
		p.get("/api/pairing", &waiting)
		return len(waiting.Pairings) == 1 && waiting.Pairings[0].State == "waiting" && len(waiting.Pairings[0].Code) == 6
	})

	tablet := startBrowser(t, "en-US").open(t, p.URL+"/pair", 390, 844, "")
	tablet.press("#again") // this computer itself needs none
	tablet.fill("#name", "Tablet")
	tablet.fill("#code", waiting.Pairings[0].Code) // the sixth digit sends it
	tablet.wait(`location.pathname.endsWith('/controller')`)
	var devices struct {
		Tokens []struct {
			ID, Name, Role string
			Connections    int
		}
	}
	eventually(t, "the tablet is connected as the remote control", func() bool {
		p.get("/api/tokens", &devices)
		return len(devices.Tokens) == 1 && devices.Tokens[0].Name == "Tablet" && devices.Tokens[0].Role == "controller" && devices.Tokens[0].Connections > 0
	})
	tablet.wait(`link.dataset.state === 'live'`)
	tablet.press("#play")
	var state struct{ State string }
	eventually(t, "the timer runs", func() bool {
		p.get("/api/v1/rooms/"+p.room()+"/playback", &state)
		return state.State == "running"
	})

	// Closed, the first steps are not shown again.
	for range 2 { // the code's dialog, then the steps that it came from
		s.key(window, "Escape")
	}
	var settings struct{ Welcomed bool }
	eventually(t, "they were seen", func() bool {
		p.get("/api/settings", &settings)
		return settings.Welcomed
	})
	tablet.tolerate("ERR_CONNECTION_REFUSED", "Error in connection establishment")
	if took := p.stop(); took > 5*3*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

// bright returns the smallest area that holds all points of the colour of the buttons
// that are meant first.
func (s *screen) bright(within area) area { return s.find(within, 0x6c, 0xb2, 0xff) }

// click clicks at a point.
func (s *screen) click(x, y int) {
	s.t.Helper()
	s.mouse("mousemove", x, y)
	s.mouse("click", 1)
}
