package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// showPreflight lists the cues whose scene OBS does not have, with what can be done
// about each, or says that there are none.
func (w *Window) showPreflight() {
	t := w.cues.shown
	switch {
	case !t.Checked:
		w.tell("table.check.noobs", nil)
		return
	case t.Missing == 0:
		w.tell("table.check.good", map[string]any{"Count": len(t.Timers)})
		return
	}
	help := widget.NewLabel(w.text("table.check.help"))
	help.Wrapping = fyne.TextWrapWord
	list := container.New(column{grow: -1, gap: 6})
	scroll := container.NewVScroll(list)
	d := dialog.NewCustom(w.text("crew.missing.title"), w.text("window.ask.close"), container.New(column{grow: 1, gap: 6}, help, scroll), w.win)
	made := map[string]*widget.Button{} // by the scene that it makes
	for i, missing := range t.Problems.List {
		text := newLine(sizeText, present.Text)
		text.set(t.Problems.Text(w.words, i), present.Text)
		choose := widget.NewButton(w.text("table.check.go"), func() {
			d.Hide()
			w.goToCell(missing.TimerID, present.SceneColumn, missing.Field == "obs_scene_start")
		})
		cells := []fyne.CanvasObject{text, container.NewCenter(compact(choose))}
		if made[missing.Scene] == nil { // one makes it for all
			b := widget.NewButton(w.text("table.check.make"), nil)
			b.OnTapped = func() { w.makeScene(missing.Scene, b) }
			made[missing.Scene] = b
			cells = append(cells, container.NewCenter(compact(b)))
		}
		list.Add(container.New(row{shares: []float32{1}, gap: 8}, cells...))
	}
	w.open(d, 620)
	d.Resize(fyne.NewSize(620, min(460, d.MinSize().Height+float32(len(t.Problems.List))*36)))
}

// goToCell puts the table's cursor into a cell and has it written in; a scene at the
// end of a timer has no cell, and opens its sheet.
func (w *Window) goToCell(id string, c present.Column, cell bool) {
	t := w.cues.table
	if !cell {
		w.editTimer(id)
		return
	}
	if t.shown.RowOf(id) < 0 {
		w.cues.search.SetText("") // which hides it
		w.apply(w.present())
	}
	w.win.Canvas().Focus(t)
	t.moveCursor(t.shown.RowOf(id), c)
	t.edit.begin(id, c, "")
}

// makeScene makes an empty scene in OBS.
func (w *Window) makeScene(scene string, b *widget.Button) {
	b.Disable()
	go func() {
		_, err := w.doOBS(app.CreateScene{Scene: scene}, patience)
		if err != nil {
			w.do(b.Enable)
			w.fail("table.check.notmade", map[string]any{"Scene": scene}, err)
			return
		}
		w.do(func() { b.SetText(w.text("table.check.made")) })
	}()
}
