package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cuewire/app"
	"cuewire/app/store"
)

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	commit(t, s, app.PutRoom{Room: &app.Room{ID: "r1", ShortCode: "ABC234", Name: "Main"}})
	health, err := s.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(health.Integrity, []string{"ok"}) || health.Rows["rooms"] != 1 || health.Version < 6 || health.SQLite == "" || health.Size == 0 {
		t.Errorf("got %+v", health)
	}
}

func TestCheckTellsOfDamage(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	for i := range 200 {
		commit(t, s, app.PutTimer{Timer: &app.Timer{ID: string(rune('a'+i%26)) + string(rune('a'+i/26)), RoomID: "r1"}, Rank: int64(i)}, app.PutRoom{Room: &app.Room{ID: "r1", ShortCode: "ABC234"}})
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	file := filepath.Join(dir, store.FileName)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096*4 + 200; i < len(text); i += 512 { // well behind what opening has looked at
		text[i] ^= 0xff
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	health, err := s.Check(t.Context())
	if err == nil && slices.Equal(health.Integrity, []string{"ok"}) {
		t.Errorf("a damaged database is well: %+v", health)
	}
	if health.Size != int64(len(text)) {
		t.Errorf("%d bytes, want %d", health.Size, len(text))
	}
}
