package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// obsCard shows OBS: the connection, its outputs and figures, its scenes. A click
// on a scene puts it on program, in studio mode into the preview.
type obsCard struct {
	object   *fyne.Container
	body     *fyne.Container
	heading  *line
	state    *chip
	other    *widget.Button
	head     *fyne.Container
	trouble  *trouble
	outdated *widget.Label
	update   *widget.Button
	sources  *fyne.Container
	outputs  *outputStrip
	stats    [3]*figure
	figures  *fyne.Container
	caption  *line
	take     *widget.Button
	taking   fyne.CanvasObject // take, made small
	above    *fyne.Container   // the scenes
	none     *line
	list     *widget.List
	words    *i18n.Words
	shown    present.OBS
	scenes   present.Scenes
	filled   bool
	brief    bool // its figures stand elsewhere
	pick     func(scene string)
}

func newOBSCard(w *Window) *obsCard {
	c := &obsCard{
		heading: newHeading(), state: newChip(), trouble: newTrouble(w), outputs: newOutputStrip(w),
		other:    widget.NewButtonWithIcon("", theme.MoreVerticalIcon(), func() { w.showOBSDialog() }),
		outdated: widget.NewLabel(""), update: widget.NewButton("", w.updateSources),
		caption: newCaption(), take: widget.NewButtonWithIcon("", theme.NavigateNextIcon(), w.takePreview),
		none: newLine(sizeText, present.Muted), pick: w.pickScene,
	}
	c.other.Importance = widget.LowImportance
	c.heading.set("OBS", present.Text)
	c.head = container.New(row{shares: []float32{1}, gap: 6}, c.heading, c.state.object, container.NewCenter(compact(c.other)))
	c.outdated.Wrapping = fyne.TextWrapWord
	c.sources = container.New(row{shares: []float32{1}, gap: 4}, container.New(box{-8, -8}, c.outdated), container.NewCenter(compact(c.update)))
	cells := make([]fyne.CanvasObject, len(c.stats))
	for i := range c.stats {
		c.stats[i] = newFigure()
		cells[i] = c.stats[i].object
	}
	c.figures = container.New(row{shares: []float32{1, 1.1, 1.5}, gap: 8}, cells...)
	c.taking = compact(c.take)
	c.above = container.New(row{shares: []float32{1}, gap: 4}, c.caption, c.taking)
	c.list = widget.NewList(
		func() int { return len(c.scenes.List) },
		func() fyne.CanvasObject { return newSceneRow() },
		func(i int, o fyne.CanvasObject) { c.fill(i, o.(*sceneRow)) },
	)
	c.list.HideSeparators = true
	c.list.OnSelected = func(i int) {
		c.list.UnselectAll()
		if i < len(c.scenes.List) {
			c.pick(c.scenes.List[i].Name)
		}
	}
	c.body = container.New(column{grow: 6, gap: 6}, c.head, c.trouble.object, c.sources, c.outputs.object, c.figures,
		c.above, container.NewStack(c.list, container.NewVBox(c.none)))
	c.object = card(c.body)
	return c
}

func (c *obsCard) fill(i int, r *sceneRow) {
	if i < 0 || i >= len(c.scenes.List) {
		return
	}
	name := c.scenes.List[i].Name
	r.pick = func() { c.pick(name) }
	var mark present.Mark
	switch {
	case !c.scenes.Usable:
		r.pick = nil
	case name == c.scenes.Program && name != c.scenes.Pending:
		mark = present.Mark{Text: c.words.T("window.obs.program", nil), Color: present.Bad}
	case name == c.scenes.Pending:
		mark = present.Mark{Text: c.words.T("window.obs.switching", nil), Color: present.Accent}
	case name == c.scenes.Preview:
		mark = present.Mark{Text: c.words.T("window.obs.preview", nil), Color: present.Good}
	}
	r.set(name, mark, c.scenes.Usable)
}

func (c *obsCard) show(v present.OBS, scenes present.Scenes, words *i18n.Words) {
	relabel := c.words == nil || c.words.Lang() != words.Lang()
	c.words = words
	if relabel || v != c.shown || !c.filled {
		c.showState(v, relabel)
	}
	if relabel || !c.filled || !scenes.Same(c.scenes) {
		moved := scenes.Program != c.scenes.Program
		c.scenes = scenes
		key := "window.obs.scenes"
		if scenes.Studio {
			key = "window.obs.studio"
		}
		c.caption.set(words.T(key, nil), present.Muted)
		setButton(c.take, words.T("window.obs.take", nil), theme.NavigateNextIcon(), widget.HighImportance, scenes.CanTake)
		if scenes.Studio {
			c.taking.Show()
		} else {
			c.taking.Hide()
		}
		c.none.Hidden = len(scenes.List) > 0 || !scenes.Usable
		c.none.set(words.T("window.obs.noscenes", nil), present.Muted)
		c.above.Hidden = len(scenes.List) == 0
		c.list.Hidden = len(scenes.List) == 0
		c.above.Refresh()
		c.body.Refresh()
		if i := indexOf(scenes); moved && i >= 0 {
			c.list.ScrollTo(i)
		}
	}
	c.filled = true
}

func indexOf(s present.Scenes) int {
	for i, scene := range s.List {
		if scene.Name == s.Program {
			return i
		}
	}
	return -1
}

func (c *obsCard) showState(v present.OBS, relabel bool) {
	arrange := relabel || !c.filled || v.Connected != c.shown.Connected || v.Hint != c.shown.Hint ||
		v.Action != c.shown.Action || v.Outdated != c.shown.Outdated || (v.Retry == "") != (c.shown.Retry == "")
	c.shown = v
	arrange = c.state.set(v.State, false) || arrange
	if !v.Connected {
		c.trouble.show(v, c.words)
	}
	c.outputs.show(v.Outputs, c.words)
	for i, s := range []present.Stat{v.FPS, v.Render, v.Dropped} {
		c.stats[i].set(s.Name, present.Mark{Text: s.Value, Color: present.Text})
	}
	if !arrange {
		return
	}
	c.outdated.SetText(v.Outdated)
	setButton(c.update, c.words.T("window.obs.update", nil), nil, widget.WarningImportance, true)
	c.trouble.object.Hidden = v.Connected
	c.sources.Hidden = v.Outdated == ""
	c.outputs.object.Hidden = !v.Connected
	c.figures.Hidden = !v.Connected || c.brief
	c.head.Refresh()
	c.body.Refresh()
}

// sceneRow is one scene.
type sceneRow struct {
	clickRow
	name, mark *line
}

func newSceneRow() *sceneRow {
	r := &sceneRow{name: newLine(sizeText, present.Text), mark: newLine(sizeCaption, present.Muted).bold().whole()}
	r.setup(28, container.New(box{8, 0}, container.New(row{shares: []float32{1}, gap: 8}, r.name, r.mark)))
	r.ExtendBaseWidget(r)
	return r
}

func (r *sceneRow) set(name string, mark present.Mark, usable bool) {
	text := present.Text
	if !usable {
		text = present.Muted
	}
	r.name.set(name, text)
	r.base = color.Transparent
	if mark.Text != "" {
		r.base = tint(mark.Color)
	}
	if r.mark.set(mark.Text, mark.Color) {
		r.strip.FillColor = mark.Color
		r.strip.Refresh()
		r.cells.Refresh()
	}
	r.paint()
}
