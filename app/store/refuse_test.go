package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuewire/app"
	"cuewire/app/store"
)

// wantFault checks that err is one that a person understands: of that key, and
// naming the folder.
func wantFault(t *testing.T, err error, key, folder string) {
	t.Helper()
	e, ok := errors.AsType[*app.Error](err)
	if !ok || e.Key != key {
		t.Fatalf("got %v, want %s", err, key)
	}
	if !strings.Contains(e.Message, folder) || strings.Contains(e.Message, "{{") {
		t.Errorf("the message %q does not name %s", e.Message, folder)
	}
}

// used returns a folder with a database in which something is stored.
func used(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	s := openStore(t, dir)
	commit(t, s, tenThousand()[:500]...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, store.FileName)
}

// execute runs SQL on a database file as another program would.
func execute(t *testing.T, file, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(script)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestRefusedDatabasesAreLeftAsTheyAre(t *testing.T) {
	for _, test := range []struct {
		name, key string
		spoil     func(t *testing.T, file string)
	}{
		{"not a database", "store.damaged", func(t *testing.T, file string) {
			write(t, file, bytes.Repeat([]byte("a text, not a database\n"), 1000))
		}},
		{"a short text", "store.damaged", func(t *testing.T, file string) { write(t, file, []byte("hi")) }},
		{"cut off", "store.damaged", func(t *testing.T, file string) { write(t, file, read(t, file)[:50_000]) }},
		{"a page of noise", "store.damaged", func(t *testing.T, file string) {
			content := read(t, file)
			copy(content[5*4096:], bytes.Repeat([]byte{0xA5, 0x17}, 2048))
			write(t, file, content)
		}},
		{"another program's", "store.damaged", func(t *testing.T, file string) {
			write(t, file, nil)
			execute(t, file, "CREATE TABLE bookmarks (url TEXT)")
		}},
		{"a newer version", "store.newer", func(t *testing.T, file string) { execute(t, file, "PRAGMA user_version = 99") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, file := used(t)
			test.spoil(t, file)
			before := read(t, file)
			_, err := store.Open(t.Context(), store.Config{Dir: dir, Log: quiet})
			wantFault(t, err, test.key, dir)
			if !bytes.Equal(before, read(t, file)) {
				t.Error("the file was changed")
			}
		})
	}
}

// A copy that was killed leaves a log behind; refusing must not fold it in.
func TestRefusedDatabaseKeepsItsLog(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	commit(t, s, app.PutRoom{Room: room("a")})
	execute(t, filepath.Join(dir, store.FileName), "PRAGMA user_version = 99")
	left := t.TempDir()
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		write(t, filepath.Join(left, name), read(t, filepath.Join(dir, name)))
	}
	_, err := store.Open(t.Context(), store.Config{Dir: left, Log: quiet})
	wantFault(t, err, "store.newer", left)
	for _, name := range []string{store.FileName, store.FileName + "-wal"} {
		if !bytes.Equal(read(t, filepath.Join(dir, name)), read(t, filepath.Join(left, name))) {
			t.Errorf("%s was changed", name)
		}
	}
}

func TestFolderThatCannotBeUsed(t *testing.T) {
	inTheWay := filepath.Join(t.TempDir(), "file")
	write(t, inTheWay, []byte("a file where the folder should be"))
	t.Run("a file in its place", func(t *testing.T) {
		_, err := store.Open(t.Context(), store.Config{Dir: inTheWay, Log: quiet})
		wantFault(t, err, "store.unwritable", inTheWay)
	})
	t.Run("a file above it", func(t *testing.T) {
		dir := filepath.Join(inTheWay, "data")
		_, err := store.Open(t.Context(), store.Config{Dir: dir, Log: quiet})
		wantFault(t, err, "store.unwritable", dir)
	})
	t.Run("a folder in the database's place", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, store.FileName), 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := store.Open(t.Context(), store.Config{Dir: dir, Log: quiet})
		wantFault(t, err, "store.unwritable", dir)
	})
}

func TestRowsThatCannotBeRead(t *testing.T) {
	for _, test := range []struct{ table, id, script string }{
		{"timers", "t", `UPDATE timers SET body = '{"id":'`},
		{"timers", "t", `UPDATE timers SET body = '{"id":"t","room_id":"a","duration_ms":"long"}'`},
		{"timers", "t", `UPDATE timers SET body = '{"id":"other","room_id":"a"}'`},
		{"timers", "t", `UPDATE timers SET room_id = 'gone', body = '{"id":"t","room_id":"gone"}'`},
		{"messages", "m", `UPDATE messages SET body = 'null'`},
		{"rooms", "a", `UPDATE rooms SET body = '[]'`},
		{"playback", "a", `UPDATE playback SET body = ''`},
		{"settings", "settings", `UPDATE settings SET body = '7'`},
	} {
		t.Run(test.table, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir)
			commit(t, s, app.PutRoom{Room: room("a")}, app.PutTimer{Timer: timer("t", "a")}, app.PutMessage{Message: message("m", "a")},
				app.PutPlayback{RoomID: "a"}, app.PutSettings{})
			execute(t, filepath.Join(dir, store.FileName), test.script)
			_, err := s.Load(t.Context())
			wantFault(t, err, "store.row", dir)
			if e, _ := errors.AsType[*app.Error](err); e.Args["Table"] != test.table || e.Args["ID"] != test.id {
				t.Errorf("got %v", e.Args)
			}
		})
	}
}

// Another program that holds the database makes a commit fail after the wait, and
// nothing is lost for it.
func TestBusyDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	other, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	wantFault(t, s.Commit(t.Context(), []app.Change{app.PutRoom{Room: room("a")}}), "store.busy", dir)
	if _, err := other.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	commit(t, s, app.PutRoom{Room: room("a")})
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
