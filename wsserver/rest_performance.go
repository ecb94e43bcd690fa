package wsserver

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"cuewire/app"
)

// performanceRoutes adds what was measured, and the alerts.
func (s *Server) performanceRoutes(on func(pattern string, m methods)) {
	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	on("/api/performance/metrics", methods{"GET": operator(s.performanceMetrics)})
	on("/api/performance/history", methods{"GET": operator(s.performanceHistory)})
	on("/api/performance/alerts", methods{"GET": operator(s.performanceAlerts)})
	on("/api/performance/rules", methods{"GET": operator(s.alertRules), "PUT": s.role(app.Admin, s.putAlertRules)})
	on("/api/sources/{id}/performance", methods{"GET": operator(s.sourcePerformance)})
}

type object = map[string]any

// The intervals that the history can be asked for in, in minutes.
var intervals = []int{1, 5, 15, 30, 60}

// span is the time that a request asks about.
type span struct {
	hours, interval int
	from, to        app.Instant
}

// spanOf reads hours and interval of the query, or answers what is wrong with them.
func (s *Server) spanOf(w http.ResponseWriter, r *http.Request, hours, mostHours, interval int) (span, bool) {
	query := r.URL.Query()
	asked := span{hours: hours, interval: interval}
	if text := query.Get("hours"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostHours {
			invalid(w, "hours must be a whole number from 1 to "+strconv.Itoa(mostHours)+".")
			return span{}, false
		}
		asked.hours = n
	}
	if text := query.Get("interval"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || !slices.Contains(intervals, n) {
			invalid(w, "interval must be 1, 5, 15, 30 or 60, in minutes.")
			return span{}, false
		}
		asked.interval = n
	}
	asked.to = s.core.Now()
	asked.from = asked.to.Add(-app.Millis(asked.hours) * 3_600_000)
	return asked, true
}

// minutes returns the recorded minutes of a span, or answers why not.
func (s *Server) minutes(w http.ResponseWriter, r *http.Request, asked span) ([]app.Minute, bool) {
	if s.config.History == nil {
		return nil, true
	}
	// The minute that the span begins in belongs to it.
	found, err := s.config.History.Minutes(r.Context(), asked.from-asked.from%60_000, asked.to+1)
	if err != nil {
		s.refuse(w, r, err)
	}
	return found, err == nil
}

// point is one interval of the history.
type point struct {
	Timestamp     string   `json:"timestamp"` // its beginning
	CPU           *float64 `json:"cpu"`
	Memory        *float64 `json:"memory"`
	ActiveSources *float64 `json:"activeSources"`
	ResponseTime  *float64 `json:"responseTime"`

	PeakCPU           *float64 `json:"peakCpu"`
	PeakMemory        *float64 `json:"peakMemory"`
	Connections       *float64 `json:"connections"`
	OwnCPU            *float64 `json:"ownCpu"`
	OwnMemory         *float64 `json:"ownMemory"`
	SourceCPU         *float64 `json:"averageSourceCpu"`
	SourceMemory      *float64 `json:"averageSourceMemory"`
	FPS               *float64 `json:"fps"`
	RenderTime        *float64 `json:"renderTime"`
	OBSCPU            *float64 `json:"obsCpu"`
	OBSMemory         *float64 `json:"obsMemory"`
	RenderSkippedRate *float64 `json:"renderSkippedRate"`
	OutputSkippedRate *float64 `json:"outputSkippedRate"`
	StreamSkippedRate *float64 `json:"streamSkippedRate"`
	PeakStreamSkipped *float64 `json:"peakStreamSkippedRate"`
	PeakOutputSkipped *float64 `json:"peakOutputSkippedRate"`
	PeakRenderSkipped *float64 `json:"peakRenderSkippedRate"`
	Bitrate           *float64 `json:"bitrate"`
	Samples           int      `json:"samples"`
}

func pointOf(m app.Minute) point {
	return point{
		Timestamp: timestamp(m.At), CPU: m.CPU.Value(), Memory: m.Memory.Value(), ActiveSources: m.ActiveSources.Value(), ResponseTime: m.ResponseTime.Value(),
		PeakCPU: m.CPU.Largest(), PeakMemory: m.Memory.Largest(), Connections: m.Connections.Value(),
		OwnCPU: m.OwnCPU.Value(), OwnMemory: m.OwnMemory.Value(), SourceCPU: m.SourceCPU.Value(), SourceMemory: m.SourceMemory.Value(),
		FPS: m.FPS.Value(), RenderTime: m.RenderTime.Value(), OBSCPU: m.OBSCPU.Value(), OBSMemory: m.OBSMemory.Value(),
		RenderSkippedRate: m.RenderLag.Value(), OutputSkippedRate: m.EncoderLag.Value(), StreamSkippedRate: m.Dropped.Value(),
		PeakRenderSkipped: m.RenderLag.Largest(), PeakOutputSkipped: m.EncoderLag.Largest(), PeakStreamSkipped: m.Dropped.Largest(),
		Bitrate: m.Bitrate.Value(), Samples: m.Connections.Count,
	}
}

