package timing_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"cuewire/app"
	"cuewire/app/timing"
)

// at is a moment of 1 June 2026 in São Paulo.
func at(t *testing.T, clock string) app.Instant {
	t.Helper()
	zone, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-06-01 "+clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return app.InstantOf(when)
}

func evening(timers ...*app.Timer) *app.RoomState {
	r := rundown(timers...)
	r.Room.TimeZone = "America/Sao_Paulo"
	return r
}

func TestPlan(t *testing.T) {
	timers := func() []*app.Timer {
		return []*app.Timer{
			{ID: "a", Duration: 10 * minute, StartAt: "20:00:00"},
			{ID: "b", Duration: 20 * minute},
			{ID: "s", Duration: 99 * minute, Skip: true},
			{ID: "c", Duration: 5 * minute, StartAt: "20:45:00"},
			{ID: "d", FinishAt: "21:30:00"},
			{ID: "e", Duration: 10 * minute, StartAt: "19:00:00", LinkedStart: true},
		}
	}
	play := press{at(t, "20:03:00"), app.Control{Action: app.Play}}
	for name, test := range map[string]struct {
		presses []press
		now     string
		// planned and expected starts of b, c, d, e, and the expected end of e
		planned, expected [4]string
		end               string
		over              app.Millis
	}{
		"before the show": {
			nil, "18:00:00",
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			"21:40:00", 0,
		},
		"begun three minutes late": {
			[]press{play},
			"20:05:00",
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			[4]string{"20:13:00", "20:45:00", "20:50:00", "21:30:00"},
			"21:40:00", 3 * minute,
		},
		"in overtime": {
			[]press{play},
			"20:20:00",
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			[4]string{"20:20:00", "20:45:00", "20:50:00", "21:30:00"},
			"21:40:00", 10 * minute,
		},
		"so late that a fixed start gives way": {
			[]press{play},
			"20:40:00",
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			[4]string{"20:40:00", "21:00:00", "21:05:00", "21:30:00"},
			"21:40:00", 30 * minute,
		},
		"paused, and so drifting": {
			[]press{play, {at(t, "20:04:00"), app.Control{Action: app.Pause}}},
			"20:06:00",
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			[4]string{"20:15:00", "20:45:00", "20:50:00", "21:30:00"},
			"21:40:00", 5 * minute,
		},
		"caught up": {
			[]press{play, {at(t, "20:04:00"), app.Control{Action: app.AddTime, Value: ms(-4 * minute)}}},
			"20:05:00",
			[4]string{"20:10:00", "20:45:00", "20:50:00", "21:30:00"},
			[4]string{"20:09:00", "20:45:00", "20:50:00", "21:30:00"},
			"21:40:00", -1 * minute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := evening(timers()...)
			do(t, r, test.presses...)
			plan := timing.Plan(r, at(t, test.now))
			for i, item := range []int{1, 3, 4, 5} {
				if got := plan.Items[item]; got.PlannedStart != at(t, test.planned[i]) || got.ExpectedStart != at(t, test.expected[i]) {
					t.Errorf("%s: planned %s, expected %s", r.Timers[item].ID, clock(got.PlannedStart), clock(got.ExpectedStart))
				}
			}
			if plan.Items[2] != (timing.Slot{}) {
				t.Errorf("the skipped timer has a slot: %+v", plan.Items[2])
			}
			if plan.Over != test.over || plan.ExpectedEnd != at(t, test.end) {
				t.Errorf("over %v, ends %s", plan.Over.Duration(), clock(plan.ExpectedEnd))
			}
		})
	}
}

func clock(i app.Instant) string {
	return i.Time().Add(-3 * time.Hour).Format("15:04:05")
}

