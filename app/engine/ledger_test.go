package engine

import (
	"flag"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"cuewire/app"
)

// sequences is how many random sequences of commands are tried. -rapid.checks
// asks for another number.
const sequences = 100_000

const (
	second = app.Millis(1000)
	minute = 60 * second
	day    = 24 * 60 * minute
)

// ledger keeps a room's time as an accountant would, by other means than
// app/timing: it knows no instant at which anything began, it only moves
// milliseconds from the time that passes to the time that has run.
type ledger struct {
	now      app.Instant
	state    app.PlayState
	id       string     // of the current timer, "" for none
	given    app.Millis // to this run
	ran      app.Millis // by this run
	gathered app.Millis // what had run when it last began to
	roll     bool
}

func (l *ledger) String() string {
	return fmt.Sprintf("%s on %.4s, ran %d of %d, roll %t", l.state, l.id, l.ran, l.given, l.roll)
}

// until returns how long it takes from an instant to a time of day, in UTC.
func until(c app.ClockTime, from app.Instant) app.Millis {
	var h, m, s app.Millis
	if _, err := fmt.Sscanf(string(c), "%d:%d:%d", &h, &m, &s); err != nil {
		panic(err)
	}
	return (((h*60+m)*60+s)*second - app.Millis(from)%day + day) % day
}

// after returns the timer after the current one, of those that are not skipped.
func (l *ledger) after(r *app.RoomState) *app.Timer {
	_, at := r.Timer(l.id)
	for _, t := range r.Timers[at+1:] {
		if !t.Skip {
			return t
		}
	}
	return nil
}

func (l *ledger) before(r *app.RoomState) *app.Timer {
	_, at := r.Timer(l.id)
	for _, t := range slices.Backward(r.Timers[:at]) {
		if !t.Skip {
			return t
		}
	}
	return nil
}

// begin goes to a timer's beginning.
func (l *ledger) begin(t *app.Timer, state app.PlayState) {
	l.state, l.id, l.given, l.ran, l.gathered = state, t.ID, t.Duration, 0, 0
	if state == app.Running {
		l.aim(t)
	}
}

// aim gives the run what it needs to end at its timer's time of day, if it has one.
func (l *ledger) aim(t *app.Timer) {
	const late = 120 * minute
	if t.FinishAt != "" {
		l.given = max(0, l.ran-late+until(t.FinishAt, l.now.Add(-late)))
	}
}

func (l *ledger) ends(r *app.RoomState) bool {
	t, _ := r.Timer(l.id)
	return t.Overtime == app.OvertimeStop || t.AutoAdvance && l.after(r) != nil
}

// pass lets time pass, from one event to the next.
func (l *ledger) pass(r *app.RoomState, wait app.Millis) {
	if l.roll {
		l.now = l.now.Add(wait)
		l.follow(r)
		return
	}
	for l.state == app.Running && l.ends(r) && l.given-l.ran <= wait {
		left := max(0, l.given-l.ran) // what is told to end in overtime ends at once
		l.now, l.ran, wait = l.now.Add(left), l.ran+left, wait-left
		t, _ := r.Timer(l.id)
		if next := l.after(r); t.AutoAdvance && next != nil {
			l.begin(next, app.Running)
			continue
		}
		l.state, l.ran = app.Paused, max(l.given, l.gathered)
	}
	if l.state == app.Running {
		l.ran += wait
	}
	l.now = l.now.Add(wait)
}

// give gives the run another time; a run that ends by itself ends now at the earliest.
func (l *ledger) give(r *app.RoomState, given app.Millis) {
	if l.state == app.Running && l.ends(r) {
		given = max(given, min(l.given, l.ran))
	}
	l.given = max(0, given)
}

// follow lets the clock choose: it walks through the day's plan.
func (l *ledger) follow(r *app.RoomState) {
	var plan []*app.Timer
	for _, t := range r.Timers {
		if !t.Skip {
			plan = append(plan, t)
		}
	}
	if len(plan) == 0 || plan[0].StartAt == "" {
		l.roll = false
		return
	}
	length := func(t *app.Timer, start app.Instant) app.Millis {
		if t.FinishAt != "" {
			return until(t.FinishAt, start)
		}
		return t.Duration
	}
	wait := until(plan[0].StartAt, l.now)
	start := l.now.Add(wait)
	if wait > 0 {
		start = start.Add(-day)
	}
	var on *app.Timer
	var ran, given app.Millis
	for i, t := range plan {
		if t.StartAt != "" && i > 0 && !t.LinkedStart {
			start = start.Add(until(t.StartAt, start.Add(-day/2)) - day/2)
		}
		if start > l.now {
			if on == nil || ran >= given {
				l.begin(t, app.Stopped)
				l.given = length(t, start)
				return
			}
			break
		}
		on, ran, given = t, l.now.Sub(start), length(t, start)
		start = start.Add(given)
	}
	if ran >= given { // the show is over until another day
		l.begin(plan[0], app.Stopped)
		l.given = length(plan[0], l.now.Add(until(plan[0].StartAt, l.now+1)+1))
		return
	}
	l.begin(on, app.Running)
	l.ran, l.given = ran, given
}

