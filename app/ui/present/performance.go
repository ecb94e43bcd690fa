package present

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
)

// ChartKind is one of the charts.
type ChartKind int

// The charts, in the order in which they are shown.
const (
	CPUChart ChartKind = iota
	MemoryChart
	RenderChart
	FramesChart
	NetworkChart
	ClientsChart
	ChartKinds
)

// chartFigures are the figures of each chart, and the metrics whose thresholds it shows.
var chartFigures = [ChartKinds][]struct {
	figure Figure
	metric app.Metric // "" for none
}{
	CPUChart:     {{HostCPU, app.MetricHostCPU}, {OBSCPU, app.MetricOBSCPU}, {OwnCPU, ""}},
	MemoryChart:  {{HostMemory, app.MetricHostMemory}, {OBSMemory, ""}, {OwnMemory, ""}},
	RenderChart:  {{RenderTime, ""}},
	FramesChart:  {{RenderLag, app.MetricRenderLag}, {EncoderLag, app.MetricEncoderLag}, {Dropped, app.MetricDropped}},
	NetworkChart: {{Bitrate, ""}},
	ClientsChart: {{Connections, ""}},
}

// chartTops are the tops that the charts' scales have at least.
var chartTops = [ChartKinds]float32{100, 100, 10, 5, 1000, 4}

// ChartTitle is the key of a chart's title.
func ChartTitle(k ChartKind) string {
	return [ChartKinds]string{"perf.cpu", "perf.memory", "perf.render", "perf.frames", "perf.network", "perf.clients"}[k]
}

var figureNames = [Figures]string{
	"perf.computer", "perf.obs", "perf.cuewire", "perf.computer", "perf.obs", "perf.cuewire", "perf.rendertime",
	"perf.renderlag", "perf.encoderlag", "perf.dropped", "perf.bitrate", "perf.connections",
}

// Limit is a threshold of an alert rule in a chart.
type Limit struct {
	Value float32
	Color color.Color
}

// Chart is one chart as it is drawn.
type Chart struct {
	Series [][]float32 // NaN for gaps
	Top    float32     // of the scale, which begins at 0
	Limits []Limit     // within the scale
}

// Of returns a chart with the thresholds of the rules.
func (c *Charts) Of(k ChartKind, rules []app.AlertRule) Chart {
	chart, top := Chart{}, chartTops[k]
	for _, f := range chartFigures[k] {
		values := c.Values[f.figure]
		chart.Series = append(chart.Series, values)
		for _, v := range values {
			if known(v) {
				top = max(top, v*1.1)
			}
		}
	}
	if chart.Top = top; top > chartTops[k] {
		chart.Top = roundUp(top)
	}
	if k == CPUChart || k == MemoryChart || k == FramesChart { // per cent
		chart.Top = min(chart.Top, 100)
	}
	for _, rule := range rules {
		for _, f := range chartFigures[k] {
			if rule.Enabled && f.metric == rule.Metric && float32(rule.Threshold) <= chart.Top {
				chart.Limits = append(chart.Limits, Limit{float32(rule.Threshold), SeverityColor(rule.Severity)})
			}
		}
	}
	return chart
}

// roundUp returns the next of 1, 2, 5, 10, 20, 50, …
func roundUp(v float32) float32 {
	unit := float32(math.Pow(10, math.Floor(math.Log10(float64(v)))))
	for _, m := range []float32{1, 2, 5, 10} {
		if v <= m*unit {
			return m * unit
		}
	}
	return 10 * unit
}

// Legend is a figure of a chart with its value at one step.
type Legend struct{ Name, Value string }

// Legends returns the figures of a chart at a step, "–" for what is not known.
func (c *Charts) Legends(w *i18n.Words, k ChartKind, step int) []Legend {
	list := make([]Legend, len(chartFigures[k]))
	for i, f := range chartFigures[k] {
		list[i] = Legend{w.T(figureNames[f.figure], nil), "–"}
		if values := c.Values[f.figure]; step >= 0 && step < len(values) && known(values[step]) {
			list[i].Value = ChartValue(w, k, values[step])
		}
	}
	return list
}

// ChartValue writes a value of a chart with its unit.
func ChartValue(w *i18n.Words, k ChartKind, v float32) string {
	switch k {
	case RenderChart:
		return decimal(w, float64(v), 1) + " ms"
	case NetworkChart:
		if v >= 1000 {
			return decimal(w, float64(v)/1000, 1) + " Mbit/s"
		}
		return decimal(w, float64(v), 0) + " kbit/s"
	case ClientsChart:
		return decimal(w, float64(v), 0)
	}
	digits := 0
	if v != 0 && v < 10 {
		digits = 1
	}
	return percent(w, float64(v), digits)
}

