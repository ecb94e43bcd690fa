package wsserver

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"cuewire/app"
	"cuewire/wsserver/timerapi"
)

// heap is how many bytes are in use, of the server and of the test, after what can be
// freed was freed.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// allocated is how many bytes were asked for in all, since the start.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

var frameAttacks = []attack{
	{what: "frames that RFC 6455 does not allow: no mask, reserved bits and opcodes, broken fragments, closes that are none, text that is no UTF-8", answer: "closed with 1002 or 1007, on every endpoint", by: "wsserver TestWebSocketConformance"},
	{what: "a frame that says it has 1 TiB, or a negative length", answer: "closed with 1009 or 1002; nothing is kept for it", by: "wsserver TestRFC6455"},
	{what: "compressed frames that were not agreed on, which unpack to a thousand times their size", answer: "closed with 1002; nothing is unpacked", try: func(t *testing.T, w *attacked) {
		var packed bytes.Buffer
		z, _ := flate.NewWriter(&packed, flate.BestSpeed)
		_, _ = z.Write(bytes.Repeat([]byte("x"), 8<<20))
		_ = z.Flush()
		before := allocated()
		for _, path := range endpoints {
			c, status := w.socket(t, "127.0.0.1", path, w.tokens[app.Controller])
			if status != http.StatusSwitchingProtocols {
				t.Fatalf("%s: %d", path, status)
			}
			c.push(clientFrame(true, 4, ws.OpText, packed.Bytes()), 0)
			c.closedWith(1002)
		}
		if grown := allocated() - before; grown > 4<<20 {
			t.Errorf("%d MiB were needed", grown>>20)
		}
	}},
	{what: "an offer of compression, with parameters that ask for much", answer: "not taken", try: func(t *testing.T, w *attacked) {
		for _, path := range endpoints {
			for _, offer := range []string{"permessage-deflate", "permessage-deflate; server_max_window_bits=15; client_max_window_bits", "x-webkit-deflate-frame, permessage-bzip2", "permessage-deflate; =;;;,,"} {
				resp, _ := w.ask(t, "WS "+path+"\nSec-WebSocket-Extensions: "+offer+"\nSec-WebSocket-Protocol: authorization.bearer.{controller}")
				if resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Extensions") != "" {
					t.Errorf("%s %s: %d %v", path, offer, resp.StatusCode, resp.Header)
				}
			}
		}
	}},
	{what: "handshakes that are wrong (no key, a short key, another version, POST, HTTP/1.0)", answer: "400, 404, 405 or the page", try: func(t *testing.T, w *attacked) {
		for _, path := range endpoints {
			for _, request := range []string{
				"GET " + path + "\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13", "GET " + path + "\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: short",
				"GET " + path + "\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 8\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "POST " + path + "\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
				"GET " + path + " HTTP/1.0\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
			} {
				if resp, _ := w.ask(t, request+"\nSec-WebSocket-Protocol: authorization.bearer.{controller}"); resp.StatusCode == http.StatusSwitchingProtocols || resp.StatusCode >= 500 {
					if resp.StatusCode == http.StatusSwitchingProtocols && strings.Contains(request, "HTTP/1.0") {
						continue // a WebSocket all the same, and no worse for it
					}
					t.Errorf("%.80q: %d", request, resp.StatusCode)
				}
			}
		}
	}},
	{what: "frames before the handshake's answer", answer: "refused with the request", try: func(t *testing.T, w *attacked) {
		resp, _ := w.send(t, "127.0.0.1", "GET / HTTP/1.1\r\nHost: localhost:"+w.port+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"+string(wsText(`{"action":"ping"}`)))
		if resp.StatusCode == http.StatusSwitchingProtocols {
			t.Errorf("%d", resp.StatusCode)
		}
	}},
	{what: "messages of 65,536 bytes that hang half-way, on 200 connections", answer: "at most 256 KiB kept for each", try: halfReadFrames},
}

