package packages

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Jobs        map[string]struct {
		Needs   any
		Timeout int `yaml:"timeout-minutes"`
		Steps   []struct {
			Uses, Run string
			If        string
			With, Env map[string]any
		}
	}
}

// A workflow runs targets of the Makefile and scripts of .ci that exist, takes actions
// by commit, may write nothing by itself, and ends.
func TestWorkflows(t *testing.T) {
	targets := regexp.MustCompile(`(?m)^([a-z][a-z-]*):`).FindAllStringSubmatch(read(t, filepath.Join(source, "Makefile")), -1)
	var known []string
	for _, match := range targets {
		known = append(known, match[1])
	}
	files, err := filepath.Glob(filepath.Join(source, ".github/workflows/*.yml"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			for _, problem := range lint(t, read(t, path), known) {
				t.Error(problem)
			}
		})
	}
	// The check finds what it is for.
	problems := lint(t, `
on: {push: {}}
jobs:
  one:
    needs: [two]
    steps:
      - uses: actions/checkout@v4
      - run: make nothing
      - run: .ci/nothing
      - run: curl https://example.com | sh
`, known)
	for _, want := range []string{"permissions", "timeout", "two", "actions/checkout@v4", "make nothing", ".ci/nothing", "curl"} {
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, want) }) {
			t.Errorf("nothing is said against %s: %q", want, problems)
		}
	}
}

func lint(t *testing.T, text string, targets []string) (problems []string) {
	t.Helper()
	var w workflow
	if err := yaml.Unmarshal([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	if len(w.On) == 0 || len(w.Jobs) == 0 {
		problems = append(problems, "nothing starts it, or it does nothing")
	}
	if w.Permissions["contents"] != "read" || len(w.Permissions) != 1 {
		problems = append(problems, "the permissions of all jobs must be contents: read alone")
	}
	if strings.Contains(text, "://") {
		problems = append(problems, "it names an address on the internet")
	}
	for name, job := range w.Jobs {
		if job.Timeout == 0 {
			problems = append(problems, name+" has no timeout-minutes")
		}
		for _, need := range list(job.Needs) {
			if _, ok := w.Jobs[need]; !ok {
				problems = append(problems, name+" needs "+need+", which does not exist")
			}
		}
		for _, step := range job.Steps {
			switch {
			case step.Uses != "":
				if !regexp.MustCompile(`^actions/[a-z-]+@[0-9a-f]{40}$`).MatchString(step.Uses) {
					problems = append(problems, step.Uses+" is not pinned to a commit")
				}
			case !exists(step.Run, targets):
				problems = append(problems, step.Run+" is neither a target of the Makefile nor a script in .ci")
			}
		}
	}
	return problems
}

// list returns what YAML has as one text or several.
func list(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var texts []string
		for _, v := range value {
			texts = append(texts, v.(string))
		}
		return texts
	}
	return nil
}

// exists reports whether a step's command is one that this repository has.
func exists(run string, targets []string) bool {
	words := strings.Fields(run)
	switch {
	case len(words) == 2 && words[0] == "make":
		return slices.Contains(targets, words[1])
	case len(words) > 0 && strings.HasPrefix(words[0], ".ci/") && regexp.MustCompile(`^[a-z./ -]+$`).MatchString(run):
		info, err := os.Stat(filepath.Join(source, words[0]))
		return err == nil && info.Mode()&0o111 != 0
	}
	return false
}
