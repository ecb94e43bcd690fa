package obsbridge_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/alarm/alarmtest"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
)

// fault is one way for OBS to go wrong while the bridge is connected to it.
type fault struct {
	name string
	// strike brings the fault about.
	strike func(*faultRun)
	// heal ends it; nil when OBS is back at once.
	heal func(*faultRun)
	// want is the phase that the fault shows.
	want app.OBSPhase
	// stays says that the connection survives; stops that it does not come back by itself.
	stays, stops bool
}

type faultRun struct {
	t      *testing.T
	server *obstest.Server
	core   *obstest.Core
	bridge *obsbridge.Bridge
}

func (r *faultRun) each(f func(*obstest.Conn)) { r.server.Each(f) }

// faults is the table. Every one is struck against a connected bridge.
func faults() []fault {
	all := []fault{
		{name: "TCP reset", want: app.OBSLost, strike: func(r *faultRun) { r.each((*obstest.Conn).Reset) }},
		{name: "TCP end without a close frame", want: app.OBSLost, strike: func(r *faultRun) { r.each((*obstest.Conn).Drop) }},
		{name: "half-open silence", want: app.OBSLost, strike: func(r *faultRun) { r.each((*obstest.Conn).Stall) }},
		{name: "answers come 6 s late", want: app.OBSLost, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			if q.Type == "GetStats" {
				time.AfterFunc(6*time.Second, func() { c.Answer(q, map[string]any{}) })
				return true
			}
			return false
		}), heal: heal},
		{name: "requests are swallowed", want: app.OBSLost, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool { return q.Type == "GetStats" }), heal: heal},
		{name: "answer to a request never made", want: app.OBSLost, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			c.AnswerAs(q.Type, "99999999", nil)
			return true
		}), heal: heal},
		{name: "answer with an id of another form", want: app.OBSLost, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			c.AnswerAs(q.Type, "none of yours", nil)
			return true
		}), heal: heal},
		{name: "answer of another kind", want: app.OBSLost, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			c.AnswerAs("GetVersion", q.ID, nil)
			return true
		}), heal: heal},
		{name: "each answer twice", stays: true, want: app.OBSConnected, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			c.Answer(q, map[string]any{})
			c.Answer(q, map[string]any{})
			return true
		}), heal: heal},
		{name: "answer that cannot be decoded", stays: true, want: app.OBSConnected, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			c.Answer(q, map[string]any{"activeFps": "many", "cpuUsage": []int{1}})
			return true
		}), heal: heal},
		{name: "GetStats refused", stays: true, want: app.OBSConnected, strike: strikeAnswers(func(c *obstest.Conn, q obstest.Request) bool {
			c.Refuse(q, 702, "no")
			return true
		}), heal: heal},
		message("bad JSON", websocket.TextMessage, `{"op":5,"d":`),
		message("empty message", websocket.TextMessage, ``),
		message("JSON that is no object", websocket.TextMessage, `[1,2,3]`),
		message("unknown op", websocket.TextMessage, `{"op":42,"d":{}}`),
		message("event without a shape", websocket.TextMessage, `{"op":5,"d":"x"}`),
		message("binary message", websocket.BinaryMessage, "\x00\x01\x02"),
		raw("frame with reserved bits", []byte{0xf1, 0x02, '{', '}'}),
		raw("masked frame", []byte{0x81, 0x82, 1, 2, 3, 4, '{' ^ 1, '}' ^ 2}),
		raw("frame that claims 16 EiB", []byte{0x81, 0x7f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
		raw("frame above the limit", []byte{0x81, 0x7f, 0, 0, 0, 0, 0x10, 0, 0, 0}),
		raw("continuation of nothing", []byte{0x80, 0x00}),
		raw("HTTP in the middle", []byte("HTTP/1.1 400 Bad Request\r\n\r\n")),
		{name: "half a frame, then a reset", want: app.OBSLost, strike: func(r *faultRun) {
			r.each(func(c *obstest.Conn) {
				c.SendRaw([]byte{0x81, 0x7e, 0x10, 0x00, '{', '"', 'o'})
				c.Reset()
			})
		}},
		{name: "event whose data has another type", stays: true, want: app.OBSConnected, strike: func(r *faultRun) {
			r.server.SetQuietly("Two")
			r.each(func(c *obstest.Conn) { c.Event("CurrentProgramSceneChanged", map[string]any{"sceneName": 7}) })
			r.core.Wait(r.t, "a resync", func(s app.OBSState) bool { return s.CurrentScene == "Two" })
		}},
		{name: "event of an OBS to come", stays: true, want: app.OBSConnected, strike: func(r *faultRun) {
			r.each(func(c *obstest.Conn) { c.Event("SomethingNew", map[string]any{"a": 1}) })
			r.server.Switch("Two")
			r.core.Wait(r.t, "the next event", func(s app.OBSState) bool { return s.CurrentScene == "Two" })
		}},
		{name: "20,000 events while the core is behind", stays: true, want: app.OBSConnected, strike: strikeFlood},
		{name: "scene collection takes 6 s, no requests", stays: true, want: app.OBSConnected, strike: strikeSlowCollection},
		{name: "OBS dies while it changes its collection", want: app.OBSLost, strike: func(r *faultRun) {
			r.each(func(c *obstest.Conn) {
				c.Event("CurrentSceneCollectionChanging", map[string]any{"sceneCollectionName": "A"})
				c.Stall()
			})
		}},
		{name: "OBS quits and comes back", want: app.OBSNotRunning, strike: func(r *faultRun) {
			r.each(func(c *obstest.Conn) {
				c.Event("ExitStarted", map[string]any{})
				c.Close(1001, "Server stopping.")
			})
			r.server.Down()
		}, heal: func(r *faultRun) { r.server.Up() }},
		{name: "the port accepts and says nothing", want: app.OBSConnecting, strike: strikeAccept(func(c net.Conn) {
			go io.Copy(io.Discard, c) // until the bridge gives up
		}), heal: heal},
		{name: "the port accepts and hangs up", want: app.OBSLost, strike: strikeAccept(func(c net.Conn) { c.Close() }), heal: heal},
		{name: "another web server has the port", want: app.OBSNotRunning, strike: strikeAccept(func(c net.Conn) {
			go func() {
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
				io.Copy(io.Discard, c)
			}()
		}), heal: heal},
		{name: "an endless HTTP header", want: app.OBSConnecting, strike: strikeAccept(func(c net.Conn) {
			go func() {
				defer c.Close()
				for {
					if _, err := io.WriteString(c, "X-Long: "+strings.Repeat("x", 1000)+"\r\n"); err != nil {
						return
					}
				}
			}()
		}), heal: heal},
		{name: "no Hello", want: app.OBSConnecting, strike: strikeGreeting(func(c *obstest.Conn) {}), heal: heal},
		{name: "something else than Hello", want: app.OBSNotRunning, strike: strikeGreeting(func(c *obstest.Conn) {
			c.SendMessage(websocket.TextMessage, []byte(`{"hello":"world"}`))
		}), heal: heal},
		{name: "Hello without Identified", want: app.OBSConnecting, strike: strikeGreeting(func(c *obstest.Conn) {
			c.Send(0, map[string]any{"obsWebSocketVersion": "5.5.0", "rpcVersion": 1})
		}), heal: heal},
		{name: "4010 in the handshake", want: app.OBSLost, strike: strikeGreeting(func(c *obstest.Conn) {
			c.Send(0, map[string]any{"obsWebSocketVersion": "6.0.0", "rpcVersion": 2})
			c.Close(4010, "rpcVersion 2 is needed")
		}), heal: heal},
		{name: "4009 in the handshake", want: app.OBSWrongPassword, stops: true, strike: strikeGreeting(func(c *obstest.Conn) {
			c.Send(0, map[string]any{"obsWebSocketVersion": "5.5.0", "rpcVersion": 1, "authentication": map[string]any{"salt": "a", "challenge": "b"}})
			c.Close(4009, "Authentication failed.")
		}), heal: heal},
		{name: "not ready after a restart", want: app.OBSConnecting, strike: func(r *faultRun) {
			r.server.Misbehave(obstest.Faults{Answer: func(c *obstest.Conn, q obstest.Request) bool {
				c.Refuse(q, 207, "OBS is not ready to perform the request.")
				return true
			}})
			from := len(r.server.Requests())
			r.each((*obstest.Conn).Reset)
			r.server.WaitFor(r.t, from, "GetVersion")
		}, heal: heal},
	}
	for _, code := range []int{1000, 1001, 1006, 1011, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4010, 4011, 4012} {
		f := fault{name: fmt.Sprintf("close code %d", code), want: app.OBSLost, strike: func(r *faultRun) {
			r.each(func(c *obstest.Conn) { c.SendRaw([]byte{0x88, 0x02, byte(code >> 8), byte(code)}) })
		}}
		switch code {
		case 4009:
			f.want, f.stops = app.OBSWrongPassword, true
		case 4011:
			f.want, f.stops = app.OBSKicked, true
		}
		all = append(all, f)
	}
	return all
}

