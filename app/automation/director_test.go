package automation_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/app/engine"
)

// nowhere is a store that keeps nothing.
type nowhere struct{ saved app.Saved }

func (n nowhere) Load(context.Context) (*app.Saved, error) { return &n.saved, nil }
func (nowhere) Commit(context.Context, []app.Change) error { return nil }

// scripted is an OBS that switches to every scene but "Gone" and tells so, as OBS does.
type scripted struct {
	core  app.Core
	asked chan string
}

func (s scripted) DoOBS(ctx context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	scene := cmd.(app.SwitchScene).Scene
	s.asked <- scene
	if scene == "Gone" {
		return nil, app.NewError(app.CodeNotFound, "", "there is no such scene", nil)
	}
	return nil, s.core.Tell(ctx, app.OBSSceneFact{Scene: scene})
}

// heard is a core that tells when somebody follows it.
type heard struct {
	*engine.Engine
	following chan struct{}
}

func (h heard) Follow(limit int) (*app.Snapshot, app.Stream) {
	snap, stream := h.Engine.Follow(limit)
	close(h.following)
	return snap, stream
}

// show is a room, directed, and all that happens.
type show struct {
	t      *testing.T
	core   *engine.Engine
	obs    scripted
	room   string
	stream app.Stream
	seen   []app.Event
}

func ptr[T any](v T) *T { return &v }

// planned returns the fields of one that lasts a minute.
func planned(name string, change func(*app.TimerFields)) app.TimerFields {
	f := app.TimerFields{Name: &name, Duration: ptr(app.Millis(60_000))}
	if change != nil {
		change(&f)
	}
	return f
}

