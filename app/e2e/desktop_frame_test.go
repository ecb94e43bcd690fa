package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// preferences writes what the person at the screen chose for the window.
func preferences(t *testing.T, env []string, text string) {
	t.Helper()
	for _, entry := range env {
		if config, ok := strings.CutPrefix(entry, "XDG_CONFIG_HOME="); ok {
			dir := filepath.Join(config, "fyne", "io.github.cuewire")
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "preferences.json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// chosenPage returns which item of the rail is marked, counted from 1; 0 for none.
func (s *screen) chosenPage(window string) int {
	s.t.Helper()
	geometry, err := s.xdotool("getwindowgeometry", "--shell", window)
	if err != nil {
		s.t.Fatal(err)
	}
	left, top := -1, -1
	for line := range strings.Lines(geometry) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch n, _ := strconv.Atoi(value); name {
		case "X":
			left = n
		case "Y":
			top = n
		}
	}
	first := -1
	s.look(func(x, y int, r, g, b byte) {
		if mark := [3]byte{r, g, b}; first < 0 && x >= left && x < left+5 && (mark == [3]byte{0x6c, 0xb2, 0xff} || mark == [3]byte{0x0b, 0x57, 0xb0}) { // dark, light
			first = y - top
		}
	})
	if first < 0 {
		return 0
	}
	return (first-6)/62 + 1
}

// TestTheWindowIsUsedByKeysAlone goes through the window's frame as a person does who
// has no mouse: pages, the sheet of keys, undo wherever it was, appearance, language,
// and keys that work in every program.
func TestTheWindowIsUsedByKeysAlone(t *testing.T) {
	s := startScreen(t)
	dir := t.TempDir()
	cmd := s.desktop(dir, "--listen", "127.0.0.1:0")
	preferences(t, cmd.Env, `{"hotkeys":true}`)
	p := launch(t, cmd, dir)
	window := s.window()
	for _, page := range []int{8, 3, 1, 7, 2} {
		s.key(window, "ctrl+"+strconv.Itoa(page))
		eventually(t, "page "+strconv.Itoa(page), func() bool { return s.chosenPage(window) == page })
	}

	behind := func() int { return s.count(0x0c, 0x0f, 0x14) } // what a dialog darkens
	before := behind()
	s.key(window, "question")
	eventually(t, "the sheet of keys", func() bool { return behind() < before/10 })
	s.key(window, "Escape")
	eventually(t, "the page again", func() bool { return behind() > before/2 })

	sources := func() int {
		var answer struct{ Sources []any }
		p.get("/api/sources", &answer)
		return len(answer.Sources)
	}
	if status, text := p.post("/api/sources", "application/json", []byte(`{"name":"Clock","url":"https://clock.example/"}`)); status != http.StatusCreated {
		t.Fatalf("a new source: %d %s", status, text)
	}
	s.key(window, "ctrl+z") // on another page than what it takes back
	eventually(t, "the source taken back", func() bool { return sources() == 0 })
	s.key(window, "ctrl+shift+z")
	eventually(t, "the source again", func() bool { return sources() == 1 })

	viewer := p.dial("/ws/" + p.room() + "?output=viewer")
	if _, err := s.xdotool("key", "ctrl+alt+p"); err != nil {
		t.Fatal(err)
	}
	viewer.until("the timer to run", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })

	s.key(window, "ctrl+8")
	eventually(t, "the settings", func() bool { return s.chosenPage(window) == 8 })
	s.key(window, "Tab")
	s.key(window, "Tab")
	s.key(window, "Right")
	eventually(t, "a light window", func() bool { return s.count(0xdf, 0xe4, 0xea) > 50_000 })
	s.key(window, "Left")
	eventually(t, "a dark window", func() bool { return behind() > 50_000 })
	s.key(window, "shift+Tab")
	s.key(window, "Right")
	s.key(window, "Right")
	eventually(t, "Portuguese", func() bool {
		var settings struct{ Language string }
		p.get("/api/settings", &settings)
		return settings.Language == "pt-BR"
	})
	p.stop()
}
