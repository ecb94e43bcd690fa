// Package store keeps Cuewire's durable state in one SQLite file, cuewire.db in
// the data folder.
//
// What Commit has acknowledged survives a killed process and, as far as the disk
// keeps its word, a power cut: the write-ahead log is synced with every
// transaction. An existing file is looked at before anything is written to it, so
// a database that is damaged, foreign or from a newer Cuewire is refused and left
// as it is. An older one is brought up to date, after a backup of it was made.
// Backups are plain SQLite files in the folder backups; see [Backups].
//
// Every error that a person can do something about is an [app.Error] with a key
// of the area store.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"cuewire/app"
)

// FileName is the database's name in the data folder. SQLite keeps two more files
// beside it while it is open, with -wal and -shm at the end.
const FileName = "cuewire.db"

// Config says where the store is.
type Config struct {
	Dir string       // the data folder, made if it is missing
	Log *slog.Logger // nil for slog.Default()
}

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	file  string
	log   *slog.Logger
	steps []migration

	pools   sync.RWMutex // guards db and history: held for writing while the file is replaced
	db      *sql.DB
	history *sql.DB // the history's own

	mu      sync.Mutex // guards what follows; taken before pools
	writer  *writer    // nil after a failed transaction, until the next
	closed  bool
	damaged bool // SQLite found the file damaged while it was open
	commits uint64
}

var _ app.Store = (*Store)(nil)

// Open opens the database in cfg.Dir, makes it if there is none, and brings it up
// to date. The caller holds the data folder's lock: two copies of Cuewire never
// have one folder open. ctx bounds the opening alone.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	return open(ctx, cfg, embedded())
}

func open(ctx context.Context, cfg Config, steps []migration) (*Store, error) {
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s := &Store{file: filepath.Join(dir, FileName), log: cfg.Log, steps: steps}
	if s.log == nil {
		s.log = slog.Default()
	}
	if err := s.finishReplacing(); err != nil {
		return nil, s.fault(unwritable, err)
	}
	if err := s.openFile(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// openFile opens the file, makes it if there is none, and brings it up to date.
func (s *Store) openFile(ctx context.Context) error {
	_, missing := os.Stat(s.file) // whoever moved it away wants an empty one
	if err := makeFile(s.file); err != nil {
		return s.fault(unwritable, err)
	}
	version, err := s.inspect(ctx, len(s.steps))
	if err != nil {
		return err
	}
	if version == 0 && missing == nil && hasBackups(filepath.Dir(s.file)) {
		return s.failure(damaged, errors.New("the file is empty"), nil)
	}
	if err := s.connect(); err != nil {
		return err
	}
	if err := s.prepare(ctx, version, s.steps); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// connect makes the pools of connections. It does not touch the file yet.
func (s *Store) connect() error {
	s.pools.Lock()
	defer s.pools.Unlock()
	var err error
	if s.db, err = sql.Open("sqlite", s.address("rw", everyCommit)); err != nil {
		return s.fault(failed, err)
	}
	if s.history, err = sql.Open("sqlite", s.address("rw", everyCheckpoint)+"&_txlock=immediate"); err != nil {
		return errors.Join(s.fault(failed, err), s.db.Close())
	}
	return nil
}

// disconnect closes the pools. It waits for what uses them.
func (s *Store) disconnect() error {
	s.pools.Lock()
	defer s.pools.Unlock()
	return errors.Join(s.history.Close(), s.db.Close())
}

// prepare brings the database from version up to date, makes the writer ready and
// tries it: SQLite opens a file that it may only read without a word.
func (s *Store) prepare(ctx context.Context, version int, steps []migration) error {
	if err := s.migrate(ctx, version, steps); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.connectLocked(ctx); err != nil {
		return err
	}
	if err := s.writer.commit(ctx, []app.Change{app.DropTimer{}}); err != nil { // of no id: writes nothing
		s.dropWriterLocked()
		return s.fault(failed, err)
	}
	return nil
}

// Close ends the store; what was committed is in the one file then. It waits for
// a running Commit. Closing again does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	s.dropWriterLocked()
	if err := s.disconnect(); err != nil {
		return s.fault(failed, err)
	}
	return nil
}

// Commits returns how many transactions changed something since the opening.
func (s *Store) Commits() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commits
}

// makeFile makes the data folder and an empty database file that only its owner
// may read, where they are missing.
func makeFile(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err == nil {
		return f.Close()
	}
	if info, statErr := os.Stat(file); statErr == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "open", Path: file, Err: errors.New("is not a file")}
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// How SQLite syncs: with every transaction, or with every checkpoint, so that the
// power may take the last transactions along.
const (
	everyCommit     = "synchronous(FULL)"
	everyCheckpoint = "synchronous(NORMAL)"
)

// address returns the file's URI for the driver, opened in a mode of SQLite's:
// "ro" or "rw". It never makes a file: a data folder that went away must not turn
// into an empty database.
func (s *Store) address(mode, syncing string) string { return addressOf(s.file, mode, syncing) }

func addressOf(file, mode, syncing string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/… is /C:/… in a URI
	}
	query := url.Values{
		"mode": {mode},
		"_pragma": {
			"busy_timeout(5000)", "foreign_keys(1)", syncing,
			"fullfsync(1)", "checkpoint_fullfsync(1)", // macOS: past the drive's cache
		},
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}
