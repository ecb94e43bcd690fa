package engine

import (
	"slices"

	"cuewire/app"
	"cuewire/app/timing"
)

// tx is one step of the state: what it becomes, what is written, what is told.
// Until it is kept nothing has happened.
type tx struct {
	working
	e         *Engine
	now       app.Instant
	ranks     map[string]int64   // new ones
	histories map[string]history // new ones
	changes   []app.Change
	events    []app.Event
	roomID    string // for the answer
	id        string
	ids       []string
	problems  []error

	library libraryHistory
	order   changeOrder
	touched *libraryStep // what of the library was changed so far; nil for nothing that can be undone
	damaged bool         // the file is, and everything is written into a new one
	anew    bool         // everything is another now: ranks holds all of them, and nothing can be undone
}

func (e *Engine) begin(now app.Instant) *tx {
	return &tx{working: e.work, e: e, now: now, library: e.library, order: e.order}
}

// keep makes a step the state.
func (e *Engine) keep(t *tx) {
	e.work, e.library, e.order = t.working, t.library, t.order
	if t.anew {
		clear(e.ranks)
		clear(e.histories)
		e.order = changeOrder{}
	}
	for id, rank := range t.ranks {
		e.ranks[id] = rank
	}
	for room, h := range t.histories {
		e.histories[room] = h
	}
	for _, change := range t.changes {
		switch c := change.(type) {
		case app.DropTimer:
			delete(e.ranks, c.ID)
		case app.DropMessage:
			delete(e.ranks, c.ID)
		case app.DropAux:
			delete(e.ranks, c.ID)
		}
	}
}

func (t *tx) apply(cmd app.Command) error {
	switch c := cmd.(type) {
	case app.Control:
		return t.control(c)
	case app.CreateRoom:
		return t.createRoom(c.Name)
	case app.UpdateRoom:
		return t.updateRoom(c)
	case app.DeleteRoom:
		return t.deleteRoom(c.RoomID)
	case app.Undo:
		return t.undo(c.RoomID)
	case app.Redo:
		return t.redo(c.RoomID)
	case app.UndoLast:
		return t.undoLast()
	case app.RedoLast:
		return t.redoLast()
	case app.CreateTimer:
		return t.createTimer(c)
	case app.UpdateTimer:
		return t.updateTimer(c)
	case app.DeleteTimer:
		return t.deleteTimer(c)
	case app.ImportTimers:
		return t.importTimers(c)
	case app.DuplicateTimer:
		return t.duplicateTimer(c)
	case app.StartTimer:
		return t.startTimer(c)
	case app.CreateMessage:
		return t.createMessage(c)
	case app.UpdateMessage:
		return t.updateMessage(c)
	case app.DeleteMessage:
		return t.deleteMessage(c)
	case app.ShowText:
		return t.showText(c)
	case app.CreateAux:
		return t.createAux(c)
	case app.UpdateAux:
		return t.updateAux(c)
	case app.DeleteAux:
		return t.deleteAux(c)
	case app.ControlAux:
		return t.controlAux(c)
	case app.AskQuestion:
		return t.askQuestion(c)
	case app.SetQuestion:
		return t.setQuestion(c)
	case app.DeleteQuestion:
		return t.deleteQuestion(c)
	case app.ClearQuestions:
		return t.clearQuestions(c)
	case app.PutPreset:
		return t.putPreset(c)
	case app.DeletePreset:
		return t.deletePreset(c)
	case app.CreateQuick:
		return t.createQuick(c)
	case app.PressQuick:
		return t.pressQuick(c)
	case app.UpdateQuick:
		return t.updateQuick(c)
	case app.DeleteQuick:
		return t.deleteQuick(c)
	case app.GrantToken:
		return t.grantToken(c)
	case app.RevokeToken:
		return t.revokeToken(c)
	case app.RenameToken:
		return t.renameToken(c)
	case app.SetSettings:
		return t.setSettings(c.Fields)
	case app.SetAlertRules:
		return t.setAlertRules(c)
	case app.CreateApp:
		return t.createApp(c)
	case app.UpdateApp:
		return t.updateApp(c)
	case app.DeleteApp:
		return t.deleteApp(c)
	case app.RestoreState:
		return t.restore(c)
	case app.RewriteStore:
		t.rewrite()
		t.damaged = true
		return nil
	}
	if known, err := t.applyToLibrary(cmd); known {
		return err
	}
	return app.NewError(app.CodeInvalid, "error.commandUnknown", "Cuewire does not know this command.", nil)
}

// tell adds an event of a room, "" for none.
func (t *tx) tell(roomID string, body app.EventBody) {
	t.events = append(t.events, app.Event{At: t.now, RoomID: roomID, Body: body})
}

func (t *tx) write(change app.Change) { t.changes = append(t.changes, change) }

// room returns the room that a command names by id or short code, and its place.
func (t *tx) room(ref string) (*app.RoomState, int, error) {
	snap := app.Snapshot{Rooms: t.rooms}
	r := snap.Room(ref)
	if r == nil {
		return nil, -1, app.NewError(app.CodeNotFound, "error.roomNotFound", "There is no such room.", nil)
	}
	t.roomID = r.Room.ID
	return r, slices.Index(t.rooms, r), nil
}

// replace puts a new state in place of the room at i.
func (t *tx) replace(i int, r app.RoomState) *app.RoomState {
	t.rooms = slices.Clone(t.rooms)
	t.rooms[i] = &r
	return t.rooms[i]
}

