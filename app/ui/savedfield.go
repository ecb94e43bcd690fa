package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// savedField is a field whose text is a setting: Enter or leaving it saves, Escape takes
// back what was written, and what is wrong stands below.
type savedField struct {
	widget.Entry
	object *fyne.Container
	wrong  *line
	kept   string // the setting
	left   func()
}

// saved makes one. Fields returns the change that a text means, or what is wrong with it.
func (a *settingsArea) saved(placeholder string, fields func(string) (app.SettingsFields, string)) *savedField {
	w := a.w
	f := &savedField{wrong: newLine(sizeCaption, present.Bad)}
	f.ExtendBaseWidget(f)
	f.SetPlaceHolder(placeholder)
	f.wrong.Hide()
	f.object = container.New(column{grow: -1, gap: 2}, f, f.wrong)
	tell := func(text string) {
		f.wrong.set(text, present.Bad)
		setVisible(f.wrong, text != "")
		a.scroll.Content.Refresh()
	}
	f.OnChanged = func(string) {
		if f.wrong.Visible() {
			tell("")
		}
	}
	f.left = func() {
		if f.Text == f.kept {
			return
		}
		change, wrong := fields(f.Text)
		if wrong != "" {
			tell(wrong)
			return
		}
		sent := f.Text
		w.carryOut(app.SetSettings{Fields: change}, func(_ app.Result, err error) {
			w.do(func() {
				switch {
				case err != nil:
					tell(present.Reason(w.words, err))
				case f.Text == sent:
					f.kept = sent
				}
			})
		})
	}
	f.OnSubmitted = func(string) { f.left() }
	return f
}

// fill shows the setting, unless something else has been written.
func (f *savedField) fill(text string) {
	untouched := f.Text == f.kept
	f.kept = text
	if untouched {
		f.SetText(text)
	}
}

// TypedKey is called by Fyne.
func (f *savedField) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		f.SetText(f.kept)
		return
	}
	f.Entry.TypedKey(e)
}

// FocusLost is called by Fyne.
func (f *savedField) FocusLost() {
	f.Entry.FocusLost()
	f.left()
}

// AcceptsTab is called by Fyne: the Tab key goes on to the next field.
func (f *savedField) AcceptsTab() bool { return false }

// originList edits the foreign origins that may use Cuewire.
type originList struct {
	w      *Window
	object *fyne.Container
	list   *fyne.Container
	name   *field
	wrong  *line
	shown  []string
}

func newOriginList(w *Window) *originList {
	l := &originList{w: w, list: container.New(column{grow: -1, gap: 2}), name: w.newField(), wrong: newLine(sizeCaption, present.Bad)}
	l.name.SetPlaceHolder("http://localhost:8080")
	l.name.escape = func() { l.name.SetText("") }
	l.name.OnSubmitted = func(string) { l.add() }
	l.name.OnChanged = func(string) { l.tell("") }
	l.wrong.Hide()
	heading := newLine(sizeText, present.Text)
	heading.set(w.text("frame.origins"), present.Text)
	l.object = container.New(column{grow: -1, gap: 4}, heading, container.New(box{-8, -6}, hint(w, "frame.origins.hint")), l.list,
		container.New(row{shares: []float32{1}, gap: 8}, l.name, widget.NewButtonWithIcon(w.text("frame.origins.add"), theme.ContentAddIcon(), l.add)), l.wrong)
	return l
}

func (l *originList) fill(origins []string) {
	if slices.Equal(origins, l.shown) {
		return
	}
	l.shown = origins
	l.list.Objects = nil
	for i, origin := range origins {
		text := newLine(sizeText, present.Text)
		text.set(origin, present.Text)
		remove := widget.NewButtonWithIcon("", theme.DeleteIcon(), func() {
			if i < len(l.shown) {
				l.send(slices.Delete(slices.Clone(l.shown), i, i+1))
			}
		})
		remove.Importance = widget.LowImportance
		l.list.Add(container.New(row{shares: []float32{1}, gap: 8}, text, compact(remove)))
	}
	l.object.Refresh()
}

func (l *originList) add() {
	if origin := present.Origin(l.name.Text); origin != "" && !slices.Contains(l.shown, origin) {
		l.send(append(slices.Clone(l.shown), origin))
	}
}

func (l *originList) send(origins []string) {
	w := l.w
	w.carryOut(app.SetSettings{Fields: app.SettingsFields{AllowedOrigins: &origins}}, func(_ app.Result, err error) {
		w.do(func() {
			if err != nil {
				l.tell(present.Reason(w.words, err))
				return
			}
			l.name.SetText("")
		})
	})
}

func (l *originList) tell(text string) {
	if text == "" && !l.wrong.Visible() {
		return
	}
	l.wrong.set(text, present.Bad)
	setVisible(l.wrong, text != "")
	l.object.Refresh()
}