// closedWith reads up to the close frame.
func (c *wsPeer) closedWith(code int) {
	c.t.Helper()
	for {
		f, err := c.frameOf()
		if err != nil {
			c.t.Fatalf("no close frame: %v", err)
		}
		if f.Header.OpCode == ws.OpClose {
			if got, _ := ws.ParseCloseFrameData(f.Payload); int(got) != code {
				c.t.Fatalf("closed with %d, want %d", got, code)
			}
			_ = c.Close()
			return
		}
	}
}

func halfReadFrames(t *testing.T, w *attacked) {
	const many = 200
	half := clientFrame(false, 0, ws.OpText, bytes.Repeat([]byte(" "), 60_000))
	before := heap()
	var open []*wsPeer
	for range many {
		c, _ := w.socket(t, "127.0.0.1", "/", "")
		c.push(half, 0)
		c.push(wsPing("there?"), 0) // what came before it was read
		if f, err := c.frameOf(); err != nil || f.Header.OpCode != ws.OpPong {
			t.Fatalf("%+v %v", f, err)
		}
		open = append(open, c)
	}
	if grown := int64(heap()) - int64(before); grown > many*256<<10 {
		t.Errorf("the heap grew by %d KiB a connection", grown>>10/many)
	}
	for _, c := range open {
		_ = c.Close()
	}
}

var floodAttacks = []attack{
	{what: "messages without end, on each of the five endpoints", answer: "`rate_limit_exceeded` with how long to wait; left aside, the connection stays", try: messageFlood},
	{what: "empty fragments without end", answer: "read at 1 MiB/s, so that the sender waits; others are served", try: fragmentFlood},
	{what: "pings without end", answer: "100/s are answered, the others read and forgotten", try: pingFlood},
	{what: "subscriptions without end (patterns, channels, names that grow)", answer: "200 patterns, 200 channels, 128 and 200 characters: an error frame", try: subscriptionFlood},
	{what: "connections without end from one address, or one IPv6 /64", answer: "200 WebSockets: 429; 256 that say nothing: closed", by: "wsserver TestConnectionsOfOneAddress"},
	{what: "connections without end in all", answer: "20,000 WebSockets: 503; 4,096 others: closed", by: "wsserver TestLimitsOnConnections"},
	{what: "requests without end", answer: "429 with `Retry-After`", by: "wsserver TestQuotaOfStrangersAndDevices"},
	{what: "addresses without end, so that what is remembered of them grows", answer: "4,096 are remembered at most", by: "wsserver TestQuotasAreBounded"},
	{what: "questions without end from the audience's page", answer: "five at once, then one in 20 s: 429", by: "wsserver TestAskingHasItsLimit"},
	{what: "a client that reads nothing while much happens", answer: "closed with 1013 once 1 MiB waits; nobody waits for it", by: "wsserver TestSlowReaderLearnsWhy"},
	{what: "a client that asks for the state again and again and reads nothing", answer: "at most the state and 1 MiB wait, then closed", try: stateFlood},
	{what: "a header that comes a byte at a time", answer: "cut off after 10 s", try: slowHeader},
	{what: "a body that comes a byte at a time", answer: "408 after 30 s", try: slowBody},
	{what: "an answer that is read a byte at a time", answer: "cut off after 60 s; a socket after 10 s without 16 KiB", by: "wsserver TestSlowReaderIsClosed"},
	{what: "headers of more than 16 KiB: one line, a thousand lines, the address", answer: "431", try: refused(431, "GET /api/health\nX-Long: "+strings.Repeat("x", 20_000), "GET /api/health\n"+strings.Repeat("X-Many: x\n", 2_000)+"X-Last: x", "GET /"+strings.Repeat("x", 20_000), "GET /?"+strings.Repeat("a=b&", 6_000), "WS /\nCookie: "+strings.Repeat("a=b; ", 5_000))},
	{what: "connections that close in the middle of everything, a thousand times", answer: "nothing is left of them", try: abruptEnds},
}

