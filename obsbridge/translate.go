package obsbridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/andreykaipov/goobs/api/events"
	"github.com/andreykaipov/goobs/api/opcodes"

	"cuewire/app"
)

// translator turns what OBS says into facts, in order. It lives in one
// connection and in Run's goroutine.
type translator struct {
	*run
	link     *link
	state    app.OBSResyncFact // what the core has been told
	changing bool              // OBS is changing its scene collection
}

// events tells everything that waits in the queue.
func (t *translator) events(ctx context.Context) {
	list, lost := t.link.queue.take()
	if lost {
		t.log.Warn("OBS sent more events than could be told; asking it for its state")
		t.resync(ctx)
	}
	for _, e := range list {
		if err := t.event(ctx, e); err != nil {
			t.log.Warn("an event of OBS cannot be read; asking it for its state", "event", e.Type, "err", err)
			t.resync(ctx)
		}
	}
}

// resync replaces what the core knows with what OBS says now. While OBS changes
// its scene collection that waits: the end of the change brings a resync.
func (t *translator) resync(ctx context.Context) {
	if t.link.reason() != nil || t.link.busy() {
		return
	}
	state, err := t.fetch(ctx, t.link, t.state)
	if err != nil {
		if ctx.Err() == nil {
			t.link.fail(fmt.Errorf("%w: %w", errSilent, err))
		}
		return
	}
	t.state, t.changing = state, false
	t.tell(ctx, state)
}

// event tells one event. An error means that it could not be understood.
func (t *translator) event(ctx context.Context, e opcodes.Event) error {
	if e.Type == "CustomEvent" { // goobs expects its data one level too deep
		var data map[string]any
		if err := json.Unmarshal(e.Data, &data); err != nil {
			return err
		}
		t.notice(ctx, app.OBSCustomEvent{EventData: data})
		return nil
	}
	event := events.GetType(e.Type)
	if event == nil {
		return nil // of a newer OBS
	}
	if len(e.Data) > 0 {
		if err := json.Unmarshal(e.Data, event); err != nil {
			return err
		}
	}
	if notice := noticeOf(event); notice != nil {
		t.notice(ctx, notice)
		return nil
	}
	return t.change(ctx, event)
}

func (t *translator) notice(ctx context.Context, e app.EventBody) {
	t.tell(ctx, app.OBSNoticeFact{Event: e})
}

// change tells an event that changes what is kept.
func (t *translator) change(ctx context.Context, event any) error {
	switch e := event.(type) {
	case *events.CurrentProgramSceneChanged:
		if e.SceneName == "" {
			return errors.New("no scene name")
		}
		t.tell(ctx, app.OBSSceneFact{Scene: e.SceneName})
	case *events.SceneListChanged:
		t.tell(ctx, app.OBSScenesFact{Scenes: topFirst(e.Scenes)})
	case *events.SceneNameChanged:
		t.tell(ctx, app.OBSSceneRenamedFact{Before: e.OldSceneName, After: e.SceneName})
	case *events.CurrentPreviewSceneChanged:
		t.tell(ctx, app.OBSPreviewFact{Scene: e.SceneName})
	case *events.StudioModeStateChanged:
		t.tell(ctx, app.OBSStudioModeFact{On: e.StudioModeEnabled})
	case *events.CurrentSceneTransitionChanged:
		t.transition(ctx, t.durationOf(ctx, e.TransitionName))
	case *events.CurrentSceneTransitionDurationChanged:
		t.transition(ctx, app.OBSTransitionFact{Name: t.state.Transition.Name, Duration: app.Millis(e.TransitionDuration)})
	case *events.StreamStateChanged:
		t.stream(ctx, after(t.state.Stream, e.OutputActive, e.OutputState, t.core.Now()))
	case *events.RecordStateChanged:
		t.record(ctx, after(t.state.Record, e.OutputActive, e.OutputState, t.core.Now()))
		if e.OutputPath != "" && !e.OutputActive {
			t.notice(ctx, app.OBSFileSaved{Kind: app.RecordFile, Path: e.OutputPath})
		}
	case *events.ReplayBufferStateChanged:
		t.state.ReplayBuffer = after(t.state.ReplayBuffer, e.OutputActive, e.OutputState, t.core.Now())
		t.tell(ctx, app.OBSReplayFact{Output: t.state.ReplayBuffer})
	case *events.VirtualcamStateChanged:
		t.state.VirtualCam = after(t.state.VirtualCam, e.OutputActive, e.OutputState, t.core.Now())
		t.tell(ctx, app.OBSVirtualCamFact{Output: t.state.VirtualCam})
	case *events.CurrentProfileChanged:
		t.profile(ctx, app.OBSProfileFact{Name: e.ProfileName, Names: t.state.Profile.Names})
	case *events.ProfileListChanged:
		t.profile(ctx, app.OBSProfileFact{Name: t.state.Profile.Name, Names: e.Profiles})
	case *events.SceneCollectionListChanged:
		t.collection(ctx, app.OBSCollectionFact{Name: t.state.Collection.Name, Names: e.SceneCollections})
	case *events.CurrentSceneCollectionChanging:
		t.changing = true
		t.collection(ctx, t.state.Collection)
	case *events.CurrentSceneCollectionChanged:
		t.resync(ctx)
	}
	return nil
}

