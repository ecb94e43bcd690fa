package app_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// houseRules says who may import whom of our own packages; docs/architecture.md
// says why. A row holds for the package and the packages below it that have no row
// of their own, and those may import each other. Tests may import what they like.
var houseRules = []struct {
	pkg string
	may string
}{
	{"main", "everything"},
	{"app", "standard library"},
	{"app/i18n", ""},
	{"app/alarm", "app"},
	{"app/timing", "app"},
	{"app/engine", "app, app/alarm, app/timing, app/hub"},
	{"app/hub", "standard library"},
	{"app/insight", "app"},
	{"app/store", "app"},
	{"app/automation", "app"},
	{"app/interchange", "app"},
	{"app/ui", "app, app/i18n, assets"},
	{"obsbridge", "app, app/alarm"},
	{"wsserver", "app, app/alarm, app/i18n, wsserver/auth"},
	{"wsserver/auth", "app"},
	{"wsserver/sourcesaver", "app"},
	{"wsserver/palcotimer", "app"},
	{"wsserver/timerapi", "app"},
	{"wsserver/broadcastt", "app"},
	{"metrics", "app, app/alarm"},
	{"assets", "standard library"},
}

// soleImporters are packages that a single one of ours may import, with all that
// is below them.
var soleImporters = map[string]string{
	"github.com/andreykaipov/goobs": "obsbridge",
	"fyne.io/fyne/v2/app":           "main",
}

// alsoFyne may import Fyne, all but its app package.
const alsoFyne = "app/ui"

const module = "cuewire"

// platforms are the builds that the rules hold for.
var platforms = []struct{ goos, tags string }{
	{"linux", ""},
	{"linux", "headless"},
	{"windows", ""},
	{"darwin", ""},
}

type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	CgoFiles   []string
	Error      *struct{ Err string }
}

// list returns what `go list` says at the root of the module.
func list(t *testing.T, env []string, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Standard,Imports,CgoFiles,Error"}, args...)...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestHouseRules(t *testing.T) {
	for _, platform := range platforms {
		t.Run(strings.TrimSpace(platform.goos+" "+platform.tags), func(t *testing.T) {
			packages := list(t, []string{"GOOS=" + platform.goos}, "-tags", platform.tags, "./...")
			if len(packages) < 10 {
				t.Fatalf("go list found %d packages", len(packages))
			}
			for _, p := range packages {
				for _, imported := range p.Imports {
					if err := mayImport(ours(p.ImportPath), imported); err != nil {
						t.Errorf("%s imports %s: %v", p.ImportPath, imported, err)
					}
				}
			}
		})
	}
}

// The rules have teeth: each of these breaks one of them.
func TestHouseRulesRefuse(t *testing.T) {
	for _, test := range []struct{ pkg, imported string }{
		{"app", "cuewire/app/hub"},
		{"app", "github.com/google/uuid"},
		{"app/hub", "cuewire/app"},
		{"app/i18n", "cuewire/assets"},
		{"app/engine", "cuewire/app/store"},
		{"app/store", "cuewire/metrics"},
		{"app/ui", "cuewire/app/engine"},
		{"app/ui", "fyne.io/fyne/v2/app"},
		{"app/ui/present", "cuewire/obsbridge"},
		{"obsbridge", "fyne.io/fyne/v2"},
		{"wsserver", "cuewire/wsserver/sourcesaver"},
		{"wsserver/palcotimer", "cuewire/wsserver/auth"},
		{"wsserver", "github.com/andreykaipov/goobs/api/events"},
		{"unheardof", "cuewire/app"},
	} {
		if mayImport(test.pkg, test.imported) == nil {
			t.Errorf("%s may import %s", test.pkg, test.imported)
		}
	}
	for _, test := range []struct{ pkg, imported string }{
		{"main", "cuewire/app/ui"},
		{"main", "fyne.io/fyne/v2/app"},
		{"app", "time"},
		{"app/ui", "cuewire/app/ui/present"},
		{"app/ui/present", "cuewire/app"},
		{"app/ui", "fyne.io/fyne/v2/widget"},
		{"obsbridge/obstest", "cuewire/obsbridge"},
		{"obsbridge", "github.com/andreykaipov/goobs/api/events"},
	} {
		if err := mayImport(test.pkg, test.imported); err != nil {
			t.Errorf("%s may not import %s: %v", test.pkg, test.imported, err)
		}
	}
}

