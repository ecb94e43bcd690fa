package obsbridge_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
)

func TestOffConnectsOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	server, core := obstest.NewServer(t, "secret", "One"), obstest.NewCore()
	target := server.Target()
	b := start(t, obsbridge.Config{Core: core, Target: &target, Off: true})
	core.WaitPhase(t, app.OBSOff)
	refused(t, b, app.SwitchScene{Scene: "One"}, app.CodeUnavailable)
	refused(t, b, app.ConnectOBS{Host: "127.0.0.1", Port: closedPort(t)}, app.CodeUnavailable)
	refused(t, b, app.ConnectOBS{Host: "not a host"}, app.CodeInvalid)
	if core.State().Phase != app.OBSOff || len(server.Requests()) != 0 {
		t.Errorf("after refusals: %+v, requests %v", core.State(), server.Requests())
	}
	do(t, b, target)
	core.WaitPhase(t, app.OBSConnected)
	do(t, b, app.DisconnectOBS{})
	if phase := core.State().Phase; phase != app.OBSOff {
		t.Errorf("after disconnecting: %s", phase)
	}
	do(t, b, app.ReconnectOBS{})
	if phase := core.State().Phase; phase != app.OBSConnected {
		t.Errorf("after reconnecting: %s", phase)
	}
}

func TestInstancesAreSwitched(t *testing.T) {
	t.Parallel()
	first, second := obstest.NewServer(t, "one", "First"), obstest.NewServer(t, "", "Second")
	core, dir := obstest.NewCore(), t.TempDir()
	target := first.Target()
	b := start(t, obsbridge.Config{Core: core, Target: &target, DataDir: dir})
	core.Wait(t, "the first", func(s app.OBSState) bool { return s.CurrentScene == "First" })
	added := do(t, b, app.AddOBS{Name: "Second", Host: "127.0.0.1", Port: second.Port}).(app.OBSInstance)
	do(t, b, app.ActivateOBS{ID: added.ID})
	if state := core.State(); state.CurrentScene != "Second" || !state.Connected() {
		t.Errorf("after activating the second: %+v", state)
	}
	// One that does not answer is active all the same, and comes up later.
	second.Down()
	away := do(t, b, app.AddOBS{Name: "First", Host: "127.0.0.1", Port: first.Port, Password: "one"}).(app.OBSInstance)
	first.Down()
	refused(t, b, app.ActivateOBS{ID: away.ID}, app.CodeUnavailable)
	first.Up()
	core.Wait(t, "the first again", func(s app.OBSState) bool { return s.Connected() && s.CurrentScene == "First" })
	refused(t, b, app.RemoveOBS{ID: away.ID}, app.CodeConflict)

	// The choice is there after a restart.
	other := obstest.NewCore()
	start(t, obsbridge.Config{Core: other, DataDir: dir})
	other.Wait(t, "the active one", func(s app.OBSState) bool { return s.Connected() && s.CurrentScene == "First" })
}

func TestRequestsEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	server, core := obstest.NewServer(t, "", "One", "Two"), obstest.NewCore()
	target := server.Target()
	b := start(t, obsbridge.Config{Core: core, Target: &target})
	core.WaitPhase(t, app.OBSConnected)
	held := make(chan func(), 1)
	server.Misbehave(obstest.Faults{Answer: func(c *obstest.Conn, r obstest.Request) bool {
		if r.Type != "SetCurrentProgramScene" {
			return false
		}
		held <- func() { server.Answer(c, r) }
		return true
	}})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := b.DoOBS(ctx, app.SwitchScene{Scene: "Two"})
		ended <- err
	}()
	answer := <-held
	cancel()
	if err := <-ended; app.CodeOf(err) != app.CodeTimeout {
		t.Errorf("cancelled: %v", err)
	}
	answer() // the late answer disturbs nothing
	core.Wait(t, "what OBS did", func(s app.OBSState) bool { return s.CurrentScene == "Two" })
	server.Misbehave(obstest.Faults{})
	do(t, b, app.SwitchScene{Scene: "One"})

	server.Misbehave(obstest.Faults{Answer: func(c *obstest.Conn, r obstest.Request) bool { return r.Type == "SetCurrentProgramScene" }})
	short, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := b.DoOBS(short, app.SwitchScene{Scene: "Two"}); app.CodeOf(err) != app.CodeTimeout {
		t.Errorf("unanswered: %v", err)
	}
	for _, e := range core.Events() {
		if e, ok := e.Body.(app.OBSConnectionChanged); ok && !e.Connected {
			t.Error("the connection was given up over one request")
		}
	}
}

