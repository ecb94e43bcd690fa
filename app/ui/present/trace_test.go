package present

import (
	"testing"

	"cuewire/app"
)

// measured is a snapshot with a sample of a second.
func measured(at app.Instant, cpu *float64, stats *app.OBSStats) *app.Snapshot {
	total := 16_000.0
	return &app.Snapshot{
		Sample: &app.Sample{At: at, HostCPU: cpu, OwnCPU: cpu, MemoryUsed: &total, MemoryTotal: &total},
		OBS:    app.OBSState{Phase: app.OBSConnected, Stats: stats},
	}
}

func TestWhatWasNotMeasuredIsAGap(t *testing.T) {
	const now = app.Instant(1_790_000_040_000)
	forty, rate := 40.0, 6.0
	var trace Trace
	for second := range 60 {
		switch at := now.Add(app.Millis(second-59) * 1000); {
		case second < 10: // before Cuewire ran
		case second < 20:
			trace.Add(measured(at, nil, nil), 4) // nothing could be measured
		case second < 30: // the computer slept
		default:
			trace.Add(measured(at, &forty, &app.OBSStats{At: at, FPS: 60, RenderTime: 2, RenderSkippedRate: &rate}), 4)
		}
	}
	c := trace.Charts(1, now, nil, 4, 16_000)
	if len(c.Values[HostCPU]) != 60 || c.Step != 1000 || c.End != now.Add(1000) {
		t.Fatalf("%d steps of %d to %d", len(c.Values[HostCPU]), c.Step, c.End)
	}
	for i, v := range c.Values[HostCPU] {
		if want := i >= 30; known(v) != want || want && v != 40 {
			t.Errorf("second %d: %v", i, v)
		}
	}
	if v := c.Values[OwnCPU][40]; v != 10 {
		t.Errorf("40 %% of one of four cores is %v %%", v)
	}
	if v := c.Values[HostMemory][15]; v != 100 {
		t.Errorf("memory: %v", v)
	}
	if v := c.Values[RenderLag][40]; v != 10 {
		t.Errorf("6 of 60 frames are %v %%", v)
	}
	if known(c.Values[Dropped][40]) || known(c.Values[RenderTime][15]) {
		t.Error("what OBS did not tell is drawn")
	}
	if latest := c.Latest(); latest != 59 {
		t.Errorf("the latest is %d", latest)
	}
	if got := c.Legends(catalogue(t).In("pt-BR"), RenderChart, 40)[0].Value; got != "2,0 ms" {
		t.Errorf("the render time reads %q", got)
	}
	if got := c.Legends(catalogue(t).In("en"), FramesChart, 40)[2].Value; got != "–" {
		t.Errorf("an unknown value reads %q", got)
	}
}

func TestOldStatisticsOfOBSAreNotTakenForNew(t *testing.T) {
	const now = app.Instant(1_790_000_000_000)
	var trace Trace
	trace.Add(measured(now, nil, &app.OBSStats{At: now.Add(-10_000), RenderTime: 2}), 1)
	if v := trace.Charts(1, now, nil, 1, 0).Values[RenderTime][59]; known(v) {
		t.Errorf("ten seconds later the render time is still %v", v)
	}
}

func TestMinutesOfTheHistoryStandWhereSecondsAreNotRemembered(t *testing.T) {
	const now = app.Instant(1_790_000_040_000)
	minute := func(ago app.Millis, cpu float64) app.Minute {
		at := now - now%60_000
		return app.Minute{At: at.Add(-ago * 60_000), CPU: app.Mean{Sum: cpu, Count: 1}}
	}
	ten := 10.0
	var trace Trace
	for second := range 60 {
		trace.Add(measured(now.Add(app.Millis(second-59)*1000), &ten, nil), 1)
	}
	c := trace.Charts(15, now, []app.Minute{minute(10, 50), minute(0, 90)}, 1, 0)
	values := c.Values[HostCPU]
	if len(values) != 180 {
		t.Fatalf("%d steps", len(values))
	}
	fifty, early := 0, 0
	for i, v := range values {
		switch {
		case v == 50:
			fifty++
		case known(v) && v != 10 && i < 168: // seconds count where they are remembered
			early++
		}
	}
	if fifty != 12 || early != 0 || values[len(values)-1] != 10 {
		t.Errorf("a minute fills %d steps of 5 s; %d steps that nobody measured; the last is %v", fifty, early, values[len(values)-1])
	}
}

