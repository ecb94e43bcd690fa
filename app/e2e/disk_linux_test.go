package e2e

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// rename changes the timer's name, and returns whether that was acknowledged as being on
// disk. It fails if it is not done.
func (p *program) rename(path, name string) (durable bool) {
	p.t.Helper()
	request, err := http.NewRequest("PUT", p.URL+path, strings.NewReader(`{"name":"`+name+`"}`))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("PUT %s: %s %s %v", path, answer.Status, body, err)
	}
	durable = answer.Header.Get("Cuewire-Durable") == "true"
	if durable == bytes.Contains(body, []byte(`"durable":false`)) {
		p.t.Errorf("the header says %v, the body %s", durable, body)
	}
	return durable
}

// theTimer returns the path of the first timer of the first room.
func (p *program) theTimer() string {
	p.t.Helper()
	timers := "/api/v1/rooms/" + p.room() + "/timers"
	return timers + "/" + p.call("GET", timers, "")["timers"].([]any)[0].(map[string]any)["id"].(string)
}

// inject has system calls of the program on its database fail or wait, as strace can,
// until the function that it returns is called.
func inject(t *testing.T, p *program, faults ...string) (stop func()) {
	t.Helper()
	args := []string{"-f", "-p", strconv.Itoa(p.cmd.Process.Pid), "-o", "/dev/null"}
	for _, name := range []string{"cuewire.db", "cuewire.db-wal"} {
		args = append(args, "-P", filepath.Join(p.Dir, name))
	}
	for _, fault := range faults {
		args = append(args, "-e", "inject="+fault)
	}
	strace := exec.Command("strace", args...)
	said, err := strace.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := strace.Start(); errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") == "" {
		t.Skip("strace is not installed")
	} else if err != nil {
		t.Fatal(err)
	}
	attached := make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			switch {
			case strings.Contains(lines.Text(), "Operation not permitted"):
				attached <- os.ErrPermission
			case strings.Contains(lines.Text(), "attached"):
				attached <- nil
				io.Copy(io.Discard, said)
				return
			}
		}
		attached <- errors.New("strace ended")
	}()
	if err := <-attached; errors.Is(err, os.ErrPermission) {
		_ = strace.Wait()
		t.Skip("this system does not let anybody look into a program")
	} else if err != nil {
		t.Fatal(err)
	}
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		strace.Process.Signal(syscall.SIGINT) // it lets go
		_ = strace.Wait()
	}
	t.Cleanup(stop)
	return stop
}

