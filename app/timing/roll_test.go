package timing_test

import (
	"testing"

	"pgregory.net/rapid"

	"cuewire/app"
	"cuewire/app/timing"
)

func TestTheClockChoosesTheTimer(t *testing.T) {
	show := func() []*app.Timer {
		return []*app.Timer{
			{ID: "s", Duration: minute, Skip: true, StartAt: "01:00:00"},
			{ID: "a", Duration: 10 * minute, StartAt: "20:00:00"},
			{ID: "b", Duration: 20 * minute},
			{ID: "c", Duration: 5 * minute, StartAt: "20:45:00"},
			{ID: "d", FinishAt: "21:30:00"},
		}
	}
	for name, test := range map[string]struct {
		now               string
		state             app.PlayState
		timer             string
		elapsed, duration app.Millis
		changes           string // when the clock chooses next, on the same day
	}{
		"before the show the first waits": {"18:00:00", app.Stopped, "a", 0, 10 * minute, "20:00:00"},
		"at the planned start":            {"20:00:00", app.Running, "a", 0, 10 * minute, "20:10:00"},
		"in the middle":                   {"20:15:30", app.Running, "b", 5*minute + 30_000, 20 * minute, "20:30:00"},
		"in a gap the next waits":         {"20:31:00", app.Stopped, "c", 0, 5 * minute, "20:45:00"},
		"until a time of day":             {"21:00:00", app.Running, "d", 10 * minute, 40 * minute, "21:30:00"},
	} {
		t.Run(name, func(t *testing.T) {
			r := evening(show()...)
			now := at(t, test.now)
			do(t, r, press{now, app.Control{Action: app.Roll}})
			s := r.Playback.At(now)
			if s.State != test.state || *s.TimerID != test.timer || s.Elapsed != test.elapsed || s.Duration != test.duration || !s.Roll || *s.RollAt != at(t, test.changes) {
				t.Errorf("got %+v of %s, next at %s", s, *s.TimerID, clock(*s.RollAt))
			}
			if due, ok := timing.Due(r); !ok || due != at(t, test.changes) {
				t.Errorf("due %s", clock(due))
			}
			if plan := timing.Plan(r, now); plan.Over != 0 {
				t.Errorf("over %v", plan.Over.Duration())
			}
		})
	}
	t.Run("after the show it waits for tomorrow", func(t *testing.T) {
		r := evening(show()...)
		now := at(t, "23:00:00")
		do(t, r, press{now, app.Control{Action: app.Roll}})
		if p := r.Playback; p.State != app.Stopped || p.CurrentTimerID != "a" || p.RollAt != at(t, "20:00:00")+24*60*60_000 {
			t.Errorf("got %+v", p)
		}
		do(t, r, press{now, app.Control{Action: app.StopRoll}})
		if p := r.Playback; p.Roll || p.RollAt != 0 || p.ShowStart != 0 {
			t.Errorf("after that, by hand: %+v", p)
		}
	})
	t.Run("a hand on the controls takes over", func(t *testing.T) {
		r := evening(show()...)
		now := at(t, "20:15:00")
		do(t, r, press{now, app.Control{Action: app.Roll}}, press{now, app.Control{Action: app.AddTime, Value: ms(minute)}})
		if p := r.Playback; p.Roll || p.State != app.Running || p.Duration != 21*minute || p.ElapsedAt(now) != 5*minute {
			t.Errorf("got %+v", p)
		}
	})
	t.Run("what cannot be followed is refused", func(t *testing.T) {
		for name, r := range map[string]*app.RoomState{
			"empty": evening(), "no start": evening(&app.Timer{ID: "a", Duration: minute}), "all skipped": evening(&app.Timer{ID: "a", StartAt: "20:00:00", Skip: true}),
		} {
			was := r.Playback
			if p, err := timing.Apply(r, app.Control{Action: app.Roll}, at(t, "20:00:00")); app.CodeOf(err) != app.CodeConflict || p != was {
				t.Errorf("%s: %+v, %v", name, p, err)
			}
		}
	})
}

