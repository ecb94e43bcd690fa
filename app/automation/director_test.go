package automation_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/app/engine"
)

// nowhere is a store that keeps nothing.
type nowhere struct{}

func (nowhere) Load(context.Context) (*app.Saved, error)   { return &app.Saved{}, nil }
func (nowhere) Commit(context.Context, []app.Change) error { return nil }

// scenes is an OBS that notes which scenes it was asked for and lacks "Gone".
type scenes chan string

func (s scenes) DoOBS(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
	scene := cmd.(app.SwitchScene).Scene
	s <- scene
	if scene == "Gone" {
		return nil, app.NewError(app.CodeNotFound, "", "there is no such scene", nil)
	}
	return nil, nil
}

func ptr[T any](v T) *T { return &v }

func TestCuesSwitchScenes(t *testing.T) {
	timer := func(name, start, zero string) app.TimerFields {
		return app.TimerFields{Name: &name, Duration: ptr(app.Millis(50)), SceneStart: &start, SceneZero: &zero}
	}
	opening, talk := timer("Opening", "Titles", "Stage"), timer("Talk", "Gone", "")
	opening.AutoAdvance = ptr(true)
	core, err := engine.Open(t.Context(), engine.Config{Store: nowhere{}, Example: engine.Example{Room: "Main", Timers: []app.TimerFields{opening, talk}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	obs, ended := make(scenes, 10), make(chan error, 2)
	go func() { ended <- core.Run(ctx) }()
	_, stream := core.Follow(100)
	defer stream.Close()
	go func() {
		ended <- (&automation.Director{Core: core, OBS: obs, Log: slog.New(slog.DiscardHandler)}).Run(ctx)
	}()
	// The director follows once it has told nobody of anything: a start of its own
	// cannot be seen, so press until it hears.
	room := core.Snapshot().Rooms[0].Room.ID
	var got []string
	for len(got) == 0 {
		for _, action := range []app.Action{app.Stop, app.Play} {
			if _, err := core.Do(ctx, app.Control{RoomID: room, Action: action}); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case scene := <-obs:
			got = append(got, scene)
		case <-time.After(20 * time.Millisecond):
		}
	}
	for len(got) < 3 {
		got = append(got, <-obs)
	}
	if !slices.Equal(got, []string{"Titles", "Stage", "Gone"}) {
		t.Errorf("got %v", got)
	}
	for {
		update, err := stream.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(update.Events, func(e app.Event) bool {
			failure, ok := e.Body.(app.ErrorOccurred)
			return ok && failure.ErrorCode == "SCENE_SWITCH_FAILED" && !failure.Details.Retryable
		})
		if told {
			break
		}
	}
	cancel()
	for range 2 {
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}
