package engine

import (
	"crypto/rand"
	"slices"

	"github.com/google/uuid"

	"cuewire/app"
	"cuewire/app/timing"
)

const (
	maxRooms    = 100
	maxMessages = 1000 // in a room
	rankGap     = 1 << 20
)

func (t *tx) createRoom(name string) error {
	if err := checkName("name", name); err != nil {
		return err
	}
	if len(t.rooms) >= maxRooms {
		return app.NewError(app.CodeConflict, "error.tooManyRooms", "There are as many rooms as Cuewire can hold. Delete one first.", nil)
	}
	room := &app.Room{
		ID: uuid.NewString(), ShortCode: t.newShortCode(), Name: name,
		ColorNormal: app.DefaultColorNormal, ColorYellow: app.DefaultColorYellow, ColorRed: app.DefaultColorRed,
		CreatedAt: t.now.Time(), UpdatedAt: t.now.Time(),
	}
	t.rooms = append(slices.Clone(t.rooms), &app.RoomState{Room: room, Playback: app.Playback{State: app.Stopped}})
	t.write(app.PutRoom{Room: room})
	t.write(app.PutPlayback{RoomID: room.ID, Playback: app.Playback{State: app.Stopped}})
	t.tell(room.ID, app.RoomCreated{Room: room})
	t.roomID = room.ID
	return nil
}

// newShortCode returns a code that no room has, of letters and digits that are
// not taken for one another.
func (t *tx) newShortCode() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32, so that a byte's rest is fair
	snap := app.Snapshot{Rooms: t.rooms}
	for {
		var code [6]byte
		rand.Read(code[:]) //nolint:errcheck // it never fails, see its documentation
		for i, b := range code {
			code[i] = letters[int(b)%len(letters)]
		}
		if snap.Room(string(code[:])) == nil {
			return string(code[:])
		}
	}
}

func (t *tx) updateRoom(c app.UpdateRoom) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	room := *r.Room
	f := fields{}
	set(&f, "name", &room.Name, c.Name, checkName)
	set(&f, "timezone", &room.TimeZone, c.TimeZone, checkZone)
	set(&f, "color_normal", &room.ColorNormal, c.ColorNormal, checkColor)
	set(&f, "color_yellow", &room.ColorYellow, c.ColorYellow, checkColor)
	set(&f, "color_red", &room.ColorRed, c.ColorRed, checkColor)
	set(&f, "questions_open", &room.AskOpen, c.AskOpen, anything)
	if f.err != nil || len(f.changed) == 0 {
		return f.err
	}
	t.remember(r)
	room.UpdatedAt = t.now.Time()
	next := *r
	next.Room = &room
	t.replace(i, next)
	t.write(app.PutRoom{Room: &room})
	t.tell(room.ID, app.RoomUpdated{Room: &room, Changes: f.changed})
	t.followClock(i)
	return nil
}

func (t *tx) createTimer(c app.CreateTimer) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	if len(r.Timers) >= app.MaxTimers {
		return rundownFull()
	}
	timer, err := t.newTimer(r.Room.ID, c.Fields)
	if err != nil {
		return err
	}
	position := len(r.Timers)
	if c.Fields.Position != nil {
		position = min(*c.Fields.Position, len(r.Timers))
	}
	t.insert(r, i, timer, position)
	return nil
}

// duplicateTimer puts a copy of a timer right after it.
func (t *tx) duplicateTimer(c app.DuplicateTimer) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	was, position := r.Timer(c.TimerID)
	if was == nil {
		return timerNotFound()
	}
	if len(r.Timers) >= app.MaxTimers {
		return rundownFull()
	}
	timer := *was
	timer.ID, timer.CreatedAt, timer.UpdatedAt = uuid.NewString(), t.now.Time(), t.now.Time()
	t.insert(r, i, &timer, position+1)
	return nil
}

// insert puts a new timer into the rundown of the room at i.
func (t *tx) insert(r *app.RoomState, i int, timer *app.Timer, position int) {
	t.remember(r)
	next := *r
	next.Timers = slices.Insert(slices.Clone(r.Timers), position, timer)
	t.replace(i, next)
	t.rankTimer(next.Timers, position)
	t.tell(r.Room.ID, app.TimerCreated{RoomID: r.Room.ID, Timer: app.TimerView{Timer: timer, Position: position}})
	t.settle(i, position)
	t.id = timer.ID
}

// newTimer makes a timer of the fields and the defaults.
func (t *tx) newTimer(room string, f app.TimerFields) (*app.Timer, error) {
	if f.Name == nil {
		return nil, invalid("name", "error.fieldMissing", "{field} is missing.")
	}
	if f.Duration == nil {
		return nil, invalid("duration_ms", "error.fieldMissing", "{field} is missing.")
	}
	timer := &app.Timer{
		ID: uuid.NewString(), RoomID: room, Appearance: app.Countdown, Overtime: app.OvertimeContinue,
		WrapYellow: app.DefaultWrapYellow, WrapRed: app.DefaultWrapRed, CreatedAt: t.now.Time(), UpdatedAt: t.now.Time(),
	}
	_, err := setTimer(timer, f)
	return timer, err
}

func rundownFull() error {
	return app.NewError(app.CodeConflict, "error.tooManyTimers", "The rundown is full.", nil)
}

