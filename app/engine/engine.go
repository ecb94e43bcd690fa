// Package engine is the single owner of Cuewire's state: a command comes in, the
// state steps, the change is committed to the store, and then, in order, it is
// answered and published. Everything else in Cuewire reads snapshots and events.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/hub"
	"cuewire/app/timing"
)

// patience is how long an answer waits for the disk before it is given without
// it, marked as not durable.
const patience = app.Millis(1000)

// Config says what an engine works with.
type Config struct {
	Store   app.Store
	Clock   app.Clock    // nil for the computer's
	Log     *slog.Logger // nil for none
	Example Example      // what a first start begins with

	// Ticks reports whether somebody wants a running timer's PlaybackChanged of every second,
	// given who is connected; nil stands for always. It must not block.
	Ticks func(clients []*app.Client) bool

	Alarm func() alarm.Alarm // makes what wakes it; nil for alarm.Plain
}

// Example is the room that a first start makes.
type Example struct {
	Room   string
	Timers []app.TimerFields
}

// Engine owns the state. It implements [app.Core].
type Engine struct {
	store  app.Store
	log    *slog.Logger
	ticks  func([]*app.Client) bool
	alarm  func() alarm.Alarm
	line   *timeline
	hub    *hub.Hub[app.Event, *app.Snapshot]
	inbox  chan request
	done   chan struct{} // closed when Run has ended
	commit *committer
	counts counts

	// What follows belongs to the goroutine of Run.
	work      working            // what is true once everything handed to the store is on disk
	ranks     map[string]int64   // of timers, messages and auxiliary timers
	histories map[string]history // of the rooms, by id
	library   libraryHistory
	order     changeOrder
	live      app.Snapshot        // what was published last
	waiting   []batch             // handed to the store, neither answered nor published yet
	handed    uint64              // number of the last batch handed to the store
	anew      uint64              // number of the batch that writes everything into a new file, 0 for none
	unsaved   string              // why changes are not reaching the disk, "" while they do
	nextTick  map[string]tickAt   // of rooms with a running timer, by id
	held      map[string]holdings // who is subscribed to what, by client
}

// working is the durable part of the state.
type working struct {
	rooms    []*app.RoomState
	settings app.Settings
	presets  []*app.Preset // by name
	sources  app.SourcesState

	alertRules []app.AlertRule // nil for the defaults
	apps       []*app.BroadcastApp

	quick  []*app.QuickTimer
	tokens []*app.Token
}

// show puts the durable part into a snapshot.
func (w working) show(snap *app.Snapshot) {
	snap.Rooms, snap.Settings, snap.Presets, snap.Sources = w.rooms, w.settings, w.presets, w.sources
	snap.Alerts.Rules = watched(w.alertRules)
	snap.Apps = w.apps
	snap.QuickTimers, snap.Tokens = w.quick, w.tokens
}

type tickAt struct {
	at   app.Instant
	room *app.RoomState // that it was computed for
}

type request struct {
	cmd   app.Command
	reply chan outcome // nil when nobody waits
}

type outcome struct {
	result app.Result
	err    error
}

// batch is one step that waits for the disk.
type batch struct {
	number uint64 // of the commit that it is part of
	since  app.Instant
	state  working
	events []app.Event // without Seq
	result app.Result
	reply  chan outcome
}

var _ app.Core = (*Engine)(nil)

