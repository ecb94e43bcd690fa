package app_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var updateLicences = flag.Bool("update", false, "write docs/licences.md anew")

// licences are those that may be in the program, and how their texts are known. What
// none of them knows is not allowed until somebody has read it.
var licences = []struct {
	name string
	says []string // all of it, whatever the line breaks
}{
	{"Apache-2.0", []string{"Apache License", "Version 2.0"}},
	{"MPL-2.0", []string{"Mozilla Public License", "2.0"}},
	{"BSD-3-Clause", []string{"Redistribution and use in source and binary forms", "name of"}},
	{"BSD-2-Clause", []string{"Redistribution and use in source and binary forms"}},
	{"ISC", []string{"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"}},
	{"ISC", []string{"Permission to use, copy, modify, and distribute this software for any purpose with or without fee"}},
	{"MIT", []string{"Permission is hereby granted, free of charge", "The above copyright notice and this permission notice"}},
	{"CC0-1.0", []string{"CC0 1.0 Universal"}},
	{"Unlicense", []string{"This is free and unencumbered software released into the public domain"}},
	{"public domain", []string{"SQLite Is Public Domain"}},
	{"OFL-1.1", []string{"SIL OPEN FONT LICENSE Version 1.1"}},
}

// unchanged are the modules of the licence MPL-2.0 that may be in the program: as they
// are, with where their source is, which their text in the packages tells.
var unchanged = []string{"github.com/shoenig/go-m1cpu"}

// aside are files about something that is not in the program.
var aside = []string{"modernc.org/memory/LICENSE-LOGO"}

// licenceOf returns the name of the licence that a text is, "" for none that is allowed.
func licenceOf(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, l := range licences {
		known := true
		for _, says := range l.says {
			known = known && strings.Contains(strings.ToLower(text), strings.ToLower(says))
		}
		if known {
			return l.name
		}
	}
	return ""
}

type moduleUsed struct {
	Path, Version, Dir string
	shipped            bool
}

// modulesUsed returns every module that a package of ours needs, on any system.
func modulesUsed(t *testing.T) map[string]moduleUsed {
	t.Helper()
	used := map[string]moduleUsed{}
	for _, platform := range platforms {
		for _, tests := range []bool{false, true} {
			args := []string{"list", "-e", "-deps", "-json=ImportPath,Module", "-tags", platform.tags, fmt.Sprintf("-test=%v", tests)}
			what := "."
			if tests {
				what = "./..."
			}
			list := exec.Command("go", append(args, what)...)
			list.Dir = ".."
			list.Env = append(os.Environ(), "GOOS="+platform.goos)
			out, err := list.Output()
			if err != nil {
				t.Fatalf("go list on %s: %v", platform.goos, err)
			}
			for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
				var p struct {
					Module *struct {
						Path, Version, Dir string
						Main               bool
						Replace            *struct{ Path, Version, Dir string }
					}
				}
				if err := decoder.Decode(&p); err == io.EOF {
					break
				} else if err != nil {
					t.Fatal(err)
				}
				if m := p.Module; m != nil && !m.Main {
					known := used[m.Path]
					used[m.Path] = moduleUsed{m.Path, m.Version, m.Dir, known.shipped || !tests}
				}
			}
		}
	}
	return used
}

var licenceFile = regexp.MustCompile(`(?i)^(?:un)?(?:licen[cs]e|copying|notice|ofl)(?:[-.].*)?$`)

// textsOf returns the names and texts of the licences in a folder.
func textsOf(t *testing.T, dir string) (names, texts []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		names, texts = append(names, e.Name()), append(texts, string(text))
	}
	return names, texts
}

