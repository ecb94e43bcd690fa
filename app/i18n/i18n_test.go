package i18n_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/assets"
)

var argument = regexp.MustCompile(`\{\{\.[A-Za-z]+\}\}`)

func TestEveryTextExistsInEveryLanguage(t *testing.T) {
	keys := map[string][]string{} // by language
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(assets.I18n(), "*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("catalogue: %v, %v", names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(assets.I18n(), name)
		if err != nil {
			t.Fatal(err)
		}
		var entries map[string]any
		if err := json.Unmarshal(text, &entries); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		area, rest, _ := strings.Cut(name, ".")
		lang := strings.TrimSuffix(rest, ".json")
		if !slices.Contains(i18n.Languages, lang) {
			t.Fatalf("%s: language %q is not one of %v", name, lang, i18n.Languages)
		}
		for key, entry := range entries {
			keys[lang] = append(keys[lang], area+": "+key)
			if rest := argument.ReplaceAllString(fmt.Sprint(entry), ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
				t.Errorf("%s: %s: an argument is written {{.Name}}, and nothing else is in braces", name, key)
			}
			if said := catalogue.In(lang).T(key, map[string]any{"Count": 2}); said == key {
				t.Errorf("%s: %s cannot be said", name, key)
			}
		}
	}
	for _, lang := range i18n.Languages[1:] {
		for _, key := range keys[i18n.Languages[0]] {
			if !slices.Contains(keys[lang], key) {
				t.Errorf("%s has no %s", key, lang)
			}
		}
		for _, key := range keys[lang] {
			if !slices.Contains(keys[i18n.Languages[0]], key) {
				t.Errorf("%s is in %s alone", key, lang)
			}
		}
	}
}

func TestWords(t *testing.T) {
	c, err := i18n.Load(fstest.MapFS{
		"x.en.json":    {Data: []byte(`{"hello":"Hello {{.Name}}","clients":{"one":"{{.Count}} client","other":"{{.Count}} clients"},"both":"{{.A}}{{.B}}, {{.A}}"}`)},
		"x.pt-BR.json": {Data: []byte(`{"hello":"Olá {{.Name}}","clients":{"one":"{{.Count}} cliente","other":"{{.Count}} clientes"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		lang, key string
		args      map[string]any
		want      string
	}{
		{"en", "hello", map[string]any{"Name": "Ana"}, "Hello Ana"},
		{"pt_BR.UTF-8", "hello", map[string]any{"Name": "Ana"}, "Olá Ana"},
		{"pt", "clients", map[string]any{"Count": 1}, "1 cliente"},
		{"en", "clients", map[string]any{"Count": 2}, "2 clients"},
		{"fr", "clients", map[string]any{"Count": 1}, "1 client"},
		{"en", "nothing.here", nil, "nothing.here"},
		{"pt-BR", "clients", map[string]any{"Count": 0}, "0 cliente"}, // as Unicode has it
		{"en", "clients", map[string]any{"Count": 0}, "0 clients"},
		{"en", "clients", map[string]any{"Count": -1}, "-1 client"},
		{"en", "clients", nil, "<no value> clients"},
		{"pt-BR", "both", map[string]any{"A": "{{.B}}", "B": 1.5}, "{{.B}}1.5, {{.B}}"}, // English has it alone
		{"en", "hello", map[string]any{"Count": 1, "Name": app.ClockTime("12:00:00")}, "Hello 12:00:00"},
	} {
		if got := c.In(test.lang).T(test.key, test.args); got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.lang, test.key, got, test.want)
		}
	}
}

func TestCountsAreWrittenAsTheLanguageDoes(t *testing.T) {
	c, err := i18n.Load(fstest.MapFS{
		"a.en.json":    {Data: []byte(`{"cues": {"one": "{{.Count}} cue", "other": "{{.Count}} cues"}}`)},
		"a.pt-BR.json": {Data: []byte(`{"cues": {"one": "{{.Count}} item", "other": "{{.Count}} itens"}}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][2]string{"en": {"1,234,567", "12,000 cues"}, "pt-BR": {"1.234.567", "12.000 itens"}} {
		w := c.In(lang)
		if got := w.Count(1_234_567); got != want[0] {
			t.Errorf("%s writes %s, want %s", lang, got, want[0])
		}
		args := map[string]any{"Count": 12_000}
		if got := w.T("cues", args); got != want[1] || args["Count"] != 12_000 {
			t.Errorf("%s says %q, want %q", lang, got, want[1])
		}
		if got := w.T("cues", map[string]any{"Count": 1}); !strings.HasPrefix(got, "1 ") || strings.HasSuffix(got, "s") {
			t.Errorf("%s says %q of one", lang, got)
		}
	}
}

func TestWhatIsNoCatalogue(t *testing.T) {
	for name, content := range map[string]string{
		"a.de.json": `{}`, "a.json": `{}`, "a.en.json": `{"key": 1}`, "b.en.json": `{"key": {"two": "b"}}`, "c.en.json": `{`,
	} {
		if _, err := i18n.Load(fstest.MapFS{name: {Data: []byte(content)}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s with %s: %v", name, content, err)
		}
	}
}
