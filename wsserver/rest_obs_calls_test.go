package wsserver

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
)

// scriptedOBS is an OBS that does nothing and answers everything, or refuses.
type scriptedOBS struct {
	mu    sync.Mutex // guards what follows
	asked []app.OBSCommand
	fault error // every command's answer, nil for none
}

// refuse has every command fail from now on, until it is called with nil.
func (o *scriptedOBS) refuse(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fault = err
}

const (
	slashed = "Ação/2 ü?" // a scene's name
	foreign = "https://alerts.example/KEY?token=secret"
)

func (o *scriptedOBS) DoOBS(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, cmd)
	if o.fault != nil {
		return nil, o.fault
	}
	volume, muted := -6.5, true
	switch c := cmd.(type) {
	case app.ListSceneItems:
		return []app.OBSSceneItem{
			{ID: 7, SourceName: "Timer", SourceKind: "browser_source", Visible: true, X: 1, Y: 2, Width: 3, Height: 4, ScaleX: 5, ScaleY: 6, Rotation: 7},
			{ID: 3, SourceName: "Camera", SourceKind: "v4l2_input"},
		}, nil
	case app.AddSceneItem:
		return app.OBSSceneItem{ID: 9, SourceName: c.Source, SourceKind: "image_source", Visible: true, ScaleX: 1, ScaleY: 1}, nil
	case app.StopRecord:
		return "/videos/1.mkv", nil
	case app.ListInputs:
		return []app.OBSInput{{Name: "Mic", UUID: "u1", Kind: "pulse", Muted: &muted, VolumeDB: &volume}, {Name: "Logo", Kind: "image_source"}}, nil
	case app.TakeScreenshot:
		return app.OBSScreenshot{ContentType: "image/png", Data: []byte("a picture")}, nil
	case app.CallVendor:
		return map[string]any{"ok": true}, nil
	case app.ListBrowserSources:
		return []app.OBSBrowserSource{
			{Input: "Alerts/1", URL: foreign, Width: 800, Height: 600, Showing: true},
			{Input: "Timer", URL: "http://127.0.0.1:1/r/ABC234/viewer", Page: "/r/ABC234/viewer", Width: 1920, Height: 1080, FPS: 60},
			{Input: "undo", URL: foreign},
		}, nil
	case app.AddBrowserSource:
		return app.AddedBrowserSource{Input: c.Name, Created: true, Items: []app.OBSPlacedItem{{Scene: "Main", Item: 4}}}, nil
	case app.ListOBS:
		return []app.OBSInstance{{Active: true}, {ID: "i1", Name: "Studio", Host: "10.0.0.5", Port: 4455}}, nil
	case app.AddOBS:
		return app.OBSInstance{ID: "i2", Name: c.Name, Host: c.Host, Port: c.Port}, nil
	}
	return nil, nil
}

// took returns what was asked since it was called last.
func (o *scriptedOBS) took() []app.OBSCommand {
	o.mu.Lock()
	defer o.mu.Unlock()
	asked := o.asked
	o.asked = nil
	return asked
}

// withOBS is a core whose OBS is connected.
func withOBS() *scripted {
	core := newScripted()
	core.change(func(s *app.Snapshot) {
		s.OBS = app.OBSState{
			Phase: app.OBSConnected, Host: "127.0.0.1", Port: 4455, Scenes: []app.OBSScene{{Name: "Main"}, {Name: slashed}},
			CurrentScene: "Main", PreviewScene: slashed, StudioMode: true, Transition: "Fade", TransitionDuration: 300,
			Transitions: []string{"Cut", "Fade"}, Profile: "Untitled", Profiles: []string{"Untitled"}, Collection: "Show",
			Record: app.OBSOutput{Active: true, State: "OBS_WEBSOCKET_OUTPUT_STARTED"},
		}
	})
	return core
}