// When says when a step was.
func (c *Charts) When(step int, zone *time.Location) string {
	at := c.End.Add(-c.Step * app.Millis(len(c.Values[0])-step))
	return at.Time().In(zone).Format("15:04:05")
}

// SeverityColor is the colour of a severity.
func SeverityColor(s app.Severity) color.Color {
	switch s {
	case app.SeverityCritical:
		return Bad
	case app.SeverityWarning:
		return Warn
	default:
		return Accent
	}
}

// PerfTab says what stands beside the charts.
type PerfTab int

// The tabs.
const (
	AlertsTab PerfTab = iota
	RulesTab
	CostsTab
	PerfTabs
)

// Performance is the page of figures: charts, alerts and their rules, and what
// sources cost.
type Performance struct {
	Span   int
	Charts *Charts // nil before anything was measured
	Tab    PerfTab
	Active []app.Alert
	Recent []app.Alert
	Rules  []app.AlertRule
	Costs  []Cost
	All    Mark // what OBS's browser processes use together, "" where that is not known
}

// Cost is what is known of what a source costs. What cannot be measured is "–".
type Cost struct{ Name, FPS, LongFrames, CPU, Memory string }

func performanceOf(in Input) (content Content, change, drift app.Millis) {
	alerts := in.Snapshot.Alerts
	p := Performance{
		Span: SpanOf(in.Local), Charts: in.Charts, Tab: in.Local.PerfTab,
		Active: alerts.Active, Recent: alerts.Recent, Rules: alerts.Rules,
	}
	if p.Tab == CostsTab {
		p.Costs, p.All = costsOf(in)
	}
	return p, 0, 0
}

// SpanOf returns the span chosen for the charts, in minutes.
func SpanOf(l Local) int {
	if l.Span == 0 {
		return Spans[1]
	}
	return l.Span
}

// Same reports whether two pages look alike.
func (p Performance) Same(other Content) bool {
	o, ok := other.(Performance)
	return ok && p.Span == o.Span && p.Charts == o.Charts && p.Tab == o.Tab && sameList(p.Active, o.Active) && sameList(p.Recent, o.Recent) &&
		sameList(p.Rules, o.Rules) && slices.Equal(p.Costs, o.Costs) && p.All == o.All
}

// Urgent returns the page without its figures.
func (p Performance) Urgent() Content {
	p.Charts, p.Costs, p.All = nil, nil, Mark{}
	return p
}

// costsOf returns what is known of each active source, by name.
func costsOf(in Input) ([]Cost, Mark) {
	w, s := in.Words, in.Snapshot.Sample
	all := Mark{w.T("perf.costs.unknown", nil), Muted}
	told := map[string]app.PagePerformance{}
	if s != nil {
		if b := s.Sources.Browser; b != nil {
			cpu, memory := "–", "–"
			if b.CPU != nil {
				cpu = percent(w, *b.CPU, 0)
			}
			if b.Memory != nil {
				memory = mebibytes(w, *b.Memory)
			}
			all = Mark{w.T("perf.costs.all", map[string]any{"Count": b.Processes, "CPU": cpu, "Memory": memory}), Text}
		}
		for _, page := range s.Sources.Pages {
			told[page.SourceID] = page
		}
	}
	var costs []Cost
	for _, source := range in.Snapshot.Sources.List {
		if !source.Active {
			continue
		}
		c := Cost{Name: source.Name, FPS: "–", LongFrames: "–", CPU: "–", Memory: "–"}
		if page, ok := told[source.ID]; ok {
			if page.FPS != nil {
				c.FPS = decimal(w, *page.FPS, 0)
			}
			if page.LongFrames != nil {
				c.LongFrames = decimal(w, *page.LongFrames, 0)
			}
		}
		costs = append(costs, c)
	}
	slices.SortStableFunc(costs, func(a, b Cost) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return costs, all
}

// AlertText is an alert in words: what it is, what to do, and when it was.
type AlertText struct {
	Text, Advice, When string
	Color              color.Color
}

// TextOf says an alert in words.
func TextOf(w *i18n.Words, a app.Alert, zone *time.Location) AlertText {
	t := AlertText{Text: w.T(a.Key, a.Args), Color: SeverityColor(a.Severity)}
	if t.Text == a.Key {
		t.Text = a.Message
	}
	if a.Cause != nil && a.Active {
		if t.Advice = w.T(a.Cause.Key, nil); t.Advice == a.Cause.Key {
			t.Advice = a.Cause.Message
		}
	}
	from := a.Since.Time().In(zone).Format("15:04:05")
	switch {
	case a.Active:
		t.When = w.T("perf.alert.since", map[string]any{"From": from})
	case a.ClearedAt != nil:
		t.When, t.Color = w.T("perf.alert.was", map[string]any{"From": from, "To": a.ClearedAt.Time().In(zone).Format("15:04:05")}), Muted
	default:
		t.When, t.Color = from, Muted
	}
	return t
}
