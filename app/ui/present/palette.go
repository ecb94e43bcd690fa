package present

import (
	"image/color"
	"math"
	"strconv"
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// parseColor reads "#rrggbb"; anything else gives the fallback.
func parseColor(text string, fallback color.NRGBA) color.NRGBA {
	if len(text) != 7 || text[0] != '#' {
		return fallback
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return fallback
	}
	return rgb(uint32(n))
}

// Readable returns c, made lighter or darker where needed so that text in it stands
// out from a theme's Surface: a room's colours are a person's choice.
func Readable(theme Theme, c color.NRGBA) color.NRGBA {
	p := palettes[theme]
	toward := func(v, to uint8) uint8 {
		if step := (int(to) - int(v)) / 8; step != 0 {
			return uint8(int(v) + step)
		}
		return to
	}
	for Contrast(c, p[Surface]) < theme.enough() {
		to := p[Text]
		if c.R == to.R && c.G == to.G && c.B == to.B {
			break
		}
		c.R, c.G, c.B = toward(c.R, to.R), toward(c.G, to.G), toward(c.B, to.B)
	}
	return c
}

// Contrast returns the contrast ratio of two colours as WCAG 2 defines it, 1 to 21.
func Contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// IsColor reports whether text is a colour as "#rrggbb".
func IsColor(text string) bool { return parseColor(text, color.NRGBA{}).A != 0 }

// ColorOf returns the colour that text names as "#rrggbb", no colour for another.
func ColorOf(text string) color.NRGBA { return parseColor(text, color.NRGBA{}) }

// LabelColors are offered for labels.
var LabelColors = []string{"#ef4444", "#f59e0b", "#eab308", "#22c55e", "#14b8a6", "#3b82f6", "#a855f7", "#ec4899"}
