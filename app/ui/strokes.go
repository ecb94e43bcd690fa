package ui

import (
	"slices"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// strokePace is the shortest time between two commands of a drag.
const strokePace = 50 * time.Millisecond

// strokes send where a box is dragged: at most one command in strokePace, of what
// comes between only the last, and that always.
type strokes struct {
	w *Window

	mu      sync.Mutex // guards the rest
	waiting []stroke   // not sent yet
	last    time.Time  // when some were sent
}

// stroke is where a box is to go.
type stroke struct {
	scene, id string
	to        app.Shown
	goesOn    bool // with the change before
}

// add sends a stroke soon, in the place of one that waits if it goes on with that.
// It returns at once.
func (s *strokes) add(next stroke) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.waiting); n > 0 {
		if was := &s.waiting[n-1]; was.id == next.id && was.scene == next.scene && next.goesOn {
			was.to = next.to
			return
		}
	}
	s.waiting = append(s.waiting, next)
	if len(s.waiting) == 1 {
		s.w.enqueue(s.flush)
	}
}

// flush sends what waits, when it is time.
func (s *strokes) flush() {
	s.mu.Lock()
	rest := strokePace - time.Since(s.last)
	s.mu.Unlock()
	time.Sleep(rest) // on the goroutine that carries out commands one after the other
	s.mu.Lock()
	list := s.waiting
	s.waiting, s.last = nil, time.Now()
	s.mu.Unlock()
	for _, next := range list {
		s.send(next)
	}
}

func (s *strokes) send(next stroke) {
	var err error
	if placed := s.w.cfg.Core.Snapshot().Sources.Placed(next.scene, next.id); placed != nil {
		if fields := present.PlacementChange(placed.Config, next.to); fields != (app.PlacementFields{}) {
			_, err = s.w.doNow(app.UpdatePlacement{Scene: next.scene, SourceID: next.id, Fields: fields, Continues: next.goesOn})
		}
	}
	if err != nil {
		s.w.fail("editor.error.place", nil, err)
	}
	s.mu.Lock()
	more := slices.ContainsFunc(s.waiting, func(other stroke) bool { return other.id == next.id })
	s.mu.Unlock()
	if !more {
		s.w.do(func() { s.w.settled(next.id) })
	}
}

// settled shows a source where the core has it now.
func (w *Window) settled(id string) {
	if w.visible.Load() {
		w.apply(w.present())
	}
	w.sources.editor.canvas.settle(id)
}