func heal(r *faultRun) { r.server.Misbehave(obstest.Faults{}) }

func message(name string, kind int, text string) fault {
	return fault{name: name, want: app.OBSLost, strike: func(r *faultRun) {
		r.each(func(c *obstest.Conn) { c.SendMessage(kind, []byte(text)) })
	}}
}

func raw(name string, bytes []byte) fault {
	return fault{name: name, want: app.OBSLost, strike: func(r *faultRun) {
		r.each(func(c *obstest.Conn) { c.SendRaw(bytes) })
	}}
}

// strikeAnswers makes the answers wrong from the next measurement on, not in the
// middle of one, and waits until one has been given.
func strikeAnswers(answer func(*obstest.Conn, obstest.Request) bool) func(*faultRun) {
	return func(r *faultRun) {
		from := len(r.server.Requests())
		var struck atomic.Bool
		r.server.Misbehave(obstest.Faults{Answer: func(c *obstest.Conn, q obstest.Request) bool {
			if q.Type == "GetStats" {
				struck.Store(true)
			}
			return struck.Load() && answer(c, q)
		}})
		r.server.WaitFor(r.t, from, "GetStats")
	}
}

// strikeAccept ends the connections, makes the next ones wrong, and waits for one.
func strikeAccept(accept func(net.Conn)) func(*faultRun) {
	return func(r *faultRun) {
		hit := make(chan struct{}, 100)
		r.server.Misbehave(obstest.Faults{Accept: func(c net.Conn) {
			accept(c)
			hit <- struct{}{}
		}})
		r.each((*obstest.Conn).Reset)
		<-hit
	}
}

