// Package timing is the stage timers' arithmetic: state, command and time in,
// state out. It is pure; nothing in it reads a clock or keeps anything.
//
// Time left is what a run was given (Playback.Duration) less what it has run
// (ElapsedAt). Nothing is ever counted down: a change notes the instant it
// happened at, so that no order of commands gains or loses time.
package timing

import (
	"time"

	"cuewire/app"
)

// The refusals.
var (
	errNoTimer    = app.NewError(app.CodeConflict, "error.noTimer", "The rundown is empty. Add a timer first.", nil)
	errNoNext     = app.NewError(app.CodeConflict, "error.noNext", "This is the last timer of the rundown.", nil)
	errNoPrevious = app.NewError(app.CodeConflict, "error.noPrevious", "This is the first timer of the rundown.", nil)
	errRanOut     = app.NewError(app.CodeConflict, "error.ranOut", "The timer has run out. Reset it, or add time.", nil)
	errNoMessage  = app.NewError(app.CodeNotFound, "error.messageNotFound", "There is no message with this id.", nil)
	errTimer      = app.NewError(app.CodeNotFound, "error.timerNotFound", "There is no timer with this id.", nil)
	errValue      = app.NewError(app.CodeInvalid, "error.valueMissing", "This action needs a value in milliseconds.", nil)
	errNegative   = app.NewError(app.CodeInvalid, "error.valueNegative", "The time left cannot be set below zero.", nil)
	errTooLong    = app.NewError(app.CodeInvalid, "error.durationTooLong", "That is longer than a timer can be (366 days).", nil)
	errAction     = app.NewError(app.CodeInvalid, "error.actionUnknown", "There is no such action.", nil)
)

// Apply carries one press of the controls out at now. It returns the playback
// after it, or an *app.Error and the playback as it was.
//
// What was due before now (see Advance) must have been carried out already.
func Apply(r *app.RoomState, c app.Control, now app.Instant) (app.Playback, error) {
	p := r.Playback
	switch c.Action {
	case app.Blackout, app.StopBlackout:
		p.Blackout = c.Action == app.Blackout
		return p, nil
	case app.Flash, app.StopFlash:
		p.Flash = c.Action == app.Flash
		return p, nil
	case app.Focus, app.StopFocus:
		p.Focus = c.Action == app.Focus
		return p, nil
	case app.OnAir, app.StopOnAir:
		p.OnAir = c.Action == app.OnAir
		return p, nil
	case app.ShowMessage:
		if r.Message(c.ID) == nil {
			return p, errNoMessage
		}
		p.MessageID = c.ID
		return p, nil
	case app.HideMessage:
		p.MessageID = ""
		return p, nil
	}
	switch c.Action {
	case app.Roll:
		return roll(r, now)
	case app.StopRoll:
		return stopRolling(p, now), nil
	}
	p, err := transport(r, c, now)
	if err != nil {
		return r.Playback, err
	}
	return p, nil
}

func transport(r *app.RoomState, c app.Control, now app.Instant) (app.Playback, error) {
	p := stopRolling(r.Playback, now) // a hand on the controls takes over from the clock
	current, position := r.Current()
	switch c.Action {
	case app.Play, app.Pause, app.Stop, app.Reset, app.Next, app.Previous, app.AddTime, app.SetTime:
		if current == nil {
			return p, errNoTimer
		}
	}
	switch c.Action {
	case app.Play:
		if p.State == app.Running {
			return p, nil
		}
		if current.Overtime == app.OvertimeStop && p.Elapsed >= p.Duration {
			return p, errRanOut
		}
		p = launch(r, p, current, position, now)
	case app.Pause:
		if p.State == app.Running {
			p.State, p.Elapsed, p.StartedAt = app.Paused, p.ElapsedAt(now), 0
		}
	case app.Stop:
		return begin(r, p, current, app.Stopped, now), nil
	case app.Reset:
		return begin(r, p, current, p.State, now), nil
	case app.Next:
		next := beside(r, position, 1)
		if next == nil {
			return p, errNoNext
		}
		return choose(r, p, next, now), nil
	case app.Previous:
		previous := beside(r, position, -1)
		if previous == nil {
			return p, errNoPrevious
		}
		return choose(r, p, previous, now), nil
	case app.GoTo:
		t, _ := r.Timer(c.ID)
		if t == nil {
			return p, errTimer
		}
		return choose(r, p, t, now), nil
	case app.AddTime:
		if c.Value == nil {
			return p, errValue
		}
		if *c.Value > app.MaxDuration-p.Duration {
			return p, errTooLong
		}
		p = give(r, p, p.Duration+max(*c.Value, -p.Duration), now)
	case app.SetTime:
		switch {
		case c.Value == nil:
			return p, errValue
		case *c.Value < 0:
			return p, errNegative
		case *c.Value > app.MaxDuration-p.ElapsedAt(now):
			return p, errTooLong
		}
		p = give(r, p, p.ElapsedAt(now)+*c.Value, now)
	default:
		return p, errAction
	}
	return p, nil
}

