package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// obsDialog is "Connect to another OBS": those that are remembered, one click
// each, and fields for one that is not. It lives as long as it is open, and what
// was typed with it.
type obsDialog struct {
	w                         *Window
	dialog                    *dialog.CustomDialog
	known                     *fyne.Container // a row for each that is remembered
	address, port, name, pass *field
	problem                   *widget.Label
	connect                   *widget.Button
	busy                      bool // an answer of OBS is waited for
}

// showOBSDialog opens it.
func (w *Window) showOBSDialog() *obsDialog {
	d := &obsDialog{
		w: w, known: container.New(column{grow: -1, gap: 6}),
		address: w.newField(), port: w.newField(), name: w.newField(), pass: w.newPassword(),
		problem: widget.NewLabel(""),
	}
	d.address.SetPlaceHolder("obsws://192.168.1.20:4455/…")
	d.port.SetPlaceHolder("4455")
	d.address.OnChanged = d.split
	for _, f := range []*field{d.address, d.port, d.pass, d.name} {
		f.OnSubmitted = func(string) { d.submit() }
	}
	d.problem.Wrapping = fyne.TextWrapWord
	d.problem.Importance = widget.WarningImportance
	d.problem.Hide()
	d.connect = &widget.Button{Text: w.text("window.ask.connect"), Importance: widget.HighImportance, OnTapped: d.submit}

	label := func(key string) *line {
		l := newCaption()
		l.set(w.text(key), present.Muted)
		return l
	}
	pair := func(key string, f *field) *fyne.Container {
		return container.New(column{grow: -1, gap: 2}, label(key), f)
	}
	hint := widget.NewLabel(w.text("window.other.hint"))
	hint.Wrapping = fyne.TextWrapWord
	content := container.New(box{8, 2}, container.New(column{grow: -1, gap: 8},
		label("window.other.known"), container.New(atMost(132), container.NewVScroll(d.known)),
		widget.NewSeparator(),
		container.New(box{-8, -8}, hint),
		container.New(row{shares: []float32{3, 1}, gap: 8}, pair("window.other.address", d.address), pair("window.other.port", d.port)),
		container.New(row{shares: []float32{1, 1}, gap: 8}, pair("window.ask.password", d.pass), pair("window.other.name", d.name)),
		container.New(box{-8, -4}, d.problem)))
	d.dialog = dialog.NewCustomWithoutButtons(w.text("window.other.title"), content, w.win)
	d.dialog.SetButtons([]fyne.CanvasObject{widget.NewButton(w.text("window.ask.close"), d.dialog.Hide), d.connect})
	d.list()
	w.open(d.dialog, 560)
	w.win.Canvas().Focus(d.address)
	return d
}

// open reports whether this dialog is the one open.
func (d *obsDialog) open() bool { return d.w.dialog == dialog.Dialog(d.dialog) }

// fit gives the dialog the height that its content has now.
func (d *obsDialog) fit() {
	if d.open() {
		d.dialog.Resize(fyne.NewSize(d.dialog.MinSize().Width, d.dialog.MinSize().Height).Max(fyne.NewSize(560, 0)))
	}
}

// split takes a whole address apart, so that the password in it is seen nowhere.
func (d *obsDialog) split(text string) {
	if !strings.Contains(text, "://") {
		return
	}
	c, err := d.w.cfg.ParseOBS(text)
	if err != nil || c.Password == "" {
		return
	}
	d.address.SetText(c.Host)
	d.port.SetText(strconv.Itoa(c.Port))
	d.pass.SetText(c.Password)
	d.pass.CursorColumn = len([]rune(c.Password))
	d.w.win.Canvas().Focus(d.pass) // whoever types it goes on there
}

// target returns what the fields say.
func (d *obsDialog) target() (app.ConnectOBS, error) {
	c, err := d.w.cfg.ParseOBS(d.address.Text)
	if err != nil {
		return app.ConnectOBS{}, err
	}
	if text := strings.TrimSpace(d.port.Text); text != "" {
		if c.Port, err = strconv.Atoi(text); err != nil || c.Port < 1 || c.Port > 65535 {
			return app.ConnectOBS{}, app.NewError(app.CodeInvalid, "obs.target.port", "the port must be a number from 1 to 65535", nil)
		}
	}
	if d.pass.Text != "" {
		c.Password = d.pass.Text
	}
	return c, nil
}

