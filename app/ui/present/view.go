package present

import (
	"image/color"
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Input is all that a [View] is made from.
type Input struct {
	Snapshot  *app.Snapshot
	Now       app.Instant
	Words     *i18n.Words
	Zone      *time.Location // the computer's time zone, for rooms without one and for clock times
	Room      string         // id of the room shown, "" for the first
	Addresses []string       // "http://127.0.0.1:3000", as served
	Address   int            // which of them the links are made from
	BarWidth  int            // of the progress bar in pixels
	Local     Local
}

// Local is what only this window knows: presses that wait for a second one, and
// what went wrong last.
type Local struct {
	StopArmed   app.Instant // until when a second press stops; 0 for not armed
	GoArmed     string      // id of the timer that a second press jumps to
	GoArmedTill app.Instant
	Pending     string      // the scene that OBS was asked for and has not shown yet
	Notice      string      // already in words
	NoticeTill  app.Instant // 0 with no notice
}

// View is what the window shows. Its parts are compared with == to find out what
// changed; slices in it come from the snapshot, unchanged.
type View struct {
	Lang    string
	RoomID  string // "" while there is no room
	Title   string // of the window
	Timer   Timer
	Control Controls
	Rundown Rundown
	OBS     OBS
	Scenes  Scenes
	Load    Load
	Links   Links
	Status  Status
	Notice  string
	// Change is after how many milliseconds something here becomes different by
	// the passing of time alone, and Drift after how many something that may wait
	// does (see Urgent); 0 for never.
	Change, Drift app.Millis
}

// Urgent returns the view without what may be shown up to a second late: figures,
// the timecodes of OBS, a bar that moves slowly.
func (v View) Urgent() View {
	v.Load = Load{}
	v.OBS.FPS, v.OBS.Render, v.OBS.Dropped = Stat{}, Stat{}, Stat{}
	v.OBS.Stream.Text, v.OBS.Record.Text = "", ""
	if !v.Timer.Progress.Fast {
		v.Timer.Progress.Done = 0
	}
	return v
}

// Of returns the view of what is true at in.Now.
func Of(in Input) View {
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	v := View{Lang: in.Words.Lang(), Title: "Cuewire"}
	var room *app.RoomState
	if in.Room != "" {
		room = in.Snapshot.Room(in.Room)
	}
	if room == nil && len(in.Snapshot.Rooms) > 0 {
		room = in.Snapshot.Rooms[0]
	}
	var change app.Millis
	if room != nil {
		v.RoomID = room.Room.ID
		if len(in.Snapshot.Rooms) > 1 {
			v.Title = room.Room.Name + " – Cuewire"
		}
		current, position := room.Current()
		v.Timer, v.Change, v.Drift = timerOf(in, room, current, position)
		v.Control, change = controlsOf(in, room, position)
		v.Change = sooner(v.Change, change)
		v.Rundown, change = rundownOf(in, room, position)
		v.Change = sooner(v.Change, change)
	} else {
		v.Timer = Timer{Digits: Clock(0), Color: Line}
	}
	var drift app.Millis
	v.OBS, change, drift = obsOf(in)
	v.Change, v.Drift = sooner(v.Change, change), sooner(v.Drift, drift)
	v.Scenes = scenesOf(in)
	v.Load = loadOf(in)
	v.Links = linksOf(in, room)
	v.Status = statusOf(in, v.OBS)
	if wait := app.Millis(in.Local.NoticeTill - in.Now); in.Local.Notice != "" && wait > 0 {
		v.Notice = in.Local.Notice
		v.Change = sooner(v.Change, wait)
	}
	return v
}

// Mark is a short text in a colour.
type Mark struct {
	Text  string
	Color color.NRGBA
}
