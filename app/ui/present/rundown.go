package present

import (
	"image/color"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Rundown is the list of timers. Its rows are made one by one, by [Rundown.Row],
// so that ten thousand of them cost no more than those on the screen.
type Rundown struct {
	Timers  []*app.Timer
	Current int // position of the current timer, -1 for none
	State   app.PlayState
	Armed   string // id of the timer that a second press jumps to

	Plan     *Plan     // nil for none
	Problems *Problems // nil for none
}

func rundownOf(in Input, room *app.RoomState, position int) (Rundown, app.Millis) {
	r := Rundown{Timers: room.Timers, Current: position, State: room.Playback.State, Plan: in.Plan, Problems: in.Problems}
	if wait := app.Millis(in.Local.GoArmedTill - in.Now); wait > 0 && in.Local.GoArmed != "" && r.State == app.Running {
		r.Armed = in.Local.GoArmed
		return r, wait
	}
	return r, 0
}

// Same reports whether two rundowns look alike. It compares the slices by
// identity: a rundown that changed is another slice.
func (r Rundown) Same(o Rundown) bool {
	return len(r.Timers) == len(o.Timers) && (len(r.Timers) == 0 || &r.Timers[0] == &o.Timers[0]) &&
		r.Current == o.Current && r.State == o.State && r.Armed == o.Armed && r.Plan == o.Plan && r.Problems == o.Problems
}

// Summary says how many timers there are and how long those take together that are
// not skipped.
func (r Rundown) Summary(w *i18n.Words) string {
	var total app.Millis
	for _, t := range r.Timers {
		if t.Appearance != app.TimeOfDay && !t.Skip {
			total += t.Duration
		}
	}
	return w.T("window.rundown.summary", map[string]any{"Count": len(r.Timers), "Total": Length(total)})
}

// Row is one timer of the rundown.
type Row struct {
	Place    string
	Name     string
	Speaker  string
	Planned  Mark // when it starts, by the plan
	Expected Mark // and as things stand
	Length   string
	Skipped  bool
	State    Mark
	Label    color.NRGBA // the strip at the left; transparent for none
	Current  bool
	Past     bool
	Armed    bool
	HintOver string // what a click does, shown while the pointer is over the row
}

// Row returns the row at a position, which must exist.
func (r Rundown) Row(position int, w *i18n.Words) Row {
	t := r.Timers[position]
	row := Row{
		Place: Number(int64(position + 1)), Name: t.Name, Speaker: t.Speaker, Length: Length(t.Duration),
		Current: position == r.Current, Past: position < r.Current, Armed: t.ID == r.Armed,
		Label: parseColor(t.LabelColor, color.NRGBA{}), Skipped: t.Skip,
	}
	row.Planned, row.Expected = r.Plan.starts(position)
	missing := r.Problems.sceneOf(t.ID)
	if t.Name == "" {
		row.Name = w.T("window.timer.unnamed", map[string]any{"Position": position + 1})
	}
	if t.Appearance == app.TimeOfDay {
		row.Length = w.T("window.rundown.clock", nil)
	}
	switch {
	case row.Armed:
		row.State = Mark{w.T("window.rundown.again", nil), Warn}
	case missing != "":
		row.State = Mark{w.T("crew.missing.row", map[string]any{"Scene": missing}), Warn}
	case t.Skip && !row.Current:
		row.State = Mark{w.T("crew.skipped", nil), Muted}
	case row.Past:
		row.State = Mark{w.T("window.rundown.done", nil), Muted}
	case !row.Current:
		row.State = Mark{w.T("window.rundown.pending", nil), Muted}
	case r.State == app.Running:
		row.State = Mark{w.T("window.rundown.now", nil), Good}
	case r.State == app.Paused:
		row.State = Mark{w.T("window.state.paused", nil), Warn}
	default:
		row.State = Mark{w.T("window.rundown.ready", nil), Accent}
	}
	if t.AutoAdvance && missing == "" && !t.Skip && !row.Past && !row.Armed {
		row.State.Text = joined(row.State.Text, w.T("crew.advance", nil))
	}
	if !row.Current {
		row.HintOver = w.T("window.rundown.go", nil)
	}
	return row
}
