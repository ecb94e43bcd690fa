package e2e

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cuewire/assets"
)

// TestPagesTypeCheck has the TypeScript compiler check the pages' scripts by the
// types in their comments. It needs Node and npm; without them it is skipped,
// unless CI is set.
func TestPagesTypeCheck(t *testing.T) {
	needNode(t, "typescript")
	text, err := exec.Command("node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json", "--listFiles").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if !strings.Contains(string(text), "assets/web/cuewire.js") {
		t.Errorf("the pages were not checked:\n%s", text)
	}
}

// TestPagesHaveTheirTexts compares the texts that the pages ask for with those
// that there are, in each language.
func TestPagesHaveTheirTexts(t *testing.T) {
	literal := regexp.MustCompile("[\"'`]((?:pages|desk|composer)\\.[\\w.]*\\w)") // quoted: a script's variables have such names too
	prefix := regexp.MustCompile(`\b((?:pages|desk|composer)\.[\w.]*\.)\$\{`)
	asked := map[string]string{} // key → file
	var prefixes []string
	err := fs.WalkDir(assets.Web(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !(strings.HasSuffix(path, ".js") || strings.HasSuffix(path, ".html")) {
			return err
		}
		content, err := fs.ReadFile(assets.Web(), path)
		if err != nil {
			return err
		}
		for _, found := range prefix.FindAllSubmatch(content, -1) {
			prefixes = append(prefixes, string(found[1]))
		}
		for _, found := range literal.FindAllSubmatch(prefix.ReplaceAll(content, nil), -1) {
			asked[string(found[1])] = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]any
	for _, lang := range []string{"en", "pt-BR"} {
		texts := map[string]any{}
		for _, area := range []string{"pages.", "desk.", "composer."} {
			content, err := fs.ReadFile(assets.I18n(), area+lang+".json")
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(content, &texts); err != nil { // adds to what is there
				t.Fatal(err)
			}
		}
		if lang == "en" {
			english = texts
		}
		for key, path := range asked {
			if key != "pages.md" && texts[key] == nil {
				t.Errorf("%s asks for %s, which has no text in %s", path, key, lang)
			}
		}
		for key := range texts {
			used := asked[key] != "" || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) })
			if !used {
				t.Errorf("%s has %s, which no page asks for", lang, key)
			}
			if english[key] == nil {
				t.Errorf("%s has %s, English has not", lang, key)
			}
		}
		if len(texts) != len(english) {
			t.Errorf("%d texts in %s, %d in English", len(texts), lang, len(english))
		}
	}
}

// TestPagesHaveTheIcon compares the pages' icon with the one that packages take.
func TestPagesHaveTheIcon(t *testing.T) {
	ours, err := os.ReadFile("../../assets/icon.svg")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := fs.ReadFile(assets.Web(), "icon.svg")
	if err != nil {
		t.Fatal(err)
	}
	if string(ours) != string(theirs) {
		t.Error("assets/icon.svg and assets/web/icon.svg differ")
	}
}
