package app

import "time"

// Snapshot is everything that is true at one moment. It is immutable, shared by
// all faces, and holds only what was published: a change that is not yet on disk
// is not in it.
type Snapshot struct {
	Seq      uint64  // of the last event that it includes
	At       Instant // when it was made
	Rooms    []*RoomState
	OBS      OBSState
	Clients  []*Client // in the order in which they connected
	Sample   *Sample   // the last one, nil before the first
	System   System
	Settings Settings
	Presets  []*Preset // by name
	Sources  SourcesState
	Alerts   AlertsState

	Maintenance Maintenance

	Apps     []*BroadcastApp // in the order in which they were made
	Channels ChannelsState

	QuickTimers []*QuickTimer // in the order in which they were made
	Tokens      []*Token      // likewise; for admin alone

	Safety Safety
}

// Room returns the room with the id or short code, or nil. Short codes are
// found in any case of letters.
func (s *Snapshot) Room(ref string) *RoomState {
	for _, r := range s.Rooms {
		if r.Room.ID == ref || equalCode(r.Room.ShortCode, ref) {
			return r
		}
	}
	return nil
}

func equalCode(code, ref string) bool {
	if len(code) != len(ref) {
		return false
	}
	for i := range len(ref) {
		c := ref[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != code[i] {
			return false
		}
	}
	return true
}

// Status is how Cuewire as a whole is doing.
type Status string

// The statuses.
const (
	Healthy   Status = "healthy"
	Degraded  Status = "degraded"  // the show goes on, something is missing
	Unhealthy Status = "unhealthy" // the show is in danger
)

// System is how Cuewire is doing and why.
type System struct {
	Status Status
	Reason string // English, one sentence; "" while healthy
	Checks Checks
}

// Checks are the parts that a status is made of.
type Checks struct {
	OBSConnected             bool   `json:"obsConnected"`
	SourceManagerInitialized bool   `json:"sourceManagerInitialized"`
	DatabaseConnected        bool   `json:"databaseConnected"` // changes reach the disk
	MemoryUsage              string `json:"memoryUsage"`       // "normal", "high" or "unknown"
	Performance              string `json:"performance"`       // "normal", or the worst active alert's severity: "warning" or "critical"
}

// Replay returns the events that tell a newcomer the snapshot, in an order that
// makes sense to read: what is there first, then what it does. Seq and At are
// the snapshot's. Playback is computed for now.
func (s *Snapshot) Replay(now Instant) []Event {
	var events []Event
	add := func(room string, body EventBody) {
		events = append(events, Event{Seq: s.Seq, At: now, RoomID: room, Body: body})
	}
	add("", StatusChanged{s.System.Status, s.System.Status, s.System.Reason, s.System.Checks})
	if s.Maintenance.Enabled {
		add("", MaintenanceChanged{s.Maintenance})
	}
	for _, body := range s.OBS.Replay() {
		add("", body)
	}
	for _, r := range s.Rooms {
		id := r.Room.ID
		add(id, RoomCreated{r.Room})
		for _, view := range r.Views() {
			add(id, TimerCreated{id, view})
		}
		for _, m := range r.Messages {
			action := MessageCreate
			if m.Visible {
				action = MessageShow
			}
			add(id, MessageChanged{action, id, m})
		}
		add(id, PlaybackChanged{RoomID: id, Playback: r.Playback.At(now)})
		for _, t := range r.AuxAt(now) {
			add(id, AuxChanged{AuxCreate, id, t})
		}
		for _, q := range r.Questions {
			add(id, QuestionChanged{QuestionCreate, id, q})
		}
	}
	for _, p := range s.Presets {
		add("", PresetChanged{Preset: p})
	}
	for _, body := range s.Sources.Replay() {
		add("", body)
	}
	for _, t := range s.QuickTimers {
		if t.Status.Active() {
			add("", QuickTimerChanged{Change: QuickCreated, Timer: t.At(now, time.UTC)})
		}
	}
	for _, c := range s.Clients {
		add("", ClientConnected{c})
	}
	if s.Sample != nil {
		add("", PerformanceUpdated{s.Sample.Performance()})
	}
	for _, a := range s.Alerts.Active {
		add("", AlertChanged{a})
	}
	return events
}
