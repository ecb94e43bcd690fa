package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"cuewire/app"
)

// The files that a database may consist of, by what is added to its name.
var besides = []string{"-wal", "-shm"}

// newSuffix ends the name of a database that is to take the place of the present one
// and is complete.
const newSuffix = ".new"

// reading returns the connections that read, and of which the writer is one.
func (s *Store) reading() *sql.DB {
	s.pools.RLock()
	defer s.pools.RUnlock()
	return s.db
}

// measuring returns the connections of the history.
func (s *Store) measuring() *sql.DB {
	s.pools.RLock()
	defer s.pools.RUnlock()
	return s.history
}

// putEverything writes everything in place of all that is stored.
func (w *writer) putEverything(ctx context.Context, saved *app.Saved) error {
	tables, err := tablesOf(ctx, w.conn, "main")
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := w.conn.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	for _, change := range saved.Changes() {
		if err := w.write(ctx, change); err != nil {
			return fmt.Errorf("%s: %w", change.Key(), err)
		}
	}
	return nil
}

// tablesOf returns the tables of a schema that backups hold: all but those of what
// was measured.
func tablesOf(ctx context.Context, conn *sql.Conn, schema string) (tables []string, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT name FROM "+schema+`.sqlite_schema
		WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT IN ('history', 'source_history') ORDER BY name`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		tables = append(tables, name)
	}
	return tables, rows.Err()
}

// rebuildLocked makes a new database with everything in it and sets the damaged one
// aside.
func (s *Store) rebuildLocked(ctx context.Context, saved *app.Saved) error {
	fresh := &Store{file: s.file + newSuffix + partSuffix, log: s.log, steps: s.steps}
	if err := removeDatabase(fresh.file); err != nil {
		return s.fault(failed, err)
	}
	err := fresh.fill(ctx, saved)
	if err != nil {
		return errors.Join(s.fault(failed, err), removeDatabase(fresh.file))
	}
	s.dropWriterLocked()
	if err := s.disconnect(); err != nil {
		s.log.Warn("closing the damaged database", "err", err) // it is damaged
	}
	aside, err := replaceDatabase(s.file, fresh.file, time.Now())
	err = errors.Join(err, s.connect())
	if err != nil {
		return s.fault(failed, err)
	}
	s.damaged = false
	s.log.Error("the database was damaged; everything was written anew", "file", s.file, "aside", aside)
	return nil
}

// fill makes the store's file, with everything in it.
func (s *Store) fill(ctx context.Context, saved *app.Saved) error {
	if err := makeFile(s.file); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	err := s.prepare(ctx, 0, s.steps)
	if err == nil && saved != nil {
		err = s.Commit(ctx, []app.Change{app.PutEverything{Saved: saved}})
	}
	return errors.Join(err, s.Close())
}

// replaceDatabase sets the database aside, with its log, and puts the complete file
// part in its place. Killed at any moment it leaves the one or the other, or both
// parts of a replacement that finishReplacing ends.
func replaceDatabase(file, part string, now time.Time) (aside string, err error) {
	if err := syncFile(part); err != nil {
		return "", err
	}
	aside = freeName(file + ".corrupt-" + now.UTC().Format(timeFormat))
	for _, beside := range besides { // first: the new one must not come upon the old one's log
		if err := os.Rename(file+beside, aside+beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := os.Rename(part, file+newSuffix); err != nil {
		return "", err
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return "", err
	}
	if err := os.Rename(file, aside); errors.Is(err, fs.ErrNotExist) {
		aside = ""
	} else if err != nil {
		return "", err
	}
	if err := os.Rename(file+newSuffix, file); err != nil {
		return "", err
	}
	return aside, syncFolder(filepath.Dir(file))
}

// finishReplacing does what replaceDatabase was killed in: a complete new file takes
// the place of one that was set aside already.
func (s *Store) finishReplacing() error {
	if _, err := os.Stat(s.file + newSuffix); err != nil {
		return nil // as nearly always; a folder that cannot be used is told by who makes the file
	}
	if _, err := os.Stat(s.file); err == nil {
		return os.Remove(s.file + newSuffix) // the database is still what it was
	}
	return os.Rename(s.file+newSuffix, s.file)
}

// removeDatabase removes a file, if it is there, and what SQLite puts beside it.
func removeDatabase(file string) error {
	var errs []error
	for _, name := range append([]string{"", "-journal"}, besides...) {
		if err := os.Remove(file + name); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// freeName returns a name that no file has.
func freeName(name string) string {
	free := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(free); err != nil {
			return free
		}
		free = fmt.Sprintf("%s-%d", name, n)
	}
}

// copyFile copies a file into a new one that only its owner may read.
func copyFile(to, from string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	if err == nil {
		err = target.Sync()
	}
	return errors.Join(err, target.Close())
}

func syncFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
