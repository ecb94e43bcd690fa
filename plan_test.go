//go:build !headless

package main

import (
	"fmt"
	"testing"

	"cuewire/app"
	"cuewire/app/timing"
)

func longRundown(timers int) *app.RoomState {
	room := &app.RoomState{Room: &app.Room{ID: "r", TimeZone: "America/Sao_Paulo"}, Timers: make([]*app.Timer, timers)}
	for i := range room.Timers {
		room.Timers[i] = &app.Timer{ID: fmt.Sprint(i), Duration: 600_000}
		if i%10 == 0 {
			room.Timers[i].StartAt = "19:30:00"
		}
	}
	const start = 1_800_000_000_000
	room.Playback = app.Playback{
		State: app.Running, CurrentTimerID: fmt.Sprint(timers / 2), Duration: 600_000, StartedAt: start, ShowStart: start - 3_600_000,
	}
	return room
}

func TestTheWindowsPlanIsTheSchedule(t *testing.T) {
	room := longRundown(20)
	now := room.Playback.StartedAt + 90_000
	plan, schedule := planOf(room, now), timing.Plan(room, now)
	for i, slot := range schedule.Items {
		if got := plan.Starts[i]; got.Planned != slot.PlannedStart || got.Expected != slot.ExpectedStart {
			t.Errorf("timer %d: %+v", i, got)
		}
	}
	if over := plan.ExpectedEnd.Sub(plan.PlannedEnd); over != schedule.Over {
		t.Errorf("%d ms late, want %d", over, schedule.Over)
	}
	alone := *room
	alone.Timers = room.Timers[10:11]
	if end := planOf(&alone, now).ExpectedEnd; end != plan.ExpectedEnd {
		t.Errorf("the current timer alone ends at %d, among the others at %d", end, plan.ExpectedEnd)
	}
}

func BenchmarkPlanOfTenThousandTimers(b *testing.B) {
	room := longRundown(10_000)
	for b.Loop() {
		planOf(room, room.Playback.StartedAt+90_000)
	}
}