// beside returns the nearest timer after (step 1) or before (step -1) position
// that is not skipped, nil when there is none.
func beside(r *app.RoomState, position, step int) *app.Timer {
	for i := position + step; 0 <= i && i < len(r.Timers); i += step {
		if !r.Timers[i].Skip {
			return r.Timers[i]
		}
	}
	return nil
}

// choose puts playback on a timer's beginning: running if something ran, else stopped.
func choose(r *app.RoomState, p app.Playback, t *app.Timer, now app.Instant) app.Playback {
	state := app.Stopped
	if p.State == app.Running {
		state = app.Running
	}
	return begin(r, p, t, state, now)
}

// begin puts playback on a timer's beginning with its planned duration.
func begin(r *app.RoomState, p app.Playback, t *app.Timer, state app.PlayState, now app.Instant) app.Playback {
	p.State, p.CurrentTimerID, p.Duration, p.Elapsed, p.StartedAt, p.PastZero = state, t.ID, t.Duration, 0, 0, false
	if state == app.Running {
		p.StartedAt = now
		p.Duration = aim(p, t, Zone(r.Room), now)
	}
	return p
}

// launch lets the current timer run. The first timer begins the show; a show that
// begins in the middle began as long ago as the plan needs to get there.
func launch(r *app.RoomState, p app.Playback, t *app.Timer, position int, now app.Instant) app.Playback {
	switch {
	case p.State != app.Stopped:
	case beside(r, position, -1) == nil:
		p.ShowStart = now
	case p.ShowStart == 0:
		p.ShowStart = now
		for _, before := range r.Timers[:position] {
			if !before.Skip {
				p.ShowStart = p.ShowStart.Add(-before.Duration)
			}
		}
	}
	p.State, p.StartedAt = app.Running, now
	p.Duration = aim(p, t, Zone(r.Room), now)
	return p
}

// late is how long after a time of day a timer that finishes at it still counts as
// late, and not as a day early.
const late = 2 * 60 * 60 * 1000

// aim returns the duration that a run needs at now to end at its timer's time of
// day: the one of the last two hours, or the next. Without one it stays as it is.
func aim(p app.Playback, t *app.Timer, zone *time.Location, now app.Instant) app.Millis {
	if t.FinishAt == "" {
		return p.Duration
	}
	finish := app.InstantOf(t.FinishAt.After(now.Add(-late).Time().In(zone)))
	return max(0, p.ElapsedAt(now)+finish.Sub(now))
}

// Settle returns the playback that fits a rundown that has just changed: a
// current timer that is gone gives way, stopped, to the one that took its place
// (position is where it was), or the last one; an empty rundown has none; a
// rundown that had none begins with its first.
func Settle(r *app.RoomState, position int) app.Playback {
	p := r.Playback
	if current, _ := r.Current(); current != nil {
		return p
	}
	if len(r.Timers) == 0 {
		p.State, p.CurrentTimerID, p.Duration, p.Elapsed, p.StartedAt, p.PastZero = app.Stopped, "", 0, 0, 0, false
		return p
	}
	return begin(r, p, r.Timers[max(0, min(position, len(r.Timers)-1))], app.Stopped, 0)
}

// Replan returns the playback after the planned duration of the current timer
// was changed from was to is at now: the run's own moves by as much, never below 0.
func Replan(r *app.RoomState, was, is app.Millis, now app.Instant) app.Playback {
	return give(r, r.Playback, min(r.Playback.Duration+is-was, app.MaxDuration), now)
}

