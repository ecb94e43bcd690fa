package engine

import (
	"slices"

	"github.com/google/uuid"

	"cuewire/app"
	"cuewire/app/timing"
)

func (t *tx) createAux(c app.CreateAux) error {
	r, i, err := t.room(c.RoomID)
	if err != nil {
		return err
	}
	switch {
	case len(r.Aux) >= app.MaxAuxTimers:
		return app.NewError(app.CodeConflict, "error.tooManyAux", "There are as many extra timers as a room can hold. Delete one first.", nil)
	case c.Fields.Name == nil:
		return invalid("name", "error.fieldMissing", "{field} is missing.")
	case c.Fields.Duration == nil:
		return invalid("duration_ms", "error.fieldMissing", "{field} is missing.")
	}
	timer := &app.AuxTimer{
		ID: uuid.NewString(), RoomID: r.Room.ID, Direction: app.Countdown, CreatedAt: t.now.Time(), UpdatedAt: t.now.Time(),
	}
	if _, err := setAux(timer, c.Fields); err != nil {
		return err
	}
	timer.Run = app.AuxRun{State: app.Stopped, Duration: timer.Duration}
	rank := int64(rankGap)
	if n := len(r.Aux); n > 0 {
		rank += t.rank(r.Aux[n-1].ID)
	}
	t.setRank(timer.ID, rank)
	next := *r
	next.Aux = append(slices.Clone(r.Aux), timer)
	t.replace(i, next)
	t.tellAux(timer, app.AuxCreate)
	return nil
}

func (t *tx) updateAux(c app.UpdateAux) error {
	_, i, k, err := t.aux(c.RoomID, c.ID)
	if err != nil {
		return err
	}
	timer := *t.rooms[i].Aux[k]
	planned := timer.Duration
	changed, err := setAux(&timer, c.Fields)
	if err != nil || len(changed) == 0 {
		return err
	}
	timer.Run.Duration = min(max(0, timer.Run.Duration+timer.Duration-planned), app.MaxDuration)
	timer.UpdatedAt = t.now.Time()
	t.putAux(i, k, timer)
	return nil
}

func (t *tx) controlAux(c app.ControlAux) error {
	_, i, k, err := t.aux(c.RoomID, c.ID)
	if err != nil {
		return err
	}
	timer := *t.rooms[i].Aux[k]
	if timer.Run, err = timing.ApplyAux(&timer, c, t.now); err != nil {
		return err
	}
	t.putAux(i, k, timer)
	return nil
}

func (t *tx) deleteAux(c app.DeleteAux) error {
	r, i, k, err := t.aux(c.RoomID, c.ID)
	if err != nil {
		return err
	}
	timer := r.Aux[k]
	next := *r
	next.Aux = slices.Delete(slices.Clone(r.Aux), k, k+1)
	t.replace(i, next)
	t.write(app.DropAux{ID: timer.ID})
	t.tell(r.Room.ID, app.AuxChanged{Action: app.AuxDelete, RoomID: r.Room.ID, Timer: timer.At(t.now)})
	return nil
}

// shiftAux keeps the runs of a room's auxiliary timers what they were when the time
// line has moved; none of them began in the future.
func (t *tx) shiftAux(i int, moved app.Millis) {
	for k, timer := range t.rooms[i].Aux {
		shifted := *timer
		shifted.Run = timing.ShiftAux(shifted.Run, moved)
		if shifted.Run.StartedAt > t.now {
			shifted.Run.StartedAt = t.now
		}
		if shifted.Run != timer.Run {
			t.putAux(i, k, shifted)
		}
	}
}

// aux finds the timer that a command names: its room, the room's place, its own.
func (t *tx) aux(room, id string) (r *app.RoomState, i, k int, err error) {
	r, i, err = t.room(room)
	if err != nil {
		return nil, -1, -1, err
	}
	k = slices.IndexFunc(r.Aux, func(timer *app.AuxTimer) bool { return timer.ID == id })
	if k < 0 {
		return nil, -1, -1, app.NewError(app.CodeNotFound, "error.auxNotFound", "There is no extra timer with this id.", nil)
	}
	t.id = id
	return r, i, k, nil
}

// putAux puts a changed timer in place k of the room at i.
func (t *tx) putAux(i, k int, timer app.AuxTimer) {
	next := *t.rooms[i]
	next.Aux = slices.Clone(next.Aux)
	next.Aux[k] = &timer
	t.replace(i, next)
	t.tellAux(&timer, app.AuxUpdate)
}

func (t *tx) tellAux(timer *app.AuxTimer, action app.AuxAction) {
	t.write(app.PutAux{Timer: timer, Rank: t.rank(timer.ID)})
	t.tell(timer.RoomID, app.AuxChanged{Action: action, RoomID: timer.RoomID, Timer: timer.At(t.now)})
	t.id = timer.ID
}

// setAux changes an auxiliary timer, all of it or nothing.
func setAux(timer *app.AuxTimer, v app.AuxFields) (changed []string, err error) {
	next, f := *timer, fields{}
	set(&f, "name", &next.Name, v.Name, checkName)
	set(&f, "duration_ms", &next.Duration, v.Duration, checkDuration)
	set(&f, "direction", &next.Direction, v.Direction, oneOf(app.Countdown, app.CountUp))
	if f.err == nil {
		*timer = next
	}
	return f.changed, f.err
}
