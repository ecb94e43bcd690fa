package e2e

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"cuewire/obsbridge/obstest"
)

// reply is an answer of the REST interface, of any status.
type reply struct {
	status int
	header http.Header
	text   []byte
	frame  // nil unless it is a JSON object
}

// ask sends JSON, or nothing, to a path and returns whatever is answered.
func (p *program) ask(method, path, body string) reply {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	r := reply{status: answer.StatusCode, header: answer.Header}
	if r.text, err = io.ReadAll(answer.Body); err != nil {
		p.t.Fatal(err)
	}
	if answer.Header.Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(r.text, &r.frame); err != nil {
			p.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return r
}

// expect is ask for an answer of a known status.
func (p *program) expect(status int, method, path, body string) reply {
	p.t.Helper()
	r := p.ask(method, path, body)
	if r.status != status {
		p.t.Fatalf("%s %s: %d %s, want %d", method, path, r.status, r.text, status)
	}
	return r
}

// items returns what is in a scene, top first; scene is a path segment.
func (p *program) items(scene string) (items []sceneItem) {
	p.t.Helper()
	var list struct{ Items []sceneItem }
	p.get("/api/obs/scenes/"+scene+"/items", &list)
	return list.Items
}

type sceneItem struct {
	ID        int    `json:"sceneItemId"`
	Index     int    `json:"sceneItemIndex"`
	Name      string `json:"sourceName"`
	Visible   bool
	Transform struct{ X, Y, ScaleX, ScaleY, Rotation float64 }
}

// browserSources returns the names of OBS's browser sources and what they show.
func (p *program) browserSources() map[string]string {
	p.t.Helper()
	var list struct {
		BrowserSources []struct{ InputName, URL string }
	}
	p.get("/api/obs/browser-sources", &list)
	found := map[string]string{}
	for _, source := range list.BrowserSources {
		found[source.InputName] = source.URL
	}
	return found
}

// Palco/Ação ? as a path segment.
const oddScene = "Palco%2FA%C3%A7%C3%A3o%20%3F"

func named(key, value string) func(frame) bool {
	return func(data frame) bool { return data[key] == value }
}

// restOBS is a program that works with an OBS over REST, and hears of it on s.
type restOBS struct {
	*program
	s   *socket
	obs *obstest.RealOBS
}

// The steps build on each other.
func TestOBSOverREST(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main Scene", "BRB Scene"}})
	p := restOBS{program: start(t, t.TempDir(), "--obs", obs.URL()), obs: obs}
	p.s = p.subscribe(`"obs:*"`)
	p.s.event("obs:connectionChanged", connected(true))
	p.scenes()
	p.studioMode()
	p.addToOBS()
	p.sceneItems()
	p.outputs()
	p.screenshots()
	p.others()
	p.undo()
	p.moved()
}

func (p restOBS) scenes() {
	p.expect(201, "POST", "/api/obs/scenes", `{"sceneName":"Third"}`)
	p.expect(409, "POST", "/api/obs/scenes", `{"sceneName":"Third"}`)
	p.s.event("obs:sceneCreated", named("sceneName", "Third"))
	p.expect(200, "PUT", "/api/obs/scenes/Third", `{"name":"Palco/Ação ?"}`)
	p.s.event("obs:sceneRenamed", named("sceneName", "Palco/Ação ?"))
	if items := p.items(oddScene); len(items) != 0 {
		p.t.Errorf("a new scene has %v", items)
	}
	if got := p.expect(404, "DELETE", "/api/obs/scenes/Nothing", ""); got.frame["error"] != "Scene 'Nothing' not found in OBS" {
		p.t.Errorf("got %s", got.text)
	}
}

func (p restOBS) studioMode() {
	p.expect(409, "POST", "/api/obs/preview-scene", `{"sceneName":"BRB Scene"}`)
	p.expect(200, "PUT", "/api/obs/studio-mode", `{"on":true}`)
	p.s.event("obs:studioModeChanged", func(data frame) bool { return data["enabled"] == true })
	p.expect(200, "POST", "/api/obs/preview-scene", `{"sceneName":"BRB Scene"}`)
	p.s.event("obs:previewSceneChanged", named("currentScene", "BRB Scene"))
	p.expect(404, "PUT", "/api/obs/transition", `{"name":"Warp"}`)
	p.expect(400, "PUT", "/api/obs/transition", `{"durationMs":1}`)
	p.expect(200, "PUT", "/api/obs/transition", `{"name":"Cut"}`)
	p.expect(200, "POST", "/api/obs/transition", "")
	p.s.event("obs:sceneChanged", named("currentScene", "BRB Scene"))
	p.expect(200, "PUT", "/api/obs/studio-mode", `{"on":false}`)
	p.expect(200, "POST", "/api/obs/current-scene", `{"sceneName":"Main Scene"}`)
	p.s.event("obs:sceneChanged", named("currentScene", "Main Scene"))
}

func (p restOBS) addToOBS() {
	add := `{"sceneName":"Main Scene","url":"/overlay/obs","name":"Overlay","width":640,"height":360}`
	first := p.expect(201, "POST", "/api/obs/browser-sources", add)
	again := p.expect(200, "POST", "/api/obs/browser-sources", add)
	if first.frame["created"] != true || again.frame["created"] != false || again.frame["inputName"] != "Overlay" {
		p.t.Errorf("%s then %s", first.text, again.text)
	}
	if got := p.browserSources(); len(got) != 1 || got["Overlay"] != p.URL+"/overlay/obs" {
		p.t.Errorf("browser sources: %v", got)
	}
	if got := p.items("Main%20Scene"); len(got) != 1 {
		p.t.Errorf("Main Scene has %v", got)
	}
	p.expect(200, "PUT", "/api/obs/browser-sources/Overlay", `{"url":"/r/`+p.room()+`/viewer?background=transparent"}`)
	if got := p.browserSources(); got["Overlay"] != p.URL+"/r/"+p.room()+"/viewer?background=transparent" {
		p.t.Errorf("browser sources: %v", got)
	}
	before := p.obs.Refreshes()
	p.expect(200, "POST", "/api/obs/browser-sources/Overlay/refresh", "")
	eventually(p.t, "OBS has refreshed the source", func() bool { return p.obs.Refreshes() == before+1 })
	p.expect(404, "POST", "/api/obs/browser-sources/Nothing/refresh", "")
}

func (p restOBS) sceneItems() {
	p.expect(201, "POST", "/api/obs/browser-sources", `{"sceneName":"Main Scene","url":"http://127.0.0.1:9/alerts","name":"Alerts","width":320,"height":180}`)
	items := p.items("Main%20Scene")
	if len(items) != 2 || items[0].Name != "Alerts" || items[1].Name != "Overlay" {
		p.t.Fatalf("Main Scene has %+v", items)
	}
	id := items[1].ID
	moved := p.expect(200, "PUT", "/api/obs/scenes/Main%20Scene/items/"+strconv.Itoa(id), `{"index":0,"x":20,"y":10,"scaleX":0.5,"rotation":90,"visible":false}`)
	items = p.items("Main%20Scene")
	if at := items[0]; at.ID != id || at.Visible || at.Transform.X != 20 || at.Transform.Y != 10 || at.Transform.ScaleX != .5 || at.Transform.ScaleY != 1 || at.Transform.Rotation != 90 {
		p.t.Errorf("moved to %+v, answered %s", at, moved.text)
	}
	p.expect(200, "PUT", "/api/obs/scenes/Main%20Scene/items/"+strconv.Itoa(id), `{"visible":true}`)
	p.expect(201, "POST", "/api/obs/scenes/"+oddScene+"/items", `{"sourceName":"Overlay"}`)
	there := p.items(oddScene)
	if len(there) != 1 || there[0].Name != "Overlay" {
		p.t.Fatalf("the other scene has %+v", there)
	}
	p.expect(200, "DELETE", "/api/obs/scenes/"+oddScene+"/items/"+strconv.Itoa(there[0].ID), "")
	p.expect(404, "DELETE", "/api/obs/scenes/"+oddScene+"/items/"+strconv.Itoa(there[0].ID), "")
	if left := p.items(oddScene); len(left) != 0 {
		p.t.Errorf("the other scene has %+v", left)
	}
}

func (p restOBS) outputs() {
	p.expect(409, "POST", "/api/obs/record/stop", "")
	p.expect(409, "POST", "/api/obs/stream/stop", "")
	p.expect(200, "POST", "/api/obs/record/start", "")
	p.s.event("obs:recordStateChanged", func(data frame) bool {
		return data["active"] == true && data["state"] == "OBS_WEBSOCKET_OUTPUT_STARTED"
	})
	outputs := p.expect(200, "GET", "/api/obs/outputs", "")
	if record, _ := outputs.frame["record"].(map[string]any); record["active"] != true {
		p.t.Errorf("recording, and outputs are %s", outputs.text)
	}
	p.expect(409, "PUT", "/api/obs/profile", `{"profile":"Untitled"}`)
	p.s.event("obs:statsUpdate", func(data frame) bool { return data["stats"].(map[string]any)["outputTotalFrames"].(float64) > 10 })
	stopped := p.expect(200, "POST", "/api/obs/record/stop", "")
	p.s.event("obs:recordStateChanged", func(data frame) bool { return data["state"] == "OBS_WEBSOCKET_OUTPUT_STOPPED" })
	path, _ := stopped.frame["path"].(string)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		p.t.Errorf("recorded to %q: %v", path, err)
	}
}

