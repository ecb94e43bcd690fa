package e2e

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

// channelApp is an app as cuewire app create prints it.
type channelApp struct {
	app.BroadcastApp
	Secret string `json:"secret"`

	text string // as it was printed
}

// newApp makes an app by the command line, beside the running copy.
func (p *program) newApp(name string) *channelApp {
	p.t.Helper()
	exit, out, errOut := outcome(p.t, "app", "create", name, "--data-dir", p.Dir)
	a := &channelApp{text: out}
	if err := json.Unmarshal([]byte(out), a); exit != 0 || err != nil {
		p.t.Fatalf("exit %d, printed %q and %q: %v", exit, out, errOut, err)
	}
	a.BroadcastApp.Secret = a.Secret
	return a
}

// publish posts to one of the app's addresses, signed.
func (p *program) publish(a *channelApp, path, body string) error {
	path = "/apps/" + a.ID + path
	sum := md5.Sum([]byte(body))
	query := fmt.Sprintf("auth_key=%s&auth_timestamp=%d&auth_version=1.0&body_md5=%s", a.Key, time.Now().Unix(), hex.EncodeToString(sum[:]))
	query += "&auth_signature=" + a.Sign("POST\n"+path+"\n"+query)
	resp, err := http.Post(p.URL+path+"?"+query, "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", path, resp.Status)
	}
	return nil
}

// clientSteps are what the scenarios must have gone through.
var clientSteps = map[string]int{"pusher-js": 8, "broadcastt-js": 7, "pusher": 1}

func went(t *testing.T, done map[string][]string, clients ...string) {
	t.Helper()
	for _, client := range clients {
		if len(done[client]) != clientSteps[client] {
			t.Errorf("%s went through %q", client, done[client])
		}
	}
}

// TestPublishedClientsInNode has broadcastt-js, pusher-js and the pusher library,
// as npm has them, do all that they can.
func TestPublishedClientsInNode(t *testing.T) {
	needNode(t, "pusher")
	p := start(t, t.TempDir(), "--no-obs")
	a := p.newApp("Alerts")
	ctx, cancel := context.WithTimeout(t.Context(), 10*slow)
	defer cancel()
	text, err := exec.CommandContext(ctx, "node", "testdata/channels/node.js", p.URL, a.text).CombinedOutput()
	var done map[string][]string
	if err != nil || json.Unmarshal(text, &done) != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	went(t, done, "pusher-js", "broadcastt-js", "pusher")
}

// TestPublishedClientsInChromium has the two for browsers do the same on a page of
// another origin, which is on the list of allowed ones.
func TestPublishedClientsInChromium(t *testing.T) {
	needNode(t, "pusher")
	p := start(t, t.TempDir(), "--no-obs")
	a := p.newApp("Alerts")
	pages := httptest.NewServer(p.clientPages(t, a))
	t.Cleanup(pages.Close)
	p.put("/api/settings", fmt.Sprintf(`{"allowedOrigins":[%q]}`, pages.URL))
	at, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := url.Values{"host": {at.Hostname()}, "port": {at.Port()}, "key": {a.Key}, "auth": {p.URL + "/broadcasting/auth"}}
	page := startBrowser(t, "en").open(t, pages.URL+"/?"+query.Encode(), 800, 600, "")
	page.tolerate("4301") // pusher-js warns of what the scenario provokes
	page.wait("window.done")
	went(t, eval[map[string][]string](page, "window.done"), "pusher-js", "broadcastt-js")
}

// clientPages serves the page of the scenarios, and publishes for it.
func (p *program) clientPages(t *testing.T, a *channelApp) http.Handler {
	mux := http.NewServeMux()
	for path, file := range map[string]string{
		"/{$}": "testdata/channels/page.html", "/scenario.js": "testdata/channels/scenario.js",
		"/pusher.js": "node_modules/pusher-js/dist/web/pusher.js", "/broadcastt.js": "node_modules/broadcastt-js/dist/broadcastt.js",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	}
	mux.HandleFunc("POST /publish", func(w http.ResponseWriter, r *http.Request) {
		type event struct {
			Name     string          `json:"name"`
			Data     json.RawMessage `json:"data,omitempty"`
			Channel  string          `json:"channel,omitempty"`
			Channels []string        `json:"channels,omitempty"`
			SocketID string          `json:"socket_id,omitempty"`
		}
		var what struct {
			event
			Batch []event `json:"batch"`
		}
		if err := json.NewDecoder(r.Body).Decode(&what); err != nil {
			t.Error(err)
		}
		// As Pusher's library does: data that is no string goes as its JSON in one.
		written := func(e event) event {
			if len(e.Data) > 0 && e.Data[0] != '"' {
				e.Data, _ = json.Marshal(string(e.Data))
			}
			return e
		}
		path, body := "/events", any(written(what.event))
		if what.Batch != nil {
			for i, e := range what.Batch {
				what.Batch[i] = written(e)
			}
			path, body = "/batch_events", map[string]any{"batch": what.Batch}
		}
		text, err := json.Marshal(body)
		if err == nil {
			err = p.publish(a, path, string(text))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	})
	return mux
}

// TestAppsByCommandLine makes apps beside a copy that runs and without one; what
// was made is there for both.
func TestAppsByCommandLine(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	first := p.newApp("Alerts")
	p.stop()
	second := p.newApp("Chat")
	list := func() (apps []channelApp) {
		t.Helper()
		exit, out, errOut := outcome(t, "app", "list", "--data-dir", p.Dir)
		var told struct{ Apps []channelApp }
		if err := json.Unmarshal([]byte(out), &told); exit != 0 || err != nil {
			t.Fatalf("exit %d, printed %q and %q", exit, out, errOut)
		}
		return told.Apps
	}
	same := func(apps []channelApp, want ...*channelApp) {
		t.Helper()
		if len(apps) != len(want) {
			t.Fatalf("got %+v", apps)
		}
		for i, a := range apps {
			if a.ID != want[i].ID || a.Key != want[i].Key || a.Secret != want[i].Secret || len(a.Secret) != 40 {
				t.Errorf("got %+v, want %+v", a, want[i])
			}
		}
	}
	same(list(), first, second)
	again := start(t, p.Dir, "--no-obs")
	same(list(), first, second)
	if exit, out, errOut := outcome(t, "app", "renew", second.ID, "--data-dir", again.Dir); exit != 0 || strings.Contains(out, second.Key) {
		t.Errorf("exit %d, printed %q and %q", exit, out, errOut)
	}
	if exit, out, errOut := outcome(t, "app", "delete", second.ID, "--data-dir", again.Dir); exit != 0 || out != "" {
		t.Errorf("exit %d, printed %q and %q", exit, out, errOut)
	}
	same(list(), first)
	for name, test := range map[string]struct {
		args []string
		exit int
		says string
	}{
		"nothing to do": {nil, 2, "create, list"},
		"no such thing": {[]string{"make"}, 2, "create, list"},
		"no name":       {[]string{"create"}, 2, "name"},
		"two names":     {[]string{"create", "a", "b"}, 2, "b"},
		"empty name":    {[]string{"create", ""}, 1, "empty"},
		"no id":         {[]string{"delete"}, 2, "app list"},
		"no such app":   {[]string{"delete", "1"}, 1, "no app"},
		"list of what":  {[]string{"list", "x"}, 2, "x"},
	} {
		exit, out, errOut := outcome(t, append(append([]string{"app"}, test.args...), "--data-dir", again.Dir)...)
		if exit != test.exit || out != "" || !strings.Contains(errOut, test.says) {
			t.Errorf("%s: exit %d, printed %q and %q", name, exit, out, errOut)
		}
	}
}
