package wsserver

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"cuewire/app"
)

// streamLimit is how many events a broadcaster may fall behind. It only ever
// waits for its own encoding and for writes that do not block, so it doesn't.
const streamLimit = 1 << 16

// broadcaster is the fan-out of one dialect. One goroutine reads what happens,
// has it encoded once for each audience, and puts the same packets into the queue
// of every session of the audience. Then it writes: everything that happened since
// the last round goes to a session in one write.
type broadcaster struct {
	srv     *Server
	dialect app.Dialect
	beats   app.Beating // nil when the dialect has no beat
	limits  app.Limits
	keyed   bool // the dialect itself knows who may connect, by what the path names
	wheel   wheel
	people  people // what those of a personal limit did lately
	name    string // of the dialect
	counts  deskCounts

	mu      sync.Mutex    // guards what follows, and group and place of the sessions
	moved   *sync.Cond    // snap changed, the first session came, or the broadcaster has ended
	snap    *app.Snapshot // what the sessions have been told; nil while nothing is followed
	midway  bool          // the sessions know some of the events after snap already
	ended   bool
	groups  map[app.Audience]*group
	beating int // sessions that get the beat
	here    int // sessions, those without an audience too

	ready []*session // the round's writers; the goroutine's own
	batch *batch
}

// group is an audience that has members.
type group struct {
	audience app.Audience
	members  []*session
	beats    bool
}

func newBroadcaster(srv *Server, dialect app.Dialect) *broadcaster {
	d := &broadcaster{srv: srv, dialect: dialect, limits: srv.limits.ofDialect(dialect.Limits()), groups: map[app.Audience]*group{}, batch: &batch{}}
	d.beats, _ = dialect.(app.Beating)
	d.moved = sync.NewCond(&d.mu)
	d.wheel.init(d.limits)
	return d
}

// errNobody ends the following while nobody is there who could be told of anything.
var errNobody = errors.New("no sessions")

// run follows the core, while there are sessions, until ctx ends or the engine stops.
func (d *broadcaster) run(ctx context.Context) error {
	defer d.end()
	defer context.AfterFunc(ctx, func() {
		d.mu.Lock()
		d.moved.Broadcast() // for wanted
		d.mu.Unlock()
	})()
	for d.wanted(ctx) {
		snap, stream := d.srv.core.Follow(streamLimit)
		d.advance(snap)
		err := d.follow(ctx, stream)
		stream.Close()
		if errors.Is(err, errNobody) {
			continue
		}
		if !errors.Is(err, app.ErrBehind) {
			if ctx.Err() != nil || errors.Is(err, app.ErrClosed) {
				return nil
			}
			return err
		}
		// What was missed can't be made up for: the clients ask for the state anew.
		d.srv.log.Error("broadcaster fell behind, its clients reconnect")
		d.partAll(app.PartSlow)
	}
	return nil
}

// wanted waits until there are sessions. It reports false when ctx has ended.
func (d *broadcaster) wanted(ctx context.Context) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.here == 0 && ctx.Err() == nil {
		d.moved.Wait()
	}
	return ctx.Err() == nil
}

// deserted reports whether nobody is there. The next to come then waits for the state
// that the following begins with.
func (d *broadcaster) deserted() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.here > 0 {
		return false
	}
	d.snap = nil
	return true
}

// A round to a large audience that took longRound or more is followed by a breath, a
// gatherPart of what it took: what its receivers caused meanwhile goes out in one write
// with what comes then, in place of two rounds that each carry half.
const (
	longRound  = 4 * time.Millisecond
	gatherPart = 8
	mostGather = 10 * time.Millisecond
)

func (d *broadcaster) follow(ctx context.Context, stream app.Stream) error {
	for took := time.Duration(0); ; {
		if took >= longRound {
			time.Sleep(min(took/gatherPart, mostGather))
		}
		update, err := stream.Next(ctx)
		if err != nil {
			return err
		}
		began := time.Now()
		// However much has come together, little of it is encoded at a time.
		for rest := update.Events; ; {
			n := min(len(rest), eventsAtOnce)
			d.publish(rest[:n], update.Snapshot, n == len(rest))
			d.flush()
			if slices.ContainsFunc(rest[:n], isRestored) {
				d.partAll(app.PartRestored)
			}
			if rest = rest[n:]; len(rest) == 0 {
				break
			}
		}
		took = time.Since(began)
		if d.deserted() {
			return errNobody
		}
	}
}

// isRestored reports whether an event says that everything may be different.
func isRestored(e app.Event) bool {
	_, is := e.Body.(app.StateRestored)
	return is
}

// eventsAtOnce is how many events go out in one write, at most.
const eventsAtOnce = 64

// publish queues what events mean to every audience; snap includes them, and with
// last none that comes after them.
func (d *broadcaster) publish(events []app.Event, snap *app.Snapshot, last bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.midway = !last; last {
		d.snap = snap
		d.moved.Broadcast()
	}
	for _, g := range d.groups {
		packets, err := d.encode(events, snap, g.audience)
		if err != nil {
			d.srv.log.Error("event could not be encoded", "err", err)
			for _, c := range g.members {
				c.close(closeFault, "a fault in Cuewire")
			}
			continue
		}
		d.queueLocked(g, packets)
	}
}

