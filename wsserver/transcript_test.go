package wsserver

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
	"github.com/rogpeppe/go-internal/txtar"

	"cuewire/app"
	"cuewire/app/engine"
	"cuewire/app/store"
	"cuewire/wsserver/broadcastt"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
	"cuewire/wsserver/timerapi"
)

// A transcript (testdata/*.txtar) is one conversation, run against the dialect
// alone and against a live socket, both over a real engine with a real database.
//
//	connect PATH     opens the connection; the frames that greet it follow. Before it
//	                 only commands may stand
//	> TEXT           the client sends TEXT; the frames that follow from it come next
//	= COMMAND        somebody else changes something; likewise
//	< FRAME          a frame, with keys sorted, and in place of what differs from run to
//	                 run: <time>, <ms>, <id>, and $room, $code, $t1, $t2 … for known ids
//	< close CODE …   the connection is closed
//	! CODE           in place of frames: the connection is refused with this code
//
// go test -run Transcripts -update writes the frames anew. Read what it wrote.
var update = flag.Bool("update", false, "write the frames of the transcripts anew")

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			for i, file := range archive.Files {
				t.Run(file.Name, func(t *testing.T) {
					want := string(file.Data)
					if *update {
						want = play(t, want, alone)
						archive.Files[i].Data = []byte(want)
					}
					for kind, connect := range map[string]connector{"codec": alone, "socket": live} {
						if diff := cmp.Diff(want, play(t, want, connect)); diff != "" {
							t.Errorf("%s:\n%s", kind, diff)
						}
					}
				})
			}
		})
		if *update {
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// peer is the client's end of a conversation.
type peer interface {
	send(text string)
	next() string   // the next frame, or how the connection was closed
	socket() string // Broadcastt's id of it
	told()          // waits until everything that happened was written to it
}

type connector func(t *testing.T, core *engine.Engine, target *url.URL) (peer, error)

// play carries out a transcript's lines and returns it with the frames that came.
func play(t *testing.T, script string, connect connector) string {
	t.Helper()
	core := realCore(t)
	room := core.Snapshot().Rooms[0]
	known := map[string]string{room.Room.ID: "$room", room.Room.ShortCode: "$code"}
	for i, timer := range room.Timers {
		known[timer.ID] = fmt.Sprintf("$t%d", i+1)
	}
	var out strings.Builder
	var p peer
	marks := 0
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '<' || line[0] == '!' {
			continue
		}
		out.WriteString(line + "\n")
		filled := line
		for id, name := range known {
			filled = strings.ReplaceAll(filled, name, id)
		}
		filled = signChannels(core, p, filled)
		verb, rest, _ := strings.Cut(filled, " ")
		switch verb {
		case "#":
			continue
		case "connect":
			target, err := url.Parse(rest)
			if err != nil {
				t.Fatal(err)
			}
			if p, err = connect(t, core, target); err != nil {
				fmt.Fprintf(&out, "! %s\n", app.CodeOf(err))
				return out.String()
			}
		case ">":
			p.send(unquote(rest))
		case "=":
			if fields := strings.Fields(rest); fields[0] == "app" || fields[0] == "publish" {
				appCommand(t, core, rest, known)
			} else if id := command(t, core, rest); id != "" && known[id] == "" {
				known[id] = fmt.Sprintf("$n%d", len(known)-1-len(room.Timers))
			}
			if p == nil {
				continue
			}
		default:
			t.Fatalf("what is %q?", line)
		}
		marks++
		last := ""
		ask, mark := "", fmt.Sprintf(`{"type":"mark-%[1]d","action":"mark-%[1]d"}`, marks)
		switch {
		case strings.Contains(script, "connect /app"):
			mark = fmt.Sprintf(`{"event":"broadcastt:subscribe","data":{"channel":"mark-%d"}}`, marks)
		case strings.Contains(line, "request_state"): // asks already; of two answers the newer may go alone
		case strings.Contains(script, "connect /v1/"):
			ask = `{"type":"timer.sync"}`
		case strings.HasPrefix(script, "connect /ws/"):
			ask = `{"type":"request_state"}`
		default:
			ask = `{"action":"unsubscribe","events":[]}`
		}
		for _, frame := range untilMark(t, core, p, ask, mark, known) {
			if frame != last { // ticks of a running timer look the same
				out.WriteString("< " + frame + "\n")
			}
			last = frame
		}
	}
	return out.String()
}

// unquote lets a transcript hold what a line can't: a quoted Go string.
func unquote(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return text
}

