package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// compactSizes are for buttons in the narrow column at the right.
var compactSizes = map[fyne.ThemeSizeName]float32{theme.SizeNameText: sizeCaption, theme.SizeNameInnerPadding: 5, theme.SizeNameInlineIcon: 15}

// compact makes the buttons in an object small.
func compact(o fyne.CanvasObject) fyne.CanvasObject {
	c := &compacted{content: o}
	c.ExtendBaseWidget(c)
	inCompactLook.add(o)
	return c
}

// compacted is an object in the compact look.
type compacted struct {
	widget.BaseWidget
	content fyne.CanvasObject
}

// CreateRenderer is called by Fyne, again when the object has been out of sight for
// long: its widgets have forgotten their look by then.
func (c *compacted) CreateRenderer() fyne.WidgetRenderer {
	inCompactLook.add(c.content)
	return &compactedRenderer{c.content}
}

type compactedRenderer struct{ content fyne.CanvasObject }

func (r *compactedRenderer) Layout(size fyne.Size)        { r.content.Resize(size) }
func (r *compactedRenderer) MinSize() fyne.Size           { return r.content.MinSize() }
func (r *compactedRenderer) Refresh()                     { r.content.Refresh() }
func (r *compactedRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.content} }
func (r *compactedRenderer) Destroy()                     {}

// sharedLook gives many objects one look of their own.
//
// Fyne reads a look's fonts, 5 MB a style, for each ThemeOverride, and anew whenever one
// is refreshed; it never lets go of them. A list gives its rows the look that it has
// itself: so the objects go through one, as rows of it.
type sharedLook struct {
	make func() fyne.Theme
	size float32      // of its text, by which it is known
	list *widget.List // nil until it is needed
	next fyne.CanvasObject
}

// inCompactLook is used on the UI goroutine alone.
var inCompactLook = sharedLook{make: func() fyne.Theme { return sized{newLook(), compactSizes} }, size: sizeCaption}

// add gives an object the look.
func (s *sharedLook) add(o fyne.CanvasObject) {
	if s.list != nil && s.pass(o) {
		return
	}
	// The first one, or the list was forgotten, as it is where no window shows it.
	s.list = widget.NewList(func() int { return 0 }, s.row, func(int, fyne.CanvasObject) {})
	container.NewThemeOverride(s.list, s.make())
	s.pass(o)
}

// pass reports whether the object has the look now.
func (s *sharedLook) pass(o fyne.CanvasObject) bool {
	probe := widget.NewLabel("")
	s.next = container.NewWithoutLayout(o, probe)
	s.list.Refresh() // makes a row
	s.next = nil
	return probe.Theme().Size(theme.SizeNameText) == s.size
}

func (s *sharedLook) row() fyne.CanvasObject {
	if s.next == nil {
		return container.NewWithoutLayout()
	}
	return s.next
}

// keeper is what a window has among its objects so that Fyne, which forgets widgets that
// nobody asks for, keeps the list. It shows nothing.
type keeper struct {
	widget.BaseWidget
	look *sharedLook
}

func (s *sharedLook) keeper() fyne.CanvasObject {
	k := &keeper{look: s}
	k.ExtendBaseWidget(k)
	return k
}

// CreateRenderer is called by Fyne.
func (k *keeper) CreateRenderer() fyne.WidgetRenderer { return &keeperRenderer{k.look} }

type keeperRenderer struct{ look *sharedLook }

// Objects is called by Fyne for each frame, and now and then while there is none.
func (r *keeperRenderer) Objects() []fyne.CanvasObject {
	if r.look.list != nil {
		r.look.list.MinSize()
	}
	return nil
}

func (r *keeperRenderer) Layout(fyne.Size)   {}
func (r *keeperRenderer) MinSize() fyne.Size { return fyne.Size{} }
func (r *keeperRenderer) Refresh()           {}
func (r *keeperRenderer) Destroy()           {}