func TestTheScaleHoldsWhatIsDrawn(t *testing.T) {
	c := &Charts{}
	for f := range c.Values {
		c.Values[f] = []float32{unknown, 3}
	}
	c.Values[Bitrate][1], c.Values[HostCPU][1] = 6_200, 100
	rules := []app.AlertRule{
		{Metric: app.MetricHostCPU, Threshold: 90, Severity: app.SeverityWarning, Enabled: true},
		{Metric: app.MetricOBSCPU, Threshold: 60, Severity: app.SeverityCritical},
		{Metric: app.MetricRenderLag, Threshold: 20, Severity: app.SeverityCritical, Enabled: true},
	}
	if got := c.Of(NetworkChart, rules); got.Top != 10_000 || len(got.Limits) != 0 {
		t.Errorf("%+v", got)
	}
	if got := c.Of(CPUChart, rules); got.Top != 100 || len(got.Limits) != 1 || got.Limits[0] != (Limit{90, Warn}) {
		t.Errorf("%+v", got)
	}
	if got := c.Of(FramesChart, rules); got.Top != 5 || len(got.Limits) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestRulesAreReadAsTheyAreWritten(t *testing.T) {
	w := catalogue(t).In("pt-BR")
	for _, rule := range app.DefaultAlertRules() {
		form := RuleOf(w, rule)
		if read, wrong := form.Read(w, rule); len(wrong) > 0 || read != rule {
			t.Errorf("%+v became %+v, %v", rule, read, wrong)
		}
	}
	for name, test := range map[string]struct {
		form  Rule
		field string
	}{
		"no number":       {Rule{app.MetricHostCPU, "many", "", "0", app.SeverityInfo}, "threshold"},
		"too much":        {Rule{app.MetricHostCPU, "101", "", "0", app.SeverityInfo}, "threshold"},
		"not a number":    {Rule{app.MetricHostCPU, "NaN", "", "0", app.SeverityInfo}, "threshold"},
		"ends above":      {Rule{app.MetricHostCPU, "80", "90", "0", app.SeverityInfo}, "clear"},
		"ends below":      {Rule{app.MetricDiskSpace, "5000", "4000", "0", app.SeverityInfo}, "clear"},
		"longer than can": {Rule{app.MetricHostCPU, "80", "", "601", app.SeverityInfo}, "duration_ms"},
	} {
		if _, wrong := test.form.Read(w, app.AlertRule{}); len(wrong) != 1 || wrong[0].Field != test.field {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	if got := WithoutRule([]app.AlertRule{{ID: "a"}}, "a"); got == nil || len(got) != 0 {
		t.Error("the last rule deleted puts the defaults back")
	}
}

func TestHealthIsToldByColour(t *testing.T) {
	w := catalogue(t).In("en")
	h := healthOf(w, &app.OBSStats{DiskSpace: 900, OutputSkippedFrames: 10, OutputTotalFrames: 100, RenderSkippedFrames: 2, RenderTotalFrames: 100})
	for i, want := range map[HealthStat]Mark{
		HealthDisk: {"900 MiB", Bad}, HealthEncoder: {"10 (10.0 %)", Bad}, HealthLate: {"2 (2.0 %)", Warn}, HealthBitrate: {"–", Muted},
	} {
		if h[i].Value != want {
			t.Errorf("%s: %v, want %v", h[i].Name, h[i].Value, want)
		}
	}
	if unknown := healthOf(w, nil); unknown[HealthFPS].Value.Text != "–" {
		t.Errorf("unknown reads %v", unknown[HealthFPS])
	}
}
