package obsbridge

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"cuewire/app"
)

func TestInstancesAreRemembered(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	i := openInstances(dir, true, slog.Default())
	if got := i.list(); len(got) != 1 || got[0].ID != "" || !got[0].Active {
		t.Fatalf("at first: %+v", got)
	}
	studio, err := i.add(app.AddOBS{Name: "Studio", Host: "192.168.1.2", Password: "secret"})
	if err != nil || studio.Port != DefaultPort || studio.Active {
		t.Fatalf("added: %+v, %v", studio, err)
	}
	stage, err := i.add(app.AddOBS{Host: "stage.local", Port: 4456})
	if err != nil || stage.Name != "stage.local" {
		t.Fatalf("added: %+v, %v", stage, err)
	}
	again, err := i.add(app.AddOBS{Name: "Big studio", Host: "192.168.1.2", Password: "other"})
	if err != nil || again.ID != studio.ID || again.Name != "Big studio" {
		t.Fatalf("added again: %+v, %v", again, err)
	}
	if target, err := i.activate(studio.ID); err != nil || *target != (app.ConnectOBS{Host: "192.168.1.2", Port: 4455, Password: "other"}) {
		t.Fatalf("activated: %+v, %v", target, err)
	}

	i = openInstances(dir, true, slog.Default()) // Cuewire is started again
	if target := i.activeTarget(); target == nil || target.Password != "other" {
		t.Errorf("active after a restart: %+v", target)
	}
	if got := i.list(); len(got) != 3 || got[0].Active || !got[1].Active || got[1].Name != "Big studio" {
		t.Errorf("list after a restart: %+v", got)
	}
	for _, test := range []struct {
		err  error
		code app.Code
	}{
		{i.remove(studio.ID), app.CodeConflict},
		{i.remove("nobody"), app.CodeNotFound},
		{second(i.activate("nobody")), app.CodeNotFound},
		{second(i.add(app.AddOBS{Host: "a b"})), app.CodeInvalid},
		{second(i.add(app.AddOBS{Host: "h", Port: -1})), app.CodeInvalid},
		{second(i.add(app.AddOBS{Host: "h", Name: strings.Repeat("x", 256)})), app.CodeInvalid},
		{i.remove(stage.ID), ""},
	} {
		if app.CodeOf(test.err) != test.code {
			t.Errorf("got %v, want %s", test.err, test.code)
		}
	}

	if err := i.connected(nil); err != nil { // OBS on this computer
		t.Error(err)
	}
	if err := i.remove(studio.ID); err != nil {
		t.Errorf("remove what is not active any more: %v", err)
	}
	if err := i.connected(&app.ConnectOBS{Host: "10.0.0.9", Port: 1, Password: "p"}); err != nil {
		t.Error(err)
	}
	if target := openInstances(dir, true, slog.Default()).activeTarget(); target == nil || target.Host != "10.0.0.9" || target.Password != "p" {
		t.Errorf("what was connected to by hand: %+v", target)
	}

	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Errorf("files: %v, %v", files, err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file.Name(), info.Mode(), err)
		}
		text, _ := os.ReadFile(filepath.Join(dir, file.Name()))
		if strings.Contains(string(text), "secret") || strings.Contains(string(text), "other") {
			t.Errorf("%s still holds a password that was replaced or removed: %s", file.Name(), text)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestInstancesSurviveABrokenFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "obs.json"), `{"instances":[`)
	i := openInstances(dir, true, slog.New(slog.DiscardHandler))
	if i.activeTarget() != nil || len(i.list()) != 1 {
		t.Errorf("list: %+v", i.list())
	}
	write(t, filepath.Join(dir, "obs.json"), `{"active":"b","instances":[{"id":"a","host":"a b","port":1},{"id":"b","host":"b","port":99999}]}`)
	if i = openInstances(dir, true, slog.New(slog.DiscardHandler)); len(i.list()) != 1 || i.activeTarget() != nil {
		t.Errorf("list: %+v", i.list())
	}
}

func TestInstancesSayWhenTheyCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	i := openInstances(filepath.Join(file, "below"), true, slog.New(slog.DiscardHandler))
	_, err := i.add(app.AddOBS{Host: "studio"})
	e, ok := errors.AsType[*app.Error](err)
	if !ok || e.Key != "obs.instance.notKept" {
		t.Errorf("got %v", err)
	}
}

func TestSecretsGoToTheKeyring(t *testing.T) {
	dir := t.TempDir()
	keyring.MockInit()
	s := openSecrets(dir, false)
	if err := s.set("a", "one"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.file); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the password is in a file too")
	}
	if got, err := s.get("a"); err != nil || got != "one" {
		t.Errorf("got %q, %v", got, err)
	}

	// A computer whose keyring has gone keeps working with the file,
	keyring.MockInitWithError(errors.New("no keyring"))
	if got, err := s.get("a"); err != nil || got != "" {
		t.Errorf("without a keyring: %q, %v", got, err)
	}
	if err := s.set("a", "two"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(s.file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	if got, err := openSecrets(dir, false).get("a"); err != nil || got != "two" {
		t.Errorf("from the file: %q, %v", got, err)
	}

	// and goes back to the keyring with the next password.
	keyring.MockInit()
	if err := s.set("a", "three"); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(s.file); strings.Contains(string(text), "two") {
		t.Errorf("the file still holds the old password: %s", text)
	}
	if got, _ := s.get("a"); got != "three" {
		t.Errorf("got %q", got)
	}
	if err := s.set("a", ""); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.get("a"); got != "" {
		t.Errorf("a forgotten password: %q", got)
	}
}
