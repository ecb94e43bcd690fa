package ui

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// scriptedOBS records what it is asked and answers as the test says.
type scriptedOBS struct {
	asked  chan app.OBSCommand
	answer func(app.OBSCommand) (app.OBSAnswer, error) // nil for nil
}

func (o *scriptedOBS) DoOBS(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	o.asked <- cmd
	if o.answer == nil {
		return nil, nil
	}
	return o.answer(cmd)
}

// next returns the next command that reached OBS.
func (o *scriptedOBS) next(t *testing.T) app.OBSCommand {
	t.Helper()
	select {
	case cmd := <-o.asked:
		return cmd
	case <-time.After(deadline):
		t.Fatal("nothing reached OBS")
		return nil
	}
}

// nothing fails the test if a command reached OBS.
func (o *scriptedOBS) nothing(t *testing.T) {
	t.Helper()
	select {
	case cmd := <-o.asked:
		t.Fatalf("%T reached OBS", cmd)
	default:
	}
}

// showOBS shows a window with a scripted OBS in the state given.
func showOBS(t *testing.T, state app.OBSState, answer func(app.OBSCommand) (app.OBSAnswer, error), change func(*Config)) (*fakeCore, *scriptedOBS, *stage) {
	t.Helper()
	core := newFakeCore(1)
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS = state })
	obs := &scriptedOBS{asked: make(chan app.OBSCommand, 20), answer: answer}
	s := show(t, core, func(cfg *Config) {
		cfg.OBS = obs
		if change != nil {
			change(cfg)
		}
	})
	return core, obs, s
}

func connected() app.OBSState {
	return app.OBSState{
		Phase: app.OBSConnected, Host: "127.0.0.1", Port: 4455,
		Scenes: []app.OBSScene{{Name: "Wide"}, {Name: "Close"}}, CurrentScene: "Wide",
	}
}

// told waits until a notice says so.
func (s *stage) told(t *testing.T, text string) {
	t.Helper()
	s.loop.until(t, text, func() bool { return s.notice.object.Visible() && strings.Contains(s.notice.text.Text, text) })
}

// button returns the button of the dialog open with that text.
func (s *stage) dialogButton(text string) *widget.Button {
	for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
		if b, ok := o.(*widget.Button); ok && b.Text == text {
			return b
		}
	}
	return nil
}

func TestTheButtonOfEachPhaseConnectsAnew(t *testing.T) {
	release := make(chan struct{})
	core, obs, s := showOBS(t, app.OBSState{Phase: app.OBSOff}, func(app.OBSCommand) (app.OBSAnswer, error) {
		<-release
		return nil, app.NewError(app.CodeUnavailable, "obs.notFound", "no OBS", nil)
	}, nil)
	for phase, text := range map[app.OBSPhase]string{
		app.OBSOff: "Look for OBS", app.OBSNotRunning: "Try now", app.OBSServerOff: "Try now",
		app.OBSLost: "Try now", app.OBSKicked: "Connect again",
	} {
		core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.Phase = phase })
		s.loop.until(t, text, func() bool {
			b := s.Button(ButtonOBS)
			return s.View().OBS.State.Text == s.text("window.obs.phase."+string(phase)) && b.Visible() && b.Text == text && !b.Disabled()
		})
		s.tap(ButtonOBS)
		if cmd := obs.next(t); cmd != (app.ReconnectOBS{}) {
			t.Errorf("%s: asked %T", phase, cmd)
		}
		s.loop.until(t, "the button rests", func() bool { return s.Button(ButtonOBS).Disabled() })
		release <- struct{}{}
		s.told(t, "No OBS was found on this computer.")
		s.loop.run(s.dismissNotice)
	}
}

