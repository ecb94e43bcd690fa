package present

import (
	"cuewire/app"
	"cuewire/app/i18n"
)

// QuickRow is one quick timer that has not ended.
type QuickRow struct {
	AuxRow
	Owner string // whose it is, "" for this computer's
}

// quickOf returns the quick timers that count or may count again, those of all owners.
func quickOf(in Input) (rows []QuickRow, change app.Millis) {
	if in.Local.Tab != QuickTab {
		return nil, 0
	}
	for _, t := range in.Snapshot.QuickTimers {
		if !t.Status.Active() {
			continue
		}
		row, wait := quickRow(in, t)
		rows = append(rows, row)
		change = sooner(change, wait)
	}
	return rows, change
}

func quickRow(in Input, t *app.QuickTimer) (row QuickRow, change app.Millis) {
	state := app.Paused
	if t.Status == app.QuickRunning {
		state = app.Running
	}
	row.AuxRow, change = auxRow(in, &app.AuxTimer{
		ID: t.ID, Name: in.Words.T("quick.unnamed", nil), Direction: app.Countdown,
		Run: app.AuxRun{State: state, Duration: t.Allocated, Elapsed: t.Elapsed, StartedAt: t.Since},
	})
	if t.Title != nil {
		row.Name = *t.Title
	}
	if t.Owner != app.LocalOwner {
		row.Owner = t.Owner
	}
	return row, change
}

// countQuick counts the quick timers that have not ended.
func countQuick(snap *app.Snapshot) int {
	n := 0
	for _, t := range snap.QuickTimers {
		if t.Status.Active() {
			n++
		}
	}
	return n
}

// QuickFields reads the fields of a quick timer; was is the title and length that it
// has, "" for a new one. A length is at least a second.
func QuickFields(w *i18n.Words, wasTitle, wasLength, title, length string) (app.QuickFields, []Wrong) {
	f := form{words: w}
	fields := app.QuickFields{Title: f.text("title", wasTitle, title)}
	if d := f.length("allocatedDuration", wasLength, length, false); d != nil {
		seconds := int64(*d / 1000)
		if seconds < 1 && len(f.wrong) == 0 {
			f.refuse("allocatedDuration", "window.ask.length.wrong", nil)
		}
		fields.Seconds = &seconds
	}
	return fields, f.wrong
}
