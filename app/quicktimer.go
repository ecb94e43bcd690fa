package app

import (
	"slices"
	"time"
)

// QuickStatus is how far a quick timer has come. The values are the Timer API's.
type QuickStatus string

// The statuses of a quick timer.
const (
	QuickNotStarted QuickStatus = "NOT_STARTED" // no timer of ours stays so: making one starts it
	QuickRunning    QuickStatus = "RUNNING"
	QuickPaused     QuickStatus = "PAUSED"
	QuickCompleted  QuickStatus = "COMPLETED"
	QuickCancelled  QuickStatus = "CANCELLED" // it was deleted
)

// Active reports whether the timer counts or may count again.
func (s QuickStatus) Active() bool { return s == QuickRunning || s == QuickPaused }

// LocalOwner owns the quick timers that the window and programs on this computer make.
const LocalOwner = "local"

// QuickTimer is a timer of one person's, apart from every room: the Timer API's
// timer. It begins when it is made and runs on, past its time, until it is stopped.
type QuickTimer struct {
	ID          string
	Owner       string // the subject of the token that it was made with, or LocalOwner
	ScheduleID  *string
	TodoID      *string
	Title       *string
	Description *string
	Allocated   Millis // whole seconds
	Status      QuickStatus
	Elapsed     Millis  // gathered before Since
	Since       Instant // when it last began to run; 0 unless QuickRunning
	StartedAt   Instant
	PausedAt    Instant // of the pause it is in, 0 for none
	EndedAt     Instant // 0 while it is active
	History     []QuickPress
	CreatedAt   Instant
	UpdatedAt   Instant
}

// QuickAction is one thing that was done to a quick timer.
type QuickAction string

// The actions, as a timer's history has them.
const (
	QuickStart  QuickAction = "start"
	QuickPause  QuickAction = "pause"
	QuickResume QuickAction = "resume"
	QuickStop   QuickAction = "stop"
	QuickCancel QuickAction = "cancel"
)

// QuickPress is an entry of a quick timer's history.
type QuickPress struct {
	Action  QuickAction `json:"action"`
	At      Instant     `json:"at"`
	Elapsed *Millis     `json:"elapsed_ms"` // what had been counted by then; nil at the start
}

// The limits of quick timers.
const (
	MaxQuickActive  = 1000 // of one owner; past them making one is refused
	MaxQuickEnded   = 200  // of one owner; the oldest that have ended give way
	MaxQuickPresses = 200  // in a history; past them those in the middle give way
	MaxQuickSeconds = 31_536_000
)

// ElapsedAt returns how long the timer has counted at now.
func (t *QuickTimer) ElapsedAt(now Instant) Millis {
	if t.Status != QuickRunning || now <= t.Since {
		return t.Elapsed
	}
	return t.Elapsed + now.Sub(t.Since)
}

// QuickFields are the fields of a quick timer that a person sets; nil leaves a
// field as it is. An empty text takes the value away.
type QuickFields struct {
	Seconds     *int64  `json:"allocatedDuration"` // 1 to MaxQuickSeconds
	ScheduleID  *string `json:"scheduleId"`
	TodoID      *string `json:"todoId"`
	Title       *string `json:"title"`
	Description *string `json:"description"`
}

// The commands about quick timers. Owner is the only one who finds the timer;
// "" finds those of all (the window, and controllers).
type (
	// CreateQuick makes one and starts it. Owner and Fields.Seconds must be given.
	CreateQuick struct {
		Owner  string
		Fields QuickFields
	}
	// PressQuick pauses (from running alone), resumes (from paused alone) or stops (from
	// either) one: the actions QuickPause, QuickResume and QuickStop.
	PressQuick struct {
		Owner, ID string
		Action    QuickAction
	}
	// UpdateQuick changes one, whatever its status.
	UpdateQuick struct {
		Owner, ID string
		Fields    QuickFields
	}
	// DeleteQuick removes one. Whoever follows it sees it completed, cancelled if it was
	// active.
	DeleteQuick struct{ Owner, ID string }
)

// What a press of a quick timer is refused with, beside CodeNotFound.
const (
	CodeQuickCompleted  Code = "TIMER_ALREADY_COMPLETED"
	CodeQuickNotRunning Code = "TIMER_NOT_RUNNING"
	CodeQuickNotPaused  Code = "TIMER_NOT_PAUSED"
)

// QuickChange is what became of a quick timer.
type QuickChange string

// The changes.
const (
	QuickCreated QuickChange = "create"
	QuickUpdated QuickChange = "update"
	QuickEnded   QuickChange = "complete" // stopped, cancelled or deleted
)

