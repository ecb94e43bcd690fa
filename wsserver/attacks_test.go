package wsserver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"

	"cuewire/app"
	"cuewire/app/engine"
	"cuewire/wsserver/auth"
	"cuewire/wsserver/timerapi"
)

// An attack is one row of docs/attacks.md and what shows that it comes to nothing.
type attack struct {
	what, answer string // as the table has them
	try          func(t *testing.T, w *attacked)
	by           string // "PACKAGE TestName" of a test elsewhere, in place of try
}

// attackSubjects are the tables of docs/attacks.md, in order.
var attackSubjects = []struct {
	name    string
	attacks []attack
}{
	{"Hosts and DNS rebinding", hostAttacks},
	{"Origins and cross-site WebSockets", originAttacks},
	{"Cross-site requests", crossSiteAttacks},
	{"Proxies and smuggling", proxyAttacks},
	{"Tokens", tokenAttacks},
	{"Roles", roleAttacks},
	{"Paths, pages and redirects", pathAttacks},
	{"Frames", frameAttacks},
	{"Floods and slow clients", floodAttacks},
	{"Bodies and files", bodyAttacks},
	{"Text", textAttacks},
}

// TestAttacks tries every attack of docs/attacks.md. None may change anything.
//
// go test -run Attacks -update writes the tables of the document anew.
func TestAttacks(t *testing.T) {
	w := newAttacked(t)
	tables := ""
	rows := 0
	for _, subject := range attackSubjects {
		tables += "\n## " + subject.name + "\n| attack | answer | test |\n|---|---|---|\n"
		for _, a := range subject.attacks {
			rows++
			test := a.by
			if a.try != nil {
				test = "wsserver TestAttacks"
				t.Run(subject.name+"/"+a.what, func(t *testing.T) {
					before := w.facts(t)
					a.try(t, w)
					if after := w.facts(t); after != before {
						t.Errorf("it changed something:\n%s\nwas\n%s", after, before)
					}
				})
			} else {
				checkTestExists(t, a.by)
			}
			tables += fmt.Sprintf("| %s | %s | `%s` |\n", a.what, a.answer, test)
		}
	}
	if rows < 40 {
		t.Errorf("the table has %d rows", rows)
	}
	checkAttackTables(t, tables)
}

// checkAttackTables holds the document against the tables.
func checkAttackTables(t *testing.T, tables string) {
	t.Helper()
	const path = "../docs/attacks.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(text), "\n## ")
	if !ok {
		head = strings.TrimRight(string(text), "\n") + "\n"
	}
	want := head + tables
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Error("docs/attacks.md is not what the tests try: go test ./wsserver -run Attacks -update")
	}
}

func checkTestExists(t *testing.T, by string) {
	t.Helper()
	folder, name, ok := strings.Cut(by, " ")
	files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
	if err != nil || !ok {
		t.Fatalf("%q: %v", by, err)
	}
	for _, file := range files {
		if text, _ := os.ReadFile(file); bytes.Contains(text, []byte("\nfunc "+name+"(t *testing.T)")) {
			return
		}
	}
	t.Errorf("there is no test %s", by)
}

// attacked is a server with something to lose, which this computer and others reach.
type attacked struct {
	*Server
	core         *engine.Engine
	app          *app.BroadcastApp
	room, port   string
	quick        string              // the id of an admin's timer of the Timer API
	overlays     string              // the folder of own overlays
	tokens       map[app.Role]string // one of each role
	signer       *auth.Signer
	substitution *strings.Replacer
	logged       *lines
}

