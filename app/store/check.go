package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"cuewire/app"
)

// mostFaults is how many faults of a damaged database are told.
const mostFaults = 100

// Check looks through the whole database over a connection of its own, beside
// whatever else is going on, and tells how it is. A damaged database is no error.
func (s *Store) Check(ctx context.Context) (app.DatabaseHealth, error) {
	began := time.Now()
	health := app.DatabaseHealth{File: s.file, Rows: map[string]int64{}, Integrity: []string{}}
	if info, err := os.Stat(s.file); err == nil {
		health.Size = info.Size()
	}
	if info, err := os.Stat(s.file + "-wal"); err == nil {
		health.WALSize = info.Size()
	}
	db, err := sql.Open("sqlite", s.address("ro", everyCheckpoint))
	if err != nil {
		return health, s.fault(failed, err)
	}
	err = check(ctx, db, &health)
	if err = errors.Join(err, db.Close()); err != nil {
		return health, s.fault(failed, fmt.Errorf("check the database: %w", err))
	}
	health.CheckedInMS = time.Since(began).Milliseconds()
	return health, nil
}

func check(ctx context.Context, db *sql.DB, health *app.DatabaseHealth) error {
	if err := db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&health.SQLite); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&health.Version); err != nil {
		return err
	}
	var err error
	if health.Integrity, err = texts(ctx, db, fmt.Sprintf("PRAGMA integrity_check(%d)", mostFaults)); err != nil {
		return err
	}
	tables, err := texts(ctx, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	if err != nil {
		return err
	}
	for _, table := range tables {
		var rows int64
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM "`+table+`"`).Scan(&rows); err != nil {
			return err
		}
		health.Rows[table] = rows
	}
	return nil
}

// texts returns the one column of a query.
func texts(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []string{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
