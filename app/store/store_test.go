package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"cuewire/app"
	"cuewire/app/store"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDirEnv); dir != "" {
		commitForever(dir)
	}
	goleak.VerifyTestMain(m)
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

var noon = time.Date(2026, 11, 21, 12, 0, 0, 123456789, time.UTC)

func openStore(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: dir, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func load(t testing.TB, s *store.Store) *app.Saved {
	t.Helper()
	saved, err := s.Load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func commit(t testing.TB, s *store.Store, changes ...app.Change) {
	t.Helper()
	if err := s.Commit(context.Background(), changes); err != nil {
		t.Fatal(err)
	}
}

func room(id string) *app.Room {
	return &app.Room{
		ID: id, ShortCode: "ABC234", Name: "Main — palco", TimeZone: "America/Sao_Paulo",
		ColorNormal: app.DefaultColorNormal, ColorYellow: app.DefaultColorYellow, ColorRed: app.DefaultColorRed,
		CreatedAt: noon, UpdatedAt: noon.Add(time.Second),
	}
}

func timer(id, roomID string) *app.Timer {
	return &app.Timer{
		ID: id, RoomID: roomID, Name: "Opening \"quoted\" 🎬", Speaker: "Ana", Notes: "line\nline", Duration: 600_000,
		Appearance: app.CountUp, WrapYellow: app.DefaultWrapYellow, WrapRed: app.DefaultWrapRed, LabelColor: "#123456",
		Overtime: app.OvertimeStop, AutoAdvance: true, CreatedAt: noon, UpdatedAt: noon,
	}
}

func message(id, roomID string) *app.Message {
	return &app.Message{
		ID: id, RoomID: roomID, Text: "Wrap up, $CURRENT_SPEAKER", Color: app.Red,
		Bold: true, Uppercase: true, Flash: true, Visible: true, CreatedAt: noon, UpdatedAt: noon,
	}
}

func TestNewDatabaseIsEmpty(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	got := load(t, openStore(t, dir))
	if diff := cmp.Diff(&app.Saved{Ranks: map[string]int64{}}, got); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the database: %v", info.Mode())
	}
}

func TestEverythingComesBackAfterReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "wéird?#%20 &=;'name")
	s := openStore(t, dir)
	playback := app.Playback{
		State: app.Running, CurrentTimerID: "t2", Duration: 5000, Elapsed: 1234, StartedAt: 1_790_000_000_123,
		Blackout: true, Flash: true, Focus: true, OnAir: true, MessageID: "m1", Roll: true, RollAt: 1_790_000_005_000,
	}
	aux := &app.AuxTimer{
		ID: "x1", RoomID: "b", Name: "Break", Duration: 300_000, Direction: app.CountUp, CreatedAt: noon, UpdatedAt: noon,
		Run: app.AuxRun{State: app.Running, Duration: 360_000, Elapsed: 7, StartedAt: 1_790_000_000_123},
	}
	question := &app.Question{ID: "q1", RoomID: "b", Text: "How?", Name: "Rui", State: app.QuestionShown, MessageID: "m1", CreatedAt: noon, UpdatedAt: noon}
	preset := &app.Preset{Name: "stage", Params: "progress=ring", CSS: "body{}", UpdatedAt: noon}
	settings := app.Settings{Language: "pt-BR", ViewingOpen: true, CloseToTray: true, AllowedOrigins: []string{"http://a:1"}}
	commit(t, s, // timers before their room: the order within a commit is free
		app.PutTimer{Timer: timer("t1", "b"), Rank: 20}, app.PutTimer{Timer: timer("t2", "b"), Rank: 10},
		app.PutMessage{Message: message("m1", "b"), Rank: -5}, app.PutPlayback{RoomID: "b", Playback: playback},
		app.PutRoom{Room: room("b")}, app.PutSettings{Settings: settings},
		app.PutAux{Timer: aux, Rank: 3}, app.PutQuestion{Question: question}, app.StorePreset{Preset: preset})
	commit(t, s, app.PutRoom{Room: room("a")})
	renamed := room("b")
	renamed.Name = "Renamed"
	commit(t, s, app.PutRoom{Room: renamed}) // keeps its place in the order of making
	want := &app.Saved{
		Rooms: []*app.RoomState{
			{Room: renamed, Timers: []*app.Timer{timer("t2", "b"), timer("t1", "b")}, Messages: []*app.Message{message("m1", "b")}, Playback: playback, Aux: []*app.AuxTimer{aux}, Questions: []*app.Question{question}},
			{Room: room("a"), Playback: app.Playback{State: app.Stopped}},
		},
		Ranks:    map[string]int64{"t1": 20, "t2": 10, "m1": -5, "x1": 3},
		Settings: settings,
		Presets:  []*app.Preset{preset},
	}
	if diff := cmp.Diff(want, load(t, s)); diff != "" {
		t.Errorf("before reopening: %s", diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, store.FileName+"-wal")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the log is still there after Close: %v", err)
	}
	s = openStore(t, dir)
	if diff := cmp.Diff(want, load(t, s)); diff != "" {
		t.Errorf("after reopening: %s", diff)
	}
	commit(t, s, app.DropTimer{ID: "t2"}, app.DropMessage{ID: "m1"}, app.DropTimer{ID: "unknown"},
		app.DropAux{ID: "x1"}, app.DropQuestion{ID: "q1"}, app.DropPreset{Name: "stage"},
		app.PutTimer{Timer: timer("t1", "a"), Rank: 1})
	got := load(t, s)
	if len(got.Rooms[0].Timers)+len(got.Rooms[0].Messages)+len(got.Rooms[0].Aux)+len(got.Rooms[0].Questions)+len(got.Presets) != 0 || len(got.Rooms[1].Timers) != 1 || len(got.Ranks) != 1 {
		t.Errorf("after dropping and moving: %+v", got)
	}
}