// untilMark returns all frames that are due, or all until the connection was closed:
// it asks for something that is answered only once all that has happened was told,
// and takes that away again. The mark is a message that is refused, or in Broadcastt a
// channel to subscribe to.
func untilMark(t *testing.T, core *engine.Engine, p peer, ask, mark string, known map[string]string) []string {
	var frames []string
	if ask != "" {
		p.send(mark) // refused once what came before it was carried out
		early, closed := toMark(t, core, p, known)
		if frames = early; closed {
			return frames
		}
		p.told() // or the answer would take the place of an older frame that says the same
		p.send(ask)
	}
	p.send(mark)
	late, closed := toMark(t, core, p, known)
	if ask != "" && !closed {
		late = late[:len(late)-1]
	}
	return append(frames, late...)
}

// toMark returns the frames before the answer to a mark, or before the end.
func toMark(t *testing.T, core *engine.Engine, p peer, known map[string]string) (frames []string, closed bool) {
	for {
		frame := p.next()
		switch {
		case strings.HasPrefix(frame, "close "):
			return append(frames, frame), true
		case strings.Contains(frame, `"channel":"mark-`) && strings.Contains(frame, "subscription_error"):
			continue // the app is gone, and the close frame on its way
		case strings.Contains(frame, ": mark-") || strings.Contains(frame, `"channel":"mark-`):
			return frames, false
		}
		documents().told(t, frame)
		if strings.Contains(frame, `"event":"system:heartbeat"`) {
			continue // when it comes is the clock's business
		}
		nameQuick(core, known)
		frames = append(frames, plain(t, frame, known))
	}
}

var (
	isTime  = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	hasZone = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}([+-]\d\d:\d\d)$`)
	isUUID  = regexp.MustCompile(`^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)
	isMsgID = regexp.MustCompile(`^(msg|sub)-[0-9a-z-]+$`)
)

// plain replaces what differs from run to run.
func plain(t *testing.T, frame string, known map[string]string) string {
	var value any
	if err := json.Unmarshal([]byte(frame), &value); err != nil {
		t.Fatalf("%v in %s", err, frame)
	}
	text, err := json.Marshal(plainValue("", value, known))
	if err != nil {
		t.Fatal(err)
	}
	return unescape.Replace(string(text))
}

var unescape = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

func plainValue(key string, value any, known map[string]string) any {
	switch v := value.(type) {
	case map[string]any:
		for k, inner := range v {
			v[k] = plainValue(k, inner, known)
		}
		if v["state"] == "running" || v["state"] == "paused" {
			v["elapsed_ms"] = "<ms>"
		}
		return v
	case []any:
		for i, inner := range v {
			v[i] = plainValue("", inner, known)
		}
		return v
	case string:
		var inner any
		if key == "data" && json.Unmarshal([]byte(v), &inner) == nil { // JSON in a string
			text, _ := json.Marshal(plainValue("", inner, known))
			return unescape.Replace(string(text))
		}
		if zone := hasZone.FindStringSubmatch(v); zone != nil {
			return "<time" + zone[1] + ">"
		}
		switch {
		case known[v] != "":
			return known[v]
		case isTime.MatchString(v) || key == "created_at" || key == "updated_at" || sourceTime(key):
			return "<time>"
		case key == "channel" && strings.HasPrefix(v, "room-"):
			return "room-" + known[v[len("room-"):]]
		case key == "socket_id":
			return "<socket>"
		case isMsgID.MatchString(v) || isUUID.MatchString(v):
			return "<id>"
		case key == "zone": // this computer's
			return "<zone>"
		}
	case float64:
		if key == "elapsedTime" || key == "elapsed_time" || key == "elapsed" {
			return "<s>"
		}
		if key == "server_time" || key == "show_start" || key == "roll_at" || key == "serverTime" || key == "connectedAt" || key == "retry_after_ms" || key == "retryAfter" {
			return "<ms>"
		}
	}
	return value
}

// nameQuick gives the quick timers that have come names: $q1, $q2 …
func nameQuick(core *engine.Engine, known map[string]string) {
	named := 0
	for _, name := range known {
		if strings.HasPrefix(name, "$q") {
			named++
		}
	}
	for _, timer := range core.Snapshot().QuickTimers {
		if known[timer.ID] == "" {
			named++
			known[timer.ID] = fmt.Sprintf("$q%d", named)
		}
	}
}

