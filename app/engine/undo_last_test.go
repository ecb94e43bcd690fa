package engine_test

import (
	"testing"

	"cuewire/app"
)

func TestUndoLastFollowsWhateverWasChanged(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		main := b.main().Room.ID
		side := b.do(app.CreateRoom{Name: "Side"}).RoomID
		rename := func(room, name string) { b.do(app.UpdateRoom{RoomID: room, Name: &name}) }
		state := func() [3]string {
			snap := b.Snapshot()
			sources := ""
			for _, s := range snap.Sources.List {
				sources += s.Name
			}
			return [3]string{snap.Room(main).Room.Name, snap.Room(side).Room.Name, sources}
		}
		rename(main, "A")
		b.do(app.CreateSource{Fields: app.SourceFields{Name: ptr("x"), URL: ptr("https://example.com/x")}})
		rename(side, "B")
		rename(main, "C")
		is := func(want ...string) {
			t.Helper()
			if got := state(); got != [3]string(want) {
				t.Fatalf("it is %q, want %q", got, want)
			}
		}
		is("C", "B", "x")
		if r := b.do(app.UndoLast{}); r.RoomID != main {
			t.Errorf("undone in %q", r.RoomID)
		}
		is("A", "B", "x")
		b.do(app.UndoLast{})
		is("A", "Side", "x")
		if r := b.do(app.UndoLast{}); r.RoomID != "" {
			t.Errorf("undone in %q, not in the library", r.RoomID)
		}
		is("A", "Side", "")
		b.do(app.RedoLast{})
		b.do(app.RedoLast{})
		is("A", "B", "x")

		b.do(app.Undo{RoomID: main}) // in one room alone
		is("Main", "B", "x")
		b.do(app.RedoLast{})
		is("A", "B", "x")

		b.do(app.UndoLast{})
		rename(main, "D")
		b.refusedWith(app.RedoLast{}, app.CodeConflict, "There is nothing to")
		is("D", "B", "x")

		b.do(app.DeleteRoom{RoomID: main})
		for range 2 { // not in the room that is gone
			b.do(app.UndoLast{})
		}
		if n := len(b.Snapshot().Sources.List); n != 0 {
			t.Errorf("%d sources are left", n)
		}
		b.refusedWith(app.UndoLast{}, app.CodeConflict, "There is nothing to")
	})
}
