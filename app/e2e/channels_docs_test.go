package e2e

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exampleOf returns the example in docs/protocols/broadcastt.md that begins with a
// line, with the app's own values in it.
func (p *program) exampleOf(t *testing.T, a *channelApp, language, holds string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/protocols/broadcastt.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(block[1], holds) {
			return strings.NewReplacer("http://127.0.0.1:3000", p.URL, "127.0.0.1:3000", strings.TrimPrefix(p.URL, "http://"),
				"APP_ID", a.ID, "APP_KEY", a.Key, "APP_SECRET", a.Secret).Replace(block[1])
		}
	}
	t.Fatalf("the document has no example of %s", language)
	return ""
}

// TestTheDocumentsExamples runs what docs/protocols/broadcastt.md gives in three
// languages: Go listens to what Python publishes, JavaScript to itself.
func TestTheDocumentsExamples(t *testing.T) {
	needNode(t, "pusher")
	needCommand(t, "python3", "python3")
	p := start(t, t.TempDir(), "--no-obs")
	a := p.newApp("Alerts")
	ctx, cancel := context.WithTimeout(t.Context(), 10*slow)
	defer cancel()

	listener := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(listener, []byte(p.exampleOf(t, a, "go", "func main")), 0o600); err != nil {
		t.Fatal(err)
	}
	golang := exec.CommandContext(ctx, "go", "run", listener)
	var complaints strings.Builder
	golang.Stderr = &complaints
	out, err := golang.StdoutPipe()
	if err == nil {
		err = golang.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "listening" {
		t.Fatalf("Go: %q\n%s", lines.Text(), complaints.String())
	}
	if text, err := exec.CommandContext(ctx, "python3", "-c", p.exampleOf(t, a, "python", "publish")).CombinedOutput(); err != nil {
		t.Fatalf("Python: %v\n%s", err, text)
	}
	if !lines.Scan() || lines.Text() != "Rui gave 7" {
		t.Errorf("Go: %q\n%s", lines.Text(), complaints.String())
	}
	if err := golang.Wait(); err != nil {
		t.Errorf("Go: %v\n%s", err, complaints.String())
	}

	javascript := exec.CommandContext(ctx, "node", "--input-type=module", "--eval", p.exampleOf(t, a, "js", "pusher-js"))
	if text, err := javascript.CombinedOutput(); err != nil || string(text) != "Ana gave 5\n" {
		t.Errorf("JavaScript: %v\n%s", err, text)
	}
}

// TestTheDocumentsPage runs the page that the document begins an overlay with, from
// the folder of one's own overlays.
func TestTheDocumentsPage(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	a := p.newApp("Alerts")
	folder := filepath.Join(p.Dir, "overlays")
	for file, text := range map[string]string{
		"alerts.html": "<!doctype html><meta charset=utf-8><link rel=icon href=data:,><body>\n" + p.exampleOf(t, a, "html", "alerts.js"),
		"alerts.js":   p.exampleOf(t, a, "js", "Channels"),
	} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	page := startBrowser(t, "en").open(t, p.URL+"/overlay/my/alerts.html", 800, 600, "")
	eventually(t, "the alert", func() bool {
		if err := p.publish(a, "/events", `{"name":"donation","channel":"alerts","data":"{\"from\":\"Zoë\",\"amount\":5}"}`); err != nil {
			t.Fatal(err)
		}
		return eval[string](page, "document.body.textContent") == "Zoë gave 5"
	})
}
