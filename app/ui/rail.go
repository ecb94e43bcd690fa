package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

const (
	railWidth  float32 = 84
	railHeight float32 = 58 // of an item
)

// rail chooses between the window's areas.
type rail struct {
	object *fyne.Container
	items  [present.Areas]*railItem
	shown  present.Area
	lang   string
}

func newRail(w *Window) *rail {
	r := &rail{}
	objects := make([]fyne.CanvasObject, 0, present.Areas)
	for i, icon := range [present.Areas]fyne.Resource{
		theme.HistoryIcon(), theme.ListIcon(), theme.GridIcon(), theme.MediaVideoIcon(), theme.StorageIcon(), theme.ComputerIcon(),
		theme.AccountIcon(), theme.SettingsIcon(),
	} {
		r.items[i] = newRailItem(icon, func() { w.openArea(present.Area(i)) })
		objects = append(objects, r.items[i])
	}
	r.object = container.NewStack(canvas.NewRectangle(present.Background),
		container.New(box{0, 6}, container.New(column{grow: -1, gap: 4}, objects...)))
	return r
}

func (r *rail) show(area present.Area, words *i18n.Words) {
	if area == r.shown && r.lang == words.Lang() {
		return
	}
	r.shown, r.lang = area, words.Lang()
	for i, item := range r.items {
		item.set(words.T(present.AreaNames[i], nil), present.Area(i) == area)
	}
}

// railItem is an area's icon with its name below.
type railItem struct {
	widget.BaseWidget
	field, strip *canvas.Rectangle
	icon         *widget.Icon
	name         *line
	open         func()
	text         string
	chosen, over bool
}

func newRailItem(icon fyne.Resource, open func()) *railItem {
	r := &railItem{
		field: rounded(color.Transparent, 8), strip: rounded(color.Transparent, 1.5), icon: widget.NewIcon(icon),
		name: newLine(sizeCaption, present.Muted).align(fyne.TextAlignCenter), open: open,
	}
	r.ExtendBaseWidget(r)
	return r
}

func (r *railItem) set(name string, chosen bool) {
	r.chosen, r.text = chosen, name
	r.paint()
}

func (r *railItem) paint() {
	ink := present.Muted
	r.field.FillColor, r.strip.FillColor = color.Transparent, color.Transparent
	if r.chosen {
		r.field.FillColor, r.strip.FillColor, ink = present.Surface, present.Accent, present.Text
	} else if r.over {
		r.field.FillColor = present.Raised
	}
	r.name.set(r.text, ink)
	r.field.Refresh()
}

// Tapped is called by Fyne.
func (r *railItem) Tapped(*fyne.PointEvent) { r.open() }

// MouseIn is called by Fyne.
func (r *railItem) MouseIn(*desktop.MouseEvent) { r.hover(true) }

// MouseMoved is called by Fyne.
func (r *railItem) MouseMoved(*desktop.MouseEvent) {}

// MouseOut is called by Fyne.
func (r *railItem) MouseOut() { r.hover(false) }

func (r *railItem) hover(over bool) {
	r.over = over
	r.paint()
}

// Cursor is called by Fyne.
func (r *railItem) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is called by Fyne.
func (r *railItem) CreateRenderer() fyne.WidgetRenderer { return &railItemRenderer{r} }

type railItemRenderer struct{ item *railItem }

func (r *railItemRenderer) Layout(size fyne.Size) {
	i := r.item
	i.field.Move(fyne.NewPos(5, 0))
	i.field.Resize(fyne.NewSize(size.Width-10, size.Height))
	i.strip.Move(fyne.NewPos(1, 12))
	i.strip.Resize(fyne.NewSize(3, size.Height-24))
	i.icon.Move(fyne.NewPos(toPixel((size.Width-22)/2), 8))
	i.icon.Resize(fyne.NewSize(22, 22))
	i.name.Move(fyne.NewPos(0, 34))
	i.name.Resize(fyne.NewSize(size.Width, i.name.MinSize().Height))
}

func (r *railItemRenderer) MinSize() fyne.Size { return fyne.NewSize(railWidth, railHeight) }
func (r *railItemRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.item.field, r.item.strip, r.item.icon, r.item.name}
}
func (r *railItemRenderer) Refresh() { r.item.paint() }
func (r *railItemRenderer) Destroy() {}
