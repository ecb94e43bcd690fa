package present

import (
	"slices"
	"strings"
	"testing"

	"cuewire/app"
)

func TestWhereADraggedRowGoes(t *testing.T) {
	timers := make([]*app.Timer, 6)
	for i := range timers {
		timers[i] = &app.Timer{ID: Number(int64(i))}
	}
	all := Table{Rundown: Rundown{Timers: timers}}
	found := Table{Rundown: Rundown{Timers: timers}, Found: []int{1, 3, 5}}
	for _, test := range []struct {
		table        Table
		from, before int
		to           int
		moves        bool
	}{
		{all, 1, 0, 0, true},
		{all, 1, 1, 1, false},
		{all, 1, 2, 1, false},
		{all, 1, 3, 2, true},
		{all, 0, 6, 5, true},
		{all, 5, 6, 5, false},
		{found, 5, 0, 1, true}, // in front of the first that was found
		{found, 1, 2, 4, true},
		{found, 1, 3, 5, true},
		{Table{}, 0, 0, 0, false},
	} {
		if to, moves := test.table.MoveTo(test.from, test.before); to != test.to || moves != test.moves {
			t.Errorf("%d in front of row %d: %d, %v, want %d, %v", test.from, test.before, to, moves, test.to, test.moves)
		}
	}
}

func TestACellChangesItsFieldAlone(t *testing.T) {
	w := catalogue(t).In("en")
	timer := &app.Timer{ID: "a", Duration: 600_500, Appearance: app.Countdown} // without a name, which a form would refuse
	for c, test := range map[Column]struct {
		good, bad string
		set       func(f *app.TimerFields) bool
	}{
		NameColumn:    {"Talk", strings.Repeat("x", app.MaxNameLength+1), func(f *app.TimerFields) bool { return *f.Name == "Talk" }},
		SpeakerColumn: {"Ana", strings.Repeat("x", app.MaxNameLength+1), func(f *app.TimerFields) bool { return *f.Speaker == "Ana" }},
		LengthColumn:  {"5:30", "5:77", func(f *app.TimerFields) bool { return *f.Duration == 330_000 }},
		StartColumn:   {"19:30", "25:00", func(f *app.TimerFields) bool { return *f.StartAt == "19:30:00" }},
		EndColumn:     {"20:00", "soon", func(f *app.TimerFields) bool { return *f.FinishAt == "20:00:00" }},
		SceneColumn:   {"Camera", strings.Repeat("x", app.MaxNameLength+1), func(f *app.TimerFields) bool { return *f.SceneStart == "Camera" }},
		NotesColumn:   {"a\nb", strings.Repeat("x", app.MaxTextLength+1), func(f *app.TimerFields) bool { return *f.Notes == "a\nb" }},
	} {
		fields, wrong := CellChange(w, timer, c, test.good)
		if wrong != "" || !test.set(&fields) {
			t.Errorf("column %d: %+v, %q", c, fields, wrong)
		}
		if fields, wrong := CellChange(w, timer, c, test.bad); wrong == "" || fields != (app.TimerFields{}) {
			t.Errorf("column %d takes what is wrong: %+v", c, fields)
		}
		if fields, wrong := CellChange(w, timer, c, CellText(timer, c)); c != NameColumn && (wrong != "" || fields != (app.TimerFields{})) {
			t.Errorf("column %d, left alone, changes %+v, %q", c, fields, wrong)
		}
	}
	for c := range Columns {
		if back, ok := ColumnOf(columnFields[c]); c.Edited() && (!ok || back != c) {
			t.Errorf("column %d is found as %d", c, back)
		}
	}
}

func TestARowOfTheTable(t *testing.T) {
	in := running(input(t, "en"), 300_000)
	in.Local.Area = RundownArea
	room := in.Snapshot.Rooms[0]
	room.Timers[1].StartAt, room.Timers[1].Skip = "20:30:00", true
	room.Timers[2].Notes, room.Timers[2].SceneStart = "first\nsecond", "Nowhere"
	in.Snapshot.OBS = app.OBSState{Phase: app.OBSConnected, Scenes: []app.OBSScene{{Name: "Camera"}}}
	in.Problems = ProblemsOf(room, in.Snapshot.OBS)
	in.Plan = &Plan{Zone: in.Zone, Starts: []Start{{start, start}, {}, {start.Add(600_000), start.Add(780_000)}}, ExpectedEnd: start.Add(300_000)}
	table, ok := Of(in).Content.(Table)
	if !ok || table.Missing != 1 || !table.Checked {
		t.Fatalf("%+v", table)
	}
	cell := func(row int, c Column) Mark { return table.Row(row, in.Words).Cells[c] }
	for _, test := range []struct {
		row  int
		c    Column
		want Mark
	}{
		{0, NumberColumn, Mark{"1", Good}},
		{0, EndColumn, Mark{"20:05", Text}},
		{0, OverColumn, Mark{"±0", Muted}},
		{1, StartColumn, Mark{"20:30", Accent}},
		{2, SceneColumn, Mark{"? Nowhere", Warn}},
		{1, SkipColumn, Mark{"✓", Warn}},
		{1, OverColumn, Mark{"", Muted}},
		{2, ExpectedColumn, Mark{"20:13", Warn}},
		{2, EndColumn, Mark{"20:23", Text}},
		{2, OverColumn, Mark{"+3 min", Warn}},
		{2, NotesColumn, Mark{"first …", Muted}},
	} {
		if got := cell(test.row, test.c); got != test.want {
			t.Errorf("row %d, column %d: %v, want %v", test.row, test.c, got, test.want)
		}
	}
}

func TestFindingCues(t *testing.T) {
	list := []*app.Timer{{Name: "Opening"}, {Name: "Talk", Speaker: "Ana"}, {Name: "3", Notes: "bring ANA's slides"}, {SceneZero: "Banana"}}
	for text, want := range map[string][]int{"ana": {1, 2, 3}, " Open ": {0}, "3": {2}, "2": {1}, "none": {}} {
		if got := FindCues(list, text); got == nil || !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", text, got, want)
		}
	}
	if FindCues(list, " ") != nil {
		t.Error("nothing is searched for, and something is left out")
	}
}
