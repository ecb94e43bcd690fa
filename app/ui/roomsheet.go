package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// roomMenu shows the rooms to choose from, and what can be done with the one shown.
func (w *Window) roomMenu(below fyne.CanvasObject) {
	snap, shown := w.cfg.Core.Snapshot(), w.room()
	var items []*fyne.MenuItem
	for _, r := range snap.Rooms {
		item := fyne.NewMenuItem(r.Room.Name+"  "+r.Room.ShortCode, func() { w.chooseRoom(r.Room.ID) })
		item.Checked = shown != nil && r.Room.ID == shown.Room.ID
		items = append(items, item)
	}
	items = append(items, fyne.NewMenuItemSeparator(), w.item("crew.room.new", theme.ContentAddIcon(), w.askRoom))
	if shown != nil {
		remove := w.item("crew.room.delete", theme.DeleteIcon(), w.deleteRoom)
		remove.Disabled = len(snap.Rooms) < 2
		items = append(items, w.item("crew.room.edit", theme.SettingsIcon(), w.editRoom), remove)
	}
	w.menuBelow(below, items...)
}

// chooseRoom shows another room. It may be called from any goroutine.
func (w *Window) chooseRoom(id string) {
	w.mu.Lock()
	w.chosen = id
	w.mu.Unlock()
	w.change(func(l *present.Local) { l.StopArmed, l.GoArmed, l.GoArmedTill = 0, "", 0 })
}

// askRoom asks for a new room, and shows it.
func (w *Window) askRoom() {
	s := w.newSheet(460)
	name, asked := s.entry(0, "name", "crew.room.name", "")
	s.then = func(result app.Result) { w.chooseRoom(result.RoomID) }
	s.open(w.text("crew.room.new.title"), "crew.room.create", stacked(asked, s.hint("crew.room.name.hint")), func() (app.Command, []present.Wrong) {
		text, wrong := present.RoomName(w.words, name.Text)
		return app.CreateRoom{Name: text}, wrong
	})
}

// editRoom asks for changes of the room shown.
func (w *Window) editRoom() {
	room := w.room()
	if room == nil {
		return
	}
	was := room.Room
	s := w.newSheet(560)
	name, nameAsked := s.entry(0, "name", "crew.room.name", was.Name)
	zone, zoneAsked := s.pick(0, "timezone", "crew.room.zone", was.TimeZone, present.Zones)
	zone.SetPlaceHolder(w.text("crew.room.zone.own"))
	normal, normalAsked := s.color(0, "color_normal", "crew.room.normal", was.ColorNormal, nil)
	yellow, yellowAsked := s.color(0, "color_yellow", "crew.room.yellow", was.ColorYellow, nil)
	red, redAsked := s.color(0, "color_red", "crew.room.red", was.ColorRed, nil)
	open := s.check("crew.room.questions", was.AskOpen)
	content := stacked(pair(nameAsked, zoneAsked), three(normalAsked, yellowAsked, redAsked), open, s.hint("crew.room.questions.hint"))
	s.open(w.text("crew.room.edit.title"), "crew.save", content, func() (app.Command, []present.Wrong) {
		now := app.Room{
			Name: name.Text, TimeZone: zone.Text, ColorNormal: normal.Text, ColorYellow: yellow.Text, ColorRed: red.Text,
			AskOpen: open.Checked,
		}
		return present.RoomChange(w.words, was, now)
	})
}

// deleteRoom deletes the room shown, after a question.
func (w *Window) deleteRoom() {
	room := w.room()
	if room == nil {
		return
	}
	text := w.words.T("crew.room.delete.text", map[string]any{"Name": room.Room.Name, "Count": len(room.Timers)})
	w.confirm(w.text("crew.room.delete.title"), text, w.text("crew.room.delete"), func() {
		w.send(app.DeleteRoom{RoomID: room.Room.ID})
	})
}
