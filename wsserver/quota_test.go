package wsserver

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

// getFrom asks from an address, with a bearer token unless it is "".
func getFrom(t testing.TB, s *Server, local, path, token string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.Addresses()[0]+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "localhost"
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := clientFrom(local).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp
}

func expectStatus(t testing.TB, what string, resp *http.Response, want int) {
	t.Helper()
	if resp.StatusCode != want {
		t.Errorf("%s: %d, want %d", what, resp.StatusCode, want)
	}
}

func TestNetworkOf(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1", "2001:db8::1": "2001:db8::/64", "2001:db8::ffff:1": "2001:db8::/64",
		"2001:db8:0:1::1": "2001:db8:0:1::/64", "fe80::1%eth0": "fe80::/64", "pipe": "pipe", "": "",
	} {
		if got := networkOf(address); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
}

// Strangers may ask /api a hundred times in a quarter of an hour, each address for
// itself; devices and this computer are not strangers.
func TestQuotaOfStrangersAndDevices(t *testing.T) {
	s := startOnLAN(t, realCore(t), withTokens(t), func(c *Config) { c.Limits.Devices = 5 })
	first := getFrom(t, s, "127.10.0.7", "/api/health", "")
	expectStatus(t, "the first", first, http.StatusUnauthorized)
	if first.Header.Get("X-RateLimit-Limit") != "100" || first.Header.Get("X-RateLimit-Remaining") != "99" {
		t.Errorf("header: %v", first.Header)
	}
	for i := range 99 {
		expectStatus(t, fmt.Sprint("request ", i), getFrom(t, s, "127.10.0.7", "/api/health", ""), http.StatusUnauthorized)
	}
	over := getFrom(t, s, "127.10.0.7", "/api/health", "")
	expectStatus(t, "one more", over, http.StatusTooManyRequests)
	if wait, _ := strconv.Atoi(over.Header.Get("Retry-After")); wait < 1 || wait > 15*60 {
		t.Errorf("Retry-After: %q", over.Header.Get("Retry-After"))
	}
	expectStatus(t, "another address", getFrom(t, s, "127.10.0.8", "/api/health", ""), http.StatusUnauthorized)
	expectStatus(t, "a page, which is not /api", getFrom(t, s, "127.10.0.7", "/r/ABC234/viewer", ""), http.StatusUnauthorized)
	for range 105 {
		expectStatus(t, "this computer", getFrom(t, s, "127.0.0.1", "/api/health", ""), http.StatusOK)
	}

	token := tokenFor(t, s, "ana", app.Operator, time.Hour)
	for range 5 {
		expectStatus(t, "a device at the strangers' address", getFrom(t, s, "127.10.0.7", "/api/health", token), http.StatusOK)
	}
	expectStatus(t, "a device over its own limit", getFrom(t, s, "127.10.0.9", "/api/health", token), http.StatusTooManyRequests)
	expectStatus(t, "its pages", getFrom(t, s, "127.10.0.9", "/assets/cuewire.js", token), http.StatusOK)
	other := tokenFor(t, s, "bea", app.Operator, time.Hour)
	expectStatus(t, "another device", getFrom(t, s, "127.10.0.9", "/api/health", other), http.StatusOK)
	expectStatus(t, "the device on this computer", getFrom(t, s, "127.0.0.1", "/api/health", token), http.StatusOK)
}

// Guessing tokens costs the same as asking without one, on every path, and a guess that
// is over the limit is not looked at.
func TestQuotaOfGuesses(t *testing.T) {
	s := startOnLAN(t, realCore(t), withTokens(t), func(c *Config) { c.Limits.Strangers = 10 })
	good := tokenFor(t, s, "ana", app.Admin, time.Hour)
	for i, path := range []string{"/", "/api/health", "/v1/timers", "/r/X/viewer", "/ws/X", "/sources", "/overlay/obs", "/assets/x.js", "/qr.svg", "/app/x"} {
		expectStatus(t, path, getFrom(t, s, fmt.Sprintf("127.11.5.%d", i+1), path, "guess"), http.StatusUnauthorized)
	}
	expectStatus(t, "one more guess from the same /64", getFrom(t, s, "127.11.5.99", "/", "guess"), http.StatusTooManyRequests)
	expectStatus(t, "a good token from there", getFrom(t, s, "127.11.5.98", "/api/health", good), http.StatusOK)
	expectStatus(t, "another /64", getFrom(t, s, "127.11.6.1", "/", "guess"), http.StatusUnauthorized)
}

// What is remembered of addresses is bounded, whoever sends; a clock that is set back
// locks nobody out.
func TestQuotasAreBounded(t *testing.T) {
	var p people
	for i := range 3 * peopleRemembered {
		p.admit(strconv.Itoa(i), deedRequest, 1000, 5, 60_000)
	}
	if len(p.seen) > peopleRemembered {
		t.Errorf("%d people are remembered", len(p.seen))
	}
	var a askers
	now := time.Now()
	for i := range 3 * asksRemembered {
		a.wait(fmt.Sprintf("192.0.%d.%d", i/256, i%256), now)
	}
	if len(a.byPeer) > asksRemembered {
		t.Errorf("%d askers are remembered", len(a.byPeer))
	}
	var w window
	for range 3 {
		w.admit(7_200_000, 3, 60_000)
	}
	if retry := w.admit(7_200_001, 3, 60_000); retry == 0 {
		t.Error("no limit")
	}
	if retry := w.admit(3_600_000, 3, 60_000); retry != 0 {
		t.Errorf("after the clock was set back: wait %d ms", retry)
	}
}

// One computer cannot take all connections: neither WebSocket ones nor those that never
// say anything. An IPv6 network is one computer.
func TestConnectionsOfOneAddress(t *testing.T) {
	s := startOnLAN(t, newScripted(), func(c *Config) { c.Limits = Limits{RequestsPerAddress: 3, PerAddress: 2} })
	address := strings.TrimPrefix(s.Addresses()[0], "http://")
	open := func(local string) net.Conn {
		conn, err := dialerFrom(local)(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(patience))
		return conn
	}
	for _, network := range []string{"127.10.0.7", "127.11.1.%d"} {
		for i := range 4 {
			local := network
			if strings.Contains(network, "%") {
				local = fmt.Sprintf(network, i+1)
			}
			conn := open(local)
			if i < 3 {
				want := i + 1
				waitUntil(t, func() bool { return s.arrivals.countOf(local) == want })
				continue
			}
			if _, err := conn.Read(make([]byte, 1)); err == nil || isTimeout(err) {
				t.Errorf("%s: one connection too many was kept: %v", local, err)
			}
		}
	}
	ok := open("127.10.0.8")
	fmt.Fprint(ok, "GET /api/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
	if answer, _ := io.ReadAll(ok); !strings.HasPrefix(string(answer), "HTTP/1.0 401") {
		t.Errorf("another computer: %q", answer)
	}
}

// countOf returns how many are open from an address of the lan.
func (a *arrivals) countOf(local string) int {
	at := lanPeer(net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(local), 1)))
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.from[networkOf(at.Addr().String())]
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

func TestParseLimits(t *testing.T) {
	l, err := ParseLimits(map[string]int{"connections": 5, "api-devices": 7})
	if err != nil || l.Connections != 5 || l.Devices != 7 || l.withDefaults().PerAddress != 200 || l.withDefaults().Connections != 5 {
		t.Errorf("%+v %v", l, err)
	}
	for _, wrong := range []map[string]int{{"conections": 5}, {"backlog": 0}, {"backlog": -1}} {
		if _, err := ParseLimits(wrong); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}