// command changes something, as another client would, and returns the id of what
// was made.
func command(t *testing.T, core *engine.Engine, line string) (id string) {
	t.Helper()
	room := core.Snapshot().Rooms[0].Room.ID
	fields := strings.SplitN(line, " ", 4)
	for len(fields) < 4 {
		fields = append(fields, "")
	}
	rest := strings.TrimSpace(strings.Join(fields[2:], " "))
	read := func(text string, into any) {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
	}
	var cmd app.Command
	switch fields[0] + " " + fields[1] {
	case "timer create":
		var f app.TimerFields
		read(rest, &f)
		cmd = app.CreateTimer{RoomID: room, Fields: f}
	case "timer update":
		var f app.TimerFields
		read(fields[3], &f)
		cmd = app.UpdateTimer{RoomID: room, TimerID: fields[2], Fields: f}
	case "timer delete":
		cmd = app.DeleteTimer{RoomID: room, TimerID: fields[2]}
	case "message create":
		var f app.MessageFields
		read(rest, &f)
		cmd = app.CreateMessage{RoomID: room, Fields: f}
	case "message update":
		var f app.MessageFields
		read(fields[3], &f)
		cmd = app.UpdateMessage{RoomID: room, MessageID: fields[2], Fields: f}
	case "message delete":
		cmd = app.DeleteMessage{RoomID: room, MessageID: fields[2]}
	case "room create":
		cmd = app.CreateRoom{Name: rest}
	case "room rename":
		cmd = app.UpdateRoom{RoomID: room, Name: &rest}
	case "room delete":
		cmd = app.DeleteRoom{RoomID: room}
	case "aux create":
		var f app.AuxFields
		read(rest, &f)
		cmd = app.CreateAux{RoomID: room, Fields: f}
	case "aux update":
		var f app.AuxFields
		read(fields[3], &f)
		cmd = app.UpdateAux{RoomID: room, ID: fields[2], Fields: f}
	case "aux delete":
		cmd = app.DeleteAux{RoomID: room, ID: fields[2]}
	case "sound play":
		tell(t, core, app.PlaySound{RoomID: room, TimerID: fields[2], Sound: app.Sound(fields[3])})
		return ""
	case "questions open":
		open := rest == "true"
		cmd = app.UpdateRoom{RoomID: room, AskOpen: &open}
	case "question ask":
		cmd = app.AskQuestion{RoomID: room, Name: "Ana", Text: rest}
	case "question delete":
		cmd = app.DeleteQuestion{RoomID: room, ID: fields[2]}
	case "preset put":
		cmd = app.PutPreset{Name: fields[2], Params: &fields[3]}
	case "preset delete":
		cmd = app.DeletePreset{Name: fields[2]}
	case "quick create":
		seconds, err := strconv.ParseInt(fields[3], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		cmd = app.CreateQuick{Owner: fields[2], Fields: app.QuickFields{Seconds: &seconds}}
	case "quick pause", "quick resume", "quick stop":
		cmd = app.PressQuick{ID: fields[2], Action: app.QuickAction(fields[1])}
	case "quick update":
		var f app.QuickFields
		read(fields[3], &f)
		cmd = app.UpdateQuick{ID: fields[2], Fields: f}
	case "quick delete":
		cmd = app.DeleteQuick{ID: fields[2]}
	case "settings language":
		cmd = app.SetSettings{Fields: app.SettingsFields{Language: &rest}}
	case "obs connect":
		tell(t, core, app.OBSPhaseFact{
			At: core.Now(), Phase: app.OBSConnected, Host: "127.0.0.1", Port: 4455,
			ConnectionID: "obs-conn-1", OBSVersion: "30.0.0", WebSocketVersion: "5.0.0",
		})
		tell(t, core, app.OBSResyncFact{Scenes: []app.OBSScene{{Name: "Main Scene"}, {Name: "BRB Scene"}}, CurrentScene: "Main Scene"})
		return ""
	case "obs lost":
		tell(t, core, app.OBSPhaseFact{At: core.Now(), Phase: app.OBSLost, Host: "127.0.0.1", Port: 4455})
		return ""
	case "obs scene":
		tell(t, core, app.OBSSceneFact{Scene: rest})
		return ""
	case "obs stats":
		tell(t, core, app.OBSStatsFact{Stats: app.OBSStats{CPUUsage: 15.5, MemoryUsage: 512.5, FPS: 60, RenderTime: 8.25, OutputTotalFrames: 3600}})
		return ""
	case "alert begin":
		cause := app.Cause{Code: "cpu_other", Message: "Another program uses most of the processor.", Key: "alert.cause.cpu_other"}
		tell(t, core, app.AlertFact{Alert: app.Alert{
			Type: "high_cpu_usage", Value: 97.5, Threshold: 90, Severity: app.Severity(rest), Source: "system", Unit: "%", RuleID: "host-cpu",
			Message: "System CPU usage is above threshold: 98 % (limit 90 %).", Key: "alert.high_cpu_usage", Active: true, Since: 1_790_000_000_000,
			Args: map[string]any{"Value": "98", "Threshold": "90"}, Cause: &cause,
		}})
		return ""
	case "alert end":
		end := app.Instant(1_790_000_060_000)
		tell(t, core, app.AlertFact{Alert: app.Alert{
			Type: "high_cpu_usage", Value: 60, Threshold: 90, Severity: app.SeverityCritical, Source: "system", Unit: "%", RuleID: "host-cpu",
			Message: "System CPU usage is fine again: 60 %.", Key: "alert.high_cpu_usage.ended", ClearedAt: &end,
			Args: map[string]any{"Value": "60", "Threshold": "90"},
		}})
		return ""
	case "rules set":
		rules := []app.AlertRule{}
		read(rest, &rules)
		cmd = app.SetAlertRules{Rules: rules}
	case "maintenance set":
		var m app.Maintenance
		read(rest, &m)
		cmd = app.SetMaintenance{Maintenance: m}
	case "host sample":
		cpu, used, total := 15.5, 512.0, 2048.0
		tell(t, core, app.RecordSample{Sample: app.Sample{HostCPU: &cpu, MemoryUsed: &used, MemoryTotal: &total, Uptime: 3600}})
		return ""
	case "do " + fields[1]:
		cmd = libraryCommand(t, fields[1], rest)
	default:
		c := app.Control{RoomID: room, Action: app.Action(fields[0]), ID: fields[1]}
		if value, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
			c.Value, c.ID = (*app.Millis)(&value), ""
		}
		cmd = c
	}
	result, err := core.Do(t.Context(), cmd)
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	if fields[0] == "preset" || fields[0] == "quick" {
		return "" // its name is no id
	}
	return result.ID
}

