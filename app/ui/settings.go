package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// showSettings opens the page of settings.
func (w *Window) showSettings() { w.openArea(present.SettingsArea) }

// settingsArea is the page of settings. A change is sent at once, a text when Enter is
// pressed or the field is left; what the core refuses is told below the field.
type settingsArea struct {
	w      *Window
	object *fyne.Container
	scroll *container.Scroll
	lang   string
	shown  app.Settings

	language, theme  *widget.Select
	tray, viewing    *widget.Check
	start            *widget.Check // with the system
	alerts, zero     *widget.Check // notifications
	hotkeys          *widget.Check
	hotkeysState     *widget.Label
	origins          *originList
	issuer, audience *savedField
	active, perScene *savedField
}

func newSettingsArea(w *Window) *settingsArea {
	a := &settingsArea{w: w}
	a.scroll = container.NewVScroll(container.NewStack())
	a.object = container.New(settingsFrame{}, a.scroll)
	return a
}

func (a *settingsArea) canvas() fyne.CanvasObject { return a.object }

var languages = []string{"", "en", "pt-BR"}

// build makes everything in the language of the window.
func (a *settingsArea) build() {
	w := a.w
	chosenHere := a.language != nil && w.win.Canvas().Focused() == fyne.Focusable(a.language)
	a.language = widget.NewSelect([]string{w.text("window.settings.system"), "English", "Português (Brasil)"}, nil)
	a.language.OnChanged = func(string) {
		if i := a.language.SelectedIndex(); i >= 0 && languages[i] != a.shown.Language {
			w.send(app.SetSettings{Fields: app.SettingsFields{Language: &languages[i]}})
		}
	}
	a.theme = widget.NewSelect([]string{w.text("frame.theme.dark"), w.text("frame.theme.light"), w.text("frame.theme.contrast"), w.text("window.settings.system")}, nil)
	a.theme.SetSelectedIndex(int(w.prefs.theme.Load()))
	a.theme.OnChanged = func(string) { w.chooseTheme(a.theme.SelectedIndex()) }

	a.tray = a.check("window.settings.tray", func(on *bool) { w.send(app.SetSettings{Fields: app.SettingsFields{CloseToTray: on}}) })
	a.viewing = a.check("window.settings.viewing", func(on *bool) { w.send(app.SetSettings{Fields: app.SettingsFields{ViewingOpen: on}}) })
	trayHint := "window.settings.tray.hint"
	if !w.tray.possible.Load() {
		trayHint = "window.settings.tray.none"
		a.tray.Disable()
	}
	a.start = a.check("frame.start", func(on *bool) { w.startWithSystem(*on) })
	startHint := "frame.start.hint"
	if w.cfg.Autostart == nil {
		startHint = "frame.start.none"
		a.start.Disable()
	}
	a.alerts = a.check("frame.notify.alerts", func(on *bool) { w.prefs.setNotify(prefNotifyAlerts, *on) })
	a.zero = a.check("frame.notify.zero", func(on *bool) { w.prefs.setNotify(prefNotifyZero, *on) })
	a.alerts.Checked, a.zero.Checked = w.prefs.notifyAlerts.Load(), w.prefs.notifyZero.Load()
	a.hotkeys = a.check("frame.hotkeys", func(on *bool) { w.useHotkeys(*on) })
	a.hotkeys.Checked = w.prefs.hotkeys.Load()
	a.hotkeysState = newHint("")

	a.origins = newOriginList(w)
	a.issuer = a.saved("https://login.example.com", func(text string) (app.SettingsFields, string) { return app.SettingsFields{OIDCIssuer: &text}, "" })
	a.audience = a.saved("", func(text string) (app.SettingsFields, string) { return app.SettingsFields{OIDCAudience: &text}, "" })
	a.active = a.saved("", func(text string) (app.SettingsFields, string) {
		n, wrong := a.whole(text)
		return app.SettingsFields{MaxConcurrentSources: n}, wrong
	})
	a.perScene = a.saved("", func(text string) (app.SettingsFields, string) {
		n, wrong := a.whole(text)
		return app.SettingsFields{MaxSourcesPerScene: n}, wrong
	})

	about := newLine(sizeText, present.Text)
	about.set(w.words.T("frame.about.version", map[string]any{"Version": w.cfg.Version}), present.Text)
	folder := newLine(sizeText, present.Muted)
	folder.set(w.words.T("frame.about.folder", map[string]any{"Folder": w.cfg.DataDir}), present.Muted)
	folderCopy := widget.NewButtonWithIcon(w.text("window.links.copy"), theme.ContentCopyIcon(), func() { w.copyText(w.cfg.DataDir) })
	buttons := []fyne.CanvasObject{widget.NewButtonWithIcon(w.text("window.keys.title"), theme.HelpIcon(), w.showShortcuts)}
	if w.cfg.Backups != nil {
		buttons = append(buttons, widget.NewButtonWithIcon(w.text("safety.open"), theme.HistoryIcon(), w.showBackups))
	}
	buttons = append(buttons, widget.NewButtonWithIcon(w.text("welcome.again"), theme.InfoIcon(), w.Welcome))

	hints := hint(w, "safety.open.hint")
	if w.cfg.Support != nil {
		buttons = append(buttons, widget.NewButtonWithIcon(w.text("insight.support.save"), theme.DocumentSaveIcon(), w.askSupport))
		hints.SetText(hints.Text + "\n" + w.text("insight.support.hint"))
	}

	content := container.New(column{grow: -1, gap: 22},
		a.section("frame.settings.window",
			a.asked("window.settings.language", a.language), a.asked("frame.theme", a.theme),
			a.tray, hint(w, trayHint), a.start, hint(w, startHint)),
		a.section("frame.settings.notify", a.alerts, a.zero, hint(w, "frame.notify.hint"), a.hotkeys, a.hotkeysState),
		a.section("frame.settings.access", a.viewing, hint(w, "window.settings.viewing.hint"), a.origins.object),
		a.section("frame.settings.issuer", hint(w, "frame.issuer.hint"), a.asked("frame.issuer", a.issuer.object), a.asked("frame.audience", a.audience.object)),
		a.section("frame.settings.limits", a.asked("frame.limits.active", a.active.object), a.asked("frame.limits.scene", a.perScene.object), hint(w, "frame.limits.hint")),
		a.section("frame.settings.about", about, container.New(row{shares: []float32{1}, gap: 8}, folder, compact(folderCopy)),
			container.New(box{0, 4}, container.New(row{gap: 8}, buttons...)), hints),
	)
	a.scroll.Content = container.New(box{4, 6}, content)
	a.scroll.Refresh()
	if chosenHere {
		w.win.Canvas().Focus(a.language)
	}
}

