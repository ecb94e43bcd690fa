package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

const appsWidth float32 = 680

// appsDialog is "Apps": those that there are, and a field for the name of a new
// one. While it is open it follows what becomes of them elsewhere.
type appsDialog struct {
	w       *Window
	dialog  *dialog.CustomDialog
	list    *fyne.Container // a row for each app
	scroll  *container.Scroll
	empty   *line
	rows    map[string]*appRow // by the app's id
	name    *field
	add     *widget.Button
	problem *widget.Label
	busy    bool // the core's answer to a new one is waited for
}

// showApps opens it.
func (w *Window) showApps() {
	d := &appsDialog{
		w: w, list: container.New(column{grow: -1, gap: 10}), rows: map[string]*appRow{},
		empty: newLine(sizeText, present.Text).bold(), name: w.newField(), problem: widget.NewLabel(""),
	}
	d.scroll = container.NewVScroll(container.New(row{shares: []float32{1}, gap: 8}, d.list, canvas.NewRectangle(color.Transparent))) // clear of its bar
	d.empty.set(w.text("apps.empty"), present.Text)
	purpose := widget.NewLabel(w.text("apps.purpose"))
	purpose.Wrapping = fyne.TextWrapWord
	where := newLine(sizeCaption, present.Muted)
	where.set(w.text("apps.where.none"), present.Muted)
	if address := d.address("KEY"); address != "" {
		where.set(w.words.T("apps.where", map[string]any{"Address": address}), present.Muted)
	}
	d.name.SetPlaceHolder(w.text("apps.name"))
	d.name.OnSubmitted = func(string) { d.submit() }
	d.name.OnChanged = func(string) { d.tell("") }
	d.add = &widget.Button{Text: w.text("apps.add"), Importance: widget.HighImportance, OnTapped: d.submit}
	d.problem.Wrapping = fyne.TextWrapWord
	d.problem.Importance = widget.WarningImportance
	d.problem.Hide()

	content := container.New(box{8, 2}, container.New(column{grow: -1, gap: 8},
		container.New(box{-8, -8}, purpose), where, widget.NewSeparator(),
		d.empty, container.New(atMost(264), d.scroll), widget.NewSeparator(),
		container.New(row{shares: []float32{1}, gap: 8}, d.name, d.add),
		container.New(box{-8, -4}, d.problem)))
	d.dialog = dialog.NewCustom(w.text("apps.title"), w.text("window.ask.close"), content, w.win)
	d.fill(w.cfg.Core.Snapshot().Apps)
	w.open(d.dialog, appsWidth)
	w.apps, w.reopen, w.enter = d, w.showApps, d.submit
	w.win.Canvas().Focus(d.name)
}

// open reports whether this dialog is the one open.
func (d *appsDialog) open() bool { return d.w.dialog == dialog.Dialog(d.dialog) }

// show shows what there is now.
func (d *appsDialog) show(apps []*app.BroadcastApp) {
	if d.open() && d.fill(apps) {
		d.fit()
	}
}

// fill shows the apps, and reports whether some came or went.
func (d *appsDialog) fill(apps []*app.BroadcastApp) bool {
	before, rows := d.rows, map[string]*appRow{}
	objects := make([]fyne.CanvasObject, 0, len(apps))
	changed := len(before) != len(apps)
	for _, a := range apps {
		r := before[a.ID]
		if r == nil {
			r, changed = newAppRow(d), true
		}
		r.set(a)
		rows[a.ID] = r
		objects = append(objects, r.object)
	}
	d.rows = rows
	if changed {
		d.list.Objects = objects
		setVisible(d.scroll, len(apps) > 0)
		setVisible(d.empty, len(apps) == 0)
		d.list.Refresh()
	}
	return changed
}

// fit gives the dialog the height that its content has now.
func (d *appsDialog) fit() {
	for range 2 { // wrapped text tells its height only once it knows its width
		d.dialog.Resize(d.dialog.MinSize().Max(fyne.NewSize(appsWidth, 0)))
	}
}

// address is where a program connects with a key.
func (d *appsDialog) address(key string) string {
	return present.AppAddress(d.w.cfg.Addresses, int(d.w.address.Load()), key)
}

// submit adds an app with the name that is filled in.
func (d *appsDialog) submit() {
	if d.busy || !d.open() {
		return
	}
	cmd, wrong := present.NewApp(d.w.words, d.name.Text)
	if len(wrong) > 0 {
		d.tell(wrong[0].Text)
		d.w.win.Canvas().Focus(d.name)
		return
	}
	d.busy = true
	d.add.Disable()
	d.change(cmd, func(err error) {
		d.busy = false
		d.add.Enable()
		if err == nil {
			d.name.SetText("")
			d.scroll.ScrollToBottom() // where it comes
		}
	})
}

// change has the core carry out a command, and calls then on the UI goroutine. A
// refusal is told, in the dialog while it is open.
func (d *appsDialog) change(cmd app.Command, then func(error)) {
	d.w.carryOut(cmd, func(_ app.Result, err error) {
		d.w.do(func() {
			if err == nil {
				d.show(d.w.cfg.Core.Snapshot().Apps)
			}
			then(err)
			switch {
			case err != nil && d.open():
				d.tell(present.Reason(d.w.words, err))
			case err != nil:
				d.w.fail("window.error.command", nil, err)
			}
		})
	})
}

