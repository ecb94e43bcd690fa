package insight

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const planted = "hUnter2-Zebra"

// rude cannot be shown.
type rude struct{}

func (rude) String() string { panic("no") }

// lazy is a value that is asked late.
type lazy struct{ inner slog.Value }

func (l lazy) LogValue() slog.Value { return l.inner }

// login is a value of the kind that should not be logged.
type login struct {
	User     string
	Password string
	Nested   map[string]any
}

// Each of these holds the planted secret, and no line may.
func hostile() map[string][]any {
	address := func(text string) *url.URL {
		u, err := url.Parse(text)
		if err != nil {
			panic(err)
		}
		return u
	}
	jwt := "eyJhbGciOiJFZERTQSJ9." + planted + "." + planted
	return map[string][]any{
		"by name":                 {"password", planted, "Passwd", planted, "obs_pwd", planted, "clientSecret", planted, "access_token", planted, "apiKey", planted, "X-Api-Key", planted, "PIN", planted},
		"in a group":              {slog.Group("obs", "host", "here", slog.Group("login", "password", planted))},
		"under a group of names":  {slog.Group("secrets", "a", planted)},
		"headers":                 {"header", http.Header{"Authorization": {"Bearer " + planted}, "Cookie": {"cuewire=" + planted}, "Accept": {"*/*"}}},
		"a struct":                {"request", login{"ana", planted, map[string]any{"token": planted, "list": []any{map[string]string{"secret": planted}}}}},
		"a pointer to one":        {"request", &login{Password: planted}},
		"an error":                {"err", fmt.Errorf("dial: %w", errors.New("obsws://127.0.0.1:4455/"+planted+" refused"))},
		"OBS's address":           {"to", "obsws://192.168.1.20:4455/" + planted, "again", "OBSWSS://me:" + planted + "@[::1]:4455/" + planted},
		"a user in an address":    {"to", "https://ana:" + planted + "@example.com/hook"},
		"a URL value":             {"to", address("https://ana:" + planted + "@example.com/a?b=" + planted + "#" + planted)},
		"a query":                 {"path", "/r/ABC234/viewer?room=" + planted, "url", "http://127.0.0.1:3000/?x=1&y=" + planted},
		"a fragment":              {"url", "http://cuewire.local:3000/pair#" + planted},
		"a query within a text":   {"err", `Get "https://example.com/hook?key=` + planted + `": connection refused`},
		"a bearer":                {"line", "GET / HTTP/1.1\r\nAuthorization: Bearer " + planted + "\r\nHost: x", "lower", "bearer   " + planted},
		"a subprotocol":           {"protocols", "v1, authorization.bearer." + planted},
		"a cookie's line":         {"line", "Set-Cookie: cuewire_token=" + planted + "; HttpOnly"},
		"a token of ours":         {"seen", "it said " + jwt + " twice"},
		"a private key":           {"pem", "-----BEGIN EC PRIVATE KEY-----\n" + planted + "\n-----END EC PRIVATE KEY-----", "cut", "-----BEGIN PRIVATE KEY-----\n" + planted},
		"JSON within a text":      {"body", `{"room":"x","password":"` + planted + `","n":1}`, "spaced", `{"secret" : "a \" ` + planted + `"}`},
		"JSON within JSON":        {"body", `"{\"token\":\"` + planted + `\",\"secret\":\"a \\\" ` + planted + `\"}"`},
		"Go's own print":          {"v", fmt.Sprintf("%+v", struct{ Password string }{planted})},
		"a form":                  {"body", "user=ana&password=" + planted + "&x=1", "auth", "auth_key=1&auth_signature=" + planted},
		"over two lines":          {"text", "password=\"a\n" + "secret: " + planted + "\""},
		"a command line":          {"args", []string{"--obs", "obsws://h:1/" + planted, "--token=" + planted}},
		"bytes":                   {"raw", []byte("secret=" + planted)},
		"asked late":              {"late", lazy{slog.GroupValue(slog.String("token", planted))}},
		"a name with line breaks": {"pass\nword", "x", "my\npassword", planted},
		"an app's key":            {"path", "/app/0123456789abcdef" + "0123?" + planted},
	}
}

func TestSecretsDoNotReachTheLog(t *testing.T) {
	for name, args := range hostile() {
		t.Run(name, func(t *testing.T) {
			var people bytes.Buffer
			l := NewLog(&people, slog.LevelDebug)
			l.Logger("test").Error("what happened", args...)
			l.Logger("test").With(args...).WithGroup("g").Info("with them before")
			for what, text := range map[string]string{"stream": people.String(), "file": string(l.ring.text())} {
				if strings.Contains(text, planted) {
					t.Errorf("the %s has the secret: %s", what, text)
				}
				if lines := strings.Count(text, "\n"); lines != 2 {
					t.Errorf("the %s has %d lines: %s", what, lines, text)
				}
				if !strings.Contains(text, Hidden) {
					t.Errorf("the %s does not say that something is missing: %s", what, text)
				}
			}
		})
	}
}

