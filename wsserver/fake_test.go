package wsserver

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/app/hub"
	"cuewire/assets"
	"cuewire/wsserver/broadcastt"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
	"cuewire/wsserver/timerapi"
)

// scripted is a core whose events the test makes up: for what a real engine can't
// be made to do at a given moment.
type scripted struct {
	hub *hub.Hub[app.Event, *app.Snapshot]
	do  func(app.Command) (app.Result, error) // nil refuses every command

	mu sync.Mutex // orders publish
}

func newScripted() *scripted {
	return &scripted{hub: hub.New[app.Event](&app.Snapshot{
		At: app.InstantOf(time.Now()),
		Rooms: []*app.RoomState{{
			Room:     &app.Room{ID: "room-1", ShortCode: "ABC234", Name: "Main"},
			Timers:   []*app.Timer{{ID: "t1", RoomID: "room-1", Name: "Opening", Duration: 300_000, Notes: "secret"}},
			Playback: app.Playback{State: app.Stopped, CurrentTimerID: "t1", Duration: 300_000},
		}},
		System: app.System{Status: app.Healthy, Checks: app.Checks{DatabaseConnected: true, MemoryUsage: "normal"}},
	})}
}

// publish makes the bodies happen, in one update.
func (c *scripted) publish(bodies ...app.EventBody) *app.Snapshot {
	return c.change(func(*app.Snapshot) {}, bodies...)
}

func (c *scripted) change(edit func(*app.Snapshot), bodies ...app.EventBody) *app.Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	snap := *c.hub.State()
	edit(&snap)
	events := make([]app.Event, len(bodies))
	for i, body := range bodies {
		snap.Seq++
		events[i] = app.Event{Seq: snap.Seq, At: c.Now(), Body: body}
		switch b := body.(type) {
		case app.PlaybackChanged:
			events[i].RoomID = b.RoomID
		case app.TimerUpdated:
			events[i].RoomID = b.RoomID
		case app.RoomUpdated:
			events[i].RoomID = b.Room.ID
		}
	}
	c.hub.Publish(&snap, events...)
	return &snap
}

func (c *scripted) Do(_ context.Context, cmd app.Command) (app.Result, error) {
	if c.do == nil {
		return app.Result{}, app.NewError(app.CodeConflict, "test", "refused by the test", nil)
	}
	return c.do(cmd)
}

func (c *scripted) Tell(context.Context, app.Command) error { return nil }
func (c *scripted) Snapshot() *app.Snapshot                 { return c.hub.State() }
func (c *scripted) Now() app.Instant                        { return app.InstantOf(time.Now()) }

func (c *scripted) Follow(limit int) (*app.Snapshot, app.Stream) {
	snap, sub := c.hub.Follow(limit)
	return snap, stream{sub}
}

func (c *scripted) Watch() app.Stream { return stream{c.hub.Watch()} }

type stream struct {
	*hub.Subscription[app.Event, *app.Snapshot]
}

func (s stream) Next(ctx context.Context) (app.Update, error) {
	events, snap, err := s.Subscription.Next(ctx)
	switch {
	case errors.Is(err, hub.ErrBehind):
		err = app.ErrBehind
	case errors.Is(err, hub.ErrClosed):
		err = app.ErrClosed
	}
	return app.Update{Events: events, Snapshot: snap}, err
}

// listening returns a server of the core on a free port, which does not run yet.
func listening(t testing.TB, core app.Core, edit ...func(*Config)) *Server {
	t.Helper()
	config := Config{
		Core: core, Bell: alarmtest.Bell(t, nil), SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(), Broadcastt: broadcastt.New(), TimerAPI: timerapi.New(timerapi.Config{}), I18n: assets.I18n(),
		Web: fstest.MapFS{
			"index.html":       {Data: []byte("<!doctype html><title>index</title>")},
			"r/viewer.html":    {Data: []byte("<!doctype html><title>viewer</title>")},
			"r/operator.html":  {Data: []byte("<!doctype html><title>operator</title>")},
			"overlay/obs.html": {Data: []byte("<!doctype html><title>overlay</title>")},
			"cuewire.js":       {Data: []byte("export {}")},
			"icon.svg":         {Data: []byte("<svg/>")},
			"README.md":        {Data: []byte("for authors")},
		},
		Listen: []string{"127.0.0.1:0"}, Version: "test", Secret: "hunter2",
	}
	for _, e := range edit {
		e(&config)
	}
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	return s
}

// start serves the core on a free port until the test ends.
func start(t testing.TB, core app.Core, edit ...func(*Config)) *Server {
	t.Helper()
	return serve(t, listening(t, core, edit...))
}

// serve runs a server until the test ends.
func serve(t testing.TB, s *Server) *Server {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return s
}
