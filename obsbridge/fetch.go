package obsbridge

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/andreykaipov/goobs/api/requests/general"
	"github.com/andreykaipov/goobs/api/requests/record"
	"github.com/andreykaipov/goobs/api/requests/scenes"
	"github.com/andreykaipov/goobs/api/requests/stream"
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
	fact.Stream.State = lastWord(before.Stream, fact.Stream)
	fact.Record.State = lastWord(before.Record, fact.Record)
	return fact, err
}

func (r *run) fetchOnce(ctx context.Context, l *link) (app.OBSResyncFact, error) {
	var fact app.OBSResyncFact
	ctx, cancel := context.WithTimeout(ctx, watchdogTime)
	defer cancel()
	var list scenes.GetSceneListResponse
	if err := l.ask(ctx, &scenes.GetSceneListParams{}, &list); err != nil {
		return fact, fmt.Errorf("scenes: %w", err)
	}
	fact.Scenes, fact.CurrentScene = topFirst(list.Scenes), list.CurrentProgramSceneName
	fact.PreviewScene = list.CurrentPreviewSceneName
	var studio ui.GetStudioModeEnabledResponse
	if err := l.ask(ctx, &ui.GetStudioModeEnabledParams{}, &studio); err != nil {
		return fact, fmt.Errorf("studio mode: %w", err)
	}
	fact.StudioMode = studio.StudioModeEnabled
	if !fact.StudioMode {
		fact.PreviewScene = ""
	}
	var sent stream.GetStreamStatusResponse
	if err := l.ask(ctx, &stream.GetStreamStatusParams{}, &sent); err != nil {
		return fact, fmt.Errorf("stream: %w", err)
	}
	var recorded record.GetRecordStatusResponse
	if err := l.ask(ctx, &record.GetRecordStatusParams{}, &recorded); err != nil {
		return fact, fmt.Errorf("recording: %w", err)
	}
	now := r.core.Now()
	fact.Stream = running(app.OBSOutput{Active: sent.OutputActive, Reconnecting: sent.OutputReconnecting, Duration: app.Millis(sent.OutputDuration)}, now)
	fact.Record = running(app.OBSOutput{Active: recorded.OutputActive, Paused: recorded.OutputPaused, Duration: app.Millis(recorded.OutputDuration)}, now)
	l.streaming.Store(fact.Stream.Active)
	l.recording.Store(fact.Record.Active)
	return fact, nil
}

// running says of an output found running since when it does.
func running(o app.OBSOutput, now app.Instant) app.OBSOutput {
	if o.Active {
		o.Since, o.Measured = now.Add(-o.Duration), now
	}
	return o
}

func lastWord(before, now app.OBSOutput) string {
	if before.Active == now.Active && before.Paused == now.Paused {
		return before.State
	}
	return ""
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
