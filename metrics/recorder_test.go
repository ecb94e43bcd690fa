package metrics

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"reflect"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
	"cuewire/app/store"
)

// shelf is a history store of the tests: it is slow, or broken, when told so.
type shelf struct {
	minutes map[app.Instant]app.Minute
	sources map[app.Instant]app.SourceMinute
	pruned  []app.Instant
	slow    time.Duration
	broken  atomic.Bool
}

func (s *shelf) AddMinutes(ctx context.Context, minutes []app.Minute, sources []app.SourceMinute) error {
	time.Sleep(s.slow)
	if s.broken.Load() {
		return errors.New("no disk")
	}
	if s.minutes == nil {
		s.minutes, s.sources = map[app.Instant]app.Minute{}, map[app.Instant]app.SourceMinute{}
	}
	for _, m := range minutes {
		kept := s.minutes[m.At]
		kept.At = m.At
		kept.Join(m)
		s.minutes[m.At] = kept
	}
	for _, m := range sources {
		kept := s.sources[m.At]
		kept.At = m.At
		kept.Join(m)
		s.sources[m.At] = kept
	}
	return nil
}

func (s *shelf) Minutes(_ context.Context, from, to app.Instant) ([]app.Minute, error) {
	var found []app.Minute
	for at := from; at < to; at = at.Add(minute) {
		if m, ok := s.minutes[at]; ok {
			found = append(found, m)
		}
	}
	return found, nil
}

func (s *shelf) SourceMinutes(_ context.Context, _ string, from, to app.Instant) ([]app.SourceMinute, error) {
	var found []app.SourceMinute
	for at := from; at < to; at = at.Add(minute) {
		if m, ok := s.sources[at]; ok {
			found = append(found, m)
		}
	}
	return found, nil
}

func (s *shelf) Prune(_ context.Context, now app.Instant) error {
	s.pruned = append(s.pruned, now)
	return nil
}

// keep runs a recorder over the shelf until end is called.
func keep(s app.HistoryStore) (r *Recorder, end func()) {
	r = NewRecorder(s, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	return r, func() { cancel(); <-done }
}

func sampleAt(at app.Instant, cpu float64) app.Sample {
	return app.Sample{At: at, HostCPU: &cpu, Sources: app.SourcesPerformance{Active: 2, Pages: []app.PagePerformance{
		{SourceID: "a", FPS: &cpu}, {Name: "/overlay/obs", FPS: &cpu},
	}}}
}

var nothing = &app.Snapshot{}

// A minute is all of its samples, wherever it is kept.
func TestMinutesAreWholeWhereverTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		r, end := keep(s)
		rate := 3.0
		snap := &app.Snapshot{OBS: app.OBSState{Stats: &app.OBSStats{At: 60_000, FPS: 60, OutputSkippedRate: &rate}}}
		r.record(sampleAt(60_000, 10), snap)
		r.record(sampleAt(61_000, 30), nothing)
		check := func(when string) {
			t.Helper()
			all, err := r.Minutes(t.Context(), 0, 600_000)
			if err != nil || len(all) != 1 || *all[0].CPU.Value() != 20 || *all[0].CPU.Largest() != 30 || all[0].CPU.Count != 2 ||
				*all[0].FPS.Value() != 60 || *all[0].EncoderLag.Value() != 3 || all[0].Dropped.Value() != nil || *all[0].ActiveSources.Value() != 2 {
				t.Errorf("%s: %+v, %v", when, all, err)
			}
			sources, err := r.SourceMinutes(t.Context(), "a", 0, 600_000)
			if err != nil || len(sources) != 1 || *sources[0].FPS.Value() != 20 {
				t.Errorf("%s, of a source: %+v, %v", when, sources, err)
			}
		}
		check("while it runs")
		s.broken.Store(true)
		r.record(sampleAt(660_000, 0), nothing)
		synctest.Wait()
		check("while the disk is broken")
		s.broken.Store(false)
		time.Sleep(retryAfter)
		synctest.Wait()
		if len(s.minutes) != 1 {
			t.Errorf("stored after the disk came back: %v", s.minutes)
		}
		check("when it is stored")
		end()
		if len(s.minutes) != 2 {
			t.Errorf("the minute that was not over is lost: %v", s.minutes)
		}
	})
}

func TestASlowDiskHoldsNoSampleUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{slow: time.Hour}
		r, end := keep(s)
		begin := time.Now()
		for i := range 3 * mostKept {
			r.record(sampleAt(app.Instant(i)*app.Instant(minute), 10), nothing)
		}
		if time.Since(begin) != 0 {
			t.Errorf("samples waited %v", time.Since(begin))
		}
		r.mu.Lock()
		waiting := len(r.finished)
		r.mu.Unlock()
		if waiting > mostKept {
			t.Errorf("%d minutes wait", waiting)
		}
		end()
	})
}

// What is old is forgotten by the clock only after that went steadily for an hour.
func TestAJumpOfTheClockForgetsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		r, end := keep(s)
		at := app.Instant(0)
		minutes := func(n int) {
			for range n {
				at = at.Add(minute)
				r.record(sampleAt(at, 1), nothing)
				synctest.Wait()
			}
		}
		minutes(30)
		at = at.Add(365 * 24 * 60 * minute)
		minutes(40) // the 60th minute comes 30 after the jump
		if want := []app.Instant{0, 0}; !reflect.DeepEqual(s.pruned, want) {
			t.Errorf("pruned at %v, want %v", s.pruned, want)
		}
		minutes(60)
		if n := len(s.pruned); n != 3 || s.pruned[2] < at.Add(-20*minute) {
			t.Errorf("pruned at %v, now is %v", s.pruned, at)
		}
		at -= 3_600_000
		minutes(5)
		if m := s.minutes[at.Add(-2*minute)]; m.CPU.Count != 2 {
			t.Errorf("a minute that came twice has %d samples", m.CPU.Count)
		}
		end()
	})
}

func TestRecordsIntoTheRealStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for start := range 2 {
		disk, err := store.Open(t.Context(), store.Config{Dir: dir, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		r, end := keep(disk.History())
		r.record(sampleAt(app.Instant(minute)+app.Instant(start), 10), nothing)
		if all, err := r.Minutes(t.Context(), 0, 600_000); err != nil || len(all) != 1 || all[0].CPU.Count != start+1 {
			t.Errorf("start %d: %+v, %v", start, all, err)
		}
		end()
		if err := disk.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
