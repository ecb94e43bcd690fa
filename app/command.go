package app

// Command asks the engine to change state. A command that is refused changes
// nothing.
type Command interface{ command() }

// Action is what a [Control] does to a room's playback. The values are the
// published PalcoTimer actions.
type Action string

// The published actions.
const (
	Play         Action = "play"          // starts the current timer, or goes on after a pause
	Pause        Action = "pause"         // holds it
	Stop         Action = "stop"          // back to the start of the current timer, stopped
	Reset        Action = "reset"         // back to the start of the current timer, state kept
	Next         Action = "next"          // the next timer, from its start; runs if one was running
	Previous     Action = "previous"      // the timer before, likewise
	GoTo         Action = "go_to"         // the timer named by ID, likewise
	AddTime      Action = "add_time"      // moves the run's duration by Value ms, never below 0
	SetTime      Action = "set_time"      // makes the time left equal Value ms
	Blackout     Action = "blackout"      // a dark screen
	StopBlackout Action = "stop_blackout" //
	Flash        Action = "flash"         // a flashing screen
	StopFlash    Action = "stop_flash"    //
	Focus        Action = "focus"         // the message alone
	StopFocus    Action = "stop_focus"    //
	OnAir        Action = "on_air"        // tells the stage that it is live; ours, not published
	StopOnAir    Action = "stop_on_air"   //
	ShowMessage  Action = "show_message"  // shows the message named by ID and hides the one shown
	HideMessage  Action = "hide_message"  // hides the message shown
	Roll         Action = "roll"          // lets the clock choose the timer, by the planned starts; ours, not published
	StopRoll     Action = "stop_roll"     // goes on by hand; so does every action that chooses, starts or stops a timer
)

// Control is one press of a room's transport or display controls.
type Control struct {
	RoomID string // a room's id or short code
	Action Action
	ID     string  // of the timer (go_to) or the message (show_message)
	Value  *Millis // for add_time and set_time
}

// CreateRoom makes a room; the engine gives id and short code.
type CreateRoom struct{ Name string }

// UpdateRoom changes the fields that are not nil.
type UpdateRoom struct {
	RoomID                             string // a room's id or short code
	Name, TimeZone                     *string
	ColorNormal, ColorYellow, ColorRed *string
	AskOpen                            *bool
}

// DeleteRoom removes a room and everything in it; the last room stays.
type DeleteRoom struct{ RoomID string }

// Undo takes back the last change of a room's rundown, messages or settings that
// is not taken back yet; Redo makes it again. Playback is not theirs: a show's time
// cannot be taken back. What can be undone is forgotten when Cuewire ends.
type (
	Undo struct{ RoomID string }
	Redo struct{ RoomID string }
)

// UndoLast takes back the last change that Undo or UndoSources could, in whichever room
// or in the library; Result.RoomID is that room's, "" for the library. RedoLast makes
// again what was taken back last, unless something was changed since.
type (
	UndoLast struct{}
	RedoLast struct{}
)

// TimerFields are the fields of a timer that a person sets; nil leaves a field
// as it is, or at its default in a new timer.
type TimerFields struct {
	Name        *string     `json:"name"`
	Speaker     *string     `json:"speaker"`
	Notes       *string     `json:"notes"`
	Duration    *Millis     `json:"duration_ms"`
	Appearance  *Appearance `json:"appearance"`
	WrapYellow  *Millis     `json:"wrap_yellow_ms"`
	WrapRed     *Millis     `json:"wrap_red_ms"`
	LabelColor  *string     `json:"label_color"`
	Overtime    *Overtime   `json:"overtime_mode"`
	AutoAdvance *bool       `json:"auto_advance"`
	StartAt     *ClockTime  `json:"start_at"`
	LinkedStart *bool       `json:"linked_start"`
	FinishAt    *ClockTime  `json:"finish_at"`
	SceneStart  *string     `json:"obs_scene_start"`
	SceneZero   *string     `json:"obs_scene_zero"`
	Skip        *bool       `json:"skip"`

	TriggerScene  *string `json:"start_on_scene"`
	TriggerStream *bool   `json:"start_on_stream"`
	MessageStart  *string `json:"message_start"`
	MessageZero   *string `json:"message_zero"`
	SoundStart    *Sound  `json:"sound_start"`
	SoundZero     *Sound  `json:"sound_zero"`
	WebhookStart  *string `json:"webhook_start"`
	WebhookZero   *string `json:"webhook_zero"`

	Position *int `json:"position"` // where it goes; nil is the end for a new timer
}