// submit connects to what the fields say, and closes the dialog when that worked.
func (d *obsDialog) submit() {
	if d.busy {
		return
	}
	c, err := d.target()
	if err != nil {
		d.tell(err)
		return
	}
	name := strings.TrimSpace(d.name.Text)
	d.wait()
	d.w.connectOBS(c, func(err error) {
		if err == nil {
			d.forget()
			if name != "" {
				d.w.askOBS(app.AddOBS{Name: name, Host: c.Host, Port: c.Port, Password: c.Password}, "window.error.command", nil, nil)
			}
		}
		d.answered(err)
	})
}

// wait rests the buttons until answered.
func (d *obsDialog) wait() {
	d.busy = true
	d.problem.Hide()
	d.connect.SetText(d.w.text("window.obs.trying"))
	d.connect.Disable()
}

func (d *obsDialog) answered(err error) {
	d.busy = false
	d.connect.SetText(d.w.text("window.ask.connect"))
	d.connect.Enable()
	switch {
	case err == nil && d.open():
		d.dialog.Hide()
	case err != nil && d.open():
		d.tell(err)
		d.list()
	case err != nil:
		d.w.fail("window.error.obs", nil, err)
	}
}

// tell says in the dialog what is wrong.
func (d *obsDialog) tell(err error) {
	d.problem.SetText(present.Reason(d.w.words, err))
	d.problem.Show()
	for range 2 { // wrapped text tells its height only once it knows its width
		d.fit()
	}
}

// forget takes the password out of the fields.
func (d *obsDialog) forget() {
	d.address.SetText("")
	d.pass.SetText("")
}

// list fills in those that are remembered.
func (d *obsDialog) list() {
	go func() {
		answer, err := d.w.doOBS(app.ListOBS{}, patience)
		d.w.do(func() {
			if !d.open() {
				return
			}
			if err != nil {
				d.tell(err)
				return
			}
			d.fill(answer.([]app.OBSInstance))
		})
	}()
}

func (d *obsDialog) fill(list []app.OBSInstance) {
	rows := make([]fyne.CanvasObject, 0, len(list))
	for _, instance := range list {
		rows = append(rows, d.row(instance))
	}
	d.known.Objects = rows
	d.known.Refresh()
	for range 2 {
		d.fit()
	}
}

// row is one that is remembered: its name and place, a button to switch to it and
// one to forget it.
func (d *obsDialog) row(o app.OBSInstance) fyne.CanvasObject {
	name, place := newLine(sizeText, present.Text), newLine(sizeCaption, present.Muted)
	if o.ID == "" {
		name.set(d.w.text("window.other.here"), present.Text)
		place.set(d.w.text("window.other.found"), present.Muted)
	} else {
		name.set(o.Name, present.Text)
		place.set(present.Place(o.Host, o.Port), present.Muted)
	}
	text := container.New(column{grow: -1}, name, place)
	use := widget.NewButton(d.w.text("window.other.use"), func() {
		if !d.busy {
			d.wait()
			d.w.connectOBS(app.ActivateOBS{ID: o.ID}, d.answered)
		}
	})
	cells := []fyne.CanvasObject{text}
	if o.Active {
		chosen := newChip()
		chosen.set(present.Mark{Text: d.w.text("window.other.active"), Color: present.Good}, false)
		cells = append(cells, chosen.object)
	} else {
		cells = append(cells, container.NewCenter(compact(use)))
	}
	if o.ID != "" && !o.Active {
		remove := widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { d.remove(o) })
		remove.Importance = widget.LowImportance
		cells = append(cells, container.NewCenter(compact(remove)))
	}
	return container.New(row{shares: []float32{1}, gap: 8}, cells...)
}

func (d *obsDialog) remove(o app.OBSInstance) {
	go func() {
		_, err := d.w.doOBS(app.RemoveOBS{ID: o.ID}, patience)
		d.w.do(func() {
			if err != nil && d.open() {
				d.tell(err)
			}
			d.list()
		})
	}()
}

// atMost gives its one child the whole width, and its content's height up to a limit.
type atMost float32

func (m atMost) Layout(objects []fyne.CanvasObject, size fyne.Size) { objects[0].Resize(size) }

func (m atMost) MinSize(objects []fyne.CanvasObject) fyne.Size {
	content := objects[0].(*container.Scroll).Content.MinSize()
	return fyne.NewSize(0, min(content.Height, float32(m)))
}
