package timing_test

import (
	"testing"

	"pgregory.net/rapid"

	"cuewire/app"
	"cuewire/app/timing"
)

const minute = app.Millis(60_000)

func ms(v app.Millis) *app.Millis { return &v }

func rundown(timers ...*app.Timer) *app.RoomState {
	r := &app.RoomState{Room: &app.Room{ID: "room"}, Timers: timers}
	r.Playback = timing.Settle(r, 0)
	return r
}

func three() *app.RoomState {
	return rundown(
		&app.Timer{ID: "a", Duration: 5 * minute, Appearance: app.Countdown},
		&app.Timer{ID: "b", Duration: 20 * minute, Appearance: app.Countdown},
		&app.Timer{ID: "c", Duration: 10 * minute, Appearance: app.Countdown},
	)
}

// press is one command at an instant.
type press struct {
	at      app.Instant
	control app.Control
}

func do(t *testing.T, r *app.RoomState, presses ...press) {
	t.Helper()
	for _, p := range presses {
		playback, err := timing.Apply(r, p.control, p.at)
		if err != nil {
			t.Fatalf("%s at %d: %v", p.control.Action, p.at, err)
		}
		r.Playback = playback
	}
}

func TestCommands(t *testing.T) {
	play, pause := app.Control{Action: app.Play}, app.Control{Action: app.Pause}
	next, previous := app.Control{Action: app.Next}, app.Control{Action: app.Previous}
	stop, reset := app.Control{Action: app.Stop}, app.Control{Action: app.Reset}
	add := func(v app.Millis) app.Control { return app.Control{Action: app.AddTime, Value: ms(v)} }
	set := func(v app.Millis) app.Control { return app.Control{Action: app.SetTime, Value: ms(v)} }
	for name, test := range map[string]struct {
		presses           []press
		at                app.Instant
		state             app.PlayState
		timer             string
		elapsed, duration app.Millis
		overtime          bool
	}{
		"begins stopped on the first":    {nil, 1000, app.Stopped, "a", 0, 5 * minute, false},
		"runs":                           {[]press{{1000, play}}, 3500, app.Running, "a", 2500, 5 * minute, false},
		"play twice is play once":        {[]press{{1000, play}, {2000, play}}, 3500, app.Running, "a", 2500, 5 * minute, false},
		"pause holds":                    {[]press{{1000, play}, {2000, pause}}, 9000, app.Paused, "a", 1000, 5 * minute, false},
		"pause while stopped is nothing": {[]press{{1000, pause}}, 9000, app.Stopped, "a", 0, 5 * minute, false},
		"goes on after pause":            {[]press{{1000, play}, {2000, pause}, {5000, play}}, 6000, app.Running, "a", 2000, 5 * minute, false},
		"stop goes back":                 {[]press{{1000, play}, {1500, add(minute)}, {2000, stop}}, 6000, app.Stopped, "a", 0, 5 * minute, false},
		"reset runs on from the start":   {[]press{{1000, play}, {1500, add(minute)}, {2000, reset}}, 6000, app.Running, "a", 4000, 5 * minute, false},
		"reset while paused":             {[]press{{1000, play}, {2000, pause}, {2500, reset}}, 6000, app.Paused, "a", 0, 5 * minute, false},
		"next runs if one ran":           {[]press{{1000, play}, {2000, next}}, 6000, app.Running, "b", 4000, 20 * minute, false},
		"next while paused is stopped":   {[]press{{1000, play}, {1500, pause}, {2000, next}}, 6000, app.Stopped, "b", 0, 20 * minute, false},
		"next and back":                  {[]press{{1000, next}, {2000, previous}}, 6000, app.Stopped, "a", 0, 5 * minute, false},
		"go to":                          {[]press{{1000, play}, {2000, app.Control{Action: app.GoTo, ID: "c"}}}, 3000, app.Running, "c", 1000, 10 * minute, false},
		"time added":                     {[]press{{1000, play}, {2000, add(minute)}}, 3000, app.Running, "a", 2000, 6 * minute, false},
		"time taken below zero":          {[]press{{1000, play}, {2000, add(-99 * minute)}}, 3000, app.Running, "a", 2000, 0, true},
		"time set while running":         {[]press{{1000, play}, {2000, set(minute)}}, 2000, app.Running, "a", 1000, minute + 1000, false},
		"time set while stopped":         {[]press{{2000, set(minute)}}, 2000, app.Stopped, "a", 0, minute, false},
		"exactly zero is no overtime":    {[]press{{0, play}}, app.Instant(5 * minute), app.Running, "a", 5 * minute, 5 * minute, false},
		"past zero is overtime":          {[]press{{0, play}}, app.Instant(5*minute) + 1, app.Running, "a", 5*minute + 1, 5 * minute, true},
		"a clock set back loses nothing": {[]press{{9000, play}}, 1000, app.Running, "a", 0, 5 * minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := three()
			do(t, r, test.presses...)
			s := r.Playback.At(test.at)
			if s.State != test.state || *s.TimerID != test.timer || s.Elapsed != test.elapsed || s.Duration != test.duration || s.Overtime != test.overtime {
				t.Errorf("got %s %s elapsed %d of %d overtime %t", s.State, *s.TimerID, s.Elapsed, s.Duration, s.Overtime)
			}
		})
	}
}

