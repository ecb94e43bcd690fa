package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// statusLine is the foot of the window: always true, always there.
type statusLine struct {
	object                       *fyne.Container
	obs, server, clients, system *segment
	settings, shortcuts          *widget.Button
	shown                        present.Status
	lang                         string
}

func newStatusLine(w *Window) *statusLine {
	s := &statusLine{
		obs: newSegment(0), server: newSegment(0), clients: newSegment(0), system: newSegment(1),
		settings:  widget.NewButtonWithIcon("", theme.SettingsIcon(), w.showSettings),
		shortcuts: widget.NewButtonWithIcon("", theme.HelpIcon(), w.showShortcuts),
	}
	s.settings.Importance, s.shortcuts.Importance = widget.LowImportance, widget.LowImportance
	s.object = container.NewStack(canvas.NewRectangle(present.Background), container.New(box{inset, 0}, container.New(row{shares: []float32{0, 0, 0, 1}, gap: 20},
		s.obs.object, s.server.object, s.clients.object, s.system.object,
		container.New(row{gap: 4}, s.settings, s.shortcuts))))
	return s
}

func (s *statusLine) show(v present.Status, words *i18n.Words) {
	if v == s.shown && s.lang == words.Lang() {
		return
	}
	relabel := s.lang != words.Lang()
	s.shown, s.lang = v, words.Lang()
	resize := s.obs.set(v.OBS)
	resize = s.server.set(v.Server) || resize
	resize = s.clients.set(v.Clients) || resize
	s.system.set(v.System)
	if relabel {
		s.settings.SetText(words.T("window.settings.title", nil))
		s.shortcuts.SetText(words.T("window.keys.button", nil))
		resize = true
	}
	if resize {
		s.object.Refresh()
	}
}

// noticeLine tells what went wrong, or what was done, above the status line.
type noticeLine struct {
	object *fyne.Container
	cells  *fyne.Container
	text   *widget.Label
	undo   *widget.Button
	shown  string
}

func newNoticeLine(dismiss, undo func()) *noticeLine {
	n := &noticeLine{text: widget.NewLabel(""), undo: widget.NewButton("", undo)}
	n.text.Wrapping = fyne.TextWrapWord
	n.undo.Hide()
	hide := widget.NewButtonWithIcon("", theme.CancelIcon(), dismiss)
	hide.Importance = widget.LowImportance
	n.cells = container.New(row{shares: []float32{1}, gap: 4}, n.text, container.NewCenter(compact(n.undo)), container.NewCenter(hide))
	n.object = container.NewStack(canvas.NewRectangle(present.Raised), container.New(box{inset - 8, 0}, n.cells))
	n.object.Hide()
	return n
}

// show reports whether the line came or went, or may need another height.
func (n *noticeLine) show(text string, undo bool, words *i18n.Words) bool {
	if text == n.shown && undo == n.undo.Visible() {
		return false
	}
	n.shown = text
	n.text.SetText(text)
	n.undo.Hidden = !undo
	setButton(n.undo, words.T("window.add.undo", nil), nil, widget.HighImportance, true)
	n.cells.Refresh()
	n.object.Hidden = text == ""
	return true
}
