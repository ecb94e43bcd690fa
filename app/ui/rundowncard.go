package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// rundownCard is the list of timers. A click on one goes to it, a double click
// edits it.
type rundownCard struct {
	object  *fyne.Container
	columns [7]*line
	list    *widget.List
	body    *fyne.Container // the list under its columns
	empty   *emptyState
	words   *i18n.Words
	shown   present.Rundown
	filled  bool   // shown has been set
	summary string // how many timers there are, and how long they take
	w       *Window
}

func newRundownCard(w *Window) *rundownCard {
	c := &rundownCard{w: w}
	c.list = widget.NewList(
		func() int { return len(c.shown.Timers) },
		func() fyne.CanvasObject { return newCueRow() },
		func(i int, o fyne.CanvasObject) { c.fill(i, o.(*cueRow)) },
	)
	c.list.HideSeparators = true
	c.list.OnSelected = func(i int) { // by keyboard: rows take the pointer's clicks themselves
		c.list.UnselectAll()
		if i < len(c.shown.Timers) {
			w.goTo(c.shown.Timers[i].ID)
		}
	}
	head := make([]fyne.CanvasObject, len(c.columns))
	for i := range c.columns {
		c.columns[i] = newCaption()
		head[i] = c.columns[i]
	}
	c.columns[0].align(fyne.TextAlignTrailing)
	c.columns[5].align(fyne.TextAlignTrailing)
	c.empty = newEmptyState(w.askTimer)
	c.body = container.New(column{grow: 1, gap: 2}, container.New(box{4, 0}, container.New(cueColumns{}, head...)), c.list)
	c.object = container.NewStack(c.body, c.empty.object)
	return c
}

func (c *rundownCard) fill(i int, r *cueRow) {
	if i < 0 || i >= len(c.shown.Timers) {
		return
	}
	id := c.shown.Timers[i].ID
	r.pick = func() { c.w.goTo(id) }
	r.edit = func() { c.w.editTimer(id) }
	r.menu = func(at fyne.Position) { c.w.cueMenu(id, at) }
	r.set(c.shown.Row(i, c.words))
}

var columnTexts = [...]string{
	"", "window.rundown.name", "window.rundown.speaker", "crew.rundown.planned", "crew.rundown.expected",
	"window.rundown.length", "window.rundown.state",
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
		for i, key := range columnTexts {
			if key != "" {
				c.columns[i].set(words.T(key, nil), present.Muted)
			}
		}
		c.columns[0].set("#", present.Muted)
		c.empty.relabel(words.T("window.rundown.empty", nil), words.T("window.rundown.purpose", nil), words.T("window.rundown.first", nil))
		c.object.Refresh()
	}
	if recount {
		c.summary = ""
		if len(r.Timers) > 0 {
			c.summary = r.Summary(words)
		}
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
// planned and expected start, length, state, and the menu where there is one. Where
// it is narrow the speaker is left out.
type cueColumns struct{}

func (cueColumns) Layout(cells []fyne.CanvasObject, size fyne.Size) {
	const gap, position, clock, length, more = 10, 34, 62, 64, 20
	state := float32(150)
	left := size.Width - position - 2*clock - length - more - 7*gap - state
	if left < 150 {
		left, state = left+40, 110
	}
	left = max(0, left)
	name, speaker := left+gap, float32(0)
	if left >= 280 {
		name = toPixel(left * 0.6)
		speaker = left - name
	}
	x := float32(0)
	for i, width := range []float32{position, name, speaker, clock, clock, length, state, more} {
		if i == len(cells) {
			break
		}
		if i == 2 && cells[i].Visible() == (speaker == 0) {
			setVisible(cells[i], speaker > 0)
		}
		if width == 0 {
			continue
		}
		cells[i].Move(fyne.NewPos(x, 0))
		cells[i].Resize(fyne.NewSize(width, size.Height))
		x += width + gap
	}
}

func (cueColumns) MinSize(cells []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(400, cells[0].MinSize().Height)
}

func setVisible(o fyne.CanvasObject, on bool) {
	if on {
		o.Show()
		return
	}
	o.Hide()
}
