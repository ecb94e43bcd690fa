package obsbridge

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"cuewire/app"
	"cuewire/app/alarm"
)

// Core is the part of app.Core that the bridge needs.
type Core interface {
	Tell(ctx context.Context, fact app.Command) error
	Now() app.Instant
}

// Config says what a Bridge is to do.
type Config struct {
	Core Core // required

	// Target is the OBS to connect to; nil takes the active one of the instances
	// remembered in DataDir, and by default finds OBS on this computer.
	Target *app.ConnectOBS
	// Off keeps the bridge from connecting until a command asks for it.
	Off bool
	// DataDir is the folder where the instances, and passwords if the system has no
	// keyring, are kept. "" remembers nothing.
	DataDir string
	// NoKeyring keeps passwords in DataDir even where the system has a keyring.
	NoKeyring bool
	// Getenv replaces os.Getenv in finding the settings of OBS.
	Getenv func(string) string
	// Bell rings when OBS is to be asked for its statistics.
	Bell *alarm.Bell // required
	// Log is slog.Default when nil.
	Log *slog.Logger
}

// Bridge is the connection to OBS. Its methods may be called from any goroutine.
type Bridge struct {
	core      Core
	log       *slog.Logger
	bell      *alarm.Bell
	finder    *finder
	instances *instances
	adding    *semaphore.Weighted // one Add to OBS at a time
	watching  *semaphore.Weighted // one change of subscriptions at a time
	counts    counts

	mu        sync.Mutex // guards the rest
	order     *order     // the next thing to do, nil for none
	interrupt func()     // ends what Run is doing, so that it sees the order; nil before Run
	ended     bool       // Run has ended
	live      *link      // the connection that answers now, nil for none
	wish      wish       // what a person wants
	watched   watched    // high-volume events that somebody wants
}

var _ app.OBS = (*Bridge)(nil)

// wish is what a person wants of the connection.
type wish struct {
	off    bool
	target *app.ConnectOBS // nil finds an OBS on this computer
}

// order tells Run to do something else.
type order struct {
	wish  wish
	same  bool       // the target stays whatever it is
	given *link      // an open connection that fits the wish, nil for none
	done  chan error // of 1; how it went, once the core has been told
}

// New makes a bridge. It does nothing until Run; an unreadable list of instances
// is logged and taken as empty.
func New(c Config) *Bridge {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Getenv == nil {
		c.Getenv = os.Getenv
	}
	return &Bridge{
		core: c.Core, log: c.Log, bell: c.Bell,
		finder:    newFinder(c.Getenv),
		instances: openInstances(c.DataDir, c.NoKeyring, c.Log),
		adding:    semaphore.NewWeighted(1),
		watching:  semaphore.NewWeighted(1),
		wish:      wish{off: c.Off, target: c.Target},
	}
}

// Run keeps the connection until ctx ends and then returns nil, with everything
// closed. It must be called once. Commands about the connection that come before
// it wait for it.
func (b *Bridge) Run(ctx context.Context) error {
	r := run{Bridge: b, wanted: b.firstWish()}
	for ctx.Err() == nil {
		step, end := context.WithCancel(ctx)
		next := b.begin(end)
		if next != nil {
			r.takeUp(next)
		}
		r.round(step)
		end()
	}
	r.carriedOut(app.ErrClosed)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	b.order.drop()
	b.order = nil
	return nil
}

// firstWish returns what is wished at the start. The instances' passwords are read
// only now: a keyring may take its time.
func (b *Bridge) firstWish() wish {
	b.mu.Lock()
	w := b.wish
	b.mu.Unlock()
	if w.target == nil {
		w.target = b.instances.activeTarget()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.order == nil {
		b.wish = w
	} else if b.order.same {
		b.order.wish.target, b.wish.target = w.target, w.target
	}
	return w
}

// begin returns the order to take up, nil for none, and arranges that the next
// one calls end.
func (b *Bridge) begin(end func()) *order {
	b.mu.Lock()
	defer b.mu.Unlock()
	next := b.order
	b.order, b.interrupt = nil, end
	return next
}

// do gives Run an order and waits until it is carried out.
func (b *Bridge) do(ctx context.Context, o *order) error {
	o.done = make(chan error, 1)
	b.mu.Lock()
	if b.ended {
		b.mu.Unlock()
		o.drop()
		return app.ErrClosed
	}
	if o.same {
		o.wish.target = b.wish.target
	}
	overtaken := b.order
	b.order, b.wish = o, o.wish
	if b.interrupt != nil {
		b.interrupt()
	}
	b.mu.Unlock()
	overtaken.drop()
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		return failure(ctx.Err())
	}
}