// TestTheDiskDoesNotStopTheShow breaks the disk under a running Cuewire in every way:
// it is told, everything goes on in memory, and is on disk once that works again.
func TestTheDiskDoesNotStopTheShow(t *testing.T) {
	for name, fault := range map[string]func(t *testing.T, p *program) (stop func()){
		"full": func(t *testing.T, p *program) func() { return inject(t, p, "pwrite64:error=ENOSPC") },
		"writing fails": func(t *testing.T, p *program) func() {
			return inject(t, p, "pwrite64:error=EIO")
		},
		"syncing fails": func(t *testing.T, p *program) func() {
			return inject(t, p, "fdatasync:error=EIO", "fsync:error=EIO")
		},
		"read-only": func(t *testing.T, p *program) func() { return inject(t, p, "pwrite64:error=EROFS") },
		"slow": func(t *testing.T, p *program) func() {
			return inject(t, p, "fdatasync:delay_enter=2500000", "fsync:delay_enter=2500000")
		},
		"locked by another program": func(t *testing.T, p *program) func() {
			db, err := sql.Open("sqlite", filepath.Join(p.Dir, "cuewire.db"))
			if err != nil {
				t.Fatal(err)
			}
			conn, err := db.Conn(context.Background())
			if err == nil {
				_, err = conn.ExecContext(context.Background(), "BEGIN IMMEDIATE")
			}
			if err != nil {
				t.Fatal(err)
			}
			return func() {
				_, err := conn.ExecContext(context.Background(), "ROLLBACK")
				if err := errors.Join(err, conn.Close(), db.Close()); err != nil {
					t.Error(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := start(t, t.TempDir(), "--no-obs")
			timer := p.theTimer()
			if !p.rename(timer, "before") {
				t.Fatal("the disk does not work before anything is done to it")
			}
			bus := p.dial("/")
			stop := fault(t, p)
			if p.rename(timer, "lost?") {
				t.Fatal("it is said to be on disk")
			}
			bus.until("the error on the bus", func(f frame) bool {
				return f["event"] == "system:error" && f["data"].(map[string]any)["errorCode"] == "STORE_FAILED"
			})
			bus.until("the status on the bus", func(f frame) bool {
				return f["event"] == "system:statusChange" && f["data"].(map[string]any)["currentStatus"] == "degraded"
			})
			if code := p.status("GET", "/api/ready", ""); code != http.StatusServiceUnavailable {
				t.Errorf("it is ready: %d", code)
			}
			control := p.dial("/ws/" + p.room() + "?output=controller")
			control.send(`{"type":"control","action":"play"}`)
			control.until("the timer runs all the same", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })
			for n := range 5 {
				if p.rename(timer, fmt.Sprint("in memory ", n)) {
					t.Error("it is said to be on disk")
				}
			}
			stop()
			bus.until("the status on the bus", func(f frame) bool {
				if f["event"] != "system:statusChange" {
					return false
				}
				checks, _ := f["data"].(map[string]any)["checks"].(map[string]any)
				return checks["databaseConnected"] == true
			})
			eventually(t, "changes reach the disk again", func() bool { return p.status("GET", "/api/ready", "") == http.StatusOK })
			p.kill() // what was caught up with survives that
			if verdict := integrityOf(t, p.Dir); verdict != "ok" {
				t.Error(verdict)
			}
			again := start(t, p.Dir, "--no-obs")
			if got := again.call("GET", timer, "")["name"]; got != "in memory 4" {
				t.Errorf("after the next start: %v", got)
			}
		})
	}
}

// TestAFullDisk fills a file system of three megabytes.
func TestAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("cuewire-test", dir, "tmpfs", 0, "size=3m"); errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a file system") // TestTheDiskDoesNotStopTheShow fills the disk without
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	data := filepath.Join(dir, "data")
	p := start(t, data, "--no-obs")
	timers := "/api/v1/rooms/" + p.room() + "/timers"
	filler := filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	made, notes := 0, strings.Repeat("n", 4000)
	eventually(t, "the disk is full", func() bool {
		answer := p.call("POST", timers, fmt.Sprintf(`{"name":"%d","notes":%q,"duration_ms":1000}`, made, notes))
		made++
		return answer["durable"] == false
	})
	status, text := p.post("/api/backups", "application/json", nil)
	if status != http.StatusServiceUnavailable || !strings.Contains(text, "full") {
		t.Errorf("a backup on a full disk: %d %s", status, text)
	}
	if left, err := filepath.Glob(filepath.Join(data, "backups", "*")); err != nil || len(left) != 0 {
		t.Errorf("half a backup is left: %v %v", left, err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	eventually(t, "changes reach the disk again", func() bool { return p.status("GET", "/api/ready", "") == http.StatusOK })
	if status, text := p.post("/api/backups", "application/json", nil); status != http.StatusCreated {
		t.Errorf("a backup with room again: %d %s", status, text)
	}
	eventually(t, "all is well", func() bool {
		var health struct{ Status, Reason string }
		p.get("/api/health", &health)
		return !strings.Contains(health.Reason, "backup") && !strings.Contains(health.Reason, "disk")
	})
	p.kill()
	again := start(t, data, "--no-obs")
	if got := len(again.call("GET", timers, "")["timers"].([]any)); got != 4+made {
		t.Errorf("%d timers after the next start, want %d", got, 4+made)
	}
}

// TestADamagedDatabaseAtTheStart uses the newest backup, says so on every face and
// keeps saying it until somebody has read it.
func TestADamagedDatabaseAtTheStart(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--no-obs")
	timer := p.theTimer()
	p.rename(timer, "backed up")
	p.stop() // leaves a backup
	file := filepath.Join(dir, "cuewire.db")
	if err := os.WriteFile(file, []byte("what the disk left of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	p = start(t, dir, "--no-obs")
	if got := p.call("GET", timer, "")["name"]; got != "backed up" {
		t.Errorf("the timer is %v", got)
	}
	told := func() string {
		var health struct{ Status, Reason string }
		p.get("/api/health", &health)
		if health.Status != "degraded" {
			return ""
		}
		return health.Reason
	}
	eventually(t, "the status tells", func() bool { return strings.Contains(told(), "damaged") })
	p.stop()
	if !strings.Contains(p.errOut.String(), "The database is damaged. Cuewire uses the backup of ") {
		t.Errorf("it said %s", p.errOut)
	}
	p = start(t, dir, "--no-obs")
	eventually(t, "the next start tells too", func() bool { return strings.Contains(told(), "damaged") })
	list := p.call("GET", "/api/backups", "")
	recovered, _ := list["recovered"].(map[string]any)
	aside, _ := recovered["aside"].(string)
	if text, err := os.ReadFile(aside); err != nil || string(text) != "what the disk left of it" {
		t.Errorf("recovered %v: %q, %v", recovered, text, err)
	}
	if got := p.call("DELETE", "/api/backups/recovered", ""); got != nil {
		t.Errorf("%v", got)
	}
	if reason := told(); strings.Contains(reason, "damaged") {
		t.Errorf("it is still told: %s", reason)
	}
	p.stop()

	// Without a backup nothing is started in its place.
	if err := os.RemoveAll(filepath.Join(dir, "backups")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, _, errOut := outcome(t, "--headless", "--no-obs", "--data-dir", dir, "--listen", "127.0.0.1:0")
	if exit != 1 || !strings.Contains(errOut, "cuewire restore --empty") {
		t.Errorf("exit %d, said %s", exit, errOut)
	}
	exit, out, errOut := outcomeIn(t, "pt_BR.UTF-8", "restore", "--empty", "--data-dir", dir)
	if exit != 0 || !strings.Contains(out, "banco de dados vazio") {
		t.Errorf("exit %d, said %s%s", exit, out, errOut)
	}
	p = start(t, dir, "--no-obs")
	if got := p.call("GET", "/api/v1/auth/rooms", "")["rooms"].([]any); len(got) != 1 {
		t.Errorf("rooms %v", got)
	}
}

// TestBackupsByCommandLine makes and restores backups beside a copy that runs and
// without one.
func TestBackupsByCommandLine(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	timer := p.theTimer()
	works := func(args ...string) string {
		t.Helper()
		exit, out, errOut := outcome(t, append(args, "--data-dir", p.Dir)...)
		if exit != 0 {
			t.Fatalf("%v: exit %d, printed %q and %q", args, exit, out, errOut)
		}
		return out
	}
	fails := func(says string, exit int, args ...string) {
		t.Helper()
		got, out, errOut := outcome(t, append(args, "--data-dir", p.Dir)...)
		if got != exit || !strings.Contains(errOut, says) {
			t.Errorf("%v: exit %d, printed %q and %q", args, got, out, errOut)
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "mine.db")
	noise := write(t, "noise.db", "noise")
	everything := func(name func() string, set func(string)) {
		t.Helper()
		set("first")
		if got := works("backup", elsewhere); strings.TrimSpace(got) != elsewhere {
			t.Errorf("printed %q", got)
		}
		inFolder := strings.TrimSpace(works("backup"))
		if info, err := os.Stat(elsewhere); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		set("second")
		works("restore", elsewhere)
		if got := name(); got != "first" {
			t.Errorf("restored from a file: %s", got)
		}
		set("third")
		works("restore", filepath.Base(inFolder))
		if got := name(); got != "first" {
			t.Errorf("restored by name: %s", got)
		}
		works("restore", "--newest") // what was there before the last restore
		if got := name(); got != "third" {
			t.Errorf("restored the newest: %s", got)
		}
		if list := works("restore", "--list"); !strings.Contains(list, filepath.Base(inFolder)) || !strings.Contains(list, "before a restore") || strings.Contains(list, "mine") {
			t.Errorf("listed\n%s", list)
		}
		fails("is damaged", 1, "restore", noise)
		fails("no such file", 1, "restore", filepath.Join(p.Dir, "nothing.db"))
		fails("not damaged", 1, "restore", "--empty")
		fails("cuewire restore --list", 2, "restore")
		fails("not several", 2, "restore", "--newest", "--list")
		if got := name(); got != "third" {
			t.Errorf("a refusal changed it: %s", got)
		}
	}
	bus := p.dial("/")
	everything(func() string { return p.call("GET", timer, "")["name"].(string) }, func(name string) { p.rename(timer, name) })
	bus.until("the restore on the bus", func(f frame) bool { return f["event"] == "system:restored" })
	if _, err := bus.find(slow, func(frame) bool { return false }); err == nil || !strings.Contains(err.Error(), "1012") {
		t.Errorf("the socket ended with %v", err)
	}
	p.stop()
	titles := func() string {
		t.Helper()
		_, row, _ := strings.Cut(works("export"), "\n")
		title, _, _ := strings.Cut(row, ",")
		return title
	}
	everything(titles, func(name string) {
		t.Helper()
		works("import", "--replace", write(t, "show.csv", "Title,Duration\n"+name+",10:00\n"))
	})

	// On another computer there is nothing yet.
	p.Dir = t.TempDir()
	works("restore", elsewhere)
	if got := titles(); got != "first" {
		t.Errorf("on another computer: %v", got)
	}
	if list := works("restore", "--list"); !strings.Contains(list, "yes") {
		t.Errorf("listed\n%s", list)
	}
}
