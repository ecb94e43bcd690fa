package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// Name names a button of the window, for [Window.Button].
type Name string

// The buttons.
const (
	ButtonPlay      Name = "play" // pauses while the timer runs
	ButtonStop      Name = "stop" // while the timer runs a second press within 3 s is needed
	ButtonReset     Name = "reset"
	ButtonPrevious  Name = "previous"
	ButtonNext      Name = "next"
	ButtonTakeTime  Name = "take_minute"
	ButtonAddTime   Name = "add_minute"
	ButtonSetTime   Name = "set_time" // opens a dialog
	ButtonBlackout  Name = "blackout"
	ButtonFlash     Name = "flash"
	ButtonFocus     Name = "focus"
	ButtonAddTimer  Name = "add_timer" // opens a dialog
	ButtonOBS       Name = "obs"       // what there is to do about the connection
	ButtonSettings  Name = "settings"  // opens a dialog
	ButtonShortcuts Name = "shortcuts" // opens a dialog

	ButtonOtherOBS      Name = "other_obs"      // opens a dialog
	ButtonStream        Name = "stream"         // starts it, or asks whether to stop it
	ButtonRecord        Name = "record"         // starts or stops
	ButtonPauseRecord   Name = "pause_record"   // pauses, or goes on
	ButtonReplay        Name = "replay"         // starts or stops
	ButtonSaveReplay    Name = "save_replay"    //
	ButtonCamera        Name = "camera"         // starts or stops the virtual camera
	ButtonTake          Name = "take"           // the preview, to program
	ButtonUpdateSources Name = "update_sources" // of OBS, to our address
	ButtonUndo          Name = "undo"           // what was added to OBS

	ButtonUndoEdit Name = "undo_edit"
	ButtonRedoEdit Name = "redo_edit"
	ButtonRoll     Name = "roll" // switches it
)

var outputButtons = map[Name]present.OutputKind{
	ButtonStream: present.Stream, ButtonRecord: present.Record, ButtonReplay: present.Replay, ButtonCamera: present.Camera,
}

// controlsCard holds the transport and the display modes.
type controlsCard struct {
	object  *fyne.Container
	buttons map[Name]*widget.Button
	shown   present.Controls
	lang    string
}

func newControlsCard(w *Window) *controlsCard {
	c := &controlsCard{buttons: map[Name]*widget.Button{}}
	add := func(name Name, icon fyne.Resource, press func()) *widget.Button {
		b := widget.NewButtonWithIcon("", icon, press)
		c.buttons[name] = b
		return b
	}
	transport := container.New(row{shares: []float32{0, 2.2, 0, 1.3, 1.3}, gap: 8},
		add(ButtonPrevious, theme.MediaSkipPreviousIcon(), func() { w.control(app.Previous) }),
		add(ButtonPlay, theme.MediaPlayIcon(), w.pressPlay),
		add(ButtonNext, theme.MediaSkipNextIcon(), func() { w.control(app.Next) }),
		add(ButtonStop, theme.MediaStopIcon(), w.pressStop),
		add(ButtonReset, theme.MediaReplayIcon(), func() { w.control(app.Reset) }),
	)
	modes := container.New(row{shares: []float32{76, 76, 98, 0, 120, 98, 140}, gap: 8},
		add(ButtonTakeTime, nil, func() { w.addTime(-minute) }),
		add(ButtonAddTime, nil, func() { w.addTime(minute) }),
		add(ButtonSetTime, nil, w.askTime),
		widget.NewSeparator(),
		add(ButtonBlackout, nil, func() { w.toggle(app.Blackout) }),
		add(ButtonFlash, nil, func() { w.toggle(app.Flash) }),
		add(ButtonFocus, nil, func() { w.toggle(app.Focus) }),
	)
	c.object = card(container.New(column{grow: -1, gap: 8}, transport, modes))
	return c
}

var controlTexts = map[Name]string{
	ButtonReset: "window.control.reset", ButtonTakeTime: "window.control.take", ButtonAddTime: "window.control.add",
	ButtonSetTime: "window.control.set",
}

func (c *controlsCard) show(v present.Controls, words *i18n.Words) {
	if v == c.shown && c.lang == words.Lang() {
		return
	}
	c.shown, c.lang = v, words.Lang()
	for name, key := range controlTexts {
		c.set(name, words.T(key, nil), nil, widget.MediumImportance, v.Ready)
	}
	play, icon, importance := "window.control.play", theme.MediaPlayIcon(), widget.SuccessImportance
	if v.Playing {
		play, icon, importance = "window.control.pause", theme.MediaPauseIcon(), widget.WarningImportance
	}
	c.set(ButtonPlay, words.T(play, nil), icon, importance, v.Ready)
	stop, importance := "window.control.stop", widget.MediumImportance
	if v.StopArmed {
		stop, importance = "window.control.stopagain", widget.DangerImportance
	}
	c.set(ButtonStop, words.T(stop, nil), nil, importance, v.Ready && !v.Stopped)
	c.set(ButtonPrevious, "", nil, widget.MediumImportance, v.Previous)
	c.set(ButtonNext, "", nil, widget.MediumImportance, v.Next)
	c.mode(ButtonBlackout, words.T("window.control.blackout", nil), v.Blackout)
	c.mode(ButtonFlash, words.T("window.control.flash", nil), v.Flash)
	c.mode(ButtonFocus, words.T("window.control.focus", nil), v.Focus)
}

// mode shows a display mode: on, it is red and says so with a mark too.
func (c *controlsCard) mode(name Name, text string, on bool) {
	importance := widget.MediumImportance
	var icon fyne.Resource = theme.RadioButtonIcon()
	if on {
		importance, icon = widget.DangerImportance, theme.RadioButtonCheckedIcon()
	}
	c.set(name, text, icon, importance, true)
}

// set changes a button where it differs; a nil icon keeps the one it has.
func (c *controlsCard) set(name Name, text string, icon fyne.Resource, importance widget.Importance, enabled bool) {
	b := c.buttons[name]
	if icon == nil {
		icon = b.Icon
	}
	setButton(b, text, icon, importance, enabled)
}

// setButton changes a button where it differs.
func setButton(b *widget.Button, text string, icon fyne.Resource, importance widget.Importance, enabled bool) {
	if b.Text != text || b.Icon != icon || b.Importance != importance {
		b.Text, b.Icon, b.Importance = text, icon, importance
		b.Refresh()
	}
	switch {
	case enabled && b.Disabled():
		b.Enable()
	case !enabled && !b.Disabled():
		b.Disable()
	}
}
