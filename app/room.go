package app

import "time"

// Room is one stage: a rundown, its messages and its playback.
type Room struct {
	ID          string    `json:"id"`
	ShortCode   string    `json:"short_code"` // 6 of A-Z and 2-9, unique, what people type
	Name        string    `json:"name"`
	TimeZone    string    `json:"timezone"` // an IANA name, "" for the computer's own
	ColorNormal string    `json:"color_normal"`
	ColorYellow string    `json:"color_yellow"`
	ColorRed    string    `json:"color_red"`
	AskOpen     bool      `json:"questions_open"` // the audience may send questions
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// The colours of a new room.
const (
	DefaultColorNormal = "#22c55e"
	DefaultColorYellow = "#eab308"
	DefaultColorRed    = "#ef4444"
)

// Appearance is how a timer shows its time.
type Appearance string

// The appearances. COUNTDOWN is the published one; the others are ours.
const (
	Countdown Appearance = "COUNTDOWN"
	CountUp   Appearance = "COUNTUP"
	TimeOfDay Appearance = "TOD"
	Hidden    Appearance = "HIDDEN"
)

// Overtime is what a countdown does at zero.
type Overtime string

// The kinds of overtime.
const (
	OvertimeContinue Overtime = "continue" // keeps counting below zero
	OvertimeStop     Overtime = "stop"     // stands at zero
)

// Timer is one item of a rundown. Its JSON is the published PalcoTimer timer,
// less the position: that is its place in the rundown, see [TimerView].
type Timer struct {
	ID          string     `json:"id"`
	RoomID      string     `json:"room_id"`
	Name        string     `json:"name"`
	Speaker     string     `json:"speaker"`
	Notes       string     `json:"notes,omitempty"` // for operator and controller alone
	Duration    Millis     `json:"duration_ms"`
	Appearance  Appearance `json:"appearance"`
	WrapYellow  Millis     `json:"wrap_yellow_ms"` // time left at which it turns yellow; 0 for never
	WrapRed     Millis     `json:"wrap_red_ms"`    // time left at which it turns red; 0 for never
	LabelColor  string     `json:"label_color"`    // #rrggbb, "" for none
	Overtime    Overtime   `json:"overtime_mode"`
	AutoAdvance bool       `json:"auto_advance"`    // the next timer starts when this one reaches zero
	StartAt     ClockTime  `json:"start_at"`        // planned start, in the room's time zone; "" for after the one before
	LinkedStart bool       `json:"linked_start"`    // starts after the one before, whatever StartAt says
	FinishAt    ClockTime  `json:"finish_at"`       // counts to this time of day instead of for Duration; "" for none
	SceneStart  string     `json:"obs_scene_start"` // goes on program in OBS when the timer starts; "" for none
	SceneZero   string     `json:"obs_scene_zero"`  // goes on program in OBS when its time is up; "" for none
	Skip        bool       `json:"skip"`            // passed over by next, previous and auto-advance, and in no plan
	// What starts it by itself, unless it is running already.
	TriggerScene  string `json:"start_on_scene"`  // this scene goes on program in OBS; "" for none
	TriggerStream bool   `json:"start_on_stream"` // streaming starts in OBS
	// What happens when it starts, and when its time is up; "" for nothing.
	MessageStart string    `json:"message_start"` // the text of a message to show
	MessageZero  string    `json:"message_zero"`
	SoundStart   Sound     `json:"sound_start"` // for the pages that have sound switched on
	SoundZero    Sound     `json:"sound_zero"`
	WebhookStart string    `json:"webhook_start,omitempty"` // an http or https URL that is called; for operator and controller alone
	WebhookZero  string    `json:"webhook_zero,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
}

// Sound names a sound that our pages can make, "" for none.
type Sound string

// The sounds.
const (
	Chime Sound = "chime"
	Bell  Sound = "bell"
	Gong  Sound = "gong"
	Beeps Sound = "beeps"
)

// Defaults and limits of timers.
const (
	DefaultWrapYellow Millis = 120_000
	DefaultWrapRed    Millis = 30_000
	MaxDuration       Millis = 366 * 24 * 3_600_000
	MaxNameLength            = 255    // characters, names and speakers
	MaxTextLength            = 10_000 // characters, notes and messages
	MaxTimers                = 20_000 // in a room
)

// TimerView is a timer with its place in the rundown, 0 first, as published.
type TimerView struct {
	*Timer
	Position int `json:"position"`
}

// Public returns the view as those see it who may not read speaker notes: without
// them, and without addresses that are called.
func (v TimerView) Public() TimerView {
	if v.Timer != nil && (v.Notes != "" || v.WebhookStart != "" || v.WebhookZero != "") {
		timer := *v.Timer
		timer.Notes, timer.WebhookStart, timer.WebhookZero = "", "", ""
		v.Timer = &timer
	}
	return v
}

// PublicField reports whether those see a timer's field, by its JSON name, who may
// not read speaker notes.
func PublicField(name string) bool {
	return name != "notes" && name != "webhook_start" && name != "webhook_zero"
}

// MessageColor is the colour of a message's text.
type MessageColor string

// The colours that messages come in.
const (
	White  MessageColor = "white"
	Green  MessageColor = "green"
	Yellow MessageColor = "yellow"
	Red    MessageColor = "red"
)

// Message is a text for the stage. At most one of a room is visible.
type Message struct {
	ID        string       `json:"id"`
	RoomID    string       `json:"room_id"`
	Text      string       `json:"text"` // may hold $CURRENT_TITLE and the other published placeholders
	Color     MessageColor `json:"color"`
	Bold      bool         `json:"bold"`
	Uppercase bool         `json:"uppercase"`
	Flash     bool         `json:"flash"`
	Visible   bool         `json:"visible"`
	CreatedAt time.Time    `json:"created_at"`
	UpdatedAt time.Time    `json:"updated_at"`
}

// PlayState is whether a room's current timer runs.
type PlayState string

// The play states. Past zero the state stays Running.
const (
	Running PlayState = "running"
	Paused  PlayState = "paused"
	Stopped PlayState = "stopped"
)

// Playback is the run of a room's current timer, as it is stored: it holds what
// was true at the last change, never a count that has to be kept up.
// [Playback.At] tells what is true at an instant.
type Playback struct {
	State          PlayState
	CurrentTimerID string  // "" in an empty rundown
	Duration       Millis  // of this run: the planned one, moved by add_time and set_time; never below 0
	Elapsed        Millis  // gathered before StartedAt
	StartedAt      Instant // when it last began to run; 0 unless Running
	Blackout       bool
	Flash          bool
	Focus          bool // the message alone, full screen
	OnAir          bool
	MessageID      string  // the message shown, "" for none
	PastZero       bool    // this run's time has been up, and it was told
	ShowStart      Instant // when the rundown began to play, or is to by the clock, 0 before; the plan is laid from there
	Roll           bool    // the clock chooses the timer, by the planned starts
	RollAt         Instant // when the clock chooses next; 0 unless Roll
}

// ElapsedAt returns how long the run has run at now. It never goes backwards
// below what was gathered, even when the clock did.
func (p Playback) ElapsedAt(now Instant) Millis {
	if p.State != Running || now <= p.StartedAt {
		return p.Elapsed
	}
	return p.Elapsed + now.Sub(p.StartedAt)
}

// PlaybackStatus is a playback at one instant, as the protocols publish it.
// TimerID and CurrentTimerID are the same id: the published frames use both names.
type PlaybackStatus struct {
	State          PlayState `json:"state"`
	TimerID        *string   `json:"timer_id"`
	CurrentTimerID *string   `json:"current_timer_id"`
	Elapsed        Millis    `json:"elapsed_ms"`
	Duration       Millis    `json:"duration_ms"`
	ServerTime     Instant   `json:"server_time"`
	Overtime       bool      `json:"overtime"`
	Blackout       bool      `json:"blackout"`
	Flash          bool      `json:"flash"`
	Focus          bool      `json:"focus"`
	OnAir          bool      `json:"on_air"`
	MessageID      *string   `json:"message_id"`
	ShowStart      *Instant  `json:"show_start"` // null before the rundown began to play
	Roll           bool      `json:"roll"`       // the clock chooses the timer
	RollAt         *Instant  `json:"roll_at"`    // when it does next: the current timer's start while that is stopped; null unless roll
}

// At returns the playback at now. Duration less Elapsed is the time left at
// ServerTime, exact to the millisecond, negative in overtime.
func (p Playback) At(now Instant) PlaybackStatus {
	s := PlaybackStatus{
		State: p.State, Elapsed: p.ElapsedAt(now), Duration: p.Duration, ServerTime: now,
		Blackout: p.Blackout, Flash: p.Flash, Focus: p.Focus, OnAir: p.OnAir, Roll: p.Roll,
	}
	if p.CurrentTimerID != "" {
		s.TimerID, s.CurrentTimerID = &p.CurrentTimerID, &p.CurrentTimerID
	}
	if p.MessageID != "" {
		s.MessageID = &p.MessageID
	}
	if p.ShowStart != 0 {
		s.ShowStart = &p.ShowStart
	}
	if p.Roll {
		s.RollAt = &p.RollAt
	}
	s.Overtime = p.State == Running && p.CurrentTimerID != "" && s.Elapsed > s.Duration
	return s
}

// RoomState is a room with everything in it. It is immutable.
type RoomState struct {
	Room     *Room
	Timers   []*Timer // in rundown order
	Messages []*Message
	Playback Playback

	Aux       []*AuxTimer // in the order in which they were made
	Questions []*Question // likewise
}

// Timer returns the timer with the id and its position, or nil and -1.
func (r *RoomState) Timer(id string) (*Timer, int) {
	for i, t := range r.Timers {
		if t.ID == id {
			return t, i
		}
	}
	return nil, -1
}

// Views returns the timers with their places. The slice is the caller's.
func (r *RoomState) Views() []TimerView {
	views := make([]TimerView, len(r.Timers))
	for i, t := range r.Timers {
		views[i] = TimerView{t, i}
	}
	return views
}

// Current returns the timer that playback is on and its position, or nil and -1.
func (r *RoomState) Current() (*Timer, int) { return r.Timer(r.Playback.CurrentTimerID) }

// Message returns the message with the id, or nil.
func (r *RoomState) Message(id string) *Message {
	for _, m := range r.Messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// AuxAt returns the auxiliary timers at now. The slice is the caller's, never nil.
func (r *RoomState) AuxAt(now Instant) []AuxStatus {
	list := make([]AuxStatus, len(r.Aux))
	for i, t := range r.Aux {
		list[i] = t.At(now)
	}
	return list
}

// Question returns the question with the id, or nil.
func (r *RoomState) Question(id string) *Question {
	for _, q := range r.Questions {
		if q.ID == id {
			return q
		}
	}
	return nil
}
