package wsserver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/assets"
)

// call sends a request as it stands and returns status, header and body.
func call(t testing.TB, s *Server, method, path, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.Addresses()[0]+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // no redirects
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	documents().answered(t, method, resp, string(text))
	return resp, string(text)
}

func TestREST(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	room := core.Snapshot().Rooms[0]
	base := "/api/v1/rooms/" + room.Room.ShortCode
	t1 := room.Timers[0].ID
	last := "" // the id in the last answer
	for i, step := range []struct {
		method, path, body string
		status             int
		holds              string
	}{
		{"GET", "/api/v1/auth/rooms", "", 200, `{"rooms":[{"id":"` + room.Room.ID},
		{"POST", "/api/v1/rooms", `{"name":"Second"}`, 201, `"short_code":"`},
		{"POST", "/api/v1/rooms", `{}`, 400, `name must be given.`},
		{"POST", "/api/v1/rooms", `{"name":5}`, 400, `{"error":"name must be a string.","code":"INVALID"}`},
		{"POST", "/api/v1/rooms", `{"name":""}`, 400, `"code":"INVALID"`},
		{"GET", base, "", 200, `"name":"Main"`},
		{"GET", strings.ToLower(base), "", 200, `"name":"Main"`},
		{"PUT", base, `{"name":"Stage","color_red":"#ff0000"}`, 200, `"color_red":"#ff0000"`},
		{"PUT", base, `{"color_red":"red"}`, 400, `"code":"INVALID"`},
		{"PUT", "/api/v1/rooms/nope", `{"name":"x"}`, 404, `"code":"NOT_FOUND"`},
		{"GET", base + "/timers", "", 200, `{"timers":[{"id":"` + t1},
		{"POST", base + "/timers", `{"name":"Questions","duration_ms":60000,"unheardOf":1}`, 201, `"position":2`},
		{"PUT", base + "/timers/$last", `{"position":0}`, 200, `"position":0`},
		{"GET", base + "/timers/$last", "", 200, `"name":"Questions"`},
		{"PUT", base + "/timers/$last", `{"duration_ms":"long"}`, 400, `{"error":"duration_ms must be a whole number.","code":"INVALID"}`},
		{"PUT", base + "/timers/$last", `{"duration_ms":-1}`, 400, `"code":"INVALID"`},
		{"PUT", base + "/timers/nope", `{"name":"x"}`, 404, `"code":"NOT_FOUND"`},
		{"DELETE", base + "/timers/$last", "", 200, `{"success":true`},
		{"DELETE", base + "/timers/nope", "", 404, `"code":"NOT_FOUND"`},
		{"POST", base + "/timers", `{"duration_ms":60000}`, 400, `"code":"INVALID"`},
		{"POST", base + "/messages", `{"text":"Hurry","color":"red"}`, 201, `"color":"red"`},
		{"POST", base + "/playback", `{"action":"show_message","timer_id":"$last"}`, 200, `"message_id":"`},
		{"GET", base + "/messages", "", 200, `"visible":true`},
		{"POST", base + "/messages", `{"text":"Again","color":"pink"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/playback", `{"action":"play"}`, 200, `"state":"running"`},
		{"POST", base + "/playback", `{"action":"pause"}`, 200, `"state":"paused"`},
		{"POST", base + "/playback", `{"action":"add_time","value":60000}`, 200, `"duration_ms":360000`},
		{"POST", base + "/playback", `{"action":"add_time","value":"60000"}`, 400, `value must be a whole number`},
		{"POST", base + "/playback", `{"action":"add_time"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/playback", `{"action":"explode"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/playback", `{}`, 400, `action must be given.`},
		{"POST", base + "/playback", `{"action":"previous"}`, 409, `"code":"CONFLICT"`},
		{"POST", base + "/playback", `{"action":"go_to","timer_id":"nope"}`, 404, `"code":"NOT_FOUND"`},
		{"GET", base + "/playback", "", 200, `"server_time":`},
		{"POST", base + "/undo", "", 200, `"messages":[]`},
		{"POST", base + "/redo", "", 200, `"text":"Hurry"`},
		{"POST", base + "/redo", "", 409, `There is nothing to redo.`},
		{"GET", base + "/preflight", "", 503, `OBS is not connected. Please connect to OBS first.`},
		{"POST", "/api/v1/rooms", `{"name":"Third"}`, 201, `"short_code":"`},
		{"DELETE", "/api/v1/rooms/$last", "", 200, `"Room deleted"`},
		{"DELETE", "/api/v1/rooms/$last", "", 404, `"code":"NOT_FOUND"`},
		{"PUT", "/api/settings", `{"language":"pt-BR"}`, 200, `"language":"pt-BR"`},
		{"PUT", "/api/settings", `{"language":"xx"}`, 400, `"code":"INVALID"`},
		{"PUT", "/api/settings", `{"viewingOpen":"yes"}`, 400, `viewingOpen must be true or false.`},
		{"PUT", "/api/settings", `{"allowedOrigins":"all"}`, 400, `allowedOrigins must be an array.`},
		{"GET", "/api/settings", "", 200, `"language":"pt-BR"`},
		{"PUT", "/api/settings", `[]`, 400, `The body must be a JSON object.`},
		{"PUT", "/api/settings", `{"language":`, 400, `The body is not valid JSON.`},
		{"PUT", "/api/settings", `{} {}`, 400, `The body is not valid JSON.`},
		{"PUT", "/api/settings", `{"x":"` + strings.Repeat("x", maxBody) + `"}`, 413, `"code":"TOO_LARGE"`},
		{"DELETE", "/api/settings", "", 405, `"code":"METHOD_NOT_ALLOWED"`},
		{"PATCH", base, `{}`, 405, `"code":"METHOD_NOT_ALLOWED"`},
		{"GET", "/api/health", "", 200, `"environment":"production"`},
		{"GET", "/api/ready", "", 200, `"databaseConnected":true`},
		{"GET", "/api/config", "", 200, `"maxRefreshRate":60`},
		{"GET", "/api/obs/status", "", 200, `"connected":false,"connectionId":null`},
		{"GET", "/api/obs/scenes", "", 503, `{"error":"OBS is not connected. Please connect to OBS first.","code":"UNAVAILABLE"}`},
		{"GET", "/api/obs/current-scene", "", 503, `OBS is not connected. Please connect to OBS first.`},
		{"POST", "/api/obs/current-scene", `{"sceneName":"x"}`, 503, `OBS is not connected. Please connect to OBS first.`},
		{"POST", "/api/obs/current-scene", `{}`, 400, `sceneName must be`},
		{"GET", "/api/obs/stats", "", 503, `OBS is not connected. Please connect to OBS first.`},
		{"POST", "/api/obs/connect", `{}`, 400, `host must be`},
		{"POST", "/api/obs/connect", `{"host":"localhost"}`, 400, `port must be`},
		{"POST", "/api/obs/connect", `{"host":"localhost","port":"4455"}`, 400, `port must be a whole number.`},
		{"POST", "/api/obs/connect", `{"host":"localhost","port":70000}`, 400, `port must be`},
		{"POST", "/api/obs/connect", `{"host":"localhost","port":4455}`, 500, `runs without OBS`},
		{"POST", "/api/nothing", `{}`, 404, `"code":"NOT_FOUND"`},
	} {
		resp, text := call(t, s, step.method, strings.ReplaceAll(step.path, "$last", last), strings.ReplaceAll(step.body, "$last", last))
		if resp.StatusCode != step.status || !strings.Contains(text, step.holds) {
			t.Errorf("step %d, %s %s: %d %s", i, step.method, step.path, resp.StatusCode, text)
		}
		var answer struct{ ID string }
		if json.Unmarshal([]byte(text), &answer) != nil || resp.Header.Get("Content-Type") != "application/json" {
			t.Errorf("step %d: the answer is not JSON: %s", i, text)
		}
		if answer.ID != "" {
			last = answer.ID
		}
		changed := step.method != "GET" && resp.StatusCode < 300
		if want := map[bool]string{true: "true"}[changed]; resp.Header.Get(durableHeader) != want {
			t.Errorf("step %d: %s %q, want %q", i, durableHeader, resp.Header.Get(durableHeader), want)
		}
		if resp.StatusCode == 405 && resp.Header.Get("Allow") == "" {
			t.Errorf("step %d: no Allow", i)
		}
	}
	if resp, text := call(t, s, "PUT", "/api/settings", `{"language":"en"}`, "Content-Type", "text/plain"); resp.StatusCode != 415 {
		t.Errorf("a body of text/plain: %d %s", resp.StatusCode, text)
	}
	if resp, _ := call(t, s, "HEAD", "/api/health", ""); resp.StatusCode != 200 {
		t.Errorf("HEAD: %d", resp.StatusCode)
	}
}

// A change that is not on disk says so.
func TestNotDurable(t *testing.T) {
	core := newScripted()
	core.do = func(app.Command) (app.Result, error) {
		return app.Result{Snapshot: core.Snapshot(), RoomID: "room-1"}, nil
	}
	s := start(t, core)
	resp, text := call(t, s, "PUT", "/api/v1/rooms/room-1", `{"name":"x"}`)
	if resp.Header.Get(durableHeader) != "false" || !strings.HasPrefix(text, `{"durable":false,"id":"room-1"`) {
		t.Errorf("%s: %s", resp.Header.Get(durableHeader), text)
	}
}

// bridge is an OBS that answers as it is told.
type bridge struct{ err error }

func (b *bridge) DoOBS(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	switch c := cmd.(type) {
	case app.ListSceneItems:
		return []app.OBSSceneItem{{ID: 1, SourceName: "Camera of " + c.Scene, SourceKind: "v4l2_input", Visible: true, X: 10, ScaleX: 1}}, b.err
	case app.SwitchScene:
		if c.Scene == "Nowhere" {
			return nil, app.NewError(app.CodeNotFound, "x", "no such scene", nil)
		}
	}
	return nil, b.err
}

func TestRESTOfOBS(t *testing.T) {
	core := newScripted()
	obs := &bridge{}
	s := start(t, core, func(c *Config) { c.OBS = obs })
	core.change(func(snap *app.Snapshot) {
		snap.OBS = app.OBSState{
			Phase: app.OBSConnected, Host: "127.0.0.1", Port: 4455, ConnectionID: "obs-conn-1", OBSVersion: "30.0.0", WebSocketVersion: "5.0.0",
			LastConnected: time.Unix(1705336200, 0), Scenes: []app.OBSScene{{Name: "Main"}, {Name: "BRB"}}, CurrentScene: "Main", Stats: &app.OBSStats{FPS: 60},
		}
	})
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "status", "", 200, `{"connected":true,"connectionId":"obs-conn-1","obsVersion":"30.0.0","websocketVersion":"5.0.0","lastConnected":"2024-01-15T16:30:00.000Z",`},
		{"GET", "scenes", "", 200, `{"currentScene":"Main","scenes":[{"sceneName":"Main","sceneIndex":0,"sources":[{"sourceName":"Camera of Main","sourceType":"v4l2_input","visible":true}]},{"sceneName":"BRB","sceneIndex":1,`},
		{"GET", "current-scene", "", 200, `{"sceneName":"Main","sceneIndex":0,"sources":[{"sourceName":"Camera of Main","sourceType":"v4l2_input","visible":true,"transform":{"x":10,"y":0,"width":0,"height":0,"scaleX":1,"scaleY":0,"rotation":0}}]}`},
		{"POST", "current-scene", `{"sceneName":"BRB"}`, 200, `{"success":true,"message":"Scene switched to BRB","previousScene":"Main","currentScene":"BRB"}`},
		{"POST", "current-scene", `{"sceneName":"Nowhere"}`, 404, `{"error":"Scene 'Nowhere' not found in OBS","code":"NOT_FOUND"}`},
		{"GET", "stats", "", 200, `{"stats":{"cpuUsage":0,`},
		{"POST", "connect", `{"host":"127.0.0.1","port":4455,"password":"x"}`, 200, `{"success":true,"message":"Connected to OBS","connectionDetails":{"host":"127.0.0.1","port":4455,"connected":true}}`},
		{"POST", "disconnect", "", 200, `{"success":true,"message":"Disconnected from OBS"}`},
		{"POST", "reconnect", "", 200, `{"success":true,"message":"Reconnected to OBS","connectionDetails":{`},
	} {
		resp, text := call(t, s, step.method, "/api/obs/"+step.path, step.body)
		if resp.StatusCode != step.status || !strings.HasPrefix(text, step.want) {
			t.Errorf("%s %s: %d %s", step.method, step.path, resp.StatusCode, text)
		}
	}
	obs.err = errors.New("wire cut")
	if resp, text := call(t, s, "POST", "/api/obs/connect", `{"host":"127.0.0.1","port":4455}`); resp.StatusCode != 500 || strings.Contains(text, "wire cut") {
		t.Errorf("connect that fails: %d %s", resp.StatusCode, text)
	}
}

