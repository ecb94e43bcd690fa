package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// emptyState says what a place is for while there is nothing in it, and offers
// the first step.
type emptyState struct {
	object  *fyne.Container
	title   *line
	purpose *widget.Label
	first   *widget.Button
}

func newEmptyState(step func()) *emptyState {
	e := &emptyState{
		title:   newLine(sizeTitle, present.Text).bold().align(fyne.TextAlignCenter),
		purpose: widget.NewLabel(""),
		first:   widget.NewButtonWithIcon("", theme.ContentAddIcon(), step),
	}
	e.purpose.Alignment = fyne.TextAlignCenter
	e.purpose.Wrapping = fyne.TextWrapWord
	e.first.Importance = widget.HighImportance
	e.object = container.New(column{grow: -1, gap: 4}, e.title, e.purpose, container.NewCenter(e.first))
	return e
}

func (e *emptyState) relabel(title, purpose, first string) {
	e.title.set(title, present.Text)
	e.purpose.SetText(purpose)
	e.first.SetText(first)
}