func TestAPasswordIsTakenAndForgotten(t *testing.T) {
	core, obs, s := showOBS(t, app.OBSState{Phase: app.OBSWrongPassword, Host: "10.0.0.7", Port: 4456}, nil, nil)
	var typed *field
	s.loop.run(func() {
		typed = s.obs.trouble.password
		if typed == nil || !typed.Visible() || !typed.Password {
			t.Fatal("no field for a password")
		}
		s.Canvas().Focus(typed)
		test.Type(typed, "sesame")
		typed.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if typed.Text != "" || s.obs.trouble.password == typed || s.obs.trouble.password.Text != "" {
			t.Error("the password stays in a field")
		}
	})
	if cmd := obs.next(t); cmd != (app.ConnectOBS{Host: "10.0.0.7", Port: 4456, Password: "sesame"}) {
		t.Error("OBS was asked for something else")
	}
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.Phase = app.OBSConnecting })
	s.loop.until(t, "the field is gone", func() bool { return s.obs.trouble.password == nil })
}

// parse reads "obsws://10.0.0.7:4456/PASSWORD" and hosts.
func parse(text string) (app.ConnectOBS, error) {
	if rest, ok := strings.CutPrefix(text, "obsws://"); ok {
		host, password, _ := strings.Cut(rest, "/")
		return app.ConnectOBS{Host: strings.TrimSuffix(host, ":4456"), Port: 4456, Password: password}, nil
	}
	if text == "" {
		return app.ConnectOBS{}, app.NewError(app.CodeInvalid, "obs.target.host", "a host is needed", nil)
	}
	return app.ConnectOBS{Host: text, Port: 4455}, nil
}

func TestAnotherOBSIsConnectedTo(t *testing.T) {
	refuse := app.NewError(app.CodeUnavailable, "obs.wrongPassword", "wrong", nil)
	_, obs, s := showOBS(t, connected(), func(cmd app.OBSCommand) (app.OBSAnswer, error) {
		switch c := cmd.(type) {
		case app.ListOBS:
			return []app.OBSInstance{{Active: true}}, nil
		case app.ConnectOBS:
			if c.Password == "wrong" {
				return nil, refuse
			}
		}
		return nil, nil
	}, func(cfg *Config) { cfg.ParseOBS = parse })
	var d *obsDialog
	s.loop.run(func() { d = s.showOBSDialog() })
	if cmd := obs.next(t); cmd != (app.ListOBS{}) {
		t.Errorf("asked %T", cmd)
	}
	s.loop.run(func() { d.submit() })
	s.loop.run(func() {
		if !d.problem.Visible() || !strings.Contains(d.problem.Text, "needs the name or IP address") {
			t.Errorf("without an address: %q", d.problem.Text)
		}
		d.address.SetText("obsws://10.0.0.7:4456/wrong")
		if d.address.Text != "10.0.0.7" || d.port.Text != "4456" || d.pass.Text != "wrong" || !d.pass.Password || s.Canvas().Focused() != d.pass {
			t.Errorf("taken apart: %q %q, password taken %v", d.address.Text, d.port.Text, d.pass.Text == "wrong")
		}
		d.name.SetText("Van")
		d.pass.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	})
	if cmd := obs.next(t); cmd != (app.ConnectOBS{Host: "10.0.0.7", Port: 4456, Password: "wrong"}) {
		t.Errorf("asked %T", cmd)
	}
	s.loop.until(t, "the refusal is told in the dialog", func() bool {
		return d.open() && d.problem.Visible() && strings.HasPrefix(d.problem.Text, "OBS did not accept the password.") && !d.connect.Disabled()
	})
	if cmd := obs.next(t); cmd != (app.ListOBS{}) {
		t.Errorf("asked %T", cmd)
	}
	s.loop.run(func() {
		d.port.SetText("99999")
		d.submit()
		if !strings.Contains(d.problem.Text, "from 1 to 65535") {
			t.Errorf("a port that is none: %q", d.problem.Text)
		}
		d.port.SetText("")
		d.address.SetText("studio")
		d.pass.SetText("right")
		test.Tap(d.connect)
	})
	for _, want := range []app.OBSCommand{
		app.ConnectOBS{Host: "studio", Port: 4455, Password: "right"},
		app.AddOBS{Name: "Van", Host: "studio", Port: 4455, Password: "right"},
	} {
		if cmd := obs.next(t); cmd != want {
			t.Errorf("asked %T, want %T", cmd, want)
		}
	}
	s.loop.until(t, "the dialog closes", func() bool { return !d.open() && s.Canvas().Overlays().Top() == nil })
	s.loop.run(func() {
		if d.pass.Text != "" || d.address.Text != "" {
			t.Error("the password stays in the dialog")
		}
	})
	obs.nothing(t)
}

