package ui

import (
	"os"
	"strings"
	"testing"

	"cuewire/app/i18n"
	"cuewire/assets"
)

// docs/window.md has the sheet of keys, and nothing else.
func TestTheManualHasTheSheetOfKeys(t *testing.T) {
	text, err := os.ReadFile("../../docs/window.md")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		t.Fatal(err)
	}
	words := catalogue.In("en")
	_, after, _ := strings.Cut(string(text), "| key | what it does |\n|---|---|\n")
	table, _, found := strings.Cut(after, "\n\n")
	if !found {
		t.Fatal("there is no table of keys")
	}
	lines := strings.Split(table, "\n")
	if len(lines) != len(keySheet) {
		t.Fatalf("the table has %d keys, the sheet %d", len(lines), len(keySheet))
	}
	for i, entry := range keySheet {
		if want := "| " + words.T(entry[0], nil) + " | " + words.T(entry[1], nil) + " |"; lines[i] != want {
			t.Errorf("row %d is %q, want %q", i+1, lines[i], want)
		}
	}
}

func TestKeysAreNamedAsOnTheSystemsKeyboards(t *testing.T) {
	for _, test := range []struct{ name, system, want string }{
		{"Ctrl Shift Z", "linux", "Ctrl Shift Z"},
		{"Ctrl Shift Z", "darwin", "⌘ ⇧ Z"},
		{"Ctrl Alt P, N, B", "darwin", "⌃ ⌥ P, N, B"},
	} {
		if got := keyName(test.name, test.system); got != test.want {
			t.Errorf("%s on %s is %s, want %s", test.name, test.system, got, test.want)
		}
	}
}
