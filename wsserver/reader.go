package wsserver

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"cuewire/app"
)

// commandWait is how long a message's command may take before it is told as
// failed. The engine answers within a second even when the disk does not.
const commandWait = 10 * time.Second

// tap is the connection as gorilla sees it. Once a session is attached, the only
// things that gorilla writes by itself are the close frames of protocol errors:
// they go through the session's queue, so that no frame ever follows them.
type tap struct {
	net.Conn
	session *session // set before the reader starts
	tail    [7]byte  // what was read last
}

func (t *tap) Write(p []byte) (int, error) {
	if t.session == nil {
		return t.Conn.Write(p)
	}
	if len(p) >= 2 && p[0]&0xf == opClose {
		t.session.closeWire(closedProtocol, append([]byte(nil), p...), false)
	}
	return len(p), nil
}

// SetWriteDeadline does nothing once a session is attached: its writer sets its own.
func (t *tap) SetWriteDeadline(at time.Time) error {
	if t.session == nil {
		return t.Conn.SetWriteDeadline(at)
	}
	return nil
}

// Read reads no faster than a client may send: it waits a little, and the peer with
// it. What frames come to, empty ones and fragments too, is bounded with their bytes.
func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.came(p[:n])
	return n, err
}

// came takes note of what was read. It is no part of Read, in which idle sessions
// wait: their stacks would be twice as large.
//
//go:noinline
func (t *tap) came(p []byte) {
	n := len(p)
	kept := copy(t.tail[:], t.tail[min(n, len(t.tail)):])
	copy(t.tail[kept:], p[max(0, n-len(t.tail)):])
	if t.session != nil && n > 0 {
		if wait := t.session.incoming.ReserveN(time.Now(), n).Delay(); wait > 0 {
			time.Sleep(wait)
		}
	}
}

// halfClosed reports whether a close frame with half a code was read last: gorilla
// takes it for one without a code, RFC 6455 for an error.
func (t *tap) halfClosed() bool { return t.tail[0] == 0x80|opClose && t.tail[1] == 0x80|1 }

// closeWire is close for a frame that is ready made.
func (c *session) closeWire(why closedBy, wire []byte, drop bool) {
	c.mu.Lock()
	writer := c.closeLocked(why, []*packet{{wire: wire, last: true}}, drop)
	c.mu.Unlock()
	if writer {
		c.flush()
	}
}

// listen replaces gorilla's own handlers, which would write from here.
func (c *session) listen() {
	c.ws.SetPingHandler(func(data string) error {
		c.heard.Store(true)
		if c.pings == nil { // most never ask
			c.pings = rate.NewLimiter(rate.Limit(c.srv.limits.Pings), 10*c.srv.limits.Pings)
		}
		if c.pings.Allow() { // RFC 6455 lets a pong answer the latest of several pings
			c.say(seal(opPong, []byte(data)))
		}
		return nil
	})
	c.ws.SetPongHandler(func(string) error {
		c.heard.Store(true)
		return nil
	})
	c.ws.SetCloseHandler(func(code int, reason string) error {
		switch {
		case code != websocket.CloseNoStatusReceived:
		case c.ws.NetConn().(*tap).halfClosed():
			code, reason = websocket.CloseProtocolError, ""
		default:
			code, reason = 0, ""
		}
		c.closeWire(closedByClient, sealClose(code, reason).wire, true)
		return nil
	})
}

// serve opens the conversation and reads until the connection ends. An idle
// session waits in here: what needs much of the stack is kept in functions of its
// own, so that the stack can be small.
func (c *session) serve() {
	if c.open() {
		for c.readOne() {
		}
	}
	c.leave()
}

// open tells of the client and lets the dialect greet it.
func (c *session) open() (opened bool) {
	defer c.contain()
	c.listen()
	if c.turned != nil {
		c.say(sealFrames([]app.Frame{*c.turned})...)
		return true
	}
	talker := c.talk.Client()
	c.client.Name, c.client.Role, c.client.Dialect, c.client.ConnectedAt = talker.Name, talker.Role, talker.Dialect, c.srv.core.Now()
	c.client.AppID, c.client.SocketID, c.client.NoTicks = talker.AppID, talker.SocketID, talker.NoTicks
	c.srv.tell(app.ClientFact{Client: c.client})
	step := app.Step{
		Reply: c.talk.Greet(c.srv.core.Snapshot(), c.srv.core.Now()),
		Join:  c.talk.Audience(),
	}
	if stating, ok := c.talk.(app.Stating); ok {
		step.State = stating.State
	}
	c.desk.admit(c, step)
	return true
}

// readOne waits for a message and handles it. It reports whether there may be more.
func (c *session) readOne() (more bool) {
	kind, message, err := c.ws.NextReader()
	if err != nil {
		c.finish(err)
		return false
	}
	c.heard.Store(true)
	return c.receive(kind, message)
}

// contain keeps a fault of ours from ending more than this session: it is
// deferred around everything that a message can reach.
func (c *session) contain() {
	if fault := recover(); fault != nil {
		c.srv.log.Error("websocket session failed", "client", c.id, "fault", fault, "stack", string(debug.Stack()))
		c.close(closeFault, "a fault in Cuewire")
		c.end(c.discard())
	}
}

