package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

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
	area             *appsArea
}

func newAppRow(a *appsArea) *appRow {
	w := a.w
	r := &appRow{area: a, name: newLine(sizeText, present.Text).bold(), shown: &app.BroadcastApp{}}
	r.enabled = widget.NewCheck(w.text("apps.enabled"), func(on bool) {
		if on != r.shown.Enabled {
			a.change(app.UpdateApp{ID: r.shown.ID, Fields: app.AppFields{Enabled: &on}}, func(error) { r.enabled.SetChecked(r.shown.Enabled) })
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
	r.address.set(r.area.address(a.Key))
	r.showSecret()
}

func (r *appRow) showSecret() {
	text, what := "••••••••••••", "apps.secret.show"
	if r.revealed {
		text, what = r.shown.Secret, "apps.secret.hide"
	}
	r.secret.shown.set(text, present.Text)
	r.reveal.SetText(r.area.w.text(what))
}

// openMenu shows what can be done with the app.
func (r *appRow) openMenu() {
	w, shown := r.area.w, r.shown
	w.menuBelow(r.menu,
		w.item("apps.renew.item", theme.ViewRefreshIcon(), func() {
			r.area.ask("apps.renew.title", "apps.renew.text", "apps.renew", shown.Name, app.UpdateApp{ID: shown.ID, Renew: true})
		}),
		w.item("apps.delete.item", theme.DeleteIcon(), func() {
			r.area.ask("apps.delete.title", "apps.delete.text", "apps.delete", shown.Name, app.DeleteApp{ID: shown.ID})
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
