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
	link  *link
	state app.OBSResyncFact // what the core has been told
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

// resync replaces what the core knows with what OBS says now.
func (t *translator) resync(ctx context.Context) {
	if t.link.reason() != nil {
		return
	}
	state, err := t.fetch(ctx, t.link, t.state)
	if err != nil {
		if ctx.Err() == nil {
			t.link.fail(fmt.Errorf("%w: %w", errSilent, err))
		}
		return
	}
	t.state = state
	t.tell(ctx, state)
}

func (t *translator) event(ctx context.Context, e opcodes.Event) error {
	event := events.GetType(e.Type)
	if event == nil {
		return nil // of a newer OBS
	}
	if len(e.Data) > 0 {
		if err := json.Unmarshal(e.Data, event); err != nil {
			return err
		}
	}
	switch e := event.(type) {
	case *events.CurrentProgramSceneChanged:
		if e.SceneName == "" {
			return errors.New("no scene name")
		}
		t.state.CurrentScene = e.SceneName
		t.tell(ctx, app.OBSSceneFact{Scene: e.SceneName})
	case *events.SceneListChanged:
		t.state.Scenes = topFirst(e.Scenes)
		t.tell(ctx, app.OBSScenesFact{Scenes: t.state.Scenes})
	case *events.SceneNameChanged:
		t.tell(ctx, app.OBSSceneRenamedFact{Before: e.OldSceneName, After: e.SceneName})
	case *events.CurrentPreviewSceneChanged:
		t.tell(ctx, app.OBSPreviewFact{Scene: e.SceneName})
	case *events.StudioModeStateChanged:
		t.tell(ctx, app.OBSStudioModeFact{On: e.StudioModeEnabled})
	case *events.StreamStateChanged:
		now := t.core.Now()
		t.stream(ctx, after(t.state.Stream, e.OutputActive, e.OutputState, now))
	case *events.RecordStateChanged:
		now := t.core.Now()
		t.record(ctx, after(t.state.Record, e.OutputActive, e.OutputState, now))
	case *events.CurrentSceneCollectionChanging:
		t.link.setBusy(true)
	case *events.CurrentSceneCollectionChanged:
		t.link.setBusy(false)
		t.resync(ctx)
	}
	return nil
}

// measured tells what the watchdog has measured.
func (t *translator) measured(ctx context.Context, m measurement) {
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

// after returns an output as it is once OBS has said state. OBS's own active is
// false for an output that is paused, stopping or reconnecting, which all run.
func after(o app.OBSOutput, active bool, state string, now app.Instant) app.OBSOutput {
	o.State = state
	o.Paused, o.Reconnecting = false, false
	switch strings.TrimPrefix(state, "OBS_WEBSOCKET_OUTPUT_") {
	case "PAUSED":
		active, o.Paused = true, true
	case "RECONNECTING":
		active, o.Reconnecting = true, true
	case "RECONNECTED", "RESUMED":
		active = true
	case "STOPPING":
		active = o.Active
	}
	switch {
	case !active:
		o.Since = 0
	case !o.Active:
		o.Since, o.Duration, o.Measured = now, 0, now
	}
	o.Active = active
	return o
}
