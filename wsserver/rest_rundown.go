package wsserver

import (
	"net/http"

	"cuewire/app"
)

func (s *Server) deleteRoom(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	if result, ok := s.do(w, r, app.DeleteRoom{RoomID: room.Room.ID}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, done{Success: true, Message: "Room deleted"})
	}
}

func (s *Server) undo(w http.ResponseWriter, r *http.Request) {
	s.step(w, r, func(room string) app.Command { return app.Undo{RoomID: room} })
}

func (s *Server) redo(w http.ResponseWriter, r *http.Request) {
	s.step(w, r, func(room string) app.Command { return app.Redo{RoomID: room} })
}

// step goes one step through a room's history and answers with the rundown after it.
func (s *Server) step(w http.ResponseWriter, r *http.Request, command func(room string) app.Command) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	if result, ok := s.do(w, r, command(room.Room.ID)); ok {
		after := result.Snapshot.Room(room.Room.ID)
		s.answerChange(w, http.StatusOK, result.Durable, struct {
			Room     *app.Room       `json:"room"`
			Timers   []app.TimerView `json:"timers"`
			Messages []*app.Message  `json:"messages"`
		}{after.Room, after.Views(), messagesOf(after)})
	}
}

// preflight answers with the cues that would fail in OBS as it is now.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	if state, ok := s.connected(w, r); ok {
		answer(w, http.StatusOK, map[string]any{"missing": room.MissingScenes(state)})
	}
}

// messagesOf returns the room's messages, [] in JSON where there are none.
func messagesOf(room *app.RoomState) []*app.Message {
	return append([]*app.Message{}, room.Messages...)
}
