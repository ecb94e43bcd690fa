package timing

import (
	"sync"
	"time"

	"cuewire/app"
)

// Schedule is a rundown's plan beside what is to be expected of it at one instant.
type Schedule struct {
	Items []Slot // one for each timer, in rundown order
	// Over is how much later than planned the current timer will end, as things
	// stand; negative when earlier. It is 0 while the show has not begun.
	Over app.Millis
	// PlannedEnd and ExpectedEnd are those of the last timer, 0 in an empty rundown.
	PlannedEnd, ExpectedEnd app.Instant
}

// Slot is one timer's place in a schedule. Skipped timers have none of it, timers
// that playback has passed expect nothing; what is missing is 0.
type Slot struct {
	PlannedStart, PlannedEnd   app.Instant
	ExpectedStart, ExpectedEnd app.Instant
}

// Plan lays the room's rundown out at now.
//
// A timer is planned to start when the one before is planned to end, or at its
// own time of day, on the day that is nearest to that; it is planned to last its
// duration, or until the time of day it finishes at. The first starts when the show
// began, or now if it has not. What is expected goes on from the current timer's
// time left; a later timer with a time of day of its own waits for it.
func Plan(r *app.RoomState, now app.Instant) Schedule {
	s := Schedule{Items: make([]Slot, len(r.Timers))}
	zone := Zone(r.Room)
	current, position := r.Current()
	begun := r.Playback.ShowStart != 0
	planned := now
	if begun {
		planned = r.Playback.ShowStart
	}
	var expected app.Instant
	first := true
	for i, t := range r.Timers {
		if t.Skip && t != current {
			continue
		}
		slot := &s.Items[i]
		fixed := t.StartAt != "" && (first || !t.LinkedStart)
		if fixed {
			planned = nearest(t.StartAt, planned, zone)
		}
		slot.PlannedStart = planned
		slot.PlannedEnd = end(t, planned, zone)
		planned = slot.PlannedEnd
		first = false

		switch {
		case current == nil || i < position:
			continue
		case i == position:
			slot.ExpectedStart, slot.ExpectedEnd = currently(r.Playback, t, slot, begun, now, zone)
			if begun {
				s.Over = slot.ExpectedEnd.Sub(slot.PlannedEnd)
			}
		default:
			if fixed {
				expected = max(expected, slot.PlannedStart)
			}
			slot.ExpectedStart, slot.ExpectedEnd = expected, end(t, expected, zone)
		}
		expected = slot.ExpectedEnd
		s.PlannedEnd, s.ExpectedEnd = slot.PlannedEnd, slot.ExpectedEnd
	}
	return s
}

// currently returns when the current timer began and will end, as things stand: a
// stopped one would begin now, or at its time, or when the clock says; one in overtime ends now.
func currently(p app.Playback, t *app.Timer, slot *Slot, begun bool, now app.Instant, zone *time.Location) (start, finish app.Instant) {
	if p.State == app.Stopped {
		start = now
		switch {
		case p.Roll:
			start = max(now, p.RollAt)
		case !begun && t.StartAt != "":
			start = max(now, slot.PlannedStart)
		}
		if t.FinishAt != "" {
			return start, end(t, start, zone)
		}
		return start, start.Add(p.Duration)
	}
	elapsed, duration := p.ElapsedAt(now), p.Duration
	if p.State == app.Paused {
		duration = aim(p, t, zone, now)
	}
	return now.Add(-elapsed), now.Add(max(0, duration-elapsed))
}

// end returns when a timer that starts at start ends by its plan.
func end(t *app.Timer, start app.Instant, zone *time.Location) app.Instant {
	if t.FinishAt == "" {
		return start.Add(t.Duration)
	}
	return app.InstantOf(t.FinishAt.After(start.Time().In(zone)))
}

// nearest returns the moment with that time of day that is nearest to at.
func nearest(c app.ClockTime, at app.Instant, zone *time.Location) app.Instant {
	return app.InstantOf(c.After(at.Time().In(zone).Add(-12 * time.Hour)))
}

var zones sync.Map // of *time.Location by name: loading one reads files

// Zone returns the room's time zone, the computer's own where it names none.
func Zone(room *app.Room) *time.Location {
	if room.TimeZone == "" {
		return time.Local
	}
	if zone, ok := zones.Load(room.TimeZone); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(room.TimeZone)
	if err != nil {
		zone = time.Local // the engine takes no name that it cannot load
	}
	zones.Store(room.TimeZone, zone)
	return zone
}
