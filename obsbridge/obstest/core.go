package obstest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"cuewire/app"
)

// Core takes an OBS bridge's facts in the engine's place: it applies each to its
// state and keeps the events. Its methods may be called from any goroutine.
type Core struct {
	start time.Time

	mu      sync.Mutex // guards the rest
	state   app.OBSState
	events  []Told
	changed chan struct{} // closed and replaced with each fact
	hold    chan struct{} // not nil: Tell waits until it is closed
}

// Told is one event and when it came.
type Told struct {
	At   time.Time
	Body app.EventBody
}

// NewCore returns a core that knows nothing yet.
func NewCore() *Core { return &Core{start: time.Now(), changed: make(chan struct{})} }

// Now implements the bridge's Core.
func (c *Core) Now() app.Instant {
	return app.InstantOf(c.start).Add(app.Millis(time.Since(c.start).Milliseconds()))
}

// Tell implements the bridge's Core.
func (c *Core) Tell(ctx context.Context, fact app.Command) error {
	c.mu.Lock()
	hold := c.hold
	c.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f, ok := fact.(app.OBSFact)
	if !ok {
		return fmt.Errorf("%T is not a fact about OBS", fact)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var events []app.EventBody
	c.state, events = f.Apply(c.state)
	for _, e := range events {
		c.events = append(c.events, Told{time.Now(), e})
	}
	close(c.changed)
	c.changed = make(chan struct{})
	return nil
}

// Hold makes Tell wait, as a core does that is behind, until the function returned is called.
func (c *Core) Hold() (release func()) {
	hold := make(chan struct{})
	c.mu.Lock()
	c.hold = hold
	c.mu.Unlock()
	return func() {
		c.mu.Lock()
		c.hold = nil
		c.mu.Unlock()
		close(hold)
	}
}

// State returns what the core has been told.
func (c *Core) State() app.OBSState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Events returns the events so far.
func (c *Core) Events() []Told {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.events[:len(c.events):len(c.events)]
}

// Wait waits until the state is as wanted and returns it; after a minute it fails the test.
func (c *Core) Wait(t testing.TB, what string, wanted func(app.OBSState) bool) app.OBSState {
	t.Helper()
	var state app.OBSState
	c.until(t, what, func() bool { state = c.state; return wanted(state) })
	return state
}

// WaitPhase waits for a phase.
func (c *Core) WaitPhase(t testing.TB, phase app.OBSPhase) app.OBSState {
	t.Helper()
	return c.Wait(t, "phase "+string(phase), func(s app.OBSState) bool { return s.Phase == phase })
}

// WaitEvent waits for an event of type E, at place from or later in Events, that
// is as wanted, nil for any. It returns the event and the place behind it.
func WaitEvent[E app.EventBody](t testing.TB, c *Core, from int, wanted func(E) bool) (E, int) {
	t.Helper()
	var found E
	c.until(t, fmt.Sprintf("event %T", found), func() bool {
		for ; from < len(c.events); from++ {
			if e, ok := c.events[from].Body.(E); ok && (wanted == nil || wanted(e)) {
				found = e
				from++
				return true
			}
		}
		return false
	})
	return found, from
}

// Place waits like WaitEvent and returns the event's place in Events.
func Place[E app.EventBody](t testing.TB, c *Core, from int, wanted func(E) bool) int {
	t.Helper()
	_, behind := WaitEvent(t, c, from, wanted)
	return behind - 1
}

// until waits for a condition, which is called with c.mu held.
func (c *Core) until(t testing.TB, what string, condition func() bool) {
	t.Helper()
	timeout := time.After(time.Minute)
	for {
		c.mu.Lock()
		ok, changed := condition(), c.changed
		c.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("waited a minute for %s; the state is %+v; the last events are %+v", what, c.State(), lastOf(c.Events()))
		}
	}
}

func lastOf(events []Told) []string {
	var last []string
	for _, e := range events {
		if _, stats := e.Body.(app.OBSStatsUpdated); !stats {
			last = append(last, fmt.Sprintf("\n%s %+v", e.Body.EventName(), e.Body))
		}
	}
	return last[max(0, len(last)-12):]
}