func (p restOBS) screenshots() {
	for query, width := range map[string]int{"?source=Main%20Scene&width=320&format=png": 320, "?format=png": 640} {
		shot := p.expect(200, "GET", "/api/obs/screenshot"+query, "")
		if kind, cache := shot.header.Get("Content-Type"), shot.header.Get("Cache-Control"); kind != "image/png" || cache != "no-store" {
			p.t.Errorf("%s: %s, %s", query, kind, cache)
		}
		picture, err := png.Decode(bytes.NewReader(shot.text))
		if err != nil {
			p.t.Fatal(err)
		}
		if size := picture.Bounds().Size(); size.X != width || size.Y != width*360/640 {
			p.t.Errorf("%s: %v", query, size)
		}
	}
	if got := p.expect(200, "GET", "/api/obs/screenshot", "").header.Get("Content-Type"); got != "image/jpeg" {
		p.t.Errorf("without a format: %s", got)
	}
	p.expect(404, "GET", "/api/obs/screenshot?source=Nothing", "")
}

func (p restOBS) others() {
	inputs := p.expect(200, "GET", "/api/obs/inputs?kind=browser_source", "")
	if list, _ := inputs.frame["inputs"].([]any); len(list) != 2 {
		p.t.Errorf("inputs: %s", inputs.text)
	}
	p.expect(404, "PUT", "/api/obs/inputs/Nothing", `{"muted":true}`)
	if got := p.expect(200, "GET", "/api/obs/collection", ""); got.frame["sceneCollection"] != "Untitled" {
		p.t.Errorf("got %s", got.text)
	}
	p.expect(404, "POST", "/api/obs/vendor", `{"vendor":"nobody","request":"x"}`)
	p.expect(409, "DELETE", "/api/obs/instances/local", "")
	added := p.expect(201, "POST", "/api/obs/instances", `{"name":"Spare","host":"127.0.0.1","port":1,"password":"hunter2"}`)
	id, _ := added.frame["id"].(string)
	if list := p.expect(200, "GET", "/api/obs/instances", ""); !strings.Contains(string(list.text), id) || strings.Contains(string(list.text), "hunter2") {
		p.t.Errorf("instances: %s", list.text)
	}
	p.expect(200, "DELETE", "/api/obs/instances/"+id, "")
	p.expect(404, "DELETE", "/api/obs/instances/"+id, "")
}

