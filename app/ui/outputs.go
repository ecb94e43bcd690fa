package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// outputStrip starts and stops OBS's outputs, and tells for how long they run.
type outputStrip struct {
	object      *fyne.Container
	buttons     [present.Outputs]*widget.Button
	pause, save *widget.Button // of the recording and of the replay buffer, while they run
	cells       [2]*fyne.Container
}

func newOutputStrip(w *Window) *outputStrip {
	s := &outputStrip{pause: widget.NewButtonWithIcon("", theme.MediaPauseIcon(), w.pressPause)}
	s.save = widget.NewButton("", w.saveReplay)
	for kind := range s.buttons {
		s.buttons[kind] = widget.NewButton("", func() { w.pressOutput(present.OutputKind(kind)) })
	}
	s.cells[0] = container.New(row{shares: []float32{1}, gap: 4}, s.buttons[present.Record], s.pause)
	s.cells[1] = container.New(row{shares: []float32{1}, gap: 4}, s.buttons[present.Replay], s.save)
	halves := row{shares: []float32{1, 1}, gap: 6}
	s.object = container.New(column{grow: -1, gap: 6},
		compact(container.New(halves, s.buttons[present.Stream], s.cells[0])),
		compact(container.New(halves, s.buttons[present.Camera], s.cells[1])))
	return s
}

func (s *outputStrip) show(outputs [present.Outputs]present.Output, words *i18n.Words) {
	for kind, o := range outputs {
		setButton(s.buttons[kind], o.Text, outputIcon(present.OutputKind(kind), o), outputImportance(present.OutputKind(kind), o), o.Ready())
	}
	record, replay := outputs[present.Record], outputs[present.Replay]
	icon := theme.MediaPauseIcon()
	if record.State == present.OutputPaused {
		icon = theme.MediaPlayIcon()
	}
	setButton(s.pause, "", icon, widget.MediumImportance, record.Ready())
	setButton(s.save, words.T("window.obs.replay.save", nil), nil, widget.MediumImportance, replay.Ready())
	for i, extra := range []struct {
		button *widget.Button
		hidden bool
	}{{s.pause, !record.Runs()}, {s.save, !replay.Runs()}} {
		if extra.button.Hidden != extra.hidden {
			extra.button.Hidden = extra.hidden
			s.cells[i].Refresh()
		}
	}
}

func outputIcon(kind present.OutputKind, o present.Output) fyne.Resource {
	switch {
	case o.Runs():
		return theme.MediaStopIcon()
	case kind == present.Record:
		return theme.MediaRecordIcon()
	default:
		return theme.MediaPlayIcon()
	}
}

func outputImportance(kind present.OutputKind, o present.Output) widget.Importance {
	switch {
	case o.State == present.OutputPaused, o.State == present.OutputReconnecting:
		return widget.WarningImportance
	case o.State == present.OutputOn && kind <= present.Record:
		return widget.DangerImportance
	case o.State == present.OutputOn:
		return widget.SuccessImportance
	default:
		return widget.MediumImportance
	}
}

// outputCommands start and stop an output; stopping the stream has been confirmed.
var outputCommands = [present.Outputs]struct{ start, stop app.OBSCommand }{
	present.Stream: {app.StartStream{}, app.StopStream{Confirm: true}},
	present.Record: {app.StartRecord{}, app.StopRecord{}},
	present.Replay: {app.StartReplay{}, app.StopReplay{}},
	present.Camera: {app.StartVirtualCam{}, app.StopVirtualCam{}},
}

// pressOutput starts an output or stops it; a live stream only after a question.
func (w *Window) pressOutput(kind present.OutputKind) {
	o := kind.OutputOf(w.cfg.Core.Snapshot().OBS)
	switch {
	case o.Active && kind == present.Stream:
		w.askStopStream()
	case o.Active:
		w.askOutput(kind, outputCommands[kind].stop)
	default:
		w.askOutput(kind, outputCommands[kind].start)
		time.AfterFunc(startPatience, func() { w.checkStart(kind) })
	}
}

// startPatience is how long an output that was asked for may take to run.
const startPatience = 8 * time.Second

// checkStart tells when an output that was asked for has not begun: OBS takes the
// order and then asks something on its own screen, or fails.
func (w *Window) checkStart(kind present.OutputKind) {
	w.mu.Lock()
	awaited := w.local.Awaited[kind]
	w.local.Awaited[kind] = false
	w.mu.Unlock()
	s := w.cfg.Core.Snapshot().OBS
	if awaited && s.Connected() && !kind.OutputOf(s).Active {
		w.tell("window.obs.notstarted", map[string]any{"Button": w.wordsNow().T(present.OffText(kind), nil)})
	}
}

// askStopStream asks before viewers see the end.
func (w *Window) askStopStream() {
	message := widget.NewLabel(w.text("window.obs.stopstream.text"))
	message.Wrapping = fyne.TextWrapWord
	d := dialog.NewCustomWithoutButtons(w.text("window.obs.stopstream.title"), message, w.win)
	stop := &widget.Button{Text: w.text("window.obs.stopstream.stop"), Importance: widget.DangerImportance, OnTapped: func() {
		d.Hide()
		w.askOutput(present.Stream, outputCommands[present.Stream].stop)
	}}
	d.SetButtons([]fyne.CanvasObject{widget.NewButton(w.text("window.obs.stopstream.keep"), d.Hide), stop})
	w.open(d, 460)
}

// pressPause pauses the recording or goes on with it.
func (w *Window) pressPause() {
	if w.cfg.Core.Snapshot().OBS.Record.Paused {
		w.askOutput(present.Record, app.ResumeRecord{})
		return
	}
	w.askOutput(present.Record, app.PauseRecord{})
}

func (w *Window) saveReplay() { w.askOutput(present.Replay, app.SaveReplay{}) }

// askOutput asks OBS something about an output, whose button rests meanwhile.
func (w *Window) askOutput(kind present.OutputKind, cmd app.OBSCommand) {
	w.change(func(l *present.Local) { l.Asked[kind], l.Awaited[kind] = true, false })
	go func() {
		_, err := w.doOBS(cmd, patience)
		w.change(func(l *present.Local) {
			l.Asked[kind], l.Awaited[kind] = false, err == nil && cmd == outputCommands[kind].start
		})
		switch {
		case err == nil:
		case cmd == app.OBSCommand(app.StartReplay{}):
			w.fail("window.error.replay", nil, err)
		default:
			w.fail("window.error.output", nil, err)
		}
	}()
}
