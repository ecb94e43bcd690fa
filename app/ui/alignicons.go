package ui

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"cuewire/app/ui/present"
)

// alignIcons are the icons of the alignments: a line and a box at it.
var alignIcons = func() (icons [present.Alignments]fyne.Resource) {
	for i, at := range [3]int{3, 11, 19} { // of the line
		box := [3]int{7, 7, 7}[i]
		switch i {
		case 1:
			box = 6
		case 2:
			box = 5
		}
		down := fmt.Sprintf(`<rect x="%d" y="2" width="2" height="20"/><rect x="%d" y="8" width="12" height="8"/>`, at, box)
		across := fmt.Sprintf(`<rect x="2" y="%d" width="20" height="2"/><rect x="8" y="%d" width="8" height="12"/>`, at, box)
		icons[i] = alignIcon(fmt.Sprintf("align-%d.svg", i), down)
		icons[i+3] = alignIcon(fmt.Sprintf("align-%d.svg", i+3), across)
	}
	return icons
}()

func alignIcon(name, shapes string) fyne.Resource {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="#000000">` + shapes + `</svg>`
	return theme.NewThemedResource(fyne.NewStaticResource(name, []byte(svg)))
}
