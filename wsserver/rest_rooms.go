package wsserver

import (
	"encoding/json"
	"net/http"

	"cuewire/app"
)

// roomOf returns the room that the path names, or answers 404.
func (s *Server) roomOf(w http.ResponseWriter, r *http.Request) (*app.RoomState, bool) {
	room := s.core.Snapshot().Room(r.PathValue("room"))
	if room == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no such room.")
		return nil, false
	}
	return room, true
}

func (s *Server) rooms(w http.ResponseWriter, _ *http.Request) {
	rooms := []*app.Room{}
	for _, room := range s.core.Snapshot().Rooms {
		rooms = append(rooms, room.Room)
	}
	answer(w, http.StatusOK, map[string]any{"rooms": rooms})
}

func (s *Server) createRoom(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name *string `json:"name"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Name == nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "name must be given.")
		return
	}
	if result, ok := s.do(w, r, app.CreateRoom{Name: *body.Name}); ok {
		s.answerChange(w, http.StatusCreated, result.Durable, result.Snapshot.Room(result.RoomID).Room)
	}
}

// getRoom answers operators, and anyone who may view and knows the short code.
func (s *Server) getRoom(w http.ResponseWriter, r *http.Request) {
	role := visitOf(r).Role
	room := s.core.Snapshot().Room(r.PathValue("room"))
	byCode := room == nil || room.Room.ID != r.PathValue("room")
	if !role.Covers(app.Operator) && !(byCode && role.Covers(app.Viewer)) {
		s.refuse(w, r, errTokenNeeded)
		return
	}
	if room, ok := s.roomOf(w, r); ok {
		answer(w, http.StatusOK, room.Room)
	}
}

func (s *Server) putRoom(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Name        *string `json:"name"`
		TimeZone    *string `json:"timezone"`
		ColorNormal *string `json:"color_normal"`
		ColorYellow *string `json:"color_yellow"`
		ColorRed    *string `json:"color_red"`
		AskOpen     *bool   `json:"questions_open"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	cmd := app.UpdateRoom{
		RoomID: room.Room.ID, Name: body.Name, TimeZone: body.TimeZone,
		ColorNormal: body.ColorNormal, ColorYellow: body.ColorYellow, ColorRed: body.ColorRed,
		AskOpen: body.AskOpen,
	}
	if result, ok := s.do(w, r, cmd); ok {
		s.answerChange(w, http.StatusOK, result.Durable, result.Snapshot.Room(room.Room.ID).Room)
	}
}

func (s *Server) timers(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	answer(w, http.StatusOK, map[string]any{"timers": room.Views()})
}

func (s *Server) getTimer(w http.ResponseWriter, r *http.Request) {
	if room, ok := s.roomOf(w, r); ok {
		s.answerTimer(w, http.StatusOK, room, r.PathValue("id"), nil)
	}
}

// answerTimer answers with a timer of the room; result is of the change that made
// it so, nil for none.
func (s *Server) answerTimer(w http.ResponseWriter, status int, room *app.RoomState, id string, result *app.Result) {
	timer, position := room.Timer(id)
	switch {
	case timer == nil:
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no such timer in this room.")
	case result == nil:
		answer(w, status, app.TimerView{Timer: timer, Position: position})
	default:
		s.answerChange(w, status, result.Durable, app.TimerView{Timer: timer, Position: position})
	}
}

func (s *Server) createTimer(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var fields app.TimerFields
	if !s.readBody(w, r, &fields) {
		return
	}
	if result, ok := s.do(w, r, app.CreateTimer{RoomID: room.Room.ID, Fields: fields}); ok {
		s.answerTimer(w, http.StatusCreated, result.Snapshot.Room(room.Room.ID), result.ID, &result)
	}
}

func (s *Server) putTimer(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var fields app.TimerFields
	if !s.readBody(w, r, &fields) {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.UpdateTimer{RoomID: room.Room.ID, TimerID: id, Fields: fields}); ok {
		s.answerTimer(w, http.StatusOK, result.Snapshot.Room(room.Room.ID), id, &result)
	}
}

// deleted is the answer to a DELETE.
type deleted struct {
	Success bool   `json:"success"`
	ID      string `json:"id"`
}

func (s *Server) deleteTimer(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.DeleteTimer{RoomID: room.Room.ID, TimerID: id}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, deleted{true, id})
	}
}

func (s *Server) messages(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	answer(w, http.StatusOK, map[string]any{"messages": messagesOf(room)})
}

func (s *Server) getMessage(w http.ResponseWriter, r *http.Request) {
	if room, ok := s.roomOf(w, r); ok {
		s.answerMessage(w, http.StatusOK, room, r.PathValue("id"), nil)
	}
}

func (s *Server) answerMessage(w http.ResponseWriter, status int, room *app.RoomState, id string, result *app.Result) {
	message := room.Message(id)
	switch {
	case message == nil:
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no such message in this room.")
	case result == nil:
		answer(w, status, message)
	default:
		s.answerChange(w, status, result.Durable, message)
	}
}

func (s *Server) createMessage(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var fields app.MessageFields
	if !s.readBody(w, r, &fields) {
		return
	}
	if result, ok := s.do(w, r, app.CreateMessage{RoomID: room.Room.ID, Fields: fields}); ok {
		s.answerMessage(w, http.StatusCreated, result.Snapshot.Room(room.Room.ID), result.ID, &result)
	}
}

func (s *Server) putMessage(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var fields app.MessageFields
	if !s.readBody(w, r, &fields) {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.UpdateMessage{RoomID: room.Room.ID, MessageID: id, Fields: fields}); ok {
		s.answerMessage(w, http.StatusOK, result.Snapshot.Room(room.Room.ID), id, &result)
	}
}

func (s *Server) deleteMessage(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.DeleteMessage{RoomID: room.Room.ID, MessageID: id}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, deleted{true, id})
	}
}

func (s *Server) playback(w http.ResponseWriter, r *http.Request) {
	if room, ok := s.roomOf(w, r); ok {
		answer(w, http.StatusOK, room.Playback.At(s.core.Now()))
	}
}

// control takes the fields of the WebSocket's control message.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Action  *app.Action     `json:"action"`
		TimerID string          `json:"timer_id"`
		Value   json.RawMessage `json:"value"`
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
	cmd := app.Control{RoomID: room.Room.ID, Action: *body.Action, ID: body.TimerID, Value: value}
	if result, ok := s.do(w, r, cmd); ok {
		s.answerChange(w, http.StatusOK, result.Durable, result.Snapshot.Room(room.Room.ID).Playback.At(s.core.Now()))
	}
}
