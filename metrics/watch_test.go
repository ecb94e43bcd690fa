package metrics

import (
	"encoding/json"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/assets"
)

// run holds one value a second against a rule, "?" for none, and returns what was
// told: + where the alert began, - where it ended.
func run(rule app.AlertRule, values ...any) string {
	var w watcher
	told := ""
	for i, value := range values {
		m := &moment{at: app.Instant(1000 * i), figures: map[app.Metric]float64{}}
		if x, ok := value.(int); ok {
			m.figures[rule.Metric] = float64(x)
		}
		mark := "."
		for _, a := range w.step(m, []app.AlertRule{rule}, time.Second) {
			mark = "-"
			if a.Active {
				mark = "+"
			}
		}
		told += mark
	}
	return told
}

func TestRulesTellOnceEachWay(t *testing.T) {
	cpu := app.AlertRule{ID: "a", Metric: app.MetricHostCPU, Threshold: 90, Clear: 80, Duration: 2000, Enabled: true}
	disk := app.AlertRule{ID: "a", Metric: app.MetricDiskSpace, Threshold: 100, Clear: 150, Enabled: true}
	off, unknown := cpu, cpu
	off.Enabled, unknown.Metric = false, "nothing"
	for name, test := range map[string]struct {
		rule   app.AlertRule
		values []any
		want   string
	}{
		"begins when it was long enough past the threshold": {cpu, []any{95, 95, 95, 95, 95}, "..+.."},
		"a break starts the time anew":                      {cpu, []any{95, 95, 10, 95, 95, 95}, ".....+"},
		"at the threshold is past it":                       {cpu, []any{90, 90, 90}, "..+"},
		"stays between clear and threshold":                 {cpu, []any{95, 95, 95, 85, 85, 85, 85, 95, 95, 95}, "..+......."},
		"ends when it was long enough fine":                 {cpu, []any{95, 95, 95, 80, 80, 80, 80}, "..+..-."},
		"a break in being fine":                             {cpu, []any{95, 95, 95, 70, 70, 85, 70, 70, 70}, "..+.....-"},
		"and begins again":                                  {cpu, []any{95, 95, 95, 0, 0, 0, 95, 95, 95}, "..+..-..+"},
		"a gap is no break of an alert":                     {cpu, []any{95, 95, 95, "?", "?", 95, 95, 95}, "..+....."},
		"a gap breaks the time before one":                  {cpu, []any{95, 95, "?", 95, 95, 95}, ".....+"},
		"unknown for long ends it":                          {cpu, []any{95, 95, 95, "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?"}, "..+.........-."},
		"small values are bad, at once":                     {disk, []any{200, 100, 120, 150, 99}, ".+.-+"},
		"switched off":                                      {off, []any{95, 95, 95}, "..."},
		"a metric of another version":                       {unknown, []any{95, 95, 95}, "..."},
	} {
		if got := run(test.rule, test.values...); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestAnAlertEndsWithItsRule(t *testing.T) {
	rule := app.AlertRule{ID: "a", Metric: app.MetricHostCPU, Threshold: 90, Clear: 80, Severity: app.SeverityCritical, Enabled: true}
	bad := &moment{at: 5, figures: map[app.Metric]float64{app.MetricHostCPU: 99}}
	other := rule
	other.Metric = app.MetricOBSCPU
	off := rule
	off.Enabled = false
	for name, rules := range map[string][]app.AlertRule{"gone": nil, "off": {off}, "of something else": {other}} {
		var w watcher
		if told := w.step(bad, []app.AlertRule{rule}, time.Second); len(told) != 1 || !told[0].Active || told[0].Since != 5 || told[0].Cause == nil {
			t.Fatalf("%+v", told)
		}
		told := w.step(bad, rules, time.Second)
		if len(told) != 1 || told[0].Active || told[0].RuleID != "a" || *told[0].ClearedAt != 5 || told[0].Value != 99 {
			t.Errorf("%s: %+v", name, told)
		}
		if told := w.step(bad, rules, time.Second); len(told) != 0 {
			t.Errorf("%s: told again: %+v", name, told)
		}
	}
}

func TestTimeAsleepDoesNotCount(t *testing.T) {
	rule := app.AlertRule{ID: "a", Metric: app.MetricHostCPU, Threshold: 90, Clear: 80, Duration: 60_000, Enabled: true}
	bad := &moment{figures: map[app.Metric]float64{app.MetricHostCPU: 99}}
	var w watcher
	w.step(bad, []app.AlertRule{rule}, time.Second)
	if told := w.step(bad, []app.AlertRule{rule}, time.Hour); len(told) != 0 {
		t.Errorf("an hour asleep counts as an hour: %+v", told)
	}
}

// counters makes OBS's statistics after so many seconds at 60 frames a second.
func counters(second int, missed, skipped, dropped int64) app.OBSStats {
	total := int64(second * 60)
	congestion := 0.25
	return app.OBSStats{
		At: app.Instant(second * 1000), FPS: 60, RenderTime: 4, DiskSpace: 5e5, CPUUsage: 12,
		RenderTotalFrames: total, RenderSkippedFrames: missed, OutputTotalFrames: total, OutputSkippedFrames: skipped,
		StreamSkippedFrames: &dropped, StreamCongestion: &congestion,
	}
}

func TestSharesAreOfTheLastSeconds(t *testing.T) {
	var g gauge
	obs := app.OBSState{Phase: app.OBSConnected, ConnectionID: "1"}
	read := func(s app.OBSStats) map[app.Metric]float64 {
		obs.Stats = &s
		m := g.read(app.Sample{At: s.At}, obs)
		return m.figures
	}
	first := read(counters(100, 1000, 500, 50))
	if _, known := first[app.MetricRenderLag]; known || first[app.MetricDiskSpace] != 5e5 || first[app.MetricCongestion] != 25 {
		t.Errorf("from one reading: %v", first)
	}
	for second := 101; second < 105; second++ {
		read(counters(second, 1000, 500, 50))
	}
	got := read(counters(105, 1030, 515, 53)) // of 300 frames in 5 s
	for metric, want := range map[app.Metric]float64{
		app.MetricRenderLag: 10, app.MetricEncoderLag: 5, app.MetricDropped: 1, app.MetricOBSFPS: 100, app.MetricOBSCPU: 12,
	} {
		if got[metric] != want {
			t.Errorf("%s: %v, want %v", metric, got[metric], want)
		}
	}
	for second := 106; second <= 110; second++ {
		got = read(counters(second, 1030, 515, 53))
	}
	if got[app.MetricRenderLag] != 0 || got[app.MetricDropped] != 0 {
		t.Errorf("after five good seconds: %v", got)
	}
	slow := counters(111, 1060, 515, 53)
	slow.FPS = 30
	if got = read(slow); got[app.MetricOBSFPS] != 50 {
		t.Errorf("half the frame rate: %v", got)
	}
	reset := counters(112, 0, 0, 0)
	reset.RenderTotalFrames = 10
	if _, known := read(reset)[app.MetricRenderLag]; known {
		t.Error("counters that began anew were compared")
	}
	obs.ConnectionID = "2"
	if _, known := read(counters(113, 0, 0, 0))[app.MetricRenderLag]; known {
		t.Error("the counters of two connections were compared")
	}
	if m := g.read(app.Sample{At: 130_000}, obs); m.obs != nil || len(m.figures) != 0 {
		t.Errorf("old statistics tell %v", m.figures)
	}
}

func TestCausesComeFromTheOtherFigures(t *testing.T) {
	f := func(x float64) *float64 { return &x }
	stats := app.OBSStats{RenderTime: 4, MemoryUsage: 500}
	heavy := app.OBSStats{RenderTime: 15, MemoryUsage: 8000}
	browser := app.Sample{MemoryUsed: f(10_000), Sources: app.SourcesPerformance{Browser: &app.BrowserPerformance{Processes: 9, CPU: f(60 * cores), Memory: f(4000)}}}
	live := app.OBSOutput{Active: true}
	type figures = map[app.Metric]float64
	for _, test := range []struct {
		metric app.Metric
		m      moment
		want   string
	}{
		{app.MetricHostCPU, moment{figures: figures{app.MetricHostCPU: 95, app.MetricOBSCPU: 60}}, "cpu_obs"},
		{app.MetricHostCPU, moment{figures: figures{app.MetricHostCPU: 95, app.MetricOBSCPU: 20}}, "cpu_other"},
		{app.MetricHostCPU, moment{figures: figures{app.MetricHostCPU: 95, app.MetricOBSCPU: 20}, sample: browser}, "cpu_browser"},
		{app.MetricHostCPU, moment{figures: figures{app.MetricHostCPU: 95}, sample: app.Sample{OwnCPU: f(50 * cores)}}, "cpu_cuewire"},
		{app.MetricHostMemory, moment{sample: browser}, "memory_browser"},
		{app.MetricHostMemory, moment{sample: app.Sample{MemoryUsed: f(10_000)}, obs: &heavy}, "memory_obs"},
		{app.MetricHostMemory, moment{sample: app.Sample{MemoryUsed: f(10_000)}, obs: &stats}, "memory_other"},
		{app.MetricHostMemory, moment{}, "memory_other"},
		{app.MetricOBSCPU, moment{streaming: live}, "cpu_obs"},
		{app.MetricOBSCPU, moment{}, "obs_scene"},
		{app.MetricRenderLag, moment{figures: figures{app.MetricHostCPU: 90}}, "render_cpu"},
		{app.MetricRenderLag, moment{figures: figures{app.MetricHostMemory: 97}}, "render_memory"},
		{app.MetricRenderLag, moment{obs: &heavy, targetFPS: 60}, "render_scene"},
		{app.MetricOBSFPS, moment{obs: &stats, targetFPS: 60}, "render_gpu"},
		{app.MetricEncoderLag, moment{figures: figures{app.MetricHostCPU: 90, app.MetricRenderLag: 5}}, "encoder_cpu"},
		{app.MetricEncoderLag, moment{figures: figures{app.MetricHostCPU: 30, app.MetricRenderLag: 5}}, "encoder_gpu"},
		{app.MetricEncoderLag, moment{figures: figures{app.MetricHostCPU: 30}}, "encoder_settings"},
		{app.MetricDropped, moment{streaming: app.OBSOutput{Active: true, Reconnecting: true}}, "network_lost"},
		{app.MetricDropped, moment{figures: figures{app.MetricHostCPU: 99}}, "network_cpu"},
		{app.MetricCongestion, moment{streaming: live}, "network"},
		{app.MetricDiskSpace, moment{recording: live}, "disk_recording"},
		{app.MetricDiskSpace, moment{}, "disk_other"},
		{app.MetricSourceFPS, moment{figures: figures{app.MetricHostCPU: 90}}, "page_cpu"},
		{app.MetricSourceStall, moment{figures: figures{app.MetricRenderLag: 5}}, "page_obs"},
		{app.MetricSourceFPS, moment{}, "page"},
	} {
		if got := causeOf(test.metric, &test.m); got.Code != test.want || got.Message == "" {
			t.Errorf("%s: got %+v, want %s", test.metric, got, test.want)
		}
	}
}

// What protocols and logs say in English is what the catalogue says.
func TestTextsAreTheCatalogues(t *testing.T) {
	content, err := fs.ReadFile(assets.I18n(), "alerts.en.json")
	if err != nil {
		t.Fatal(err)
	}
	var catalogue map[string]string
	if err := json.Unmarshal(content, &catalogue); err != nil {
		t.Fatal(err)
	}
	for key := range catalogue {
		if !strings.HasPrefix(key, "alert.") {
			delete(catalogue, key) // of commands that are refused
		}
	}
	if !reflect.DeepEqual(catalogue, texts) {
		t.Errorf("got %v\nwant %v", texts, catalogue)
	}
	for _, metric := range app.Metrics() {
		info, _ := metric.Info()
		for _, ending := range []string{"", ".ended"} {
			if text := english("alert."+info.Type+ending, map[string]any{"Value": shown(12.345), "Threshold": shown(0.55)}); text == "" || strings.Contains(text, "{") {
				t.Errorf("%s%s: %q", info.Type, ending, text)
			}
		}
	}
	if shown(99.6) != "100" || shown(0.55) != "0.6" || shown(2) != "2" {
		t.Error(shown(99.6), shown(0.55), shown(2))
	}
}
