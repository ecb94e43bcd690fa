package ui

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// sheet is a dialog that asks for several things and says beside each what is
// wrong with it. Enter saves and Escape closes, whatever has the focus. It stays
// open until the core has taken what it sends.
type sheet struct {
	w        *Window
	dialog   *dialog.CustomDialog
	width    float32
	asked    map[string]*asked // by the field's JSON name
	tabs     *container.AppTabs
	problem  *widget.Label // what no field is to blame for
	save     *widget.Button
	busy     bool // the core's answer is waited for
	validate func() (app.Command, []present.Wrong)
	first    fyne.Focusable
	then     func(app.Result) // called when what was sent is done; nil for nothing
}

// asked is one thing that is asked for.
type asked struct {
	object *fyne.Container
	wrong  *line
	input  fyne.Focusable
	tab    int
}

func (w *Window) newSheet(width float32) *sheet {
	s := &sheet{w: w, width: width, asked: map[string]*asked{}, problem: widget.NewLabel("")}
	s.problem.Wrapping = fyne.TextWrapWord
	s.problem.Importance = widget.WarningImportance
	s.problem.Hide()
	return s
}

// ask lays out an input under its caption. Tab is where it stands, if there are
// tabs.
func (s *sheet) ask(tab int, name, caption string, input fyne.CanvasObject) fyne.CanvasObject {
	a := &asked{wrong: newLine(sizeCaption, present.Bad), tab: tab}
	a.input, _ = input.(fyne.Focusable)
	if s.first == nil {
		s.first = a.input
	}
	a.wrong.Hide()
	above := newCaption()
	above.set(s.w.text(caption), present.Muted)
	a.object = container.New(column{grow: -1, gap: 2}, above, input, a.wrong)
	s.asked[name] = a
	return a.object
}

// entry is a field for a text.
func (s *sheet) entry(tab int, name, caption, value string) (*field, fyne.CanvasObject) {
	f := s.w.newField()
	f.SetText(value)
	f.OnSubmitted = func(string) { s.submit() }
	f.OnChanged = func(string) { s.clear(name) }
	return f, s.ask(tab, name, caption, f)
}

// pick is a field for a text, with a list to choose from.
func (s *sheet) pick(tab int, name, caption, value string, options []string) (*pickField, fyne.CanvasObject) {
	f := &pickField{keys: s.keys()}
	f.ExtendBaseWidget(f)
	f.SetOptions(options)
	f.SetText(value)
	f.OnSubmitted = func(string) { s.submit() }
	f.OnChanged = func(string) { s.clear(name) }
	return f, s.ask(tab, name, caption, f)
}

// choose is a choice of one of several texts.
func (s *sheet) choose(tab int, name, caption string, texts []string, chosen int) (*choice, fyne.CanvasObject) {
	c := &choice{keys: s.keys()}
	c.ExtendBaseWidget(c)
	c.SetOptions(texts)
	c.SetSelectedIndex(chosen)
	return c, s.ask(tab, name, caption, c)
}

// check is a switch.
func (s *sheet) check(caption string, on bool) *tick {
	t := &tick{keys: s.keys()}
	t.ExtendBaseWidget(t)
	t.SetText(s.w.text(caption))
	t.SetChecked(on)
	return t
}

func (s *sheet) keys() keys {
	return keys{enter: s.submit, escape: func() { s.dialog.Hide() }}
}

// open shows the sheet. Validate returns what is to be sent, nil for nothing, or
// what is wrong.
func (s *sheet) open(title, confirm string, content fyne.CanvasObject, validate func() (app.Command, []present.Wrong)) {
	w := s.w
	s.validate = validate
	s.save = &widget.Button{Text: w.text(confirm), Importance: widget.HighImportance, OnTapped: s.submit}
	body := container.New(box{4, 0}, container.New(column{grow: 0, gap: 4}, content, s.problem))
	s.dialog = dialog.NewCustomWithoutButtons(title, body, w.win)
	s.dialog.SetButtons([]fyne.CanvasObject{widget.NewButton(w.text("window.ask.cancel"), s.dialog.Hide), s.save})
	w.open(s.dialog, s.width)
	w.enter = s.submit
	if s.first != nil {
		w.win.Canvas().Focus(s.first)
	}
}

