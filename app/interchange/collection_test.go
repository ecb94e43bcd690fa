package interchange_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
	"cuewire/app/interchange"
)

// As OBS 30 writes it: defaults are left out, items go from the back to the front.
const collectionFile = `{"name":"Show","current_scene":"Main","scene_order":[{"name":"Main"}],"sources":[
	{"id":"browser_source","versioned_id":"browser_source","name":"Chat","uuid":"u1","settings":{"url":"https://example.com/chat?key=1","width":400,"height":600,
		"css":"body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }\np { color: red }","fps_custom":true,"fps":60,"shutdown":true}},
	{"id":"browser_source","name":"Local","uuid":"u2","settings":{"is_local_file":true,"local_file":"C:/Users/Ana/a b.html"}},
	{"id":"image_source","name":"Photo","uuid":"u3","settings":{"file":"/a.png"}},
	{"id":"scene","name":"Main","settings":{"items":[
		{"name":"Photo","source_uuid":"u3","visible":true,"pos":{"x":0,"y":0},"scale":{"x":1,"y":1}},
		{"name":"Chat","source_uuid":"u1","visible":true,"pos":{"x":640,"y":360},"rot":0,"scale":{"x":0.5,"y":0.5},"align":0,"bounds_type":0},
		{"name":"Local","visible":false,"pos":{"x":0,"y":0},"scale":{"x":1,"y":1},"align":5,"bounds_type":1,"bounds":{"x":1280,"y":720}}]}},
	{"id":"scene","name":"Other","settings":{}}]}`

func TestBrowserSourcesOfACollection(t *testing.T) {
	got, err := interchange.BrowserSources([]byte(collectionFile))
	if err != nil {
		t.Fatal(err)
	}
	source := func(name, url, css string, width, height, fps int, load app.SourceLoad, at app.Placement) app.SourceInOBS {
		own := app.WayOwn
		return app.SourceInOBS{
			Input:  name,
			Fields: app.SourceFields{Name: &name, URL: &url, Width: &width, Height: &height, RefreshRate: &fps, CSS: &css, Way: &own, Load: &load},
			Places: []app.PlacementIn{{Scene: "Main", Config: at}},
		}
	}
	want := []app.SourceInOBS{
		source("Chat", "https://example.com/chat?key=1", "p { color: red }", 400, 600, 60, app.LoadUnload,
			app.Placement{X: 540, Y: 210, Width: 400, Height: 600, ScaleX: 0.5, ScaleY: 0.5, Visible: true, ZIndex: 1}),
		source("Local", "file:///C:/Users/Ana/a%20b.html", "", 800, 600, 60, app.LoadKeep,
			app.Placement{Width: 800, Height: 600, ScaleX: 1.6, ScaleY: 1.2, ZIndex: 2}),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoCollection(t *testing.T) {
	for _, file := range []string{"", "null", "[]", `{"name":"x"}`, `{"sources":5}`, "PK"} {
		if _, err := interchange.BrowserSources([]byte(file)); app.CodeOf(err) != app.CodeInvalid {
			t.Errorf("%q: %v", file, err)
		}
	}
}

func FuzzBrowserSources(f *testing.F) {
	f.Add([]byte(collectionFile))
	f.Add([]byte(`{"sources":[{"id":"browser_source","name":"a"},{"id":"scene","name":"s","settings":{"items":[
		{"name":"a","scale":{"x":0,"y":1e308},"pos":{"x":1e308,"y":0},"bounds_type":2,"align":0,"crop_left":900}]}}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		found, err := interchange.BrowserSources(file)
		if err == nil && found == nil {
			t.Error("neither sources nor an error")
		}
		if _, err := json.Marshal(found); err != nil {
			t.Error(err)
		}
	})
}