// drop frees an order, nil too, that will not be carried out.
func (o *order) drop() {
	if o == nil {
		return
	}
	if o.given != nil {
		o.given.close()
	}
	o.done <- overtaken()
}

func overtaken() error {
	return app.NewError(app.CodeConflict, "obs.overtaken", "another request to connect came in between", nil)
}

// run is the state of one Run, its goroutine's own.
type run struct {
	*Bridge
	wanted    wish
	given     *link
	stopped   app.OBSPhase
	refused   string     // what the settings were that the password was wrong for
	tries     int        // in a row without a connection
	connected bool       // at least once since the wish changed
	done      chan error // of the order taken up; nil when it is carried out
	told      app.OBSPhaseFact
}

func (r *run) takeUp(o *order) {
	r.wanted, r.given = o.wish, o.given
	r.stopped, r.tries, r.connected = "", 0, false
	r.carriedOut(overtaken())
	r.done = o.done
}

// carriedOut answers the one who gave the order.
func (r *run) carriedOut(err error) {
	if r.done != nil {
		r.done <- err
		r.done = nil
	}
}

// round does one thing until it ends or step does.
func (r *run) round(step context.Context) {
	switch {
	case r.wanted.off:
		r.phase(step, app.OBSOff, app.ConnectOBS{}, 0)
		r.carriedOut(nil)
		<-step.Done()
	case r.stopped != "":
		r.waitForSettings(step)
	default:
		l := r.given
		r.given = nil
		if l == nil {
			if r.tries == 0 {
				r.begins(step)
			}
			var err error
			l, err = r.open(step, r.wanted, r.announce(step))
			if err != nil {
				r.setback(step, err)
				return
			}
		}
		err := r.serve(step, l)
		l.close()
		if step.Err() == nil {
			r.setback(step, &attemptError{target: l.target, err: err, live: true, settings: l.settings})
		}
	}
}

// begins tells that a first try begins; later ones are told by what comes of them.
func (r *run) begins(step context.Context) {
	if t := r.wanted.target; t != nil {
		r.phase(step, app.OBSConnecting, *t, 0)
	} else {
		r.phase(step, app.OBSSearching, app.ConnectOBS{}, 0)
	}
}

// announce returns what tells, during a try, that something has answered.
func (r *run) announce(step context.Context) func(app.ConnectOBS) {
	return func(t app.ConnectOBS) { r.phase(step, app.OBSConnecting, t, 0) }
}

// setback tells how a try or a connection failed, and waits before the next try.
func (r *run) setback(step context.Context, err error) {
	if step.Err() != nil {
		return
	}
	a := err.(*attemptError)
	r.log.Debug("OBS", "host", a.target.Host, "port", a.target.Port, "err", a.err)
	phase := a.phase(r.connected)
	if phase == app.OBSWrongPassword || phase == app.OBSKicked {
		r.stopped, r.refused = phase, a.settings
		r.phase(step, phase, a.target, 0)
		r.carriedOut(failure(a))
		return
	}
	if a.live {
		r.tries = 0
	}
	r.tries++
	delay := backoff(r.tries, a.target.Host)
	var retry app.Instant
	if phase == app.OBSLost || !here(a.target.Host) {
		retry = r.core.Now().Add(app.Millis(delay.Milliseconds()))
	}
	r.phase(step, phase, a.target, retry)
	r.carriedOut(failure(a))
	sleep(step, delay)
}

// waitForSettings waits for an order. While OBS is looked for on this computer, a
// change of its settings is enough.
func (r *run) waitForSettings(step context.Context) {
	for step.Err() == nil {
		sleep(step, 2*time.Second)
		if r.stopped == app.OBSWrongPassword && r.wanted.target == nil && step.Err() == nil {
			if now := fingerprint(r.finder.find()); now != r.refused {
				r.stopped, r.tries = "", 0
				return
			}
		}
	}
}

// phase tells the core where the connection stands, if that is new.
func (r *run) phase(ctx context.Context, phase app.OBSPhase, t app.ConnectOBS, retry app.Instant) {
	fact := app.OBSPhaseFact{Phase: phase, Host: t.Host, Port: t.Port, RetryAt: retry}
	if r.told == fact {
		return
	}
	told := fact
	fact.At = r.core.Now()
	if r.tell(ctx, fact) {
		r.told = told
	}
}

// tell hands the core a fact and reports whether it took it.
func (r *run) tell(ctx context.Context, fact app.OBSFact) bool {
	err := r.core.Tell(ctx, fact)
	if err != nil && ctx.Err() == nil {
		r.log.Error("the core does not take what OBS says", "err", err)
	}
	return err == nil
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
