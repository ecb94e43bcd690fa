package ui

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/engine"
	"cuewire/app/i18n"
	"cuewire/app/store"
	"cuewire/app/ui/present"
	"cuewire/assets"
)

// deadline is how long a test waits for what should come at once.
const deadline = 60 * time.Second

// uiLoop stands in for Fyne's main loop: it runs one function after the other on
// one goroutine, as fyne.Do does in a real window.
type uiLoop struct {
	mu    sync.Mutex
	ready *sync.Cond // signalled when there is work, and after each piece of it
	queue []func()
	ended bool
}

func newLoop(t *testing.T) *uiLoop {
	l := &uiLoop{}
	l.ready = sync.NewCond(&l.mu)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		l.mu.Lock()
		defer l.mu.Unlock()
		for {
			for len(l.queue) == 0 && !l.ended {
				l.ready.Wait()
			}
			if l.ended {
				return
			}
			next := l.queue[0]
			l.queue = l.queue[1:]
			l.mu.Unlock()
			next()
			l.mu.Lock()
			l.ready.Broadcast()
		}
	}()
	t.Cleanup(func() {
		l.mu.Lock()
		l.ended = true
		l.ready.Broadcast()
		l.mu.Unlock()
		<-stopped
	})
	return l
}

// do queues f, as fyne.Do does.
func (l *uiLoop) do(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, f)
	l.ready.Broadcast()
}

// run runs f on the UI goroutine and waits for it.
func (l *uiLoop) run(f func()) {
	done := make(chan struct{})
	l.do(func() {
		defer close(done)
		f()
	})
	<-done
}

// until waits until a condition, looked at on the UI goroutine, holds.
func (l *uiLoop) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) { // asks again
		ok := false
		l.run(func() { ok = holds() })
		if ok {
			return
		}
		if time.Since(begun) >= deadline {
			t.Fatalf("it did not come to pass: %s", what)
		}
	}
}

// fakeCore is a core whose truth the test sets; it counts and records.
type fakeCore struct {
	mu      sync.Mutex
	snap    *app.Snapshot
	now     app.Instant
	news    chan struct{}
	events  chan app.EventBody // what happens, taken one by one
	sent    []app.Command
	arrived chan app.Command // gets each command too
	refuse  error
}

func newFakeCore(timers int) *fakeCore {
	room := &app.RoomState{
		Room: &app.Room{ID: "r1", ShortCode: "ABC234", Name: "Main", ColorNormal: app.DefaultColorNormal},
	}
	for i := range timers {
		id := present.Number(int64(i + 1))
		room.Timers = append(room.Timers, &app.Timer{ID: id, RoomID: "r1", Name: "Cue " + id, Duration: 600_000, Appearance: app.Countdown})
	}
	if timers > 0 {
		room.Playback = app.Playback{State: app.Stopped, CurrentTimerID: "1", Duration: 600_000}
	} else {
		room.Playback = app.Playback{State: app.Stopped}
	}
	return &fakeCore{
		snap: &app.Snapshot{Rooms: []*app.RoomState{room}, OBS: app.OBSState{Phase: app.OBSOff}},
		now:  1_000_000, news: make(chan struct{}, 1), events: make(chan app.EventBody), arrived: make(chan app.Command, 100),
	}
}

// update publishes a changed copy of the snapshot and of the first room.
func (c *fakeCore) update(change func(*app.Snapshot, *app.RoomState)) {
	c.mu.Lock()
	snap, room := *c.snap, *c.snap.Rooms[0]
	change(&snap, &room)
	snap.Seq++
	snap.Rooms = []*app.RoomState{&room}
	c.snap = &snap
	c.mu.Unlock()
	select {
	case c.news <- struct{}{}:
	default:
	}
}

func (c *fakeCore) Do(_ context.Context, cmd app.Command) (app.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, cmd)
	c.arrived <- cmd
	return app.Result{Durable: true, Snapshot: c.snap}, c.refuse
}

