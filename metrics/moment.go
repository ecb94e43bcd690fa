package metrics

import "cuewire/app"

const (
	window app.Millis = 5_000                             // that shares of frames are taken over
	stale  app.Millis = (2*app.RestingSeconds + 1) * 1000 // older statistics of OBS tell nothing
)

// moment is all that is known at one sample: what rules are held against, and what
// causes are found in.
type moment struct {
	at        app.Instant
	sample    app.Sample
	obs       *app.OBSStats // nil while OBS tells none
	targetFPS float64       // that OBS is set to; 0 when unknown
	streaming app.OBSOutput
	recording app.OBSOutput
	slowest   app.PagePerformance // of the pages that OBS shows
	figures   map[app.Metric]float64
}

// is reports whether a figure is known and at least x.
func (m *moment) is(metric app.Metric, x float64) bool {
	value, known := m.figures[metric]
	return known && value >= x
}

// gauge turns samples and OBS's counters into moments.
type gauge struct {
	connection string         // of the statistics in seen
	seen       []app.OBSStats // oldest first, of the last window and one before it
}

// read returns the moment of a sample.
func (g *gauge) read(sample app.Sample, obs app.OBSState) *moment {
	m := &moment{at: sample.At, sample: sample, streaming: obs.Stream, recording: obs.Record, figures: map[app.Metric]float64{}}
	m.set(app.MetricHostCPU, sample.HostCPU)
	m.set(app.MetricHostMemory, sample.Performance().System.MemoryPercent)
	for _, page := range sample.Sources.Pages {
		if page.FPS != nil {
			if least, known := m.figures[app.MetricSourceFPS]; !known || *page.FPS < least {
				m.figures[app.MetricSourceFPS], m.slowest = *page.FPS, page
			}
		}
		if page.LongFrames != nil {
			m.figures[app.MetricSourceStall] = max(*page.LongFrames, m.figures[app.MetricSourceStall])
		}
	}
	g.follow(obs)
	if obs.Stats == nil || sample.At.Sub(obs.Stats.At) > stale {
		return m
	}
	m.obs = obs.Stats
	m.figures[app.MetricOBSCPU] = m.obs.CPUUsage
	m.figures[app.MetricDiskSpace] = m.obs.DiskSpace
	if m.obs.StreamCongestion != nil {
		m.figures[app.MetricCongestion] = *m.obs.StreamCongestion * 100
	}
	g.compare(m)
	return m
}

// follow takes in new statistics and forgets old ones, and all of them when OBS
// began to count anew.
func (g *gauge) follow(obs app.OBSState) {
	if obs.ConnectionID != g.connection || obs.Stats == nil {
		g.connection, g.seen = obs.ConnectionID, nil
	}
	if obs.Stats == nil {
		return
	}
	now := *obs.Stats
	if n := len(g.seen); n > 0 {
		last := g.seen[n-1]
		if now.At == last.At {
			return
		}
		if now.At < last.At || now.RenderTotalFrames < last.RenderTotalFrames || now.RenderSkippedFrames < last.RenderSkippedFrames ||
			now.OutputTotalFrames < last.OutputTotalFrames || now.OutputSkippedFrames < last.OutputSkippedFrames {
			g.seen = nil
		}
	}
	g.seen = append(g.seen, now)
	for len(g.seen) > 2 && now.At.Sub(g.seen[1].At) >= window {
		g.seen = g.seen[1:]
	}
}

// compare fills in the shares. OBS counts a frame as rendered whether it was in
// time or not, so the rendered ones tell the frame rate that it is set to.
func (g *gauge) compare(m *moment) {
	if len(g.seen) < 2 {
		return
	}
	first, last := g.seen[0], g.seen[len(g.seen)-1]
	rendered := last.RenderTotalFrames - first.RenderTotalFrames
	if rendered <= 0 {
		return
	}
	share := func(metric app.Metric, part, whole int64) {
		if part >= 0 && whole > 0 {
			m.figures[metric] = min(100, float64(part)/float64(whole)*100)
		}
	}
	share(app.MetricRenderLag, last.RenderSkippedFrames-first.RenderSkippedFrames, rendered)
	share(app.MetricEncoderLag, last.OutputSkippedFrames-first.OutputSkippedFrames, last.OutputTotalFrames-first.OutputTotalFrames)
	if first.StreamSkippedFrames != nil && last.StreamSkippedFrames != nil {
		share(app.MetricDropped, *last.StreamSkippedFrames-*first.StreamSkippedFrames, rendered)
	}
	m.targetFPS = float64(rendered) / float64(last.At.Sub(first.At)) * 1000
	if last.At.Sub(first.At) >= window/2 { // less is too short to tell a rate from
		m.figures[app.MetricOBSFPS] = min(100, last.FPS/m.targetFPS*100)
	}
}

func (m *moment) set(metric app.Metric, value *float64) {
	if value != nil {
		m.figures[metric] = *value
	}
}
