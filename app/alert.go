package app

import "slices"

// Metric is a figure that an alert rule watches.
type Metric string

// The metrics. Shares of frames are of the last five seconds.
const (
	MetricHostCPU     Metric = "hostCpu"          // per cent of all cores of this computer
	MetricHostMemory  Metric = "hostMemory"       // per cent of this computer's memory in use
	MetricOBSCPU      Metric = "obsCpu"           // per cent, as OBS tells of itself
	MetricRenderLag   Metric = "obsRenderLag"     // per cent of frames that OBS rendered too late
	MetricEncoderLag  Metric = "obsEncoderLag"    // per cent of frames that the encoder skipped
	MetricDropped     Metric = "streamDropped"    // per cent of the stream's frames that the network dropped
	MetricCongestion  Metric = "streamCongestion" // per cent, as OBS tells of its stream
	MetricOBSFPS      Metric = "obsFps"           // per cent of the frame rate that OBS is set to
	MetricDiskSpace   Metric = "diskSpace"        // MiB left where OBS records
	MetricSourceFPS   Metric = "sourceFps"        // frames a second of the slowest page of ours on screen in OBS
	MetricSourceStall Metric = "sourceLongFrames" // frames longer than 50 ms in a minute, of the page in OBS that has most
)

// MetricInfo is what is fixed of a metric.
type MetricInfo struct {
	Type   string  `json:"type"`   // of its alerts, "high_cpu_usage"
	Source string  `json:"source"` // what its alerts are about: "system", "obs", "stream" or "sources"
	Unit   string  `json:"unit"`   // "%", "MiB", "fps" or "/min"
	Below  bool    `json:"below"`  // it is small values that are bad
	Max    float64 `json:"max"`    // the largest threshold that makes sense
}

var metricInfos = map[Metric]MetricInfo{
	MetricHostCPU:     {"high_cpu_usage", "system", "%", false, 100},
	MetricHostMemory:  {"high_memory_usage", "system", "%", false, 100},
	MetricOBSCPU:      {"high_obs_cpu_usage", "obs", "%", false, 100},
	MetricRenderLag:   {"render_lag", "obs", "%", false, 100},
	MetricEncoderLag:  {"encoder_overload", "obs", "%", false, 100},
	MetricDropped:     {"dropped_frames", "stream", "%", false, 100},
	MetricCongestion:  {"network_congestion", "stream", "%", false, 100},
	MetricOBSFPS:      {"low_fps", "obs", "%", true, 100},
	MetricDiskSpace:   {"low_disk_space", "obs", "MiB", true, 1 << 30},
	MetricSourceFPS:   {"low_source_fps", "sources", "fps", true, 240},
	MetricSourceStall: {"source_stalls", "sources", "/min", false, 1200},
}

// Info returns what is fixed of the metric; ok is false for one that does not exist.
func (m Metric) Info() (info MetricInfo, ok bool) {
	info, ok = metricInfos[m]
	return info, ok
}

// Metrics returns all metrics, sorted.
func Metrics() []Metric {
	all := make([]Metric, 0, len(metricInfos))
	for m := range metricInfos {
		all = append(all, m)
	}
	slices.Sort(all)
	return all
}

// Severity is how bad an alert is.
type Severity string

// The severities.
const (
	SeverityInfo     Severity = "info"     // nothing changes
	SeverityWarning  Severity = "warning"  // Cuewire is degraded
	SeverityCritical Severity = "critical" // the show is in danger: Cuewire is unhealthy
)

// AlertRule says when an alert begins and ends. It begins when the metric has been
// at or past Threshold for Duration without a break, and ends when it has been at
// or past Clear, on the good side, for as long.
type AlertRule struct {
	ID        string   `json:"id"`
	Metric    Metric   `json:"metric"`
	Threshold float64  `json:"threshold"`
	Clear     float64  `json:"clear"`
	Duration  Millis   `json:"duration_ms"` // 0 to 10 minutes
	Severity  Severity `json:"severity"`
	Enabled   bool     `json:"enabled"`
}

// DefaultAlertRules returns the rules that hold until a person changes them.
func DefaultAlertRules() []AlertRule {
	return []AlertRule{
		{"host-cpu", MetricHostCPU, 90, 80, 10_000, SeverityWarning, true},
		{"host-memory", MetricHostMemory, 92, 88, 30_000, SeverityWarning, true},
		{"obs-cpu", MetricOBSCPU, 60, 50, 30_000, SeverityInfo, true},
		{"render-lag", MetricRenderLag, 2, 0.5, 10_000, SeverityWarning, true},
		{"render-lag-critical", MetricRenderLag, 20, 10, 10_000, SeverityCritical, true},
		{"encoder-overload", MetricEncoderLag, 2, 0.5, 10_000, SeverityWarning, true},
		{"encoder-overload-critical", MetricEncoderLag, 20, 10, 10_000, SeverityCritical, true},
		{"dropped-frames", MetricDropped, 2, 0.5, 10_000, SeverityWarning, true},
		{"dropped-frames-critical", MetricDropped, 25, 10, 15_000, SeverityCritical, true},
		{"congestion", MetricCongestion, 50, 30, 10_000, SeverityInfo, true},
		{"obs-fps", MetricOBSFPS, 90, 97, 10_000, SeverityWarning, true},
		{"disk-space", MetricDiskSpace, 5_000, 6_000, 5_000, SeverityWarning, true},
		{"disk-space-critical", MetricDiskSpace, 1_000, 1_500, 0, SeverityCritical, true},
		{"source-fps", MetricSourceFPS, 20, 25, 15_000, SeverityInfo, true},
		{"source-stalls", MetricSourceStall, 120, 60, 10_000, SeverityInfo, true},
	}
}

