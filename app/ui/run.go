package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const (
	pace = 50 * time.Millisecond // the shortest time between two renders
	calm = time.Second           // and between two that could wait
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
		if !same(v, shown) {
			waiting = same(v.Urgent(), shown.Urgent()) && time.Since(last) < calm
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
// something has changed, or will have, that can.
func untilNext(v present.View, waiting bool, since time.Duration) time.Duration {
	wait := v.Change.Duration()
	drift := v.Drift.Duration()
	if waiting {
		drift = time.Millisecond
	}
	if drift > 0 {
		drift = max(drift, calm-since)
		if wait == 0 || drift < wait {
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
		if ctx.Err() == nil && w.visible.Load() {
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

// same reports whether two views look alike; when they change next does not count.
func same(v, o present.View) bool {
	return v.Lang == o.Lang && v.Area == o.Area && v.Library.Same(o.Library) && v.Title == o.Title && v.Timer == o.Timer && v.Control == o.Control &&
		v.Rundown.Same(o.Rundown) && v.Desk == o.Desk && v.Message.Same(o.Message) && slices.Equal(v.Aux, o.Aux) && slices.Equal(v.Quick, o.Quick) &&
		v.OBS == o.OBS && v.Scenes.Same(o.Scenes) &&
		v.Load == o.Load && v.Links == o.Links && v.Status == o.Status && v.Notice == o.Notice && v.Undo == o.Undo && slices.Equal(v.Apps, o.Apps)
}
