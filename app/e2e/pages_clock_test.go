package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestPagesClockError runs the pages' own connection on simulated networks whose delays
// are as those measured on good Wi-Fi and by a power-saving tablet: 200 devices with clocks
// of their own on each, for three minutes, from two seconds after they connect.
func TestPagesClockError(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no Node: install the package nodejs")
		}
		t.Skip("no Node")
	}
	dir := t.TempDir()
	files := []string{"testdata/clock/main.mjs"}
	for _, name := range []string{"link", "clock", "emitter", "frames"} { // as modules, whatever Node takes .js for
		files = append(files, "../../assets/web/lib/"+name+".js")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type":"module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(node, "main.mjs")
	run.Dir, run.Stderr = dir, os.Stderr
	output, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	var seen map[string]struct{ Single, Error, Early, Within float64 }
	if err := json.Unmarshal(output, &seen); err != nil {
		t.Fatal(err)
	}
	for network, want := range map[string]struct{ single, most float64 }{"good Wi-Fi": {13, 2}, "power-saving tablet": {56, 6}} {
		got := seen[network]
		t.Logf("%s: p99 %.2f ms, %.2f ms in the first ten seconds; of single pings %.2f ms", network, got.Error, got.Early, got.Single)
		if got.Single < 0.9*want.single || got.Single > 1.1*want.single {
			t.Errorf("%s: this is another network: single pings' p99 is %.1f ms, measured was %.0f", network, got.Single, want.single)
		}
		if got.Error > want.most || got.Early > want.most {
			t.Errorf("%s: off by %.2f ms, %.2f ms in the first ten seconds, may be by %.0f", network, got.Error, got.Early, want.most)
		}
		if got.Within < 0.999 {
			t.Errorf("%s: %.2f %% of the errors are within what the clock says", network, 100*got.Within)
		}
	}
}
