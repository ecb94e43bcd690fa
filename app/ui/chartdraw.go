package ui

import (
	"image"
	"image/color"
	"math"

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
	grid := present.Solid(present.Line)
	for i := range 3 { // top, middle, bottom
		y := i * (height - 1) / 2
		for x := range width {
			img.SetNRGBA(x, y, grid)
		}
	}
	for _, limit := range c.Limits {
		ink := present.Solid(limit.Color)
		y := int(chartY(limit.Value, c.Top, height))
		for x := range width {
			if dash := int(6 * scale); x/max(dash, 1)%2 == 0 {
				blend(img, x, min(max(y, 0), height-1), ink, 0.75)
			}
		}
	}
	inks := chartInks()
	for i := len(c.Series) - 1; i >= 0; i-- { // the first on top
		drawSeries(img, c.Series[i], c.Top, inks[i%len(inks)], 1.8*scale, i == 0)
	}
	return img
}

// chartY returns how far from the top a value stands.
func chartY(v, top float32, height int) float32 {
	return (1 - min(max(v/top, 0), 1)) * float32(height-1)
}

// drawSeries draws one line, column by column, with a veil below it where filled says so.
func drawSeries(img *image.NRGBA, values []float32, top float32, ink color.NRGBA, thick float32, filled bool) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	if len(values) < 2 {
		return
	}
	step := float32(len(values)-1) / float32(width-1)
	// at returns the height of the line at a place between the values.
	at := func(pos float32) (y float32, ok bool) {
		pos = min(max(pos, 0), float32(len(values)-1))
		i := min(int(pos), len(values)-2)
		left, right, part := values[i], values[i+1], pos-float32(i)
		switch {
		case left != left && right != right:
			return 0, false
		case left != left: // a value alone is as wide as a step
			if part < 0.5 {
				return 0, false
			}
			return chartY(right, top, height), true
		case right != right:
			if part > 0.5 {
				return 0, false
			}
			return chartY(left, top, height), true
		}
		return chartY(left+(right-left)*part, top, height), true
	}
	for x := range width {
		from, ok := at((float32(x) - 0.5) * step)
		to, also := at((float32(x) + 0.5) * step)
		switch {
		case !ok && !also:
			continue
		case !ok:
			from = to
		case !also:
			to = from
		}
		upper, lower := min(from, to)-thick/2+0.5, max(from, to)+thick/2+0.5
		if filled {
			for y := max(int(lower), 0); y < height; y++ {
				blend(img, x, y, ink, 0.1)
			}
		}
		for y := max(int(math.Floor(float64(upper))), 0); y < height && float32(y) < lower; y++ {
			blend(img, x, y, ink, min(lower, float32(y+1))-max(upper, float32(y)))
		}
	}
}

// blend puts a part of a colour over a pixel.
func blend(img *image.NRGBA, x, y int, c color.NRGBA, part float32) {
	i := img.PixOffset(x, y)
	p := img.Pix[i : i+4 : i+4]
	part *= float32(c.A) / 255
	under := float32(p[3]) / 255 * (1 - part)
	alpha := part + under
	if alpha <= 0 {
		return
	}
	mix := func(over, below uint8) uint8 { return uint8((float32(over)*part+float32(below)*under)/alpha + 0.5) }
	p[0], p[1], p[2], p[3] = mix(c.R, p[0]), mix(c.G, p[1]), mix(c.B, p[2]), uint8(min(alpha, 1)*255+0.5)
}
