package wsserver

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"cuewire/app"
)

// past is a history with a minute every ten minutes, the newest just now.
type past struct {
	core app.Core
	err  error
}

func (p past) at(i int) app.Instant {
	now := p.core.Now()
	return (now - now%60_000).Add(-app.Millis(i) * 600_000)
}

func figure(values ...float64) (m app.Mean) {
	for _, v := range values {
		m.Add(&v)
	}
	return m
}

func (p past) Minutes(_ context.Context, from, to app.Instant) (found []app.Minute, err error) {
	for i := 200; i >= 0; i-- {
		if at := p.at(i); at >= from && at < to {
			found = append(found, app.Minute{At: at, CPU: figure(10, 30), Memory: figure(1000), Connections: figure(2, 2), ResponseTime: figure(float64(i))})
		}
	}
	return found, p.err
}

func (p past) SourceMinutes(_ context.Context, id string, from, to app.Instant) (found []app.SourceMinute, err error) {
	for i := 200; i >= 0; i-- {
		if at := p.at(i); at >= from && at < to {
			found = append(found, app.SourceMinute{At: at, SourceID: id, FPS: figure(30, 60)})
		}
	}
	return found, p.err
}

// get reads an answer into a T.
func get[T any](t *testing.T, s *Server, path string) (value T) {
	t.Helper()
	resp, text := call(t, s, "GET", path, "")
	if resp.StatusCode != 200 {
		t.Fatalf("GET %s: %d %s", path, resp.StatusCode, text)
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("GET %s: %v in %s", path, err, text)
	}
	return value
}

func TestPerformanceHistory(t *testing.T) {
	core := realCore(t)
	s := start(t, core, func(c *Config) { c.History = past{core: core} })
	type history struct {
		TimeRange struct {
			Start, End           string
			Interval, DataPoints int
		}
		Metrics []point
		Summary struct{ AverageCPU, AverageMemory, PeakCPU, AverageResponseTime *float64 }
	}
	for query, want := range map[string]int{"?hours=1": 7, "?hours=2&interval=1": 13, "?interval=60&hours=24": 25, "": 145, "?hours=168&interval=15": 135} {
		got := get[history](t, s, "/api/performance/history"+query)
		n := len(got.Metrics)
		// Where the present falls within an interval decides about one more or less.
		if n < want-1 || n > want+1 || got.TimeRange.DataPoints != n || *got.Summary.AverageCPU != 20 || *got.Summary.PeakCPU != 30 || *got.Metrics[0].CPU != 20 {
			t.Errorf("%q: %d points, want about %d; %+v", query, n, want, got.Summary)
		}
		if !isTime.MatchString(got.Metrics[0].Timestamp) || !isTime.MatchString(got.TimeRange.Start) {
			t.Errorf("%q: %+v", query, got.TimeRange)
		}
		for i := 1; i < n; i++ {
			if got.Metrics[i].Timestamp <= got.Metrics[i-1].Timestamp {
				t.Errorf("%q: %s after %s", query, got.Metrics[i].Timestamp, got.Metrics[i-1].Timestamp)
			}
		}
	}
	hourly := points([]app.Minute{{At: 3_540_000, CPU: figure(1)}, {At: 3_600_000, CPU: figure(2)}, {At: 7_140_000, CPU: figure(4)}, {At: 18_000_000}}, 60)
	if len(hourly) != 3 || hourly[0].Timestamp != "1970-01-01T00:00:00.000Z" || *hourly[1].CPU != 3 || *hourly[1].PeakCPU != 4 || hourly[2].CPU != nil {
		t.Errorf("%+v", hourly)
	}
	for _, path := range []string{
		"/api/performance/history?hours=0", "/api/performance/history?hours=169", "/api/performance/history?hours=1.5", "/api/performance/history?interval=7",
		"/api/performance/metrics?hours=25", "/api/performance/metrics?detailed=maybe",
	} {
		if resp, text := call(t, s, "GET", path, ""); resp.StatusCode != 400 || !strings.Contains(text, "must be") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
	}
}

func TestPerformanceMetrics(t *testing.T) {
	core := realCore(t)
	s := start(t, core, func(c *Config) {
		c.History = past{core: core}
		c.Machine = func() app.Machine { return app.Machine{Cores: 8, Model: "Fast 9000"} }
	})
	cpu := 12.5
	tell(t, core, app.RecordSample{Sample: app.Sample{HostCPU: &cpu}})
	tell(t, core, app.OBSPhaseFact{Phase: app.OBSConnected})
	tell(t, core, app.OBSStatsFact{Stats: app.OBSStats{FPS: 60, OutputSkippedFrames: 3}})
	c := dial(t, s, "/")
	c.send(`{"action":"ping"}`)
	c.receive()
	type metrics struct {
		System struct {
			CPU struct{ Usage, Cores, Model any }
		}
		Application struct{ ActiveConnections, TotalRequests, ErrorRate any }
		WebSocket   struct{ TotalConnections, MessagesPerSecond float64 }
		Database    struct{ QueryTime *float64 }
		OBS         map[string]any
		Period      struct{ Samples, PeakCPU float64 }
		History     []point
	}
	got := get[metrics](t, s, "/api/performance/metrics?hours=2")
	if got.System.CPU.Usage != 12.5 || got.System.CPU.Cores != 8.0 || got.System.CPU.Model != "Fast 9000" || got.Application.ActiveConnections != 1.0 ||
		got.WebSocket.TotalConnections != 1 || got.WebSocket.MessagesPerSecond <= 0 || got.Database.QueryTime == nil || got.OBS["skippedFrames"] != 3.0 ||
		got.Period.PeakCPU != 30 || got.Period.Samples < 24 || got.History != nil {
		t.Errorf("%+v", got)
	}
	if got := get[metrics](t, s, "/api/performance/metrics?detailed=true"); len(got.History) < 6 || got.Application.ErrorRate != 0.0 {
		t.Errorf("%+v", got)
	}
}

