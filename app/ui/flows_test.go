package ui

import (
	"fmt"
	"image/color"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
	"cuewire/assets"
)

func TestAStormOfUpdatesRendersTwentyTimesASecondAtMost(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	before, begun := s.Renders(), time.Now()
	const updates = 2000
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for i := range updates {
		<-tick.C
		core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.Duration = app.Millis(i+1) * 1000 })
	}
	took := time.Since(begun)
	s.loop.until(t, "the last update is shown", func() bool { return s.timer.digits.text == "33:20" })
	renders, most := s.Renders()-before, int64(time.Since(begun)/pace)+2
	t.Logf("%d updates in %v: %d renders", updates, took.Round(time.Millisecond), renders)
	if renders > most {
		t.Errorf("%d renders, %d at most", renders, most)
	}
}

func TestFiguresAreRenderedOnceASecondAtMost(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.until(t, "the window has settled", func() bool { return s.View().Timer.Progress.Width > 0 })
	before, begun := s.Renders(), time.Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range 200 {
		<-tick.C
		cpu := float64(i + 1)
		core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.Sample = &app.Sample{OwnCPU: &cpu} })
	}
	s.loop.until(t, "the last figure is shown", func() bool { return s.load.ownCPU.value.full == "200.0 %" })
	if renders, most := s.Renders()-before, int64(time.Since(begun)/calm)+2; renders > most {
		t.Errorf("%d renders, %d at most", renders, most)
	}
}

func TestUpdatesThatShowNothingNewAreNotRendered(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.until(t, "the window has settled", func() bool { return s.width.Load() > 0 && s.View().Timer.Progress.Width > 0 })
	before := s.Renders()
	for range 50 {
		core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.At++ })
	}
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.Duration = 60_000 })
	s.loop.until(t, "the one that does", func() bool { return s.timer.digits.text == "1:00" })
	if renders := s.Renders() - before; renders != 1 {
		t.Errorf("%d renders, want 1", renders)
	}
}

func TestTenThousandRowsCostWhatTheScreenShows(t *testing.T) {
	core := newFakeCore(10_000)
	s := show(t, core, nil)
	filled := 0
	s.loop.run(func() {
		update := s.rundown.list.UpdateItem
		s.rundown.list.UpdateItem = func(i int, o fyne.CanvasObject) {
			filled++
			update(i, o)
		}
	})
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.CurrentTimerID = "9000" })
	s.loop.until(t, "the current row is in sight", func() bool { return s.cue("Cue 9000") != nil })
	s.loop.run(func() {
		rows := 0
		for _, o := range test.LaidOutObjects(s.Canvas().Content()) {
			if _, ok := o.(*cueRow); ok {
				rows++
			}
		}
		t.Logf("%d rows laid out, %d filled", rows, filled)
		if rows == 0 || rows > 40 || filled > 160 {
			t.Errorf("%d rows laid out and %d filled for one change", rows, filled)
		}
		filled = 0
	})
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.Duration += 1000 })
	s.loop.until(t, "the time", func() bool { return s.timer.digits.text == "10:01" })
	s.loop.run(func() {
		if filled != 0 {
			t.Errorf("%d rows filled for a change that no row shows", filled)
		}
	})
}

func TestHiddenTheWindowDrawsNothing(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.run(s.Hide)
	before := s.Renders()
	for range 20 {
		core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.Duration += 1000 })
		for len(core.news) > 0 { // until Run has taken it
			s.loop.run(func() {})
		}
	}
	s.Raise()
	s.loop.until(t, "shown again it is up to date", func() bool { return s.timer.digits.text == "10:20" })
	if renders := s.Renders() - before; renders != 1 {
		t.Errorf("%d renders, want the one of showing it again", renders)
	}
}

