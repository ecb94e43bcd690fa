package wsserver

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cuewire/app"
)

const outsideSecret = "outside of the folder"

// climbing are ways to say "one folder up" and what lies there.
var climbing = []string{
	"../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "%252e%252e%252fsecret.txt", "..%5csecret.txt", "..\\secret.txt", "....//secret.txt",
	"./../secret.txt", "x/../../secret.txt", "%c0%ae%c0%ae/secret.txt", "..;/secret.txt", "%2e%2e%5c%2e%2e%5csecret.txt", "..%00/secret.txt", "../../../../../../etc/passwd", "/etc/passwd",
	"%2fetc%2fpasswd", "file:///etc/passwd", "C:%5cWindows%5cwin.ini", "C:/Windows/win.ini", "%5c%5chost%5cshare%5cx", "secret.txt%00.html", ".hidden", "sub/.git/config", "mine.html::$DATA", "CON", "mine.html/", "link.txt", "linked/secret.txt",
}

var pathAttacks = []attack{
	{what: "climbing out of the folder of own overlays (29 spellings: encoded, doubly encoded, Windows, NUL, symbolic links, hidden files)", answer: "404, or the address put straight", try: func(t *testing.T, w *attacked) {
		w.climb(t, "/overlay/my/")
	}},
	{what: "the same below `/assets/`, `/assets/i18n/` and the pages", answer: "404, or the address put straight", try: func(t *testing.T, w *attacked) {
		for _, prefix := range []string{"/assets/", "/assets/i18n/", "/r/" + w.room + "/", "/overlay/", "/r/", "/api/sources/", "/app/"} {
			w.climb(t, prefix)
		}
	}},
	{what: "files of ours that are not for the web", answer: "404", try: refused(404, eachOf("GET {}", "/assets/README.md", "/assets/index.html", "/assets/r/viewer.html", "/assets/", "/cuewire.db", "/run.json", "/token-key.pem", "/.git/config", "/debug/pprof/", "/playground")...)},
	{what: "a redirect to another site (`//evil.example`, backslashes, encoded)", answer: "never beyond our own addresses", try: noOpenRedirect},
	{what: "a CR and LF in a path or query, to add a header", answer: "no header is added", try: func(t *testing.T, w *attacked) {
		for _, target := range []string{"/overlay/my/x%0d%0aSet-Cookie:%20a=b", "/r/x%0d%0aSet-Cookie:%20a=b/viewer", "/?%0d%0aSet-Cookie:%20a=b", "/overlay/my/%0d%0a/", "/qr.svg?text=%0d%0aSet-Cookie:%20a=b"} {
			if resp, _ := w.ask(t, "GET "+target); resp.Header.Get("Set-Cookie") != "" || resp.StatusCode == 0 {
				t.Errorf("%s: %d %v", target, resp.StatusCode, resp.Header)
			}
		}
	}},
	{what: "another type for a file than it has, so that a browser runs it", answer: "`nosniff`, the type by its name, own overlays without rights", try: func(t *testing.T, w *attacked) {
		for path, kind := range map[string]string{"/assets/cuewire.js": "text/javascript", "/overlay/my/mine.html": "text/html", "/api/health": "application/json", "/nothing": "application/json"} {
			resp, _ := w.ask(t, "GET "+path)
			if resp.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(resp.Header.Get("Content-Type"), kind) {
				t.Errorf("%s: %v", path, resp.Header)
			}
		}
		resp, _ := w.ask(t, "GET /overlay/my/mine.html")
		if !strings.Contains(resp.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("an own overlay has our origin: %v", resp.Header)
		}
	}},
	{what: "own overlays and sources' scripts that reach for the API", answer: "a viewer without an origin, or the overlays' own: 403", by: "wsserver TestOverlaysMayOnlyLook"},
}