// leave forgets the session, which has ended.
func (c *session) leave() {
	c.mu.Lock()
	c.desk.counts.closed[c.why].Add(1)
	c.mu.Unlock()
	c.desk.leave(c)
	c.srv.sessions.leave(c.counted)
	c.srv.tell(app.ClientFact{Client: &app.Client{ID: c.id}, Gone: true})
}

// finish ends the session after a failed read.
func (c *session) finish(err error) {
	var closed *websocket.CloseError
	var network net.Error
	switch {
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		c.end(true)
	case errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
		c.end(false)
	default:
		// gorilla refused what came, for which it mostly has queued a close frame, and
		// reads no more.
		c.close(websocket.CloseProtocolError, "")
		_, _ = io.Copy(io.Discard, c.conn) // until the peer closes or the deadline
		c.end(false)
	}
}

// discard reads on after a close frame was queued, until the peer answers it or
// the deadline, and reports whether it answered.
func (c *session) discard() (orderly bool) {
	for {
		if _, _, err := c.ws.NextReader(); err != nil {
			var closed *websocket.CloseError
			return errors.As(err, &closed)
		}
	}
}

var messages = sync.Pool{New: func() any {
	buffer := make([]byte, 0, 1024)
	return &buffer
}}

// receive handles one message, or skips it when the session is closing. It
// reports false after a fault of ours, when the session has ended.
func (c *session) receive(kind int, message io.Reader) (more bool) {
	defer c.contain()
	c.mu.Lock()
	closing := c.closing
	c.mu.Unlock()
	if closing {
		return true
	}
	if kind != websocket.TextMessage {
		c.close(closeUnsupported, "only text messages are understood")
		return true
	}
	buffer := messages.Get().(*[]byte)
	defer messages.Put(buffer)
	text, err := readMessage((*buffer)[:0], message)
	*buffer = text
	switch {
	case errors.Is(err, errTooBig):
		c.close(closeTooBig, "a message may have 65,536 bytes")
	case errors.Is(err, errNotText):
		c.close(closeInvalidText, "a text message must be UTF-8")
	case err != nil: // the next read tells
	default:
		c.handle(text)
	}
	if cap(*buffer) > maxMessage+1 {
		*buffer = make([]byte, 0, 1024)
	}
	return true
}

var (
	errTooBig  = errors.New("message too big")
	errNotText = errors.New("message is not UTF-8")
)

// readMessage appends the message to buffer as it comes, so that a client that
// only announces a long one costs nothing. It ends with the first byte that cannot
// be part of UTF-8.
func readMessage(buffer []byte, message io.Reader) ([]byte, error) {
	valid := 0 // bytes of the buffer that are whole characters
	for {
		if len(buffer) > maxMessage {
			return buffer, errTooBig
		}
		if len(buffer) == cap(buffer) {
			buffer = append(make([]byte, 0, min(2*cap(buffer), maxMessage+1)), buffer...)
		}
		n, err := message.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		whole := validText(buffer[valid:])
		valid += whole
		switch {
		case len(buffer)-valid > 0 && (err == io.EOF || utf8.FullRune(buffer[valid:])):
			return buffer, errNotText
		case err == io.EOF && len(buffer) > maxMessage:
			return buffer, errTooBig
		case err == io.EOF:
			return buffer, nil
		case err != nil:
			return buffer, err
		}
	}
}

// validText returns how many bytes at the beginning are whole characters.
func validText(text []byte) int {
	if utf8.Valid(text) {
		return len(text)
	}
	whole := 0
	for whole < len(text) {
		char, size := utf8.DecodeRune(text[whole:])
		if char == utf8.RuneError && size < 2 {
			break
		}
		whole += size
	}
	return whole
}

// admit counts a message, or returns how long to wait.
func (c *session) admit(now app.Instant) (retry app.Millis) {
	limits := c.desk.limits
	if limits.Personal {
		return c.desk.people.admit(c.subject, deedMessage, now, limits.Messages, limits.Per)
	}
	return c.counts.admit(now, limits.Messages, limits.Per)
}

// handle does what one text message asks.
func (c *session) handle(text []byte) {
	c.srv.load.message(time.Now())
	core := c.srv.core
	now := core.Now()
	if retry := c.admit(now); retry > 0 {
		c.say(sealFrames(c.talk.Limited(retry, now))...)
		return
	}
	step := c.talk.Receive(text, core.Snapshot(), now)
	if step.Command != nil {
		c.say(sealFrames(step.Reply)...)
		step.Reply = nil
		ctx, cancel := context.WithTimeout(c.srv.base, commandWait)
		_, err := core.Do(ctx, step.Command)
		cancel()
		if err != nil {
			c.say(sealFrames(c.talk.Refused(err, core.Now()))...)
			step.Join, step.State = nil, nil
		}
	}
	if step.Join != nil || step.State != nil {
		c.desk.admit(c, step)
	} else {
		c.say(sealFrames(step.Reply)...)
	}
	if step.Hello != nil {
		greeted := c.client.Greeted(*step.Hello, now)
		c.client = &greeted
		c.srv.tell(app.ClientFact{Client: c.client})
	}
	if step.Close != nil {
		c.close(step.Close.Code, step.Close.Reason)
	}
}
