package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// deviceColumns lays out a line of the list of devices: device, page, clock, round
// trip, and what is left at the right for buttons.
type deviceColumns struct{}

const deviceButtons float32 = 116

func (deviceColumns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const gap = 12
	left := size.Width - deviceButtons - 4*gap
	trip := float32(76)
	clock := toPixel(max(112, left*0.2))
	page := toPixel((left - clock - trip) * 0.44)
	widths := []float32{left - clock - trip - page, page, clock, trip, deviceButtons}
	x := float32(0)
	for i, o := range objects {
		o.Move(fyne.NewPos(x, 0))
		o.Resize(fyne.NewSize(widths[i], size.Height))
		x += widths[i] + gap
	}
}

func (deviceColumns) MinSize(objects []fyne.CanvasObject) fyne.Size {
	height := float32(0)
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return fyne.NewSize(480, height)
}

// deviceRow is a connection, or a paired device that is away.
type deviceRow struct {
	clickRow
	dot                           *canvas.Circle
	name, about, page, clock, way *line
	show                          *widget.Button
	more                          *moreIcon
	shown                         present.DeviceRow
	lang                          string
	identify                      func()
	menu                          func(at fyne.Position)
}

func newDeviceRow() *deviceRow {
	r := &deviceRow{
		dot: canvas.NewCircle(present.Muted), name: newLine(sizeText, present.Text), about: newLine(sizeCaption, present.Muted),
		page: newLine(sizeText, present.Text), clock: newLine(sizeText, present.Muted), way: newLine(sizeText, present.Muted),
	}
	r.show = widget.NewButton("", func() { r.identify() })
	r.more = newMoreIcon(func(at fyne.Position) { r.menu(at) })
	texts := container.New(middle{}, container.New(column{grow: -1}, r.name, r.about))
	device := container.New(row{shares: []float32{0, 1}, gap: 9}, container.New(fixed{8, 44}, container.New(fixed{8, 8}, r.dot)), texts)
	buttons := container.New(row{shares: []float32{1}, gap: 4}, container.New(middle{}, compact(r.show)), container.New(fixed{20, 44}, r.more))
	r.setup(46, container.New(deviceColumns{}, device, container.New(middle{}, r.page), container.New(middle{}, r.clock), container.New(middle{}, r.way), buttons))
	r.pick = func() {}
	r.ExtendBaseWidget(r)
	return r
}

// TappedSecondary is called by Fyne.
func (r *deviceRow) TappedSecondary(e *fyne.PointEvent) { r.menu(e.AbsolutePosition) }

func (r *deviceRow) set(v present.DeviceRow, words *i18n.Words) {
	if v == r.shown && r.lang == words.Lang() {
		return
	}
	r.shown, r.lang = v, words.Lang()
	dot, name := present.Muted, present.Muted
	if v.Connected {
		dot, name = present.Good, present.Text
	}
	r.dot.FillColor = dot
	r.dot.Refresh()
	r.name.set(v.Name, name)
	r.about.set(v.About, present.Muted)
	r.page.set(v.Page.Text, v.Page.Color)
	r.clock.set(v.Clock.Text, v.Clock.Color)
	r.way.set(v.RoundTrip, present.Muted)
	setButton(r.show, words.T("devices.identify", nil), nil, widget.MediumImportance, true)
	setVisible(r.show, v.Ours)
	r.more.Hidden = !v.Ours && !v.Paired
	r.cells.Refresh()
}
