package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"cuewire/app/i18n"
)

// listRow is a row of a rowList, which shows one V.
type listRow[V any] interface {
	canvas() fyne.CanvasObject
	// set shows v, with its words anew when relabel says so.
	set(v V, words *i18n.Words, relabel bool)
}

// emptyTexts are the keys of an empty state's texts.
type emptyTexts struct{ title, purpose, first string }

// rowList is a short list that scrolls, one row of widgets for each V, and says what
// it is for while there is nothing in it. Rows are kept for those that come later.
type rowList[V comparable, R listRow[V]] struct {
	object *fyne.Container
	column *fyne.Container
	scroll *container.Scroll
	rows   []R // one for each that was ever shown at once
	empty  *emptyState
	shown  []V
	lang   string
	texts  emptyTexts
	make   func() R
}

// newRowList makes an empty list; first is the step that its empty state offers.
func newRowList[V comparable, R listRow[V]](texts emptyTexts, first func(), row func() R) *rowList[V, R] {
	l := &rowList[V, R]{texts: texts, make: row, empty: newEmptyState(first), column: container.New(column{grow: -1, gap: 6})}
	l.scroll = container.NewVScroll(l.column)
	l.object = container.NewStack(l.scroll, l.empty.object)
	return l
}

func (l *rowList[V, R]) show(values []V, words *i18n.Words) {
	relabel := l.lang != words.Lang()
	if !relabel && slices.Equal(values, l.shown) {
		return
	}
	recount := relabel || len(values) != len(l.shown)
	l.shown, l.lang = values, words.Lang()
	for len(l.rows) < len(values) {
		r := l.make()
		l.rows = append(l.rows, r)
		l.column.Add(r.canvas())
	}
	for i, r := range l.rows {
		setVisible(r.canvas(), i < len(values))
		if i < len(values) {
			r.set(values[i], words, relabel)
		}
	}
	if !recount {
		return
	}
	l.empty.relabel(words.T(l.texts.title, nil), words.T(l.texts.purpose, nil), words.T(l.texts.first, nil))
	l.empty.object.Hidden = len(values) > 0
	setVisible(l.scroll, len(values) > 0)
	l.column.Refresh()
	l.object.Refresh()
}
