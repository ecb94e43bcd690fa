package app

import "time"

// AuxTimer is a timer beside the rundown: a break, a warm-up, a speaker's own
// time. It counts by itself and starts nothing. Its JSON is its settings; how it
// runs is in [AuxStatus].
type AuxTimer struct {
	ID        string     `json:"id"`
	RoomID    string     `json:"room_id"`
	Name      string     `json:"name"`
	Duration  Millis     `json:"duration_ms"`
	Direction Appearance `json:"direction"` // COUNTDOWN, on below zero, or COUNTUP
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`

	Run AuxRun `json:"-"`
}

// AuxRun is the run of an auxiliary timer as it is stored.
type AuxRun struct {
	State     PlayState
	Duration  Millis  // of this run: the planned one, moved by add_time and set_time; never below 0
	Elapsed   Millis  // gathered before StartedAt
	StartedAt Instant // when it last began to run; 0 unless Running
}

// MaxAuxTimers is how many auxiliary timers a room may have.
const MaxAuxTimers = 20

// AuxStatus is an auxiliary timer at one instant, as the protocols tell it.
// RunDuration less Elapsed is the time left at ServerTime, exact to the
// millisecond, negative in overtime. While it runs a reader counts on by itself:
// nothing is sent each second.
type AuxStatus struct {
	*AuxTimer
	State       PlayState `json:"state"`
	Elapsed     Millis    `json:"elapsed_ms"`
	RunDuration Millis    `json:"run_duration_ms"`
	ServerTime  Instant   `json:"server_time"`
}

// ElapsedAt returns how long the run has run at now, never less than was gathered.
func (r AuxRun) ElapsedAt(now Instant) Millis {
	if r.State != Running || now <= r.StartedAt {
		return r.Elapsed
	}
	return r.Elapsed + now.Sub(r.StartedAt)
}

// At returns the timer at now.
func (t *AuxTimer) At(now Instant) AuxStatus {
	return AuxStatus{AuxTimer: t, State: t.Run.State, Elapsed: t.Run.ElapsedAt(now), RunDuration: t.Run.Duration, ServerTime: now}
}

// AuxFields are the fields of an auxiliary timer that a person sets; nil leaves a
// field as it is, or at its default in a new one.
type AuxFields struct {
	Name      *string     `json:"name"`
	Duration  *Millis     `json:"duration_ms"`
	Direction *Appearance `json:"direction"`
}

// The commands about auxiliary timers. RoomID is a room's id or short code.
type (
	// CreateAux adds one to a room. Name and Duration must be given.
	CreateAux struct {
		RoomID string
		Fields AuxFields
	}
	// UpdateAux changes one. A new duration moves its run's by as much.
	UpdateAux struct {
		RoomID, ID string
		Fields     AuxFields
	}
	// DeleteAux removes one.
	DeleteAux struct{ RoomID, ID string }
	// ControlAux is one press of its controls: Play, Pause, Stop (back to its start,
	// stopped), Reset (back to its start, state kept), AddTime and SetTime with Value.
	ControlAux struct {
		RoomID, ID string
		Action     Action
		Value      *Millis
	}
)

// AuxAction is what became of an auxiliary timer.
type AuxAction string

// The actions.
const (
	AuxCreate AuxAction = "create"
	AuxUpdate AuxAction = "update" // its settings or its run
	AuxDelete AuxAction = "delete"
)

// AuxChanged is auxTimers:create, update or delete.
type AuxChanged struct {
	Action AuxAction `json:"-"`
	RoomID string    `json:"roomId"`
	Timer  AuxStatus `json:"timer"`
}

// EventName returns the name on the bus.
func (e AuxChanged) EventName() string { return "auxTimers:" + string(e.Action) }

// The stored changes.
type (
	PutAux struct {
		Timer *AuxTimer
		Rank  int64 // orders the auxiliary timers of a room, smallest first
	}
	DropAux struct{ ID string }
)

// Key returns which thing is written.
func (c PutAux) Key() string  { return "aux/" + c.Timer.ID }
func (c DropAux) Key() string { return "aux/" + c.ID }

func (CreateAux) command()  {}
func (UpdateAux) command()  {}
func (DeleteAux) command()  {}
func (ControlAux) command() {}
