package ui

import (
	"context"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// cues shows the rundown's page.
func (s *stage) openCues(t *testing.T) *table {
	t.Helper()
	s.loop.run(func() { s.openArea(present.RundownArea) })
	s.loop.until(t, "the rundown's page is shown", func() bool { return s.View().Area == present.RundownArea && s.cues.filled })
	return s.cues.table
}

// at returns the middle of a cell, as a place of the table.
func (t *table) at(row int, c present.Column) fyne.Position {
	return fyne.NewPos(t.spans[c].x+4, t.top(row)+tableRowHeight/2)
}

func (t *table) click(row int, c present.Column) {
	t.w.win.Canvas().Focus(t)
	t.Tapped(&fyne.PointEvent{Position: t.at(row, c)})
}

func press(f fyne.Focusable, key fyne.KeyName) { f.TypedKey(&fyne.KeyEvent{Name: key}) }

func TestACellIsEditedInPlace(t *testing.T) {
	core := newFakeCore(3)
	s := show(t, core, nil)
	table := s.openCues(t)
	s.loop.run(func() {
		table.click(1, present.LengthColumn)
		f, ok := s.Canvas().Focused().(*cellField)
		if !ok || f.Text != "10:00" {
			t.Fatalf("a click on the length gives the focus to %T", s.Canvas().Focused())
		}
		f.SetText("ten")
		press(f, fyne.KeyReturn)
		if !table.edit.open() || !table.edit.wrong.Visible() || table.edit.wrong.full != "Write minutes, m:ss or h:mm:ss" {
			t.Error("what is wrong is not told at the cell")
		}
		f.SetText("12:30")
		if table.edit.wrong.Visible() {
			t.Error("what was wrong stands although it is put right")
		}
		press(f, fyne.KeyTab)
		f, ok = s.Canvas().Focused().(*cellField)
		if !ok || table.edit.column != present.StartColumn || table.edit.timer != "2" {
			t.Fatalf("Tab went to column %d of %q", table.edit.column, table.edit.timer)
		}
		f.SetText("25:00")
		press(f, fyne.KeyEscape)
		if table.edit.open() || s.Canvas().Focused() != fyne.Focusable(table) {
			t.Error("Escape does not give up")
		}
	})
	sent, ok := core.next(t).(app.UpdateTimer)
	if !ok || sent.TimerID != "2" || sent.Fields.Duration == nil || *sent.Fields.Duration != 750_000 {
		t.Fatalf("sent %+v", sent)
	}
	if sent.Fields.Duration = nil; sent.Fields != (app.TimerFields{}) {
		t.Errorf("what was left alone is sent: %+v", sent.Fields)
	}
	core.nothing(t)
	s.loop.run(func() { // by keyboard alone
		press(table, fyne.KeyUp)
		press(table, fyne.KeyLeft)
		press(table, fyne.KeyLeft)
		press(table, fyne.KeyLeft)
		if table.timer != "1" || table.column != present.NameColumn {
			t.Errorf("the arrows went to column %d of %q", table.column, table.timer)
		}
		table.TypedRune('N')
		test.Type(s.Canvas().Focused(), "ews")
		press(s.Canvas().Focused(), fyne.KeyReturn)
		if table.timer != "2" {
			t.Errorf("Enter went to %q, not to the row below", table.timer)
		}
	})
	if sent, _ := core.next(t).(app.UpdateTimer); sent.TimerID != "1" || sent.Fields.Name == nil || *sent.Fields.Name != "News" {
		t.Errorf("sent %+v", sent)
	}
}

func TestSwitchesOfACellAreFlipped(t *testing.T) {
	core := newFakeCore(2)
	s := show(t, core, nil)
	table := s.openCues(t)
	for c, got := range map[present.Column]func(app.TimerFields) *bool{
		present.LinkedColumn: func(f app.TimerFields) *bool { return f.LinkedStart },
		present.AutoColumn:   func(f app.TimerFields) *bool { return f.AutoAdvance },
		present.SkipColumn:   func(f app.TimerFields) *bool { return f.Skip },
	} {
		s.loop.run(func() { table.click(1, c) })
		if sent, _ := core.next(t).(app.UpdateTimer); sent.TimerID != "2" || got(sent.Fields) == nil || !*got(sent.Fields) {
			t.Errorf("column %d sent %+v", c, sent)
		}
	}
	s.loop.run(func() {
		table.click(0, present.LabelColumn)
		s.entry(t, "Green")
	})
	if sent, _ := core.next(t).(app.UpdateTimer); sent.Fields.LabelColor == nil || *sent.Fields.LabelColor != "#22c55e" {
		t.Errorf("sent %+v", sent)
	}
	s.loop.run(func() {
		table.click(0, present.ShowsColumn)
		s.entry(t, "the time gone")
	})
	if sent, _ := core.next(t).(app.UpdateTimer); sent.Fields.Appearance == nil || *sent.Fields.Appearance != app.CountUp {
		t.Errorf("sent %+v", sent)
	}
}

func TestWhatTheCoreRefusesIsToldAtTheCell(t *testing.T) {
	core := newFakeCore(2)
	core.refuse = app.NewError(app.CodeInvalid, "no.such.key", "This name is not good.", map[string]any{"Field": "name"})
	s := show(t, core, nil)
	table := s.openCues(t)
	s.loop.run(func() {
		table.click(0, present.NameColumn)
		f := s.Canvas().Focused().(*cellField)
		f.SetText("Bad")
		press(f, fyne.KeyReturn)
	})
	core.next(t)
	s.loop.until(t, "the refusal stands at the cell, with what was written", func() bool {
		return table.edit.open() && table.edit.field.Text == "Bad" && table.edit.wrong.Visible() && table.edit.wrong.full == "This name is not good."
	})
}

func TestClickingElsewhereTakesWhatIsWritten(t *testing.T) {
	core := newFakeCore(2)
	s := show(t, core, nil)
	table := s.openCues(t)
	s.loop.run(func() {
		table.click(0, present.SpeakerColumn)
		s.Canvas().Focused().(*cellField).SetText("Ana")
		table.click(1, present.SpeakerColumn)
		if table.edit.timer != "2" {
			t.Errorf("the cell of %q is edited", table.edit.timer)
		}
	})
	if sent, _ := core.next(t).(app.UpdateTimer); sent.TimerID != "1" || sent.Fields.Speaker == nil || *sent.Fields.Speaker != "Ana" {
		t.Errorf("sent %+v", sent)
	}
	core.nothing(t)
}

func TestRowsAreMovedByDragAndByKeys(t *testing.T) {
	core := newFakeCore(5)
	s := show(t, core, nil)
	table := s.openCues(t)
	position := func(id string, want int) {
		t.Helper()
		sent, _ := core.next(t).(app.UpdateTimer)
		if sent.TimerID != id || sent.Fields.Position == nil || *sent.Fields.Position != want {
			t.Fatalf("sent %+v, want %s at %d", sent, id, want)
		}
	}
	drag := func(from int, to float32) {
		s.loop.run(func() {
			at := table.at(from, present.NumberColumn)
			table.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at.AddXY(0, 3)}, Dragged: fyne.NewDelta(0, 3)})
			if table.drop.Visible() {
				t.Error("a trembling hand drags the row")
			}
			table.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(at.X, to*tableRowHeight)}, Dragged: fyne.NewDelta(0, 9)})
			if !table.drop.Visible() {
				t.Error("nothing shows where the row would go")
			}
			table.DragEnd()
		})
	}
	drag(1, 4.1) // in front of the fifth
	position("2", 3)
	drag(3, 0.2)
	position("4", 0)
	drag(2, 5)
	position("3", 4)
	drag(2, 3.1) // where it is
	core.nothing(t)
	s.loop.run(func() {
		table.moveCursor(1, present.NameColumn)
		s.shiftCue(1)
		s.shiftCue(-1)
	})
	position("2", 2)
	position("2", 0)
	s.loop.run(func() {
		table.moveCursor(4, present.NameColumn)
		s.shiftCue(1)
		table.moveCursor(0, present.NameColumn)
		s.shiftCue(-1)
	})
	core.nothing(t)
}

