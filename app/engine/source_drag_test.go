package engine_test

import (
	"testing"

	"cuewire/app"
)

func TestADragIsUndoneAsOne(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		one, two := b.newSource("One", "http://a/1"), b.newSource("Two", "http://a/2")
		b.do(app.PlaceSources{Scene: "Main", Places: []app.PlaceSource{{SourceID: one}, {SourceID: two}}})
		move := func(id string, x float64, continues bool) {
			b.do(app.UpdatePlacement{Scene: "Main", SourceID: id, Fields: app.PlacementFields{X: &x}, Continues: continues})
		}
		at := func(id string, want float64) {
			t.Helper()
			if p := b.Snapshot().Sources.Placed("Main", id); p == nil || p.Config.X != want {
				t.Errorf("%s is at %+v, want %v", id, p, want)
			}
		}
		// A drag never joins what put the source there.
		move(one, 1, true)
		b.do(app.UndoSources{})
		at(one, 0)
		move(one, 10, false)
		for x := range 20 {
			move(one, float64(20+x), true)
		}
		move(two, 5, true) // both were moved
		b.do(app.UndoSources{})
		at(one, 0)
		at(two, 0)
		b.do(app.RedoSources{})
		at(one, 39)
		at(two, 5)
		move(one, 100, false)
		b.do(app.UndoSources{})
		at(one, 39)
	})
}
