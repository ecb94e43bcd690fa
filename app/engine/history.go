package engine

import (
	"reflect"
	"strings"

	"cuewire/app"
	"cuewire/app/timing"
)

// historyLength is how many changes of a room can be undone.
const historyLength = 100

// history is what can be undone and redone in one room. Its lists are replaced,
// never changed: a step that is refused leaves them as they are.
type history struct{ past, future []content }

// content is what of a room can be undone. It shares everything with the
// snapshots that it comes from.
type content struct {
	room     *app.Room
	timers   []*app.Timer
	messages []*app.Message
	ranks    []int64 // of the timers, then of the messages
}

func (t *tx) contentOf(r *app.RoomState) content {
	c := content{r.Room, r.Timers, r.Messages, make([]int64, 0, len(r.Timers)+len(r.Messages))}
	for _, timer := range r.Timers {
		c.ranks = append(c.ranks, t.rank(timer.ID))
	}
	for _, m := range r.Messages {
		c.ranks = append(c.ranks, t.rank(m.ID))
	}
	return c
}

// remember notes the room as it was before this step, which can then be undone.
func (t *tx) remember(r *app.RoomState) {
	h := t.e.histories[r.Room.ID]
	past := append(h.past[max(0, len(h.past)-historyLength+1):len(h.past):len(h.past)], t.contentOf(r))
	t.setHistory(r.Room.ID, history{past: past})
	t.noted(r.Room.ID)
}

func (t *tx) setHistory(room string, h history) {
	if t.histories == nil {
		t.histories = make(map[string]history)
	}
	t.histories[room] = h
}

func (t *tx) undo(ref string) error {
	r, i, err := t.room(ref)
	if err != nil {
		return err
	}
	h := t.e.histories[r.Room.ID]
	if len(h.past) == 0 {
		return app.NewError(app.CodeConflict, "error.nothingToUndo", "There is nothing to undo.", nil)
	}
	last := len(h.past) - 1
	t.setHistory(r.Room.ID, history{h.past[:last:last], append(h.future[:len(h.future):len(h.future)], t.contentOf(r))})
	t.turned(r.Room.ID, true)
	t.become(i, h.past[last])
	return nil
}

func (t *tx) redo(ref string) error {
	r, i, err := t.room(ref)
	if err != nil {
		return err
	}
	h := t.e.histories[r.Room.ID]
	if len(h.future) == 0 {
		return app.NewError(app.CodeConflict, "error.nothingToRedo", "There is nothing to redo.", nil)
	}
	last := len(h.future) - 1
	t.setHistory(r.Room.ID, history{append(h.past[:len(h.past):len(h.past)], t.contentOf(r)), h.future[:last:last]})
	t.turned(r.Room.ID, false)
	t.become(i, h.future[last])
	return nil
}

// become gives the room at i another content, and writes and tells what differs.
func (t *tx) become(i int, c content) {
	was := *t.rooms[i]
	next := was
	next.Room, next.Timers = c.room, c.timers
	t.replace(i, next)
	if c.room != was.Room {
		t.write(app.PutRoom{Room: c.room})
		t.tell(c.room.ID, app.RoomUpdated{Room: c.room, Changes: differences(*was.Room, *c.room)})
	}
	t.becomeTimers(i, was, c)
	t.becomeMessages(i, was, c)
}

