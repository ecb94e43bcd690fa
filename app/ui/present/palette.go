package present

import (
	"image/color"
	"math"
	"strconv"
)

// The colours of the window. Text colours reach a contrast of 4.5 on Surface and
// on Background.
var (
	Background = rgb(0x0c0f14) // behind everything
	Surface    = rgb(0x151a21) // cards
	Raised     = rgb(0x232b36) // buttons, fields
	Line       = rgb(0x2c3541) // hairlines, empty tracks
	Text       = rgb(0xe9eef4)
	Muted      = rgb(0x9ba8b7) // captions, what is not current
	Accent     = rgb(0x6cb2ff)
	Good       = rgb(0x3ddc84)
	Warn       = rgb(0xf2c14e)
	Bad        = rgb(0xff7a70)
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

// Readable returns c, made lighter where needed so that text in it stands out
// from Surface: a room's colours are a person's choice, and may be dark.
func Readable(c color.NRGBA) color.NRGBA {
	for Contrast(c, Surface) < 4.5 {
		c.R += (255-c.R)/8 + min(1, 255-c.R)
		c.G += (255-c.G)/8 + min(1, 255-c.G)
		c.B += (255-c.B)/8 + min(1, 255-c.B)
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