func TestRememberedOBSAreOneClickAway(t *testing.T) {
	list := []app.OBSInstance{{}, {ID: "a", Name: "Studio", Host: "10.0.0.7", Port: 4455, Active: true}, {ID: "b", Name: "Van", Host: "10.0.0.8", Port: 4456}}
	var removed atomic.Bool
	_, obs, s := showOBS(t, connected(), func(cmd app.OBSCommand) (app.OBSAnswer, error) {
		switch cmd.(type) {
		case app.ListOBS:
			if removed.Load() {
				return list[:2], nil
			}
			return list, nil
		case app.RemoveOBS:
			removed.Store(true)
		case app.ActivateOBS:
			return nil, app.NewError(app.CodeUnavailable, "obs.refused", "refused", map[string]any{"Host": "10.0.0.8", "Port": 4456})
		}
		return nil, nil
	}, nil)
	s.tap(ButtonOtherOBS)
	if cmd := obs.next(t); cmd != (app.ListOBS{}) {
		t.Errorf("asked %T", cmd)
	}
	buttons := func() (found []*widget.Button) {
		for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
			b, ok := o.(*widget.Button)
			if ok && (b.Icon != nil || b.Text == "Connect" && b.Importance != widget.HighImportance) {
				found = append(found, b)
			}
		}
		return found
	}
	s.loop.until(t, "this computer's, and the van's two", func() bool { return len(buttons()) == 3 })
	s.loop.run(func() { test.Tap(buttons()[1]) })
	if cmd := obs.next(t); cmd != (app.ActivateOBS{ID: "b"}) {
		t.Errorf("asked %+v", cmd)
	}
	if cmd := obs.next(t); cmd != (app.ListOBS{}) { // it is the active one now, although it does not answer
		t.Errorf("asked %T", cmd)
	}
	s.loop.until(t, "all buttons again", func() bool { return len(buttons()) == 3 && !s.dialogButton("Close").Disabled() })
	s.loop.run(func() { test.Tap(buttons()[2]) })
	if cmd := obs.next(t); cmd != (app.RemoveOBS{ID: "b"}) {
		t.Errorf("asked %+v", cmd)
	}
	if cmd := obs.next(t); cmd != (app.ListOBS{}) {
		t.Errorf("asked %T", cmd)
	}
	s.loop.until(t, "one less", func() bool { return len(buttons()) == 1 })
}

func TestOutputsStartAndStop(t *testing.T) {
	on := app.OBSOutput{Active: true, State: "OBS_WEBSOCKET_OUTPUT_STARTED"}
	core, obs, s := showOBS(t, connected(), nil, nil)
	press := func(name Name, want app.OBSCommand) {
		t.Helper()
		s.loop.until(t, "the button is ready", func() bool { return s.Button(name).Visible() && !s.Button(name).Disabled() })
		s.tap(name)
		if cmd := obs.next(t); cmd != want {
			t.Errorf("%s asked %+v, want %+v", name, cmd, want)
		}
	}
	press(ButtonStream, app.StartStream{})
	press(ButtonRecord, app.StartRecord{})
	press(ButtonReplay, app.StartReplay{})
	press(ButtonCamera, app.StartVirtualCam{})
	core.update(func(snap *app.Snapshot, _ *app.RoomState) {
		snap.OBS.Stream, snap.OBS.Record, snap.OBS.ReplayBuffer, snap.OBS.VirtualCam = on, on, on, on
	})
	s.loop.until(t, "all run", func() bool {
		return strings.HasPrefix(s.Button(ButtonStream).Text, "LIVE ") && s.Button(ButtonRecord).Importance == widget.DangerImportance &&
			s.Button(ButtonSaveReplay).Visible() && s.Button(ButtonCamera).Importance == widget.SuccessImportance
	})
	press(ButtonPauseRecord, app.PauseRecord{})
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.Record.Paused = true })
	s.loop.until(t, "paused", func() bool { return s.Button(ButtonRecord).Importance == widget.WarningImportance })
	press(ButtonPauseRecord, app.ResumeRecord{})
	press(ButtonRecord, app.StopRecord{})
	press(ButtonSaveReplay, app.SaveReplay{})
	press(ButtonReplay, app.StopReplay{})
	press(ButtonCamera, app.StopVirtualCam{})
}

