package ui

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// press taps the button of the open dialog with that text.
func (s *stage) press(t *testing.T, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
		if b, ok := o.(*widget.Button); ok && b.Text == text {
			test.Tap(b)
			return
		}
	}
	t.Errorf("there is no button %q", text)
}

// entry clicks the entry of the open menu with that text.
func (s *stage) entry(t *testing.T, text string) {
	t.Helper()
	for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
		menu, ok := o.(*widget.PopUpMenu)
		if !ok {
			continue
		}
		for _, item := range menu.Items {
			for _, part := range test.LaidOutObjects(item) {
				if label, ok := part.(*canvas.Text); ok && label.Text == text {
					item.(fyne.Tappable).Tapped(nil)
					return
				}
			}
		}
	}
	t.Errorf("there is no entry %q", text)
}

// said reports whether the open dialog shows a text.
func (s *stage) said(text string) bool { return says(s.Canvas().Overlays().Top(), text) }

// says reports whether the page shown says a text.
func (s *stage) says(text string) bool { return says(s.areas[s.View().Area].canvas(), text) }

func says(where fyne.CanvasObject, text string) bool {
	for _, o := range test.LaidOutObjects(where) {
		switch o := o.(type) {
		case *line:
			if o.Visible() && o.full == text {
				return true
			}
		case *widget.Label:
			if o.Visible() && o.Text == text {
				return true
			}
		}
	}
	return false
}

// focused returns the field that has the focus.
func (s *stage) focused(t *testing.T) *field {
	t.Helper()
	f, ok := s.Canvas().Focused().(*field)
	if !ok {
		t.Errorf("%T has the focus", s.Canvas().Focused())
		return s.newField()
	}
	return f
}

func enter(f fyne.Focusable) { f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) }

func TestEditingACueSendsWhatDiffersAndSaysWhatIsWrong(t *testing.T) {
	core := newFakeCore(3)
	withScenes(core)
	s := show(t, core, nil)
	s.loop.run(func() {
		s.cue("Cue 2").DoubleTapped(nil)
		name := s.focused(t)
		if name.Text != "Cue 2" {
			t.Errorf("the title is %q", name.Text)
		}
		name.SetText("")
		enter(name)
		if !s.said("Write something here") || s.focused(t) != name {
			t.Error("an empty title is not said beside its field")
		}
		name.SetText("Panel")
		if s.said("Write something here") {
			t.Error("what was wrong stands although it is put right")
		}
		enter(name)
	})
	sent, ok := core.next(t).(app.UpdateTimer)
	if !ok || sent.RoomID != "r1" || sent.TimerID != "2" || *sent.Fields.Name != "Panel" {
		t.Fatalf("sent %+v", sent)
	}
	if sent.Fields.Name = nil; sent.Fields.Duration != nil || sent.Fields.Notes != nil {
		t.Errorf("what was left alone is sent: %+v", sent.Fields)
	}
	s.loop.until(t, "the sheet is closed", func() bool { return s.dialog == nil })
}

func TestWhatTheCoreRefusesStandsBesideItsField(t *testing.T) {
	core := newFakeCore(1)
	core.refuse = app.NewError(app.CodeInvalid, "no.such.key", "This scene is not good.", map[string]any{"Field": "obs_scene_zero"})
	s := show(t, core, nil)
	var f *field
	s.loop.run(func() {
		test.TypeOnCanvas(s.Canvas(), "e")
		f = s.focused(t)
		f.SetText("Other")
		enter(f)
	})
	core.next(t)
	s.loop.until(t, "the refusal stands in the sheet", func() bool { return s.dialog != nil && s.said("This scene is not good.") })
	s.loop.run(func() {
		if _, ok := s.Canvas().Focused().(*pickField); !ok {
			t.Errorf("%T has the focus, not the field to blame", s.Canvas().Focused())
		}
		s.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if s.dialog != nil {
			t.Error("Escape does not close the sheet")
		}
	})
}