// lines is a log that the test reads.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// facts is everything of the state that an attacker could want to change.
func (w *attacked) facts(t testing.TB) string {
	t.Helper()
	snap := w.core.Snapshot()
	var rooms []any
	for _, r := range snap.Rooms {
		rooms = append(rooms, r.Room, r.Timers, r.Messages, r.Playback)
	}
	text, err := json.Marshal([]any{rooms, snap.Settings, snap.Sources, snap.Tokens, snap.Apps, snap.QuickTimers})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// ask sends a request and returns the answer. The request is written as
//
//	[@ADDRESS ]METHOD PATH
//	Header: value
//
//	body
//
// ADDRESS is one of lan's, this computer without; "WS PATH" is a request for a WebSocket.
// Host and Content-Length are added where they are missing; a Host of "-" is none. What
// stands in braces is replaced: {port}, {room}, {key}, and {viewer} and the other roles by
// a token.
func (w *attacked) ask(t testing.TB, request string) (*http.Response, string) {
	t.Helper()
	local, request := splitAddress(w.substitution.Replace(request))
	head, body, _ := strings.Cut(request, "\n\n")
	first, header, _ := strings.Cut(head, "\n")
	has := func(name string) bool {
		return strings.Contains("\n"+strings.ToLower(header), "\n"+strings.ToLower(name)+":")
	}
	var out []string
	if path, ok := strings.CutPrefix(first, "WS "); ok {
		first = "GET " + path
		out = append(out, "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
	}
	if !has("Host") {
		out = append(out, "Host: localhost:"+w.port)
	}
	if body != "" && !has("Content-Length") && !has("Transfer-Encoding") {
		out = append(out, fmt.Sprint("Content-Length: ", len(body)))
	}
	for line := range strings.Lines(header) {
		if line = strings.TrimRight(line, "\n"); line != "Host: -" {
			out = append(out, line)
		}
	}
	if !strings.Contains(first, " HTTP/") {
		first += " HTTP/1.1"
	}
	return w.send(t, local, first+"\r\n"+strings.Join(out, "\r\n")+"\r\n\r\n"+body)
}

func splitAddress(request string) (local, rest string) {
	if !strings.HasPrefix(request, "@") {
		return "127.0.0.1", request
	}
	local, rest, _ = strings.Cut(request[1:], " ")
	return local, rest
}

// connect opens a TCP connection from an address of the lan.
func (w *attacked) connect(t testing.TB, local string) net.Conn {
	t.Helper()
	conn, err := dialerFrom(local)(t.Context(), "tcp", "127.0.0.1:"+w.port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// send writes bytes as they are and reads one answer; a status of 0 is none.
func (w *attacked) send(t testing.TB, local, raw string) (*http.Response, string) {
	t.Helper()
	conn := w.connect(t, local)
	defer conn.Close()
	_, _ = io.WriteString(conn, raw) // a server that has refused it reads no further
	method, _, _ := strings.Cut(raw, " ")
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		if isTimeout(err) {
			t.Fatalf("no answer to %.200q", raw)
		}
		return &http.Response{Header: http.Header{}}, ""
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return resp, ""
	}
	text, _ := io.ReadAll(resp.Body)
	return resp, string(text)
}

// refused tries requests that must all have the status.
func refused(status int, requests ...string) func(*testing.T, *attacked) {
	return refusedWith([]int{status}, requests...)
}

// refusedWith is refused with a choice: some are refused earlier than others.
func refusedWith(statuses []int, requests ...string) func(*testing.T, *attacked) {
	return func(t *testing.T, w *attacked) {
		for _, request := range requests {
			resp, text := w.ask(t, request)
			if !slices.Contains(statuses, resp.StatusCode) {
				t.Errorf("%.300q: %d %.200s, want %v", request, resp.StatusCode, text, statuses)
			}
			if resp.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%.300q: a page elsewhere may read the answer", request)
			}
		}
	}
}

// each makes a request of every value, put in for "{}".
func eachOf(request string, values ...string) (all []string) {
	for _, value := range values {
		all = append(all, strings.ReplaceAll(request, "{}", value))
	}
	return all
}

// socket opens a WebSocket from an address with a token, "" for none, or tells the status.
func (w *attacked) socket(t testing.TB, local, path, token string) (*wsPeer, int) {
	t.Helper()
	dialer := ws.Dialer{Timeout: patience, NetDial: dialerFrom(local)}
	if token != "" {
		dialer.Protocols = []string{"authorization.bearer." + token}
	}
	conn, buffered, _, err := dialer.Dial(t.Context(), "ws://127.0.0.1:"+w.port+w.substitution.Replace(path))
	if status, is := err.(ws.StatusError); is {
		return nil, int(status)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	c := &wsPeer{t, conn, conn}
	if buffered != nil {
		c.in = io.MultiReader(io.LimitReader(buffered, int64(buffered.Buffered())), conn)
	}
	return c, http.StatusSwitchingProtocols
}

// heard returns the next text of a socket that holds want.
func (c *wsPeer) heard(want string) string {
	c.t.Helper()
	for {
		f, err := c.frameOf()
		if err != nil {
			c.t.Fatalf("while waiting for %q: %v", want, err)
		}
		switch {
		case f.Header.OpCode == ws.OpClose:
			c.t.Fatalf("closed with %q while waiting for %q", f.Payload, want)
		case f.Header.OpCode == ws.OpText && strings.Contains(string(f.Payload), want):
			return string(f.Payload)
		}
	}
}

var everyRole = []app.Role{app.Viewer, app.Agenda, app.Moderator, app.Operator, app.Controller, app.Admin}

// endpoints are where a WebSocket is to be had.
var endpoints = []string{"/", "/ws/{room}", timersPath, "/app/{key}", "/apps/{key}"}

func newAttacked(t *testing.T, edit ...func(*Config)) *attacked {
	core := realCore(t)
	signer, err := auth.OpenSigner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &attacked{core: core, overlays: t.TempDir(), tokens: map[app.Role]string{}, logged: &lines{}, signer: signer}
	if err := os.WriteFile(filepath.Join(w.overlays, "mine.html"), []byte("<p>mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.app = newApp(t, core, "alerts")
	private := true
	origins := []string{"https://panel.example"}
	if _, err := core.Do(t.Context(), app.UpdateApp{ID: w.app.ID, Fields: app.AppFields{ClientEvents: &private}}); err != nil {
		t.Fatal(err)
	}
	if _, err := core.Do(t.Context(), app.SetSettings{Fields: app.SettingsFields{AllowedOrigins: &origins}}); err != nil {
		t.Fatal(err)
	}
	w.Server = startOnLAN(t, core, append([]func(*Config){func(c *Config) {
		c.Signer, c.Overlays, c.Log = signer, w.overlays, slog.New(slog.NewTextHandler(w.logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
		c.Files, c.Backups, c.Logs, c.Support, c.TimerAPI = noFiles{}, noBackups{}, &fakeInsight{}, &fakeInsight{}, timerapi.New(timerapi.Config{Connections: 1 << 20})
		c.Limits = Limits{Strangers: 1 << 20, Devices: 1 << 20}
	}}, edit...)...)
	seconds, title := int64(60), "secret"
	made, err := core.Do(t.Context(), app.CreateQuick{Owner: "device-admin", Fields: app.QuickFields{Seconds: &seconds, Title: &title}})
	if err != nil {
		t.Fatal(err)
	}
	w.quick, w.room = made.ID, core.Snapshot().Rooms[0].Room.ShortCode
	_, w.port, _ = net.SplitHostPort(w.door.open[0].Addr().String())
	words := []string{"{port}", w.port, "{room}", w.room, "{key}", w.app.Key, "{app}", w.app.ID}
	for _, role := range everyRole {
		w.tokens[role] = tokenFor(t, w.Server, "device-"+string(role), role, time.Hour)
		words = append(words, "{"+string(role)+"}", w.tokens[role])
	}
	w.substitution = strings.NewReplacer(words...)
	return w
}

// Every subject's rows are told apart by what they say.
func TestAttackRowsAreTold(t *testing.T) {
	seen := map[string]bool{}
	plain := regexp.MustCompile(`^[^|\n]{3,}$`)
	for _, subject := range attackSubjects {
		for _, a := range subject.attacks {
			if seen[a.what] || !plain.MatchString(a.what) || !plain.MatchString(a.answer) || (a.try == nil) == (a.by == "") {
				t.Errorf("%s: %q, %q", subject.name, a.what, a.answer)
			}
			seen[a.what] = true
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %v", slices.Sorted(maps.Keys(seen)))
	}
}

// noFiles reads and writes no file.
type noFiles struct{}

var errNoFile = app.NewError(app.CodeInvalid, "", "not in this test", nil)

func (noFiles) ReadRundown(string, []byte) ([]app.TimerFields, any, error) {
	return nil, nil, errNoFile
}

func (noFiles) WriteRundown(string, *app.RoomState, string) ([]byte, string, error) {
	return nil, "", errNoFile
}

// noBackups makes the routes of backups exist; nobody who may not gets as far as its methods.
type noBackups struct{}

func (noBackups) List(context.Context) ([]app.Backup, error) { return nil, nil }

func (noBackups) Make(context.Context, app.BackupReason) (app.Backup, error) {
	return app.Backup{}, errNoFile
}

func (noBackups) Restore(context.Context, string) (app.Restored, error) {
	return app.Restored{}, errNoFile
}

func (noBackups) Read(string) (io.ReadSeekCloser, app.Backup, error) {
	return nil, app.Backup{}, errNoFile
}
func (noBackups) Dismiss(context.Context) error { return errNoFile }
func (noBackups) Folder() string                { return "" }