// strikeGreeting does the same after the upgrade.
func strikeGreeting(greet func(*obstest.Conn)) func(*faultRun) {
	return func(r *faultRun) {
		hit := make(chan struct{}, 100)
		r.server.Misbehave(obstest.Faults{Greet: func(c *obstest.Conn) {
			greet(c)
			hit <- struct{}{}
		}})
		r.each((*obstest.Conn).Reset)
		<-hit
	}
}

func strikeFlood(r *faultRun) {
	release := r.core.Hold()
	r.each(func(c *obstest.Conn) {
		for i := range 20_000 {
			c.Event("CurrentProgramSceneChanged", map[string]any{"sceneName": []string{"One", "Two"}[i%2]})
		}
	})
	r.server.Switch("Three")
	release()
	r.core.Wait(r.t, "the last scene", func(s app.OBSState) bool { return s.CurrentScene == "Three" })
}

func strikeSlowCollection(r *faultRun) {
	r.each(func(c *obstest.Conn) {
		c.Event("CurrentSceneCollectionChanging", map[string]any{"sceneCollectionName": "A"})
	})
	r.core.Wait(r.t, "the change", func(s app.OBSState) bool { return s.CollectionChanging })
	if _, err := r.bridge.DoOBS(context.Background(), app.SwitchScene{Scene: "Two"}); app.CodeOf(err) != app.CodeConflict {
		r.t.Errorf("a command during the change: %v", err)
	}
	// A request may have been on its way when the change began.
	time.Sleep(500 * time.Millisecond)
	from := len(r.server.Requests())
	time.Sleep(5500 * time.Millisecond)
	if got := r.server.Requests()[from:]; len(got) > 0 {
		r.t.Errorf("requests during the change: %v", got)
	}
	r.server.SetQuietly("Two")
	r.each(func(c *obstest.Conn) {
		c.Event("CurrentSceneCollectionChanged", map[string]any{"sceneCollectionName": "B"})
	})
	r.core.Wait(r.t, "a resync", func(s app.OBSState) bool { return s.CurrentScene == "Two" && !s.CollectionChanging })
}

