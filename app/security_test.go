package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	linkTo    = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]+))?\)`)
	heading   = regexp.MustCompile(`(?m)^#+ (.+)$`)
	testNamed = regexp.MustCompile(`\bTest[A-Z]\w+`)
)

// anchorOf is what GitHub makes of a heading.
func anchorOf(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// What SECURITY.md and docs/insight.md lead to is there: pages, headings and tests.
func TestSecurityPagesLeadSomewhere(t *testing.T) {
	links, tests := 0, 0
	for _, page := range []string{"../SECURITY.md", "../docs/insight.md"} {
		content, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range linkTo.FindAllStringSubmatch(string(content), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			links++
			target := filepath.Join(filepath.Dir(page), link[1])
			text, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			found := link[2] == ""
			for _, title := range heading.FindAllStringSubmatch(string(text), -1) {
				found = found || anchorOf(title[1]) == link[2]
			}
			if !found {
				t.Errorf("%s: %s has no heading #%s", page, target, link[2])
			}
		}
		for _, name := range testNamed.FindAllString(string(content), -1) {
			tests++
			find := exec.Command("git", "grep", "-q", "func "+name+"(", "--", "*_test.go")
			find.Dir = ".."
			if err := find.Run(); err != nil {
				t.Errorf("%s speaks of %s, which there is not", page, name)
			}
		}
	}
	if links < 12 || tests < 3 {
		t.Errorf("found %d links and %d tests: is that all?", links, tests)
	}
}
