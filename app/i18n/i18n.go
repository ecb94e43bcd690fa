// Package i18n finds the words of a key in the reader's language. The catalogue
// is the JSON files of assets/i18n, one an area and language
// ("window.pt-BR.json"), read together by go-i18n.
package i18n

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Languages are the languages that every text exists in; the first is the one
// that is used where the reader's is not among them.
var Languages = []string{"en", "pt-BR"}

// printers write numbers as each language does; they are safe for every goroutine.
var printers = map[string]*message.Printer{
	"en": message.NewPrinter(language.English), "pt-BR": message.NewPrinter(language.BrazilianPortuguese),
}

// Catalogue holds all texts. It may be used from any goroutine.
type Catalogue struct{ bundle *goi18n.Bundle }

// Load reads the catalogue from the JSON files at the root of files.
func Load(files fs.FS) (*Catalogue, error) {
	c := &Catalogue{goi18n.NewBundle(language.English)}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		if _, err := c.bundle.ParseMessageFileBytes(text, path.Base(name)); err != nil {
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
	return &Words{goi18n.NewLocalizer(c.bundle, best), best}
}

// Words are the texts in one language.
type Words struct {
	localizer *goi18n.Localizer
	lang      string
}

// Lang returns the language, one of Languages.
func (w *Words) Lang() string { return w.lang }

// T returns the text of key, with args filled in for {{.Name}}. A count picks
// the plural form when args has one under "Count". A key without a text comes
// back as it is, so that a gap is seen and nothing breaks. A whole count is written
// with the language's mark between thousands.
func (w *Words) T(key string, args map[string]any) string {
	count := args["Count"]
	if n, ok := count.(int); ok && (n >= 1000 || n <= -1000) {
		args = maps.Clone(args) // the caller's
		args["Count"] = w.Count(int64(n))
	}
	text, err := w.localizer.Localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args, PluralCount: count})
	if err != nil && text == "" {
		return key
	}
	return text
}

// Count writes an amount with the language's mark between thousands.
func (w *Words) Count(n int64) string { return printers[w.lang].Sprint(number.Decimal(n)) }