// obsCall is one call that succeeds, and what it asks of OBS.
type obsCall struct {
	method, path, body string
	admin              bool // operators may not
	status             int
	asks               []app.OBSCommand
	answer             string // JSON; HERE stands for our address; "" is not looked at
	known              bool   // answered from what is known, OBS isn't asked
}

func ptr[T any](v T) *T { return &v }

const aScene = "A%C3%A7%C3%A3o%2F2%20%C3%BC%3F"

// obsCalls is every call of docs/protocols/rest-obs.md at least once.
var obsCalls = []obsCall{
	{method: "POST", path: "scenes", body: `{"sceneName":"New"}`, status: 201, asks: []app.OBSCommand{app.CreateScene{Scene: "New"}}, answer: `{"success":true,"message":"Scene created","sceneName":"New"}`},
	{method: "PUT", path: "scenes/" + aScene, body: `{"name":"Other"}`, status: 200, asks: []app.OBSCommand{app.RenameScene{Scene: slashed, Name: "Other"}}, answer: `{"success":true,"message":"Scene renamed","previousName":"` + slashed + `","sceneName":"Other"}`},
	{method: "DELETE", path: "scenes/Main", status: 200, asks: []app.OBSCommand{app.RemoveScene{Scene: "Main"}}, answer: `{"success":true,"message":"Scene removed","sceneName":"Main"}`},

	{method: "GET", path: "scenes/" + aScene + "/items", status: 200, asks: []app.OBSCommand{app.ListSceneItems{Scene: slashed}}, answer: `{"sceneName":"` + slashed + `","items":[
		{"sceneItemId":7,"sceneItemIndex":0,"sourceName":"Timer","sourceType":"browser_source","visible":true,"transform":{"x":1,"y":2,"width":3,"height":4,"scaleX":5,"scaleY":6,"rotation":7}},
		{"sceneItemId":3,"sceneItemIndex":1,"sourceName":"Camera","sourceType":"v4l2_input","visible":false,"transform":{"x":0,"y":0,"width":0,"height":0,"scaleX":0,"scaleY":0,"rotation":0}}]}`},
	{method: "POST", path: "scenes/Main/items", body: `{"sourceName":"Logo"}`, status: 201, asks: []app.OBSCommand{app.AddSceneItem{Scene: "Main", Source: "Logo"}}, answer: `{"sceneItemId":9,"sceneItemIndex":0,"sourceName":"Logo","sourceType":"image_source","visible":true,"transform":{"x":0,"y":0,"width":0,"height":0,"scaleX":1,"scaleY":1,"rotation":0}}`},
	{
		method: "PUT", path: "scenes/Main/items/7", body: `{"visible":false,"index":1,"x":10,"rotation":90}`, status: 200,
		asks: []app.OBSCommand{
			app.ListSceneItems{Scene: "Main"},
			app.PlaceSceneItem{Scene: "Main", Item: 7, X: ptr(10.0), Rotation: ptr(90.0)},
			app.MoveSceneItem{Scene: "Main", Item: 7, Place: 1},
			app.ShowSceneItem{Scene: "Main", Item: 7},
			app.ListSceneItems{Scene: "Main"},
		},
		answer: `{"sceneItemId":7,"sceneItemIndex":0,"sourceName":"Timer","sourceType":"browser_source","visible":true,"transform":{"x":1,"y":2,"width":3,"height":4,"scaleX":5,"scaleY":6,"rotation":7}}`,
	},
	{method: "DELETE", path: "scenes/Main/items/7", status: 200, asks: []app.OBSCommand{app.RemoveSceneItem{Scene: "Main", Item: 7}}, answer: `{"success":true,"message":"Scene item removed","sceneName":"Main","sceneItemId":7}`},

	{method: "GET", path: "studio-mode", status: 200, known: true, answer: `{"on":true}`},
	{method: "PUT", path: "studio-mode", body: `{"on":false}`, status: 200, asks: []app.OBSCommand{app.SetStudioMode{}}, answer: `{"success":true,"message":"Studio mode is off","on":false}`},
	{method: "PUT", path: "studio-mode", body: `{"on":true}`, status: 200, asks: []app.OBSCommand{app.SetStudioMode{On: true}}},
	{method: "GET", path: "preview-scene", status: 200, known: true, answer: `{"sceneName":"` + slashed + `"}`},
	{method: "POST", path: "preview-scene", body: `{"sceneName":"Main"}`, status: 200, asks: []app.OBSCommand{app.SwitchPreview{Scene: "Main"}}, answer: `{"success":true,"message":"Preview switched to Main","previousScene":"` + slashed + `","currentScene":"Main"}`},
	{method: "GET", path: "transition", status: 200, known: true, answer: `{"name":"Fade","durationMs":300,"transitions":["Cut","Fade"]}`},
	{method: "PUT", path: "transition", body: `{"name":"Cut"}`, status: 200, asks: []app.OBSCommand{app.SetTransition{Name: "Cut"}}},
	{method: "PUT", path: "transition", body: `{"durationMs":500}`, status: 200, asks: []app.OBSCommand{app.SetTransition{Duration: ptr(app.Millis(500))}}, answer: `{"success":true,"message":"Transition set"}`},
	{method: "POST", path: "transition", status: 200, asks: []app.OBSCommand{app.TriggerTransition{}}},

	{method: "GET", path: "outputs", status: 200, known: true},
	{method: "POST", path: "stream/start", status: 200, asks: []app.OBSCommand{app.StartStream{}}},
	{method: "POST", path: "stream/stop", status: 200, asks: []app.OBSCommand{app.StopStream{}}},
	{method: "POST", path: "stream/stop", body: `{"confirm":true}`, status: 200, asks: []app.OBSCommand{app.StopStream{Confirm: true}}},
	{method: "POST", path: "record/start", status: 200, asks: []app.OBSCommand{app.StartRecord{}}},
	{method: "POST", path: "record/stop", status: 200, asks: []app.OBSCommand{app.StopRecord{}}, answer: `{"success":true,"message":"The recording is stopping","path":"/videos/1.mkv"}`},
	{method: "POST", path: "record/pause", status: 200, asks: []app.OBSCommand{app.PauseRecord{}}},
	{method: "POST", path: "record/resume", status: 200, asks: []app.OBSCommand{app.ResumeRecord{}}},
	{method: "POST", path: "replay/start", status: 200, asks: []app.OBSCommand{app.StartReplay{}}},
	{method: "POST", path: "replay/stop", status: 200, asks: []app.OBSCommand{app.StopReplay{}}},
	{method: "POST", path: "replay/save", status: 200, asks: []app.OBSCommand{app.SaveReplay{}}},
	{method: "POST", path: "virtual-camera/start", status: 200, asks: []app.OBSCommand{app.StartVirtualCam{}}},
	{method: "POST", path: "virtual-camera/stop", status: 200, asks: []app.OBSCommand{app.StopVirtualCam{}}},

	{method: "GET", path: "inputs?kind=pulse", status: 200, asks: []app.OBSCommand{app.ListInputs{Kind: "pulse"}}, answer: `{"inputs":[{"inputName":"Mic","inputUuid":"u1","inputKind":"pulse","muted":true,"volumeDb":-6.5},{"inputName":"Logo","inputKind":"image_source","muted":null,"volumeDb":null}]}`},
	{method: "PUT", path: "inputs/Mic%2FAux", body: `{"muted":false,"volumeDb":-100}`, status: 200, asks: []app.OBSCommand{app.SetVolume{Input: "Mic/Aux", DB: -100}, app.SetMute{Input: "Mic/Aux"}}, answer: `{"success":true,"message":"Input set","inputName":"Mic/Aux","muted":false,"volumeDb":-100}`},
	{method: "PUT", path: "inputs/Mic", body: `{"volumeDb":26}`, status: 200, asks: []app.OBSCommand{app.SetVolume{Input: "Mic", DB: 26}}},
	{method: "GET", path: "screenshot?source=Main&width=320&format=png", status: 200, asks: []app.OBSCommand{app.TakeScreenshot{Source: "Main", Width: 320, Format: "png"}}},
	{method: "GET", path: "screenshot", status: 200, asks: []app.OBSCommand{app.TakeScreenshot{Source: "Main"}}},

	{method: "GET", path: "profile", status: 200, known: true, answer: `{"profile":"Untitled","profiles":["Untitled"]}`},
	{method: "PUT", path: "profile", body: `{"profile":"Stream"}`, admin: true, status: 200, asks: []app.OBSCommand{app.SwitchProfile{Profile: "Stream"}}},
	{method: "GET", path: "collection", status: 200, known: true, answer: `{"sceneCollection":"Show","sceneCollections":[],"changing":false}`},
	{method: "PUT", path: "collection", body: `{"sceneCollection":"Gala"}`, admin: true, status: 200, asks: []app.OBSCommand{app.SwitchCollection{Collection: "Gala"}}},
	{method: "POST", path: "vendor", body: `{"vendor":"obs-browser","request":"emit_event","data":{"event_name":"x"}}`, admin: true, status: 200, asks: []app.OBSCommand{app.CallVendor{Vendor: "obs-browser", Request: "emit_event", Data: map[string]any{"event_name": "x"}}}, answer: `{"success":true,"message":"OBS's plugin has answered","responseData":{"ok":true}}`},

	{
		method: "GET", path: "browser-sources", status: 200, asks: []app.OBSCommand{app.ListBrowserSources{}},
		answer: `{"browserSources":[
		{"inputName":"Alerts/1","url":"` + foreign + `","width":800,"height":600,"fps":0,"audio":false,"showing":true,"active":false,"ours":false,"updateUrl":null},
		{"inputName":"Timer","url":"http://127.0.0.1:1/r/ABC234/viewer","page":"/r/ABC234/viewer","width":1920,"height":1080,"fps":60,"audio":false,"showing":false,"active":false,"ours":true,"updateUrl":"HERE/r/ABC234/viewer"},
		{"inputName":"undo","url":"` + foreign + `","width":0,"height":0,"fps":0,"audio":false,"showing":false,"active":false,"ours":false,"updateUrl":null}]}`,
	},
	{
		method: "POST", path: "browser-sources", body: `{"sceneName":"Main","url":"/r/ABC234/viewer/?only=timer&background=transparent","name":"Timer","fps":30}`, admin: true, status: 201,
		asks: []app.OBSCommand{app.AddBrowserSource{
			Page: "/r/ABC234/viewer?background=transparent&only=timer", Scene: "Main", Name: "Timer",
			URL: "HERE/r/ABC234/viewer/?only=timer&background=transparent", Width: 1920, Height: 1080, FPS: 30,
		}},
		answer: `{"success":true,"message":"Browser source made","inputName":"Timer","created":true,"items":[{"sceneName":"Main","sceneItemId":4}],"url":"HERE/r/ABC234/viewer/?only=timer&background=transparent"}`,
	},
	{
		method: "POST", path: "browser-sources", body: `{"sceneName":"","url":"` + foreign + `","width":800,"height":600,"x":5,"scaleY":0.5,"audio":true}`, admin: true, status: 201,
		asks: []app.OBSCommand{app.AddBrowserSource{
			Name: "Cuewire", URL: foreign, Width: 800, Height: 600, Audio: true, Place: &app.OBSPlace{X: 5, ScaleX: 1, ScaleY: .5},
		}},
	},
	{method: "PUT", path: "browser-sources/Alerts%2F1", body: `{"url":"/overlay/obs"}`, admin: true, status: 200, asks: []app.OBSCommand{app.ListBrowserSources{}, app.UpdateBrowserSourceURL{Input: "Alerts/1", URL: "HERE/overlay/obs", Page: "/overlay/obs"}}, answer: `{"success":true,"message":"Browser source set","inputName":"Alerts/1","url":"HERE/overlay/obs"}`},
	{method: "PUT", path: "browser-sources/undo", body: `{"url":"` + foreign + `"}`, admin: true, status: 200, asks: []app.OBSCommand{app.ListBrowserSources{}, app.UpdateBrowserSourceURL{Input: "undo", URL: foreign}}},
	{method: "POST", path: "browser-sources/Alerts%2F1/refresh", status: 200, asks: []app.OBSCommand{app.RefreshBrowserSource{Input: "Alerts/1"}}},

	{method: "GET", path: "instances", admin: true, status: 200, asks: []app.OBSCommand{app.ListOBS{}}, answer: `{"instances":[{"id":"local","name":"","host":"","port":0,"active":true},{"id":"i1","name":"Studio","host":"10.0.0.5","port":4455,"active":false}]}`},
	{method: "POST", path: "instances", body: `{"name":"B","host":"10.0.0.6","port":4456,"password":"hunter3"}`, admin: true, status: 201, asks: []app.OBSCommand{app.AddOBS{Name: "B", Host: "10.0.0.6", Port: 4456, Password: "hunter3"}}, answer: `{"id":"i2","name":"B","host":"10.0.0.6","port":4456,"active":false}`},
	{method: "DELETE", path: "instances/i1", admin: true, status: 200, asks: []app.OBSCommand{app.RemoveOBS{ID: "i1"}}, answer: `{"success":true,"id":"i1"}`},
	{method: "POST", path: "instances/i1/activate", admin: true, status: 200, asks: []app.OBSCommand{app.ActivateOBS{ID: "i1"}}},
	{method: "POST", path: "instances/local/activate", admin: true, status: 200, asks: []app.OBSCommand{app.ActivateOBS{}}, answer: `{"success":true,"message":"Connected to OBS","connectionDetails":{"host":"127.0.0.1","port":4455,"connected":true}}`},
}