func TestRaise(t *testing.T) {
	raised := 0
	s := start(t, newScripted(), func(c *Config) { c.Raise = func() { raised++ } })
	for _, test := range []struct {
		header []string
		status int
	}{
		{nil, 401},
		{[]string{"Authorization", "Bearer wrong"}, 401},
		{[]string{"Authorization", "Bearer "}, 401},
		{[]string{"Authorization", "Bearer hunter2", "X-Forwarded-For", "1.2.3.4"}, 401},
		{[]string{"Authorization", "Bearer hunter2"}, 204},
	} {
		if resp, text := call(t, s, "POST", "/api/instance/raise", "", test.header...); resp.StatusCode != test.status {
			t.Errorf("%v: %d %s", test.header, resp.StatusCode, text)
		}
	}
	if raised != 1 {
		t.Errorf("raised %d times", raised)
	}
}

func TestGuardOnEveryKindOfRequest(t *testing.T) {
	core := newScripted()
	s := start(t, core)
	own := s.Addresses()[0]
	for name, test := range map[string]struct {
		header []string
		status map[string]int // by path
	}{
		"ours":                         {[]string{"Origin", own}, map[string]int{"/": 200, "/api/health": 200, "/assets/cuewire.js": 200}},
		"a rebound name":               {[]string{"Host", "evil.com"}, map[string]int{"/": 403, "/api/health": 403, "/assets/cuewire.js": 403, "/r/ABC234/viewer": 403, "/nothing": 403}},
		"a foreign page":               {[]string{"Origin", "http://evil.com"}, map[string]int{"/": 403, "/api/health": 403, "/assets/cuewire.js": 403, "/overlay/obs": 403}},
		"another site":                 {[]string{"Sec-Fetch-Site", "cross-site"}, map[string]int{"/": 403, "/api/health": 403, "/assets/cuewire.js": 403}},
		"a link from there":            {[]string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, map[string]int{"/": 200, "/r/ABC234/viewer": 200, "/overlay/obs": 200, "/api/health": 403, "/assets/cuewire.js": 403}},
		"a tunnel":                     {[]string{"X-Forwarded-For", "1.2.3.4"}, map[string]int{"/": 401, "/api/health": 401, "/assets/cuewire.js": 401, "/r/ABC234/viewer": 401, "/r/ABC234/operator": 401, "/overlay/obs": 401, "/api/v1/rooms/ABC234": 401}},
		"a bad token":                  {[]string{"Authorization", "Bearer x"}, map[string]int{"/": 401, "/api/health": 401}},
		"a token in the query is none": {[]string{"X-Forwarded-For", "1.2.3.4"}, map[string]int{"/api/settings?token=hunter2&access_token=hunter2": 401}},
	} {
		for path, want := range test.status {
			resp, text := call(t, s, "GET", path, "", test.header...)
			if resp.StatusCode != want {
				t.Errorf("%s, GET %s: %d %s, want %d", name, path, resp.StatusCode, text, want)
			}
			if isPage := path == "/" || strings.HasPrefix(path, "/r/") || strings.HasPrefix(path, "/overlay/"); want >= 400 && isPage != strings.Contains(text, "<h1>") {
				t.Errorf("%s, GET %s answers %s", name, path, text)
			}
		}
		if want := test.status["/"]; want >= 400 {
			for _, path := range []string{"/", "/ws/ABC234"} {
				upgrade := append([]string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, test.header...)
				if resp, text := call(t, s, "GET", path, "", upgrade...); resp.StatusCode != want || !strings.Contains(text, `"code":`) {
					t.Errorf("%s, upgrade of %s: %d %s, want %d", name, path, resp.StatusCode, text, want)
				}
			}
			if resp, _ := call(t, s, "POST", "/api/v1/rooms", `{"name":"x"}`, test.header...); resp.StatusCode < 400 {
				t.Errorf("%s, POST: %d", name, resp.StatusCode)
			}
		}
	}
}

