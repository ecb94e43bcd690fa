package ui

import (
	"testing"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Each look of its own costs the memory of its fonts: all small buttons have one, which
// a refresh of what they stand in does not change.
func TestCompactObjectsShareOneLook(t *testing.T) {
	test.NewTempApp(t)
	first, second := widget.NewButton("One", nil), widget.NewButton("Two", nil)
	c := compact(container.New(row{}, first))
	compact(second)
	list := inCompactLook.list
	for _, b := range []*widget.Button{first, second} {
		if size := b.Theme().Size(theme.SizeNameText); size != sizeCaption {
			t.Errorf("the text of %q has size %v, want %v", b.Text, size, sizeCaption)
		}
	}
	if first.Theme() != second.Theme() {
		t.Error("two objects have a look each")
	}
	was := first.Theme()
	c.Refresh()
	container.NewVBox(c).Refresh()
	third := widget.NewButton("Three", nil)
	compact(third)
	if third.Theme() != was || inCompactLook.list != list {
		t.Error("an object that came later has another look")
	}
	if plain := widget.NewButton("Plain", nil); plain.Theme().Size(theme.SizeNameText) == sizeCaption {
		t.Error("a button outside has the look too")
	}
}
