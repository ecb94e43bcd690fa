package insight

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Hidden stands where something was taken out.
const Hidden = "[hidden]"

// maxText is how many bytes a text of the log keeps.
const maxText = 16 << 10

// leastSecret is how long a text must be to be hidden wherever it stands: shorter
// ones are parts of ordinary words.
const leastSecret = 6

// secretWords make a name one of a secret's.
const secretWords = `pass(?:word|wd|phrase|code)|pwd|secret|token|authorization|cookie|credential|api[_-]?key|private[_-]?key|auth_key|signature|pairing`

var secretName = regexp.MustCompile(`(?i)` + secretWords + `|^(?:pin|pass|auth|bearer|otp)$`)

// rule takes one kind of secret out of a text.
type rule struct {
	found *regexp.Regexp
	put   string
	hints []string // in lower case; a text without any of them has nothing for the rule
}

var names = []string{"pass", "pwd", "secret", "token", "authorization", "cookie", "credential", "key", "signature", "pairing"}

// keys is about several lines, and comes before the rules, which are about one.
var keys = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)

// rules take secrets out of a line, one after the other.
var rules = []rule{
	// OBS's own way of telling an address has the password as its path.
	{regexp.MustCompile(`(?i)\b(obswss?://)(?:[^\s/"'<>@]*@)?([^\s/"'<>]*)/[^\s"'<>]*`), "${1}${2}/" + Hidden, []string{"obsws"}},
	{regexp.MustCompile(`(?i)\b([a-z][a-z0-9+.-]*://)[^\s/"'<>@]*@`), "${1}" + Hidden + "@", []string{"://"}},
	{regexp.MustCompile(`(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-[a-z-]*(?:token|key|secret))("?\s*[:=]\s*)[^\r\n]*`), "${1}${2}" + Hidden, []string{"authorization", "cookie", "x-"}},
	{regexp.MustCompile(`(?i)\b(bearer|basic|digest)[ .+_-]+(?:%20)?[A-Za-z0-9._~+/=-]{6,}`), "${1} " + Hidden, []string{"bearer", "basic", "digest"}},
	{regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){1,4}`), Hidden, []string{"eyj"}},
	// A query or fragment after anything that looks like a path or an address.
	{regexp.MustCompile(`((?:[a-zA-Z][a-zA-Z0-9+.-]*:/)?/[^\s?#"'<>\\]*)[?#][^\s"'<>]+`), "${1}?" + Hidden, []string{"?", "#"}},
	{regexp.MustCompile(`(/apps?/)[A-Za-z0-9]{16,}`), "${1}" + Hidden, []string{"/app"}},
	// "password": "…", and the same within a JSON text; password=…; password: ….
	{regexp.MustCompile(`(?i)(["'][\w.-]*(?:` + secretWords + `)[\w.-]*["']\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"?|'[^']*'|[^\s,}\]]+)`), "${1}\"" + Hidden + "\"", names},
	{regexp.MustCompile(`(?i)(\\"[\w.-]*(?:` + secretWords + `)[\w.-]*\\"\s*[:=]\s*)\\"(?:[^"\\]|\\\\(?:\\")?)*(?:\\")?`), "${1}\\\"" + Hidden + "\\\"", names},
	{regexp.MustCompile(`(?i)(\b[\w.-]*(?:` + secretWords + `)[\w.-]*\s*=\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s&,;)\]}]+)`), "${1}" + Hidden, names},
	{regexp.MustCompile(`(?i)(\b[\w-]*(?:pass(?:word|wd|phrase|code)|pwd|secret|api[_-]?key)[\w-]*\s*:\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;)\]}]+)`), "${1}" + Hidden, names},
}

// line takes secrets out of a line.
func line(text string) string {
	lower := strings.ToLower(text)
	for _, rule := range rules {
		if slices.ContainsFunc(rule.hints, func(hint string) bool { return strings.Contains(lower, hint) }) {
			text = rule.found.ReplaceAllString(text, rule.put)
		}
	}
	return text
}

// Redactor takes secrets out of texts: by the names that they stand under, by what
// they look like, and those that it was told of, wherever they are. Its methods may
// be called from any goroutine; nil knows no secrets of its own.
type Redactor struct {
	mu    sync.RWMutex
	known []string // guarded by mu; the longest first
}

// Hide tells of secrets that no text may hold. Short ones are hidden by their names
// alone.
func (r *Redactor) Hide(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := slices.Clone(r.known)
	for _, secret := range secrets {
		quoted := strconv.Quote(secret)
		for _, s := range []string{secret, quoted[1 : len(quoted)-1], url.QueryEscape(secret), url.PathEscape(secret)} {
			if len(secret) >= leastSecret && !slices.Contains(known, s) {
				known = append(known, s)
			}
		}
	}
	slices.SortStableFunc(known, func(a, b string) int { return len(b) - len(a) })
	r.known = known
}

// Text returns a text without secrets, in one piece of at most 16 KiB, with signs
// that do not show replaced by their codes. Line breaks stay.
func (r *Redactor) Text(text string) string {
	cut := len(text) > maxText
	if cut {
		// A secret that the cut runs through would not be known for one.
		end := strings.LastIndexAny(text[:maxText], " \n\t")
		if end < maxText/2 {
			end = maxText / 2
		}
		text = text[:end]
	}
	text = r.clean(text)
	if cut {
		text += " …"
	}
	return text
}

// clean is Text without its bound.
func (r *Redactor) clean(text string) string {
	text = visible(r.withoutKnown(text))
	if strings.Contains(text, "PRIVATE KEY") {
		text = keys.ReplaceAllString(text, Hidden)
	}
	if !strings.Contains(text, "\n") {
		return line(text)
	}
	var b strings.Builder
	for one := range strings.Lines(text) {
		b.WriteString(line(one))
	}
	return b.String()
}

// withoutKnown takes those secrets out that it was told of.
func (r *Redactor) withoutKnown(text string) string {
	for _, secret := range r.told() {
		text = strings.ReplaceAll(text, secret, Hidden)
	}
	return text
}

// told returns the secrets that it was told of.
func (r *Redactor) told() []string {
	if r == nil {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.known
}

// Secret reports whether what stands under a name is one.
func Secret(name string) bool { return secretName.MatchString(name) }

// visible replaces what would hide, move or break a line's text for who reads it.
func visible(text string) string {
	fine := func(r rune) bool { return r == '\n' || r == '\t' || unicode.IsPrint(r) }
	if utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !fine(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(text, "\uFFFD") {
		if fine(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
	}
	return b.String()
}

// withoutHome puts ~ in the place of the person's home folder, in JSON too.
func withoutHome(text string) string {
	home, err := os.UserHomeDir()
	if err != nil || len(home) < 2 {
		return text
	}
	for _, path := range []string{home + string(os.PathSeparator), filepath.ToSlash(home) + "/"} {
		quoted := strconv.Quote(path)
		text = strings.ReplaceAll(text, path, "~/")
		text = strings.ReplaceAll(text, quoted[1:len(quoted)-1], "~/")
	}
	return text
}
