package engine

import (
	"time"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/timing"
)

// hand gives a step to the store, to be answered and published when it is on
// disk; at once if there is nothing to write and nothing to wait for, or if the
// disk is known to fail.
func (e *Engine) hand(t *tx, reply chan outcome) {
	e.keep(t)
	if len(t.changes) > 0 {
		e.handed++
		e.counts.handed.Store(e.handed)
		e.commit.add(t.changes, e.handed)
		if t.damaged {
			e.anew = e.handed
		}
	}
	e.waiting = append(e.waiting, batch{
		number: e.handed, since: t.now, state: e.work, events: t.events,
		result: app.Result{RoomID: t.roomID, ID: t.id, IDs: t.ids, Each: t.problems}, reply: reply,
	})
	switch {
	case e.unsaved != "":
		e.release(len(e.waiting), false)
	case len(t.changes) == 0 && len(e.waiting) == 1:
		e.release(1, true)
	}
}

// committed hears how a commit went.
func (e *Engine) committed(r committed) {
	if r.err != nil {
		e.log.Error("changes cannot be saved", "error", r.err)
		e.writeAnew(r.err)
		e.trouble("Changes cannot be saved to the disk: "+r.err.Error(), r.err.Error())
		return
	}
	e.commit.saved = r.upto
	e.writtenAnew(r.upto)
	e.counts.saved.Store(r.upto)
	ready := 0
	for ready < len(e.waiting) && e.waiting[ready].number <= r.upto {
		ready++
	}
	e.release(ready, true)
	if e.unsaved != "" && r.upto == e.handed {
		e.unsaved = ""
		e.log.Info("all changes are saved again")
		e.publishNow()
	}
}

// trouble says once that the disk does not keep up, and lets go of everything
// that waits for it.
func (e *Engine) trouble(status, reason string) {
	first := e.unsaved == ""
	e.unsaved = status
	if first {
		e.publishNow(app.ErrorOccurred{
			Error: "Changes cannot be saved to the disk", ErrorCode: "STORE_FAILED",
			Details: app.ErrorDetails{Reason: reason, Retryable: true},
		})
	}
	e.release(len(e.waiting), false)
}

// clockTold is how far a clock must be set for anybody to be told: time services set
// less now and then.
const clockTold app.Millis = 2000

// tellClock tells that the computer's clock was set, which changed no timer.
func (e *Engine) tellClock(moved app.Millis) {
	if -clockTold < moved && moved < clockTold {
		return
	}
	which, by := "forward", moved
	if moved < 0 {
		which, by = "back", -moved
	}
	e.publishNow(app.ErrorOccurred{
		Error: "The computer's clock was set " + which + " by " + by.Duration().Round(time.Second).String(), ErrorCode: app.ClockSet,
		Details: app.ErrorDetails{Reason: "Running timers run on as they did; what is planned for a time of day goes by the new one"},
	})
}

// release publishes and answers the first n batches that wait.
func (e *Engine) release(n int, durable bool) {
	for _, b := range e.waiting[:n] {
		b.state.show(&e.live)
		e.publish(b.events)
		if b.reply != nil {
			b.result.Durable, b.result.Snapshot = durable, e.Snapshot()
			b.reply <- outcome{result: b.result}
		}
	}
	e.waiting = append(e.waiting[:0:0], e.waiting[n:]...)
}

// publishNow publishes what does not go through the store, and a change of
// status that it may mean.
func (e *Engine) publishNow(bodies ...app.EventBody) {
	now := e.line.now()
	events := make([]app.Event, 0, len(bodies)+1)
	for _, body := range bodies {
		events = append(events, app.Event{At: now, Body: body})
	}
	was := e.live.System
	e.live.System = e.system(&e.live)
	if e.live.System.Status != was.Status || e.live.System.Reason != was.Reason {
		events = append(events, app.Event{At: now, Body: app.StatusChanged{
			PreviousStatus: was.Status, CurrentStatus: e.live.System.Status, Reason: e.live.System.Reason, Checks: e.live.System.Checks,
		}})
	}
	e.publish(events)
}

