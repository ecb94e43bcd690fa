package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuewire/app"
)

var config = Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}

// fixture returns the SQL that makes a database as that version wrote it.
func fixture(t *testing.T, version int) string {
	t.Helper()
	script, err := os.ReadFile(fmt.Sprintf("testdata/v%d.sql", version))
	if err != nil {
		t.Fatalf("every version needs a database that it wrote: %v", err)
	}
	return string(script)
}

// databaseOf returns a folder with a database of that version.
func databaseOf(t *testing.T, version int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if version == 0 {
		return dir
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(fixture(t, version))
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

func openWith(t *testing.T, dir string, steps []migration) (*Store, error) {
	t.Helper()
	cfg := config
	cfg.Dir = dir
	s, err := open(t.Context(), cfg, steps)
	if err == nil {
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return s, err
}

func copies(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, backupsFolder, "cuewire-*-update.db*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	for i, step := range embedded() {
		if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(step.name, want) {
			t.Errorf("%s stands where %s… should", step.name, want)
		}
	}
}

// Every version's database is brought up to date with all that it holds.
func TestEveryEarlierVersionIsReadAsItWasWritten(t *testing.T) {
	known := len(embedded())
	for version := 1; version <= known; version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			dir := databaseOf(t, version)
			s, err := openWith(t, dir, embedded())
			if err != nil {
				t.Fatal(err)
			}
			saved, err := s.Load(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			room, since2, since6 := saved.Rooms[0], 0, 0 // what came with versions 2 and 6
			if version >= 2 {
				since2 = 1
			}
			if version >= 6 {
				since6 = 1
			}
			since5 := 0
			if version >= 5 {
				since5 = 1
			}
			if len(saved.Rooms) != 2 || room.Room.Name != "Main" || room.Room.TimeZone != "America/Sao_Paulo" ||
				len(room.Timers) != 2 || room.Timers[0].Name != "Opening" || room.Timers[1].Notes != "bring water" ||
				saved.Ranks[room.Timers[1].ID] != 2048 || len(room.Messages) != 1 || room.Messages[0].Color != app.Red ||
				len(room.Aux) != since2 || len(room.Questions) != since2 || len(saved.Presets) != since2 || len(saved.Apps) != since5 ||
				room.Playback.State != app.Running || room.Playback.StartedAt != 1790000000000 || room.Playback.Elapsed != 1500 ||
				len(saved.QuickTimers) != since6 || len(saved.Tokens) != since6 ||
				!saved.Settings.ViewingOpen || saved.Settings.Language != "pt-BR" {
				t.Errorf("got %+v with %+v", saved, room)
			}
			if since6 == 1 && (saved.QuickTimers[0].Since != 1790000000000 || *saved.QuickTimers[0].Title != "Warm-up" || saved.Tokens[0].Role != app.Controller) {
				t.Errorf("got %+v and %+v", saved.QuickTimers[0], saved.Tokens[0])
			}
			if n := len(copies(t, dir)); (n == 1) != (version < known) {
				t.Errorf("%d copies were made", n)
			}
		})
	}
}

// later are migrations that a later Cuewire might have, on top of today's.
func later() []migration {
	return append(embedded(),
		migration{"9998_cues.sql", "CREATE TABLE cues (id TEXT PRIMARY KEY) STRICT;\nINSERT INTO cues SELECT id FROM timers;\n"},
		migration{"9999_number.sql", "ALTER TABLE cues ADD COLUMN number INTEGER NOT NULL DEFAULT 7;\n"})
}