// Everything that Cuewire is made of, indirectly too, has a licence that lets it be
// shipped under MIT, and docs/licences.md lists it.
func TestLicences(t *testing.T) {
	used := modulesUsed(t)
	if len(used) < 30 {
		t.Fatalf("found %d modules: is that all?", len(used))
	}
	var shipped, inTests []string
	for _, path := range slices.Sorted(maps.Keys(used)) {
		m := used[path]
		names, contents := textsOf(t, m.Dir)
		kinds := map[string]bool{}
		for i, name := range names {
			if strings.HasPrefix(strings.ToLower(name), "notice") || slices.Contains(aside, path+"/"+name) {
				continue
			}
			kind := licenceOf(contents[i])
			if kind == "" {
				t.Errorf("%s: %s is no licence that is allowed; read it, and add it to the list or leave the module", path, name)
			}
			if kind == "MPL-2.0" && m.shipped && !slices.Contains(unchanged, path) {
				t.Errorf("%s: %s is allowed in tests alone, unless the module is unchanged and listed", path, kind)
			}
			kinds[kind] = true
		}
		licence := strings.Join(slices.Sorted(maps.Keys(kinds)), " and ")
		if licence == "" {
			t.Errorf("%s has no licence", path)
		}
		row := fmt.Sprintf("| `%s` | %s |\n", path, licence)
		if !m.shipped {
			inTests = append(inTests, row)
			continue
		}
		shipped = append(shipped, row)
	}
	pages := vendored(t)
	for _, path := range slices.Sorted(maps.Keys(pages)) {
		kind := licenceOf(pages[path])
		if kind == "" {
			t.Errorf("%s is no licence that is allowed", path)
		}
		shipped = append(shipped, fmt.Sprintf("| %s | %s |\n", filepath.Dir(path), kind))
	}
	want := licencesHead + strings.Join(shipped, "") + licencesTests + strings.Join(inTests, "")
	const page = "../docs/licences.md"
	if *updateLicences {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != want {
		t.Errorf("docs/licences.md is not what is used (%v); write it anew with: go test ./app -run Licences -update", err)
	}
}

const licencesHead = `# Licences

Everything that is in a package of Cuewire, on any system, and what only its tests need, indirectly too. A test (` + "`app/licences_test.go`" + `) reads the texts themselves and refuses
what it does not know; ` + "`go test ./app -run Licences -update`" + ` writes this page anew. Packages hold all texts (` + "`.ci/licences`" + `).

## In the program

| module | licence |
|---|---|
`

const licencesTests = `
## In tests alone

| module | licence |
|---|---|
`

// vendored returns the licences' texts among the pages' files, by their path.
func vendored(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	foreign := 0
	err := filepath.WalkDir("../assets", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.ToLower(d.Name())
		if strings.HasSuffix(name, ".woff2") || strings.HasSuffix(name, ".woff") || strings.HasSuffix(name, ".ttf") || strings.Contains(name, ".min.") {
			foreign++
			if names, _ := textsOf(t, filepath.Dir(path)); len(names) == 0 {
				t.Errorf("%s has no licence beside it", path)
			}
		}
		if licenceFile.MatchString(d.Name()) {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			found[strings.TrimPrefix(filepath.ToSlash(path), "../")] = string(text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if foreign == 0 || len(found) == 0 {
		t.Errorf("%d foreign files, %d licences: is that all?", foreign, len(found))
	}
	return found
}

// The check has teeth.
func TestLicencesThatAreNotKnown(t *testing.T) {
	for text, want := range map[string]string{
		"GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007":         "",
		"GNU LESSER GENERAL PUBLIC LICENSE":                           "",
		"GNU AFFERO GENERAL PUBLIC LICENSE":                           "",
		"Business Source License 1.1":                                 "",
		"All rights reserved.":                                        "",
		"Permission is hereby granted, free of charge, to nobody":     "",
		"Apache\nLicense\n   Version 2.0, January 2004":               "Apache-2.0",
		"Redistribution and use in\nsource and binary forms, with or": "BSD-2-Clause",
		"SIL OPEN FONT LICENSE\nVersion 1.1 - 26 February 2007":       "OFL-1.1",
		"Mozilla Public License, version 2.0":                         "MPL-2.0",
		"Permission to use, copy, modify, and/or distribute this software for any purpose\nwith or without fee is": "ISC",
	} {
		if got := licenceOf(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
