package main

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/hub"
	"cuewire/assets"
	"cuewire/wsserver"
	"cuewire/wsserver/auth"
	"cuewire/wsserver/broadcastt"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
	"cuewire/wsserver/timerapi"
)

// language is one of Cuewire's dialects as a client of the crowd speaks it.
type language struct {
	path   string
	token  bool // it needs one
	hello  []string
	joined string
	event  func(stamp string) app.EventBody // some 300 bytes in the dialect
}

var (
	sourceSaver = language{
		path: "/", hello: []string{`{"action":"subscribe","events":["obs:*"]}`}, joined: "subscription:confirmed",
		event: func(stamp string) app.EventBody {
			return app.OBSSceneChanged{CurrentScene: strings.Repeat("Interview ", 11) + stamp}
		},
	}
	palcoTimer = language{
		path: "/ws/ABC234?ticks=0", hello: []string{`{"type":"ping"}`}, joined: "pong",
		event: func(stamp string) app.EventBody {
			return app.MessageChanged{RoomID: "room-1", Message: &app.Message{ID: "m1", RoomID: "room-1", Text: "Two minutes, please: the prize comes now " + stamp, Visible: true}}
		},
	}
	channels = language{
		path: "/app/bench", hello: []string{`{"event":"broadcastt:subscribe","data":{"channel":"hall"}}`}, joined: "subscription_succeeded",
		event: func(stamp string) app.EventBody {
			data := `{"timer":{"name":"Interview with a guest","speaker":"Ana","notes":"questions from the hall, then the prize, then the break","duration":600000,"running":true},"sent":"` + stamp + `"}`
			return app.ChannelPublished{AppID: "1", ChannelMessage: app.ChannelMessage{Channels: []string{"hall"}, Name: "timer", Data: data}}
		},
	}
	timerAPI = language{
		path: "/v1/ws/timers", token: true, hello: []string{`{"type":"ping"}`}, joined: "{",
		event: func(stamp string) app.EventBody {
			return app.QuickTimerChanged{Change: app.QuickUpdated, Timer: app.QuickView{ID: "q1", Title: &stamp, Owner: "ana", Status: app.QuickRunning}}
		},
	}
)

// cuewire is the real server with a dialect. What happens is made up here, so that
// the server's own share is measured, without the engine's and the disk's.
type cuewire struct {
	language
	hub    *hub.Hub[app.Event, *app.Snapshot]
	server *wsserver.Server
	mu     sync.Mutex // orders send
}

func newCuewire(l language) *cuewire { return &cuewire{language: l} }

func (c *cuewire) open() (a audience, err error) {
	dir, err := os.MkdirTemp("", "cuewire-bench-")
	if err != nil {
		return a, err
	}
	defer os.RemoveAll(dir)
	signer, err := auth.OpenSigner(dir)
	if err != nil {
		return a, err
	}
	token, remembered, err := signer.Issue("ana", app.Viewer, "", time.Now(), time.Hour)
	if err != nil {
		return a, err
	}
	c.hub = hub.New[app.Event](&app.Snapshot{
		At: app.InstantOf(time.Now()),
		Rooms: []*app.RoomState{{
			Room:     &app.Room{ID: "room-1", ShortCode: "ABC234", Name: "Main"},
			Timers:   []*app.Timer{{ID: "t1", RoomID: "room-1", Name: "Opening", Duration: 300_000}},
			Playback: app.Playback{State: app.Stopped, CurrentTimerID: "t1", Duration: 300_000},
		}},
		Apps:   []*app.BroadcastApp{{ID: "1", Name: "Bench", Key: "bench", Secret: "secret", Enabled: true}},
		Tokens: []*app.Token{&remembered},
		System: app.System{Status: app.Healthy, Checks: app.Checks{DatabaseConnected: true, MemoryUsage: "normal"}},
	})
	const many = 1 << 30
	bell := alarm.NewBell(c.Now, nil, nil, alarm.New)
	go func() { _ = bell.Run(context.Background()) }()
	c.server, err = wsserver.New(wsserver.Config{
		Core: c, Bell: bell, SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(), Broadcastt: broadcastt.New(),
		TimerAPI: timerapi.New(timerapi.Config{Connections: many, Messages: many}), Signer: signer,
		Web: assets.Web(), I18n: assets.I18n(), Listen: []string{"127.0.0.1:0"}, Version: "bench",
		Limits: wsserver.Limits{Connections: 100_000, Backlog: 64 << 20},
	})
	if err != nil {
		return a, err
	}
	if err := c.server.Listen(); err != nil {
		return a, err
	}
	go func() {
		if err := c.server.Run(context.Background()); err != nil {
			panic(err)
		}
	}()
	a = audience{Address: strings.TrimPrefix(c.server.Addresses()[0], "http://"), Path: c.path, Hello: c.hello, Joined: c.joined}
	if _, _, err := net.SplitHostPort(a.Address); err != nil {
		return a, err
	}
	if c.token {
		a.Token = token
	}
	return a, nil
}

func (c *cuewire) here() int { return c.server.Load().Connections }

func (c *cuewire) send(stamp string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	snap := *c.hub.State()
	snap.Seq++
	c.hub.Publish(&snap, app.Event{Seq: snap.Seq, At: c.Now(), RoomID: "room-1", Body: c.event(stamp)})
}

// Do carries nothing out and says that it did: the crowd only listens.
func (c *cuewire) Do(context.Context, app.Command) (app.Result, error) {
	return app.Result{Durable: true, Snapshot: c.Snapshot()}, nil
}

// Tell takes everything: who comes and goes changes nothing here.
func (c *cuewire) Tell(context.Context, app.Command) error { return nil }

// Snapshot returns what is true now.
func (c *cuewire) Snapshot() *app.Snapshot { return c.hub.State() }

// Now returns the time of the computer.
func (c *cuewire) Now() app.Instant { return app.InstantOf(time.Now()) }

// Follow returns the snapshot and what happens after it.
func (c *cuewire) Follow(limit int) (*app.Snapshot, app.Stream) {
	snap, sub := c.hub.Follow(limit)
	return snap, stream{sub}
}

// Watch returns a stream that is always up to date.
func (c *cuewire) Watch() app.Stream { return stream{c.hub.Watch()} }

type stream struct {
	*hub.Subscription[app.Event, *app.Snapshot]
}

// Next is the hub's with the core's errors.
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
