package ui

import (
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// tokensCard lists the access tokens that were issued. A token itself is shown once,
// when it is made.
type tokensCard struct {
	w      *Window
	object *fyne.Container
	grant  *widget.Button
	empty  *emptyState
	list   *widget.List
	shown  []present.TokenRow
}

func newTokensCard(w *Window) *tokensCard { return &tokensCard{w: w} }

// build makes everything in the language of the window.
func (c *tokensCard) build() {
	w := c.w
	heading := newHeading()
	heading.set(w.text("frame.tokens.title"), present.Text)
	c.grant = widget.NewButtonWithIcon(w.text("frame.tokens.grant"), theme.ContentAddIcon(), w.askToken)
	c.empty = newEmptyState(w.askToken)
	c.empty.relabel(w.text("frame.tokens.empty"), w.text("frame.tokens.empty.purpose"), w.text("frame.tokens.grant"))
	if w.cfg.IssueToken == nil {
		c.grant.Hide()
		c.empty.first.Hide()
	}
	c.list = widget.NewList(
		func() int { return len(c.shown) },
		func() fyne.CanvasObject { return newTokenRow(w) },
		func(i int, o fyne.CanvasObject) {
			if i < len(c.shown) {
				o.(*tokenRow).set(c.shown[i])
			}
		},
	)
	c.list.HideSeparators = true
	c.list.OnSelected = func(int) { c.list.UnselectAll() }
	c.object = card(container.New(column{grow: 2, gap: 8},
		container.New(row{shares: []float32{1}, gap: 8}, heading, compact(c.grant)),
		container.New(box{-8, -8}, newHint(w.text("frame.tokens.purpose"))),
		container.NewStack(c.list, container.New(middle{}, c.empty.object))))
}

func (c *tokensCard) fill(a present.Apps) {
	c.shown = a.TokenRows(c.w.words)
	setVisible(c.empty.object, len(c.shown) == 0)
	setVisible(c.list, len(c.shown) > 0)
	c.list.Refresh()
}

// askToken asks for whom a token is to be, and shows it once it is made.
func (w *Window) askToken() {
	if w.cfg.IssueToken == nil {
		w.tell("frame.tokens.none", nil)
		return
	}
	s := w.newSheet(480)
	name, nameAsked := s.entry(0, "name", "frame.tokens.name", "")
	roles := present.TokenRoles
	texts := make([]string, len(roles))
	for i, r := range roles {
		texts[i] = present.RoleText(w.words, r)
	}
	role, roleAsked := s.choose(0, "role", "frame.tokens.role", texts, 0)
	lives := make([]string, len(present.TokenLives))
	for i := range lives {
		lives[i] = w.words.T("frame.tokens.days", map[string]any{"Count": present.TokenLives[i]})
	}
	life, lifeAsked := s.choose(0, "life", "frame.tokens.life", lives, 1)
	var text string // of the token
	s.then = func(app.Result) { w.showToken(name.Text, text) }
	s.open(w.text("frame.tokens.grant.title"), "frame.tokens.make", stacked(nameAsked, pair(roleAsked, lifeAsked)), func() (app.Command, []present.Wrong) {
		chosen, days := roles[max(0, role.SelectedIndex())], present.TokenLives[max(0, life.SelectedIndex())]
		called, wrong := present.TokenName(w.words, name.Text)
		if len(wrong) > 0 {
			return nil, wrong
		}
		made, token, err := w.cfg.IssueToken(called, chosen, called, time.Duration(days)*24*time.Hour)
		if err != nil {
			return nil, []present.Wrong{{Field: "name", Text: present.Reason(w.words, err)}}
		}
		text = made
		return app.GrantToken{Token: token}, nil
	})
}

// showToken shows a token, this once.
func (w *Window) showToken(name, text string) {
	shown := widget.NewMultiLineEntry()
	shown.SetText(text)
	shown.Wrapping = fyne.TextWrapBreak
	shown.SetMinRowsVisible(5)
	content := container.New(column{grow: -1, gap: 8}, newHint(w.text("frame.tokens.once")), shown)
	d := dialog.NewCustomWithoutButtons(w.words.T("frame.tokens.made", map[string]any{"Name": name}), content, w.win)
	d.SetButtons([]fyne.CanvasObject{
		widget.NewButton(w.text("window.ask.close"), d.Hide),
		&widget.Button{Text: w.text("frame.tokens.copy"), Importance: widget.HighImportance, OnTapped: func() {
			w.cfg.App.Clipboard().SetContent(text) // without telling what it was
			w.tell("frame.tokens.copied", map[string]any{"Name": name})
		}},
	})
	w.open(d, 560)
}

// revokeToken takes a token away, after a question.
func (w *Window) revokeToken(r present.TokenRow) {
	w.confirm(w.text("frame.tokens.revoke.title"), w.words.T("frame.tokens.revoke.text", map[string]any{"Name": r.Name}),
		w.text("frame.tokens.revoke"), func() { w.send(app.RevokeToken{ID: r.ID}) })
}

// tokenRow is one token of the list.
type tokenRow struct {
	clickRow
	name, about *line
	revoke      *widget.Button
	shown       present.TokenRow
}

func newTokenRow(w *Window) *tokenRow {
	r := &tokenRow{name: newLine(sizeText, present.Text), about: newLine(sizeCaption, present.Muted)}
	r.revoke = widget.NewButtonWithIcon("", theme.DeleteIcon(), func() { w.revokeToken(r.shown) })
	r.revoke.Importance = widget.LowImportance
	texts := container.New(box{0, 4}, container.New(column{grow: -1}, r.name, r.about))
	r.setup(44, container.New(box{4, 0}, container.New(row{shares: []float32{1}, gap: 8}, texts,
		container.New(middle{}, compact(r.revoke)), canvas.NewRectangle(color.Transparent))))
	r.ExtendBaseWidget(r)
	return r
}

func (r *tokenRow) set(v present.TokenRow) {
	if v == r.shown && !r.rethemed() {
		return
	}
	r.shown = v
	r.name.set(v.Name, present.Text)
	r.about.set(v.About.Text, v.About.Color)
}
