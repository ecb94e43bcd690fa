package obsbridge

import (
	"slices"

	"github.com/andreykaipov/goobs/api/events"
	"github.com/andreykaipov/goobs/api/typedefs"

	"cuewire/app"
)

// noticeOf returns what tells of an event that changes nothing that is kept, or
// nil for other events.
func noticeOf(event any) app.EventBody {
	switch e := event.(type) {
	case *events.SceneCreated:
		return app.OBSSceneCreated{SceneName: e.SceneName, SceneUUID: e.SceneUuid, IsGroup: e.IsGroup}
	case *events.SceneRemoved:
		return app.OBSSceneRemoved{SceneName: e.SceneName, SceneUUID: e.SceneUuid, IsGroup: e.IsGroup}
	case *events.SceneTransitionStarted:
		return app.OBSTransitionStarted{Transition: e.TransitionName}
	case *events.SceneTransitionEnded:
		return app.OBSTransitionEnded{Transition: e.TransitionName}

	case *events.SceneItemCreated:
		return app.OBSSceneItemCreated{SceneName: e.SceneName, SceneItemID: e.SceneItemId, SourceName: e.SourceName, SourceUUID: e.SourceUuid}
	case *events.SceneItemRemoved:
		return app.OBSSceneItemRemoved{SceneName: e.SceneName, SceneItemID: e.SceneItemId, SourceName: e.SourceName, SourceUUID: e.SourceUuid}
	case *events.SceneItemEnableStateChanged:
		return app.OBSSceneItemVisible{SceneName: e.SceneName, SceneItemID: e.SceneItemId, Visible: e.SceneItemEnabled}
	case *events.SceneItemLockStateChanged:
		return app.OBSSceneItemLocked{SceneName: e.SceneName, SceneItemID: e.SceneItemId, Locked: e.SceneItemLocked}
	case *events.SceneItemListReindexed:
		return app.OBSSceneItemsReordered{SceneName: e.SceneName, SceneItemIDs: idsTopFirst(e.SceneItems)}
	case *events.SceneItemTransformChanged:
		if e.SceneItemTransform == nil {
			return nil
		}
		return app.OBSSceneItemTransformed{SceneName: e.SceneName, SceneItemID: e.SceneItemId, Transform: transform(*e.SceneItemTransform)}

	case *events.InputCreated:
		return app.OBSInputCreated{InputName: e.InputName, InputUUID: e.InputUuid, InputKind: e.InputKind}
	case *events.InputRemoved:
		return app.OBSInputRemoved{InputName: e.InputName, InputUUID: e.InputUuid}
	case *events.InputNameChanged:
		return app.OBSInputRenamed{PreviousName: e.OldInputName, InputName: e.InputName, InputUUID: e.InputUuid}
	case *events.InputSettingsChanged:
		return app.OBSInputSettingsChanged{InputName: e.InputName, InputUUID: e.InputUuid}
	case *events.InputMuteStateChanged:
		return app.OBSInputMuted{InputName: e.InputName, Muted: e.InputMuted}
	case *events.InputVolumeChanged:
		return app.OBSInputVolume{InputName: e.InputName, VolumeDB: e.InputVolumeDb}
	case *events.InputVolumeMeters:
		return meters(e)
	case *events.InputActiveStateChanged:
		return app.OBSInputActive{InputName: e.InputName, Active: e.VideoActive}
	case *events.InputShowStateChanged:
		return app.OBSInputShowing{InputName: e.InputName, Showing: e.VideoShowing}

	case *events.MediaInputPlaybackStarted:
		return app.OBSMediaChanged{InputName: e.InputName, Action: "started"}
	case *events.MediaInputPlaybackEnded:
		return app.OBSMediaChanged{InputName: e.InputName, Action: "ended"}
	case *events.MediaInputActionTriggered:
		return app.OBSMediaChanged{InputName: e.InputName, Action: e.MediaAction}
	case *events.RecordFileChanged:
		return app.OBSRecordFileChanged{Path: e.NewOutputPath}
	case *events.ReplayBufferSaved:
		return app.OBSFileSaved{Kind: app.ReplayFile, Path: e.SavedReplayPath}
	case *events.ScreenshotSaved:
		return app.OBSFileSaved{Kind: app.ScreenshotFile, Path: e.SavedScreenshotPath}
	case *events.VendorEvent:
		return app.OBSVendorEvent{VendorName: e.VendorName, EventType: e.EventType, EventData: e.EventData}
	case *events.ExitStarted:
		return app.OBSExiting{}
	}
	return nil
}

func idsTopFirst(items []*typedefs.SceneItemBasic) []int {
	items = slices.DeleteFunc(items, func(i *typedefs.SceneItemBasic) bool { return i == nil })
	slices.SortStableFunc(items, func(a, b *typedefs.SceneItemBasic) int { return b.SceneItemIndex - a.SceneItemIndex })
	ids := make([]int, len(items))
	for i, item := range items {
		ids[i] = item.SceneItemID
	}
	return ids
}

func meters(e *events.InputVolumeMeters) app.OBSInputMeters {
	m := app.OBSInputMeters{Inputs: make([]app.OBSMeter, 0, len(e.Inputs))}
	for _, input := range e.Inputs {
		if input != nil {
			m.Inputs = append(m.Inputs, app.OBSMeter{InputName: input.Name, Levels: input.Levels})
		}
	}
	return m
}

func transform(t typedefs.SceneItemTransform) app.OBSTransform {
	return app.OBSTransform{
		X: t.PositionX, Y: t.PositionY, Width: t.SourceWidth, Height: t.SourceHeight,
		ScaleX: t.ScaleX, ScaleY: t.ScaleY, Rotation: t.Rotation,
	}
}
