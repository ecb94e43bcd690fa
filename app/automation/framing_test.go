package automation_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/app/engine"
)

// framed starts a core with a Framer and returns what gives it sources and what
// waits for what was found out.
func framed(t *testing.T, page string, ours func(*url.URL) bool) (do func(app.Command) app.Result, found func(id, address string) app.Framing) {
	t.Helper()
	core, err := engine.Open(t.Context(), engine.Config{Store: nowhere{}, Example: engine.Example{Room: "Main"}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	stream := core.Watch()
	go func() { ended <- core.Run(ctx) }()
	go func() {
		ended <- (&automation.Framer{Core: core, Page: func() string { return page }, Ours: ours}).Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		stream.Close()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
	do = func(cmd app.Command) app.Result {
		t.Helper()
		result, err := core.Do(ctx, cmd)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	found = func(id, address string) app.Framing {
		t.Helper()
		for snap := core.Snapshot(); ; {
			if s := snap.Sources.Source(id); s != nil && s.URL == address && s.Framing != (app.Framing{State: app.FramingUnknown}) {
				return s.Framing
			}
			update, err := stream.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			snap = update.Snapshot
		}
	}
	return do, found
}

func TestFraming(t *testing.T) {
	var mine atomic.Int64
	own := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { mine.Add(1) }))
	defer own.Close()
	ours := func(u *url.URL) bool { return "http://"+u.Host == own.URL }
	const page = "http://127.0.0.1:3000"
	answers := map[string]struct {
		header []string
		status int
		state  app.FramingState
		key    string
	}{
		"plain":              {state: app.FramingAllowed},
		"deny":               {header: []string{"X-Frame-Options", "DENY"}, state: app.FramingRefused, key: "refused"},
		"same origin":        {header: []string{"X-Frame-Options", " sameorigin "}, state: app.FramingRefused, key: "refused"},
		"one of two":         {header: []string{"X-Frame-Options", "nonsense, Deny"}, state: app.FramingRefused, key: "refused"},
		"allow-from":         {header: []string{"X-Frame-Options", "ALLOW-FROM https://a.example"}, state: app.FramingAllowed},
		"none":               {header: []string{"Content-Security-Policy", "default-src 'self'; Frame-Ancestors 'none'"}, state: app.FramingRefused, key: "refused"},
		"self":               {header: []string{"Content-Security-Policy", "frame-ancestors 'self'"}, state: app.FramingRefused, key: "refused"},
		"nobody":             {header: []string{"Content-Security-Policy", "frame-ancestors"}, state: app.FramingRefused, key: "refused"},
		"another site":       {header: []string{"Content-Security-Policy", "frame-ancestors https://*.example.com"}, state: app.FramingRefused, key: "refused"},
		"https alone":        {header: []string{"Content-Security-Policy", "frame-ancestors https:"}, state: app.FramingRefused, key: "refused"},
		"http":               {header: []string{"Content-Security-Policy", "frame-ancestors https: http:"}, state: app.FramingAllowed},
		"everybody":          {header: []string{"Content-Security-Policy", "frame-ancestors *"}, state: app.FramingAllowed},
		"this computer":      {header: []string{"Content-Security-Policy", "frame-ancestors http://127.0.0.1:*"}, state: app.FramingAllowed},
		"our port":           {header: []string{"Content-Security-Policy", "frame-ancestors 127.0.0.1:3000"}, state: app.FramingAllowed},
		"another port":       {header: []string{"Content-Security-Policy", "frame-ancestors http://127.0.0.1:3001 http://127.0.0.1"}, state: app.FramingRefused, key: "refused"},
		"ancestors win":      {header: []string{"X-Frame-Options", "DENY", "Content-Security-Policy", "frame-ancestors *"}, state: app.FramingAllowed},
		"all policies count": {header: []string{"Content-Security-Policy", "frame-ancestors *, frame-ancestors 'none'"}, state: app.FramingRefused, key: "refused"},
		"another policy":     {header: []string{"Content-Security-Policy", "script-src 'self'"}, state: app.FramingAllowed},
		"only a report":      {header: []string{"Content-Security-Policy-Report-Only", "frame-ancestors 'none'"}, state: app.FramingAllowed},
		"not found":          {status: 404, state: app.FramingUnknown, key: "error"},
		"forbidden":          {status: 403, header: []string{"X-Frame-Options", "DENY"}, state: app.FramingUnknown, key: "error"},
		"a hop":              {status: 302, header: []string{"Location", "/deny"}, state: app.FramingRefused, key: "refused"},
		"a loop":             {status: 302, header: []string{"Location", "/a%20loop"}, state: app.FramingUnknown, key: "redirects"},
		"to ourselves":       {status: 302, header: []string{"Location", own.URL + "/"}, state: app.FramingUnknown, key: "unreachable"},
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := answers[r.URL.Path[1:]]
		for i := 0; i < len(a.header); i += 2 {
			w.Header().Add(a.header[i], a.header[i+1])
		}
		w.WriteHeader(max(a.status, 200))
	}))
	defer site.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()

	do, found := framed(t, page, ours)
	add := func(name, address string) string {
		t.Helper()
		way := app.WayOwn
		return do(app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &address, Way: &way}}).ID
	}
	check := func(name, id, address string, state app.FramingState, key string) {
		t.Helper()
		if key != "" {
			key = "sources.framing." + key
		}
		if got := found(id, address); got.State != state || got.Key != key || (got.Reason == "") != (key == "") {
			t.Errorf("%s: %+v, want %s %s", name, got, state, key)
		}
	}
	for name, want := range answers {
		address := site.URL + "/" + url.PathEscape(name)
		check(name, add(name, address), address, want.state, want.key)
	}
	check("a page of ours", add("ours", "/overlay/obs"), "/overlay/obs", app.FramingAllowed, "")
	check("nobody there", add("gone", gone.URL), gone.URL, app.FramingUnknown, "unreachable")
	check("a file", add("file", "file:///home/me/a.html"), "file:///home/me/a.html", app.FramingRefused, "noWebPage")

	id, after := add("changing", site.URL+"/deny"), site.URL+"/plain"
	check("before", id, site.URL+"/deny", app.FramingRefused, "refused")
	do(app.UpdateSource{ID: id, Fields: app.SourceFields{URL: &after}})
	check("after", id, after, app.FramingAllowed, "")
	if n := mine.Load(); n != 0 {
		t.Errorf("we asked ourselves %d times", n)
	}
}

func TestFramingIsAskedAgainWhenActivated(t *testing.T) {
	var there atomic.Bool
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if !there.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	defer site.Close()
	do, found := framed(t, "http://127.0.0.1:3000", func(*url.URL) bool { return false })
	name := "Later"
	id := do(app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &site.URL}}).ID
	if got := found(id, site.URL); got.State != app.FramingUnknown {
		t.Fatalf("%+v", got)
	}
	there.Store(true)
	do(app.ActivateSource{ID: id})
	for got := found(id, site.URL); got.State != app.FramingAllowed; got = found(id, site.URL) {
		if t.Context().Err() != nil {
			t.Fatalf("%+v", got)
		}
	}
}