// points joins minutes into intervals of so many minutes, which begin at whole
// multiples of it since the Unix epoch.
func points(minutes []app.Minute, interval int) []point {
	length := app.Instant(interval) * 60_000
	found := []point{}
	for len(minutes) > 0 {
		joined := app.Minute{At: minutes[0].At - minutes[0].At%length}
		for len(minutes) > 0 && minutes[0].At < joined.At+length {
			joined.Join(minutes[0])
			minutes = minutes[1:]
		}
		found = append(found, pointOf(joined))
	}
	return found
}

// total joins all minutes.
func total(minutes []app.Minute) app.Minute {
	var all app.Minute
	for _, m := range minutes {
		all.Join(m)
	}
	return all
}

func (s *Server) performanceHistory(w http.ResponseWriter, r *http.Request) {
	asked, ok := s.spanOf(w, r, 24, 168, 5)
	if !ok {
		return
	}
	minutes, ok := s.minutes(w, r, asked)
	if !ok {
		return
	}
	found, all := points(minutes, asked.interval), total(minutes)
	answer(w, http.StatusOK, object{
		"timeRange": object{"start": timestamp(asked.from), "end": timestamp(asked.to), "interval": asked.interval, "dataPoints": len(found)},
		"metrics":   found,
		"summary": object{
			"averageCpu": all.CPU.Value(), "averageMemory": all.Memory.Value(), "averageResponseTime": all.ResponseTime.Value(),
			"peakCpu": all.CPU.Largest(), "peakMemory": all.Memory.Largest(),
		},
	})
}

func (s *Server) performanceMetrics(w http.ResponseWriter, r *http.Request) {
	asked, ok := s.spanOf(w, r, 1, 24, 1)
	if !ok {
		return
	}
	detailed := false
	switch r.URL.Query().Get("detailed") {
	case "", "false", "0":
	case "true", "1":
		detailed = true
	default:
		invalid(w, "detailed must be true or false.")
		return
	}
	begin := time.Now()
	minutes, ok := s.minutes(w, r, asked)
	if !ok {
		return
	}
	var queried *float64
	if s.config.History != nil {
		ms := float64(time.Since(begin)) / float64(time.Millisecond)
		queried = &ms
	}
	snap, load, all := s.core.Snapshot(), s.Load(), total(minutes)
	var sample app.Sample
	if snap.Sample != nil {
		sample = *snap.Sample
	}
	now := sample.Performance()
	machine := s.machine()
	metrics := object{
		"timestamp": timestamp(asked.to),
		"system": object{
			"cpu":    object{"usage": now.System.CPU, "cores": machine.Cores, "model": machine.Model},
			"memory": object{"usage": now.System.Memory, "total": now.System.MemoryTotal, "percentage": now.System.MemoryPercent},
			"uptime": s.uptime(),
		},
		"application": object{
			"activeConnections": load.Connections, "totalRequests": load.Requests, "averageResponseTime": load.AverageResponse,
			"errorRate": load.ErrorRate, "cpu": now.Application.CPU, "memory": now.Application.Memory,
		},
		"database": object{"connected": snap.System.Checks.DatabaseConnected, "connections": nil, "queryTime": queried},
		"webSocket": object{
			"connections": load.Connections, "currentConnections": load.Connections,
			"totalConnections": load.Opened, "messagesPerSecond": load.MessagesPerSecond,
		},
		"sources": now.Sources,
		"obs":     obsMetrics(snap.OBS),
		"period": object{
			"hours": asked.hours, "samples": all.Connections.Count,
			"averageCpu": all.CPU.Value(), "peakCpu": all.CPU.Largest(), "averageMemory": all.Memory.Value(), "peakMemory": all.Memory.Largest(),
			"averageResponseTime": all.ResponseTime.Value(), "averageFps": all.FPS.Value(), "averageRenderTime": all.RenderTime.Value(),
		},
	}
	if detailed {
		metrics["history"] = points(minutes, asked.interval)
	}
	answer(w, http.StatusOK, metrics)
}

// obsMetrics is OBS's part; what is not known is null.
func obsMetrics(obs app.OBSState) object {
	metrics := object{"connected": obs.Connected(), "fps": nil, "renderTime": nil, "skippedFrames": nil, "totalFrames": nil}
	if stats := obs.Stats; stats != nil {
		metrics["fps"], metrics["renderTime"] = stats.FPS, stats.RenderTime
		metrics["skippedFrames"], metrics["totalFrames"] = stats.OutputSkippedFrames, stats.OutputTotalFrames
	}
	return metrics
}