// Whenever one looks, the clock has chosen the same as if one had looked at every
// change, and the next change is still to come.
func TestRollDoesNotDependOnWhenOneLooks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var timers []*app.Timer
		for i := range rapid.IntRange(1, 8).Draw(t, "timers") {
			timer := &app.Timer{ID: string(rune('a' + i)), Duration: app.Millis(rapid.Int64Range(0, 4*3_600_000).Draw(t, "duration")), Skip: i > 0 && rapid.Bool().Draw(t, "skip")}
			if i == 0 || rapid.Bool().Draw(t, "fixed") {
				timer.StartAt = app.ClockTime(rapid.SampledFrom([]string{"00:00:00", "02:30:00", "08:00:00", "13:37:00", "23:59:59"}).Draw(t, "start"))
			}
			timers = append(timers, timer)
		}
		r := rundown(timers...)
		r.Room.TimeZone = rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Sao_Paulo"}).Draw(t, "zone")
		now := app.Instant(1_774_600_000_000).Add(app.Millis(rapid.Int64Range(0, 4*24*3_600_000).Draw(t, "now"))) // around a turn of Berlin's clocks
		r.Playback.Roll = true
		p := timing.FollowClock(r, now)
		if !p.Roll || p.RollAt <= now {
			t.Fatalf("at %d: %+v", now, p)
		}
		if p.State == app.Running && (p.StartedAt > now || p.StartedAt.Add(p.Duration) <= now || p.StartedAt.Add(p.Duration) < p.RollAt) {
			t.Fatalf("at %d runs %+v", now, p)
		}
		for _, later := range []app.Instant{now + (p.RollAt-now)/2, p.RollAt - 1} {
			if again := timing.FollowClock(r, later); again != p {
				t.Fatalf("at %d %+v, at %d %+v", now, p, later, again)
			}
		}
	})
}

func TestAuxiliaryTimers(t *testing.T) {
	timer := &app.AuxTimer{Duration: minute, Run: app.AuxRun{State: app.Stopped, Duration: minute}}
	for _, step := range []struct {
		at                app.Instant
		action            app.Action
		value             *app.Millis
		state             app.PlayState
		elapsed, duration app.Millis
		code              app.Code
	}{
		{1000, app.Pause, nil, app.Stopped, 0, minute, ""},
		{1000, app.Play, nil, app.Running, 0, minute, ""},
		{2000, app.Play, nil, app.Running, 1000, minute, ""},
		{3000, app.AddTime, ms(-2 * minute), app.Running, 2000, 0, ""},
		{4000, app.SetTime, ms(minute), app.Running, 3000, minute + 3000, ""},
		{4000, app.SetTime, ms(-1), app.Running, 3000, minute + 3000, app.CodeInvalid},
		{4000, app.SetTime, nil, app.Running, 3000, minute + 3000, app.CodeInvalid},
		{4000, app.AddTime, ms(app.MaxDuration), app.Running, 3000, minute + 3000, app.CodeInvalid},
		{4000, app.Next, nil, app.Running, 3000, minute + 3000, app.CodeInvalid},
		{5000, app.Pause, nil, app.Paused, 4000, minute + 3000, ""},
		{9000, app.Play, nil, app.Running, 4000, minute + 3000, ""},
		{9500, app.Reset, nil, app.Running, 0, minute, ""},
		{9900, app.Stop, nil, app.Stopped, 0, minute, ""},
	} {
		run, err := timing.ApplyAux(timer, app.ControlAux{Action: step.action, Value: step.value}, step.at)
		if app.CodeOf(err) != step.code {
			t.Errorf("%s at %d: %v", step.action, step.at, err)
		}
		timer.Run = run
		if s := timer.At(step.at); s.State != step.state || s.Elapsed != step.elapsed || s.RunDuration != step.duration {
			t.Errorf("after %s at %d: %s, %d of %d", step.action, step.at, s.State, s.Elapsed, s.RunDuration)
		}
	}
	run := app.AuxRun{State: app.Running, StartedAt: 5000}
	if got := timing.ShiftAux(run, -1000); got.ElapsedAt(6000) != 2000 {
		t.Errorf("shifted: %+v", got)
	}
}

// A plan of more than a day is cut off by the next day's first timer.
func TestRollBeginsAnotherDayInTime(t *testing.T) {
	for name, gap := range map[string]app.ClockTime{"another runs": "", "another waits": "09:30:00"} {
		t.Run(name, func(t *testing.T) {
			r := evening(
				&app.Timer{ID: "a", Duration: 5 * minute, StartAt: "10:00:00", FinishAt: "09:20:00"},
				&app.Timer{ID: "b", Duration: 5 * minute},
				&app.Timer{ID: "c", Duration: 2 * 60 * minute, StartAt: gap},
				&app.Timer{ID: "d", Duration: minute},
			)
			day := app.Millis(24 * 60 * minute)
			do(t, r, press{at(t, "10:00:00"), app.Control{Action: app.Roll}})
			for _, look := range []string{"09:22:00", "09:27:00", "09:31:00"} {
				r.Playback = timing.FollowClock(r, at(t, look).Add(day))
				if p := r.Playback; p.RollAt > at(t, "10:00:00").Add(day) {
					t.Errorf("at %s: %s is on until %s", look, p.CurrentTimerID, clock(p.RollAt))
				}
			}
			if p, changed := timing.Advance(r, at(t, "10:00:00").Add(day)); !changed || p.CurrentTimerID != "a" || p.State != app.Running {
				t.Errorf("another day began: %+v", p)
			}
		})
	}
}
