package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// trouble is what the OBS card shows while OBS is not connected: what is, what to
// do about it, and the button that does it.
type trouble struct {
	object   *fyne.Container
	hint     *widget.Label
	retry    *line
	slot     *fyne.Container // holds password while it is asked for
	password *field          // nil while it is not
	action   *widget.Button
	other    *widget.Button
	fresh    func() *field
	asks     present.OBSAction // what action does
}

func newTrouble(w *Window) *trouble {
	t := &trouble{
		hint: widget.NewLabel(""), retry: newLine(sizeText, present.Muted),
		slot:   container.NewStack(),
		action: widget.NewButton("", nil), other: widget.NewButton("", func() { w.showOBSDialog() }),
	}
	t.hint.Wrapping = fyne.TextWrapWord
	t.action.OnTapped = func() { w.obsAction(t) }
	t.action.Importance = widget.HighImportance
	t.fresh = func() *field {
		f := w.newPassword()
		f.OnSubmitted = func(string) { t.action.OnTapped() }
		f.escape = func() { f.SetText("") }
		return f
	}
	t.object = container.New(column{grow: -1, gap: 6}, container.New(box{-8, -4}, t.hint), t.retry, t.slot, t.action, t.other)
	return t
}

// newPassword is a field that shows dots, and nothing to reveal them: the window
// may be on a screen that the audience sees.
func (w *Window) newPassword() *field {
	f := w.newField()
	f.Password = true
	f.ActionItem = canvas.NewRectangle(color.Transparent)
	f.SetPlaceHolder(w.text("window.ask.password"))
	return f
}

func (t *trouble) show(v present.OBS, words *i18n.Words) {
	t.asks = v.Action
	t.hint.SetText(v.Hint)
	t.retry.set(v.Retry, present.Muted)
	t.retry.Hidden = v.Retry == ""
	switch asked := v.Action == present.OBSPassword; {
	case asked && t.password == nil:
		t.password = t.fresh()
		t.slot.Objects = []fyne.CanvasObject{t.password}
	case !asked && t.password != nil:
		t.password, t.slot.Objects = nil, nil
	}
	t.slot.Hidden = t.password == nil
	t.action.Hidden = v.Action == ""
	if v.Action != "" {
		text := words.T("window.obs.action."+string(v.Action), nil)
		if v.Trying {
			text = words.T("window.obs.trying", nil)
		}
		setButton(t.action, text, nil, widget.HighImportance, !v.Trying)
	}
	setButton(t.other, words.T("window.obs.other", nil), nil, widget.MediumImportance, true)
	t.object.Refresh()
}

// take returns the password typed and leaves no trace of it.
func (t *trouble) take() string {
	if t.password == nil {
		return ""
	}
	typed := t.password.Text
	t.password.SetText("") // forgets what could be undone, too
	t.password = t.fresh()
	t.slot.Objects = []fyne.CanvasObject{t.password}
	t.slot.Refresh()
	return typed
}

// obsAction does what there is to do about the connection.
func (w *Window) obsAction(t *trouble) {
	switch t.asks {
	case present.OBSFind, present.OBSTry, present.OBSAgain:
		w.connectOBS(app.ReconnectOBS{}, nil)
	case present.OBSPassword:
		s := w.cfg.Core.Snapshot().OBS
		c := app.ConnectOBS{Host: s.Host, Port: s.Port, Password: t.take()}
		if c.Host == "" {
			c.Host = "127.0.0.1"
		}
		w.connectOBS(c, nil)
	}
}

// connectOBS carries out a command about the connection and tells what came of it:
// then, unless it is nil, is called on the UI goroutine, else a failure is a notice.
func (w *Window) connectOBS(cmd app.OBSCommand, then func(error)) {
	w.change(func(l *present.Local) { l.Trying = true })
	go func() {
		_, err := w.doOBS(cmd, connectPatience)
		w.change(func(l *present.Local) { l.Trying = false })
		switch {
		case then != nil:
			w.do(func() { then(err) })
		case err != nil:
			w.fail("window.error.obs", nil, err)
		}
	}()
}
