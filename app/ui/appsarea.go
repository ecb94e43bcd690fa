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

// appsArea is "Apps": those that there are with a field for the name of a new one, and
// beside them the access tokens. It follows what becomes of both elsewhere.
type appsArea struct {
	w      *Window
	object *fyne.Container
	lang   string
	filled bool // apps are shown
	shown  present.Apps

	list    *fyne.Container // a row for each app
	scroll  *container.Scroll
	empty   *line
	where   *line
	rows    map[string]*appRow // by the app's id
	name    *field
	add     *widget.Button
	problem *widget.Label
	busy    bool // the core's answer to a new one is waited for

	tokens *tokensCard
}

func newAppsArea(w *Window) *appsArea {
	return &appsArea{w: w, object: container.New(split{0.58}), tokens: newTokensCard(w)}
}

func (a *appsArea) canvas() fyne.CanvasObject { return a.object }

// build makes everything in the language of the window.
func (a *appsArea) build() {
	w := a.w
	written := ""
	if a.name != nil {
		written = a.name.Text
	}
	a.list, a.rows, a.filled = container.New(column{grow: -1, gap: 14}), map[string]*appRow{}, false
	a.empty, a.where = newLine(sizeText, present.Text).bold(), newLine(sizeCaption, present.Muted)
	a.name, a.problem = w.newField(), widget.NewLabel("")
	a.scroll = container.NewVScroll(container.New(row{shares: []float32{1}, gap: 12}, a.list, canvas.NewRectangle(color.Transparent))) // clear of its bar
	heading := newHeading()
	heading.set(w.text("apps.title"), present.Text)
	a.empty.set(w.text("apps.empty"), present.Text)
	a.name.SetPlaceHolder(w.text("apps.name"))
	a.name.SetText(written)
	a.name.OnSubmitted = func(string) { a.submit() }
	a.name.OnChanged = func(string) { a.tell("") }
	a.name.escape = func() { w.win.Canvas().Unfocus() }
	a.add = &widget.Button{Text: w.text("apps.add"), Importance: widget.HighImportance, OnTapped: a.submit}
	a.problem.Wrapping = fyne.TextWrapWord
	a.problem.Importance = widget.WarningImportance
	a.problem.Hide()
	apps := card(container.New(column{grow: 4, gap: 8}, heading, container.New(box{-8, -8}, newHint(w.text("apps.purpose"))), a.where,
		container.New(row{shares: []float32{1}, gap: 8}, a.name, a.add),
		container.NewStack(container.New(column{grow: -1, gap: 8}, container.New(box{-8, -4}, a.problem), a.empty), a.scroll)))
	a.tokens.build()
	a.object.Objects = []fyne.CanvasObject{apps, canvas.NewRectangle(present.Background), a.tokens.object}
	a.object.Refresh()
}

func (a *appsArea) show(v present.View, words *i18n.Words) {
	c, _ := v.Content.(present.Apps)
	if a.lang != words.Lang() {
		a.lang = words.Lang()
		a.build()
	}
	if a.filled && c.Same(a.shown) {
		return
	}
	a.filled, a.shown = true, c
	a.fill()
	a.tokens.fill(c)
}

// fill shows the apps.
func (a *appsArea) fill() {
	a.where.set(a.w.text("apps.where.none"), present.Muted)
	if address := a.address("KEY"); address != "" {
		a.where.set(a.w.words.T("apps.where", map[string]any{"Address": address}), present.Muted)
	}
	before, rows := a.rows, map[string]*appRow{}
	objects := make([]fyne.CanvasObject, 0, len(a.shown.Apps))
	changed := len(before) != len(a.shown.Apps)
	for _, one := range a.shown.Apps {
		r := before[one.ID]
		if r == nil {
			r, changed = newAppRow(a), true
		}
		r.set(one)
		rows[one.ID] = r
		objects = append(objects, r.object)
	}
	a.rows = rows
	setVisible(a.empty, len(objects) == 0)
	if changed {
		a.list.Objects = objects
		setVisible(a.scroll, len(objects) > 0)
		a.list.Refresh()
	}
}

// address is where a program connects with a key.
func (a *appsArea) address(key string) string {
	return present.AppAddress(a.w.addresses(), int(a.w.address.Load()), key)
}

// submit adds an app with the name that is filled in.
func (a *appsArea) submit() {
	if a.busy {
		return
	}
	cmd, wrong := present.NewApp(a.w.words, a.name.Text)
	if len(wrong) > 0 {
		a.tell(wrong[0].Text)
		a.w.win.Canvas().Focus(a.name)
		return
	}
	a.busy = true
	a.add.Disable()
	a.change(cmd, func(err error) {
		a.busy = false
		a.add.Enable()
		if err == nil {
			a.name.SetText("")
			a.scroll.ScrollToBottom() // where it comes
		}
	})
}

// change has the core carry out a command, and calls then on the UI goroutine. A
// refusal is told on the page.
func (a *appsArea) change(cmd app.Command, then func(error)) {
	w := a.w
	w.carryOut(cmd, func(_ app.Result, err error) {
		w.do(func() {
			if w.visible.Load() {
				w.apply(w.present())
			}
			then(err)
			if err != nil {
				a.tell(present.Reason(w.words, err))
			}
		})
	})
}

// tell says on the page what is wrong, "" for nothing.
func (a *appsArea) tell(text string) {
	if text == a.problem.Text && a.problem.Visible() == (text != "") {
		return
	}
	a.problem.SetText(text)
	setVisible(a.problem, text != "")
	a.object.Refresh()
}

// ask asks before something that shuts programs out.
func (a *appsArea) ask(title, text, what, name string, cmd app.Command) {
	w := a.w
	w.confirm(w.text(title), w.words.T(text, map[string]any{"Name": name}), w.text(what), func() { w.send(cmd) })
}

// split gives its first object a share of the width, its second a gutter, and its
// third what is left.
type split struct{ share float32 }

func (s split) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	if len(objects) < 3 {
		return
	}
	width := toPixel((size.Width - gap) * s.share)
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[1].Move(fyne.NewPos(width, 0))
	objects[1].Resize(fyne.NewSize(gap, size.Height))
	objects[2].Move(fyne.NewPos(width+gap, 0))
	objects[2].Resize(fyne.NewSize(max(0, size.Width-width-gap), size.Height))
}

// MinSize is what the smallest screen has left beside the rail.
func (split) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(940, 530) }

// newHint is a text of several lines that explains something.
func newHint(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	l.SizeName = sizeNameHint
	l.Importance = widget.LowImportance
	return l
}
