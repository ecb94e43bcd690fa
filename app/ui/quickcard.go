package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// quickCard holds the quick timers: of this computer, and of whoever made some with
// the Timer API. They belong to no room.
type quickCard = rowList[present.QuickRow, *quickRow]

func newQuickCard(w *Window) *quickCard {
	return newRowList[present.QuickRow](emptyTexts{"quick.empty", "quick.purpose", "quick.add"}, w.askQuick, func() *quickRow { return newQuickRow(w) })
}

// quickRow is one quick timer with its buttons.
type quickRow struct {
	object                     *fyne.Container
	name, owner, digits, state *line
	press, stop, edit          *widget.Button
	shown                      present.QuickRow
}

func newQuickRow(w *Window) *quickRow {
	r := &quickRow{
		name: newLine(sizeText, present.Text), owner: newLine(sizeText, present.Muted),
		digits: newLine(sizeName, present.Text).bold().align(fyne.TextAlignTrailing), state: newLine(sizeText, present.Muted),
	}
	r.press = widget.NewButtonWithIcon("", theme.MediaPauseIcon(), func() {
		action := app.QuickResume
		if r.shown.Running {
			action = app.QuickPause
		}
		w.send(app.PressQuick{ID: r.shown.ID, Action: action})
	})
	r.stop = widget.NewButtonWithIcon("", theme.MediaStopIcon(), func() { w.send(app.PressQuick{ID: r.shown.ID, Action: app.QuickStop}) })
	r.edit = widget.NewButtonWithIcon("", theme.DocumentCreateIcon(), func() { w.editQuick(r.shown.ID) })
	r.edit.Importance = widget.LowImportance
	r.object = container.New(row{shares: []float32{1.4, 0.7, 0.8, 0.9}, gap: 10}, r.name, r.owner, r.digits, r.state,
		container.NewCenter(compact(container.New(row{gap: 4}, r.press, r.stop, r.edit))))
	return r
}

func (r *quickRow) canvas() fyne.CanvasObject { return r.object }

func (r *quickRow) set(v present.QuickRow, words *i18n.Words, relabel bool) {
	if v == r.shown && !relabel {
		return
	}
	r.shown = v
	r.name.set(v.Name, present.Text)
	r.owner.set(v.Owner, present.Muted)
	r.digits.set(v.Digits, v.Color)
	r.state.set(v.State.Text, v.State.Color)
	key, icon, importance := "quick.resume", theme.MediaPlayIcon(), widget.SuccessImportance
	if v.Running {
		key, icon, importance = "quick.pause", theme.MediaPauseIcon(), widget.WarningImportance
	}
	setButton(r.press, words.T(key, nil), icon, importance, true)
	setButton(r.stop, words.T("quick.stop", nil), theme.MediaStopIcon(), widget.MediumImportance, true)
}

// askQuick asks for a new quick timer, which starts at once.
func (w *Window) askQuick() {
	w.quickSheet("quick.add", "quick.start", "", "", func(fields app.QuickFields) app.Command {
		return app.CreateQuick{Owner: app.LocalOwner, Fields: fields}
	})
}

// editQuick asks for changes of a quick timer.
func (w *Window) editQuick(id string) {
	was := w.cfg.Core.Snapshot().QuickTimer(id)
	if was == nil {
		return
	}
	title := ""
	if was.Title != nil {
		title = *was.Title
	}
	w.quickSheet("quick.edit", "crew.save", title, present.Length(was.Allocated), func(fields app.QuickFields) app.Command {
		return app.UpdateQuick{ID: id, Fields: fields}
	})
}

func (w *Window) quickSheet(heading, confirm, wasTitle, wasLength string, command func(app.QuickFields) app.Command) {
	s := w.newSheet(460)
	title, titleAsked := s.entry(0, "title", "crew.aux.name", wasTitle)
	start := wasLength
	if start == "" {
		start = present.Length(5 * 60_000)
	}
	length, lengthAsked := s.entry(0, "allocatedDuration", "window.ask.length", start)
	s.open(w.text(heading), confirm, stacked(titleAsked, lengthAsked, s.hint("window.ask.length.hint")), func() (app.Command, []present.Wrong) {
		fields, wrong := present.QuickFields(w.words, wasTitle, wasLength, title.Text, length.Text)
		return command(fields), wrong
	})
}
