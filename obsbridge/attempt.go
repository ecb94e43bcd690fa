package obsbridge

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"syscall"
	"time"

	"cuewire/app"
)

// attemptError is why a try to connect failed, or a connection ended.
type attemptError struct {
	target    app.ConnectOBS
	err       error
	live      bool   // the connection had been identified
	serverOff bool   // OBS's settings say that its server is switched off
	nothing   bool   // there were no settings to go by
	settings  string // a fingerprint of what was found
}

func (a *attemptError) Error() string { return a.err.Error() }
func (a *attemptError) Unwrap() error { return a.err }

// phase returns the words' key for a failure; connected says that there has been a
// connection before.
func (a *attemptError) phase(connected bool) app.OBSPhase {
	switch {
	case wrongPassword(a.err):
		return app.OBSWrongPassword
	case kicked(a.err):
		return app.OBSKicked
	case a.live:
		return app.OBSLost
	case a.serverOff:
		return app.OBSServerOff
	case a.nothing && nobodyListens(a.err):
		return app.OBSSearching
	case nobodyListens(a.err) || errors.Is(a.err, errNotOBS):
		return app.OBSNotRunning
	case connected:
		return app.OBSLost
	case errors.Is(a.err, os.ErrDeadlineExceeded), errors.Is(a.err, context.DeadlineExceeded):
		return app.OBSNotRunning
	default:
		return app.OBSLost // something answered like OBS and went away
	}
}

func nobodyListens(err error) bool {
	const windowsRefused = syscall.Errno(10061)
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, windowsRefused)
}

// open connects to what is wished. announce is called with what has answered,
// nil for nobody to tell. The error is an *attemptError.
func (b *Bridge) open(ctx context.Context, w wish, announce func(app.ConnectOBS)) (*link, error) {
	if w.target != nil {
		return b.try(ctx, *w.target, announce)
	}
	places := b.finder.find()
	found := fingerprint(places)
	if len(places) == 0 {
		l, err := b.try(ctx, app.ConnectOBS{Host: loopback, Port: DefaultPort}, announce)
		if err != nil {
			a := err.(*attemptError)
			a.settings, a.nothing = found, true
			if nobodyListens(a.err) {
				a.target = app.ConnectOBS{}
			}
			return nil, a
		}
		return l, nil
	}
	var worst *attemptError
	for _, place := range places {
		l, err := b.try(ctx, place.target(), announce)
		if err == nil {
			l.settings = found
			return l, nil
		}
		a := err.(*attemptError)
		a.settings, a.serverOff = found, !place.Enabled && nobodyListens(a.err)
		if worst == nil || nobodyListens(worst.err) && (!nobodyListens(a.err) || worst.serverOff && !a.serverOff) {
			worst = a
		}
	}
	return nil, worst
}

// try connects to one OBS.
func (b *Bridge) try(ctx context.Context, t app.ConnectOBS, announce func(app.ConnectOBS)) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeTime(t.Host))
	defer cancel()
	var answered func()
	if announce != nil {
		if here(t.Host) {
			answered = func() { announce(t) } // else a phase would flicker with every try
		} else {
			announce(t)
		}
	}
	b.mu.Lock()
	wanted := b.watched.subscriptions()
	b.mu.Unlock()
	s, err := dial(ctx, address(t), t.Password, wanted, b.log, answered)
	if err != nil {
		return nil, &attemptError{target: t, err: err}
	}
	s.counts = &b.counts
	return &link{session: s, target: t, subscribed: wanted}, nil
}

const loopback = "127.0.0.1"

// here reports whether the host, or an unknown one, is this computer.
func here(host string) bool { return app.OBSState{Host: host}.OnThisComputer() }

// handshakeTime is how long a try may take, from the first packet to Identified.
func handshakeTime(host string) time.Duration {
	if here(host) {
		return 1500 * time.Millisecond
	}
	return 6 * time.Second
}

// backoff returns the pause after so many failed tries in a row: soon at first,
// never above 2 s on this computer and 10 s elsewhere.
func backoff(tries int, host string) time.Duration {
	most := 8 * time.Second
	if here(host) {
		most = time.Second
	}
	pause := 200 * time.Millisecond
	for range tries - 1 {
		pause = min(pause*8/5, most)
	}
	return pause + rand.N(pause/5+1)
}
