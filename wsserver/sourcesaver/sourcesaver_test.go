package sourcesaver

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cuewire/app"
)

func TestValidPattern(t *testing.T) {
	for pattern, want := range map[string]bool{
		"*": true, "obs:*": true, "obs:sceneChanged": true, "quickTimers:complete": true, "clients:*": true, "obs:not_yet-known.2": true,
		"": false, "obs": false, "obs:": false, ":": false, ":*": false, "*:*": false, "**": false, "obs:**": false, "obs:scene*": false,
		"OBS:*": false, "obs:*:*": false, "obs:a:b": false, " obs:*": false, "obs:* ": false, "obs:é": false, "obs:\n": false, "invalid:*": false,
		"error:*": false, "subscription:confirmed": false, "obs:" + strings.Repeat("x", maxPatternLength): false,
	} {
		if got := validPattern(pattern); got != want {
			t.Errorf("%q: %v", pattern, got)
		}
	}
}

// A subscription gets what any of its patterns names, system events, and the
// heartbeat by name alone; and the audience does not depend on how it was asked for.
func TestAudienceIsItsPatterns(t *testing.T) {
	names := []string{
		"obs:sceneChanged", "obs:scene", "obs:statsUpdate", "timers:playback", "timers:create", "rooms:update", "sources:create",
		"system:statusChange", heartbeat, "quickTimers:create", "unknown:event",
	}
	patterns := []string{"*", "obs:*", "obs:scene", "obs:sceneChanged", "timers:*", "timers:create", "system:*", heartbeat, "system:error", "quickTimers:create"}
	rapid.Check(t, func(t *rapid.T) {
		held := rapid.SliceOfNDistinct(rapid.SampledFrom(patterns), 0, 6, rapid.ID).Draw(t, "held")
		a := audienceOf(held, false, owner{})
		for _, name := range names {
			space, _, _ := strings.Cut(name, ":")
			want := slices.Contains(held, "*") || slices.Contains(held, name) || slices.Contains(held, space+":*")
			if space == "system" {
				want = true
			}
			if name == heartbeat {
				want = false // it is no event of the bus; see Beats
			}
			if got := a.wants(name); got != want {
				t.Fatalf("%v, %s: %v", held, name, got)
			}
		}
		if a.heartbeat != slices.Contains(held, heartbeat) {
			t.Fatalf("%v: heartbeat %v", held, a.heartbeat)
		}
		shuffled := rapid.Permutation(held).Draw(t, "shuffled")
		if b := audienceOf(shuffled, false, owner{}); a != b {
			t.Fatalf("%v and %v are different audiences: %+v, %+v", held, shuffled, a, b)
		}
	})
}

func TestTooManyPatterns(t *testing.T) {
	c := open(t, app.Admin)
	var many []string
	for i := range maxPatterns + 1 {
		many = append(many, "obs:e"+strings.Repeat("x", i%100)+string(rune('a'+i/100)))
	}
	frame := receive(t, c, message(t, "subscribe", many))
	if frame.Data["code"] != codeTooMany || len(c.patterns) != 0 {
		t.Errorf("%v, holds %d", frame, len(c.patterns))
	}
	if frame := receive(t, c, message(t, "subscribe", many[1:])); frame.Event != "subscription:confirmed" {
		t.Errorf("%v", frame)
	}
}

func TestLimited(t *testing.T) {
	c := open(t, app.Admin)
	var frame parsed
	if err := json.Unmarshal(c.Limited(1500, 1_700_000_000_000)[0].Text, &frame); err != nil {
		t.Fatal(err)
	}
	if frame.Event != "error" || frame.Data["type"] != "rate_limit_exceeded" || frame.Data["retryAfter"] != 1500.0 || frame.ID == "" {
		t.Errorf("%+v", frame)
	}
	if l := New().Limits(); l.Messages != 1000 || l.Per != 10_000 {
		t.Errorf("%+v", l)
	}
}

