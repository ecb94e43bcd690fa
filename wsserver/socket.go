package wsserver

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"cuewire/app"
)

// upgrader turns requests into WebSocket connections. gorilla reads with the reader
// that tapped gives it and writes nothing but the handshake.
type upgrader struct{ websocket.Upgrader }

func (u *upgrader) init() {
	u.Upgrader = websocket.Upgrader{
		WriteBufferSize: 256,
		WriteBufferPool: &sync.Pool{},
		CheckOrigin:     func(*http.Request) bool { return true }, // the guard has checked it
		Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
			w.Header().Set("Sec-Websocket-Version", "13")
			answerError(w, status, app.CodeInvalid, reason.Error())
		},
	}
}

// isUpgrade reports whether r asks for a WebSocket.
func isUpgrade(r *http.Request) bool {
	return hasToken(r.Header.Values("Connection"), "upgrade") && hasToken(r.Header.Values("Upgrade"), "websocket")
}

func hasToken(values []string, token string) bool {
	for _, value := range values {
		for part := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(part), token) {
				return true
			}
		}
	}
	return false
}

// tapped lets gorilla hijack a connection that stays ours, and so does what it is read
// with.
type tapped struct {
	http.ResponseWriter
	tap *tap
}

func (t *tapped) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	t.tap = &tap{Conn: conn}
	if buffers.Reader.Buffered() == 0 { // or gorilla refuses the connection
		t.tap.borrow()
		buffers.Reader = &t.tap.buffered
	}
	return t.tap, buffers, nil
}

// converse upgrades the request to a session of the dialect; ref is what the path
// names. The handler returns at once: the session has a goroutine of its own, so
// that nothing of net/http stays alive with it.
func (s *Server) converse(w http.ResponseWriter, r *http.Request, desk *broadcaster, ref string) {
	visit := visitOf(r)
	id := strconv.FormatUint(s.visitors.Add(1), 36)
	talk, err := s.welcome(r, desk, id, ref)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	counted := countedAs(r, visit)
	if full := s.sessions.enter(counted); full != nil {
		s.refuse(w, r, full)
		return
	}
	var turned *app.Frame
	if limits := desk.limits; limits.Opens > 0 && visit.Subject != "" {
		crowded, ok := talk.(app.Crowded)
		if retry := desk.people.admit(visit.Subject, deedOpen, s.core.Now(), limits.Opens, limits.OpensPer); ok && retry > 0 {
			frame := crowded.Crowd(retry)
			turned = &frame
		}
	}
	var header http.Header
	if visit.Subprotocol != "" {
		// Spelt otherwise than gorilla looks for it: the connection would keep the token, and
		// with it all of the request's header, for good.
		header = http.Header{"Sec-WebSocket-Protocol": {visit.Subprotocol}}
	}
	door := &tapped{ResponseWriter: w}
	ws, err := s.upgrader.Upgrade(door, r, header)
	if err != nil {
		s.sessions.leave(counted)
		return
	}
	c := &session{
		srv: s, desk: desk, talk: talk, ws: ws, tap: door.tap, fd: fdOf(door.tap.Conn),
		client: &app.Client{ID: id, Address: visit.Address, TokenID: visit.TokenID}, id: id, subject: visit.Subject, turned: turned, token: visit.TokenID, counted: counted, bound: s.limits.Backlog,
		incoming: rate.NewLimiter(rate.Limit(s.limits.Incoming), 8*s.limits.Incoming+maxMessage),
	}
	if !visit.Expires.IsZero() {
		c.expires = app.InstantOf(visit.Expires)
	}
	door.tap.session = c
	desk.enter(c)
	go c.serve()
}

// welcome opens the conversation that the request asks for, or says why not.
func (s *Server) welcome(r *http.Request, desk *broadcaster, id, ref string) (app.Conversation, error) {
	visit := visitOf(r)
	if visit.Role == "" && !desk.keyed {
		return nil, errTokenNeeded
	}
	query := r.URL.Query()
	query.Del("token") // never in a query: nobody further in may come to rely on it
	query.Del("access_token")
	talk, err := desk.dialect.Open(app.Visitor{
		ID:      id,
		Role:    visit.Role,
		Local:   visit.Local,
		Address: visit.Address,
		Subject: visit.Subject,
		Query:   query,
	}, ref, s.core.Snapshot())
	if app.CodeOf(err) == app.CodeForbidden && !visit.Local && !visit.Known {
		err = errTokenNeeded
	}
	return talk, err
}

// tellWait is how long a full engine may keep a session from being told of. On a
// stop in order the engine is the last to go.
const tellWait = time.Second

func (s *Server) tell(fact app.ClientFact) {
	ctx, cancel := context.WithTimeout(context.Background(), tellWait)
	defer cancel()
	if err := s.core.Tell(ctx, fact); err != nil {
		s.log.Debug("a client could not be told of", "client", fact.Client.ID, "err", err)
	}
}
