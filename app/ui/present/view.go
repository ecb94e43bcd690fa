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
	Theme     Theme
	Zone      *time.Location // the computer's time zone, for rooms without one and for clock times
	Room      string         // id of the room shown, "" for the first
	Addresses []string       // "http://127.0.0.1:3000", as served
	Address   int            // which of them the links are made from
	BarWidth  int            // of the progress bar in pixels
	Plan      *Plan          // of the room shown; nil for none
	Over      *app.Millis    // how much later than planned its current timer will end; nil before the show has begun
	Problems  *Problems      // of its rundown; nil for none
	Found     []*app.Source  // that Local.Search finds
	Charts    *Charts        // of Local.Span, nil for none; while the page of figures is shown
	FoundCues []int          // positions of the timers that Local.CueSearch finds, nil for all
	Local     Local
}

// Local is what only this window knows: presses that wait for a second one, and
// what went wrong last.
type Local struct {
	Area        Area
	Search      string // in the list of sources
	CueSearch   string // in the table of the rundown
	Span        int    // of the charts, in minutes; 0 for the usual one
	PerfTab     PerfTab
	Source      string // id of the one chosen, "" for none
	Scene       string // in which sources are placed, "" for the one on program
	Tab         Tab
	StopArmed   app.Instant // until when a second press stops; 0 for not armed
	GoArmed     string      // id of the timer that a second press jumps to
	GoArmedTill app.Instant
	Pending     string        // the scene that OBS was asked for and has not shown yet
	Asked       [Outputs]bool // of OBS's outputs, a press not answered yet
	Awaited     [Outputs]bool // OBS has been told to start it, and nobody has seen it run
	Trying      bool          // to connect to OBS, because of a press
	Outdated    int           // browser sources of OBS that go to an old address of ours
	Notice      string        // already in words
	NoticeTill  app.Instant   // 0 with no notice
	Undo        bool          // the notice tells of something that can be undone
	Later       string        // told when the notice has ended, until LaterTill
	LaterTill   app.Instant
}

// View is what the window shows. Its parts are compared with == to find out what
// changed; slices in it come from the snapshot, unchanged.
type View struct {
	Lang    string
	Theme   Theme
	RoomID  string  // "" while there is no room
	Title   string  // of the window
	Area    Area    // of what follows, only what it shows is filled in
	Content Content // of an area with a presenter of its own, nil for another
	Library Library
	Timer   Timer
	Control Controls
	Rundown Rundown
	Desk    Desk
	Message Messages
	Aux     []AuxRow   // while their tab is open
	Quick   []QuickRow // likewise
	OBS     OBS
	Scenes  Scenes
	Load    Load
	Links   Links
	Status  Status
	Notice  string
	Undo    bool // beside the notice stands a button that undoes what it tells
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
	for kind := range v.OBS.Outputs {
		v.OBS.Outputs[kind].Text = ""
	}
	if !v.Timer.Progress.Fast {
		v.Timer.Progress.Done = 0
	}
	if c, ok := v.Content.(calmContent); ok {
		v.Content = c.Urgent()
	}
	return v
}

// Of returns the view of what is true at in.Now.
func Of(in Input) View {
	if in.Zone == nil {
		in.Zone = time.UTC
	}
	v := View{Lang: in.Words.Lang(), Theme: in.Theme, Title: "Cuewire", Area: in.Local.Area}
	room := in.RoomShown()
	if room != nil {
		v.RoomID = room.Room.ID
		if len(in.Snapshot.Rooms) > 1 {
			v.Title = room.Room.Name + " – Cuewire"
		}
	}
	var change, drift app.Millis
	v.OBS, change, drift = obsOf(in)
	v.Status = statusOf(in, v.OBS)
	switch v.Area {
	case LiveArea:
		v.Change, v.Drift = change, drift
		v.live(in, room)
	case SourcesArea:
		v.Library = libraryOf(in)
	default:
		if of := presenters[v.Area]; of != nil {
			v.Content, v.Change, v.Drift = of(in)
		}
	}
	if v.Area != LiveArea {
		v.OBS = OBS{}
	}
	v.Notice, v.Undo, change = noticeOf(in)
	v.Change = sooner(v.Change, change)
	return v
}

// live fills in what the live page shows.
func (v *View) live(in Input, room *app.RoomState) {
	if room != nil {
		current, position := room.Current()
		var change, drift app.Millis
		v.Timer, change, drift = timerOf(in, room, current, position)
		v.Change, v.Drift = sooner(v.Change, change), sooner(v.Drift, drift)
		v.Control, change = controlsOf(in, room, position)
		v.Change = sooner(v.Change, change)
		v.Rundown, change = rundownOf(in, room, position)
		v.Change = sooner(v.Change, change)
		v.Desk, change = deskOf(in, room)
		v.Change = sooner(v.Change, change)
		v.Message = Messages{room.Messages}
		v.Aux, change = auxOf(in, room)
		v.Change = sooner(v.Change, change)
		v.Quick, change = quickOf(in)
		v.Change = sooner(v.Change, change)
	} else {
		v.Timer = Timer{Digits: Clock(0), Color: Line}
	}
	v.Scenes = scenesOf(in)
	v.Load = loadOf(in)
	v.Links = linksOf(in, room)
}

// RoomShown returns the room that the view is of, nil for none.
func (in Input) RoomShown() *app.RoomState {
	if in.Room != "" {
		if room := in.Snapshot.Room(in.Room); room != nil {
			return room
		}
	}
	if len(in.Snapshot.Rooms) > 0 {
		return in.Snapshot.Rooms[0]
	}
	return nil
}

// noticeOf returns what is told now, whether it can be undone, and after how long
// that ends.
func noticeOf(in Input) (text string, undo bool, change app.Millis) {
	l := in.Local
	if wait := app.Millis(l.NoticeTill - in.Now); l.Notice != "" && wait > 0 {
		return l.Notice, l.Undo, wait
	}
	if wait := app.Millis(l.LaterTill - in.Now); l.Later != "" && wait > 0 {
		return l.Later, false, wait
	}
	return "", false, 0
}

// Mark is a short text in a colour.
type Mark struct {
	Text  string
	Color color.Color
}