func TestUpdatesFromEveryVersionWithACopyFirst(t *testing.T) {
	for version := range len(later()) {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			dir := databaseOf(t, min(version, len(embedded())))
			if version > len(embedded()) {
				s, err := openWith(t, dir, later()[:version])
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				for _, name := range copies(t, dir) {
					if err := os.Remove(name); err != nil {
						t.Fatal(err)
					}
				}
			}
			s, err := openWith(t, dir, later())
			if err != nil {
				t.Fatal(err)
			}
			var found, cues int
			if err := s.db.QueryRow("SELECT user_version, (SELECT count(*) FROM cues WHERE number = 7) FROM pragma_user_version").Scan(&found, &cues); err != nil {
				t.Fatal(err)
			}
			if want := 2 * min(version, 1); found != len(later()) || cues != want {
				t.Errorf("version %d with %d cues, want %d with %d", found, cues, len(later()), want)
			}
			names := copies(t, dir)
			if version == 0 {
				if len(names) != 0 {
					t.Errorf("an empty database was copied: %v", names)
				}
				return
			}
			if len(names) != 1 {
				t.Fatalf("copies: %v", names)
			}
			if info, err := os.Stat(names[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
				t.Errorf("others may read the copy: %v, %v", info.Mode(), err)
			}
			copied, err := sql.Open("sqlite", names[0]) // the database as it was
			if err != nil {
				t.Fatal(err)
			}
			var was, rooms int
			err = copied.QueryRow("SELECT user_version, (SELECT count(*) FROM rooms) FROM pragma_user_version").Scan(&was, &rooms)
			if err := errors.Join(err, copied.Close()); err != nil || was != version || rooms != 2 {
				t.Errorf("the copy is of version %d with %d rooms, %v", was, rooms, err)
			}
		})
	}
}

func TestFailedUpdateLeavesTheDatabaseAsItWas(t *testing.T) {
	dir := databaseOf(t, 1)
	file := filepath.Join(dir, FileName)
	s, err := openWith(t, dir, embedded()) // into WAL mode
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = openWith(t, dir, append(later(), migration{"broken.sql", "INSERT INTO nowhere VALUES (1);\n"}))
	if e, ok := errors.AsType[*app.Error](err); !ok || e.Key != migrating.key {
		t.Fatalf("got %v", err)
	}
	after, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
	if _, err = openWith(t, dir, embedded()); err != nil {
		t.Fatalf("the version before cannot open it: %v", err)
	}
}

// A full disk refuses a commit as a whole and is told as what it is; what was
// refused can be committed once there is room again.
func TestFullDisk(t *testing.T) {
	s, err := openWith(t, t.TempDir(), embedded())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	changes := []app.Change{app.PutRoom{Room: &app.Room{ID: "a"}}}
	for i := range 200 {
		changes = append(changes, app.PutTimer{Timer: &app.Timer{ID: fmt.Sprint(i), RoomID: "a", Notes: strings.Repeat("x", 5000)}})
	}
	err = s.Commit(t.Context(), changes)
	if e, ok := errors.AsType[*app.Error](err); !ok || e.Key != full.key {
		t.Fatalf("got %v", err)
	}
	if saved, err := s.Load(t.Context()); err != nil || len(saved.Rooms) != 0 {
		t.Fatalf("after the refusal: %+v, %v", saved, err)
	}
	if err := s.Commit(t.Context(), changes); err != nil { // the limit was the dropped connection's
		t.Fatal(err)
	}
	if saved, err := s.Load(t.Context()); err != nil || len(saved.Rooms[0].Timers) != 200 {
		t.Fatalf("after there was room again: %+v, %v", saved, err)
	}
}

// How the database is opened decides what an acknowledgement is worth.
func TestEveryConnectionIsDurable(t *testing.T) {
	s, err := openWith(t, t.TempDir(), embedded())
	if err != nil {
		t.Fatal(err)
	}
	pooled, err := s.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer pooled.Close()
	for name, conn := range map[string]*sql.Conn{"pool": pooled, "writer": s.writer.conn} {
		var journal string
		var synchronous, keys, timeout int
		for pragma, into := range map[string]any{"journal_mode": &journal, "synchronous": &synchronous, "foreign_keys": &keys, "busy_timeout": &timeout} {
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(into); err != nil {
				t.Fatal(err)
			}
		}
		if journal != "wal" || synchronous != 2 || keys != 1 || timeout != 5000 {
			t.Errorf("%s: journal_mode %s, synchronous %d, foreign_keys %d, busy_timeout %d", name, journal, synchronous, keys, timeout)
		}
	}
}