// publish numbers events and hands them out with the snapshot after them.
func (e *Engine) publish(events []app.Event) {
	for i := range events {
		e.live.Seq++
		events[i].Seq = e.live.Seq
	}
	e.live.At = e.line.now()
	snap := e.live
	e.hub.Publish(&snap, events...)
}

// tick tells of the seconds that changed on screens, and of an answer that has
// waited for the disk too long.
func (e *Engine) tick(now app.Instant) {
	if len(e.waiting) > 0 && now >= e.waiting[0].since.Add(patience) {
		e.trouble("The disk is too slow: changes are not saved yet", "the disk did not answer within a second")
	}
	if !e.ticks(e.live.Clients) {
		clear(e.nextTick)
		return
	}
	var events []app.Event
	for _, r := range e.live.Rooms {
		id := r.Room.ID
		next, known := e.nextTick[id]
		if known && next.room == r && now < next.at {
			continue
		}
		at, running := timing.NextSecond(r, now)
		if known && running && now >= next.at {
			events = append(events, app.Event{At: now, RoomID: id, Body: app.PlaybackChanged{RoomID: id, Playback: r.Playback.At(now), Tick: true}})
		}
		if running {
			e.nextTick[id] = tickAt{at, r}
		} else {
			delete(e.nextTick, id)
		}
	}
	for id := range e.nextTick {
		if e.live.Room(id) == nil { // it was deleted with its timer running
			delete(e.nextTick, id)
		}
	}
	if len(events) > 0 {
		e.publish(events)
	}
}

// NextBeat returns the first moment after the one given at which a running timer ticks, of
// the first room where one does and if somebody gets its ticks, or else the full second:
// what is done each second then is done while the engine is awake anyway. It may be called
// from any goroutine.
func (e *Engine) NextBeat(after app.Instant) app.Instant {
	snap := e.Snapshot()
	if e.ticks(snap.Clients) {
		for _, r := range snap.Rooms {
			if at, running := timing.NextSecond(r, after); running {
				return at
			}
		}
	}
	return alarm.FullSecond(after)
}

// memoryHigh and memoryFine are the shares of the computer's memory in use, in
// per cent, at which the check turns and turns back.
const (
	memoryHigh = 95.0
	memoryFine = 90.0
)

// system says how Cuewire is doing, given what it said before.
func (e *Engine) system(s *app.Snapshot) app.System {
	checks := app.Checks{
		OBSConnected: s.OBS.Connected(), SourceManagerInitialized: true,
		DatabaseConnected: e.unsaved == "", MemoryUsage: "unknown",
	}
	if s.Sample != nil {
		if percent := s.Sample.Performance().System.MemoryPercent; percent != nil {
			checks.MemoryUsage = "normal"
			if *percent >= memoryHigh || (*percent >= memoryFine && s.System.Checks.MemoryUsage == "high") {
				checks.MemoryUsage = "high"
			}
		}
	}
	status, reason := app.Healthy, ""
	alertStatus, alertCheck, alertReason := alerted(s.Alerts)
	checks.Performance = alertCheck
	switch {
	case alertStatus == app.Unhealthy:
		reason = alertReason
	case e.unsaved != "":
		reason = e.unsaved
	case s.Safety.Recovered != nil:
		reason = s.Safety.Recovered.Sentence()
	case s.Safety.Problem != "":
		reason = "The last backup could not be made: " + s.Safety.Problem
	case s.OBS.Phase == app.OBSLost:
		reason = "The connection to OBS was lost"
	case checks.MemoryUsage == "high":
		reason = "High memory usage"
	default:
		reason = alertReason
	}
	if reason != "" {
		status = app.Degraded
	}
	if alertStatus == app.Unhealthy {
		status = app.Unhealthy
	}
	return app.System{Status: status, Reason: reason, Checks: checks}
}
