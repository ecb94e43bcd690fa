package present

import (
	"testing"
	"time"

	"cuewire/app"
)

func TestPlannedAndExpectedStartsAreClockTimes(t *testing.T) {
	const noon = app.Instant(1_800_014_400_000) // 12:00 UTC
	plan := &Plan{Zone: time.FixedZone("", -3*3600), Starts: []Start{
		{Planned: noon},
		{Planned: noon, Expected: noon + 30_000},
		{Planned: noon, Expected: noon + 60_000},
		{Planned: noon, Expected: noon - 60_000},
		{},
	}}
	for i, want := range [][2]Mark{
		{{"09:00", Muted}, {"", Text}},      // past
		{{"09:00", Muted}, {"09:00", Text}}, // the same minute
		{{"09:00", Muted}, {"09:01", Warn}}, // late
		{{"09:00", Muted}, {"08:59", Good}}, // early
		{{"", Muted}, {"", Text}},           // skipped
	} {
		if planned, expected := plan.starts(i); planned != want[0] || expected != want[1] {
			t.Errorf("%d: %v %v, want %v", i, planned, expected, want)
		}
	}
	if turn := plan.Turn(noon); turn != noon+30_000 {
		t.Errorf("it turns after %d ms", turn-noon)
	}
	var none *Plan
	if planned, _ := none.starts(3); planned.Text != "" {
		t.Errorf("no plan says %q", planned.Text)
	}
}

func TestHowLateTheShowIs(t *testing.T) {
	w := catalogue(t).In("en")
	for _, test := range []struct {
		over app.Millis
		want Mark
	}{
		{130_900, Mark{"2:10 behind", Warn}}, {-60_000, Mark{"1:00 ahead", Good}}, {999, Mark{"On time", Good}}, {-999, Mark{"On time", Good}},
	} {
		if got := overOf(w, &test.over); got != test.want {
			t.Errorf("%d: %v", test.over, got)
		}
	}
	if got := overOf(w, nil); got != (Mark{}) {
		t.Errorf("before the show: %v", got)
	}
}

func TestSkippedTimersArePassedOver(t *testing.T) {
	in := input(t, "en")
	room := *in.Snapshot.Rooms[0]
	room.Timers = []*app.Timer{{ID: "a", Name: "A"}, {ID: "b", Name: "B", Skip: true}, {ID: "c", Name: "C", Duration: 60_000}, {ID: "d", Skip: true}}
	room.Playback = app.Playback{State: app.Stopped, CurrentTimerID: "a"}
	snap := *in.Snapshot
	snap.Rooms = []*app.RoomState{&room}
	in.Snapshot = &snap
	if v := Of(in); v.Timer.Next != "Next: C · 1:00" || !v.Control.Next || v.Control.Previous {
		t.Errorf("next is %q, %+v", v.Timer.Next, v.Control)
	}
	room.Playback.CurrentTimerID = "c"
	if v := Of(in); v.Timer.Next != "This is the last timer" || v.Control.Next || !v.Control.Previous {
		t.Errorf("at the end: %q, %+v", v.Timer.Next, v.Control)
	}
}
