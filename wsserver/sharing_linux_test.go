package wsserver

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"

	"cuewire/app"
)

func (d *device) get(t testing.TB, url string, header ...string) (*http.Response, string) {
	t.Helper()
	return d.call(t, "GET", url, "", header...)
}

func (d *device) call(t testing.TB, method, url, body string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
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
	resp, err := d.browser().Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, url, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

func TestSharingOnANetwork(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	tablet := plug(t, "stage0", "10.77.0.1/24", "10.77.0.2/24")
	visitor := plug(t, "guests0", "10.78.0.1/24", "10.78.0.2/24")
	moved := make(chan []string, 64)
	s, core, _ := realServerWith(t, func(c *Config) { c.Moved = func(a []string) { moved <- a } })
	loopback := s.Addresses()[0]
	port := loopback[strings.LastIndex(loopback, ":")+1:]
	stage, guests := "http://10.77.0.1:"+port, "http://10.78.0.1:"+port
	unreachable := func(d *device, base string) bool {
		conn, err := d.dial(t.Context(), "tcp", strings.TrimPrefix(base, "http://"))
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}
	set := func(f app.SettingsFields) { mustDo(t, core, app.SetSettings{Fields: f}) }
	on, off, name := true, false, "stage0"

	if !unreachable(tablet, stage) {
		t.Fatal("other devices reach what is not shared")
	}
	set(app.SettingsFields{Sharing: &on, ShareOn: &name, LocalNameOff: &on})
	eventually(t, "shared on the chosen network", func() bool { return slices.Contains(s.Addresses(), stage) })
	if got := <-moved; !slices.Contains(got, stage) || !slices.Contains(got, loopback) {
		t.Errorf("told of %v", got)
	}
	if !unreachable(visitor, guests) {
		t.Error("the other network is shared too")
	}

	// Without a token: nothing but the page that asks for a code.
	for _, path := range []string{"/api/health", "/api/settings", "/api/tokens", "/api/clients", "/assets/cuewire.js", "/api/pairing", "/api/sharing", "/qr.svg?url=x", "/api/v1/rooms/x", "/metrics"} {
		if resp, text := tablet.get(t, stage+path); resp.StatusCode != 401 && resp.StatusCode != 404 {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
	if resp, _ := tablet.get(t, stage+"/pair"); resp.StatusCode != 200 {
		t.Errorf("/pair: %d", resp.StatusCode)
	}
	for _, host := range []string{"evil.example", "10.78.0.1:" + port, "cuewire.local:" + port} {
		if resp, _ := tablet.get(t, stage+"/pair", "Host", host); resp.StatusCode != 403 {
			t.Errorf("Host %s: %d", host, resp.StatusCode)
		}
	}
	// Whoever reaches it by another name for loopback is no program on this computer.
	if resp, _ := tablet.get(t, stage+"/api/settings", "Host", "localhost"); resp.StatusCode != 401 {
		t.Errorf("a device that says localhost: %d", resp.StatusCode)
	}

	// Paired, it has its role and no more.
	made, err := s.Pair(app.Moderator, "Tablet")
	if err != nil || !strings.HasPrefix(made.Link, stage+"/pair#") || made.Address != stage+"/pair" {
		t.Fatalf("%+v, %v", made, err)
	}
	resp, text := tablet.call(t, "POST", stage+"/pair", `{"code":"`+made.Code+`"}`)
	if resp.StatusCode != 201 || len(resp.Cookies()) != 1 {
		t.Fatalf("pairing: %d %s", resp.StatusCode, text)
	}
	cookie := resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value
	code := core.Snapshot().Rooms[0].Room.ShortCode
	for path, want := range map[string]int{"/api/health": 200, "/api/v1/rooms/" + code + "/messages": 200, "/api/v1/rooms/" + code + "/timers": 403, "/api/settings": 403, "/api/pairing": 403} {
		if resp, _ := tablet.get(t, stage+path, "Cookie", cookie); resp.StatusCode != want {
			t.Errorf("moderator, %s: %d", path, resp.StatusCode)
		}
	}
	dialer := websocket.Dialer{NetDialContext: tablet.dial}
	open := func(path string) (*websocket.Conn, int) {
		conn, resp, err := dialer.Dial("ws"+strings.TrimPrefix(stage, "http")+path, http.Header{"Cookie": {cookie}})
		if err != nil && resp == nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return conn, resp.StatusCode
	}
	if _, status := open("/ws/" + code + "?output=controller"); status != 403 {
		t.Errorf("more than its role: %d", status)
	}
	conn, status := open("/ws/" + code + "?output=moderator")
	if status != 101 {
		t.Fatalf("its role: %d", status)
	}
	defer conn.Close()
	tokenID := core.Snapshot().Tokens[0].ID
	eventually(t, "the client names its token", func() bool {
		clients := core.Snapshot().Clients
		return len(clients) == 1 && clients[0].TokenID == tokenID && !s.LastSeen(tokenID).IsZero()
	})
	mustDo(t, core, app.RevokeToken{ID: tokenID})
	if got := closeCode(t, conn); got != websocket.ClosePolicyViolation {
		t.Errorf("revoked: closed with %d", got)
	}
	if resp, _ := tablet.get(t, stage+"/api/health", "Cookie", cookie); resp.StatusCode != 401 {
		t.Errorf("revoked: %d", resp.StatusCode)
	}

	// The network goes and comes.
	shell(t, "ip", "addr", "del", "10.77.0.1/24", "dev", "stage0")
	eventually(t, "the lost network is told of", func() bool {
		r := s.Reach()
		return !r.Sharing && len(r.Problems) == 1 && r.Problems[0].Key == "share.gone" // after several looks
	})
	shell(t, "ip", "addr", "add", "10.77.0.1/24", "dev", "stage0")
	eventually(t, "the network is back", func() bool { return slices.Contains(s.Addresses(), stage) && len(s.Reach().Problems) == 0 })

	// Another choice, all of them, none: what is open on a network ends with it.
	set(app.SettingsFields{ViewingOpen: &on})
	viewer, resp, err := dialer.Dial("ws"+strings.TrimPrefix(stage, "http")+"/ws/"+code, nil)
	if err != nil {
		t.Fatalf("%v, %v", resp, err)
	}
	defer viewer.Close()
	everywhere := ""
	set(app.SettingsFields{ShareOn: &everywhere})
	eventually(t, "shared on all networks", func() bool {
		return slices.Contains(s.Addresses(), stage) && slices.Contains(s.Addresses(), guests)
	})
	if resp, _ := visitor.get(t, guests+"/api/health"); resp.StatusCode != 200 {
		t.Errorf("viewing is open: %d", resp.StatusCode)
	}
	set(app.SettingsFields{Sharing: &off})
	if got := closeCode(t, viewer); got != websocket.CloseGoingAway {
		t.Errorf("no longer shared: closed with %d", got)
	}
	eventually(t, "nothing is shared", func() bool { return slices.Equal(s.Addresses(), []string{loopback}) })
	if !unreachable(tablet, stage) || !unreachable(visitor, guests) {
		t.Error("other devices still get in")
	}
	if resp, _ := call(t, s, "GET", "/api/settings", ""); resp.StatusCode != 200 {
		t.Errorf("this computer: %d", resp.StatusCode)
	}
}

func TestSharingTakesTheNextFreePort(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	tablet := plug(t, "stage0", "10.77.0.1/24", "10.77.0.2/24")
	s, core, _ := realServerWith(t, nil)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.Addresses()[0], "http://"), ":")
	other, err := net.Listen("tcp", "10.77.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	on := true
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{Sharing: &on, LocalNameOff: &on}})
	eventually(t, "shared", func() bool { return len(s.Addresses()) == 2 })
	if s.Addresses()[1] == "http://10.77.0.1:"+port {
		t.Error("the port was taken")
	}
	if resp, _ := tablet.get(t, s.Addresses()[1]+"/pair"); resp.StatusCode != 200 {
		t.Errorf("on %s: %d", s.Addresses()[1], resp.StatusCode)
	}
}

