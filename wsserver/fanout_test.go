package wsserver

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
)

// counting is a dialect whose events are numbered and whose clients choose their
// audience: what it is asked to encode can be counted.
type counting struct {
	encoded atomic.Int64
	limits  app.Limits
	size    int // of a frame, at least
}

func (d *counting) Open(app.Visitor, string, *app.Snapshot) (app.Conversation, error) {
	return &countingTalk{}, nil
}

func (d *counting) Encode(ev app.Event, _ *app.Snapshot, a app.Audience) []app.Frame {
	d.encoded.Add(1)
	switch body := ev.Body.(type) {
	case app.OBSSceneChanged:
		if body.CurrentScene == "explode" {
			panic("the test's own")
		}
	case app.PlaybackChanged:
		return []app.Frame{{Text: fmt.Appendf(nil, `{"tick":%d}`, ev.Seq), Latest: "tick"}}
	}
	return []app.Frame{{Text: fmt.Appendf(nil, `{"audience":%q,"seq":%d,"fill":%q}`, a, ev.Seq, strings.Repeat("x", d.size))}}
}

func (d *counting) Limits() app.Limits { return d.limits }

type countingTalk struct{}

func (*countingTalk) Client() app.Client                           { return app.Client{Dialect: "test"} }
func (*countingTalk) Audience() app.Audience                       { return nil }
func (*countingTalk) Greet(*app.Snapshot, app.Instant) []app.Frame { return nil }
func (*countingTalk) Refused(err error, _ app.Instant) []app.Frame {
	return []app.Frame{{Text: []byte(err.Error())}}
}

func (*countingTalk) Limited(retry app.Millis, _ app.Instant) []app.Frame {
	return []app.Frame{{Text: fmt.Appendf(nil, `{"retry":%d}`, retry)}}
}

func (*countingTalk) Receive(text []byte, _ *app.Snapshot, _ app.Instant) app.Step {
	word, rest, _ := strings.Cut(string(text), " ")
	switch word {
	case "join":
		return app.Step{
			Reply: []app.Frame{{Text: []byte(`{"joined":true}`)}}, Join: rest,
			State: func(snap *app.Snapshot, _ app.Instant) []app.Frame {
				return []app.Frame{{Text: fmt.Appendf(nil, `{"state":%d}`, snap.Seq)}}
			},
		}
	case "explode":
		panic("the test's own")
	case "explode-state":
		return app.Step{State: func(*app.Snapshot, app.Instant) []app.Frame { panic("the test's own") }}
	case "bye":
		return app.Step{Reply: []app.Frame{{Text: []byte(`{"last":"words"}`)}}, Close: &app.CloseWith{Code: 4242, Reason: "as asked"}}
	case "command":
		return app.Step{Reply: []app.Frame{{Text: []byte(`{"first":1}`)}}, Command: app.CreateRoom{Name: "x"}}
	}
	return app.Step{Reply: []app.Frame{{Text: []byte(`{"echo":true}`)}}}
}

func startCounting(t testing.TB, d *counting, limits Limits) (*Server, *scripted) {
	core := newScripted()
	return start(t, core, func(c *Config) { c.SourceSaver, c.Limits = d, limits }), core
}

func happening() app.EventBody { return app.OBSSceneChanged{CurrentScene: "x"} }

// told is the last event that the clients have been told of.
func told(s *Server) uint64 {
	s.sourceSaver.mu.Lock()
	defer s.sourceSaver.mu.Unlock()
	if s.sourceSaver.snap == nil {
		return 0 // it has yet to start
	}
	return s.sourceSaver.snap.Seq
}

