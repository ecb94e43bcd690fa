package ui

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const welcomeWidth float32 = 620

// welcomeDialog leads through the first five minutes: what is there, a timer in OBS,
// a paired phone. It follows what is true while it is open.
type welcomeDialog struct {
	w        *Window
	dialog   *dialog.CustomDialog
	steps    [present.WelcomeSteps]*welcomeStep
	end      *widget.Button
	firewall string
	away     bool // another dialog was opened from it, which comes back to it
	shown    present.Welcome
}

type welcomeStep struct {
	object *fyne.Container
	mark   *widget.Icon
	title  *line
	text   *widget.Label
	button *widget.Button
}

// Welcome leads a person who is new here through the first steps. Closing it is
// remembered in the settings.
func (w *Window) Welcome() {
	d := &welcomeDialog{w: w}
	if served := w.addresses(); w.cfg.Firewall != nil && len(served) > 0 {
		d.firewall = w.cfg.Firewall(w.words, served[0])
	}
	press := [present.WelcomeSteps]func(){
		present.WelcomeOBS:    func() { d.lead(func() { w.showOBSDialog() }) },
		present.WelcomePages:  func() { w.openURL(w.addresses()[0]) },
		present.WelcomeTimer:  d.addTimer,
		present.WelcomeDevice: func() { d.lead(w.askPairing) },
	}
	rows := []fyne.CanvasObject{wrapped(w.text("welcome.about"))}
	for i := range d.steps {
		d.steps[i] = newWelcomeStep(press[i])
		rows = append(rows, widget.NewSeparator(), d.steps[i].object)
	}
	content := container.New(box{8, 2}, container.New(column{grow: -1, gap: 4}, rows...))
	d.dialog = dialog.NewCustomWithoutButtons(w.text("welcome.title"), content, w.win)
	d.end = widget.NewButton("", d.dialog.Hide)
	d.dialog.SetButtons([]fyne.CanvasObject{d.end})
	d.show(present.WelcomeOf(w.input(), d.firewall))
	w.open(d.dialog, welcomeWidth)
	w.reopen = w.Welcome
	ctx, end := context.WithCancel(context.Background())
	d.dialog.SetOnClosed(func() {
		end()
		if seen := true; !d.away && !w.cfg.Core.Snapshot().Settings.Welcomed {
			w.send(app.SetSettings{Fields: app.SettingsFields{Welcomed: &seen}})
		}
	})
	go d.follow(ctx)
}

func newWelcomeStep(press func()) *welcomeStep {
	s := &welcomeStep{mark: widget.NewIcon(nil), title: newLine(sizeText, present.Text).bold(), text: wrapped(""), button: widget.NewButton("", press)}
	s.object = container.New(row{shares: []float32{0, 1}, gap: 8},
		container.New(fixed{22, 44}, container.New(fixed{20, 20}, s.mark)),
		container.New(column{grow: -1}, container.New(box{8, 0}, s.title), s.text),
		container.NewCenter(compact(s.button)))
	return s
}

// follow looks every half second how far things are, until ctx ends.
func (d *welcomeDialog) follow(ctx context.Context) {
	for sleep(ctx, time.Second/2) {
		v := present.WelcomeOf(d.w.input(), d.firewall)
		d.w.do(func() {
			if ctx.Err() == nil {
				d.show(v)
			}
		})
	}
}

func (d *welcomeDialog) show(v present.Welcome) {
	if v == d.shown {
		return
	}
	d.shown = v
	w := d.w
	for i, step := range v.Steps {
		s := d.steps[i]
		icon := theme.NewColoredResource(theme.RadioButtonIcon(), theme.ColorNamePrimary)
		switch step.State {
		case present.StepDone:
			icon = theme.NewColoredResource(theme.ConfirmIcon(), theme.ColorNameSuccess)
		case present.StepWaiting:
			icon = theme.NewColoredResource(theme.WarningIcon(), theme.ColorNameWarning)
		}
		s.mark.SetResource(icon)
		s.title.set(step.Title, present.Text)
		s.text.SetText(step.Text)
		importance := widget.MediumImportance
		if step.State == present.StepOpen {
			importance = widget.HighImportance
		}
		setButton(s.button, step.Button, nil, importance, step.Button != "")
		setVisible(s.button, step.Button != "")
		s.object.Refresh()
	}
	key := "welcome.later"
	if v.Done {
		key = "welcome.finish"
	}
	d.end.Importance = widget.MediumImportance
	if v.Done {
		d.end.Importance = widget.HighImportance
	}
	d.end.SetText(w.text(key))
	if d.dialog.MinSize().Height > 0 {
		d.dialog.Resize(d.dialog.MinSize().Max(fyne.NewSize(welcomeWidth, 0)))
	}
}

// lead goes on in another dialog, and comes back when that is closed.
func (d *welcomeDialog) lead(to func()) {
	d.away, d.w.back = true, d.w.Welcome
	to()
}

// addTimer puts the timer into OBS's scene on program.
func (d *welcomeDialog) addTimer() {
	if s := d.w.cfg.Core.Snapshot().OBS; s.Connected() {
		d.w.addToOBS(present.ViewerLink, s.CurrentScene)
	}
}
