package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"cuewire/app"
)

// How long to wait before trying a failed commit again.
const (
	retryFirst = 250 * time.Millisecond
	retryMost  = 5 * time.Second
)

// committer writes changes to the store on a goroutine of its own: all that came
// while one commit was under way go into the next one together. What could not
// be written is kept, the last change of each thing, and tried again.
type committer struct {
	store   app.Store
	results chan committed
	wake    chan struct{}
	saved   uint64 // number of the last batch known to be on disk; the engine's

	mu    sync.Mutex // guards what follows
	fresh []app.Change
	upto  uint64    // number of the last batch in fresh
	since time.Time // when the first of fresh came
	kept  time.Time // when the oldest came that is not on disk, zero for none

	took     app.Durations
	failures atomic.Uint64
}

// committed tells how a commit went.
type committed struct {
	upto uint64 // the last batch that it held
	err  error
}

func newCommitter(store app.Store) *committer {
	return &committer{store: store, results: make(chan committed, 1), wake: make(chan struct{}, 1)}
}

// add hands changes over as part of batch number upto. It never blocks.
func (c *committer) add(changes []app.Change, upto uint64) {
	c.mu.Lock()
	if now := time.Now(); len(c.fresh) == 0 {
		c.since = now
		if c.kept.IsZero() {
			c.kept = now
		}
	}
	c.fresh = append(c.fresh, changes...)
	c.upto = upto
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// start begins committing and returns what ends it. Ending does not wait for a
// commit that hangs in a broken disk.
func (c *committer) start() (stop func()) {
	quit := make(chan struct{})
	go c.run(quit)
	return func() { close(quit) }
}

func (c *committer) run(quit <-chan struct{}) {
	var (
		kept  changeSet
		retry <-chan time.Time
		pause = retryFirst
	)
	for {
		select {
		case <-c.wake:
			if retry != nil {
				continue // what is new waits with what failed
			}
		case <-retry:
		case <-quit:
			return
		}
		c.mu.Lock()
		fresh, upto := c.fresh, c.upto
		c.fresh = nil
		c.mu.Unlock()
		kept.add(fresh)
		if len(kept.list) == 0 {
			continue // the commit before took what this wake was for
		}
		began := time.Now()
		err := c.store.Commit(context.Background(), kept.list)
		c.took.Add(time.Since(began))
		if err == nil {
			kept, retry, pause = changeSet{}, nil, retryFirst
			c.rouse()
		} else {
			c.failures.Add(1)
			retry = time.After(pause)
			pause = min(2*pause, retryMost)
		}
		select {
		case c.results <- committed{upto, err}:
		case <-quit:
			return
		}
	}
}

// rouse makes sure that what came while retrying is looked at.
func (c *committer) rouse() {
	c.mu.Lock()
	more := len(c.fresh) > 0
	c.kept = time.Time{}
	if more {
		c.kept = c.since
	}
	c.mu.Unlock()
	if more {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
}

// changeSet is a list of changes in which each thing stands once, with its last
// change in the place of its first.
type changeSet struct {
	list  []app.Change
	place map[string]int
}

func (s *changeSet) add(changes []app.Change) {
	if s.place == nil {
		s.place = make(map[string]int, len(changes))
	}
	for _, change := range changes {
		if _, ok := change.(app.PutEverything); ok { // what came before is in it
			s.list, s.place = []app.Change{change}, make(map[string]int)
			continue
		}
		key := change.Key()
		if i, ok := s.place[key]; ok {
			s.list[i] = change
			continue
		}
		s.place[key] = len(s.list)
		s.list = append(s.list, change)
	}
}