// Notes and other clients are for operators and above.
func TestWhatViewersDoNotSee(t *testing.T) {
	d := New()
	timer := app.TimerView{Timer: &app.Timer{ID: "t", Notes: "secret"}}
	for name, test := range map[string]struct {
		body   app.EventBody
		frames int
	}{
		"a new timer":             {app.TimerCreated{RoomID: "r", Timer: timer}, 1},
		"notes and a name":        {app.TimerUpdated{RoomID: "r", Timer: timer, Changes: []string{"name", "notes"}}, 1},
		"notes alone":             {app.TimerUpdated{RoomID: "r", Timer: timer, Changes: []string{"notes"}}, 0},
		"a client":                {app.ClientConnected{Client: &app.Client{ID: "secret"}}, 0},
		"a client told of itself": {app.ClientUpdated{Client: &app.Client{ID: "secret"}}, 0},
		"a client gone":           {app.ClientDisconnected{Client: &app.Client{ID: "secret"}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			ev := app.Event{Seq: d.last + 1, At: 1, Body: test.body}
			viewers := d.Encode(ev, nil, audience{all: true})
			if len(viewers) != test.frames {
				t.Errorf("viewers get %d frames", len(viewers))
			}
			for _, f := range viewers {
				if strings.Contains(string(f.Text), "secret") || strings.Contains(string(f.Text), "notes") {
					t.Errorf("viewers get %s", f.Text)
				}
			}
			if operators := d.Encode(ev, nil, audience{all: true, operator: true}); len(operators) != 1 || !strings.Contains(string(operators[0].Text), "secret") {
				t.Errorf("operators get %+v", operators)
			}
		})
	}
	if timer.Notes != "secret" {
		t.Error("the shared timer was changed")
	}
}

// An event's frame is made once, and shared by all audiences that see the same.
func TestFrameIsShared(t *testing.T) {
	d := New()
	ev := app.Event{Seq: 7, At: app.InstantOf(time.Unix(0, 0)), Body: app.OBSSceneChanged{CurrentScene: "<A>"}}
	a, b := d.Encode(ev, nil, audience{all: true}), d.Encode(ev, nil, audience{spaces: 1 << 1})
	if &a[0].Text[0] != &b[0].Text[0] {
		t.Error("encoded twice")
	}
	var frame struct {
		Event, Timestamp, ID string
		Data                 struct{ CurrentScene, Timestamp string }
	}
	if err := json.Unmarshal(a[0].Text, &frame); err != nil {
		t.Fatal(err)
	}
	if frame.Timestamp != "1970-01-01T00:00:00.000Z" || frame.Data.Timestamp != frame.Timestamp || frame.Data.CurrentScene != "<A>" || !strings.HasSuffix(frame.ID, "-7") {
		t.Errorf("%+v", frame)
	}
}

type parsed struct {
	Event, Timestamp, ID string
	Data                 map[string]any
}

// decodeFrame keeps numbers as they are: a client's own come back in a pong.
func decodeFrame(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode(into)
}

func open(t testing.TB, role app.Role) *conversation {
	t.Helper()
	c, err := New().Open(app.Visitor{ID: "1", Role: role}, "", &app.Snapshot{})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conversation)
}

func message(t testing.TB, action string, events []string) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"action": action, "events": events})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// receive hands in a message and checks what every reply has.
func receive(t testing.TB, c *conversation, text []byte) parsed {
	t.Helper()
	step := c.Receive(text, &app.Snapshot{}, 1_700_000_000_000)
	if step.Hello != nil && len(step.Reply) == 0 {
		return parsed{} // it has no answer
	}
	if len(step.Reply) != 1 || step.Command != nil || step.Close != nil {
		t.Fatalf("%q: %+v", text, step)
	}
	var frame parsed
	if err := decodeFrame(step.Reply[0].Text, &frame); err != nil {
		t.Fatalf("%q: %v in %s", text, err, step.Reply[0].Text)
	}
	if frame.Event == "" || frame.Data == nil || frame.ID == "" || frame.Timestamp != "2023-11-14T22:13:20.000Z" {
		t.Fatalf("%q: %s", text, step.Reply[0].Text)
	}
	if step.State != nil {
		for _, f := range step.State(&app.Snapshot{}, 1_700_000_000_000) {
			if !json.Valid(f.Text) {
				t.Fatalf("%q: %s", text, f.Text)
			}
		}
	}
	return frame
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"action":"subscribe","events":["sources:*","obs:sceneChanged"],"snapshot":true}`, `{"action":"unsubscribe","events":["obs:*"]}`,
		`{"action":"ping","timestamp":"2024-01-15T16:30:00Z"}`, `{"action":"ping","timestamp":{"a":[1e400]}}`, `{"action":"subscribe","events":[null]}`,
		`{"action":"hello","url":"http://localhost:3000/overlay/obs?x","fps":60,"visible":true}`, `{"action":"hello","fps":"fast"}`,
		`{"action":"subscribe","events":"*"}`, `{"action":1}`, ``, `null`, `[]`, `"x"`, `{"action":"\ud800"}`, `{"ACTION":"ping"}`, `{"action":"ping"}{}`,
		`{"action":"subscribe","events":["*"],"events":["obs:*"]}`, strings.Repeat(`[`, 20_000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := open(t, app.Viewer)
		for range 2 {
			receive(t, c, slices.Clone(text))
			if len(c.patterns) > maxPatterns || slices.ContainsFunc(c.patterns, func(p string) bool { return !validPattern(p) }) {
				t.Fatalf("holds %q", c.patterns)
			}
		}
	})
}
