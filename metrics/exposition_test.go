package metrics

import (
	"bytes"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"

	"cuewire/app"
)

// still is a core whose truth stands.
type still struct {
	app.Core
	snap *app.Snapshot
}

func (s still) Snapshot() *app.Snapshot { return s.snap }

func took(durations ...time.Duration) app.DurationCounts {
	var d app.Durations
	for _, one := range durations {
		d.Add(one)
	}
	return d.Read()
}

// exposed is an exposition in which every figure has a value.
func exposed() *Exposition {
	return NewExposition(Counted{
		Version: "1.2.3",
		Core: still{snap: &app.Snapshot{
			Rooms: []*app.RoomState{
				{Playback: app.Playback{State: app.Running}, Aux: []*app.AuxTimer{{Run: app.AuxRun{State: app.Running}}, {Run: app.AuxRun{State: app.Paused}}}},
				{Playback: app.Playback{State: app.Stopped}},
			},
			QuickTimers: []*app.QuickTimer{{Status: app.QuickRunning}, {Status: app.QuickPaused}},
			OBS:         app.OBSState{Phase: app.OBSConnected, Stats: &app.OBSStats{FPS: 59.94}, Stream: app.OBSOutput{Active: true}},
			Sources:     app.SourcesState{List: []*app.Source{{Active: true}, {}, {}}},
			Alerts:      app.AlertsState{Active: []app.Alert{{Severity: app.SeverityCritical}}},
			System:      app.System{Status: app.Unhealthy},
		}},
		Engine: func() app.EngineCounts {
			return app.EngineCounts{Applied: 3, Refused: 2, Failed: 1, Facts: 9, Commits: took(time.Millisecond, 20*time.Second), CommitErrors: 4, Unsaved: 5, UnsavedFor: 1.5}
		},
		Server: func() app.ServerCounts {
			return app.ServerCounts{
				MessagesIn: 8,
				Dialects:   []app.DialectCounts{{Dialect: "palcotimer", Open: 2, Opened: 7, FramesOut: 100, BytesOut: 4096, Closed: map[string]uint64{"slow": 1, "client": 4}}},
				Routes:     []app.RouteCounts{{Route: "/api/health", Class: "2xx", Took: took(3 * time.Millisecond)}},
			}
		},
		OBS: func() app.OBSCounts {
			return app.OBSCounts{Connections: 1, Answered: 10, Refused: 2, Failed: 1, Took: took(time.Millisecond)}
		},
	})
}

func text(t *testing.T, e *Exposition) string {
	t.Helper()
	var b bytes.Buffer
	if err := e.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFigures(t *testing.T) {
	got := text(t, exposed())
	for _, want := range []string{
		`cuewire_websocket_connections{dialect="palcotimer"} 2`,
		`cuewire_websocket_closed_total{dialect="palcotimer",reason="slow"} 1`,
		`cuewire_websocket_sent_bytes_total{dialect="palcotimer"} 4096`,
		`cuewire_http_request_duration_seconds_bucket{class="2xx",route="/api/health",le="0.0025"} 0`,
		`cuewire_http_request_duration_seconds_bucket{class="2xx",route="/api/health",le="0.005"} 1`,
		`cuewire_engine_commands_total{outcome="refused"} 2`,
		`cuewire_store_commit_duration_seconds_bucket{le="0.001"} 1`,
		`cuewire_store_commit_duration_seconds_bucket{le="10"} 1`,
		`cuewire_store_commit_duration_seconds_bucket{le="+Inf"} 2`,
		`cuewire_store_commit_duration_seconds_count 2`,
		`cuewire_engine_durable_lag_seconds 1.5`,
		`cuewire_obs_connected 1`, `cuewire_obs_fps 59.94`, `cuewire_obs_output_active{output="stream"} 1`,
		`cuewire_timers_running{kind="room"} 1`, `cuewire_timers_running{kind="auxiliary"} 1`, `cuewire_timers_running{kind="quick"} 1`,
		`cuewire_sources{state="inactive"} 2`, `cuewire_alerts_active{severity="critical"} 1`, `cuewire_alerts_active{severity="info"} 0`,
		`cuewire_health{status="unhealthy"} 1`, `cuewire_health{status="healthy"} 0`, "go_goroutines ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func families(t *testing.T) []*dto.MetricFamily {
	t.Helper()
	found, err := exposed().registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestFiguresFollowTheConventions(t *testing.T) {
	var ours []*dto.MetricFamily
	for _, family := range families(t) {
		if strings.HasPrefix(family.GetName(), "cuewire_") {
			ours = append(ours, family)
		}
	}
	problems, err := promlint.NewWithMetricFamilies(ours).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

var row = regexp.MustCompile("(?m)^\\| `(cuewire_[a-z_]+)` \\| (\\w+) \\|")

// docs/insight.md lists every figure, with its kind, and no other.
func TestTheListOfFiguresIsTrue(t *testing.T) {
	doc, err := os.ReadFile("../docs/insight.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, cells := range row.FindAllStringSubmatch(string(doc), -1) {
		listed[cells[1]] = cells[2]
	}
	for _, family := range families(t) {
		name, kind := family.GetName(), strings.ToLower(family.GetType().String())
		if !strings.HasPrefix(name, "cuewire_") {
			continue
		}
		if listed[name] != kind {
			t.Errorf("%s is a %s, docs/insight.md says %q", name, kind, listed[name])
		}
		delete(listed, name)
	}
	for name := range listed {
		t.Errorf("docs/insight.md lists %s, which there is not", name)
	}
}

func TestAsPrometheusAsks(t *testing.T) {
	server := httptest.NewServer(exposed().Handler())
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || !strings.HasPrefix(kind, "text/plain") {
		t.Errorf("%s, %s", answer.Status, kind)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestDurations(t *testing.T) {
	var d app.Durations
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 1000 {
				d.Add(time.Duration(i) * time.Millisecond)
			}
		})
	}
	all.Wait()
	c := d.Read()
	below := 0
	for i, bound := range app.DurationBounds {
		below += int(c.Classes[i])
		want := 0
		for ms := range 1000 {
			if float64(ms)/1000 <= bound {
				want += 4
			}
		}
		if below != want {
			t.Errorf("%d of at most %v s, want %d", below, bound, want)
		}
	}
	if c.Count != 4000 || math.Abs(c.Sum-4*499.5) > 1e-6 {
		t.Errorf("%d, %v s in all", c.Count, c.Sum)
	}
	if !slices.IsSorted(app.DurationBounds[:]) {
		t.Error("the bounds are not in order")
	}
}
