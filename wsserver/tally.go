package wsserver

import (
	"context"
	"sync"
	"time"

	"cuewire/app"
)

// tally counts the open sessions and says whether one more may come.
type tally struct {
	limits Limits

	mu      sync.Mutex // guards what follows
	all     int
	from    map[string]int // by address, other computers only
	closed  bool           // no new ones
	drained chan struct{}  // closed when the last has gone after refuse
}

func (t *tally) init(limits Limits) {
	t.limits, t.from, t.drained = limits, map[string]int{}, make(chan struct{})
}

// enter counts one in. address is "" for this computer, whose programs share the
// one address and are counted in the whole alone.
func (t *tally) enter(address string) *app.Error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return app.ErrClosed
	case t.all >= t.limits.Connections:
		return app.NewError(app.CodeUnavailable, "server.full", "Cuewire has as many connections as it can serve; try again later.", nil)
	case address != "" && t.from[address] >= t.limits.PerAddress:
		return app.NewError(app.CodeRateLimited, "server.addressFull", "This address has too many connections to Cuewire; close some of them.", nil)
	}
	t.all++
	if address != "" {
		t.from[address]++
	}
	return nil
}

func (t *tally) leave(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all--
	if address != "" {
		if t.from[address]--; t.from[address] == 0 {
			delete(t.from, address)
		}
	}
	if t.closed && t.all == 0 {
		close(t.drained)
	}
}

func (t *tally) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all
}

// refuse lets no more in.
func (t *tally) refuse() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.closed = true
		if t.all == 0 {
			close(t.drained)
		}
	}
}

// wait returns when all have gone after refuse, or with ctx.
func (t *tally) wait(ctx context.Context) {
	select {
	case <-t.drained:
	case <-ctx.Done():
	}
}

// load counts the requests answered, and their time over the last minute.
type load struct {
	mu      sync.Mutex // guards what follows
	total   uint64
	seconds [60]struct {
		at    int64 // Unix seconds
		count int
		took  time.Duration
	}
}

func (l *load) add(now time.Time, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	s := &l.seconds[now.Unix()%60]
	if s.at != now.Unix() {
		s.at, s.count, s.took = now.Unix(), 0, 0
	}
	s.count++
	s.took += took
}

func (l *load) read(now time.Time) app.ServerLoad {
	l.mu.Lock()
	defer l.mu.Unlock()
	count, took := 0, time.Duration(0)
	for _, s := range l.seconds {
		if now.Unix()-s.at < 60 {
			count, took = count+s.count, took+s.took
		}
	}
	result := app.ServerLoad{Requests: l.total}
	if count > 0 {
		average := float64(took) / float64(count) / float64(time.Millisecond)
		result.AverageResponse = &average
	}
	return result
}
