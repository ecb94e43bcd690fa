package wsserver

import (
	"net/http"

	"cuewire/app"
)

// thisComputer stands in paths and answers for the OBS on this computer, whose id
// is "".
const thisComputer = "local"

func shownInstance(i app.OBSInstance) app.OBSInstance {
	if i.ID == "" {
		i.ID = thisComputer
	}
	return i
}

// instanceID returns the id that the path names.
func instanceID(r *http.Request) string {
	if id := r.PathValue("id"); id != thisComputer {
		return id
	}
	return ""
}

func (s *Server) listInstances(w http.ResponseWriter, r *http.Request) {
	got, ok := s.askOBS(w, r, app.ListOBS{})
	if !ok {
		return
	}
	instances, _ := got.([]app.OBSInstance)
	shown := make([]app.OBSInstance, len(instances))
	for i, instance := range instances {
		shown[i] = shownInstance(instance)
	}
	answer(w, http.StatusOK, map[string]any{"instances": shown})
}

func (s *Server) addInstance(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name     string `json:"name"`
		Host     string `json:"host"`
		Port     *int   `json:"port"`
		Password string `json:"password"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	cmd := app.AddOBS{Name: body.Name, Host: body.Host, Password: body.Password}
	switch {
	case body.Host == "":
		invalid(w, "host must be the name or address of the computer that OBS runs on.")
		return
	case body.Port != nil && (*body.Port < 1 || *body.Port > 65535):
		invalid(w, "port must be a whole number from 1 to 65535.")
		return
	case body.Port != nil:
		cmd.Port = *body.Port
	}
	got, ok := s.askOBS(w, r, cmd)
	if instance, made := got.(app.OBSInstance); ok && made {
		answer(w, http.StatusCreated, shownInstance(instance))
	}
}

func (s *Server) removeInstance(w http.ResponseWriter, r *http.Request) {
	id := instanceID(r)
	if id == "" {
		answerError(w, http.StatusConflict, app.CodeConflict, "The OBS on this computer is found by itself and cannot be removed.")
		return
	}
	if _, ok := s.askOBS(w, r, app.RemoveOBS{ID: id}); ok {
		answer(w, http.StatusOK, deleted{true, id})
	}
}

// activateInstance fails as connecting does, but for an id that is not known.
func (s *Server) activateInstance(w http.ResponseWriter, r *http.Request) {
	switch _, err := s.doOBS(r, app.ActivateOBS{ID: instanceID(r)}); {
	case app.CodeOf(err) == app.CodeNotFound:
		s.refuse(w, r, err)
	case err != nil:
		s.connectFailed(w, err)
	default:
		state := s.core.Snapshot().OBS
		answer(w, http.StatusOK, done{true, "Connected to OBS", &connection{state.Host, state.Port, true}})
	}
}
