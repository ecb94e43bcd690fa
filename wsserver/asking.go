package wsserver

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often one address may ask: so many at once, then one in a while.
const (
	asksAtOnce = 5
	askEvery   = 20 * time.Second
)

// askers bounds how often each address may ask.
type askers struct {
	mu     sync.Mutex // guards the map and its limiters
	byPeer map[string]*rate.Limiter
	swept  time.Time // when those were forgotten who have not asked for long
}

// asksRemembered is how many addresses are held: those that have not asked for long
// are forgotten first.
const asksRemembered = 1024

// wait counts one question of an address. It returns how long the address has to
// wait if it may not ask now, which does not count then.
func (a *askers) wait(address string, now time.Time) time.Duration {
	address = networkOf(address)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.byPeer) >= asksRemembered && now.Sub(a.swept) > askEvery {
		a.swept = now
		for peer, limiter := range a.byPeer {
			if limiter.TokensAt(now) >= asksAtOnce {
				delete(a.byPeer, peer)
			}
		}
	}
	limiter := a.byPeer[address]
	if limiter == nil {
		if a.byPeer == nil {
			a.byPeer = map[string]*rate.Limiter{}
		}
		for other := range a.byPeer {
			if len(a.byPeer) < asksRemembered {
				break
			}
			delete(a.byPeer, other) // anyone: the list is bounded whoever fills it
		}
		limiter = rate.NewLimiter(rate.Every(askEvery), asksAtOnce)
		a.byPeer[address] = limiter
	}
	reserved := limiter.ReserveN(now, 1)
	delay := reserved.DelayFrom(now)
	if delay > 0 {
		reserved.CancelAt(now)
	}
	return delay
}
