package present

import (
	"fmt"
	"image/color"
	"testing"

	"cuewire/app"
)

// TestTextIsReadableInEveryTheme computes the contrast of every pair of a text and a
// field that the window uses.
func TestTextIsReadableInEveryTheme(t *testing.T) {
	texts := []Ink{Text, Muted, Accent, Good, Warn, Bad}
	type pair struct{ text, field Ink }
	pairs := []pair{{OnAccent, Accent}, {OnGood, Good}, {OnWarn, Warn}, {OnDanger, Danger}, {Disabled, Surface}}
	for _, text := range texts {
		for _, field := range []Ink{Background, Surface, Raised} {
			pairs = append(pairs, pair{text, field})
		}
	}
	for theme := range Themes {
		for _, p := range pairs {
			if got := Contrast(p.text.In(theme), p.field.In(theme)); got < theme.enough() {
				t.Errorf("theme %d: text %d on %d has a contrast of %.2f", theme, p.text, p.field, got)
			}
		}
		// A chip's text stands on its own colour, faded over a card or a raised field.
		for _, text := range texts {
			field := over(Faded{text.In(theme), 0x26}, Surface.In(theme))
			if got := Contrast(text.In(theme), field); got < 4.5 {
				t.Errorf("theme %d: text %d on its own tint has a contrast of %.2f", theme, text, got)
			}
		}
		// Of what cannot be pressed, and of lines, 3 is enough to be seen.
		for _, p := range []pair{{Disabled, Inert}, {Edge, Surface}, {Edge, Background}} {
			if got := Contrast(p.text.In(theme), p.field.In(theme)); got < 3 {
				t.Errorf("theme %d: %d on %d has a contrast of %.2f", theme, p.text, p.field, got)
			}
		}
	}
}

// over returns what a faded colour looks like on a field.
func over(f Faded, field color.NRGBA) color.NRGBA {
	c := Solid(f.Of)
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(f.Alpha) + int(b)*(255-int(f.Alpha))) / 255) }
	return color.NRGBA{mix(c.R, field.R), mix(c.G, field.G), mix(c.B, field.B), 255}
}

func TestARoomsColoursAreMadeReadable(t *testing.T) {
	for theme := range Themes {
		for _, text := range []string{"#000000", "#ffffff", "#101010", "#3b0000", "#00ff00", "#ffff00", "#808080", app.DefaultColorNormal} {
			if got := Contrast(Readable(theme, ColorOf(text)), Surface.In(theme)); got < theme.enough() {
				t.Errorf("theme %d: %s becomes a contrast of %.2f", theme, text, got)
			}
		}
	}
	if kept := Readable(Dark, ColorOf(app.DefaultColorRed)); kept != rgb(0xef4444) {
		t.Errorf("a colour that can be read becomes %v", kept)
	}
	if got := Contrast(rgb(0), rgb(0xffffff)); got < 20.9 || got > 21.1 {
		t.Errorf("black on white is %f", got)
	}
}

func TestAnInkIsAnotherColourInAnotherTheme(t *testing.T) {
	defer Use(Used())
	var shown color.Color = Muted
	Use(Dark)
	dark := Solid(shown)
	Use(Light)
	if light := Solid(shown); light == dark || light != Muted.In(Light) {
		t.Errorf("it is %v in the dark and %v in the light", dark, light)
	}
	if faded := Solid(Faded{Of: Accent, Alpha: 0x26}); fmt.Sprint(faded) != fmt.Sprint(color.NRGBA{0x0b, 0x57, 0xb0, 0x26}) {
		t.Errorf("faded it is %v", faded)
	}
}
