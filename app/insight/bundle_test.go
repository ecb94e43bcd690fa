package insight

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

// Nothing of this may be in a support file.
var secrets = map[string]string{
	"an app's key":         "zebra0key0zebra0",
	"an app's secret":      "zebra-app-secret",
	"a known password":     "zebra known pass/word",
	"a password in a log":  "zebra-log-password",
	"a token in a log":     "zebra-log-token",
	"a query in a log":     "zebra-log-query",
	"a webhook's address":  "zebra-webhook",
	"a source's address":   "zebra-source-address",
	"a source's style":     "zebra-style",
	"a source's name":      "zebra-source-name",
	"a room's name":        "zebra-room",
	"a timer's notes":      "zebra-notes",
	"a message":            "zebra-message",
	"a question":           "zebra-question",
	"a device's name":      "zebra-device",
	"a token's id":         "zebra-token-id",
	"a client's name":      "zebra-client",
	"a client's address":   "203.0.113.77",
	"a page's query":       "zebra-page-query",
	"a room's code":        "ZEBRA2",
	"a scene's name":       "zebra-scene",
	"a profile of OBS":     "zebra-profile",
	"where OBS is":         "203.0.113.78",
	"a password in a flag": "zebra-flag-password",
	"a secret in a crash":  "zebra-crash-secret",
	"a quick timer":        "zebra-quick",
	"a channel":            "zebra-channel",
	"a preset":             "zebra-preset",
	"a maintenance's text": "zebra-maintenance",
	"in metrics":           "zebra known pass/word",
}

func secretSnapshot() *app.Snapshot {
	title := secrets["a quick timer"]
	return &app.Snapshot{
		At: app.InstantOf(time.Now()),
		Rooms: []*app.RoomState{{
			Room:      &app.Room{Name: secrets["a room's name"], ShortCode: secrets["a room's code"], TimeZone: "America/Sao_Paulo"},
			Timers:    []*app.Timer{{Name: secrets["a room's name"], Notes: secrets["a timer's notes"]}},
			Messages:  []*app.Message{{Text: secrets["a message"]}},
			Questions: []*app.Question{{Text: secrets["a question"]}},
		}},
		OBS: app.OBSState{
			Phase: app.OBSConnected, Host: secrets["where OBS is"], Scenes: []app.OBSScene{{Name: secrets["a scene's name"]}}, CurrentScene: secrets["a scene's name"],
			Profile: secrets["a profile of OBS"], Profiles: []string{secrets["a profile of OBS"]}, OBSVersion: "31.0.2",
		},
		Clients: []*app.Client{{
			ID: "1", Name: secrets["a client's name"], Address: secrets["a client's address"], Role: app.Viewer,
			Page: "/r/" + secrets["a room's code"] + "/viewer?x=" + secrets["a page's query"], URL: "http://h/?" + secrets["a page's query"],
		}},
		Presets: []*app.Preset{{Name: secrets["a preset"]}},
		Sources: app.SourcesState{
			List: []*app.Source{
				{Name: secrets["a source's name"], URL: "https://ana:b@example.com/" + secrets["a source's address"] + "?x=1", CSS: secrets["a source's style"]},
				{Name: "x", URL: "/overlay/timer?room=" + secrets["a room's code"]},
				{Name: "y", URL: "file:///home/ana/" + secrets["a source's address"]},
			},
			Scenes: map[string][]*app.SceneSource{secrets["a scene's name"]: {{}}},
		},
		Maintenance: app.Maintenance{Enabled: true, Message: secrets["a maintenance's text"]},
		Apps:        []*app.BroadcastApp{{ID: "123456", Name: secrets["a device's name"], Key: secrets["an app's key"], Secret: secrets["an app's secret"]}},
		Channels:    app.ChannelsState{"123456": {secrets["a channel"]: {}}},
		QuickTimers: []*app.QuickTimer{{Title: &title, Status: app.QuickRunning}},
		Tokens:      []*app.Token{{ID: secrets["a token's id"], Name: secrets["a device's name"], Subject: secrets["a device's name"], Role: app.Operator}},
		System:      app.System{Status: app.Degraded, Reason: "it said " + secrets["an app's secret"]},
	}
}

