package app_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Every module that go.mod requires directly has its reason and its licence in
// docs/dependencies.md, and nothing else has.
func TestEveryDependencyHasItsReason(t *testing.T) {
	content, err := os.ReadFile("../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	reasons := map[string][]string{} // by module, the other cells of its row
	for line := range strings.Lines(string(content)) {
		if name, rest, ok := strings.Cut(strings.TrimPrefix(line, "| `"), "` | "); ok {
			reasons[name] = strings.Split(strings.TrimSuffix(strings.TrimSpace(rest), " |"), " | ")
		}
	}
	show := exec.Command("go", "mod", "edit", "-json")
	show.Dir = ".."
	out, err := show.Output()
	if err != nil {
		t.Fatal(err)
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	direct := 0
	for _, require := range mod.Require {
		if require.Indirect {
			continue
		}
		direct++
		if cells := reasons[require.Path]; len(cells) != 3 || cells[0] == "" || cells[1] == "" || cells[2] == "" {
			t.Errorf("docs/dependencies.md has no row of four cells for %s", require.Path)
		}
		delete(reasons, require.Path)
	}
	for module := range reasons {
		t.Errorf("docs/dependencies.md speaks of %s, which go.mod does not require directly", module)
	}
	if direct < 5 {
		t.Errorf("go.mod requires %d modules directly: is that all?", direct)
	}
}
