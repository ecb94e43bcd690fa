package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"cuewire/app/ui/present"
)

// figure is a value with its name above, and a thin meter below where it is a
// share of something.
type figure struct {
	object *fyne.Container
	name   *line
	value  *line
	meter  *canvas.Rectangle
	fill   *canvas.Rectangle
	share  float32
}

func newFigure() *figure {
	f := &figure{
		name: newCaption(), value: newLine(sizeText, present.Text),
		meter: rounded(present.Line, 1.5), fill: rounded(present.Accent, 1.5), share: -1,
	}
	f.object = container.New(column{grow: -1, gap: 0}, f.name, f.value)
	return f
}

// newMeter is a figure with a meter.
func newMeter() *figure {
	f := newFigure()
	f.object.Objects = append(f.object.Objects, container.New(meterLayout{f}, f.meter, f.fill))
	return f
}

func (f *figure) set(name string, value present.Mark) {
	f.name.set(name, present.Muted)
	f.value.set(value.Text, value.Color)
}

func (f *figure) setMeter(m present.Meter) {
	f.set(m.Name, m.Value)
	bar := m.Value.Color
	if bar == present.Text {
		bar = present.Accent
	}
	if f.share == m.Share && f.fill.FillColor == bar {
		return
	}
	f.share, f.fill.FillColor = m.Share, bar
	f.fill.Resize(fyne.NewSize(f.meter.Size().Width*max(f.share, 0), f.meter.Size().Height))
	f.fill.Refresh()
}

type meterLayout struct{ figure *figure }

func (m meterLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	f := m.figure
	f.meter.Move(fyne.NewPos(0, 3))
	f.meter.Resize(fyne.NewSize(size.Width, 3))
	f.fill.Move(fyne.NewPos(0, 3))
	f.fill.Resize(fyne.NewSize(size.Width*max(f.share, 0), 3))
}

func (meterLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(20, 6) }

// loadCard shows how busy the computer and Cuewire are.
type loadCard struct {
	object                         *fyne.Container
	own                            *fyne.Container // Cuewire's share, which a small window leaves out
	cpu, memory, ownCPU, ownMemory *figure
	shown                          present.Load
}

func newLoadCard() *loadCard {
	c := &loadCard{cpu: newMeter(), memory: newMeter(), ownCPU: newFigure(), ownMemory: newFigure()}
	half := row{shares: []float32{1, 1}, gap: 18}
	c.own = container.New(half, c.ownCPU.object, c.ownMemory.object)
	c.object = card(container.New(column{grow: -1, gap: 8}, container.New(half, c.cpu.object, c.memory.object), c.own))
	return c
}

func (c *loadCard) show(l present.Load) {
	if l == c.shown {
		return
	}
	c.shown = l
	c.cpu.setMeter(l.CPU)
	c.memory.setMeter(l.Memory)
	c.ownCPU.set(l.OwnCPU.Name, l.OwnCPU.Value)
	c.ownMemory.set(l.OwnMemory.Name, l.OwnMemory.Value)
}