func (p restOBS) undo() {
	for _, left := range []int{1, 0} {
		p.expect(200, "POST", "/api/obs/browser-sources/undo", "")
		if got := p.browserSources(); len(got) != left {
			p.t.Errorf("left: %v", got)
		}
	}
	p.expect(409, "POST", "/api/obs/browser-sources/undo", "")
	p.expect(200, "DELETE", "/api/obs/scenes/"+oddScene, "")
	p.s.event("obs:sceneRemoved", named("sceneName", "Palco/Ação ?"))
}

// moved has a Cuewire at another address find what was made for this one.
func (p restOBS) moved() {
	p.expect(201, "POST", "/api/obs/browser-sources", `{"sceneName":"","url":"/overlay/obs?room=A%26B","name":"Palco/1"}`)
	other := start(p.t, p.t.TempDir(), "--obs", p.obs.URL())
	other.subscribe(`"obs:*"`).event("obs:connectionChanged", connected(true))
	update := func() *string {
		p.t.Helper()
		var list struct {
			BrowserSources []struct{ UpdateURL *string }
		}
		other.get("/api/obs/browser-sources", &list)
		if len(list.BrowserSources) != 1 {
			p.t.Fatalf("%d browser sources", len(list.BrowserSources))
		}
		return list.BrowserSources[0].UpdateURL
	}
	wanted := other.URL + "/overlay/obs?room=A%26B"
	offered := update()
	if offered == nil || *offered != wanted {
		p.t.Fatalf("offered %v", offered)
	}
	other.expect(200, "PUT", "/api/obs/browser-sources/Palco%2F1", `{"url":"`+*offered+`"}`)
	if got := other.browserSources()["Palco/1"]; got != wanted || update() != nil {
		p.t.Errorf("updated to %s, then offered %v", got, update())
	}
}
