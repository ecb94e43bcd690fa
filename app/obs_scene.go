package app

// The facts about scenes beyond which one is on program.
type (
	// OBSPreviewFact tells which scene is in preview, "" for none.
	OBSPreviewFact struct{ Scene string }
	// OBSStudioModeFact tells whether studio mode is on.
	OBSStudioModeFact struct{ On bool }
	// OBSSceneRenamedFact tells that a scene has another name.
	OBSSceneRenamedFact struct{ Before, After string }
)

func (OBSPreviewFact) command()      {}
func (OBSStudioModeFact) command()   {}
func (OBSSceneRenamedFact) command() {}

// The events about them.
type (
	// OBSPreviewChanged is obs:previewSceneChanged; null outside studio mode.
	OBSPreviewChanged struct {
		PreviousScene *string `json:"previousScene"`
		CurrentScene  *string `json:"currentScene"`
	}
	// OBSStudioModeChanged is obs:studioModeChanged.
	OBSStudioModeChanged struct {
		Enabled bool `json:"enabled"`
	}
	// OBSSceneRenamed is obs:sceneRenamed. The scene stays where it is: no
	// obs:sceneChanged follows when it is on program.
	OBSSceneRenamed struct {
		PreviousName string `json:"previousName"`
		SceneName    string `json:"sceneName"`
	}
)

func (OBSPreviewChanged) EventName() string    { return "obs:previewSceneChanged" }
func (OBSStudioModeChanged) EventName() string { return "obs:studioModeChanged" }
func (OBSSceneRenamed) EventName() string      { return "obs:sceneRenamed" }

// Apply sets the preview scene.
func (f OBSPreviewFact) Apply(s OBSState) (OBSState, []EventBody) {
	if f.Scene == s.PreviewScene {
		return s, nil
	}
	event := OBSPreviewChanged{stringOrNil(s.PreviewScene), stringOrNil(f.Scene)}
	s.PreviewScene = f.Scene
	return s, []EventBody{event}
}

// Apply switches studio mode; without it there is no preview.
func (f OBSStudioModeFact) Apply(s OBSState) (OBSState, []EventBody) {
	var events []EventBody
	if f.On != s.StudioMode {
		s.StudioMode = f.On
		events = append(events, OBSStudioModeChanged{f.On})
	}
	if !f.On {
		var changed []EventBody
		s, changed = OBSPreviewFact{}.Apply(s)
		events = append(events, changed...)
	}
	return s, events
}

// Apply gives the scene its new name wherever the old one stood.
func (f OBSSceneRenamedFact) Apply(s OBSState) (OBSState, []EventBody) {
	if i := s.SceneIndex(f.Before); i >= 0 {
		scenes := append([]OBSScene(nil), s.Scenes...)
		scenes[i].Name = f.After
		s.Scenes = scenes
	}
	if s.CurrentScene == f.Before {
		s.CurrentScene = f.After
	}
	if s.PreviewScene == f.Before {
		s.PreviewScene = f.After
	}
	return s, []EventBody{OBSSceneRenamed{f.Before, f.After}}
}
