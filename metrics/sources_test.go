package metrics

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
)

func TestPagesAreKnownByTheirAddress(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	seen, hidden := true, false
	snap := &app.Snapshot{
		Sources: app.SourcesState{List: []*app.Source{
			{ID: "1", Name: "Timer", URL: "/overlay/timer?room=ABC234", Active: true},
			{ID: "2", Name: "Far", URL: "https://example.com/", Active: true},
			{ID: "3", Name: "Off", URL: "/overlay/obs"},
		}},
		Clients: []*app.Client{
			{Page: "/overlay/timer?room=ABC234", FPS: f(60), LongFrames: f(1)},
			{Page: "/overlay/timer?room=ABC234", FPS: f(24), Visible: &seen},
			{Page: "/overlay/timer?room=ABC234", FPS: f(1), Visible: &hidden},
			{Page: "/overlay/timer?room=XYZ789", FPS: f(5)}, // on a tablet, and no source
			{Page: "/overlay/obs", FPS: f(30), InOBS: true, Visible: &seen},
			{Page: "/overlay/obs"},
			{FPS: f(3)},
		},
	}
	want := app.SourcesPerformance{Total: 3, Active: 2, Pages: []app.PagePerformance{
		{SourceID: "1", Name: "Timer", FPS: f(24), LongFrames: f(1)}, {Name: "/overlay/obs", FPS: f(30)},
	}}
	got := sourcesOf(snap)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if none := share(got, nil); none.AverageCPUUsage != nil || none.Browser != nil {
		t.Errorf("without a browser: %+v", none)
	}
	if shared := share(got, &app.BrowserPerformance{Processes: 4, CPU: f(30), Memory: f(500)}); *shared.AverageCPUUsage != 15 || *shared.AverageMemoryUsage != 250 {
		t.Errorf("shared out: %+v", shared)
	}
	if idle := share(app.SourcesPerformance{}, &app.BrowserPerformance{Processes: 4, CPU: f(30)}); idle.AverageCPUUsage != nil {
		t.Errorf("among no sources: %+v", idle)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{"obs-browser-pag": true, "obs-browser-page.exe": true, "OBS Helper (Renderer)": true, "obs": false, "chromium": false} {
		if isBrowser(name) != want {
			t.Errorf("%q", name)
		}
	}
	for name, want := range map[string]bool{"obs": true, "obs64.exe": true, "OBS": true, "obsidian": false, "obs-browser-page": false} {
		if isOBS(name) != want {
			t.Errorf("%q", name)
		}
	}
}

// A process of the browser's name that this one started is found and measured, one
// of another name is not.
func TestBrowserProcessesAreFoundBelowOBS(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("there is no sh to copy")
		return
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(shell)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"obs-browser-page", "obs-other"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, program, 0o755); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(path, "-c", "while read line; do :; done")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
		if name == "obs-browser-page" {
			go func() { // something to do
				line := []byte(strings.Repeat("x\n", 1000))
				for {
					if _, err := in.Write(line); err != nil {
						return
					}
				}
			}()
		}
	}
	b := browser{connection: "1", obs: int32(os.Getpid())}
	first := b.look(t.Context())
	if first == nil || first.Processes != 1 || first.CPU != nil || first.Memory == nil || *first.Memory <= 0 {
		t.Fatalf("at first: %+v", first)
	}
	for {
		if again := b.look(t.Context()); again.Processes != 1 {
			t.Fatalf("then: %+v", again)
		} else if again.CPU != nil && *again.CPU > 0 {
			break
		}
	}
	known := b.measure(t.Context(), app.OBSState{Phase: app.OBSConnected, ConnectionID: "1"})
	if known == nil || known.Processes != 1 {
		t.Errorf("measured: %+v", known)
	}
	if away := b.measure(t.Context(), app.OBSState{Phase: app.OBSConnected, ConnectionID: "1", Host: "192.0.2.1"}); away != nil {
		t.Errorf("of an OBS elsewhere: %+v", away)
	}
	gone := browser{connection: "1", obs: 1<<31 - 1}
	if got := gone.look(t.Context()); got != nil {
		t.Errorf("of an OBS that is gone: %+v", got)
	}
	if m := Machine(); m.Cores < 1 {
		t.Errorf("%+v", m)
	}
}

// strained is a core whose computer is always past the one rule.
type strained struct {
	listener
	told chan app.AlertFact
	rule app.AlertRule
}

func (s strained) Snapshot() *app.Snapshot {
	return &app.Snapshot{Alerts: app.AlertsState{Rules: []app.AlertRule{s.rule}}}
}

func (s strained) Tell(ctx context.Context, fact app.Command) error {
	if alert, ok := fact.(app.AlertFact); ok {
		s.told <- alert
	}
	return ctx.Err()
}

func TestTheSamplerTellsAlerts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core := strained{told: make(chan app.AlertFact), rule: app.AlertRule{ID: "m", Metric: app.MetricHostMemory, Duration: 5000, Severity: app.SeverityWarning, Enabled: true}}
		began := time.Now()
		start(t, Config{Core: core})
		alert := (<-core.told).Alert
		if !alert.Active || alert.RuleID != "m" || alert.Value <= 0 || alert.Cause == nil || alert.Message == "" {
			t.Errorf("%+v", alert)
		}
		if took := time.Since(began); took < 5*time.Second || took > 7*time.Second {
			t.Errorf("told after %v", took)
		}
	})
}

// idle is a core that takes everything.
type idle struct{ listener }

func (idle) Snapshot() *app.Snapshot {
	return &app.Snapshot{Alerts: app.AlertsState{Rules: app.DefaultAlertRules()}}
}

func (idle) Tell(context.Context, app.Command) error { return nil }

// BenchmarkStep is a sample with the rules and the history; the budget is 300 µs.
func BenchmarkStep(b *testing.B) {
	s := New(Config{Core: idle{}, History: NewRecorder(&shelf{}, nil)})
	s.start(b.Context())
	b.ReportAllocs()
	for b.Loop() {
		if err := s.step(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