// With viewing open another computer sees what viewers see, and nothing more.
func TestViewingOpen(t *testing.T) {
	core := newScripted()
	core.change(func(snap *app.Snapshot) { snap.Settings.ViewingOpen = true })
	s := start(t, core)
	from := []string{"X-Forwarded-For", "192.168.1.9"} // like a tunnel's visitor, who is not this computer either
	for path, want := range map[string]int{
		"/r/ABC234/viewer": 200, "/r/ABC234/agenda": 404 /* no such file in the test */, "/overlay/obs": 200, "/assets/cuewire.js": 200, "/api/health": 200,
		"/api/v1/rooms/abc234": 200, "/api/v1/rooms/room-1": 401,
		"/": 200, "/r/ABC234/operator": 401, "/api/settings": 401, "/api/config": 401, "/api/v1/auth/rooms": 401,
		"/api/v1/rooms/ABC234/timers": 401, "/api/v1/rooms/ABC234/messages": 401, "/api/obs/status": 401,
	} {
		if resp, text := call(t, s, "GET", path, "", from...); resp.StatusCode != want {
			t.Errorf("GET %s: %d %s, want %d", path, resp.StatusCode, text, want)
		}
	}
	for path, want := range map[string]int{"/": 101, "/ws/ABC234": 101, "/ws/ABC234?output=agenda": 101, "/ws/ABC234?output=moderator": 401, "/ws/ABC234?output=controller": 401} {
		upgrade := append([]string{"Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}, from...)
		req, _ := http.NewRequestWithContext(t.Context(), "GET", s.Addresses()[0]+path, nil)
		for i := 0; i < len(upgrade); i += 2 {
			req.Header.Set(upgrade[i], upgrade[i+1])
		}
		resp, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("upgrade of %s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}

func TestAllowedOriginGetsCORS(t *testing.T) {
	core := newScripted()
	core.change(func(snap *app.Snapshot) { snap.Settings.AllowedOrigins = []string{"http://localhost:5173"} })
	s := start(t, core)
	const origin = "http://localhost:5173"
	resp, _ := call(t, s, "GET", "/api/v1/auth/rooms", "", "Origin", origin, "Sec-Fetch-Site", "same-site")
	if resp.StatusCode != 200 || resp.Header.Get("Access-Control-Allow-Origin") != origin {
		t.Errorf("%d, %v", resp.StatusCode, resp.Header)
	}
	resp, _ = call(t, s, "OPTIONS", "/api/v1/rooms", "", "Origin", origin, "Access-Control-Request-Method", "POST")
	if resp.StatusCode != 204 || !strings.Contains(resp.Header.Get("Access-Control-Allow-Methods"), "POST") {
		t.Errorf("preflight: %d, %v", resp.StatusCode, resp.Header)
	}
	resp, _ = call(t, s, "OPTIONS", "/api/v1/rooms", "", "Origin", "http://localhost:5174", "Access-Control-Request-Method", "POST")
	if resp.StatusCode != 403 || resp.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("foreign preflight: %d, %v", resp.StatusCode, resp.Header)
	}
}

func TestPageHeaders(t *testing.T) {
	s := start(t, newScripted())
	port := strings.TrimPrefix(s.Addresses()[0], "http://127.0.0.1:")
	for path, ancestors := range map[string]string{
		"/": "'none'", "/r/ABC234/operator": "'none'", "/api/health": "'none'", "/nothing": "'none'",
		"/r/ABC234/viewer": "'self' http://localhost:" + port + " http://127.0.0.1:" + port, "/overlay/obs": "'self' http://localhost:" + port + " http://127.0.0.1:" + port,
	} {
		resp, _ := call(t, s, "GET", path, "")
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors "+ancestors) || !strings.HasPrefix(csp, "default-src 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
		if framed := ancestors != "'none'"; framed == (resp.Header.Get("X-Frame-Options") != "") {
			t.Errorf("%s: X-Frame-Options %q", path, resp.Header.Get("X-Frame-Options"))
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, resp.Header)
		}
	}
	resp, _ := call(t, s, "GET", "/assets/cuewire.js", "")
	tag := resp.Header.Get("ETag")
	if tag == "" || resp.Header.Get("Cache-Control") != "no-cache" || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("asset: %v", resp.Header)
	}
	if resp, _ := call(t, s, "GET", "/assets/cuewire.js", "", "If-None-Match", tag); resp.StatusCode != 304 {
		t.Errorf("again: %d", resp.StatusCode)
	}
	for _, path := range []string{"/assets/../main.go", "/assets/%2e%2e/main.go", "/assets//etc/passwd.txt", "/assets/i18n/../../x.json", "/assets/./cuewire.js/", "/r/ABC234/..%2findex", "/overlay/..%2findex", "/overlay/%2e%2e%2findex"} {
		resp, text := call(t, s, "GET", path, "")
		if resp.StatusCode == 200 {
			t.Errorf("GET %s: %s", path, text)
		}
	}
	if _, text := call(t, s, "GET", "/r/NOSUCH/viewer", "", "Accept-Language", "pt-BR,pt;q=0.9"); !strings.Contains(text, `lang="pt-BR"`) || !strings.Contains(text, "Sala não encontrada") {
		t.Errorf("in Portuguese: %s", text)
	}
}

// Every refusal that a page can show has a title and a text, in both languages.
func TestRefusalsHaveWords(t *testing.T) {
	s := start(t, newScripted())
	for _, lang := range []string{"en", "pt-BR"} {
		words := s.words.In(lang)
		for _, key := range []string{"server.refused.host", "server.refused.origin", "server.refused.token", "server.refused.elsewhere", "server.noRoom", "server.noPage", "server.fault"} {
			for _, k := range []string{key, key + ".title"} {
				if text := words.T(k, nil); text == k {
					t.Errorf("%s has no words in %s", k, lang)
				}
			}
		}
	}
}

func TestListenErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for address, want := range map[string]string{
		taken.Addr().String(): "server.listen.inUse", "192.0.2.1:3000": "server.listen.unknown", "nonsense": "server.listen.unknown",
		"127.0.0.1:99999": "server.listen.unknown", "no.such.host.invalid:3000": "server.listen.unknown",
	} {
		s, err := New(Config{Core: newScripted(), Bell: alarmtest.Bell(t, nil), SourceSaver: &counting{}, PalcoTimer: &counting{}, I18n: assets.I18n(), Web: assets.Web(), Listen: []string{"127.0.0.1:0", address}})
		if err != nil {
			t.Fatal(err)
		}
		var known *app.Error
		if err := s.Listen(); !errors.As(err, &known) || known.Key != want || !strings.Contains(known.Message, address) {
			t.Errorf("%s: %v", address, err)
		}
		if len(s.Addresses()) != 0 {
			t.Errorf("%s: still bound: %v", address, s.Addresses())
		}
	}
}

func TestLimitsOnConnections(t *testing.T) {
	s := start(t, newScripted(), func(c *Config) { c.Limits = Limits{Connections: 2, Requests: 3} })
	first, _ := dial(t, s, "/"), dial(t, s, "/ws/ABC234")
	if _, code, err := tryDial(s, "/"); err == nil || code != app.CodeUnavailable {
		t.Errorf("a third connection: %v %v", code, err)
	}
	_ = first.Close()
	waitUntil(t, func() bool { return s.Load().Connections == 1 })
	dial(t, s, "/")

	// Idle TCP connections over the limit are closed at once.
	address := strings.TrimPrefix(s.Addresses()[0], "http://")
	http.DefaultClient.CloseIdleConnections()
	waitUntil(t, func() bool { return s.arrivals.count() == 0 })
	var idle []net.Conn
	for range 4 {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		idle = append(idle, conn)
	}
	last := idle[len(idle)-1]
	_ = last.SetReadDeadline(time.Now().Add(patience))
	if _, err := last.Read(make([]byte, 1)); err == nil {
		t.Error("one connection too many was served")
	} else if nerr, ok := errors.AsType[net.Error](err); ok && nerr.Timeout() {
		t.Error("one connection too many was kept")
	}
}

func TestLimitPerAddress(t *testing.T) {
	var all tally
	all.init(Limits{Connections: 100, PerAddress: 2})
	for i, step := range []struct {
		address string
		code    app.Code
	}{{"10.0.0.1", ""}, {"10.0.0.1", ""}, {"10.0.0.1", app.CodeRateLimited}, {"10.0.0.2", ""}, {"", ""}, {"", ""}, {"", ""}} {
		err := all.enter(step.address)
		if (err == nil) != (step.code == "") || err != nil && err.Code != step.code {
			t.Errorf("step %d: %v", i, err)
		}
	}
	all.leave("10.0.0.1")
	if err := all.enter("10.0.0.1"); err != nil {
		t.Error(err)
	}
}

func TestHeaderLimits(t *testing.T) {
	s := start(t, newScripted())
	address := strings.TrimPrefix(s.Addresses()[0], "http://")
	for size, want := range map[int]string{15_000: "HTTP/1.1 200", 17_000: "HTTP/1.1 431"} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(patience))
		fmt.Fprintf(conn, "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", size))
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Errorf("a header of %d: %q %v", size, line, err)
		}
	}
}

func TestLoad(t *testing.T) {
	var l load
	at := time.Unix(1000, 0)
	if got := l.read(at); got.AverageResponse != nil || got.Requests != 0 {
		t.Errorf("before: %+v", got)
	}
	l.add(at, 10*time.Millisecond, false)
	l.add(at.Add(59*time.Second), 20*time.Millisecond, true)
	l.message(at)
	if got := l.read(at.Add(59 * time.Second)); got.Requests != 2 || *got.AverageResponse != 15 || *got.ErrorRate != 50 || got.MessagesPerSecond != 1.0/60 {
		t.Errorf("within a minute: %d, %v", got.Requests, *got.AverageResponse)
	}
	if got := l.read(at.Add(61 * time.Second)); got.Requests != 2 || *got.AverageResponse != 20 {
		t.Errorf("a minute later: %d, %v", got.Requests, *got.AverageResponse)
	}
	if got := l.read(at.Add(time.Hour)); got.Requests != 2 || got.AverageResponse != nil {
		t.Errorf("an hour later: %+v", got)
	}
}
