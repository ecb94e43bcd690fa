package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// example returns a page of the documentation's block of code in a language, with
// the program's address in place of the usual one.
func (p *program) example(page, language, token string) string {
	p.t.Helper()
	text, err := os.ReadFile("../../docs/" + page)
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```"+language+"\n")
	code, _, closed := strings.Cut(rest, "\n```")
	if !ok || !closed {
		p.t.Fatalf("%s has no example in %s", page, language)
	}
	return strings.NewReplacer("127.0.0.1:3000", strings.TrimPrefix(p.URL, "http://"), "TOKEN", token).Replace(code)
}

// need fails, or without CI skips, where a command is missing.
func need(t *testing.T, command string) {
	t.Helper()
	if _, err := exec.LookPath(command); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no %s: install it", command)
		}
		t.Skipf("no %s", command)
	}
}

// TestTimerAPIsExamples runs the examples of the Timer API's page.
func TestTimerAPIsExamples(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	token := p.token("ana")
	t.Run("JavaScript", func(t *testing.T) {
		file := write(t, "example.js", p.example("protocols/timer-api.md", "js", token))
		console, _ := published{file, "ws://none"}.inNode(t, "ws://none")
		eventually(t, "the timer", func() bool { return console.has("stopped ") })
	})
	t.Run("Python", func(t *testing.T) {
		need(t, "python3")
		socket := p.dialAs("/v1/ws/timers", token)
		socket.send(`{"type":"timer.create","payload":{"allocatedDuration":60,"title":"Seen"}}`)
		socket.until("the timer", func(f frame) bool { return f["type"] == "timer.created" })
		out, err := exec.CommandContext(t.Context(), "python3", write(t, "example.py", p.example("protocols/timer-api.md", "python", token))).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "stopped ") || !strings.Contains(string(out), "Seen ") {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("Go", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), "go", "run", write(t, "main.go", p.example("protocols/timer-api.md", "go", token)))
		cmd.Dir = "../.." // where go.mod names gorilla's version
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "stopped ") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// TestAnOverlayOfYourOwn puts the overlay of docs/overlays.md where its page says,
// and looks that it shows the timer, says that it is stale, and comes back.
func TestAnOverlayOfYourOwn(t *testing.T) {
	s := startStage(t)
	dir := filepath.Join(s.Dir, "overlays", "first")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte(s.example("overlays.md", "html", "")), 0o644); err != nil {
		t.Fatal(err)
	}
	page := startBrowser(t, "en-US").open(t, s.URL+"/overlay/my/first/", 1280, 720, "")
	page.tolerateOutage()
	page.wait(`/^\d+:\d\d$/.test(digits.textContent) && !document.body.classList.contains('stale')`)
	s.act("play", "")
	s.act("set_time", `,"value":4000`)
	page.wait(`/^\+0:\d\d$/.test(digits.textContent)`)
	s.kill()
	page.wait(`document.body.classList.contains('stale')`)
	again := startAt(t, s.Dir, strings.TrimPrefix(s.URL, "http://"), "--no-obs")
	page.wait(`!document.body.classList.contains('stale')`)
	again.dial("/ws/" + s.code + "?output=controller").send(`{"type":"control","action":"set_time","value":3000000}`)
	page.wait(`/^(50:00|49:\d\d)$/.test(digits.textContent)`)
}
