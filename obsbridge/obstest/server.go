package obstest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
)

// Server speaks obs-websocket 5 as far as the bridge uses it, and misbehaves on
// command. It is for faults that a real OBS cannot be made to show. Its methods
// may be called from any goroutine.
type Server struct {
	Port     int
	Password string

	t testing.TB

	mu       sync.Mutex // guards the rest
	http     *http.Server
	down     bool
	conns    map[*Conn]bool
	faults   Faults
	scenes   []string // top first
	current  string
	requests []string // the kinds of all requests so far
	working  sync.WaitGroup
}

// Faults replace what a Server does by itself; nil leaves it to the server.
type Faults struct {
	// Accept takes a connection before the upgrade.
	Accept func(net.Conn)
	// Greet takes a connection in place of the handshake, and of all that follows.
	Greet func(*Conn)
	// Answer takes a request; false leaves it to the server.
	Answer func(*Conn, Request) bool
}

// Request is one request of the bridge.
type Request struct {
	Type string         `json:"requestType"`
	ID   string         `json:"requestId"`
	Data map[string]any `json:"requestData"`
}

// NewServer starts a server on a free port of this computer, with the scenes
// given, top first. It stops with the test.
func NewServer(t testing.TB, password string, scenes ...string) *Server {
	t.Helper()
	s := &Server{Password: password, t: t, conns: map[*Conn]bool{}, scenes: scenes, current: scenes[0]}
	s.Up()
	t.Cleanup(s.Down)
	return s
}

// Target returns where it is.
func (s *Server) Target() app.ConnectOBS {
	return app.ConnectOBS{Host: "127.0.0.1", Port: s.Port, Password: s.Password}
}

// Up listens again after Down, on the same port.
func (s *Server) Up() {
	s.t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)))
	if err != nil {
		s.t.Fatalf("listen again: %v", err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	server := &http.Server{Handler: http.HandlerFunc(s.serve)}
	s.mu.Lock()
	s.http, s.down = server, false
	s.mu.Unlock()
	s.working.Go(func() { server.Serve(faultyListener{listener, s}) })
}

// Down resets all connections and stops listening.
func (s *Server) Down() {
	s.mu.Lock()
	server := s.http
	s.down = true
	s.mu.Unlock()
	server.Close()
	s.Each((*Conn).Reset)
	s.working.Wait()
}

// Misbehave sets the faults of what comes from now on; the zero value heals.
func (s *Server) Misbehave(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

func (s *Server) behaviour() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}

// Each calls f with every identified connection.
func (s *Server) Each(f func(*Conn)) {
	s.mu.Lock()
	var all []*Conn
	for c := range s.conns {
		all = append(all, c)
	}
	s.mu.Unlock()
	for _, c := range all {
		f(c)
	}
}

// Switch puts a scene on program and tells every connection.
func (s *Server) Switch(scene string) {
	s.mu.Lock()
	s.current = scene
	s.mu.Unlock()
	s.Each(func(c *Conn) { c.Event("CurrentProgramSceneChanged", map[string]any{"sceneName": scene}) })
}

// SetQuietly puts a scene on program, and tells nobody.
func (s *Server) SetQuietly(scene string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = scene
}

// Requests returns the kinds of all requests so far.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[:len(s.requests):len(s.requests)]
}

// faultyListener hands connections to Faults.Accept, if that is set.
type faultyListener struct {
	net.Listener
	server *Server
}

// Accept implements net.Listener.
func (l faultyListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		fault := l.server.behaviour().Accept
		if fault == nil {
			return c, nil
		}
		fault(c)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	c := newConn(ws)
	s.mu.Lock()
	if s.down {
		s.mu.Unlock()
		return
	}
	s.conns[c] = true
	s.working.Add(1)
	s.mu.Unlock()
	defer s.working.Done()
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
	}()
	if greet := s.behaviour().Greet; greet != nil {
		greet(c)
		c.drain()
		return
	}
	if s.greet(c) {
		s.answerAll(c)
	}
}

// greet does the handshake.
func (s *Server) greet(c *Conn) bool {
	const salt, challenge = "salt", "challenge"
	hello := map[string]any{"obsWebSocketVersion": "5.5.0", "rpcVersion": 1}
	if s.Password != "" {
		hello["authentication"] = map[string]any{"salt": salt, "challenge": challenge}
	}
	c.Send(0, hello)
	var identify struct {
		D struct {
			Authentication string `json:"authentication"`
		} `json:"d"`
	}
	if c.ws.ReadJSON(&identify) != nil {
		return false
	}
	if s.Password != "" && identify.D.Authentication != digest(digest(s.Password+salt)+challenge) {
		c.Close(4009, "Authentication failed.")
		c.drain()
		return false
	}
	c.Send(2, map[string]any{"negotiatedRpcVersion": 1})
	return true
}

func (s *Server) answerAll(c *Conn) {
	for {
		_, text, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		var m struct {
			Op int     `json:"op"`
			D  Request `json:"d"`
		}
		if json.Unmarshal(text, &m) != nil {
			c.Close(4002, "bad message")
			continue
		}
		if m.Op == 3 {
			c.Send(2, map[string]any{"negotiatedRpcVersion": 1})
			continue
		}
		s.mu.Lock()
		s.requests = append(s.requests, m.D.Type)
		answer := s.faults.Answer
		s.mu.Unlock()
		if c.isStalled() {
			<-c.stalled // until the test ends the connection
			return
		}
		if answer == nil || !answer(c, m.D) {
			s.Answer(c, m.D)
		}
	}
}

// Answer answers a request as a healthy OBS would.
func (s *Server) Answer(c *Conn, r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.Type {
	case "GetVersion":
		c.Answer(r, map[string]any{"obsVersion": "30.2.0", "obsWebSocketVersion": "5.5.0", "rpcVersion": 1})
	case "GetSceneList":
		scenes := make([]map[string]any, len(s.scenes))
		for i, name := range s.scenes {
			scenes[len(scenes)-1-i] = map[string]any{"sceneName": name, "sceneIndex": len(scenes) - 1 - i, "sceneUuid": fmt.Sprint("uuid-", i)}
		}
		c.Answer(r, map[string]any{"scenes": scenes, "currentProgramSceneName": s.current})
	case "GetStats":
		c.Answer(r, map[string]any{"activeFps": 60.0, "cpuUsage": 1.0, "renderTotalFrames": 1000})
	case "SetCurrentProgramScene":
		scene, _ := r.Data["sceneName"].(string)
		s.current = scene
		c.Answer(r, nil)
		c.Event("CurrentProgramSceneChanged", map[string]any{"sceneName": scene})
	case "GetCurrentSceneTransition", "GetReplayBufferStatus", "GetVirtualCamStatus":
		c.Refuse(r, 604, "not available")
	default:
		c.Answer(r, map[string]any{})
	}
}

// WaitFor waits until the server has got a request of the kind, at place from or later.
func (s *Server) WaitFor(t testing.TB, from int, kind string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		for _, r := range s.Requests()[from:] {
			if r == kind {
				return
			}
		}
	}
	t.Fatalf("no %s came within a minute", kind)
}
