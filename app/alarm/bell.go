package alarm

import (
	"context"
	"slices"
	"sync"

	"cuewire/app"
)

// Bell rings for all who do something each second, so that the program wakes once for
// all of them, and every [app.RestingSeconds] seconds while nobody watches.
type Bell struct {
	now     func() app.Instant
	beat    func(after app.Instant) app.Instant
	watched func() bool
	alarm   func() Alarm

	mu      sync.Mutex // guards hearers
	hearers []chan struct{}
}

// NewBell makes a Bell; Run rings it. beat returns the first moment after one given at
// which to ring if that is half a second after the ring before, moments a second apart
// until they have a reason to be others; nil stands for [FullSecond]. watched reports
// whether anybody looks at what is done each second; nil stands for always. Neither may
// block. alarm makes what Run waits on.
func NewBell(now func() app.Instant, beat func(after app.Instant) app.Instant, watched func() bool, alarm func() Alarm) *Bell {
	if beat == nil {
		beat = FullSecond
	}
	if watched == nil {
		watched = func() bool { return true }
	}
	return &Bell{now: now, beat: beat, watched: watched, alarm: alarm}
}

// FullSecond returns the first full second after the moment.
func FullSecond(after app.Instant) app.Instant { return after - after%1000 + 1000 }

// Hear returns a channel that gets each ring for which its receiver waits, none that
// passed meanwhile, and a function that ends this. The channel is never closed.
func (b *Bell) Hear() (rings <-chan struct{}, leave func()) {
	c := make(chan struct{})
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hearers = append(b.hearers, c)
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.hearers = slices.DeleteFunc(b.hearers, func(h chan struct{}) bool { return h == c })
	}
}

// closest is the time between two rings, at least.
const closest app.Millis = 500

// Run rings until ctx ends, then it returns nil.
func (b *Bell) Run(ctx context.Context) error {
	alarm := b.alarm()
	defer alarm.Stop()
	last := b.now().Add(-closest)
	for rested := 1; ; rested++ {
		now := b.now()
		alarm.Reset(b.beat(max(now, last.Add(closest-1))).Sub(now).Duration())
		select {
		case <-ctx.Done():
			return nil
		case <-alarm.C():
		}
		last = b.now()
		if rested >= app.RestingSeconds || b.watched() {
			b.ring()
			rested = 0
		}
	}
}

func (b *Bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.hearers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
