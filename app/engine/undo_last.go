package engine

import (
	"slices"

	"cuewire/app"
)

// inLibrary stands in a [changeOrder] for the library of sources; rooms stand there by
// their ids.
const inLibrary = ""

// changeOrder is where changes that can be undone were made, and where undone ones can
// be made again, the last one last. Its lists are replaced, never changed.
type changeOrder struct{ past, future []string }

// orderLength is how many of them are remembered.
const orderLength = 5 * historyLength

// noted puts a change at the end: what was undone before it is not made again after it.
func (t *tx) noted(where string) {
	past := t.order.past
	t.order = changeOrder{past: append(past[max(0, len(past)-orderLength+1):len(past):len(past)], where)}
}

// unnoted forgets the last change, which became one with that before it.
func (t *tx) unnoted() {
	if last := len(t.order.past) - 1; last >= 0 {
		t.order.past = t.order.past[:last:last]
	}
}

// forgotten forgets all changes of a room that is gone.
func (t *tx) forgotten(where string) {
	gone := func(other string) bool { return other == where }
	t.order = changeOrder{slices.DeleteFunc(slices.Clone(t.order.past), gone), slices.DeleteFunc(slices.Clone(t.order.future), gone)}
}

// turned notes that the last change made somewhere was undone, or made again.
func (t *tx) turned(where string, undone bool) {
	from, to := &t.order.past, &t.order.future
	if !undone {
		from, to = to, from
	}
	for i, other := range slices.Backward(*from) {
		if other == where {
			*from = slices.Delete(slices.Clone(*from), i, i+1)
			break
		}
	}
	*to = append((*to)[:len(*to):len(*to)], where)
}

// undoLast takes back the last change of all rooms and the library.
func (t *tx) undoLast() error {
	for _, where := range slices.Backward(t.order.past) {
		switch {
		case where == inLibrary && len(t.library.past) > 0:
			return t.undoSources()
		case where != inLibrary && len(t.e.histories[where].past) > 0:
			return t.undo(where)
		}
	}
	return app.NewError(app.CodeConflict, "error.nothingToUndo", "There is nothing to undo.", nil)
}

// redoLast makes again what was undone last, while nothing was changed since.
func (t *tx) redoLast() error {
	for _, where := range slices.Backward(t.order.future) {
		switch {
		case where == inLibrary && len(t.library.future) > 0:
			return t.redoSources()
		case where != inLibrary && len(t.e.histories[where].future) > 0:
			return t.redo(where)
		}
	}
	return app.NewError(app.CodeConflict, "error.nothingToRedo", "There is nothing to redo.", nil)
}
