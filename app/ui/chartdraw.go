package ui

import (
	"image"
	"image/color"

	"cuewire/app/ui/present"
)

// chartInks are the colours of a chart's series, in their order.
func chartInks() [3]color.NRGBA {
	return [3]color.NRGBA{present.Solid(present.Accent), present.Solid(present.Good), {0xa0, 0x6c, 0xf0, 0xff}}
}

// drawChart draws the lines of a chart, without texts, on a clear picture of that size.
// What is not known is a gap.
func drawChart(c present.Chart, width, height int, scale float32) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	if width < 2 || height < 2 || c.Top <= 0 {
		return img
	}
	inks := chartInks()
	if len(c.Series) > 0 {
		drawVeil(img, c.Series[0], c.Top, inks[0])
	}
	grid := present.Solid(present.Line)
	for i := range 3 { // top, middle, bottom
		y := i * (height - 1) / 2
		for x := range width {
			img.SetNRGBA(x, y, grid)
		}
	}
	dash := max(int(6*scale), 1)
	for _, limit := range c.Limits {
		ink, y := present.Solid(limit.Color), int(chartY(limit.Value, c.Top, height))
		for x := range width {
			if x/dash%2 == 0 {
				blend(img, x, y, ink, 0.75)
			}
		}
	}
	for i := len(c.Series) - 1; i >= 0; i-- { // the first on top
		drawSeries(img, c.Series[i], c.Top, inks[i%len(inks)], 1.8*scale)
	}
	return img
}

// chartY returns how far from the top a value stands.
func chartY(v, top float32, height int) float32 {
	return (1 - min(max(v/top, 0), 1)) * float32(height-1)
}

// lineAt returns the height of a line at a place between its values, and whether it is
// known there. A value alone is as wide as a step.
func lineAt(values []float32, pos, top float32, height int) (y float32, ok bool) {
	pos = min(max(pos, 0), float32(len(values)-1))
	i := min(int(pos), len(values)-2)
	left, right, part := values[i], values[i+1], pos-float32(i)
	hasLeft, hasRight := left == left, right == right // NaN differs from itself
	switch {
	case hasLeft && hasRight:
		return chartY(left+(right-left)*part, top, height), true
	case hasLeft && part <= 0.5:
		return chartY(left, top, height), true
	case hasRight && part >= 0.5:
		return chartY(right, top, height), true
	}
	return 0, false
}

// drawVeil dims a clear picture below a line.
func drawVeil(img *image.NRGBA, values []float32, top float32, ink color.NRGBA) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	if len(values) < 2 {
		return
	}
	step := float32(len(values)-1) / float32(width-1)
	for x := range width {
		line, ok := lineAt(values, float32(x)*step, top, height)
		if !ok {
			continue
		}
		for i := img.PixOffset(x, int(line)); i < len(img.Pix); i += img.Stride {
			p := img.Pix[i : i+4 : i+4]
			p[0], p[1], p[2], p[3] = ink.R, ink.G, ink.B, 0x1a
		}
	}
}

// drawSeries draws one line, column by column.
func drawSeries(img *image.NRGBA, values []float32, top float32, ink color.NRGBA, thick float32) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	if len(values) < 2 {
		return
	}
	step := float32(len(values)-1) / float32(width-1)
	from, ok := lineAt(values, -0.5*step, top, height)
	for x := range width {
		to, also := lineAt(values, (float32(x)+0.5)*step, top, height)
		if ok || also {
			first, last := from, to
			if !ok {
				first = to
			} else if !also {
				last = from
			}
			upper, lower := min(first, last)-thick/2+0.5, max(first, last)+thick/2+0.5
			for y := max(int(upper), 0); y < height && float32(y) < lower; y++ {
				blend(img, x, y, ink, min(lower, float32(y+1))-max(upper, float32(y)))
			}
		}
		from, ok = to, also
	}
}

// blend puts a part of an opaque colour over a pixel.
func blend(img *image.NRGBA, x, y int, c color.NRGBA, part float32) {
	i := img.PixOffset(x, y)
	p := img.Pix[i : i+4 : i+4]
	if part >= 1 || p[3] == 0 {
		p[0], p[1], p[2], p[3] = c.R, c.G, c.B, uint8(min(part, 1)*255+0.5)
		return
	}
	under := float32(p[3]) / 255 * (1 - part)
	alpha := part + under
	if alpha <= 0 {
		return
	}
	mix := func(over, below uint8) uint8 { return uint8((float32(over)*part+float32(below)*under)/alpha + 0.5) }
	p[0], p[1], p[2], p[3] = mix(c.R, p[0]), mix(c.G, p[1]), mix(c.B, p[2]), uint8(min(alpha, 1)*255+0.5)
}
