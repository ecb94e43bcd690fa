package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cuewire/obsbridge/obstest"
)

// documented starts the receiver of docs/automation.md and returns where it listens
// and what it says.
func documented(t *testing.T) (address string, says func() string) {
	t.Helper()
	needCommand(t, "node", "nodejs")
	text, err := os.ReadFile("../../docs/automation.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(text), "```js\n")
	code, _, found := strings.Cut(code, "```")
	if !found {
		t.Fatal("no receiver in docs/automation.md")
	}
	file := filepath.Join(t.TempDir(), "receiver.mjs")
	if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), "node", file, "0")
	run.Stderr = os.Stderr
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		run.Process.Kill()
		run.Wait() // how it ended is our doing
	})
	lines := bufio.NewScanner(out)
	says = func() string {
		t.Helper()
		if !lines.Scan() {
			t.Fatal("the receiver ended")
		}
		return lines.Text()
	}
	port, _ := strings.CutPrefix(says(), "listening on ")
	return "http://127.0.0.1:" + port, says
}

// TestARundownRunsByItself goes through a show with a real OBS in which a person
// touches nothing but OBS: a scene starts a timer, the timer shows its own scene and
// its message, and at its end another, and a webhook hears of both.
func TestARundownRunsByItself(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Lobby", "Stage", "Titles", "Break"}})
	hook, says := documented(t)
	p := start(t, t.TempDir(), "--obs", obs.URL())
	s := p.subscribe(`"obs:sceneChanged","obs:connectionChanged","timers:start","timers:sound","messages:show"`)
	s.event("obs:connectionChanged", connected(true))
	code := p.room()
	var timers struct{ Timers []struct{ ID string } }
	p.get("/api/v1/rooms/"+code+"/timers", &timers)
	talk := timers.Timers[1].ID
	p.put("/api/v1/rooms/"+code+"/timers/"+talk, fmt.Sprintf(`{"name":"Talk","duration_ms":1000,"start_on_scene":"Stage","obs_scene_start":"Titles",
		"obs_scene_zero":"Break","message_zero":"Time is up","sound_zero":"gong","webhook_start":"%[1]s/cue","webhook_zero":"%[1]s/cue"}`, hook))
	// What Cuewire switches to starts nothing, though a timer waits for it.
	p.put("/api/v1/rooms/"+code+"/timers/"+timers.Timers[2].ID, `{"name":"Break","start_on_scene":"Break"}`)
	var ready struct{ Missing []struct{} }
	if p.get("/api/v1/rooms/"+code+"/preflight", &ready); len(ready.Missing) > 0 {
		t.Errorf("missing: %+v", ready)
	}
	p.expect(http.StatusOK, http.MethodPost, "/api/obs/current-scene", `{"sceneName":"Stage"}`)
	s.event("timers:start", func(data frame) bool { return data["timerId"] == talk })
	var sound, message, scene bool
	s.until("what it does at zero", func(f frame) bool {
		data, _ := f["data"].(map[string]any)
		switch f["event"] {
		case "timers:start":
			t.Errorf("another start: %v", data)
		case "timers:sound":
			sound = data["sound"] == "gong"
		case "messages:show":
			m, _ := data["message"].(map[string]any)
			message = m["text"] == "Time is up"
		case "obs:sceneChanged":
			scene = data["currentScene"] == "Break"
		}
		return sound && message && scene
	})
	for _, want := range []string{"Main: Talk starts", "Main: Talk is over"} {
		if got := says(); got != want {
			t.Errorf("the webhook says %q, not %q", got, want)
		}
	}
	for _, scene := range []string{"Lobby", "Break"} { // a person's doing
		p.expect(http.StatusOK, http.MethodPost, "/api/obs/current-scene", `{"sceneName":"`+scene+`"}`)
		s.event("obs:sceneChanged", func(data frame) bool { return data["currentScene"] == scene })
	}
	s.event("timers:start", func(data frame) bool { return data["timerId"] == timers.Timers[2].ID })
}

// TestTheStreamStartsATimer uses a scripted OBS, since a real one streams to nobody.
func TestTheStreamStartsATimer(t *testing.T) {
	obs := obstest.NewServer(t, "secret", "Lobby", "Stage")
	p := start(t, t.TempDir(), "--obs", fmt.Sprintf("obsws://127.0.0.1:%d/secret", obs.Port))
	s := p.subscribe(`"obs:connectionChanged","timers:start"`)
	s.event("obs:connectionChanged", connected(true))
	code := p.room()
	var timers struct{ Timers []struct{ ID string } }
	p.get("/api/v1/rooms/"+code+"/timers", &timers)
	live, stage := timers.Timers[1].ID, timers.Timers[2].ID
	p.put("/api/v1/rooms/"+code+"/timers/"+live, `{"start_on_stream":true}`)
	p.put("/api/v1/rooms/"+code+"/timers/"+stage, `{"start_on_scene":"Stage"}`)
	stream := func(active bool, state string) {
		obs.Each(func(c *obstest.Conn) {
			c.Event("StreamStateChanged", map[string]any{"outputActive": active, "outputState": "OBS_WEBSOCKET_OUTPUT_" + state})
		})
	}
	stream(false, "STARTING")
	stream(true, "STARTED")
	s.event("timers:start", func(data frame) bool { return data["timerId"] == live })
	p.expect(http.StatusOK, http.MethodPost, "/api/v1/rooms/"+code+"/playback", `{"action":"stop"}`)
	// What changed while OBS was away starts nothing, what changes then does.
	obs.Down()
	obs.SetQuietly("Stage")
	s.event("obs:connectionChanged", connected(false))
	obs.Up()
	s.event("obs:connectionChanged", connected(true))
	stream(false, "STOPPED")
	stream(true, "STARTED")
	started := s.event("timers:start", func(frame) bool { return true })
	if started["timerId"] != live {
		t.Errorf("%v started", started)
	}
}
