package obsbridge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/andreykaipov/goobs/api"
	"github.com/andreykaipov/goobs/api/requests/config"
	"github.com/andreykaipov/goobs/api/requests/general"
	"github.com/andreykaipov/goobs/api/requests/outputs"
	"github.com/andreykaipov/goobs/api/requests/record"
	"github.com/andreykaipov/goobs/api/requests/scenes"
	"github.com/andreykaipov/goobs/api/requests/stream"
	"github.com/andreykaipov/goobs/api/requests/transitions"
	"github.com/andreykaipov/goobs/api/requests/ui"
	"github.com/andreykaipov/goobs/api/typedefs"

	"cuewire/app"
)

// statusNotReady is obs-websocket's word for "later", while it starts, ends or
// changes its scene collection.
const statusNotReady = 207

type versions struct{ obs, webSocket string }

func (l *link) version(ctx context.Context) (versions, error) {
	var v general.GetVersionResponse
	err := l.whenReady(ctx, func() error { return l.ask(ctx, &general.GetVersionParams{}, &v) })
	return versions{v.ObsVersion, v.ObsWebSocketVersion}, err
}

// whenReady asks again while OBS says that it is not ready, for switchingTime at most.
func (l *link) whenReady(ctx context.Context, ask func() error) error {
	for end := time.Now().Add(switchingTime); ; {
		err := ask()
		if !refusedWith(err, statusNotReady) || time.Now().After(end) || ctx.Err() != nil {
			return err
		}
		sleep(ctx, notReadyPause)
	}
}

// fetch asks for everything that a resync tells. The outputs keep their last word
// from before where nothing has changed.
func (r *run) fetch(ctx context.Context, l *link, before app.OBSResyncFact) (app.OBSResyncFact, error) {
	var fact app.OBSResyncFact
	err := l.whenReady(ctx, func() error {
		var err error
		fact, err = r.fetchOnce(ctx, l)
		return err
	})
	for _, o := range []struct {
		before app.OBSOutput
		now    *app.OBSOutput
	}{
		{before.Stream, &fact.Stream},
		{before.Record, &fact.Record},
		{before.ReplayBuffer, &fact.ReplayBuffer},
		{before.VirtualCam, &fact.VirtualCam},
	} {
		if o.before.Active == o.now.Active && o.before.Paused == o.now.Paused {
			o.now.State = o.before.State
			if o.now.Active {
				o.now.Since = o.before.Since
			}
		}
	}
	return fact, err
}