// Open loads the state from the store, or makes the first room if there is none,
// and catches up with what happened while Cuewire was away. Nothing runs yet.
func Open(ctx context.Context, cfg Config) (*Engine, error) {
	if cfg.Clock == nil {
		cfg.Clock = SystemClock{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Ticks == nil {
		cfg.Ticks = func([]*app.Client) bool { return true }
	}
	if cfg.Alarm == nil {
		cfg.Alarm = alarm.Plain
	}
	saved, err := cfg.Store.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	e := &Engine{
		store: cfg.Store, log: cfg.Log, ticks: cfg.Ticks, alarm: cfg.Alarm, line: newTimeline(cfg.Clock),
		inbox: make(chan request, 64), done: make(chan struct{}),
		ranks: saved.Ranks, histories: make(map[string]history), nextTick: make(map[string]tickAt), held: make(map[string]holdings),
	}
	if e.ranks == nil {
		e.ranks = make(map[string]int64)
	}
	e.work = workingOf(saved)
	now := e.line.now()
	t := e.begin(now)
	t.recover()
	if len(saved.Rooms) == 0 {
		if err := t.makeExample(cfg.Example); err != nil {
			return nil, fmt.Errorf("make the first room: %w", err)
		}
	}
	if err := cfg.Store.Commit(ctx, t.changes); err != nil {
		return nil, fmt.Errorf("save: %w", err)
	}
	e.keep(t)
	e.live = app.Snapshot{At: now, OBS: app.OBSState{Phase: app.OBSOff}}
	e.work.show(&e.live)
	e.live.System = e.system(&e.live)
	first := e.live
	e.hub = hub.New[app.Event](&first)
	e.commit = newCommitter(cfg.Store)
	return e, nil
}

// Run carries out commands until ctx ends, then commits and answers what was
// taken, and ends all streams. It must be called once.
func (e *Engine) Run(ctx context.Context) error {
	defer close(e.done)
	stopCommitting := e.commit.start()
	wakeUp := e.alarm()
	defer wakeUp.Stop()
	for {
		now := e.catchUp()
		e.tick(now)
		if wake, ok := e.nextWake(); ok {
			wakeUp.Reset(e.line.until(wake))
		} else {
			wakeUp.Rest()
		}
		select {
		case req := <-e.inbox:
			e.handle(req)
		case r := <-e.commit.results:
			e.committed(r)
		case <-wakeUp.C():
		case <-ctx.Done():
			e.finish(stopCommitting)
			return nil
		}
	}
}

// finish waits for the disk, a little longer than any answer does, and lets
// everybody go.
func (e *Engine) finish(stopCommitting func()) {
	limit := time.NewTimer((patience + patience/2).Duration())
	defer limit.Stop()
	for e.commit.saved < e.handed {
		select {
		case r := <-e.commit.results:
			e.committed(r)
			if r.err == nil {
				continue
			}
		case <-limit.C:
		}
		e.log.Error("stopping with changes that are not on disk")
		break
	}
	e.release(len(e.waiting), e.unsaved == "" && e.commit.saved == e.handed)
	stopCommitting()
	e.hub.Close()
}

// Do implements [app.Core].
func (e *Engine) Do(ctx context.Context, cmd app.Command) (app.Result, error) {
	req := request{cmd, make(chan outcome, 1)}
	if err := e.send(ctx, req); err != nil {
		return app.Result{}, err
	}
	select {
	case out := <-req.reply:
		e.counts.answered(out.err)
		return out.result, out.err
	case <-ctx.Done():
		return app.Result{}, ctx.Err()
	case <-e.done:
		select {
		case out := <-req.reply:
			return out.result, out.err
		default:
			return app.Result{}, app.ErrClosed
		}
	}
}

// Tell implements [app.Core].
func (e *Engine) Tell(ctx context.Context, fact app.Command) error {
	e.counts.facts.Add(1)
	return e.send(ctx, request{cmd: fact})
}

func (e *Engine) send(ctx context.Context, req request) error {
	select {
	case <-e.done:
		return app.ErrClosed
	default:
	}
	select {
	case e.inbox <- req:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-e.done:
		return app.ErrClosed
	}
}

// Snapshot implements [app.Core].
func (e *Engine) Snapshot() *app.Snapshot { return e.hub.State() }

// Now implements [app.Core].
func (e *Engine) Now() app.Instant { return e.line.now() }

// Follow implements [app.Core].
func (e *Engine) Follow(limit int) (*app.Snapshot, app.Stream) {
	snap, sub := e.hub.Follow(limit)
	return snap, stream{sub}
}

// Watch implements [app.Core].
func (e *Engine) Watch() app.Stream { return stream{e.hub.Watch()} }

type stream struct {
	sub *hub.Subscription[app.Event, *app.Snapshot]
}

// Next implements [app.Stream].
func (s stream) Next(ctx context.Context) (app.Update, error) {
	events, snap, err := s.sub.Next(ctx)
	switch {
	case err == nil:
		return app.Update{Events: events, Snapshot: snap}, nil
	case errors.Is(err, hub.ErrBehind):
		return app.Update{}, app.ErrBehind
	case errors.Is(err, hub.ErrClosed):
		return app.Update{}, app.ErrClosed
	}
	return app.Update{}, err
}

// Close implements [app.Stream].
func (s stream) Close() { s.sub.Close() }

// handle carries one command out. A panic in it is a fault of ours: it is told to
// the caller, the state stays as it was, and the show goes on.
func (e *Engine) handle(req request) {
	defer func() {
		if fault := recover(); fault != nil {
			e.log.Error("a command failed badly", "command", fmt.Sprintf("%T", req.cmd), "fault", fault, "stack", string(debug.Stack()))
			req.answer(outcome{err: &app.Error{
				Code: app.CodeInternal, Key: "error.internal", Message: "Cuewire could not do that because of a fault of its own.",
			}})
		}
	}()
	switch cmd := req.cmd.(type) {
	case app.OBSFact:
		obs, events := cmd.Apply(e.live.OBS)
		e.live.OBS = obs
		e.publishNow(events...)
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.ClientFact:
		clients, event := cmd.Apply(e.live.Clients)
		e.live.Clients = clients
		var events []app.EventBody
		if cmd.Gone {
			events = e.leaveAll(cmd.Client.ID)
		}
		if event != nil {
			events = append(events, event)
		}
		if len(events) > 0 {
			e.publishNow(events...)
		} else {
			e.publish(nil)
		}
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.SetMaintenance:
		if err := checkText("message", cmd.Maintenance.Message); err != nil {
			req.answer(outcome{err: err})
			return
		}
		if d := cmd.Maintenance.EstimatedDuration; d != nil && *d < 0 {
			req.answer(outcome{err: invalid("estimatedDuration", "error.fieldPosition", "{field} must not be negative.")})
			return
		}
		e.live.Maintenance = cmd.Maintenance
		e.publishNow(app.MaintenanceChanged{Maintenance: cmd.Maintenance})
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.AlertFact:
		alerts, events := cmd.Apply(e.live.Alerts)
		e.live.Alerts = alerts
		e.publishNow(events...)
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.SafetyFact:
		safety, events := cmd.Apply(e.live.Safety)
		e.live.Safety = safety
		e.publishNow(events...)
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.JoinChannel, app.LeaveChannel, app.Publish:
		events, err := e.onChannels(cmd)
		if err != nil {
			req.answer(outcome{err: err})
			return
		}
		e.tellChannels(events)
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.RecordSample:
		e.live.Sample = &cmd.Sample
		e.publishNow(app.PerformanceUpdated{Performance: cmd.Sample.Performance()})
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot()}})
	case app.PlaySound:
		e.publish([]app.Event{{At: e.line.now(), RoomID: cmd.RoomID, Body: app.SoundPlayed(cmd)}})
		req.answer(outcome{result: app.Result{Durable: true, Snapshot: e.Snapshot(), RoomID: cmd.RoomID}})
	default:
		t := e.begin(e.catchUp())
		if err := t.apply(req.cmd); err != nil {
			req.answer(outcome{err: err})
			return
		}
		e.hand(t, req.reply)
	}
}

func (r request) answer(out outcome) {
	if r.reply != nil {
		r.reply <- out // it has room for the one answer
	}
}

// catchUp brings the state to now: it follows the clock if that was set, and
// carries out what was due.
func (e *Engine) catchUp() app.Instant {
	now, moved := e.line.follow()
	t := e.begin(now)
	if moved != 0 {
		e.log.Warn("the computer's clock was set", "by", moved.Duration())
		e.tellClock(moved)
		t.shift(moved)
		clear(e.nextTick)
	}
	t.advance()
	if len(t.changes) > 0 {
		e.hand(t, nil)
	}
	return now
}

// nextWake returns the next instant at which something happens by itself.
func (e *Engine) nextWake() (wake app.Instant, ok bool) {
	consider := func(i app.Instant) {
		if !ok || i < wake {
			wake, ok = i, true
		}
	}
	for _, r := range e.work.rooms {
		if due, will := timing.Due(r); will {
			consider(due)
		}
	}
	for _, next := range e.nextTick {
		consider(next.at)
	}
	if len(e.waiting) > 0 {
		consider(e.waiting[0].since.Add(patience))
	}
	return wake, ok
}
