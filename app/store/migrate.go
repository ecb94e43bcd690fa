package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cuewire/app"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a file as Cuewire's, in SQLite's header: "Cuew".
const applicationID = 0x43756577

// migration is the SQL that brings a database from one version to the next: the
// first one from an empty file to version 1.
type migration struct{ name, script string }

// embedded returns the migrations in order. Their number is the version that this
// Cuewire reads and writes.
func embedded() []migration {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err) // the pattern is fixed
	}
	steps := make([]migration, len(names))
	for i, name := range names { // sorted, and numbered 0001, 0002, …
		script, err := migrations.ReadFile(name)
		if err != nil {
			panic(err) // it was just listed
		}
		steps[i] = migration{filepath.Base(name), string(script)}
	}
	return steps
}

// inspect returns the version of the database, 0 for an empty file, without
// writing a byte to it. It fails for a file that this Cuewire, which knows the
// versions up to known, must not touch.
func (s *Store) inspect(ctx context.Context, known int) (version int, err error) {
	db, err := sql.Open("sqlite", s.address("ro", everyCommit))
	if err != nil {
		return 0, s.fault(failed, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	var id, tables int
	err = db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&id, &version, &tables)
	switch {
	case err != nil:
		return 0, s.fault(failed, err)
	case id != applicationID && (id != 0 || version != 0 || tables != 0):
		return 0, s.failure(damaged, errors.New("the file belongs to another program"), nil)
	case version > known:
		return 0, s.failure(newer, nil, map[string]any{"Found": version, "Known": known})
	case version == 0:
		return 0, nil
	}
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return 0, s.fault(failed, err)
	}
	if verdict != "ok" {
		return 0, s.failure(damaged, errors.New(verdict), nil)
	}
	if info, err := os.Stat(s.file + "-wal"); err == nil && info.Size() > 0 {
		return version, s.inspectLog(ctx, db)
	}
	return version, nil
}

// inspectLog looks closer where a killed copy left a log: one of another database fits
// in as well, and only what refers to each other then shows it.
func (s *Store) inspectLog(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return s.fault(failed, err)
	}
	defer conn.Close()
	tables, err := tablesOf(ctx, conn, "main")
	if err != nil {
		return s.fault(failed, err)
	}
	for _, table := range tables {
		var verdict string
		if err := conn.QueryRowContext(ctx, "PRAGMA integrity_check("+table+")").Scan(&verdict); err != nil {
			return s.fault(failed, err)
		}
		if verdict != "ok" {
			return s.failure(damaged, errors.New(verdict), nil)
		}
	}
	var orphan sql.NullString
	switch err := conn.QueryRowContext(ctx, "SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1").Scan(&orphan); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return s.fault(failed, err)
	}
	return s.failure(damaged, fmt.Errorf("%s refers to what is not there", orphan.String), nil)
}

// migrate switches the write-ahead log on and applies the steps after version, all
// of them in one transaction; an existing database is copied first.
func (s *Store) migrate(ctx context.Context, version int, steps []migration) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return s.fault(failed, err)
	}
	defer conn.Close()
	if 0 < version && version < len(steps) {
		if err := s.copyBefore(ctx, conn, version); err != nil {
			return err
		}
	}
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return s.fault(failed, err)
	}
	if mode != "wal" {
		return s.failure(unwritable, fmt.Errorf("journal mode is %q", mode), nil)
	}
	if version == len(steps) {
		return nil
	}
	if _, err := conn.ExecContext(ctx, scriptOf(steps, version)); err != nil {
		_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return s.fault(migrating, errors.Join(err, undo))
	}
	if version > 0 {
		s.log.Info("database brought up to date", "file", s.file, "from", version, "to", len(steps))
	}
	return nil
}

// scriptOf returns the transaction that applies the steps after version.
func scriptOf(steps []migration, version int) string {
	script := strings.Builder{}
	script.WriteString("BEGIN IMMEDIATE;\n")
	for _, step := range steps[version:] {
		script.WriteString(step.script)
	}
	fmt.Fprintf(&script, "PRAGMA user_version = %d;\nCOMMIT;", len(steps))
	return script.String()
}

// copyBefore makes a backup of the database as it is.
func (s *Store) copyBefore(ctx context.Context, conn *sql.Conn, from int) error {
	folder := filepath.Join(filepath.Dir(s.file), backupsFolder)
	name, err := makeBackup(folder, backupName(time.Now(), from, app.BackupUpdate), func(path string) error {
		_, err := conn.ExecContext(ctx, "VACUUM INTO ?", path) // into an empty file is allowed
		return err
	})
	if err != nil {
		return s.fault(migrating, err)
	}
	if _, problem := examine(ctx, filepath.Join(folder, name), from); problem != nil {
		return s.failure(migrating, problem, nil)
	}
	s.log.Info("database copied before its update", "backup", name)
	return nil
}