// Clients join while events happen: each gets every event after its state, and
// none that the state includes.
func TestNoGapBetweenStateAndEvents(t *testing.T) {
	s, core := startCounting(t, &counting{}, Limits{})
	stop := make(chan struct{})
	var publisher sync.WaitGroup
	publisher.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				snap := core.publish(happening(), happening())
				waitUntil(t, func() bool { return told(s)+1000 > snap.Seq })
				runtime.Gosched()
			}
		}
	})
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			c := dial(t, s, "/")
			for round := range 20 {
				if err := c.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "join %d-%d", i, round)); err != nil {
					t.Error(err)
					return
				}
				var last uint64
				following := 0
				for following < 5 {
					var frame struct {
						Joined     bool
						Audience   string
						Seq, State *uint64
					}
					if err := c.ReadJSON(&frame); err != nil {
						t.Error(err)
						return
					}
					switch {
					case frame.State != nil:
						last, following = *frame.State, 0
					case frame.Seq != nil && frame.Audience == fmt.Sprintf("%d-%d", i, round):
						if *frame.Seq != last+1 {
							t.Errorf("event %d came after %d", *frame.Seq, last)
							return
						}
						last, following = *frame.Seq, following+1
					}
				}
			}
		})
	}
	clients.Wait()
	close(stop)
	publisher.Wait()
}

// An event is encoded once for an audience, however many belong to it.
func TestEncodesOncePerAudience(t *testing.T) {
	d := &counting{}
	s, core := startCounting(t, d, Limits{})
	var all []*client
	for i := range 30 {
		c := dial(t, s, "/")
		c.send("join " + []string{"red", "green", "blue"}[i%3])
		c.receive()
		c.receive()
		all = append(all, c)
	}
	snap := core.publish(happening(), happening())
	for i, c := range all {
		for seq := snap.Seq - 1; seq <= snap.Seq; seq++ {
			if got := c.receive(); got["seq"] != float64(seq) || got["audience"] != []string{"red", "green", "blue"}[i%3] {
				t.Fatalf("client %d got %v", i, got)
			}
		}
	}
	if n := d.encoded.Load(); n != 6 {
		t.Errorf("encoded %d times, want 2 events for 3 audiences", n)
	}
}

// A client that does not read is closed when its backlog outgrows the bound; the
// others miss nothing and don't wait.
func TestSlowReaderIsClosed(t *testing.T) {
	s, core := startCounting(t, &counting{size: 64 << 10}, Limits{Backlog: 256 << 10})
	slow := rawDial(t, s, "/")
	slow.write(text("join all"))
	slow.expect(opText, "joined")
	slow.expect(opText, "state")
	fast := dial(t, s, "/")
	fast.send("join all")
	fast.receive()
	fast.receive()
	for events := 0; s.Load().Connections == 2; events++ {
		if events > 5000 {
			t.Fatal("the slow reader is still there")
		}
		snap := core.publish(happening())
		if got := fast.receive(); got["seq"] != float64(snap.Seq) {
			t.Fatalf("the fast reader got %v", got["seq"])
		}
	}
}

// When it reads again in time it learns why.
func TestSlowReaderLearnsWhy(t *testing.T) {
	s, core := startCounting(t, &counting{size: 64 << 10}, Limits{Backlog: 256 << 10})
	slow := rawDial(t, s, "/")
	slow.write(text("join all"))
	slow.expect(opText, "joined")
	slow.expect(opText, "state")
	c := s.sourceSaver.wheel.all()[0]
	for closing := false; !closing; {
		snap := core.publish(happening())
		waitUntil(t, func() bool { return told(s)+10 > snap.Seq })
		c.mu.Lock()
		closing = c.closing
		c.mu.Unlock()
	}
	slow.expectClose(closeTooSlow)
}

// A state that is longer than the bound is no reason to close.
func TestLongStateIsNotTooSlow(t *testing.T) {
	c := &session{srv: &Server{limits: Limits{Backlog: 100}}, bound: 100, writing: true}
	long := seal(opText, make([]byte, 5000))
	c.putState([]*packet{long, long})
	c.put([]*packet{seal(opText, make([]byte, 50))})
	if c.closing || len(c.waiting) != 3 {
		t.Errorf("closing %v with %d waiting", c.closing, len(c.waiting))
	}
}

