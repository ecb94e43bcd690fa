package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// swatch is a field of a colour that can be clicked.
type swatch struct {
	widget.BaseWidget
	field *canvas.Rectangle
	pick  func()
}

func newSwatch(c color.Color, pick func()) *swatch {
	s := &swatch{field: rounded(c, 6), pick: pick}
	s.field.StrokeColor, s.field.StrokeWidth = present.Line, 1
	s.ExtendBaseWidget(s)
	return s
}

// CreateRenderer is called by Fyne.
func (s *swatch) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.field) }

// MinSize is called by Fyne.
func (s *swatch) MinSize() fyne.Size { return fyne.NewSize(28, 28) }

// Tapped is called by Fyne.
func (s *swatch) Tapped(*fyne.PointEvent) {
	if s.pick != nil {
		s.pick()
	}
}

// Cursor is called by Fyne.
func (s *swatch) Cursor() desktop.Cursor { return desktop.PointerCursor }

// color is a field for a colour: what is written, how it looks, and some to choose
// from.
func (s *sheet) color(tab int, name, caption, value string, offered []string) (*field, fyne.CanvasObject) {
	f := s.w.newField()
	f.SetText(value)
	f.SetPlaceHolder("#rrggbb")
	f.OnSubmitted = func(string) { s.submit() }
	look := newSwatch(present.ColorOf(value), nil)
	f.OnChanged = func(text string) {
		s.clear(name)
		look.field.FillColor = present.ColorOf(text)
		look.field.Refresh()
	}
	cells := []fyne.CanvasObject{container.NewCenter(look), s.ask(tab, name, caption, f)}
	below := make([]fyne.CanvasObject, 0, len(offered))
	for _, c := range offered {
		below = append(below, newSwatch(present.ColorOf(c), func() { f.SetText(c) }))
	}
	a := s.asked[name]
	input := container.New(row{shares: []float32{0, 1}, gap: 8}, cells[0], f)
	a.object.Objects[1] = input
	if len(below) > 0 {
		a.object.Objects = append(a.object.Objects, container.New(box{0, 4}, container.New(row{gap: 6}, below...)))
	}
	return f, a.object
}

// three stands three side by side.
func three(a, b, c fyne.CanvasObject) fyne.CanvasObject {
	return container.New(row{shares: []float32{1, 1, 1}, gap: 12}, a, b, c)
}
