package ui

import (
	"cuewire/app"
	"cuewire/app/ui/present"
)

// undoLast takes back what was changed last, whichever room or page it was on, and says
// where that was if it is out of sight.
func (w *Window) undoLast() { w.turn(app.UndoLast{}, "frame.undone.room", "frame.undone.sources") }

// redoLast makes it again.
func (w *Window) redoLast() { w.turn(app.RedoLast{}, "frame.redone.room", "frame.redone.sources") }

func (w *Window) turn(cmd app.Command, inRoom, inLibrary string) {
	w.carryOut(cmd, func(result app.Result, err error) {
		v := w.View()
		switch {
		case err != nil:
			w.fail("window.error.command", nil, err)
		case result.RoomID == "":
			if v.Area != present.SourcesArea {
				w.tell(inLibrary, nil)
			}
		case result.RoomID != v.RoomID || v.Area != present.LiveArea && v.Area != present.RundownArea:
			if room := result.Snapshot.Room(result.RoomID); room != nil {
				w.tell(inRoom, map[string]any{"Room": room.Room.Name})
			}
		}
	})
}
