package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// body returns what a GET of the program answers.
func (p *program) body(path string) string {
	p.t.Helper()
	answer, err := http.Get(p.URL + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("GET %s: %s %v", path, answer.Status, err)
	}
	return string(text)
}

// unzipped returns all files of an archive as one text, each after its name.
func unzipped(t *testing.T, text []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString("\n== " + f.Name + "\n")
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// TestACrashIsToldAndKept crashes a real Cuewire: the next one tells of it once, in
// the log and in the support file.
func TestACrashIsToldAndKept(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--obs", "obsws://127.0.0.1:9/zebra-obs-password")
	if err := p.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	if _, _, errOut := outcome(t, "support", filepath.Join(t.TempDir(), "x.zip"), "--data-dir", dir); errOut != "" {
		t.Errorf("after a crash the support file says %q", errOut)
	}
	p = start(t, dir, "--no-obs")
	const told = "Cuewire ended by a fault in an earlier run"
	var log struct {
		Logs []struct{ Level, Message string }
	}
	p.get("/api/system/logs?level=warn", &log)
	if len(log.Logs) == 0 || log.Logs[len(log.Logs)-1].Message != told+"; there is a report of it" {
		t.Errorf("the log says %+v", log.Logs)
	}
	bundle := unzipped(t, []byte(p.body("/api/system/support")))
	for _, want := range []string{"== crashes/crash-2", "SIGQUIT: quit", "main.(*program).withoutWindow", "== log.jsonl", told} {
		if !strings.Contains(bundle, want) {
			t.Errorf("the support file does not hold %q", want)
		}
	}
	p.stop()
	reports, err := filepath.Glob(filepath.Join(dir, "crashes", "*"))
	if err != nil || len(reports) != 1 {
		t.Fatalf("got %v %v", reports, err)
	}
	if info, err := os.Stat(reports[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	again := start(t, dir, "--no-obs")
	again.stop()
	if strings.Contains(again.errOut.String(), told) {
		t.Errorf("it is told again: %s", again.errOut)
	}
}

// TestNoSecretLeavesByTheSupportFile plants secrets in a running Cuewire by all the
// ways that it takes them, and looks for them in all that it keeps and hands out.
func TestNoSecretLeavesByTheSupportFile(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--obs", "obsws://127.0.0.1:9/zebra-obs-password", "--log-level", "debug", "--dev")
	app := p.call("POST", "/api/v1/apps", `{"name":"zebra-app"}`)
	token := p.call("POST", "/api/tokens", `{"sub":"zebra-subject","role":"admin","ttl":3600,"name":"zebra-device"}`)
	p.call("POST", "/api/sources", `{"name":"zebra-source","url":"https://ana:zebra-user@example.com/zebra-path?k=zebra-query","width":100,"height":100}`)
	p.call("POST", "/api/v1/rooms", `{"name":"zebra-room"}`)
	for _, path := range []string{"/api/health?token=zebra-in-query", "/app/zebra0key0zebra0key", "/r/ABC234/viewer?x=zebra-page"} {
		request, err := http.NewRequest(http.MethodGet, p.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer zebra-bad-token")
		request.Header.Set("Cookie", "cuewire_token=zebra-cookie")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	var running struct{ Secret string }
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err == nil {
		err = json.Unmarshal(text, &running)
	}
	if err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(filepath.Join(dir, "token-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	planted := []string{
		"zebra", app["key"].(string), app["secret"].(string), token["token"].(string), token["id"].(string), running.Secret,
		strings.Split(string(key), "\n")[1],
	}
	file := filepath.Join(t.TempDir(), "support.zip")
	if code, out, errOut := outcome(t, "support", file, "--data-dir", dir); code != 0 || !strings.Contains(out, file) {
		t.Fatalf("exit %d, %q and %q", code, out, errOut)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if code, _, errOut := outcome(t, "support", file, "--data-dir", dir); code != 1 || !strings.Contains(errOut, "could not be written") {
		t.Errorf("over a file that is there: exit %d, %q", code, errOut)
	}
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{
		"the file of the command": unzipped(t, archive), "the file over REST": unzipped(t, []byte(p.body("/api/system/support"))),
		"the log over REST": p.body("/api/system/logs?limit=1000"), "the metrics": p.body("/metrics"), "the goroutines": p.body("/debug/pprof/goroutine?debug=2"),
	}
	p.stop()
	seen["the terminal"] = p.errOut.String()
	if text, err := os.ReadFile(filepath.Join(dir, "logs", "cuewire.log")); err != nil || len(text) == 0 {
		t.Errorf("the log file: %v", err)
	} else {
		seen["the log file"] = string(text)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := outcome(t, "support", file, "--data-dir", dir); code != 0 {
		t.Fatalf("without a running copy: %q", errOut)
	}
	if archive, err = os.ReadFile(file); err != nil {
		t.Fatal(err)
	}
	seen["the file without a running copy"] = unzipped(t, archive)
	for what, text := range seen {
		for _, secret := range planted {
			if strings.Contains(text, secret) {
				at := strings.Index(text, secret)
				t.Errorf("%s holds %q: …%s…", what, secret, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
	if figures := seen["the metrics"]; !regexp.MustCompile(`(?m)^cuewire_rooms 2$`).MatchString(figures) || !strings.Contains(figures, "process_resident_memory_bytes") {
		t.Errorf("the metrics are\n%s", figures)
	}
}

// TestSupportWithADamagedDatabase still makes a file, which says so.
func TestSupportWithADamagedDatabase(t *testing.T) {
	dir := t.TempDir()
	p := start(t, dir, "--no-obs")
	p.stop()
	if err := os.WriteFile(filepath.Join(dir, "cuewire.db"), bytes.Repeat([]byte("no database "), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "support.zip")
	if code, _, errOut := outcome(t, "support", file, "--data-dir", dir); code != 0 {
		t.Fatalf("exit %d, %q", code, errOut)
	}
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bundle := unzipped(t, archive); !strings.Contains(bundle, "== problems.txt\nthe data folder: ") || !strings.Contains(bundle, `"msg":"starting"`) {
		t.Errorf("got %s", bundle)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil || !slices.ContainsFunc(left, func(e os.DirEntry) bool { return e.Name() == "support.zip" }) || len(left) != 1 {
		t.Errorf("left %v %v", left, err)
	}
}
