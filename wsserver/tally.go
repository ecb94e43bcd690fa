package wsserver

import (
	"context"
	"slices"
	"sync"
	"time"

	"cuewire/app"
)

// tally counts the open sessions and says whether one more may come.
type tally struct {
	limits Limits

	mu      sync.Mutex // guards what follows
	all     int
	opened  uint64         // since the start
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
	t.opened++
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

// count returns how many are open, and how many were opened since the start.
func (t *tally) count() (open int, opened uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all, t.opened
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
	said    uint64 // messages of clients
	seconds [60]second
}

// second is what happened in one second.
type second struct {
	at       int64 // Unix seconds
	count    int   // of requests
	failed   int   // of them, by a fault of ours
	took     time.Duration
	messages int
}

func (l *load) add(now time.Time, took time.Duration, failed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.total++
	s := l.secondLocked(now)
	s.count++
	s.took += took
	if failed {
		s.failed++
	}
}

// message counts a message of a client's.
func (l *load) message(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said++
	l.secondLocked(now).messages++
}

// secondLocked returns the second that now is in.
func (l *load) secondLocked(now time.Time) *second {
	s := &l.seconds[now.Unix()%60]
	if s.at != now.Unix() {
		*s = second{at: now.Unix()}
	}
	return s
}

// answered reports whether a request was answered in the last watchedFor.
func (l *load) answered(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.seconds[:], func(s second) bool { return s.count > 0 && now.Unix()-s.at <= watchedFor })
}

func (l *load) read(now time.Time) app.ServerLoad {
	l.mu.Lock()
	defer l.mu.Unlock()
	var sum second
	for _, s := range l.seconds {
		if now.Unix()-s.at < 60 {
			sum.count, sum.failed, sum.took, sum.messages = sum.count+s.count, sum.failed+s.failed, sum.took+s.took, sum.messages+s.messages
		}
	}
	result := app.ServerLoad{Requests: l.total, MessagesPerSecond: float64(sum.messages) / 60}
	if sum.count > 0 {
		average := float64(sum.took) / float64(sum.count) / float64(time.Millisecond)
		failed := float64(sum.failed) / float64(sum.count) * 100
		result.AverageResponse, result.ErrorRate = &average, &failed
	}
	return result
}
