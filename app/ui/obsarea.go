package ui

import (
	"context"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// obsArea is the page of OBS: the card of the live page, and beside it how OBS is
// doing, what is chosen in it, its browser sources and its sound.
type obsArea struct {
	w                             *Window
	object                        *fyne.Container
	card                          *obsCard
	place, version                *line
	leave, again, other, overlay  *widget.Button
	health                        [present.HealthStats]*figure
	studio                        *widget.Check
	transition, profile, scenes   *widget.Select
	length                        *field
	lengthWrong                   *line
	captions                      [6]*line
	figures, choices, lists, away *fyne.Container
	help                          *widget.Label // while OBS is not there
	browser                       *browserList
	audio                         *audioList
	shown                         present.OBSPage
	words                         *i18n.Words
	filled, filling               bool
	stop                          context.CancelFunc
	look                          chan struct{} // asks for the lists anew
}

func newOBSArea(w *Window) *obsArea {
	a := &obsArea{
		w: w, card: newOBSCard(w), place: newLine(sizeText, present.Text), version: newLine(sizeText, present.Muted),
		leave: widget.NewButton("", func() { w.connectOBS(app.DisconnectOBS{}, nil) }),
		again: widget.NewButton("", func() { w.connectOBS(app.ReconnectOBS{}, nil) }),
		other: widget.NewButton("", func() { w.showOBSDialog() }), overlay: widget.NewButtonWithIcon("", theme.ContentAddIcon(), nil),
		length: w.newField(), lengthWrong: newLine(sizeCaption, present.Bad), help: widget.NewLabel(""), look: make(chan struct{}, 1),
	}
	a.leave.Importance, a.again.Importance, a.other.Importance = widget.LowImportance, widget.LowImportance, widget.LowImportance
	a.overlay.OnTapped = func() { w.chooseScenes(present.OverlayLink, a.overlay) }
	a.card.other.Hide() // the page has a button of its own
	a.card.brief = true
	a.help.Wrapping = fyne.TextWrapWord
	for i := range a.captions {
		a.captions[i] = newCaption()
	}
	cells := make([]fyne.CanvasObject, len(a.health))
	for i := range a.health {
		a.health[i] = newFigure()
		cells[i] = a.health[i].object
	}
	a.figures = container.New(cellGrid{columns: 5}, cells...)
	a.makeChoices()
	a.browser, a.audio = newBrowserList(a), newAudioList(a)
	a.lists = container.New(row{shares: []float32{1.15, 1}, gap: 18}, a.browser.object, a.audio.object)
	head := container.New(row{shares: []float32{0, 1}, gap: 14}, a.place, a.version,
		compact(container.New(row{gap: 2}, a.again, a.leave, a.other)))
	a.place.whole().bold()
	a.away = container.New(column{grow: -1}, container.New(box{-8, -8}, a.help))
	right := card(container.New(column{grow: 3, gap: 14}, head, a.figures, a.choices, a.lists, a.away))
	a.object = container.New(sidebar{}, a.card.object, canvas.NewRectangle(present.Background), right)
	return a
}

// makeChoices makes what can be chosen in OBS.
func (a *obsArea) makeChoices() {
	w := a.w
	ask := func(cmd app.OBSCommand) { w.askOBS(cmd, "window.error.output", nil, nil) }
	a.studio = widget.NewCheck("", func(on bool) {
		if !a.filling {
			ask(app.SetStudioMode{On: on})
		}
	})
	choose := func(cmd func(string) app.OBSCommand) *widget.Select {
		return widget.NewSelect(nil, func(text string) {
			if !a.filling && text != "" {
				ask(cmd(text))
			}
		})
	}
	a.transition = choose(func(name string) app.OBSCommand { return app.SetTransition{Name: name} })
	a.profile = choose(func(name string) app.OBSCommand { return app.SwitchProfile{Profile: name} })
	a.scenes = choose(func(name string) app.OBSCommand { return app.SwitchCollection{Collection: name} })
	a.length.OnSubmitted = func(text string) {
		length, wrong := present.ReadTransition(a.words, text)
		a.lengthWrong.set(wrong, present.Bad)
		if wrong == "" {
			ask(app.SetTransition{Duration: &length})
		}
	}
	a.length.OnChanged = func(string) { a.lengthWrong.set("", present.Bad) }
	a.length.escape = func() {
		a.showLength()
		w.win.Canvas().Unfocus()
	}
	under := func(i int, o fyne.CanvasObject) *fyne.Container {
		return container.New(column{grow: -1, gap: 2}, a.captions[i], o)
	}
	a.choices = container.New(column{grow: -1, gap: 4},
		container.New(row{shares: []float32{1.3, 0.8, 1.2, 1.4}, gap: 12},
			under(0, compact(a.transition)), under(1, compact(a.length)), under(2, compact(a.profile)), under(3, compact(a.scenes))),
		container.New(row{shares: []float32{1, 1}, gap: 12}, a.studio, a.lengthWrong))
}

func (a *obsArea) canvas() fyne.CanvasObject { return a.object }

// came has OBS asked for its lists now and then while the page is looked at.
func (a *obsArea) came() {
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	go a.ask(ctx)
}

func (a *obsArea) left() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

func (a *obsArea) rethemed() { a.filled, a.words = false, nil }

// listsEvery is how often OBS is asked for its lists.
const listsEvery = 5 * time.Second

// ask asks OBS for its browser sources and inputs until ctx ends.
func (a *obsArea) ask(ctx context.Context) {
	for {
		if a.w.cfg.Core.Snapshot().OBS.Connected() {
			browser, err := a.w.doOBS(app.ListBrowserSources{}, patience)
			inputs, failed := a.w.doOBS(app.ListInputs{}, patience)
			for _, err := range []error{err, failed} {
				if err != nil && ctx.Err() == nil {
					a.w.cfg.Log.Debug("OBS does not list what it has", "error", err)
				}
			}
			a.w.do(func() {
				if ctx.Err() != nil || a.words == nil {
					return
				}
				if list, ok := browser.([]app.OBSBrowserSource); ok {
					a.browser.show(list, a.words, false)
				}
				if list, ok := inputs.([]app.OBSInput); ok {
					a.audio.show(present.AudioInputs(list), a.words, false)
				}
			})
		}
		wait := time.NewTimer(listsEvery)
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case <-a.look:
			wait.Stop()
		case <-wait.C:
		}
	}
}

