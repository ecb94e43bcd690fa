package engine

import (
	"slices"

	"github.com/google/uuid"

	"cuewire/app"
)

func (t *tx) createMessage(c app.CreateMessage) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	if len(r.Messages) >= maxMessages {
		return app.NewError(app.CodeConflict, "error.tooManyMessages", "There are as many messages as a room can hold. Delete some first.", nil)
	}
	if c.Fields.Text == nil {
		return invalid("text", "error.fieldMissing", "{field} is missing.")
	}
	m := &app.Message{ID: uuid.NewString(), RoomID: r.Room.ID, Color: app.White, CreatedAt: t.now.Time(), UpdatedAt: t.now.Time()}
	if _, err := setMessage(m, c.Fields); err != nil {
		return err
	}
	rank := int64(rankGap)
	if n := len(r.Messages); n > 0 {
		rank += t.rank(r.Messages[n-1].ID)
	}
	t.remember(r)
	t.setRank(m.ID, rank)
	next := *r
	next.Messages = append(slices.Clone(r.Messages), m)
	t.replace(i, next)
	t.putMessage(m, app.MessageCreate)
	return nil
}

// showText shows a message with that text: one that the room has, else a new one.
func (t *tx) showText(c app.ShowText) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	if k := slices.IndexFunc(r.Messages, func(m *app.Message) bool { return m.Text == c.Text }); k >= 0 {
		t.id = r.Messages[k].ID
	} else if err := t.createMessage(app.CreateMessage{RoomID: r.Room.ID, Fields: app.MessageFields{Text: &c.Text}}); err != nil {
		return err
	}
	t.showMessage(i, t.id)
	return nil
}

// showMessage shows the message with the id in the room at i, "" for none.
func (t *tx) showMessage(i int, id string) {
	p := t.rooms[i].Playback
	p.MessageID = id
	t.show(i, id)
	t.play(i, p)
}

func (t *tx) updateMessage(c app.UpdateMessage) error {
	r, i, k, err := t.message(c.RoomID, c.MessageID)
	if err != nil {
		return err
	}
	m := *r.Messages[k]
	changed, err := setMessage(&m, c.Fields)
	if err != nil || len(changed) == 0 {
		t.id = m.ID
		return err
	}
	t.remember(r)
	m.UpdatedAt = t.now.Time()
	next := *r
	next.Messages = slices.Clone(r.Messages)
	next.Messages[k] = &m
	t.replace(i, next)
	t.putMessage(&m, app.MessageUpdate)
	return nil
}

func (t *tx) deleteMessage(c app.DeleteMessage) error {
	r, i, k, err := t.message(c.RoomID, c.MessageID)
	if err != nil {
		return err
	}
	t.remember(r)
	m := r.Messages[k]
	if m.Visible {
		t.showMessage(i, "")
	}
	next := *t.rooms[i]
	m = next.Messages[k]
	next.Messages = slices.Delete(slices.Clone(next.Messages), k, k+1)
	t.replace(i, next)
	t.write(app.DropMessage{ID: m.ID})
	t.tell(r.Room.ID, app.MessageChanged{Action: app.MessageDelete, RoomID: r.Room.ID, Message: m})
	t.id = m.ID
	return nil
}

func (t *tx) message(room, id string) (r *app.RoomState, i, k int, err error) {
	r, i, err = t.room(room)
	if err != nil {
		return nil, -1, -1, err
	}
	k = slices.IndexFunc(r.Messages, func(m *app.Message) bool { return m.ID == id })
	if k < 0 {
		return nil, -1, -1, app.NewError(app.CodeNotFound, "error.messageNotFound", "There is no message with this id.", nil)
	}
	return r, i, k, nil
}

func (t *tx) putMessage(m *app.Message, action app.MessageAction) {
	t.write(app.PutMessage{Message: m, Rank: t.rank(m.ID)})
	t.tell(m.RoomID, app.MessageChanged{Action: action, RoomID: m.RoomID, Message: m})
	t.id = m.ID
}