func TestTheLanguageSwitchesWhileItRuns(t *testing.T) {
	core := realCore(t)
	news := core.Watch()
	defer news.Close()
	s := show(t, core, nil)
	s.tap(ButtonSettings)
	s.loop.run(func() { s.settings.language.SetSelected("Português (Brasil)") })
	s.loop.until(t, "the settings are Portuguese", func() bool { return s.settings.viewing.Text == "Visualização aberta na rede local" })
	if got := core.Snapshot().Settings.Language; got != "pt-BR" {
		t.Errorf("the setting is %q", got)
	}
	s.loop.run(func() {
		test.Tap(s.settings.viewing)
		s.openArea(present.LiveArea)
		if s.Button(ButtonPlay).Text != "Iniciar" || s.desk.tabs[0].Text != "Roteiro" ||
			s.Button(ButtonSettings).Text != "Ajustes" || s.links.heading.full != "Endereços" {
			t.Error("the live page stayed English")
		}
	})
	for !core.Snapshot().Settings.ViewingOpen {
		if _, err := news.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTimersAreAddedAndTimeIsSetInDialogs(t *testing.T) {
	core := newFakeCore(0)
	s := show(t, core, nil)
	s.loop.run(func() {
		if !s.rundown.empty.object.Visible() || s.rundown.body.Visible() {
			t.Error("an empty rundown does not say so")
		}
		test.Tap(s.rundown.empty.first)
		entry := s.Canvas().Focused().(*field)
		test.Type(entry, "Opening")
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	})
	add, ok := core.next(t).(app.CreateTimer)
	if !ok || add.RoomID != "r1" || *add.Fields.Name != "Opening" || *add.Fields.Duration != 300_000 {
		t.Errorf("sent %+v", add)
	}
	core.update(func(_ *app.Snapshot, r *app.RoomState) {
		r.Timers = []*app.Timer{{ID: "1", Name: "Opening", Duration: 300_000}}
		r.Playback.CurrentTimerID = "1"
	})
	s.loop.until(t, "there is a timer to set", func() bool { return !s.Button(ButtonSetTime).Disabled() })
	s.loop.run(func() {
		test.Tap(s.Button(ButtonSetTime))
		entry := s.Canvas().Focused().(*field)
		test.Type(entry, "1x")
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	})
	core.nothing(t)
	s.loop.run(func() {
		entry := s.Canvas().Focused().(*field)
		entry.SetText("1:30")
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	})
	if got := control(t, core.next(t)); got.Action != app.SetTime || *got.Value != 90_000 {
		t.Errorf("sent %+v", got)
	}
}

func TestEscapeLeavesADialogUnsent(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.run(func() {
		test.TypeOnCanvas(s.Canvas(), "t")
		entry := s.Canvas().Focused().(*field)
		if entry.Text != "" {
			t.Errorf("the key that opened the dialog is in its field: %q", entry.Text)
		}
		test.Type(entry, "3")
		entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if s.dialog != nil || s.Canvas().Overlays().Top() != nil {
			t.Error("the dialog is still open")
		}
	})
	core.nothing(t)
}

func TestKeysRestWhileADialogIsOpen(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.run(func() { test.TypeOnCanvas(s.Canvas(), "?") })
	s.key(fyne.KeySpace)
	core.nothing(t)
	s.loop.run(func() {
		if s.dialog == nil {
			t.Error("no sheet of shortcuts")
		}
	})
	s.key(fyne.KeyEscape)
	s.key(fyne.KeySpace)
	if got := control(t, core.next(t)); got.Action != app.Play {
		t.Errorf("sent %s", got.Action)
	}
}

func TestClosingAsksOnlyWhileSomethingRuns(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.run(func() {
		s.closeAsked() // without a tray it could not be found again
		if len(s.quit) != 0 || s.dialog == nil {
			t.Error("it quits without a question where there is no tray")
		}
		s.dialog.Hide()
		s.tray.possible.Store(true)
		s.closeAsked()
	})
	<-s.quit
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.State = app.Running })
	s.loop.run(func() {
		s.closeAsked()
		if len(s.quit) != 0 || s.dialog == nil {
			t.Error("it quits a running show without a question")
		}
		for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
			if b, ok := o.(*widget.Button); ok && b.Text == "Quit" {
				test.Tap(b)
			}
		}
	})
	<-s.quit
}

func TestClosingToTheTrayHides(t *testing.T) {
	core := newFakeCore(1)
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.Settings.CloseToTray = true })
	s := show(t, core, nil)
	s.loop.run(func() {
		s.tray.possible.Store(true)
		s.closeAsked()
	})
	if s.visible.Load() || len(s.quit) != 0 {
		t.Error("the window is not hidden")
	}
}

func TestLinksAreCopiedWhole(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.run(func() {
		test.Tap(s.links.links[0].copy)
		if got := s.cfg.App.Clipboard().Content(); got != "http://127.0.0.1:3000/r/ABC234/viewer" {
			t.Errorf("copied %q", got)
		}
	})
	s.loop.until(t, "a notice", func() bool { return strings.HasPrefix(s.notice.text.Text, "Copied") })
}

func TestFatalSaysWhatHappenedAndOffersAWayOut(t *testing.T) {
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		t.Fatal(err)
	}
	newLoop(t).run(func() {
		a := test.NewApp()
		helped := false
		w := ShowFatal(a, catalogue.In("en"), "Port 3000 is in use.", "bind: refused", FatalAction{"Use another port", func() { helped = true }})
		w.Resize(fyne.NewSize(560, 220))
		said := false
		for _, o := range test.LaidOutObjects(w.Content()) {
			switch o := o.(type) {
			case *widget.Label:
				said = said || o.Text == "Port 3000 is in use."
			case *widget.Button:
				if o.Text != "Quit" {
					test.Tap(o)
				}
			}
		}
		if !said || !helped || a.Clipboard().Content() != "Port 3000 is in use.\n\nbind: refused" {
			t.Errorf("said %v, helped %v, copied %q", said, helped, a.Clipboard().Content())
		}
	})
}

func TestLinesEndInAnEllipsis(t *testing.T) {
	newLoop(t).run(func() {
		test.NewApp()
		l := newLine(sizeText, nil)
		l.Resize(fyne.NewSize(120, 20))
		l.set("A rather long sentence that does not fit", nil)
		shown := l.text.Text
		if !strings.HasSuffix(shown, "…") || fyne.MeasureText(shown, sizeText, fyne.TextStyle{}).Width > 120 {
			t.Errorf("shows %q", shown)
		}
		l.Resize(fyne.NewSize(2000, 20))
		if l.text.Text != l.full {
			t.Errorf("with room it shows %q", l.text.Text)
		}
	})
}

func TestDigitsStayInTheirPlacesWhileTheyCount(t *testing.T) {
	newLoop(t).run(func() {
		test.NewApp()
		d := newDigits()
		d.Resize(fyne.NewSize(800, 300))
		places := map[string]bool{}
		for _, text := range []string{"10:00", "11:11", "48:59"} {
			d.set(text, color.White)
			place := ""
			for _, c := range d.cells {
				place += fmt.Sprint(c.Position(), c.TextSize)
			}
			places[place] = true
		}
		if len(places) != 1 {
			t.Errorf("the digits stand in %d ways", len(places))
		}
		d.set("+1:00:00", color.White)
		last := d.cells[len(d.cells)-1]
		if len(d.cells) != 8 || d.cells[0].Position().X < 0 || last.Position().X+last.MinSize().Width > 800 {
			t.Errorf("an hour reaches from %v to %v", d.cells[0].Position().X, last.Position().X+last.MinSize().Width)
		}
	})
}