func (c obsCall) name() string { return c.method + " " + c.path + " " + c.body }

// send makes the call and returns the answer.
func (c obsCall) send(t *testing.T, s *Server) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), c.method, s.Addresses()[0]+"/api/obs/"+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: %q", got)
	}
	return resp, text
}

func TestOBSCalls(t *testing.T) {
	obs := &scriptedOBS{}
	s := start(t, withOBS(), func(c *Config) { c.OBS = obs })
	here := strings.NewReplacer("HERE", s.Addresses()[0])
	for _, c := range obsCalls {
		t.Run(c.name(), func(t *testing.T) {
			resp, text := c.send(t, s)
			if resp.StatusCode != c.status {
				t.Fatalf("%s %s, want %d", resp.Status, text, c.status)
			}
			for i, cmd := range c.asks {
				switch cmd := cmd.(type) {
				case app.AddBrowserSource:
					cmd.URL = here.Replace(cmd.URL)
					c.asks[i] = cmd
				case app.UpdateBrowserSourceURL:
					cmd.URL = here.Replace(cmd.URL)
					c.asks[i] = cmd
				}
			}
			if diff := cmp.Diff(c.asks, obs.took()); diff != "" {
				t.Errorf("asks OBS (-want +got):\n%s", diff)
			}
			if strings.HasPrefix(c.path, "screenshot") {
				if kind := resp.Header.Get("Content-Type"); kind != "image/png" || string(text) != "a picture" {
					t.Errorf("%s %q", kind, text)
				}
				return
			}
			var want, got any
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatalf("%v in %s", err, text)
			}
			if c.answer == "" {
				return
			}
			if err := json.Unmarshal([]byte(here.Replace(c.answer)), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			if strings.Contains(string(text), "hunter") {
				t.Errorf("a password in %s", text)
			}
		})
	}
}
