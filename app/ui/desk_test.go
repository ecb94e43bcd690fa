package ui

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// find returns the widget of a kind that lies in the open dialog and satisfies a
// condition; it fails the test where there is none.
func find[T fyne.CanvasObject](t *testing.T, s *stage, what string, holds func(T) bool) T {
	t.Helper()
	for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
		if found, ok := o.(T); ok && holds(found) {
			return found
		}
	}
	t.Errorf("there is no %s", what)
	var none T
	return none
}

// press taps the button of the open dialog with that text.
func (s *stage) press(t *testing.T, text string) {
	t.Helper()
	if b := find(t, s, "button "+text, func(b *widget.Button) bool { return b.Text == text }); b != nil {
		test.Tap(b)
	}
}

// choose takes an entry of the menu that is open.
func (s *stage) choose(t *testing.T, label string) {
	t.Helper()
	menu, ok := s.Canvas().Overlays().Top().(interface{ Content() fyne.CanvasObject })
	_ = menu
	_ = ok
	for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
		m, ok := o.(*widget.PopUpMenu)
		if !ok {
			continue
		}
		for _, o := range m.Items {
			if item, ok := o.(interface {
				fyne.Tappable
				fyne.Widget
			}); ok && says(item, label) {
				item.Tapped(nil)
				return
			}
		}
	}
	t.Errorf("there is no entry %q", label)
}

// says reports whether a widget shows a text.
func says(o fyne.Widget, text string) bool {
	for _, part := range test.WidgetRenderer(o).Objects() {
		if t, ok := part.(interface{ MinSize() fyne.Size }); ok && strings.Contains(fmt.Sprintf("%+v", t), text) {
			return true
		}
	}
	return false
}