func TestSourcePerformance(t *testing.T) {
	core := realCore(t)
	s := start(t, core, func(c *Config) { c.History = past{core: core} })
	name, url := "Alerts", "https://example.com/"
	made, err := core.Do(t.Context(), app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &url}})
	if err != nil {
		t.Fatal(err)
	}
	got := get[struct {
		SourceID, SourceName string
		Metrics              []sourcePoint
		Summary              struct {
			AverageFPS      float64 `json:"averageFps"`
			AverageCPUUsage *float64
			DataPoints      int
		}
	}](t, s, "/api/sources/"+made.ID+"/performance?hours=1")
	if got.SourceID != made.ID || got.SourceName != "Alerts" || got.Summary.DataPoints < 6 || got.Summary.AverageFPS != 45 || *got.Metrics[0].FPS != 45 ||
		got.Metrics[0].CPUUsage != nil || got.Summary.AverageCPUUsage != nil {
		t.Errorf("%+v", got)
	}
	if resp, text := call(t, s, "GET", "/api/sources/none/performance", ""); resp.StatusCode != 404 || !strings.Contains(text, "Source not found") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
}

func TestHistoryThatCannotBeRead(t *testing.T) {
	core := realCore(t)
	broken := start(t, core, func(c *Config) { c.History = past{core, errors.New("no disk")} })
	none := start(t, core)
	for _, path := range []string{"/api/performance/history", "/api/performance/metrics"} {
		if resp, text := call(t, broken, "GET", path, ""); resp.StatusCode != 500 || strings.Contains(text, "no disk") {
			t.Errorf("%s: %d %s", path, resp.StatusCode, text)
		}
		if resp, text := call(t, none, "GET", path, ""); resp.StatusCode != 200 {
			t.Errorf("%s without a history: %d %s", path, resp.StatusCode, text)
		}
	}
}

func TestAlertsAndRuntimeOverREST(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	tell(t, core, app.AlertFact{Alert: app.Alert{RuleID: "a", Type: "low_fps", Args: map[string]any{}, Active: true, Severity: app.SeverityCritical, Message: "fire"}})
	for _, step := range []struct {
		method, path, body string
		status             int
		holds              string
	}{
		{"GET", "/api/performance/alerts", "", 200, `"type":"low_fps"`},
		{"GET", "/api/health", "", 503, `"status":"unhealthy"`},
		{"GET", "/api/ready", "", 200, `"performance":"critical"`},
		{"GET", "/api/performance/rules", "", 200, `"defaults":[{"id":"host-cpu"`},
		{"PUT", "/api/performance/rules", `{"rules":[{"metric":"diskSpace","threshold":500}]}`, 200, `"threshold":500,"clear":500,"duration_ms":0,"severity":"warning","enabled":true`},
		{"PUT", "/api/performance/rules", `{"rules":[{"metric":"diskSpace"}]}`, 400, "threshold must be given"},
		{"PUT", "/api/performance/rules", `{"rules":[{"metric":"warmth","threshold":1}]}`, 400, "metric must be one of"},
		{"PUT", "/api/performance/rules", `{"rules":"all"}`, 400, "must be"},
		{"PUT", "/api/performance/rules", `{}`, 400, "rules must be given"},
		{"GET", "/api/performance/rules", "", 200, `"metric":"diskSpace"`},
		{"PUT", "/api/performance/rules", `{"rules":[]}`, 200, `{"rules":[]}`},
		{"PUT", "/api/performance/rules", `{"rules":null}`, 200, `"host-cpu"`},
		{"DELETE", "/api/performance/rules", "", 405, "METHOD_NOT_ALLOWED"},
		{"GET", "/api/system/info", "", 200, `"metricsRetentionDays":7`},
		{"POST", "/api/system/gc", "", 200, `"freedMemory"`},
		{"POST", "/api/system/cache/clear", "", 200, `"clearedCaches":["addresses","files"]`},
		{"POST", "/api/system/cache/clear", `{"cacheTypes":["files","files"]}`, 200, `"clearedCaches":["files"]`},
		{"POST", "/api/system/cache/clear", `{"cacheTypes":[]}`, 200, `"clearedCaches":[]`},
		{"POST", "/api/system/cache/clear", `{"cacheTypes":["cookies"]}`, 400, "cacheTypes may hold addresses, files"},
		{"POST", "/api/system/cache/clear", `{"cacheTypes":"files"}`, 400, "cacheTypes must be an array"},
		{"PUT", "/api/system/maintenance", `{"enabled":true,"estimatedDuration":60000,"message":"cables"}`, 200, `"message":"cables"`},
		{"GET", "/api/system/maintenance", "", 200, `"enabled":true`},
		{"PUT", "/api/system/maintenance", `{"message":"cables"}`, 400, "enabled must be given"},
		{"PUT", "/api/system/maintenance", `{"enabled":false,"estimatedDuration":-1}`, 400, "must not be negative"},
		{"GET", "/api/config", "", 200, `"maxConcurrentSources":100`},
	} {
		resp, text := call(t, s, step.method, step.path, step.body)
		if resp.StatusCode != step.status || !strings.Contains(text, step.holds) {
			t.Errorf("%s %s %s: %d %s", step.method, step.path, step.body, resp.StatusCode, text)
		}
	}
}