func TestADeletedTimerComesBackByTheNotice(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	table := s.openCues(t)
	timers := func() int { return len(core.Snapshot().Rooms[0].Timers) }
	s.loop.run(func() {
		table.moveCursor(1, present.NameColumn)
		press(table, fyne.KeyDelete)
	})
	s.loop.until(t, "it is deleted", func() bool { return timers() == 1 && s.View().Undo && table.shown.Len() == 1 })
	s.loop.run(func() {
		if table.timer != core.Snapshot().Rooms[0].Timers[0].ID {
			t.Error("the cursor is not at what is left")
		}
	})
	s.tap(ButtonUndo)
	s.loop.until(t, "it is there again", func() bool { return timers() == 2 && table.shown.Len() == 2 })

	s.loop.run(func() { press(table, fyne.KeyDelete) })
	s.loop.until(t, "it is deleted again", func() bool { return timers() == 1 && s.View().Undo })
	s.loop.run(func() { s.cues.add.OnTapped(); f := s.focused(t); f.SetText("Other"); enter(f) })
	s.loop.until(t, "another is added", func() bool { return timers() == 2 })
	s.tap(ButtonUndo)
	s.loop.until(t, "it says that something else has changed", func() bool { return s.View().Notice == s.words.T("table.changed", nil) })
	if timers() != 2 {
		t.Error("the notice of one change took back another")
	}
}

