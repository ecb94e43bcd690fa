package present

import (
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
)

// BackupRow is one backup in the list.
type BackupRow struct {
	Name   string // of its file
	When   string
	Detail string // why it was made and its size, or that it cannot be restored
	Good   bool
}

// BackupRows says of backups what a person wants to know, in their order.
func BackupRows(w *i18n.Words, list []app.Backup, zone *time.Location) []BackupRow {
	rows := make([]BackupRow, len(list))
	for i, b := range list {
		detail := w.T("safety.reason."+string(b.Reason), nil)
		if b.Good {
			detail += " · " + megabytes(w, b.Size)
		} else {
			detail += " · " + w.T("safety.list.bad", nil)
		}
		rows[i] = BackupRow{Name: b.Name, When: Moment(w, b.At, zone), Detail: detail, Good: b.Good}
	}
	return rows
}

// Moment writes a date with its time.
func Moment(w *i18n.Words, at time.Time, zone *time.Location) string {
	layout := "2006-01-02 15:04"
	if w.Lang() == "pt-BR" {
		layout = "02/01/2006 15:04"
	}
	return at.In(zone).Format(layout)
}

// megabytes writes the size of a file.
func megabytes(w *i18n.Words, bytes int64) string {
	return decimal(w, max(0.1, float64(bytes)/1e6), 1) + " MB"
}

// RecoveredText says that the database was damaged and what was done about it, ""
// where nothing was.
func RecoveredText(w *i18n.Words, r *app.Recovered, at time.Time, zone *time.Location) string {
	switch {
	case r == nil:
		return ""
	case r.Memory:
		return w.T("safety.recovered.memory", nil)
	case r.Backup != "":
		return w.T("safety.recovered.backup", map[string]any{"Time": Moment(w, at, zone), "Aside": r.Aside})
	}
	return w.T("safety.recovered.empty", map[string]any{"Aside": r.Aside})
}