// CreateTimer adds a timer to a room. Name and Duration must be given.
type CreateTimer struct {
	RoomID string
	Fields TimerFields
}

// UpdateTimer changes a timer. A new duration of the current timer moves the
// run's duration by the same amount.
type UpdateTimer struct {
	RoomID, TimerID string
	Fields          TimerFields
}

// DuplicateTimer puts a copy of a timer right after it.
type DuplicateTimer struct{ RoomID, TimerID string }

// StartTimer starts a timer from its beginning, whatever ran before. The timer that
// is running already runs on.
type StartTimer struct{ RoomID, TimerID string }

// ShowText shows a message with that text: one that the room has, else a new one.
type ShowText struct{ RoomID, Text string }

// PlaySound has pages that have sound switched on make a timer's sound. It is told
// as it comes and changes nothing.
type PlaySound struct {
	RoomID, TimerID string // the room's id
	Sound           Sound
}

// DeleteTimer removes a timer. If it was the current one, playback stops and
// goes to the timer that took its place.
type DeleteTimer struct{ RoomID, TimerID string }

// ImportTimers adds timers to a room's rundown, in their order at its end, or in
// place of all that are there. All are taken or none is, and one Undo takes them
// all back. Positions in the fields are not looked at.
type ImportTimers struct {
	RoomID  string
	Timers  []TimerFields
	Replace bool
}

// MessageFields are the fields of a message that a person sets; nil leaves a
// field as it is, or at its default in a new message.
type MessageFields struct {
	Text      *string       `json:"text"`
	Color     *MessageColor `json:"color"`
	Bold      *bool         `json:"bold"`
	Uppercase *bool         `json:"uppercase"`
	Flash     *bool         `json:"flash"`
}

// CreateMessage adds a hidden message to a room. Text must be given.
type CreateMessage struct {
	RoomID string
	Fields MessageFields
}

// UpdateMessage changes a message.
type UpdateMessage struct {
	RoomID, MessageID string
	Fields            MessageFields
}

// DeleteMessage removes a message, hiding it first if it was shown.
type DeleteMessage struct{ RoomID, MessageID string }

// SetSettings changes the settings that are not nil.
type SetSettings struct{ Fields SettingsFields }

// RecordSample tells what was measured; it is not stored.
type RecordSample struct{ Sample Sample }

// OBSFact is something that happened in, or to, OBS. The bridge sends facts; the
// engine applies them to its OBS state and publishes what they say. They are not
// stored, and the engine gives them no meaning of its own.
type OBSFact interface {
	Command
	// Apply returns the state after the fact and the events that tell of it, in
	// order. It changes nothing that before refers to.
	Apply(before OBSState) (OBSState, []EventBody)
}

func (Control) command()        {}
func (CreateRoom) command()     {}
func (UpdateRoom) command()     {}
func (DeleteRoom) command()     {}
func (Undo) command()           {}
func (Redo) command()           {}
func (UndoLast) command()       {}
func (RedoLast) command()       {}
func (CreateTimer) command()    {}
func (UpdateTimer) command()    {}
func (DeleteTimer) command()    {}
func (DuplicateTimer) command() {}
func (StartTimer) command()     {}
func (ShowText) command()       {}
func (PlaySound) command()      {}
func (ImportTimers) command()   {}
func (CreateMessage) command()  {}
func (UpdateMessage) command()  {}
func (DeleteMessage) command()  {}
func (SetSettings) command()    {}
func (RecordSample) command()   {}
