//go:build unix

package obsbridge_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/obsbridge"
	"cuewire/obsbridge/obstest"
)

// start runs a bridge until the test ends and checks that it ends well.
func start(t testing.TB, c obsbridge.Config) *obsbridge.Bridge {
	t.Helper()
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	c.NoKeyring = true
	b := obsbridge.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(30 * time.Second):
			t.Error("Run did not end within 30 s")
		}
	})
	return b
}

// testLog writes log lines to the test's log.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func do(t testing.TB, b *obsbridge.Bridge, cmd app.OBSCommand) app.OBSAnswer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	answer, err := b.DoOBS(ctx, cmd)
	if err != nil {
		t.Fatalf("%#v: %v", cmd, err)
	}
	return answer
}

func TestRealOBSIsFoundAndFollowed(t *testing.T) {
	t.Parallel()
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"One", "Two", "Three"}})
	core := obstest.NewCore()
	b := start(t, obsbridge.Config{Core: core, Getenv: obs.Getenv})

	state := core.Wait(t, "scenes", func(s app.OBSState) bool { return s.Connected() && len(s.Scenes) > 0 })
	if got := names(state.Scenes); got != "One,Two,Three" {
		t.Errorf("scenes: got %s, want One,Two,Three", got)
	}
	if state.CurrentScene != "One" || state.OBSVersion == "" || state.WebSocketVersion == "" || state.ConnectionID == "" {
		t.Errorf("state: %+v", state)
	}
	core.Wait(t, "statistics", func(s app.OBSState) bool { return s.Stats != nil && s.Stats.RenderTotalFrames > 0 })

	from := len(core.Events())
	do(t, b, app.SwitchScene{Scene: "Three"})
	changed, _ := obstest.WaitEvent[app.OBSSceneChanged](t, core, from, nil)
	if changed.PreviousScene == nil || *changed.PreviousScene != "One" || changed.CurrentScene != "Three" || changed.SceneIndex != 2 {
		t.Errorf("scene changed: %+v", changed)
	}
	if _, err := b.DoOBS(context.Background(), app.SwitchScene{Scene: "Nowhere"}); app.CodeOf(err) != app.CodeNotFound {
		t.Errorf("switch to a scene that is not there: %v", err)
	}

	for range 2 {
		obs.Kill()
		core.Wait(t, "the loss", func(s app.OBSState) bool { return !s.Connected() })
		core.WaitPhase(t, app.OBSNotRunning)
		obs.Start()
		listening := time.Now()
		core.WaitPhase(t, app.OBSConnected)
		t.Logf("connected again %v after OBS listens", time.Since(listening))
	}
	obs.Quit()
	core.WaitPhase(t, app.OBSNotRunning)
}

func names(scenes []app.OBSScene) string {
	var names []string
	for _, s := range scenes {
		names = append(names, s.Name)
	}
	return strings.Join(names, ",")
}
