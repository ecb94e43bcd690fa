package engine_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"cuewire/app"
)

func TestUndoAndRedo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		b := start(t, d, &bubble{start: time.Now()})
		room, timers := b.main().Room.ID, b.main().Timers
		b.do(app.UpdateTimer{RoomID: room, TimerID: timers[0].ID, Fields: app.TimerFields{Position: ptr(2)}})
		b.do(app.DeleteTimer{RoomID: room, TimerID: timers[1].ID})
		b.do(app.UpdateRoom{RoomID: room, Name: ptr("Stage")})
		b.press(app.Play)
		b.do(app.Undo{RoomID: room})
		b.do(app.Undo{RoomID: room})
		if got := names(b.main()); b.main().Room.Name != "Main" || !slices.Equal(got, []string{"Talk", "Questions", "Welcome"}) {
			t.Errorf("after two: %s %v", b.main().Room.Name, got)
		}
		if b.status().State != app.Running {
			t.Error("undoing stopped the show")
		}
		b.do(app.Undo{RoomID: room})
		if got := names(b.main()); !slices.Equal(got, []string{"Welcome", "Talk", "Questions"}) {
			t.Errorf("after three: %v", got)
		}
		if _, err := b.Do(t.Context(), app.Undo{RoomID: room}); app.CodeOf(err) != app.CodeConflict {
			t.Errorf("with nothing left: %v", err)
		}
		for range 3 {
			b.do(app.Redo{RoomID: room})
		}
		if got := names(b.main()); b.main().Room.Name != "Stage" || !slices.Equal(got, []string{"Questions", "Welcome"}) {
			t.Errorf("all again: %s %v", b.main().Room.Name, got)
		}
		if _, err := b.Do(t.Context(), app.Redo{RoomID: room}); app.CodeOf(err) != app.CodeConflict {
			t.Errorf("redo with nothing left: %v", err)
		}
		want := names(b.main())
		b.stop()
		b = start(t, d, &bubble{start: time.Now()})
		if got := names(b.main()); !slices.Equal(got, want) {
			t.Errorf("on disk: %v", got)
		}
		b.stop()
	})
}

func TestUndoLeavesWhatIsShownAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		room := b.main().Room.ID
		id := b.do(app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: ptr("Hello")}}).ID
		b.do(app.UpdateMessage{RoomID: room, MessageID: id, Fields: app.MessageFields{Text: ptr("Hello all")}})
		b.do(app.Control{RoomID: room, Action: app.ShowMessage, ID: id})
		b.do(app.Undo{RoomID: room})
		if m := b.main().Message(id); m.Text != "Hello" || !m.Visible {
			t.Errorf("got %+v", m)
		}
		b.do(app.Undo{RoomID: room})
		if len(b.main().Messages) != 0 || b.main().Playback.MessageID != "" {
			t.Errorf("got %+v", b.main())
		}
		b.do(app.Redo{RoomID: room})
		if m := b.main().Message(id); m == nil || m.Visible {
			t.Errorf("redone: %+v", m)
		}
	})
}

func TestImport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		b := start(t, d, &bubble{start: time.Now()})
		room := b.main().Room.ID
		b.do(app.CreateMessage{RoomID: room, Fields: app.MessageFields{Text: ptr("Hello")}})
		b.press(app.Play)
		fields := func(names ...string) (list []app.TimerFields) {
			for _, name := range names {
				list = append(list, app.TimerFields{Name: &name, Duration: ptr(app.Millis(60_000))})
			}
			return list
		}
		b.do(app.ImportTimers{RoomID: room, Timers: fields("Encore", "Goodbye")})
		if got := names(b.main()); !slices.Equal(got, []string{"Welcome", "Talk", "Questions", "Encore", "Goodbye"}) || b.status().State != app.Running {
			t.Errorf("added: %v", got)
		}
		bad := append(fields("One"), app.TimerFields{Name: ptr("Two")})
		if _, err := b.Do(t.Context(), app.ImportTimers{RoomID: room, Timers: bad, Replace: true}); app.CodeOf(err) != app.CodeInvalid || len(b.main().Timers) != 5 {
			t.Errorf("a bad row: %v, %v", err, names(b.main()))
		}
		b.do(app.ImportTimers{RoomID: room, Timers: fields("A", "B", "C"), Replace: true})
		if s := b.status(); !slices.Equal(names(b.main()), []string{"A", "B", "C"}) || s.State != app.Stopped || s.Duration != 60_000 {
			t.Errorf("replaced: %v, %+v", names(b.main()), s)
		}
		b.do(app.Undo{RoomID: room})
		if got := names(b.main()); len(got) != 5 || len(b.main().Messages) != 1 {
			t.Errorf("undone: %v", got)
		}
		b.do(app.Redo{RoomID: room})
		b.stop()
		b = start(t, d, &bubble{start: time.Now()})
		if got := names(b.main()); !slices.Equal(got, []string{"A", "B", "C"}) || len(b.main().Messages) != 1 {
			t.Errorf("on disk: %v", got)
		}
		b.stop()
	})
}

func TestRoomsComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		b := start(t, d, &bubble{start: time.Now()})
		first := b.main().Room.ID
		if _, err := b.Do(t.Context(), app.DeleteRoom{RoomID: first}); app.CodeOf(err) != app.CodeConflict {
			t.Errorf("the last room: %v", err)
		}
		second := b.do(app.CreateRoom{Name: "Foyer"}).RoomID
		b.do(app.CreateTimer{RoomID: second, Fields: app.TimerFields{Name: ptr("Doors"), Duration: ptr(app.Millis(60_000))}})
		b.press(app.Play)
		b.do(app.DeleteRoom{RoomID: first})
		if rooms := b.Snapshot().Rooms; len(rooms) != 1 || rooms[0].Room.ID != second {
			t.Errorf("left: %+v", rooms)
		}
		before := b.Snapshot().Seq
		time.Sleep(time.Hour)
		if after := b.Snapshot().Seq; after != before {
			t.Errorf("%d events of a room that is gone", after-before)
		}
		b.stop()
	})
}

// Whatever is edited, undoing everything gives the rundown back as it was, and
// redoing everything what it became; and the disk always agrees.
func TestEverythingCanBeUndone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			d := &disk{}
			b := start(t, d, &bubble{start: time.Now()})
			room := b.main().Room.ID
			began := names(b.main())
			edits := 0
			for i := range rapid.IntRange(1, 30).Draw(rt, "edits") {
				timers := b.main().Timers
				pick := rapid.IntRange(0, 9).Draw(rt, "pick")
				before := b.main()
				switch rapid.IntRange(0, 3).Draw(rt, "kind") {
				case 0:
					b.do(app.CreateTimer{RoomID: room, Fields: app.TimerFields{Name: ptr(string(rune('a' + i))), Duration: ptr(app.Millis(i)), Position: &pick}})
				case 1:
					if len(timers) > 0 {
						b.do(app.UpdateTimer{RoomID: room, TimerID: timers[pick%len(timers)].ID, Fields: app.TimerFields{Position: ptr(rapid.IntRange(0, 9).Draw(rt, "to"))}})
					}
				case 2:
					if len(timers) > 0 {
						b.do(app.DeleteTimer{RoomID: room, TimerID: timers[pick%len(timers)].ID})
					}
				case 3:
					if len(timers) > 0 {
						b.do(app.UpdateTimer{RoomID: room, TimerID: timers[pick%len(timers)].ID, Fields: app.TimerFields{Name: ptr(string(rune('A' + i)))}})
					}
				}
				if !slices.Equal(before.Timers, b.main().Timers) {
					edits++
				}
			}
			became := names(b.main())
			for range edits {
				b.do(app.Undo{RoomID: room})
			}
			if got := names(b.main()); !slices.Equal(got, began) {
				rt.Errorf("undone: %v", got)
			}
			for range edits {
				b.do(app.Redo{RoomID: room})
			}
			if got := names(b.main()); !slices.Equal(got, became) {
				rt.Errorf("redone: %v, want %v", got, became)
			}
			b.stop()
			b = start(t, d, &bubble{start: time.Now()})
			if got := names(b.main()); !slices.Equal(got, became) {
				rt.Errorf("on disk: %v, want %v", got, became)
			}
			b.stop()
		})
	})
}
