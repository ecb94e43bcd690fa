package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// rundownCard is the list of timers. A click on one goes to it.
type rundownCard struct {
	object  *fyne.Container
	heading *line
	summary *line
	add     *widget.Button
	columns [5]*line
	list    *widget.List
	body    *fyne.Container // the list under its columns
	empty   *emptyState
	words   *i18n.Words
	shown   present.Rundown
	filled  bool // shown has been set
	pick    func(id string)
}

func newRundownCard(w *Window) *rundownCard {
	c := &rundownCard{
		heading: newHeading().whole(), summary: newLine(sizeText, present.Muted),
		add: widget.NewButtonWithIcon("", theme.ContentAddIcon(), w.askTimer), pick: w.goTo,
	}
	c.add.Importance = widget.LowImportance
	c.list = widget.NewList(
		func() int { return len(c.shown.Timers) },
		func() fyne.CanvasObject { return newCueRow() },
		func(i int, o fyne.CanvasObject) { c.fill(i, o.(*cueRow)) },
	)
	c.list.HideSeparators = true
	c.list.OnSelected = func(i int) { // by keyboard: rows take the pointer's clicks themselves
		c.list.UnselectAll()
		if i < len(c.shown.Timers) {
			c.pick(c.shown.Timers[i].ID)
		}
	}
	head := make([]fyne.CanvasObject, len(c.columns))
	for i := range c.columns {
		c.columns[i] = newCaption()
		head[i] = c.columns[i]
	}
	c.columns[0].align(fyne.TextAlignTrailing)
	c.columns[3].align(fyne.TextAlignTrailing)
	c.empty = newEmptyState(w.askTimer)
	top := container.New(row{shares: []float32{0, 1}, gap: 12}, c.heading, c.summary, c.add)
	c.body = container.New(column{grow: 1, gap: 2}, container.New(box{4, 0}, container.New(cueColumns{}, head...)), c.list)
	c.object = card(container.New(column{grow: 1, gap: 4}, top, container.NewStack(c.body, c.empty.object)))
	return c
}

func (c *rundownCard) fill(i int, r *cueRow) {
	if i < 0 || i >= len(c.shown.Timers) {
		return
	}
	id := c.shown.Timers[i].ID
	r.pick = func() { c.pick(id) }
	r.set(c.shown.Row(i, c.words))
}

func (c *rundownCard) show(r present.Rundown, words *i18n.Words) {
	relabel := c.words == nil || c.words.Lang() != words.Lang()
	if c.filled && !relabel && r.Same(c.shown) {
		return
	}
	moved := !c.filled || r.Current != c.shown.Current
	recount := !c.filled || relabel || len(r.Timers) != len(c.shown.Timers) ||
		len(r.Timers) > 0 && &r.Timers[0] != &c.shown.Timers[0]
	c.shown, c.words, c.filled = r, words, true
	if relabel {
		c.heading.set(words.T("window.rundown.title", nil), present.Text)
		c.add.SetText(words.T("window.rundown.add", nil))
		for i, key := range []string{"", "window.rundown.name", "window.rundown.speaker", "window.rundown.length", "window.rundown.state"} {
			if key != "" {
				c.columns[i].set(words.T(key, nil), present.Muted)
			}
		}
		c.columns[0].set("#", present.Muted)
		c.empty.relabel(words.T("window.rundown.empty", nil), words.T("window.rundown.purpose", nil), words.T("window.rundown.first", nil))
		c.object.Refresh()
	}
	if recount {
		summary := ""
		if len(r.Timers) > 0 {
			summary = r.Summary(words)
		}
		c.summary.set(summary, present.Muted)
	}
	c.empty.object.Hidden = len(r.Timers) > 0
	c.body.Hidden = len(r.Timers) == 0
	c.empty.object.Refresh()
	if moved && r.Current >= 0 {
		c.list.ScrollTo(r.Current) // refreshes too
		return
	}
	c.list.Refresh()
}

// cueColumns lays out the cells of a row of the rundown: position, name, speaker,
// length, state.
type cueColumns struct{}

func (cueColumns) Layout(cells []fyne.CanvasObject, size fyne.Size) {
	const position, length, state = 44, 80, 150
	left := max(0, size.Width-position-length-state-4*12-8)
	name := toPixel(left * 0.6)
	x := float32(0)
	for i, width := range []float32{position, name, left - name, length, state} {
		cells[i].Move(fyne.NewPos(x, 0))
		cells[i].Resize(fyne.NewSize(width, size.Height))
		x += width + 12
	}
}

func (cueColumns) MinSize(cells []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, cells[0].MinSize().Height)
}
