package wsserver

import (
	"encoding/json"
	"net/http"

	"cuewire/app"
)

// auxRoutes are those of a room's auxiliary timers.
func (s *Server) auxRoutes(on func(string, methods)) {
	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	on("/api/v1/rooms/{room}/aux", methods{"GET": operator(s.auxTimers), "POST": operator(s.createAux)})
	on("/api/v1/rooms/{room}/aux/{id}", methods{"GET": operator(s.getAux), "PUT": operator(s.putAux), "DELETE": operator(s.deleteAux)})
	on("/api/v1/rooms/{room}/aux/{id}/control", methods{"POST": operator(s.controlAux)})
}

func (s *Server) auxTimers(w http.ResponseWriter, r *http.Request) {
	if room, ok := s.roomOf(w, r); ok {
		answer(w, http.StatusOK, map[string]any{"aux_timers": room.AuxAt(s.core.Now())})
	}
}

func (s *Server) getAux(w http.ResponseWriter, r *http.Request) {
	if room, ok := s.roomOf(w, r); ok {
		s.answerAux(w, http.StatusOK, room, r.PathValue("id"), nil)
	}
}

// answerAux answers with an auxiliary timer as it is now; result is of the change
// that made it so, nil for none.
func (s *Server) answerAux(w http.ResponseWriter, status int, room *app.RoomState, id string, result *app.Result) {
	for _, timer := range room.Aux {
		if timer.ID != id {
			continue
		}
		now := timer.At(s.core.Now())
		if result == nil {
			answer(w, status, now)
		} else {
			s.answerChange(w, status, result.Durable, now)
		}
		return
	}
	answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no such auxiliary timer in this room.")
}

func (s *Server) createAux(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var fields app.AuxFields
	if !s.readBody(w, r, &fields) {
		return
	}
	if result, ok := s.do(w, r, app.CreateAux{RoomID: room.Room.ID, Fields: fields}); ok {
		s.answerAux(w, http.StatusCreated, result.Snapshot.Room(room.Room.ID), result.ID, &result)
	}
}

func (s *Server) putAux(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var fields app.AuxFields
	if !s.readBody(w, r, &fields) {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.UpdateAux{RoomID: room.Room.ID, ID: id, Fields: fields}); ok {
		s.answerAux(w, http.StatusOK, result.Snapshot.Room(room.Room.ID), id, &result)
	}
}

func (s *Server) deleteAux(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.DeleteAux{RoomID: room.Room.ID, ID: id}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, deleted{true, id})
	}
}

// controlAux takes the fields of the WebSocket's aux message.
func (s *Server) controlAux(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Action *app.Action     `json:"action"`
		Value  json.RawMessage `json:"value"`
	}
	var value *app.Millis
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Action == nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "action must be given.")
		return
	}
	if len(body.Value) > 0 && json.Unmarshal(body.Value, &value) != nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "value must be a whole number of milliseconds.")
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.ControlAux{RoomID: room.Room.ID, ID: id, Action: *body.Action, Value: value}); ok {
		s.answerAux(w, http.StatusOK, result.Snapshot.Room(room.Room.ID), id, &result)
	}
}

// duplicateTimer puts a copy right after a timer of the rundown.
func (s *Server) duplicateTimer(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	if result, ok := s.do(w, r, app.DuplicateTimer{RoomID: room.Room.ID, TimerID: r.PathValue("id")}); ok {
		s.answerTimer(w, http.StatusCreated, result.Snapshot.Room(room.Room.ID), result.ID, &result)
	}
}