func TestTheMenuOfACue(t *testing.T) {
	core := newFakeCore(3)
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.State = app.Running })
	s := show(t, core, nil)
	for _, test := range []struct {
		entry string
		right func(app.Command) bool
	}{
		{"Duplicate", func(c app.Command) bool { return c == app.DuplicateTimer{RoomID: "r1", TimerID: "2"} }},
		{"Skip it", func(c app.Command) bool { u, _ := c.(app.UpdateTimer); return u.Fields.Skip != nil && *u.Fields.Skip }},
		{"Move up", func(c app.Command) bool {
			u, _ := c.(app.UpdateTimer)
			return u.Fields.Position != nil && *u.Fields.Position == 0
		}},
		{"Move down", func(c app.Command) bool {
			u, _ := c.(app.UpdateTimer)
			return u.Fields.Position != nil && *u.Fields.Position == 2
		}},
		{"Delete", func(c app.Command) bool { return c == app.DeleteTimer{RoomID: "r1", TimerID: "2"} }},
	} {
		s.loop.run(func() {
			s.cue("Cue 2").more.Tapped(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(400, 300)})
			s.entry(t, test.entry)
		})
		if cmd := core.next(t); !test.right(cmd) {
			t.Errorf("%s sent %+v", test.entry, cmd)
		}
	}
	s.loop.run(func() {
		s.cue("Cue 1").TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(400, 300)})
		s.entry(t, "Delete")
	})
	core.nothing(t)
	s.loop.run(func() { s.press(t, "Delete") }) // the one that is on: asked first
	if cmd := core.next(t); cmd != (app.DeleteTimer{RoomID: "r1", TimerID: "1"}) {
		t.Errorf("sent %+v", cmd)
	}
}

func TestUndoAndRedoAreSent(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.tap(ButtonUndoEdit)
	if cmd := core.next(t); cmd != (app.Undo{RoomID: "r1"}) {
		t.Errorf("sent %+v", cmd)
	}
	s.tap(ButtonRedoEdit)
	if cmd := core.next(t); cmd != (app.Redo{RoomID: "r1"}) {
		t.Errorf("sent %+v", cmd)
	}
}

func TestMessagesAndAuxiliaryTimersRunTheRealEngine(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	room := func() *app.RoomState { return core.Snapshot().Rooms[0] }
	s.loop.run(func() { test.Tap(s.desk.tabs[present.MessagesTab]) })
	s.loop.until(t, "the messages are shown", func() bool { return s.messages().object.Visible() })
	s.loop.run(func() {
		test.Tap(s.messages().empty.first)
		f := s.focused(t)
		enter(f)
		if !s.said("Write something here") {
			t.Error("a message without a text is not refused")
		}
		test.Type(f, "Speak up")
		enter(f)
	})
	row := func() *messageRow {
		for _, o := range test.LaidOutObjects(s.Canvas().Content()) {
			if r, ok := o.(*messageRow); ok && r.Visible() && r.text.full == "Speak up" {
				return r
			}
		}
		return nil
	}
	s.loop.until(t, "the message is listed", func() bool { return row() != nil })
	s.loop.run(func() { test.Tap(row()) })
	s.loop.until(t, "it is on the screens", func() bool { return room().Playback.MessageID != "" && row().state.full == "On the screens" })
	s.loop.run(func() { test.Tap(row()) })
	s.loop.until(t, "it is off again", func() bool { return room().Playback.MessageID == "" && row().state.full == "Click to show" })

	s.loop.run(func() { test.Tap(s.desk.tabs[present.AuxTab]) })
	s.loop.until(t, "the auxiliary timers are shown", func() bool { return s.desk.aux.object.Visible() })
	s.loop.run(func() { test.Tap(s.desk.add) })
	aux := func() *auxRow {
		if len(s.desk.aux.shown) == 0 {
			return nil
		}
		return s.desk.aux.rows[0]
	}
	s.loop.until(t, "one is there at one press", func() bool { return aux() != nil && aux().digits.full == "5:00" })
	s.loop.run(func() { test.Tap(aux().plus) })
	s.loop.until(t, "a minute more", func() bool { return aux().digits.full == "6:00" })
	s.loop.run(func() { test.Tap(aux().play) })
	s.loop.until(t, "it counts by itself", func() bool { return aux().shown.Running && aux().digits.full == "5:58" })
	s.loop.run(func() { test.Tap(aux().reset) })
	s.loop.until(t, "it is back at its start", func() bool { return !aux().shown.Running && aux().digits.full == "5:00" })
	id := room().Aux[0].ID
	s.loop.run(func() {
		s.editAux(id)
		f := s.focused(t)
		f.SetText("Lunch")
		enter(f)
	})
	s.loop.until(t, "it has another name", func() bool { return aux().name.full == "Lunch" })
}

func TestQuickTimersAreMadeAndPressed(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	s.loop.run(func() { test.Tap(s.desk.tabs[present.QuickTab]) })
	s.loop.until(t, "it says what they are for", func() bool { return s.desk.quick.object.Visible() && s.desk.quick.empty.object.Visible() })
	s.loop.run(func() {
		test.Tap(s.desk.add)
		f := s.focused(t)
		test.Type(f, "Kettle")
		enter(f)
	})
	first := func() *quickRow {
		if len(s.desk.quick.shown) == 0 {
			return nil
		}
		return s.desk.quick.rows[0]
	}
	s.loop.until(t, "it runs at once", func() bool {
		return first() != nil && first().name.full == "Kettle" && first().shown.Running && first().digits.full == "4:59"
	})
	s.loop.run(func() { test.Tap(first().press) })
	s.loop.until(t, "it is paused", func() bool { return !first().shown.Running })
	s.loop.run(func() { test.Tap(first().press) })
	s.loop.until(t, "it goes on", func() bool { return first().shown.Running })
	s.loop.run(func() {
		test.Tap(first().edit)
		f := s.focused(t)
		f.SetText("Tea")
		enter(f)
	})
	s.loop.until(t, "it has another name", func() bool { return first().name.full == "Tea" })
	if made := core.Snapshot().QuickTimers[0]; made.Owner != app.LocalOwner || made.Allocated != 300_000 {
		t.Errorf("made: %+v", made)
	}
	s.loop.run(func() { test.Tap(first().stop) })
	s.loop.until(t, "it has ended", func() bool { return first() == nil })
}

