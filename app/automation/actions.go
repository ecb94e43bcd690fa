package automation

import (
	"context"
	"encoding/json"
	"strings"

	"cuewire/app"
)

// moment is when a cue acts.
type moment string

const (
	atStart moment = "start" // its timer starts from its beginning
	atZero  moment = "zero"  // its timer's time is up
)

// cue is what a timer asks for at a moment.
type cue struct {
	moment   moment
	at       app.Instant
	room     *app.Room
	timer    *app.Timer
	position int

	scene, message, webhook string
	sound                   app.Sound
}

// cueOf returns what an event asks for, if it is a timer's start or end.
func cueOf(event app.Event, snap *app.Snapshot) (c cue, ok bool) {
	id := ""
	switch e := event.Body.(type) {
	case app.TimerStarted:
		c.moment, id = atStart, e.TimerID
	case app.TimerReachedZero:
		c.moment, id = atZero, e.TimerID
	default:
		return c, false
	}
	room := snap.Room(event.RoomID)
	if room == nil {
		return c, false
	}
	t, position := room.Timer(id)
	if t == nil { // it was deleted at once
		return c, false
	}
	c.at, c.room, c.timer, c.position = event.At, room.Room, t, position
	c.scene, c.message, c.sound, c.webhook = t.SceneStart, t.MessageStart, t.SoundStart, t.WebhookStart
	if c.moment == atZero {
		c.scene, c.message, c.sound, c.webhook = t.SceneZero, t.MessageZero, t.SoundZero, t.WebhookZero
	}
	return c, true
}

// carryOut does what a cue asks for. It waits for neither OBS nor a webhook; both
// get the cues in their order.
func (d *Director) carryOut(ctx context.Context, c cue) {
	if c.scene != "" {
		d.switches.add(ctx, c.scene)
	}
	if c.sound != "" {
		if err := d.Core.Tell(ctx, app.PlaySound{RoomID: c.room.ID, TimerID: c.timer.ID, Sound: c.sound}); err != nil {
			d.Log.Debug("a sound was not played", "err", err)
		}
	}
	if c.webhook != "" {
		body, err := c.body()
		if err != nil {
			d.Log.Error("a webhook was not called", "err", err)
		} else {
			d.webhooks.add(ctx, c.webhook, body)
		}
	}
	if strings.TrimSpace(c.message) != "" {
		if _, err := d.Core.Do(ctx, app.ShowText{RoomID: c.room.ID, Text: c.message}); err != nil {
			d.fail(ctx, "MESSAGE_FAILED", "The message of the cue “"+c.timer.Name+"” could not be shown", err)
		}
	}
}

// body is what a webhook sends.
func (c cue) body() ([]byte, error) {
	type room struct {
		ID        string `json:"id"`
		ShortCode string `json:"short_code"`
		Name      string `json:"name"`
	}
	type timer struct {
		ID       string     `json:"id"`
		Name     string     `json:"name"`
		Speaker  string     `json:"speaker"`
		Position int        `json:"position"`
		Duration app.Millis `json:"duration_ms"`
	}
	return json.Marshal(struct {
		Event moment `json:"event"`
		Room  room   `json:"room"`
		Timer timer  `json:"timer"`
		At    string `json:"at"`
	}{
		c.moment,
		room{c.room.ID, c.room.ShortCode, c.room.Name},
		timer{c.timer.ID, c.timer.Name, c.timer.Speaker, c.position, c.timer.Duration},
		c.at.Time().Format("2006-01-02T15:04:05.000Z07:00"),
	})
}
