package wsserver

import (
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"cuewire/app"
)

// questionRoutes are those of the audience's questions.
func (s *Server) questionRoutes(on func(string, methods)) {
	moderator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Moderator, h) }
	on("/api/v1/rooms/{room}/questions", methods{"GET": moderator(s.questions), "POST": s.role(app.Viewer, s.ask)})
	on("/api/v1/rooms/{room}/questions/open", methods{"PUT": moderator(s.openQuestions)})
	on("/api/v1/rooms/{room}/questions/clear", methods{"POST": moderator(s.clearQuestions)})
	on("/api/v1/rooms/{room}/questions/{id}", methods{"PUT": moderator(s.putQuestion), "DELETE": moderator(s.deleteQuestion)})
}

// questions answers with what was asked, and where the audience asks.
func (s *Server) questions(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	answer(w, http.StatusOK, struct {
		Open      bool            `json:"questions_open"`
		Address   string          `json:"ask_url"`
		Questions []*app.Question `json:"questions"`
	}{room.Room.AskOpen, s.elsewhere(r) + "/r/" + room.Room.ShortCode + "/ask", append([]*app.Question{}, room.Questions...)})
}

// elsewhere returns where other devices reach us, "http://192.168.1.5:3000": by the
// name that the request used, or, if it came by a loopback one, by the first address
// that is none. Where there is no other it is the request's.
func (s *Server) elsewhere(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	here := &url.URL{Host: r.Host}
	if at, err := netip.ParseAddr(here.Hostname()); err != nil && here.Hostname() != "localhost" || err == nil && !at.IsLoopback() {
		return scheme + r.Host
	}
	for _, address := range s.Addresses() {
		if u, err := url.Parse(address); err == nil {
			if at, err := netip.ParseAddr(u.Hostname()); err == nil && !at.IsLoopback() {
				return address
			}
		}
	}
	return scheme + r.Host
}

// ask takes a question from the audience.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Text *string `json:"text"`
		Name string  `json:"name"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Text == nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "text must be given.")
		return
	}
	if visit := visitOf(r); !visit.Local {
		if wait := s.asking.wait(visit.Address, time.Now()); wait > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
			answerError(w, http.StatusTooManyRequests, app.CodeRateLimited, "Too many questions at once. Wait a little and send it again.")
			return
		}
	}
	if result, ok := s.do(w, r, app.AskQuestion{RoomID: room.Room.ID, Text: *body.Text, Name: body.Name}); ok {
		s.answerQuestion(w, http.StatusCreated, result, room.Room.ID, result.ID)
	}
}

func (s *Server) answerQuestion(w http.ResponseWriter, status int, result app.Result, room, id string) {
	question := result.Snapshot.Room(room).Question(id)
	if question == nil { // somebody was faster
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no such question in this room.")
		return
	}
	s.answerChange(w, status, result.Durable, question)
}

// openQuestions lets a moderator say whether the audience may ask.
func (s *Server) openQuestions(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Open *bool `json:"questions_open"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Open == nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "questions_open must be given.")
		return
	}
	if result, ok := s.do(w, r, app.UpdateRoom{RoomID: room.Room.ID, AskOpen: body.Open}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, result.Snapshot.Room(room.Room.ID).Room)
	}
}

func (s *Server) putQuestion(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	var body struct {
		Text  *string            `json:"text"`
		State *app.QuestionState `json:"state"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.SetQuestion{RoomID: room.Room.ID, ID: id, Text: body.Text, State: body.State}); ok {
		s.answerQuestion(w, http.StatusOK, result, room.Room.ID, id)
	}
}

func (s *Server) deleteQuestion(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	id := r.PathValue("id")
	if result, ok := s.do(w, r, app.DeleteQuestion{RoomID: room.Room.ID, ID: id}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, deleted{true, id})
	}
}

func (s *Server) clearQuestions(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	if result, ok := s.do(w, r, app.ClearQuestions{RoomID: room.Room.ID}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, done{Success: true, Message: "Questions that are done were deleted"})
	}
}
