package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/timing"
)

// slotOf is a slot, or a whole schedule's sums, as the pages' arithmetic names them.
type slotOf struct {
	PlannedStart  app.Instant `json:"plannedStart"`
	PlannedEnd    app.Instant `json:"plannedEnd"`
	ExpectedStart app.Instant `json:"expectedStart"`
	ExpectedEnd   app.Instant `json:"expectedEnd"`
}

type scheduleOf struct {
	Items       []slotOf    `json:"items"`
	Over        app.Millis  `json:"over"`
	PlannedEnd  app.Instant `json:"plannedEnd"`
	ExpectedEnd app.Instant `json:"expectedEnd"`
}

// scheduleCase is what both arithmetics are asked.
type scheduleCase struct {
	Timers   []*app.Timer       `json:"timers"`
	Playback app.PlaybackStatus `json:"playback"`
	Zone     string             `json:"zone"`
	Now      app.Instant        `json:"now"`
}

// TestPagesSchedule compares the pages' plan of random rundowns with the core's,
// around midnights and the days on which clocks are turned.
func TestPagesSchedule(t *testing.T) {
	const rounds = 20_000
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	cases := make([]scheduleCase, rounds)
	want := make([]scheduleOf, rounds)
	passed, turned := 0, 0
	for i := range cases {
		room, now := randomRundown(random)
		told := now.Add(-app.Millis(random.IntN(5000))) // the playback's status is older than the moment drawn
		cases[i] = scheduleCase{room.Timers, room.Playback.At(max(told, room.Playback.StartedAt)), room.Room.TimeZone, now}
		plan := timing.Plan(room, now)
		want[i] = scheduleOf{[]slotOf{}, plan.Over, plan.PlannedEnd, plan.ExpectedEnd}
		for _, slot := range plan.Items {
			want[i].Items = append(want[i].Items, slotOf(slot))
		}
		zone := timing.Zone(room.Room)
		if first, last := now.Time().In(zone), plan.ExpectedEnd.Time().In(zone); plan.ExpectedEnd != 0 {
			_, before := first.Zone()
			_, after := last.Zone()
			if before != after {
				turned++
			}
			if first.Day() != last.Day() {
				passed++
			}
		}
	}
	t.Logf("seed %d: %d rundowns, %d over midnight, %d over a turn of the clocks", seed, rounds, passed, turned)
	if passed < rounds/20 || turned < rounds/400 {
		t.Error("too few of them are of interest")
	}

	text, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	const script = `
		import { readFileSync } from 'node:fs';
		import { plan } from './schedule.js';
		const cases = JSON.parse(readFileSync('cases.json', 'utf8'));
		process.stdout.write(JSON.stringify(cases.map((c) => plan(c.timers, c.playback, c.zone, c.now + 0.4))));`
	output := runBesidePages(t, map[string][]byte{"main.mjs": []byte(script), "cases.json": text}, "schedule.js", "playback.js")
	var got []scheduleOf
	if err := json.Unmarshal(output, &got); err != nil || len(got) != rounds {
		t.Fatalf("%d answers, %v", len(got), err)
	}
	wrong := 0
	for i := range got {
		if fmt.Sprint(got[i]) == fmt.Sprint(want[i]) {
			continue
		}
		if wrong++; wrong <= 3 {
			asked, _ := json.Marshal(cases[i])
			t.Errorf("%s\n got %+v\nwant %+v", asked, got[i], want[i])
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d differ", wrong, rounds)
	}
}

// randomRundown makes a room in some state of play and a moment to look at it.
func randomRundown(random *rand.Rand) (*app.RoomState, app.Instant) {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	// Zones whose rules have stood for years: Node and Go need not be of one age.
	room := &app.RoomState{Room: &app.Room{TimeZone: pick("America/Sao_Paulo", "Europe/Berlin", "America/New_York",
		"Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe", "Europe/London", "America/St_Johns", "UTC", "Pacific/Apia")}}
	// The clocks of those zones are turned on these days, or on none.
	day := pick("2026-03-08", "2026-03-29", "2026-04-05", "2026-04-24", "2026-06-01", "2026-10-04", "2026-10-25", "2026-10-30", "2026-11-01", "2026-12-31")
	midnight, err := time.ParseInLocation("2006-01-02", day, timing.Zone(room.Room))
	if err != nil {
		panic(err) // the days are fixed above
	}
	now := app.InstantOf(midnight).Add(app.Millis(random.Int64N(36*3_600_000) - 6*3_600_000))

	clock := func(often int) app.ClockTime {
		if random.IntN(often) != 0 {
			return ""
		}
		if random.IntN(3) == 0 { // near the turns
			return app.ClockTime(fmt.Sprintf("%02d:%02d:00", random.IntN(4), 15*random.IntN(4)))
		}
		return app.ClockTime(fmt.Sprintf("%02d:%02d:%02d", random.IntN(24), random.IntN(60), random.IntN(60)))
	}
	room.Timers = []*app.Timer{}
	for i := range random.IntN(8) {
		room.Timers = append(room.Timers, &app.Timer{
			ID: fmt.Sprint(i), Duration: app.Millis(random.IntN(4 * 3_600_000)),
			StartAt: clock(3), FinishAt: clock(4), LinkedStart: random.IntN(3) == 0, Skip: random.IntN(5) == 0,
		})
	}
	if len(room.Timers) == 0 {
		room.Playback.State = app.Stopped
		return room, now
	}
	p := app.Playback{
		State:          app.PlayState(pick(string(app.Running), string(app.Paused), string(app.Stopped))),
		CurrentTimerID: room.Timers[random.IntN(len(room.Timers))].ID,
		Duration:       app.Millis(random.IntN(3 * 3_600_000)),
	}
	if p.State != app.Stopped {
		p.Elapsed = app.Millis(random.IntN(2 * 3_600_000))
	}
	if p.State == app.Running {
		p.StartedAt = now.Add(-app.Millis(random.IntN(2 * 3_600_000)))
	}
	if p.State != app.Stopped || random.IntN(2) == 0 {
		p.ShowStart = now.Add(-app.Millis(random.IntN(6 * 3_600_000)))
	}
	room.Playback = p
	return room, now
}