// The name is told while Cuewire is shared, and another device's is left alone.
func TestLocalName(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	tablet := plug(t, "stage0", "10.77.0.1/24", "10.77.0.2/24")
	ask := func(name string) (addr string) {
		tablet.do(func() {
			conn := tablet.mdns(t)
			defer conn.Close()
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			if _, found, err := conn.QueryAddr(ctx, name); err == nil {
				addr = found.String()
			}
		})
		return addr
	}
	s, core, _ := realServerWith(t, nil)
	on, off := true, false
	set := func(f app.SettingsFields) { mustDo(t, core, app.SetSettings{Fields: f}) }
	hostAllowed := func(name string) bool { return s.here().HostAllowed(name + ":3000") }
	if got := ask("cuewire.local"); got != "" || hostAllowed("cuewire.local") {
		t.Errorf("before: %q", got)
	}
	set(app.SettingsFields{Sharing: &on})
	eventually(t, "the name is there", func() bool { return s.Reach().Name == "cuewire.local" })
	if got := ask("cuewire.local"); got != "10.77.0.1" || !hostAllowed("cuewire.local") {
		t.Errorf("it is at %q", got)
	}
	if r := s.Reach(); !slices.ContainsFunc(r.Addresses, func(a app.ReachAddress) bool { return strings.HasPrefix(a.URL, "http://cuewire.local:") }) {
		t.Errorf("%+v", r.Addresses)
	}
	set(app.SettingsFields{LocalNameOff: &on})
	eventually(t, "the name is gone", func() bool { return s.Reach().Name == "" && !hostAllowed("cuewire.local") })
	if got := ask("cuewire.local"); got != "" {
		t.Errorf("still at %q", got)
	}

	var theirs *mdns.Conn
	tablet.do(func() { theirs = tablet.mdns(t, mdns.WithLocalNames("cuewire.local")) })
	defer theirs.Close()
	set(app.SettingsFields{LocalNameOff: &off})
	eventually(t, "the second name is there", func() bool { return s.Reach().Name == "cuewire-2.local" })
	if hostAllowed("cuewire.local") || !hostAllowed("cuewire-2.local") {
		t.Error("another device's name is taken for ours")
	}
}

