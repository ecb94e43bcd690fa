package palcotimer

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"

	"cuewire/app"
)

var stage = &app.Snapshot{Rooms: []*app.RoomState{{
	Room:     &app.Room{ID: "room-1", ShortCode: "ABC234", Name: "Main"},
	Timers:   []*app.Timer{{ID: "t1", Name: "Opening", Notes: "secret"}},
	Playback: app.Playback{State: app.Stopped, CurrentTimerID: "t1", Duration: 300_000},
}}}

func open(t testing.TB, role app.Role, query string) (*conversation, error) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New().Open(app.Visitor{ID: "1", Role: role, Query: values}, "abc234", stage)
	if err != nil {
		return nil, err
	}
	return c.(*conversation), nil
}

func TestOpen(t *testing.T) {
	for name, test := range map[string]struct {
		role  app.Role
		query string
		code  app.Code
		here  audience
	}{
		"no output is viewer":      {app.Admin, "", "", audience{"room-1", public, true}},
		"viewer":                   {app.Viewer, "output=viewer", "", audience{"room-1", public, true}},
		"agenda":                   {app.Viewer, "output=agenda", "", audience{"room-1", public, true}},
		"moderator":                {app.Admin, "output=moderator", "", audience{"room-1", moderates, true}},
		"operator":                 {app.Admin, "output=operator", "", audience{"room-1", backstage, true}},
		"controller without ticks": {app.Controller, "output=controller&ticks=0", "", audience{"room-1", backstage, false}},
		"ticks=1":                  {app.Admin, "ticks=1", "", audience{"room-1", public, true}},
		"more than allowed":        {app.Viewer, "output=controller", app.CodeForbidden, audience{}},
		"a little more":            {app.Operator, "output=controller", app.CodeForbidden, audience{}},
		"admin is no output":       {app.Admin, "output=admin", app.CodeInvalid, audience{}},
		"unknown":                  {app.Admin, "output=tv", app.CodeInvalid, audience{}},
	} {
		c, err := open(t, test.role, test.query)
		if app.CodeOf(err) != test.code || err == nil && c.here != test.here {
			t.Errorf("%s: %v, %+v", name, err, c)
		}
	}
	if c, err := open(t, app.Admin, "name="+strings.Repeat("é", 300)); err != nil || len([]rune(c.Client().Name)) != app.MaxNameLength {
		t.Errorf("a long name: %v", err)
	}
}

func TestTicksAreForThoseWhoWantThem(t *testing.T) {
	d := New()
	tick := app.Event{Seq: 1, RoomID: "room-1", Body: app.PlaybackChanged{RoomID: "room-1", Tick: true}}
	change := app.Event{Seq: 2, RoomID: "room-1", Body: app.PlaybackChanged{RoomID: "room-1"}}
	with, without, elsewhere := audience{room: "room-1", ticks: true}, audience{room: "room-1"}, audience{room: "room-2", ticks: true}
	for i, test := range []struct {
		ev     app.Event
		to     audience
		frames int
		latest string
	}{{tick, with, 1, "tick"}, {tick, without, 0, ""}, {tick, elsewhere, 0, ""}, {change, with, 1, ""}, {change, without, 1, ""}, {change, elsewhere, 0, ""}} {
		got := d.Encode(test.ev, stage, test.to)
		if len(got) != test.frames || len(got) == 1 && got[0].Latest != test.latest {
			t.Errorf("%d: %+v", i, got)
		}
	}
}

func TestSoundsAndLooksAreForEverybody(t *testing.T) {
	d := New()
	played := app.Event{Seq: 1, RoomID: "room-1", Body: app.SoundPlayed{RoomID: "room-1", TimerID: "t1", Sound: app.Gong}}
	look := app.Event{Seq: 2, Body: app.PresetChanged{Preset: &app.Preset{Name: "dark", CSS: "body{}"}, Deleted: true}}
	for i, test := range []struct {
		ev   app.Event
		to   audience
		want string
	}{
		{played, audience{room: "room-1"}, `{"type":"sound","timer_id":"t1","sound":"gong"}`},
		{played, audience{room: "room-2"}, ""},
		{look, audience{room: "room-1"}, `{"type":"preset_update","name":"dark","deleted":true}`},
		{look, audience{room: "room-2", sees: backstage}, `{"type":"preset_update","name":"dark","deleted":true}`},
	} {
		got := ""
		for _, frame := range d.Encode(test.ev, stage, test.to) {
			got += string(frame.Text)
		}
		if got != test.want {
			t.Errorf("%d: %s", i, got)
		}
	}
}

func TestRefused(t *testing.T) {
	c, err := open(t, app.Admin, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"known":   {app.NewError(app.CodeConflict, "x", "Not now.", nil), `{"type":"error","code":"CONFLICT","message":"Not now."}`},
		"unknown": {errors.New("disk /dev/sda1 is on fire"), `{"type":"error","code":"INTERNAL","message":"Something went wrong in Cuewire."}`},
	} {
		if got := string(c.Refused(test.err, 0)[0].Text); got != test.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got, want := string(c.Limited(1500, 0)[0].Text), `{"type":"error","code":"RATE_LIMITED","message":"Too many messages.","retry_after_ms":1500}`; got != want {
		t.Errorf("limited: %s", got)
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"type":"request_state"}`, `{"type":"ping"}`, `{"type":"pong"}`, `{"type":"control","action":"play"}`, `{"type":"control","action":"go_to","timer_id":"t1"}`,
		`{"type":"control","action":"add_time","value":-60000}`, `{"type":"control","action":"set_time","value":1e5}`, `{"type":"control","action":"set_time","value":"5"}`,
		`{"type":"control","action":7}`, `{"type":"\ud800"}`, ``, `null`, `[]`, `"x"`, `{"type":"control","action":"show_message","timer_id":null}`, strings.Repeat(`{"a":`, 5000),
		`{"type":"aux","id":"a","action":"play"}`, `{"type":"aux","id":"a","action":"add_time","value":1}`, `{"type":"question","id":"q","state":"shown"}`,
	} {
		f.Add([]byte(seed), "operator")
	}
	f.Add([]byte(`{"type":"control","action":"play"}`), "viewer")
	f.Fuzz(func(t *testing.T, text []byte, output string) {
		c, err := open(t, app.Admin, "output="+url.QueryEscape(output))
		if err != nil {
			return
		}
		step := c.Receive(text, stage, 1)
		frames := step.Reply
		if step.State != nil {
			frames = append(frames, step.State(stage, 1)...)
		}
		for _, frame := range frames {
			if !json.Valid(frame.Text) {
				t.Fatalf("%q: %s", text, frame.Text)
			}
			if !c.role.SeesNotes() && strings.Contains(string(frame.Text), "secret") && !strings.Contains(string(text), "secret") {
				t.Fatalf("%s reads notes: %s", c.role, frame.Text)
			}
		}
		allowed := true
		switch cmd := step.Command.(type) {
		case nil:
		case app.Control:
			allowed = c.role.MayControl(cmd.Action) && cmd.RoomID == "room-1"
		case app.ControlAux:
			allowed = c.role.MayControl(cmd.Action) && cmd.RoomID == "room-1"
		case app.SetQuestion:
			allowed = c.role.Covers(app.Moderator) && cmd.RoomID == "room-1"
		default:
			allowed = false
		}
		if !allowed {
			t.Fatalf("%s may %+v", c.role, step.Command)
		}
	})
}
