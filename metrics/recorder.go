package metrics

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"cuewire/app"
)

const (
	minute     app.Millis = 60_000
	mostKept              = 24 * 60         // finished minutes that wait for a broken disk
	pruneEvery            = 60              // minutes
	retryAfter            = 5 * time.Second // a failed write
	lastWrite             = time.Second     // how long the last one may take
)

// Recorder gathers samples into minutes and keeps them in a store, off everybody
// else's path: a slow disk holds up the Recorder's own goroutine and no sample.
// Methods may be called from any goroutine.
type Recorder struct {
	store app.HistoryStore
	log   *slog.Logger
	wake  chan struct{}

	disk sync.RWMutex // held while minutes move from here to the store, so that readers see them once

	mu       sync.Mutex // guards what follows
	current  *gathered  // nil before the first sample
	finished []*gathered
	steady   int // minutes since the clock last jumped
}

// gathered is one minute of everything.
type gathered struct {
	all     app.Minute
	sources map[string]*app.SourceMinute
}

var _ app.History = (*Recorder)(nil)

// NewRecorder returns a recorder; nil stands for slog.Default().
func NewRecorder(store app.HistoryStore, log *slog.Logger) *Recorder {
	if log == nil {
		log = slog.Default()
	}
	return &Recorder{store: store, log: log, wake: make(chan struct{}, 1)}
}

// record takes a sample in, with what was known of OBS then. It never waits.
func (r *Recorder) record(sample app.Sample, snap *app.Snapshot) {
	at := sample.At - sample.At%app.Instant(minute)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current == nil || r.current.all.At != at {
		if r.current != nil {
			r.steady++
			if at != r.current.all.At.Add(minute) {
				r.steady = 0 // the clock was set, or the computer slept
			}
			r.finishLocked()
		}
		r.current = &gathered{all: app.Minute{At: at}, sources: map[string]*app.SourceMinute{}}
	}
	r.current.add(sample, snap.OBS)
}

func (g *gathered) add(sample app.Sample, obs app.OBSState) {
	m := &g.all
	connections, active := float64(sample.Server.Connections), float64(sample.Sources.Active)
	for mean, value := range map[*app.Mean]*float64{
		&m.CPU: sample.HostCPU, &m.Memory: sample.MemoryUsed, &m.OwnCPU: sample.OwnCPU, &m.OwnMemory: sample.OwnMemory,
		&m.Connections: &connections, &m.ResponseTime: sample.Server.AverageResponse,
		&m.ActiveSources: &active, &m.SourceCPU: sample.Sources.AverageCPUUsage, &m.SourceMemory: sample.Sources.AverageMemoryUsage,
	} {
		mean.Add(value)
	}
	for _, page := range sample.Sources.Pages {
		if page.SourceID == "" {
			continue
		}
		source := g.sources[page.SourceID]
		if source == nil {
			source = &app.SourceMinute{At: m.At, SourceID: page.SourceID}
			g.sources[page.SourceID] = source
		}
		source.FPS.Add(page.FPS)
		source.LongFrames.Add(page.LongFrames)
	}
	s := obs.Stats
	if s == nil || sample.At.Sub(s.At) > stale {
		return
	}
	for mean, value := range map[*app.Mean]*float64{
		&m.FPS: &s.FPS, &m.RenderTime: &s.RenderTime, &m.OBSCPU: &s.CPUUsage, &m.OBSMemory: &s.MemoryUsage,
		&m.RenderLag: s.RenderSkippedRate, &m.EncoderLag: s.OutputSkippedRate, &m.Dropped: s.StreamSkippedRate, &m.Bitrate: s.StreamBitrate,
	} {
		mean.Add(value)
	}
}

