package app

// EventBody is what an event says: its name on the bus, "namespace:event", and
// its data. The data's JSON is the shape that the Source Saver dialect publishes;
// it is always an object.
type EventBody interface{ EventName() string }

// Event is something that happened.
type Event struct {
	Seq    uint64  // 1, 2, 3, … in this run of Cuewire, without a gap
	At     Instant // when it happened
	RoomID string  // the room it belongs to, "" for none
	Body   EventBody
}

// Name returns the event's name on the bus.
func (e Event) Name() string { return e.Body.EventName() }

// RoomCreated is rooms:create.
type RoomCreated struct {
	Room *Room `json:"room"`
}

// RoomUpdated is rooms:update. Changes are the JSON names of the changed fields.
type RoomUpdated struct {
	Room    *Room    `json:"room"`
	Changes []string `json:"changes"`
}

// TimerCreated is timers:create.
type TimerCreated struct {
	RoomID string    `json:"roomId"`
	Timer  TimerView `json:"timer"`
}

// TimerUpdated is timers:update. Changes are the JSON names of the changed fields.
type TimerUpdated struct {
	RoomID  string    `json:"roomId"`
	Timer   TimerView `json:"timer"`
	Changes []string  `json:"changes"`
}

// TimerDeleted is timers:delete.
type TimerDeleted struct {
	RoomID  string `json:"roomId"`
	TimerID string `json:"timerId"`
}

// TimersReordered is timers:reorder. Order holds every timer's id in its new
// place; Moved is the timer that was moved.
type TimersReordered struct {
	RoomID string    `json:"roomId"`
	Order  []string  `json:"order"`
	Moved  TimerView `json:"-"`
}

// PlaybackChanged is timers:playback. Tick says that nothing changed but the
// second that a screen shows.
type PlaybackChanged struct {
	RoomID   string         `json:"roomId"`
	Playback PlaybackStatus `json:"playback"`
	Tick     bool           `json:"-"`
}

// TimerStarted is timers:start: a timer began to run from its beginning.
type TimerStarted struct {
	RoomID  string `json:"roomId"`
	TimerID string `json:"timerId"`
}

// TimerReachedZero is timers:zero: a running timer's time was up.
type TimerReachedZero struct {
	RoomID  string `json:"roomId"`
	TimerID string `json:"timerId"`
}

// SoundPlayed is timers:sound: pages that have sound switched on make it.
type SoundPlayed struct {
	RoomID  string `json:"roomId"`
	TimerID string `json:"timerId"`
	Sound   Sound  `json:"sound"`
}

// RoomDeleted is rooms:delete. Everything in the room went with it.
type RoomDeleted struct {
	Room *Room `json:"room"`
}

// MessageAction is what became of a message.
type MessageAction string

// The message actions.
const (
	MessageShow   MessageAction = "show"
	MessageHide   MessageAction = "hide"
	MessageCreate MessageAction = "create"
	MessageUpdate MessageAction = "update"
	MessageDelete MessageAction = "delete"
)

// MessageChanged is messages:show, hide, create, update or delete.
type MessageChanged struct {
	Action  MessageAction `json:"-"`
	RoomID  string        `json:"roomId"`
	Message *Message      `json:"message"`
}

// SettingsChanged is system:settingsChanged.
type SettingsChanged struct {
	Settings Settings `json:"settings"`
	Changes  []string `json:"changes"`
}

// StatusChanged is system:statusChange.
type StatusChanged struct {
	PreviousStatus Status `json:"previousStatus"`
	CurrentStatus  Status `json:"currentStatus"`
	Reason         string `json:"reason"`
	Checks         Checks `json:"checks"`
}

// ErrorOccurred is system:error.
type ErrorOccurred struct {
	Error     string       `json:"error"`
	SourceID  string       `json:"sourceId,omitempty"`
	ErrorCode string       `json:"errorCode"`
	Details   ErrorDetails `json:"details"`
}

// ClockSet is the ErrorCode of a computer's clock that was set.
const ClockSet = "CLOCK_SET"

// ErrorDetails says why, and whether trying again can help.
type ErrorDetails struct {
	Reason    string `json:"reason"`
	Retryable bool   `json:"retryable"`
}

// PerformanceUpdated is performance:update.
type PerformanceUpdated struct{ Performance }

func (RoomCreated) EventName() string        { return "rooms:create" }
func (RoomUpdated) EventName() string        { return "rooms:update" }
func (TimerCreated) EventName() string       { return "timers:create" }
func (TimerUpdated) EventName() string       { return "timers:update" }
func (TimerDeleted) EventName() string       { return "timers:delete" }
func (TimersReordered) EventName() string    { return "timers:reorder" }
func (TimerStarted) EventName() string       { return "timers:start" }
func (TimerReachedZero) EventName() string   { return "timers:zero" }
func (SoundPlayed) EventName() string        { return "timers:sound" }
func (RoomDeleted) EventName() string        { return "rooms:delete" }
func (PlaybackChanged) EventName() string    { return "timers:playback" }
func (m MessageChanged) EventName() string   { return "messages:" + string(m.Action) }
func (SettingsChanged) EventName() string    { return "system:settingsChanged" }
func (StatusChanged) EventName() string      { return "system:statusChange" }
func (ErrorOccurred) EventName() string      { return "system:error" }
func (PerformanceUpdated) EventName() string { return "performance:update" }
