package wsserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// everyWay are the requests that a page elsewhere can make of us, with a header line.
func everyWay(header string) []string {
	requests := eachOf("{}\n"+header, "GET /", "GET /api/health", "GET /r/{room}/controller", "GET /assets/cuewire.js", "GET /overlay/my/mine.html", "HEAD /api/config", "OPTIONS /api/settings", "DELETE /api/v1/rooms/{room}")
	requests = append(requests, eachOf("WS {}\n"+header, endpoints...)...)
	return append(requests, eachOf("{}\nContent-Type: application/json\n"+header+"\n\n"+`{"viewingOpen":true,"name":"x"}`, "POST /api/v1/rooms", "PUT /api/settings", "POST /api/tokens")...)
}

func everyHost(hosts ...string) (requests []string) {
	for _, host := range hosts {
		requests = append(requests, everyWay("Host: "+host)...)
	}
	return requests
}

func everyOrigin(origins ...string) (requests []string) {
	for _, origin := range origins {
		requests = append(requests, everyWay("Origin: "+origin)...)
	}
	return requests
}

var hostAttacks = []attack{
	{what: "a name of the attacker's that leads to 127.0.0.1", answer: "403", try: refused(403, everyHost("evil.example", "evil.example:{port}")...)},
	{what: "the same, with an Origin that matches it", answer: "403", try: refused(403, everyHost("evil.example:{port}\nOrigin: http://evil.example:{port}")...)},
	{what: "public names of 127.0.0.1 (`nip.io`, `localtest.me`)", answer: "403", try: refused(403, everyHost("127.0.0.1.nip.io:{port}", "localtest.me:{port}")...)},
	{what: "names that begin or end like ours", answer: "403", try: refused(403, everyHost("localhost.evil.example", "evil-localhost:{port}", "x.localhost:{port}", "127.0.0.1.evil.example", "x.overlays.localhost:{port}")...)},
	{what: "loopback as a decimal, octal, hexadecimal or short number", answer: "403", try: refused(403, everyHost("2130706433:{port}", "0177.0.0.1:{port}", "0x7f000001:{port}", "127.1:{port}")...)},
	{what: "IPv6 with a zone, a mapped foreign address, brackets with a name, no brackets", answer: "403", try: refusedWith([]int{400, 403}, everyHost("[::1%25lo]:{port}", "[::ffff:192.0.2.9]:{port}", "[localhost]:{port}", "::1")...)},
	{what: "a name and password, a path, a list or a space in Host", answer: "400 or 403", try: refusedWith([]int{400, 403}, everyHost("user@localhost:{port}", "localhost/:{port}", "localhost, evil.example", "localhost evil.example", "evil.example#localhost")...)},
	{what: "an empty Host, a port without a name, two dots at the end", answer: "403", try: refused(403, everyHost("", ":{port}", "localhost..:{port}", ".")...)},
	{what: "no Host, by HTTP/1.1 and by HTTP/1.0", answer: "400 and 403", try: refusedWith([]int{400, 403}, "GET /api/health\nHost: -", "GET /api/health HTTP/1.0\nHost: -")},
	{what: "two Hosts", answer: "400", try: refused(400, "GET /api/health\nHost: localhost:{port}\nHost: evil.example", "GET /api/health\nHost: evil.example\nHost: localhost:{port}")},
	{what: "another Host in the request's line than in its header", answer: "403", try: refused(403, "GET http://evil.example/api/health\nHost: localhost:{port}", "GET http://evil.example:{port}/api/health\nHost: localhost:{port}")},
	{what: "an address of the network while nothing is shared", answer: "403", try: refused(403, everyHost("192.168.1.5:{port}", "10.0.0.1:{port}", "studio.local:{port}", "0.0.0.0:{port}")...)},
}