// give makes d the duration of the run at now, but never less than 0. A run that
// ends by itself and has its time taken away ends now, not in the past: what
// follows it would begin in the past too.
func give(r *app.RoomState, p app.Playback, d app.Millis, now app.Instant) app.Playback {
	elapsed := p.ElapsedAt(now)
	if t, position := r.Current(); t != nil && p.State == app.Running && ends(r, t, position) {
		d = max(d, min(p.Duration, elapsed))
	}
	p.Duration = max(0, d)
	p.PastZero = p.PastZero && elapsed >= p.Duration
	return p
}

// Shift returns the playback after the time line was moved by d, so that what
// has run stays what it was.
func Shift(p app.Playback, d app.Millis) app.Playback {
	if p.State == app.Running {
		p.StartedAt = p.StartedAt.Add(d)
	}
	if p.ShowStart != 0 {
		p.ShowStart = p.ShowStart.Add(d)
	}
	return p
}

// Start starts the timer with the id from its beginning, whatever ran before; one
// that is running already runs on. It returns an *app.Error for an unknown id.
func Start(r *app.RoomState, id string, now app.Instant) (app.Playback, error) {
	t, position := r.Timer(id)
	switch {
	case t == nil:
		return r.Playback, errTimer
	case r.Playback.State == app.Running && r.Playback.CurrentTimerID == id:
		return r.Playback, nil
	}
	p := stopRolling(r.Playback, now)
	return launch(r, begin(r, p, t, app.Stopped, now), t, position, now), nil
}

// Due returns when something will happen to playback by itself, and false if
// nothing will: a running timer's time is up.
func Due(r *app.RoomState) (app.Instant, bool) {
	p := r.Playback
	if p.Roll {
		return p.RollAt, true
	}
	t, position := r.Current()
	if t == nil || p.State != app.Running || (p.PastZero && !ends(r, t, position)) {
		return 0, false
	}
	return p.StartedAt.Add(p.Duration - p.Elapsed), true
}

// ends reports whether a timer does not run past zero.
func ends(r *app.RoomState, t *app.Timer, position int) bool {
	return t.Overtime == app.OvertimeStop || (t.AutoAdvance && beside(r, position, 1) != nil)
}

// Advance carries out what is due at now, if anything: the time of the current
// timer is up, so the next one begins at the very instant at which it ended, or
// playback stands at zero, paused, or it runs into overtime. changed is false when
// nothing is due. Call it until then.
func Advance(r *app.RoomState, now app.Instant) (p app.Playback, changed bool) {
	p = r.Playback
	due, ok := Due(r)
	if !ok || due > now {
		return p, false
	}
	if p.Roll {
		return FollowClock(r, now), true
	}
	if p.PastZero {
		due = now // it was told to end after its time was up
	}
	due = max(due, p.StartedAt) // what was played with no time left ended as it began
	t, position := r.Current()
	if next := beside(r, position, 1); t.AutoAdvance && next != nil {
		return begin(r, p, next, app.Running, due), true
	}
	p.PastZero = true
	if t.Overtime == app.OvertimeStop {
		p.State, p.Elapsed, p.StartedAt = app.Paused, max(p.Elapsed, p.Duration), 0
	}
	return p, true
}

// NextSecond returns the first instant after now at which a screen that shows
// the room's current timer shows another second, and false while nothing runs.
// Countdown, overtime and count-up change where the milliseconds left, or run,
// are a whole second; the time of day on the clock's own.
func NextSecond(r *app.RoomState, now app.Instant) (app.Instant, bool) {
	p := r.Playback
	t, _ := r.Current()
	if t == nil || p.State != app.Running {
		return 0, false
	}
	var phase app.Millis // shown seconds change at instants ≡ phase (mod 1000)
	switch t.Appearance {
	case app.TimeOfDay:
		phase = 0
	case app.CountUp:
		phase = app.Millis(p.StartedAt) - p.Elapsed
	default:
		phase = app.Millis(p.StartedAt) + p.Duration - p.Elapsed
	}
	wait := (phase - app.Millis(now)) % 1000
	if wait <= 0 {
		wait += 1000
	}
	return now.Add(wait), true
}