// measured tells what the watchdog has measured.
func (t *translator) measured(ctx context.Context, m measurement) {
	if t.changing && !t.link.busy() { // OBS has never told that it is done
		t.resync(ctx)
	}
	if m.stream != nil && m.stream.Active == t.state.Stream.Active {
		o := t.state.Stream
		o.Reconnecting, o.Duration, o.Measured = m.stream.Reconnecting, m.stream.Duration, m.stream.Measured
		t.stream(ctx, o)
	}
	if m.record != nil && m.record.Active == t.state.Record.Active {
		o := t.state.Record
		o.Paused, o.Duration, o.Measured = m.record.Paused, m.record.Duration, m.record.Measured
		t.record(ctx, o)
	}
	if m.canvas != t.state.Canvas {
		t.state.Canvas = m.canvas
		t.tell(ctx, app.OBSCanvasFact{Canvas: m.canvas})
	}
	t.tell(ctx, app.OBSStatsFact{Stats: m.stats})
}

func (t *translator) stream(ctx context.Context, o app.OBSOutput) {
	t.state.Stream = o
	t.link.streaming.Store(o.Active)
	t.tell(ctx, app.OBSStreamFact{Output: o})
}

func (t *translator) record(ctx context.Context, o app.OBSOutput) {
	t.state.Record = o
	t.link.recording.Store(o.Active)
	t.tell(ctx, app.OBSRecordFact{Output: o})
}

func (t *translator) transition(ctx context.Context, f app.OBSTransitionFact) {
	t.state.Transition = f
	t.tell(ctx, f)
}

// durationOf asks for the duration of the transition that OBS has changed to.
func (t *translator) durationOf(ctx context.Context, name string) app.OBSTransitionFact {
	if !t.link.busy() {
		ctx, cancel := context.WithTimeout(ctx, watchdogTime)
		defer cancel()
		if fact, err := fetchTransition(ctx, t.link); err == nil && fact.Name == name {
			return fact
		}
	}
	return app.OBSTransitionFact{Name: name}
}

func (t *translator) profile(ctx context.Context, f app.OBSProfileFact) {
	t.state.Profile = f
	t.tell(ctx, f)
}

func (t *translator) collection(ctx context.Context, f app.OBSCollectionFact) {
	f.Changing = t.changing
	t.state.Collection = f
	t.tell(ctx, f)
}

// after returns an output as it is once OBS has said state. OBS's own active is
// false for an output that is paused, stopping or reconnecting, which all run.
func after(o app.OBSOutput, active bool, state string, now app.Instant) app.OBSOutput {
	o.State = state
	o.Paused, o.Reconnecting = false, false
	was := o.Active
	switch strings.TrimPrefix(state, "OBS_WEBSOCKET_OUTPUT_") {
	case "PAUSED":
		active, o.Paused = true, true
	case "RECONNECTING":
		active, o.Reconnecting = true, true
	case "RECONNECTED", "RESUMED":
		active = true
	case "STOPPING":
		active = was
	}
	switch {
	case !active:
		o.Since = 0
	case !was:
		o.Since, o.Duration, o.Measured = now, 0, now
	}
	o.Active = active
	return o
}
