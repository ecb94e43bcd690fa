package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// The examples of the Timer API's document.
var (
	timerAPIExample = published{"testdata/published/timer-api.js", "ws://localhost:2614/v1/ws/timers"}
	timerAPIClass   = "testdata/published/timer-api-class.js"
)

// token makes an access token beside the running copy, as its owner would.
func (p *program) token(sub string, args ...string) string {
	p.t.Helper()
	status, out, errOut := outcome(p.t, append([]string{"token", "--sub", sub, "--data-dir", p.Dir}, args...)...)
	if status != 0 || strings.Count(out, "\n") != 1 || strings.Count(out, ".") != 2 {
		p.t.Fatalf("exit %d, printed %q and %q", status, out, errOut)
	}
	return strings.TrimSpace(out)
}

// watchSockets notes what a page does with its sockets and holds back the times at
// which TimerWebSocket connects again: the test says when they come.
const watchSockets = `
	globalThis.sockets = [];
	globalThis.closes = [];
	globalThis.again = [];
	globalThis.refused = [];
	globalThis.WebSocket = class extends WebSocket {
		constructor(url, protocols) {
			super(url, protocols);
			if (!String(url).includes('/v1/ws/timers')) return;
			sockets.push(this);
			this.frames = [];
			this.addEventListener('message', (event) => this.frames.push(JSON.parse(event.data)));
			this.addEventListener('close', (event) => closes.push(event.code));
		}
	};
	const later = setTimeout;
	globalThis.setTimeout = (call, ms, ...rest) => {
		if (!String(call).includes('this.connect()')) return later(call, ms, ...rest);
		again.push({ call, ms });
	};`

// TestTimerAPIsOwnClass runs the reconnecting class of the Timer API's document as
// it stands: against a token that is no good, the limit of connections, and a server
// that stops and comes back.
func TestTimerAPIsOwnClass(t *testing.T) {
	text, err := os.ReadFile(timerAPIClass)
	if err != nil {
		t.Fatal(err)
	}
	s := startStage(t)
	b := startBrowser(t, "en-US")
	page := func(s *stage) *tab {
		page := b.open(t, s.URL+"/", 800, 600, watchSockets)
		page.tolerateOutage()
		page.exec(string(text))
		return page
	}
	connect := func(page *tab, s *stage, token string) {
		page.exec(fmt.Sprintf(`globalThis.timers = new TimerWebSocket(%q, %q); timers.onAuthFailure = (reason) => refused.push(reason)`, s.socketURL("/v1/ws/timers"), token))
	}

	t.Run("auth failure", func(t *testing.T) {
		page := page(s)
		page.tolerate("Authentication failed:")
		connect(page, s, s.token("ana")+"x")
		page.wait(`closes.length === 1`)
		if got := eval[string](page, `JSON.stringify([closes, refused, again, sockets[0].frames])`); got !=
			`[[1008],["Authentication failed"],[],[{"type":"error","payload":{"code":"UNAUTHORIZED","message":"Authentication failed"}}]]` {
			t.Error(got)
		}
	})
	t.Run("rate limit", func(t *testing.T) {
		page, token := page(s), s.token("bob")
		for range 10 {
			connect(page, s, token)
		}
		page.wait(`sockets.length === 10 && sockets.every((socket) => socket.readyState === WebSocket.OPEN)`)
		connect(page, s, token)
		page.wait(`closes.length === 1`)
		if got := eval[string](page, `JSON.stringify([closes, again.map(({ ms }) => ms), sockets[10].frames]).replace(/"retryAfter":[1-9][0-9]{0,4}}/, '"retryAfter":MS}')`); got !=
			`[[4029],[1000],[{"type":"error","payload":{"code":"RATE_LIMIT_EXCEEDED","message":"Rate limit exceeded","retryAfter":MS}}]]` {
			t.Error(got)
		}
		page.exec(`again.shift().call()`)
		page.wait(`closes.length === 2`)
		if got := eval[string](page, `JSON.stringify([sockets.length, closes])`); got != `[12,[4029,4029]]` {
			t.Error(got)
		}
	})
	t.Run("server stop", func(t *testing.T) {
		s := startStage(t)
		page := page(s)
		connect(page, s, s.token("ana", "--ttl", "1h"))
		page.wait(`sockets.length === 1 && sockets[0].readyState === WebSocket.OPEN`)
		page.exec(`sockets[0].send(JSON.stringify({ type: 'timer.create', payload: { scheduleId: 'schedule-uuid', allocatedDuration: 3600 } }))`)
		page.wait(`sockets[0].frames.length === 1`)
		s.stop()
		page.wait(`closes.length === 1 && again.length === 1`)
		if got := eval[string](page, `JSON.stringify([closes, again[0].ms])`); got != `[[1000],1000]` {
			t.Error(got)
		}
		startAt(t, s.Dir, strings.TrimPrefix(s.URL, "http://"), "--no-obs")
		page.exec(`again.shift().call()`)
		page.wait(`sockets.length === 2 && sockets[1].readyState === WebSocket.OPEN`)
		page.exec(`sockets[1].send(JSON.stringify({ type: 'timer.sync', payload: {} }))`)
		page.wait(`sockets[1].frames.length === 1 && sockets[1].frames[0].payload.timers[0].scheduleId === 'schedule-uuid'`)
	})
}