var originAttacks = []attack{
	{what: "a foreign page, on every method and every WebSocket", answer: "403", try: refused(403, everyOrigin("https://evil.example", "http://evil.example:{port}")...)},
	{what: "Origin `null` (sandboxed frames, `data:`), files and extensions", answer: "403", try: refused(403, everyOrigin("null", "file://", "chrome-extension://abcdefghijklmnop", "about:blank")...)},
	{what: "a page of another program on this computer", answer: "403", try: refused(403, everyOrigin("http://localhost:1", "http://127.0.0.1:8080", "http://localhost")...)},
	{what: "our address with another scheme", answer: "403", try: refused(403, everyOrigin("https://localhost:{port}", "ftp://localhost:{port}", "ws://localhost:{port}")...)},
	{what: "origins that hold ours (subdomain, user, path, query, fragment)", answer: "403", try: refused(403, everyOrigin("http://localhost.evil.example:{port}", "http://localhost:{port}@evil.example", "http://evil.example/http://localhost:{port}", "http://localhost:{port}/", "http://evil.example#http://localhost:{port}", "http://x.localhost:{port}")...)},
	{what: "origins that look like one of the allow-list", answer: "403", try: refused(403, everyOrigin("https://panel.example.evil.example", "http://panel.example", "https://panel.example:444", "https://evilpanel.example", "https://panel.examplé", "https://x.panel.example", "*")...)},
	{what: "an empty Origin, two of them, a list", answer: "403", try: refused(403, append(everyOrigin("", "http://localhost:{port}, https://evil.example"), everyWay("Origin: http://localhost:{port}\nOrigin: https://evil.example")...)...)},
	{what: "an overlay's own page that goes to the API", answer: "403", try: refused(403, everyOrigin("http://overlays.localhost:{port}")...)},
	{what: "a foreign page with a device's token", answer: "403", try: refused(403, append(
		eachOf("WS {}\nOrigin: https://evil.example\nSec-WebSocket-Protocol: authorization.bearer.{admin}", endpoints...),
		"GET /api/settings\nOrigin: https://evil.example\nCookie: cuewire_token={admin}", "GET /api/settings\nOrigin: null\nAuthorization: Bearer {admin}",
	)...)},
	{what: "a foreign page's preflight", answer: "403 without CORS headers", try: refused(403, eachOf("OPTIONS {}\nOrigin: https://evil.example\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: content-type", "/api/settings", "/api/tokens", "/v1/timers/x", "/apps/{key}/events")...)},
}

var crossSiteAttacks = []attack{
	{what: "a form of another site, which sends text that is JSON", answer: "403", try: refused(403, formsWith("Origin: https://evil.example\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate")...)},
	{what: "the same from a browser that tells no Origin", answer: "403", try: refused(403, formsWith("Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate")...)},
	{what: "the same from a browser that tells nothing at all", answer: "415: only JSON is read", try: refused(415, formsWith("User-Agent: old")...)},
	{what: "`fetch` with `no-cors`, pictures, scripts and beacons of another site", answer: "403", try: refused(403, append(
		eachOf("GET {}\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: no-cors", "/api/settings", "/assets/cuewire.js", "/qr.svg?text=x", "/r/{room}/viewer", "/"),
		eachOf("GET {}\nSec-Fetch-Site: same-site\nSec-Fetch-Mode: no-cors", "/api/settings", "/assets/cuewire.js", "/")...,
	)...)},
	{what: "a link of another site to the API", answer: "403", try: refused(403, eachOf("GET {}\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate", "/api/settings", "/api/v1/rooms/{room}/export?format=csv", "/api/openapi.json")...)},
	{what: "a navigation of another site by POST", answer: "403", try: refused(403, eachOf("POST {}\nSec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate", "/", "/r/{room}/viewer", "/overlay/obs")...)},
	{what: "a GET of every documented route, which may change nothing", answer: "nothing changes", try: everyGet("")},
	{what: "a GET that says it is a DELETE (`X-HTTP-Method-Override`, `_method`)", answer: "nothing changes", try: everyGet("X-HTTP-Method-Override: DELETE\nX-Method-Override: DELETE\nX-HTTP-Method: DELETE")},
	{what: "our pages in a foreign frame", answer: "`frame-ancestors` none, or our own addresses alone; `X-Frame-Options`", try: framesAreRefused},
	{what: "a webhook to our own address, to do what its author may not", answer: "401: a webhook is no program of this computer", try: refused(401, eachOf("POST {}\nContent-Type: application/json\nVia: 1.1 cuewire\n\n{}", "/api/obs/disconnect", "/api/tokens", "/api/v1/rooms")...)},
	{what: "a webhook that redirects elsewhere", answer: "not followed", by: "app/automation TestWebhooksStayAtTheirHost"},
	{what: "webhooks to many hosts that never answer", answer: "32 hosts at a time, 64 calls each, 5 s; others unaffected", by: "app/automation TestReceiversAreBounded"},
}