// Cause is what an alert most likely comes from, found by looking at the other
// figures of the same moment, and what to do about it.
type Cause struct {
	Code    string `json:"code"`    // "cpu_encoder"
	Message string `json:"message"` // English: the cause, and what to do next
	Key     string `json:"key"`     // of the same words in the catalogue of texts
}

// Alert is a rule's alert, as performance:alert publishes it.
type Alert struct {
	Type      string         `json:"type"`
	Value     float64        `json:"value"` // that made it begin, or end
	Threshold float64        `json:"threshold"`
	Severity  Severity       `json:"severity"`
	Source    string         `json:"source"`
	Message   string         `json:"message"`   // English, one sentence
	Key       string         `json:"key"`       // of the same sentence in the catalogue of texts
	Args      map[string]any `json:"args"`      // that the sentence is filled in with
	Cause     *Cause         `json:"cause"`     // null when it ends
	RuleID    string         `json:"ruleId"`    //
	Unit      string         `json:"unit"`      // of Value and Threshold
	Active    bool           `json:"active"`    // false: it has ended
	Since     Instant        `json:"since"`     // when it began
	ClearedAt *Instant       `json:"clearedAt"` // null while active
}

// AlertsState is what is watched, and what was seen. It is immutable.
type AlertsState struct {
	Rules  []AlertRule
	Active []Alert // in the order in which they began
	Recent []Alert // the last that began, newest first, active or not; in this run of Cuewire
}

// maxRecentAlerts is how many alerts are remembered.
const maxRecentAlerts = 200

// SetAlertRules puts new rules in place of all the old ones; nil puts the defaults
// back. A rule without an id gets one. They are stored. What was active under a rule
// that is gone ends with the next sample.
type SetAlertRules struct{ Rules []AlertRule }

// AlertFact tells that an alert began, or ended. It is not stored.
type AlertFact struct{ Alert Alert }

func (SetAlertRules) command() {}
func (AlertFact) command()     {}

// Apply returns the alerts after the fact, and the events that tell of it, in order.
// It changes nothing that before refers to.
func (f AlertFact) Apply(s AlertsState) (AlertsState, []EventBody) {
	same := func(a Alert) bool { return a.RuleID == f.Alert.RuleID && a.Active }
	at := slices.IndexFunc(s.Active, same)
	switch {
	case f.Alert.Active && at >= 0, !f.Alert.Active && at < 0:
		return s, nil
	case f.Alert.Active:
		s.Active = append(slices.Clip(s.Active), f.Alert)
		s.Recent = append([]Alert{f.Alert}, s.Recent[:min(len(s.Recent), maxRecentAlerts-1)]...)
		return s, []EventBody{
			AlertChanged{f.Alert},
			SystemAlerted{f.Alert.Type, f.Alert.Value, f.Alert.Threshold, f.Alert.Severity},
		}
	}
	ended := s.Active[at]
	ended.Active, ended.ClearedAt = false, f.Alert.ClearedAt
	s.Active = slices.Delete(slices.Clone(s.Active), at, at+1)
	if k := slices.IndexFunc(s.Recent, same); k >= 0 {
		s.Recent = slices.Clone(s.Recent)
		s.Recent[k] = ended
	}
	told := f.Alert
	told.Since, told.Severity = ended.Since, SeverityInfo // it is no bad news
	return s, []EventBody{AlertChanged{told}}
}

// Worst returns the worst of the active alerts, the first of several; ok is false
// where none is active.
func (s AlertsState) Worst() (worst Alert, ok bool) {
	for _, a := range s.Active {
		if !ok || rank[a.Severity] > rank[worst.Severity] {
			worst, ok = a, true
		}
	}
	return worst, ok
}

var rank = map[Severity]int{SeverityInfo: 1, SeverityWarning: 2, SeverityCritical: 3}

// AlertChanged is performance:alert: an alert began, or ended. Its severity is then
// SeverityInfo.
type AlertChanged struct{ Alert }

// SystemAlerted is system:performanceAlert, which goes to every client: an alert began.
type SystemAlerted struct {
	Type      string   `json:"type"`
	Value     float64  `json:"value"`
	Threshold float64  `json:"threshold"`
	Severity  Severity `json:"severity"`
}

// AlertRulesChanged is performance:rulesChanged.
type AlertRulesChanged struct {
	Rules []AlertRule `json:"rules"`
}

func (AlertChanged) EventName() string      { return "performance:alert" }
func (SystemAlerted) EventName() string     { return "system:performanceAlert" }
func (AlertRulesChanged) EventName() string { return "performance:rulesChanged" }

// PutAlertRules stores the rules; nil stores that they are the defaults.
type PutAlertRules struct{ Rules []AlertRule }

// Key returns which thing is written.
func (PutAlertRules) Key() string { return "alertRules" }