func (d *broadcaster) encode(events []app.Event, snap *app.Snapshot, audience app.Audience) (packets []*packet, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v\n%s", fault, debug.Stack())
		}
	}()
	for _, event := range events {
		packets = append(packets, sealFrames(d.dialect.Encode(event, snap, audience))...)
	}
	return packets, nil
}

func (d *broadcaster) queueLocked(g *group, packets []*packet) {
	if len(packets) == 0 {
		return
	}
	for _, c := range g.members {
		if c.put(packets) {
			d.ready = append(d.ready, c)
		}
	}
}

// flush writes for the sessions that publish made the goroutine the writer of.
func (d *broadcaster) flush() {
	if len(d.ready) == 0 {
		return
	}
	for _, c := range d.ready {
		c.flushWith(d.batch)
	}
	clear(d.ready)
	d.ready = d.ready[:0]
	d.batch.release(&d.counts)
}

// advance tells which state the sessions know.
func (d *broadcaster) advance(snap *app.Snapshot) {
	d.mu.Lock()
	d.snap = snap
	d.moved.Broadcast()
	d.mu.Unlock()
}

func (d *broadcaster) end() {
	d.mu.Lock()
	d.ended = true
	d.moved.Broadcast()
	d.mu.Unlock()
}

// admit carries out a step's reply, change of audience and state as one: what has
// happened until now is in the state, what happens from now on goes to the audience.
// It first waits until the audiences know all that has been published.
func (d *broadcaster) admit(c *session, step app.Step) {
	if d.admitted(c, step) {
		c.flush()
	}
}

func (d *broadcaster) admitted(c *session, step app.Step) (writer bool) {
	seq := d.srv.core.Snapshot().Seq
	d.mu.Lock()
	defer d.mu.Unlock()
	for !d.ended && (d.snap == nil || d.snap.Seq < seq || d.midway) {
		d.moved.Wait()
	}
	if d.ended {
		return false
	}
	var state []*packet
	if step.State != nil {
		state = sealFrames(step.State(d.snap, d.srv.core.Now()))
	}
	if step.Join != nil {
		d.moveLocked(c, step.Join)
	}
	writer = c.put(sealFrames(step.Reply))
	return c.putState(state) || writer
}

// moveLocked makes the session a member of the audience's group and no other; nil
// is none.
func (d *broadcaster) moveLocked(c *session, audience app.Audience) {
	if g := c.group; g != nil {
		if g.audience == audience {
			return
		}
		last := g.members[len(g.members)-1]
		g.members[c.place], last.place = last, c.place
		g.members[len(g.members)-1] = nil
		g.members = g.members[:len(g.members)-1]
		c.group = nil
		if g.beats {
			d.beating--
		}
		if len(g.members) == 0 {
			delete(d.groups, g.audience)
		}
	}
	if audience == nil {
		return
	}
	g := d.groups[audience]
	if g == nil {
		g = &group{audience: audience, beats: d.beats != nil && d.beats.Beats(audience)}
		d.groups[audience] = g
	}
	c.group, c.place = g, len(g.members)
	g.members = append(g.members, c)
	if g.beats {
		d.beating++
	}
}

// tick comes each second: it beats, and pings those whose turn it is.
func (d *broadcaster) tick() {
	d.mu.Lock()
	if d.ended || d.here == 0 {
		d.mu.Unlock()
		return
	}
	var ready []*session
	if d.beating > 0 {
		packets := d.beat()
		for _, g := range d.groups {
			if !g.beats {
				continue
			}
			for _, c := range g.members {
				if c.put(packets) {
					ready = append(ready, c)
				}
			}
		}
	}
	d.mu.Unlock()
	for _, c := range ready {
		c.flush()
	}
	d.wheel.turn()
}

// enter takes a new session in.
func (d *broadcaster) enter(c *session) {
	d.wheel.add(c)
	d.mu.Lock()
	d.here++
	d.moved.Broadcast()
	d.counts.opened.Add(1)
	d.mu.Unlock()
}

func (d *broadcaster) beat() (packets []*packet) {
	defer func() {
		if fault := recover(); fault != nil {
			d.srv.log.Error("beat could not be made", "fault", fault, "stack", string(debug.Stack()))
		}
	}()
	return sealFrames(d.beats.Beat(d.srv.core.Now()))
}

// leave takes a session that has ended out of its audience and off the wheel.
func (d *broadcaster) leave(c *session) {
	d.wheel.remove(c)
	d.mu.Lock()
	d.here--
	d.moveLocked(c, nil)
	d.mu.Unlock()
}

// partAll closes every session of the dialect.
func (d *broadcaster) partAll(why app.Parting) {
	for _, c := range d.wheel.all() {
		c.part(why)
	}
}
