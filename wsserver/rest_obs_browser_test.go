package wsserver

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

func TestOurOrigin(t *testing.T) {
	const lan = "192.168.1.20"
	for _, test := range []struct {
		name      string
		listening string
		here      bool
		route     string
		want      string
	}{
		{"here", "127.0.0.1:3000", true, "", "http://127.0.0.1:3000"},
		{"here, by IPv6", "[::1]:3000", true, "", "http://[::1]:3000"},
		{"here, on all addresses", "0.0.0.0:3000", true, "", "http://127.0.0.1:3000"},
		{"here, on all addresses of both kinds", "[::]:3000", true, "", "http://127.0.0.1:3000"},
		{"here, loopback before the rest", "0.0.0.0:3001 127.0.0.1:3000", true, "", "http://127.0.0.1:3000"},
		{"here, on the network alone", lan + ":3000", true, "", "http://" + lan + ":3000"},
		{"elsewhere, not shared", "127.0.0.1:3000", false, lan, ""},
		{"elsewhere", "127.0.0.1:3000 0.0.0.0:3001", false, lan, "http://" + lan + ":3001"},
		{"elsewhere, both kinds", "[::]:3000", false, lan, "http://" + lan + ":3000"},
		{"elsewhere, by IPv6", "[::]:3000", false, "fd00::5", "http://[fd00::5]:3000"},
		{"elsewhere, the network it is on", "10.0.0.2:3000 " + lan + ":3001", false, lan, "http://" + lan + ":3001"},
		{"elsewhere, no route known", "10.0.0.2:3000", false, "", "http://10.0.0.2:3000"},
		{"elsewhere, no route known, on all addresses", "0.0.0.0:3000", false, "", ""},
		{"elsewhere, by IPv6, IPv4 alone is served", "0.0.0.0:3000", false, "fd00::5", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var site auth.Site
			for _, at := range strings.Fields(test.listening) {
				site.Listening = append(site.Listening, netip.MustParseAddrPort(at))
			}
			var route netip.Addr
			if test.route != "" {
				route = netip.MustParseAddr(test.route)
			}
			got, err := ourOrigin(site, test.here, route)
			if got != test.want {
				t.Errorf("%q %v, want %q", got, err, test.want)
			}
			if code := app.CodeOf(err); (got == "") != (code == app.CodeConflict) {
				t.Errorf("%q with %v", got, err)
			}
		})
	}
}