// formsWith are what a form can send, with header lines.
func formsWith(header string) (requests []string) {
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain; application/json", "application/json-patch+json"} {
		for _, target := range []string{"POST /api/v1/rooms", "POST /api/tokens", "POST /api/v1/rooms/{room}/playback", "PUT /api/settings"} {
			requests = append(requests, target+"\n"+header+"\nContent-Type: "+kind+"\n\n"+`{"name":"x","sub":"x","role":"admin","action":"play"}`)
		}
	}
	return requests
}

// everyGet asks for every documented path, as the owner of this computer.
func everyGet(header string) func(*testing.T, *attacked) {
	return func(t *testing.T, w *attacked) {
		asked := 0
		for path, item := range documents().open["paths"].(map[string]any) {
			if _, ok := item.(map[string]any)["get"]; !ok || strings.Contains(path, "/auth/rooms") {
				continue
			}
			for _, method := range []string{"GET", "HEAD"} {
				asked++
				resp, _ := w.ask(t, method+" "+w.fill(path)+"?_method=DELETE&method=DELETE\n"+header)
				if resp.StatusCode == 0 || resp.StatusCode == http.StatusInternalServerError {
					t.Errorf("%s %s: %d", method, path, resp.StatusCode)
				}
			}
		}
		if asked < 50 {
			t.Errorf("only %d requests", asked)
		}
	}
}

// fill puts something into a documented path.
func (w *attacked) fill(path string) string {
	timer := w.core.Snapshot().Rooms[0].Timers[0].ID
	path = strings.NewReplacer("{room}", w.room, "{code}", w.room, "{key}", w.app.ID, "{page}", "viewer", "{path...}", "x").Replace(path)
	if strings.Contains(path, "/timers/{id}") && strings.HasPrefix(path, "/api/v1/rooms") {
		path = strings.ReplaceAll(path, "{id}", timer)
	}
	for strings.Contains(path, "{") {
		from, to := strings.Index(path, "{"), strings.Index(path, "}")
		path = path[:from] + "x" + path[to+1:]
	}
	return path
}

