package wsserver

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"cuewire/app"
)

// ownFolder is a folder of own overlays with what may and may not be served.
func ownFolder(t *testing.T) string {
	t.Helper()
	base := t.TempDir()
	dir := filepath.Join(base, "overlays")
	for name, text := range map[string]string{
		"overlays/goal/index.html":      "<!doctype html><html><head><title>Goal &amp; bar\n of the day</title></head><body>goal</body></html>",
		"overlays/goal/app.js":          "export {}",
		"overlays/goal/deep/a/b/c.html": "<title>too deep</title>",
		"overlays/clock.html":           "<!doctype html>clock",
		"overlays/Olá mundo.HTM":        "<title>Olá</title>",
		"overlays/notes.txt":            "notes",
		"overlays/.secret/key.html":     "secret",
		"overlays/.env":                 "secret",
		"overlays/goal/.git.html":       "secret",
		"cuewire.db":                    "secret",
	} {
		path := filepath.Join(base, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"out.html": filepath.Join(base, "cuewire.db"), "up.html": "../cuewire.db", "outside": base, "in.html": "clock.html",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOwnOverlays(t *testing.T) {
	dir := ownFolder(t)
	s := start(t, newScripted(), func(c *Config) { c.Overlays = dir })
	for path, want := range map[string]struct {
		status int
		kind   string
	}{
		"/overlay/my/goal/":                {200, "text/html; charset=utf-8"},
		"/overlay/my/goal":                 {307, ""},
		"/overlay/my/goal/index.html":      {200, "text/html; charset=utf-8"},
		"/overlay/my/goal/app.js":          {200, "text/javascript; charset=utf-8"},
		"/overlay/my/clock.html":           {200, "text/html; charset=utf-8"},
		"/overlay/my/clock.html/":          {404, ""},
		"/overlay/my/in.html":              {200, "text/html; charset=utf-8"},
		"/overlay/my/Ol%C3%A1%20mundo.HTM": {200, "text/html; charset=utf-8"},
		"/overlay/my/notes.txt":            {200, "text/plain; charset=utf-8"},
		"/overlay/my/":                     {404, ""},
		"/overlay/my/nothing.html":         {404, ""},
		"/overlay/my/goal/deep/":           {404, ""}, // no index.html
		"/overlay/my/.env":                 {404, ""},
		"/overlay/my/.secret/key.html":     {404, ""},
		"/overlay/my/goal/.git.html":       {404, ""},
		"/overlay/my/out.html":             {404, ""},
		"/overlay/my/up.html":              {404, ""},
		"/overlay/my/outside/cuewire.db":   {404, ""},
		"/overlay/my/%2e%2e/cuewire.db":    {404, ""},
		"/overlay/my/..%2fcuewire.db":      {404, ""},
		"/overlay/my/..%5ccuewire.db":      {404, ""},
		"/overlay/my/%2fetc%2fpasswd":      {404, ""},
		"/overlay/my/clock.html%00.png":    {404, ""},
		"/overlay/my/clock.html::$DATA":    {404, ""},
	} {
		resp, body := call(t, s, "GET", path, "")
		if resp.StatusCode != want.status || want.kind != "" && resp.Header.Get("Content-Type") != want.kind {
			t.Errorf("%s: %d %s, want %d %s", path, resp.StatusCode, resp.Header.Get("Content-Type"), want.status, want.kind)
		}
		if strings.Contains(body, "secret") {
			t.Errorf("%s gives away %q", path, body)
		}
		if want.status == 200 && resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", path)
		}
	}
	if resp, _ := call(t, s, "GET", "/overlay/my/goal?a=1", ""); resp.Header.Get("Location") != "/overlay/my/goal/?a=1" {
		t.Errorf("the folder is at %q", resp.Header.Get("Location"))
	}

	_, body := call(t, s, "GET", "/api/overlays", "")
	var got struct {
		Overlays []OwnOverlay
		Folder   string
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	want := []OwnOverlay{
		{"Olá mundo", "/overlay/my/Ol%C3%A1%20mundo.HTM", "Olá"},
		{"clock", "/overlay/my/clock.html", ""},
		{"goal", "/overlay/my/goal/", "Goal & bar of the day"},
		{"in", "/overlay/my/in.html", ""},
	}
	if !slices.Equal(got.Overlays, want) || got.Folder != dir {
		t.Errorf("got %+v", got)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if resp, body := call(t, s, "GET", "/api/overlays", ""); resp.StatusCode != 200 || !strings.Contains(body, `"overlays":[]`) {
		t.Errorf("without the folder: %d %s", resp.StatusCode, body)
	}
	if resp, _ := call(t, s, "GET", "/overlay/my/clock.html", ""); resp.StatusCode != 404 {
		t.Errorf("without the folder: %d", resp.StatusCode)
	}
}

// TestOverlaysMayOnlyLook is what keeps a streamer's downloaded overlay, or a
// source's own script, from controlling the show.
func TestOverlaysMayOnlyLook(t *testing.T) {
	core := newScripted()
	core.change(func(snap *app.Snapshot) {
		snap.Sources.List = []*app.Source{{ID: "s1", CSS: "body{color:red}", JS: "run()"}, {ID: "s2"}}
	})
	s := start(t, core, func(c *Config) { c.Overlays = ownFolder(t) })
	here := s.Addresses()[0]
	host := strings.Replace(strings.TrimPrefix(here, "http://"), "127.0.0.1", "overlays.localhost", 1)

	resp, _ := call(t, s, "GET", "/overlay/my/goal/?x=1", "", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "cross-site")
	if got := resp.Header.Get("Location"); resp.StatusCode != 307 || got != "http://"+host+"/overlay/my/goal/?x=1" {
		t.Errorf("a browser is sent to %d %q", resp.StatusCode, got)
	}
	resp, _ = call(t, s, "GET", "/overlay/my/goal/", "")
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox allow-scripts") || strings.Contains(policy, "allow-same-origin") {
		t.Errorf("under the API's name the policy is %q", policy)
	}
	resp, _ = call(t, s, "GET", "/overlay/my/goal/", "", "Host", host, "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Site", "cross-site")
	if policy := resp.Header.Get("Content-Security-Policy"); resp.StatusCode != 200 || strings.Contains(policy, "sandbox") || !strings.Contains(policy, "frame-ancestors 'self' http://localhost") {
		t.Errorf("under its own name: %d %q", resp.StatusCode, policy)
	}

	for path, want := range map[string]int{
		"/": 401, "/sources": 401, "/r/ABC234/viewer": 200, "/r/ABC234/operator": 401, "/overlay/obs": 200, "/assets/cuewire.js": 200,
		"/api/config": 401, "/api/settings": 401, "/api/overlays": 401, "/api/v1/auth/rooms": 401, "/api/v1/rooms/room-1": 401,
		"/api/obs/status": 401, "/api/sources/s1/custom.js": 200, "/api/sources/s1/custom.css": 200, "/api/sources/none/custom.css": 404,
		"/ws/ABC234": 426,
	} {
		if resp, body := call(t, s, "GET", path, "", "Host", host, "Origin", "http://"+host, "Sec-Fetch-Site", "same-origin"); resp.StatusCode != want {
			t.Errorf("an overlay gets %d for %s, want %d: %s", resp.StatusCode, path, want, body)
		}
		if resp, _ := call(t, s, "GET", path, "", "Origin", "http://"+host, "Sec-Fetch-Site", "cross-site"); resp.StatusCode != http.StatusForbidden {
			t.Errorf("an overlay gets %d for %s under the API's name", resp.StatusCode, path)
		}
	}
	for _, path := range []string{"/api/v1/rooms", "/api/v1/rooms/room-1/playback", "/api/obs/current-scene", "/api/instance/raise"} {
		if resp, _ := call(t, s, "POST", path, "{}", "Host", host, "Origin", "http://"+host); resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("an overlay gets %d for POST %s", resp.StatusCode, path)
		}
	}
	if resp, _ := call(t, s, "GET", "/api/sources/s1/custom.js", ""); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a source's script under the API's name: %d", resp.StatusCode)
	}

	for path, want := range map[string]int{
		"/": 101, "/ws/ABC234": 101, "/ws/ABC234?output=viewer": 101, "/ws/ABC234?output=controller": 403, "/ws/ABC234?output=moderator": 403,
	} {
		header := http.Header{"Host": {host}, "Origin": {"http://" + host}}
		conn, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(here, "http")+path, header)
		if err == nil {
			_ = conn.Close()
		}
		if resp == nil || resp.StatusCode != want && !(want == 403 && resp.StatusCode == 401) {
			t.Errorf("an overlay's socket %s: %v %v, want %d", path, resp, err, want)
		}
		header.Del("Host")
		if conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(here, "http")+path, header); err == nil {
			_ = conn.Close()
			t.Errorf("an overlay's socket %s under the API's name", path)
		}
	}
}

