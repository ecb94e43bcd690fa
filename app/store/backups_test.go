package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
	"cuewire/app/engine"
	"cuewire/app/store"
)

// everything has something of all that is stored.
func everything() *app.Saved {
	scene := map[string][]*app.SceneSource{"Live": {{Scene: "Live", SourceID: "s1"}}}
	return &app.Saved{
		Rooms: []*app.RoomState{
			{
				Room: room("b"), Timers: []*app.Timer{timer("t2", "b"), timer("t1", "b")}, Messages: []*app.Message{message("m1", "b")},
				Playback:  app.Playback{State: app.Paused, CurrentTimerID: "t1", Elapsed: 1234, Duration: 5000},
				Aux:       []*app.AuxTimer{{ID: "x1", RoomID: "b", Name: "Break", Run: app.AuxRun{State: app.Stopped}, CreatedAt: noon, UpdatedAt: noon}},
				Questions: []*app.Question{{ID: "q1", RoomID: "b", Text: "How?", CreatedAt: noon, UpdatedAt: noon}},
			},
			{Room: room("a"), Playback: app.Playback{State: app.Stopped}},
		},
		Ranks:      map[string]int64{"t2": 10, "t1": 20, "m1": -5, "x1": 3},
		Settings:   app.Settings{Language: "pt-BR", ViewingOpen: true},
		Presets:    []*app.Preset{{Name: "stage", CSS: "body{}", UpdatedAt: noon}},
		Sources:    app.SourcesState{List: []*app.Source{{ID: "s1", Name: "Clock", CreatedAt: noon}}, Scenes: scene},
		AlertRules: []app.AlertRule{{Metric: "hostMemory", Threshold: 5}},
		Apps:       []*app.BroadcastApp{{ID: "1", Name: "chat", Secret: "secret", CreatedAt: noon}},
		QuickTimers: []*app.QuickTimer{{
			ID: "k1", Owner: "ana", Status: app.QuickPaused, CreatedAt: noon0, UpdatedAt: noon0, StartedAt: noon0, Since: noon0,
			History: []app.QuickPress{{Action: app.QuickStart, At: noon0}},
		}},
		Tokens: []*app.Token{{ID: strings.Repeat("ab", 32), Subject: "tablet", Role: app.Viewer, ExpiresAt: noon}},
	}
}

var noon0 = app.InstantOf(noon)

func TestEverythingIsWrittenInPlaceOfEverything(t *testing.T) {
	want := everything()
	for i, v := 0, reflect.ValueOf(*want); i < v.NumField(); i++ {
		if v.Field(i).IsZero() {
			t.Errorf("this test leaves %s out", v.Type().Field(i).Name)
		}
	}
	s := openStore(t, t.TempDir())
	commit(t, s, tenThousand()[:500]...)
	if err := s.History().AddMinutes(t.Context(), []app.Minute{{At: 60_000}}, nil); err != nil {
		t.Fatal(err)
	}
	commit(t, s, app.PutEverything{Saved: want}, app.PutRoom{Room: room("c")})
	want.Rooms = append(want.Rooms, &app.RoomState{Room: room("c"), Playback: app.Playback{State: app.Stopped}})
	if diff := cmp.Diff(want, load(t, s)); diff != "" {
		t.Error(diff)
	}
	if kept, err := s.History().Minutes(t.Context(), 0, 1<<50); err != nil || len(kept) != 1 {
		t.Errorf("what was measured is gone: %v, %v", kept, err)
	}
}

// show is a running engine with its backups.
type show struct {
	t       *testing.T
	dir     string
	store   *store.Store
	core    *engine.Engine
	backups *store.Backups
	stop    func()
}