// TestTimerAPIsOwnExample runs the usage example of the Timer API's document in both
// places where its users run it.
func TestTimerAPIsOwnExample(t *testing.T) {
	with := func(t *testing.T, token string) published {
		t.Helper()
		text, err := os.ReadFile(timerAPIExample.file)
		if err != nil {
			t.Fatal(err)
		}
		return published{write(t, "timer-api.js", strings.Replace(string(text), "your-jwt-token", token, 1)), timerAPIExample.address}
	}
	t.Run("Node", func(t *testing.T) {
		s := startStage(t)
		console, line := with(t, s.token("ana")).inNode(t, s.socketURL("/v1/ws/timers"))
		eventually(t, "the timer", func() bool {
			return console.has("WebSocket connected", "Timer created: {", "scheduleId: 'schedule-uuid'", "allocatedDuration: 3600")
		})
		line(`ws.send(JSON.stringify({ type: 'timer.pause', payload: { timerId: 'timer-uuid' } }))`)
		eventually(t, "the error", func() bool { return console.has("Error: Timer not found") })
		s.stop()
		eventually(t, "the end", func() bool { return console.has("WebSocket disconnected") })
	})
	t.Run("Chromium", func(t *testing.T) {
		s := startStage(t)
		page, written := with(t, s.token("ana")).inChromium(t, s, s.socketURL("/v1/ws/timers"))
		page.tolerate("Error:")
		eventually(t, "the timer", func() bool { return written("WebSocket connected", "Timer created: {", `"scheduleId":"schedule-uuid"`) })
		page.exec("ws.close()")
		eventually(t, "the end", func() bool { return written("WebSocket disconnected") })
	})
}

// TestTokensByCommandLine makes, lists and revokes tokens beside a copy that runs
// and without one.
func TestTokensByCommandLine(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	run := func(want int, args ...string) (out, errOut string) {
		t.Helper()
		status, out, errOut := outcome(t, append(args, "--data-dir", p.Dir)...)
		if status != want {
			t.Fatalf("%v: exit %d, printed %q and %q", args, status, out, errOut)
		}
		return out, errOut
	}
	revoke := func(name string) {
		t.Helper()
		list, _ := run(0, "token", "list")
		for line := range strings.Lines(list) {
			if fields := strings.Fields(line); strings.Contains(line, name) {
				if !strings.Contains(line, "operator") {
					t.Errorf("listed as %q", line)
				}
				run(0, "token", "revoke", fields[0])
				return
			}
		}
		t.Errorf("%s is not in the list:\n%s", name, list)
	}
	p.token("ana", "--role", "operator", "--name", "Tablet")
	revoke("ana")
	kept := p.token("carla", "--role", "operator")
	p.stop()
	p.token("bob", "--role", "operator", "--ttl", "90m")
	revoke("bob")
	again := start(t, p.Dir, "--no-obs")
	socket := again.dialAs("/v1/ws/timers", kept)
	socket.send(`{"type":"timer.sync","payload":{}}`)
	socket.until("timers", func(f frame) bool { return f["type"] == "timer.synced" })
	for _, wrong := range [][]string{
		{"token"},
		{"token", "--sub", "ana", "--role", "king"},
		{"token", "--sub", "ana", "--ttl", "0s"},
		{"token", "list", "more"},
		{"token", "revoke"},
		{"token", "revoke", "ab"},
		{"token", "make"},
	} {
		if _, says := run(2, wrong...); !strings.Contains(says, "--help") {
			t.Errorf("%v: %q", wrong, says)
		}
	}
	if _, says := run(1, "token", "revoke", "000000000000"); !strings.Contains(says, "There is no access token with this id") {
		t.Error(says)
	}
}

// dialAs connects to a path with an access token.
func (p *program) dialAs(path, token string) *socket {
	p.t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"authorization.bearer." + token}}
	conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(p.URL, "http")+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	return &socket{p.t, conn}
}