// When the disk is slow the engine hands in the last change of each thing in the
// place of its first, so a room's drop may come before what was put into it.
func TestDroppedRoomTakesEverythingWithIt(t *testing.T) {
	s := openStore(t, t.TempDir())
	inside := func(roomID string) []app.Change {
		return []app.Change{
			app.PutTimer{Timer: timer("t"+roomID, roomID)}, app.PutMessage{Message: message("m"+roomID, roomID)}, app.PutPlayback{RoomID: roomID},
		}
	}
	commit(t, s, append(inside("a"), app.PutRoom{Room: room("a")}, app.PutRoom{Room: room("b")})...)
	want := load(t, s).Rooms[0]
	commit(t, s, inside("b")...)
	commit(t, s, app.PutRoom{Room: room("c")})
	commit(t, s, append([]app.Change{app.DropRoom{ID: "b"}, app.DropRoom{ID: "c"}, app.DropRoom{ID: "unknown"}}, append(inside("b"), inside("c")...)...)...)
	got := load(t, s)
	if diff := cmp.Diff([]*app.RoomState{want}, got.Rooms); diff != "" || len(got.Ranks) != 2 {
		t.Errorf("%s, %v", diff, got.Ranks)
	}
}

func TestFailedCommitChangesNothingAndTheNextWorks(t *testing.T) {
	s := openStore(t, t.TempDir())
	commit(t, s, app.PutRoom{Room: room("a")})
	before := load(t, s)
	for _, changes := range [][]app.Change{
		{app.PutTimer{Timer: timer("t", "a")}, app.PutTimer{Timer: timer("x", "no such room")}}, // found at the COMMIT
		{app.PutTimer{Timer: timer("t", "a")}, strangeChange{}},
	} {
		if err := s.Commit(t.Context(), changes); app.CodeOf(err) != app.CodeInternal {
			t.Errorf("%T: %v", changes[1], err)
		}
		if diff := cmp.Diff(before, load(t, s)); diff != "" {
			t.Errorf("%T: %s", changes[1], diff)
		}
	}
	commit(t, s, app.PutTimer{Timer: timer("t", "a")})
	if got := load(t, s); len(got.Rooms[0].Timers) != 1 {
		t.Errorf("after the failures: %+v", got.Rooms[0])
	}
}

type strangeChange struct{}

func (strangeChange) Key() string { return "strange" }

func TestCommitLooksAtItsContextFirst(t *testing.T) {
	s := openStore(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Commit(ctx, []app.Change{app.PutRoom{Room: room("a")}}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if got := load(t, s); len(got.Rooms) != 0 {
		t.Error("a cancelled commit was written")
	}
}

func TestClosedStore(t *testing.T) {
	s := openStore(t, t.TempDir())
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(t.Context(), []app.Change{app.PutRoom{Room: room("a")}}); app.CodeOf(err) != app.CodeUnavailable {
		t.Errorf("commit: %v", err)
	}
	if _, err := s.Load(t.Context()); err == nil {
		t.Error("a closed store was loaded")
	}
}

// One goroutine commits pairs, others load: every load sees a whole pair, and
// never an older one than the load before.
func TestLoadDuringCommit(t *testing.T) {
	s := openStore(t, t.TempDir())
	commit(t, s, app.PutRoom{Room: room("a")}, app.PutTimer{Timer: numbered("t", 0)}, app.PutPlayback{RoomID: "a"})
	const last = 300
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for seen := 0; seen < last; {
				saved, err := s.Load(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				n := number(t, saved)
				if n < seen {
					t.Errorf("%d after %d", n, seen)
					return
				}
				seen = n
			}
		})
	}
	for n := 1; n <= last; n++ {
		commit(t, s, app.PutTimer{Timer: numbered("t", n)}, app.PutPlayback{RoomID: "a", Playback: app.Playback{Elapsed: app.Millis(n)}})
	}
	readers.Wait()
}

// numbered returns a timer of room a that carries n.
func numbered(id string, n int) *app.Timer {
	t := timer(id, "a")
	t.Name = strconv.Itoa(n)
	return t
}

// number returns what the first timer of the first room carries, which the
// room's playback has to carry too.
func number(t testing.TB, saved *app.Saved) int {
	t.Helper()
	n, err := strconv.Atoi(saved.Rooms[0].Timers[0].Name)
	if err != nil {
		t.Error(err)
	}
	if got := int(saved.Rooms[0].Playback.Elapsed); got != n {
		t.Errorf("half a commit: the timer carries %d, the playback %d", n, got)
	}
	return n
}

func tenThousand() []app.Change {
	changes := []app.Change{app.PutRoom{Room: room("a")}}
	for i := range 10_000 {
		changes = append(changes, app.PutTimer{Timer: timer(fmt.Sprintf("0192f0c1-7a5e-7c3a-9b1d-%012d", i), "a"), Rank: int64(i)})
	}
	return changes
}

func TestTenThousandTimersLoadInOrder(t *testing.T) {
	s := openStore(t, t.TempDir())
	commit(t, s, tenThousand()...)
	got := load(t, s).Rooms[0].Timers
	if len(got) != 10_000 {
		t.Fatalf("%d timers", len(got))
	}
	for i, timer := range got {
		if want := fmt.Sprintf("0192f0c1-7a5e-7c3a-9b1d-%012d", i); timer.ID != want {
			t.Fatalf("at %d: %s", i, timer.ID)
		}
	}
}
