package wsserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
)

// patience bounds waits that should take milliseconds.
const patience = 20 * time.Second

// client is a WebSocket client of the tests.
type client struct {
	t testing.TB
	*websocket.Conn
}

// tryDial connects, or returns the code of the refusal.
func tryDial(s *Server, path string) (*websocket.Conn, app.Code, error) {
	return tryDialWith(s, path, nil)
}

func tryDialWith(s *Server, path string, header http.Header) (*websocket.Conn, app.Code, error) {
	conn, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.Addresses()[0], "http")+path, header)
	if err == nil {
		return conn, "", nil
	}
	var refused struct{ Code app.Code }
	if resp != nil {
		_ = json.NewDecoder(resp.Body).Decode(&refused)
	}
	return nil, refused.Code, err
}

func dial(t testing.TB, s *Server, path string) *client {
	t.Helper()
	conn, code, err := tryDial(s, path)
	if err != nil {
		t.Fatalf("dial %s: %v (%s)", path, err, code)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	return &client{t, conn}
}

func (c *client) send(text string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) receive() map[string]any {
	c.t.Helper()
	_, text, err := c.ReadMessage()
	if err != nil {
		c.t.Fatal(err)
	}
	var frame map[string]any
	if err := json.Unmarshal(text, &frame); err != nil {
		c.t.Fatalf("%v in %s", err, text)
	}
	return frame
}

func TestServesBothDialects(t *testing.T) {
	core := newScripted()
	s := start(t, core)

	c := dial(t, s, "/")
	c.send(`{"action":"subscribe","events":["timers:*"],"snapshot":true}`)
	if got := c.receive()["event"]; got != "subscription:confirmed" {
		t.Fatalf("got %v", got)
	}
	if got := c.receive(); got["event"] != "timers:create" || got["snapshot"] != true {
		t.Fatalf("got %v", got)
	}
	if got := c.receive()["event"]; got != "timers:playback" {
		t.Fatalf("got %v", got)
	}

	p := dial(t, s, "/ws/abc234?output=controller")
	p.send(`{"type":"request_state"}`)
	if got := p.receive(); got["type"] != "room" {
		t.Fatalf("got %v", got)
	}
	core.publish(app.PlaybackChanged{RoomID: "room-1", Playback: core.Snapshot().Rooms[0].Playback.At(core.Now())})
	if got := p.receive()["type"]; got != "playback_status" {
		t.Fatalf("got %v", got)
	}
	if got := c.receive()["event"]; got != "timers:playback" {
		t.Fatalf("got %v", got)
	}
}

func TestCloseWithoutServing(t *testing.T) {
	s := listening(t, newScripted())
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := tryDial(s, "/"); err == nil {
		t.Error("it still listens")
	}
}

func TestServesPagesAndREST(t *testing.T) {
	s := start(t, newScripted())
	for path, want := range map[string]int{
		"/": 200, "/r/abc234/viewer": 200, "/r/ABC234/nothing": 404, "/r/XXXXXX/viewer": 404, "/overlay/obs": 200, "/overlay/none": 404,
		"/assets/cuewire.js": 200, "/assets/i18n/server.en.json": 200, "/assets/README.md": 404, "/assets/index.html": 404, "/favicon.ico": 200,
		"/api/health": 200, "/api/ready": 200, "/api/config": 200, "/api/settings": 200, "/api/v1/auth/rooms": 200,
		"/api/v1/rooms/abc234": 200, "/api/v1/rooms/zzz": 404, "/api/v1/rooms/room-1/timers": 200, "/api/v1/rooms/room-1/playback": 200,
		"/api/obs/status": 200, "/api/obs/scenes": 503, "/api/nothing": 404, "/ws/ABC234": 426,
	} {
		resp, err := http.Get(s.Addresses()[0] + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("GET %s: %d, want %d", path, resp.StatusCode, want)
		}
	}
}