// QuickTimerChanged is quickTimers:create, update or complete; for its owner,
// controllers and above.
type QuickTimerChanged struct {
	Change  QuickChange `json:"-"`
	Press   QuickAction `json:"-"` // that changed it; "" for an edit
	Deleted bool        `json:"-"`
	Timer   QuickView   `json:"timer"`
}

// EventName returns the name on the bus.
func (e QuickTimerChanged) EventName() string { return "quickTimers:" + string(e.Change) }

// QuickView is a quick timer at one instant, as the Timer API tells it, with times
// in UTC. Elapsed is in whole seconds.
type QuickView struct {
	ID          string           `json:"id"`
	ScheduleID  *string          `json:"scheduleId"`
	TodoID      *string          `json:"todoId"`
	Title       *string          `json:"title"`
	Description *string          `json:"description"`
	Allocated   int64            `json:"allocatedDuration"`
	Elapsed     int64            `json:"elapsedTime"`
	Status      QuickStatus      `json:"status"`
	StartedAt   *QuickTime       `json:"startedAt"`
	PausedAt    *QuickTime       `json:"pausedAt"`
	EndedAt     *QuickTime       `json:"endedAt"`
	History     []QuickPressView `json:"pauseHistory"`
	CreatedAt   QuickTime        `json:"createdAt"`
	UpdatedAt   QuickTime        `json:"updatedAt"`
	Owner       string           `json:"ownerId"`
}

// QuickPressView is an entry of QuickView.History.
type QuickPressView struct {
	Action  QuickAction `json:"action"`
	At      QuickTime   `json:"at"`
	Elapsed *int64      `json:"elapsed,omitempty"`
}

// QuickTime is a time in the zone that the reader asked for: ISO 8601 with
// milliseconds, Z in UTC.
type QuickTime struct{ time.Time }

// MarshalJSON writes the time.
func (t QuickTime) MarshalJSON() ([]byte, error) {
	return []byte(t.Format(`"2006-01-02T15:04:05.000Z07:00"`)), nil
}

// At returns the timer at now, with times in the zone.
func (t *QuickTimer) At(now Instant, zone *time.Location) QuickView {
	in := func(i Instant) QuickTime { return QuickTime{i.Time().In(zone)} }
	maybe := func(i Instant) *QuickTime {
		if i == 0 {
			return nil
		}
		at := in(i)
		return &at
	}
	view := QuickView{
		ID: t.ID, ScheduleID: t.ScheduleID, TodoID: t.TodoID, Title: t.Title, Description: t.Description,
		Allocated: int64(t.Allocated / 1000), Elapsed: int64(t.ElapsedAt(now) / 1000), Status: t.Status,
		StartedAt: maybe(t.StartedAt), PausedAt: maybe(t.PausedAt), EndedAt: maybe(t.EndedAt),
		History: make([]QuickPressView, len(t.History)), CreatedAt: in(t.CreatedAt), UpdatedAt: in(t.UpdatedAt), Owner: t.Owner,
	}
	for i, press := range t.History {
		view.History[i] = QuickPressView{Action: press.Action, At: in(press.At)}
		if press.Elapsed != nil {
			seconds := int64(*press.Elapsed / 1000)
			view.History[i].Elapsed = &seconds
		}
	}
	return view
}

// In returns the view with its times in another zone.
func (v QuickView) In(zone *time.Location) QuickView {
	in := func(t *QuickTime) *QuickTime {
		if t == nil {
			return nil
		}
		return &QuickTime{t.Time.In(zone)}
	}
	v.StartedAt, v.PausedAt, v.EndedAt = in(v.StartedAt), in(v.PausedAt), in(v.EndedAt)
	v.CreatedAt, v.UpdatedAt = *in(&v.CreatedAt), *in(&v.UpdatedAt)
	v.History = slices.Clone(v.History)
	for i := range v.History {
		v.History[i].At = *in(&v.History[i].At)
	}
	return v
}

// QuickTimer returns the quick timer with the id, or nil.
func (s *Snapshot) QuickTimer(id string) *QuickTimer {
	i := slices.IndexFunc(s.QuickTimers, func(t *QuickTimer) bool { return t.ID == id })
	if i < 0 {
		return nil
	}
	return s.QuickTimers[i]
}

// The stored changes.
type (
	PutQuick  struct{ Timer *QuickTimer }
	DropQuick struct{ ID string }
)

// Key returns which thing is written.
func (c PutQuick) Key() string  { return "quick/" + c.Timer.ID }
func (c DropQuick) Key() string { return "quick/" + c.ID }

func (CreateQuick) command() {}
func (PressQuick) command()  {}
func (UpdateQuick) command() {}
func (DeleteQuick) command() {}
