package timerapi

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"cuewire/app"
)

func open(t testing.TB, subject, query string) *conversation {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Config{}).Open(app.Visitor{ID: "1", Role: app.Viewer, Subject: subject, Query: values}, "", &app.Snapshot{})
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conversation)
}

func TestPublishedLimits(t *testing.T) {
	l := New(Config{}).Limits()
	if l.Opens != 10 || l.OpensPer != 60_000 || l.Messages != 120 || l.Per != 60_000 || !l.Personal {
		t.Errorf("%+v", l)
	}
}

func TestZone(t *testing.T) {
	const noon = app.Instant(1_700_000_000_000) // 22:13:20 UTC
	for asked, want := range map[string]string{
		"": "2023-11-14T22:13:20.000Z", "Asia/Seoul": "2023-11-15T07:13:20.000+09:00", "%2B09:00": "2023-11-15T07:13:20.000+09:00",
		"+09:00": "2023-11-15T07:13:20.000+09:00", "-03:30": "2023-11-14T18:43:20.000-03:30", "America/Sao_Paulo": "2023-11-14T19:13:20.000-03:00",
		"Mars/Phobos": "2023-11-14T22:13:20.000Z", "Local": "2023-11-14T22:13:20.000Z", "../../etc/passwd": "2023-11-14T22:13:20.000Z",
		"+25:00": "2023-11-14T22:13:20.000Z", "Etc/GMT+9": "2023-11-14T13:13:20.000-09:00", "+00:00": "2023-11-14T22:13:20.000Z",
	} {
		c := open(t, "ana", "timezone="+asked)
		timer := app.QuickTimer{ID: "q", Owner: "ana", Status: app.QuickRunning, Since: noon, StartedAt: noon, CreatedAt: noon, UpdatedAt: noon}
		frames := c.dialect.Encode(app.Event{Seq: 1, At: noon, Body: app.QuickTimerChanged{Change: app.QuickCreated, Timer: timer.At(noon, noon.Time().Location())}}, nil, c.here)
		var got struct {
			Payload struct {
				Timer struct{ StartedAt, CreatedAt string }
			}
		}
		if err := json.Unmarshal(frames[0].Text, &got); err != nil {
			t.Fatal(err)
		}
		if got.Payload.Timer.StartedAt != want || got.Payload.Timer.CreatedAt != want {
			t.Errorf("%q: %s, want %s", asked, got.Payload.Timer.StartedAt, want)
		}
	}
}

func TestOthersGetNothing(t *testing.T) {
	c := open(t, "ana", "")
	event := app.Event{Seq: 1, Body: app.QuickTimerChanged{Change: app.QuickCreated, Timer: app.QuickView{Owner: "bob"}}}
	if frames := c.dialect.Encode(event, nil, c.here); len(frames) != 0 {
		t.Errorf("%s", frames[0].Text)
	}
	snap := &app.Snapshot{QuickTimers: []*app.QuickTimer{{ID: "b", Owner: "bob", Status: app.QuickRunning}, {ID: "a", Owner: "ana", Status: app.QuickCompleted}}}
	if text := string(c.sync(snap, 1)[0].Text); text != `{"type":"timer.synced","payload":{"timers":[]}}` {
		t.Error(text)
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"type":"timer.create","payload":{"scheduleId":"s","todoId":null,"allocatedDuration":3600}}`,
		`{"type":"timer.create","payload":{"schedule_id":"s","allocated_duration":3.6e3}}`, `{"type":"timer.create","payload":{"allocatedDuration":1e400}}`,
		`{"type":"timer.create","payload":{"allocatedDuration":"60"}}`, `{"type":"timer.create","payload":{"allocatedDuration":-0.5}}`,
		`{"type":"timer.pause","payload":{"timerId":"x"}}`, `{"type":"timer.resume","payload":{"timer_id":"x"}}`, `{"type":"timer.stop","payload":[]}`,
		`{"type":"timer.sync"}`, `{"type":"timer.sync","payload":7}`, `{"type":"nothing"}`, `{"type":7}`, ``, `null`, `[]`, `"x"`, `{"type":"\ud800"}`,
		`{"TYPE":"timer.sync"}`, `{"type":"timer.sync"}{}`, `{"type":"timer.create"}`, strings.Repeat(`[`, 20_000),
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	snap := &app.Snapshot{QuickTimers: []*app.QuickTimer{{ID: "x", Owner: "ana", Status: app.QuickRunning}}}
	f.Fuzz(func(t *testing.T, text []byte, momeet bool) {
		query := "timezone=Asia/Seoul"
		if momeet {
			query += "&dialect=momeet"
		}
		c := open(t, "ana", query)
		step := c.Receive(slices.Clone(text), snap, 1_700_000_000_000)
		if step.State != nil {
			step.Reply = append(step.Reply, step.State(snap, 1_700_000_000_000)...)
		}
		if (len(step.Reply) == 0) == (step.Command == nil) || step.Close != nil {
			t.Fatalf("%q: %+v", text, step)
		}
		for _, frame := range step.Reply {
			if !json.Valid(frame.Text) || frame.Close != nil {
				t.Fatalf("%q: %s", text, frame.Text)
			}
		}
		switch cmd := step.Command.(type) {
		case app.CreateQuick:
			if cmd.Owner != "ana" {
				t.Fatalf("%q acts as %q", text, cmd.Owner)
			}
		case app.PressQuick:
			if cmd.Owner != "ana" || cmd.ID == "" {
				t.Fatalf("%q acts as %q on %q", text, cmd.Owner, cmd.ID)
			}
		case nil:
		default:
			t.Fatalf("%q: %T", text, cmd)
		}
	})
}
