package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// auxCard holds the timers beside the rundown.
type auxCard = rowList[present.AuxRow, *auxRow]

func newAuxCard(w *Window) *auxCard {
	return newRowList[present.AuxRow](emptyTexts{"crew.aux.empty", "crew.aux.purpose", "crew.aux.add"}, w.addAux, func() *auxRow { return newAuxRow(w) })
}

// auxRow is one auxiliary timer with its buttons.
type auxRow struct {
	object                        *fyne.Container
	name, digits, state           *line
	play, reset, less, plus, menu *widget.Button
	shown                         present.AuxRow
}

func newAuxRow(w *Window) *auxRow {
	r := &auxRow{
		name: newLine(sizeText, present.Text), digits: newLine(sizeName, present.Text).bold().align(fyne.TextAlignTrailing),
		state: newLine(sizeText, present.Muted),
	}
	press := func(action app.Action, value app.Millis) func() {
		return func() { w.controlAux(r.shown.ID, action, value) }
	}
	r.play = widget.NewButtonWithIcon("", theme.MediaPlayIcon(), func() {
		action := app.Play
		if r.shown.Running {
			action = app.Pause
		}
		w.controlAux(r.shown.ID, action, 0)
	})
	r.reset = widget.NewButtonWithIcon("", theme.MediaReplayIcon(), press(app.Stop, 0))
	r.less = widget.NewButton("", press(app.AddTime, -minute))
	r.plus = widget.NewButton("", press(app.AddTime, minute))
	r.menu = widget.NewButtonWithIcon("", theme.MoreVerticalIcon(), nil)
	r.menu.OnTapped = func() { w.auxMenu(r.shown.ID, r.menu) }
	r.menu.Importance = widget.LowImportance
	r.object = container.New(row{shares: []float32{1.4, 0.8, 0.9}, gap: 10}, r.name, r.digits, r.state,
		container.NewCenter(compact(container.New(row{gap: 4}, r.play, r.reset, r.less, r.plus, r.menu))))
	return r
}

func (r *auxRow) canvas() fyne.CanvasObject { return r.object }

func (r *auxRow) set(v present.AuxRow, words *i18n.Words, relabel bool) {
	if v == r.shown && !relabel {
		return
	}
	r.shown = v
	r.name.set(v.Name, present.Text)
	r.digits.set(v.Digits, v.Color)
	r.state.set(v.State.Text, v.State.Color)
	icon, importance := theme.MediaPlayIcon(), widget.SuccessImportance
	if v.Running {
		icon, importance = theme.MediaPauseIcon(), widget.WarningImportance
	}
	setButton(r.play, "", icon, importance, true)
	setButton(r.less, words.T("window.control.take", nil), nil, widget.MediumImportance, true)
	setButton(r.plus, words.T("window.control.add", nil), nil, widget.MediumImportance, true)
}

// addAux adds an auxiliary timer of five minutes with a name of its own.
func (w *Window) addAux() {
	room := w.room()
	if room == nil {
		return
	}
	name := present.FreeName(w.words, room.Aux)
	d, direction := app.Millis(5*60_000), app.Countdown
	w.send(app.CreateAux{RoomID: room.Room.ID, Fields: app.AuxFields{Name: &name, Duration: &d, Direction: &direction}})
}

func (w *Window) controlAux(id string, action app.Action, value app.Millis) {
	room := w.room()
	if room == nil {
		return
	}
	c := app.ControlAux{RoomID: room.Room.ID, ID: id, Action: action}
	if action == app.AddTime {
		c.Value = &value
	}
	w.send(c)
}

// auxMenu shows what can be done with an auxiliary timer.
func (w *Window) auxMenu(id string, below fyne.CanvasObject) {
	room := w.room()
	if room == nil {
		return
	}
	w.menuBelow(below,
		w.item("crew.cue.edit.item", theme.DocumentCreateIcon(), func() { w.editAux(id) }),
		w.item("crew.delete", theme.DeleteIcon(), func() { w.send(app.DeleteAux{RoomID: room.Room.ID, ID: id}) }))
}

// editAux asks for changes of an auxiliary timer.
func (w *Window) editAux(id string) {
	room := w.room()
	if room == nil {
		return
	}
	i := slices.IndexFunc(room.Aux, func(t *app.AuxTimer) bool { return t.ID == id })
	if i < 0 {
		return
	}
	was := room.Aux[i]
	directions := []app.Appearance{app.Countdown, app.CountUp}
	s := w.newSheet(460)
	name, nameAsked := s.entry(0, "name", "crew.aux.name", was.Name)
	length, lengthAsked := s.entry(0, "duration_ms", "window.ask.length", present.Length(was.Duration))
	direction, directionAsked := s.choose(0, "direction", "crew.cue.appearance",
		s.texts("crew.appearance.", "countdown", "countup"), max(0, slices.Index(directions, was.Direction)))
	content := stacked(nameAsked, pair(lengthAsked, directionAsked), s.hint("window.ask.length.hint"))
	s.open(w.text("crew.aux.edit"), "crew.save", content, func() (app.Command, []present.Wrong) {
		fields, wrong := present.AuxFields(w.words, was, strings.TrimSpace(name.Text), length.Text, directions[direction.SelectedIndex()])
		return app.UpdateAux{RoomID: room.Room.ID, ID: id, Fields: fields}, wrong
	})
}
