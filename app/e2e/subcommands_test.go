package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const show = "Title,Speaker,Duration,Message at start\nDoors,,10:00,\nKeynote,Ana Souza,45:00,Welcome!\n"

// write makes a file and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCommandLineDuringAnAlert works beside a copy that is well but for an alert.
func TestCommandLineDuringAnAlert(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	p.call("PUT", "/api/performance/rules", `{"rules":[{"metric":"hostMemory","threshold":0.02,"clear":0.01,"severity":"critical"}]}`)
	eventually(t, "an alert", func() bool {
		answer, err := http.Get(p.URL + "/api/health")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusServiceUnavailable
	})
	status, out, errOut := outcome(t, "import", "--replace", write(t, "show.csv", show), "--data-dir", p.Dir)
	if status != 0 || !strings.Contains(out, "2 timers were imported") {
		t.Errorf("exit %d, printed %q and %q", status, out, errOut)
	}
}

// TestRundownsByCommandLine imports and exports beside a copy that runs and, with
// the same words and the same outcome, without one.
func TestRundownsByCommandLine(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	code := p.room()
	file := write(t, "show.csv", show)
	works := func(says string, args ...string) string {
		t.Helper()
		status, out, errOut := outcome(t, append(args, "--data-dir", p.Dir)...)
		if status != 0 || errOut != "" || !strings.Contains(out, says) {
			t.Fatalf("%v: exit %d, printed %q and %q", args, status, out, errOut)
		}
		return out
	}
	exported := func() map[string]string {
		t.Helper()
		got := map[string]string{}
		for _, name := range []string{"a.csv", "a.xlsx", "a.json", "a.html"} {
			to := filepath.Join(t.TempDir(), name)
			works("", "export", "--room", strings.ToLower(code), "-o", to)
			text, err := os.ReadFile(to)
			if err != nil || len(text) == 0 {
				t.Fatalf("%s: %v", name, err)
			}
			if name != "a.xlsx" { // there is a date in it
				got[name] = string(text)
			}
			if name != "a.html" {
				works("imported", "import", "--room", code, "--replace", to)
			}
		}
		got["standard output"] = works("Keynote", "export")
		return got
	}
	works("2 timers were imported into Main.", "import", "--replace", file)
	beside := exported()
	p.stop()
	alone := exported()
	for name, text := range beside {
		if alone[name] != text {
			t.Errorf("%s beside a running copy:\n%s\nand without:\n%s", name, text, alone[name])
		}
	}
	works("2 timers", "import", "--room", code, file) // behind the others
	again := start(t, p.Dir, "--no-obs")
	var rundown struct {
		Timers []struct {
			Name    string
			Message string `json:"message_start"`
		}
	}
	again.get("/api/v1/rooms/"+code+"/timers", &rundown)
	if len(rundown.Timers) != 4 || rundown.Timers[3].Name != "Keynote" || rundown.Timers[3].Message != "Welcome!" {
		t.Errorf("the next start has %+v", rundown)
	}
}

func TestSubcommandsSayWhatIsWrong(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	if status, text := p.post("/api/v1/rooms", "application/json", []byte(`{"name":"Side stage"}`)); status != http.StatusCreated {
		t.Fatal(status, text)
	}
	alone := start(t, t.TempDir(), "--no-obs")
	alone.stop()
	code := p.room()
	file := write(t, "show.csv", show)
	bad := write(t, "bad.csv", "Title,Duration\nFine,5:00\nBad,soon\n,1:00\n")
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	for name, test := range map[string]struct {
		lang string
		args []string
		exit int
		says []string
	}{
		"no file":            {"C", []string{"import", "--data-dir", p.Dir}, 2, []string{"Name the file", "cuewire import --help"}},
		"no file, português": {"pt_BR.UTF-8", []string{"import", "--data-dir", p.Dir}, 2, []string{"Indique o arquivo"}},
		"two files":          {"C", []string{"import", file, bad, "--data-dir", p.Dir}, 2, []string{bad}},
		"unknown flag":       {"C", []string{"export", "--rooms", "x"}, 2, []string{"--rooms"}},
		"unknown format":     {"C", []string{"export", "--format", "pdf"}, 2, []string{"CSV, XLSX, JSON"}},
		"format of the name": {"C", []string{"export", "-o", "a.pdf"}, 2, []string{"CSV, XLSX, JSON"}},
		"which room":         {"C", []string{"export", "--data-dir", p.Dir}, 2, []string{code, "Side stage"}},
		"no such room":       {"C", []string{"export", "--room", "NOROOM", "--data-dir", p.Dir}, 1, []string{"NOROOM", code}},
		"no such room alone": {"C", []string{"import", "--room", "NOROOM", "--data-dir", alone.Dir, file}, 1, []string{"NOROOM", "Main"}},
		"no data":            {"C", []string{"export", "--data-dir", nowhere}, 1, []string{nowhere, "--data-dir"}},
		"no data, português": {"pt_BR.UTF-8", []string{"export", "--data-dir", nowhere}, 1, []string{nowhere, "Não há nada"}},
		"no such file":       {"C", []string{"import", "--data-dir", p.Dir, nowhere}, 1, []string{nowhere, "no such file"}},
		"cannot write":       {"C", []string{"export", "--room", code, "--data-dir", p.Dir, "-o", filepath.Join(nowhere, "a.csv")}, 1, []string{nowhere, "no such file"}},
		"bad rows":           {"C", []string{"import", "--room", code, "--data-dir", p.Dir, bad}, 1, []string{"Row 3, column B (Duration): “soon”", "Row 4, column A", "Nothing was imported"}},
		"bad rows, alone":    {"pt_BR.UTF-8", []string{"import", "--data-dir", alone.Dir, bad}, 1, []string{"Linha 3, coluna B", "Nada foi importado"}},
	} {
		t.Run(name, func(t *testing.T) {
			exit, out, errOut := outcomeIn(t, test.lang, test.args...)
			if exit != test.exit || out != "" {
				t.Errorf("exit %d, printed %q and %q", exit, out, errOut)
			}
			for _, says := range test.says {
				if !strings.Contains(errOut, says) {
					t.Errorf("%q is missing in %q", says, errOut)
				}
			}
		})
	}
	if _, err := os.Stat(nowhere); err == nil {
		t.Error("a folder was made")
	}
	var rundown struct{ Timers []struct{} }
	p.get("/api/v1/rooms/"+code+"/timers", &rundown)
	if len(rundown.Timers) != 4 {
		t.Errorf("something was imported: %d timers", len(rundown.Timers))
	}
	if exit, out, _ := outcome(t, "export", "--help"); exit != 0 || !strings.Contains(out, "--format") {
		t.Errorf("help: exit %d, %q", exit, out)
	}
}

// A copy that has the folder and does not answer is waited for, then told of.
func TestASubcommandWaitsForTheFolder(t *testing.T) {
	p := start(t, t.TempDir(), "--no-obs")
	if err := os.Remove(filepath.Join(p.Dir, "run.json")); err != nil {
		t.Fatal(err)
	}
	if exit, out, errOut := outcome(t, "export", "--data-dir", p.Dir); exit != 1 || out != "" || !strings.Contains(errOut, "does not answer") {
		t.Errorf("exit %d, printed %q and %q", exit, out, errOut)
	}
}
