package timing

import (
	"time"

	"cuewire/app"
)

var errNoStart = app.NewError(app.CodeConflict, "error.rollNeedsStart",
	"To follow the clock, the first timer needs a planned start. Give it one.", nil)

// FollowClock returns the playback that a room which rolls has at now: the timer
// whose planned time it is runs, from its planned start to its planned end. Where
// the plan has a gap, the next timer waits, stopped; after the last one the first
// waits for its next day. RollAt is when that changes. A rundown that cannot be
// followed (any more) ends the roll and leaves everything else as it was.
//
// The plan is laid from the first timer's start, the last one that now has passed;
// of two timers whose planned times overlap, the later one has begun. So has the
// first one of another day, though the last day's plan is not over.
func FollowClock(r *app.RoomState, now app.Instant) app.Playback {
	p := r.Playback
	first := beside(r, -1, 1)
	if first == nil || first.StartAt == "" {
		p.Roll, p.RollAt = false, 0
		return p
	}
	zone := Zone(r.Room)
	begin, next := around(first.StartAt, now, zone)
	var on, waits *app.Timer
	var slot, then Slot
	if begin != 0 {
		planned := begin
		for _, t := range r.Timers {
			if t.Skip {
				continue
			}
			start := planned
			if t.StartAt != "" && t != first && !t.LinkedStart {
				start = nearest(t.StartAt, planned, zone)
			}
			planned = end(t, start, zone)
			if start > now {
				waits, then = t, Slot{PlannedStart: start, PlannedEnd: planned}
				break
			}
			on, slot = t, Slot{PlannedStart: start, PlannedEnd: planned}
		}
	}
	if waits == nil {
		waits, then = first, Slot{PlannedStart: next, PlannedEnd: end(first, next, zone)}
	}
	if on != nil && now < slot.PlannedEnd {
		p.ShowStart = begin
		p.RollAt = min(slot.PlannedEnd, then.PlannedStart, next)
		return rolled(p, on, app.Running, slot)
	}
	if waits == first {
		begin = next
	}
	p.ShowStart, p.RollAt = begin, min(then.PlannedStart, next)
	return rolled(p, waits, app.Stopped, then)
}

// rolled puts playback on a timer as its planned time has it.
func rolled(p app.Playback, t *app.Timer, state app.PlayState, slot Slot) app.Playback {
	p.State, p.CurrentTimerID, p.Duration, p.Elapsed, p.StartedAt, p.PastZero = state, t.ID, slot.PlannedEnd.Sub(slot.PlannedStart), 0, 0, false
	if state == app.Running {
		p.StartedAt = slot.PlannedStart
	}
	return p
}

// around returns the last moment at or before now with that time of day, and the
// first after it.
func around(c app.ClockTime, now app.Instant, zone *time.Location) (last, next app.Instant) {
	at := func(i app.Instant) app.Instant { return app.InstantOf(c.After(i.Time().In(zone))) }
	for next = at(now.Add(-3 * 24 * 60 * 60 * 1000)); next <= now; next = at(next + 1) {
		last = next
	}
	return last, next
}

// roll switches following the clock on.
func roll(r *app.RoomState, now app.Instant) (app.Playback, error) {
	first := beside(r, -1, 1)
	switch {
	case first == nil:
		return r.Playback, errNoTimer
	case first.StartAt == "":
		return r.Playback, errNoStart
	}
	rolling := *r
	rolling.Playback.Roll = true
	return FollowClock(&rolling, now), nil
}

// stopRolling goes on by hand with what is. A show that is only waited for has not begun.
func stopRolling(p app.Playback, now app.Instant) app.Playback {
	if p.Roll && p.ShowStart > now {
		p.ShowStart = 0
	}
	p.Roll, p.RollAt = false, 0
	return p
}