func (t *tx) becomeTimers(i int, was app.RoomState, c content) {
	room := c.room.ID
	old := make(map[string]*app.Timer, len(was.Timers))
	for _, timer := range was.Timers {
		old[timer.ID] = timer
	}
	kept := make(map[string]bool, len(c.timers))
	for k, timer := range c.timers {
		kept[timer.ID] = true
		before := old[timer.ID]
		if before != timer || t.rank(timer.ID) != c.ranks[k] {
			t.setRank(timer.ID, c.ranks[k])
			t.write(app.PutTimer{Timer: timer, Rank: c.ranks[k]})
		}
		switch {
		case before == nil:
			t.tell(room, app.TimerCreated{RoomID: room, Timer: app.TimerView{Timer: timer, Position: k}})
		case before != timer:
			t.tell(room, app.TimerUpdated{RoomID: room, Timer: app.TimerView{Timer: timer, Position: k}, Changes: differences(*before, *timer)})
		}
	}
	_, position := was.Current()
	for _, timer := range was.Timers {
		if !kept[timer.ID] {
			t.write(app.DropTimer{ID: timer.ID})
			t.tell(room, app.TimerDeleted{RoomID: room, TimerID: timer.ID})
		}
	}
	if moved, at := reordered(was.Timers, c.timers, kept); moved != nil {
		t.tellOrder(i, moved, at)
	}
	if current, _ := was.Current(); current != nil && kept[current.ID] {
		if now, _ := t.rooms[i].Timer(current.ID); now.Duration != current.Duration {
			t.play(i, timing.Replan(t.rooms[i], current.Duration, now.Duration, t.now))
		}
	}
	t.settle(i, position)
}

// reordered returns a timer that stands in another order than before, and its
// place; nil when those that stayed kept theirs.
func reordered(was, is []*app.Timer, kept map[string]bool) (*app.Timer, int) {
	existed := make(map[string]bool, len(was))
	for _, timer := range was {
		existed[timer.ID] = true
	}
	k := 0
	for _, timer := range was {
		if !kept[timer.ID] {
			continue
		}
		for !existed[is[k].ID] {
			k++
		}
		if is[k].ID != timer.ID {
			return is[k], k
		}
		k++
	}
	return nil, -1
}

func (t *tx) becomeMessages(i int, was app.RoomState, c content) {
	old := make(map[string]*app.Message, len(was.Messages))
	for _, m := range was.Messages {
		old[m.ID] = m
	}
	next := *t.rooms[i]
	next.Messages = make([]*app.Message, 0, len(c.messages))
	for k, m := range c.messages {
		before := old[m.ID]
		delete(old, m.ID)
		// Whether it is shown is playback's to say, and that is not undone.
		is, action := *m, app.MessageCreate
		is.Visible = before != nil && before.Visible
		if before != nil {
			action = app.MessageUpdate
		}
		if before != nil && *before == is {
			next.Messages = append(next.Messages, before)
			continue
		}
		next.Messages = append(next.Messages, &is)
		t.setRank(m.ID, c.ranks[len(c.timers)+k])
		t.putMessage(&is, action)
	}
	t.replace(i, next)
	for _, m := range was.Messages {
		if old[m.ID] != nil {
			t.write(app.DropMessage{ID: m.ID})
			t.tell(m.RoomID, app.MessageChanged{Action: app.MessageDelete, RoomID: m.RoomID, Message: m})
		}
	}
	if p := next.Playback; next.Message(p.MessageID) == nil && p.MessageID != "" {
		p.MessageID = ""
		t.play(i, p)
	}
	t.id = ""
}

// differences returns the JSON names of the fields in which two things differ.
func differences[T any](a, b T) []string {
	names := []string{}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
		if name != "updated_at" && !x.Field(i).Equal(y.Field(i)) {
			names = append(names, name)
		}
	}
	return names
}

func (t *tx) deleteRoom(ref string) error {
	r, i, err := t.room(ref)
	if err != nil {
		return err
	}
	if len(t.rooms) == 1 {
		return app.NewError(app.CodeConflict, "error.lastRoom", "The last room cannot be deleted. Make another one first.", nil)
	}
	rooms := make([]*app.RoomState, 0, len(t.rooms)-1)
	t.rooms = append(append(rooms, t.rooms[:i]...), t.rooms[i+1:]...)
	for _, timer := range r.Timers {
		t.write(app.DropTimer{ID: timer.ID})
	}
	for _, m := range r.Messages {
		t.write(app.DropMessage{ID: m.ID})
	}
	for _, timer := range r.Aux {
		t.write(app.DropAux{ID: timer.ID})
	}
	for _, q := range r.Questions {
		t.write(app.DropQuestion{ID: q.ID})
	}
	t.write(app.DropRoom{ID: r.Room.ID})
	t.tell(r.Room.ID, app.RoomDeleted{Room: r.Room})
	t.setHistory(r.Room.ID, history{})
	t.forgotten(r.Room.ID)
	return nil
}