func framesAreRefused(t *testing.T, w *attacked) {
	for path, none := range map[string]bool{
		"/": true, "/sources": true, "/r/{room}/operator": true, "/r/{room}/viewer": false, "/overlay/obs": false, "/overlay/my/mine.html": false, "/api/health": true, "/nothing": true,
	} {
		resp, _ := w.ask(t, "GET "+path)
		policy, frame := resp.Header.Get("Content-Security-Policy"), resp.Header.Get("X-Frame-Options")
		_, ancestors, ok := strings.Cut(policy, "frame-ancestors ")
		ancestors, _, _ = strings.Cut(ancestors, ";")
		if !ok || none && (ancestors != "'none'" || frame != "DENY") {
			t.Errorf("%s may be framed: %q %q", path, policy, frame)
		}
		for allowed := range strings.FieldsSeq(ancestors) {
			switch allowed {
			case "'none'", "'self'", "http://localhost:" + w.port, "http://127.0.0.1:" + w.port:
			default:
				t.Errorf("%s may be framed by %s", path, allowed)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
	}
}

var proxyAttacks = []attack{
	{what: "a tunnel's visitor who says that it is this computer (`X-Forwarded-For: 127.0.0.1`)", answer: "401", try: refused(401, eachOf("GET /api/settings\n{}",
		"X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 192.0.2.9", "x-forwarded-for:", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: http", "X-Forwarded-Anything: x", "Forwarded: for=127.0.0.1", "Via: 1.1 tunnel", "X-Real-IP: 127.0.0.1")...)},
	{what: "another computer that says that it is this one, in any of those ways", answer: "401", try: refused(401, eachOf("@127.10.0.7 GET /api/settings\n{}",
		"X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "X-Real-IP: 127.0.0.1", "X-Client-IP: 127.0.0.1", "X-Remote-Addr: 127.0.0.1", "Client-IP: 127.0.0.1", "True-Client-IP: 127.0.0.1")...)},
	{what: "another computer without a token, on every WebSocket that wants one", answer: "401; the Timer API says so over the socket, channels want their key", try: func(t *testing.T, w *attacked) {
		refused(401, "@127.10.0.7 WS /", "@127.10.0.7 WS /ws/{room}", "@127.10.0.7 WS /ws/{room}?output=controller")(t, w)
		for path, word := range map[string]string{timersPath: "UNAUTHORIZED", "/app/wrong": "4001", "/apps/wrong": "4001"} {
			c, status := w.socket(t, "127.10.0.7", path, "")
			if status != http.StatusSwitchingProtocols {
				t.Errorf("%s: %d", path, status)
				continue
			}
			c.heard(word)
		}
	}},
	{what: "Content-Length and Transfer-Encoding together", answer: "the body is read as chunks, and nothing after it", try: smuggle},
	{what: "two Content-Lengths, a sign, a list, a fraction", answer: "400", try: refused(400, eachOf("POST /api/v1/rooms\nContent-Type: application/json\nContent-Length: {}\n\n{}", "2\nContent-Length: 30", "+2", "2, 30", "-1", "2.0", "0x2")...)},
	{what: "a Transfer-Encoding that is not `chunked`, or twice, or hidden", answer: "400 or 501", try: refusedWith([]int{400, 501}, eachOf("POST /api/v1/rooms\nContent-Type: application/json\nTransfer-Encoding: {}\n\n0", "xchunked", "chunked, identity", "identity", "gzip, chunked", "chunked\nTransfer-Encoding: chunked", "\x0bchunked")...)},
	{what: "chunks whose sizes are no numbers, or enormous", answer: "400; nothing is kept for them", try: refused(400, eachOf("POST /api/v1/rooms\nContent-Type: application/json\nTransfer-Encoding: chunked\n\n{}\r\n", "zz", "ffffffffffffffffff", "-1", "2;"+strings.Repeat("x", 20_000))...)},
	{what: "header lines with a space before the colon, no name, NUL or a lone CR", answer: "400", try: refused(400, eachOf("GET /api/health\n{}", "X-A : b", ": b", "X-A: b\x00c", "X\rA: b", "X-A: b\rHost: evil.example")...)},
	{what: "CONNECT, TRACE, PRI and methods that nobody knows", answer: "400, 403 or 405", try: refusedWith([]int{400, 403, 405, 505}, "CONNECT evil.example:443", "TRACE /api/health", "PRI * HTTP/2.0", "BREW /api/health", "get /api/health", "* /api/health")},
	{what: "an upgrade to HTTP/2 without TLS, or to anything else", answer: "answered as the request that it is", try: func(t *testing.T, w *attacked) {
		for _, to := range []string{"h2c", "TLS/1.0", "websocket2"} {
			resp, _ := w.ask(t, "GET /api/health\nConnection: Upgrade, HTTP2-Settings\nHTTP2-Settings: AAMAAABkAAQAAP__\nUpgrade: "+to)
			if resp.StatusCode != http.StatusOK {
				t.Errorf("%s: %d", to, resp.StatusCode)
			}
		}
	}},
}

// smuggle hides a request behind two lengths of a body.
func smuggle(t *testing.T, w *attacked) {
	hidden := "DELETE /api/v1/rooms/" + w.room + " HTTP/1.1\r\nHost: localhost:" + w.port + "\r\n\r\n"
	for _, head := range []string{
		"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 500",
	} {
		resp, text := w.send(t, "127.0.0.1", "POST /api/v1/rooms HTTP/1.1\r\nHost: localhost:"+w.port+"\r\nOrigin: https://evil.example\r\n"+head+"\r\n\r\n0\r\n\r\n"+hidden)
		if resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d %s", head, resp.StatusCode, text)
		}
	}
	if !json.Valid([]byte(w.facts(t))) || w.core.Snapshot().Room(w.core.Snapshot().Rooms[0].Room.ID) == nil {
		t.Error("the hidden request was carried out")
	}
}
