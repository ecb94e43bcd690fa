package present

import (
	"image/color"
	"sync/atomic"
)

// Theme is a set of colours for the window.
type Theme uint8

// The themes.
const (
	Dark         Theme = iota // for a window that stands open beside a show
	Light                     // for an office, or daylight on the screen
	HighContrast              // high contrast: text reaches 7 to 1
	Themes                    // how many there are
)

// Ink is a colour by what it is for. It is a [color.Color] that is looked up when it
// is drawn: in another theme it is another colour, without being set again.
type Ink uint8

// The inks. Text in Text, Muted, Accent, Good, Warn and Bad reaches a contrast of 4.5
// on Background, Surface and Raised, 7 in high contrast.
const (
	Background Ink = iota // behind everything
	Surface               // cards
	Raised                // buttons, fields
	Line                  // hairlines, empty tracks
	Text
	Muted // captions, what is not current
	Accent
	Good
	Warn
	Bad

	OnAccent // text on a field of Accent; likewise the next ones
	OnGood
	OnWarn
	Danger // fields of what hurts: stop, delete
	OnDanger
	Disabled // text of what cannot be pressed, and of hints
	Inert    // field of what cannot be pressed
	Over     // veil over what the pointer is on
	Pressed  // likewise, while it is pressed
	Focus    // around what has the keyboard
	Selected // behind chosen text
	Knob     // of a scroll bar
	Shadow
	Edge // around fields and boxes to tick
	Inks // how many there are
)

var palettes = [Themes][Inks]color.NRGBA{
	Dark: {
		Background: rgb(0x0c0f14), Surface: rgb(0x151a21), Raised: rgb(0x232b36), Line: rgb(0x2c3541),
		Text: rgb(0xe9eef4), Muted: rgb(0x9ba8b7), Accent: rgb(0x6cb2ff), Good: rgb(0x3ddc84), Warn: rgb(0xf2c14e), Bad: rgb(0xff7a70),
		OnAccent: rgb(0x061628), OnGood: rgb(0x041c0e), OnWarn: rgb(0x221802), Danger: rgb(0xd02a2a), OnDanger: rgb(0xffffff),
		Disabled: rgb(0x808c9a), Inert: rgb(0x1b212a),
		Over: {0xff, 0xff, 0xff, 0x12}, Pressed: {0xff, 0xff, 0xff, 0x28}, Focus: {0x6c, 0xb2, 0xff, 0x66},
		Selected: {0x6c, 0xb2, 0xff, 0x40}, Knob: {0xff, 0xff, 0xff, 0x40}, Shadow: {0, 0, 0, 0x90}, Edge: rgb(0x66788c),
	},
	Light: {
		Background: rgb(0xdfe4ea), Surface: rgb(0xf7f9fb), Raised: rgb(0xe3e8ee), Line: rgb(0xc3ccd6),
		Text: rgb(0x151b23), Muted: rgb(0x4c5866), Accent: rgb(0x0b57b0), Good: rgb(0x0c6535), Warn: rgb(0x7a4f00), Bad: rgb(0xb01c1c),
		OnAccent: rgb(0xffffff), OnGood: rgb(0xffffff), OnWarn: rgb(0xffffff), Danger: rgb(0xc42626), OnDanger: rgb(0xffffff),
		Disabled: rgb(0x5d6875), Inert: rgb(0xeceff3),
		Over: {0, 0, 0, 0x10}, Pressed: {0, 0, 0, 0x22}, Focus: {0x0b, 0x57, 0xb0, 0x66},
		Selected: {0x0b, 0x57, 0xb0, 0x38}, Knob: {0, 0, 0, 0x48}, Shadow: {0, 0, 0, 0x40}, Edge: rgb(0x76818d),
	},
	HighContrast: {
		Background: rgb(0x262626), Surface: rgb(0x000000), Raised: rgb(0x1c1c1c), Line: rgb(0x9a9a9a),
		Text: rgb(0xffffff), Muted: rgb(0xdadada), Accent: rgb(0x7cc4ff), Good: rgb(0x4cff9a), Warn: rgb(0xffe04a), Bad: rgb(0xff9c94),
		OnAccent: rgb(0x000000), OnGood: rgb(0x000000), OnWarn: rgb(0x000000), Danger: rgb(0x9c0000), OnDanger: rgb(0xffffff),
		Disabled: rgb(0xb0b0b0), Inert: rgb(0x000000),
		Over: {0xff, 0xff, 0xff, 0x20}, Pressed: {0xff, 0xff, 0xff, 0x38}, Focus: {0xff, 0xe0, 0x4a, 0xd0},
		Selected: {0x7c, 0xc4, 0xff, 0x58}, Knob: {0xff, 0xff, 0xff, 0xc0}, Shadow: {0xff, 0xff, 0xff, 0x60}, Edge: rgb(0xffffff),
	},
}

var used atomic.Uint32 // the theme in which inks are drawn

// Use has inks drawn in a theme from now on. It may be called from any goroutine;
// what is drawn already has to be refreshed.
func Use(theme Theme) { used.Store(uint32(theme)) }

// Used returns the theme in which inks are drawn.
func Used() Theme { return Theme(used.Load()) }

// In returns the ink's colour in a theme.
func (i Ink) In(theme Theme) color.NRGBA { return palettes[theme][i] }

// RGBA implements [color.Color].
func (i Ink) RGBA() (r, g, b, a uint32) { return i.In(Used()).RGBA() }

// Faded is a colour of which only a part is seen.
type Faded struct {
	Of    color.Color
	Alpha uint8 // 0 for nothing to 255 for all
}

// RGBA implements [color.Color].
func (f Faded) RGBA() (r, g, b, a uint32) {
	c := Solid(f.Of)
	c.A = f.Alpha
	return c.RGBA()
}

// Solid returns what a colour is now, which another theme no longer changes. Text is
// set in it: a drawn text is kept by its colour, and an ink is the same in every theme.
func Solid(c color.Color) color.NRGBA {
	if c == nil {
		return color.NRGBA{}
	}
	return color.NRGBAModel.Convert(c).(color.NRGBA)
}

// enough is the contrast that text needs.
func (t Theme) enough() float64 {
	if t == HighContrast {
		return 7
	}
	return 4.5
}
