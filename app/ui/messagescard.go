package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// messagesCard is the list of messages. A click shows one or hides it.
type messagesCard struct {
	object *fyne.Container
	list   *widget.List
	empty  *emptyState
	shown  present.Messages
	words  *i18n.Words
	filled bool
	w      *Window
}

func newMessagesCard(w *Window) *messagesCard {
	c := &messagesCard{w: w, empty: newEmptyState(w.askMessage)}
	c.list = widget.NewList(
		func() int { return len(c.shown.List) },
		func() fyne.CanvasObject { return newMessageRow() },
		func(i int, o fyne.CanvasObject) { c.fill(i, o.(*messageRow)) },
	)
	c.list.HideSeparators = true
	c.list.OnSelected = func(i int) {
		c.list.UnselectAll()
		if i < len(c.shown.List) {
			w.toggleMessage(c.shown.List[i].ID)
		}
	}
	c.object = container.NewStack(c.list, c.empty.object)
	return c
}

func (c *messagesCard) fill(i int, r *messageRow) {
	if i < 0 || i >= len(c.shown.List) {
		return
	}
	id := c.shown.List[i].ID
	r.pick = func() { c.w.toggleMessage(id) }
	r.menu = func(at fyne.Position) { c.w.messageMenu(id, at) }
	r.set(c.shown.Row(i, c.words))
}

func (c *messagesCard) show(m present.Messages, words *i18n.Words) {
	relabel := c.words == nil || c.words.Lang() != words.Lang()
	if c.filled && !relabel && m.Same(c.shown) {
		return
	}
	c.shown, c.words, c.filled = m, words, true
	if relabel {
		c.empty.relabel(words.T("crew.messages.empty", nil), words.T("crew.messages.purpose", nil), words.T("crew.message.add", nil))
	}
	c.empty.object.Hidden = len(m.List) > 0
	c.list.Hidden = len(m.List) == 0
	c.object.Refresh()
	c.list.Refresh()
}

// messageRow is one message.
type messageRow struct {
	clickRow
	text, marks, state *line
	more               *moreIcon
	menu               func(at fyne.Position)
}

func newMessageRow() *messageRow {
	r := &messageRow{
		text: newLine(sizeText, present.Text), marks: newLine(sizeCaption, present.Muted).whole(),
		state: newLine(sizeText, present.Muted).whole(),
	}
	r.more = newMoreIcon(r.showMenu)
	r.setup(32, container.New(box{8, 0}, container.New(row{shares: []float32{1}, gap: 12}, r.text, r.marks, r.state, container.New(fixed{20, 32}, r.more))))
	r.ExtendBaseWidget(r)
	return r
}

// TappedSecondary is called by Fyne.
func (r *messageRow) TappedSecondary(e *fyne.PointEvent) { r.showMenu(e.AbsolutePosition) }

func (r *messageRow) showMenu(at fyne.Position) {
	if r.menu != nil {
		r.menu(at)
	}
}

func (r *messageRow) set(v present.MessageRow) {
	r.text.text.TextStyle.Bold = v.Bold
	r.text.full = "" // measured anew
	r.text.set(v.Text, v.Color)
	r.marks.set(v.Marks, present.Muted)
	r.state.set(v.State.Text, v.State.Color)
	r.base = present.Surface
	r.strip.FillColor = present.Surface
	if v.Visible {
		r.base, r.strip.FillColor = tint(present.Good), present.Good
	}
	r.cells.Refresh()
	r.strip.Refresh()
	r.paint()
}

var _ desktop.Hoverable = (*messageRow)(nil)

// toggleMessage shows a message on the screens, or hides it.
func (w *Window) toggleMessage(id string) {
	room := w.room()
	if room == nil {
		return
	}
	control := app.Control{RoomID: room.Room.ID, Action: app.ShowMessage, ID: id}
	if room.Playback.MessageID == id {
		control = app.Control{RoomID: room.Room.ID, Action: app.HideMessage}
	}
	w.send(control)
}

// messageMenu shows what can be done with a message.
func (w *Window) messageMenu(id string, at fyne.Position) {
	room := w.room()
	if room == nil {
		return
	}
	w.menu(at,
		w.item("crew.cue.edit.item", theme.DocumentCreateIcon(), func() { w.editMessage(id) }),
		w.item("crew.delete", theme.DeleteIcon(), func() { w.send(app.DeleteMessage{RoomID: room.Room.ID, MessageID: id}) }))
}

var messageColors = []app.MessageColor{app.White, app.Green, app.Yellow, app.Red}

// askMessage asks for a new message.
func (w *Window) askMessage() {
	if room := w.room(); room != nil {
		w.messageSheet("crew.message.new", "window.ask.add", app.Message{Color: app.White}, func(fields app.MessageFields) app.Command {
			return app.CreateMessage{RoomID: room.Room.ID, Fields: fields}
		})
	}
}

// editMessage asks for changes of a message.
func (w *Window) editMessage(id string) {
	room := w.room()
	if room == nil {
		return
	}
	if m := room.Message(id); m != nil {
		w.messageSheet("crew.message.edit", "crew.save", *m, func(fields app.MessageFields) app.Command {
			return app.UpdateMessage{RoomID: room.Room.ID, MessageID: id, Fields: fields}
		})
	}
}

func (w *Window) messageSheet(title, confirm string, m app.Message, command func(app.MessageFields) app.Command) {
	s := w.newSheet(480)
	text, textAsked := s.entry(0, "text", "crew.message.text", m.Text)
	colors, colorAsked := s.choose(0, "color", "crew.message.color",
		s.texts("crew.message.color.", "white", "green", "yellow", "red"), max(0, slices.Index(messageColors, m.Color)))
	bold, upper, flash := s.check("crew.message.bold", m.Bold), s.check("crew.message.uppercase", m.Uppercase), s.check("crew.message.flash", m.Flash)
	content := stacked(textAsked, s.hint("crew.message.hint"), colorAsked, container.New(row{gap: 12}, bold, upper, flash))
	s.open(w.text(title), confirm, content, func() (app.Command, []present.Wrong) {
		now := app.Message{
			Text: text.Text, Color: messageColors[colors.SelectedIndex()],
			Bold: bold.Checked, Uppercase: upper.Checked, Flash: flash.Checked,
		}
		fields, wrong := present.MessageFields(w.words, now)
		return command(fields), wrong
	})
}

// openModerator opens the page where questions are looked after.
func (w *Window) openModerator() {
	if address := w.View().Links.Moderator; address != "" {
		w.openURL(address)
		return
	}
	w.tell("window.status.noserver", nil)
}
