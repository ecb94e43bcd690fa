package obsbridge

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/andreykaipov/goobs/api/opcodes"
	"github.com/google/go-cmp/cmp"

	"cuewire/app"
)

// listener is a core that keeps the events of notices.
type listener struct{ events []app.EventBody }

func (l *listener) Now() app.Instant { return 0 }

func (l *listener) Tell(_ context.Context, fact app.Command) error {
	if f, ok := fact.(app.OBSNoticeFact); ok {
		l.events = append(l.events, f.Event)
	}
	return nil
}

func TestNotices(t *testing.T) {
	for _, test := range []struct {
		kind, data string
		want       app.EventBody
	}{
		{"SceneCreated", `{"sceneName":"A","sceneUuid":"u","isGroup":true}`, app.OBSSceneCreated{SceneName: "A", SceneUUID: "u", IsGroup: true}},
		{"SceneRemoved", `{"sceneName":"A"}`, app.OBSSceneRemoved{SceneName: "A"}},
		{"SceneTransitionStarted", `{"transitionName":"Fade"}`, app.OBSTransitionStarted{Transition: "Fade"}},
		{"SceneTransitionEnded", `{"transitionName":"Fade"}`, app.OBSTransitionEnded{Transition: "Fade"}},
		{"SceneItemCreated", `{"sceneName":"A","sceneItemId":3,"sourceName":"S","sourceUuid":"u","sceneItemIndex":0}`, app.OBSSceneItemCreated{SceneName: "A", SceneItemID: 3, SourceName: "S", SourceUUID: "u"}},
		{"SceneItemRemoved", `{"sceneName":"A","sceneItemId":3,"sourceName":"S"}`, app.OBSSceneItemRemoved{SceneName: "A", SceneItemID: 3, SourceName: "S"}},
		{"SceneItemEnableStateChanged", `{"sceneName":"A","sceneItemId":3,"sceneItemEnabled":true}`, app.OBSSceneItemVisible{SceneName: "A", SceneItemID: 3, Visible: true}},
		{"SceneItemLockStateChanged", `{"sceneName":"A","sceneItemId":3,"sceneItemLocked":true}`, app.OBSSceneItemLocked{SceneName: "A", SceneItemID: 3, Locked: true}},
		{"SceneItemListReindexed", `{"sceneName":"A","sceneItems":[{"sceneItemId":7,"sceneItemIndex":0},null,{"sceneItemId":2,"sceneItemIndex":1}]}`, app.OBSSceneItemsReordered{SceneName: "A", SceneItemIDs: []int{2, 7}}},
		{
			"SceneItemTransformChanged", `{"sceneName":"A","sceneItemId":3,"sceneItemTransform":{"positionX":1,"positionY":2,"sourceWidth":3,"sourceHeight":4,"scaleX":5,"scaleY":6,"rotation":7}}`,
			app.OBSSceneItemTransformed{SceneName: "A", SceneItemID: 3, Transform: app.OBSTransform{X: 1, Y: 2, Width: 3, Height: 4, ScaleX: 5, ScaleY: 6, Rotation: 7}},
		},
		{"InputCreated", `{"inputName":"I","inputKind":"browser_source","inputSettings":{"url":"http://secret"}}`, app.OBSInputCreated{InputName: "I", InputKind: "browser_source"}},
		{"InputRemoved", `{"inputName":"I"}`, app.OBSInputRemoved{InputName: "I"}},
		{"InputNameChanged", `{"oldInputName":"I","inputName":"J"}`, app.OBSInputRenamed{PreviousName: "I", InputName: "J"}},
		{"InputSettingsChanged", `{"inputName":"I","inputSettings":{"url":"http://secret"}}`, app.OBSInputSettingsChanged{InputName: "I"}},
		{"InputMuteStateChanged", `{"inputName":"I","inputMuted":true}`, app.OBSInputMuted{InputName: "I", Muted: true}},
		{"InputVolumeChanged", `{"inputName":"I","inputVolumeDb":-6.5,"inputVolumeMul":0.5}`, app.OBSInputVolume{InputName: "I", VolumeDB: -6.5}},
		{"InputVolumeMeters", `{"inputs":[{"inputName":"I","inputLevelsMul":[[0.1,0.2,0.3]]},null]}`, app.OBSInputMeters{Inputs: []app.OBSMeter{{InputName: "I", Levels: [][3]float64{{0.1, 0.2, 0.3}}}}}},
		{"InputActiveStateChanged", `{"inputName":"I","videoActive":true}`, app.OBSInputActive{InputName: "I", Active: true}},
		{"InputShowStateChanged", `{"inputName":"I","videoShowing":true}`, app.OBSInputShowing{InputName: "I", Showing: true}},
		{"MediaInputPlaybackStarted", `{"inputName":"I"}`, app.OBSMediaChanged{InputName: "I", Action: "started"}},
		{"MediaInputPlaybackEnded", `{"inputName":"I"}`, app.OBSMediaChanged{InputName: "I", Action: "ended"}},
		{"MediaInputActionTriggered", `{"inputName":"I","mediaAction":"X"}`, app.OBSMediaChanged{InputName: "I", Action: "X"}},
		{"RecordFileChanged", `{"newOutputPath":"/p"}`, app.OBSRecordFileChanged{Path: "/p"}},
		{"RecordStateChanged", `{"outputActive":false,"outputState":"OBS_WEBSOCKET_OUTPUT_STOPPED","outputPath":"/p"}`, app.OBSFileSaved{Kind: app.RecordFile, Path: "/p"}},
		{"ReplayBufferSaved", `{"savedReplayPath":"/p"}`, app.OBSFileSaved{Kind: app.ReplayFile, Path: "/p"}},
		{"ScreenshotSaved", `{"savedScreenshotPath":"/p"}`, app.OBSFileSaved{Kind: app.ScreenshotFile, Path: "/p"}},
		{"VendorEvent", `{"vendorName":"v","eventType":"e","eventData":{"a":1}}`, app.OBSVendorEvent{VendorName: "v", EventType: "e", EventData: map[string]any{"a": 1.0}}},
		{"CustomEvent", `{"eventData":"of its own","b":[true]}`, app.OBSCustomEvent{EventData: map[string]any{"eventData": "of its own", "b": []any{true}}}},
		{"ExitStarted", ``, app.OBSExiting{}},
	} {
		core := &listener{}
		tr := &translator{run: &run{Bridge: New(Config{Core: core, Log: slog.New(slog.DiscardHandler)})}, link: &link{}}
		if err := tr.event(t.Context(), opcodes.Event{Type: test.kind, Data: json.RawMessage(test.data)}); err != nil {
			t.Errorf("%s: %v", test.kind, err)
		}
		if diff := cmp.Diff([]app.EventBody{test.want}, core.events); diff != "" {
			t.Errorf("%s: %s", test.kind, diff)
		}
	}
}

// A queue that overflows says so, and keeps what came after.
func TestQueue(t *testing.T) {
	q := newEventQueue()
	for range queueLimit {
		q.push(opcodes.Event{Type: "A"})
	}
	if events, lost := q.take(); len(events) != queueLimit || lost {
		t.Errorf("%d events, lost %v", len(events), lost)
	}
	for range queueLimit + 2 {
		q.push(opcodes.Event{Type: "A"})
	}
	if events, lost := q.take(); len(events) != 2 || !lost {
		t.Errorf("%d events, lost %v", len(events), lost)
	}
	for _, kind := range []string{"InputVolumeMeters", "InputVolumeMeters", "A", "InputVolumeMeters"} {
		q.push(opcodes.Event{Type: kind})
	}
	if events, lost := q.take(); len(events) != 3 || lost {
		t.Errorf("%d events, lost %v", len(events), lost)
	}
}