func (a *settingsArea) show(v present.View, words *i18n.Words) {
	relabel := a.lang != words.Lang()
	if relabel {
		a.lang = words.Lang()
		a.build()
	}
	c, _ := v.Content.(present.Settings)
	if !relabel && c.Same(present.Settings{Settings: a.shown}) {
		return
	}
	a.shown = c.Settings
	for i, value := range languages {
		if value == c.Language {
			a.language.SetSelectedIndex(i)
		}
	}
	setCheck(a.tray, c.CloseToTray)
	setCheck(a.viewing, c.ViewingOpen)
	a.origins.fill(c.AllowedOrigins)
	a.issuer.fill(c.OIDCIssuer)
	a.audience.fill(c.OIDCAudience)
	a.active.fill(strconv.Itoa(c.MaxConcurrentSources))
	a.perScene.fill(strconv.Itoa(c.MaxSourcesPerScene))
}

// came looks at what only the system knows.
func (a *settingsArea) came() {
	a.showHotkeys()
	if a.w.cfg.Autostart == nil {
		return
	}
	go func() { // it reads a file
		on, err := a.w.cfg.Autostart.On()
		if err != nil {
			a.w.fail("frame.start.error", nil, err)
		}
		a.w.do(func() { setCheck(a.start, on) })
	}()
}

func (a *settingsArea) left() {}

// showHotkeys tells what the global keys are, or why there are none.
func (a *settingsArea) showHotkeys() { a.hotkeysState.SetText(a.w.hotkeysText()) }

// check is a switch; change is called when a person flips it, and not by setCheck.
func (a *settingsArea) check(key string, change func(*bool)) *widget.Check {
	c := widget.NewCheck(a.w.text(key), nil)
	c.OnChanged = func(on bool) { change(&on) }
	return c
}

func setCheck(c *widget.Check, on bool) {
	if c.Checked != on {
		c.Checked = on
		c.Refresh()
	}
}

func hint(w *Window, key string) *widget.Label { return newHint(w.text(key)) }

// section is a heading with what belongs to it at its right.
func (a *settingsArea) section(title string, parts ...fyne.CanvasObject) fyne.CanvasObject {
	heading := newHeading()
	heading.set(a.w.text(title), present.Text)
	for i, part := range parts {
		switch part.(type) { // their texts stand clear of their edges
		case *widget.Check:
			parts[i] = container.New(box{-6, -2}, part)
		case *widget.Label:
			parts[i] = container.New(box{-8, -6}, part)
		}
	}
	return container.New(sectionRow{}, container.New(column{grow: -1}, container.New(box{0, 6}, heading)),
		container.New(column{grow: -1, gap: 6}, parts...))
}

// asked is an input with its name before it.
func (a *settingsArea) asked(key string, input fyne.CanvasObject) fyne.CanvasObject {
	name := newLine(sizeText, present.Text)
	name.set(a.w.text(key), present.Text)
	return container.New(row{shares: []float32{1, 1.5}, gap: 12}, name, input)
}

// whole reads a whole number.
func (a *settingsArea) whole(text string) (*int, string) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return nil, a.w.text("frame.settings.number")
	}
	return &n, ""
}

// settingsFrame keeps the page at a width that can be read, at the left.
type settingsFrame struct{}

func (settingsFrame) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(inset, inset-6))
	objects[0].Resize(fyne.NewSize(min(size.Width-2*inset, 980), max(0, size.Height-2*(inset-6))))
}

func (settingsFrame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(940, 530) }

// sectionRow gives the heading a fixed width and what belongs to it the rest, clear of
// the scroll bar.
type sectionRow struct{}

const headingWidth = 190

func (sectionRow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(fyne.NewSize(headingWidth, size.Height))
	objects[1].Move(fyne.NewPos(headingWidth+12, 0))
	objects[1].Resize(fyne.NewSize(max(0, size.Width-headingWidth-30), size.Height))
}

func (sectionRow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(headingWidth+200, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}
