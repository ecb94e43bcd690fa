package obsbridge

import (
	"github.com/andreykaipov/goobs/api"
	"github.com/andreykaipov/goobs/api/requests/inputs"
	"github.com/andreykaipov/goobs/api/requests/outputs"
	"github.com/andreykaipov/goobs/api/requests/record"
	"github.com/andreykaipov/goobs/api/requests/sceneitems"
	"github.com/andreykaipov/goobs/api/requests/scenes"
	"github.com/andreykaipov/goobs/api/requests/stream"
	"github.com/andreykaipov/goobs/api/requests/transitions"
	"github.com/andreykaipov/goobs/api/requests/ui"

	"cuewire/app"
)

// plain returns the request of a command that is one request and wants no answer,
// or nil for other commands.
func plain(cmd app.OBSCommand) api.Params {
	switch c := cmd.(type) {
	case app.SwitchScene:
		return &scenes.SetCurrentProgramSceneParams{SceneName: &c.Scene}
	case app.SwitchPreview:
		return &scenes.SetCurrentPreviewSceneParams{SceneName: &c.Scene}
	case app.TriggerTransition:
		return &transitions.TriggerStudioModeTransitionParams{}
	case app.SetStudioMode:
		return &ui.SetStudioModeEnabledParams{StudioModeEnabled: &c.On}
	case app.CreateScene:
		return &scenes.CreateSceneParams{SceneName: &c.Scene}
	case app.RemoveScene:
		return &scenes.RemoveSceneParams{SceneName: &c.Scene}
	case app.RenameScene:
		return &scenes.SetSceneNameParams{SceneName: &c.Scene, NewSceneName: &c.Name}

	case app.ShowSceneItem:
		return &sceneitems.SetSceneItemEnabledParams{SceneName: &c.Scene, SceneItemId: &c.Item, SceneItemEnabled: &c.Visible}
	case app.RemoveSceneItem:
		return &sceneitems.RemoveSceneItemParams{SceneName: &c.Scene, SceneItemId: &c.Item}
	case app.PlaceSceneItem:
		return &setTransform{Scene: c.Scene, Item: c.Item, Transform: place{
			PositionX: c.X, PositionY: c.Y, ScaleX: c.ScaleX, ScaleY: c.ScaleY, Rotation: c.Rotation,
		}}

	case app.TransformSceneItem:
		topLeft := 5
		return &setTransform{Scene: c.Scene, Item: c.Item, Transform: place{
			PositionX: &c.X, PositionY: &c.Y, ScaleX: &c.ScaleX, ScaleY: &c.ScaleY, Rotation: &c.Rotation,
			Alignment: &topLeft, BoundsType: "OBS_BOUNDS_NONE",
		}}

	case app.StartStream:
		return &stream.StartStreamParams{}
	case app.StartRecord:
		return &record.StartRecordParams{}
	case app.PauseRecord:
		return &record.PauseRecordParams{}
	case app.ResumeRecord:
		return &record.ResumeRecordParams{}
	case app.StartReplay:
		return &outputs.StartReplayBufferParams{}
	case app.StopReplay:
		return &outputs.StopReplayBufferParams{}
	case app.SaveReplay:
		return &outputs.SaveReplayBufferParams{}
	case app.StartVirtualCam:
		return &outputs.StartVirtualCamParams{}
	case app.StopVirtualCam:
		return &outputs.StopVirtualCamParams{}

	case app.SetMute:
		return &inputs.SetInputMuteParams{InputName: &c.Input, InputMuted: &c.Muted}
	case app.SetVolume:
		return &inputs.SetInputVolumeParams{InputName: &c.Input, InputVolumeDb: &c.DB}
	case app.RefreshBrowserSource:
		button := "refreshnocache"
		return &inputs.PressInputPropertiesButtonParams{InputName: &c.Input, PropertyName: &button}
	case app.SetBrowserInput:
		overlay := true
		return &inputs.SetInputSettingsParams{InputName: &c.Input, InputSettings: writeSettings(c.SourceID, c.Settings), Overlay: &overlay}
	case app.UpdateBrowserSourceURL:
		settings := map[string]any{"url": c.URL}
		if c.Page != "" {
			settings[pageSetting] = c.Page
		}
		overlay := true
		return &inputs.SetInputSettingsParams{InputName: &c.Input, InputSettings: settings, Overlay: &overlay}
	}
	return nil
}

// setTransform is SetSceneItemTransform with just the fields that are set: goobs's
// own sends them all, and OBS refuses the zeroes among them.
type setTransform struct {
	Scene     string `json:"sceneName"`
	Item      int    `json:"sceneItemId"`
	Transform place  `json:"sceneItemTransform"`
}

// GetRequestName implements api.Params.
func (*setTransform) GetRequestName() string { return "SetSceneItemTransform" }

type place struct {
	PositionX    *float64 `json:"positionX,omitempty"`
	PositionY    *float64 `json:"positionY,omitempty"`
	ScaleX       *float64 `json:"scaleX,omitempty"`
	ScaleY       *float64 `json:"scaleY,omitempty"`
	Rotation     *float64 `json:"rotation,omitempty"`
	Alignment    *int     `json:"alignment,omitempty"`
	BoundsType   string   `json:"boundsType,omitempty"`
	BoundsWidth  *float64 `json:"boundsWidth,omitempty"`
	BoundsHeight *float64 `json:"boundsHeight,omitempty"`
}