func TestRequestsInFlightEndWithTheConnection(t *testing.T) {
	t.Parallel()
	server, core := obstest.NewServer(t, "", "One"), obstest.NewCore()
	target := server.Target()
	b := start(t, obsbridge.Config{Core: core, Target: &target})
	core.WaitPhase(t, app.OBSConnected)
	server.Misbehave(obstest.Faults{Answer: func(c *obstest.Conn, r obstest.Request) bool {
		if r.Type == "SetCurrentProgramScene" {
			go c.Reset()
			return true
		}
		return false
	}})
	refused(t, b, app.SwitchScene{Scene: "One"}, app.CodeUnavailable)
}

func TestStoppingALiveStreamMustBeConfirmed(t *testing.T) {
	t.Parallel()
	server, core := obstest.NewServer(t, "", "One"), obstest.NewCore()
	var mu sync.Mutex // guards live
	live := true
	server.Misbehave(obstest.Faults{Answer: func(c *obstest.Conn, r obstest.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		switch r.Type {
		case "GetStreamStatus":
			c.Answer(r, map[string]any{"outputActive": live, "outputDuration": 60_000, "outputBytes": 1000, "outputCongestion": 0.25, "outputSkippedFrames": 3})
		case "StopStream":
			live = false
			c.Answer(r, nil)
			c.Event("StreamStateChanged", map[string]any{"outputActive": false, "outputState": "OBS_WEBSOCKET_OUTPUT_STOPPING"})
			c.Event("StreamStateChanged", map[string]any{"outputActive": false, "outputState": "OBS_WEBSOCKET_OUTPUT_STOPPED"})
		default:
			return false
		}
		return true
	}})
	target := server.Target()
	b := start(t, obsbridge.Config{Core: core, Target: &target})
	state := core.Wait(t, "being live", func(s app.OBSState) bool { return s.Stream.Active && s.Stats != nil && s.Stats.StreamCongestion != nil })
	if state.Stream.Since > core.Now()-60_000 || *state.Stats.StreamCongestion != 0.25 || *state.Stats.StreamSkippedFrames != 3 {
		t.Errorf("state: %+v, %+v", state.Stream, state.Stats)
	}
	_, err := b.DoOBS(context.Background(), app.StopStream{})
	if e, ok := errors.AsType[*app.Error](err); !ok || e.Code != app.CodeConflict || e.Key != "obs.confirmStop" {
		t.Errorf("without confirming: %v", err)
	}
	if !core.State().Stream.Active {
		t.Error("the stream was stopped")
	}
	refused(t, b, app.SwitchProfile{Profile: "Other"}, app.CodeConflict)
	do(t, b, app.StopStream{Confirm: true})
	core.Wait(t, "the end", func(s app.OBSState) bool {
		return !s.Stream.Active && s.Stream.State == "OBS_WEBSOCKET_OUTPUT_STOPPED"
	})
}

func TestCommandsOutsideRun(t *testing.T) {
	t.Parallel()
	server, core := obstest.NewServer(t, "", "One"), obstest.NewCore()
	target := server.Target()
	b := obsbridge.New(obsbridge.Config{Core: core, Target: &target, Bell: alarmtest.Bell(t, nil)})
	refused(t, b, app.SwitchScene{Scene: "One"}, app.CodeUnavailable)
	early := make(chan error, 1)
	go func() {
		_, err := b.DoOBS(context.Background(), app.ReconnectOBS{})
		early <- err
	}()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	if err := <-early; err != nil {
		t.Errorf("a command before Run: %v", err)
	}
	core.WaitPhase(t, app.OBSConnected)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	refused(t, b, app.ReconnectOBS{}, app.CodeUnavailable)
	refused(t, b, app.SwitchScene{Scene: "One"}, app.CodeUnavailable)
}

func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func TestWhatNobodyWatchesIsAskedSeldom(t *testing.T) {
	server, core := obstest.NewServer(t, "", "One"), obstest.NewCore()
	target := server.Target()
	start(t, obsbridge.Config{Core: core, Target: &target, Bell: alarmtest.Bell(t, func() bool { return false })})
	core.WaitPhase(t, app.OBSConnected)
	server.WaitFor(t, 0, "GetStats")
	first := time.Now()
	seen := len(server.Requests())
	server.WaitFor(t, seen, "GetStats")
	if pause := time.Since(first); pause < (app.RestingSeconds-1)*time.Second {
		t.Errorf("statistics were asked for again after %v", pause)
	}
}
