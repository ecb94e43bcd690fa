// Package hub hands what happens to everybody who listens: to some every event
// in order, to others only what is true now. It knows nothing of Cuewire.
package hub

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// Why a subscription ended.
var (
	ErrBehind = errors.New("hub: the subscriber fell too far behind")
	ErrClosed = errors.New("hub: closed")
)

// Hub holds a state and tells its subscribers what happens to it. All methods
// may be called from any goroutine; Publish calls must not overlap if the order
// of events is to mean something.
type Hub[E, S any] struct {
	state atomic.Pointer[S]

	mu     sync.Mutex // guards what follows, and every change of state
	subs   map[*Subscription[E, S]]struct{}
	closed bool
}

// New returns a hub whose state is initial.
func New[E, S any](initial S) *Hub[E, S] {
	h := &Hub[E, S]{subs: make(map[*Subscription[E, S]]struct{})}
	h.state.Store(&initial)
	return h
}

// State returns the state now. It takes no lock.
func (h *Hub[E, S]) State() S { return *h.state.Load() }

// Publish makes state the state and tells every subscriber of the events that
// led to it. It waits for nobody: a follower that is too far behind is ended.
func (h *Hub[E, S]) Publish(state S, events ...E) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.state.Store(&state)
	for sub := range h.subs {
		sub.offer(state, events)
	}
}

// Follow returns the state and a subscription to every event after it. The
// subscription ends with ErrBehind once more than limit events wait for it.
func (h *Hub[E, S]) Follow(limit int) (S, *Subscription[E, S]) {
	return h.subscribe(limit)
}

// Watch returns a subscription to the state alone: however many times it changes
// between two calls of Next, the second returns it once. The first call returns
// at once with the state as it is.
func (h *Hub[E, S]) Watch() *Subscription[E, S] {
	state, sub := h.subscribe(0)
	sub.offer(state, nil)
	return sub
}

func (h *Hub[E, S]) subscribe(limit int) (S, *Subscription[E, S]) {
	h.mu.Lock()
	defer h.mu.Unlock()
	sub := &Subscription[E, S]{hub: h, limit: limit, wake: make(chan struct{}, 1)}
	if h.closed {
		sub.end(ErrClosed)
	} else {
		h.subs[sub] = struct{}{}
	}
	return h.State(), sub
}

// Close ends every subscription with ErrClosed, after what already waits for it.
func (h *Hub[E, S]) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for sub := range h.subs {
		sub.end(ErrClosed)
		delete(h.subs, sub)
	}
}

// Subscription is one reader's view of a hub. Next is for one goroutine.
type Subscription[E, S any] struct {
	hub   *Hub[E, S]
	limit int // events that may wait; 0 keeps none: newest wins
	wake  chan struct{}

	mu     sync.Mutex // guards what follows
	events []E
	state  S
	fresh  bool  // state was not read yet
	err    error // why it ended
}

func (s *Subscription[E, S]) offer(state S, events []E) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	s.state, s.fresh = state, true
	if s.limit > 0 {
		if len(s.events)+len(events) > s.limit {
			s.events, s.fresh = nil, false
			s.endLocked(ErrBehind)
			return
		}
		s.events = append(s.events, events...)
	}
	s.signal()
}

func (s *Subscription[E, S]) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Subscription[E, S]) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked(err)
}

func (s *Subscription[E, S]) endLocked(err error) {
	if s.err == nil {
		s.err = err
		s.signal()
	}
}

// Next blocks until something is new and returns the events since the last call
// (none when watching) with the state after them. It returns ctx's error,
// ErrBehind, or ErrClosed. The slice is the caller's.
func (s *Subscription[E, S]) Next(ctx context.Context) ([]E, S, error) {
	for {
		s.mu.Lock()
		if s.fresh {
			events, state := s.events, s.state
			s.events, s.fresh = nil, false
			s.mu.Unlock()
			return events, state, nil
		}
		err, state := s.err, s.state
		s.mu.Unlock()
		if err != nil {
			return nil, state, err
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil, state, ctx.Err()
		}
	}
}

// Close ends the subscription. It may be called more than once.
func (s *Subscription[E, S]) Close() {
	s.hub.mu.Lock()
	delete(s.hub.subs, s)
	s.hub.mu.Unlock()
	s.end(ErrClosed)
	s.mu.Lock()
	s.events, s.fresh = nil, false
	s.mu.Unlock()
}
