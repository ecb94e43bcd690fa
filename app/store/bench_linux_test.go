package store_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"cuewire/app"
)

// BenchmarkDurableCommit compares a commit of what one press of Play changes with
// the floor, an fdatasync of 4 KiB on the same disk, turn by turn. The budget is a
// ratio of 3 of the medians.
func BenchmarkDurableCommit(b *testing.B) {
	dir := b.TempDir()
	s := openStore(b, dir)
	commit(b, s, app.PutRoom{Room: room("a")}, app.PutTimer{Timer: timer("t", "a")})
	floor, err := os.Create(filepath.Join(dir, "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer floor.Close()
	block := make([]byte, 4096)
	var commits, syncs []time.Duration
	for n := range b.N {
		start := time.Now()
		if _, err := floor.WriteAt(block, int64(n%256)*4096); err != nil {
			b.Fatal(err)
		}
		if err := unix.Fdatasync(int(floor.Fd())); err != nil {
			b.Fatal(err)
		}
		syncs = append(syncs, time.Since(start))

		playback := app.Playback{State: app.Running, CurrentTimerID: "t", Duration: 600_000, StartedAt: app.Instant(n)}
		start = time.Now()
		commit(b, s, app.PutPlayback{RoomID: "a", Playback: playback})
		commits = append(commits, time.Since(start))
	}
	slices.Sort(commits)
	slices.Sort(syncs)
	p50, p50Floor := commits[len(commits)/2], syncs[len(syncs)/2]
	b.ReportMetric(float64(p50.Microseconds()), "commit-p50-µs")
	b.ReportMetric(float64(commits[len(commits)*99/100].Microseconds()), "commit-p99-µs")
	b.ReportMetric(float64(p50Floor.Microseconds()), "fdatasync-p50-µs")
	b.ReportMetric(float64(p50)/float64(p50Floor), "commit÷fdatasync")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLoad loads 10,000 timers; the budget is 100 ms.
func BenchmarkLoad(b *testing.B) {
	s := openStore(b, b.TempDir())
	commit(b, s, tenThousand()...)
	for b.Loop() {
		load(b, s)
	}
}

// BenchmarkOpen opens, checks and closes a database of 10,000 timers.
func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	commit(b, openStore(b, dir), tenThousand()...)
	for b.Loop() {
		s := openStore(b, dir)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport commits 10,000 timers in one transaction.
func BenchmarkImport(b *testing.B) {
	changes := tenThousand()
	for b.Loop() {
		b.StopTimer()
		s := openStore(b, b.TempDir())
		b.StartTimer()
		if err := s.Commit(context.Background(), changes); err != nil {
			b.Fatal(err)
		}
	}
}