// mayImport returns which rule forbids our package to import another, or nil.
func mayImport(pkg, imported string) error {
	may, row := rule(pkg)
	if row == "" {
		return errors.New("the package is not in the table of the house")
	}
	for path, sole := range soleImporters {
		if within(imported, path) && row != sole {
			return fmt.Errorf("only %s may", sole)
		}
	}
	switch {
	case may == "everything":
		return nil
	case within(imported, module):
		_, importedRow := rule(ours(imported))
		if importedRow != row && !slices.Contains(strings.Split(may, ", "), importedRow) {
			return fmt.Errorf("it may import: %s", may)
		}
	case may == "standard library" && strings.Contains(strings.Split(imported, "/")[0], "."):
		return errors.New("it may import the standard library alone")
	case within(imported, "fyne.io") && row != alsoFyne:
		return fmt.Errorf("only %s and main may", alsoFyne)
	}
	return nil
}

// rule returns the row that a package of ours falls under, "" for none.
func rule(pkg string) (may, row string) {
	for _, r := range houseRules {
		if within(pkg, r.pkg) && len(r.pkg) > len(row) && !(r.pkg == "app" && pkg != "app") {
			may, row = r.may, r.pkg
		}
	}
	return may, row
}

// ours returns a package's name in the table.
func ours(path string) string {
	if path == module {
		return "main"
	}
	return strings.TrimPrefix(path, module+"/")
}

// within reports whether a package is the one at path or below it.
func within(pkg, path string) bool { return pkg == path || strings.HasPrefix(pkg, path+"/") }

// headlessSize is the most bytes that the headless program may have, for Linux on amd64.
const headlessSize = 25_000_000

// The headless build is one static file, and small: nothing of Fyne and no cgo, and
// nothing that keeps the linker from leaving out what is never called.
func TestHeadlessBuild(t *testing.T) {
	for _, goos := range []string{"linux", "windows", "darwin"} {
		for _, p := range list(t, []string{"GOOS=" + goos, "CGO_ENABLED=0"}, "-deps", "-tags", "headless", ".") {
			if within(p.ImportPath, "fyne.io") || strings.Contains(p.ImportPath, "go-gl/") {
				t.Errorf("%s: the headless build has %s in it", goos, p.ImportPath)
			}
			if len(p.CgoFiles) != 0 || p.Error != nil {
				t.Errorf("%s: %s: cgo %v, %v", goos, p.ImportPath, p.CgoFiles, p.Error)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "cuewire")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "headless", "-ldflags", "-s -w -dumpdep", "-o", file, ".")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	out, err := build.CombinedOutput()
	reflecting := map[string]bool{}
	var said []string
	for line := range strings.Lines(string(out)) {
		from, to, linked := strings.Cut(strings.TrimSpace(line), " -> ")
		if !linked {
			said = append(said, line)
		}
		for _, symbol := range []string{from, to} {
			if name, marks, _ := strings.Cut(symbol, " <"); strings.Contains(marks, "ReflectMethod>") {
				reflecting[name] = true
			}
		}
	}
	if err != nil {
		t.Fatalf("build: %v\n%s", err, strings.Join(said, ""))
	}
	for name := range reflecting {
		t.Errorf("%s finds methods by name or number, so that every exported method of the program stays in it, 2 MB and more: leave out what calls it", name)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.2f MB", float64(info.Size())/1e6)
	if info.Size() > headlessSize {
		t.Errorf("the headless program has %d bytes, %d are the most: go tool nm -size -sort size says of a build without -ldflags what they are", info.Size(), headlessSize)
	}
}
