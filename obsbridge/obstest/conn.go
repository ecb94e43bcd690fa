package obstest

import (
	"crypto/sha256"
	"encoding/base64"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Conn is one connection of the bridge to a Server. Its methods may be called from
// any goroutine; what cannot be sent is dropped.
type Conn struct {
	ws      *websocket.Conn
	stalled chan struct{} // closed by Reset, frees a stalled server

	mu    sync.Mutex // guards writing and the rest
	stall bool
	ended bool
}

func newConn(ws *websocket.Conn) *Conn {
	c := &Conn{ws: ws, stalled: make(chan struct{})}
	pong := ws.PingHandler()
	ws.SetPingHandler(func(data string) error {
		if c.isStalled() {
			return nil
		}
		return pong(data)
	})
	return c
}

// Send sends one obs-websocket message.
func (c *Conn) Send(op int, d any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stall {
		c.ws.WriteJSON(map[string]any{"op": op, "d": d})
	}
}

// SendMessage sends one WebSocket message, whatever is in it.
func (c *Conn) SendMessage(kind int, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ws.WriteMessage(kind, data)
}

// SendRaw sends bytes that need not be a WebSocket frame.
func (c *Conn) SendRaw(data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ws.NetConn().Write(data)
}

// Event sends an event.
func (c *Conn) Event(name string, data any) {
	c.Send(5, map[string]any{"eventType": name, "eventIntent": 4, "eventData": data})
}

// Answer answers a request.
func (c *Conn) Answer(r Request, data any) {
	c.AnswerAs(r.Type, r.ID, data)
}

// AnswerAs answers a request of another kind or id than was asked.
func (c *Conn) AnswerAs(kind, id string, data any) {
	d := map[string]any{"requestType": kind, "requestId": id, "requestStatus": map[string]any{"result": true, "code": 100}}
	if data != nil {
		d["responseData"] = data
	}
	c.Send(7, d)
}

// Refuse answers a request with an error.
func (c *Conn) Refuse(r Request, code int, comment string) {
	c.Send(7, map[string]any{
		"requestType": r.Type, "requestId": r.ID,
		"requestStatus": map[string]any{"result": false, "code": code, "comment": comment},
	})
}

// Close sends a close frame.
func (c *Conn) Close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
}

// Stall makes the server neither read nor write any more, with the connection open.
func (c *Conn) Stall() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stall = true
}

func (c *Conn) isStalled() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stall
}

// Reset ends the connection with a TCP reset.
func (c *Conn) Reset() {
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.end()
}

// Drop ends the connection without a close frame.
func (c *Conn) Drop() { c.end() }

func (c *Conn) end() {
	c.ws.NetConn().Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.ended = true
		close(c.stalled)
	}
}

// drain reads until the connection ends.
func (c *Conn) drain() {
	for {
		if _, _, err := c.ws.ReadMessage(); err != nil {
			return
		}
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}