// importTimers gives the room the content that it has after the import, by the way
// that undo and redo go.
func (t *tx) importTimers(c app.ImportTimers) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	next := t.contentOf(r)
	if c.Replace {
		next.timers, next.ranks = nil, next.ranks[len(r.Timers):]
	}
	if len(next.timers)+len(c.Timers) > app.MaxTimers {
		return rundownFull()
	}
	kept := len(next.timers)
	timers, ranks := slices.Clone(next.timers), slices.Clone(next.ranks[:kept])
	last := int64(0)
	if kept > 0 {
		last = ranks[kept-1]
	}
	for _, fields := range c.Timers {
		fields.Position = nil
		timer, err := t.newTimer(r.Room.ID, fields)
		if err != nil {
			return err
		}
		last += rankGap
		timers, ranks = append(timers, timer), append(ranks, last)
	}
	next.timers, next.ranks = timers, append(ranks, next.ranks[kept:]...)
	t.remember(r)
	t.become(i, next)
	return nil
}

func (t *tx) updateTimer(c app.UpdateTimer) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	was, position := r.Timer(c.TimerID)
	if was == nil {
		return timerNotFound()
	}
	t.id = was.ID
	timer := *was
	changed, err := setTimer(&timer, c.Fields)
	if err != nil {
		return err
	}
	target := position
	if c.Fields.Position != nil {
		target = min(*c.Fields.Position, len(r.Timers)-1)
	}
	if target == position && len(changed) == 0 {
		return nil
	}
	t.remember(r)
	next := *r
	next.Timers = slices.Clone(r.Timers)
	if len(changed) > 0 {
		timer.UpdatedAt = t.now.Time()
		next.Timers[position] = &timer
	}
	moved := next.Timers[position]
	if target != position {
		next.Timers = slices.Insert(slices.Delete(next.Timers, position, position+1), target, moved)
	}
	t.replace(i, next)
	if target != position {
		t.rankTimer(next.Timers, target)
		t.tellOrder(i, moved, target)
	} else {
		t.write(app.PutTimer{Timer: moved, Rank: t.rank(moved.ID)})
	}
	if len(changed) > 0 {
		t.tell(r.Room.ID, app.TimerUpdated{RoomID: r.Room.ID, Timer: app.TimerView{Timer: moved, Position: target}, Changes: changed})
	}
	if r.Playback.CurrentTimerID == was.ID && was.Duration != timer.Duration {
		t.play(i, timing.Replan(t.rooms[i], was.Duration, timer.Duration, t.now))
	}
	t.followClock(i)
	t.advanceRoom(i)
	return nil
}

// tellOrder tells the order of the room's timers, of which one was moved.
func (t *tx) tellOrder(i int, moved *app.Timer, position int) {
	r := t.rooms[i]
	order := make([]string, len(r.Timers))
	for k, timer := range r.Timers {
		order[k] = timer.ID
	}
	t.tell(r.Room.ID, app.TimersReordered{RoomID: r.Room.ID, Order: order, Moved: app.TimerView{Timer: moved, Position: position}})
}

func (t *tx) deleteTimer(c app.DeleteTimer) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	timer, position := r.Timer(c.TimerID)
	if timer == nil {
		return timerNotFound()
	}
	t.remember(r)
	next := *r
	next.Timers = slices.Delete(slices.Clone(r.Timers), position, position+1)
	t.replace(i, next)
	t.write(app.DropTimer{ID: timer.ID})
	t.tell(r.Room.ID, app.TimerDeleted{RoomID: r.Room.ID, TimerID: timer.ID})
	t.settle(i, position)
	t.id = timer.ID
	return nil
}

// settle gives the room at i a current timer that exists, after its rundown changed.
func (t *tx) settle(i, position int) {
	if p := timing.Settle(t.rooms[i], position); p != t.rooms[i].Playback {
		t.play(i, p)
	}
	t.followClock(i)
	t.advanceRoom(i)
}

func timerNotFound() error {
	return app.NewError(app.CodeNotFound, "error.timerNotFound", "There is no timer with this id.", nil)
}

// rankTimer gives the timer at position a rank between its neighbours' and writes
// it; where there is no room between them all timers are ranked anew.
func (t *tx) rankTimer(timers []*app.Timer, position int) {
	var before, after int64
	if position > 0 {
		before = t.rank(timers[position-1].ID)
	}
	if position+1 < len(timers) {
		after = t.rank(timers[position+1].ID)
	} else {
		after = before + 2*rankGap
	}
	if after-before >= 2 {
		t.setRank(timers[position].ID, before+(after-before)/2)
		t.write(app.PutTimer{Timer: timers[position], Rank: t.rank(timers[position].ID)})
		return
	}
	for k, timer := range timers {
		t.setRank(timer.ID, int64(k+1)*rankGap)
		t.write(app.PutTimer{Timer: timer, Rank: t.rank(timer.ID)})
	}
}

func (t *tx) rank(id string) int64 {
	if rank, ok := t.ranks[id]; ok {
		return rank
	}
	return t.e.ranks[id]
}

func (t *tx) setRank(id string, rank int64) {
	if t.ranks == nil {
		t.ranks = make(map[string]int64)
	}
	t.ranks[id] = rank
}

// makeExample makes the first room.
func (t *tx) makeExample(x Example) error {
	if err := t.createRoom(x.Room); err != nil {
		return err
	}
	defer func() { t.histories, t.order = nil, changeOrder{} }() // the example is nobody's change
	room := t.roomID
	for _, timer := range x.Timers {
		if err := t.createTimer(app.CreateTimer{RoomID: room, Fields: timer}); err != nil {
			return err
		}
	}
	return nil
}