func TestOBSHere(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.1.2.3": true, "::1": true, "localhost": true, "LOCALHOST.": true, "::ffff:127.0.0.1": true,
		"203.0.113.7": false, "obs.example": false, "": false,
	} {
		if got := obsHere(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
	for _, addr := range ownAddresses() {
		if !obsHere(addr.String()) {
			t.Errorf("%v is an address of this computer", addr)
		}
	}
}

// The route to a loopback address is loopback: the one network that every machine has.
func TestRouteTo(t *testing.T) {
	if got := routeTo(t.Context(), "127.0.0.1", 4455); !got.IsLoopback() {
		t.Errorf("got %v", got)
	}
	if got := routeTo(t.Context(), "no such host", 4455); got.IsValid() {
		t.Errorf("got %v", got)
	}
}

func TestAddingForAnOBSElsewhere(t *testing.T) {
	obs := &scriptedOBS{}
	core := withOBS()
	s := start(t, core, func(c *Config) { c.OBS = obs })
	add := obsCall{method: "POST", path: "browser-sources", body: `{"sceneName":"Main","url":"/overlay/obs"}`}
	refused := func(words string) {
		t.Helper()
		resp, text := add.send(t, s)
		if resp.StatusCode != 409 || !strings.Contains(string(text), words) || len(obs.took()) > 0 {
			t.Errorf("%s %s", resp.Status, text)
		}
	}
	core.change(func(s *app.Snapshot) { s.OBS.Host = "203.0.113.7" })
	refused("Share Cuewire on the local network")
	core.change(func(s *app.Snapshot) { s.Settings.ViewingOpen = true })
	refused("Share Cuewire on the local network")
}

func TestUndoingWhatWasAdded(t *testing.T) {
	obs := &scriptedOBS{}
	core := withOBS()
	s := start(t, core, func(c *Config) { c.OBS = obs })
	add := func(name string) {
		t.Helper()
		resp, text := (obsCall{method: "POST", path: "browser-sources", body: `{"sceneName":"Main","name":"` + name + `","url":"/overlay/obs"}`}).send(t, s)
		if resp.StatusCode != 201 {
			t.Fatalf("%s %s", resp.Status, text)
		}
	}
	undo := func(status int, want ...string) {
		t.Helper()
		obs.took()
		if resp, text := (obsCall{method: "POST", path: "browser-sources/undo"}).send(t, s); resp.StatusCode != status {
			t.Errorf("%s %s, want %d", resp.Status, text, status)
		}
		var got []string
		for _, cmd := range obs.took() {
			added := cmd.(app.UndoAddBrowserSource).Added
			if !added.Created || len(added.Items) != 1 {
				t.Errorf("undoes %+v", added)
			}
			got = append(got, added.Input)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("undone (-want +got):\n%s", diff)
		}
	}
	undo(409)
	add("A")
	add("B")
	obs.refuse(app.NewError(app.CodeTimeout, "obs.timeout", "OBS did not answer in time", nil))
	undo(504, "B")
	obs.refuse(nil)
	core.change(func(s *app.Snapshot) { s.OBS.Collection = "Gala" })
	undo(409) // the same names there are other things
	add("C")
	core.change(func(s *app.Snapshot) { s.OBS.Collection = "Show" })
	undo(200, "B")
	undo(200, "A")
	undo(409)
	core.change(func(s *app.Snapshot) { s.OBS.Phase = app.OBSLost })
	undo(503)
	core.change(func(s *app.Snapshot) { s.OBS.Phase, s.OBS.Collection = app.OBSConnected, "Gala" })
	undo(200, "C")

	for range maxUndo + 5 {
		add("D")
	}
	for range maxUndo {
		undo(200, "D")
	}
	undo(409)
}

// What changed nothing leaves nothing to undo.
func TestAddingWhatIsThere(t *testing.T) {
	s := start(t, withOBS(), func(c *Config) { c.OBS = there{} })
	resp, text := (obsCall{method: "POST", path: "browser-sources", body: `{"sceneName":"","url":"/overlay/obs"}`}).send(t, s)
	if resp.StatusCode != 200 || !strings.Contains(string(text), `"created":false,"items":[]`) {
		t.Errorf("%s %s", resp.Status, text)
	}
	if resp, text := (obsCall{method: "POST", path: "browser-sources/undo"}).send(t, s); resp.StatusCode != 409 {
		t.Errorf("%s %s", resp.Status, text)
	}
}

func TestUpdatesOffered(t *testing.T) {
	core := withOBS()
	s := start(t, core)
	b := &browserCalls{Server: s}
	here := s.Addresses()[0]
	for _, test := range []struct{ host, url, page, origin, want string }{
		{"127.0.0.1", here + "/overlay/obs", "/overlay/obs", here, ""},
		{"127.0.0.1", strings.Replace(here, "127.0.0.1", "localhost", 1) + "/overlay/obs", "", here, ""},
		{"127.0.0.1", "http://127.0.0.1:1/overlay/obs", "/overlay/obs", here, here + "/overlay/obs"},
		{"127.0.0.1", "http://127.0.0.1:1/overlay/obs", "", here, ""},
		{"127.0.0.1", "http://127.0.0.1:1/overlay/obs", "named by somebody else", here, ""},
		{"203.0.113.7", here + "/r/A/viewer/?b=1&a=2", "", "http://192.168.1.20:3000", "http://192.168.1.20:3000/r/A/viewer?a=2&b=1"},
		{"203.0.113.7", here + "/overlay/obs", "/overlay/obs", "", ""},
	} {
		core.change(func(s *app.Snapshot) { s.OBS.Host = test.host })
		got := b.shown(app.OBSBrowserSource{URL: test.url, Page: test.page}, test.origin)
		if update := got.Update; (update == nil) != (test.want == "") || update != nil && *update != test.want {
			t.Errorf("%+v: got %v", test, update)
		}
		u, _ := url.Parse(test.url)
		if want := test.page != "" || s.Ours(u); got.Ours != want {
			t.Errorf("%+v: ours %v", test, got.Ours)
		}
	}
}

// there is an OBS that has everything already.
type there struct{}

func (there) DoOBS(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	return app.AddedBrowserSource{Input: "Cuewire"}, nil
}