// press is what a press of the controls does. It reports whether it is refused.
func (l *ledger) press(r *app.RoomState, c app.Control) (refused bool) {
	t, _ := r.Timer(l.id)
	state := app.Stopped
	if l.state == app.Running {
		state = app.Running
	}
	switch c.Action {
	case app.Blackout:
		return false
	case app.StopRoll:
		l.roll = false
		return false
	case app.Roll:
		l.roll = true
		l.follow(r)
		return !l.roll
	case app.GoTo:
		if t, _ = r.Timer(c.ID); t == nil {
			return true
		}
		l.begin(t, state)
	default:
		if t == nil {
			return true
		}
	}
	switch c.Action {
	case app.Play:
		if l.state != app.Running {
			if t.Overtime == app.OvertimeStop && l.ran >= l.given {
				return true
			}
			l.state, l.gathered = app.Running, l.ran
			l.aim(t)
		}
	case app.Pause:
		if l.state == app.Running {
			l.state = app.Paused
		}
	case app.Stop:
		l.begin(t, app.Stopped)
	case app.Reset:
		l.begin(t, l.state)
	case app.Next, app.Previous:
		to := l.after(r)
		if c.Action == app.Previous {
			to = l.before(r)
		}
		if to == nil {
			return true
		}
		l.begin(to, state)
	case app.AddTime:
		l.give(r, l.given+*c.Value)
	case app.SetTime:
		if *c.Value < 0 {
			return true
		}
		l.give(r, l.ran+*c.Value)
	}
	l.roll = false
	return false
}

// edited is what a change of the rundown from was to is does.
func (l *ledger) edited(was, is *app.RoomState) {
	before, position := was.Timer(l.id)
	now, _ := is.Timer(l.id)
	switch {
	case now != nil:
		if now.Duration != before.Duration {
			l.give(is, l.given+now.Duration-before.Duration)
		}
	case len(is.Timers) == 0:
		l.state, l.id, l.given, l.ran, l.gathered = app.Stopped, "", 0, 0, 0
	default:
		l.begin(is.Timers[max(0, min(position, len(is.Timers)-1))], app.Stopped)
	}
	if l.roll {
		l.follow(is)
	}
	l.pass(is, 0)
}

// book is a room and its ledger.
type book struct {
	*rapid.T
	e *Engine
	l ledger
}

func (b *book) room() *app.RoomState { return b.e.work.rooms[0] }

// step is what the engine does with a command, or with none, but for the disk.
func (b *book) step(cmd app.Command, moved app.Millis) error {
	t := b.e.begin(b.l.now)
	if moved != 0 {
		t.shift(moved)
	}
	t.advance()
	b.e.keep(t)
	if cmd == nil {
		return nil
	}
	t = b.e.begin(b.l.now)
	if err := t.apply(cmd); err != nil {
		return err
	}
	b.e.keep(t)
	return nil
}

func (b *book) must(cmd app.Command) {
	if err := b.step(cmd, 0); err != nil {
		b.Fatal(err)
	}
}

// compare compares the room with its ledger.
func (b *book) compare(after string) {
	p, s := b.room().Playback, b.room().Playback.At(b.l.now)
	over := b.l.state == app.Running && b.l.ran > b.l.given
	if s.State != b.l.state || p.CurrentTimerID != b.l.id || s.Elapsed != b.l.ran || s.Duration != b.l.given || s.Overtime != over || s.Roll != b.l.roll {
		b.Fatalf("after %s: %s on %.4s, ran %d of %d, roll %t, overtime %t; the ledger says %s",
			after, s.State, p.CurrentTimerID, s.Elapsed, s.Duration, s.Roll, s.Overtime, &b.l)
	}
}

var presses = []app.Action{
	app.Play, app.Play, app.Play, app.Pause, app.Stop, app.Reset, app.Next, app.Previous, app.GoTo, app.AddTime, app.SetTime, app.Blackout, app.Roll, app.StopRoll,
}

