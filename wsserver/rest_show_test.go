package wsserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

func TestRESTBesideTheRundown(t *testing.T) {
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
		{"POST", base + "/timers/" + t1 + "/duplicate", "", 201, `"position":1`},
		{"POST", base + "/timers/nope/duplicate", "", 404, `"code":"NOT_FOUND"`},
		{"PUT", base + "/timers/" + t1, `{"start_on_scene":"Live","message_zero":"Time","sound_zero":"gong","webhook_start":"http://127.0.0.1:9/x"}`, 200, `"webhook_start":"http://127.0.0.1:9/x"`},
		{"PUT", base + "/timers/" + t1, `{"sound_zero":"bang"}`, 400, `"code":"INVALID"`},
		{"PUT", base + "/timers/" + t1, `{"webhook_zero":"file:///etc/passwd"}`, 400, `"code":"INVALID"`},

		{"GET", base + "/aux", "", 200, `{"aux_timers":[]}`},
		{"POST", base + "/aux", `{"name":"Break"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/aux", `{"name":"Break","duration_ms":600000}`, 201, `"state":"stopped"`},
		{"GET", base + "/aux", "", 200, `"name":"Break"`},
		{"GET", base + "/aux/$last", "", 200, `"run_duration_ms":600000`},
		{"GET", base + "/aux/nope", "", 404, `"code":"NOT_FOUND"`},
		{"PUT", base + "/aux/$last", `{"name":"Lunch","direction":"COUNTUP"}`, 200, `"direction":"COUNTUP"`},
		{"PUT", base + "/aux/$last", `{"direction":"TOD"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/aux/$last/control", `{"action":"play"}`, 200, `"state":"running"`},
		{"POST", base + "/aux/$last/control", `{"action":"add_time","value":60000}`, 200, `"run_duration_ms":660000`},
		{"POST", base + "/aux/$last/control", `{"action":"add_time","value":"60000"}`, 400, `value must be a whole number`},
		{"POST", base + "/aux/$last/control", `{}`, 400, `action must be given.`},
		{"POST", base + "/aux/$last/control", `{"action":"next"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/aux/nope/control", `{"action":"play"}`, 404, `"code":"NOT_FOUND"`},
		{"DELETE", base + "/aux/$last", "", 200, `{"success":true`},
		{"DELETE", base + "/aux/$last", "", 404, `"code":"NOT_FOUND"`},

		{"POST", base + "/questions", `{"text":"Why?"}`, 403, `"code":"FORBIDDEN"`},
		{"PUT", base + "/questions/open", `{}`, 400, `questions_open must be given.`},
		{"PUT", base + "/questions/open", `{"questions_open":true}`, 200, `"questions_open":true`},
		{"POST", base + "/questions", `{"name":"Ana"}`, 400, `text must be given.`},
		{"POST", base + "/questions", `{"text":" "}`, 400, `"code":"INVALID"`},
		{"POST", base + "/questions", `{"text":"` + strings.Repeat("x", 501) + `"}`, 400, `"code":"INVALID"`},
		{"POST", base + "/questions", `{"text":"Why?","name":"Ana"}`, 201, `"state":"new"`},
		{"GET", base + "/questions", "", 200, `"ask_url":"http://127.0.0.1:`},
		{"PUT", base + "/questions/$last", `{"text":"Why not?","state":"shown"}`, 200, `"text":"Why not?"`},
		{"GET", base + "/messages", "", 200, `"visible":true`},
		{"PUT", base + "/questions/$last", `{"state":"loud"}`, 400, `"code":"INVALID"`},
		{"PUT", base + "/questions/$last", `{"state":"done"}`, 200, `"state":"done"`},
		{"POST", base + "/questions/clear", "", 200, `"success":true`},
		{"DELETE", base + "/questions/$last", "", 404, `"code":"NOT_FOUND"`},
		{"PUT", base, `{"questions_open":false}`, 200, `"questions_open":false`},

		{"GET", "/api/v1/presets", "", 200, `{"presets":[]}`},
		{"PUT", "/api/v1/presets/dark", `{"params":"mirror=1","css":"body{color:red}"}`, 200, `"params":"mirror=1"`},
		{"PUT", "/api/v1/presets/dark", `{"params":"only=timer"}`, 200, `"css":"body{color:red}"`},
		{"PUT", "/api/v1/presets/Dark%20one", `{}`, 400, `"code":"INVALID"`},
		{"GET", "/api/v1/presets/dark", "", 200, `"params":"only=timer"`},
		{"GET", "/api/v1/presets/light", "", 404, `"code":"NOT_FOUND"`},
		{"GET", "/presets/dark.json", "", 200, `{"name":"dark","params":"only=timer"}`},
		{"GET", "/presets/light.css", "", 404, `"code":"NOT_FOUND"`},
		{"GET", "/presets/dark.exe", "", 404, `"code":"NOT_FOUND"`},
		{"DELETE", "/api/v1/presets/dark", "", 200, `{"success":true,"name":"dark"}`},
		{"DELETE", "/api/v1/presets/dark", "", 404, `"code":"NOT_FOUND"`},
		{"GET", "/qr.svg?url=http://example.com/", "", 400, `url must be an address of Cuewire.`},
		{"GET", "/r/" + room.Room.ShortCode + "/manifest.webmanifest?page=teapot", "", 404, `404`},
	} {
		resp, text := call(t, s, step.method, strings.ReplaceAll(step.path, "$last", last), strings.ReplaceAll(step.body, "$last", last), "Accept", "application/json")
		if resp.StatusCode != step.status || !strings.Contains(text, step.holds) {
			t.Errorf("step %d, %s %s: %d %s", i, step.method, step.path, resp.StatusCode, text)
		}
		var answer struct{ ID string }
		if strings.HasPrefix(step.path, "/api/") && json.Unmarshal([]byte(text), &answer) != nil {
			t.Errorf("step %d: the answer is not JSON: %s", i, text)
		}
		if answer.ID != "" {
			last = answer.ID
		}
	}
}

// TestPresetFiles: a look's style sheet is one to the browser, and is asked for each time.
func TestPresetFiles(t *testing.T) {
	s := start(t, realCore(t))
	call(t, s, "PUT", "/api/v1/presets/dark", `{"css":"body{color:red}"}`)
	resp, text := call(t, s, "GET", "/presets/dark.css", "")
	tag := resp.Header.Get("ETag")
	if text != "body{color:red}" || resp.Header.Get("Content-Type") != "text/css; charset=utf-8" || resp.Header.Get("X-Content-Type-Options") != "nosniff" ||
		resp.Header.Get("Cache-Control") != "no-cache" || tag == "" {
		t.Errorf("%q %v", text, resp.Header)
	}
	if resp, _ := call(t, s, "GET", "/presets/dark.css", "", "If-None-Match", tag); resp.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged: %d", resp.StatusCode)
	}
	call(t, s, "PUT", "/api/v1/presets/dark", `{"css":"body{color:blue}"}`)
	if resp, text := call(t, s, "GET", "/presets/dark.css", "", "If-None-Match", tag); resp.StatusCode != http.StatusOK || text != "body{color:blue}" {
		t.Errorf("changed: %d %q", resp.StatusCode, text)
	}
}

// TestAskingHasItsLimit: the audience's phones may not flood a room, this computer may.
func TestAskingHasItsLimit(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	room := core.Snapshot().Rooms[0].Room.ShortCode
	path := "/api/v1/rooms/" + room + "/questions"
	elsewhere := []string{"X-Forwarded-For", "192.0.2.1"} // a tunnel's visitor is not this computer
	if resp, text := call(t, s, "POST", path, `{"text":"Why?"}`, elsewhere...); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("viewing is not open: %d %s", resp.StatusCode, text)
	}
	call(t, s, "PUT", "/api/settings", `{"viewingOpen":true}`)
	call(t, s, "PUT", path+"/open", `{"questions_open":true}`)
	for i := range 8 {
		resp, text := call(t, s, "POST", path, `{"text":"Why?"}`, elsewhere...)
		want := http.StatusCreated
		if i >= asksAtOnce {
			want = http.StatusTooManyRequests
		}
		if resp.StatusCode != want {
			t.Fatalf("question %d: %d %s", i, resp.StatusCode, text)
		}
		if after := resp.Header.Get("Retry-After"); want != http.StatusCreated && (after == "" || after == "0" || !strings.Contains(text, `"code":"RATE_LIMITED"`)) {
			t.Errorf("question %d: Retry-After %q, %s", i, after, text)
		}
	}
	for i := range 8 {
		if resp, text := call(t, s, "POST", path, `{"text":"Why?"}`); resp.StatusCode != http.StatusCreated {
			t.Fatalf("from this computer, question %d: %d %s", i, resp.StatusCode, text)
		}
	}
	for _, hidden := range []string{"GET", "DELETE"} {
		if resp, text := call(t, s, hidden, path+map[string]string{"GET": "", "DELETE": "/x"}[hidden], "", elsewhere...); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", hidden, resp.StatusCode, text)
		}
	}
}