// showing reports whether this sheet is the dialog that is open.
func (s *sheet) showing() bool { return s.w.dialog == dialog.Dialog(s.dialog) }

// submit sends what is filled in, or says what is wrong with it.
func (s *sheet) submit() {
	if s.busy || !s.showing() {
		return
	}
	s.problem.Hide()
	for name := range s.asked {
		s.clear(name)
	}
	cmd, wrong := s.validate()
	switch {
	case len(wrong) > 0:
		s.refuse(wrong)
	case cmd == nil:
		s.dialog.Hide()
	default:
		s.busy = true
		s.save.Disable()
		s.w.carryOut(cmd, func(result app.Result, err error) { s.w.do(func() { s.answered(result, err) }) })
	}
}

func (s *sheet) answered(result app.Result, err error) {
	s.busy = false
	s.save.Enable()
	switch {
	case err == nil:
		if s.showing() {
			s.dialog.Hide()
		}
		if s.then != nil {
			s.then(result)
		}
	case !s.showing():
		s.w.fail("window.error.command", nil, err)
	default:
		s.blame(err)
	}
}

// blame says beside the field what the core refused, or below all of them.
func (s *sheet) blame(err error) {
	text := present.Reason(s.w.words, err)
	if e, ok := errors.AsType[*app.Error](err); ok {
		if name, _ := e.Args["Field"].(string); s.asked[name] != nil {
			s.refuse([]present.Wrong{{Field: name, Text: text}})
			return
		}
	}
	s.problem.SetText(text)
	s.problem.Show()
	s.fit()
}

// refuse says what is wrong and goes to the first of it.
func (s *sheet) refuse(wrong []present.Wrong) {
	for i, one := range wrong {
		a := s.asked[one.Field]
		if a == nil {
			continue
		}
		a.wrong.set(one.Text, present.Bad)
		a.wrong.Show()
		a.object.Refresh()
		if i > 0 {
			continue
		}
		if s.tabs != nil {
			s.tabs.SelectIndex(a.tab)
		}
		if a.input != nil {
			s.w.win.Canvas().Focus(a.input)
		}
	}
	s.fit()
}

// clear takes back what was said about a field.
func (s *sheet) clear(name string) {
	if a := s.asked[name]; a != nil && a.wrong.Visible() {
		a.wrong.Hide()
		a.object.Refresh()
	}
}

// fit gives the dialog the height that its content needs now, if that is more.
func (s *sheet) fit() {
	for range 2 { // wrapped text tells its height only once it knows its width
		s.dialog.Resize(s.dialog.MinSize().Max(fyne.NewSize(s.width, 0)))
	}
}

// keys are what Enter and Escape do in a widget that makes nothing of them itself.
type keys struct{ enter, escape func() }

// take reports whether it was one of the keys.
func (k keys) take(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		k.enter()
	case fyne.KeyEscape:
		k.escape()
	default:
		return false
	}
	return true
}

// pickField is an entry with a list to choose from.
type pickField struct {
	widget.SelectEntry
	keys
}

// TypedKey is called by Fyne.
func (f *pickField) TypedKey(e *fyne.KeyEvent) {
	if !f.take(e) {
		f.SelectEntry.TypedKey(e)
	}
}

// choice is a choice of one of several.
type choice struct {
	widget.Select
	keys
}

// TypedKey is called by Fyne. A key that opens the list and comes before the first
// drawing would have Fyne look for a canvas that there is not yet.
func (c *choice) TypedKey(e *fyne.KeyEvent) {
	turns := e.Name == fyne.KeyLeft || e.Name == fyne.KeyRight
	if !c.take(e) && (turns || fyne.CurrentApp().Driver().CanvasForObject(c) != nil) {
		c.Select.TypedKey(e)
	}
}

// tick is a switch.
type tick struct {
	widget.Check
	keys
}

// TypedKey is called by Fyne.
func (t *tick) TypedKey(e *fyne.KeyEvent) { t.take(e) }
