package insight

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

func watch(t *testing.T, dir string) (*Crashes, []app.CrashReport) {
	t.Helper()
	c, untold, err := WatchCrashes(dir, "1.2.3", &Redactor{})
	if err != nil {
		t.Fatal(err)
	}
	return c, untold
}

// fatal is what the runtime writes when Cuewire ends by a fault.
func fatal(t *testing.T, c *Crashes, text string) {
	t.Helper()
	f, err := os.OpenFile(c.path(crashRunning), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCrashesAreToldOnce(t *testing.T) {
	dir := t.TempDir()
	t.Cleanup(func() { _ = debug.SetCrashOutput(nil, debug.CrashOptions{}) })
	c, untold := watch(t, dir)
	if len(untold) != 0 {
		t.Fatalf("told %v at the first start", untold)
	}
	fatal(t, c, "panic: password="+planted+"\n\ngoroutine 1 [running]:\n")
	if err := c.Recovered("server", "out of cheese", debug.Stack()); err != nil {
		t.Fatal(err)
	}
	c, untold = watch(t, dir) // the one before was killed
	if len(untold) != 2 {
		t.Fatalf("told %v", untold)
	}
	both := string(read(t, untold[0].File)) + string(read(t, untold[1].File))
	for _, want := range []string{"Cuewire 1.2.3", "in the part server", "out of cheese", "TestCrashesAreToldOnce", "goroutine 1 [running]", "password=" + Hidden, "ended 20"} {
		if !strings.Contains(both, want) {
			t.Errorf("no %q in the reports:\n%s", want, both)
		}
	}
	if strings.Contains(both, planted) {
		t.Errorf("a secret is in the reports:\n%s", both)
	}
	if age := time.Since(untold[0].At); age < 0 || age > time.Hour {
		t.Errorf("it ended %v ago", age)
	}
	if _, untold = watch(t, dir); len(untold) != 0 { // killed, not crashed
		t.Errorf("told %v again", untold)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, CrashFolder, crashRunning)); !os.IsNotExist(err) {
		t.Errorf("a clean end leaves %v", err)
	}
	names, texts, err := c.Reports()
	if err != nil || len(names) != 2 || len(texts) != 2 || !strings.HasSuffix(names[0], ".txt") {
		t.Errorf("got %v %v", names, err)
	}
}

func TestReportsAreBounded(t *testing.T) {
	dir := t.TempDir()
	t.Cleanup(func() { _ = debug.SetCrashOutput(nil, debug.CrashOptions{}) })
	c, _ := watch(t, dir)
	for i := range crashKept + 5 {
		if err := c.keep(time.Unix(int64(i), 0), "head", strings.Repeat("x", 2*crashSize)); err != nil {
			t.Fatal(err)
		}
	}
	_, untold := watch(t, dir)
	if len(untold) != crashKept {
		t.Fatalf("%d are left", len(untold))
	}
	if info, err := os.Stat(untold[0].File); err != nil || info.Size() > crashSize+1000 || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v %v", info, err)
	}
	if want := time.Unix(5, 0); !untold[0].At.Equal(want) {
		t.Errorf("the oldest is of %v", untold[0].At)
	}
}

func TestNoFolderForReports(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, CrashFolder), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, _, err := WatchCrashes(dir, "1", &Redactor{})
	if err == nil || c == nil {
		t.Fatal(c, err)
	}
	if err := c.Recovered("x", 1, nil); err == nil {
		t.Error("it was kept somewhere")
	}
	_ = c.Close()
}
