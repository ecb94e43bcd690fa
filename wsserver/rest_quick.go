package wsserver

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cuewire/app"
)

// timersPath is the Timer API's socket. Who has no token, or one that is no good, is
// told so over the socket: browsers hide the status of a refused upgrade.
const timersPath = "/v1/ws/timers"

// TimerFormat reads and writes what the Timer API's REST needs beyond its socket.
type TimerFormat interface {
	app.Dialect
	// Fields reads a body in either spelling.
	Fields(body json.RawMessage) (app.QuickFields, error)
	// Zone returns the time zone that a timezone parameter names, UTC for none.
	Zone(name string) *time.Location
}

// quickRoutes are those of the Timer API, for bearers of a token, and of all quick
// timers, for controllers.
func (s *Server) quickRoutes(on func(string, methods)) {
	if s.timerAPI == nil {
		return
	}
	on(timersPath, methods{"GET": s.timersSocket})
	on("/v1/timers", methods{"GET": s.person(s.myTimers)})
	on("/v1/timers/active", methods{"GET": s.person(s.myActiveTimers)})
	on("/v1/timers/{id}", methods{"GET": s.person(s.myTimer), "PATCH": s.person(s.patchMyTimer), "DELETE": s.person(s.deleteMyTimer)})

	controller := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Controller, h) }
	on("/api/v1/quick-timers", methods{"GET": controller(s.quickTimers), "POST": controller(s.createQuick)})
	on("/api/v1/quick-timers/{id}", methods{"PATCH": controller(s.patchQuick), "DELETE": controller(s.deleteQuick)})
	on("/api/v1/quick-timers/{id}/{action}", methods{"POST": controller(s.pressQuick)})
}

func (s *Server) timersSocket(w http.ResponseWriter, r *http.Request) {
	if !isUpgrade(r) {
		w.Header().Set("Upgrade", "websocket")
		answerError(w, http.StatusUpgradeRequired, "UPGRADE_REQUIRED", "This address is for WebSocket connections.")
		return
	}
	s.converse(w, r, s.timerAPI, "")
}

// person lets a handler serve bearers of a token that names a person, so often.
func (s *Server) person(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		subject := visitOf(r).Subject
		if subject == "" {
			s.refuse(w, r, app.NewError(app.CodeUnauthorized, "server.refused.person", "The Timer API needs an access token that names a person.", nil))
			return
		}
		limits, now := s.timerAPI.limits, s.core.Now()
		retry := s.timerAPI.people.admit(subject, deedRequest, now, limits.Messages, limits.Per)
		left, reset := s.timerAPI.people.left(subject, deedRequest, now, limits.Messages, limits.Per)
		header := w.Header()
		header.Set("X-RateLimit-Limit", strconv.Itoa(limits.Messages))
		header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
		header.Set("X-RateLimit-Reset", strconv.FormatInt(now.Add(reset+999).Time().Unix(), 10))
		if retry > 0 {
			header.Set("Retry-After", strconv.FormatInt(int64((retry+999)/1000), 10))
			answerError(w, http.StatusTooManyRequests, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded.")
			return
		}
		h(w, r)
	}
}

func (s *Server) format() TimerFormat { return s.config.TimerAPI }

// quickViews returns the timers that match, as they are now.
func (s *Server) quickViews(r *http.Request, match func(*app.QuickTimer) bool) []app.QuickView {
	views, zone, now := []app.QuickView{}, s.format().Zone(r.URL.Query().Get("timezone")), s.core.Now()
	for _, t := range s.core.Snapshot().QuickTimers {
		if match(t) {
			views = append(views, t.At(now, zone))
		}
	}
	return views
}

type quickList struct {
	Timers []app.QuickView `json:"timers"`
}

// myTimers answers with a person's timers, by status and type where those are given.
func (s *Server) myTimers(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	status, kind := app.QuickStatus(strings.ToUpper(query.Get("status"))), strings.ToLower(query.Get("type"))
	if !slices.Contains([]app.QuickStatus{"", app.QuickNotStarted, app.QuickRunning, app.QuickPaused, app.QuickCompleted, app.QuickCancelled}, status) {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "status must be NOT_STARTED, RUNNING, PAUSED, COMPLETED or CANCELLED.")
		return
	}
	if !slices.Contains([]string{"", "schedule", "todo", "independent"}, kind) {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "type must be schedule, todo or independent.")
		return
	}
	subject := visitOf(r).Subject
	answer(w, http.StatusOK, quickList{s.quickViews(r, func(t *app.QuickTimer) bool {
		return t.Owner == subject && (status == "" || t.Status == status) && ofKind(t, kind)
	})})
}

// ofKind reports whether a timer hangs on what the type parameter says.
func ofKind(t *app.QuickTimer, kind string) bool {
	switch kind {
	case "schedule":
		return t.ScheduleID != nil
	case "todo":
		return t.TodoID != nil
	case "independent":
		return t.ScheduleID == nil && t.TodoID == nil
	}
	return true
}

