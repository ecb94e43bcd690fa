package present

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cuewire/app"
	"cuewire/assets"
)

// texts are the keys and raw texts of the window's areas in a language.
func texts(t *testing.T, lang string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, area := range []string{"window", "crew", "editor", "apps", "winpages"} {
		data, err := fs.ReadFile(assets.I18n(), area+"."+lang+".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &all); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func TestEveryTextIsThereInBothLanguagesWithTheSameValues(t *testing.T) {
	value := regexp.MustCompile(`{{\.\w+}}`)
	en, pt := texts(t, "en"), texts(t, "pt-BR")
	if len(en) < 100 {
		t.Fatalf("only %d texts", len(en))
	}
	for key, text := range en {
		other, ok := pt[key]
		if !ok {
			t.Errorf("%s is missing in Portuguese", key)
			continue
		}
		used, usedThere := map[string]bool{}, map[string]bool{}
		for _, v := range value.FindAllString(fmt.Sprint(text), -1) {
			used[v] = true
		}
		for _, v := range value.FindAllString(fmt.Sprint(other), -1) {
			usedThere[v] = true
		}
		if fmt.Sprint(used) != fmt.Sprint(usedThere) {
			t.Errorf("%s uses %v in English and %v in Portuguese", key, used, usedThere)
		}
	}
	for key := range pt {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is missing in English", key)
		}
	}
}

func TestEveryTextIsUsedAndEveryUsedTextExists(t *testing.T) {
	quoted := regexp.MustCompile(`"((?:window|crew|editor|apps|table|obspage|perf)\.[a-z.]+)"`)
	used, prefixes := map[string]bool{}, []string{}
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	own, _ := filepath.Glob("*.go")
	for _, file := range append(files, own...) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range quoted.FindAllStringSubmatch(string(source), -1) {
			if strings.HasSuffix(match[1], ".") {
				prefixes = append(prefixes, match[1])
			} else {
				used[match[1]] = true
			}
		}
	}
	en := texts(t, "en")
	for key := range used {
		if _, ok := en[key]; !ok {
			t.Errorf("%s is used and does not exist", key)
		}
	}
	for key := range en {
		known := used[key]
		for _, prefix := range prefixes {
			known = known || strings.HasPrefix(key, prefix)
		}
		if !known {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestReasonIsSaidInTheReadersWords(t *testing.T) {
	c := catalogue(t)
	for _, test := range []struct {
		err    error
		en, pt string
	}{
		{app.ErrClosed, "Cuewire is stopping.", "O Cuewire está sendo encerrado."},
		{app.NewError(app.CodeConflict, "no.such.key", "The room is busy.", nil), "The room is busy.", "Isso não é possível agora."},
		{fmt.Errorf("ask: %w", context.DeadlineExceeded), "No answer came in time. Try again.", "Não houve resposta a tempo. Tente de novo."},
		{app.NewError(app.CodeTimeout, "none", "", nil), "", "Não houve resposta a tempo. Tente de novo."},
		{app.NewError(app.CodeUnavailable, "none", "", nil), "", "O OBS ou o Cuewire não está disponível agora."},
		{app.NewError(app.CodeNotFound, "none", "", nil), "", "Isso não existe mais."},
		{app.NewError(app.CodeInvalid, "none", "", nil), "", "O valor não é permitido."},
		{errors.New("pipe burst"), "pipe burst", "pipe burst"},
	} {
		if got := Reason(c.In("en"), test.err); got != test.en {
			t.Errorf("%v: %q, want %q", test.err, got, test.en)
		}
		if got := Reason(c.In("pt-BR"), test.err); got != test.pt {
			t.Errorf("%v: %q, want %q", test.err, got, test.pt)
		}
	}
}

func TestTextCanBeReadOnEveryGround(t *testing.T) {
	for name, c := range map[string]Mark{
		"text": {Color: Text}, "muted": {Color: Muted}, "accent": {Color: Accent}, "good": {Color: Good}, "warn": {Color: Warn}, "bad": {Color: Bad},
	} {
		for ground, g := range map[string]Mark{"background": {Color: Background}, "surface": {Color: Surface}, "raised": {Color: Raised}} {
			if ratio := Contrast(c.Color, g.Color); ratio < 4.5 {
				t.Errorf("%s on %s has a contrast of %.1f", name, ground, ratio)
			}
		}
	}
	for _, dark := range []string{"#000000", "#0000ff", "#101010", "#7f0000"} {
		if ratio := Contrast(Readable(parseColor(dark, Text)), Surface); ratio < 4.5 {
			t.Errorf("%s ends with a contrast of %.1f", dark, ratio)
		}
	}
	if kept := Readable(parseColor(app.DefaultColorRed, Text)); kept != rgb(0xef4444) {
		t.Errorf("a readable colour became %v", kept)
	}
	if got := Contrast(rgb(0), rgb(0xffffff)); got < 20.9 || got > 21.1 {
		t.Errorf("black on white has a contrast of %.2f", got)
	}
}