func runShow(t *testing.T, dir string) *show {
	t.Helper()
	s := openStore(t, dir)
	name, length := "Opening", app.Millis(60_000)
	core, err := engine.Open(t.Context(), engine.Config{Store: s, Example: engine.Example{Room: "Main", Timers: []app.TimerFields{{Name: &name, Duration: &length}}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- core.Run(ctx) }()
	w := &show{t: t, dir: dir, store: s, core: core, backups: store.NewBackups(store.BackupsConfig{Dir: dir, Store: s, Core: core, Log: quiet})}
	stopped := false
	w.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(w.stop)
	return w
}

func (w *show) do(cmd app.Command) app.Result {
	w.t.Helper()
	result, err := w.core.Do(w.t.Context(), cmd)
	if err != nil {
		w.t.Fatalf("%T: %v", cmd, err)
	}
	return result
}

func (w *show) add(name string) {
	w.t.Helper()
	length := app.Millis(60_000)
	w.do(app.CreateTimer{RoomID: w.room().Room.ID, Fields: app.TimerFields{Name: &name, Duration: &length}})
}

// addMany adds cues at once, of a kilobyte each.
func (w *show) addMany(n int) {
	w.t.Helper()
	name, notes, length := "cue", strings.Repeat("long notes ", 100), app.Millis(60_000)
	timers := make([]app.TimerFields, n)
	for i := range timers {
		timers[i] = app.TimerFields{Name: &name, Notes: &notes, Duration: &length}
	}
	w.do(app.ImportTimers{RoomID: w.room().Room.ID, Timers: timers})
}

func (w *show) room() *app.RoomState { return w.core.Snapshot().Rooms[0] }

func (w *show) cues() string {
	var names []string
	for _, timer := range w.room().Timers {
		names = append(names, timer.Name)
	}
	return strings.Join(names, " ")
}

func (w *show) make() app.Backup {
	w.t.Helper()
	made, err := w.backups.Make(w.t.Context(), app.BackupAsked)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

func TestRestoringBringsEverythingBackButTokens(t *testing.T) {
	w := runShow(t, t.TempDir())
	w.add("Talk")
	token := app.Token{ID: strings.Repeat("ab", 32), Subject: "tablet", Role: app.Viewer, CreatedAt: w.core.Now().Time(), ExpiresAt: w.core.Now().Time().Add(1 << 40)}
	w.do(app.GrantToken{Token: token})
	made := w.make()
	if !made.Good || made.Reason != app.BackupAsked || made.Size == 0 {
		t.Errorf("made %+v", made)
	}
	w.add("Mistake")
	w.do(app.RevokeToken{ID: token.ID})
	w.do(app.CreateRoom{Name: "Side"})
	_, stream := w.core.Follow(100)
	defer stream.Close()
	restored, err := w.backups.Restore(t.Context(), made.Name)
	if err != nil || !restored.Durable || restored.Before == nil {
		t.Fatalf("%+v, %v", restored, err)
	}
	snap := w.core.Snapshot()
	if w.cues() != "Opening Talk" || len(snap.Rooms) != 1 || len(snap.Tokens) != 0 {
		t.Errorf("cues %q, %d rooms, %d tokens", w.cues(), len(snap.Rooms), len(snap.Tokens))
	}
	told := false
	for !told {
		update, err := stream.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, event := range update.Events {
			told = told || event.Body == app.EventBody(app.StateRestored{Backup: made.Name})
		}
	}
	if _, err := w.core.Do(t.Context(), app.Undo{RoomID: w.room().Room.ID}); err == nil {
		t.Error("what was before the restore can be undone in part")
	}
	w.add("After")
	w.stop()
	again := runShow(t, w.dir)
	if again.cues() != "Opening Talk After" {
		t.Errorf("after the next start: %q", again.cues())
	}
	if _, err := again.backups.Restore(t.Context(), restored.Before.Name); err != nil || again.cues() != "Opening Talk Mistake" {
		t.Errorf("the restore cannot be taken back: %q, %v", again.cues(), err)
	}
}

func TestBackupsThatCannotBeRestoredChangeNothing(t *testing.T) {
	w := runShow(t, t.TempDir())
	made := w.make()
	whole := read(t, filepath.Join(w.backups.Folder(), made.Name))
	put := func(name string, content []byte) { write(t, filepath.Join(w.backups.Folder(), name), content) }
	put("noise.db", []byte(strings.Repeat("noise", 1000)))
	put("short.db", whole[:len(whole)/2])
	put("nothing.db", nil)
	put("newer.db", whole)
	execute(t, filepath.Join(w.backups.Folder(), "newer.db"), "PRAGMA user_version = 99")
	put("rows.db", whole)
	execute(t, filepath.Join(w.backups.Folder(), "rows.db"), "UPDATE timers SET body = '[]'")
	put("roomless.db", whole)
	execute(t, filepath.Join(w.backups.Folder(), "roomless.db"), "DELETE FROM timers; DELETE FROM playback; DELETE FROM rooms")
	before := w.core.Snapshot().Rooms
	for name, key := range map[string]string{
		"noise.db": "safety.damaged", "short.db": "safety.damaged", "nothing.db": "safety.damaged", "rows.db": "safety.damaged", "roomless.db": "safety.damaged",
		"newer.db": "safety.newer", "unknown.db": "safety.noBackup", "../cuewire.db": "safety.noBackup", "..": "safety.noBackup", "": "safety.noBackup",
	} {
		_, err := w.backups.Restore(t.Context(), name)
		if e, ok := errors.AsType[*app.Error](err); !ok || e.Key != key {
			t.Errorf("%s: %v, want %s", name, err, key)
		}
	}
	if diff := cmp.Diff(before, w.core.Snapshot().Rooms); diff != "" {
		t.Error(diff)
	}
	list, err := w.backups.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list {
		if good := b.Name == made.Name || b.Name == "rows.db" || b.Name == "roomless.db"; b.Good != good || (b.Problem == "") != good {
			t.Errorf("%+v", b)
		}
	}
	left, err := filepath.Glob(filepath.Join(w.dir, "restoring-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestADatabaseDamagedWhileItRuns loses nothing: everything is written anew from memory.
func TestADatabaseDamagedWhileItRuns(t *testing.T) {
	w := runShow(t, t.TempDir())
	w.addMany(200)
	w.add("Last")
	cues := w.cues()
	w.stop()
	w = runShow(t, w.dir)
	file := filepath.Join(w.dir, store.FileName)
	content := read(t, file)
	f, err := os.OpenFile(file, os.O_RDWR, 0) // in place, as a disk would
	if err != nil {
		t.Fatal(err)
	}
	for at := 3 * 4096; at < len(content); at += 4096 {
		if _, err := f.WriteAt([]byte(strings.Repeat("\xa5\x17", 2048)), int64(at)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.backups.Make(t.Context(), app.BackupAsked); !app.Damaged(err) {
		t.Fatalf("the backup: %v", err)
	}
	stream := w.core.Watch()
	defer stream.Close()
	for w.core.Snapshot().Safety.Recovered == nil {
		if _, err := stream.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if system := w.core.Snapshot().System; system.Status != app.Degraded || !strings.Contains(system.Reason, "damaged") {
		t.Errorf("status %+v", system)
	}
	w.add("After")
	if made := w.make(); !made.Good {
		t.Errorf("%+v", made)
	}
	w.do(app.DismissRecovered{})
	if system := w.core.Snapshot().System; system.Status != app.Healthy {
		t.Errorf("status %+v", system)
	}
	w.stop()
	if again := runShow(t, w.dir); again.cues() != cues+" After" {
		t.Errorf("the next start has %d cues, not those that there were", len(again.room().Timers))
	}
	if aside, err := filepath.Glob(file + ".corrupt-*"); err != nil || len(aside) == 0 {
		t.Errorf("nothing was set aside: %v", err)
	}
	if verdict := integrity(t, w.dir); verdict != "ok" {
		t.Error(verdict)
	}
}
