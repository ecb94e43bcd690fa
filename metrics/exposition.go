package metrics

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/expfmt"

	"cuewire/app"
)

// Counted is where an [Exposition] finds what it shows. Core must be given; nil of
// the others leaves their figures out.
type Counted struct {
	Core    app.Core
	Engine  func() app.EngineCounts
	Server  func() app.ServerCounts
	OBS     func() app.OBSCounts
	Version string
}

// Exposition shows Cuewire's figures to Prometheus. It reads them when it is asked
// and costs nothing until then. docs/insight.md lists them.
type Exposition struct{ registry *prometheus.Registry }

// NewExposition returns the exposition of what is counted.
func NewExposition(counted Counted) *Exposition {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collector{counted},
	)
	return &Exposition{registry}
}

// Handler answers Prometheus: two at a time, the others with 503.
func (e *Exposition) Handler() http.Handler {
	return promhttp.HandlerFor(e.registry, promhttp.HandlerOpts{
		MaxRequestsInFlight: 2, Timeout: 10 * time.Second, DisableCompression: true, ErrorHandling: promhttp.ContinueOnError,
	})
}

// WriteText writes all figures in Prometheus's text format.
func (e *Exposition) WriteText(w io.Writer) error {
	families, err := e.registry.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
			return fmt.Errorf("write metrics: %w", err)
		}
	}
	return nil
}

// collector makes Prometheus's figures of what Cuewire counts. No label takes a
// value that a visitor makes up.
type collector struct{ Counted }

func figure(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("cuewire_"+name, help, labels, nil)
}

// The figures, as docs/insight.md has them.
var (
	figBuild = figure("build_info", "Always 1; what this Cuewire is.", "version", "goversion", "os", "arch")

	figConnections = figure("websocket_connections", "Open WebSocket connections.", "dialect")
	figOpened      = figure("websocket_opened_total", "WebSocket connections opened.", "dialect")
	figClosed      = figure("websocket_closed_total", "WebSocket connections ended, by why.", "dialect", "reason")
	figFrames      = figure("websocket_sent_frames_total", "Frames handed to the system, control frames too.", "dialect")
	figBytes       = figure("websocket_sent_bytes_total", "Bytes of those frames.", "dialect")
	figMessages    = figure("websocket_received_messages_total", "Messages that clients sent.")

	figRequests = figure("http_request_duration_seconds", "How long answers to requests took.", "route", "class")

	figCommands   = figure("engine_commands_total", "Commands, by what became of them.", "outcome")
	figFacts      = figure("engine_facts_total", "Facts told to the engine: of OBS, clients, samples.")
	figCommits    = figure("store_commit_duration_seconds", "How long commits to the disk took, failed ones too.")
	figCommitErr  = figure("store_errors_total", "Commits that failed.")
	figUnsaved    = figure("engine_unsaved_steps", "Steps of the state that are not on disk yet.")
	figUnsavedFor = figure("engine_durable_lag_seconds", "How long the oldest of them has waited, 0 for none.")

	figOBS         = figure("obs_connected", "1 while OBS is connected.")
	figOBSConnects = figure("obs_connections_total", "Connections to OBS made.")
	figOBSRequests = figure("obs_requests_total", "Requests to OBS, by outcome.", "outcome")
	figOBSTook     = figure("obs_request_duration_seconds", "How long requests to OBS took.")
	figOBSFPS      = figure("obs_fps", "Frames a second that OBS renders; missing while not known.")
	figOBSOutput   = figure("obs_output_active", "1 while the output of OBS runs.", "output")

	figTimers  = figure("timers_running", "Timers that run, by kind.", "kind")
	figRooms   = figure("rooms", "Rooms.")
	figSources = figure("sources", "Browser sources of the library.", "state")
	figAlerts  = figure("alerts_active", "Active alerts.", "severity")
	figHealth  = figure("health", "1 for the status that Cuewire is in.", "status")
)

// Describe implements [prometheus.Collector].
func (c collector) Describe(out chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		figBuild, figConnections, figOpened, figClosed, figFrames, figBytes, figMessages, figRequests, figCommands, figFacts, figCommits, figCommitErr,
		figUnsaved, figUnsavedFor, figOBS, figOBSConnects, figOBSRequests, figOBSTook, figOBSFPS, figOBSOutput, figTimers, figRooms, figSources,
		figAlerts, figHealth,
	} {
		out <- desc
	}
}

// gathering is one answer that is being put together.
type gathering chan<- prometheus.Metric

