package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"cuewire/app/ui/present"
)

// Sizes of text beside the theme's own.
const (
	sizeCaption float32 = 12
	sizeText    float32 = 14
	sizeTitle   float32 = 16
	sizeName    float32 = 21
)

// sizeNameHint is the size of a text that explains.
const sizeNameHint fyne.ThemeSizeName = "hint"

// Spaces, in Fyne's pixels.
const (
	gap   float32 = 8  // between the parts of the window
	inset float32 = 16 // inside a part
)

// look is Cuewire's theme for Fyne: the colours of the theme chosen, sizes, and Fyne's
// fonts and icons.
type look struct{ fyne.Theme }

func newLook() fyne.Theme { return look{theme.DefaultTheme()} }

var lookColors = map[fyne.ThemeColorName]present.Ink{
	theme.ColorNameBackground:          present.Surface,
	theme.ColorNameButton:              present.Raised,
	theme.ColorNameDisabledButton:      present.Inert,
	theme.ColorNameDisabled:            present.Disabled,
	theme.ColorNameError:               present.Danger,
	theme.ColorNameFocus:               present.Focus,
	theme.ColorNameForeground:          present.Text,
	theme.ColorNameForegroundOnError:   present.OnDanger,
	theme.ColorNameForegroundOnPrimary: present.OnAccent,
	theme.ColorNameForegroundOnSuccess: present.OnGood,
	theme.ColorNameForegroundOnWarning: present.OnWarn,
	theme.ColorNameHeaderBackground:    present.Surface,
	theme.ColorNameHover:               present.Over,
	theme.ColorNameHyperlink:           present.Accent,
	theme.ColorNameInputBackground:     present.Background,
	theme.ColorNameInputBorder:         present.Edge,
	theme.ColorNameMenuBackground:      present.Raised,
	theme.ColorNameOverlayBackground:   present.Surface,
	theme.ColorNamePlaceHolder:         present.Muted,
	theme.ColorNamePressed:             present.Pressed,
	theme.ColorNamePrimary:             present.Accent,
	theme.ColorNameScrollBar:           present.Knob,
	theme.ColorNameSelection:           present.Selected,
	theme.ColorNameSeparator:           present.Line,
	theme.ColorNameShadow:              present.Shadow,
	theme.ColorNameSuccess:             present.Good,
	theme.ColorNameWarning:             present.Warn,
}

// Color returns the colour with that name in the theme used; the variant, which the
// system prefers, is not looked at.
func (l look) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if name == theme.ColorNameScrollBarBackground {
		return color.Transparent
	}
	used := present.Used()
	if ink, ok := lookColors[name]; ok {
		return ink.In(used)
	}
	if used == present.Light {
		return l.Theme.Color(name, theme.VariantLight)
	}
	return l.Theme.Color(name, theme.VariantDark)
}

// Size returns the size with that name.
func (l look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return sizeText
	case theme.SizeNameCaptionText, sizeNameHint:
		return sizeCaption
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 6
	case theme.SizeNameScrollBar:
		return 10
	default:
		return l.Theme.Size(name)
	}
}

// sized is a look with some sizes of its own.
type sized struct {
	fyne.Theme
	sizes map[fyne.ThemeSizeName]float32
}

// Size returns the size with that name.
func (l sized) Size(name fyne.ThemeSizeName) float32 {
	if size, own := l.sizes[name]; own {
		return size
	}
	return l.Theme.Size(name)
}
