package engine

import (
	"fmt"
	"slices"

	"cuewire/app"
)

const (
	second = app.Millis(1000)
	minute = 60 * second
	day    = 24 * 60 * minute
)

// ledger keeps a room's time as an accountant would, by other means than
// app/timing: it knows no instant at which anything began, it only moves
// milliseconds from the time that passes to the time that has run.
type ledger struct {
	now      app.Instant
	state    app.PlayState
	id       string     // of the current timer, "" for none
	given    app.Millis // to this run
	ran      app.Millis // by this run
	gathered app.Millis // what had run when it last began to
	roll     bool
}

func (l *ledger) String() string {
	return fmt.Sprintf("%s on %.4s, ran %d of %d, roll %t", l.state, l.id, l.ran, l.given, l.roll)
}

// until returns how long it takes from an instant to a time of day, in UTC.
func until(c app.ClockTime, from app.Instant) app.Millis {
	var h, m, s app.Millis
	if _, err := fmt.Sscanf(string(c), "%d:%d:%d", &h, &m, &s); err != nil {
		panic(err)
	}
	return (((h*60+m)*60+s)*second - app.Millis(from)%day + day) % day
}

// after returns the timer after the current one, of those that are not skipped.
func (l *ledger) after(r *app.RoomState) *app.Timer {
	_, at := r.Timer(l.id)
	for _, t := range r.Timers[at+1:] {
		if !t.Skip {
			return t
		}
	}
	return nil
}

func (l *ledger) before(r *app.RoomState) *app.Timer {
	_, at := r.Timer(l.id)
	for _, t := range slices.Backward(r.Timers[:at]) {
		if !t.Skip {
			return t
		}
	}
	return nil
}

// begin goes to a timer's beginning.
func (l *ledger) begin(t *app.Timer, state app.PlayState) {
	l.state, l.id, l.given, l.ran, l.gathered = state, t.ID, t.Duration, 0, 0
	if state == app.Running {
		l.aim(t)
	}
}

// aim gives the run what it needs to end at its timer's time of day, if it has one.
func (l *ledger) aim(t *app.Timer) {
	const late = 120 * minute
	if t.FinishAt != "" {
		l.given = max(0, l.ran-late+until(t.FinishAt, l.now.Add(-late)))
	}
}

func (l *ledger) ends(r *app.RoomState) bool {
	t, _ := r.Timer(l.id)
	return t.Overtime == app.OvertimeStop || t.AutoAdvance && l.after(r) != nil
}

// pass lets time pass, from one event to the next.
func (l *ledger) pass(r *app.RoomState, wait app.Millis) {
	if l.roll {
		l.now = l.now.Add(wait)
		l.follow(r)
		return
	}
	for l.state == app.Running && l.ends(r) && l.given-l.ran <= wait {
		left := max(0, l.given-l.ran) // what is told to end in overtime ends at once
		l.now, l.ran, wait = l.now.Add(left), l.ran+left, wait-left
		t, _ := r.Timer(l.id)
		if next := l.after(r); t.AutoAdvance && next != nil {
			l.begin(next, app.Running)
			continue
		}
		l.state, l.ran = app.Paused, max(l.given, l.gathered)
	}
	if l.state == app.Running {
		l.ran += wait
	}
	l.now = l.now.Add(wait)
}

// give gives the run another time; a run that ends by itself ends now at the earliest.
func (l *ledger) give(r *app.RoomState, given app.Millis) {
	if l.state == app.Running && l.ends(r) {
		given = max(given, min(l.given, l.ran))
	}
	l.given = max(0, given)
}

// follow lets the clock choose: it walks through the day's plan.
func (l *ledger) follow(r *app.RoomState) {
	var plan []*app.Timer
	for _, t := range r.Timers {
		if !t.Skip {
			plan = append(plan, t)
		}
	}
	if len(plan) == 0 || plan[0].StartAt == "" {
		l.roll = false
		return
	}
	length := func(t *app.Timer, start app.Instant) app.Millis {
		if t.FinishAt != "" {
			return until(t.FinishAt, start)
		}
		return t.Duration
	}
	wait := until(plan[0].StartAt, l.now)
	start := l.now.Add(wait)
	if wait > 0 {
		start = start.Add(-day)
	}
	var on *app.Timer
	var ran, given app.Millis
	for i, t := range plan {
		if t.StartAt != "" && i > 0 && !t.LinkedStart {
			start = start.Add(until(t.StartAt, start.Add(-day/2)) - day/2)
		}
		if start > l.now {
			if on == nil || ran >= given {
				l.begin(t, app.Stopped)
				l.given = length(t, start)
				return
			}
			break
		}
		on, ran, given = t, l.now.Sub(start), length(t, start)
		start = start.Add(given)
	}
	if ran >= given { // the show is over until another day
		l.begin(plan[0], app.Stopped)
		l.given = length(plan[0], l.now.Add(until(plan[0].StartAt, l.now+1)+1))
		return
	}
	l.begin(on, app.Running)
	l.ran, l.given = ran, given
}

// press is what a press of the controls does. It reports whether it is refused.
func (l *ledger) press(r *app.RoomState, c app.Control) (refused bool) {
	t, _ := r.Timer(l.id)
	state := app.Stopped
	if l.state == app.Running {
		state = app.Running
	}
	switch c.Action {
	case app.Blackout:
		return false
	case app.StopRoll:
		l.roll = false
		return false
	case app.Roll:
		l.roll = true
		l.follow(r)
		return !l.roll
	case app.GoTo:
		if t, _ = r.Timer(c.ID); t == nil {
			return true
		}
		l.begin(t, state)
	default:
		if t == nil {
			return true
		}
	}
	switch c.Action {
	case app.Play:
		if l.state != app.Running {
			if t.Overtime == app.OvertimeStop && l.ran >= l.given {
				return true
			}
			l.state, l.gathered = app.Running, l.ran
			l.aim(t)
		}
	case app.Pause:
		if l.state == app.Running {
			l.state = app.Paused
		}
	case app.Stop:
		l.begin(t, app.Stopped)
	case app.Reset:
		l.begin(t, l.state)
	case app.Next, app.Previous:
		to := l.after(r)
		if c.Action == app.Previous {
			to = l.before(r)
		}
		if to == nil {
			return true
		}
		l.begin(to, state)
	case app.AddTime:
		l.give(r, l.given+*c.Value)
	case app.SetTime:
		if *c.Value < 0 {
			return true
		}
		l.give(r, l.ran+*c.Value)
	}
	l.roll = false
	return false
}

// edited is what a change of the rundown from was to is does.
func (l *ledger) edited(was, is *app.RoomState) {
	before, position := was.Timer(l.id)
	now, _ := is.Timer(l.id)
	switch {
	case now != nil:
		if now.Duration != before.Duration {
			l.give(is, l.given+now.Duration-before.Duration)
		}
	case len(is.Timers) == 0:
		l.state, l.id, l.given, l.ran, l.gathered = app.Stopped, "", 0, 0, 0
	default:
		l.begin(is.Timers[max(0, min(position, len(is.Timers)-1))], app.Stopped)
	}
	if l.roll {
		l.follow(is)
	}
	l.pass(is, 0)
}
