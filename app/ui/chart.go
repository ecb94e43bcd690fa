package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// chart is one chart under its title and the values of its figures: those of the step
// under the pointer, else the latest.
type chart struct {
	object  *fyne.Container
	kind    present.ChartKind
	title   *line
	legends []*legend
	values  *fyne.Container // the legends
	plot    *plot
}

func newChart(kind present.ChartKind, hover func(part float32)) *chart {
	c := &chart{kind: kind, title: newHeading().whole(), plot: newPlot(hover), values: container.New(row{gap: 10})}
	c.title.text.TextSize = sizeText
	for i := range 3 {
		l := newLegend(i)
		c.legends = append(c.legends, l)
		c.values.Add(l.object)
	}
	c.object = container.New(chartLayout{}, c.title, c.values, c.plot)
	return c
}

// chartLayout stands the values at the right of the title, below it where it is narrow,
// and gives the plot what is left.
type chartLayout struct{}

func (chartLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	title, values := objects[0].MinSize(), objects[1].MinSize()
	objects[0].Resize(fyne.NewSize(min(title.Width, size.Width), title.Height))
	objects[1].Resize(values)
	top := title.Height
	if title.Width+12+values.Width <= size.Width {
		objects[1].Move(fyne.NewPos(size.Width-values.Width, toPixel((title.Height-values.Height)/2)))
	} else {
		objects[1].Move(fyne.NewPos(0, top))
		top += values.Height
	}
	objects[2].Move(fyne.NewPos(0, top+4))
	objects[2].Resize(fyne.NewSize(size.Width, max(0, size.Height-top-4)))
}

func (chartLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 90) }

// show draws the chart, and nothing but its grid without charts.
func (c *chart) show(charts *present.Charts, rules []app.AlertRule, words *i18n.Words) {
	c.title.set(words.T(present.ChartTitle(c.kind), nil), present.Text)
	if charts == nil {
		charts = &present.Charts{}
	}
	c.plot.set(charts.Of(c.kind, rules), func(v float32) string { return present.ChartValue(words, c.kind, v) })
}

// read shows the values of a step.
func (c *chart) read(charts *present.Charts, step int, words *i18n.Words) {
	if charts == nil {
		charts = &present.Charts{}
	}
	list := charts.Legends(words, c.kind, step)
	for i, l := range c.legends {
		seen(l.object, i < len(list))
		if i < len(list) {
			l.set(list[i], len(list) > 1)
		}
	}
	c.object.Refresh()
}

// legend is a series' dot, name and value.
type legend struct {
	object *fyne.Container
	dot    *canvas.Circle
	text   *line
	index  int
}

func newLegend(index int) *legend {
	l := &legend{dot: canvas.NewCircle(present.Muted), text: newLine(sizeCaption, present.Text).whole(), index: index}
	l.object = container.New(row{gap: 5}, container.New(fixed{8, 8}, container.New(middle{}, container.New(fixed{8, 8}, l.dot))), l.text)
	return l
}

func (l *legend) set(v present.Legend, named bool) {
	if ink := chartInks()[l.index]; l.dot.FillColor != ink {
		l.dot.FillColor = ink
		l.dot.Refresh()
	}
	text := v.Value
	if named {
		text = v.Name + " " + v.Value
	}
	l.text.set(text, present.Text)
}

// plot is the lines of a chart with the top of its scale, and a mark at the step under
// the pointer.
type plot struct {
	widget.BaseWidget
	raster *canvas.Raster
	top    *canvas.Text
	mark   *canvas.Rectangle
	shown  present.Chart
	drawn  int                // how often it was drawn
	hover  func(part float32) // is told where the pointer is, 0 to 1, negative for nowhere
	part   float32
}

func newPlot(hover func(part float32)) *plot {
	p := &plot{hover: hover, part: -1, top: canvas.NewText("", present.Muted), mark: canvas.NewRectangle(present.Muted)}
	p.top.TextSize = sizeCaption - 1
	p.raster = canvas.NewRaster(p.draw)
	p.mark.Hide()
	p.ExtendBaseWidget(p)
	return p
}

func (p *plot) draw(width, height int) image.Image {
	p.drawn++
	scale := float32(1)
	if w := p.Size().Width; w > 0 {
		scale = float32(width) / w
	}
	return drawChart(p.shown, width, height, scale)
}

func (p *plot) set(c present.Chart, write func(float32) string) {
	p.shown = c
	p.raster.Refresh()
	ink := present.Solid(present.Muted)
	if text := write(c.Top); p.top.Text != text || p.top.Color != ink {
		p.top.Text, p.top.Color = text, ink
		p.top.Refresh()
	}
}

// point puts the mark at a part of the width, nowhere for a negative one.
func (p *plot) point(part float32) {
	p.part = part
	seen(p.mark, part >= 0)
	p.place()
}

func (p *plot) place() {
	size := p.Size()
	p.mark.Move(fyne.NewPos(toPixel(p.part*(size.Width-1)), 0))
	p.mark.Resize(fyne.NewSize(1, size.Height))
}

// MouseIn, MouseMoved and MouseOut are called by Fyne.
func (p *plot) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

func (p *plot) MouseMoved(e *desktop.MouseEvent) {
	if width := p.Size().Width; width > 1 {
		p.hover(min(max(e.Position.X/(width-1), 0), 1))
	}
}
func (p *plot) MouseOut() { p.hover(-1) }

// CreateRenderer is called by Fyne.
func (p *plot) CreateRenderer() fyne.WidgetRenderer { return &plotRenderer{p} }

type plotRenderer struct{ p *plot }

func (r *plotRenderer) Layout(size fyne.Size) {
	r.p.raster.Resize(size)
	r.p.top.Move(fyne.NewPos(2, 1))
	r.p.top.Resize(r.p.top.MinSize())
	r.p.place()
}

func (r *plotRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 60) }
func (r *plotRenderer) Refresh()           { r.p.raster.Refresh() }
func (r *plotRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.p.raster, r.p.top, r.p.mark}
}
func (r *plotRenderer) Destroy() {}

// chartGrid lays charts out in two columns, in three where it is wide.
type chartGrid struct{}

func (chartGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	columns := 2
	if size.Width >= 1050 {
		columns = 3
	}
	rows := (len(objects) + columns - 1) / columns
	const space = 22
	width := toPixel((size.Width - float32(columns-1)*space) / float32(columns))
	height := toPixel((size.Height - float32(rows-1)*space*0.8) / float32(rows))
	for i, o := range objects {
		o.Move(fyne.NewPos(float32(i%columns)*(width+space), float32(i/columns)*(height+space*0.8)))
		o.Resize(fyne.NewSize(width, height))
	}
}

func (chartGrid) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(560, 330) }