func (r *run) fetchOnce(ctx context.Context, l *link) (app.OBSResyncFact, error) {
	var fact app.OBSResyncFact
	ctx, cancel := context.WithTimeout(ctx, watchdogTime)
	defer cancel()
	for _, part := range []struct {
		name string
		ask  func(context.Context, *link, *app.OBSResyncFact, app.Instant) error
	}{
		{"profiles", fetchProfiles},
		{"scene collections", fetchCollections},
		{"transitions", fetchTransitions},
		{"canvas", fetchCanvas},
		{"outputs", fetchOutputs},
		{"scenes", fetchScenes}, // last, so that what it says is newest
	} {
		if err := part.ask(ctx, l, &fact, r.core.Now()); err != nil {
			return fact, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return fact, nil
}

func fetchProfiles(ctx context.Context, l *link, fact *app.OBSResyncFact, _ app.Instant) error {
	var list config.GetProfileListResponse
	err := l.ask(ctx, &config.GetProfileListParams{}, &list)
	fact.Profile = app.OBSProfileFact{Name: list.CurrentProfileName, Names: list.Profiles}
	return err
}

func fetchCollections(ctx context.Context, l *link, fact *app.OBSResyncFact, _ app.Instant) error {
	var list config.GetSceneCollectionListResponse
	err := l.ask(ctx, &config.GetSceneCollectionListParams{}, &list)
	fact.Collection = app.OBSCollectionFact{Name: list.CurrentSceneCollectionName, Names: list.SceneCollections}
	return err
}

func fetchCanvas(ctx context.Context, l *link, fact *app.OBSResyncFact, _ app.Instant) error {
	var err error
	fact.Canvas, err = l.canvas(ctx)
	return err
}

// canvas asks for the canvas's size.
func (l *link) canvas(ctx context.Context) (app.OBSCanvas, error) {
	var video config.GetVideoSettingsResponse
	err := l.askOptional(ctx, &config.GetVideoSettingsParams{}, &video)
	return app.OBSCanvas{Width: int(video.BaseWidth), Height: int(video.BaseHeight)}, err
}

func fetchTransitions(ctx context.Context, l *link, fact *app.OBSResyncFact, _ app.Instant) error {
	var list transitions.GetSceneTransitionListResponse
	if err := l.ask(ctx, &transitions.GetSceneTransitionListParams{}, &list); err != nil {
		return err
	}
	for _, t := range list.Transitions {
		fact.Transitions = append(fact.Transitions, t.TransitionName)
	}
	slices.Reverse(fact.Transitions) // OBS counts from the bottom
	var err error
	fact.Transition, err = fetchTransition(ctx, l)
	return err
}

func fetchTransition(ctx context.Context, l *link) (app.OBSTransitionFact, error) {
	var current transitions.GetCurrentSceneTransitionResponse
	err := l.askOptional(ctx, &transitions.GetCurrentSceneTransitionParams{}, &current)
	return app.OBSTransitionFact{Name: current.TransitionName, Duration: app.Millis(current.TransitionDuration)}, err
}

func fetchScenes(ctx context.Context, l *link, fact *app.OBSResyncFact, _ app.Instant) error {
	var studio ui.GetStudioModeEnabledResponse
	if err := l.ask(ctx, &ui.GetStudioModeEnabledParams{}, &studio); err != nil {
		return err
	}
	var list scenes.GetSceneListResponse
	if err := l.ask(ctx, &scenes.GetSceneListParams{}, &list); err != nil {
		return err
	}
	fact.Scenes, fact.CurrentScene = topFirst(list.Scenes), list.CurrentProgramSceneName
	if fact.StudioMode = studio.StudioModeEnabled; fact.StudioMode {
		fact.PreviewScene = list.CurrentPreviewSceneName
	}
	return nil
}

func fetchOutputs(ctx context.Context, l *link, fact *app.OBSResyncFact, now app.Instant) error {
	var sent stream.GetStreamStatusResponse
	if err := l.ask(ctx, &stream.GetStreamStatusParams{}, &sent); err != nil {
		return err
	}
	var recorded record.GetRecordStatusResponse
	if err := l.ask(ctx, &record.GetRecordStatusParams{}, &recorded); err != nil {
		return err
	}
	var replay outputs.GetReplayBufferStatusResponse
	if err := l.askOptional(ctx, &outputs.GetReplayBufferStatusParams{}, &replay); err != nil {
		return err
	}
	var camera outputs.GetVirtualCamStatusResponse
	if err := l.askOptional(ctx, &outputs.GetVirtualCamStatusParams{}, &camera); err != nil {
		return err
	}
	fact.Stream = running(app.OBSOutput{Active: sent.OutputActive, Reconnecting: sent.OutputReconnecting, Duration: app.Millis(sent.OutputDuration)}, now)
	fact.Record = running(app.OBSOutput{Active: recorded.OutputActive, Paused: recorded.OutputPaused, Duration: app.Millis(recorded.OutputDuration)}, now)
	// OBS does not tell how long these two have been running.
	fact.ReplayBuffer = running(app.OBSOutput{Active: replay.OutputActive}, now)
	fact.VirtualCam = running(app.OBSOutput{Active: camera.OutputActive}, now)
	l.streaming.Store(fact.Stream.Active)
	l.recording.Store(fact.Record.Active)
	return nil
}

// askOptional asks for what not every OBS has: a refusal leaves out as it is.
func (l *link) askOptional(ctx context.Context, params api.Params, out any) error {
	err := l.ask(ctx, params, out)
	if _, refused := errors.AsType[*refusal](err); refused && !refusedWith(err, statusNotReady) {
		return nil
	}
	return err
}

// running says of an output found running since when it does.
func running(o app.OBSOutput, now app.Instant) app.OBSOutput {
	if o.Active {
		o.Since, o.Measured = now.Add(-o.Duration), now
	}
	return o
}

// topFirst returns scenes in the order in which OBS shows them.
func topFirst(list []*typedefs.Scene) []app.OBSScene {
	list = slices.DeleteFunc(slices.Clone(list), func(s *typedefs.Scene) bool { return s == nil })
	slices.SortStableFunc(list, func(a, b *typedefs.Scene) int { return b.SceneIndex - a.SceneIndex })
	result := make([]app.OBSScene, len(list))
	for i, s := range list {
		result[i] = app.OBSScene{Name: s.SceneName, UUID: s.SceneUuid}
	}
	return result
}