// tell hands in a fact and waits until it has happened.
func tell(t *testing.T, core *engine.Engine, fact app.Command) {
	t.Helper()
	before := core.Snapshot().Seq
	watch := core.Watch()
	defer watch.Close()
	if err := core.Tell(t.Context(), fact); err != nil {
		t.Fatal(err)
	}
	for core.Snapshot().Seq == before {
		if _, err := watch.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// realCore is an engine over a database file, with one room of two timers.
func realCore(t testing.TB) *engine.Engine {
	t.Helper()
	core, _, _ := coreOnDisk(t)
	return core
}

var discard = slog.New(slog.DiscardHandler)

func coreOnDisk(t testing.TB) (core *engine.Engine, disk *store.Store, dir string) {
	t.Helper()
	dir = t.TempDir()
	disk, err := store.Open(t.Context(), store.Config{Dir: dir, Log: discard})
	if err != nil {
		t.Fatal(err)
	}
	timer := func(name, notes string, duration app.Millis) app.TimerFields {
		return app.TimerFields{Name: &name, Notes: &notes, Duration: &duration}
	}
	core, err = engine.Open(t.Context(), engine.Config{Store: disk, Example: engine.Example{
		Room: "Main", Timers: []app.TimerFields{timer("Opening", "smile", 300_000), timer("Talk", "", 1_200_000)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- core.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	return core, disk, dir
}

// live is a real socket.
func live(t *testing.T, core *engine.Engine, target *url.URL) (peer, error) {
	s := start(t, core, withTokens(t))
	var header http.Header
	if subject := target.Fragment; subject != "" {
		header = bearer(tokenFor(t, s, subject, app.Viewer, time.Hour))
	}
	conn, code, err := tryDialWith(s, target.RequestURI(), header)
	if err != nil {
		return nil, app.NewError(code, "", err.Error(), nil)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	return socketPeer{&client{t, conn}, new(string), s}, nil
}

type socketPeer struct {
	*client
	id  *string
	srv *Server
}

func (p socketPeer) told() {
	p.t.Helper()
	eventually(p.t, "everything is written", func() bool {
		seq := p.srv.core.Snapshot().Seq
		for _, d := range p.srv.desks {
			d.mu.Lock()
			behind := d.snap != nil && (d.snap.Seq < seq || d.midway) || d.snap == nil && d.here > 0
			d.mu.Unlock()
			if behind || slices.ContainsFunc(d.wheel.all(), func(c *session) bool {
				c.mu.Lock()
				defer c.mu.Unlock()
				return c.backlog > 0
			}) {
				return false
			}
		}
		return true
	})
}

func (p socketPeer) socket() string { return *p.id }

func (p socketPeer) next() string {
	_, text, err := p.ReadMessage()
	if closed, ok := errors.AsType[*websocket.CloseError](err); ok {
		return closedWith(closed.Code, closed.Text)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	if *p.id == "" {
		*p.id = socketID.FindString(string(text))
	}
	return string(text)
}

// send writes; what a connection that is being closed does not take shows in next.
func (p socketPeer) send(text string) { _ = p.WriteMessage(websocket.TextMessage, []byte(text)) }

// closedWith is how a transcript tells the end of a connection.
func closedWith(code int, reason string) string { return fmt.Sprintf("close %d %s", code, reason) }

// alone is the dialect without a socket.
func alone(t *testing.T, core *engine.Engine, target *url.URL) (peer, error) {
	var dialect app.Dialect = sourcesaver.New()
	first, ref, _ := strings.Cut(strings.TrimPrefix(target.Path, "/"), "/")
	switch first {
	case "ws":
		dialect = palcotimer.New()
	case "v1":
		dialect = timerapi.New(timerapi.Config{})
	case "app", "apps":
		dialect = broadcastt.New()
	}
	snap, stream := core.Follow(1 << 16)
	t.Cleanup(stream.Close)
	talk, err := dialect.Open(app.Visitor{ID: "1", Role: app.Admin, Local: true, Address: "127.0.0.1", Subject: target.Fragment, Query: target.Query()}, ref, snap)
	if err != nil {
		return nil, err
	}
	p := &codecPeer{t: t, core: core, dialect: dialect, talk: talk, stream: stream, snap: snap, audience: talk.Audience()}
	p.add(talk.Greet(snap, core.Now()))
	if stating, ok := talk.(app.Stating); ok {
		p.add(stating.State(snap, core.Now()))
	}
	return p, nil
}

func (p *codecPeer) told() {}

// codecPeer does what a session and a broadcaster do, one after the other.
type codecPeer struct {
	t        *testing.T
	core     *engine.Engine
	dialect  app.Dialect
	talk     app.Conversation
	stream   app.Stream
	snap     *app.Snapshot
	audience app.Audience
	frames   []string
	closed   bool
}

func (p *codecPeer) add(frames []app.Frame) {
	for _, f := range frames {
		if p.closed || f.Except == "1" {
			continue
		}
		p.frames = append(p.frames, string(f.Text))
		if f.Close != nil {
			p.closed = true
			p.frames = append(p.frames, closedWith(f.Close.Code, f.Close.Reason))
		}
	}
}

func (p *codecPeer) catchUp() {
	for p.snap.Seq < p.core.Snapshot().Seq {
		update, err := p.stream.Next(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		p.snap = update.Snapshot
		for _, event := range update.Events {
			if p.audience == nil {
				continue
			}
			p.add(p.dialect.Encode(event, update.Snapshot, p.audience))
		}
	}
}

func (p *codecPeer) send(text string) {
	p.catchUp()
	if p.closed {
		return
	}
	buffer := []byte(text)
	step := p.talk.Receive(buffer, p.snap, p.core.Now())
	for i := range buffer {
		buffer[i] = '#' // it is the caller's again
	}
	p.add(step.Reply)
	if step.Command != nil {
		if _, err := p.core.Do(p.t.Context(), step.Command); err != nil {
			p.add(p.talk.Refused(err, p.core.Now()))
			step.Join, step.State = nil, nil
		}
	}
	p.catchUp()
	if step.Join != nil {
		if !reflect.TypeOf(step.Join).Comparable() {
			p.t.Fatalf("audience %v is not comparable", step.Join)
		}
		p.audience = step.Join
	}
	if step.State != nil {
		p.add(step.State(p.snap, p.core.Now()))
	}
}

func (p *codecPeer) socket() string { return p.talk.Client().SocketID }

func (p *codecPeer) next() string {
	if len(p.frames) == 0 {
		p.t.Fatal("no frame is due")
	}
	frame := p.frames[0]
	p.frames = p.frames[1:]
	return frame
}
