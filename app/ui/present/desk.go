package present

import (
	"image/color"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Tab is a part of the desk: what stands below the controls.
type Tab int

// The tabs.
const (
	RundownTab Tab = iota
	MessagesTab
	AuxTab
	QuickTab
	Tabs // how many there are
)

// Desk is what stands above the tabs, and beside the timer.
type Desk struct {
	Tab       Tab
	Room      string // its name
	Over      Mark   // how late the show is, "" before it has begun
	Roll      bool   // the clock chooses the timer
	Missing   int    // cues whose scene is not in OBS
	Messages  int
	Aux       int
	Quick     int  // that have not ended
	AskOpen   bool // the audience may send questions
	Questions int  // that nobody has looked after
}

func deskOf(in Input, room *app.RoomState) (d Desk, change app.Millis) {
	d = Desk{
		Tab: in.Local.Tab, Room: room.Room.Name, Over: overOf(in.Words, in.Over), Roll: room.Playback.Roll,
		Missing: in.Problems.count(), Messages: len(room.Messages), Aux: len(room.Aux), Quick: countQuick(in.Snapshot), AskOpen: room.Room.AskOpen,
	}
	for _, q := range room.Questions {
		if q.State == app.QuestionNew {
			d.Questions++
		}
	}
	if in.Over != nil && moves(room.Playback, in.Now) {
		change = 1000
	}
	return d, change
}

// moves reports whether the expected starts move on with the time: they stand while
// the current timer runs down.
func moves(p app.Playback, now app.Instant) bool {
	return p.State != app.Running || p.ElapsedAt(now) >= p.Duration
}

// Stands returns until when the expected starts stand, 0 while they move on with
// the time.
func Stands(p app.Playback, now app.Instant) app.Instant {
	if moves(p, now) {
		return 0
	}
	return now.Add(p.Duration - p.ElapsedAt(now))
}

// Messages is the list of messages.
type Messages struct{ List []*app.Message }

// Same reports whether two lists look alike: one that changed is another slice.
func (m Messages) Same(o Messages) bool {
	return len(m.List) == len(o.List) && (len(m.List) == 0 || &m.List[0] == &o.List[0])
}

// MessageRow is one message.
type MessageRow struct {
	Text    string
	Color   color.Color
	Bold    bool
	Marks   string // "capitals · flashing", "" for neither
	Visible bool
	State   Mark
}

var messageColors = map[app.MessageColor]color.Color{app.White: Text, app.Green: Good, app.Yellow: Warn, app.Red: Bad}

// Row returns the message at a position, which must exist.
func (m Messages) Row(position int, w *i18n.Words) MessageRow {
	message := m.List[position]
	row := MessageRow{Text: message.Text, Color: Text, Bold: message.Bold, Visible: message.Visible}
	if c, ok := messageColors[message.Color]; ok {
		row.Color = c
	}
	var marks []string
	if message.Uppercase {
		marks = append(marks, w.T("crew.message.uppercase.mark", nil))
	}
	if message.Flash {
		marks = append(marks, w.T("crew.message.flash.mark", nil))
	}
	row.Marks = joined(marks...)
	row.State = Mark{w.T("crew.message.show", nil), Muted}
	if message.Visible {
		row.State = Mark{w.T("crew.message.shown", nil), Good}
	}
	return row
}

// AuxRow is one auxiliary timer.
type AuxRow struct {
	ID      string
	Name    string
	Digits  string
	Color   color.Color
	State   Mark
	Running bool
}

func auxOf(in Input, room *app.RoomState) (rows []AuxRow, change app.Millis) {
	if in.Local.Tab != AuxTab {
		return nil, 0
	}
	for _, t := range room.Aux {
		row, wait := auxRow(in, t)
		rows = append(rows, row)
		change = sooner(change, wait)
	}
	return rows, change
}

func auxRow(in Input, t *app.AuxTimer) (row AuxRow, change app.Millis) {
	elapsed := t.Run.ElapsedAt(in.Now)
	left := t.Run.Duration - elapsed
	row = AuxRow{ID: t.ID, Name: t.Name, Color: Text, Running: t.Run.State == app.Running}
	if t.Direction == app.CountUp {
		row.Digits, change = countup(elapsed)
	} else {
		row.Digits, change = countdown(left)
	}
	switch {
	case row.Running && left < 0:
		row.State, row.Color = Mark{in.Words.T("window.state.overtime", nil), Bad}, Bad
	case row.Running:
		row.State, row.Color = Mark{in.Words.T("window.state.running", nil), Good}, Good
	case t.Run.State == app.Paused:
		row.State, row.Color = Mark{in.Words.T("window.state.paused", nil), Warn}, Warn
	default:
		row.State = Mark{in.Words.T("window.state.stopped", nil), Muted}
	}
	if !row.Running {
		change = 0
	}
	return row, change
}
