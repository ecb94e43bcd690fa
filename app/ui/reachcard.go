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

// reachCard chooses whether and where other devices reach Cuewire, and tells at which
// addresses.
type reachCard struct {
	w                                *Window
	object                           *fyne.Container
	heading, whereCaption            *line
	share, viewing, name, https      *widget.Check
	shareHint, viewingHint, safeHint *widget.Label
	where                            *widget.Select
	choices                          []string // values of Settings.ShareOn, as where offers them
	addresses                        *fyne.Container
	trust                            *widget.Button
	problems, print                  *widget.Label
	shown                            present.Devices
	reach                            present.Reach
	setting                          bool // the widgets are set to what is true: nobody has pressed
}

func newReachCard(w *Window) *reachCard {
	c := &reachCard{w: w, heading: newHeading(), whereCaption: newCaption(), addresses: container.New(column{grow: -1, gap: 4})}
	check := func(change func(on bool) app.SettingsFields) *widget.Check {
		return widget.NewCheck("", func(on bool) {
			if !c.setting {
				w.send(app.SetSettings{Fields: change(on)})
			}
		})
	}
	c.share = check(func(on bool) app.SettingsFields { return app.SettingsFields{Sharing: &on} })
	c.viewing = check(func(on bool) app.SettingsFields { return app.SettingsFields{ViewingOpen: &on} })
	c.name = check(func(on bool) app.SettingsFields {
		off := !on
		return app.SettingsFields{LocalNameOff: &off}
	})
	c.https = check(func(on bool) app.SettingsFields {
		mode := app.HTTPSOff
		if on {
			mode = app.HTTPSLocal
		}
		return app.SettingsFields{HTTPS: &mode}
	})
	c.where = widget.NewSelect(nil, func(string) {
		if i := c.where.SelectedIndex(); !c.setting && i >= 0 && i < len(c.choices) {
			w.send(app.SetSettings{Fields: app.SettingsFields{ShareOn: &c.choices[i]}})
		}
	})
	c.shareHint, c.viewingHint, c.safeHint, c.print, c.problems = smallPrint(), smallPrint(), smallPrint(), smallPrint(), wrapped("")
	c.problems.Importance = widget.WarningImportance
	c.trust = widget.NewButtonWithIcon("", theme.InfoIcon(), func() { w.openURL(c.reach.TrustURL) })
	content := container.New(column{grow: -1, gap: 4},
		c.share, c.shareHint, c.problems, c.whereCaption, c.where, c.addresses, widget.NewSeparator(),
		c.viewing, c.viewingHint, widget.NewSeparator(), c.name, c.https, c.safeHint, compact(c.trust), c.print)
	c.object = card(container.New(column{grow: 1, gap: 8}, c.heading, container.NewVScroll(content)))
	return c
}

// smallPrint is a hint below something, over as many lines as it needs.
func smallPrint() *widget.Label {
	l := wrapped("")
	l.SizeName = theme.SizeNameCaptionText
	l.Importance = widget.LowImportance
	return l
}

func (c *reachCard) show(d present.Devices, words *i18n.Words, relabel bool) {
	c.shown = d
	if relabel {
		c.heading.set(words.T("devices.network", nil), present.Text)
		c.whereCaption.set(words.T("devices.where", nil), present.Muted)
		for check, key := range map[*widget.Check]string{
			c.share: "devices.share", c.viewing: "devices.viewing", c.name: "devices.localname", c.https: "devices.https",
		} {
			check.SetText(words.T(key, map[string]any{"Name": app.LocalName}))
		}
		c.shareHint.SetText(words.T("devices.share.hint", nil))
		c.viewingHint.SetText(words.T("devices.viewing.hint", nil))
		c.safeHint.SetText(words.T("devices.https.hint", nil))
		c.trust.SetText(words.T("devices.trust", nil))
	}
	c.settle(words)
}

// learn takes how Cuewire is reached now.
func (c *reachCard) learn(reach app.Reach, words *i18n.Words) {
	if next := present.ReachOf(words, reach); !next.Same(c.reach) {
		c.reach = next
		c.settle(words)
	}
}

// settle shows what is true.
func (c *reachCard) settle(words *i18n.Words) {
	c.setting = true
	defer func() { c.setting = false }()
	sharing := c.shown.Sharing || c.reach.Fixed
	c.share.SetChecked(sharing)
	enable(c.share, !c.reach.Fixed)
	c.viewing.SetChecked(c.shown.Viewing)
	c.name.SetChecked(c.shown.Name)
	enable(c.name, sharing)
	c.https.SetChecked(c.shown.HTTPS != app.HTTPSOff)
	enable(c.https, c.shown.HTTPS != app.HTTPSGiven)
	setVisible(c.trust, c.reach.TrustURL != "")
	setVisible(c.print, c.reach.Print != "")
	c.print.SetText(words.T("devices.fingerprint", map[string]any{"Print": c.reach.Print}))

	texts, values := c.reach.Choices(words, c.shown.ShareOn)
	c.choices = values
	c.where.SetOptions(texts)
	c.where.SetSelectedIndex(max(0, slices.Index(values, c.shown.ShareOn)))
	for _, o := range []fyne.CanvasObject{c.whereCaption, c.where} {
		setVisible(o, sharing && !c.reach.Fixed)
	}
	c.addresses.Objects = nil
	for _, a := range c.reach.Addresses {
		c.addresses.Add(c.addressRow(a))
	}
	c.problems.SetText(c.reach.Problem)
	setVisible(c.problems, c.reach.Problem != "")
	c.object.Refresh()
}

func (c *reachCard) addressRow(a present.ReachAddress) fyne.CanvasObject {
	url, about := newLine(sizeText, present.Text), newLine(sizeCaption, present.Muted)
	url.set(a.URL, present.Text)
	about.set(a.About, present.Muted)
	copyIt := widget.NewButtonWithIcon("", theme.ContentCopyIcon(), func() { c.w.copyText(a.URL) })
	copyIt.Importance = widget.LowImportance
	return container.New(row{shares: []float32{1}, gap: 4}, container.New(box{8, 0}, container.New(column{grow: -1}, url, about)), container.New(fixed{34, 30}, compact(copyIt)))
}

func enable(w fyne.Disableable, on bool) {
	switch {
	case on == !w.Disabled():
	case on:
		w.Enable()
	default:
		w.Disable()
	}
}