// unpack returns the files of a bundle.
func unpack(t *testing.T, b *Bundle) map[string]string {
	t.Helper()
	var text bytes.Buffer
	if err := b.WriteBundle(t.Context(), &text); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(text.Bytes()), int64(text.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

func TestTheBundleHoldsNoSecrets(t *testing.T) {
	dir := t.TempDir()
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	log := NewLog(io.Discard, slog.LevelInfo)
	log.Hide(secrets["a known password"])
	log.Logger("server").Error("request failed", "password", secrets["a password in a log"], "err", errors.New(
		`Post "https://example.com/`+`hook?`+secrets["a query in a log"]+`": Authorization: Bearer `+secrets["a token in a log"],
	), "file", filepath.Join(home, "show.csv"))
	log.Logger("server").Info("app " + secrets["an app's key"] + " and " + secrets["a known password"])
	crashes := OpenCrashes(dir, log.Redactor)
	if err := os.Mkdir(crashes.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := crashes.Recovered("server", "token="+secrets["a secret in a crash"], []byte("goroutine 1\n"+home+"/x.go")); err != nil {
		t.Fatal(err)
	}
	bundle := &Bundle{
		Version: "1.2.3", Args: []string{"--obs", "obsws://10.0.0.9:4455/" + secrets["a password in a flag"]}, Started: time.Now(), Log: log, Crashes: crashes,
		Machine: func() app.Machine { return app.Machine{System: "Debian 12"} }, Snapshot: secretSnapshot,
		Metrics: func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "cuewire_rooms 1\n# %s\n", secrets["a known password"])
			return err
		},
		Database: func(context.Context) (app.DatabaseHealth, error) {
			return app.DatabaseHealth{File: filepath.Join(home, "cuewire.db"), Integrity: []string{"ok"}}, errors.New("password=" + secrets["a password in a log"])
		},
	}
	files := unpack(t, bundle)
	for name, text := range files {
		for what, secret := range secrets {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%s holds %s:\n%s", name, what, text)
			}
		}
		if strings.Contains(text, "zebra") {
			t.Errorf("%s holds a zebra", name)
		}
		if strings.Contains(text, home+"/") {
			t.Errorf("%s tells whose home it is", name)
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(text)) {
			t.Errorf("%s is not JSON", name)
		}
	}
	for name, want := range map[string]string{
		"version.json": `"cuewire": "1.2.3"`, "settings.json": `"viewingOpen"`, "state.json": `"room": "room 1"`, "obs.json": `"version": "31.0.2"`,
		"metrics.txt": "cuewire_rooms 1", "goroutines.txt": "goroutine profile", "database.json": `"ok"`, "log.jsonl": "request failed", "problems.txt": "database.json",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("no %s in %s:\n%s", want, name, files[name])
		}
	}
	// README.txt tells of every file, and of no other.
	for name := range files {
		if strings.HasPrefix(name, "crashes/") {
			name = "crashes/"
		}
		if name != "README.txt" && strings.Count(files["README.txt"], "\n  "+name) != 2 {
			t.Errorf("README.txt does not tell of %s in both languages", name)
		}
	}
	for line := range strings.Lines(files["log.jsonl"]) {
		if !json.Valid([]byte(line)) {
			t.Errorf("a line of the log is not JSON: %s", line)
		}
	}
}

// A bundle is made whatever is broken, and tells what.
func TestTheBundleTellsWhatItCouldNotFindOut(t *testing.T) {
	files := unpack(t, &Bundle{
		Log: NewLog(io.Discard, slog.LevelInfo), Crashes: OpenCrashes(t.TempDir(), nil), Problem: errors.New("the folder is on fire"),
		Metrics:  func(io.Writer) error { panic("no figures") },
		Database: func(context.Context) (app.DatabaseHealth, error) { return app.DatabaseHealth{}, errors.New("damaged") },
	})
	for _, want := range []string{"the data folder: the folder is on fire", "metrics.txt: it failed: no figures", "database.json: damaged"} {
		if !strings.Contains(files["problems.txt"], want) {
			t.Errorf("no %q in %q", want, files["problems.txt"])
		}
	}
	if slices.Contains([]string{files["goroutines.txt"], files["version.json"], files["README.txt"]}, "") {
		t.Error("something is missing")
	}
}

func TestADiskFullOfBundles(t *testing.T) {
	b := &Bundle{Log: NewLog(io.Discard, slog.LevelInfo)}
	if err := b.WriteBundle(t.Context(), full{}); err == nil {
		t.Error("nothing was wrong")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.WriteBundle(ctx, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
