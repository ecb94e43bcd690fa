package e2e

import (
	"bytes"
	"net/http"
	"testing"

	"cuewire/obsbridge/obstest"
)

// put changes something by REST.
func (p *program) put(path, body string) {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPut, p.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		p.t.Fatalf("PUT %s: %s", path, answer.Status)
	}
}

// TestCuesDriveOBS runs a show of two cues: the first puts its scene on program,
// and another when its time is up.
func TestCuesDriveOBS(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main Scene", "Titles", "Stage"}})
	p := start(t, t.TempDir(), "--obs", obs.URL())
	s := p.subscribe(`"obs:sceneChanged","obs:connectionChanged"`)
	s.event("obs:connectionChanged", connected(true))
	code := p.room()
	var timers struct{ Timers []struct{ ID string } }
	p.get("/api/v1/rooms/"+code+"/timers", &timers)
	p.put("/api/v1/rooms/"+code+"/timers/"+timers.Timers[0].ID, `{"duration_ms":1000,"obs_scene_start":"Titles","obs_scene_zero":"Stage"}`)
	stage := p.dial("/ws/" + code + "?output=operator")
	stage.send(`{"type":"control","action":"play"}`)
	for _, scene := range []string{"Titles", "Stage"} {
		s.event("obs:sceneChanged", func(data frame) bool { return data["currentScene"] == scene })
	}
}
