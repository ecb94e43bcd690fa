package wsserver

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"cuewire/app"
)

// methods are what a path answers to. GET answers HEAD too.
type methods map[string]http.HandlerFunc

// handler returns every route behind the guard.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	on := func(pattern string, m methods) {
		s.routes[pattern] = slices.Sorted(maps.Keys(m))
		mux.HandleFunc(pattern, dispatch(m))
	}

	mux.HandleFunc("/", s.notFound)
	on("/{$}", methods{"GET": s.front})
	on("/ws/{room}", methods{"GET": s.room})
	on("/sources", methods{"GET": s.sourcesPage})
	on("/r/{code}/{page}", methods{"GET": s.roomPage})
	on("/r/{code}/manifest.webmanifest", methods{"GET": s.role(app.Viewer, s.roomManifest)})
	on("/qr.svg", methods{"GET": s.role(app.Moderator, s.qr)})
	on("/overlay/{name}", methods{"GET": s.overlayPage})
	on("/overlay/combined", methods{"GET": s.combinedPage})
	on("/overlay/my/{path...}", methods{"GET": s.myOverlay})
	on("/assets/{path...}", methods{"GET": s.asset})
	on("/favicon.ico", methods{"GET": s.favicon})

	on("/api/health", methods{"GET": s.health})
	on("/api/ready", methods{"GET": s.ready})
	on("/api/config", methods{"GET": s.role(app.Operator, s.configuration)})
	on("/api/settings", methods{"GET": s.role(app.Admin, s.settings), "PUT": s.role(app.Admin, s.putSettings)})
	s.runtimeRoutes(on)
	s.performanceRoutes(on)
	on("/api/instance/raise", methods{"POST": s.raise})

	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	moderator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Moderator, h) }
	on("/api/obs/status", methods{"GET": operator(s.obsStatus)})
	on("/api/obs/connect", methods{"POST": s.role(app.Admin, s.obsConnect)})
	on("/api/obs/disconnect", methods{"POST": s.role(app.Admin, s.obsDisconnect)})
	on("/api/obs/reconnect", methods{"POST": s.role(app.Admin, s.obsReconnect)})
	on("/api/obs/current-scene", methods{"GET": operator(s.obsCurrentScene), "POST": operator(s.obsSwitchScene)})
	on("/api/obs/stats", methods{"GET": operator(s.obsStats)})
	s.obsRoutes(on)
	s.sourceRoutes(on)

	on("/api/overlays", methods{"GET": operator(s.overlays)})
	on("/api/sources/{id}/custom.css", methods{"GET": s.customStyle})
	on("/api/sources/{id}/custom.js", methods{"GET": s.customScript})

	on("/api/v1/auth/rooms", methods{"GET": operator(s.rooms)})
	on("/api/v1/rooms", methods{"POST": operator(s.createRoom)})
	on("/api/v1/rooms/{room}", methods{"GET": s.getRoom, "PUT": operator(s.putRoom), "DELETE": operator(s.deleteRoom)})
	on("/api/v1/rooms/{room}/undo", methods{"POST": operator(s.undo)})
	on("/api/v1/rooms/{room}/redo", methods{"POST": operator(s.redo)})
	if s.config.Files != nil {
		on("/api/v1/rooms/{room}/import", methods{"POST": operator(s.importRundown)})
		on("/api/v1/rooms/{room}/export", methods{"GET": operator(s.exportRundown)})
	}
	on("/api/v1/rooms/{room}/preflight", methods{"GET": operator(s.preflight)})
	on("/api/v1/rooms/{room}/timers", methods{"GET": operator(s.timers), "POST": operator(s.createTimer)})
	on("/api/v1/rooms/{room}/timers/{id}", methods{"GET": operator(s.getTimer), "PUT": operator(s.putTimer), "DELETE": operator(s.deleteTimer)})
	on("/api/v1/rooms/{room}/timers/{id}/duplicate", methods{"POST": operator(s.duplicateTimer)})
	s.auxRoutes(on)
	s.questionRoutes(on)
	s.presetRoutes(on)
	s.tokenRoutes(on)
	s.deviceRoutes(on)
	s.backupRoutes(on)
	s.quickRoutes(on)
	s.appRoutes(on)
	on("/api/v1/rooms/{room}/messages", methods{"GET": moderator(s.messages), "POST": moderator(s.createMessage)})
	on("/api/v1/rooms/{room}/messages/{id}", methods{"GET": moderator(s.getMessage), "PUT": moderator(s.putMessage), "DELETE": moderator(s.deleteMessage)})
	on("/api/v1/rooms/{room}/playback", methods{"GET": operator(s.playback), "POST": operator(s.control)})
	s.insightRoutes(on)
	s.answered.init(s.routes)
	return s.guard(mux)
}

// dispatch answers by method, 405 with what is allowed for the others.
func dispatch(m methods) http.HandlerFunc {
	allowed := []string{"OPTIONS"}
	for method := range m {
		allowed = append(allowed, method)
		if method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	slices.Sort(allowed)
	allow := strings.Join(allowed, ", ")
	return func(w http.ResponseWriter, r *http.Request) {
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet
		}
		if h := m[method]; h != nil {
			h(w, r)
			return
		}
		w.Header().Set("Allow", allow)
		if method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answerError(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", r.Method+" is not possible here; allowed: "+allow)
	}
}

// role lets a handler serve visitors of that role and above.
func (s *Server) role(needed app.Role, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.may(w, r, needed) {
			h(w, r)
		}
	}
}

// front is the index page, and Source Saver's WebSocket.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	if isUpgrade(r) {
		s.converse(w, r, s.sourceSaver, "")
		return
	}
	s.indexPage(w, r)
}

// room is PalcoTimer's WebSocket. A page whose connection was refused learns why
// by asking without an upgrade.
func (s *Server) room(w http.ResponseWriter, r *http.Request) {
	if !isUpgrade(r) {
		if _, err := s.welcome(r, s.palcoTimer, "", r.PathValue("room")); err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Upgrade", "websocket")
		answerError(w, http.StatusUpgradeRequired, "UPGRADE_REQUIRED", "This address is for WebSocket connections.")
		return
	}
	s.converse(w, r, s.palcoTimer, r.PathValue("room"))
}