func TestSourcesStyleOurPages(t *testing.T) {
	core := newScripted()
	core.change(func(snap *app.Snapshot) {
		snap.Sources.List = []*app.Source{{ID: "s1", CSS: "body{color:red}", JS: "run()"}, {ID: "s2"}, {ID: "s3", JS: "run()"}}
	})
	s := start(t, core, func(c *Config) { c.Overlays = ownFolder(t) })
	host := strings.Replace(strings.TrimPrefix(s.Addresses()[0], "http://"), "127.0.0.1", "overlays.localhost", 1)
	const css, js = `<link rel="stylesheet" href="/api/sources/s1/custom.css">`, `<script src="/api/sources/s1/custom.js" defer></script>`
	for _, path := range []string{"/overlay/obs", "/r/ABC234/viewer", "/overlay/my/goal/"} {
		for query, want := range map[string]struct{ ours, overlay string }{
			"?source=s1": {"\n" + css, "\n" + css + "\n" + js}, "?source=s2": {}, "?source=none": {}, "": {},
			"?source=s3": {"", "\n" + strings.Replace(js, "s1", "s3", 1)},
		} {
			_, plain := call(t, s, "GET", path, "")
			if _, got := call(t, s, "GET", path+query, ""); got != plain+want.ours {
				t.Errorf("%s%s: %s", path, query, got)
			}
			if _, got := call(t, s, "GET", path+query, "", "Host", host); got != plain+want.overlay {
				t.Errorf("%s%s under the overlays' name: %s", path, query, got)
			}
		}
	}
	if resp, body := call(t, s, "GET", "/api/sources/s1/custom.css", ""); body != "body{color:red}" || resp.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%q %s", body, resp.Header.Get("Content-Type"))
	}
	if resp, body := call(t, s, "GET", "/api/sources/s1/custom.js", "", "Host", host); body != "run()" || resp.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%q %s", body, resp.Header.Get("Content-Type"))
	}
	if _, body := call(t, s, "HEAD", "/overlay/my/goal/?source=s1", ""); body != "" {
		t.Errorf("HEAD has a body: %q", body)
	}
}
