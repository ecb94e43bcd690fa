package auth

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"cuewire/app"
)

func addrs(list ...string) []netip.AddrPort {
	var out []netip.AddrPort
	for _, a := range list {
		out = append(out, netip.MustParseAddrPort(a))
	}
	return out
}

var (
	alone  = Site{Listening: addrs("127.0.0.1:3000")}
	shared = Site{
		Listening: addrs("0.0.0.0:3000"), Names: []string{"studio", "studio.local"},
		Addresses: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("192.168.1.5"), netip.MustParseAddr("fe80::1")},
	}
	both = Site{Listening: addrs("127.0.0.1:3000", "[::1]:3000"), Names: []string{"studio"}}
)

func TestHost(t *testing.T) {
	for host, want := range map[string]struct{ alone, shared bool }{
		"localhost":                 {true, true},
		"localhost:3000":            {true, true},
		"LOCALHOST:3000":            {true, true},
		"localhost.":                {true, true},
		"localhost.:3000":           {true, true},
		"127.0.0.1:3000":            {true, true},
		"127.0.0.1":                 {true, true},
		"127.8.9.1:3000":            {true, true},
		"[::1]:3000":                {true, true},
		"[::1]":                     {true, true},
		"[::ffff:127.0.0.1]:3000":   {true, true},
		"192.168.1.5:3000":          {false, true},
		"[fe80::1%25eth0]:3000":     {false, false},
		"[fe80::1]:3000":            {false, true},
		"studio:3000":               {false, true},
		"Studio.Local:3000":         {false, true},
		"192.168.1.6:3000":          {false, false},
		"studio.example.com":        {false, false},
		"evil.com":                  {false, false},
		"evil.com:3000":             {false, false},
		"localhost.evil.com":        {false, false},
		"overlays.localhost:3000":   {true, true},
		"Overlays.Localhost.":       {true, true},
		"x.localhost:3000":          {false, false},
		"x.overlays.localhost:3000": {false, false},
		"127.0.0.1.evil.com":        {false, false},
		"127.0.0.1.nip.io:3000":     {false, false},
		"0.0.0.0:3000":              {false, true}, // what --listen 0.0.0.0 prints
		"":                          {false, false},
		":3000":                     {false, false},
		".":                         {false, false},
		"[]:3000":                   {false, false},
		"[localhost]":               {false, false},
		"[localhost]:3000":          {false, false},
		"::1":                       {false, false},
		"localhost:0":               {false, false},
		"localhost:70000":           {false, false},
		"localhost:http":            {false, false},
		"2130706433":                {false, false},
		"0177.0.0.1":                {false, false},
		"localhost:3000:3000":       {false, false},
		"user@localhost":            {false, false},
		"localhost/":                {false, false},
		"localhost, evil.com":       {false, false},
		"xn--lcalhost-54a:3000":     {false, false},
		"localhost..":               {false, false},
		"[::1%25lo]:3000":           {false, false},
		"[::ffff:192.168.1.5]:3000": {false, true},
	} {
		if got := alone.HostAllowed(host); got != want.alone {
			t.Errorf("alone, Host %q: %v", host, got)
		}
		if got := shared.HostAllowed(host); got != want.shared {
			t.Errorf("shared, Host %q: %v", host, got)
		}
	}
}

func TestOwnOrigin(t *testing.T) {
	for origin, want := range map[string]struct{ alone, shared, both bool }{
		"http://localhost:3000":            {true, true, true},
		"http://LOCALHOST:3000":            {true, true, true},
		"http://localhost.:3000":           {true, true, true},
		"http://127.0.0.1:3000":            {true, true, true},
		"http://[::1]:3000":                {false, false, true},
		"http://127.0.0.2:3000":            {false, true, false}, // 0.0.0.0 answers on it too
		"http://192.168.1.5:3000":          {false, true, false},
		"http://studio:3000":               {false, true, false},
		"http://studio.local:3000":         {false, true, false},
		"http://localhost:3001":            {},
		"http://localhost":                 {},
		"https://localhost:3000":           {},
		"http://evil.com":                  {},
		"http://evil.com:3000":             {},
		"http://localhost.evil.com:3000":   {},
		"http://overlays.localhost:3000":   {},
		"http://localhost:3000@evil.com":   {},
		"http://evil.com#localhost:3000":   {},
		"http://localhost:3000/":           {},
		"http://localhost:3000?x":          {},
		"null":                             {},
		"file://":                          {},
		"":                                 {},
		"localhost:3000":                   {},
		"chrome-extension://abcdefghijklm": {},
		"http://192.168.1.6:3000":          {},
	} {
		for name, test := range map[string]struct {
			site Site
			want bool
		}{"alone": {alone, want.alone}, "shared": {shared, want.shared}, "both": {both, want.both}} {
			if got := test.site.OwnOrigin(origin); got != test.want {
				t.Errorf("%s, Origin %q: %v", name, origin, got)
			}
		}
	}
}

