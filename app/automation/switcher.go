package automation

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"cuewire/app"
)

const (
	// switchTimeout is how long OBS may take for one switch.
	switchTimeout = 5 * time.Second
	// ownFor is how long the change of scene that our switch brings may take to come:
	// OBS tells it when the transition is over, 20 s at most.
	ownFor = 30 * time.Second
	// maxSwitches is how many switches may wait for OBS.
	maxSwitches = 64
)

var errBusy = errors.New("too many cues wait already")

// switcher puts scenes on program, one after another, and knows which changes of
// scene are its own.
type switcher struct {
	director *Director
	queue    chan string

	mu  sync.Mutex // guards own
	own []ownSwitch
}

// ownSwitch is a switch that OBS was asked for and whose event has not come.
type ownSwitch struct {
	scene string
	until time.Time
}

func newSwitcher(d *Director) *switcher {
	return &switcher{director: d, queue: make(chan string, maxSwitches)}
}

// add has a scene put on program after those that were added before. It never waits.
func (s *switcher) add(ctx context.Context, scene string) {
	select {
	case s.queue <- scene:
	default:
		s.failed(ctx, scene, errBusy)
	}
}

func (s *switcher) run(ctx context.Context) {
	for {
		select {
		case scene := <-s.queue:
			s.cut(ctx, scene)
		case <-ctx.Done():
			return
		}
	}
}

func (s *switcher) cut(ctx context.Context, scene string) {
	asking, cancel := context.WithTimeout(ctx, switchTimeout)
	defer cancel()
	s.expect(scene)
	if _, err := s.director.OBS.DoOBS(asking, app.SwitchScene{Scene: scene}); err != nil {
		if app.CodeOf(err) != app.CodeTimeout {
			s.ours(scene) // it will not come
		}
		s.failed(ctx, scene, err)
	}
}

func (s *switcher) failed(ctx context.Context, scene string, err error) {
	s.director.fail(ctx, "SCENE_SWITCH_FAILED", "The scene “"+scene+"” of a cue could not be switched to", err)
}

// expect notes a switch whose event will come: OBS tells of none when the scene is
// on program already.
func (s *switcher) expect(scene string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.own = slices.DeleteFunc(s.own, func(o ownSwitch) bool { return now.After(o.until) })
	if len(s.own) > 0 || s.director.Core.Snapshot().OBS.CurrentScene != scene {
		s.own = append(s.own, ownSwitch{scene, now.Add(ownFor)})
	}
}

// ours reports whether the change to a scene is a switch of ours, which it then was.
func (s *switcher) ours(scene string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for i, o := range s.own {
		if o.scene == scene && now.Before(o.until) {
			s.own = slices.Delete(s.own, i, i+1)
			return true
		}
	}
	return false
}
