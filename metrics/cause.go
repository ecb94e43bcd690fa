package metrics

import "cuewire/app"

// What counts as much, in per cent where nothing else is said.
const (
	busy     = 85.0 // of the processor
	starved  = 97.0 // of the processor: nothing is on time any more
	crowded  = 92.0 // of the memory
	slowDraw = 0.7  // of the time that a frame has
	someLag  = 1.0  // of the frames
)

// causeOf finds the most likely cause of a metric's being bad in the other figures
// of the moment.
func causeOf(metric app.Metric, m *moment) app.Cause {
	code := ""
	switch metric {
	case app.MetricHostCPU:
		code = m.cpuCause()
	case app.MetricHostMemory:
		code = m.memoryCause()
	case app.MetricOBSCPU:
		code = m.obsCause()
	case app.MetricRenderLag, app.MetricOBSFPS:
		code = m.renderCause()
	case app.MetricEncoderLag:
		code = m.encoderCause()
	case app.MetricDropped, app.MetricCongestion:
		code = m.networkCause()
	case app.MetricDiskSpace:
		code = "disk_other"
		if m.recording.Active {
			code = "disk_recording"
		}
	case app.MetricSourceFPS, app.MetricSourceStall:
		code = m.pageCause()
	}
	key := "alert.cause." + code
	return app.Cause{Code: code, Message: english(key, nil), Key: key}
}

// cpuCause says who uses the processor. OBS tells its share of all cores; our own
// and the browser's shares are of one, which is the most that they could be of all.
func (m *moment) cpuCause() string {
	all := m.figures[app.MetricHostCPU]
	browser, own := 0.0, 0.0
	if b := m.sample.Sources.Browser; b != nil && b.CPU != nil {
		browser = *b.CPU / cores
	}
	if m.sample.OwnCPU != nil {
		own = *m.sample.OwnCPU / cores
	}
	switch {
	case browser >= all/3 && browser >= m.figures[app.MetricOBSCPU]:
		return "cpu_browser"
	case m.is(app.MetricOBSCPU, all/2):
		return "cpu_obs"
	case own >= all/3:
		return "cpu_cuewire"
	}
	return "cpu_other"
}

func (m *moment) memoryCause() string {
	if m.sample.MemoryUsed == nil {
		return "memory_other"
	}
	if b := m.sample.Sources.Browser; b != nil && b.Memory != nil && *b.Memory >= *m.sample.MemoryUsed/4 {
		return "memory_browser"
	}
	if m.obs != nil && m.obs.MemoryUsage >= *m.sample.MemoryUsed/3 {
		return "memory_obs"
	}
	return "memory_other"
}

func (m *moment) obsCause() string {
	if m.streaming.Active || m.recording.Active {
		return "cpu_obs"
	}
	return "obs_scene"
}

func (m *moment) renderCause() string {
	switch {
	case m.is(app.MetricHostCPU, busy):
		return "render_cpu"
	case m.is(app.MetricHostMemory, crowded):
		return "render_memory"
	case m.obs != nil && m.targetFPS > 0 && m.obs.RenderTime >= slowDraw*1000/m.targetFPS:
		return "render_scene"
	}
	return "render_gpu"
}

func (m *moment) encoderCause() string {
	switch {
	case m.is(app.MetricHostCPU, busy):
		return "encoder_cpu"
	case m.is(app.MetricRenderLag, someLag):
		return "encoder_gpu"
	}
	return "encoder_settings"
}

func (m *moment) networkCause() string {
	switch {
	case m.streaming.Reconnecting:
		return "network_lost"
	case m.is(app.MetricHostCPU, starved):
		return "network_cpu"
	}
	return "network"
}

func (m *moment) pageCause() string {
	switch {
	case m.is(app.MetricHostCPU, busy):
		return "page_cpu"
	case m.is(app.MetricRenderLag, someLag):
		return "page_obs"
	}
	return "page"
}
