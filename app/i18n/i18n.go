// Package i18n finds the words of a key in the reader's language. The catalogue
// is the JSON files of assets/i18n, one an area and language
// ("window.pt-BR.json"): texts by key, or for what is counted a text for each
// plural form of Unicode's rules that Languages have, "one" and "other".
package i18n

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Languages are the languages that every text exists in; the first is the one
// that is used where the reader's is not among them.
var Languages = []string{"en", "pt-BR"}

var tags = map[string]language.Tag{"en": language.English, "pt-BR": language.BrazilianPortuguese}

// printers write numbers as each language does; they are safe for every goroutine.
var printers = map[string]*message.Printer{
	"en": message.NewPrinter(tags["en"]), "pt-BR": message.NewPrinter(tags["pt-BR"]),
}

// text is what a key says; one is "" where nothing is counted.
type text struct{ one, other string }

// UnmarshalJSON reads a text, or one for each plural form.
func (t *text) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		if !bytes.ContainsRune(data, '\\') { // it was found to be JSON before it came here
			t.other = string(data[1 : len(data)-1])
			return nil
		}
		return json.Unmarshal(data, &t.other)
	}
	var forms struct{ One, Other string }
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&forms); err != nil {
		return err
	}
	*t = text{forms.One, forms.Other}
	return nil
}

// Catalogue holds all texts. It may be used from any goroutine.
type Catalogue struct {
	texts map[string]map[string]text // by language and key
}

// Load reads the catalogue from the JSON files at the root of files.
func Load(files fs.FS) (*Catalogue, error) {
	c := &Catalogue{map[string]map[string]text{}}
	for _, lang := range Languages {
		c.texts[lang] = map[string]text{}
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		_, lang, _ := strings.Cut(strings.TrimSuffix(path.Base(name), ".json"), ".")
		texts := c.texts[lang]
		if texts == nil {
			return nil, fmt.Errorf("read texts of %s: language %q is not one of %v", name, lang, Languages)
		}
		if err := json.Unmarshal(content, &texts); err != nil {
			return nil, fmt.Errorf("read texts of %s: %w", name, err)
		}
	}
	return c, nil
}

// In returns the words in the language that fits best: "pt", "pt-BR" and
// "pt_BR.UTF-8" are all Brazilian Portuguese, what is not known is English.
func (c *Catalogue) In(lang string) *Words {
	lang, _, _ = strings.Cut(strings.ReplaceAll(lang, "_", "-"), ".")
	best := Languages[0]
	if strings.HasPrefix(strings.ToLower(lang), "pt") {
		best = "pt-BR"
	}
	return &Words{c, best}
}

// Words are the texts in one language.
type Words struct {
	catalogue *Catalogue
	lang      string
}

// Lang returns the language, one of Languages.
func (w *Words) Lang() string { return w.lang }

// T returns the text of key, with args filled in for {{.Name}}: "<no value>" for
// what they lack. A count picks the plural form when args has one under "Count".
// What the language has no text for is in English; a key without any text comes
// back as it is, so that a gap is seen and nothing breaks. A whole count is written
// with the language's mark between thousands.
func (w *Words) T(key string, args map[string]any) string {
	lang := w.lang
	t, ok := w.catalogue.texts[lang][key]
	if !ok {
		lang = Languages[0]
		if t, ok = w.catalogue.texts[lang][key]; !ok {
			return key
		}
	}
	chosen := t.other
	if n, ok := args["Count"].(int); ok {
		if t.one != "" && plural.Cardinal.MatchPlural(tags[lang], max(n, -n), 0, 0, 0, 0) == plural.One {
			chosen = t.one
		}
		if n >= 1000 || n <= -1000 {
			args = maps.Clone(args) // the caller's
			args["Count"] = w.Count(int64(n))
		}
	}
	return fill(chosen, args)
}

// fill puts args in for {{.Name}}.
func fill(text string, args map[string]any) string {
	before, rest, found := strings.Cut(text, "{{.")
	if !found {
		return text
	}
	var b strings.Builder
	for found {
		b.WriteString(before)
		name, after, _ := strings.Cut(rest, "}}")
		if v, ok := args[name]; ok {
			fmt.Fprint(&b, v)
		} else {
			b.WriteString("<no value>")
		}
		before, rest, found = strings.Cut(after, "{{.")
	}
	b.WriteString(before)
	return b.String()
}

// Count writes an amount with the language's mark between thousands.
func (w *Words) Count(n int64) string { return printers[w.lang].Sprint(number.Decimal(n)) }