// mdns listens for names on the device's network; it must be called on it.
func (d *device) mdns(t testing.TB, options ...mdns.ServerOption) *mdns.Conn {
	at, err := net.ResolveUDPAddr("udp4", mdns.DefaultAddressIPv4)
	if err != nil {
		t.Error(err)
	}
	socket, err := net.ListenUDP("udp4", at)
	if err != nil {
		t.Error(err)
		return nil
	}
	conn, err := mdns.NewServer(ipv4.NewPacketConn(socket), nil, options...)
	if err != nil {
		t.Error(err)
	}
	return conn
}

// An OBS on another computer gets in as a viewer, by an address that stays the same
// and whose secret is good once.
func TestOBSElsewhereGetsIn(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	studio := plug(t, "stage0", "10.77.0.1/24", "10.77.0.2/24")
	s, core, _ := realServerWith(t, nil)
	on := true
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{Sharing: &on, LocalNameOff: &on}})
	mustDo(t, core, app.OBSPhaseFact{Phase: app.OBSConnected, Host: "10.77.0.2", Port: 4455, At: core.Now()})
	eventually(t, "shared", func() bool { return s.Reach().Sharing })
	const page = "/overlay/combined?scene=Main"
	ask := func() string {
		t.Helper()
		address, id, err := s.PageForOBS(t.Context(), page)
		if err != nil || id != page || app.PageOf(parsed(t, address)) != page {
			t.Fatalf("%s, %s, %v", address, id, err)
		}
		return address
	}
	first := ask()
	where, secret, ok := strings.Cut(first, "#")
	if !ok || !strings.HasPrefix(where, "http://10.77.0.1:") || !strings.Contains(where, "/pair?to=%2Foverlay%2Fcombined") {
		t.Fatal(first)
	}
	if ask() != first {
		t.Error("the address changes while nobody used it")
	}
	base := where[:strings.Index(where, "/pair")]
	resp, text := studio.call(t, "POST", base+"/pair", `{"secret":"`+secret+`"}`)
	if resp.StatusCode != 201 || !strings.Contains(text, `"role":"viewer"`) {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	cookie := resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value
	for path, want := range map[string]int{page: 200, "/overlay/quick": 200, "/sources": 403, "/api/settings": 403} {
		if resp, _ := studio.get(t, base+path, "Cookie", cookie); resp.StatusCode != want {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	if resp, _ := studio.call(t, "POST", base+"/pair", `{"secret":"`+secret+`"}`); resp.StatusCode != 401 {
		t.Errorf("used again: %d", resp.StatusCode)
	}
	if ask() != first {
		t.Error("the address changes after it was used")
	}
	if tokens := core.Snapshot().Tokens; len(tokens) != 1 || tokens[0].Name != "OBS (10.77.0.2)" {
		t.Errorf("%+v", tokens)
	}
	mustDo(t, core, app.RevokeToken{ID: core.Snapshot().Tokens[0].ID})
	if ask() == first {
		t.Error("a revoked OBS gets no new address")
	}
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{ViewingOpen: &on}})
	if got := ask(); got != base+page {
		t.Errorf("viewing is open: %s", got)
	}
}

func parsed(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
