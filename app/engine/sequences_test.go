package engine

import (
	"flag"
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"cuewire/app"
)

// sequences is how many random sequences of commands are tried. -rapid.checks
// asks for another number.
const sequences = 100_000

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
