package ui

import (
	"sync"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// planner keeps what is worked out from a whole rundown, so that a long one costs
// nothing while nothing changes: it is made anew when the rundown or its playback
// has, and when a start may read another minute.
type planner struct {
	lay func(*app.RoomState, app.Instant) present.Plan

	mu       sync.Mutex // guards the rest
	planned  planKey
	till     app.Instant // until when the plan reads the same
	kept     *present.Plan
	laid     int // how often it was made
	checked  problemKey
	problems *present.Problems
}

// planKey is what a plan depends on but the time. Rundowns are immutable: one that
// changed is another slice.
type planKey struct {
	room   *app.Room
	first  **app.Timer
	timers int
	play   app.Playback
}

// problemKey is what the problems of a rundown depend on.
type problemKey struct {
	timers, scenes int
	firstTimer     **app.Timer
	firstScene     *app.OBSScene
}

// plan returns the room's plan and how much later than planned its current timer
// will end, nil before the show has begun.
func (p *planner) plan(room *app.RoomState, now app.Instant) (*present.Plan, *app.Millis) {
	if p.lay == nil || len(room.Timers) == 0 {
		return nil, nil
	}
	key := planKey{room.Room, &room.Timers[0], len(room.Timers), room.Playback}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil || key != p.planned || now >= p.till {
		plan := p.lay(room, now)
		p.planned, p.kept = key, &plan
		p.laid++
		if p.till = present.Stands(room.Playback, now); p.till == 0 {
			p.till = plan.Turn(now)
		}
	}
	current, _ := room.Current()
	if room.Playback.ShowStart == 0 || current == nil || p.kept.PlannedEnd == 0 {
		return p.kept, nil
	}
	alone := *room
	alone.Timers = []*app.Timer{current}
	over := p.lay(&alone, now).ExpectedEnd.Sub(p.kept.PlannedEnd)
	return p.kept, &over
}

// problemsOf returns what is wrong with a room's rundown, nil for nothing.
func (p *planner) problemsOf(room *app.RoomState, obs app.OBSState) *present.Problems {
	if !obs.Connected() || len(room.Timers) == 0 {
		return nil
	}
	key := problemKey{timers: len(room.Timers), scenes: len(obs.Scenes), firstTimer: &room.Timers[0]}
	if len(obs.Scenes) > 0 {
		key.firstScene = &obs.Scenes[0]
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if key != p.checked {
		p.checked, p.problems = key, present.ProblemsOf(room, obs)
	}
	return p.problems
}

// finder keeps what a search found until the library or the search is another.
type finder struct {
	mu    sync.Mutex // guards the rest
	first **app.Source
	count int
	text  string
	found []*app.Source
}

func (f *finder) find(list []*app.Source, text string) []*app.Source {
	if text == "" || len(list) == 0 {
		return list
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.first != &list[0] || f.count != len(list) || f.text != text {
		f.first, f.count, f.text, f.found = &list[0], len(list), text, present.FindSources(list, text)
	}
	return f.found
}
