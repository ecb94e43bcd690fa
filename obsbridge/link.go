package obsbridge

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"cuewire/app"
	"cuewire/app/alarm"
)

const (
	watchdogTime  = 3 * time.Second        // for the answer to the cheap request made each second
	silenceTime   = 3 * time.Second        // for any sign of life while no requests may be made
	notReadyPause = 250 * time.Millisecond // before asking an OBS again that says it is not ready
)

// link is one identified connection and where it goes.
type link struct {
	*session
	target    app.ConnectOBS
	settings  string // fingerprint of the settings it was found by, "" if it was not
	streaming atomic.Bool
	recording atomic.Bool

	subscribed int // the events that OBS sends; guarded by Bridge.watching once live
}

// watchOnly has OBS send just those events.
func (l *link) watchOnly(ctx context.Context, wanted int) error {
	if l.subscribed == wanted {
		return nil
	}
	err := l.subscribe(ctx, wanted)
	if err == nil {
		l.subscribed = wanted
	}
	return err
}

// serve brings the core up to date and then tells it what happens, until the
// connection ends, whose reason it returns, or step does.
func (r *run) serve(step context.Context, l *link) error {
	r.phase(step, app.OBSConnecting, l.target, 0)
	version, err := l.version(step)
	if err != nil {
		return l.because(err)
	}
	state, err := r.fetch(step, l, app.OBSResyncFact{})
	if err != nil {
		return l.because(err)
	}
	defer func() {
		r.mu.Lock()
		r.live = nil
		r.mu.Unlock()
	}()
	if err := r.goLive(step, l); err != nil {
		return l.because(err)
	}

	connected := app.OBSPhaseFact{
		At: r.core.Now(), Phase: app.OBSConnected, Host: l.target.Host, Port: l.target.Port,
		ConnectionID: "obs-conn-" + uuid.NewString()[:8], OBSVersion: version.obs, WebSocketVersion: version.webSocket,
	}
	r.counts.connections.Add(1)
	r.log.Info("connected to OBS", "host", l.target.Host, "port", l.target.Port, "obs", version.obs, "obs-websocket", version.webSocket)
	r.told = connected // whether it takes it or not: what comes next is another phase
	r.tell(step, connected)
	r.tell(step, state)
	r.connected, r.tries = true, 0
	r.carriedOut(nil)

	t := &translator{run: r, link: l, state: state}
	watch, stop := context.WithCancel(step)
	measured := make(chan measurement)
	watching := make(chan struct{})
	go func() {
		defer close(watching)
		l.watch(watch, r.core, r.bell, measured)
	}()
	defer func() {
		stop()
		<-watching
	}()
	for {
		select {
		case <-l.queue.wake:
			t.events(step)
		case m := <-measured:
			t.measured(step, m)
		case <-l.done:
			t.events(step) // what came before the end
			return l.because(nil)
		case <-step.Done():
			return nil
		}
	}
}

// goLive lets commands use the link. What is watched may have changed since it
// was opened.
func (r *run) goLive(step context.Context, l *link) error {
	if err := r.watching.Acquire(step, 1); err != nil {
		return err
	}
	defer r.watching.Release(1)
	r.mu.Lock()
	wanted := r.watched.subscriptions()
	r.live = l
	r.mu.Unlock()
	return l.watchOnly(step, wanted)
}

// because returns why the link ended: the session's own reason rather than err,
// which may only be a consequence.
func (l *link) because(err error) error {
	if reason := l.reason(); reason != nil {
		return reason
	}
	return err
}

// measurement is what the watchdog's request brought.
type measurement struct {
	stats  app.OBSStats
	stream *app.OBSOutput // nil while not streaming
	record *app.OBSOutput // nil while not recording
	canvas app.OBSCanvas  // zero when OBS does not say
}

// watch asks for statistics at once and whenever the bell rings, and ends the session
// when OBS leaves the request unanswered. While OBS changes its scene collection it only
// pings.
func (l *link) watch(ctx context.Context, core Core, bell *alarm.Bell, out chan<- measurement) {
	rings, leave := bell.Hear()
	defer leave()
	var meter meter
	for {
		if l.busy() {
			if l.silence() > silenceTime {
				l.fail(errSilent)
			}
			l.ping()
		} else if m, err := l.measure(ctx, core, &meter); err == nil {
			select {
			case out <- m:
			case <-ctx.Done():
			}
		} else if errors.Is(err, context.DeadlineExceeded) && !l.busy() && ctx.Err() == nil {
			l.fail(fmt.Errorf("%w: %w", errSilent, err))
		}
		select {
		case <-rings:
		case <-ctx.Done():
			return
		case <-l.done:
			return
		}
	}
}
