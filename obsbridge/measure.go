package obsbridge

import (
	"context"

	"github.com/andreykaipov/goobs/api/requests/general"
	"github.com/andreykaipov/goobs/api/requests/record"
	"github.com/andreykaipov/goobs/api/requests/stream"

	"cuewire/app"
)

// canvasLooks is at every how many looks OBS is asked for its canvas's size, of which no
// event tells.
const canvasLooks = 5

// meter is what is known from the looks before.
type meter struct {
	rates  rates
	canvas app.OBSCanvas
	looks  int
}

// measure asks for statistics, and for those of the outputs that run.
func (l *link) measure(ctx context.Context, core Core, known *meter) (measurement, error) {
	ctx, cancel := context.WithTimeout(ctx, watchdogTime)
	defer cancel()
	var s general.GetStatsResponse
	if err := l.ask(ctx, &general.GetStatsParams{}, &s); err != nil {
		return measurement{}, err
	}
	now := core.Now()
	m := measurement{stats: app.OBSStats{
		At:                  now,
		CPUUsage:            s.CpuUsage,
		MemoryUsage:         s.MemoryUsage,
		DiskSpace:           s.AvailableDiskSpace,
		FPS:                 s.ActiveFps,
		RenderTime:          s.AverageFrameRenderTime,
		RenderSkippedFrames: int64(s.RenderSkippedFrames),
		RenderTotalFrames:   int64(s.RenderTotalFrames),
		OutputSkippedFrames: int64(s.OutputSkippedFrames),
		OutputTotalFrames:   int64(s.OutputTotalFrames),
	}}
	if known.looks%canvasLooks == 0 {
		size, err := l.canvas(ctx)
		if err != nil {
			return m, err
		}
		known.canvas = size
	}
	known.looks++
	m.canvas = known.canvas
	var sent *stream.GetStreamStatusResponse
	if l.streaming.Load() {
		sent = &stream.GetStreamStatusResponse{}
		if err := l.ask(ctx, &stream.GetStreamStatusParams{}, sent); err != nil {
			return m, err
		}
		m.stream = &app.OBSOutput{Active: sent.OutputActive, Reconnecting: sent.OutputReconnecting, Duration: app.Millis(sent.OutputDuration), Measured: now}
	}
	if l.recording.Load() {
		var recorded record.GetRecordStatusResponse
		if err := l.ask(ctx, &record.GetRecordStatusParams{}, &recorded); err != nil {
			return m, err
		}
		m.record = &app.OBSOutput{Active: recorded.OutputActive, Paused: recorded.OutputPaused, Duration: app.Millis(recorded.OutputDuration), Measured: now}
	}
	known.rates.fill(&m.stats, sent)
	return m, nil
}

// rates turns counters into rates. A counter that has gone back was reset: the
// time since then is unknown, so that sample has no rate.
type rates struct {
	before  *app.OBSStats
	bytes   float64
	skipped float64
	sentAt  app.Instant // when bytes and skipped were read; 0 for not yet
}

// fill completes s, the newest sample, by comparing it with the one before.
func (r *rates) fill(s *app.OBSStats, sent *stream.GetStreamStatusResponse) {
	if b := r.before; b != nil && s.At > b.At {
		seconds := float64(s.At.Sub(b.At)) / 1000
		s.RenderSkippedRate = rate(float64(b.RenderSkippedFrames), float64(s.RenderSkippedFrames), seconds)
		s.OutputSkippedRate = rate(float64(b.OutputSkippedFrames), float64(s.OutputSkippedFrames), seconds)
	}
	kept := *s
	r.before = &kept
	if sent == nil || !sent.OutputActive {
		r.sentAt = 0
		return
	}
	congestion, skipped := sent.OutputCongestion, int64(sent.OutputSkippedFrames)
	s.StreamCongestion, s.StreamSkippedFrames = &congestion, &skipped
	if r.sentAt != 0 && s.At > r.sentAt {
		seconds := float64(s.At.Sub(r.sentAt)) / 1000
		if bytes := rate(r.bytes, sent.OutputBytes, seconds); bytes != nil {
			kbit := *bytes * 8 / 1000
			s.StreamBitrate = &kbit
		}
		s.StreamSkippedRate = rate(r.skipped, sent.OutputSkippedFrames, seconds)
	}
	r.bytes, r.skipped, r.sentAt = sent.OutputBytes, sent.OutputSkippedFrames, s.At
}

func rate(before, now, seconds float64) *float64 {
	if now < before {
		return nil
	}
	perSecond := (now - before) / seconds
	return &perSecond
}
