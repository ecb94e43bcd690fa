package engine

import (
	"sync/atomic"
	"time"

	"cuewire/app"
)

// clockStep is how far the wall clock may part from the steady one before the
// time line follows it. Less is what a time service slews in an hour.
const clockStep app.Millis = 100

// SystemClock is the computer's clock. Its steady time goes on while the
// computer sleeps, on every system that can tell.
type SystemClock struct{}

// Now reads both clocks at one moment: a pair that was torn apart by the
// scheduler would look like a clock that was set.
func (SystemClock) Now() (wall time.Time, steady time.Duration) {
	for range 10 {
		before := steadyNow()
		wall = time.Now()
		steady = steadyNow()
		if steady-before < 5*time.Millisecond {
			break
		}
	}
	return wall, steady
}

// timeline is the engine's time: the wall clock's at the anchor, the steady
// clock's from there. Now may be called from any goroutine, follow from the
// engine's own alone.
type timeline struct {
	clock  app.Clock
	anchor atomic.Pointer[anchor]
}

type anchor struct {
	wall   time.Time
	steady time.Duration
}

func newTimeline(clock app.Clock) *timeline {
	l := &timeline{clock: clock}
	wall, steady := clock.Now()
	l.anchor.Store(&anchor{wall, steady})
	return l
}

// now returns the instant now.
func (l *timeline) now() app.Instant {
	_, steady := l.clock.Now()
	return l.at(steady)
}

func (l *timeline) at(steady time.Duration) app.Instant {
	a := l.anchor.Load()
	return app.InstantOf(a.wall.Add(steady - a.steady))
}

// follow moves the line to the wall clock if somebody set it, and returns the
// instant now and how far the line was moved.
func (l *timeline) follow() (now app.Instant, moved app.Millis) {
	wall, steady := l.clock.Now()
	now = l.at(steady)
	moved = app.InstantOf(wall).Sub(now)
	if -clockStep < moved && moved < clockStep {
		return now, 0
	}
	l.anchor.Store(&anchor{wall, steady})
	return now.Add(moved), moved
}

// until returns how long to wait for an instant, rounded up so that a wait never
// ends before it.
func (l *timeline) until(i app.Instant) time.Duration {
	_, steady := l.clock.Now()
	a := l.anchor.Load()
	return i.Time().Sub(a.wall.Add(steady - a.steady))
}
