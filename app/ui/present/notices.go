package present

import (
	"cuewire/app"
	"cuewire/app/i18n"
)

// AlertNotice returns the words of a notification of an alert that began: what is wrong,
// and what to do.
func AlertNotice(w *i18n.Words, a app.Alert) (title, text string) {
	title = w.T("frame.notice.warning", nil)
	if a.Severity == app.SeverityCritical {
		title = w.T("frame.notice.critical", nil)
	}
	text = a.Message
	if a.Key != "" {
		text = w.T(a.Key, a.Args)
	}
	if a.Cause != nil && a.Cause.Key != "" {
		text += "\n" + w.T(a.Cause.Key, nil)
	}
	return title, text
}

// ZeroNotice returns the words of a notification of a timer whose time is up.
func ZeroNotice(w *i18n.Words, snap *app.Snapshot, room *app.RoomState, timer string) (title, text string) {
	name := ""
	if t, position := room.Timer(timer); t != nil {
		name = t.Name
		if name == "" {
			name = w.T("window.timer.unnamed", map[string]any{"Position": position + 1})
		}
	}
	title = w.T("frame.notice.zero", map[string]any{"Name": name})
	if len(snap.Rooms) > 1 {
		text = room.Room.Name
	}
	return title, text
}

// Tray is what the menu beside the clock shows.
type Tray struct {
	Lang     string
	State    string // "Running · Talk"
	Playing  bool
	Blackout bool
	Next     bool // there is a next timer
}

// TrayOf returns what the menu shows of a room, nil for no room.
func TrayOf(w *i18n.Words, room *app.RoomState) Tray {
	t := Tray{Lang: w.Lang(), State: w.T("window.state.stopped", nil)}
	if room == nil {
		return t
	}
	current, position := room.Current()
	switch room.Playback.State {
	case app.Running:
		t.State, t.Playing = w.T("window.state.running", nil), true
	case app.Paused:
		t.State = w.T("window.state.paused", nil)
	}
	if current != nil {
		t.State = joined(t.State, Shortened(current.Name, 40))
	}
	t.Blackout, t.Next = room.Playback.Blackout, current != nil && position < len(room.Timers)-1
	return t
}