func TestASearchShowsWhatItFinds(t *testing.T) {
	core := newFakeCore(300)
	s := show(t, core, nil)
	table := s.openCues(t)
	s.loop.run(func() { s.cues.search.SetText("cue 29") })
	s.loop.until(t, "eleven timers", func() bool { return table.shown.Len() == 11 && s.cues.summary.full == "11 of 300 found" })
	s.loop.run(func() {
		table.moveCursor(1, present.NameColumn)
		s.shiftCue(-1)
	})
	if sent, _ := core.next(t).(app.UpdateTimer); sent.TimerID != "290" || *sent.Fields.Position != 28 {
		t.Errorf("sent %+v", sent)
	}
	s.loop.run(func() { s.cues.search.SetText("nowhere") })
	s.loop.until(t, "nothing found, and said", func() bool { return table.shown.Len() == 0 && s.cues.nothing.Visible() })
	s.loop.run(func() { press(s.cues.search, fyne.KeyEscape) })
	s.loop.until(t, "all timers", func() bool { return table.shown.Len() == 300 && !s.cues.nothing.Visible() })
}

func TestPreflightListsWhatIsMissing(t *testing.T) {
	core := newFakeCore(3)
	core.update(func(snap *app.Snapshot, r *app.RoomState) {
		snap.OBS = app.OBSState{Phase: app.OBSConnected, Scenes: []app.OBSScene{{Name: "Camera"}}}
		r.Timers[0].SceneStart, r.Timers[1].SceneStart, r.Timers[2].SceneStart = "Camera", "Nowhere", "Nowhere"
	})
	made := make(chan app.OBSCommand, 4)
	s := show(t, core, func(c *Config) { c.OBS = recordOBS(made) })
	table := s.openCues(t)
	s.loop.run(func() {
		test.Tap(s.cues.check)
		if !s.said("“Cue 2”, at its start: scene “Nowhere”") || !s.said("“Cue 3”, at its start: scene “Nowhere”") {
			t.Error("the cues are not listed")
		}
		s.press(t, "Make it in OBS")
	})
	for {
		if cmd, ok := (<-made).(app.CreateScene); ok {
			if cmd.Scene != "Nowhere" {
				t.Errorf("%+v reached OBS", cmd)
			}
			break
		}
	}
	s.loop.run(func() {
		s.press(t, "Choose another")
		if table.edit.column != present.SceneColumn || !table.edit.open() {
			t.Error("the scene's cell is not edited")
		}
	})
}