func TestRefusalsChangeNothing(t *testing.T) {
	last := three()
	do(t, last, press{0, app.Control{Action: app.GoTo, ID: "c"}})
	ranOut := rundown(&app.Timer{ID: "a", Duration: 1000, Overtime: app.OvertimeStop})
	do(t, ranOut, press{0, app.Control{Action: app.Play}})
	ranOut.Playback, _ = timing.Advance(ranOut, 1000)
	for name, test := range map[string]struct {
		room    *app.RoomState
		control app.Control
		code    app.Code
	}{
		"before the first":      {three(), app.Control{Action: app.Previous}, app.CodeConflict},
		"past the last":         {last, app.Control{Action: app.Next}, app.CodeConflict},
		"unknown timer":         {three(), app.Control{Action: app.GoTo, ID: "nobody"}, app.CodeNotFound},
		"no timer named":        {three(), app.Control{Action: app.GoTo}, app.CodeNotFound},
		"unknown message":       {three(), app.Control{Action: app.ShowMessage, ID: "nobody"}, app.CodeNotFound},
		"no value to add":       {three(), app.Control{Action: app.AddTime}, app.CodeInvalid},
		"no value to set":       {three(), app.Control{Action: app.SetTime}, app.CodeInvalid},
		"set below zero":        {three(), app.Control{Action: app.SetTime, Value: ms(-1)}, app.CodeInvalid},
		"set too long":          {three(), app.Control{Action: app.SetTime, Value: ms(1<<63 - 1)}, app.CodeInvalid},
		"add too much":          {three(), app.Control{Action: app.AddTime, Value: ms(1<<63 - 1)}, app.CodeInvalid},
		"unknown action":        {three(), app.Control{Action: "dance"}, app.CodeInvalid},
		"play an empty room":    {rundown(), app.Control{Action: app.Play}, app.CodeConflict},
		"play what has run out": {ranOut, app.Control{Action: app.Play}, app.CodeConflict},
	} {
		t.Run(name, func(t *testing.T) {
			before := test.room.Playback
			after, err := timing.Apply(test.room, test.control, 5000)
			if app.CodeOf(err) != test.code || after != before {
				t.Errorf("got %v, playback %+v, before %+v", err, after, before)
			}
		})
	}
	if after, err := timing.Apply(three(), app.Control{Action: app.AddTime, Value: ms(-1 << 63)}, 0); err != nil || after.Duration != 0 {
		t.Errorf("taking the most there is: %v %+v", err, after)
	}
}

func TestAutoAdvanceLosesNoTime(t *testing.T) {
	r := three()
	for _, timer := range r.Timers {
		timer.AutoAdvance = true
	}
	do(t, r, press{1000, app.Control{Action: app.Play}})
	now := app.Instant(1000).Add(26 * minute) // 5 of a, 20 of b, 1 of c; nobody looked in between
	for range 10 {
		playback, changed := timing.Advance(r, now)
		if !changed {
			break
		}
		r.Playback = playback
	}
	if s := r.Playback.At(now); *s.TimerID != "c" || s.Elapsed != minute || s.State != app.Running {
		t.Errorf("got %s after %d", *s.TimerID, s.Elapsed)
	}
	playback, changed := timing.Advance(r, now.Add(10*minute))
	if !changed || playback.CurrentTimerID != "c" || playback.State != app.Running {
		t.Errorf("the last timer has nowhere to advance to: %+v", playback)
	}
	r.Playback = playback
	if _, due := timing.Due(r); due {
		t.Error("its zero comes once")
	}
}