// sourcePoint is one interval of a source's history. What a source costs OBS cannot
// be told from what the others cost.
type sourcePoint struct {
	Timestamp   string   `json:"timestamp"`
	CPUUsage    *float64 `json:"cpuUsage"`
	MemoryUsage *float64 `json:"memoryUsage"`
	RenderTime  *float64 `json:"renderTime"`
	FPS         *float64 `json:"fps"`
	LongFrames  *float64 `json:"longFrames"`
}

func (s *Server) sourcePerformance(w http.ResponseWriter, r *http.Request) {
	asked, ok := s.spanOf(w, r, 24, 168, 1)
	if !ok {
		return
	}
	source := s.core.Snapshot().Sources.Source(r.PathValue("id"))
	if source == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Source not found")
		return
	}
	var minutes []app.SourceMinute
	if s.config.History != nil {
		var err error
		if minutes, err = s.config.History.SourceMinutes(r.Context(), source.ID, asked.from-asked.from%60_000, asked.to+1); err != nil {
			s.refuse(w, r, err)
			return
		}
	}
	length := app.Instant(asked.interval) * 60_000
	found, all := []sourcePoint{}, app.SourceMinute{}
	for len(minutes) > 0 {
		joined := app.SourceMinute{At: minutes[0].At - minutes[0].At%length}
		for len(minutes) > 0 && minutes[0].At < joined.At+length {
			joined.Join(minutes[0])
			minutes = minutes[1:]
		}
		all.Join(joined)
		found = append(found, sourcePoint{Timestamp: timestamp(joined.At), FPS: joined.FPS.Value(), LongFrames: joined.LongFrames.Value()})
	}
	answer(w, http.StatusOK, object{
		"sourceId": source.ID, "sourceName": source.Name, "metrics": found,
		"summary": object{
			"averageCpuUsage": nil, "averageMemoryUsage": nil, "averageRenderTime": nil,
			"averageFps": all.FPS.Value(), "averageLongFrames": all.LongFrames.Value(), "dataPoints": len(found),
		},
	})
}

func (s *Server) performanceAlerts(w http.ResponseWriter, _ *http.Request) {
	alerts := s.core.Snapshot().Alerts
	answer(w, http.StatusOK, object{"active": append([]app.Alert{}, alerts.Active...), "recent": append([]app.Alert{}, alerts.Recent...)})
}

func (s *Server) alertRules(w http.ResponseWriter, _ *http.Request) {
	metrics := map[app.Metric]app.MetricInfo{}
	for _, metric := range app.Metrics() {
		metrics[metric], _ = metric.Info()
	}
	answer(w, http.StatusOK, object{
		"rules": append([]app.AlertRule{}, s.core.Snapshot().Alerts.Rules...), "defaults": app.DefaultAlertRules(), "metrics": metrics,
	})
}

// ruleList is the rules of a request, which may be null.
type ruleList struct {
	given bool
	rules []struct {
		ID        string       `json:"id"`
		Metric    app.Metric   `json:"metric"`
		Threshold *float64     `json:"threshold"`
		Clear     *float64     `json:"clear"`
		Duration  app.Millis   `json:"duration_ms"`
		Severity  app.Severity `json:"severity"`
		Enabled   *bool        `json:"enabled"`
	}
}

func (l *ruleList) UnmarshalJSON(text []byte) error {
	l.given = true
	return json.Unmarshal(text, &l.rules)
}

// putAlertRules puts rules in place of all that are there; null puts the defaults back.
func (s *Server) putAlertRules(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Rules ruleList `json:"rules"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if !body.Rules.given {
		invalid(w, "rules must be given: an array, or null for the defaults.")
		return
	}
	var rules []app.AlertRule
	if body.Rules.rules != nil {
		rules = []app.AlertRule{}
	}
	for _, f := range body.Rules.rules {
		if f.Threshold == nil {
			invalid(w, "threshold must be given in every rule.")
			return
		}
		rule := app.AlertRule{ID: f.ID, Metric: f.Metric, Threshold: *f.Threshold, Clear: *f.Threshold, Duration: f.Duration, Severity: f.Severity, Enabled: true}
		if f.Clear != nil {
			rule.Clear = *f.Clear
		}
		if f.Severity == "" {
			rule.Severity = app.SeverityWarning
		}
		if f.Enabled != nil {
			rule.Enabled = *f.Enabled
		}
		rules = append(rules, rule)
	}
	if result, ok := s.do(w, r, app.SetAlertRules{Rules: rules}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, object{"rules": append([]app.AlertRule{}, result.Snapshot.Alerts.Rules...)})
	}
}
