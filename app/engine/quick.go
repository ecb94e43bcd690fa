package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"cuewire/app"
	"cuewire/app/timing"
)

func (t *tx) createQuick(c app.CreateQuick) error {
	active := 0
	for _, other := range t.quick {
		if other.Owner == c.Owner && other.Status.Active() {
			active++
		}
	}
	switch {
	case active >= app.MaxQuickActive:
		return app.NewError(app.CodeConflict, "error.tooManyQuick", "There are too many timers that have not ended. Stop some of them.", nil)
	case c.Owner == "":
		return invalid("owner", "error.fieldMissing", "{field} is missing.")
	case c.Fields.Seconds == nil:
		return invalid("allocatedDuration", "error.fieldMissing", "{field} is missing.")
	}
	timer := app.QuickTimer{
		ID: uuid.NewString(), Owner: c.Owner, Status: app.QuickRunning, Since: t.now, StartedAt: t.now,
		History: []app.QuickPress{{Action: app.QuickStart, At: t.now}}, CreatedAt: t.now, UpdatedAt: t.now,
	}
	if _, err := setQuick(&timer, c.Fields); err != nil {
		return err
	}
	t.quick = append(slices.Clone(t.quick), &timer)
	t.write(app.PutQuick{Timer: &timer})
	t.tellQuick(&timer, app.QuickTimerChanged{Change: app.QuickCreated, Press: app.QuickStart})
	return nil
}

func (t *tx) pressQuick(c app.PressQuick) error {
	i, err := t.findQuick(c.Owner, c.ID)
	if err != nil {
		return err
	}
	switch c.Action {
	case app.QuickPause, app.QuickResume, app.QuickStop:
	default:
		return app.NewError(app.CodeInvalid, "error.actionUnknown", "Cuewire does not know this action.", nil)
	}
	timer, err := timing.PressQuick(*t.quick[i], c.Action, t.now)
	if err != nil {
		return err
	}
	change := app.QuickUpdated
	if !timer.Status.Active() {
		change = app.QuickEnded
	}
	t.putQuick(i, timer)
	t.tellQuick(&timer, app.QuickTimerChanged{Change: change, Press: c.Action})
	if change == app.QuickEnded {
		t.forgetQuick(timer.Owner)
	}
	return nil
}

func (t *tx) updateQuick(c app.UpdateQuick) error {
	i, err := t.findQuick(c.Owner, c.ID)
	if err != nil {
		return err
	}
	timer := *t.quick[i]
	changed, err := setQuick(&timer, c.Fields)
	if err != nil || !changed {
		return err
	}
	timer.UpdatedAt = t.now
	t.putQuick(i, timer)
	t.tellQuick(&timer, app.QuickTimerChanged{Change: app.QuickUpdated})
	return nil
}

func (t *tx) deleteQuick(c app.DeleteQuick) error {
	i, err := t.findQuick(c.Owner, c.ID)
	if err != nil {
		return err
	}
	timer := *t.quick[i]
	press := app.QuickAction("")
	if timer.Status.Active() {
		press = app.QuickCancel
		if timer, err = timing.PressQuick(timer, press, t.now); err != nil {
			return err
		}
	}
	t.quick = slices.Delete(slices.Clone(t.quick), i, i+1)
	t.write(app.DropQuick{ID: timer.ID})
	t.tellQuick(&timer, app.QuickTimerChanged{Change: app.QuickEnded, Press: press, Deleted: true})
	return nil
}

// forgetQuick lets the oldest of an owner's timers that have ended go.
func (t *tx) forgetQuick(owner string) {
	ended := 0
	for i := len(t.quick) - 1; i >= 0; i-- {
		timer := t.quick[i]
		if timer.Owner != owner || timer.Status.Active() {
			continue
		}
		if ended++; ended > app.MaxQuickEnded {
			t.quick = slices.Delete(slices.Clone(t.quick), i, i+1)
			t.write(app.DropQuick{ID: timer.ID})
		}
	}
}

// shiftQuick keeps what the running timers have counted when the time line has
// moved; none of them began in the future.
func (t *tx) shiftQuick(moved app.Millis) {
	for i, timer := range t.quick {
		if next := timing.ShiftQuick(*timer, moved, t.now); next.Since != timer.Since {
			t.putQuick(i, next)
			t.tellQuick(&next, app.QuickTimerChanged{Change: app.QuickUpdated})
		}
	}
}

// findQuick finds the timer that a command names. Another's is not there.
func (t *tx) findQuick(owner, id string) (int, error) {
	i := slices.IndexFunc(t.quick, func(timer *app.QuickTimer) bool {
		return timer.ID == id && (owner == "" || timer.Owner == owner)
	})
	if i < 0 {
		return -1, app.NewError(app.CodeNotFound, "error.quickNotFound", "Timer not found", nil)
	}
	return i, nil
}

// putQuick puts a changed timer in place i.
func (t *tx) putQuick(i int, timer app.QuickTimer) {
	t.quick = slices.Clone(t.quick)
	t.quick[i] = &timer
	t.write(app.PutQuick{Timer: &timer})
}

func (t *tx) tellQuick(timer *app.QuickTimer, event app.QuickTimerChanged) {
	event.Timer = timer.At(t.now, t.now.Time().Location())
	t.tell("", event)
	t.id = timer.ID
}

// setQuick changes a quick timer, all of it or nothing.
func setQuick(timer *app.QuickTimer, v app.QuickFields) (changed bool, err error) {
	next, f := *timer, fields{}
	seconds := int64(next.Allocated / 1000)
	set(&f, "allocatedDuration", &seconds, v.Seconds, checkQuickSeconds)
	next.Allocated = app.Millis(seconds * 1000)
	setOptional(&f, "scheduleId", &next.ScheduleID, v.ScheduleID, checkLine)
	setOptional(&f, "todoId", &next.TodoID, v.TodoID, checkLine)
	setOptional(&f, "title", &next.Title, v.Title, checkLine)
	setOptional(&f, "description", &next.Description, v.Description, checkText)
	if f.err != nil {
		return false, f.err
	}
	*timer = next
	return len(f.changed) > 0, nil
}

func checkQuickSeconds(field string, v int64) error {
	if v < 1 || v > app.MaxQuickSeconds {
		return app.NewError(app.CodeInvalid, "error.quickSeconds",
			fmt.Sprintf("%s must be a whole number of seconds from 1 to %d", field, app.MaxQuickSeconds),
			map[string]any{"Field": field, "Most": app.MaxQuickSeconds})
	}
	return nil
}

// setOptional is set for a text that may be missing; an empty one takes it away.
func setOptional(f *fields, name string, field **string, value *string, check func(string, string) error) {
	if f.err != nil || value == nil {
		return
	}
	if f.err = check(name, *value); f.err != nil {
		return
	}
	next := value
	if strings.TrimSpace(*value) == "" {
		next = nil
	}
	if (next == nil) != (*field == nil) || next != nil && *next != **field {
		*field = next
		f.changed = append(f.changed, name)
	}
}