func TestDisplayModesSwitchOnAndOff(t *testing.T) {
	r := three()
	for _, mode := range []struct {
		on, off app.Action
		is      func() bool
	}{
		{app.Blackout, app.StopBlackout, func() bool { return r.Playback.Blackout }},
		{app.Flash, app.StopFlash, func() bool { return r.Playback.Flash }},
		{app.Focus, app.StopFocus, func() bool { return r.Playback.Focus }},
		{app.OnAir, app.StopOnAir, func() bool { return r.Playback.OnAir }},
	} {
		for range 2 { // whatever was before
			if do(t, r, press{0, app.Control{Action: mode.on}}); !mode.is() {
				t.Errorf("%s does not switch on", mode.on)
			}
		}
		for range 2 {
			if do(t, r, press{0, app.Control{Action: mode.off}}); mode.is() {
				t.Errorf("%s does not switch off", mode.off)
			}
		}
	}
}

func TestStopAtZero(t *testing.T) {
	r := rundown(&app.Timer{ID: "a", Duration: 1000, Overtime: app.OvertimeStop})
	do(t, r, press{100, app.Control{Action: app.Play}})
	if due, ok := timing.Due(r); !ok || due != 1100 {
		t.Fatalf("due %d %t", due, ok)
	}
	if _, changed := timing.Advance(r, 1099); changed {
		t.Fatal("advanced a millisecond early")
	}
	playback, changed := timing.Advance(r, 5000)
	if s := playback.At(9000); !changed || s.State != app.Paused || s.Elapsed != 1000 || s.Overtime {
		t.Errorf("got %+v", s)
	}
}

func TestTimeTakenAwayEndsTheRunNow(t *testing.T) {
	for name, take := range map[string]func(r *app.RoomState, now app.Instant) app.Playback{
		"by command": func(r *app.RoomState, now app.Instant) app.Playback {
			p, err := timing.Apply(r, app.Control{Action: app.AddTime, Value: ms(-99 * minute)}, now)
			if err != nil {
				t.Fatal(err)
			}
			return p
		},
		"by plan": func(r *app.RoomState, now app.Instant) app.Playback {
			return timing.Replan(r, 5*minute, 1000, now)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := three()
			r.Timers[0].AutoAdvance = true
			do(t, r, press{1000, app.Control{Action: app.Play}})
			r.Playback = take(r, 61_000)
			playback, changed := timing.Advance(r, 61_000)
			if !changed || playback.CurrentTimerID != "b" || playback.StartedAt != 61_000 {
				t.Errorf("got %+v", playback)
			}
		})
	}
}

func TestZeroComesOnceARun(t *testing.T) {
	r := three()
	do(t, r, press{0, app.Control{Action: app.Play}})
	zero := func(now app.Instant) bool {
		playback, changed := timing.Advance(r, now)
		r.Playback = playback
		return changed
	}
	if zero(app.Instant(5*minute)-1) || !zero(app.Instant(5*minute)) || zero(app.Instant(6*minute)) {
		t.Error("zero is at five minutes, once")
	}
	do(t, r, press{app.Instant(6 * minute), app.Control{Action: app.AddTime, Value: ms(2 * minute)}})
	if zero(app.Instant(7*minute)-1) || !zero(app.Instant(7*minute)) {
		t.Error("with more time there is another zero")
	}
	r.Timers[0].AutoAdvance = true
	if !zero(app.Instant(9*minute)) || r.Playback.CurrentTimerID != "b" || r.Playback.StartedAt != app.Instant(9*minute) {
		t.Errorf("told to advance in overtime, it advances now: %+v", r.Playback)
	}
}

func TestSkippedTimersArePassedOver(t *testing.T) {
	r := three()
	r.Timers[1].Skip = true
	do(t, r, press{0, app.Control{Action: app.Next}})
	if r.Playback.CurrentTimerID != "c" {
		t.Errorf("next went to %s", r.Playback.CurrentTimerID)
	}
	do(t, r, press{0, app.Control{Action: app.Previous}})
	if r.Playback.CurrentTimerID != "a" {
		t.Errorf("previous went to %s", r.Playback.CurrentTimerID)
	}
	do(t, r, press{0, app.Control{Action: app.GoTo, ID: "b"}})
	if r.Playback.CurrentTimerID != "b" {
		t.Errorf("a skipped timer can be gone to: %s", r.Playback.CurrentTimerID)
	}
}

