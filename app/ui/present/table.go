package present

import (
	"image/color"
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Column is a column of the rundown's table.
type Column int

// The columns, from left to right.
const (
	NumberColumn Column = iota
	NameColumn
	SpeakerColumn
	LengthColumn
	StartColumn
	ExpectedColumn
	EndColumn
	OverColumn
	ShowsColumn
	LabelColumn
	SceneColumn
	LinkedColumn
	AutoColumn
	SkipColumn
	NotesColumn
	Columns
)

// columnFields are the JSON names of what the columns change, "" for one that only tells.
var columnFields = [Columns]string{
	NameColumn: "name", SpeakerColumn: "speaker", LengthColumn: "duration_ms", StartColumn: "start_at", EndColumn: "finish_at",
	ShowsColumn: "appearance", LabelColumn: "label_color", SceneColumn: "obs_scene_start",
	LinkedColumn: "linked_start", AutoColumn: "auto_advance", SkipColumn: "skip", NotesColumn: "notes",
}

// Caption is the key of the column's heading.
func (c Column) Caption() string {
	return [Columns]string{
		"table.number", "window.rundown.name", "window.rundown.speaker", "window.rundown.length", "crew.rundown.planned",
		"crew.rundown.expected", "table.end", "table.over", "table.shows", "table.label", "table.scene",
		"table.linked", "table.auto", "table.skip", "crew.cue.notes",
	}[c]
}

// Edited reports whether the column's cells change something.
func (c Column) Edited() bool { return columnFields[c] != "" }

// Written reports whether its cells are edited as text.
func (c Column) Written() bool {
	switch c {
	case NameColumn, SpeakerColumn, LengthColumn, StartColumn, EndColumn, SceneColumn, NotesColumn:
		return true
	}
	return false
}

// Switched reports whether its cells are switched on and off.
func (c Column) Switched() bool { return c == LinkedColumn || c == AutoColumn || c == SkipColumn }

// Table is the rundown as a table: all of it, or what a search found. Its rows are
// made one by one, by [Table.Row].
type Table struct {
	Rundown
	Room    string // its name, "" for no room
	Search  string
	Found   []int // positions of the timers shown, nil for all
	Over    Mark  // how late or early the show is, "" before it has begun
	Roll    bool
	Missing int  // cues whose scene OBS does not have
	Checked bool // OBS is there to be asked
}

func tableOf(in Input) (content Content, change, drift app.Millis) {
	room := in.RoomShown()
	if room == nil {
		return Table{Rundown: Rundown{Current: -1}}, 0, 0
	}
	_, position := room.Current()
	r, _ := rundownOf(in, room, position)
	r.Armed = ""
	return Table{
		Rundown: r, Room: room.Room.Name, Search: strings.TrimSpace(in.Local.CueSearch), Found: in.FoundCues,
		Over: overOf(in.Words, in.Over), Roll: room.Playback.Roll, Missing: in.Problems.count(),
		Checked: in.Snapshot.OBS.Connected(),
	}, 0, 0
}

// Same reports whether two tables look alike.
func (t Table) Same(other Content) bool {
	o, ok := other.(Table)
	return ok && t.Rundown.Same(o.Rundown) && t.Room == o.Room && t.Search == o.Search && (t.Found == nil) == (o.Found == nil) &&
		sameList(t.Found, o.Found) && t.Over == o.Over && t.Roll == o.Roll && t.Missing == o.Missing && t.Checked == o.Checked
}

// Len returns how many rows there are.
func (t Table) Len() int {
	if t.Found != nil {
		return len(t.Found)
	}
	return len(t.Timers)
}

// Position returns the place in the rundown of the timer in a row.
func (t Table) Position(row int) int {
	if t.Found != nil {
		return t.Found[row]
	}
	return row
}

// Timer returns the timer in a row, nil for a row that there is not.
func (t Table) Timer(row int) *app.Timer {
	if row < 0 || row >= t.Len() {
		return nil
	}
	return t.Timers[t.Position(row)]
}

// RowOf returns the row of a timer, -1 where it is not shown.
func (t Table) RowOf(id string) int {
	for row := range t.Len() {
		if t.Timer(row).ID == id {
			return row
		}
	}
	return -1
}

// MoveTo returns the position that a timer at from gets when it is put in front of
// a row (behind the last for Len), and whether that moves it at all.
func (t Table) MoveTo(from, before int) (to int, moves bool) {
	if t.Len() == 0 {
		return from, false
	}
	if before >= t.Len() {
		to = t.Position(t.Len()-1) + 1
	} else {
		to = t.Position(max(before, 0))
	}
	if to > from {
		to--
	}
	return to, to != from
}

// TableRow is a row of the table. Rows are compared with ==.
type TableRow struct {
	Cells   [Columns]Mark
	Label   color.NRGBA // transparent for none
	State   color.Color // of the current timer, nil for the others
	Current bool
}

// switched is how a cell shows a switch.
func switched(on bool, c color.Color) Mark {
	if on {
		return Mark{"✓", c}
	}
	return Mark{"·", Muted}
}

// Row returns a row, which must exist.
func (t Table) Row(row int, w *i18n.Words) TableRow {
	position := t.Position(row)
	timer := t.Timers[position]
	r := TableRow{Label: parseColor(timer.LabelColor, color.NRGBA{}), Current: position == t.Current}
	text := Text
	if position < t.Current || timer.Skip && !r.Current {
		text = Muted
	}
	put := func(c Column, text string, color color.Color) { r.Cells[c] = Mark{text, color} }
	put(NumberColumn, Number(int64(position+1)), Muted)
	put(NameColumn, timer.Name, text)
	if timer.Name == "" {
		put(NameColumn, w.T("window.timer.unnamed", map[string]any{"Position": position + 1}), Muted)
	}
	put(SpeakerColumn, timer.Speaker, text)
	put(LengthColumn, Length(timer.Duration), text)
	if timer.Appearance == app.TimeOfDay {
		put(LengthColumn, w.T("window.rundown.clock", nil), Muted)
	}
	r.Cells[StartColumn], r.Cells[ExpectedColumn] = t.Plan.starts(position)
	if timer.StartAt != "" {
		r.Cells[StartColumn] = Mark{shortTime(timer.StartAt), Accent}
	}
	r.Cells[EndColumn] = t.end(position, timer)
	r.Cells[OverColumn] = t.Plan.late(w, position)
	put(ShowsColumn, w.T("table.shows."+strings.ToLower(string(timer.Appearance)), nil), Muted)
	put(SceneColumn, timer.SceneStart, text)
	if missing := t.Problems.sceneOf(timer.ID); missing != "" {
		put(SceneColumn, "? "+missing, Warn) // not in OBS
	}
	r.Cells[LinkedColumn] = switched(timer.LinkedStart, Accent)
	r.Cells[AutoColumn] = switched(timer.AutoAdvance, Accent)
	r.Cells[SkipColumn] = switched(timer.Skip, Warn)
	put(NotesColumn, firstLine(timer.Notes), Muted)
	if r.Current {
		r.State = t.stateColor()
		r.Cells[NumberColumn].Color = r.State
	}
	return r
}

func (t Table) stateColor() color.Color {
	switch t.State {
	case app.Running:
		return Good
	case app.Paused:
		return Warn
	default:
		return Accent
	}
}

// end returns when a timer ends: as things stand where that is known, else by the plan.
func (t Table) end(position int, timer *app.Timer) Mark {
	if timer.FinishAt != "" {
		return Mark{shortTime(timer.FinishAt), Accent}
	}
	if t.Plan == nil || position >= len(t.Plan.Starts) || timer.Appearance == app.TimeOfDay {
		return Mark{"", Muted}
	}
	if position == t.Current && t.Plan.ExpectedEnd != 0 {
		return Mark{t.Plan.clock(t.Plan.ExpectedEnd), Text}
	}
	s := t.Plan.Starts[position]
	switch {
	case s.Expected != 0:
		return Mark{t.Plan.clock(s.Expected.Add(timer.Duration)), Text}
	case s.Planned != 0:
		return Mark{t.Plan.clock(s.Planned.Add(timer.Duration)), Muted}
	}
	return Mark{"", Muted}
}

// late says by how many minutes a timer starts later or earlier than planned, as the
// clock times beside it read.
func (p *Plan) late(w *i18n.Words, position int) Mark {
	if p == nil || position >= len(p.Starts) {
		return Mark{"", Muted}
	}
	const minute = 60_000
	s := p.Starts[position]
	if s.Planned == 0 || s.Expected == 0 {
		return Mark{"", Muted}
	}
	late := int64(s.Expected)/minute - int64(s.Planned)/minute
	switch {
	case late > 0:
		return Mark{w.T("table.late", map[string]any{"Minutes": late}), Warn}
	case late < 0:
		return Mark{w.T("table.early", map[string]any{"Minutes": -late}), Good}
	}
	return Mark{w.T("table.ontime", nil), Muted}
}

// firstLine returns the first line of a text, with a sign that there is more.
func firstLine(text string) string {
	text = strings.TrimSpace(text)
	first, rest, _ := strings.Cut(text, "\n")
	if rest != "" {
		first = strings.TrimSpace(first) + " …"
	}
	return first
}

// CellText returns what stands in a cell while it is edited.
func CellText(t *app.Timer, c Column) string {
	cue := CueOf(t)
	return *cue.written(c)
}

// written returns where the form holds what a written column changes.
func (c *Cue) written(column Column) *string {
	switch column {
	case NameColumn:
		return &c.Name
	case SpeakerColumn:
		return &c.Speaker
	case LengthColumn:
		return &c.Length
	case StartColumn:
		return &c.StartAt
	case EndColumn:
		return &c.FinishAt
	case SceneColumn:
		return &c.SceneStart
	default:
		return &c.Notes
	}
}

// CellChange returns what a text written into a cell changes of a timer, the zero
// fields for nothing, or what is wrong with it.
func CellChange(w *i18n.Words, t *app.Timer, c Column, text string) (fields app.TimerFields, wrong string) {
	cue := CueOf(t)
	*cue.written(c) = text
	fields, all := cue.Fields(w, t)
	for _, one := range all { // an old fault elsewhere in the timer is not this cell's
		if one.Field == columnFields[c] {
			return app.TimerFields{}, one.Text
		}
	}
	return fields, ""
}

// CellFlip returns what switching a cell over changes of a timer.
func CellFlip(t *app.Timer, c Column) app.TimerFields {
	flipped := func(on bool) *bool {
		on = !on
		return &on
	}
	switch c {
	case LinkedColumn:
		return app.TimerFields{LinkedStart: flipped(t.LinkedStart)}
	case AutoColumn:
		return app.TimerFields{AutoAdvance: flipped(t.AutoAdvance)}
	case SkipColumn:
		return app.TimerFields{Skip: flipped(t.Skip)}
	}
	return app.TimerFields{}
}

// ColumnOf returns the column that shows a field by its JSON name.
func ColumnOf(field string) (c Column, ok bool) {
	for c, name := range columnFields {
		if name != "" && name == field {
			return Column(c), true
		}
	}
	return 0, false
}

// FindCues returns the positions of the timers whose title, speaker, notes or scenes
// hold a text, in any case of letters; nil, for all, when there is none. A number
// finds the timer with that number too.
func FindCues(list []*app.Timer, text string) []int {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return nil
	}
	found := []int{}
	for i, t := range list {
		if Number(int64(i+1)) == text || holdsText(text, t.Name, t.Speaker, t.Notes, t.SceneStart, t.SceneZero) {
			found = append(found, i)
		}
	}
	return found
}

func holdsText(text string, in ...string) bool {
	for _, s := range in {
		if s != "" && strings.Contains(strings.ToLower(s), text) {
			return true
		}
	}
	return false
}
