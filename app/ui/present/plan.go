package present

import (
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Plan is when the timers of a rundown start, by the plan and as things stand. It
// is immutable, and shared by the views until it changes.
type Plan struct {
	Starts []Start // one for each timer, in rundown order
	Zone   *time.Location
	// PlannedEnd and ExpectedEnd are those of the current timer, 0 for none.
	PlannedEnd, ExpectedEnd app.Instant
}

// Start is when one timer starts, 0 where there is nothing to tell: skipped timers
// have no place in the plan, past ones expect nothing.
type Start struct{ Planned, Expected app.Instant }

// Turn returns the first moment after now at which a start of the plan may read
// another minute, when the starts move on with the time.
func (p *Plan) Turn(now app.Instant) app.Instant {
	const minute = 60_000
	wait := app.Millis(minute)
	for _, s := range p.Starts {
		for _, at := range [...]app.Instant{s.Planned, s.Expected} {
			if at != 0 {
				wait = min(wait, minute-app.Millis(at)%minute)
			}
		}
	}
	return now.Add(max(wait, 1000))
}

// starts returns the texts of a timer's planned and expected start.
func (p *Plan) starts(position int) (planned, expected Mark) {
	if p == nil || position >= len(p.Starts) {
		return Mark{Color: Muted}, Mark{Color: Muted}
	}
	s := p.Starts[position]
	planned, expected = Mark{p.clock(s.Planned), Muted}, Mark{p.clock(s.Expected), Text}
	if planned.Text == expected.Text {
		return planned, expected
	}
	switch {
	case s.Planned == 0 || s.Expected == 0:
	case s.Expected > s.Planned:
		expected.Color = Warn
	default:
		expected.Color = Good
	}
	return planned, expected
}

func (p *Plan) clock(at app.Instant) string {
	if at == 0 {
		return ""
	}
	return at.Time().In(p.Zone).Format("15:04")
}

// overOf says how much later or earlier than planned the current timer will end,
// and nothing while the show has not begun.
func overOf(w *i18n.Words, over *app.Millis) Mark {
	switch {
	case over == nil:
		return Mark{}
	case *over >= 1000:
		return Mark{w.T("crew.behind", map[string]any{"Time": Clock(floor(*over))}), Warn}
	case *over <= -1000:
		return Mark{w.T("crew.ahead", map[string]any{"Time": Clock(floor(-*over))}), Good}
	default:
		return Mark{w.T("crew.ontime", nil), Good}
	}
}

// Problems are the cues whose scene is not in OBS. They are immutable, and shared
// by the views until they change.
type Problems struct {
	List  []app.MissingScene
	first map[string]string // the scene, by the id of the timer
}

// ProblemsOf returns what is wrong with a rundown, nil for nothing. It means
// something only while OBS is connected.
func ProblemsOf(room *app.RoomState, obs app.OBSState) *Problems {
	list := room.MissingScenes(obs)
	if len(list) == 0 {
		return nil
	}
	p := &Problems{List: list, first: make(map[string]string, len(list))}
	for _, m := range list {
		if _, ok := p.first[m.TimerID]; !ok {
			p.first[m.TimerID] = m.Scene
		}
	}
	return p
}

// Text says what is wrong with one cue.
func (p *Problems) Text(w *i18n.Words, i int) string {
	key := "crew.missing.start"
	if p.List[i].Field == "obs_scene_zero" {
		key = "crew.missing.zero"
	}
	return w.T(key, map[string]any{"Name": p.List[i].Name, "Scene": p.List[i].Scene})
}

func (p *Problems) count() int {
	if p == nil {
		return 0
	}
	return len(p.List)
}

// sceneOf returns the scene that a timer misses, "" for none.
func (p *Problems) sceneOf(id string) string {
	if p == nil {
		return ""
	}
	return p.first[id]
}
