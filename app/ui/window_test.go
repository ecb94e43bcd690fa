package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
)

func control(t *testing.T, cmd app.Command) app.Control {
	t.Helper()
	c, ok := cmd.(app.Control)
	if !ok {
		t.Fatalf("the core got %T", cmd)
	}
	return c
}

func TestButtonsAndKeysSendWhatTheySay(t *testing.T) {
	core := newFakeCore(3)
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.CurrentTimerID = "2" })
	s := show(t, core, nil)
	for _, test := range []struct {
		button Name
		key    fyne.KeyName
		action app.Action
		value  app.Millis
	}{
		{ButtonPlay, fyne.KeySpace, app.Play, 0},
		{ButtonReset, fyne.KeyR, app.Reset, 0},
		{ButtonPrevious, fyne.KeyLeft, app.Previous, 0},
		{ButtonNext, fyne.KeyRight, app.Next, 0},
		{ButtonTakeTime, fyne.KeyDown, app.AddTime, -60_000},
		{ButtonAddTime, fyne.KeyUp, app.AddTime, 60_000},
		{ButtonBlackout, fyne.KeyB, app.Blackout, 0},
		{ButtonFlash, fyne.KeyF, app.Flash, 0},
		{ButtonFocus, fyne.KeyM, app.Focus, 0},
	} {
		for how, press := range map[string]func(){"button": func() { s.tap(test.button) }, "key": func() { s.key(test.key) }} {
			press()
			got := control(t, core.next(t))
			if got.RoomID != "r1" || got.Action != test.action || (test.value != 0) != (got.Value != nil) || got.Value != nil && *got.Value != test.value {
				t.Errorf("%s %s sent %+v", how, test.button, got)
			}
		}
	}
	core.nothing(t)
}

func TestToggledModesSwitchOff(t *testing.T) {
	core := newFakeCore(1)
	core.update(func(_ *app.Snapshot, r *app.RoomState) {
		r.Playback.State, r.Playback.Blackout, r.Playback.Flash, r.Playback.Focus = app.Running, true, true, true
	})
	s := show(t, core, nil)
	for name, want := range map[Name]app.Action{
		ButtonPlay: app.Pause, ButtonBlackout: app.StopBlackout, ButtonFlash: app.StopFlash, ButtonFocus: app.StopFocus,
	} {
		s.tap(name)
		if got := control(t, core.next(t)); got.Action != want {
			t.Errorf("%s sent %s, want %s", name, got.Action, want)
		}
	}
	s.loop.run(func() {
		if b := s.Button(ButtonBlackout); b.Importance != widget.DangerImportance {
			t.Error("the blackout button does not show that it is on")
		}
	})
}

func TestPressesReachTheCoreInTheirOrder(t *testing.T) {
	core := newFakeCore(3)
	s := show(t, core, nil)
	want := make([]app.Action, 0, 60)
	for range 20 {
		s.loop.run(func() {
			test.Tap(s.Button(ButtonNext))
			test.Tap(s.Button(ButtonPlay))
			test.Tap(s.Button(ButtonReset))
		})
		want = append(want, app.Next, app.Play, app.Reset)
	}
	for i, action := range want {
		if got := control(t, core.next(t)); got.Action != action {
			t.Fatalf("press %d arrived as %s, want %s", i, got.Action, action)
		}
	}
}

func TestStopWhileRunningNeedsASecondPress(t *testing.T) {
	core := newFakeCore(1)
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.State = app.Running })
	s := show(t, core, nil)
	s.tap(ButtonStop)
	s.loop.until(t, "the button asks for a second press", func() bool { return s.Button(ButtonStop).Text == "Press again" })
	core.nothing(t)
	core.pass(armedFor) // too late
	s.tap(ButtonStop)
	core.nothing(t)
	s.tap(ButtonStop)
	if got := control(t, core.next(t)); got.Action != app.Stop {
		t.Errorf("sent %s", got.Action)
	}
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.State = app.Paused })
	s.tap(ButtonStop)
	if got := control(t, core.next(t)); got.Action != app.Stop {
		t.Errorf("paused, it sent %s", got.Action)
	}
}

// cue returns the row of the rundown that shows a name.
func (s *stage) cue(name string) *cueRow {
	for _, o := range test.LaidOutObjects(s.Canvas().Content()) {
		if r, ok := o.(*cueRow); ok && r.Visible() && r.name.full == name {
			return r
		}
	}
	return nil
}

func (s *stage) scene(name string) *sceneRow {
	for _, o := range test.LaidOutObjects(s.Canvas().Content()) {
		if r, ok := o.(*sceneRow); ok && r.Visible() && r.name.full == name {
			return r
		}
	}
	return nil
}

