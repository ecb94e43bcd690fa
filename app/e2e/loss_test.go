package e2e

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// writer is a client that counts up: each of its commands writes the next number.
type writer struct {
	name string
	// connect makes what writes one number and returns when that was acknowledged as
	// being on disk, or fails.
	connect func(p *program) (write func(n int) error, close func(), err error)
	stored  func(p *program) int // the number that is there after a start
	acked   atomic.Int64
}

// TestAcknowledgedCommandsSurviveKill9UnderLoad kills Cuewire at random moments while
// clients of three dialects write and one listens, and looks for everything that it
// acknowledged or told of.
func TestAcknowledgedCommandsSurviveKill9UnderLoad(t *testing.T) {
	dir := t.TempDir()
	args := []string{"--no-obs", "--timer-messages", "1000000", "--timer-connections", "1000000"}
	p := start(t, dir, args...)
	token := p.token("ana")
	room := func(name string) string {
		id, _ := p.call("POST", "/api/v1/rooms", `{"name":"`+name+`"}`)["id"].(string)
		p.call("POST", "/api/v1/rooms/"+id+"/timers", `{"name":"0","duration_ms":1000}`)
		return id
	}
	byREST, bySocket := room("REST"), room("socket")
	timers := "/api/v1/rooms/" + byREST + "/timers"
	timer := timers + "/" + p.call("GET", timers, "")["timers"].([]any)[0].(map[string]any)["id"].(string)
	messages := "/api/v1/rooms/" + byREST + "/messages"
	message := messages + "/" + p.call("POST", messages, `{"text":"0"}`)["id"].(string)
	source := "/api/sources/" + p.call("POST", "/api/sources", `{"name":"0","url":"https://example.invalid/"}`)["id"].(string)
	writers := []*writer{
		restWriter("a timer by REST", timer, "name"),
		restWriter("a message by REST", message, "text"),
		restWriter("a source by REST", source, "name"),
		{name: "time by PalcoTimer", connect: func(p *program) (func(int) error, func(), error) {
			return socketWriter(p, "/ws/"+bySocket+"?output=controller", nil,
				func(int) string { return `{"type":"control","action":"add_time","value":1000}` },
				func(f frame, n int) bool {
					return f["type"] == "playback_status" && f["duration_ms"] == float64(1000+1000*n)
				})
		}, stored: func(p *program) int {
			s := p.dial("/ws/" + bySocket)
			defer s.conn.Close()
			s.send(`{"type":"request_state"}`)
			f := s.until("the room", func(f frame) bool { return f["type"] == "room" })
			return int(f["playback"].(map[string]any)["duration_ms"].(float64)-1000) / 1000
		}},
		{name: "quick timers by the Timer API", connect: func(p *program) (func(int) error, func(), error) {
			return socketWriter(p, "/v1/ws/timers", http.Header{"Authorization": {"Bearer " + token}},
				func(n int) string {
					return fmt.Sprintf(`{"type":"timer.create","payload":{"allocatedDuration":60,"title":"%d"}}`, n)
				},
				func(f frame, n int) bool {
					if f["type"] != "timer.created" {
						return false
					}
					timer, _ := f["payload"].(map[string]any)["timer"].(map[string]any)
					return timer["title"] == strconv.Itoa(n)
				})
		}, stored: func(p *program) int {
			most := 0
			for _, timer := range quickTimers(p, token) {
				most = max(most, timer.number())
			}
			return most
		}},
	}
	count := rounds(25, 500)
	var starts []time.Duration
	var acked, ahead int64
	for round := range count {
		heard := underLoad(p, writers, byREST, time.Duration(rand.IntN(rounds(120, 250)))*time.Millisecond)
		if verdict := integrityOf(t, dir); verdict != "ok" {
			t.Fatalf("round %d: %s", round, verdict)
		}
		if round%8 == 7 { // killed while it starts, too
			killStarting(t, dir, time.Duration(rand.IntN(400))*time.Millisecond, args...)
		}
		began := time.Now()
		p = start(t, dir, args...)
		starts = append(starts, time.Since(began))
		for i, w := range writers {
			known, stored := w.acked.Load(), int64(w.stored(p))
			if stored != known && stored != known+1 { // one more may have been on its way
				t.Fatalf("round %d: %s: %d was acknowledged, %d is there", round, w.name, known, stored)
			}
			if i == 0 && heard > stored {
				t.Fatalf("round %d: %d was told of on the bus, %d is there", round, heard, stored)
			}
			ahead += stored - known
			w.acked.Store(stored)
		}
		if round%20 == 19 { // a person has 1,000 timers that have not ended, at most
			endQuick(p, token)
		}
	}
	for _, w := range writers {
		acked += w.acked.Load()
		if w.acked.Load() == 0 {
			t.Errorf("%s: nothing was ever written", w.name)
		}
	}
	slices.Sort(starts)
	at := func(part int) time.Duration { return starts[(len(starts)-1)*part/100].Round(time.Millisecond) }
	t.Logf("%d kills, %d acknowledged commands, %d more were on disk before their acknowledgement; a start took %v (median), %v (99 %%), %v at most",
		count, acked, ahead, at(50), at(99), at(100))
	// A second is asked for; a test on a busy machine asserts five times that.
	if at(50) > 5*time.Second {
		t.Errorf("a start took %v", at(50))
	}
}

