package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"cuewire/app"
)

// backupsFolder of the data folder holds the backups.
const backupsFolder = "backups"

// timeFormat is how names of files tell a time, in UTC.
const timeFormat = "20060102T150405.000Z"

// partSuffix ends the name of a file that is not whole yet.
const partSuffix = ".part"

// backupNames is what Cuewire calls its backups: the time, the version, the reason.
var backupNames = regexp.MustCompile(`^cuewire-(\d{8}T\d{6}\.\d{3}Z)-v(\d+)-(hourly|stop|update|restore|asked)(?:-\d+)?\.db$`)

func backupName(at time.Time, version int, reason app.BackupReason) string {
	return fmt.Sprintf("cuewire-%s-v%d-%s.db", at.UTC().Format(timeFormat), version, reason)
}

// makeBackup makes a file in the folder, whole and on disk or not at all, and returns
// its name. write gets an empty file that only its owner may read.
func makeBackup(folder, name string, write func(path string) error) (string, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	part := filepath.Join(folder, name+partSuffix)
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	err = errors.Join(f.Close(), write(part))
	if err == nil {
		err = syncFile(part)
	}
	if err != nil {
		return "", errors.Join(err, removeDatabase(part))
	}
	for n := 2; ; n++ {
		if _, err := os.Lstat(filepath.Join(folder, name)); err != nil {
			break
		}
		name = fmt.Sprintf("%s-%d.db", name[:len(name)-len(".db")], n) // the clock was set back
	}
	if err := os.Rename(part, filepath.Join(folder, name)); err != nil {
		return "", errors.Join(err, removeDatabase(part))
	}
	return name, syncFolder(folder)
}

// copyTo writes what is stored, but for what was measured, into an empty file. It is
// all of one moment; commits go on meanwhile.
func (s *Store) copyTo(ctx context.Context, path string) (err error) {
	version := len(s.steps)
	// It is synced as a whole afterwards.
	db, err := sql.Open("sqlite", addressOf(path, "rw", "synchronous(OFF)")+"&_pragma=journal_mode(OFF)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// What refers to what was seen to when it was written; SQLite's fast way of copying a
	// table does not keep count of it.
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, scriptOf(s.steps[:version], 0)); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "ATTACH ? AS live", addressOf(s.file, "ro", everyCommit)); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	tables, err := tablesOf(ctx, conn, "live")
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := conn.ExecContext(ctx, "DELETE FROM main."+table+"; INSERT INTO main."+table+" SELECT * FROM live."+table); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "DETACH live")
	return err
}

// examine returns the version of a database file and why it cannot be restored by a
// Cuewire that knows the versions up to known, nil when it can. It writes nothing.
func examine(ctx context.Context, file string, known int) (version int, err error) {
	s := &Store{file: file}
	version, err = s.inspect(ctx, known)
	if err == nil && version == 0 {
		err = s.failure(damaged, errors.New("the file is empty"), nil)
	}
	return version, err
}

// listBackups returns the files in the folder that may be backups, the newest first,
// without looking into them.
func listBackups(folder string) ([]app.Backup, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []app.Backup
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && filepath.Ext(entry.Name()) == ".db" {
			list = append(list, backupOf(info))
		}
	}
	slices.SortFunc(list, func(a, b app.Backup) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Name, a.Name)) })
	return list, nil
}

// backupOf tells what a file's name and size say.
func backupOf(info fs.FileInfo) app.Backup {
	b := app.Backup{Name: info.Name(), At: info.ModTime().UTC(), Size: info.Size(), Reason: app.BackupOther}
	if said := backupNames.FindStringSubmatch(b.Name); said != nil {
		if at, err := time.Parse(timeFormat, said[1]); err == nil {
			b.At = at
		}
		b.Version, _ = strconv.Atoi(said[2]) // digits
		b.Reason = app.BackupReason(said[3])
	}
	return b
}

// hasBackups reports whether there are backups of a data folder.
func hasBackups(dir string) bool {
	list, err := listBackups(filepath.Join(dir, backupsFolder))
	return err == nil && len(list) > 0
}

// What is kept.
const (
	keptHours   = 24        // the newest backup of each of the last hours in which there was one
	keptDays    = 14        // and of the last days
	keptOthers  = 10        // of each other reason, but for files that a person put there
	keptBytes   = 512 << 20 // of all that Cuewire made; the newest is kept whatever its size
	leastBackup = 1         // the newest, likewise
)

// superfluous returns those of a list, the newest first, that are not kept. It goes
// by the order of the backups, not by what the clock says now, so that a clock that
// jumps costs nothing.
func superfluous(list []app.Backup) (names []string) {
	hours, days, others := map[string]bool{}, map[string]bool{}, map[app.BackupReason]int{}
	var bytes int64
	kept := 0
	for _, b := range list {
		keep := false
		switch b.Reason {
		case app.BackupOther:
			continue // a person's
		case app.BackupHourly, app.BackupStop:
			hour, day := b.At.Format("2006-01-02T15"), b.At.Format(time.DateOnly)
			if !hours[hour] && len(hours) < keptHours {
				hours[hour], keep = true, true
			}
			if !days[day] && len(days) < keptDays {
				days[day], keep = true, true
			}
		default:
			others[b.Reason]++
			keep = others[b.Reason] <= keptOthers
		}
		if keep && (bytes+b.Size <= keptBytes || kept < leastBackup) {
			bytes += b.Size
			kept++
			continue
		}
		names = append(names, b.Name)
	}
	return names
}
