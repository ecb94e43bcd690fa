package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// screen is an X server without a screen.
type screen struct {
	t             *testing.T
	display       string // ":7"
	frame         string // file with what is on it
	width, height int
}

const screenWidth, screenHeight = 1280, 800

// startScreen starts Xvfb on a display that it finds free itself. A machine that
// lacks Xvfb or xdotool skips the test, unless CI is set.
func startScreen(t *testing.T) *screen { return startScreenOf(t, screenWidth, screenHeight) }

func startScreenOf(t *testing.T, width, height int) *screen {
	t.Helper()
	needCommand(t, "Xvfb", "xvfb")
	needCommand(t, "xdotool", "xdotool")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	dir := t.TempDir()
	server := exec.Command("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-fbdir", dir,
		"-screen", "0", fmt.Sprintf("%dx%dx24", width, height))
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	t.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return &screen{t, ":" + strings.TrimSpace(number), filepath.Join(dir, "Xvfb_screen0"), width, height}
}

// xdotool acts as a person at the screen and returns what it prints.
func (s *screen) xdotool(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), slow)
	defer cancel()
	cmd := exec.CommandContext(ctx, "xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// window waits for Cuewire's window to be on the screen and returns its id.
func (s *screen) window() string {
	s.t.Helper()
	id := ""
	eventually(s.t, "a window on the screen", func() bool {
		found, err := s.xdotool("search", "--onlyvisible", "--name", "^Cuewire$")
		id, _, _ = strings.Cut(found, "\n")
		return err == nil && id != ""
	})
	return id
}

// key presses a key in a window.
func (s *screen) key(window, key string) {
	s.t.Helper()
	for _, args := range [][]string{{"windowfocus", "--sync", window}, {"key", key}} {
		if _, err := s.xdotool(args...); err != nil {
			s.t.Fatalf("xdotool %v: %v", args, err)
		}
	}
}

// count returns how many pixels of the screen have a colour.
func (s *screen) count(red, green, blue byte) int {
	s.t.Helper()
	count := 0
	s.look(func(_, _ int, r, g, b byte) {
		if r == red && g == green && b == blue {
			count++
		}
	})
	return count
}

// look shows every pixel of the screen.
func (s *screen) look(at func(x, y int, red, green, blue byte)) {
	s.t.Helper()
	// The file is in XWD format: a header of big-endian words, a colour map of 12
	// bytes an entry, then the pixels, here as blue, green, red, unused.
	data, err := os.ReadFile(s.frame)
	if err != nil {
		s.t.Fatal(err)
	}
	word := func(i int) int {
		return int(data[4*i])<<24 | int(data[4*i+1])<<16 | int(data[4*i+2])<<8 | int(data[4*i+3])
	}
	pixels, bytesPerLine := data[word(0)+12*word(19):], word(12)
	for y := range s.height {
		line := pixels[y*bytesPerLine:]
		for x := range s.width {
			at(x, y, line[4*x+2], line[4*x+1], line[4*x])
		}
	}
}

// desktop returns the command that starts Cuewire with its window on the screen.
func (s *screen) desktop(dir string, args ...string) *exec.Cmd {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "cuewire")
	if text, err := exec.Command("go", "build", "-race", "-o", path, "cuewire").CombinedOutput(); err != nil {
		s.t.Fatalf("build: %v\n%s", err, text)
	}
	home := s.t.TempDir()
	cmd := exec.Command(path, append([]string{"--no-obs", "--no-welcome", "--data-dir", dir}, args...)...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.display, "LIBGL_ALWAYS_SOFTWARE=1", "LC_ALL=C", "HOME="+home,
		"XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "DBUS_SESSION_BUS_ADDRESS=")
	return cmd
}

func TestTheRealWindowRunsTheTimer(t *testing.T) {
	s := startScreen(t)
	dir := t.TempDir()
	cmd := s.desktop(dir, "--listen", "127.0.0.1:0")
	p := launch(t, cmd, dir)
	window := s.window()
	viewer := p.dial("/ws/" + p.room() + "?output=viewer")
	state := func(want string) func(frame) bool {
		return func(f frame) bool { return f["type"] == "playback_status" && f["state"] == want }
	}

	if n := s.count(0x22, 0xc5, 0x5e); n > 20_000 {
		t.Errorf("%d green pixels before the timer runs", n)
	}
	s.key(window, "space")
	viewer.until("the timer to run", state("running"))
	eventually(t, "green digits on the screen", func() bool { return s.count(0x22, 0xc5, 0x5e) > 20_000 })
	s.key(window, "space")
	viewer.until("the timer to pause", state("paused"))

	ctx, cancel := context.WithTimeout(t.Context(), slow)
	defer cancel()
	second := exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
	second.Env = cmd.Env
	if out, err := second.CombinedOutput(); err != nil {
		t.Errorf("a second copy ended with %v: %s", err, out)
	}
	if took := p.stop(); took > 5*3*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

// TestACueIsEditedInTheRealWindow goes the way of a person at the keyboard: a new
// cue, another name for the current one, and both taken back.
func TestACueIsEditedInTheRealWindow(t *testing.T) {
	s := startScreen(t)
	dir := t.TempDir()
	p := launch(t, s.desktop(dir, "--listen", "127.0.0.1:0"), dir)
	window := s.window()
	names := func() []string {
		var answer struct{ Timers []struct{ Name string } }
		p.get("/api/v1/rooms/"+p.room()+"/timers", &answer)
		list := make([]string, len(answer.Timers))
		for i, timer := range answer.Timers {
			list[i] = timer.Name
		}
		return list
	}
	before := names()
	is := func(want ...string) func() bool { return func() bool { return slices.Equal(names(), want) } }
	// Fyne takes the keys in their order, and a dialog is open when the key that opens it
	// has been taken; it closes once the core has answered.
	typed := func(keys ...string) {
		t.Helper()
		eventually(t, "no dialog", func() bool { return s.count(0x0c, 0x0f, 0x14) > 50_000 })
		for _, key := range keys {
			s.key(window, key)
		}
	}
	typed("n", "R", "o", "a", "d", "Return")
	eventually(t, "the new cue", is(append(slices.Clone(before), "Road")...))
	// The picture may be older than the dialog: what is typed then goes elsewhere, and a
	// person tries again.
	renamed := is(append(append([]string{"Hi"}, before[1:]...), "Road")...)
	eventually(t, "another name", func() bool {
		s.key(window, "Escape")
		typed("e", "ctrl+a", "H", "i", "Return")
		for begun := time.Now(); time.Since(begun) < 5*time.Second; time.Sleep(50 * time.Millisecond) {
			if renamed() {
				return true
			}
		}
		return false
	})
	typed("e", "ctrl+a", "N", "o", "Escape")
	typed("ctrl+z")
	eventually(t, "the old name", is(append(slices.Clone(before), "Road")...))
	typed("ctrl+z")
	eventually(t, "the rundown as it was", is(before...))
	typed("ctrl+shift+z")
	eventually(t, "the new cue again", is(append(slices.Clone(before), "Road")...))
	if took := p.stop(); took > 5*3*time.Second {
		t.Errorf("stopping took %v", took)
	}
}

func TestAFailedStartIsToldInAWindow(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s := startScreen(t)
	cmd := s.desktop(t.TempDir(), "--listen", taken.Addr().String())
	errOut := new(bytes.Buffer)
	cmd.Stderr = errOut
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	window := s.window()
	s.key(window, "Escape")
	err = cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit code 1", err)
	}
	if !strings.Contains(errOut.String(), taken.Addr().String()) {
		t.Errorf("it says %q", errOut)
	}
}