func (s *stage) messages() *messagesCard { return s.desk.messages }

func TestRoomsAreMadeChosenAndDeleted(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	menu := func(entry string) {
		s.loop.run(func() {
			test.Tap(s.timer.room)
			s.entry(t, entry)
		})
	}
	menu("New room…")
	s.loop.run(func() {
		f := s.focused(t)
		test.Type(f, "Garden")
		enter(f)
	})
	s.loop.until(t, "the new room is shown", func() bool { return s.timer.room.Text == "Garden" && s.rundown.empty.object.Visible() })
	menu("Room settings…")
	s.loop.run(func() {
		for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
			switch o := o.(type) {
			case *pickField:
				o.SetText("Nowhere/Land")
			case *tick:
				o.SetChecked(true)
			}
		}
		enter(s.focused(t))
		if !s.said("Write a time zone like America/Sao_Paulo") {
			t.Error("a time zone that does not exist is not refused")
		}
		s.Canvas().Focused().(*pickField).SetText("America/Sao_Paulo")
		enter(s.Canvas().Focused())
	})
	s.loop.until(t, "the room has changed", func() bool {
		r := core.Snapshot().Rooms[1].Room
		return r.TimeZone == "America/Sao_Paulo" && r.AskOpen
	})
	first := core.Snapshot().Rooms[0].Room
	s.chooseRoom(first.ID)
	s.loop.until(t, "the first room is shown again", func() bool { return s.timer.room.Text == first.Name })
	s.chooseRoom(core.Snapshot().Rooms[1].Room.ID)
	s.loop.until(t, "the new room is shown", func() bool { return s.timer.room.Text == "Garden" })
	menu("Delete room")
	s.loop.run(func() { s.press(t, "Delete room") })
	s.loop.until(t, "what is left is shown", func() bool { return len(core.Snapshot().Rooms) == 1 && s.timer.room.Text == first.Name })
}

// fakeFiles reads a file as a timer a line, and refuses one that says so.
type fakeFiles struct{}

var errFile = app.NewError(app.CodeInvalid, "interchange.refused", "", map[string]any{"Count": 1})

func (fakeFiles) ReadRundown(name string, data []byte) ([]app.TimerFields, any, error) {
	if string(data) == "bad" {
		return nil, []map[string]any{{
			"row": 10_000, "column": "C", "header": "Duration", "key": "interchange.badDuration", "message": "", "args": map[string]any{"Value": "x"},
		}}, errFile
	}
	d := app.Millis(60_000)
	return []app.TimerFields{{Name: &name, Duration: &d}}, nil, nil
}

func (fakeFiles) WriteRundown(format string, room *app.RoomState, lang string) ([]byte, string, error) {
	if format == "pdf" {
		return nil, "", errors.New("no such format")
	}
	return []byte(format + " " + lang + " " + room.Room.Name), "text/plain", nil
}