func (g gathering) gauge(desc *prometheus.Desc, value float64, labels ...string) {
	g <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
}

func (g gathering) count(desc *prometheus.Desc, value uint64, labels ...string) {
	g <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(value), labels...)
}

func (g gathering) durations(desc *prometheus.Desc, d app.DurationCounts, labels ...string) {
	buckets, below := make(map[float64]uint64, len(app.DurationBounds)), uint64(0)
	for i, bound := range app.DurationBounds {
		below += d.Classes[i]
		buckets[bound] = below
	}
	g <- prometheus.MustNewConstHistogram(desc, d.Count, d.Sum, buckets, labels...)
}

func (g gathering) is(desc *prometheus.Desc, so bool, labels ...string) {
	value := 0.0
	if so {
		value = 1
	}
	g.gauge(desc, value, labels...)
}

// Collect implements [prometheus.Collector].
func (c collector) Collect(out chan<- prometheus.Metric) {
	g := gathering(out)
	g.gauge(figBuild, 1, c.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if c.Server != nil {
		g.server(c.Server())
	}
	if c.Engine != nil {
		g.engine(c.Engine())
	}
	if c.OBS != nil {
		g.bridge(c.OBS())
	}
	g.state(c.Core.Snapshot())
}

func (g gathering) server(s app.ServerCounts) {
	for _, d := range s.Dialects {
		g.gauge(figConnections, float64(d.Open), d.Dialect)
		g.count(figOpened, d.Opened, d.Dialect)
		g.count(figFrames, d.FramesOut, d.Dialect)
		g.count(figBytes, d.BytesOut, d.Dialect)
		for why, n := range d.Closed {
			g.count(figClosed, n, d.Dialect, why)
		}
	}
	g.count(figMessages, s.MessagesIn)
	for _, r := range s.Routes {
		g.durations(figRequests, r.Took, r.Route, r.Class)
	}
}

func (g gathering) engine(e app.EngineCounts) {
	g.count(figCommands, e.Applied, "applied")
	g.count(figCommands, e.Refused, "refused")
	g.count(figCommands, e.Failed, "failed")
	g.count(figFacts, e.Facts)
	g.durations(figCommits, e.Commits)
	g.count(figCommitErr, e.CommitErrors)
	g.gauge(figUnsaved, float64(e.Unsaved))
	g.gauge(figUnsavedFor, e.UnsavedFor)
}

func (g gathering) bridge(o app.OBSCounts) {
	g.count(figOBSConnects, o.Connections)
	g.count(figOBSRequests, o.Answered, "answered")
	g.count(figOBSRequests, o.Refused, "refused")
	g.count(figOBSRequests, o.Failed, "failed")
	g.durations(figOBSTook, o.Took)
}

func (g gathering) state(snap *app.Snapshot) {
	obs := snap.OBS
	g.is(figOBS, obs.Connected())
	if obs.Stats != nil {
		g.gauge(figOBSFPS, obs.Stats.FPS)
	}
	for name, output := range map[string]app.OBSOutput{"stream": obs.Stream, "record": obs.Record, "replay_buffer": obs.ReplayBuffer, "virtual_cam": obs.VirtualCam} {
		g.is(figOBSOutput, output.Active, name)
	}
	running := map[string]int{"room": 0, "auxiliary": 0, "quick": 0}
	for _, room := range snap.Rooms {
		if room.Playback.State == app.Running {
			running["room"]++
		}
		for _, aux := range room.Aux {
			if aux.Run.State == app.Running {
				running["auxiliary"]++
			}
		}
	}
	for _, quick := range snap.QuickTimers {
		if quick.Status == app.QuickRunning {
			running["quick"]++
		}
	}
	for kind, n := range running {
		g.gauge(figTimers, float64(n), kind)
	}
	g.gauge(figRooms, float64(len(snap.Rooms)))
	active := 0
	for _, source := range snap.Sources.List {
		if source.Active {
			active++
		}
	}
	g.gauge(figSources, float64(active), "active")
	g.gauge(figSources, float64(len(snap.Sources.List)-active), "inactive")
	severities := map[app.Severity]int{app.SeverityInfo: 0, app.SeverityWarning: 0, app.SeverityCritical: 0}
	for _, alert := range snap.Alerts.Active {
		severities[alert.Severity]++
	}
	for severity, n := range severities {
		g.gauge(figAlerts, float64(n), string(severity))
	}
	for _, status := range []app.Status{app.Healthy, app.Degraded, app.Unhealthy} {
		g.is(figHealth, snap.System.Status == status, string(status))
	}
}