// Of frames with the same Latest only the newest waits, in its own place.
func TestLatestReplaces(t *testing.T) {
	c := &session{srv: &Server{limits: Limits{Backlog: 1000}}, bound: 1000, writing: true}
	packets := sealFrames([]app.Frame{
		{Text: []byte("tick 1"), Latest: "tick"},
		{Text: []byte("fact 1")},
		{Text: []byte("stats 1"), Latest: "stats"},
		{Text: []byte("tick 2"), Latest: "tick"},
		{Text: []byte("fact 2")},
		{Text: []byte("tick 3"), Latest: "tick"},
	})
	c.put(packets)
	got, size := "", 0
	for _, p := range c.waiting {
		got += string(p.wire[2:]) + ", "
		size += len(p.wire)
	}
	if want := "fact 1, stats 1, fact 2, tick 3, "; got != want {
		t.Errorf("waiting: %s", got)
	}
	if c.backlog != size {
		t.Errorf("backlog %d, want %d", c.backlog, size)
	}
}

// A fault of ours ends the session that met it, with 1011, and no other.
func TestPanicIsContained(t *testing.T) {
	s, core := startCounting(t, &counting{}, Limits{})
	other := dial(t, s, "/")
	other.send("hello")
	other.receive()
	for _, word := range []string{"explode", "explode-state"} {
		c := rawDial(t, s, "/")
		c.write(text(word))
		c.expectClose(1011)
		c.write(closing(1011, ""))
		c.expectEnd()
	}
	member := rawDial(t, s, "/")
	member.write(text("join all"))
	member.expect(opText, "joined")
	member.expect(opText, "state")
	core.publish(app.OBSSceneChanged{CurrentScene: "explode"})
	member.expectClose(1011)

	other.send("hello")
	if got := other.receive(); got["echo"] != true {
		t.Errorf("the other got %v", got)
	}
}

func TestReplyComesBeforeClose(t *testing.T) {
	s, _ := startCounting(t, &counting{}, Limits{})
	c := rawDial(t, s, "/")
	c.write(text("bye"), text("hello"))
	c.expect(opText, "last")
	c.expectClose(4242)
	c.write(closing(4242, ""))
	c.expectEnd()
}

func TestRefusedCommandIsTold(t *testing.T) {
	s, _ := startCounting(t, &counting{}, Limits{})
	c := rawDial(t, s, "/")
	c.write(text("command"))
	c.expect(opText, "first")
	c.expect(opText, "refused by the test")
}

func TestMessagesAreLimited(t *testing.T) {
	s, _ := startCounting(t, &counting{limits: app.Limits{Messages: 3, Per: 60_000}}, Limits{})
	c := dial(t, s, "/")
	for range 3 {
		c.send("hello")
		if got := c.receive(); got["echo"] != true {
			t.Fatalf("got %v", got)
		}
	}
	for range 2 { // and the connection stays
		c.send("hello")
		if retry, ok := c.receive()["retry"].(float64); !ok || retry < 1 || retry > 60_000 {
			t.Fatalf("retry %v", retry)
		}
	}
}

func TestWindow(t *testing.T) {
	var w window
	for i, step := range []struct {
		now  app.Instant
		want app.Millis
	}{
		{1000, 0}, {1100, 0}, {1200, 0}, {1200, 9800}, {5000, 6000}, {10_999, 1}, {11_000, 0}, {11_000, 100}, {11_100, 0}, {11_199, 1}, {40_000, 0},
	} {
		if got := w.admit(step.now, 3, 10_000); got != step.want {
			t.Errorf("step %d, at %d: %d, want %d", i, step.now, got, step.want)
		}
	}
	if got := w.admit(1, 0, 10_000); got != 0 {
		t.Errorf("without a limit: %d", got)
	}
}

// The wheel pings each session once a round and closes those that stay silent.
func TestWheel(t *testing.T) {
	s, _ := startCounting(t, &counting{limits: app.Limits{PingEvery: 3000, SilenceCloses: 6000}}, Limits{})
	answers := rawDial(t, s, "/")
	answers.write(text("hello"))
	answers.expect(opText, "echo")
	silent := rawDial(t, s, "/")
	waitUntil(t, func() bool { return len(s.sourceSaver.wheel.all()) == 2 })
	for range 3 { // of the wheel's own turns there may be more: time goes on
		for range 3 {
			s.sourceSaver.wheel.turn()
		}
		answers.expect(opPing, "")
		answers.write(frame(fin|opPong, nil), text("hello"))
		answers.expect(opText, "echo")
	}
	silent.expect(opPing, "")
	silent.expectClose(closeSilent)
}

