package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/store"
)

// TestDamagedDatabasesAreReplaced starts with every kind of damage: it is told, the
// newest backup that is whole takes the database's place, and the damaged files are kept.
func TestDamagedDatabasesAreReplaced(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, file string){
		"the header":   func(t *testing.T, file string) { overwrite(t, file, 0, 100) },
		"a page":       func(t *testing.T, file string) { overwrite(t, file, 5*4096, 8192) },
		"cut off":      func(t *testing.T, file string) { write(t, file, read(t, file)[:50_000]) },
		"zero bytes":   func(t *testing.T, file string) { write(t, file, nil) },
		"wrong file":   func(t *testing.T, file string) { write(t, file, bytes.Repeat([]byte("not a database\n"), 4000)) },
		"a bad row":    func(t *testing.T, file string) { execute(t, file, "UPDATE timers SET body = '{' WHERE rowid = 7") },
		"another log":  func(t *testing.T, file string) { write(t, file+"-wal", foreignLog(t)) },
		"another's":    func(t *testing.T, file string) { write(t, file, nil); execute(t, file, "CREATE TABLE a (b)") },
		"nothing left": func(t *testing.T, file string) { write(t, file, make([]byte, len(read(t, file)))) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			w := runShow(t, dir)
			w.addMany(200)
			w.add("Backed-up")
			cues := w.cues()
			w.make()
			w.add("Since")
			w.stop()
			file := filepath.Join(dir, store.FileName)
			spoil(t, file)
			spoiled, log := read(t, file), read0(file+"-wal")
			// A newer backup that is damaged too is passed over.
			write(t, filepath.Join(w.backups.Folder(), "cuewire-29990101T000000.000Z-v6-hourly.db"), []byte("noise"))

			backups := store.NewBackups(store.BackupsConfig{Dir: dir, Log: quiet})
			if err := opens(t, dir); !app.Damaged(err) {
				t.Fatalf("it opens with %v", err)
			}
			if !bytes.Equal(spoiled, read(t, file)) {
				t.Error("what is damaged was changed before anybody was asked")
			}
			backup, done, err := backups.ReplaceByNewest(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if backup.Reason != app.BackupAsked || done.Backup != backup.Name || !bytes.Equal(read(t, done.Aside), spoiled) {
				t.Errorf("used %+v, done %+v", backup, done)
			}
			if len(log) > 0 && !bytes.Equal(read(t, done.Aside+"-wal"), log) {
				t.Error("the log was not kept")
			}
			again := runShow(t, dir)
			if again.cues() != cues {
				t.Errorf("%d cues, want those of the backup", len(again.room().Timers))
			}
		})
	}
}

// opens tries to open the store and to load from it.
func opens(t *testing.T, dir string) error {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: dir, Log: quiet})
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.Load(t.Context())
	return err
}

func overwrite(t *testing.T, file string, at, n int) {
	t.Helper()
	content := read(t, file)
	copy(content[at:], bytes.Repeat([]byte{0xA5, 0x17}, n/2))
	write(t, file, content)
}

func read0(file string) []byte {
	content, _ := os.ReadFile(file) // nothing where there is none
	return content
}

// foreignLog is the log that another database left when it was killed.
func foreignLog(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	w := runShow(t, dir)
	w.addMany(40)
	w.stop()
	w = runShow(t, dir)
	w.addMany(40)
	log := read(t, filepath.Join(dir, store.FileName+"-wal"))
	if len(log) == 0 {
		t.Fatal("there is no log")
	}
	return log
}

// TestReplacingSurvivesBeingKilled leaves the folder as each moment of it would be.
func TestReplacingSurvivesBeingKilled(t *testing.T) {
	dir := t.TempDir()
	w := runShow(t, dir)
	w.make()
	w.add("Since")
	w.stop()
	file := filepath.Join(dir, store.FileName)
	whole := read(t, file)
	t.Run("the old one was set aside, the new one not yet named", func(t *testing.T) {
		if err := os.Rename(file, file+".new"); err != nil {
			t.Fatal(err)
		}
		if again := runShow(t, dir); again.cues() != "Opening Since" {
			t.Errorf("cues %q", again.cues())
		} else {
			again.stop()
		}
	})
	t.Run("both are there", func(t *testing.T) {
		write(t, file+".new", []byte("of a replacement that did not happen"))
		again := runShow(t, dir)
		if again.cues() != "Opening Since" {
			t.Errorf("cues %q", again.cues())
		}
		again.stop()
		if _, err := os.Stat(file + ".new"); err == nil {
			t.Error("it is still there")
		}
	})
	t.Run("a half-made file", func(t *testing.T) {
		write(t, file+".new.part", whole[:len(whole)/2])
		write(t, file, []byte("noise"))
		if _, _, err := store.NewBackups(store.BackupsConfig{Dir: dir, Log: quiet}).ReplaceByNewest(t.Context()); err != nil {
			t.Fatal(err)
		}
		if again := runShow(t, dir); again.cues() != "Opening" {
			t.Errorf("cues %q", again.cues())
		}
	})
}

func TestWithoutABackupADamagedDatabaseIsLeft(t *testing.T) {
	dir, file := used(t)
	write(t, file, []byte("noise"))
	backups := store.NewBackups(store.BackupsConfig{Dir: dir, Log: quiet})
	_, _, err := backups.ReplaceByNewest(t.Context())
	if app.CodeOf(err) != app.CodeNotFound || string(read(t, file)) != "noise" {
		t.Fatalf("%v", err)
	}
	done, err := backups.Replace(t.Context(), "")
	if err != nil || done.Backup != "" || string(read(t, done.Aside)) != "noise" {
		t.Fatalf("%+v, %v", done, err)
	}
	if saved := load(t, openStore(t, dir)); len(saved.Rooms) != 0 {
		t.Error("it is not empty")
	}
}

// TestWhatIsRecoveredIsToldUntilItWasRead goes over two starts.
func TestWhatIsRecoveredIsToldUntilItWasRead(t *testing.T) {
	dir := t.TempDir()
	w := runShow(t, dir)
	made := w.make()
	w.stop()
	if _, err := store.NewBackups(store.BackupsConfig{Dir: dir, Log: quiet}).Replace(t.Context(), filepath.Join(w.backups.Folder(), made.Name)); err != nil {
		t.Fatal(err)
	}
	for start := range 3 {
		w := runShow(t, dir)
		stopped := w.keepBackups()
		if start < 2 {
			waitFor(t, w, func(s *app.Snapshot) bool { return s.Safety.Recovered != nil && s.Safety.Recovered.Backup == made.Name })
		}
		if start == 1 {
			if err := w.backups.Dismiss(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		stopped()
		if start == 2 && w.core.Snapshot().Safety.Recovered != nil {
			t.Error("it is told after it was read")
		}
		w.stop()
	}
}

// keepBackups runs the backups; the function that it returns ends them.
func (w *show) keepBackups() (stop func()) {
	return running(w.t, w.backups.Run)
}

func waitFor(t *testing.T, w *show, so func(*app.Snapshot) bool) {
	t.Helper()
	stream := w.core.Watch()
	defer stream.Close()
	for deadline := time.Now().Add(30 * time.Second); !so(w.core.Snapshot()); {
		if time.Now().After(deadline) {
			t.Fatal("it is still not so")
		}
		if _, err := stream.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
