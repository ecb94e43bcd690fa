package store

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"cuewire/assets"
)

// The English words are in the code for protocols and logs, and in the catalogue
// for people: they are the same, and every kind has them.
func TestFaultsHaveTheirWords(t *testing.T) {
	content, err := fs.ReadFile(assets.I18n(), "store.en.json")
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]string
	if err := json.Unmarshal(content, &texts); err != nil {
		t.Fatal(err)
	}
	kinds := []kind{unwritable, full, busy, failing, damaged, newer, badRow, migrating, shut, failed}
	for _, k := range kinds {
		if texts[k.key] != k.text {
			t.Errorf("%s: the catalogue says %q, the code %q", k.key, texts[k.key], k.text)
		}
		if !strings.Contains(k.text, "{{.File}}") && !strings.Contains(k.text, "{{.Folder}}") {
			t.Errorf("%s does not say where", k.key)
		}
	}
	if len(texts) != len(kinds) {
		t.Errorf("%d texts for %d kinds", len(texts), len(kinds))
	}
}
