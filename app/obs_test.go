package app_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
)

// Every event about OBS is in docs/obs.md, and nothing else is.
func TestOBSEventsAreDocumented(t *testing.T) {
	docs, err := os.ReadFile(filepath.Join("..", "docs", "obs.md"))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{
		app.OBSFileSaved{Kind: app.RecordFile}.EventName():     true,
		app.OBSFileSaved{Kind: app.ReplayFile}.EventName():     true,
		app.OBSFileSaved{Kind: app.ScreenshotFile}.EventName(): true,
	}
	files, err := filepath.Glob("obs*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	name := regexp.MustCompile(`return "(obs:\w+)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range name.FindAllStringSubmatch(string(text), -1) {
			told[match[1]] = true
		}
	}
	for event := range told {
		if !strings.Contains(string(docs), "`"+event+"`") {
			t.Errorf("%s is not in docs/obs.md", event)
		}
	}
	for _, match := range regexp.MustCompile("`(obs:\\w+)`").FindAllStringSubmatch(string(docs), -1) {
		if !told[match[1]] {
			t.Errorf("%s is in docs/obs.md alone", match[1])
		}
	}
}

func TestOBSFacts(t *testing.T) {
	scenes := []app.OBSScene{{Name: "One"}, {Name: "Two"}}
	one, two := "One", "Two"
	connected := app.OBSPhaseFact{Phase: app.OBSConnected, Host: "h", Port: 1, ConnectionID: "obs-conn-1", OBSVersion: "30", WebSocketVersion: "5.5", At: 5000}
	sync := app.OBSResyncFact{Scenes: scenes, CurrentScene: "One", Collection: app.OBSCollectionFact{Name: "C", Names: []string{"C"}}}
	var s app.OBSState
	for _, step := range []struct {
		name string
		fact app.OBSFact
		want []string
		is   func(app.OBSState) bool
	}{
		{"connected", connected, []string{"obs:phaseChanged", "obs:connectionChanged"}, func(s app.OBSState) bool { return s.Connected() && s.LastConnected.Unix() == 5 }},
		{"told once", connected, nil, nil},
		{"in step", sync, []string{"obs:sceneCollectionChanged", "obs:sceneListChanged", "obs:sceneChanged"}, func(s app.OBSState) bool { return s.CurrentScene == "One" }},
		{"in step again", sync, nil, nil},
		{"another scene", app.OBSSceneFact{Scene: "Two"}, []string{"obs:sceneChanged"}, func(s app.OBSState) bool { return s.CurrentScene == "Two" }},
		{"the same scene", app.OBSSceneFact{Scene: "Two"}, nil, nil},
		{"another name", app.OBSSceneRenamedFact{Before: "Two", After: "Zwei"}, []string{"obs:sceneRenamed"}, func(s app.OBSState) bool { return s.CurrentScene == "Zwei" && s.SceneIndex("Zwei") == 1 }},
		{"the list after it", app.OBSScenesFact{Scenes: []app.OBSScene{{Name: "One"}, {Name: "Zwei"}}}, nil, nil},
		{"studio mode", app.OBSStudioModeFact{On: true}, []string{"obs:studioModeChanged"}, nil},
		{"preview", app.OBSPreviewFact{Scene: "One"}, []string{"obs:previewSceneChanged"}, nil},
		{"studio mode off", app.OBSStudioModeFact{}, []string{"obs:studioModeChanged", "obs:previewSceneChanged"}, func(s app.OBSState) bool { return s.PreviewScene == "" }},
		{"live", app.OBSStreamFact{Output: app.OBSOutput{Active: true}}, []string{"obs:streamStateChanged"}, nil},
		{"live for longer", app.OBSStreamFact{Output: app.OBSOutput{Active: true, Duration: 1000}}, nil, func(s app.OBSState) bool { return s.Stream.Duration == 1000 }},
		{"statistics", app.OBSStatsFact{Stats: app.OBSStats{FPS: 60}}, []string{"obs:statsUpdate"}, nil},
		{"a notice", app.OBSNoticeFact{Event: app.OBSExiting{}}, []string{"obs:exitStarted"}, nil},
		{"lost", app.OBSPhaseFact{Phase: app.OBSLost, Host: "h", Port: 1, RetryAt: 9000}, []string{"obs:phaseChanged", "obs:connectionChanged"}, func(s app.OBSState) bool {
			return s.Stats == nil && !s.Stream.Active && s.CurrentScene == "Zwei" && s.ConnectionID == ""
		}},
		{"the next try", app.OBSPhaseFact{Phase: app.OBSLost, Host: "h", Port: 1, RetryAt: 19_000}, []string{"obs:phaseChanged"}, nil},
	} {
		var events []app.EventBody
		s, events = step.fact.Apply(s)
		var got []string
		for _, e := range events {
			got = append(got, e.EventName())
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
		if step.is != nil && !step.is(s) {
			t.Errorf("%s: state %+v", step.name, s)
		}
	}
	if scenes[1].Name != two {
		t.Error("a fact changed what an older state refers to")
	}
	_, events := app.OBSSceneFact{Scene: "One"}.Apply(app.OBSState{Scenes: scenes, CurrentScene: "Two"})
	if diff := cmp.Diff([]app.EventBody{app.OBSSceneChanged{PreviousScene: &two, CurrentScene: one, SceneIndex: 0}}, events); diff != "" {
		t.Error(diff)
	}
}

func TestWhereOBSIs(t *testing.T) {
	for host, here := range map[string]bool{"": true, "127.0.0.1": true, "127.3.2.1": true, "::1": true, "LOCALHOST": true, "192.168.1.5": false, "studio.local": false} {
		if got := (app.OBSState{Host: host}).OnThisComputer(); got != here {
			t.Errorf("%q: got %v", host, got)
		}
	}
}

// Every text that the bridge asks for is in the catalogue, and every phase has its words.
func TestOBSTextsExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "assets", "i18n", "obs.en.json"))
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]any
	if err := json.Unmarshal(text, &catalogue); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"obs.phase.lost.retry": true}
	for _, phase := range []app.OBSPhase{
		app.OBSOff, app.OBSSearching, app.OBSNotRunning, app.OBSServerOff, app.OBSWrongPassword,
		app.OBSConnecting, app.OBSConnected, app.OBSLost, app.OBSKicked,
	} {
		used["obs.phase."+string(phase)] = true
	}
	files, err := filepath.Glob(filepath.Join("..", "obsbridge", "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	key := regexp.MustCompile(`"(obs\.[a-zA-Z.]+)"`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range key.FindAllStringSubmatch(string(code), -1) {
			used[match[1]] = true
		}
	}
	delete(used, "obs.json") // a file
	for k := range used {
		if catalogue[k] == nil {
			t.Errorf("%s has no text", k)
		}
	}
	for k := range catalogue {
		if !used[k] {
			t.Errorf("the text %s is not used", k)
		}
	}
}

func TestPageOf(t *testing.T) {
	for address, want := range map[string]string{
		"http://127.0.0.1:3000/overlay/obs":                                          "/overlay/obs",
		"http://192.0.2.7:4000/r/ABC234/viewer?hide=controls&background=transparent": "/r/ABC234/viewer?background=transparent&hide=controls",
		"/r/ABC234/viewer/": "/r/ABC234/viewer",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := app.PageOf(u); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
}
