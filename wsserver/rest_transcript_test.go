package wsserver

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"cuewire/app"
)

// sourceTime reports whether a field of a source or placement is a time.
func sourceTime(key string) bool {
	switch key {
	case "createdAt", "updatedAt", "activatedAt", "deactivatedAt", "addedAt", "removedAt", "lastUpdated":
		return true
	}
	return false
}

// libraryCommands are the commands that "= do NAME JSON" carries out.
var libraryCommands = []app.Command{
	app.CreateSource{},
	app.UpdateSource{},
	app.DeleteSource{},
	app.ActivateSource{},
	app.DeactivateSource{},
	app.DuplicateSource{},
	app.PlaceSources{},
	app.UnplaceSources{},
	app.UpdatePlacement{},
	app.UndoSources{},
	app.SetFraming{},
	app.RenamePlacedScene{},
}

func libraryCommand(t *testing.T, name, text string) app.Command {
	t.Helper()
	for _, known := range libraryCommands {
		kind := reflect.TypeOf(known)
		if kind.Name() != name {
			continue
		}
		cmd := reflect.New(kind)
		if err := json.Unmarshal([]byte(text), cmd.Interface()); err != nil {
			t.Fatalf("%s %s: %v", name, text, err)
		}
		return cmd.Elem().Interface().(app.Command)
	}
	t.Fatalf("what is the command %s?", name)
	return nil
}

// A REST transcript (testdata/rest/*.txtar) is one conversation over HTTP with a real
// engine and a real database.
//
//	METHOD PATH [BODY]   a request; the answer's status and body follow it
//	= COMMAND            as in the other transcripts
//	< STATUS BODY        likewise, with $s1, $s2 … for the ids of sources in their order
//
// go test -run RESTTranscripts -update writes the answers anew. Read what it wrote.
func TestRESTTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/rest/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range archive.Files {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+file.Name, func(t *testing.T) {
				want := string(file.Data)
				got := playREST(t, want)
				if *update {
					archive.Files[i].Data = []byte(got)
				} else if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
		if *update {
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func playREST(t *testing.T, script string) string {
	t.Helper()
	core := realCore(t)
	s := start(t, core, func(c *Config) { c.OBS = obsOfInputs{}; c.Collections = oneCollection{} })
	known := map[string]string{}
	var out strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '<' {
			continue
		}
		out.WriteString(line + "\n")
		for id, name := range known {
			line = strings.ReplaceAll(line, name, id)
		}
		method, rest, _ := strings.Cut(line, " ")
		switch method {
		case "#":
			continue
		case "=":
			command(t, core, rest)
			continue
		}
		path, body, _ := strings.Cut(rest, " ")
		request, err := http.NewRequestWithContext(t.Context(), method, s.Addresses()[0]+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			request.Header.Set("Content-Type", "application/json")
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		if err == nil {
			err = response.Body.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range core.Snapshot().Sources.List {
			if known[source.ID] == "" {
				known[source.ID] = fmt.Sprintf("$s%d", len(known)+1)
			}
		}
		fmt.Fprintf(&out, "< %d %s\n", response.StatusCode, plain(t, string(text), known))
	}
	return out.String()
}

// obsOfInputs is an OBS with two browser sources: one of its own, and that of all
// combined sources.
type obsOfInputs struct{}

func (obsOfInputs) DoOBS(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	switch c := cmd.(type) {
	case app.ListBrowserInputs:
		return []app.OBSBrowserInput{
			{Input: "Chat", Settings: app.BrowserSettings{URL: "https://example.com/chat?key=1", CSS: "p{}", Width: 400, Height: 600}},
			{Input: "Cuewire", Settings: app.BrowserSettings{URL: "http://127.0.0.1:3000/overlay/combined", Page: "/overlay/combined", Width: 1920, Height: 1080}},
		}, nil
	case app.ListSceneItems:
		if c.Scene != "Main Scene" {
			return []app.OBSSceneItem{}, nil
		}
		return []app.OBSSceneItem{
			{ID: 3, SourceName: "Cuewire", Visible: true, ScaleX: 1, ScaleY: 1, Alignment: 5},
			{ID: 2, SourceName: "Chat", Visible: true, X: 10, Y: 20, ScaleX: 0.5, ScaleY: 2, Rotation: 15, Alignment: 5},
			{ID: 1, SourceName: "Camera", Visible: true, ScaleX: 1, ScaleY: 1, Alignment: 5},
		}, nil
	}
	return nil, app.NewError(app.CodeUnavailable, "", "not in this test", nil)
}

// oneCollection reads one file.
type oneCollection struct{}

func (oneCollection) BrowserSources(file []byte) ([]app.SourceInOBS, error) {
	if !strings.Contains(string(file), "OBS") {
		return nil, app.NewError(app.CodeInvalid, "", "This is not a scene collection of OBS.", nil)
	}
	found := app.SourceFound(app.OBSBrowserInput{Input: "Goal", Settings: app.BrowserSettings{URL: "https://example.com/goal", Width: 300, Height: 100, FPS: 30}})
	found.Places = []app.PlacementIn{{Scene: "Main Scene", Config: app.Placement{X: 1, Y: 2, Width: 300, Height: 100, ScaleX: 1, ScaleY: 1, Visible: true}}}
	return []app.SourceInOBS{found}, nil
}
