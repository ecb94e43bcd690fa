//go:build !headless

package main

import (
	"cuewire/app"
	"cuewire/app/timing"
	"cuewire/app/ui/present"
)

// planOf lays a room's rundown out for the window, which may not know
// app/timing.
func planOf(room *app.RoomState, now app.Instant) present.Plan {
	schedule := timing.Plan(room, now)
	plan := present.Plan{Starts: make([]present.Start, len(schedule.Items)), Zone: timing.Zone(room.Room)}
	for i, slot := range schedule.Items {
		plan.Starts[i] = present.Start{Planned: slot.PlannedStart, Expected: slot.ExpectedStart}
	}
	if _, i := room.Current(); i >= 0 {
		plan.PlannedEnd, plan.ExpectedEnd = schedule.Items[i].PlannedEnd, schedule.Items[i].ExpectedEnd
	}
	return plan
}
