package e2e

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// outcome runs Cuewire to its end.
func outcome(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	return outcomeIn(t, "C", args...)
}

// outcomeIn runs Cuewire to its end for somebody whose computer is set to a language.
func outcomeIn(t *testing.T, lang string, args ...string) (code int, out, errOut string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL="+lang, "HOME="+t.TempDir(), "DISPLAY=",
		"GORACE=atexit_sleep_ms=0") // the race detector's second at every end is long here
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	} else if ok {
		code = exit.ExitCode()
	}
	return code, stdout.String(), stderr.String()
}

func TestWhatCannotStartSaysWhyInOneSentence(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := t.TempDir()
	garbage := bytes.Repeat([]byte("this is no database "), 1000)
	if err := os.WriteFile(filepath.Join(broken, "cuewire.db"), garbage, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	running := start(t, t.TempDir(), "--no-obs")
	serve := []string{"--headless", "--no-obs", "--listen", "127.0.0.1:0", "--data-dir"}
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"port in use":        {[]string{"--headless", "--no-obs", "--data-dir", t.TempDir(), "--listen", taken.Addr().String()}, taken.Addr().String()},
		"folder is a file":   {append(serve, file), file},
		"folder under /proc": {append(serve, "/proc/cuewire"), "/proc/cuewire"},
		"broken database":    {append(serve, broken), "cuewire.db"},
		"second copy":        {append(serve, running.Dir), "already running"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := outcome(t, test.args...)
			if code != 1 || out != "" || strings.Count(errOut, "\n") != 1 || !strings.HasPrefix(errOut, "cuewire: ") || !strings.Contains(errOut, test.says) {
				t.Errorf("exit %d, printed %q and %q", code, out, errOut)
			}
		})
	}
	if after, err := os.ReadFile(filepath.Join(broken, "cuewire.db")); err != nil || !bytes.Equal(after, garbage) {
		t.Errorf("the broken database was touched: %v", err)
	}
	running.get("/api/health", &struct{}{})
}

func TestBadFlags(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		says string
	}{
		"unknown flag":        {[]string{"--verbose"}, "--verbose"},
		"unknown command":     {[]string{"dance"}, "dance"},
		"command after flags": {[]string{"--no-obs", "export"}, "cuewire export"},
		"log level":           {[]string{"--log-level", "loud"}, "loud"},
		"listen without port": {[]string{"--listen", "localhost"}, "localhost"},
		"listen on no port":   {[]string{"--listen", "localhost:http"}, "localhost:http"},
		"obs over http":       {[]string{"--obs", "http://localhost:4455"}, "obsws://"},
		"obs and no-obs":      {[]string{"--no-obs", "--obs", "obsws://localhost:4455/secret"}, "exclude"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := outcome(t, append(test.args, "--data-dir", t.TempDir(), "--headless")...)
			if code != 2 || out != "" || !strings.Contains(errOut, test.says) || strings.Contains(errOut, "secret") {
				t.Errorf("exit %d, printed %q and %q", code, out, errOut)
			}
		})
	}
}

func TestVersionAndHelp(t *testing.T) {
	if code, out, _ := outcome(t, "--version"); code != 0 || !strings.HasPrefix(out, "cuewire ") {
		t.Errorf("version: exit %d, %q", code, out)
	}
	code, out, _ := outcome(t, "--help")
	for _, flag := range []string{"--headless", "--data-dir", "--listen", "--obs", "--no-obs", "--dev", "--log-level", "--version", "export", "import"} {
		if code != 0 || !strings.Contains(out, flag) {
			t.Errorf("help: exit %d, %s missing", code, flag)
		}
	}
}

func TestSeveralAddresses(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs", "--listen", "127.0.0.2:0")
	run, err := os.ReadFile(filepath.Join(p.Dir, "run.json"))
	if err != nil || bytes.Count(run, []byte("http://127.0.0.")) != 2 {
		t.Errorf("run.json: %s %v", run, err)
	}
	info, err := os.Stat(filepath.Join(p.Dir, "run.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("run.json: %v %v", info, err)
	}
	p.stop()
	if _, err := os.Stat(filepath.Join(p.Dir, "run.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("run.json after the end: %v", err)
	}
}

func TestACopyWithoutAWindowCannotBeRaised(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	answer, err := http.Post(p.URL+"/api/instance/raise", "application/json", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode < 400 {
		t.Errorf("without a secret: %s", answer.Status)
	}
}
