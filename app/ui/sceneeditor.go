package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// numberKeys are the captions of the numbers of a box, in their order.
var numberKeys = [5]string{"editor.x", "editor.y", "editor.width", "editor.height", "editor.rotation"}

// sceneEditor shows where sources stand in a scene, and changes it.
type sceneEditor struct {
	w        *Window
	object   *fyne.Container
	scenes   *widget.Select
	program  *chip
	combined *widget.Button
	aligns   [present.Alignments]*widget.Button
	canvas   *sceneCanvas
	hint     *widget.Label // in the place of the canvas while there is no scene
	foot     *fyne.Container
	tools    *fyne.Container // of the chosen box
	name     *line
	put      *widget.Button // into the scene
	numbers  [5]*field
	captions [5]*line
	fields   *fyne.Container
	visible  *widget.Button
	forward  *widget.Button
	back     *widget.Button
	own      *widget.Button // its own size
	fill     *widget.Button // the whole canvas
	out      *widget.Button // of the scene
	shown    present.Library
	words    *i18n.Words
}

func newSceneEditor(w *Window) *sceneEditor {
	button := func(icon fyne.Resource, press func()) *widget.Button {
		b := widget.NewButtonWithIcon("", icon, press)
		b.Importance = widget.LowImportance
		return b
	}
	e := &sceneEditor{w: w, program: newChip(), canvas: newSceneCanvas(), hint: widget.NewLabel(""), name: newLine(sizeText, present.Text).bold()}
	e.hint.Alignment, e.hint.Wrapping = fyne.TextAlignCenter, fyne.TextWrapWord
	e.scenes = widget.NewSelect(nil, func(scene string) {
		if scene != e.shown.Scene {
			w.change(func(l *present.Local) { l.Scene = scene })
		}
	})
	e.combined = widget.NewButtonWithIcon("", theme.ContentAddIcon(), func() { w.chooseScenes(present.CombinedLink, e.combined) })
	aligns := make([]fyne.CanvasObject, present.Alignments)
	for i := range e.aligns {
		e.aligns[i] = button(alignIcons[i], func() { e.align(present.Alignment(i)) })
		aligns[i] = e.aligns[i]
	}
	e.canvas.pick = func(id string) { w.change(func(l *present.Local) { l.Source = id }) }
	e.canvas.change = func(id string, to app.Shown, goesOn bool) { w.strokes.add(stroke{e.shown.Scene, id, to, goesOn}) }
	e.canvas.nudge = func(id string, to app.Shown) { w.strokes.add(stroke{e.shown.Scene, id, to, false}) }
	e.canvas.remove = func(id string) { w.send(app.UnplaceSources{Scene: e.shown.Scene, SourceIDs: []string{id}}) }
	e.canvas.follow = e.showNumbers
	e.canvas.menu = w.sourceMenu

	e.put = widget.NewButtonWithIcon("", theme.ContentAddIcon(), func() { w.placeSource(e.shown.Chosen, e.shown.Scene) })
	e.put.Importance = widget.HighImportance
	e.visible = button(theme.VisibilityIcon(), e.flipVisible)
	e.forward, e.back = button(theme.MoveUpIcon(), func() { e.restack(1) }), button(theme.MoveDownIcon(), func() { e.restack(-1) })
	e.own, e.fill = button(theme.ViewRestoreIcon(), e.ownSize), button(theme.ViewFullScreenIcon(), e.fillCanvas)
	e.out = button(theme.ContentRemoveIcon(), func() { e.canvas.remove(e.shown.Chosen) })
	cells := make([]fyne.CanvasObject, 0, len(e.numbers))
	for i := range e.numbers {
		e.numbers[i], e.captions[i] = w.newField(), newCaption().whole()
		e.numbers[i].OnSubmitted = func(string) { e.typed() }
		e.numbers[i].escape = func() { e.showChosen(); w.win.Canvas().Unfocus() }
		cells = append(cells, container.New(row{shares: []float32{0, 1}, gap: 5}, e.captions[i], e.numbers[i]))
	}
	e.fields = container.New(row{shares: []float32{1, 1, 1, 1, 1}, gap: 10}, cells...)
	e.tools = container.New(row{gap: 2}, e.visible, e.forward, e.back, e.own, e.fill, e.out)
	e.foot = container.New(column{grow: -1, gap: 6},
		container.New(row{shares: []float32{1}, gap: 8}, e.name, compact(container.New(row{gap: 2}, e.put, e.tools))), e.fields)
	head := container.New(row{shares: []float32{1, 0, 0}, gap: 10}, e.scenes, e.program.object,
		compact(container.New(row{gap: 0}, aligns...)), compact(e.combined))
	e.object = card(container.New(column{grow: 1, gap: 8}, head,
		container.NewStack(container.NewClip(e.canvas), container.NewVBox(e.hint)), e.foot))
	return e
}

func (e *sceneEditor) show(l present.Library, words *i18n.Words) {
	if relabel := e.words == nil || e.words.Lang() != words.Lang(); relabel {
		e.relabel(words)
	}
	moved := e.shown.Scene != l.Scene
	e.shown, e.words = l, words
	if !slices.Equal(e.scenes.Options, l.Scenes) {
		e.scenes.SetOptions(l.Scenes)
	}
	if e.scenes.Selected != l.Scene {
		e.scenes.SetSelected(l.Scene)
	}
	program := present.Mark{}
	if l.Program {
		program = present.Mark{Text: words.T("window.obs.program", nil), Color: present.Bad}
	}
	e.program.set(program, false)
	hint := ""
	if l.Scene == "" {
		hint = words.T("editor.noscene", nil)
	}
	e.hint.SetText(hint)
	e.hint.Hidden = hint == ""
	e.canvas.Hidden = hint != ""
	if moved {
		e.canvas.setPicture(nil)
		clear(e.canvas.live)
	}
	e.canvas.set(l.Boxes(), l.Canvas)
	e.showChosen()
	e.object.Refresh()
}