// finishLocked hands the current minute to Run.
func (r *Recorder) finishLocked() {
	r.finished = append(r.finished, r.current)
	r.current = nil
	if len(r.finished) > mostKept {
		r.finished = r.finished[1:]
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run writes minutes when they have ended, and the last one, whole or not, when ctx
// ends. It returns nil: what can't be written is tried again, and a day of it kept.
func (r *Recorder) Run(ctx context.Context) error {
	retry := time.NewTimer(0)
	retry.Stop()
	written, failing := 0, false
	for {
		select {
		case <-r.wake:
		case <-retry.C:
		case <-ctx.Done():
			r.last(context.WithoutCancel(ctx))
			return nil
		}
		n, err := r.write(ctx)
		if err == nil && n > 0 && (written == 0 || written/pruneEvery != (written+n)/pruneEvery) {
			err = r.prune(ctx)
		}
		written += n
		if err != nil && ctx.Err() == nil {
			retry.Reset(retryAfter)
		}
		if err != nil && !failing && ctx.Err() == nil {
			r.log.Warn("the history cannot be written; it is kept in memory and tried again", "error", err)
		}
		failing = err != nil
	}
}

// last writes what there is.
func (r *Recorder) last(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWrite)
	defer cancel()
	r.mu.Lock()
	if r.current != nil {
		r.finishLocked()
	}
	r.mu.Unlock()
	if _, err := r.write(ctx); err != nil {
		r.log.Warn("the last minutes of the history are lost", "error", err)
	}
}

// write moves the finished minutes to the store, and returns how many they were.
func (r *Recorder) write(ctx context.Context) (int, error) {
	r.disk.Lock()
	defer r.disk.Unlock()
	r.mu.Lock()
	batch := slices.Clone(r.finished)
	r.mu.Unlock()
	if len(batch) == 0 {
		return 0, nil
	}
	var minutes []app.Minute
	var sources []app.SourceMinute
	for _, g := range batch {
		minutes = append(minutes, g.all)
		for _, s := range g.sources {
			sources = append(sources, *s)
		}
	}
	if err := r.store.AddMinutes(ctx, minutes, sources); err != nil {
		return 0, err
	}
	r.mu.Lock()
	r.finished = slices.DeleteFunc(r.finished, func(g *gathered) bool { return slices.Contains(batch, g) })
	r.mu.Unlock()
	return len(batch), nil
}

// prune goes by the clock only when that has been steady for a while: a clock that
// is wrong for a moment must not cost the history.
func (r *Recorder) prune(ctx context.Context) error {
	r.mu.Lock()
	var now app.Instant
	if r.current != nil && r.steady >= pruneEvery-1 {
		now = r.current.all.At
	}
	r.mu.Unlock()
	return r.store.Prune(ctx, now)
}

// Minutes implements [app.History], the minute that is not over included.
func (r *Recorder) Minutes(ctx context.Context, from, to app.Instant) ([]app.Minute, error) {
	r.disk.RLock()
	defer r.disk.RUnlock()
	found, err := r.store.Minutes(ctx, from, to)
	if err != nil {
		return nil, err
	}
	for _, g := range r.pending() {
		if g.all.At < from || g.all.At >= to {
			continue
		}
		i, known := slices.BinarySearchFunc(found, g.all.At, func(m app.Minute, at app.Instant) int { return cmp.Compare(m.At, at) })
		if !known {
			found = slices.Insert(found, i, app.Minute{At: g.all.At})
		}
		found[i].Join(g.all)
	}
	return found, nil
}

// SourceMinutes implements [app.History], the minute that is not over included.
func (r *Recorder) SourceMinutes(ctx context.Context, id string, from, to app.Instant) ([]app.SourceMinute, error) {
	r.disk.RLock()
	defer r.disk.RUnlock()
	found, err := r.store.SourceMinutes(ctx, id, from, to)
	if err != nil {
		return nil, err
	}
	for _, g := range r.pending() {
		source := g.sources[id]
		if source == nil || source.At < from || source.At >= to {
			continue
		}
		i, known := slices.BinarySearchFunc(found, source.At, func(m app.SourceMinute, at app.Instant) int { return cmp.Compare(m.At, at) })
		if !known {
			found = slices.Insert(found, i, app.SourceMinute{At: source.At, SourceID: id})
		}
		found[i].Join(*source)
	}
	return found, nil
}

// pending returns copies of the minutes that are not in the store.
func (r *Recorder) pending() []gathered {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Clone(r.finished)
	if r.current != nil {
		all = append(all, r.current)
	}
	copies := make([]gathered, len(all))
	for i, g := range all {
		copies[i] = gathered{g.all, make(map[string]*app.SourceMinute, len(g.sources))}
		for id, source := range g.sources {
			kept := *source
			copies[i].sources[id] = &kept
		}
	}
	return copies
}