func TestATimerCountsToATimeOfDay(t *testing.T) {
	for name, test := range map[string]struct {
		now, finish string
		left        app.Millis
	}{
		"later today":              {"20:00:00", "20:30:00", 30 * minute},
		"an hour late":             {"20:30:00", "19:30:00", -60 * minute},
		"tomorrow, so far as late": {"22:31:00", "20:30:00", 24*60*minute - 121*minute},
	} {
		t.Run(name, func(t *testing.T) {
			r := evening(&app.Timer{ID: "a", Duration: minute, FinishAt: app.ClockTime(test.finish)})
			now := at(t, test.now)
			do(t, r, press{now, app.Control{Action: app.Play}})
			s := r.Playback.At(now)
			// What is late has no time left; the overtime shows from there on.
			if got := s.Duration - s.Elapsed; got != max(0, test.left) {
				t.Errorf("left %v", got.Duration())
			}
			if test.left <= 0 {
				return
			}
			do(t, r, press{now + 60_000, app.Control{Action: app.Pause}}, press{now + 120_000, app.Control{Action: app.Play}})
			s = r.Playback.At(now + 120_000)
			if got := s.Duration - s.Elapsed; got != test.left-2*minute {
				t.Errorf("after a pause: left %v", got.Duration())
			}
		})
	}
}

func TestAPlanAcrossMidnightAndTheClocksGoingForward(t *testing.T) {
	r := rundown(&app.Timer{ID: "a", Duration: 60 * minute, StartAt: "23:30:00"}, &app.Timer{ID: "b", Duration: 60 * minute}, &app.Timer{ID: "c", Duration: minute, StartAt: "03:30:00"})
	r.Room.TimeZone = "Europe/Berlin"
	now := app.InstantOf(time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC)) // 21:00, clocks go forward at 02:00
	plan := timing.Plan(r, now)
	want := []time.Time{
		time.Date(2026, 3, 28, 22, 30, 0, 0, time.UTC), time.Date(2026, 3, 28, 23, 30, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC),
	}
	for i, slot := range plan.Items {
		if slot.PlannedStart != app.InstantOf(want[i]) {
			t.Errorf("%s: %v", r.Timers[i].ID, slot.PlannedStart.Time())
		}
	}
}

// Without fixed times the expected rundown is the planned one, moved by how late
// the current timer is.
func TestWhatIsExpectedIsThePlanMovedByOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var timers []*app.Timer
		for i := range rapid.IntRange(1, 12).Draw(t, "timers") {
			timers = append(timers, &app.Timer{
				ID: string(rune('a' + i)), Duration: app.Millis(rapid.Int64Range(0, 10_000_000).Draw(t, "duration")), Skip: rapid.Bool().Draw(t, "skip") && i > 0,
			})
		}
		r := rundown(timers...)
		now := app.Instant(1 << 40)
		for range rapid.IntRange(1, 10).Draw(t, "presses") {
			now = now.Add(app.Millis(rapid.Int64Range(0, 5_000_000).Draw(t, "wait")))
			c := app.Control{
				Action: rapid.SampledFrom([]app.Action{app.Play, app.Pause, app.Next, app.Previous, app.AddTime, app.Stop}).Draw(t, "action"),
				Value:  ms(app.Millis(rapid.Int64Range(-5_000_000, 5_000_000).Draw(t, "value"))),
			}
			if after, err := timing.Apply(r, c, now); err == nil {
				r.Playback = after
			}
		}
		if r.Playback.ShowStart == 0 {
			return
		}
		plan := timing.Plan(r, now)
		_, position := r.Current()
		for i, slot := range plan.Items {
			switch {
			case r.Timers[i].Skip && i != position:
				if slot != (timing.Slot{}) {
					t.Fatalf("skipped %d has %+v", i, slot)
				}
			case i < position:
				if slot.ExpectedStart != 0 || slot.PlannedStart == 0 {
					t.Fatalf("passed %d has %+v", i, slot)
				}
			case i > position:
				if slot.ExpectedStart.Sub(slot.PlannedStart) != plan.Over || slot.ExpectedEnd.Sub(slot.ExpectedStart) != r.Timers[i].Duration {
					t.Fatalf("item %d: %+v with over %d", i, slot, plan.Over)
				}
			}
		}
	})
}