func TestAskers(t *testing.T) {
	var a askers
	now := time.Unix(1_000_000, 0)
	for i := range asksAtOnce {
		if wait := a.wait("192.0.2.1", now); wait != 0 {
			t.Fatalf("question %d waits %v", i, wait)
		}
	}
	for range 3 { // what is refused does not count
		if wait := a.wait("192.0.2.1", now); wait != askEvery {
			t.Errorf("over the limit: %v", wait)
		}
	}
	if wait := a.wait("192.0.2.1", now.Add(askEvery)); wait != 0 {
		t.Errorf("after a while: %v", wait)
	}
	if wait := a.wait("192.0.2.2", now); wait != 0 {
		t.Errorf("another address: %v", wait)
	}
	for range asksAtOnce {
		a.wait("2001:db8::1", now)
	}
	if wait := a.wait("2001:db8::2", now); wait == 0 {
		t.Error("a device escapes the limit by another address of its network")
	}
	for i := range 3 * asksRemembered {
		a.wait(fmt.Sprintf("10.0.%d.%d", i/250, i%250), now.Add(time.Duration(i)*time.Minute))
	}
	if len(a.byPeer) > asksRemembered {
		t.Errorf("%d addresses are held", len(a.byPeer))
	}
}

func TestManifestAndQR(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	code := core.Snapshot().Rooms[0].Room.ShortCode
	resp, text := call(t, s, "GET", "/r/"+code+"/manifest.webmanifest?page=controller", "", "Accept-Language", "pt-BR")
	var got manifest
	if err := json.Unmarshal([]byte(text), &got); err != nil || resp.Header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%v: %s %v", err, text, resp.Header)
	}
	if got.StartURL != "/r/"+code+"/controller" || got.Display != "standalone" || got.Name != "Controle remoto · Main" || len(got.Icons) != 4 || got.Lang != "pt-BR" {
		t.Errorf("%+v", got)
	}
	resp, text = call(t, s, "GET", "/qr.svg?url="+s.Addresses()[0]+"/r/"+code+"/ask", "")
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(text, "<path d=\"M4 4h7v1h-7z") {
		t.Errorf("%d %v %.200s", resp.StatusCode, resp.Header, text)
	}
}

// TestWhyARoomRefuses: a page whose connection was refused can ask for the reason.
func TestWhyARoomRefuses(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	code := core.Snapshot().Rooms[0].Room.ShortCode
	for path, want := range map[string]struct {
		status int
		code   app.Code
	}{
		"/ws/" + code:                        {http.StatusUpgradeRequired, "UPGRADE_REQUIRED"},
		"/ws/first":                          {http.StatusUpgradeRequired, "UPGRADE_REQUIRED"},
		"/ws/NOSUCH":                         {http.StatusNotFound, app.CodeNotFound},
		"/ws/" + code + "?output=television": {http.StatusBadRequest, app.CodeInvalid},
	} {
		if resp, text := call(t, s, "GET", path, ""); resp.StatusCode != want.status || !strings.Contains(text, `"`+string(want.code)+`"`) {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
	if resp, _ := call(t, s, "GET", "/ws/"+code, "", "X-Forwarded-For", "192.0.2.1"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("from elsewhere: %d", resp.StatusCode)
	}
}
