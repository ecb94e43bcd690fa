package e2e

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// published is an example that a protocol's document gives, in
// testdata/published as it stands there. Only the address it connects to is
// replaced.
type published struct {
	file, address string
}

var (
	palcoTimerExample  = published{"testdata/published/palcotimer.js", "wss://app.palcotimer.com/ws/ABC123"}
	sourceSaverExample = published{"testdata/published/source-saver.js", "ws://localhost:3000"}
)

// heard is what an example writes on its console.
type heard struct {
	mu   sync.Mutex // guards text
	text strings.Builder
}

func (h *heard) write(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text.WriteString(line + "\n")
}

func (h *heard) has(parts ...string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, part := range parts {
		if !strings.Contains(h.text.String(), part) {
			return false
		}
	}
	return true
}

// inNode runs the example in Node. The function returned runs a further line.
func (p published) inNode(t *testing.T, ours string) (*heard, func(line string)) {
	t.Helper()
	needNode(t, "ws")
	cmd := exec.Command("node", "testdata/published/run.js", p.file, p.address, ours)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, in := io.Pipe()
	cmd.Stdout, cmd.Stderr = in, in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	console := new(heard)
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			console.write(lines.Text())
		}
	}()
	t.Cleanup(func() {
		stdin.Close() // the script ends with its input
		err := cmd.Wait()
		in.Close()
		<-read
		if err != nil || t.Failed() {
			t.Errorf("node: %v\n%s", err, console.text.String())
		}
	})
	return console, func(line string) {
		t.Helper()
		if _, err := fmt.Fprintln(stdin, line); err != nil {
			t.Fatal(err)
		}
	}
}

// inChromium runs the example in a page of ours.
func (p published) inChromium(t *testing.T, s *stage, ours string) (*tab, func(parts ...string) bool) {
	t.Helper()
	page := startBrowser(t, "en-US").open(t, s.URL+"/", 800, 600, `
		globalThis.written = [];
		const { log } = console;
		console.log = (...values) => {
			written.push(values.map((value) => typeof value === 'string' ? value : JSON.stringify(value)).join(' '));
			log(...values);
		};`)
	text, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	page.exec(strings.ReplaceAll(string(text), p.address, ours))
	return page, func(parts ...string) bool {
		all := eval[string](page, `written.join('\n')`)
		for _, part := range parts {
			if !strings.Contains(all, part) {
				return false
			}
		}
		return true
	}
}

func (s *stage) socketURL(path string) string { return "ws" + strings.TrimPrefix(s.URL, "http") + path }

// reached waits until the server tells a device of its own that playback is so.
func (s *stage) reached(state string) {
	s.t.Helper()
	s.control.until(state, func(f frame) bool { return f["type"] == "playback_status" && f["state"] == state })
}

// TestPalcoTimersOwnExample runs the complete example of PalcoTimer's document in
// both places where its users run it.
func TestPalcoTimersOwnExample(t *testing.T) {
	t.Run("Node", func(t *testing.T) {
		s := startStage(t)
		console, line := palcoTimerExample.inNode(t, s.socketURL("/ws/"+s.code))
		eventually(t, "the room's state", func() bool { return console.has("Connected!", "Room state: {", "type: 'room'", "state: 'stopped'") })
		line("play()")
		s.reached("running")
		eventually(t, "a tick", func() bool { return console.has("Playback: running 1") }) // 1,000 ms and some
		line("pause()")
		s.reached("paused")
		eventually(t, "the pause", func() bool { return console.has("Playback: paused ") })
	})
	t.Run("Chromium", func(t *testing.T) {
		s := startStage(t)
		page, written := palcoTimerExample.inChromium(t, s, s.socketURL("/ws/"+s.code))
		eventually(t, "the room's state", func() bool { return written("Connected!", `Room state: {"type":"room"`, `"state":"stopped"`) })
		page.exec("play()")
		s.reached("running")
		eventually(t, "a tick", func() bool { return written("Playback: running 1") })
		page.exec("pause()")
		s.reached("paused")
		eventually(t, "the pause", func() bool { return written("Playback: paused ") })
	})
}

// TestSourceSaversOwnExample runs the connection example of Source Saver's
// document, and the heartbeat that stands further down there.
func TestSourceSaversOwnExample(t *testing.T) {
	const ping = `socket.send(JSON.stringify({ action: 'ping', timestamp: new Date().toISOString() }))`
	t.Run("Node", func(t *testing.T) {
		s := startStage(t)
		console, line := sourceSaverExample.inNode(t, s.socketURL(""))
		eventually(t, "the connection", func() bool { return console.has("Connected to Source Saver WebSocket") })
		line(ping)
		eventually(t, "the pong", func() bool { return console.has("Received:", "event: 'pong'") })
		line("socket.close()")
		eventually(t, "the close", func() bool { return console.has("WebSocket connection closed") })
	})
	t.Run("Chromium", func(t *testing.T) {
		s := startStage(t)
		page, written := sourceSaverExample.inChromium(t, s, s.socketURL(""))
		eventually(t, "the connection", func() bool { return written("Connected to Source Saver WebSocket") })
		page.exec(ping)
		eventually(t, "the pong", func() bool { return written("Received:", `"event":"pong"`) })
		page.exec("socket.close()")
		eventually(t, "the close", func() bool { return written("WebSocket connection closed") })
	})
}
