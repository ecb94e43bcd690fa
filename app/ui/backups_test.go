package ui

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/store"
)

func TestBackupsAreMadeAndRestored(t *testing.T) {
	dir := t.TempDir()
	core, st := coreIn(t, dir)
	backups := store.NewBackups(store.BackupsConfig{Dir: dir, Store: st, Core: core, Log: slog.New(slog.DiscardHandler)})
	s := show(t, core, func(c *Config) { c.Backups = backups })
	if err := core.Tell(t.Context(), app.DataRecovered{Recovered: app.Recovered{At: time.Now(), Backup: "of-yesterday.db", Aside: "kept.db"}}); err != nil {
		t.Fatal(err)
	}
	s.loop.until(t, "the status line tells", func() bool { return strings.Contains(s.View().Status.System.Text, "damaged") })
	cues := func() int { return len(core.Snapshot().Rooms[0].Timers) }

	s.tap(ButtonSettings)
	s.loop.run(s.showBackups)
	s.loop.until(t, "nothing is listed", func() bool { return s.said("There is no backup yet.") })
	s.loop.run(func() {
		if !s.backups.recovered.Visible() || !strings.Contains(s.backups.recovered.Text, "kept.db") {
			t.Error("that the database was damaged is not told")
		}
		s.press(t, "I have read it")
	})
	s.loop.until(t, "it was read", func() bool { return core.Snapshot().Safety.Recovered == nil && !s.backups.recovered.Visible() })
	s.loop.run(func() { s.press(t, "Back up now") })
	s.loop.until(t, "the backup is listed", func() bool { return len(s.backups.list.Objects) == 1 })
	if err := os.WriteFile(filepath.Join(backups.Folder(), "noise.db"), []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}

	name, length := "Mistake", app.Millis(60_000)
	if _, err := core.Do(t.Context(), app.CreateTimer{RoomID: core.Snapshot().Rooms[0].Room.ID, Fields: app.TimerFields{Name: &name, Duration: &length}}); err != nil {
		t.Fatal(err)
	}
	s.loop.run(func() { s.press(t, "Restore") })
	s.loop.run(func() { s.press(t, "Restore") }) // in the question
	s.loop.until(t, "the rundown is what it was", func() bool { return cues() == 2 })
	s.loop.until(t, "all are listed, the bad one too", func() bool { return s.backups.open() && len(s.backups.list.Objects) == 3 })
	lang := "pt-BR"
	if _, err := core.Do(t.Context(), app.SetSettings{Fields: app.SettingsFields{Language: &lang}}); err != nil {
		t.Fatal(err)
	}
	s.loop.until(t, "the dialog speaks Portuguese", func() bool {
		return s.said("feito à mão · 0,1 MB") && s.said("colocado ali · não pode ser restaurado")
	})
}