// act draws a command, carries it out and enters it in the ledger.
func (b *book) act() {
	r := b.room()
	pick := ""
	if n := rapid.IntRange(0, len(r.Timers)).Draw(b.T, "timer"); n < len(r.Timers) {
		pick = r.Timers[n].ID
	}
	value := drawMillis(b.T)
	wait := max(0, value)
	if rapid.IntRange(0, 3).Draw(b.T, "wait") == 0 && b.l.given > b.l.ran {
		wait = b.l.given - b.l.ran // to the very instant at which it ends
	}
	kind := rapid.IntRange(0, 19).Draw(b.T, "kind")
	if kind == 0 { // the computer's clock is set; no timer cares, but for the clock's own
		moved := value * 3
		b.l.now = b.l.now.Add(moved)
		if b.l.roll {
			b.l.follow(r)
		}
		_ = b.step(nil, moved)
		b.compare("a clock set by " + strconv.Itoa(int(moved)))
		return
	}
	b.l.pass(r, wait)
	if err := b.step(nil, 0); err != nil {
		b.Fatal(err)
	}
	b.compare(fmt.Sprintf("%d ms", wait))
	r = b.room()

	if kind < 12 {
		c := app.Control{RoomID: r.Room.ID, Action: rapid.SampledFrom(presses).Draw(b.T, "action"), ID: pick, Value: &value}
		before := b.l
		refused := b.l.press(r, c)
		err := b.step(c, 0)
		if refused {
			b.l = before
		}
		if refused != (err != nil) {
			b.Fatalf("%s %s: refused %v, the ledger says %t: %s", c.Action, pick, err, refused, &before)
		}
		if !refused {
			b.l.pass(r, 0)
		}
		b.compare(string(c.Action))
		return
	}
	cmd := b.edit(r.Room.ID, pick, value)
	if err := b.step(cmd, 0); err == nil {
		b.l.edited(r, b.room())
	}
	b.compare(fmt.Sprintf("%T", cmd))
}

// edit draws a change of the rundown, of one field at a time. Times of day are
// near now, where they matter.
func (b *book) edit(room, timer string, near app.Millis) app.Command {
	d := max(0, near)
	yes := rapid.Bool().Draw(b.T, "yes")
	clock := app.ClockTime("")
	if yes || near > 0 {
		clock = app.ClockTime(b.l.now.Add(near).Time().UTC().Format("15:04:05"))
	}
	var f app.TimerFields
	switch rapid.IntRange(0, 13).Draw(b.T, "edit") {
	case 0:
		name, position := "New", rapid.IntRange(0, 5).Draw(b.T, "position")
		return app.CreateTimer{RoomID: room, Fields: app.TimerFields{Name: &name, Duration: &d, AutoAdvance: &yes, Position: &position}}
	case 1:
		return app.DeleteTimer{RoomID: room, TimerID: timer}
	case 2:
		return app.Undo{RoomID: room}
	case 3:
		return app.Redo{RoomID: room}
	case 4:
		position := rapid.IntRange(0, 5).Draw(b.T, "position")
		f.Position = &position
	case 5:
		f.Skip = &yes
	case 6, 7:
		f.AutoAdvance = &yes
	case 8:
		mode := app.OvertimeContinue
		if yes {
			mode = app.OvertimeStop
		}
		f.Overtime = &mode
	case 9:
		f.FinishAt = &clock
	case 10, 11:
		f.StartAt = &clock
	case 12:
		f.LinkedStart = &yes
	default:
		f.Duration = &d
	}
	return app.UpdateTimer{RoomID: room, TimerID: timer, Fields: f}
}

func drawMillis(t *rapid.T) app.Millis {
	most := rapid.SampledFrom([]app.Millis{second, 10 * minute, 10 * minute, 180 * minute, 2 * day}).Draw(t, "most")
	return app.Millis(rapid.Int64Range(-int64(most), int64(most)).Draw(t, "ms"))
}

// TestNoCommandLosesOrMakesTime gives random commands at random moments and
// compares what each run has run, and what it was given, with a ledger.
func TestNoCommandLosesOrMakesTime(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set(strconv.Itoa(sequences)); err != nil {
			t.Fatal(err)
		}
		defer checks.Value.Set(checks.DefValue)
	}
	done, commands := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		b := &book{T: t, e: &Engine{ranks: map[string]int64{}, histories: map[string]history{}}}
		b.l = ledger{now: app.Instant(1_700_000_000_000), state: app.Stopped}
		b.must(app.CreateRoom{Name: "Main"})
		room := b.room().Room.ID
		zone := "UTC"
		b.must(app.UpdateRoom{RoomID: room, TimeZone: &zone})
		for i, d := range []app.Millis{5 * minute, 20 * minute, 10 * second} {
			name, advance := strconv.Itoa(i), i == 0
			f := app.TimerFields{Name: &name, Duration: &d, AutoAdvance: &advance}
			if i == 0 && rapid.Bool().Draw(t, "planned") {
				start := app.ClockTime("22:10:00") // it is 22:13:20
				f.StartAt = &start
			}
			b.must(app.CreateTimer{RoomID: room, Fields: f})
		}
		clear(b.e.histories)
		b.l.begin(b.room().Timers[0], app.Stopped)
		b.compare("the start")
		for range rapid.IntRange(1, 16).Draw(t, "commands") {
			b.act()
			commands++
		}
		done++
	})
	t.Logf("%d sequences, %d commands", done, commands)
}