// tell says in the dialog what is wrong, "" for nothing.
func (d *appsDialog) tell(text string) {
	if text == d.problem.Text && d.problem.Visible() == (text != "") {
		return
	}
	d.problem.SetText(text)
	setVisible(d.problem, text != "")
	if d.open() {
		d.fit()
	}
}

// ask asks before something that shuts programs out, and then comes back to the
// apps, whatever the answer was.
func (d *appsDialog) ask(title, text, what string, a *app.BroadcastApp, cmd app.Command) {
	w := d.w
	w.confirm(w.text(title), w.words.T(text, map[string]any{"Name": a.Name}), w.text(what), func() { w.send(cmd) })
	w.dialog.SetOnClosed(func() {
		w.do(func() { // after it, as another dialog may have taken its place
			if w.dialog == nil {
				w.showApps()
			}
		})
	})
}

// appRow is one app with its buttons. Its secret is shown only when asked for: the
// window may be on a screen that the audience sees.
type appRow struct {
	object           *fyne.Container
	name             *line
	enabled          *widget.Check
	menu             *widget.Button
	id, key, address *appValue
	secret           *appValue
	reveal           *widget.Button
	revealed         bool
	shown            *app.BroadcastApp
	d                *appsDialog
}

func newAppRow(d *appsDialog) *appRow {
	w := d.w
	r := &appRow{d: d, name: newLine(sizeText, present.Text).bold(), shown: &app.BroadcastApp{}}
	r.enabled = widget.NewCheck(w.text("apps.enabled"), func(on bool) {
		if on != r.shown.Enabled {
			d.change(app.UpdateApp{ID: r.shown.ID, Fields: app.AppFields{Enabled: &on}}, func(error) { r.enabled.SetChecked(r.shown.Enabled) })
		}
	})
	r.menu = widget.NewButtonWithIcon("", theme.MoreVerticalIcon(), r.openMenu)
	r.menu.Importance = widget.LowImportance
	r.reveal = widget.NewButton("", func() {
		r.revealed = !r.revealed
		r.showSecret()
	})
	r.reveal.Importance = widget.LowImportance

	r.id, r.key, r.address = newAppValue(w, "apps.id", nil), newAppValue(w, "apps.key", nil), newAppValue(w, "apps.address", nil)
	r.secret = newAppValue(w, "apps.secret", r.reveal)
	r.secret.copy.OnTapped = func() { // without telling what it was
		w.cfg.App.Clipboard().SetContent(r.shown.Secret)
		w.tell("apps.secret.copied", map[string]any{"Name": r.shown.Name})
	}
	r.object = container.New(column{grow: -1, gap: 2},
		container.New(row{shares: []float32{1}, gap: 8}, r.name, r.enabled, container.NewCenter(compact(r.menu))),
		pair(r.id.object, r.key.object), r.secret.object, r.address.object)
	return r
}

func (r *appRow) set(a *app.BroadcastApp) {
	if a == r.shown {
		return
	}
	r.shown = a
	ink := present.Text
	if !a.Enabled {
		ink = present.Muted
	}
	r.name.set(a.Name, ink)
	r.enabled.SetChecked(a.Enabled)
	r.id.set(a.ID)
	r.key.set(a.Key)
	r.address.set(r.d.address(a.Key))
	r.showSecret()
}

func (r *appRow) showSecret() {
	text, what := "••••••••••••", "apps.secret.show"
	if r.revealed {
		text, what = r.shown.Secret, "apps.secret.hide"
	}
	r.secret.shown.set(text, present.Text)
	r.reveal.SetText(r.d.w.text(what))
}

// openMenu shows what can be done with the app.
func (r *appRow) openMenu() {
	w, d, a := r.d.w, r.d, r.shown
	w.menuBelow(r.menu,
		w.item("apps.renew.item", theme.ViewRefreshIcon(), func() {
			d.ask("apps.renew.title", "apps.renew.text", "apps.renew", a, app.UpdateApp{ID: a.ID, Renew: true})
		}),
		w.item("apps.delete.item", theme.DeleteIcon(), func() {
			d.ask("apps.delete.title", "apps.delete.text", "apps.delete", a, app.DeleteApp{ID: a.ID})
		}))
}

// appValue is one of the texts that a program needs, with a button that copies it.
type appValue struct {
	object *fyne.Container
	shown  *line
	copy   *widget.Button
}

// newAppValue makes one; beside the button stands another, nil for none.
func newAppValue(w *Window, caption string, beside *widget.Button) *appValue {
	v := &appValue{shown: newLine(sizeText, present.Text), copy: widget.NewButton(w.text("window.links.copy"), nil)}
	v.copy.Importance = widget.LowImportance
	v.copy.OnTapped = func() { w.copyText(v.shown.full) }
	name := newCaption()
	name.set(w.text(caption), present.Muted)
	buttons := []fyne.CanvasObject{v.copy}
	if beside != nil {
		buttons = []fyne.CanvasObject{beside, v.copy}
	}
	v.object = container.New(row{shares: []float32{0, 1}, gap: 6}, container.New(fixed{64, 16}, name), v.shown,
		compact(container.New(row{gap: 2}, buttons...)))
	return v
}

// set shows a text, "" for one that there is not yet.
func (v *appValue) set(text string) {
	setVisible(v.object, text != "")
	v.shown.set(text, present.Text)
}