// climb tries to get at what is beside the folder.
func (w *attacked) climb(t *testing.T, prefix string) {
	t.Helper()
	secret := filepath.Join(filepath.Dir(w.overlays), "secret.txt")
	for path, text := range map[string]string{secret: outsideSecret, filepath.Join(w.overlays, ".hidden"): outsideSecret, filepath.Join(w.overlays, "sub", ".git", "config"): outsideSecret} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link.txt": secret, "linked": filepath.Dir(w.overlays)} {
		if err := os.Symlink(to, filepath.Join(w.overlays, link)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	for _, way := range climbing {
		resp, text := w.ask(t, "GET "+prefix+way)
		if resp.StatusCode == http.StatusOK && (strings.Contains(text, outsideSecret) || strings.Contains(text, "root:")) {
			t.Errorf("%s%s was served: %.100q", prefix, way, text)
		}
		switch resp.StatusCode {
		case 301, 307, 308, 400, 404, 426:
		default:
			t.Errorf("%s%s: %d %.100q", prefix, way, resp.StatusCode, text)
		}
	}
}

func noOpenRedirect(t *testing.T, w *attacked) {
	redirects := 0
	for _, path := range []string{
		"//evil.example", "//evil.example/", "//evil.example/..", "/\\evil.example", "/%5cevil.example/..", "///evil.example//", "/.//evil.example", "/%2f/evil.example/../x", "//evil.example/%2e%2e",
		"/overlay/my//evil.example", "/overlay/my//evil.example/..", "/overlay/my/sub", "/overlay/my/sub?to=//evil.example", "/r//evil.example/viewer", "/assets//evil.example", "/?next=https://evil.example", "/r/" + w.room + "/viewer?redirect=//evil.example",
	} {
		for _, header := range []string{"User-Agent: x", "Sec-Fetch-Mode: navigate\nSec-Fetch-Site: none"} {
			resp, _ := w.ask(t, "GET "+path+"\n"+header)
			to := resp.Header.Get("Location")
			if to == "" {
				continue
			}
			redirects++
			own := strings.HasPrefix(to, "http://overlays.localhost:"+w.port+"/") || strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.HasPrefix(to, "/\\")
			if !own {
				t.Errorf("%s leads to %s", path, to)
			}
		}
	}
	if redirects == 0 {
		t.Error("nothing was redirected: is the test still about anything?")
	}
}

var bodyAttacks = []attack{
	{what: "a body over 1 MiB, announced or in endless chunks", answer: "413, after 1 MiB at most", try: func(t *testing.T, w *attacked) {
		const head = "POST /api/v1/rooms\nContent-Type: application/json\n"
		refused(413, head+"\n"+strings.Repeat(" ", maxBody+1))(t, w)
		chunk := fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat(" ", 64<<10))
		refused(413, head+"Transfer-Encoding: chunked\n\n"+strings.Repeat(chunk, 20)+"0\r\n\r\n")(t, w)
		refused(413, "POST /apps/{app}/events\nContent-Type: application/json\n\n"+strings.Repeat(" ", maxBody+1))(t, w)
	}},
	{what: "a body that is compressed, to unpack to a thousand times its size (`Content-Encoding: gzip`)", answer: "400: nothing is unpacked", try: func(t *testing.T, w *attacked) {
		var packed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
		_, _ = z.Write(bytes.Repeat([]byte(" "), 8<<20))
		_ = z.Close()
		before := allocated()
		refused(400, "POST /api/v1/rooms\nContent-Type: application/json\nContent-Encoding: gzip\n\n"+packed.String())(t, w)
		if grown := allocated() - before; grown > 4<<20 {
			t.Errorf("%d MiB were needed", grown>>20)
		}
	}},
	{what: "JSON a hundred thousand levels deep", answer: "400; over sockets an error frame", try: func(t *testing.T, w *attacked) {
		for _, deep := range []string{strings.Repeat("[", 100_000), strings.Repeat(`{"name":`, 100_000), `{"name":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"} {
			refused(400, "POST /api/v1/rooms\nContent-Type: application/json\n\n"+deep)(t, w)
		}
		w.badMessages(t, strings.Repeat("[", 60_000), strings.Repeat(`{"type":`, 8_000), `{"type":"x","action":"x","event":"x","payload":`+strings.Repeat("[", 20_000)+strings.Repeat("]", 20_000)+"}")
	}},
	{what: "numbers that are no numbers, or larger than any", answer: "400; over sockets an error frame", try: func(t *testing.T, w *attacked) {
		for _, number := range []string{"1e400", "-1e400", "1e999999999", strings.Repeat("9", 5000), "9223372036854775808", "1.5", "NaN", "Infinity", "0x10", `"5"`} {
			refused(400, "POST /api/v1/rooms/{room}/timers\nContent-Type: application/json\n\n"+`{"name":"x","duration_ms":`+number+"}")(t, w)
			w.palco(t, `{"type":"control","action":"set_time","value":`+number+`}`)
		}
	}},
	{what: "JSON of the wrong shape, keys twice, a byte order mark, text after the end, UTF-16", answer: "400", try: refused(400, eachOf("POST /api/v1/rooms\nContent-Type: application/json\n\n{}",
		"[]", "null", `"x"`, "5", `{"name":"x"}{"name":"y"}`, "\xef\xbb\xbf{}", `{"name":["x"]}`, `{"name":{"x":1}}`, "{", `{"name":`, "\x00{}", "{'name':'x'}", `{"__proto__":{"role":"admin"}}`, "{\x00\"\x00}")...)},
	{what: "fields that are not for the sender to set (`id`, `short_code`, `role`, `secret`)", answer: "left aside", try: func(t *testing.T, w *attacked) {
		room := w.core.Snapshot().Rooms[0].Room
		resp, text := w.ask(t, "PUT /api/v1/rooms/{room}\nContent-Type: application/json\n\n"+`{"name":"`+room.Name+`","id":"stolen","short_code":"AAAAAA","playback":{"state":"running"},"timers":[]}`)
		if resp.StatusCode != http.StatusOK || strings.Contains(text, "stolen") || strings.Contains(text, "AAAAAA") {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
	}},
	{what: "a spreadsheet that unpacks to gigabytes, one of a million rows, XML entities that multiply or read files", answer: "refused: 32 MiB unpacked at most, no entities", by: "app/interchange TestXLSXThatIsMadeToHurt"},
	{what: "formulas in a file that is imported", answer: "never computed", by: "app/interchange TestXLSXFormulasAreNotComputed"},
	{what: "formulas in what is exported to spreadsheets (`=`, `+`, `-`, `@`, tab, CR)", answer: "marked as text", by: "app/interchange TestCSVComputesNothing"},
	{what: "a file of another kind than its name says (programs, PDF, an archive that climbs)", answer: "refused", by: "app/interchange TestDetectRefuses"},
}

// badMessages sends messages to every dialect, each of which must answer with an error and
// stay.
func (w *attacked) badMessages(t *testing.T, messages ...string) {
	t.Helper()
	for path, token := range map[string]string{"/": "", "/ws/{room}?ticks=0&output=controller": "", timersPath: w.tokens[app.Controller], "/app/{key}": "", "/apps/{key}?protocol=7": ""} {
		c, status := w.socket(t, "127.0.0.1", path, token)
		if status != http.StatusSwitchingProtocols {
			t.Fatalf("%s: %d", path, status)
		}
		for _, message := range messages {
			c.push(wsText(message), 0)
			if answer := c.heard("error"); len(answer) > 4096 {
				t.Errorf("%s: an answer of %d bytes", path, len(answer))
			}
		}
		_ = c.Close()
	}
}

// palco sends a message as a controller, which must be refused.
func (w *attacked) palco(t *testing.T, message string) {
	t.Helper()
	c, _ := w.socket(t, "127.0.0.1", "/ws/{room}?ticks=0&output=controller", "")
	c.push(wsText(message), 0)
	c.heard("error")
	_ = c.Close()
}

var textAttacks = []attack{
	{what: "scripts, markup and `javascript:` addresses in every text of rooms, timers, messages, questions, presets, sources, devices and channels, on every page and overlay", answer: "shown as text; nothing runs, no report of the policy", by: "app/e2e TestScriptInEveryField"},
	{what: "the same in what a program publishes on a channel", answer: "shown as text", by: "app/e2e TestTheStarterOverlay"},
	{what: "the same in the page that is exported to print", answer: "escaped", by: "app/interchange TestHTMLIsEscapedAndWhole"},
	{what: "line ends and escapes in paths and headers that are logged", answer: "quoted: a line of the log is one event", try: func(t *testing.T, w *attacked) {
		mark := len(w.logged.String())
		w.ask(t, "@127.10.0.7 GET /%0atime=2026-01-01%20level=ERROR%20msg=forged%1b[2J\nAuthorization: Bearer x%0alevel=ERROR")
		w.ask(t, "@127.10.0.7 GET /overlay/my/%0alevel=ERROR%20msg=forged\nOrigin: https://evil.example\nUser-Agent: \x1b[31mred")
		c, _ := w.socket(t, "127.0.0.1", "/?name=%0alevel=ERROR%20msg=forged", "")
		c.push(wsText(`{"action":"hello","page":"\nlevel=ERROR msg=forged"}`), 0)
		c.push(wsText(`{"action":"ping"}`), 0)
		c.heard("pong")
		for line := range strings.Lines(w.logged.String()[mark:]) {
			if !strings.HasPrefix(line, "time=") || strings.Contains(line, "\x1b") || strings.HasPrefix(line, "time=2026-01-01 ") {
				t.Errorf("a line of the log is %q", line)
			}
		}
	}},
	{what: "a token or secret that finds its way into the log", answer: "it is not there", try: func(t *testing.T, w *attacked) {
		w.ask(t, "@127.10.0.7 GET /api/health?token={admin}\nAuthorization: Bearer {admin}x")
		w.ask(t, "GET /api/health\nAuthorization: Bearer hunter2")
		logged := w.logged.String()
		for _, secret := range []string{w.tokens[app.Admin], "hunter2", w.app.Secret} {
			if strings.Contains(logged, secret) {
				t.Errorf("the log holds a secret")
			}
		}
	}},
	{what: "text that comes back in an error, to be long or to be markup", answer: "cut to 64 or 128 characters, sent as JSON with `nosniff`", try: func(t *testing.T, w *attacked) {
		long := strings.Repeat("<script>alert(1)</script>", 500)
		w.badMessages(t, `{"type":"`+long+`","action":"`+long+`","event":"pusher:`+long+`"}`)
		resp, text := w.ask(t, "GET /api/v1/rooms/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
		if resp.StatusCode != 404 || strings.Contains(text, "<script>") {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
		resp, text = w.ask(t, "GET /r/%3Cscript%3Ealert(1)%3C%2Fscript%3E/viewer")
		if strings.Contains(text, "<script>alert") {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
	}},
	{what: "names of 100,000 characters, control characters, text that runs backwards, half a surrogate pair", answer: "400, or kept as text within its length", try: func(t *testing.T, w *attacked) {
		refused(400, eachOf("POST /api/v1/rooms\nContent-Type: application/json\n\n"+`{"name":"{}"}`, strings.Repeat("x", 100_000), "", strings.Repeat("🎛", 5_000))...)(t, w)
	}},
}
