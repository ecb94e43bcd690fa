package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cuewire/app"
)

// How many rows of the history are kept at most. Of sources it is what two dozen
// pages that tell of themselves come to in seven days.
const (
	maxMinutes       = 7 * 24 * 60
	maxSourceMinutes = 250_000
)

const minute = 60_000 // ms

// History keeps what was measured. It writes over a connection of its own that
// doesn't wait for the disk, so that it never holds up a Commit.
type History struct{ store *Store }

var _ app.HistoryStore = (*History)(nil)

// History returns the store's history, which ends with the store.
func (s *Store) History() *History { return &History{s} }

// AddMinutes implements [app.HistoryStore].
func (h *History) AddMinutes(ctx context.Context, minutes []app.Minute, sources []app.SourceMinute) error {
	err := h.change(ctx, func(tx *sql.Tx) error {
		for _, m := range minutes {
			key := int64(m.At) / minute
			kept := app.Minute{}
			if err := readBody(tx.QueryRowContext(ctx, "SELECT body FROM history WHERE minute = ?", key), &kept); err != nil {
				return err
			}
			kept.Join(m)
			if err := writeBody(ctx, tx, "INSERT OR REPLACE INTO history (body, minute) VALUES (?, ?)", kept, key); err != nil {
				return err
			}
		}
		for _, m := range sources {
			key := int64(m.At) / minute
			kept := app.SourceMinute{}
			row := tx.QueryRowContext(ctx, "SELECT body FROM source_history WHERE source_id = ? AND minute = ?", m.SourceID, key)
			if err := readBody(row, &kept); err != nil {
				return err
			}
			kept.Join(m)
			const put = "INSERT OR REPLACE INTO source_history (body, source_id, minute) VALUES (?, ?, ?)"
			if err := writeBody(ctx, tx, put, kept, m.SourceID, key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return h.store.fault(failed, fmt.Errorf("add to the history: %w", err))
	}
	return nil
}

// Minutes implements [app.History].
func (h *History) Minutes(ctx context.Context, from, to app.Instant) ([]app.Minute, error) {
	return readMinutes(ctx, h, func(at app.Instant) app.Minute { return app.Minute{At: at} },
		"SELECT minute, body FROM history WHERE minute >= ? AND minute < ? ORDER BY minute", keyFrom(from), keyFrom(to))
}

// SourceMinutes implements [app.History].
func (h *History) SourceMinutes(ctx context.Context, id string, from, to app.Instant) ([]app.SourceMinute, error) {
	return readMinutes(ctx, h, func(at app.Instant) app.SourceMinute { return app.SourceMinute{At: at, SourceID: id} },
		"SELECT minute, body FROM source_history WHERE minute >= ? AND minute < ? AND source_id = ? ORDER BY minute", keyFrom(from), keyFrom(to), id)
}

// Prune implements [app.HistoryStore].
func (h *History) Prune(ctx context.Context, now app.Instant) error {
	err := h.change(ctx, func(tx *sql.Tx) error {
		for table, most := range map[string]int{"history": maxMinutes, "source_history": maxSourceMinutes} {
			const oldest = "DELETE FROM %[1]s WHERE minute <= (SELECT minute FROM %[1]s ORDER BY minute DESC LIMIT 1 OFFSET ?)"
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(oldest, table), most); err != nil {
				return err
			}
			if now == 0 {
				continue
			}
			tooOld, tooNew := now.Add(-app.HistoryLasts), now.Add(24*60*minute)
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE minute < ? OR minute > ?", keyFrom(tooOld), keyFrom(tooNew)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return h.store.fault(failed, fmt.Errorf("prune the history: %w", err))
	}
	return nil
}

// change runs a transaction.
func (h *History) change(ctx context.Context, write func(*sql.Tx) error) error {
	tx, err := h.store.measuring().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := write(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// keyFrom returns the first minute that begins at or after an instant.
func keyFrom(at app.Instant) int64 {
	key := int64(at) / minute
	if int64(at)%minute > 0 {
		key++
	}
	return key
}

func readMinutes[T any](ctx context.Context, h *History, empty func(app.Instant) T, query string, args ...any) (found []T, err error) {
	rows, err := h.store.measuring().QueryContext(ctx, query, args...)
	if err != nil {
		return nil, h.store.fault(failed, fmt.Errorf("read the history: %w", err))
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var key int64
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return nil, h.store.fault(failed, err)
		}
		m := empty(app.Instant(key * minute))
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, h.store.failure(badRow, err, map[string]any{"Table": "history", "ID": key})
		}
		found = append(found, m)
	}
	if err := rows.Err(); err != nil {
		return nil, h.store.fault(failed, err)
	}
	return found, nil
}

// readBody reads a body if the row is there.
func readBody(row *sql.Row, into any) error {
	var body []byte
	switch err := row.Scan(&body); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return json.Unmarshal(body, into)
}

// writeBody runs a statement whose first argument is a thing's JSON.
func writeBody(ctx context.Context, tx *sql.Tx, statement string, thing any, args ...any) error {
	body, err := json.Marshal(thing)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, statement, append([]any{string(body)}, args...)...)
	return err
}
