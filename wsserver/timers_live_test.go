package wsserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
	"cuewire/wsserver/timerapi"
)

// timersDial connects to the Timer API with a token, "" for none.
func timersDial(t testing.TB, s *Server, query, token string) *client {
	t.Helper()
	var header http.Header
	if token != "" {
		header = bearer(token)
	}
	conn, _, err := tryDialWith(s, timersPath+query, header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	if token != "" && conn.Subprotocol() != "authorization.bearer."+token {
		t.Errorf("the subprotocol came back as %q", conn.Subprotocol())
	}
	return &client{t, conn}
}

// code reads an error frame and returns its code.
func (c *client) code() string {
	c.t.Helper()
	frame := c.receive()
	payload, _ := frame["payload"].(map[string]any)
	if frame["type"] != "error" || payload["message"] == "" {
		c.t.Fatalf("got %v", frame)
	}
	return payload["code"].(string)
}

// closedBy reads until the connection is closed and returns the code.
func (c *client) closedBy() int {
	c.t.Helper()
	for {
		_, _, err := c.ReadMessage()
		var closed *websocket.CloseError
		if errors.As(err, &closed) {
			return closed.Code
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

func TestTimersRefuseWhoIsNobody(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	expired := tokenFor(t, s, "ana", app.Viewer, time.Second)
	revoked, id := issued(t, s, "ana", app.Viewer, time.Hour)
	call(t, s, "DELETE", "/api/tokens/"+id, "")
	waitUntil(t, func() bool { // its second, and the leeway for clocks that differ is not given to what we remember
		resp, _ := call(t, s, "GET", "/api/health", "", "Authorization", "Bearer "+expired)
		return resp.StatusCode == 401
	})
	good := tokenFor(t, s, "ana", app.Viewer, time.Hour)
	for name, token := range map[string]string{"missing": "", "nonsense": "abc.def.ghi", "expired": expired, "revoked": revoked, "changed": good + "x", "the secret of run.json": "hunter2"} {
		t.Run(name, func(t *testing.T) {
			c := timersDial(t, s, "", token)
			if code := c.code(); code != "UNAUTHORIZED" {
				t.Errorf("got %s", code)
			}
			if code := c.closedBy(); code != websocket.ClosePolicyViolation {
				t.Errorf("closed with %d", code)
			}
		})
	}
	t.Run("in the query", func(t *testing.T) {
		c := timersDial(t, s, "?token="+good+"&access_token="+good, "")
		if code := c.closedBy(); code != websocket.ClosePolicyViolation {
			t.Errorf("closed with %d", code)
		}
	})
	t.Run("while it keeps sending", func(t *testing.T) {
		c := timersDial(t, s, "", "nonsense")
		for range 50 {
			if c.WriteMessage(websocket.TextMessage, []byte(`{"type":"timer.sync","payload":{}}`)) != nil {
				break
			}
		}
		if code := c.closedBy(); code != websocket.ClosePolicyViolation {
			t.Errorf("closed with %d", code)
		}
	})
}

// An open socket ends with its token, whatever it speaks.
func TestRevokingClosesSockets(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	token, id := issued(t, s, "ana", app.Controller, time.Hour)
	other := tokenFor(t, s, "ana", app.Controller, time.Hour)
	timers, kept := timersDial(t, s, "", token), timersDial(t, s, "", other)
	conn, _, err := tryDialWith(s, "/", http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	bus := &client{t, conn}
	for _, c := range []*client{timers, kept} { // open on the server's side too
		c.send(`{"type":"timer.sync","payload":{}}`)
		c.receive()
	}
	bus.send(`{"action":"ping"}`)
	bus.receive()
	call(t, s, "DELETE", "/api/tokens/"+id, "")
	if code := timers.code(); code != "UNAUTHORIZED" {
		t.Errorf("got %s", code)
	}
	if code := timers.closedBy(); code != websocket.ClosePolicyViolation {
		t.Errorf("timers closed with %d", code)
	}
	if code := bus.closedBy(); code != websocket.ClosePolicyViolation {
		t.Errorf("bus closed with %d", code)
	}
	kept.send(`{"type":"timer.sync","payload":{}}`)
	if got := kept.receive()["type"]; got != "timer.synced" {
		t.Errorf("the other token's socket got %v", got)
	}
}

func TestTimerConnectionsAreLimited(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	ana, again, bob := tokenFor(t, s, "ana", app.Viewer, time.Hour), tokenFor(t, s, "ana", app.Viewer, time.Hour), tokenFor(t, s, "bob", app.Viewer, time.Hour)
	for i := range timerapi.DefaultConnections {
		token := ana
		if i%2 == 1 {
			token = again // the person is limited, not the token
		}
		c := timersDial(t, s, "", token)
		c.send(`{"type":"timer.sync","payload":{}}`)
		if got := c.receive()["type"]; got != "timer.synced" {
			t.Fatalf("connection %d: %v", i+1, got)
		}
	}
	for range 3 {
		c := timersDial(t, s, "", ana)
		if code := c.code(); code != "RATE_LIMIT_EXCEEDED" {
			t.Errorf("got %s", code)
		}
		if code := c.closedBy(); code != 4029 {
			t.Errorf("closed with %d", code)
		}
	}
	c := timersDial(t, s, "", bob)
	c.send(`{"type":"timer.sync","payload":{}}`)
	if got := c.receive()["type"]; got != "timer.synced" {
		t.Errorf("another person: %v", got)
	}
}

// The window slides, and a refused connection does not count: after it the person
// connects again.
func TestTimerLimitsSlide(t *testing.T) {
	s := start(t, realCore(t), withTokens(t), func(c *Config) {
		c.TimerAPI = timerapi.New(timerapi.Config{Connections: 1, Messages: 2, Per: 1500})
	})
	ana := tokenFor(t, s, "ana", app.Viewer, time.Hour)
	first := timersDial(t, s, "", ana)
	refused := 0
	waitUntil(t, func() bool {
		c := timersDial(t, s, "", ana)
		c.send(`{"type":"timer.sync","payload":{}}`)
		frame := c.receive()
		if frame["type"] == "error" {
			if payload := frame["payload"].(map[string]any); payload["code"] != "RATE_LIMIT_EXCEEDED" {
				t.Fatal(payload)
			}
			refused++
			_ = c.Close()
			return false
		}
		return frame["type"] == "timer.synced"
	})
	t.Logf("%d were refused", refused)
	first.send(`{"type":"timer.sync","payload":{}}`)
}

// Messages of all of a person's connections count together; what is over gets an
// error frame and the connections stay.
func TestTimerMessagesAreLimited(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	ana, bob := tokenFor(t, s, "ana", app.Viewer, time.Hour), tokenFor(t, s, "bob", app.Viewer, time.Hour)
	one, two := timersDial(t, s, "", ana), timersDial(t, s, "", ana)
	for i := range timerapi.DefaultMessages {
		c := one
		if i%2 == 1 {
			c = two
		}
		c.send(`{"type":"timer.sync","payload":{}}`)
		if got := c.receive()["type"]; got != "timer.synced" {
			t.Fatalf("message %d: %v", i+1, got)
		}
	}
	for _, c := range []*client{one, two, one} {
		c.send(`{"type":"timer.create","payload":{"allocatedDuration":60}}`)
		if code := c.code(); code != "RATE_LIMIT_EXCEEDED" {
			t.Errorf("got %s", code)
		}
	}
	if n := len(s.core.Snapshot().QuickTimers); n != 0 {
		t.Errorf("%d timers were made over the limit", n)
	}
	other := timersDial(t, s, "", bob)
	other.send(`{"type":"timer.create","payload":{"allocatedDuration":60}}`)
	if got := other.receive()["type"]; got != "timer.created" {
		t.Errorf("another person: %v", got)
	}
}

func TestTimersStopInOrder(t *testing.T) {
	s := listening(t, realCore(t), withTokens(t))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	c := timersDial(t, s, "", tokenFor(t, s, "ana", app.Viewer, time.Hour))
	c.send(`{"type":"timer.create","payload":{"allocatedDuration":60}}`)
	c.receive()
	cancel()
	if code := c.closedBy(); code != websocket.CloseNormalClosure {
		t.Errorf("closed with %d", code)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// faulty fails on every message.
type faulty struct{ *timerapi.Dialect }

type faultyTalk struct{ app.Conversation }

func (d faulty) Open(v app.Visitor, ref string, snap *app.Snapshot) (app.Conversation, error) {
	talk, err := d.Dialect.Open(v, ref, snap)
	return faultyTalk{talk}, err
}

func (faultyTalk) Receive([]byte, *app.Snapshot, app.Instant) app.Step { panic("a fault") }

func TestTimersTellAFault(t *testing.T) {
	s := start(t, realCore(t), withTokens(t), func(c *Config) { c.TimerAPI = faulty{timerapi.New(timerapi.Config{})} })
	c := timersDial(t, s, "", tokenFor(t, s, "ana", app.Viewer, time.Hour))
	c.send(`{"type":"timer.sync","payload":{}}`)
	if code := c.closedBy(); code != websocket.CloseInternalServerErr {
		t.Errorf("closed with %d", code)
	}
}

// A person's connections and the bus hear of the timer, others don't.
func TestWhoHearsOfATimer(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	ana, bob, controller := tokenFor(t, s, "ana", app.Viewer, time.Hour), tokenFor(t, s, "bob", app.Operator, time.Hour), tokenFor(t, s, "carla", app.Controller, time.Hour)
	mine, second, others := timersDial(t, s, "", ana), timersDial(t, s, "", ana), timersDial(t, s, "", bob)
	bus := func(token string) *client {
		conn, _, err := tryDialWith(s, "/", bearer(token))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		c := &client{t, conn}
		c.send(`{"action":"subscribe","events":["quickTimers:*"],"snapshot":true}`)
		c.receive()
		return c
	}
	anaBus, bobBus, controllerBus := bus(ana), bus(bob), bus(controller)
	for _, c := range []*client{second, others} { // they listen
		c.send(`{"type":"timer.sync","payload":{}}`)
		c.receive()
	}
	mine.send(`{"type":"timer.create","payload":{"allocatedDuration":60}}`)
	id := mine.receive()["payload"].(map[string]any)["timer"].(map[string]any)["id"].(string)
	if got := second.receive()["type"]; got != "timer.created" {
		t.Errorf("the second connection got %v", got)
	}
	for name, c := range map[string]*client{"its owner": anaBus, "a controller": controllerBus} {
		if got := c.receive(); got["event"] != "quickTimers:create" {
			t.Errorf("%s got %v", name, got)
		}
	}
	others.send(`{"type":"timer.sync","payload":{}}`)
	if got := others.receive(); got["type"] != "timer.synced" || len(got["payload"].(map[string]any)["timers"].([]any)) != 0 {
		t.Errorf("another person got %v", got)
	}
	bobBus.send(`{"action":"ping"}`)
	if got := bobBus.receive()["event"]; got != "pong" {
		t.Errorf("another person's bus got %v", got)
	}
	if got := bus(ana).receive(); got["event"] != "quickTimers:create" || got["snapshot"] != true {
		t.Errorf("the owner's state: %v", got)
	}
	late := bus(bob)
	late.send(`{"action":"ping"}`)
	if got := late.receive()["event"]; got != "pong" {
		t.Errorf("another person's state: %v", got)
	}
	mine.send(`{"type":"timer.stop","payload":{"timerId":"` + id + `"}}`)
	if got := controllerBus.receive()["event"]; got != "quickTimers:complete" {
		t.Errorf("got %v", got)
	}
}

func TestTimersREST(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	ana, bob := tokenFor(t, s, "ana", app.Viewer, time.Hour), tokenFor(t, s, "bob", app.Viewer, time.Hour)
	do := func(method, path, body, token string, want int) map[string]any {
		t.Helper()
		var header []string
		if token != "" {
			header = []string{"Authorization", "Bearer " + token}
		}
		resp, text := call(t, s, method, path, body, header...)
		if resp.StatusCode != want {
			t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, resp.StatusCode, text, want)
		}
		var value map[string]any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return value
	}
	c := timersDial(t, s, "", ana)
	make := func(payload string) string {
		t.Helper()
		c.send(`{"type":"timer.create","payload":` + payload + `}`)
		return c.receive()["payload"].(map[string]any)["timer"].(map[string]any)["id"].(string)
	}
	plain, scheduled, todo := make(`{"allocatedDuration":60}`), make(`{"allocatedDuration":60,"scheduleId":"s"}`), make(`{"allocatedDuration":60,"todoId":"t"}`)
	c.send(`{"type":"timer.pause","payload":{"timerId":"` + scheduled + `"}}`)
	c.receive()
	c.send(`{"type":"timer.stop","payload":{"timerId":"` + todo + `"}}`)
	c.receive()
	for path, want := range map[string][]string{
		"/v1/timers": {plain, scheduled, todo}, "/v1/timers/active": {plain, scheduled}, "/v1/timers?status=PAUSED": {scheduled}, "/v1/timers?status=completed": {todo},
		"/v1/timers?type=schedule": {scheduled}, "/v1/timers?type=todo": {todo}, "/v1/timers?type=independent": {plain}, "/v1/timers?status=RUNNING&type=todo": {},
	} {
		got := []string{}
		for _, timer := range do("GET", path, "", ana, 200)["timers"].([]any) {
			got = append(got, timer.(map[string]any)["id"].(string))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	if n := len(do("GET", "/v1/timers", "", bob, 200)["timers"].([]any)); n != 0 {
		t.Errorf("another person sees %d timers", n)
	}
	for _, method := range []string{"GET", "DELETE"} {
		if got := do(method, "/v1/timers/"+plain, "", bob, 404)["code"]; got != "TIMER_NOT_FOUND" {
			t.Errorf("%s of another person's: %v", method, got)
		}
	}
	do("PATCH", "/v1/timers/"+plain, `{"title":"Mine"}`, bob, 404)
	do("GET", "/v1/timers?status=WAITING", "", ana, 400)
	do("GET", "/v1/timers?type=cat", "", ana, 400)
	if got := do("PATCH", "/v1/timers/"+plain, `{"title":"Warm-up","allocated_duration":90}`, ana, 200); got["title"] != "Warm-up" || got["allocatedDuration"] != 90.0 {
		t.Errorf("got %v", got)
	}
	if got := c.receive(); got["type"] != "timer.updated" {
		t.Errorf("got %v", got)
	}
	if got := do("PATCH", "/v1/timers/"+plain, `{"title":""}`, ana, 200); got["title"] != nil {
		t.Errorf("got %v", got)
	}
	for _, body := range []string{`{"allocatedDuration":0}`, `{"allocatedDuration":1.5}`, `{"title":7}`, `[]`, `{`} {
		do("PATCH", "/v1/timers/"+plain, body, ana, 400)
	}
	if got := do("GET", "/v1/timers/"+plain+"?timezone=Asia/Seoul", "", ana, 200)["startedAt"].(string); !strings.HasSuffix(got, "+09:00") {
		t.Errorf("started at %s", got)
	}
	do("DELETE", "/v1/timers/"+plain, "", ana, 200)
	do("DELETE", "/v1/timers/"+plain, "", ana, 404)
	do("GET", "/v1/timers", "", "", 401)
	do("GET", "/v1/timers", "", "nonsense", 401)
	do("GET", timersPath, "", ana, 426)

	// Everybody's, for controllers and this computer.
	local := do("POST", "/api/v1/quick-timers", `{"allocatedDuration":300,"title":"Doors"}`, "", 201)
	if local["ownerId"] != app.LocalOwner || local["status"] != "RUNNING" {
		t.Errorf("got %v", local)
	}
	id := local["id"].(string)
	do("POST", "/api/v1/quick-timers/"+id+"/resume", "", "", 409)
	if got := do("POST", "/api/v1/quick-timers/"+id+"/pause", "", "", 200)["status"]; got != "PAUSED" {
		t.Errorf("got %v", got)
	}
	do("PATCH", "/api/v1/quick-timers/"+scheduled, `{"title":"Seen by all"}`, "", 200)
	do("POST", "/api/v1/quick-timers/"+scheduled+"/stop", "", "", 200)
	do("POST", "/api/v1/quick-timers/"+id+"/jump", "", "", 404)
	do("POST", "/api/v1/quick-timers", `{}`, "", 400)
	do("GET", "/api/v1/quick-timers", "", bob, 403)
	if n := len(do("GET", "/api/v1/quick-timers", "", "", 200)["timers"].([]any)); n != 3 {
		t.Errorf("%d quick timers", n)
	}
	do("DELETE", "/api/v1/quick-timers/"+id, "", "", 200)
}

func TestTimersRESTIsLimited(t *testing.T) {
	s := start(t, realCore(t), withTokens(t), func(c *Config) { c.TimerAPI = timerapi.New(timerapi.Config{Messages: 3}) })
	ana := tokenFor(t, s, "ana", app.Viewer, time.Hour)
	for i := range 5 {
		resp, text := call(t, s, "GET", "/v1/timers", "", "Authorization", "Bearer "+ana)
		want, left := 200, max(0, 2-i)
		if i >= 3 {
			want = 429
		}
		reset, err := strconv.ParseInt(resp.Header.Get("X-RateLimit-Reset"), 10, 64)
		if resp.StatusCode != want || resp.Header.Get("X-RateLimit-Limit") != "3" || resp.Header.Get("X-RateLimit-Remaining") != strconv.Itoa(left) ||
			err != nil || reset < time.Now().Unix() || reset > time.Now().Unix()+61 {
			t.Errorf("%d: %d %v %s", i, resp.StatusCode, resp.Header, text)
		}
		if want == 429 {
			wait, err := strconv.Atoi(resp.Header.Get("Retry-After"))
			if err != nil || wait < 1 || wait > 60 || !strings.Contains(text, "RATE_LIMIT_EXCEEDED") {
				t.Errorf("Retry-After %d, %v, %s", wait, err, text)
			}
		}
	}
}