func (s *Server) myActiveTimers(w http.ResponseWriter, r *http.Request) {
	subject := visitOf(r).Subject
	answer(w, http.StatusOK, quickList{s.quickViews(r, func(t *app.QuickTimer) bool { return t.Owner == subject && t.Status.Active() })})
}

func (s *Server) myTimer(w http.ResponseWriter, r *http.Request) {
	s.answerQuick(w, r, visitOf(r).Subject, r.PathValue("id"), nil)
}

// answerQuick answers with a quick timer as it is now; result is of the change that
// made it so, nil for none. owner is the only one who may see it, "" for all.
func (s *Server) answerQuick(w http.ResponseWriter, r *http.Request, owner, id string, result *app.Result) {
	snap, status := s.core.Snapshot(), http.StatusOK
	if result != nil {
		snap = result.Snapshot
		if r.Method == http.MethodPost && r.PathValue("id") == "" {
			status = http.StatusCreated
		}
	}
	timer := snap.QuickTimer(id)
	if timer == nil || owner != "" && timer.Owner != owner {
		answerError(w, http.StatusNotFound, "TIMER_NOT_FOUND", "Timer not found.")
		return
	}
	view := timer.At(s.core.Now(), s.format().Zone(r.URL.Query().Get("timezone")))
	if result == nil {
		answer(w, status, view)
		return
	}
	s.answerChange(w, status, result.Durable, view)
}

// doQuick carries out a command about a quick timer, or answers why not.
func (s *Server) doQuick(w http.ResponseWriter, r *http.Request, cmd app.Command) (app.Result, bool) {
	result, err := s.core.Do(r.Context(), cmd)
	switch code := app.CodeOf(err); code {
	case app.CodeNotFound:
		answerError(w, http.StatusNotFound, "TIMER_NOT_FOUND", "Timer not found.")
	case app.CodeQuickCompleted, app.CodeQuickNotRunning, app.CodeQuickNotPaused:
		answerError(w, http.StatusConflict, code, err.Error()+".")
	case "":
		return result, true
	default:
		s.refuse(w, r, err)
	}
	return result, false
}

// quickBody reads the fields of a quick timer, or answers what is wrong with them.
func (s *Server) quickBody(w http.ResponseWriter, r *http.Request) (app.QuickFields, bool) {
	var body json.RawMessage
	if !s.readBody(w, r, &body) {
		return app.QuickFields{}, false
	}
	fields, err := s.format().Fields(body)
	if err != nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, err.Error()+".")
		return fields, false
	}
	return fields, true
}

func (s *Server) patch(w http.ResponseWriter, r *http.Request, owner string) {
	fields, ok := s.quickBody(w, r)
	if !ok {
		return
	}
	if result, ok := s.doQuick(w, r, app.UpdateQuick{Owner: owner, ID: r.PathValue("id"), Fields: fields}); ok {
		s.answerQuick(w, r, owner, r.PathValue("id"), &result)
	}
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request, owner string) {
	id := r.PathValue("id")
	if result, ok := s.doQuick(w, r, app.DeleteQuick{Owner: owner, ID: id}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, deleted{true, id})
	}
}

func (s *Server) patchMyTimer(w http.ResponseWriter, r *http.Request) {
	s.patch(w, r, visitOf(r).Subject)
}

func (s *Server) deleteMyTimer(w http.ResponseWriter, r *http.Request) {
	s.remove(w, r, visitOf(r).Subject)
}
func (s *Server) patchQuick(w http.ResponseWriter, r *http.Request)  { s.patch(w, r, "") }
func (s *Server) deleteQuick(w http.ResponseWriter, r *http.Request) { s.remove(w, r, "") }

// quickTimers answers with everybody's.
func (s *Server) quickTimers(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, quickList{s.quickViews(r, func(*app.QuickTimer) bool { return true })})
}

// createQuick makes and starts one that belongs to this Cuewire, or to the bearer.
func (s *Server) createQuick(w http.ResponseWriter, r *http.Request) {
	fields, ok := s.quickBody(w, r)
	if !ok {
		return
	}
	owner := visitOf(r).Subject
	if owner == "" {
		owner = app.LocalOwner
	}
	if result, ok := s.doQuick(w, r, app.CreateQuick{Owner: owner, Fields: fields}); ok {
		s.answerQuick(w, r, "", result.ID, &result)
	}
}

// pressQuick pauses, resumes or stops one.
func (s *Server) pressQuick(w http.ResponseWriter, r *http.Request) {
	action := app.QuickAction(r.PathValue("action"))
	if !slices.Contains([]app.QuickAction{app.QuickPause, app.QuickResume, app.QuickStop}, action) {
		s.notFound(w, r)
		return
	}
	if result, ok := s.doQuick(w, r, app.PressQuick{ID: r.PathValue("id"), Action: action}); ok {
		s.answerQuick(w, r, "", r.PathValue("id"), &result)
	}
}