func TestSettle(t *testing.T) {
	r := three()
	do(t, r, press{0, app.Control{Action: app.GoTo, ID: "b"}}, press{0, app.Control{Action: app.Play}})
	r.Timers = []*app.Timer{r.Timers[0], r.Timers[2]}
	if p := timing.Settle(r, 1); p.CurrentTimerID != "c" || p.State != app.Stopped || p.Duration != 10*minute {
		t.Errorf("after deleting: %+v", p)
	}
	r.Timers = nil
	if p := timing.Settle(r, 1); p.CurrentTimerID != "" || p.State != app.Stopped || p.Duration != 0 {
		t.Errorf("emptied: %+v", p)
	}
}

func TestNextSecond(t *testing.T) {
	for name, test := range map[string]struct {
		appearance app.Appearance
		duration   app.Millis
		now, want  app.Instant
	}{
		"countdown":           {app.Countdown, 10_250, 700, 750},       // started at 500: zero at 10,750
		"countdown, on it":    {app.Countdown, 10_250, 750, 1750},      //
		"overtime":            {app.Countdown, 10_250, 20_000, 20_750}, //
		"count-up":            {app.CountUp, 10_250, 700, 1500},        //
		"time of day":         {app.TimeOfDay, 10_250, 700, 1000},      //
		"before it has begun": {app.Countdown, 10_250, 100, 750},       // the clock was set back
	} {
		t.Run(name, func(t *testing.T) {
			r := rundown(&app.Timer{ID: "a", Duration: test.duration, Appearance: test.appearance})
			do(t, r, press{500, app.Control{Action: app.Play}})
			if got, ok := timing.NextSecond(r, test.now); !ok || got != test.want {
				t.Errorf("got %d %t, want %d", got, ok, test.want)
			}
		})
	}
	if _, ok := timing.NextSecond(three(), 0); ok {
		t.Error("a stopped timer has no next second")
	}
}

// Whatever is pressed: what has run is exactly the time spent running since the
// run began, and what is left is exactly what was given less that.
func TestNoTimeIsLostOrMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := three()
		now := app.Instant(rapid.Int64Range(0, 1<<41).Draw(t, "start"))
		var ran, given app.Millis = 0, r.Timers[0].Duration
		actions := []app.Action{app.Play, app.Pause, app.Stop, app.Reset, app.Next, app.Previous, app.GoTo, app.AddTime, app.SetTime, app.Blackout, app.HideMessage}
		for range rapid.IntRange(1, 40).Draw(t, "presses") {
			wait := app.Millis(rapid.Int64Range(0, 10_000_000).Draw(t, "wait"))
			if r.Playback.State == app.Running {
				ran += wait
			}
			now = now.Add(wait)
			c := app.Control{
				Action: rapid.SampledFrom(actions).Draw(t, "action"), ID: rapid.SampledFrom([]string{"a", "b", "c", "x"}).Draw(t, "id"),
				Value: ms(app.Millis(rapid.Int64Range(-10_000_000, 10_000_000).Draw(t, "value"))),
			}
			before := r.Playback
			after, err := timing.Apply(r, c, now)
			if err != nil {
				if after != before {
					t.Fatalf("%s was refused and changed %+v to %+v", c.Action, before, after)
				}
			} else {
				r.Playback = after
				switch c.Action {
				case app.Stop, app.Reset, app.Next, app.Previous, app.GoTo:
					current, _ := r.Current()
					ran, given = 0, current.Duration
				case app.AddTime:
					given = max(0, given+*c.Value)
				case app.SetTime:
					given = ran + *c.Value
				}
			}
			s := r.Playback.At(now)
			if s.Elapsed != ran || s.Duration != given || s.Overtime != (s.State == app.Running && ran > given) {
				t.Fatalf("after %s: elapsed %d of %d, want %d of %d", c.Action, s.Elapsed, s.Duration, ran, given)
			}
			if next, ok := timing.NextSecond(r, now); ok && (next <= now || next > now+1000) {
				t.Fatalf("next second %d after %d", next, now)
			}
			moved := app.Millis(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "clock"))
			if shifted := timing.Shift(r.Playback, moved).At(now.Add(moved)); shifted.Elapsed != ran {
				t.Fatalf("a clock moved by %d changed elapsed to %d, want %d", moved, shifted.Elapsed, ran)
			}
		}
	})
}
