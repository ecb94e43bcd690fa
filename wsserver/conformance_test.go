package wsserver

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"cuewire/app"
	"cuewire/wsserver/timerapi"
)

// An endpoint of the server, and how a text is made to come back from it.
type wsEndpoint struct {
	path, token string
	greeted     bool                       // it speaks first
	ask         func(text string) string   // a message that makes the text, of at most 60 characters, come back
	told        func(answer string) string // the text, out of the answer
}

// wsPeer is a client on a WebSocket implementation that shares nothing with the server's.
type wsPeer struct {
	t  testing.TB
	in io.Reader
	net.Conn
}

func (e *wsEndpoint) dial(t testing.TB, s *Server) *wsPeer {
	t.Helper()
	dialer := ws.Dialer{
		Timeout: patience,
		Header:  ws.HandshakeHeaderString("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"), // must not be taken
	}
	if e.token != "" {
		dialer.Protocols = []string{"authorization.bearer." + e.token}
	}
	conn, buffered, shake, err := dialer.Dial(t.Context(), "ws"+strings.TrimPrefix(s.Addresses()[0], "http")+e.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if len(shake.Extensions) != 0 {
		t.Fatalf("extensions were taken: %v", shake.Extensions)
	}
	_ = conn.SetDeadline(time.Now().Add(patience))
	c := &wsPeer{t, conn, conn}
	if buffered != nil {
		c.in = io.MultiReader(io.LimitReader(buffered, int64(buffered.Buffered())), conn)
	}
	if e.greeted {
		c.next(ws.OpText)
	}
	return c
}

// frameOf reads a frame, which must be one that a server may send.
func (c *wsPeer) frameOf() (ws.Frame, error) {
	header, err := ws.ReadHeader(c.in)
	if err != nil {
		return ws.Frame{}, err
	}
	if err := ws.CheckHeader(header, ws.StateClientSide); err != nil {
		c.t.Fatalf("the server's frame %+v: %v", header, err)
	}
	payload := make([]byte, header.Length)
	_, err = io.ReadFull(c.in, payload)
	return ws.Frame{Header: header, Payload: payload}, err
}

func (c *wsPeer) next(code ws.OpCode) string {
	c.t.Helper()
	f, err := c.frameOf()
	if err != nil || f.Header.OpCode != code {
		c.t.Fatalf("got %+v %q, %v; want opcode %x", f.Header, f.Payload, err, code)
	}
	return string(f.Payload)
}

// closed reads the close frame, which must be the next, answers it and sees that the
// server hangs up and says nothing more.
func (c *wsPeer) closed(want int, reason string) {
	c.t.Helper()
	payload := c.next(ws.OpClose)
	code, told := 0, ""
	if len(payload) >= 2 {
		code, told = int(binary.BigEndian.Uint16([]byte(payload))), payload[2:]
	}
	if code != want || reason != "" && told != reason || len(payload) == 1 {
		c.t.Fatalf("closed with %d %q, want %d %q", code, told, want, reason)
	}
	_, _ = c.Write(clientFrame(true, 0, ws.OpClose, []byte(payload)))
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	n, err := io.Copy(io.Discard, c.in)
	if n > 0 || isTimeout(err) {
		c.t.Fatalf("after the close frame: %d bytes, %v", n, err)
	}
}

// clientFrame makes a masked frame, right or wrong.
func clientFrame(fin bool, rsv byte, code ws.OpCode, payload []byte) []byte {
	f := ws.NewFrame(code, fin, bytes.Clone(payload))
	f.Header.Rsv = rsv
	f = ws.MaskFrameInPlaceWith(f, [4]byte{0xde, 0xad, 0xbe, 0xef})
	return must(ws.CompileFrame(f))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// What a case sends and what it waits for, in order.
type wsStep func(c *wsPeer, e *wsEndpoint)

func sends(frames ...[]byte) wsStep {
	return func(c *wsPeer, _ *wsEndpoint) { c.push(bytes.Join(frames, nil), 0) }
}

// chopped sends the bytes in pieces of a size, each in a write of its own.
func chopped(size int, frames ...[]byte) wsStep {
	return func(c *wsPeer, _ *wsEndpoint) { c.push(bytes.Join(frames, nil), size) }
}

// push sends; the server may have hung up already, which the next read tells.
func (c *wsPeer) push(all []byte, size int) {
	if size == 0 {
		size = max(1, len(all))
	}
	for len(all) > 0 {
		n := min(size, len(all))
		if _, err := c.Write(all[:n]); err != nil {
			return
		}
		all = all[n:]
	}
}

// Frames that are right.
func wsText(p string) []byte       { return clientFrame(true, 0, ws.OpText, []byte(p)) }
func wsFirst(p string) []byte      { return clientFrame(false, 0, ws.OpText, []byte(p)) }
func wsMore(p string) []byte       { return clientFrame(false, 0, ws.OpContinuation, []byte(p)) }
func wsLast(p string) []byte       { return clientFrame(true, 0, ws.OpContinuation, []byte(p)) }
func wsPing(p string) []byte       { return clientFrame(true, 0, ws.OpPing, []byte(p)) }
func wsPong(p string) []byte       { return clientFrame(true, 0, ws.OpPong, []byte(p)) }
func wsCloseFrame(p string) []byte { return clientFrame(true, 0, ws.OpClose, []byte(p)) }
func closeWith(n int, r string) []byte {
	return wsCloseFrame(string([]byte{byte(n >> 8), byte(n)}) + r)
}

// answered waits for some answer to a message, whatever it was.
func answered(c *wsPeer, _ *wsEndpoint) { c.next(ws.OpText) }

func comesBack(text string) wsStep {
	return func(c *wsPeer, e *wsEndpoint) {
		c.t.Helper()
		if answer := c.next(ws.OpText); e.told(answer) != text {
			c.t.Fatalf("%q came back as %q in %s", text, e.told(answer), answer)
		}
	}
}

func pongs(text string) wsStep {
	return func(c *wsPeer, _ *wsEndpoint) {
		c.t.Helper()
		if got := c.next(ws.OpPong); got != text {
			c.t.Fatalf("pong %q, want %q", got, text)
		}
	}
}

func closes(code int) wsStep {
	return func(c *wsPeer, _ *wsEndpoint) { c.t.Helper(); c.closed(code, "") }
}

// parts ends a case in order: nothing waits but our close frame's answer.
func parts(c *wsPeer, e *wsEndpoint) {
	c.t.Helper()
	c.push(closeWith(1000, "bye"), 0)
	c.closed(1000, "bye")
}

type wsCase struct {
	id    string
	steps func(e *wsEndpoint) []wsStep
}

// TestWebSocketConformance goes through the cases of the Autobahn test suite's client
// that apply to a server without compression, with its numbers, on every endpoint. Where
// that suite wants a message echoed, the endpoint is asked for something that holds the
// text; where it sends binary messages or more than 65,536 bytes, the documented refusal
// is what is expected. The suite's own program cannot be had from npm, Debian or as a Go
// module.
func TestWebSocketConformance(t *testing.T) {
	core := realCore(t)
	s := start(t, core, withTokens(t), func(c *Config) {
		c.TimerAPI = timerapi.New(timerapi.Config{Connections: 1 << 20, Messages: 1 << 20})
		c.Limits.Messages = 1 << 20
	})
	a := newApp(t, core, "conformance")
	unknown := func(prefix string) func(string) string {
		return func(answer string) string {
			var told struct{ Message, Data, Payload json.RawMessage }
			_ = json.Unmarshal([]byte(answer), &told)
			for _, raw := range []json.RawMessage{told.Message, told.Data, told.Payload} {
				var text string
				if json.Unmarshal(raw, &text) == nil && strings.HasPrefix(text, "{") {
					raw = json.RawMessage(text)
				}
				var in struct{ Message string }
				if json.Unmarshal(raw, &in) == nil {
					text = in.Message
				}
				if rest, ok := strings.CutPrefix(text, prefix); ok {
					return rest
				}
			}
			return answer
		}
	}
	object := func(field, prefix string) func(string) string {
		return func(text string) string { return fmt.Sprintf(`{%q:%s}`, field, must(json.Marshal(prefix+text))) }
	}
	for name, e := range map[string]*wsEndpoint{
		"source saver": {path: "/", ask: func(text string) string {
			return fmt.Sprintf(`{"action":"ping","timestamp":%s}`, must(json.Marshal(text)))
		}, told: func(answer string) string {
			var told struct {
				Data struct{ ClientTimestamp string }
			}
			_ = json.Unmarshal([]byte(answer), &told)
			return told.Data.ClientTimestamp
		}},
		"palcotimer": {path: "/ws/" + core.Snapshot().Rooms[0].Room.ShortCode + "?ticks=0", ask: object("type", ""), told: unknown("Unknown type: ")},
		"timer api":  {path: timersPath, token: tokenFor(t, s, "ana", app.Operator, time.Hour), ask: object("type", ""), told: unknown("Unknown message type: ")},
		"broadcastt": {path: "/app/" + a.Key, greeted: true, ask: object("event", "pusher:"), told: unknown("Unknown event: pusher:")},
		"pusher":     {path: "/apps/" + a.Key + "?protocol=7", greeted: true, ask: object("event", "pusher:"), told: unknown("Unknown event: pusher:")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cases := wsCases()
			for _, test := range cases {
				t.Run(test.id, func(t *testing.T) {
					c := e.dial(t, s)
					defer c.Close()
					for _, step := range test.steps(e) {
						step(c, e)
					}
				})
			}
			t.Logf("%d cases", len(cases))
		})
	}
}

// No WebSocket is to be had from any other path.
func TestNoOtherPathUpgrades(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	for _, path := range []string{"/apps/x/events", "/apps/x/channels", "/api/health", "/sources", "/overlay/obs", "/assets/cuewire.js", "/v1/timers", "/v1/ws", "/ws", "/ws/", "/nothing"} {
		_, _, shake, err := ws.Dialer{Timeout: patience}.Dial(t.Context(), "ws"+strings.TrimPrefix(s.Addresses()[0], "http")+path)
		if _, refused := errors.AsType[ws.StatusError](err); !refused {
			t.Errorf("%s: %+v %v", path, shake, err)
		}
	}
}