func (e *sceneEditor) relabel(words *i18n.Words) {
	e.scenes.PlaceHolder = words.T("editor.scene", nil)
	setButton(e.combined, words.T("editor.combined", nil), theme.ContentAddIcon(), widget.MediumImportance, true)
	setButton(e.put, words.T("editor.put", nil), theme.ContentAddIcon(), widget.HighImportance, true)
	for _, b := range []struct {
		button *widget.Button
		key    string
	}{
		{e.forward, "editor.forward"}, {e.back, "editor.back"}, {e.own, "editor.own"}, {e.fill, "editor.fill"}, {e.out, "editor.remove"},
	} {
		setButton(b.button, words.T(b.key, nil), b.button.Icon, widget.LowImportance, true)
	}
	for i, key := range numberKeys {
		e.captions[i].set(words.T(key, nil), present.Muted)
	}
}

// showChosen shows what can be done with the chosen source.
func (e *sceneEditor) showChosen() {
	s := e.shown.Sources.Source(e.shown.Chosen)
	box := e.canvas.chosen()
	name, color := "", present.Muted
	if e.shown.Scene != "" {
		name = e.words.T("editor.hint", nil)
	}
	if s != nil {
		name, color = s.Name, present.Text
		if box == nil {
			name = e.words.T("editor.notin", map[string]any{"Source": s.Name})
		}
	}
	e.name.set(name, color)
	e.put.Hidden = s == nil || box != nil || e.shown.Scene == ""
	e.tools.Hidden = box == nil
	e.fields.Hidden = box == nil
	for _, b := range e.aligns {
		setButton(b, "", b.Icon, widget.LowImportance, box != nil)
	}
	if box != nil {
		icon, key := theme.VisibilityIcon(), "editor.visible"
		if !box.Shown.Visible {
			icon, key = theme.VisibilityOffIcon(), "editor.hidden"
		}
		setButton(e.visible, e.words.T(key, nil), icon, widget.LowImportance, true)
		e.showNumbers(e.canvas.where(*box))
	}
	e.foot.Refresh()
}

// showNumbers shows where a box is, but in the field in which a person writes.
func (e *sceneEditor) showNumbers(s app.Shown) {
	focused := e.w.win.Canvas().Focused()
	for i, text := range present.Numbers(e.words, s) {
		if f := e.numbers[i]; f.Text != text && focused != fyne.Focusable(f) {
			f.SetText(text)
		}
	}
}

// typed takes the numbers that are written.
func (e *sceneEditor) typed() {
	box := e.canvas.chosen()
	if box == nil {
		return
	}
	to := e.canvas.where(*box)
	as := present.Numbers(e.words, to)
	for i, v := range []*float64{&to.X, &to.Y, &to.Width, &to.Height, &to.Rotation} {
		if e.numbers[i].Text == as[i] {
			continue // as it was, to the last digit
		}
		n, ok := present.ReadNumber(e.numbers[i].Text)
		if !ok || i >= 2 && i <= 3 && n < 1 || i == 4 && (n < 0 || n > 360) {
			e.w.tell([...]string{"editor.wrong.place", "editor.wrong.place", "editor.wrong.size", "editor.wrong.size", "editor.wrong.rotation"}[i], nil)
			e.w.win.Canvas().Focus(e.numbers[i])
			return
		}
		*v = n
	}
	e.move(box.ID, to)
	e.w.win.Canvas().Focus(e.canvas)
}

// move puts a box elsewhere at once, and tells the core.
func (e *sceneEditor) move(id string, to app.Shown) {
	e.canvas.put(id, to)
	e.canvas.nudge(id, to)
}

func (e *sceneEditor) align(to present.Alignment) {
	if box := e.canvas.chosen(); box != nil {
		e.move(box.ID, present.Aligned(e.canvas.where(*box), to, e.shown.Canvas))
	}
}

// ownSize shows a source as large as its page is.
func (e *sceneEditor) ownSize() {
	if box, s := e.canvas.chosen(), e.shown.Sources.Source(e.shown.Chosen); box != nil && s != nil {
		to := e.canvas.where(*box)
		to.Width, to.Height = float64(s.Width), float64(s.Height)
		e.move(box.ID, to)
	}
}

// fillCanvas shows a source all over the canvas.
func (e *sceneEditor) fillCanvas() {
	if box := e.canvas.chosen(); box != nil {
		e.move(box.ID, app.Shown{Width: float64(e.shown.Canvas.Width), Height: float64(e.shown.Canvas.Height), Visible: box.Shown.Visible})
	}
}

func (e *sceneEditor) flipVisible() {
	if box := e.canvas.chosen(); box != nil {
		visible := !box.Shown.Visible
		e.w.send(app.UpdatePlacement{Scene: e.shown.Scene, SourceID: box.ID, Fields: app.PlacementFields{Visible: &visible}})
	}
}

// restack brings the chosen source that many places to the front, as one step for Undo.
func (e *sceneEditor) restack(by int) {
	for i, c := range present.Restack(e.shown.Placed, e.shown.Chosen, by) {
		e.w.send(app.UpdatePlacement{Scene: e.shown.Scene, SourceID: c.SourceID, Fields: app.PlacementFields{ZIndex: &c.ZIndex}, Continues: i > 0})
	}
}

// placeSource puts a source into a scene.
func (w *Window) placeSource(id, scene string) {
	if id != "" && scene != "" {
		w.send(app.PlaceSources{Scene: scene, Places: []app.PlaceSource{{SourceID: id}}})
	}
}