// recoverWithin is five times what the bridge promises: machines that run tests are busy.
const recoverWithin = 5 * 3 * time.Second

func TestFaults(t *testing.T) { // not parallel: it counts goroutines
	fmt.Printf("%-42s %-15s %9s %9s %s\n", "fault", "shown", "after", "recovered", "goroutines before, after")
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			bell := alarmtest.Bell(t, nil)
			before := settled(0)
			shown, after, recovered := f.run(t, bell)
			left := settled(before)
			fmt.Printf("%-42s %-15s %9s %9s %d, %d\n", f.name, shown, after, recovered, before, left)
			if left > before {
				t.Errorf("%d goroutines before, %d after:\n%s", before, left, stacks())
			}
		})
	}
}

// run strikes the fault at a bridge of its own, and ends it again.
func (f fault) run(t *testing.T, bell *alarm.Bell) (shown app.OBSPhase, after, recovered string) {
	r := &faultRun{t: t, server: obstest.NewServer(t, "secret", "One", "Two", "Three"), core: obstest.NewCore()}
	target := r.server.Target()
	var logged strings.Builder
	r.bridge = obsbridge.New(obsbridge.Config{
		Core: r.core, Bell: bell, Target: &target,
		Log: slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.bridge.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		r.server.Down()
		if strings.Contains(logged.String(), "secret") {
			t.Error("the log tells the password")
		}
		if t.Failed() {
			t.Log(logged.String())
		}
	}()
	r.core.WaitPhase(t, app.OBSConnected)
	r.server.WaitFor(t, 0, "GetStats")

	from, struck := len(r.core.Events()), time.Now()
	f.strike(r)
	after, recovered = "-", "-"
	if f.stays {
		seen := len(r.server.Requests())
		if f.heal != nil {
			f.heal(r)
		}
		r.server.WaitFor(t, seen, "GetStats")
		for _, e := range r.core.Events()[from:] {
			if e, ok := e.Body.(app.OBSConnectionChanged); ok {
				t.Errorf("connection changed: %+v", e)
			}
		}
		return r.core.State().Phase, after, recovered
	}
	place := obstest.Place(t, r.core, from, func(e app.OBSConnectionChanged) bool { return !e.Connected })
	dead := r.core.Events()[place].At.Sub(struck)
	after = dead.Round(time.Millisecond).String()
	if dead > 5*5*time.Second { // five times what is promised, for busy machines
		t.Errorf("still shown as connected %v after the fault", dead)
	}
	phase, _ := obstest.WaitEvent(t, r.core, from, func(e app.OBSPhaseChanged) bool { return e.Phase == f.want })
	shown = phase.Phase
	if f.heal != nil {
		f.heal(r)
	}
	back := time.Now()
	if f.stops {
		seen := len(r.core.Events())
		time.Sleep(3 * time.Second)
		if state := r.core.State(); state.Phase != f.want || len(r.core.Events()) != seen {
			t.Errorf("it did not stop: %+v", state)
		}
		if _, err := r.bridge.DoOBS(context.Background(), app.ReconnectOBS{}); err != nil {
			t.Errorf("reconnect: %v", err)
		}
		r.core.WaitPhase(t, app.OBSConnected)
		return shown, after, "by hand"
	}
	obstest.WaitEvent(t, r.core, from, func(e app.OBSConnectionChanged) bool { return e.Connected })
	took := time.Since(back)
	if took > recoverWithin {
		t.Errorf("recovered after %v", took)
	}
	return shown, after, took.Round(time.Millisecond).String()
}

// settled returns the number of goroutines once it does not change, or is no more
// than wanted.
func settled(wanted int) int {
	n := runtime.NumGoroutine()
	for same, end := 0, time.Now().Add(10*time.Second); time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
		now := runtime.NumGoroutine()
		if wanted > 0 && now <= wanted {
			return now
		}
		if now == n {
			if same++; wanted == 0 && same == 10 {
				return n
			}
			continue
		}
		n, same = now, 0
	}
	return n
}

func stacks() string {
	buffer := make([]byte, 1<<20)
	return string(buffer[:runtime.Stack(buffer, true)])
}
