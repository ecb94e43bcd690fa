package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const (
	pace = 50 * time.Millisecond // the shortest time between two renders
	calm = time.Second           // and between two that could wait

	together = calm / 4 // how long figures wait for a change that is near, to be drawn with it
)

// Run keeps the window up to date until ctx ends, and then returns nil. It must
// run while App.Run does; it never touches a widget itself.
func (w *Window) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	stream := w.cfg.Core.Watch()
	defer stream.Close()
	news, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- listen(ctx, stream, news) }()
	var following sync.WaitGroup
	following.Go(func() { w.follow(ctx) })
	following.Go(func() { w.takeShots(ctx) })
	following.Go(func() { w.holdHotkeys(ctx) })
	defer following.Wait()
	defer cancel()

	change := time.NewTimer(0) // fires when the view changes by itself
	defer change.Stop()
	var last time.Time // of the last render
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			if ctx.Err() != nil || errors.Is(err, app.ErrClosed) {
				return nil
			}
			return fmt.Errorf("follow the core: %w", err)
		case <-news:
			w.figures.trace.Add(w.cfg.Core.Snapshot(), runtime.NumCPU())
		case <-w.wake:
		case <-change.C:
		}
		if !w.visible.Load() {
			change.Stop()
			continue
		}
		if rest := pace - time.Since(last); rest > 0 && !sleep(ctx, rest) {
			return nil
		}
		v, shown := w.present(), *w.showing.Load()
		waiting := false // for what is new and may wait
		if !v.Same(shown) {
			near := v.Change > 0 && v.Change.Duration() < together
			waiting = v.Urgent().Same(shown.Urgent()) && (near || time.Since(last) < calm)
			if !waiting {
				if !w.render(ctx, v) {
					return nil
				}
				last = time.Now()
			}
		}
		if wait := untilNext(v, waiting, time.Since(last)); wait > 0 {
			change.Reset(wait)
		} else {
			change.Stop()
		}
	}
}

// untilNext returns when to look again although nothing happened, 0 for never: when
// something changes that cannot wait, or a second after the last render when
// something has changed, or will have, that can: with the former where that is near.
func untilNext(v present.View, waiting bool, since time.Duration) time.Duration {
	wait := v.Change.Duration()
	drift := v.Drift.Duration()
	if waiting {
		drift = time.Millisecond
	}
	if drift > 0 {
		drift = max(drift, calm-since)
		if wait == 0 || drift+together < wait {
			wait = drift
		}
	}
	return wait
}

// listen passes on that there is something new. It waits until Run has taken
// that, so that a storm of updates costs no more than the renders do.
func listen(ctx context.Context, stream app.Stream, news chan<- struct{}) error {
	for {
		if _, err := stream.Next(ctx); err != nil {
			return err
		}
		select {
		case news <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// render shows v and returns when it is shown, or false when ctx ended first.
func (w *Window) render(ctx context.Context, v present.View) bool {
	done := make(chan struct{})
	w.do(func() {
		defer close(done)
		w.mu.Lock()
		left := v.Area != w.local.Area // for another page, since v was made
		w.mu.Unlock()
		if ctx.Err() == nil && w.visible.Load() && !left {
			w.apply(v)
		}
	})
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