func recordOBS(commands chan<- app.OBSCommand) fakeOBS {
	return func(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
		select {
		case commands <- cmd:
		default:
		}
		return nil, nil
	}
}

// TestALongRundownMakesAndSetsOnlyWhatIsSeen: ten thousand rows.
func TestALongRundownMakesAndSetsOnlyWhatIsSeen(t *testing.T) {
	core := newFakeCore(10_000)
	s := show(t, core, nil)
	table := s.openCues(t)
	s.loop.run(func() {
		if n := len(table.rows); n < 10 || n > 60 {
			t.Fatalf("%d rows of widgets", n)
		}
		before := table.set
		table.scrollTo(5_000 * tableRowHeight)
		if n := table.set - before; n != len(table.rows) {
			t.Errorf("a jump set %d rows of %d", n, len(table.rows))
		}
		before = table.set
		table.scrollTo(5_001 * tableRowHeight)
		if n := table.set - before; n != 1 {
			t.Errorf("a row's scrolling set %d rows", n)
		}
		if first := table.rows[5_001%len(table.rows)]; first.lines[present.NameColumn].full != "Cue 5002" || first.cells.Position().Y != 5_001*tableRowHeight {
			t.Errorf("row 5001 shows %q", first.lines[present.NameColumn].full)
		}
	})
	change := func(i int) {
		core.update(func(_ *app.Snapshot, r *app.RoomState) {
			timers := append([]*app.Timer(nil), r.Timers...)
			changed := *timers[i]
			changed.Name = fmt.Sprint("Changed ", i)
			timers[i] = &changed
			r.Timers = timers
		})
	}
	before := 0
	s.loop.run(func() { before = table.set })
	change(9_000)
	s.loop.until(t, "a change out of sight is known", func() bool { return table.shown.Timer(9_000).Name == "Changed 9000" })
	s.loop.run(func() {
		if n := table.set - before; n != 0 {
			t.Errorf("a change out of sight set %d rows", n)
		}
	})
	change(5_003)
	s.loop.until(t, "a change in sight is shown", func() bool {
		return table.rows[5_003%len(table.rows)].lines[present.NameColumn].full == "Changed 5003"
	})
	s.loop.run(func() {
		if n := table.set - before; n != 1 {
			t.Errorf("a change in sight set %d rows", n)
		}
	})
}

// benchTable is a table of ten thousand rows on a page of 1280 by 800.
func benchTable(b *testing.B) (*table, present.Table) {
	b.Helper()
	t := newTable(&Window{win: test.NewTempApp(b).NewWindow("")})
	v := present.Table{Rundown: present.Rundown{Current: 2}}
	for i := range 10_000 {
		v.Timers = append(v.Timers, &app.Timer{ID: fmt.Sprint(i), Name: fmt.Sprint("Cue ", i), Speaker: "Maria Silva", Notes: "Bring the lower third", Duration: 600_000, SceneStart: "Camera"})
	}
	t.w.win.SetContent(t.scroll)
	t.w.win.Resize(fyne.NewSize(1180, 700))
	t.show(v, benchWords(b))
	return t, v
}

// BenchmarkTableScroll is a frame of scrolling through ten thousand rows: three rows on.
func BenchmarkTableScroll(b *testing.B) {
	t, _ := benchTable(b)
	for i := 0; b.Loop(); i++ {
		t.scrollTo(float32(i*3%9_900) * tableRowHeight)
	}
}

// BenchmarkTableStorm is what one view costs while a thousand changes a second come in,
// of which twenty views are shown.
func BenchmarkTableStorm(b *testing.B) {
	t, v := benchTable(b)
	for i := 0; b.Loop(); i++ {
		timers := append([]*app.Timer(nil), v.Timers...)
		for k := range 50 {
			at := (i*50 + k) % len(timers)
			changed := *timers[at]
			changed.Name = fmt.Sprint("Changed ", i)
			timers[at] = &changed
		}
		v.Timers = timers
		t.show(v, t.words)
	}
}
