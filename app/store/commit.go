package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"

	"cuewire/app"
)

// statement is one of the prepared statements of a writer.
type statement int

const (
	begin statement = iota
	commit
	putRoom
	dropTimers
	dropMessages
	dropPlayback
	dropRoom
	putTimer
	dropTimer
	putMessage
	dropMessage
	putPlayback
	putSettings
	putAlertRules
	dropAuxTimers
	dropQuestions
	putAux
	dropAux
	putQuestion
	dropQuestion
	putPreset
	dropPreset
	putSource
	dropSource
	putPlacement
	dropPlacement
	putApp
	dropApp
	putQuick
	dropQuick
	putToken
	dropToken
	statements // how many there are
)

var sqlOf = [statements]string{
	begin:  "BEGIN IMMEDIATE",
	commit: "COMMIT",
	putRoom: `INSERT INTO rooms (id, body) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
	dropTimers:   "DELETE FROM timers WHERE room_id = ?",
	dropMessages: "DELETE FROM messages WHERE room_id = ?",
	dropPlayback: "DELETE FROM playback WHERE room_id = ?",
	dropRoom:     "DELETE FROM rooms WHERE id = ?",
	putTimer: `INSERT INTO timers (id, room_id, rank, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET room_id = excluded.room_id, rank = excluded.rank, body = excluded.body`,
	dropTimer: "DELETE FROM timers WHERE id = ?",
	putMessage: `INSERT INTO messages (id, room_id, rank, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET room_id = excluded.room_id, rank = excluded.rank, body = excluded.body`,
	dropMessage: "DELETE FROM messages WHERE id = ?",
	putPlayback: `INSERT INTO playback (room_id, body) VALUES (?, ?)
		ON CONFLICT (room_id) DO UPDATE SET body = excluded.body`,
	putAlertRules: `INSERT INTO alert_rules (only, body) VALUES (1, ?)
		ON CONFLICT (only) DO UPDATE SET body = excluded.body`,
	putSettings: `INSERT INTO settings (only, body) VALUES (1, ?)
		ON CONFLICT (only) DO UPDATE SET body = excluded.body`,
	dropAuxTimers: "DELETE FROM aux_timers WHERE room_id = ?",
	dropQuestions: "DELETE FROM questions WHERE room_id = ?",
	putAux: `INSERT INTO aux_timers (id, room_id, rank, body) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET room_id = excluded.room_id, rank = excluded.rank, body = excluded.body`,
	dropAux: "DELETE FROM aux_timers WHERE id = ?",
	putQuestion: `INSERT INTO questions (id, room_id, body) VALUES (?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET room_id = excluded.room_id, body = excluded.body`,
	dropQuestion: "DELETE FROM questions WHERE id = ?",
	putPreset: `INSERT INTO presets (name, body) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET body = excluded.body`,
	dropPreset: "DELETE FROM presets WHERE name = ?",
	putSource: `INSERT INTO sources (id, body) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
	dropSource: "DELETE FROM sources WHERE id = ?",
	putPlacement: `INSERT INTO placements (scene, source_id, body) VALUES (?, ?, ?)
		ON CONFLICT (scene, source_id) DO UPDATE SET body = excluded.body`,
	dropPlacement: "DELETE FROM placements WHERE scene = ? AND source_id = ?",
	putApp: `INSERT INTO apps (id, body) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
	dropApp: "DELETE FROM apps WHERE id = ?",
	putQuick: `INSERT INTO quick_timers (id, body) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
	dropQuick: "DELETE FROM quick_timers WHERE id = ?",
	putToken: `INSERT INTO tokens (id, body) VALUES (?, ?)
		ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
	dropToken: "DELETE FROM tokens WHERE id = ?",
}

// writer is the one connection that writes, with its statements prepared.
type writer struct {
	conn     *sql.Conn
	prepared [statements]*sql.Stmt
}

// Commit writes the changes in one transaction. They are on disk, all of them,
// when it returns nil; none of them is when it returns an error. The order of
// changes of different things is free: a timer may come before its room, and what
// is put into a room that the same call drops is dropped with it.
//
// An [app.PutEverything] comes first; where SQLite has found the file damaged, it is
// written into a new file and the damaged one is set aside.
//
// One Commit runs at a time. It looks at ctx before it begins and not after: a
// transaction that has begun takes as long as the disk takes, at most 5 s more if
// another program holds the database. After an error it may be called again with
// the same changes.
func (s *Store) Commit(ctx context.Context, changes []app.Change) error {
	if len(changes) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return s.failure(shut, nil, nil)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	ctx = context.WithoutCancel(ctx)
	if s.damaged {
		if all, ok := changes[0].(app.PutEverything); ok {
			if err := s.rebuildLocked(ctx, all.Saved); err != nil {
				return err
			}
		}
	}
	err := s.connectLocked(ctx)
	if err == nil {
		err = s.writer.commit(ctx, changes)
	}
	if err != nil {
		// Whatever state the connection is in, closing it rolls back; the next
		// transaction starts on a fresh one.
		s.dropWriterLocked()
		err = s.fault(failed, fmt.Errorf("commit: %w", err))
		s.damaged = s.damaged || app.Damaged(err)
		return err
	}
	s.commits++
	return nil
}

// connectLocked makes the writer, if there is none.
func (s *Store) connectLocked(ctx context.Context) error {
	if s.writer != nil {
		return nil
	}
	conn, err := s.reading().Conn(ctx)
	if err != nil {
		return s.fault(failed, err)
	}
	s.writer = &writer{conn: conn}
	for i, text := range sqlOf {
		if s.writer.prepared[i], err = conn.PrepareContext(ctx, text); err != nil {
			s.dropWriterLocked()
			return s.fault(failed, err)
		}
	}
	return nil
}

// dropWriterLocked closes the writer's connection for good, if there is one.
func (s *Store) dropWriterLocked() {
	if s.writer == nil {
		return
	}
	for _, stmt := range s.writer.prepared {
		if stmt != nil {
			_ = stmt.Close() // the connection goes with it
		}
	}
	_ = s.writer.conn.Raw(func(any) error { return driver.ErrBadConn }) // not back to the pool
	_ = s.writer.conn.Close()
	s.writer = nil
}

// commit runs one transaction. After an error it may still be open.
func (w *writer) commit(ctx context.Context, changes []app.Change) error {
	if err := w.run(ctx, begin); err != nil {
		return err
	}
	// Rooms go last, with all that was written into them in this commit.
	for _, last := range []bool{false, true} {
		for _, change := range changes {
			if _, drop := change.(app.DropRoom); drop != last {
				continue
			}
			if err := w.write(ctx, change); err != nil {
				return fmt.Errorf("%s: %w", change.Key(), err)
			}
		}
	}
	return w.run(ctx, commit)
}

func (w *writer) write(ctx context.Context, change app.Change) error {
	switch c := change.(type) {
	case app.PutEverything:
		return w.putEverything(ctx, c.Saved)
	case app.PutRoom:
		return w.put(ctx, putRoom, c.Room, c.Room.ID)
	case app.DropRoom:
		for _, s := range []statement{dropTimers, dropMessages, dropPlayback, dropAuxTimers, dropQuestions, dropRoom} {
			if err := w.run(ctx, s, c.ID); err != nil {
				return err
			}
		}
		return nil
	case app.PutTimer:
		return w.put(ctx, putTimer, c.Timer, c.Timer.ID, c.Timer.RoomID, c.Rank)
	case app.DropTimer:
		return w.run(ctx, dropTimer, c.ID)
	case app.PutMessage:
		return w.put(ctx, putMessage, c.Message, c.Message.ID, c.Message.RoomID, c.Rank)
	case app.DropMessage:
		return w.run(ctx, dropMessage, c.ID)
	case app.PutPlayback:
		return w.put(ctx, putPlayback, playbackRow(c.Playback), c.RoomID)
	case app.PutSettings:
		return w.put(ctx, putSettings, c.Settings)
	case app.PutAlertRules:
		return w.put(ctx, putAlertRules, c.Rules)
	case app.PutAux:
		return w.put(ctx, putAux, auxRow{c.Timer, auxRunRow(c.Timer.Run)}, c.Timer.ID, c.Timer.RoomID, c.Rank)
	case app.DropAux:
		return w.run(ctx, dropAux, c.ID)
	case app.PutQuestion:
		return w.put(ctx, putQuestion, c.Question, c.Question.ID, c.Question.RoomID)
	case app.DropQuestion:
		return w.run(ctx, dropQuestion, c.ID)
	case app.StorePreset:
		return w.put(ctx, putPreset, c.Preset, c.Preset.Name)
	case app.DropPreset:
		return w.run(ctx, dropPreset, c.Name)
	case app.PutSource:
		return w.put(ctx, putSource, c.Source, c.Source.ID)
	case app.DropSource:
		return w.run(ctx, dropSource, c.ID)
	case app.PutPlacement:
		return w.put(ctx, putPlacement, c.Placement, c.Placement.Scene, c.Placement.SourceID)
	case app.DropPlacement:
		return w.run(ctx, dropPlacement, c.Scene, c.SourceID)
	case app.PutApp:
		return w.put(ctx, putApp, appRow{c.App, c.App.Secret}, c.App.ID)
	case app.DropApp:
		return w.run(ctx, dropApp, c.ID)
	case app.PutQuick:
		return w.put(ctx, putQuick, rowOfQuick(c.Timer), c.Timer.ID)
	case app.DropQuick:
		return w.run(ctx, dropQuick, c.ID)
	case app.PutToken:
		return w.put(ctx, putToken, c.Token, c.Token.ID)
	case app.DropToken:
		return w.run(ctx, dropToken, c.ID)
	}
	return errors.New("the store does not know this change")
}

// put runs a statement whose last argument is the thing's JSON.
func (w *writer) put(ctx context.Context, s statement, thing any, args ...any) error {
	body, err := json.Marshal(thing)
	if err != nil {
		return err
	}
	return w.run(ctx, s, append(args, string(body))...)
}

func (w *writer) run(ctx context.Context, s statement, args ...any) error {
	_, err := w.prepared[s].ExecContext(ctx, args...)
	return err
}