// On stopping every client gets 1001, and Run ends soon though some don't answer.
func TestStop(t *testing.T) {
	s := listening(t, newScripted())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	polite, rude := dial(t, s, "/"), rawDial(t, s, "/ws/ABC234")
	waitUntil(t, func() bool { return len(s.sourceSaver.wheel.all())+len(s.palcoTimer.wheel.all()) == 2 })
	begin := time.Now()
	cancel()
	rude.expectClose(1001)
	if _, _, err := polite.ReadMessage(); !websocket.IsCloseError(err, 1001) {
		t.Errorf("closed with %v", err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * stopWait):
		t.Fatalf("still running after %v", time.Since(begin))
	}
	if _, _, err := tryDial(s, "/"); err == nil {
		t.Error("it still takes connections")
	}
}

func TestHeartbeatOnlyByName(t *testing.T) {
	s := start(t, newScripted())
	named, all := dial(t, s, "/"), dial(t, s, "/")
	all.send(`{"action":"subscribe","events":["*","system:*"]}`)
	all.receive()
	named.send(`{"action":"subscribe","events":["system:heartbeat"]}`)
	named.receive()
	for range 2 {
		got := named.receive()
		data, _ := got["data"].(map[string]any)
		at, _ := data["serverTime"].(float64)
		if got["event"] != "system:heartbeat" || at == 0 || got["timestamp"] != data["timestamp"] || got["id"] == "" {
			t.Fatalf("got %v", got)
		}
	}
	all.send(`{"action":"ping"}`)
	if got := all.receive(); got["event"] != "pong" {
		t.Errorf("who subscribed to all got %v", got)
	}
	named.send(`{"action":"unsubscribe","events":["system:heartbeat"]}`)
	for got := ""; got != "subscription:updated"; {
		got, _ = named.receive()["event"].(string)
	}
	s.sourceSaver.mu.Lock()
	beating := s.sourceSaver.beating
	s.sourceSaver.mu.Unlock()
	if beating != 0 {
		t.Errorf("%d still get it", beating)
	}
}

// Every client is told of: to operators on the bus, in the snapshot to all faces.
func TestClientsAreToldOf(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	watcher := dial(t, s, "/?name=Desk")
	watcher.send(`{"action":"subscribe","events":["clients:*"],"snapshot":true}`)
	next := func(event string) map[string]any {
		t.Helper()
		for {
			got := watcher.receive()
			if got["event"] != event {
				continue
			}
			text, _ := json.Marshal(got["data"].(map[string]any)["client"])
			var client map[string]any
			_ = json.Unmarshal(text, &client)
			return client
		}
	}
	if got := next("clients:connect"); got["name"] != "Desk" || got["dialect"] != "source-saver" || got["role"] != "admin" || got["address"] != "127.0.0.1" {
		t.Errorf("the watcher itself: %v", got)
	}
	tablet := dial(t, s, "/ws/"+core.Snapshot().Rooms[0].Room.ShortCode+"?output=operator&name=Tablet")
	if got := next("clients:connect"); got["name"] != "Tablet" || got["dialect"] != "palcotimer" || got["role"] != "operator" {
		t.Errorf("the tablet: %v", got)
	}
	tablet.send(`{"type":"hello","url":"http://localhost:3000/r/A/operator?x=1","fps":59.5,"visible":true}`)
	if got := next("clients:update"); got["name"] != "Tablet" || got["page"] != "/r/A/operator?x=1" || got["fps"] != 59.5 || got["visible"] != true {
		t.Errorf("the tablet's hello: %v", got)
	}
	_ = tablet.Close()
	if got := next("clients:disconnect"); got["name"] != "Tablet" {
		t.Errorf("gone: %v", got)
	}
}
