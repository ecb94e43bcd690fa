package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
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

// Spaces, in Fyne's pixels.
const (
	gap   float32 = 8  // between the parts of the window
	inset float32 = 16 // inside a part
)

// look is Cuewire's theme: dark whatever the system prefers, for a window that
// stands open beside a show. It changes colours and sizes and leaves fonts and
// icons to Fyne.
type look struct{ fyne.Theme }

func newLook() fyne.Theme { return look{theme.DefaultTheme()} }

var lookColors = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          present.Surface,
	theme.ColorNameButton:              present.Raised,
	theme.ColorNameDisabledButton:      color.NRGBA{0x1b, 0x21, 0x2a, 0xff},
	theme.ColorNameDisabled:            color.NRGBA{0x80, 0x8c, 0x9a, 0xff},
	theme.ColorNameError:               color.NRGBA{0xd9, 0x2d, 0x2d, 0xff},
	theme.ColorNameFocus:               color.NRGBA{0x6c, 0xb2, 0xff, 0x66},
	theme.ColorNameForeground:          present.Text,
	theme.ColorNameForegroundOnError:   color.White,
	theme.ColorNameForegroundOnPrimary: color.NRGBA{0x06, 0x16, 0x28, 0xff},
	theme.ColorNameForegroundOnSuccess: color.NRGBA{0x04, 0x1c, 0x0e, 0xff},
	theme.ColorNameForegroundOnWarning: color.NRGBA{0x22, 0x18, 0x02, 0xff},
	theme.ColorNameHeaderBackground:    present.Surface,
	theme.ColorNameHover:               color.NRGBA{0xff, 0xff, 0xff, 0x12},
	theme.ColorNameHyperlink:           present.Accent,
	theme.ColorNameInputBackground:     present.Background,
	theme.ColorNameInputBorder:         present.Line,
	theme.ColorNameMenuBackground:      present.Raised,
	theme.ColorNameOverlayBackground:   present.Surface,
	theme.ColorNamePlaceHolder:         present.Muted,
	theme.ColorNamePressed:             color.NRGBA{0xff, 0xff, 0xff, 0x28},
	theme.ColorNamePrimary:             present.Accent,
	theme.ColorNameScrollBar:           color.NRGBA{0xff, 0xff, 0xff, 0x40},
	theme.ColorNameScrollBarBackground: color.Transparent,
	theme.ColorNameSelection:           color.NRGBA{0x6c, 0xb2, 0xff, 0x40},
	theme.ColorNameSeparator:           present.Line,
	theme.ColorNameShadow:              color.NRGBA{0x00, 0x00, 0x00, 0x90},
	theme.ColorNameSuccess:             present.Good,
	theme.ColorNameWarning:             present.Warn,
}

// Color returns the colour with that name; the variant is not looked at.
func (l look) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := lookColors[name]; ok {
		return c
	}
	return l.Theme.Color(name, theme.VariantDark)
}

// Size returns the size with that name.
func (l look) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return sizeText
	case theme.SizeNameCaptionText:
		return sizeCaption
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 6
	case theme.SizeNameScrollBar:
		return 10
	default:
		return l.Theme.Size(name)
	}
}

// compactLook is for buttons in the narrow column at the right.
type compactLook struct{ fyne.Theme }

// Size returns the size with that name.
func (l compactLook) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case theme.SizeNameText:
		return sizeCaption
	case theme.SizeNameInnerPadding:
		return 5
	case theme.SizeNameInlineIcon:
		return 15
	default:
		return l.Theme.Size(name)
	}
}

// compact makes the buttons in an object small.
func compact(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, compactLook{newLook()})
}
