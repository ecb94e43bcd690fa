package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// browserList is the browser sources of OBS, with a button that loads one anew.
type browserList struct {
	a       *obsArea
	object  *fyne.Container
	heading *line
	list    *widget.List
	none    *widget.Label
	shown   []app.OBSBrowserSource
	words   *i18n.Words
}

func newBrowserList(a *obsArea) *browserList {
	l := &browserList{a: a, heading: newHeading(), none: widget.NewLabel("")}
	l.none.Wrapping = fyne.TextWrapWord
	l.list = widget.NewList(func() int { return len(l.shown) },
		func() fyne.CanvasObject { return newBrowserRow() },
		func(i int, o fyne.CanvasObject) {
			if i < 0 || i >= len(l.shown) {
				return
			}
			source, r := l.shown[i], o.(*browserRow)
			r.refresh.OnTapped = func() { a.w.refreshBrowser(source.Input) }
			r.set(present.BrowserRowOf(l.words, source))
		})
	l.list.HideSeparators = true
	l.list.OnSelected = func(widget.ListItemID) { l.list.UnselectAll() }
	l.object = container.New(column{grow: 1, gap: 6}, container.New(row{shares: []float32{1}}, l.heading, container.NewCenter(compact(a.overlay))),
		container.NewStack(l.list, container.New(column{grow: -1}, container.New(box{-8, -8}, l.none))))
	return l
}

func (l *browserList) show(list []app.OBSBrowserSource, words *i18n.Words, anew bool) {
	if !anew && slices.Equal(list, l.shown) {
		return
	}
	l.shown, l.words = list, words
	title := words.T("obspage.browser", nil)
	if len(list) > 0 {
		title += " " + present.Number(int64(len(list)))
	}
	l.heading.set(title, present.Text)
	l.none.SetText(words.T("obspage.browser.none", nil))
	seen(l.none, len(list) == 0)
	seen(l.list, len(list) > 0)
	l.list.Refresh()
}

// refreshBrowser loads the page of a browser source anew.
func (w *Window) refreshBrowser(input string) {
	go func() {
		if _, err := w.doOBS(app.RefreshBrowserSource{Input: input}, patience); err != nil {
			w.fail("window.error.output", nil, err)
			return
		}
		w.tell("obspage.browser.refreshed", map[string]any{"Source": input})
	}()
}

// browserRow is one browser source.
type browserRow struct {
	widget.BaseWidget
	name, about *line
	refresh     *widget.Button
	cells       *fyne.Container
}

func newBrowserRow() *browserRow {
	r := &browserRow{
		name: newLine(sizeText, present.Text), about: newLine(sizeCaption, present.Muted),
		refresh: widget.NewButtonWithIcon("", theme.ViewRefreshIcon(), nil),
	}
	r.refresh.Importance = widget.LowImportance
	texts := container.New(box{0, 4}, container.New(column{grow: -1}, r.name, r.about))
	r.cells = container.New(row{shares: []float32{1}, gap: 6}, texts, container.NewCenter(compact(r.refresh)))
	r.ExtendBaseWidget(r)
	return r
}

func (r *browserRow) set(v present.BrowserRow) {
	r.name.set(v.Name, present.Text)
	r.about.set(v.About.Text, v.About.Color)
}

// CreateRenderer is called by Fyne.
func (r *browserRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.cells) }

// audioList is the inputs of OBS that have sound: a switch mutes one, a slider sets how
// loud it is.
type audioList struct {
	a       *obsArea
	object  *fyne.Container
	heading *line
	rows    *fyne.Container
	scroll  *container.Scroll
	none    *line
	shown   []app.OBSInput
	made    []*audioRow
}

func newAudioList(a *obsArea) *audioList {
	l := &audioList{a: a, heading: newHeading(), none: newLine(sizeText, present.Muted), rows: container.New(column{grow: -1, gap: 4})}
	l.scroll = container.NewVScroll(l.rows)
	l.object = container.New(column{grow: 1, gap: 6}, l.heading, container.NewStack(l.scroll, container.New(column{grow: -1}, l.none)))
	return l
}

func (l *audioList) show(list []app.OBSInput, words *i18n.Words, anew bool) {
	if !anew && slices.EqualFunc(list, l.shown, sameSound) {
		return
	}
	l.shown = list
	l.heading.set(words.T("obspage.audio", nil), present.Text)
	l.none.set(words.T("obspage.audio.none", nil), present.Muted)
	seen(l.none, len(list) == 0)
	for len(l.made) < len(list) {
		r := newAudioRow(l.a)
		l.made = append(l.made, r)
		l.rows.Add(r.object)
	}
	for i, r := range l.made {
		seen(r.object, i < len(list))
		if i < len(list) {
			r.set(list[i], words)
		}
	}
	l.rows.Refresh()
	l.scroll.Refresh()
}

func sameSound(a, b app.OBSInput) bool {
	return a.Name == b.Name && *a.Muted == *b.Muted && *a.VolumeDB == *b.VolumeDB
}

// The volumes that the slider reaches; OBS knows more at both ends.
const quietest, loudest = -60, 0

// audioRow is one input.
type audioRow struct {
	a       *obsArea
	object  *fyne.Container
	name    *line
	value   *line
	toggle  *toggle
	slider  *widget.Slider
	input   app.OBSInput
	words   *i18n.Words
	filling bool // it is being filled in
	moving  bool // somebody drags the slider
}

func newAudioRow(a *obsArea) *audioRow {
	r := &audioRow{
		a: a, name: newLine(sizeText, present.Text), value: newLine(sizeCaption, present.Muted).align(fyne.TextAlignTrailing),
		toggle: newToggle(), slider: widget.NewSlider(quietest, loudest),
	}
	r.slider.Step = 0.5
	r.toggle.flip = func() { a.w.changeInput(app.SetMute{Input: r.input.Name, Muted: !*r.input.Muted}) }
	r.slider.OnChanged = func(db float64) {
		if !r.filling {
			r.moving = true
			r.value.set(present.Volume(r.words, db), present.Text)
		}
	}
	r.slider.OnChangeEnded = func(db float64) {
		if !r.filling {
			r.moving = false
			a.w.changeInput(app.SetVolume{Input: r.input.Name, DB: db})
		}
	}
	r.object = container.New(row{shares: []float32{0, 1, 1, 0.8}, gap: 8}, container.New(middle{}, r.toggle), r.name, r.slider, r.value)
	return r
}

func (r *audioRow) set(v app.OBSInput, words *i18n.Words) {
	r.input, r.words = v, words
	r.toggle.set(!*v.Muted)
	c := present.Text
	if *v.Muted {
		c = present.Muted
	}
	r.name.set(v.Name, c)
	if r.moving {
		return
	}
	r.value.set(present.Volume(words, *v.VolumeDB), present.Muted)
	r.filling = true
	r.slider.SetValue(min(max(*v.VolumeDB, quietest), loudest))
	r.filling = false
}

// changeInput sends a change of an input, and looks what became of it.
func (w *Window) changeInput(cmd app.OBSCommand) {
	w.askOBS(cmd, "window.error.output", nil, func() {
		if a, ok := w.areas[present.OBSArea].(*obsArea); ok {
			a.lookAgain()
		}
	})
}
