package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
)

// FatalAction is a way out of a failed start, beside copying and quitting; the first
// of several is the one to suggest.
type FatalAction struct {
	Label string // already in words
	Do    func() // called on the UI goroutine; the dialog stays
}

// ShowFatal shows why Cuewire cannot start, in a window of its own: message is one
// clear sentence in the reader's words; details, "" for none, is what a helper would
// want to know beside it, and is copied with it. It returns at once; App.Run shows
// it, and Quit, Escape or closing the window ends App.Run. Call it from the main
// goroutine.
func ShowFatal(a fyne.App, words *i18n.Words, message, details string, actions ...FatalAction) fyne.Window {
	a.Settings().SetTheme(newLook())
	w := a.NewWindow(words.T("window.fatal.title", nil))
	w.SetMaster()

	heading := widget.NewLabel(words.T("window.fatal.heading", nil))
	heading.SizeName = theme.SizeNameSubHeadingText
	heading.TextStyle.Bold = true
	sentence := widget.NewLabel(message)
	sentence.Wrapping = fyne.TextWrapWord
	sentence.Selectable = true
	copied := widget.NewButtonWithIcon(words.T("window.fatal.copy", nil), theme.ContentCopyIcon(), nil)
	copied.OnTapped = func() {
		a.Clipboard().SetContent(strings.TrimSpace(message + "\n\n" + details))
		copied.SetText(words.T("window.fatal.copied", nil))
	}
	buttons := container.NewHBox(copied)
	for i, action := range actions {
		b := widget.NewButton(action.Label, action.Do)
		if i == 0 {
			b.Importance = widget.HighImportance
		}
		buttons.Add(b)
	}
	quit := widget.NewButton(words.T("window.fatal.quit", nil), a.Quit)
	foot := container.NewBorder(nil, nil, buttons, quit)
	w.SetContent(container.New(box{inset, inset}, container.NewBorder(heading, foot, nil, nil, container.NewVScroll(sentence))))
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			a.Quit()
		}
	})
	w.Resize(fyne.NewSize(560, 220))
	w.CenterOnScreen()
	w.Show()
	return w
}