func TestListedOrigin(t *testing.T) {
	list := []string{"http://localhost:8080", "https://panel.example", "http://10.0.0.2:80/", "null", "*", "file://"}
	for origin, want := range map[string]bool{
		"http://localhost:8080": true, "https://panel.example": true, "https://panel.example:443": true, "https://PANEL.example": true,
		"http://10.0.0.2": true, "http://panel.example": false, "http://localhost:8081": false, "https://localhost:8080": false,
		"https://x.panel.example": false, "null": false, "*": false, "file://": false, "": false,
	} {
		if got := ListedOrigin(origin, list); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
}

func request(peer, host string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr, r.Host = peer, host
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func TestThisComputer(t *testing.T) {
	for name, test := range map[string]struct {
		r    *http.Request
		want bool
	}{
		"loopback":              {request("127.0.0.1:5", "localhost"), true},
		"loopback of IPv6":      {request("[::1]:5", "localhost"), true},
		"mapped loopback":       {request("[::ffff:127.0.0.1]:5", "localhost"), true},
		"another computer":      {request("192.168.1.9:5", "192.168.1.5"), false},
		"a tunnel, Forwarded":   {request("127.0.0.1:5", "localhost", "Forwarded", "for=1.2.3.4"), false},
		"a tunnel, forwarded":   {request("127.0.0.1:5", "localhost", "x-forwarded-for", "127.0.0.1"), false},
		"a tunnel, proto":       {request("127.0.0.1:5", "localhost", "X-Forwarded-Proto", "https"), false},
		"a tunnel, empty":       {request("127.0.0.1:5", "localhost", "X-Forwarded-Host", ""), false},
		"a proxy":               {request("127.0.0.1:5", "localhost", "Via", "1.1 proxy"), false},
		"a peer without a port": {request("pipe", "localhost"), false},
	} {
		if got := ThisComputer(test.r); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestJudge(t *testing.T) {
	const here, there = "127.0.0.1:5", "192.168.1.9:5"
	closed := Rules{Site: shared, Secret: "s3cret", Origins: []string{"http://localhost:8080"}}
	open := closed
	open.ViewingOpen = true
	for name, test := range map[string]struct {
		rules Rules
		r     *http.Request
		page  bool
		code  app.Code
		role  app.Role
	}{
		"this computer":                          {closed, request(here, "localhost:3000"), false, "", app.Admin},
		"our own page":                           {closed, request(here, "localhost:3000", "Origin", "http://localhost:3000", "Sec-Fetch-Site", "same-origin"), false, "", app.Admin},
		"another computer":                       {closed, request(there, "192.168.1.5:3000"), false, "", ""},
		"another computer, viewing open":         {open, request(there, "192.168.1.5:3000"), false, "", app.Viewer},
		"a tunnel":                               {closed, request(here, "localhost", "X-Forwarded-For", "1.2.3.4"), false, "", ""},
		"a tunnel under its own name":            {closed, request(here, "x.tunnel.example", "X-Forwarded-For", "1.2.3.4"), false, app.CodeForbidden, ""},
		"a rebound name":                         {closed, request(here, "evil.com:3000", "Origin", "http://evil.com:3000"), false, app.CodeForbidden, ""},
		"a foreign page":                         {closed, request(here, "localhost:3000", "Origin", "https://evil.com"), false, app.CodeForbidden, ""},
		"another local port":                     {closed, request(here, "localhost:3000", "Origin", "http://localhost:5173"), false, app.CodeForbidden, ""},
		"another local port, listed":             {closed, request(here, "localhost:3000", "Origin", "http://localhost:8080", "Sec-Fetch-Site", "same-site"), false, "", app.Admin},
		"null origin":                            {closed, request(here, "localhost:3000", "Origin", "null"), false, app.CodeForbidden, ""},
		"empty origin":                           {closed, request(here, "localhost:3000", "Origin", ""), false, app.CodeForbidden, ""},
		"two origins":                            {closed, request(here, "localhost:3000", "Origin", "http://localhost:3000", "Origin", "https://evil.com"), false, app.CodeForbidden, ""},
		"foreign origin on a page":               {closed, request(here, "localhost:3000", "Origin", "https://evil.com", "Sec-Fetch-Mode", "navigate"), true, app.CodeForbidden, ""},
		"a picture on a foreign page":            {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), false, app.CodeForbidden, ""},
		"a picture on another local port's page": {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors"), false, app.CodeForbidden, ""},
		"a page as a picture":                    {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), true, app.CodeForbidden, ""},
		"a link from a foreign page":             {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"), true, "", app.Admin},
		"a link from a foreign page to the API":  {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"), false, app.CodeForbidden, ""},
		"our page under the other name":          {closed, request(here, "127.0.0.1:3000", "Origin", "http://localhost:3000", "Sec-Fetch-Site", "cross-site"), false, app.CodeForbidden, ""},
		"an overlay":                             {closed, request(here, "overlays.localhost:3000", "Origin", "http://overlays.localhost:3000", "Sec-Fetch-Site", "same-origin"), false, "", app.Viewer},
		"an overlay without an origin":           {closed, request(here, "overlays.localhost:3000", "Sec-Fetch-Site", "same-origin"), false, "", app.Viewer},
		"an overlay of another port":             {closed, request(here, "overlays.localhost:3000", "Origin", "http://overlays.localhost:3001"), false, app.CodeForbidden, ""},
		"an overlay that goes to the API":        {closed, request(here, "localhost:3000", "Origin", "http://overlays.localhost:3000", "Sec-Fetch-Site", "cross-site"), false, app.CodeForbidden, ""},
		"an overlay's picture of the API":        {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"), false, app.CodeForbidden, ""},
		"a foreign page that goes to overlays":   {closed, request(here, "overlays.localhost:3000", "Origin", "https://evil.com"), false, app.CodeForbidden, ""},
		"a listed page that goes to overlays":    {closed, request(here, "overlays.localhost:3000", "Origin", "http://localhost:8080"), false, "", app.Viewer},
		"the secret under the overlays' name":    {closed, request(here, "overlays.localhost:3000", "Authorization", "Bearer s3cret"), false, "", app.Viewer},
		"the overlays' name from elsewhere":      {closed, request(there, "overlays.localhost:3000"), false, "", ""},
		"typed into the address bar":             {closed, request(here, "localhost:3000", "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"), true, "", app.Admin},
		"an unknown token":                       {open, request(there, "192.168.1.5:3000", "Authorization", "Bearer abc"), false, app.CodeUnauthorized, ""},
		"an unknown token here":                  {closed, request(here, "localhost", "Authorization", "bearer abc"), false, app.CodeUnauthorized, ""},
		"an empty token":                         {open, request(there, "192.168.1.5:3000", "Authorization", "Bearer"), false, app.CodeUnauthorized, ""},
		"an unknown token as a subprotocol":      {closed, request(here, "localhost", "Sec-WebSocket-Protocol", "chat, authorization.bearer.abc"), false, app.CodeUnauthorized, ""},
		"the secret":                             {closed, request(here, "localhost", "Authorization", "Bearer s3cret"), false, "", app.Admin},
		"the secret from another computer":       {closed, request(there, "192.168.1.5:3000", "Authorization", "Bearer s3cret"), false, app.CodeUnauthorized, ""},
		"the secret as a subprotocol":            {closed, request(here, "localhost", "Sec-WebSocket-Protocol", "authorization.bearer.s3cret"), false, "", app.Admin},
		"an empty secret is nobody's":            {Rules{Site: alone}, request(here, "localhost", "Authorization", "Bearer "), false, app.CodeUnauthorized, ""},
		"a name and password are no token":       {closed, request(here, "localhost", "Authorization", "Basic YTpi"), false, "", app.Admin},
		"a token in the query is not read":       {closed, tokenInQuery(there), false, "", ""},
		"a cookie that is not known is none":     {open, request(there, "192.168.1.5:3000", "Cookie", "cuewire_token=abc"), false, "", app.Viewer},
		"the LAN address while listening alone":  {Rules{Site: alone}, request(here, "192.168.1.5:3000"), false, app.CodeForbidden, ""},
		"an empty Host":                          {closed, request(here, ""), false, app.CodeForbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			visit, err := test.rules.Judge(test.r, test.page)
			if app.CodeOf(err) != test.code || visit.Role != test.role {
				t.Errorf("code %q, role %q; want %q, %q", app.CodeOf(err), visit.Role, test.code, test.role)
			}
		})
	}
}

func tokenInQuery(peer string) *http.Request {
	r := request(peer, "192.168.1.5:3000")
	r.URL.RawQuery = "token=s3cret&access_token=s3cret"
	return r
}

func FuzzHost(f *testing.F) {
	for _, seed := range []string{"localhost:3000", "[::1]:3000", "evil.com", "[fe80::1%eth0]:1", "", "127.0.0.1", "::", "[", "]:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		alone.HostAllowed(host)
		alone.OwnOrigin(host)
		alone.OwnOrigin("http://" + host)
		ListedOrigin(host, []string{host})
	})
}
