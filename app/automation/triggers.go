package automation

import (
	"context"
	"errors"

	"cuewire/app"
)

// The most causes that are acted on in a stretch of time: somebody else's
// automation may answer each of our starts with another switch, for ever.
const (
	maxTriggered    = 20
	triggeredWithin = app.Millis(10_000)
)

var errLoop = errors.New("OBS started timers too often within ten seconds; look for automation that answers itself")

// cause is something in OBS that starts timers.
type cause struct {
	at    app.Instant
	scene string // that went on program; "" when streaming started
}

// starts reports whether the cause starts a timer.
func (c cause) starts(t *app.Timer) bool {
	if c.scene == "" {
		return t.TriggerStream
	}
	return t.TriggerScene == c.scene
}

// watcher finds causes among events. It belongs to one goroutine.
type watcher struct {
	streaming bool
	own       func(scene string) bool // reports, once, a switch that Cuewire made itself
	recent    []app.Instant           // when causes were acted on, at most maxTriggered
}

// cause returns what an event gives cause to. What was only found on connecting,
// after another scene collection was loaded, or by asking again is none: nobody
// knows when it happened. Nor is a switch that a cue made: cues that switch scenes
// and triggers that wait for scenes would go round for ever.
func (w *watcher) cause(event app.Event) (cause, bool) {
	switch e := event.Body.(type) {
	case app.OBSConnectionChanged:
		if !e.Connected {
			w.streaming = false
		}
	case app.OBSSceneChanged:
		live := !e.Found && e.PreviousScene != nil
		if live && !w.own(e.CurrentScene) {
			return cause{event.At, e.CurrentScene}, true
		}
	case app.OBSStreamChanged:
		was := w.streaming
		w.streaming = e.Active
		if e.Active && !was && !e.Found {
			return cause{event.At, ""}, true
		}
	}
	return cause{}, false
}

// may reports whether one more cause may be acted on at now, and counts it.
func (w *watcher) may(now app.Instant) bool {
	if len(w.recent) == maxTriggered {
		if now.Sub(w.recent[0]) < triggeredWithin {
			return false
		}
		w.recent = w.recent[1:]
	}
	w.recent = append(w.recent, now)
	return true
}

// trigger starts in every room the timer that waits for the cause.
func (d *Director) trigger(ctx context.Context, w *watcher, c cause) {
	var starts []app.StartTimer
	for _, room := range d.Core.Snapshot().Rooms {
		if t := triggered(room, c); t != nil {
			starts = append(starts, app.StartTimer{RoomID: room.Room.ID, TimerID: t.ID})
		}
	}
	if len(starts) == 0 {
		return
	}
	if !w.may(c.at) {
		d.fail(ctx, "TRIGGER_LOOP", "No timer was started", errLoop)
		return
	}
	for _, start := range starts {
		if _, err := d.Core.Do(ctx, start); err != nil {
			d.fail(ctx, "TRIGGER_FAILED", "A timer could not be started", err)
		}
	}
}

// triggered returns the timer of a room that a cause starts: of those that wait for
// it the first from the current one on, else the first of all; nil for none, and
// where that one is running already. A current timer that has begun counts as
// behind; skipped ones wait for nothing.
func triggered(room *app.RoomState, c cause) *app.Timer {
	current, position := room.Current()
	p := room.Playback
	if current != nil && (p.State != app.Stopped || p.Elapsed > 0) {
		position++
	}
	var first, next *app.Timer
	for i, t := range room.Timers {
		if t.Skip || !c.starts(t) {
			continue
		}
		if first == nil {
			first = t
		}
		if next == nil && i >= position {
			next = t
		}
	}
	if next == nil {
		next = first
	}
	if next == current && p.State == app.Running {
		return nil
	}
	return next
}
