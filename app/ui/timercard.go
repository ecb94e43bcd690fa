package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app/ui/present"
)

// timerCard is the big timer.
type timerCard struct {
	object  *fyne.Container
	head    *fyne.Container
	name    *line
	speaker *line
	place   *line
	state   *chip
	zone    *chip
	digits  *digits
	bar     *bar
	foot    *fyne.Container
	next    *line
	ends    *line
	message *line
	body    *fyne.Container
	room    *widget.Button // the room shown; opens a menu
	shown   present.Timer
}

func newTimerCard(barWidth func(int), rooms func(below fyne.CanvasObject)) *timerCard {
	c := &timerCard{
		name: newLine(sizeName, present.Text).bold(), speaker: newLine(sizeTitle, present.Muted),
		place: newLine(sizeText, present.Muted).whole(), state: newChip(), zone: newChip(),
		digits: newDigits(), bar: newBar(barWidth),
		next: newLine(sizeText, present.Muted), ends: newLine(sizeText, present.Muted).whole(),
		message: newLine(sizeText, present.Accent),
	}
	c.room = &widget.Button{Icon: theme.MenuDropDownIcon(), IconPlacement: widget.ButtonIconTrailingText, OnTapped: func() { rooms(c.room) }}
	c.head = container.New(row{shares: []float32{1}, gap: 10}, c.name, c.zone.object, c.state.object, c.place,
		container.NewCenter(compact(c.room)))
	c.foot = container.New(row{shares: []float32{1}, gap: 16}, c.next, c.ends)
	c.message.Hide()
	c.body = container.New(column{grow: 2, gap: 2}, c.head, c.speaker, c.digits, c.bar, c.message, c.foot)
	c.object = card(c.body)
	return c
}

func (c *timerCard) show(t present.Timer, room string) {
	if name := present.Shortened(room, 24); name != c.room.Text {
		c.room.SetText(name)
		c.head.Refresh()
	}
	if t == c.shown {
		return
	}
	c.shown = t
	c.name.set(t.Name, present.Text)
	c.speaker.set(t.Speaker, present.Muted)
	c.digits.set(t.Digits, t.Color)
	c.bar.set(t.Progress)
	c.next.set(t.Next, present.Muted)
	resize := c.state.set(t.State, false)
	resize = c.zone.set(present.Mark{Text: t.Zone, Color: t.Color}, false) || resize
	c.place.Hidden = t.Place == ""
	resize = c.place.set(t.Place, present.Muted) || resize
	if resize {
		c.head.Refresh()
	}
	if c.ends.set(t.Ends, present.Muted) {
		c.foot.Refresh()
	}
	c.message.set(t.Message, present.Accent)
	if c.message.Hidden == (t.Message != "") {
		c.message.Hidden = t.Message == ""
		c.body.Refresh()
	}
}
