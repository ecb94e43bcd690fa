package ui

import (
	"context"
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

// reachEvery is how often the page asks how Cuewire is reached while it is in sight:
// a network comes and goes without telling anybody.
const reachEvery = 2 * time.Second

// devicesArea is the page of who is let in: the local network at the left, and the
// devices with what they show at the right.
type devicesArea struct {
	w       *Window
	object  *fyne.Container
	heading *line
	pair    *widget.Button
	heads   [4]*line
	list    *widget.List
	empty   *emptyState
	reach   *reachCard

	shown   present.Devices
	devices []present.Device
	seen    map[string]time.Time // when a token was last used
	words   *i18n.Words
	end     context.CancelFunc // of asking, nil while out of sight
}

func newDevicesArea(w *Window) *devicesArea {
	a := &devicesArea{w: w, heading: newHeading(), empty: newEmptyState(w.askPairing), reach: newReachCard(w), seen: map[string]time.Time{}}
	a.pair = widget.NewButtonWithIcon("", theme.ContentAddIcon(), w.askPairing)
	a.pair.Importance = widget.HighImportance
	heads := make([]fyne.CanvasObject, 0, len(a.heads))
	for i := range a.heads {
		a.heads[i] = newCaption()
		heads = append(heads, a.heads[i])
	}
	a.list = widget.NewList(
		func() int { return len(a.devices) },
		func() fyne.CanvasObject { return newDeviceRow() },
		func(i int, o fyne.CanvasObject) { a.fill(i, o.(*deviceRow)) },
	)
	a.list.HideSeparators = true
	a.list.OnSelected = func(int) { a.list.UnselectAll() }
	head := container.New(row{shares: []float32{1}, gap: 6}, a.heading, compact(a.pair))
	table := container.New(column{grow: 1, gap: 2}, container.New(box{4, 0}, container.New(deviceColumns{}, heads...)), a.list)
	devices := card(container.New(column{grow: 1, gap: 10}, head, container.NewStack(table, a.empty.object)))
	a.object = container.New(sidebar{}, a.reach.object, canvas.NewRectangle(present.Background), devices)
	return a
}

func (a *devicesArea) canvas() fyne.CanvasObject { return a.object }

func (a *devicesArea) show(v present.View, words *i18n.Words) {
	d, ok := v.Content.(present.Devices)
	relabel := a.words == nil || a.words.Lang() != words.Lang()
	if !ok || !relabel && d.Same(a.shown) {
		return
	}
	a.shown, a.words = d, words
	if relabel {
		a.heading.set(words.T("frame.area.devices", nil), present.Text)
		setButton(a.pair, words.T("devices.pair", nil), theme.ContentAddIcon(), widget.HighImportance, true)
		for i, key := range []string{"devices.head.device", "devices.head.page", "devices.head.clock", "devices.head.trip"} {
			a.heads[i].set(words.T(key, nil), present.Muted)
		}
		a.empty.relabel(words.T("devices.empty", nil), words.T("devices.purpose", nil), words.T("devices.pair", nil))
	}
	a.reach.show(d, words, relabel)
	a.listAnew()
	if relabel {
		a.object.Refresh()
	}
}

// listAnew shows who is there by now.
func (a *devicesArea) listAnew() {
	a.devices = a.shown.List(a.now())
	a.empty.object.Hidden = len(a.devices) > 0
	setVisible(a.list, len(a.devices) > 0)
	for _, h := range a.heads {
		setVisible(h, len(a.devices) > 0)
	}
	a.list.Refresh()
}

func (a *devicesArea) now() time.Time { return a.w.cfg.Core.Now().Time() }

func (a *devicesArea) fill(i int, r *deviceRow) {
	if i < 0 || i >= len(a.devices) {
		return
	}
	d := a.devices[i]
	seen := time.Time{}
	if d.Token != nil {
		seen = a.seen[d.Token.ID]
	}
	r.menu = func(at fyne.Position) { a.menu(d, at) }
	r.identify = func() { a.w.direct(d.Client, app.Direction{Do: app.Identify}) }
	r.set(a.shown.Row(d, a.words, a.now(), seen, time.Local), a.words)
}

// came begins to ask how Cuewire is reached and who was last seen.
func (a *devicesArea) came() {
	devices := a.w.cfg.Devices
	if devices == nil {
		return
	}
	ctx, end := context.WithCancel(context.Background())
	a.end = end
	go func() {
		for {
			reach, seen := devices.Reach(), map[string]time.Time{}
			for _, t := range a.w.cfg.Core.Snapshot().Tokens {
				seen[t.ID] = devices.LastSeen(t.ID)
			}
			a.w.do(func() {
				if ctx.Err() == nil {
					a.learn(reach, seen)
				}
			})
			if !sleep(ctx, reachEvery) {
				return
			}
		}
	}()
}

// left ends that.
func (a *devicesArea) left() {
	if a.end != nil {
		a.end()
		a.end = nil
	}
}

func (a *devicesArea) learn(reach app.Reach, seen map[string]time.Time) {
	if a.words == nil {
		return
	}
	a.reach.learn(reach, a.words)
	changed := len(seen) != len(a.seen)
	for id, at := range seen {
		// A connected device is seen all the time, and its row does not say when.
		changed = changed || at.Truncate(time.Minute) != a.seen[id].Truncate(time.Minute)
	}
	if changed {
		a.seen = seen
		a.list.Refresh()
	}
}

// menu shows what can be done with a device.
func (a *devicesArea) menu(d present.Device, at fyne.Position) {
	w := a.w
	var items []*fyne.MenuItem
	if c := d.Client; c != nil && c.Page != "" {
		items = append(items,
			w.item("devices.identify", theme.VisibilityIcon(), func() { w.direct(c, app.Direction{Do: app.Identify}) }),
			w.item("devices.reload", theme.ViewRefreshIcon(), func() { w.direct(c, app.Direction{Do: app.Reload}) }))
		if names, paths := present.PagesToShow(w.words, w.room()); len(names) > 0 {
			pages := fyne.NewMenuItem(w.text("devices.redirect"), nil)
			pages.Icon = theme.NavigateNextIcon()
			pages.ChildMenu = fyne.NewMenu("")
			for i, name := range names {
				pages.ChildMenu.Items = append(pages.ChildMenu.Items, fyne.NewMenuItem(name, func() {
					w.direct(c, app.Direction{Do: app.Redirect, Path: paths[i]})
				}))
			}
			items = append(items, pages)
		}
	}
	if t := d.Token; t != nil {
		if len(items) > 0 {
			items = append(items, fyne.NewMenuItemSeparator())
		}
		items = append(items,
			w.item("devices.rename", theme.DocumentCreateIcon(), func() { w.renameDevice(t) }),
			w.item("devices.revoke", theme.DeleteIcon(), func() { w.revokeDevice(t) }))
	}
	if len(items) > 0 {
		w.menu(at, items...)
	}
}

// direct tells a page on a device to do something.
func (w *Window) direct(c *app.Client, d app.Direction) {
	if c == nil || w.cfg.Devices == nil {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := w.cfg.Devices.Direct(ctx, c.ID, d); err != nil {
			w.fail("devices.direct.error", nil, err)
		} else if d.Do == app.Identify {
			w.tell("devices.identified", nil)
		}
	}()
}

func (w *Window) renameDevice(t *app.Token) {
	s := w.newSheet(420)
	name, asked := s.entry(0, "name", "devices.name", t.Name)
	s.open(w.text("devices.rename.title"), "crew.save", asked, func() (app.Command, []present.Wrong) {
		text, wrong := present.DeviceName(w.words, name.Text)
		return app.RenameToken{ID: t.ID, Name: text}, wrong
	})
}

// revokeDevice asks before a device loses its access: it has to be paired anew then.
func (w *Window) revokeDevice(t *app.Token) {
	name := t.Name
	if name == "" {
		name = w.text("devices.unnamed")
	}
	w.confirm(w.text("devices.revoke.title"), w.words.T("devices.revoke.ask", map[string]any{"Name": name}), w.text("devices.revoke"), func() {
		w.send(app.RevokeToken{ID: t.ID})
	})
}
