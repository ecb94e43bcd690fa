// Package palcotimer translates between the PalcoTimer WebSocket protocol and the
// core: one connection is one device at one room. docs/protocols/palcotimer.md
// tells all of it.
package palcotimer

import (
	"encoding/json"
	"slices"

	"cuewire/app"
)

// What a connection may do.
const (
	maxMessages            = 1000
	per         app.Millis = 10_000
	pingEvery   app.Millis = 30_000
	silence                = 3 * pingEvery
)

// Dialect is PalcoTimer's.
type Dialect struct {
	// What Encode made last: the same event comes once for every audience.
	last   uint64         // the event's Seq, 0 for none
	frames [2][]app.Frame // without and with notes
	made   [2]bool
}

var _ app.Dialect = (*Dialect)(nil)

// New returns the dialect.
func New() *Dialect { return &Dialect{} }

// audience is everybody at a room who may see the same.
type audience struct {
	room  string // its id
	notes bool   // may read speaker notes
	ticks bool   // wants a playback_status every second
}

// Limits tells what a connection may do.
func (d *Dialect) Limits() app.Limits {
	return app.Limits{Messages: maxMessages, Per: per, PingEvery: pingEvery, SilenceCloses: silence}
}

// Open starts a conversation at the room with that id or short code. The query's
// output is the role that the device takes, viewer if none is given.
func (d *Dialect) Open(v app.Visitor, ref string, snap *app.Snapshot) (app.Conversation, error) {
	room := snap.Room(ref)
	if room == nil {
		return nil, app.NewError(app.CodeNotFound, "server.noRoom", "There is no room with this id or short code.", nil)
	}
	role := app.Viewer
	if v.Query.Has("output") {
		var ok bool
		if role, ok = app.ParseRole(v.Query.Get("output")); !ok || role == app.Admin {
			return nil, app.NewError(app.CodeInvalid, "server.badOutput",
				"output must be viewer, operator, agenda, moderator or controller.", nil)
		}
	}
	if !v.Role.Covers(role) {
		return nil, app.NewError(app.CodeForbidden, "server.forbiddenOutput", "This device may not connect as "+string(role)+".", nil)
	}
	return &conversation{
		role: role, name: v.Name(),
		here: audience{room: room.Room.ID, notes: role.SeesNotes(), ticks: v.Query.Get("ticks") != "0"},
	}, nil
}

// Encode makes the frames of what happens in the audience's room.
func (d *Dialect) Encode(ev app.Event, snap *app.Snapshot, a app.Audience) []app.Frame {
	to := a.(audience)
	if ev.RoomID != to.room {
		return nil
	}
	if playback, ok := ev.Body.(app.PlaybackChanged); ok && playback.Tick && !to.ticks {
		return nil
	}
	if ev.Seq != d.last || ev.Seq == 0 {
		d.last, d.made = ev.Seq, [2]bool{}
	}
	variant := 0
	if to.notes {
		variant = 1
	}
	if !d.made[variant] {
		d.made[variant], d.frames[variant] = true, encode(ev, snap, to.notes)
	}
	return d.frames[variant]
}

func encode(ev app.Event, snap *app.Snapshot, notes bool) []app.Frame {
	switch body := ev.Body.(type) {
	case app.PlaybackChanged:
		frame := app.Frame{Text: marshal(playbackStatus{"playback_status", body.Playback})}
		if body.Tick {
			frame.Latest = "tick"
		}
		return []app.Frame{frame}
	case app.RoomUpdated:
		if room := snap.Room(ev.RoomID); room != nil {
			return []app.Frame{{Text: roomFrame(room, notes, ev.At), Latest: "room"}}
		}
	case app.RoomDeleted:
		return refuse(app.CodeNotFound, "This room was deleted.").Reply
	case app.TimerCreated:
		return timerUpdate("create", body.Timer, notes)
	case app.TimerUpdated:
		if notes || slices.ContainsFunc(body.Changes, func(field string) bool { return field != "notes" }) {
			return timerUpdate("update", body.Timer, notes)
		}
	case app.TimerDeleted:
		return []app.Frame{{Text: marshal(update{Type: "timer_update", Timer: &change{"delete", idOnly{body.TimerID}}})}}
	case app.TimersReordered:
		return timerUpdate("reorder", body.Moved, notes)
	case app.MessageChanged:
		return []app.Frame{{Text: marshal(update{Type: "message_update", Message: &changeOfMessage{string(body.Action), body.Message}})}}
	}
	return nil
}

type playbackStatus struct {
	Type string `json:"type"`
	app.PlaybackStatus
}

// update is a timer_update or a message_update.
type update struct {
	Type    string           `json:"type"`
	Timer   *change          `json:"timer,omitempty"`
	Message *changeOfMessage `json:"message,omitempty"`
}

type change struct {
	Action string `json:"action"`
	Timer  any    `json:"timer"`
}

type changeOfMessage struct {
	Action  string       `json:"action"`
	Message *app.Message `json:"message"`
}

type idOnly struct {
	ID string `json:"id"`
}

func timerUpdate(action string, timer app.TimerView, notes bool) []app.Frame {
	if !notes {
		timer = timer.Public()
	}
	return []app.Frame{{Text: marshal(update{Type: "timer_update", Timer: &change{action, timer}})}}
}

// roomFrame tells a room with everything in it.
func roomFrame(room *app.RoomState, notes bool, now app.Instant) []byte {
	timers := room.Views()
	for i := range timers {
		if !notes {
			timers[i] = timers[i].Public()
		}
	}
	messages := room.Messages
	if messages == nil {
		messages = []*app.Message{}
	}
	return marshal(struct {
		Type       string             `json:"type"`
		Room       *app.Room          `json:"room"`
		Timers     []app.TimerView    `json:"timers"`
		Messages   []*app.Message     `json:"messages"`
		Playback   app.PlaybackStatus `json:"playback"`
		ServerTime app.Instant        `json:"server_time"`
	}{"room", room.Room, timers, messages, room.Playback.At(now), now})
}

func marshal(frame any) []byte {
	text, err := json.Marshal(frame)
	if err != nil {
		panic("palcotimer: " + err.Error()) // a frame that can't be told is a fault of ours
	}
	return text
}
