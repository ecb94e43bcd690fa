package present

import "cuewire/app"

// Controls is the state of the transport and display buttons.
type Controls struct {
	Ready     bool // there is a timer to control
	Playing   bool // the play button pauses
	Stopped   bool // nothing to stop
	StopArmed bool // a second press stops
	Previous  bool
	Next      bool
	Blackout  bool
	Flash     bool
	Focus     bool
}

func controlsOf(in Input, room *app.RoomState, position int) (Controls, app.Millis) {
	play := room.Playback
	c := Controls{
		Ready:    position >= 0,
		Playing:  play.State == app.Running,
		Stopped:  play.State == app.Stopped,
		Previous: position > 0,
		Next:     position >= 0 && position+1 < len(room.Timers),
		Blackout: play.Blackout, Flash: play.Flash, Focus: play.Focus,
	}
	if wait := app.Millis(in.Local.StopArmed - in.Now); wait > 0 && c.Playing {
		c.StopArmed = true
		return c, wait
	}
	return c, 0
}