func TestClickOnATimerGoesToIt(t *testing.T) {
	core := newFakeCore(4)
	s := show(t, core, nil)
	s.loop.run(func() { test.Tap(s.cue("Cue 3")) })
	if got := control(t, core.next(t)); got.Action != app.GoTo || got.ID != "3" {
		t.Errorf("sent %+v", got)
	}
	core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.State = app.Running })
	s.loop.run(func() { test.Tap(s.cue("Cue 2")) })
	s.loop.until(t, "the row asks for a second click", func() bool { return s.cue("Cue 2").state.full == "Click again to jump" })
	s.loop.run(func() { test.Tap(s.cue("Cue 4")) }) // another row: armed anew
	core.nothing(t)
	s.loop.run(func() { test.Tap(s.cue("Cue 4")) })
	if got := control(t, core.next(t)); got.ID != "4" {
		t.Errorf("sent %+v", got)
	}
	s.loop.run(func() { test.Tap(s.cue("Cue 1")) }) // the current one
	core.nothing(t)
}

func TestPlayInTheWindowRunsTheRealEngineAndRemoteChangesAppear(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	s.tap(ButtonPlay)
	s.loop.until(t, "the timer runs and the button pauses", func() bool {
		return core.Snapshot().Rooms[0].Playback.State == app.Running && s.Button(ButtonPlay).Text == "Pause"
	})
	room := core.Snapshot().Rooms[0].Room.ID
	left := app.Millis(3_599_000)
	for _, c := range []app.Control{{Action: app.Pause}, {Action: app.SetTime, Value: &left}, {Action: app.Blackout}} {
		c.RoomID = room
		if _, err := core.Do(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	s.loop.until(t, "what another face did is shown", func() bool {
		return s.timer.digits.text == "59:59" && s.Button(ButtonPlay).Text == "Play" &&
			s.Button(ButtonBlackout).Importance == widget.DangerImportance
	})
}

func TestDigitsCountByThemselves(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	s.tap(ButtonPlay)
	seen := map[string]bool{}
	s.loop.until(t, "three seconds are counted", func() bool {
		seen[s.timer.digits.text] = true
		return len(seen) >= 4
	})
}

func withScenes(core *fakeCore) {
	core.update(func(snap *app.Snapshot, _ *app.RoomState) {
		snap.OBS = app.OBSState{
			Phase: app.OBSConnected, Scenes: []app.OBSScene{{Name: "Wide"}, {Name: "Close"}}, CurrentScene: "Wide",
		}
	})
}

func TestClickOnASceneSwitchesIt(t *testing.T) {
	core := newFakeCore(1)
	withScenes(core)
	asked := make(chan app.OBSCommand, 1)
	s := show(t, core, func(cfg *Config) {
		cfg.OBS = fakeOBS(func(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
			if _, ok := ctx.Deadline(); !ok {
				t.Error("OBS is asked without a deadline")
			}
			asked <- cmd
			core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.CurrentScene = "Close" })
			return nil, nil
		})
	})
	s.loop.run(func() { test.Tap(s.scene("Close")) })
	if cmd := <-asked; cmd != (app.SwitchScene{Scene: "Close"}) {
		t.Errorf("OBS was asked for %+v", cmd)
	}
	s.loop.until(t, "the new scene is on program", func() bool {
		return s.scene("Close").mark.full == "ON PROGRAM" && s.scene("Wide").mark.full == ""
	})
}

func TestSlowOBSBlocksNothingAndItsErrorIsShown(t *testing.T) {
	core := newFakeCore(1)
	withScenes(core)
	release := make(chan struct{})
	s := show(t, core, func(cfg *Config) {
		cfg.OBS = fakeOBS(func(context.Context, app.OBSCommand) (app.OBSAnswer, error) {
			<-release
			return nil, app.NewError(app.CodeTimeout, "obs.timeout", "OBS did not answer in time.", nil)
		})
	})
	s.loop.run(func() { test.Tap(s.scene("Close")) })
	s.loop.until(t, "the scene is marked as asked for", func() bool { return s.scene("Close").mark.full == "switching…" })
	s.tap(ButtonPlay)
	if got := control(t, core.next(t)); got.Action != app.Play {
		t.Errorf("sent %s", got.Action)
	}
	close(release)
	s.loop.until(t, "the error is told", func() bool {
		return s.notice.object.Visible() && strings.HasPrefix(s.notice.text.Text, "OBS did not switch to “Close”. OBS did not answer in time.") &&
			s.scene("Close").mark.full == ""
	})
	s.loop.run(s.dismissNotice)
	s.loop.until(t, "the notice is gone", func() bool { return !s.notice.object.Visible() })
}

func TestWithoutABridgeThatIsSaid(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.tap(ButtonOBS)
	s.loop.until(t, "a notice", func() bool { return strings.Contains(s.notice.text.Text, "started without OBS") })
}

func TestARefusedCommandIsToldInWords(t *testing.T) {
	core := newFakeCore(2)
	core.refuse = app.NewError(app.CodeConflict, "no.such.key", "This is the last timer.", nil)
	s := show(t, core, nil)
	s.tap(ButtonNext)
	s.loop.until(t, "a notice", func() bool { return s.notice.text.Text == "That did not work. This is the last timer." })
}

func TestRunEndsWithItsContext(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	w := s.Window
	go func() { done <- w.Run(ctx) }()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run: %v", err)
		}
	case <-time.After(deadline):
		t.Fatal("Run goes on")
	}
}