// restWriter writes into a field of a thing by PUT.
func restWriter(name, path, field string) *writer {
	return &writer{
		name: name,
		connect: func(p *program) (func(int) error, func(), error) {
			client := &http.Client{Transport: &http.Transport{}}
			return func(n int) error {
				request, err := http.NewRequest("PUT", p.URL+path, strings.NewReader(fmt.Sprintf(`{%q:"%d"}`, field, n)))
				if err != nil {
					return err
				}
				request.Header.Set("Content-Type", "application/json")
				answer, err := client.Do(request)
				if err != nil {
					return err
				}
				defer answer.Body.Close()
				if _, err := io.Copy(io.Discard, answer.Body); err != nil {
					return err
				}
				if answer.StatusCode != http.StatusOK || answer.Header.Get("Cuewire-Durable") != "true" {
					return fmt.Errorf("%s, durable %q", answer.Status, answer.Header.Get("Cuewire-Durable"))
				}
				return nil
			}, client.CloseIdleConnections, nil
		},
		stored: func(p *program) int {
			text, _ := p.call("GET", path, "")[field].(string)
			n, err := strconv.Atoi(text)
			if err != nil {
				p.t.Fatalf("%s: %v", name, err)
			}
			return n
		},
	}
}

// socketWriter writes by a frame, and waits for the one that acknowledges it.
func socketWriter(p *program, path string, header http.Header, write func(n int) string, acknowledges func(f frame, n int) bool) (func(int) error, func(), error) {
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(p.URL, "http")+path, header)
	if err != nil {
		return nil, nil, err
	}
	return func(n int) error {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(write(n))); err != nil {
			return err
		}
		for {
			_, text, err := conn.ReadMessage()
			if err != nil {
				return err
			}
			var f frame
			if err := json.Unmarshal(text, &f); err != nil {
				return err
			}
			if f["type"] == "error" {
				return fmt.Errorf("refused: %s", text)
			}
			if acknowledges(f, n) {
				return nil
			}
		}
	}, func() { conn.Close() }, nil
}

// underLoad has the writers write, and kills the program after a while. It returns the
// highest name of a timer in the room that Source Saver's bus told of.
func underLoad(p *program, writers []*writer, room string, while time.Duration) (heard int64) {
	p.t.Helper()
	bus := p.dial("/")
	bus.send(`{"action":"subscribe","events":["timers:update"]}`)
	bus.until("the subscription", func(f frame) bool { return f["event"] == "subscription:confirmed" })
	bus.conn.SetReadDeadline(time.Time{})
	var clients sync.WaitGroup
	clients.Go(func() {
		for {
			_, text, err := bus.conn.ReadMessage()
			if err != nil {
				return // killed
			}
			var f struct {
				Data struct {
					RoomID string
					Timer  struct{ Name string }
				}
			}
			if json.Unmarshal(text, &f) == nil && f.Data.RoomID == room {
				n, _ := strconv.ParseInt(f.Data.Timer.Name, 10, 64)
				heard = max(heard, n)
			}
		}
	})
	refused := make(chan error, len(writers))
	for _, w := range writers {
		write, closeIt, err := w.connect(p)
		if err != nil {
			p.t.Fatalf("%s: %v", w.name, err)
		}
		clients.Go(func() {
			defer closeIt()
			for {
				n := int(w.acked.Load()) + 1
				if err := write(n); err != nil {
					if strings.Contains(err.Error(), "durable") || strings.Contains(err.Error(), "refused: ") {
						refused <- fmt.Errorf("%s: %w", w.name, err)
					}
					return
				}
				w.acked.Store(int64(n))
			}
		})
	}
	select {
	case <-time.After(while): // the moment of the kill is by chance
	case err := <-refused:
		p.t.Fatal(err)
	}
	p.kill()
	clients.Wait()
	bus.conn.Close()
	return heard
}

// killStarting starts Cuewire and kills it before long.
func killStarting(t *testing.T, dir string, after time.Duration, args ...string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := program{t: t, cmd: command(path, t.TempDir(), dir, "127.0.0.1:0", args...), exited: make(chan struct{})}
	if err := cmd.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = cmd.cmd.Wait() // killed
		close(cmd.exited)
	}()
	select {
	case <-time.After(after):
	case <-cmd.exited:
		t.Fatal("it ended by itself")
	}
	cmd.kill()
}

// quickTimer is one of the Timer API, whose title is the number that was written.
type quickTimer struct{ ID, Title string }

func (q quickTimer) number() int {
	n, _ := strconv.Atoi(q.Title)
	return n
}

func quickTimers(p *program, token string) []quickTimer {
	p.t.Helper()
	var answer struct{ Timers []quickTimer }
	if err := json.Unmarshal(withToken(p, token, "GET", "/v1/timers"), &answer); err != nil {
		p.t.Fatal(err)
	}
	return answer.Timers
}

// endQuick deletes the person's timers but the last one.
func endQuick(p *program, token string) {
	list := quickTimers(p, token)
	slices.SortFunc(list, func(a, b quickTimer) int { return a.number() - b.number() })
	for _, timer := range list[:max(0, len(list)-1)] {
		withToken(p, token, "DELETE", "/v1/timers/"+timer.ID)
	}
}

func withToken(p *program, token, method, path string) []byte {
	p.t.Helper()
	request, err := http.NewRequest(method, p.URL+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(answer.Body); err != nil || answer.StatusCode/100 != 2 {
		p.t.Fatalf("%s %s: %s %v", method, path, answer.Status, err)
	}
	return text.Bytes()
}

// integrityOf looks at a copy of the database as the kill left it, log and all.
func integrityOf(t *testing.T, dir string) (verdict string) {
	t.Helper()
	left := t.TempDir()
	for _, name := range []string{"cuewire.db", "cuewire.db-wal"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(left, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", filepath.Join(left, "cuewire.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil {
		t.Fatal(err)
	}
	return verdict
}
