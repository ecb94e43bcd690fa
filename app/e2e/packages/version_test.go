package packages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A version comes from git and FyneApp.toml alone.
func TestVersionFromGit(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	environment := []string{
		"GIT_AUTHOR_DATE=2026-03-01T12:00:00+02:00", "GIT_COMMITTER_DATE=2026-03-01T12:00:00+02:00", "GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b.invalid", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b.invalid",
		"GIT_CEILING_DIRECTORIES=" + filepath.Dir(folder),
	}
	git := func(args ...string) { t.Helper(); command(t, folder, environment, "git", args...) }
	says := func(word, want string) {
		t.Helper()
		got := strings.TrimSpace(command(t, folder, environment, ".ci/version", word))
		if !regexp.MustCompile("^" + want + "$").MatchString(got) {
			t.Errorf(".ci/version %s prints %q, not %s", word, got, want)
		}
	}
	write(".ci/version", read(t, filepath.Join(source, ".ci/version")))
	write("FyneApp.toml", "Version = \"1.3.0\"\n")

	says("version", `1\.3\.0-dev`)
	says("commit", "")
	says("epoch", "0")
	says("windows", `1\.3\.0\.0`)

	git("init", "-q")
	git("add", "-A")
	git("commit", "-q", "-m", "first")
	says("version", `1\.3\.0-dev\.1\+g[0-9a-f]{10}`)
	says("commit", "[0-9a-f]{40}")
	says("date", "2026-03-01T10:00:00Z")
	says("epoch", "1772359200")
	says("windows", `1\.3\.0\.1`)
	says("ldflags", `-X main.version=1\.3\.0-dev\.1\+g\w+ -X main.commit=\w+ -X main.date=2026-03-01T10:00:00Z`)

	git("tag", "v1.3.0")
	says("version", `1\.3\.0`)
	says("check", "")

	write("FyneApp.toml", "Version = \"1.4.0\"\n")
	says("version", `1\.4\.0-dev\.1\+g[0-9a-f]{10}\.changed`)
	git("commit", "-q", "-am", "second")
	says("version", `1\.4\.0-dev\.2\+g[0-9a-f]{10}`)
	git("tag", "v1.3.1") // a tag that FyneApp.toml does not know is no release
	for _, args := range []string{"check", "nonsense"} {
		if refused(t, folder, environment, args) {
			continue
		}
		t.Errorf(".ci/version %s succeeds", args)
	}
	write("FyneApp.toml", "Version = \"soon\"\n")
	if !refused(t, folder, environment, "version") {
		t.Error("FyneApp.toml may say anything")
	}
}
