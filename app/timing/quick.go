package timing

import "cuewire/app"

// PressQuick carries one press of a quick timer out at now: pause from running
// alone, resume from paused alone, stop and cancel from either. It returns the timer
// after that, or an *app.Error and the timer as it was. What t refers to stays as it is.
func PressQuick(t app.QuickTimer, action app.QuickAction, now app.Instant) (app.QuickTimer, error) {
	if !t.Status.Active() {
		return t, errQuickCompleted
	}
	elapsed := t.ElapsedAt(now)
	switch action {
	case app.QuickPause:
		if t.Status != app.QuickRunning {
			return t, errQuickNotRunning
		}
		t.Status, t.Elapsed, t.Since, t.PausedAt = app.QuickPaused, elapsed, 0, now
	case app.QuickResume:
		if t.Status != app.QuickPaused {
			return t, errQuickNotPaused
		}
		t.Status, t.Since, t.PausedAt = app.QuickRunning, now, 0
	case app.QuickStop, app.QuickCancel:
		t.Status, t.Elapsed, t.Since, t.PausedAt, t.EndedAt = app.QuickCompleted, elapsed, 0, 0, now
		if action == app.QuickCancel {
			t.Status = app.QuickCancelled
		}
	default:
		return t, errAction
	}
	t.UpdatedAt = now
	kept := t.History
	if len(kept) >= app.MaxQuickPresses {
		half := app.MaxQuickPresses / 2 // the start is kept, and what came last
		kept = append(append([]app.QuickPress(nil), kept[:half]...), kept[len(kept)-half+1:]...)
	}
	t.History = append(append([]app.QuickPress(nil), kept...), app.QuickPress{Action: action, At: now, Elapsed: &elapsed})
	return t, nil
}

// ShiftQuick returns the timer after the time line was moved by d to now.
func ShiftQuick(t app.QuickTimer, d app.Millis, now app.Instant) app.QuickTimer {
	if t.Status == app.QuickRunning {
		t.Since = min(t.Since.Add(d), now)
	}
	return t
}

// What a press is refused with.
var (
	errQuickCompleted  = app.NewError(app.CodeQuickCompleted, "error.quickCompleted", "Timer is already completed", nil)
	errQuickNotRunning = app.NewError(app.CodeQuickNotRunning, "error.quickNotRunning", "Timer is not in running state", nil)
	errQuickNotPaused  = app.NewError(app.CodeQuickNotPaused, "error.quickNotPaused", "Timer is not paused", nil)
)
