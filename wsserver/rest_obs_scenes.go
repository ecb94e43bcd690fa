package wsserver

import (
	"net/http"

	"cuewire/app"
)

// sceneChanged is the answer to what was done with a scene.
type sceneChanged struct {
	done
	Previous string `json:"previousName,omitempty"`
	Scene    string `json:"sceneName"`
}

// readScene reads {"sceneName"} and answers what is wrong with it.
func (s *Server) readScene(w http.ResponseWriter, r *http.Request) (name string, ok bool) {
	var body struct {
		Scene string `json:"sceneName"`
	}
	if !s.readBody(w, r, &body) {
		return "", false
	}
	if body.Scene == "" {
		invalid(w, "sceneName must be the name of a scene.")
		return "", false
	}
	return body.Scene, true
}

func (s *Server) createScene(w http.ResponseWriter, r *http.Request) {
	name, ok := s.readScene(w, r)
	if !ok {
		return
	}
	if _, ok := s.askOBS(w, r, app.CreateScene{Scene: name}); ok {
		answer(w, http.StatusCreated, sceneChanged{done: done{Success: true, Message: "Scene created"}, Scene: name})
	}
}

func (s *Server) renameScene(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name string `json:"name"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Name == "" {
		invalid(w, "name must be the scene's new name.")
		return
	}
	name := r.PathValue("scene")
	if _, ok := s.askAboutScene(w, r, name, app.RenameScene{Scene: name, Name: body.Name}); ok {
		answer(w, http.StatusOK, sceneChanged{done{Success: true, Message: "Scene renamed"}, name, body.Name})
	}
}

func (s *Server) removeScene(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("scene")
	if _, ok := s.askAboutScene(w, r, name, app.RemoveScene{Scene: name}); ok {
		answer(w, http.StatusOK, sceneChanged{done: done{Success: true, Message: "Scene removed"}, Scene: name})
	}
}

type studioModeAnswer struct {
	On bool `json:"on"`
}

func (s *Server) studioMode(w http.ResponseWriter, r *http.Request) {
	if state, ok := s.connected(w, r); ok {
		answer(w, http.StatusOK, studioModeAnswer{state.StudioMode})
	}
}

func (s *Server) putStudioMode(w http.ResponseWriter, r *http.Request) {
	var body struct {
		On *bool `json:"on"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.On == nil {
		invalid(w, "on must be true or false.")
		return
	}
	if _, ok := s.askOBS(w, r, app.SetStudioMode{On: *body.On}); ok {
		message := "Studio mode is off"
		if *body.On {
			message = "Studio mode is on"
		}
		answer(w, http.StatusOK, struct {
			done
			studioModeAnswer
		}{done{Success: true, Message: message}, studioModeAnswer{*body.On}})
	}
}

func (s *Server) previewScene(w http.ResponseWriter, r *http.Request) {
	if state, ok := s.connected(w, r); ok {
		answer(w, http.StatusOK, struct {
			Scene *string `json:"sceneName"` // null outside studio mode
		}{orNull(state.PreviewScene)})
	}
}

func (s *Server) switchPreview(w http.ResponseWriter, r *http.Request) {
	name, ok := s.readScene(w, r)
	if !ok {
		return
	}
	previous := s.core.Snapshot().OBS.PreviewScene
	if _, ok := s.askAboutScene(w, r, name, app.SwitchPreview{Scene: name}); ok {
		answer(w, http.StatusOK, struct {
			done
			Previous *string `json:"previousScene"`
			Current  string  `json:"currentScene"`
		}{done{Success: true, Message: "Preview switched to " + name}, orNull(previous), name})
	}
}

func (s *Server) transition(w http.ResponseWriter, r *http.Request) {
	state, ok := s.connected(w, r)
	if !ok {
		return
	}
	answer(w, http.StatusOK, struct {
		Name     string     `json:"name"`
		Duration app.Millis `json:"durationMs"` // 0 where it has none of its own
		All      []string   `json:"transitions"`
	}{state.Transition, state.TransitionDuration, list(state.Transitions)})
}

func (s *Server) putTransition(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name     *string     `json:"name"`
		Duration *app.Millis `json:"durationMs"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	switch {
	case body.Name == nil && body.Duration == nil:
		invalid(w, "name or durationMs must be given.")
		return
	case body.Name != nil && *body.Name == "":
		invalid(w, "name must be the name of a transition.")
		return
	}
	cmd := app.SetTransition{Duration: body.Duration}
	if body.Name != nil {
		cmd.Name = *body.Name
	}
	if _, ok := s.askOBS(w, r, cmd); ok {
		answer(w, http.StatusOK, done{Success: true, Message: "Transition set"})
	}
}

func (s *Server) triggerTransition(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.askOBS(w, r, app.TriggerTransition{}); ok {
		answer(w, http.StatusOK, done{Success: true, Message: "The preview is on its way to program"})
	}
}

// list is never null in JSON.
func list[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}
