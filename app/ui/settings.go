package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// showSettings opens the settings. A change is sent at once, and when the language
// has changed the dialog opens anew in it.
func (w *Window) showSettings() {
	settings := w.cfg.Core.Snapshot().Settings
	set := func(fields app.SettingsFields) { w.send(app.SetSettings{Fields: fields}) }

	values := []string{"", "en", "pt-BR"}
	language := widget.NewSelect([]string{w.text("window.settings.system"), "English", "Português (Brasil)"}, nil)
	for i, value := range values {
		if value == settings.Language {
			language.SetSelectedIndex(i)
		}
	}
	language.OnChanged = func(string) {
		if i := language.SelectedIndex(); i >= 0 {
			set(app.SettingsFields{Language: &values[i]})
		}
	}
	check := func(key string, on bool, change func(*bool)) *widget.Check {
		c := widget.NewCheck(w.text(key), nil)
		c.SetChecked(on)
		c.OnChanged = func(on bool) { change(&on) }
		return c
	}
	tray := check("window.settings.tray", settings.CloseToTray, func(on *bool) { set(app.SettingsFields{CloseToTray: on}) })
	viewing := check("window.settings.viewing", settings.ViewingOpen, func(on *bool) { set(app.SettingsFields{ViewingOpen: on}) })

	hint := func(key string) fyne.CanvasObject {
		l := widget.NewLabel(w.text(key))
		l.Wrapping = fyne.TextWrapWord
		l.SizeName = "helperText"
		l.Importance = widget.LowImportance
		return l
	}
	trayHint := "window.settings.tray.hint"
	if !w.tray.possible {
		trayHint = "window.settings.tray.none"
		tray.Disable()
	}
	support := widget.NewButton(w.text("insight.support.save"), w.askSupport)
	if w.cfg.Support == nil {
		support.Disable()
	}
	about := newLine(sizeCaption, present.Muted)
	about.set(w.words.T("window.settings.about", map[string]any{"Version": w.cfg.Version, "Folder": w.cfg.DataDir}), present.Muted)
	content := container.NewVBox(
		container.New(row{shares: []float32{1, 1.6}, gap: 12}, widget.NewLabel(w.text("window.settings.language")), language),
		widget.NewSeparator(), tray, hint(trayHint), viewing, hint("window.settings.viewing.hint"),
		widget.NewSeparator(), container.NewHBox(widget.NewButton(w.text("apps.open"), w.showApps)), hint("apps.open.hint"),
		container.NewHBox(widget.NewButton(w.text("safety.open"), w.showBackups)), hint("safety.open.hint"),
		container.NewHBox(support), hint("insight.support.hint"),
		widget.NewSeparator(), container.New(box{8, 4}, about),
	)
	w.open(dialog.NewCustom(w.text("window.settings.title"), w.text("window.ask.close"), content, w.win), 520)
	w.reopen = w.showSettings
}
