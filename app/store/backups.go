package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"cuewire/app"
)

// The pace of backups.
const (
	backupEvery = time.Hour
	firstBackup = 5 * time.Minute // after the start, at the earliest
	lastBackup  = time.Second     // the longest that one may take when Cuewire stops
)

// BackupsConfig says what is backed up.
type BackupsConfig struct {
	Dir   string       // the data folder
	Store *Store       // that is open; nil to list and read alone
	Core  app.Core     // that restores and is told; likewise
	Log   *slog.Logger // nil for slog.Default()
}

// Backups are those of a data folder, in its folder backups. It implements
// [app.Backups].
type Backups struct {
	cfg    BackupsConfig
	folder string

	mu     sync.Mutex            // held by whoever makes, restores or thins out; guards what follows
	seen   map[string]app.Backup // what is known of the files, by name
	commit uint64                // the store's count at the last backup
}

var _ app.Backups = (*Backups)(nil)

// NewBackups returns the backups of a data folder.
func NewBackups(cfg BackupsConfig) *Backups {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Backups{cfg: cfg, folder: filepath.Join(cfg.Dir, backupsFolder), seen: map[string]app.Backup{}}
}

// Folder implements [app.Backups].
func (b *Backups) Folder() string { return b.folder }

// List implements [app.Backups].
func (b *Backups) List(ctx context.Context) ([]app.Backup, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list, err := listBackups(b.folder)
	if err != nil {
		return nil, b.fault(unwritable, err)
	}
	for i := range list {
		if err := b.lookLocked(ctx, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// lookLocked tells of a backup what is in its file. It fails if ctx ends.
func (b *Backups) lookLocked(ctx context.Context, backup *app.Backup) error {
	if seen, ok := b.seen[backup.Name]; ok && seen.Size == backup.Size && seen.At.Equal(backup.At) {
		*backup = seen
		return nil
	}
	version, err := examine(ctx, filepath.Join(b.folder, backup.Name), len(embedded()))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if backup.Good = err == nil; err != nil {
		backup.Problem = problemOf(err)
	}
	if version > 0 {
		backup.Version = version
	}
	b.seen[backup.Name] = *backup
	return nil
}

// problemOf says what is wrong with a backup.
func problemOf(err error) string {
	if e, ok := errors.AsType[*app.Error](err); ok {
		switch e.Key {
		case newer.key:
			return "It was made by a newer Cuewire."
		case damaged.key:
			return "It is damaged, or not a backup of Cuewire's."
		}
		return e.Message
	}
	return err.Error()
}

// Make implements [app.Backups]. What fails is told to the core.
func (b *Backups) Make(ctx context.Context, reason app.BackupReason) (app.Backup, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.makeLocked(ctx, reason)
}

func (b *Backups) makeLocked(ctx context.Context, reason app.BackupReason) (app.Backup, error) {
	count := b.cfg.Store.Commits()
	made, err := b.writeLocked(ctx, reason)
	if err != nil {
		err = fmt.Errorf("back up: %w", b.cfg.Store.fault(failed, err))
		if app.Damaged(err) {
			b.rewrite(ctx)
		}
		b.tell(app.BackupFailed{Err: err})
		return app.Backup{}, err
	}
	b.commit = count
	b.cfg.Log.Info("backup made", "name", made.Name, "bytes", made.Size)
	b.thinLocked()
	b.tell(app.BackupMade{Backup: made})
	return made, nil
}

func (b *Backups) writeLocked(ctx context.Context, reason app.BackupReason) (app.Backup, error) {
	version := len(b.cfg.Store.steps)
	name, err := makeBackup(b.folder, backupName(time.Now(), version, reason), func(path string) error {
		if err := b.cfg.Store.copyTo(ctx, path); err != nil {
			return err
		}
		if _, err := examine(ctx, path, version); err != nil {
			return b.cfg.Store.failure(failing, err, nil) // what was just written reads otherwise
		}
		return nil
	})
	if err != nil {
		return app.Backup{}, err
	}
	info, err := os.Stat(filepath.Join(b.folder, name))
	if err != nil {
		return app.Backup{}, err
	}
	made := backupOf(info)
	made.Good, made.Version = true, version
	b.seen[name] = made
	return made, nil
}

// rewrite has the engine write everything anew: reading the database for a backup has
// shown that it is damaged.
func (b *Backups) rewrite(ctx context.Context) {
	b.cfg.Store.markDamaged()
	if b.cfg.Core == nil {
		return
	}
	if err := b.cfg.Core.Tell(ctx, app.RewriteStore{}); err != nil {
		b.cfg.Log.Error("the damaged database is not written anew", "err", err)
	}
}

// markDamaged notes that the file is damaged.
func (s *Store) markDamaged() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.damaged = true
}

// thinLocked deletes the backups that are not kept.
func (b *Backups) thinLocked() {
	list, err := listBackups(b.folder)
	for _, name := range superfluous(list) {
		delete(b.seen, name)
		err = errors.Join(err, os.Remove(filepath.Join(b.folder, name)))
	}
	if err != nil {
		b.cfg.Log.Warn("old backups could not be deleted", "err", err)
	}
}

// tell tells the core, without waiting for long.
func (b *Backups) tell(fact app.Command) {
	if b.cfg.Core == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := b.cfg.Core.Tell(ctx, fact); err != nil {
		b.cfg.Log.Debug("nobody was told of a backup", "err", err) // the engine has stopped
	}
}

// Read implements [app.Backups].
func (b *Backups) Read(name string) (io.ReadSeekCloser, app.Backup, error) {
	if !isName(name) {
		return nil, app.Backup{}, errNoBackup
	}
	f, err := os.Open(filepath.Join(b.folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, app.Backup{}, errNoBackup
	}
	if err != nil {
		return nil, app.Backup{}, b.fault(unwritable, err)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, app.Backup{}, errors.Join(errNoBackup, f.Close())
	}
	return f, backupOf(info), nil
}

var errNoBackup = app.NewError(app.CodeNotFound, "safety.noBackup", "There is no backup of this name.", nil)

// isName reports whether a name is that of a file in a folder, and may be a backup's.
func isName(name string) bool {
	return filepath.Ext(name) == ".db" && name == filepath.Base(name) && !strings.ContainsAny(name, `/\:`)
}

// fault returns err as a person should see it.
func (b *Backups) fault(k kind, err error) error {
	s := &Store{file: filepath.Join(b.cfg.Dir, FileName)}
	return s.fault(k, err)
}

// Run makes backups while Cuewire runs: once an hour if something has changed, and
// once when ctx ends. What fails is told, and tried again an hour later. It deletes
// what an earlier run left half-made.
func (b *Backups) Run(ctx context.Context) error {
	b.tidy()
	b.recall()
	timer := time.NewTimer(b.untilFirst(time.Now()))
	defer timer.Stop()
	for first := true; ; first = false {
		select {
		case <-timer.C:
			b.roll(ctx, app.BackupHourly, first)
			timer.Reset(backupEvery)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastBackup)
			defer cancel()
			b.roll(last, app.BackupStop, false)
			return nil
		}
	}
}

// roll makes a backup if something has changed since the last one. What was before
// this run is not known, so that the first is always made.
func (b *Backups) roll(ctx context.Context, reason app.BackupReason, always bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !always && b.commit == b.cfg.Store.Commits() {
		return
	}
	if _, err := b.makeLocked(ctx, reason); err != nil && ctx.Err() == nil {
		b.cfg.Log.Error("no backup", "err", err)
	}
}

// untilFirst returns how long to wait for the first backup of this run.
func (b *Backups) untilFirst(now time.Time) time.Duration {
	list, err := listBackups(b.folder)
	if err != nil {
		return firstBackup
	}
	for _, made := range list {
		if age := now.Sub(made.At); made.Reason == app.BackupHourly && 0 <= age && age < backupEvery-firstBackup {
			return backupEvery - age
		}
	}
	return firstBackup
}

// tidy deletes what is half-made.
func (b *Backups) tidy() {
	b.mu.Lock()
	defer b.mu.Unlock()
	entries, err := os.ReadDir(b.folder)
	if err != nil {
		return // there are none yet
	}
	for _, entry := range entries {
		name := entry.Name()
		if made, _, part := strings.Cut(name, ".db"+partSuffix); !part || !backupNames.MatchString(made+".db") {
			continue
		}
		if err := os.RemoveAll(filepath.Join(b.folder, name)); err != nil {
			b.cfg.Log.Warn("a half-made backup could not be deleted", "err", err)
		}
	}
}
