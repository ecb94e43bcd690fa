package e2e

import (
	"os/exec"
	"strings"
	"testing"
)

// TestProtocolPagesExamples runs the examples of PalcoTimer's and Source Saver's
// pages; those of the other two have tests of their own.
func TestProtocolPagesExamples(t *testing.T) {
	for _, of := range []struct{ page, javascript, python, golang string }{
		{"protocols/palcotimer.md", "running, ", "running 180000", "stopped 360000 ms left"},
		{"protocols/source-saver.md", "room Main: ", "active: Corner clock", "the timer is stopped"},
	} {
		t.Run(of.page, func(t *testing.T) {
			p := start(t, t.TempDir(), "--no-obs")
			t.Run("Go", func(t *testing.T) { // first, for the others start the timer
				cmd := exec.CommandContext(t.Context(), "go", "run", write(t, "main.go", p.example(of.page, "go", "")))
				cmd.Dir = "../.." // where go.mod names gorilla's version
				if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), of.golang) {
					t.Errorf("%v\n%s", err, out)
				}
			})
			t.Run("JavaScript", func(t *testing.T) {
				file := write(t, "example.js", p.example(of.page, "js", ""))
				console, _ := published{file, "ws://none"}.inNode(t, "ws://none")
				eventually(t, "what it writes", func() bool { return console.has(of.javascript) })
			})
			t.Run("Python", func(t *testing.T) {
				need(t, "python3")
				out, err := exec.CommandContext(t.Context(), "python3", write(t, "example.py", p.example(of.page, "python", ""))).CombinedOutput()
				if err != nil || !strings.Contains(string(out), of.python) {
					t.Errorf("%v\n%s", err, out)
				}
			})
		})
	}
}
