//go:build unix

package obsbridge_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
)

func TestRealOBSWrongPassword(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{Password: `he;llo "x" \n #1`})
	core := obstest.NewCore()

	// What discovery reads is wrong, as after a change that OBS has not saved yet.
	settings := filepath.Join(obs.Home, ".config", "obs-studio", "plugin_config", "obs-websocket", "config.json")
	write := func(password string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(settings), 0o700); err != nil {
			t.Fatal(err)
		}
		text := `{"server_enabled":true,"server_port":` + strings.TrimPrefix(obs.Address(), "127.0.0.1:") + `,"auth_required":true,"server_password":"` + password + `"}`
		if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("wrong")
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv, DataDir: t.TempDir()})
	core.WaitPhase(t, app.OBSWrongPassword)
	if state := core.State(); state.RetryAt != 0 || state.Port != obs.Port {
		t.Errorf("state: %+v", state)
	}
	seen := len(core.Events())
	_, err := b.DoOBS(context.Background(), app.ConnectOBS{Host: "127.0.0.1", Port: obs.Port, Password: "wrong too"})
	if app.CodeOf(err) != app.CodeUnauthorized || strings.Contains(err.Error(), "wrong too") {
		t.Errorf("connect with a wrong password: %v", err)
	}
	if len(core.Events()) != seen {
		t.Errorf("a refused connection changed the state: %+v", core.Events()[seen:])
	}

	// Once the settings are right it goes on by itself,
	if err := os.Remove(settings); err != nil {
		t.Fatal(err)
	}
	core.WaitPhase(t, app.OBSConnected)

	// and so it does when a person gives the password, which is remembered.
	do(t, b, app.DisconnectOBS{})
	core.WaitPhase(t, app.OBSOff)
	do(t, b, app.ConnectOBS{Host: "localhost", Port: obs.Port, Password: obs.Password})
	core.WaitPhase(t, app.OBSConnected)
	list := do(t, b, app.ListOBS{}).([]app.OBSInstance)
	if len(list) != 2 || !list[1].Active || list[1].Host != "localhost" {
		t.Errorf("instances: %+v", list)
	}
	do(t, b, app.ActivateOBS{ID: ""})
	if state := core.WaitPhase(t, app.OBSConnected); state.Host != "127.0.0.1" {
		t.Errorf("active: %+v", state)
	}
}

func TestRealOBSServerOff(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{ServerOff: true})
	core := obstest.NewCore()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	core.WaitPhase(t, app.OBSServerOff)
	_, err := b.DoOBS(context.Background(), app.ConnectOBS{})
	if app.CodeOf(err) != app.CodeUnavailable || !strings.Contains(err.Error(), "switched off") {
		t.Errorf("connect: %v", err)
	}
}

func TestRealOBSFrozenAndRestarted(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"One", "Two"}})
	core := obstest.NewCore()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	core.WaitPhase(t, app.OBSConnected)

	frozen := time.Now()
	obs.Signal(syscall.SIGSTOP)
	core.Wait(t, "the freeze to be noticed", func(s app.OBSState) bool { return !s.Connected() })
	noticed := time.Since(frozen)
	obs.Signal(syscall.SIGCONT)
	thawed := time.Now()
	core.WaitPhase(t, app.OBSConnected)
	t.Logf("frozen: noticed after %v; back %v after it went on", noticed, time.Since(thawed))
	if noticed > 5*5*time.Second {
		t.Errorf("shown as connected for %v while frozen", noticed)
	}

	// Killed while it switches: the state after the restart is OBS's, whatever it was.
	for round := range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		switching := make(chan struct{})
		go func() {
			defer close(switching)
			for i := 0; ctx.Err() == nil; i++ {
				b.DoOBS(ctx, app.SwitchScene{Scene: []string{"One", "Two"}[i%2]})
			}
		}()
		obstest.WaitEvent[app.OBSSceneChanged](t, core, len(core.Events()), nil)
		obs.Kill()
		core.Wait(t, "the loss", func(s app.OBSState) bool { return !s.Connected() })
		cancel()
		<-switching
		obs.Start()
		listening := time.Now()
		state := core.WaitPhase(t, app.OBSConnected)
		t.Logf("round %d: connected %v after OBS listens, %s on program", round, time.Since(listening), state.CurrentScene)
		core.Wait(t, "the scene of the collection", func(s app.OBSState) bool { return s.CurrentScene == "One" })
	}
}

func TestRealOBSBlankOverlayIsHealed(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{})
	core := &snapshots{Core: obstest.NewCore()}
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	core.WaitPhase(t, app.OBSConnected)
	const ours = "http://127.0.0.1:3000/overlay/obs"
	do(t, b, app.AddBrowserSource{Page: "overlay/obs", Name: "Cuewire", URL: ours, Width: 640, Height: 360})
	do(t, b, app.AddBrowserSource{Name: "Foreign", URL: "https://example.com/", Width: 640, Height: 360})

	healer := &automation.Healer{
		Core: core, OBS: b,
		Ours: func(u *url.URL) bool { return u.Host == "127.0.0.1:3000" },
		// The page says hello once it has been loaded anew.
		Pages: func() []automation.Page {
			if obs.Refreshes() > 0 {
				return []automation.Page{{URL: ours, Heard: core.Now()}}
			}
			return nil
		},
	}
	ctx, cancel := context.WithCancel(context.Background())
	healed := make(chan error, 1)
	go func() { healed <- healer.Run(ctx) }()
	told, from := obstest.WaitEvent[app.OBSBrowserRefreshed](t, core.Core, 0, nil)
	if told.InputName != "Cuewire" || told.Attempt != 1 || obs.Refreshes() != 1 {
		t.Errorf("told %+v, pressed %d times", told, obs.Refreshes())
	}
	// Two more rounds of looking find nothing to do.
	obstest.WaitEvent[app.OBSStatsUpdated](t, core.Core, len(core.Events()), nil)
	obstest.WaitEvent[app.OBSStatsUpdated](t, core.Core, len(core.Events()), nil)
	for _, e := range core.Events()[from:] {
		if e, again := e.Body.(app.OBSBrowserRefreshed); again {
			t.Errorf("refreshed again: %+v", e)
		}
	}
	cancel()
	if err := <-healed; err != nil {
		t.Error(err)
	}
}

func TestRealOBSTwoClicksAddOneSource(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"One", "Two"}})
	core := obstest.NewCore()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})
	core.WaitPhase(t, app.OBSConnected)
	var clicks sync.WaitGroup
	created := make(chan bool, 10)
	for range 10 {
		clicks.Go(func() {
			answer, err := b.DoOBS(context.Background(), app.AddBrowserSource{Name: "Timer", URL: "http://127.0.0.1:3000/", Width: 800, Height: 600})
			if err != nil {
				t.Error(err)
				return
			}
			created <- answer.(app.AddedBrowserSource).Created
		})
	}
	clicks.Wait()
	close(created)
	made := 0
	for c := range created {
		if c {
			made++
		}
	}
	sources := do(t, b, app.ListBrowserSources{}).([]app.OBSBrowserSource)
	if made != 1 || len(sources) != 1 {
		t.Errorf("%d made, sources %+v", made, sources)
	}
}

// snapshots is a core that has snapshots too.
type snapshots struct{ *obstest.Core }

func (s *snapshots) Snapshot() *app.Snapshot { return &app.Snapshot{OBS: s.State()} }