func TestALiveStreamEndsOnlyAfterAQuestion(t *testing.T) {
	state := connected()
	state.Stream = app.OBSOutput{Active: true}
	_, obs, s := showOBS(t, state, nil, nil)
	s.tap(ButtonStream)
	s.loop.run(func() { test.Tap(s.dialogButton("Stay live")) })
	s.tap(ButtonStream)
	obs.nothing(t)
	s.loop.run(func() { test.Tap(s.dialogButton("End the stream")) })
	if cmd := obs.next(t); cmd != (app.StopStream{Confirm: true}) {
		t.Errorf("asked %+v", cmd)
	}
	s.loop.until(t, "the question is gone", func() bool { return s.Canvas().Overlays().Top() == nil })
}

func TestAnOutputThatIsAskedForRestsAndItsRefusalIsTold(t *testing.T) {
	release := make(chan struct{})
	_, obs, s := showOBS(t, connected(), func(app.OBSCommand) (app.OBSAnswer, error) {
		<-release
		return nil, app.NewError(app.CodeConflict, "obs.conflict", "no", map[string]any{"Comment": "The disk is full."})
	}, nil)
	s.tap(ButtonRecord)
	obs.next(t)
	s.loop.until(t, "the button rests", func() bool { return s.Button(ButtonRecord).Disabled() && !s.Button(ButtonStream).Disabled() })
	close(release)
	s.told(t, "OBS did not do that. OBS cannot do that now. The disk is full.")
	s.loop.until(t, "the button is back", func() bool { return !s.Button(ButtonRecord).Disabled() })
}

func TestAnOutputThatDoesNotBeginIsToldOf(t *testing.T) {
	core, obs, s := showOBS(t, connected(), nil, nil)
	start := func() {
		t.Helper()
		s.loop.until(t, "the button is ready", func() bool { return !s.Button(ButtonStream).Disabled() })
		s.tap(ButtonStream)
		obs.next(t)
		s.loop.until(t, "OBS has answered", func() bool { return !s.Button(ButtonStream).Disabled() && !s.View().OBS.Outputs[present.Stream].Asked })
	}
	awaited := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.local.Awaited[present.Stream]
	}
	start()
	for !awaited() { // the answer may still be under way
		s.loop.run(func() {})
	}
	core.events <- app.OBSStreamChanged{OBSOutput: app.OBSOutput{Active: true}}
	core.events <- app.OBSStreamChanged{} // it ran and was stopped
	core.events <- app.OBSExiting{}
	s.checkStart(present.Stream)
	if got := s.present().Notice; got != "" {
		t.Errorf("it ran, and yet: %q", got)
	}
	start()
	for !awaited() {
		s.loop.run(func() {})
	}
	s.checkStart(present.Stream)
	s.told(t, "“Go live” has had no effect so far.")
}

func TestStudioModeClicksIntoThePreview(t *testing.T) {
	state := connected()
	state.StudioMode, state.PreviewScene = true, "Wide"
	core, obs, s := showOBS(t, state, nil, nil)
	s.loop.run(func() {
		if !s.Button(ButtonTake).Disabled() {
			t.Error("there is nothing to take")
		}
		test.Tap(s.scene("Close"))
	})
	if cmd := obs.next(t); cmd != (app.SwitchPreview{Scene: "Close"}) {
		t.Errorf("asked %+v", cmd)
	}
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.PreviewScene = "Close" })
	s.loop.until(t, "both are marked", func() bool {
		return s.scene("Close").mark.full == "PREVIEW" && s.scene("Wide").mark.full == "ON PROGRAM" && !s.Button(ButtonTake).Disabled()
	})
	s.tap(ButtonTake)
	if cmd := obs.next(t); cmd != (app.TriggerTransition{}) {
		t.Errorf("asked %+v", cmd)
	}
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.StudioMode = false })
	s.loop.until(t, "outside studio mode there is no such button", func() bool { return !s.obs.taking.Visible() })
}
