package hub_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"cuewire/app/hub"
)

func TestFollowGetsEveryEventInOrderWithoutAGap(t *testing.T) {
	h := hub.New[int](0)
	const total = 5000
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			from, sub := h.Follow(total)
			defer sub.Close()
			last := from
			for last < total {
				events, state, err := sub.Next(context.Background())
				if err != nil {
					t.Errorf("after %d: %v", last, err)
					return
				}
				for _, e := range events {
					if e != last+1 {
						t.Errorf("event %d after %d", e, last)
						return
					}
					last = e
				}
				if state != last {
					t.Errorf("state %d with last event %d", state, last)
					return
				}
			}
		})
	}
	for i := 1; i <= total; i++ {
		h.Publish(i, i)
	}
	wg.Wait()
}

func TestWatchSkipsToTheNewest(t *testing.T) {
	h := hub.New[int]("a")
	sub := h.Watch()
	for _, s := range []string{"b", "c", "d"} {
		h.Publish(s, 1)
	}
	events, state, err := sub.Next(t.Context())
	if state != "d" || len(events) != 0 || err != nil {
		t.Fatalf("got %v %q %v", events, state, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := sub.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("nothing new: %v", err)
	}
}

func TestWatchBeginsWithTheState(t *testing.T) {
	h := hub.New[int]("a")
	if _, state, err := h.Watch().Next(t.Context()); state != "a" || err != nil {
		t.Fatalf("got %q %v", state, err)
	}
}

func TestAFollowerTooFarBehindIsEndedAndHoldsUpNobody(t *testing.T) {
	h := hub.New[int](0)
	_, slow := h.Follow(3)
	_, fast := h.Follow(100)
	for i := 1; i <= 5; i++ {
		h.Publish(i, i)
	}
	if _, _, err := slow.Next(t.Context()); !errors.Is(err, hub.ErrBehind) {
		t.Fatalf("slow: %v", err)
	}
	events, _, err := fast.Next(t.Context())
	if !slices.Equal(events, []int{1, 2, 3, 4, 5}) || err != nil {
		t.Fatalf("fast: %v %v", events, err)
	}
}

func TestCloseDeliversWhatWaitsFirst(t *testing.T) {
	h := hub.New[int](0)
	_, sub := h.Follow(10)
	h.Publish(1, 1)
	h.Close()
	h.Publish(2, 2)
	if events, state, err := sub.Next(t.Context()); len(events) != 1 || state != 1 || err != nil {
		t.Fatalf("got %v %d %v", events, state, err)
	}
	if _, _, err := sub.Next(t.Context()); !errors.Is(err, hub.ErrClosed) {
		t.Fatalf("then %v", err)
	}
	if _, late := h.Follow(1); late != nil {
		if _, _, err := late.Next(t.Context()); !errors.Is(err, hub.ErrClosed) {
			t.Fatalf("late: %v", err)
		}
	}
}

func TestClosingASubscriptionWakesItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hub.New[int](0)
		_, sub := h.Follow(10)
		done := make(chan error)
		go func() {
			_, _, err := sub.Next(context.Background())
			done <- err
		}()
		synctest.Wait()
		sub.Close()
		sub.Close()
		if err := <-done; !errors.Is(err, hub.ErrClosed) {
			t.Fatalf("got %v", err)
		}
	})
}
