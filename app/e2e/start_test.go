// Package e2e tests Cuewire from outside: the built program, a real OBS, a real
// browser, and the window under Fyne's test driver.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// slow bounds a wait for something that takes well under a fifth of it.
const slow = 30 * time.Second

// builtBinary names a binary that another test process has built, and will remove.
const builtBinary = "CUEWIRE_E2E_BINARY"

var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(builtBinary); path != "" {
		return path, nil
	}
	dir, err := os.MkdirTemp("", "cuewire-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "cuewire")
	build := exec.Command("go", "build", "-race", "-tags", "headless", "-o", path, "cuewire")
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, text)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil && os.Getenv(builtBinary) == "" {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// program is a running headless Cuewire.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	Dir    string // data folder
	URL    string // "http://127.0.0.1:PORT"
	errOut *bytes.Buffer
	exited chan struct{}
	err    error // of the end; read after exited is closed
}

// start runs Cuewire headless on a free port and returns when it serves. args
// come after --headless, --data-dir and --listen.
func start(t *testing.T, dir string, args ...string) *program {
	t.Helper()
	return startAt(t, dir, "127.0.0.1:0", args...)
}

func startAt(t *testing.T, dir, listen string, args ...string) *program {
	t.Helper()
	return startIn(t, t.TempDir(), dir, listen, args...)
}

// startIn starts Cuewire as a person whose home folder is home.
func startIn(t *testing.T, home, dir, listen string, args ...string) *program {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return launch(t, command(path, home, dir, listen, args...), dir)
}

func command(path, home, dir, listen string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, append([]string{"--headless", "--data-dir", dir, "--listen", listen}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"))
	return cmd
}

// launch starts a Cuewire and returns when it serves.
func launch(t *testing.T, cmd *exec.Cmd, dir string) *program {
	t.Helper()
	p := &program{t: t, cmd: cmd, Dir: dir, errOut: new(bytes.Buffer), exited: make(chan struct{})}
	p.cmd.Stderr = p.errOut
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
				select {
				case address <- url:
				default:
				}
			}
		}
		io.Copy(io.Discard, out)
	}()
	go func() {
		<-read
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() { p.kill() })
	select {
	case p.URL = <-address:
	case <-p.exited:
		t.Fatalf("cuewire ended: %v\n%s", p.err, p.errOut)
	case <-time.After(slow):
		t.Fatalf("cuewire does not serve\n%s", p.errOut)
	}
	return p
}

// kill ends the program as kill -9 does.
func (p *program) kill() {
	p.cmd.Process.Signal(syscall.SIGKILL)
	<-p.exited
}

// stop ends the program in order and returns how long that took.
func (p *program) stop() time.Duration {
	p.t.Helper()
	began := time.Now()
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.exited:
	case <-time.After(slow):
		p.t.Fatalf("cuewire does not stop")
	}
	if p.err != nil {
		p.t.Errorf("stopped with %v\n%s", p.err, p.errOut)
	}
	return time.Since(began)
}

// get fetches a path and decodes its JSON into v.
func (p *program) get(path string, v any) {
	p.t.Helper()
	answer, err := http.Get(p.URL + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		p.t.Fatalf("GET %s: %s", path, answer.Status)
	}
	if err := json.NewDecoder(answer.Body).Decode(v); err != nil {
		p.t.Fatalf("GET %s: %v", path, err)
	}
}

// room returns the short code of the first room.
func (p *program) room() string {
	p.t.Helper()
	var rooms struct {
		Rooms []struct {
			ShortCode string `json:"short_code"`
		}
	}
	p.get("/api/v1/auth/rooms", &rooms)
	if len(rooms.Rooms) == 0 {
		p.t.Fatal("no room")
	}
	return rooms.Rooms[0].ShortCode
}

// socket is a raw WebSocket client.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial connects to a path of the program.
func (p *program) dial(path string) *socket {
	p.t.Helper()
	return dial(p.t, p.URL, path)
}

func dial(t *testing.T, url, path string) *socket {
	t.Helper()
	conn, answer, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(url, "http")+path, nil)
	if err != nil {
		status := ""
		if answer != nil {
			status = answer.Status
		}
		t.Fatalf("dial %s: %v %s", path, err, status)
	}
	t.Cleanup(func() { conn.Close() })
	return &socket{t, conn}
}

func (s *socket) send(frame string) {
	s.t.Helper()
	if err := s.conn.WriteMessage(websocket.TextMessage, []byte(frame)); err != nil {
		s.t.Fatalf("send %s: %v", frame, err)
	}
}

// frame is any frame of any dialect.
type frame map[string]any

// until reads frames until one is wanted, and returns it.
func (s *socket) until(what string, wanted func(frame) bool) frame {
	s.t.Helper()
	f, err := s.find(slow, wanted)
	if err != nil {
		s.t.Fatalf("waiting for %s: %v", what, err)
	}
	return f
}

func (s *socket) find(limit time.Duration, wanted func(frame) bool) (frame, error) {
	if err := s.conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return nil, err
	}
	for {
		_, text, err := s.conn.ReadMessage()
		if err != nil {
			return nil, err
		}
		var f frame
		if err := json.Unmarshal(text, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		if wanted(f) {
			return f, nil
		}
	}
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, what string, ask func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), slow)
	defer cancel()
	for pause := 5 * time.Millisecond; !ask(); pause = min(2*pause, 200*time.Millisecond) {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			t.Fatalf("still not so: %s (%v)", what, errors.Unwrap(ctx.Err()))
		}
	}
}
