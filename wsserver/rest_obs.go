package wsserver

import (
	"context"
	"errors"
	"net/http"
	"time"

	"cuewire/app"
)

// obsWait is how long a request to OBS may take.
const obsWait = 15 * time.Second

// collectionWait is how long loading a scene collection may take.
const collectionWait = 40 * time.Second

var (
	errNoOBS = app.NewError(app.CodeUnavailable, "server.obs.notConnected",
		"OBS is not connected. Please connect to OBS first.", nil)
	errNoBridge = app.NewError(app.CodeUnavailable, "server.obs.none", "This Cuewire runs without OBS.", nil)
)

func (s *Server) doOBS(r *http.Request, cmd app.OBSCommand) (app.OBSAnswer, error) {
	return s.doOBSWithin(r, obsWait, cmd)
}

func (s *Server) doOBSWithin(r *http.Request, wait time.Duration, cmd app.OBSCommand) (app.OBSAnswer, error) {
	if s.obs == nil {
		return nil, errNoBridge
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	return s.obs.DoOBS(ctx, cmd)
}

// connected returns OBS's state, or answers 503.
func (s *Server) connected(w http.ResponseWriter, r *http.Request) (app.OBSState, bool) {
	state := s.core.Snapshot().OBS
	if !state.Connected() {
		s.refuse(w, r, errNoOBS)
		return state, false
	}
	return state, true
}

func (s *Server) obsStatus(w http.ResponseWriter, _ *http.Request) {
	state := s.core.Snapshot().OBS
	var last *string
	if !state.LastConnected.IsZero() {
		text := isoTime(state.LastConnected)
		last = &text
	}
	answer(w, http.StatusOK, struct {
		Connected        bool         `json:"connected"`
		ConnectionID     *string      `json:"connectionId"`
		OBSVersion       *string      `json:"obsVersion"`
		WebSocketVersion *string      `json:"websocketVersion"`
		LastConnected    *string      `json:"lastConnected"`
		Phase            app.OBSPhase `json:"phase"`
		Host             string       `json:"host"`
		Port             int          `json:"port"`
	}{
		state.Connected(), orNull(state.ConnectionID), orNull(state.OBSVersion), orNull(state.WebSocketVersion),
		last, state.Phase, state.Host, state.Port,
	})
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

type connection struct {
	Host      string `json:"host"`
	Port      int    `json:"port"`
	Connected bool   `json:"connected"`
}

// done is the answer of most calls of this part.
type done struct {
	Success bool        `json:"success"`
	Message string      `json:"message"`
	Details *connection `json:"connectionDetails,omitempty"`
}

func (s *Server) obsConnect(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Host     *string `json:"host"`
		Port     *int    `json:"port"`
		Password string  `json:"password"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	switch {
	case body.Host == nil || *body.Host == "":
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "host must be the name or address of the computer that OBS runs on.")
		return
	case body.Port == nil || *body.Port < 1 || *body.Port > 65535:
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "port must be a whole number from 1 to 65535.")
		return
	}
	if _, err := s.doOBS(r, app.ConnectOBS{Host: *body.Host, Port: *body.Port, Password: body.Password}); err != nil {
		s.connectFailed(w, err)
		return
	}
	answer(w, http.StatusOK, done{true, "Connected to OBS", &connection{*body.Host, *body.Port, true}})
}

// connectFailed answers 500, as published, but for what the caller got wrong.
func (s *Server) connectFailed(w http.ResponseWriter, err error) {
	status, code, message := http.StatusInternalServerError, app.CodeOf(err), "connecting to OBS failed"
	var known *app.Error
	if errors.As(err, &known) {
		message = known.Message
	} else {
		s.log.Error("connecting to OBS failed", "err", err)
	}
	if code == app.CodeInvalid {
		status = http.StatusBadRequest
	}
	answerError(w, status, code, message)
}

func (s *Server) obsDisconnect(w http.ResponseWriter, r *http.Request) {
	if _, err := s.doOBS(r, app.DisconnectOBS{}); err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, done{Success: true, Message: "Disconnected from OBS"})
}

func (s *Server) obsReconnect(w http.ResponseWriter, r *http.Request) {
	if _, err := s.doOBS(r, app.ReconnectOBS{}); err != nil {
		s.connectFailed(w, err)
		return
	}
	state := s.core.Snapshot().OBS
	answer(w, http.StatusOK, done{true, "Reconnected to OBS", &connection{state.Host, state.Port, true}})
}

type transform struct {
	X        float64 `json:"x"`
	Y        float64 `json:"y"`
	Width    float64 `json:"width"`
	Height   float64 `json:"height"`
	ScaleX   float64 `json:"scaleX"`
	ScaleY   float64 `json:"scaleY"`
	Rotation float64 `json:"rotation"`
}

type sceneItem struct {
	Name      string     `json:"sourceName"`
	Kind      string     `json:"sourceType"`
	Visible   bool       `json:"visible"`
	Transform *transform `json:"transform,omitempty"`
}

type scene struct {
	Name    string      `json:"sceneName"`
	Index   int         `json:"sceneIndex"`
	Sources []sceneItem `json:"sources"`
}

// sceneItems asks OBS what is in a scene.
func (s *Server) sceneItems(r *http.Request, name string, index int, transforms bool) (scene, error) {
	result := scene{name, index, []sceneItem{}}
	got, err := s.doOBS(r, app.ListSceneItems{Scene: name})
	if err != nil {
		return result, err
	}
	items, _ := got.([]app.OBSSceneItem)
	for _, item := range items {
		shown := sceneItem{Name: item.SourceName, Kind: item.SourceKind, Visible: item.Visible}
		if transforms {
			shown.Transform = &transform{item.X, item.Y, item.Width, item.Height, item.ScaleX, item.ScaleY, item.Rotation}
		}
		result.Sources = append(result.Sources, shown)
	}
	return result, nil
}

func (s *Server) obsScenes(w http.ResponseWriter, r *http.Request) {
	state, ok := s.connected(w, r)
	if !ok {
		return
	}
	scenes := []scene{}
	for i, known := range state.Scenes {
		one, err := s.sceneItems(r, known.Name, i, false)
		if app.CodeOf(err) == app.CodeNotFound {
			continue // it went while we asked
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		scenes = append(scenes, one)
	}
	answer(w, http.StatusOK, map[string]any{"scenes": scenes, "currentScene": state.CurrentScene})
}

func (s *Server) obsCurrentScene(w http.ResponseWriter, r *http.Request) {
	state, ok := s.connected(w, r)
	if !ok {
		return
	}
	current, err := s.sceneItems(r, state.CurrentScene, state.SceneIndex(state.CurrentScene), true)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, current)
}

func (s *Server) obsSwitchScene(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Scene string `json:"sceneName"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Scene == "" {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "sceneName must be the name of a scene.")
		return
	}
	state, ok := s.connected(w, r)
	if !ok {
		return
	}
	_, err := s.doOBS(r, app.SwitchScene{Scene: body.Scene})
	switch {
	case app.CodeOf(err) == app.CodeNotFound:
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Scene '"+body.Scene+"' not found in OBS")
		return
	case err != nil:
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, struct {
		Success  bool    `json:"success"`
		Message  string  `json:"message"`
		Previous *string `json:"previousScene"`
		Current  string  `json:"currentScene"`
	}{true, "Scene switched to " + body.Scene, orNull(state.CurrentScene), body.Scene})
}

func (s *Server) obsStats(w http.ResponseWriter, r *http.Request) {
	state, ok := s.connected(w, r)
	if !ok {
		return
	}
	if state.Stats == nil {
		s.refuse(w, r, app.NewError(app.CodeUnavailable, "server.obs.noStats", "OBS has told no statistics yet; try again in a second.", nil))
		return
	}
	answer(w, http.StatusOK, map[string]any{"stats": state.Stats, "timestamp": timestamp(state.Stats.At)})
}
