package wsserver

import (
	"net/http"

	"cuewire/app"
)

// appRoutes are those of apps: for the person who makes them, for the programs that
// use them, and their WebSockets.
func (s *Server) appRoutes(on func(string, methods)) {
	admin := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Admin, h) }
	on("/api/v1/apps", methods{"GET": admin(s.apps), "POST": admin(s.createApp)})
	on("/api/v1/apps/{id}", methods{"GET": admin(s.getApp), "PUT": admin(s.putApp), "DELETE": admin(s.deleteApp)})
	on("/api/v1/apps/{id}/renew", methods{"POST": admin(s.renewApp)})
	if s.broadcastt == nil {
		return
	}
	on("/app/{key}", methods{"GET": s.channels})
	on("/apps/{key}", methods{"GET": s.channels})
	on("/apps/{key}/event", methods{"POST": s.signed(s.publishEvents)})
	on("/apps/{key}/events", methods{"POST": s.signed(s.publishEvents)})
	on("/apps/{key}/batch_events", methods{"POST": s.signed(s.publishEvents)})
	on("/apps/{key}/channels", methods{"GET": s.signed(s.channelList)})
	on("/apps/{key}/channels/{channel}", methods{"GET": s.signed(s.channelInfo)})
	on("/apps/{key}/channels/{channel}/users", methods{"GET": s.signed(s.channelUsers)})
	on("/broadcasting/auth", methods{"POST": s.channelAuth})
}

// channels is Broadcastt's WebSocket.
func (s *Server) channels(w http.ResponseWriter, r *http.Request) {
	if !isUpgrade(r) {
		w.Header().Set("Upgrade", "websocket")
		answerError(w, http.StatusUpgradeRequired, "UPGRADE_REQUIRED", "This address is for WebSocket connections.")
		return
	}
	s.converse(w, r, s.broadcastt, r.PathValue("key"))
}

// appShape is an app as its admins see it.
type appShape struct {
	*app.BroadcastApp
	Secret string `json:"secret"`
}

func (s *Server) apps(w http.ResponseWriter, _ *http.Request) {
	list := []appShape{}
	for _, a := range s.core.Snapshot().Apps {
		list = append(list, appShape{a, a.Secret})
	}
	answer(w, http.StatusOK, map[string]any{"apps": list})
}

func (s *Server) getApp(w http.ResponseWriter, r *http.Request) {
	if a := s.core.Snapshot().App(r.PathValue("id")); a != nil {
		answer(w, http.StatusOK, appShape{a, a.Secret})
		return
	}
	answerError(w, http.StatusNotFound, app.CodeNotFound, noApp)
}

const noApp = "There is no app with this id."

func (s *Server) createApp(w http.ResponseWriter, r *http.Request) {
	var body app.AppFields
	if s.readBody(w, r, &body) {
		s.answerApp(w, r, http.StatusCreated, app.CreateApp{Fields: body})
	}
}

func (s *Server) putApp(w http.ResponseWriter, r *http.Request) {
	var body app.AppFields
	if s.readBody(w, r, &body) {
		s.answerApp(w, r, http.StatusOK, app.UpdateApp{ID: r.PathValue("id"), Fields: body})
	}
}

func (s *Server) renewApp(w http.ResponseWriter, r *http.Request) {
	s.answerApp(w, r, http.StatusOK, app.UpdateApp{ID: r.PathValue("id"), Renew: true})
}

// answerApp changes an app and answers with it.
func (s *Server) answerApp(w http.ResponseWriter, r *http.Request, status int, cmd app.Command) {
	result, ok := s.do(w, r, cmd)
	if !ok {
		return
	}
	if a := result.Snapshot.App(result.ID); a != nil {
		s.answerChange(w, status, result.Durable, appShape{a, a.Secret})
		return
	}
	answerError(w, http.StatusNotFound, app.CodeNotFound, noApp) // somebody was faster
}

func (s *Server) deleteApp(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.DeleteApp{ID: id}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, struct {
			Success bool   `json:"success"`
			ID      string `json:"id"`
		}{true, id})
	}
}
