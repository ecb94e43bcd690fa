package metrics

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listener is a core that hands samples on. Its time line is the clock's.
type listener chan app.Sample

func (l listener) Snapshot() *app.Snapshot { return &app.Snapshot{} }

func (l listener) Now() app.Instant { return app.InstantOf(time.Now()) }

func (l listener) Tell(ctx context.Context, fact app.Command) error {
	select {
	case l <- fact.(app.RecordSample).Sample:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// start runs a sampler until the test ends.
func start(t *testing.T, cfg Config) {
	t.Helper()
	if cfg.Bell == nil {
		cfg.Bell = alarmtest.Bell(t, nil)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- New(cfg).Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	})
}

func TestOneSampleOnEveryFullSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		time.Sleep(300 * time.Millisecond)
		core := make(listener)
		start(t, Config{Core: core, Started: started})
		for n := 1; n <= 5; n++ {
			sample := <-core
			if want := app.InstantOf(started.Add(time.Duration(n) * time.Second)); sample.At != want {
				t.Errorf("sample %d at %v, want %v", n, sample.At.Time(), want.Time())
			}
			if sample.Uptime != float64(n) {
				t.Errorf("sample %d: up for %v s", n, sample.Uptime)
			}
		}
		time.Sleep(2500 * time.Millisecond) // the core is busy
		if late := <-core; late.At != app.InstantOf(started.Add(6*time.Second)) {
			t.Errorf("the sample that waited is of %v", late.At.Time())
		}
		if next := <-core; next.At != app.InstantOf(started.Add(8*time.Second)) {
			t.Errorf("after it comes %v: missed seconds are not made up for", next.At.Time())
		}
	})
}

func TestWhatNobodyWatchesIsMeasuredSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		time.Sleep(300 * time.Millisecond)
		var watched atomic.Bool
		core := make(listener)
		start(t, Config{Core: core, Started: started, Bell: alarmtest.Bell(t, watched.Load)})
		for _, at := range []time.Duration{5, 10} {
			if sample := <-core; sample.At != app.InstantOf(started.Add(at*time.Second)) {
				t.Errorf("a sample at %v", sample.At.Time())
			}
		}
		time.Sleep(1500 * time.Millisecond)
		watched.Store(true) // and from then on every second
		for _, at := range []time.Duration{12, 13, 14} {
			if sample := <-core; sample.At != app.InstantOf(started.Add(at*time.Second)) {
				t.Errorf("watched, a sample at %v", sample.At.Time())
			}
		}
	})
}

func TestCPUIsUnknownUntilThereIsSomethingToCompare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(990 * time.Millisecond)
		core := make(listener)
		start(t, Config{Core: core})
		if first := <-core; first.HostCPU != nil || first.OwnCPU != nil {
			t.Errorf("10 ms after the start: %v, %v", first.HostCPU, first.OwnCPU)
		}
		if second := <-core; second.HostCPU == nil || second.OwnCPU == nil {
			t.Errorf("a second later: %v, %v", second.HostCPU, second.OwnCPU)
		}
	})
}

func TestMeasuresWhatIsThere(t *testing.T) {
	core := make(listener)
	server := app.ServerLoad{Connections: 3, Requests: 14}
	start(t, Config{Core: core, Server: func() app.ServerLoad { return server }})
	var rest atomic.Bool
	defer rest.Store(true)
	go func() {
		for !rest.Load() { // something to measure
		}
	}()
	for sample := range core {
		if sample.HostCPU == nil || sample.OwnCPU == nil || *sample.OwnCPU < 5 || *sample.HostCPU < 1 {
			continue // the load is not seen yet
		}
		if *sample.HostCPU > 100 {
			t.Errorf("host CPU: %v %%", *sample.HostCPU)
		}
		if sample.MemoryUsed == nil || sample.MemoryTotal == nil || *sample.MemoryUsed <= 0 || *sample.MemoryUsed >= *sample.MemoryTotal {
			t.Errorf("memory: %v of %v MiB", sample.MemoryUsed, sample.MemoryTotal)
		}
		if sample.OwnMemory == nil || *sample.OwnMemory < 1 || *sample.OwnMemory > *sample.MemoryTotal {
			t.Errorf("own memory: %v MiB", sample.OwnMemory)
		}
		if sample.Server != server || sample.Uptime <= 0 {
			t.Errorf("got %+v", sample)
		}
		if _, err := json.Marshal(sample.Performance()); err != nil {
			t.Error(err)
		}
		return
	}
}

// refuser is a core that takes nothing.
type refuser struct {
	listener
	err error
}

func (r refuser) Tell(context.Context, app.Command) error { return r.err }

func TestRunEndsWithTheCore(t *testing.T) {
	broken := errors.New("broken")
	for _, test := range []struct{ refusal, want error }{{app.ErrClosed, nil}, {broken, broken}} {
		synctest.Test(t, func(t *testing.T) {
			if err := New(Config{Core: refuser{err: test.refusal}, Bell: alarmtest.Bell(t, nil)}).Run(t.Context()); !errors.Is(err, test.want) {
				t.Errorf("%v: got %v", test.refusal, err)
			}
		})
	}
}

// BenchmarkSample is what a second of sampling costs; the budget is 300 µs.
func BenchmarkSample(b *testing.B) {
	s := New(Config{Core: make(listener)})
	s.start(b.Context())
	b.ReportAllocs()
	for b.Loop() {
		s.sample(b.Context())
	}
}
