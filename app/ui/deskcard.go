package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// deskCard is what stands below the controls: the rundown, the messages, the
// auxiliary or the quick timers, under one line that says how the show does.
type deskCard struct {
	object   *fyne.Container
	head     *fyne.Container
	tabs     [present.Tabs]*widget.Button
	over     *line
	summary  *line
	problems *widget.Button
	roll     *widget.Button
	asked    *widget.Button // the questions
	undo     *widget.Button
	redo     *widget.Button
	more     *widget.Button // import and export
	add      *widget.Button
	rundown  *rundownCard
	messages *messagesCard
	aux      *auxCard
	quick    *quickCard
	shown    present.Desk
	text     string // of summary
	lang     string
}

func newDeskCard(w *Window) *deskCard {
	button := func(icon fyne.Resource, press func()) *widget.Button {
		b := widget.NewButtonWithIcon("", icon, press)
		b.Importance = widget.LowImportance
		return b
	}
	c := &deskCard{
		over: newLine(sizeText, present.Muted).bold().whole(), summary: newLine(sizeText, present.Muted),
		problems: button(theme.WarningIcon(), w.showProblems), roll: button(theme.RadioButtonIcon(), w.toggleRoll),
		asked: button(theme.QuestionIcon(), w.openModerator),
		undo:  button(theme.ContentUndoIcon(), w.undoEdit), redo: button(theme.ContentRedoIcon(), w.redoEdit),
		more: button(theme.MoreVerticalIcon(), nil), add: button(theme.ContentAddIcon(), w.addToDesk),
		rundown: newRundownCard(w), messages: newMessagesCard(w), aux: newAuxCard(w), quick: newQuickCard(w),
	}
	c.more.OnTapped = func() { w.fileMenu(c.more) }
	c.add.Importance = widget.MediumImportance
	tabs := make([]fyne.CanvasObject, present.Tabs)
	for i := range c.tabs {
		c.tabs[i] = button(nil, func() { w.change(func(l *present.Local) { l.Tab = present.Tab(i) }) })
		tabs[i] = c.tabs[i]
	}
	c.head = container.New(row{shares: []float32{0, 0, 1}, gap: 8},
		compact(container.New(row{gap: 2}, tabs...)), c.over, c.summary,
		compact(container.New(row{gap: 2}, c.problems, c.asked, c.roll, c.undo, c.redo, c.more, c.add)))
	c.object = card(container.New(column{grow: 1, gap: 4}, c.head,
		container.NewStack(c.rundown.object, c.messages.object, c.aux.object, c.quick.object)))
	return c
}

func (c *deskCard) show(v present.View, words *i18n.Words) {
	c.rundown.show(v.Rundown, words)
	c.messages.show(v.Message, words)
	c.aux.show(v.Aux, words)
	c.quick.show(v.Quick, words)
	d := v.Desk
	text := ""
	switch {
	case d.Tab == present.RundownTab && d.Roll:
		text = words.T("crew.roll.text", nil)
	case d.Tab == present.RundownTab:
		text = c.rundown.summary
	case d.Tab == present.MessagesTab && d.AskOpen:
		text = words.T("crew.questions.open", nil)
	}
	if d == c.shown && c.lang == words.Lang() && text == c.text {
		return
	}
	c.shown, c.text, c.lang = d, text, words.Lang()
	for i, key := range []string{"window.rundown.title", "crew.messages.title", "crew.aux.title", "quick.title"} {
		label := words.T(key, nil)
		if n := [...]int{0, d.Messages, d.Aux, d.Quick}[i]; n > 0 {
			label += " " + present.Count(words, int64(n))
		}
		importance := widget.LowImportance
		if present.Tab(i) == d.Tab {
			importance = widget.MediumImportance
		}
		setButton(c.tabs[i], label, nil, importance, true)
	}
	over := d.Over
	if d.Tab != present.RundownTab {
		over.Text = ""
	}
	c.over.set(over.Text, over.Color)
	c.over.Hidden = over.Text == ""
	c.summary.set(text, present.Muted)
	c.rundown.object.Hidden = d.Tab != present.RundownTab
	c.messages.object.Hidden = d.Tab != present.MessagesTab
	c.aux.object.Hidden = d.Tab != present.AuxTab
	c.quick.object.Hidden = d.Tab != present.QuickTab
	c.buttons(d, words)
	c.head.Refresh()
	c.object.Refresh()
}

func (c *deskCard) buttons(d present.Desk, words *i18n.Words) {
	rundown := d.Tab == present.RundownTab
	setButton(c.problems, words.T("crew.missing.count", map[string]any{"Count": d.Missing}), theme.WarningIcon(), widget.WarningImportance, true)
	c.problems.Hidden = !rundown || d.Missing == 0
	setButton(c.asked, words.T("crew.questions.count", map[string]any{"Count": d.Questions}), theme.QuestionIcon(), widget.LowImportance, true)
	c.asked.Hidden = d.Tab != present.MessagesTab || !d.AskOpen && d.Questions == 0
	roll, icon, importance := "crew.roll.off", theme.RadioButtonIcon(), widget.LowImportance
	if d.Roll {
		roll, icon, importance = "crew.roll.on", theme.RadioButtonCheckedIcon(), widget.SuccessImportance
	}
	setButton(c.roll, words.T(roll, nil), icon, importance, true)
	c.roll.Hidden = !rundown
	c.undo.Hidden, c.redo.Hidden = d.Tab >= present.AuxTab, d.Tab >= present.AuxTab
	c.more.Hidden = !rundown
	// Beside the rundown's other buttons there is room for the sign alone.
	add := [...]string{"", "crew.message.add", "crew.aux.add", "quick.add"}[d.Tab]
	if add != "" {
		add = words.T(add, nil)
	}
	setButton(c.add, add, theme.ContentAddIcon(), widget.MediumImportance, true)
}

// addToDesk adds to what the open tab holds.
func (w *Window) addToDesk() {
	switch w.View().Desk.Tab {
	case present.MessagesTab:
		w.askMessage()
	case present.AuxTab:
		w.addAux()
	case present.QuickTab:
		w.askQuick()
	default:
		w.askTimer()
	}
}
