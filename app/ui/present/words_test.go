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
