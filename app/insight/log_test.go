package insight

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"cuewire/app"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("gopkg.in/natefinch/lumberjack%2ev2.(*Logger).millRun")) // it never ends
}

func TestTheLogIsKeptAndRecalled(t *testing.T) {
	dir := t.TempDir()
	first := NewLog(new(bytes.Buffer), slog.LevelInfo)
	first.Logger("obs").Info("before there was a file")
	first.KeepIn(dir)
	first.Logger("obs").Warn("OBS is gone", "host", "127.0.0.1")
	first.Logger("").Debug("not asked for")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	first.Logger("").Info("after the end") // harms nobody

	path := filepath.Join(dir, LogFolder, logName)
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, append(read(t, path), "half a li"...), 0o600); err != nil { // as a crash leaves it
		t.Fatal(err)
	}
	second := NewLog(new(bytes.Buffer), slog.LevelInfo)
	second.Logger("server").Error("new")
	second.KeepIn(dir)
	defer second.Close()
	page := second.Logs(app.LogQuery{Limit: 10})
	if len(page.Logs) != 2 || page.Logs[0].Message != "new" || page.Logs[1].Message != "OBS is gone" || page.Total != 2 || page.HasMore {
		t.Fatalf("got %+v", page)
	}
	if old := page.Logs[1]; old.Level != "warn" || string(old.Context) != `{"host":"127.0.0.1","part":"obs"}` || time.Since(old.Timestamp) > time.Hour {
		t.Errorf("got %+v %s", old, old.Context)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestLogQueries(t *testing.T) {
	l := NewLog(new(bytes.Buffer), slog.LevelDebug)
	for i := range 10 {
		l.Logger("a").Debug(fmt.Sprint("debug ", i))
		l.Logger("b").Warn(fmt.Sprint("warn ", i))
	}
	between := time.Now()
	l.Logger("b").Error("last")
	l.Logger("b").Log(t.Context(), slog.LevelError+2, "worse")
	for _, test := range []struct {
		q     app.LogQuery
		first string
		n     int
		total int
		more  bool
	}{
		{app.LogQuery{Limit: 5}, "worse", 5, 22, true},
		{app.LogQuery{Limit: 5, Offset: 20}, "warn 0", 2, 22, false},
		{app.LogQuery{Limit: 5, Offset: 22}, "", 0, 22, false},
		{app.LogQuery{Limit: 100, Level: app.LogWarn}, "worse", 12, 12, false},
		{app.LogQuery{Limit: 100, Level: app.LogError}, "worse", 2, 2, false},
		{app.LogQuery{Limit: 100, Part: "a"}, "debug 9", 10, 10, false},
		{app.LogQuery{Limit: 100, Since: between.Truncate(time.Millisecond), Level: app.LogError}, "worse", 2, 2, false},
		{app.LogQuery{Limit: 100, Since: time.Now().Add(time.Hour)}, "", 0, 0, false},
	} {
		page := l.Logs(test.q)
		first := ""
		if len(page.Logs) > 0 {
			first = page.Logs[0].Message
		}
		if first != test.first || len(page.Logs) != test.n || page.Total != test.total || page.HasMore != test.more {
			t.Errorf("%+v: got %d lines of %d from %q, more %v", test.q, len(page.Logs), page.Total, first, page.HasMore)
		}
	}
}

func TestTheRingIsBounded(t *testing.T) {
	r := &ring{}
	for i := range 3 * ringLines {
		r.add(fmt.Appendf(nil, `{"time":"2026-01-01T00:00:00Z","level":"INFO","msg":"%d"}`+"\n", i))
	}
	if len(r.lines) != ringLines {
		t.Errorf("%d lines", len(r.lines))
	}
	for range 100 {
		r.add(bytes.Repeat([]byte("x"), ringBytes/10))
	}
	if r.size > ringBytes || len(r.lines) > 10 {
		t.Errorf("%d bytes in %d lines", r.size, len(r.lines))
	}
}

// A file that cannot be written is told once, and logging goes on.
func TestADiskThatFailsStopsNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, LogFolder), nil, 0o600); err != nil { // no folder can be made there
		t.Fatal(err)
	}
	var people safeBuffer
	l := NewLog(&people, slog.LevelInfo)
	l.KeepIn(dir)
	l.Logger("").Info("goes on")
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if text := people.String(); strings.Count(text, "cannot be written") != 1 || !strings.Contains(text, "goes on") {
		t.Errorf("told %s", text)
	}

	// The folder goes away, and something is in its place, while Cuewire runs.
	dir = t.TempDir()
	l = NewLog(&people, slog.LevelInfo)
	l.KeepIn(dir)
	folder := filepath.Join(dir, LogFolder)
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		l.Logger("").Info("still")
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if n := strings.Count(people.String(), "cannot be written"); n != 2 {
		t.Errorf("told %d times", n)
	}
	if page := l.Logs(app.LogQuery{Limit: 100}); page.Total != 50 {
		t.Errorf("%d lines are in memory", page.Total)
	}
}

// A file that can be written again says how much is missing.
func TestWhatWasLeftOutIsTold(t *testing.T) {
	dir := t.TempDir()
	l := NewLog(new(bytes.Buffer), slog.LevelInfo)
	l.KeepIn(dir)
	l.leftOut.Add(7)
	l.Logger("").Info("after it")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var told []map[string]any
	for line := range strings.Lines(string(read(t, filepath.Join(dir, LogFolder, logName)))) {
		var fields map[string]any
		if json.Unmarshal([]byte(line), &fields) == nil {
			told = append(told, fields)
		}
	}
	if len(told) != 2 || told[0]["lines"] != 7.0 || told[1]["msg"] != "after it" {
		t.Errorf("got %v", told)
	}
}

func TestTheFileIsRotated(t *testing.T) {
	dir := t.TempDir()
	l := NewLog(new(bytes.Buffer), slog.LevelInfo)
	l.KeepIn(dir)
	f := l.file.Load()
	line := []byte(`{"msg":"` + strings.Repeat("x", 64<<10) + "\"}\n")
	for range 3 * logSize << 20 / len(line) {
		f.lines <- line // waits for the disk, as add does not
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, LogFolder))
	if err != nil || len(entries) < 3 || len(entries) > logBackups+1 {
		t.Fatalf("%d files, %v", len(entries), err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Size() > logSize<<20 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v bytes, mode %v, %v", e.Name(), info.Size(), info.Mode(), err)
		}
	}
}

func TestManyLogAtOnce(t *testing.T) {
	l := NewLog(&safeBuffer{}, slog.LevelInfo)
	l.KeepIn(t.TempDir())
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 100 {
				l.Logger("x").Info("m", "i", i)
				if i%20 == 0 {
					l.Hide(fmt.Sprint("secret-", i))
					l.Logs(app.LogQuery{Limit: 1})
				}
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if page := l.Logs(app.LogQuery{}); page.Total != 800 {
		t.Errorf("%d lines", page.Total)
	}
}

// safeBuffer may be written from several goroutines.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
