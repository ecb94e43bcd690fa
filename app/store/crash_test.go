package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"cuewire/app"
	"cuewire/app/store"
)

// crashDirEnv makes the test binary a program that commits to the database in
// that folder until it is killed.
const crashDirEnv = "CUEWIRE_STORE_CRASH_DIR"

// commitForever commits one number after the other, in a timer and in the playback
// at once, and prints each that was acknowledged.
func commitForever(dir string) {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Dir: dir, Log: quiet})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	saved, err := s.Load(ctx)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	n, err := strconv.Atoi(saved.Rooms[0].Timers[0].Name)
	for err == nil {
		n++
		err = s.Commit(ctx, []app.Change{
			app.PutTimer{Timer: numbered("t", n)},
			app.PutMessage{Message: message(fmt.Sprint("m", n%50), "a"), Rank: int64(n)},
			app.PutPlayback{RoomID: "a", Playback: app.Playback{Elapsed: app.Millis(n)}},
		})
		if err == nil {
			fmt.Println(n)
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

func TestAcknowledgedChangesSurviveKill9(t *testing.T) {
	rounds := 20
	if os.Getenv("CUEWIRE_SOAK") == "1" {
		rounds = 500
	}
	dir := t.TempDir()
	s := openStore(t, dir)
	commit(t, s, app.PutRoom{Room: room("a")}, app.PutTimer{Timer: numbered("t", 0)}, app.PutPlayback{RoomID: "a"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	unacknowledged := 0
	for round := range rounds {
		acked := commitUntilKilled(t, dir, 1+rand.IntN(200))
		s := openStore(t, dir)
		switch stored := number(t, load(t, s)); stored {
		case acked:
		case acked + 1:
			unacknowledged++ // killed between the commit and the print
		default:
			t.Fatalf("round %d: %d was acknowledged, %d is stored", round, acked, stored)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if verdict := integrity(t, dir); verdict != "ok" {
			t.Fatalf("round %d: %s", round, verdict)
		}
	}
	t.Logf("%d kills; %d were between a commit and its acknowledgement", rounds, unacknowledged)
}

// commitUntilKilled runs the committing program, kills it once it has acknowledged
// some more changes, and returns the last one acknowledged.
func commitUntilKilled(t *testing.T, dir string, some int) (acked int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self, "-test.run=^$")
	child.Env = append(os.Environ(), crashDirEnv+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for count := 0; lines.Scan(); {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			_ = child.Process.Kill()
			t.Fatalf("the program says %q", lines.Text())
		}
		acked = n
		if count++; count == some {
			if err := child.Process.Kill(); err != nil { // SIGKILL; what it still printed is read on
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // "signal: killed"
	return acked
}

func integrity(t *testing.T, dir string) (verdict string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil {
		t.Fatal(err)
	}
	return verdict
}
