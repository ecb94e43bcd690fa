package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// mostAlerts is how many alerts are listed.
const mostAlerts = 40

// alertList tells of the alerts of this run, the newest first.
type alertList struct {
	object *fyne.Container
	rows   *fyne.Container
	scroll *container.Scroll
	none   *widget.Label
	active []app.Alert
	recent []app.Alert
}

func newAlertList() *alertList {
	l := &alertList{rows: container.New(twice{column{grow: -1, gap: 12}}), none: widget.NewLabel("")}
	l.none.Wrapping = fyne.TextWrapWord
	l.scroll = container.NewVScroll(l.rows)
	l.object = container.NewStack(l.scroll, container.New(column{grow: -1}, l.none))
	return l
}

func (l *alertList) show(active, recent []app.Alert, words *i18n.Words, anew bool) {
	if !anew && sameAlerts(active, l.active) && sameAlerts(recent, l.recent) {
		return
	}
	l.active, l.recent = active, recent
	rows := make([]fyne.CanvasObject, 0, len(recent))
	for i, a := range recent {
		if i == mostAlerts {
			break
		}
		rows = append(rows, alertRow(present.TextOf(words, a, time.Local)))
	}
	l.rows.Objects = rows
	l.none.SetText(words.T("perf.alerts.none", nil))
	seen(l.none, len(rows) == 0)
	seen(l.scroll, len(rows) > 0)
	l.rows.Refresh()
	l.scroll.Refresh()
}

func sameAlerts(a, b []app.Alert) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// alertRow is what an alert says, beside a strip in the colour of how bad it is.
func alertRow(t present.AlertText) fyne.CanvasObject {
	paragraph := func(text string, importance widget.Importance) fyne.CanvasObject {
		p := widget.NewLabel(text)
		p.Wrapping, p.Importance = fyne.TextWrapWord, importance
		return container.New(box{-8, -8}, p)
	}
	when := newLine(sizeCaption, t.Color)
	when.set(t.When, t.Color)
	parts := []fyne.CanvasObject{when, paragraph(t.Text, widget.MediumImportance)}
	if t.Advice != "" {
		parts = append(parts, paragraph(t.Advice, widget.LowImportance))
	}
	strip := canvas.NewRectangle(t.Color)
	strip.CornerRadius = 2
	return container.New(stripe{}, strip, container.New(twice{column{grow: -1, gap: 2}}, parts...))
}

// twice lays out a second time: wrapped text tells its height only once it knows its
// width.
type twice struct{ column }

// Layout is called by Fyne.
func (t twice) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for range 2 {
		t.column.Layout(objects, size)
	}
}

// stripe stands a strip at the left of its second object.
type stripe struct{}

func (stripe) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(0, 2))
	objects[0].Resize(fyne.NewSize(4, size.Height-4))
	objects[1].Move(fyne.NewPos(14, 0))
	objects[1].Resize(fyne.NewSize(max(0, size.Width-22), size.Height))
}

func (stripe) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[1].MinSize().AddWidthHeight(22, 0)
}

// costList is a table of what is known of what each source costs.
type costList struct {
	object *fyne.Container
	all    *widget.Label
	note   *widget.Label
	heads  [5]*line
	list   *widget.List
	none   *line
	shown  []present.Cost
}

func newCostList() *costList {
	l := &costList{all: widget.NewLabel(""), note: widget.NewLabel(""), none: newLine(sizeText, present.Muted)}
	l.all.Wrapping, l.note.Wrapping = fyne.TextWrapWord, fyne.TextWrapWord
	l.note.Importance = widget.LowImportance
	heads := make([]fyne.CanvasObject, len(l.heads))
	for i := range l.heads {
		l.heads[i] = newCaption()
		if i > 0 {
			l.heads[i].align(fyne.TextAlignTrailing)
		}
		heads[i] = l.heads[i]
	}
	l.list = widget.NewList(func() int { return len(l.shown) },
		func() fyne.CanvasObject {
			cells := make([]fyne.CanvasObject, len(l.heads))
			for i := range cells {
				cell := newLine(sizeText, present.Text)
				if i > 0 {
					cell.align(fyne.TextAlignTrailing)
				}
				cells[i] = cell
			}
			return container.New(costColumns, cells...)
		},
		func(i int, o fyne.CanvasObject) {
			if i >= len(l.shown) {
				return
			}
			c := l.shown[i]
			for k, text := range []string{c.Name, c.FPS, c.LongFrames, c.CPU, c.Memory} {
				o.(*fyne.Container).Objects[k].(*line).set(text, present.Text)
			}
		})
	l.list.HideSeparators = true
	l.list.OnSelected = func(widget.ListItemID) { l.list.UnselectAll() }
	l.object = container.New(twice{column{grow: 3, gap: 4}}, container.New(box{-8, -8}, l.all), container.New(box{-8, -8}, l.note),
		container.New(costColumns, heads...), container.NewStack(l.list, container.New(column{grow: -1}, l.none)))
	return l
}

var costColumns = row{shares: []float32{1.9, 0.8, 1, 0.8, 1.3}, gap: 6}

func (l *costList) show(costs []present.Cost, all present.Mark, words *i18n.Words, anew bool) {
	if anew {
		l.note.SetText(words.T("perf.costs.note", nil))
		l.none.set(words.T("perf.costs.none", nil), present.Muted)
		for i, key := range []string{"perf.costs.name", "perf.costs.fps", "perf.costs.long", "perf.costs.cpu", "perf.costs.memory"} {
			l.heads[i].set(words.T(key, nil), present.Muted)
		}
	}
	if l.all.Text != all.Text {
		l.all.SetText(all.Text)
		l.object.Refresh()
	}
	l.shown = costs
	seen(l.none, len(costs) == 0)
	seen(l.list, len(costs) > 0)
	if l.object.Visible() {
		l.list.Refresh()
	}
}