// lookAgain has OBS asked for its lists at once.
func (a *obsArea) lookAgain() {
	select {
	case a.look <- struct{}{}:
	default:
	}
}

func (a *obsArea) show(v present.View, words *i18n.Words) {
	p, _ := v.Content.(present.OBSPage)
	relabel := a.words == nil || a.words.Lang() != words.Lang()
	before, first := a.shown, !a.filled || relabel
	if !first && p.Same(before) {
		return
	}
	a.shown, a.words, a.filled = p, words, true
	a.card.show(p.OBS, p.Scenes, words)
	a.place.set(p.Place, present.Text)
	a.version.set(p.Version, present.Muted)
	for i, h := range p.Health {
		a.health[i].set(h.Name, h.Value)
	}
	if first || !p.SameSettings(before) {
		a.showSettings(p)
	}
	if first {
		a.relabel()
		a.browser.show(a.browser.shown, words, true)
		a.audio.show(a.audio.shown, words, true)
	}
	if first || p.OBS.Connected != before.OBS.Connected || p.Place != before.Place || p.CanLeave != before.CanLeave {
		on := p.OBS.Connected
		seen(a.figures, on)
		seen(a.choices, on)
		seen(a.lists, on)
		seen(a.away, !on)
		seen(a.again, on)
		seen(a.leave, p.CanLeave)
		seen(a.overlay, on)
		if on {
			a.lookAgain()
		}
		a.object.Refresh()
	}
}

func (a *obsArea) relabel() {
	words := a.words
	for i, key := range []string{"obspage.transition", "obspage.length", "obspage.profile", "obspage.collection"} {
		a.captions[i].set(words.T(key, nil), present.Muted)
	}
	a.studio.SetText(words.T("obspage.studio", nil))
	a.leave.SetText(words.T("obspage.disconnect", nil))
	a.again.SetText(words.T("obspage.reconnect", nil))
	a.other.SetText(words.T("obspage.other", nil))
	a.overlay.SetText(words.T("obspage.add", nil))
	a.help.SetText(words.T("obspage.away", nil))
}

// showSettings shows what is chosen in OBS, without choosing it again.
func (a *obsArea) showSettings(p present.OBSPage) {
	a.filling = true
	defer func() { a.filling = false }()
	a.studio.SetChecked(p.Studio)
	for _, one := range []struct {
		sel    *widget.Select
		list   []string
		chosen string
	}{{a.transition, p.Transitions, p.Transition}, {a.profile, p.Profiles, p.Profile}, {a.scenes, p.Collections, p.Collection}} {
		if !slices.Equal(one.sel.Options, one.list) {
			one.sel.SetOptions(slices.Clone(one.list))
		}
		if one.sel.Selected != one.chosen {
			one.sel.SetSelected(one.chosen)
		}
	}
	if p.CollectionChanging {
		a.scenes.Disable()
	} else {
		a.scenes.Enable()
	}
	if a.w.win.Canvas().Focused() != fyne.Focusable(a.length) {
		a.showLength()
	}
}

func (a *obsArea) showLength() {
	text := ""
	if a.shown.TransitionLength > 0 {
		text = present.Number(int64(a.shown.TransitionLength))
	}
	a.length.SetText(text)
	if a.shown.TransitionLength > 0 {
		a.length.Enable()
	} else {
		a.length.Disable() // a cut has no length
	}
}

// cellGrid lays its objects out in columns of equal width.
type cellGrid struct{ columns int }

func (g cellGrid) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	const space = 12
	width := toPixel((size.Width - float32(g.columns-1)*space) / float32(g.columns))
	for i, o := range objects {
		height := o.MinSize().Height
		o.Move(fyne.NewPos(float32(i%g.columns)*(width+space), float32(i/g.columns)*(height+6)))
		o.Resize(fyne.NewSize(width, height))
	}
}

func (g cellGrid) MinSize(objects []fyne.CanvasObject) fyne.Size {
	rows := (len(objects) + g.columns - 1) / g.columns
	height := float32(0)
	for _, o := range objects {
		height = max(height, o.MinSize().Height)
	}
	return fyne.NewSize(300, float32(rows)*(height+6)-6)
}
