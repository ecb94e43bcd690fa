// Package metrics measures the computer and Cuewire itself once a second and
// tells the core, with gopsutil; it holds what is known against the alert rules,
// and hands minutes to the history. Each second it looks at nothing but the
// computer's totals and its own process: listing the others costs milliseconds.
package metrics

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"os"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/mem"
	"github.com/shirou/gopsutil/v3/process"

	"cuewire/app"
	"cuewire/app/alarm"
)

// Core is what the sampler needs of app.Core.
type Core interface {
	Tell(ctx context.Context, fact app.Command) error
	Snapshot() *app.Snapshot
	Now() app.Instant
}

// Config says what to measure and whom to tell.
type Config struct {
	Core    Core
	Bell    *alarm.Bell           // rings for each sample
	Server  func() app.ServerLoad // what the server counts; nil for nothing. It must not block
	Started time.Time             // when Cuewire started; zero for now
	History *Recorder             // gets every sample; nil for none
	Log     *slog.Logger          // nil for slog.Default()
}

// Sampler takes the samples. One goroutine runs it.
type Sampler struct {
	cfg  Config
	self *process.Process // nil where the system does not tell

	// What the next share of CPU time is measured from.
	hostSince time.Time // when gopsutil was last asked; it keeps the host's counters itself
	ownSince  time.Time // zero before the first reading
	ownUsed   float64   // seconds of CPU that the process had used then

	browser browser
	gauge   gauge
	watcher watcher
	watched time.Time // when the rules were looked at last
}

// New makes a Sampler; Run starts it.
func New(cfg Config) *Sampler {
	if cfg.Server == nil {
		cfg.Server = func() app.ServerLoad { return app.ServerLoad{} }
	}
	if cfg.Started.IsZero() {
		cfg.Started = time.Now()
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Sampler{cfg: cfg}
}

// Run tells the core one RecordSample whenever the bell rings, so once a second, or
// more seldom while nobody watches, until ctx ends; then it returns nil. A sample that
// comes late because the core was busy is not made up for. It returns the error with which
// the core refused a sample, if it was not ctx's.
func (s *Sampler) Run(ctx context.Context) error {
	s.start(ctx)
	rings, leave := s.cfg.Bell.Hear()
	defer leave()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-rings:
		}
		if err := s.step(ctx); err != nil {
			if ctx.Err() != nil || errors.Is(err, app.ErrClosed) {
				return nil
			}
			return err
		}
	}
}

// step takes one sample, and tells the core of it and of the alerts that begin or
// end with it.
func (s *Sampler) step(ctx context.Context) error {
	snap := s.cfg.Core.Snapshot()
	sample := s.sample(ctx)
	sample.Sources = share(sourcesOf(snap), s.browser.measure(ctx, snap.OBS))
	if err := s.cfg.Core.Tell(ctx, app.RecordSample{Sample: sample}); err != nil {
		return err
	}
	if s.cfg.History != nil {
		s.cfg.History.record(sample, snap)
	}
	now, elapsed := time.Now(), time.Duration(0)
	if !s.watched.IsZero() {
		elapsed = now.Sub(s.watched)
	}
	s.watched = now
	for _, alert := range s.watcher.step(s.gauge.read(sample, snap.OBS), snap.Alerts.Rules, elapsed) {
		if err := s.cfg.Core.Tell(ctx, app.AlertFact{Alert: alert}); err != nil {
			return err
		}
	}
	return nil
}

// start takes the readings that the first sample is measured from.
func (s *Sampler) start(ctx context.Context) {
	self, err := process.NewProcessWithContext(ctx, int32(os.Getpid()))
	if err != nil {
		s.cfg.Log.Warn("own process cannot be measured", "error", err)
	} else {
		s.self = self
	}
	s.hostCPU(ctx)
	s.ownCPU(ctx)
}

// sample measures. What cannot be measured is nil.
func (s *Sampler) sample(ctx context.Context) app.Sample {
	sample := app.Sample{
		At:      s.cfg.Core.Now(),
		HostCPU: s.hostCPU(ctx),
		OwnCPU:  s.ownCPU(ctx),
		Uptime:  time.Since(s.cfg.Started).Seconds(),
		Server:  s.cfg.Server(),
	}
	if memory, err := mem.VirtualMemoryWithContext(ctx); err == nil && memory.Total > 0 {
		sample.MemoryUsed, sample.MemoryTotal = mebibytes(memory.Used), mebibytes(memory.Total)
	}
	if s.self != nil {
		if memory, err := s.self.MemoryInfoWithContext(ctx); err == nil {
			sample.OwnMemory = mebibytes(memory.RSS)
		}
	}
	return sample
}

// hostCPU returns the share of all cores that was busy since the call before.
func (s *Sampler) hostCPU(ctx context.Context) *float64 {
	now := time.Now()
	long := longEnough(s.hostSince, now)
	s.hostSince = now
	shares, err := cpu.PercentWithContext(ctx, 0, false) // since its own call before; it does not wait
	if err != nil || len(shares) != 1 || !long {
		return nil
	}
	return number(shares[0])
}

// ownCPU returns how much of one core the process used since the call before.
func (s *Sampler) ownCPU(ctx context.Context) *float64 {
	if s.self == nil {
		return nil
	}
	times, err := s.self.TimesWithContext(ctx)
	now := time.Now()
	if err != nil {
		s.ownSince = time.Time{}
		return nil
	}
	since, before := s.ownSince, s.ownUsed
	s.ownSince, s.ownUsed = now, times.User+times.System
	if !longEnough(since, now) {
		return nil
	}
	return number(max(0, s.ownUsed-before) / now.Sub(since).Seconds() * 100)
}

// shortest is the span of time that CPU time is compared over, at least: the systems count
// it in steps of 10 ms and more.
const shortest = 500 * time.Millisecond

// longEnough reports whether CPU time may be compared between the two moments.
func longEnough(since, now time.Time) bool { return !since.IsZero() && now.Sub(since) >= shortest }

// mebibytes returns bytes in MiB.
func mebibytes(bytes uint64) *float64 { return number(float64(bytes) / (1 << 20)) }

// number returns x, or nil if it is none.
func number(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
