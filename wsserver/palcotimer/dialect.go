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
	last   uint64 // the event's Seq, 0 for none
	frames [levels][]app.Frame
	made   [levels]bool
}

var _ app.Dialect = (*Dialect)(nil)

// New returns the dialect.
func New() *Dialect { return &Dialect{} }

// level is how much an audience may see.
type level int

const (
	public    level = iota
	moderates       // the audience's questions too
	backstage       // speaker notes and webhooks too
	levels
)

func levelOf(role app.Role) level {
	switch {
	case role.SeesNotes():
		return backstage
	case role.Covers(app.Moderator):
		return moderates
	}
	return public
}

// audience is everybody at a room who may see the same.
type audience struct {
	room  string // its id
	sees  level
	ticks bool // wants a playback_status every second
}

// Limits tells what a connection may do.
func (d *Dialect) Limits() app.Limits {
	return app.Limits{Messages: maxMessages, Per: per, PingEvery: pingEvery, SilenceCloses: silence}
}

// First names whatever room is the first one. No short code is that short.
const First = "first"

// Open starts a conversation at the room with that id or short code, or at the
// first one. The query's output is the role that the device takes, viewer if none is
// given.
func (d *Dialect) Open(v app.Visitor, ref string, snap *app.Snapshot) (app.Conversation, error) {
	room := snap.Room(ref)
	if ref == First && len(snap.Rooms) > 0 {
		room = snap.Rooms[0]
	}
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
		here: audience{room: room.Room.ID, sees: levelOf(role), ticks: v.Query.Get("ticks") != "0"},
	}, nil
}

// Encode makes the frames of what happens in the audience's room, and to looks.
func (d *Dialect) Encode(ev app.Event, snap *app.Snapshot, a app.Audience) []app.Frame {
	to := a.(audience)
	if preset, ok := ev.Body.(app.PresetChanged); ok {
		return presetUpdate(preset)
	}
	if ev.RoomID != to.room {
		return nil
	}
	if playback, ok := ev.Body.(app.PlaybackChanged); ok && playback.Tick && !to.ticks {
		return nil
	}
	if ev.Seq != d.last || ev.Seq == 0 {
		d.last, d.made = ev.Seq, [levels]bool{}
	}
	if !d.made[to.sees] {
		d.made[to.sees], d.frames[to.sees] = true, encode(ev, snap, to.sees)
	}
	return d.frames[to.sees]
}

func encode(ev app.Event, snap *app.Snapshot, sees level) []app.Frame {
	switch body := ev.Body.(type) {
	case app.PlaybackChanged:
		frame := app.Frame{Text: marshal(playbackStatus{"playback_status", body.Playback})}
		if body.Tick {
			frame.Latest = "tick"
		}
		return []app.Frame{frame}
	case app.RoomUpdated:
		if room := snap.Room(ev.RoomID); room != nil {
			return []app.Frame{{Text: roomFrame(room, sees, ev.At), Latest: "room"}}
		}
	case app.RoomDeleted:
		return refuse(codeDeleted, "This room was deleted.").Reply
	case app.TimerCreated:
		return timerUpdate("create", body.Timer, sees)
	case app.TimerUpdated:
		if sees == backstage || slices.ContainsFunc(body.Changes, app.PublicField) {
			return timerUpdate("update", body.Timer, sees)
		}
	case app.TimerDeleted:
		return []app.Frame{{Text: marshal(update{Type: "timer_update", Timer: &change{"delete", idOnly{body.TimerID}}})}}
	case app.TimersReordered:
		return timerUpdate("reorder", body.Moved, sees)
	case app.MessageChanged:
		return []app.Frame{{Text: marshal(update{Type: "message_update", Message: &changeOfMessage{string(body.Action), body.Message}})}}
	case app.AuxChanged:
		return []app.Frame{{Text: marshal(auxUpdate{"aux_update", body.Action, body.Timer})}}
	case app.QuestionChanged:
		if sees >= moderates {
			return []app.Frame{{Text: marshal(questionUpdate{"question_update", body.Action, body.Question})}}
		}
	case app.SoundPlayed:
		return []app.Frame{{Text: marshal(sound{"sound", body.TimerID, body.Sound})}}
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

func timerUpdate(action string, timer app.TimerView, sees level) []app.Frame {
	if sees < backstage {
		timer = timer.Public()
	}
	return []app.Frame{{Text: marshal(update{Type: "timer_update", Timer: &change{action, timer}})}}
}

func marshal(frame any) []byte {
	text, err := json.Marshal(frame)
	if err != nil {
		panic("palcotimer: " + err.Error()) // a frame that can't be told is a fault of ours
	}
	return text
}
