package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// linksCard holds the addresses to open on other screens and in OBS.
type linksCard struct {
	object  *fyne.Container
	heading *line
	base    *widget.Select
	links   [3]*link
	shown   present.Links
	lang    string
}

func newLinksCard(w *Window) *linksCard {
	c := &linksCard{heading: newHeading()}
	rows := make([]fyne.CanvasObject, 0, len(c.links)+1)
	c.base = widget.NewSelect(nil, func(string) { w.chooseAddress(c.base.SelectedIndex()) })
	c.offer(w.addresses())
	rows = append(rows, container.New(row{shares: []float32{1, 1.9}, gap: 8}, c.heading, c.base))
	for i := range c.links {
		c.links[i] = newLink(w, present.LinkKind(i))
		rows = append(rows, c.links[i].object)
	}
	c.object = card(container.New(column{grow: -1, gap: 6}, rows...))
	return c
}

// offer lets a person choose between addresses; the first is chosen where the one that
// was is gone.
func (c *linksCard) offer(addresses []string) {
	was := c.base.Selected
	c.base.SetOptions(addresses)
	setVisible(c.base, len(addresses) > 1)
	if len(addresses) > 0 {
		c.base.SetSelectedIndex(max(0, slices.Index(addresses, was)))
	}
}

func (c *linksCard) show(l present.Links, words *i18n.Words) {
	if l == c.shown && c.lang == words.Lang() {
		return
	}
	c.shown, c.lang = l, words.Lang()
	c.heading.set(words.T("window.links.title", nil), present.Text)
	c.links[0].set(words.T("window.links.viewer", nil), l.Viewer, words)
	c.links[1].set(words.T("window.links.overlay", nil), l.OBS, words)
	c.links[2].set(words.T("window.links.index", nil), l.Index, words)
}

// link is one address with what it is for.
type link struct {
	object          *fyne.Container
	name            *line
	url             string
	shown           *line
	add, copy, open *widget.Button
}

func newLink(w *Window, kind present.LinkKind) *link {
	l := &link{
		name: newLine(sizeText, present.Text), shown: newLine(sizeCaption, present.Muted),
		add: widget.NewButton("", nil), copy: widget.NewButton("", nil), open: widget.NewButton("", nil),
	}
	l.copy.Importance, l.open.Importance = widget.LowImportance, widget.LowImportance
	l.add.OnTapped = func() { w.chooseScenes(kind, l.add) }
	l.copy.OnTapped = func() { w.copyText(l.url) }
	l.open.OnTapped = func() { w.openURL(l.url) }
	l.add.Hidden = kind == present.IndexLink
	buttons := compact(container.New(row{gap: 2}, l.add, l.copy, l.open))
	l.shown.Hidden = kind == present.IndexLink // it is what the others begin with
	l.object = container.New(column{grow: -1}, container.New(row{shares: []float32{1}, gap: 2}, l.name, buttons), l.shown)
	return l
}

func (l *link) set(name, url string, words *i18n.Words) {
	l.url = url
	l.name.set(name, present.Text)
	if url == "" {
		l.shown.set(words.T("window.links.none", nil), present.Muted)
	} else {
		l.shown.set(strings.TrimPrefix(url, "http://"), present.Muted)
	}
	setButton(l.add, words.T("window.links.add", nil), nil, widget.MediumImportance, url != "")
	setButton(l.copy, words.T("window.links.copy", nil), nil, widget.LowImportance, url != "")
	setButton(l.open, words.T("window.links.open", nil), nil, widget.LowImportance, url != "")
	l.object.Refresh()
}