func messageFlood(t *testing.T, outer *attacked) {
	const limit = 20
	w := newAttacked(t, func(c *Config) {
		c.Limits = Limits{Messages: limit}
		c.TimerAPI = timerapi.New(timerapi.Config{Connections: 100, Messages: limit})
	})
	for path, test := range map[string]struct{ token, message, answer, limited string }{
		"/": {"", `{"action":"ping"}`, "pong", `"retryAfter":`}, "/ws/{room}?ticks=0": {"", `{"type":"ping"}`, "pong", `"retry_after_ms":`},
		timersPath: {w.tokens[app.Viewer], `{"type":"timer.sync"}`, "timer.synced", `"retryAfter":`}, "/app/{key}": {"", `{"event":"pusher:ping"}`, "pong", `retryAfter\":`}, "/apps/{key}?protocol=7": {"", `{"event":"pusher:ping"}`, "pong", `retryAfter\":`},
	} {
		c, status := w.socket(t, "127.0.0.1", path, test.token)
		if status != http.StatusSwitchingProtocols {
			t.Fatalf("%s: %d", path, status)
		}
		c.push(bytes.Repeat(wsText(test.message), limit+5), 0)
		for range limit {
			c.heard(test.answer)
		}
		for range 5 {
			c.heard(test.limited)
		}
		c.push(wsPing("there?"), 0)
		if f, err := c.frameOf(); err != nil || f.Header.OpCode != ws.OpPong {
			t.Errorf("%s: %+v %v", path, f, err)
		}
	}
}

// fragmentFlood sends more empty fragments than may be read for a long time; what the
// kernels hold is far less.
func fragmentFlood(t *testing.T, outer *attacked) {
	w := newAttacked(t, func(c *Config) { c.Limits = Limits{Incoming: 128 << 10} })
	c, _ := w.socket(t, "127.0.0.1", "/", "")
	piece := bytes.Repeat(wsMore(""), 10_000)
	c.push(wsFirst(""), 0)
	before := heap()
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	sent, most := 0, 128<<20
	for sent < most {
		n, err := c.Write(piece)
		sent += n
		if err != nil {
			break
		}
	}
	if sent >= most {
		t.Errorf("%d MiB of empty fragments were read in a second", sent>>20)
	}
	if grown := int64(heap()) - int64(before); grown > 4<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
	other, _ := w.socket(t, "127.0.0.1", "/", "")
	other.push(wsText(`{"action":"ping"}`), 0)
	other.heard("pong")
}

func pingFlood(t *testing.T, outer *attacked) {
	const pings = 20_000
	w := newAttacked(t, func(c *Config) { c.Limits = Limits{Pings: 1} })
	c, _ := w.socket(t, "127.0.0.1", "/", "")
	begin := time.Now()
	go func() {
		c.push(bytes.Repeat(wsPing("x"), pings), 0)
		c.push(wsText(`{"action":"ping"}`), 0)
	}()
	answered := 0
	for {
		f, err := c.frameOf()
		if err != nil {
			t.Fatal(err)
		}
		if f.Header.OpCode != ws.OpPong {
			break
		}
		answered++
	}
	if most := 10 + 2 + int(time.Since(begin)/time.Second); answered < 1 || answered > most {
		t.Errorf("%d of %d pings were answered, %d may be", answered, pings, most)
	}
}

