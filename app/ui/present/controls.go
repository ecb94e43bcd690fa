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
		Previous: before(room.Timers, position) >= 0,
		Next:     position >= 0 && after(room.Timers, position) >= 0,
		Blackout: play.Blackout, Flash: play.Flash, Focus: play.Focus,
	}
	if wait := app.Millis(in.Local.StopArmed - in.Now); wait > 0 && c.Playing {
		c.StopArmed = true
		return c, wait
	}
	return c, 0
}

// after returns the position of the timer that follows one, skipped ones passed
// over; -1 for none.
func after(timers []*app.Timer, position int) int {
	for i := position + 1; i < len(timers); i++ {
		if !timers[i].Skip {
			return i
		}
	}
	return -1
}

// before returns the position of the timer before one, likewise.
func before(timers []*app.Timer, position int) int {
	for i := position - 1; i >= 0; i-- {
		if !timers[i].Skip {
			return i
		}
	}
	return -1
}