func TestSecretsDoNotHideInTheMessage(t *testing.T) {
	for _, message := range []string{
		"cannot reach https://x/?k=" + planted, "password=" + planted, `token: {"token":"` + planted + `"}`, "Authorization: Basic " + planted,
	} {
		l := NewLog(new(bytes.Buffer), slog.LevelDebug)
		l.Logger("").Info(message)
		if text := string(l.ring.text()); strings.Contains(text, planted) {
			t.Error(text)
		}
	}
}

// A secret that is known is hidden wherever it stands and however it is written.
func TestKnownSecretsAreHiddenEverywhere(t *testing.T) {
	const secret = `pa"ss wörd/7`
	r := &Redactor{}
	r.Hide(secret, "a", "")
	for _, text := range []string{secret, "in " + secret + "!", fmt.Sprintf("%q", secret), url.QueryEscape(secret), url.PathEscape(secret)} {
		if got := r.Text(text); strings.Contains(got, "ss") || !strings.Contains(got, Hidden) {
			t.Errorf("%s became %s", text, got)
		}
	}
	if got := r.Text("a banana"); got != "a banana" {
		t.Errorf("a short secret hid parts of words: %s", got)
	}
}

// Whatever is logged, a line stays a line and says when, how urgent and by whom.
func TestNobodyCanForgeALine(t *testing.T) {
	forged := "x\r\n2026-01-01T00:00:00Z level=ERROR msg=forged\n{\"time\":\"2026-01-01T00:00:00Z\",\"level\":\"ERROR\",\"msg\":\"forged\"}\u2028\u0085\x1b[2K\x1b]0;title\x07\u202Eright to left\x00\xff\b\b\b"
	var people bytes.Buffer
	l := NewLog(&people, slog.LevelDebug)
	l.Logger(forged).Info(forged, forged, forged, "room", forged, slog.Group(forged, forged, 1), "v", rude{}, "n", nil)
	for what, text := range map[string]string{"stream": people.String(), "file": string(l.ring.text())} {
		if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") {
			t.Errorf("the %s has more than one line: %q", what, text)
		}
		for _, r := range []string{"\r", "\x1b", "\x00", "\u202E", "\u2028", "\u0085", "\x07", "\b"} {
			if strings.Contains(text, r) {
				t.Errorf("the %s holds %q: %q", what, r, text)
			}
		}
	}
	var line map[string]any
	if err := json.Unmarshal(l.ring.text(), &line); err != nil {
		t.Fatal(err)
	}
	if line["level"] != "INFO" || !strings.HasPrefix(line["msg"].(string), "x") {
		t.Errorf("got %v", line)
	}
}

// What a person looks for is still there.
func TestWhatIsNoSecretStays(t *testing.T) {
	for _, text := range []string{
		"the author of this page is Ana", "a token was refused", "connected to OBS 31.0.2 at 127.0.0.1:4455",
		"cannot listen on 127.0.0.1:3000", "open /home/ana/show.csv: no such file or directory", "10:00:00 Keynote",
		"https://example.com/overlay/timer", "is it on? yes", "row 3: the length “x” is not one",
		"main.run(0x1)\n\t/src/run.go:31 +0x4f",
	} {
		if got := (*Redactor)(nil).Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	l := NewLog(new(bytes.Buffer), slog.LevelDebug)
	l.Logger("").Info("m", "n", 7, "took", 1500000, "who", map[string]any{"room": "Main", "big": uint64(1<<63 + 1)}, "err", errors.New("disk full"))
	for _, want := range []string{`"n":7`, `"room":"Main"`, `9223372036854775809`, `"err":"disk full"`} {
		if text := string(l.ring.text()); !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	text := strings.Repeat("a word and ", 10_000) + "password=" + planted
	got := (*Redactor)(nil).Text(text)
	if len(got) > maxText+len(" …") || !strings.HasSuffix(got, "…") {
		t.Errorf("%d bytes, ends with %q", len(got), got[len(got)-20:])
	}
	// Around every place of the cut: a secret that it runs through stays hidden.
	for i := maxText - 30; i < maxText+5; i += 3 {
		text := strings.Repeat("x", i-20) + " password=" + planted
		if got := (*Redactor)(nil).Text(text); strings.Contains(got, planted[:3]) {
			t.Fatalf("cut at %d: %s", i, got[len(got)-60:])
		}
	}
}

func FuzzText(f *testing.F) {
	for _, args := range hostile() {
		f.Add(fmt.Sprint(args...))
	}
	r := &Redactor{}
	r.Hide(planted)
	f.Fuzz(func(t *testing.T, text string) {
		got := r.Text(text + planted)
		if strings.Contains(got, planted) {
			t.Errorf("%q became %q", text, got)
		}
		if len(got) > 8*maxText {
			t.Errorf("%d bytes became %d", len(text), len(got))
		}
	})
}

func BenchmarkLine(b *testing.B) {
	text := "connected to OBS 31.0.2 at 127.0.0.1:4455 by /usr/bin/obs with token=abc and more words than most lines have"
	for b.Loop() {
		(*Redactor)(nil).Text(text)
	}
}