func subscriptionFlood(t *testing.T, w *attacked) {
	c, _ := w.socket(t, "127.0.0.1", "/", "")
	patterns := func(from, n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`"timers:x%d"`, from+i))
		}
		return `{"action":"subscribe","events":[` + strings.Join(list, ",") + `]}`
	}
	c.push(wsText(patterns(0, 200)), 0)
	c.heard("subscription:confirmed")
	for i := range 20 {
		c.push(wsText(patterns(1000*(i+1), 1000)), 0)
		c.heard("TOO_MANY_PATTERNS")
	}
	c.push(wsText(`{"action":"subscribe","events":["timers:`+strings.Repeat("x", 60_000)+`"]}`), 0)
	c.heard("INVALID_EVENT_PATTERN")

	before := heap()
	p, _ := w.socket(t, "127.0.0.1", "/app/{key}", "")
	p.heard("connection_established")
	for i := range 250 {
		p.push(wsText(fmt.Sprintf(`{"event":"pusher:subscribe","data":{"channel":"%d-%s"}}`, i, strings.Repeat("x", 190))), 0)
		if i < 200 {
			p.heard("subscription_succeeded")
		} else {
			p.heard("LimitReached")
		}
	}
	p.push(wsText(`{"event":"pusher:subscribe","data":{"channel":"`+strings.Repeat("x", 60_000)+`"}}`), 0)
	p.heard("InvalidChannel")
	if grown := int64(heap()) - int64(before); grown > 8<<20 {
		t.Errorf("the heap grew by %d KiB", grown>>10)
	}
	_, _ = c.Close(), p.Close()
	waitUntil(t, func() bool { return len(w.core.Snapshot().Channels.Occupied(w.app.ID)) == 0 })
}

func stateFlood(t *testing.T, outer *attacked) {
	w := newAttacked(t, func(c *Config) { c.Limits = Limits{Messages: 1 << 20, Incoming: 64 << 20, Backlog: 64 << 10} })
	before := heap()
	c, _ := w.socket(t, "127.0.0.1", "/", "")
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(4096)
	}
	ask := bytes.Repeat(wsText(`{"action":"subscribe","events":["*"],"snapshot":true}`), 100)
	_ = c.SetWriteDeadline(time.Now().Add(patience))
	for {
		if _, err := c.Write(ask); err != nil {
			break // it was closed
		}
	}
	waitUntil(t, func() bool { return w.Load().Connections == 0 })
	if grown := int64(heap()) - int64(before); grown > 16<<20 {
		t.Errorf("the heap grew by %d MiB", grown>>20)
	}
}

// slowHeader keeps sending without ever finishing.
func slowHeader(t *testing.T, outer *attacked) {
	w := newAttacked(t, func(c *Config) { c.Limits = Limits{HeaderWait: time.Second} })
	conn := w.connect(t, "127.10.0.7")
	drip(conn, "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
	if answer, err := io.ReadAll(conn); isTimeout(err) || bytes.Contains(answer, []byte(" 200 ")) {
		t.Errorf("it was waited for: %q %v", answer, err)
	}
}

func slowBody(t *testing.T, outer *attacked) {
	w := newAttacked(t, func(c *Config) { c.Limits = Limits{BodyWait: time.Second} })
	conn := w.connect(t, "127.0.0.1")
	drip(conn, "POST /api/v1/rooms HTTP/1.1\r\nHost: localhost:"+w.port+"\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{")
	answer, err := io.ReadAll(conn)
	if isTimeout(err) || !bytes.HasPrefix(answer, []byte("HTTP/1.1 408 ")) {
		t.Errorf("%.200q %v", answer, err)
	}
}

// drip sends a beginning, and then a byte now and then until nobody takes it.
func drip(conn net.Conn, beginning string) {
	_, _ = io.WriteString(conn, beginning)
	go func() {
		for tick := time.NewTicker(50 * time.Millisecond); ; <-tick.C {
			if _, err := conn.Write([]byte("x")); err != nil {
				tick.Stop()
				return
			}
		}
	}()
}

func abruptEnds(t *testing.T, w *attacked) {
	cut := func(path, send string) {
		conn := w.connect(t, "127.0.0.1")
		if path != "" {
			_, _ = io.WriteString(conn, "GET "+w.substitution.Replace(path)+" HTTP/1.1\r\nHost: localhost:"+w.port+"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
			_, _ = conn.Read(make([]byte, 1)) // it began to answer
		}
		_, _ = io.WriteString(conn, send)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // a reset
		}
		_ = conn.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	before := runtime.NumGoroutine()
	for range 100 {
		for _, path := range endpoints {
			cut(path, string(wsFirst("{")))
			cut(path, "\x81")
		}
		cut("", "GET / HTT")
	}
	waitUntil(t, func() bool { return w.Load().Connections == 0 && runtime.NumGoroutine() <= before+10 })
}