func TestFilesAreImportedAndExported(t *testing.T) {
	core := newFakeCore(2)
	s := show(t, core, func(cfg *Config) { cfg.Files = fakeFiles{} })
	dir := t.TempDir()
	write := func(name, text string) fyne.URI {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return storage.NewFileURI(path)
	}
	good, bad := write("show.csv", "good"), write("bad.csv", "bad")

	s.loop.run(func() { s.dropped([]fyne.URI{bad}) })
	s.loop.until(t, "what is wrong is listed by row and column", func() bool {
		return s.dialog != nil && s.said("Row 10000, column C (Duration): “x” is not a duration like 5:00, 1:05:00, 90s or 1h30.")
	})
	core.nothing(t)
	s.loop.run(func() { s.dialog.Hide() })

	for button, replace := range map[string]bool{"Add to its end": false, "Replace the rundown": true} {
		s.loop.run(func() { s.dropped([]fyne.URI{good}) })
		s.loop.until(t, "it asks what to do", func() bool { return s.dialog != nil })
		s.loop.run(func() { s.press(t, button) })
		sent, ok := core.next(t).(app.ImportTimers)
		if !ok || sent.Replace != replace || len(sent.Timers) != 1 || *sent.Timers[0].Name != "show.csv" {
			t.Errorf("%s sent %+v", button, sent)
		}
	}

	s.loop.until(t, "what was sent is answered, and told", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.busy
	})
	out := storage.NewFileURI(filepath.Join(dir, "out.csv"))
	file, err := storage.Writer(out)
	if err != nil {
		t.Fatal(err)
	}
	s.export("csv", core.Snapshot().Rooms[0], "en", file)
	written, err := storage.Reader(out)
	if err != nil {
		t.Fatal(err)
	}
	defer written.Close()
	if data, err := io.ReadAll(written); err != nil || string(data) != "csv en Main" {
		t.Errorf("wrote %q, %v", data, err)
	}
	s.loop.until(t, "a notice", func() bool { return s.notice.text.Text == "Exported to “out.csv”." })
	if file, err = storage.Writer(out); err != nil {
		t.Fatal(err)
	}
	s.export("pdf", core.Snapshot().Rooms[0], "en", file)
	s.loop.until(t, "a failure is told", func() bool { return s.notice.text.Text == "The rundown was not exported. no such format" })
}

func TestProblemsOfTheRundownAreTold(t *testing.T) {
	core := newFakeCore(2)
	withScenes(core)
	core.update(func(_ *app.Snapshot, r *app.RoomState) {
		second := *r.Timers[1]
		second.SceneZero = "Gone"
		r.Timers = []*app.Timer{r.Timers[0], &second}
	})
	s := show(t, core, nil)
	s.loop.run(func() {
		if state := s.cue("Cue 2").state.full; state != "No scene “Gone”" {
			t.Errorf("the row says %q", state)
		}
		if !s.desk.problems.Visible() || s.desk.problems.Text != "1 problem" {
			t.Errorf("the button says %q", s.desk.problems.Text)
		}
		test.Tap(s.desk.problems)
		if !s.said("“Cue 2”, when its time is up: scene “Gone”") {
			t.Error("the problem is not listed")
		}
	})
}

func TestRollIsSwitchedAndSaid(t *testing.T) {
	core := newFakeCore(2)
	s := show(t, core, nil)
	s.tap(ButtonRoll)
	if got := control(t, core.next(t)); got.Action != app.Roll {
		t.Errorf("sent %s", got.Action)
	}
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.Roll = true })
	s.loop.until(t, "the button says that it is on", func() bool {
		return s.desk.roll.Text == "Following the clock" && s.desk.summary.full == "The clock chooses the timer, by the planned starts"
	})
	s.tap(ButtonRoll)
	if got := control(t, core.next(t)); got.Action != app.StopRoll {
		t.Errorf("sent %s", got.Action)
	}
}

// TestThePlanOfALongRundownIsMadeOnlyWhenItChanges is about the work that ten
// thousand rows make, second after second.
func TestThePlanOfALongRundownIsMadeOnlyWhenItChanges(t *testing.T) {
	core := newFakeCore(10_000)
	room := core.Snapshot().Rooms[0]
	var sizes []int
	p := planner{lay: func(r *app.RoomState, now app.Instant) present.Plan {
		sizes = append(sizes, len(r.Timers))
		plan := present.Plan{Starts: make([]present.Start, len(r.Timers))}
		for i := range plan.Starts {
			at := now.Add(app.Millis(i) * 600_000)
			plan.Starts[i] = present.Start{Planned: at, Expected: at}
		}
		plan.PlannedEnd, plan.ExpectedEnd = now+600_000, now+600_000
		return plan
	}}
	const start = app.Instant(1_800_000_000_000) // a whole minute
	whole := func() int { return len(slices.DeleteFunc(slices.Clone(sizes), func(n int) bool { return n == 1 })) }
	first, over := p.plan(room, start)
	if over != nil {
		t.Error("a show that has not begun is late")
	}
	for second := range 60 { // stopped, every start moves on with the time
		p.plan(room, start.Add(app.Millis(second)*1000))
	}
	if whole() != 1 {
		t.Errorf("laid out %d times in a minute", whole())
	}
	if next, _ := p.plan(room, start+60_000); next == first || whole() != 2 {
		t.Error("the next minute shows the old plan")
	}
	running := *room
	running.Playback.State, running.Playback.StartedAt, running.Playback.ShowStart = app.Running, start, start
	for second := range 600 {
		if _, over = p.plan(&running, start.Add(app.Millis(second)*1000)); over == nil {
			t.Fatal("nothing tells how late the show is")
		}
	}
	if whole() != 3 {
		t.Errorf("laid out %d times while it ran", whole()-2)
	}
	if p.plan(&running, start+600_000); whole() != 4 {
		t.Errorf("laid out %d times until the time was up", whole())
	}
}