// play gives the room at i another playback: it is written if it differs, and told.
func (t *tx) play(i int, p app.Playback) {
	r := *t.rooms[i]
	before := r.Playback
	t.keepPlayback(i, p)
	t.tell(r.Room.ID, app.PlaybackChanged{RoomID: r.Room.ID, Playback: p.At(t.now)})
	begins := p.State == app.Running && p.Elapsed == 0 && p.CurrentTimerID != ""
	if begins && (before.State == app.Stopped || before.CurrentTimerID != p.CurrentTimerID || anotherDay(before, p)) {
		t.tell(r.Room.ID, app.TimerStarted{RoomID: r.Room.ID, TimerID: p.CurrentTimerID})
	}
	if before.MessageID != p.MessageID {
		t.settleQuestions(i)
	}
}

// anotherDay reports whether the clock has begun the show of another day, whose
// first timer is the last one's too.
func anotherDay(before, p app.Playback) bool {
	return p.Roll && before.Roll && before.ShowStart != p.ShowStart
}

// keepPlayback gives the room at i another playback, without a word.
func (t *tx) keepPlayback(i int, p app.Playback) {
	r := *t.rooms[i]
	if r.Playback != p {
		r.Playback = p
		t.write(app.PutPlayback{RoomID: r.Room.ID, Playback: p})
		t.replace(i, r)
	}
}

func (t *tx) control(c app.Control) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	p, err := timing.Apply(r, c, t.now)
	if err != nil {
		return err
	}
	t.press(i, p)
	return nil
}

// press gives the room at i the playback that a press of its controls makes.
func (t *tx) press(i int, p app.Playback) {
	if p.MessageID != t.rooms[i].Playback.MessageID {
		t.show(i, p.MessageID)
	}
	t.play(i, p)
	t.advanceRoom(i) // it may have been given no time at all
	t.id = p.CurrentTimerID
}

// startTimer starts a timer, if it is not running already.
func (t *tx) startTimer(c app.StartTimer) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	p, err := timing.Start(r, c.TimerID, t.now)
	if err != nil {
		return err
	}
	t.id = c.TimerID
	if p != r.Playback {
		t.press(i, p)
	}
	return nil
}

// show makes the message with the id, "" for none, the visible one of the room at i.
func (t *tx) show(i int, id string) {
	r := *t.rooms[i]
	r.Messages = slices.Clone(r.Messages)
	for k, m := range r.Messages {
		if m.Visible == (m.ID == id) {
			continue
		}
		changed := *m
		changed.Visible = m.ID == id
		r.Messages[k] = &changed
		action := app.MessageHide
		if changed.Visible {
			action = app.MessageShow
		}
		t.tell(r.Room.ID, app.MessageChanged{Action: action, RoomID: r.Room.ID, Message: &changed})
	}
	t.replace(i, r)
}

// advance carries out what was due in every room.
func (t *tx) advance() {
	for i := range t.rooms {
		t.advanceRoom(i)
	}
}

func (t *tx) advanceRoom(i int) {
	// Every turn leaves a timer behind, so the rundown's length bounds them.
	for range len(t.rooms[i].Timers) + 1 {
		was := t.rooms[i].Playback
		p, changed := timing.Advance(t.rooms[i], t.now)
		if !changed {
			return
		}
		if zero := was.State == app.Running && !was.PastZero; zero && !(was.Roll && p.StartedAt == was.StartedAt) {
			t.tell(t.rooms[i].Room.ID, app.TimerReachedZero{RoomID: t.rooms[i].Room.ID, TimerID: was.CurrentTimerID})
		}
		if !was.Roll && p.State == was.State && p.CurrentTimerID == was.CurrentTimerID {
			t.keepPlayback(i, p) // it runs on, past zero: the tick of this second says so
			return
		}
		t.play(i, p)
	}
}

// shift keeps every run what it was when the time line has moved.
func (t *tx) shift(moved app.Millis) {
	for i, r := range t.rooms {
		if p := timing.Shift(r.Playback, moved); p != r.Playback {
			t.play(i, p)
		}
		t.followClock(i)
		t.shiftAux(i, moved)
	}
	t.shiftQuick(moved)
}

// followClock lets the clock choose the timer of a room that rolls, after its
// rundown or the clock itself has changed.
func (t *tx) followClock(i int) {
	r := t.rooms[i]
	if !r.Playback.Roll {
		return
	}
	if p := timing.FollowClock(r, t.now); p != r.Playback {
		t.play(i, p)
	}
}

// recover makes a loaded state whole: what is shown follows from the playback, a
// current timer exists where there is one to have, and nothing began in the
// future (the clock was set back while Cuewire was away; what ran since cannot be
// known). Then it carries out what was due. What it tells nobody hears.
func (t *tx) recover() {
	for i, r := range t.rooms {
		if r.Message(r.Playback.MessageID) == nil {
			p := r.Playback
			p.MessageID = ""
			t.play(i, p)
		}
		t.show(i, t.rooms[i].Playback.MessageID)
		p := timing.Settle(t.rooms[i], 0)
		if p.StartedAt > t.now {
			p.StartedAt = t.now
		}
		t.play(i, p)
		t.followClock(i)
		t.shiftAux(i, 0)
	}
	t.shiftQuick(0)
	t.advance()
	t.events = nil
}
