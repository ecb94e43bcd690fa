package palcotimer

import (
	"sync"
	"time"

	"github.com/thlib/go-timezone-local/tzlocal"

	"cuewire/app"
)

// Frames of what stands beside the rundown.
type (
	auxUpdate struct {
		Type   string        `json:"type"`
		Action app.AuxAction `json:"action"`
		Timer  app.AuxStatus `json:"timer"`
	}
	questionUpdate struct {
		Type     string             `json:"type"`
		Action   app.QuestionAction `json:"action"`
		Question *app.Question      `json:"question"`
	}
	sound struct {
		Type    string    `json:"type"`
		TimerID string    `json:"timer_id"`
		Sound   app.Sound `json:"sound"`
	}
	presetUpdateFrame struct {
		Type    string `json:"type"`
		Name    string `json:"name"`
		Deleted bool   `json:"deleted"`
	}
)

// presetUpdate tells every room's pages that a look is another one; they fetch it
// if it is theirs.
func presetUpdate(ev app.PresetChanged) []app.Frame {
	return []app.Frame{{Text: marshal(presetUpdateFrame{"preset_update", ev.Preset.Name, ev.Deleted})}}
}

// roomState is a room with everything in it.
type roomState struct {
	Type       string             `json:"type"`
	Room       *app.Room          `json:"room"`
	Zone       string             `json:"zone"` // that counts for the room: its own, else the computer's; "" if that has no name
	Timers     []app.TimerView    `json:"timers"`
	Messages   []*app.Message     `json:"messages"`
	Playback   app.PlaybackStatus `json:"playback"`
	Aux        []app.AuxStatus    `json:"aux_timers"`
	Questions  *[]*app.Question   `json:"questions,omitempty"` // for moderator and above
	ServerTime app.Instant        `json:"server_time"`
}

// roomFrame tells a room with everything in it that the level may see.
func roomFrame(room *app.RoomState, sees level, now app.Instant) []byte {
	frame := roomState{
		Type: "room", Room: room.Room, Zone: room.Room.TimeZone, Timers: room.Views(), Messages: room.Messages,
		Playback: room.Playback.At(now), Aux: room.AuxAt(now), ServerTime: now,
	}
	if sees < backstage {
		for i := range frame.Timers {
			frame.Timers[i] = frame.Timers[i].Public()
		}
	}
	if frame.Messages == nil {
		frame.Messages = []*app.Message{}
	}
	if sees >= moderates {
		questions := append([]*app.Question{}, room.Questions...)
		frame.Questions = &questions
	}
	if frame.Zone == "" {
		frame.Zone = computersZone()
	}
	return marshal(frame)
}

// computersZone is the IANA name of the computer's own time zone, "" if it cannot
// be told. The clock's zone is fixed when a program starts.
var computersZone = sync.OnceValue(func() string {
	name, err := tzlocal.RuntimeTZ()
	if err != nil {
		return ""
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return ""
	}
	// Half a year shows whether it is the zone that we count in.
	for _, at := range []time.Time{time.Now(), time.Now().AddDate(0, 6, 0)} {
		_, here := at.Local().Zone()
		if _, there := at.In(zone).Zone(); here != there {
			return ""
		}
	}
	return name
})
