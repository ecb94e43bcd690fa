package wsserver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/assets"
	"cuewire/wsserver/auth"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
)

// Whatever goes wrong in OBS, every call says so in the same way.
func TestOBSCallsFail(t *testing.T) {
	obs := &scriptedOBS{}
	s := start(t, withOBS(), func(c *Config) { c.OBS = obs })
	away := newScripted() // an OBS that is not connected
	gone := start(t, away, func(c *Config) { c.OBS = obs })
	none := start(t, newScripted())
	check := func(t *testing.T, s *Server, c obsCall, status int, code app.Code, message string) {
		t.Helper()
		resp, text := c.send(t, s)
		var got struct {
			Error string
			Code  app.Code
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if resp.StatusCode != status || got.Code != code || got.Error == "" || message != "" && got.Error != message {
			t.Errorf("%s: %s %s, want %d %s %s", c.name(), resp.Status, text, status, code, message)
		}
	}
	for _, c := range obsCalls {
		connecting := strings.HasSuffix(c.path, "/activate")
		for _, test := range []struct {
			err    error
			code   app.Code
			status int
		}{
			{errNoOBS, app.CodeUnavailable, 503},
			{app.NewError(app.CodeTimeout, "obs.timeout", "OBS did not answer in time", nil), app.CodeTimeout, 504},
			{app.NewError(app.CodeNotFound, "obs.noResource", "OBS has nothing of that name", nil), app.CodeNotFound, 404},
			{app.NewError(app.CodeConflict, "obs.conflict", "OBS cannot do that now", nil), app.CodeConflict, 409},
			{app.NewError(app.CodeInvalid, "obs.badRequest", "OBS did not accept the request", nil), app.CodeInvalid, 400},
			{errors.New("a fault"), app.CodeInternal, 500},
		} {
			obs.refuse(test.err)
			if connecting && test.code != app.CodeNotFound && test.code != app.CodeInvalid {
				test.status = 500 // as connecting does
			}
			if !c.known {
				check(t, s, c, test.status, test.code, "")
			}
		}
		obs.refuse(errNoOBS)
		status := 503
		if connecting {
			status = 500
		}
		check(t, gone, c, status, app.CodeUnavailable, "OBS is not connected. Please connect to OBS first.")
		if !connecting && !c.known && !strings.Contains(c.body, `"url":"/`) && c.path != "screenshot" {
			check(t, none, c, 503, app.CodeUnavailable, "This Cuewire runs without OBS.")
		}
	}
}

func TestOBSCallsRefuseBadRequests(t *testing.T) {
	obs := &scriptedOBS{}
	s := start(t, withOBS(), func(c *Config) { c.OBS = obs })
	for _, c := range []obsCall{
		{method: "POST", path: "scenes", body: `{}`, status: 400},
		{method: "POST", path: "scenes", body: `{"sceneName":1}`, status: 400},
		{method: "POST", path: "scenes", status: 415},
		{method: "PUT", path: "scenes/Main", body: `{"name":""}`, status: 400},
		{method: "POST", path: "scenes/Main/items", body: `{}`, status: 400},
		{method: "PUT", path: "scenes/Main/items/x", body: `{"visible":true}`, status: 400},
		{method: "PUT", path: "scenes/Main/items/7", body: `{}`, status: 400},
		{method: "PUT", path: "scenes/Main/items/7", body: `{"x":"1"}`, status: 400},
		{method: "PUT", path: "scenes/Main/items/7", body: `{"index":2}`, status: 400, asks: []app.OBSCommand{app.ListSceneItems{Scene: "Main"}}},
		{method: "PUT", path: "scenes/Main/items/7", body: `{"visible":true,"index":-1}`, status: 400, asks: []app.OBSCommand{app.ListSceneItems{Scene: "Main"}}},
		{method: "PUT", path: "scenes/Main/items/8", body: `{"visible":true}`, status: 404, asks: []app.OBSCommand{app.ListSceneItems{Scene: "Main"}}},
		{method: "DELETE", path: "scenes/Main/items/-1", status: 400},
		{method: "PUT", path: "studio-mode", body: `{}`, status: 400},
		{method: "POST", path: "preview-scene", body: `{"sceneName":""}`, status: 400},
		{method: "PUT", path: "transition", body: `{}`, status: 400},
		{method: "PUT", path: "transition", body: `{"name":""}`, status: 400},
		{method: "POST", path: "stream/stop", body: `{"confirm":1}`, status: 400},
		{method: "POST", path: "stream/pause", status: 404},
		{method: "POST", path: "replay/pause", status: 404},
		{method: "GET", path: "record/start", status: 405},
		{method: "PUT", path: "inputs/Mic", body: `{}`, status: 400},
		{method: "PUT", path: "inputs/Mic", body: `{"muted":true,"volumeDb":27}`, status: 400},
		{method: "GET", path: "screenshot?width=wide", status: 400},
		{method: "GET", path: "screenshot?width=7", status: 400},
		{method: "GET", path: "screenshot?format=bmp", status: 400},
		{method: "PUT", path: "profile", body: `{}`, status: 400},
		{method: "PUT", path: "collection", body: `{}`, status: 400},
		{method: "POST", path: "vendor", body: `{"vendor":"obs-browser"}`, status: 400},
		{method: "POST", path: "browser-sources", body: `{"url":"/overlay/obs"}`, status: 400},
		{method: "POST", path: "browser-sources", body: `{"sceneName":""}`, status: 400},
		{method: "POST", path: "browser-sources", body: `{"sceneName":"","url":"file:///etc/passwd"}`, status: 400},
		{method: "POST", path: "browser-sources", body: `{"sceneName":"","url":"javascript:alert(1)"}`, status: 400},
		{method: "POST", path: "browser-sources", body: `{"sceneName":"","url":"//elsewhere.example/x"}`, status: 400},
		{method: "POST", path: "browser-sources", body: `{"sceneName":"","url":"overlay/obs"}`, status: 400},
		{method: "PUT", path: "browser-sources/Timer", body: `{}`, status: 400},
		{method: "PUT", path: "browser-sources/Mic", body: `{"url":"/overlay/obs"}`, status: 404, asks: []app.OBSCommand{app.ListBrowserSources{}}},
		{method: "POST", path: "browser-sources/undo", status: 409},
		{method: "POST", path: "instances", body: `{"port":4455}`, status: 400},
		{method: "POST", path: "instances", body: `{"host":"a","port":0}`, status: 400},
		{method: "DELETE", path: "instances/local", status: 409},
	} {
		resp, text := c.send(t, s)
		if resp.StatusCode != c.status {
			t.Errorf("%s: %s %s, want %d", c.name(), resp.Status, text, c.status)
		}
		if diff := cmp.Diff(c.asks, obs.took()); diff != "" {
			t.Errorf("%s asks OBS (-want +got):\n%s", c.name(), diff)
		}
	}
}

func TestOBSCallsSayWhichSceneIsMissing(t *testing.T) {
	obs := &scriptedOBS{fault: app.NewError(app.CodeNotFound, "obs.noResource", "no item of that id", nil)}
	s := start(t, withOBS(), func(c *Config) { c.OBS = obs })
	for path, want := range map[string]string{
		"scenes/Gone%20one/items/1": `{"error":"Scene 'Gone one' not found in OBS","code":"NOT_FOUND"}`,
		"scenes/Main/items/1":       `{"error":"no item of that id","code":"NOT_FOUND"}`,
	} {
		if _, text := (obsCall{method: "DELETE", path: path}).send(t, s); strings.TrimSpace(string(text)) != want {
			t.Errorf("%s: %s, want %s", path, text, want)
		}
	}
}

func TestStoppingALiveStreamNeedsConfirmation(t *testing.T) {
	obs := &scriptedOBS{fault: app.NewError(app.CodeConflict, "obs.confirmStop", "OBS is live", nil)}
	s := start(t, withOBS(), func(c *Config) { c.OBS = obs })
	resp, text := (obsCall{method: "POST", path: "stream/stop"}).send(t, s)
	if resp.StatusCode != 409 || !strings.Contains(string(text), `To stop the stream all the same, send {\"confirm\": true}.`) {
		t.Errorf("%s %s", resp.Status, text)
	}
}

// A plugin or program that calls itself OBS must not have a page of its own making
// served from our address.
func TestScreenshotIsAPicture(t *testing.T) {
	s := start(t, withOBS(), func(c *Config) { c.OBS = htmlOBS{} })
	if resp, text := (obsCall{method: "GET", path: "screenshot"}).send(t, s); resp.StatusCode != 500 || strings.Contains(string(text), "<script>") {
		t.Errorf("%s %s", resp.Status, text)
	}
}

type htmlOBS struct{}

func (htmlOBS) DoOBS(context.Context, app.OBSCommand) (app.OBSAnswer, error) {
	return app.OBSScreenshot{ContentType: "text/html", Data: []byte("<script>")}, nil
}

func TestOBSCallsKnowRoles(t *testing.T) {
	obs := &scriptedOBS{}
	s, err := New(Config{Core: withOBS(), Bell: alarmtest.Bell(t, nil), OBS: obs, SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(), I18n: assets.I18n(), Web: assets.Web()})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.obsRoutes(func(pattern string, m methods) { mux.HandleFunc(pattern, dispatch(m)) })
	calls := append([]obsCall{{method: "POST", path: "browser-sources/undo", admin: true}}, obsCalls...)
	for _, c := range calls {
		for _, test := range []struct {
			role app.Role
			may  bool
		}{
			{"", false},
			{app.Viewer, false},
			{app.Moderator, false},
			{app.Operator, !c.admin},
			{app.Controller, !c.admin},
			{app.Admin, true},
		} {
			r := httptest.NewRequestWithContext(context.WithValue(t.Context(), visitKey{}, auth.Visit{Role: test.role}), c.method, "/api/obs/"+c.path, strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			if may := w.Code != http.StatusUnauthorized; may != test.may {
				t.Errorf("%s as %q: %d", c.name(), test.role, w.Code)
			}
			if asked := obs.took(); !test.may && len(asked) > 0 {
				t.Errorf("%s as %q asks OBS %v", c.name(), test.role, asked)
			}
			if c.path == "browser-sources" && c.method == "GET" && test.role == app.Operator && strings.Contains(w.Body.String(), "secret") {
				t.Errorf("an operator is told the key of another's page: %s", w.Body)
			}
		}
	}
}
