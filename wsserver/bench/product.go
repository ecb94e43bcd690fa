package main

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
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

// The programs that make build and make build-headless leave at the repository's root.
const (
	desktopName  = "cuewire"
	headlessName = "cuewire-headless"
)

// build makes the programs as they are given to people.
func (b *bench) build() error {
	targets := []string{"build-headless"}
	if b.window {
		targets = append(targets, "build")
	}
	for _, target := range targets {
		cmd := exec.CommandContext(b.ctx, "make", "--no-print-directory", "-s", target)
		cmd.Dir = b.root
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("make %s: %w\n%s", target, err, text)
		}
	}
	size := func(name string) figure {
		info, err := os.Stat(filepath.Join(b.root, name))
		if err != nil {
			return unmeasured("%v", err)
		}
		return of(float64(info.Size()) / 1e6)
	}
	b.report.most("stripped program, headless", "MB", size(headlessName), 25)
	if b.window {
		b.report.most("stripped program, desktop", "MB", size(desktopName), 45)
	}
	return nil
}

// product is a running Cuewire.
type product struct {
	cmd     *exec.Cmd
	address string        // "127.0.0.1:3000"
	serving time.Duration // from its start until it said that it serves
	code    string        // of its first room
	errOut  bytes.Buffer
}

// launch starts a Cuewire of the repository's root on a data folder, and returns
// when it serves.
func (b *bench) launch(name, dir string, env []string, args ...string) (*product, error) {
	home := filepath.Join(b.dir, "home")
	if err := makeFolder(home); err != nil {
		return nil, err
	}
	p := &product{cmd: exec.CommandContext(b.ctx, filepath.Join(b.root, name), append([]string{"--data-dir", dir, "--listen", "127.0.0.1:0", "--log-level", "warn"}, args...)...)}
	p.cmd.Env = append(append(os.Environ(), "LC_ALL=C", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config")), env...)
	p.cmd.Stderr = &p.errOut
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	p.serving = time.Since(began)
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on http://")
	if err != nil || !ok {
		return nil, errors.Join(fmt.Errorf("%s says %q: %s", name, line, &p.errOut), err, p.stop())
	}
	p.address = address
	var rooms struct {
		Rooms []struct {
			ShortCode string `json:"short_code"`
		}
	}
	if err := p.call(http.MethodGet, "/api/v1/auth/rooms", nil, &rooms); err != nil || len(rooms.Rooms) == 0 {
		return nil, errors.Join(fmt.Errorf("no room: %w", err), p.stop())
	}
	p.code = rooms.Rooms[0].ShortCode
	return p, nil
}

// stop ends it in order.
func (p *product) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// call sends body as JSON and reads the answer into answer, either of them nil for none.
func (p *product) call(method, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return p.send(method, path, text, answer)
}

func (p *product) send(method, path string, body []byte, answer any) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+p.address+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s", method, path, response.Status, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// controller is a PalcoTimer client that presses controls.
type controller struct{ *websocket.Conn }

func (p *product) controller() (controller, error) {
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+p.address+"/ws/"+p.code+"?output=controller&ticks=0", nil)
	return controller{conn}, err
}

// press presses a control and returns when its playback_status has come.
func (c controller) press(action, value string) error {
	_ = c.SetReadDeadline(time.Now().Add(patience)) // shows in the read
	if err := c.WriteMessage(websocket.TextMessage, []byte(`{"type":"control","action":"`+action+`"`+value+`}`)); err != nil {
		return err
	}
	for {
		_, text, err := c.ReadMessage()
		if err != nil {
			return err
		}
		if bytes.Contains(text, []byte(`"type":"error"`)) {
			return fmt.Errorf("%s: %s", action, text)
		}
		if bytes.Contains(text, []byte(`"type":"playback_status"`)) {
			return nil
		}
	}
}

// runTimer sets the first room's timer to an hour and starts it.
func (p *product) runTimer() error {
	c, err := p.controller()
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.press("set_time", `,"value":3600000`); err != nil {
		return err
	}
	return c.press("play", "")
}

// viewers are PalcoTimer clients of the product.
func (p *product) viewers(count int, query string) audience {
	return audience{
		Address: p.address, Path: "/ws/" + p.code + "?output=viewer" + query,
		Hello: []string{`{"type":"ping"}`}, Joined: `"pong"`, Clients: count,
	}
}

// rest lets time pass in which something is measured.
func (b *bench) rest(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
}
