// Package i18n finds the words of a key in the reader's language. The catalogue
// is the JSON files of assets/i18n, one an area and language
// ("window.pt-BR.json"), read together by go-i18n.
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"

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

// Catalogue holds all texts. It may be used from any goroutine. A text is taken apart
// when it is asked for first: most never are.
type Catalogue struct {
	texts map[string]map[string]json.RawMessage // by language and key, as the files have them

	mu     sync.RWMutex // guards what follows
	bundle *goi18n.Bundle
	known  map[string]bool // keys that the bundle has
}

// Load reads the catalogue from the JSON files at the root of files.
func Load(files fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[string]map[string]json.RawMessage{}, bundle: goi18n.NewBundle(language.English), known: map[string]bool{}}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		_, lang, _ := strings.Cut(strings.TrimSuffix(name, ".json"), ".")
		texts := c.texts[lang]
		if texts == nil {
			texts = map[string]json.RawMessage{}
			c.texts[lang] = texts
		}
		if err := json.Unmarshal(content, &texts); err != nil {
			return nil, fmt.Errorf("read texts of %s: %w", name, err)
		}
	}
	return c, nil
}

// localize is the localizer's Localize, for which it gives the bundle the key's texts.
func (c *Catalogue) localize(l *goi18n.Localizer, what *goi18n.LocalizeConfig) (string, error) {
	key := what.MessageID
	c.mu.RLock()
	if c.known[key] {
		defer c.mu.RUnlock()
		return l.Localize(what)
	}
	c.mu.RUnlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.addLocked(key); err != nil {
		return "", fmt.Errorf("text of %s: %w", key, err)
	}
	return l.Localize(what)
}

func (c *Catalogue) addLocked(key string) error {
	there := false
	for _, lang := range Languages {
		text, ok := c.texts[lang][key]
		if !ok {
			continue
		}
		there = true
		var forms any // one text, or one for each plural form
		if err := json.Unmarshal(text, &forms); err != nil {
			return err
		}
		m, err := goi18n.NewMessage(forms)
		if err != nil {
			return err
		}
		m.ID = key
		if err := c.bundle.AddMessages(language.MustParse(lang), m); err != nil {
			return err
		}
	}
	if there { // keys that are made up are not kept
		c.known[key] = true
	}
	return nil
}

// In returns the words in the language that fits best: "pt", "pt-BR" and
// "pt_BR.UTF-8" are all Brazilian Portuguese, what is not known is English.
func (c *Catalogue) In(lang string) *Words {
	lang, _, _ = strings.Cut(strings.ReplaceAll(lang, "_", "-"), ".")
	best := Languages[0]
	if strings.HasPrefix(strings.ToLower(lang), "pt") {
		best = "pt-BR"
	}
	return &Words{c, goi18n.NewLocalizer(c.bundle, best, Languages[0]), best}
}

// Words are the texts in one language.
type Words struct {
	catalogue *Catalogue
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
	text, err := w.catalogue.localize(w.localizer, &goi18n.LocalizeConfig{MessageID: key, TemplateData: args, PluralCount: count})
	if err != nil && text == "" {
		return key
	}
	return text
}

// Count writes an amount with the language's mark between thousands.
func (w *Words) Count(n int64) string { return printers[w.lang].Sprint(number.Decimal(n)) }
