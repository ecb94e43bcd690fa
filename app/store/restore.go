package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cuewire/app"
)

// Restore implements [app.Backups].
func (b *Backups) Restore(ctx context.Context, name string) (app.Restored, error) {
	if !isName(name) {
		return app.Restored{}, errNoBackup
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.restoreLocked(ctx, filepath.Join(b.folder, name))
}

// RestoreFile restores a backup from anywhere.
func (b *Backups) RestoreFile(ctx context.Context, file string) (app.Restored, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.restoreLocked(ctx, file)
}

func (b *Backups) restoreLocked(ctx context.Context, file string) (app.Restored, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return app.Restored{}, errNoBackup
	}
	if err != nil {
		return app.Restored{}, b.fault(unwritable, err)
	}
	saved, version, err := readDatabase(ctx, file, b.cfg.Dir, b.cfg.Log)
	if err != nil {
		return app.Restored{}, notRestored(file, err)
	}
	restored := app.Restored{From: backupOf(info)}
	restored.From.Good, restored.From.Version = true, version
	before, err := b.makeLocked(ctx, app.BackupRestore)
	switch {
	case err == nil:
		restored.Before = &before
	case !app.Damaged(err): // what is damaged is replaced now anyway
		return app.Restored{}, err
	}
	result, err := b.cfg.Core.Do(ctx, app.RestoreState{Saved: saved, From: restored.From.Name})
	if err != nil {
		return app.Restored{}, err
	}
	restored.Durable = result.Durable
	b.cfg.Log.Warn("a backup was restored", "name", restored.From.Name)
	return restored, nil
}

// notRestored says that a file is no backup that could be restored.
func notRestored(file string, err error) error {
	e, ok := errors.AsType[*app.Error](err)
	if !ok {
		return err
	}
	args := map[string]any{"Name": filepath.Base(file)}
	switch e.Key {
	case newer.key:
		return &app.Error{
			Code: app.CodeConflict, Key: "safety.newer", Args: args, Err: err,
			Message: filepath.Base(file) + " was made by a newer Cuewire. Nothing was changed. Install that one to restore it.",
		}
	case damaged.key, badRow.key:
		return &app.Error{
			Code: app.CodeInvalid, Key: "safety.damaged", Args: args, Err: err,
			Message: filepath.Base(file) + " is damaged, or is not a backup of Cuewire's. Nothing was changed. Choose another one.",
		}
	}
	return err
}

// readDatabase returns everything that a database file holds, brought up to date, and
// the version that it had. The file, and a log beside it, is copied into dir for that
// and stays as it is.
func readDatabase(ctx context.Context, file, dir string, log *slog.Logger) (saved *app.Saved, version int, err error) {
	at := &Store{file: filepath.Join(dir, FileName)}
	temporary, err := os.MkdirTemp(dir, "restoring-")
	if err != nil {
		return nil, 0, at.fault(unwritable, err)
	}
	defer func() {
		if gone := os.RemoveAll(temporary); gone != nil {
			log.Warn("a copy could not be deleted", "err", gone)
		}
	}()
	s := &Store{file: filepath.Join(temporary, FileName), log: log, steps: embedded()}
	if err := copyFile(s.file, file); err != nil {
		return nil, 0, at.fault(unwritable, err)
	}
	if err := copyFile(s.file+"-wal", file+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, at.fault(unwritable, err)
	}
	version, err = examine(ctx, s.file, len(s.steps))
	if err != nil {
		return nil, 0, err
	}
	if err := s.openFile(ctx); err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	saved, err = s.Load(ctx)
	if err == nil && len(saved.Rooms) == 0 {
		err = s.failure(damaged, errors.New("there is no room in it"), nil)
	}
	return saved, version, err
}

// ReplaceByNewest is Replace with the newest backup of the folder that can be
// restored, which it returns. It fails with an *app.Error of the key safety.none if
// there is none.
func (b *Backups) ReplaceByNewest(ctx context.Context) (app.Backup, app.Recovered, error) {
	list, err := b.List(ctx)
	if err != nil {
		return app.Backup{}, app.Recovered{}, err
	}
	for _, backup := range list {
		if !backup.Good {
			continue
		}
		done, err := b.Replace(ctx, filepath.Join(b.folder, backup.Name))
		if app.CodeOf(err) == app.CodeInvalid { // what is in its rows cannot be read
			continue
		}
		return backup, done, err
	}
	return app.Backup{}, app.Recovered{}, app.NewError(app.CodeNotFound, "safety.none", "There is no backup that could be restored.", nil)
}

// Replace puts a backup, or an empty database where file is "", in place of a database
// that cannot be opened, and sets that aside. What was done is remembered until
// somebody has read it. The caller holds the data folder's lock and has no store open
// on it. Killed at any moment, it leaves the one or the other.
func (b *Backups) Replace(ctx context.Context, file string) (done app.Recovered, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	present := filepath.Join(b.cfg.Dir, FileName)
	var saved *app.Saved
	if file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return done, errNoBackup
		}
		if saved, _, err = readDatabase(ctx, file, b.cfg.Dir, b.cfg.Log); err != nil {
			return done, notRestored(file, err)
		}
		done.Backup = filepath.Base(file)
	}
	fresh := &Store{file: present + newSuffix + partSuffix, log: b.cfg.Log, steps: embedded()}
	if err := removeDatabase(fresh.file); err != nil {
		return done, b.fault(unwritable, err)
	}
	if err := fresh.fill(ctx, saved); err != nil {
		return done, errors.Join(b.fault(failed, err), removeDatabase(fresh.file))
	}
	done.At = time.Now().UTC()
	aside, err := replaceDatabase(present, fresh.file, done.At)
	if err != nil {
		return done, b.fault(unwritable, fmt.Errorf("replace: %w", err))
	}
	done.Aside = aside
	b.cfg.Log.Error("the database was replaced", "aside", aside, "by", done.Backup)
	return done, b.remember(done)
}

// recoveredFile of the data folder holds what Replace did last, until somebody has
// read it.
const recoveredFile = "recovered.json"

func (b *Backups) remember(done app.Recovered) error {
	text, err := json.Marshal(done)
	if err == nil {
		err = os.WriteFile(filepath.Join(b.cfg.Dir, recoveredFile), text, 0o600)
	}
	if err != nil {
		return b.fault(unwritable, err)
	}
	return nil
}

// recall tells the core what Replace did, if nobody has read it yet.
func (b *Backups) recall() {
	text, err := os.ReadFile(filepath.Join(b.cfg.Dir, recoveredFile))
	if err != nil {
		return // nothing was replaced
	}
	var done app.Recovered
	if err := json.Unmarshal(text, &done); err != nil {
		b.cfg.Log.Warn("what was recovered cannot be read", "err", err)
		return
	}
	b.tell(app.DataRecovered{Recovered: done})
}

// Dismiss implements [app.Backups].
func (b *Backups) Dismiss(ctx context.Context) error {
	if err := os.Remove(filepath.Join(b.cfg.Dir, recoveredFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return b.fault(unwritable, err)
	}
	_, err := b.cfg.Core.Do(ctx, app.DismissRecovered{})
	return err
}
