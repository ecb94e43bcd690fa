package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cuewire/app"
	"cuewire/app/store"
)

// running runs something until the function that it returns is called, which waits.
func running(t *testing.T, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestBackupsRoll goes through a long day and 26 short ones.
func TestBackupsRoll(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := openStore(t, dir)
		commit(t, s, app.PutRoom{Room: room("a")})
		backups := store.NewBackups(store.BackupsConfig{Dir: dir, Store: s, Log: quiet})
		count := func() int {
			list, err := backups.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range list {
				if !b.Good {
					t.Errorf("%+v", b)
				}
			}
			return len(list)
		}
		stop := running(t, backups.Run)
		time.Sleep(4 * time.Minute)
		if n := count(); n != 0 {
			t.Errorf("%d at the start already", n)
		}
		time.Sleep(2 * time.Minute)
		if n := count(); n != 1 {
			t.Errorf("%d after six minutes", n)
		}
		time.Sleep(5 * time.Hour)
		if n := count(); n != 1 {
			t.Errorf("%d although nothing has changed", n)
		}
		for hour := range 27 {
			commit(t, s, app.PutTimer{Timer: numbered("t", hour), Rank: 1})
			time.Sleep(time.Hour)
		}
		if n := count(); n < 24 || n > 26 { // the last 24, and of two days before that
			t.Errorf("%d after 27 busy hours", n)
		}
		stop()
		for day := range 26 {
			stop := running(t, backups.Run)
			commit(t, s, app.PutTimer{Timer: numbered("t", day), Rank: 1})
			time.Sleep(time.Minute)
			stop() // leaves one
			time.Sleep(24 * time.Hour)
		}
		list, err := backups.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		days := map[string]bool{}
		for _, b := range list {
			days[b.At.Format(time.DateOnly)] = true
		}
		if len(list) != 24 || len(days) != 24 || list[0].Reason != app.BackupStop {
			t.Errorf("%d backups of %d days", len(list), len(days))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestAClockThatIsSetBackCostsNoBackup makes backups of the future first.
func TestAClockThatIsSetBackCostsNoBackup(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	commit(t, s, app.PutRoom{Room: room("a")})
	backups := store.NewBackups(store.BackupsConfig{Dir: dir, Store: s, Log: quiet})
	first, err := backups.Make(t.Context(), app.BackupHourly)
	if err != nil {
		t.Fatal(err)
	}
	ahead := "cuewire-" + time.Now().UTC().Add(time.Hour).Format("20060102T150405.000Z") + "-v6-hourly.db"
	if err := os.Rename(filepath.Join(backups.Folder(), first.Name), filepath.Join(backups.Folder(), ahead)); err != nil {
		t.Fatal(err)
	}
	commit(t, s, app.PutRoom{Room: room("b")})
	second, err := backups.Make(t.Context(), app.BackupStop)
	if err != nil {
		t.Fatal(err)
	}
	list, err := backups.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Name != ahead || list[1].Name != second.Name {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestWhatAKillLeftOfABackupIsDeleted(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	backups := store.NewBackups(store.BackupsConfig{Dir: dir, Store: s, Log: quiet})
	if err := os.MkdirAll(backups.Folder(), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cuewire-20260101T000000.000Z-v6-hourly.db.part", "cuewire-20260101T000000.000Z-v6-hourly.db.part-journal", "mine.db.part", "notes.txt"} {
		write(t, filepath.Join(backups.Folder(), name), []byte("x"))
	}
	running(t, backups.Run)()
	entries, err := os.ReadDir(backups.Folder())
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	if got := strings.Join(left, " "); got != "mine.db.part notes.txt" {
		t.Errorf("left: %s", got)
	}
	if list, err := backups.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestABackupThatFailsIsTold has something in the way, and then not.
func TestABackupThatFailsIsTold(t *testing.T) {
	w := runShow(t, t.TempDir())
	if err := os.WriteFile(w.backups.Folder(), []byte("a file in the folder's place"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.backups.Make(t.Context(), app.BackupAsked); err == nil {
		t.Fatal("it was made")
	}
	waitFor(t, w, func(s *app.Snapshot) bool { return s.System.Status == app.Degraded && s.Safety.Problem != "" })
	if _, err := w.backups.Restore(t.Context(), "any.db"); err == nil {
		t.Error("something was restored")
	}
	if err := os.Remove(w.backups.Folder()); err != nil {
		t.Fatal(err)
	}
	w.make()
	waitFor(t, w, func(s *app.Snapshot) bool { return s.System.Status == app.Healthy && s.Safety.LastBackup != nil })
}

// TestBackupsAreMadeWhileCommitsGoOn reads each of them as being of one moment.
func TestBackupsAreMadeWhileCommitsGoOn(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	commit(t, s, app.PutRoom{Room: room("a")})
	writing := running(t, func(ctx context.Context) error {
		for n := 0; ctx.Err() == nil; n++ {
			err := s.Commit(ctx, []app.Change{app.PutTimer{Timer: numbered("t", n)}, app.PutPlayback{RoomID: "a", Playback: app.Playback{State: app.Stopped, Elapsed: app.Millis(n)}}})
			if err != nil && !errors.Is(err, context.Canceled) {
				return err
			}
		}
		return nil
	})
	backups := store.NewBackups(store.BackupsConfig{Dir: dir, Store: s, Log: quiet})
	for range 5 {
		made, err := backups.Make(t.Context(), app.BackupAsked)
		if err != nil {
			t.Fatal(err)
		}
		other := t.TempDir()
		write(t, filepath.Join(other, store.FileName), read(t, filepath.Join(backups.Folder(), made.Name)))
		copied := openStore(t, other)
		saved := load(t, copied)
		if len(saved.Rooms) != 1 || len(saved.Rooms[0].Timers) > 0 && number(t, saved) != int(saved.Rooms[0].Playback.Elapsed) {
			t.Errorf("%+v", saved.Rooms)
		}
	}
	writing()
}
