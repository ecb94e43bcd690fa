package wsserver

import (
	"net/http"

	"cuewire/app"
)

// outputCall is a call that does one thing to an output and takes no body.
type outputCall struct {
	path    string
	cmd     app.OBSCommand
	message string
}

var outputCalls = []outputCall{
	{"stream/start", app.StartStream{}, "The stream is starting"},
	{"record/start", app.StartRecord{}, "The recording is starting"},
	{"record/pause", app.PauseRecord{}, "The recording is paused"},
	{"record/resume", app.ResumeRecord{}, "The recording goes on"},
	{"replay/start", app.StartReplay{}, "The replay buffer is starting"},
	{"replay/stop", app.StopReplay{}, "The replay buffer is stopping"},
	{"replay/save", app.SaveReplay{}, "The replay is being saved"},
	{"virtual-camera/start", app.StartVirtualCam{}, "The virtual camera is starting"},
	{"virtual-camera/stop", app.StopVirtualCam{}, "The virtual camera is stopping"},
}

func (s *Server) outputCall(call outputCall) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok := s.askOBS(w, r, call.cmd); ok {
			answer(w, http.StatusOK, done{Success: true, Message: call.message})
		}
	}
}

func (s *Server) outputs(w http.ResponseWriter, r *http.Request) {
	state, ok := s.connected(w, r)
	if !ok {
		return
	}
	answer(w, http.StatusOK, struct {
		Stream app.OBSOutput `json:"stream"`
		Record app.OBSOutput `json:"record"`
		Replay app.OBSOutput `json:"replay"`
		Camera app.OBSOutput `json:"virtualCamera"`
	}{state.Stream, state.Record, state.ReplayBuffer, state.VirtualCam})
}

func (s *Server) stopStream(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Confirm bool `json:"confirm"`
	}
	if !s.readOptionalBody(w, r, &body) {
		return
	}
	_, err := s.doOBS(r, app.StopStream{Confirm: body.Confirm})
	switch {
	case keyOf(err) == "obs.confirmStop":
		answerError(w, http.StatusConflict, app.CodeConflict, `OBS is live. To stop the stream all the same, send {"confirm": true}.`)
	case err != nil:
		s.refuse(w, r, err)
	default:
		answer(w, http.StatusOK, done{Success: true, Message: "The stream is stopping"})
	}
}

func (s *Server) stopRecord(w http.ResponseWriter, r *http.Request) {
	got, ok := s.askOBS(w, r, app.StopRecord{})
	if !ok {
		return
	}
	path, _ := got.(string)
	answer(w, http.StatusOK, struct {
		done
		Path string `json:"path"` // on OBS's computer
	}{done{Success: true, Message: "The recording is stopping"}, path})
}

func (s *Server) profile(w http.ResponseWriter, r *http.Request) {
	if state, ok := s.connected(w, r); ok {
		answer(w, http.StatusOK, app.OBSProfileChanged{Profile: state.Profile, Profiles: list(state.Profiles)})
	}
}

func (s *Server) putProfile(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Profile string `json:"profile"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Profile == "" {
		invalid(w, "profile must be the name of a profile.")
		return
	}
	if _, ok := s.askOBS(w, r, app.SwitchProfile{Profile: body.Profile}); ok {
		answer(w, http.StatusOK, done{Success: true, Message: "Profile switched to " + body.Profile})
	}
}

func (s *Server) collection(w http.ResponseWriter, r *http.Request) {
	if state, ok := s.connected(w, r); ok {
		answer(w, http.StatusOK, app.OBSCollectionChanged{
			Collection: state.Collection, Collections: list(state.Collections), Changing: state.CollectionChanging,
		})
	}
}

// putCollection may wait long: OBS answers when the collection is loaded.
func (s *Server) putCollection(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Collection string `json:"sceneCollection"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Collection == "" {
		invalid(w, "sceneCollection must be the name of a scene collection.")
		return
	}
	if _, err := s.doOBSWithin(r, collectionWait, app.SwitchCollection{Collection: body.Collection}); err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, done{Success: true, Message: "Scene collection switched to " + body.Collection})
}