func (c *fakeCore) Tell(context.Context, app.Command) error { return nil }

func (c *fakeCore) Snapshot() *app.Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.snap
}

func (c *fakeCore) Now() app.Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeCore) pass(d app.Millis) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *fakeCore) Follow(int) (*app.Snapshot, app.Stream) { return c.Snapshot(), fakeEvents{c} }
func (c *fakeCore) Watch() app.Stream                      { return c }
func (c *fakeCore) Close()                                 {}

func (c *fakeCore) Next(ctx context.Context) (app.Update, error) {
	select {
	case <-c.news:
		return app.Update{Snapshot: c.Snapshot()}, nil
	case <-ctx.Done():
		return app.Update{}, ctx.Err()
	}
}

// fakeEvents is the stream of what happens.
type fakeEvents struct{ *fakeCore }

func (c fakeEvents) Next(ctx context.Context) (app.Update, error) {
	select {
	case body := <-c.events:
		return app.Update{Events: []app.Event{{Body: body}}, Snapshot: c.Snapshot()}, nil
	case <-ctx.Done():
		return app.Update{}, ctx.Err()
	}
}

// next returns the next command that reached the core.
func (c *fakeCore) next(t *testing.T) app.Command {
	t.Helper()
	select {
	case cmd := <-c.arrived:
		return cmd
	case <-time.After(deadline):
		t.Fatal("no command reached the core")
		return nil
	}
}

// nothing fails the test if a command reached the core.
func (c *fakeCore) nothing(t *testing.T) {
	t.Helper()
	select {
	case cmd := <-c.arrived:
		t.Fatalf("%+v reached the core", cmd)
	default:
	}
}

// fakeOBS is a bridge that does what the test says.
type fakeOBS func(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error)

func (f fakeOBS) DoOBS(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	return f(ctx, cmd)
}

// stage is a window on a test display, with its loop.
type stage struct {
	*Window
	loop *uiLoop
	quit chan struct{} // gets one when the window asks to quit
}

// show makes a window of 1280 by 800, shows it and runs it until the test ends.
func show(t *testing.T, core app.Core, change func(*Config)) *stage {
	t.Helper()
	loop := newLoop(t)
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{loop: loop, quit: make(chan struct{}, 1)}
	loop.run(func() {
		cfg := Config{
			App: test.NewApp(), Core: core, Catalogue: catalogue, Lang: "en",
			Addresses: []string{"http://127.0.0.1:3000"}, Version: "test", DataDir: "folder",
			Do: loop.do, Log: slog.New(slog.DiscardHandler),
			Quit: func() { s.quit <- struct{}{} },
		}
		if change != nil {
			change(&cfg)
		}
		s.Window = New(cfg)
		s.win.Resize(fyne.NewSize(1280, 800))
		s.Show()
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return s
}

// tap presses a button as a click does.
func (s *stage) tap(name Name) { s.loop.run(func() { test.Tap(s.Button(name)) }) }

// key presses a key with nothing focused.
func (s *stage) key(name fyne.KeyName) {
	s.loop.run(func() { s.onKey(&fyne.KeyEvent{Name: name}) })
}

func (s *stage) onKey(e *fyne.KeyEvent) {
	s.Canvas().(interface{ OnTypedKey() func(*fyne.KeyEvent) }).OnTypedKey()(e)
}

// realCore is the engine with a store on disk.
func realCore(t *testing.T) *engine.Engine {
	t.Helper()
	core, _ := coreIn(t, t.TempDir())
	return core
}

func coreIn(t *testing.T, dir string) (*engine.Engine, *store.Store) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	name, d := "Talk", app.Millis(600_000)
	timer := app.TimerFields{Name: &name, Duration: &d}
	core, err := engine.Open(t.Context(), engine.Config{
		Store: st, Example: engine.Example{Room: "Main", Timers: []app.TimerFields{timer, timer}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- core.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("engine: %v", err)
		}
		if err := st.Close(); err != nil {
			t.Errorf("store: %v", err)
		}
	})
	return core, st
}
