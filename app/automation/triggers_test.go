package automation

import (
	"testing"

	"cuewire/app"
)

func TestWhichTimerATriggerStarts(t *testing.T) {
	stage := cause{scene: "Stage"}
	room := func(current string, state app.PlayState, elapsed app.Millis, timers ...*app.Timer) *app.RoomState {
		return &app.RoomState{Timers: timers, Playback: app.Playback{CurrentTimerID: current, State: state, Elapsed: elapsed}}
	}
	on := func(id string) *app.Timer { return &app.Timer{ID: id, TriggerScene: "Stage"} }
	off := func(id string) *app.Timer { return &app.Timer{ID: id, TriggerScene: "Titles"} }
	live := func(id string) *app.Timer { return &app.Timer{ID: id, TriggerStream: true} }
	skipped := on("skipped")
	skipped.Skip = true
	for name, test := range map[string]struct {
		room  *app.RoomState
		cause cause
		want  string
	}{
		"nobody waits":                       {room("a", app.Stopped, 0, off("a"), live("b")), stage, ""},
		"empty rundown":                      {room("", app.Stopped, 0), stage, ""},
		"the current one, not begun":         {room("a", app.Stopped, 0, on("a"), on("b")), stage, "a"},
		"after the current one, running":     {room("a", app.Running, 0, on("a"), off("x"), on("b")), stage, "b"},
		"after the current one, paused":      {room("a", app.Paused, 10, on("a"), on("b")), stage, "b"},
		"after one that ran to its end":      {room("a", app.Stopped, 10, on("a"), on("b")), stage, "b"},
		"none after: the first of all":       {room("c", app.Running, 0, off("x"), on("a"), on("b"), off("c")), stage, "a"},
		"running already: on it runs":        {room("b", app.Running, 5, off("a"), on("b")), stage, ""},
		"paused, alone: from its beginning":  {room("b", app.Paused, 5, off("a"), on("b")), stage, "b"},
		"skipped timers wait for nothing":    {room("a", app.Running, 0, off("a"), skipped), stage, ""},
		"past a skipped one":                 {room("a", app.Running, 0, off("a"), skipped, on("b")), stage, "b"},
		"streaming":                          {room("a", app.Stopped, 0, on("a"), live("b")), cause{}, "b"},
		"a timer without a scene waits not":  {room("a", app.Stopped, 0, &app.Timer{ID: "a"}), cause{}, ""},
		"before the current one, if alone":   {room("b", app.Stopped, 0, on("a"), off("b")), stage, "a"},
		"the later of two, from the current": {room("b", app.Stopped, 0, on("a"), off("b"), on("c")), stage, "c"},
	} {
		got := ""
		if timer := triggered(test.room, test.cause); timer != nil {
			got = timer.ID
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// What starts timers is a change that happens while Cuewire looks on and that none
// of its own cues made.
func TestCauses(t *testing.T) {
	before := "Titles"
	own := map[string]bool{}
	w := watcher{own: func(scene string) bool {
		was := own[scene]
		delete(own, scene)
		return was
	}}
	scene := func(previous *string, found bool) app.EventBody {
		return app.OBSSceneChanged{PreviousScene: previous, CurrentScene: "Stage", Found: found}
	}
	stream := func(active, found bool) app.EventBody {
		return app.OBSStreamChanged{OBSOutput: app.OBSOutput{Active: active}, Found: found}
	}
	for _, step := range []struct {
		name   string
		body   app.EventBody
		scene  string
		causes bool
	}{
		{"the first scene", scene(nil, true), "", false},
		{"the first scene, told", scene(nil, false), "", false},
		{"another, found", scene(&before, true), "", false},
		{"another", scene(&before, false), "Stage", true},
		{"streaming, found", stream(true, true), "", false},
		{"more of it", stream(true, false), "", false},
		{"not streaming", stream(false, false), "", false},
		{"streaming", stream(true, false), "", true},
		{"streaming again", stream(true, false), "", false},
		{"OBS gone", app.OBSConnectionChanged{}, "", false},
		{"OBS back", app.OBSConnectionChanged{Connected: true}, "", false},
		{"streaming later", stream(true, false), "", true},
		{"something else", app.TimerStarted{}, "", false},
	} {
		if c, ok := w.cause(app.Event{Body: step.body}); ok != step.causes || c.scene != step.scene {
			t.Errorf("%s: %+v, %v", step.name, c, ok)
		}
	}
	own["Stage"] = true
	if _, ok := w.cause(app.Event{Body: scene(&before, false)}); ok {
		t.Error("a switch of our own is a cause")
	}
	if _, ok := w.cause(app.Event{Body: scene(&before, false)}); !ok {
		t.Error("the next switch of somebody else is none")
	}
}

// What answers our starts with switches of its own comes to an end, and normal
// shows never meet it.
func TestTriggersAreBounded(t *testing.T) {
	w := watcher{}
	started := 0
	for ms := app.Instant(0); ms < 60_000; ms += 100 {
		if w.may(ms) {
			started++
		}
	}
	if started != 6*maxTriggered {
		t.Errorf("%d started within a minute of 600", started)
	}
	if !w.may(70_000) {
		t.Error("nothing starts after a calm")
	}
}
