package obsbridge

import (
	"sync"

	"github.com/andreykaipov/goobs/api/opcodes"
)

// queueLimit is how many events may wait before the bridge would rather ask OBS
// for everything again.
const queueLimit = 8192

// eventQueue holds events between the reader, which must never wait, and the
// bridge. When it overflows everything in it is thrown away and said to be lost.
type eventQueue struct {
	wake chan struct{} // holds a token when there is something to take

	mu     sync.Mutex // guards the rest
	events []opcodes.Event
	lost   bool
}

func newEventQueue() *eventQueue { return &eventQueue{wake: make(chan struct{}, 1)} }

func (q *eventQueue) push(e opcodes.Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.events); n > 0 && newestWins(e.Type) && q.events[n-1].Type == e.Type {
		q.events[n-1] = e
		return
	}
	if len(q.events) >= queueLimit {
		q.events, q.lost = nil, true
	}
	q.events = append(q.events, e)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns everything that waits, in order, and whether something before it
// was thrown away.
func (q *eventQueue) take() (events []opcodes.Event, lost bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	events, lost = q.events, q.lost
	q.events, q.lost = nil, false
	return events, lost
}

// newestWins reports whether an event says everything that the one before it said.
func newestWins(name string) bool { return name == "InputVolumeMeters" }