// direct runs a Director on a room with those timers.
func direct(t *testing.T, saved app.Saved, timers ...app.TimerFields) *show {
	t.Helper()
	core, err := engine.Open(t.Context(), engine.Config{Store: nowhere{saved}, Example: engine.Example{Room: "Main", Timers: timers}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &show{t: t, core: core, obs: scripted{core, make(chan string, 1000)}, room: core.Snapshot().Rooms[0].Room.ID}
	ended, following := make(chan error, 2), make(chan struct{})
	_, s.stream = core.Follow(10_000)
	director := &automation.Director{Core: heard{core, following}, OBS: s.obs, Version: "test", Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- core.Run(ctx) }()
	go func() { ended <- director.Run(ctx) }()
	t.Cleanup(func() {
		s.stream.Close()
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
	<-following
	return s
}

func (s *show) do(cmd app.Command) {
	s.t.Helper()
	if _, err := s.core.Do(s.t.Context(), cmd); err != nil {
		s.t.Fatal(err)
	}
}

// until waits for an event.
func (s *show) until(what string, wanted func(app.EventBody) bool) {
	s.t.Helper()
	for from := 0; ; {
		for ; from < len(s.seen); from++ {
			if wanted(s.seen[from].Body) {
				s.seen = s.seen[from+1:]
				return
			}
		}
		update, err := s.stream.Next(s.t.Context())
		if err != nil {
			s.t.Fatalf("%s: %v", what, err)
		}
		s.seen = append(s.seen, update.Events...)
	}
}

// started waits for the next start and returns the timer's name.
func (s *show) started() (name string) {
	s.t.Helper()
	s.until("a start", func(body app.EventBody) bool {
		e, ok := body.(app.TimerStarted)
		if ok {
			t, _ := s.core.Snapshot().Room(e.RoomID).Timer(e.TimerID)
			name = t.Name
		}
		return ok
	})
	return name
}

// connect tells of an OBS that has connected with that scene on program.
func (s *show) connect(scene string, streaming bool) {
	s.do(app.OBSPhaseFact{Phase: app.OBSConnected, ConnectionID: "c"})
	s.do(app.OBSResyncFact{CurrentScene: scene, Stream: app.OBSOutput{Active: streaming}})
}

func TestScenesAndTheStreamStartTimers(t *testing.T) {
	s := direct(t, app.Saved{},
		planned("Stage", func(f *app.TimerFields) { f.TriggerScene = ptr("Stage") }),
		planned("Live", func(f *app.TimerFields) { f.TriggerStream = ptr(true) }),
		planned("Stage again", func(f *app.TimerFields) { f.TriggerScene = ptr("Stage") }),
		planned("Skipped", func(f *app.TimerFields) { f.TriggerScene, f.Skip = ptr("Break"), ptr(true) }),
		planned("End", func(f *app.TimerFields) { f.TriggerScene = ptr("End") }))
	next := func(want string) {
		t.Helper()
		if got := s.started(); got != want {
			t.Fatalf("%s started, want %s", got, want)
		}
	}
	s.connect("Stage", true) // what OBS was at starts nothing
	s.do(app.OBSSceneFact{Scene: "Break"})
	s.do(app.OBSSceneFact{Scene: "Stage"})
	next("Stage")
	s.do(app.OBSSceneFact{Scene: "Break"})
	s.do(app.OBSSceneFact{Scene: "Stage"})
	next("Stage again")
	s.do(app.OBSPhaseFact{Phase: app.OBSLost})
	s.connect("End", false) // nor what it is at when it comes back
	s.do(app.OBSStreamFact{Output: app.OBSOutput{Active: true, State: "OBS_WEBSOCKET_OUTPUT_STARTED"}})
	next("Live")
	s.do(app.OBSSceneFact{Scene: "Stage"})
	next("Stage again")
	s.do(app.OBSSceneFact{Scene: "Break"})
	s.do(app.Control{RoomID: s.room, Action: app.Pause})
	s.do(app.OBSSceneFact{Scene: "End"})
	next("End")
	before := s.core.Snapshot().Rooms[0].Playback
	s.do(app.OBSSceneFact{Scene: "Break"})
	s.do(app.OBSSceneFact{Scene: "End"}) // it runs on
	s.do(app.OBSSceneFact{Scene: "Stage"})
	next("Stage") // none waits behind the last: the first does
	if before.StartedAt == 0 {
		t.Error("the last did not run")
	}
}

func TestATriggerReachesEveryRoom(t *testing.T) {
	s := direct(t, app.Saved{}, planned("Here", func(f *app.TimerFields) { f.TriggerScene = ptr("Stage") }))
	made, err := s.core.Do(t.Context(), app.CreateRoom{Name: "Side stage"})
	if err != nil {
		t.Fatal(err)
	}
	s.do(app.CreateTimer{RoomID: made.RoomID, Fields: planned("There", func(f *app.TimerFields) { f.TriggerScene = ptr("Stage") })})
	s.connect("Titles", false)
	s.do(app.OBSSceneFact{Scene: "Stage"})
	if got := []string{s.started(), s.started()}; !slices.Equal(got, []string{"Here", "There"}) {
		t.Errorf("%v started", got)
	}
}

// Cues that switch scenes and triggers that wait for those do not go round: what
// Cuewire switches starts nothing. The next switch of a person does.
func TestOwnSwitchesStartNothing(t *testing.T) {
	s := direct(t, app.Saved{},
		planned("A", func(f *app.TimerFields) { f.TriggerScene, f.SceneStart = ptr("Stage"), ptr("Break") }),
		planned("B", func(f *app.TimerFields) { f.TriggerScene, f.SceneStart = ptr("Break"), ptr("Stage") }),
		planned("C", func(f *app.TimerFields) { f.TriggerScene = ptr("End") }))
	s.connect("Titles", false)
	s.do(app.OBSSceneFact{Scene: "Stage"})
	if got := s.started(); got != "A" {
		t.Fatalf("%s started", got)
	}
	s.until("the cue's scene", func(body app.EventBody) bool {
		e, ok := body.(app.OBSSceneChanged)
		return ok && e.CurrentScene == "Break"
	})
	for _, scene := range []struct{ switched, starts string }{{"End", "C"}, {"Break", "B"}} {
		s.do(app.OBSSceneFact{Scene: scene.switched})
		if got := s.started(); got != scene.starts {
			t.Fatalf("%s started, want %s", got, scene.starts)
		}
	}
	if first, second := <-s.obs.asked, <-s.obs.asked; first != "Break" || second != "Stage" || len(s.obs.asked) > 0 {
		t.Errorf("asked for %s, %s and %d more", first, second, len(s.obs.asked))
	}
}

// Automation in OBS that answers every start with another switch comes to an end.
func TestAnswersOfOthersComeToAnEnd(t *testing.T) {
	s := direct(t, app.Saved{},
		planned("A", func(f *app.TimerFields) { f.TriggerScene = ptr("Stage") }),
		planned("B", func(f *app.TimerFields) { f.TriggerScene = ptr("Break") }))
	s.connect("Titles", false)
	for i := range 30 {
		s.do(app.OBSSceneFact{Scene: []string{"Stage", "Break"}[i%2]})
	}
	starts := 0
	s.until("the end of it", func(body app.EventBody) bool {
		switch e := body.(type) {
		case app.TimerStarted:
			starts++
		case app.ErrorOccurred:
			return e.ErrorCode == "TRIGGER_LOOP"
		}
		return false
	})
	if starts != 20 {
		t.Errorf("%d starts", starts)
	}
}

// call is what a webhook says.
type call struct {
	Event string
	Room  struct{ ID, Name, Short_code string } //nolint:revive,staticcheck // as in the JSON
	Timer struct {
		ID, Name, Speaker string
		Position          *int
		Duration_ms       app.Millis //nolint:revive,staticcheck // as in the JSON
	}
	At string
}

func TestCuesActAtStartAndAtZero(t *testing.T) {
	calls := make(chan call, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var got call
		body, err := io.ReadAll(r.Body)
		if err := errors.Join(err, json.Unmarshal(body, &got)); err != nil {
			t.Error(err)
		}
		calls <- got
	}))
	defer receiver.Close()
	cues := func(f *app.TimerFields) {
		f.Speaker = ptr("Ana")
		f.SceneStart, f.SceneZero = ptr("Titles"), ptr("Gone")
		f.MessageStart, f.MessageZero = ptr("Welcome"), ptr("Time is up")
		f.SoundStart, f.SoundZero = ptr(app.Chime), ptr(app.Gong)
		f.WebhookStart, f.WebhookZero = ptr(receiver.URL+"/start"), ptr(receiver.URL+"/zero")
	}
	// The second lasts no time at all: it starts and ends at once, both in order.
	s := direct(t, app.Saved{}, planned("First", nil), planned("Opening", cues), planned("Last", nil))
	opening := s.core.Snapshot().Rooms[0].Timers[1]
	s.do(app.UpdateTimer{RoomID: s.room, TimerID: opening.ID, Fields: app.TimerFields{Duration: ptr(app.Millis(0))}})
	s.do(app.StartTimer{RoomID: s.room, TimerID: opening.ID})
	var sounds, messages []string
	failed := false
	s.until("the last of it", func(body app.EventBody) bool {
		switch e := body.(type) {
		case app.SoundPlayed:
			sounds = append(sounds, string(e.Sound))
		case app.MessageChanged:
			if e.Action == app.MessageShow {
				messages = append(messages, e.Message.Text)
			}
		case app.ErrorOccurred:
			failed = e.ErrorCode == "SCENE_SWITCH_FAILED" && !e.Details.Retryable
		}
		return failed && len(messages) == 2
	})
	if !slices.Equal(sounds, []string{"chime", "gong"}) || !slices.Equal(messages, []string{"Welcome", "Time is up"}) {
		t.Errorf("played %v, shown %v", sounds, messages)
	}
	if first, second := <-s.obs.asked, <-s.obs.asked; first != "Titles" || second != "Gone" {
		t.Errorf("asked for %s, %s", first, second)
	}
	room := s.core.Snapshot().Rooms[0].Room
	for _, event := range []string{"start", "zero"} {
		got := <-calls
		if got.Event != event || got.Room.ID != room.ID || got.Room.Short_code != room.ShortCode || got.Room.Name != "Main" ||
			got.Timer.ID != opening.ID || got.Timer.Name != "Opening" || got.Timer.Speaker != "Ana" ||
			got.Timer.Position == nil || *got.Timer.Position != 1 || got.Timer.Duration_ms != 0 || !strings.HasSuffix(got.At, "Z") {
			t.Errorf("%s: %+v", event, got)
		}
	}
	if len(calls)+len(s.obs.asked) > 0 {
		t.Error("something was done twice")
	}
}

// What was due while Cuewire was away is not made up for, and nothing is done twice.
func TestARestartRepeatsNothing(t *testing.T) {
	room := &app.Room{ID: "r", ShortCode: "MAIN22", Name: "Main"}
	ran := &app.Timer{ID: "ran", RoomID: "r", Name: "Ran out", Duration: 1000, Appearance: app.Countdown, Overtime: app.OvertimeContinue, SceneStart: "Once", SceneZero: "Twice", AutoAdvance: true}
	runs := &app.Timer{ID: "runs", RoomID: "r", Name: "Runs", Duration: app.MaxDuration, Appearance: app.Countdown, Overtime: app.OvertimeContinue, SceneStart: "Once"}
	now := &app.Timer{ID: "now", RoomID: "r", Name: "Now", Duration: 1000, Appearance: app.Countdown, Overtime: app.OvertimeContinue, SceneStart: "Now"}
	s := direct(t, app.Saved{Rooms: []*app.RoomState{{
		Room: room, Timers: []*app.Timer{ran, runs, now},
		Playback: app.Playback{State: app.Running, CurrentTimerID: "ran", Duration: 1000, StartedAt: app.Instant(1_700_000_000_000)},
	}}})
	if got := s.core.Snapshot().Rooms[0].Playback; got.CurrentTimerID != "runs" || got.State != app.Running {
		t.Fatalf("the show does not go on: %+v", got)
	}
	s.do(app.StartTimer{RoomID: "r", TimerID: "now"})
	if got := <-s.obs.asked; got != "Now" {
		t.Errorf("asked for %s", got)
	}
}
