package wsserver

import (
	"bufio"
	"bytes"
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
	session  *session      // set before the reader starts
	buffered bufio.Reader  // what gorilla reads from; without a buffer while none is lent
	lent     *bufio.Reader // whose buffer it is
	tail     [7]byte       // what was read last
}

// readers have the buffers that are lent. gorilla uses none of less than 256 bytes.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 512) }}

// borrow takes a buffer to read with.
func (t *tap) borrow() {
	t.lent = readers.Get().(*bufio.Reader)
	t.lent.Reset(t)
	t.buffered = *t.lent
}

// giveBack returns the buffer and forgets what is in it.
func (t *tap) giveBack() {
	t.lent.Reset(nil)
	readers.Put(t.lent)
	t.lent, t.buffered = nil, bufio.Reader{}
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
	kept := copy(t.tail[:], t.tail[min(n, len(t.tail)):])
	copy(t.tail[kept:], p[max(0, n-len(t.tail)):n])
	if t.session != nil && n > 0 {
		if wait := t.session.incoming.ReserveN(time.Now(), n).Delay(); wait > 0 {
			time.Sleep(wait)
		}
	}
	return n, err
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
		c.pinged([]byte(data))
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

// pinged answers a ping.
func (c *session) pinged(data []byte) {
	c.heard.Store(true)
	if c.pings == nil { // most never ask
		c.pings = rate.NewLimiter(rate.Limit(c.srv.limits.Pings), 10*c.srv.limits.Pings)
	}
	if c.pings.Allow() { // RFC 6455 lets a pong answer the latest of several pings
		c.say(seal(opPong, data))
	}
}

// serve opens the conversation and has what comes read until the connection ends.
func (c *session) serve() {
	if !c.open() {
		c.tap.giveBack()
		c.leave()
		return
	}
	c.whole = true
	c.tap.giveBack()
	go c.wait()
}

// wait waits until something has come. An idle session does nothing else.
func (c *session) wait() {
	awaitInput(c.tap.Conn)
	go c.read() // this stack stays as small as it is
}

// read reads what has come and then has somebody wait for more, or ends the session.
func (c *session) read() {
	c.tap.borrow()
	for c.readOne() {
		if c.whole && c.tap.buffered.Buffered() == 0 {
			c.tap.giveBack()
			go c.wait()
			return
		}
	}
	c.tap.giveBack()
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

// readOne waits for a message, a ping or a pong and handles it. It reports whether there
// may be more.
func (c *session) readOne() (more bool) {
	if c.whole && c.readControl() {
		return true
	}
	c.whole = false
	kind, message, err := c.ws.NextReader()
	if err != nil {
		c.finish(err)
		return false
	}
	c.heard.Store(true)
	return c.receive(kind, message)
}

// readControl handles a ping or pong between two messages, if that is what comes next.
// gorilla would go on to wait for a message. Whatever is not right about one it leaves to
// gorilla.
func (c *session) readControl() bool {
	const header = 6 // of a client's control frame: two bytes and the mask
	head, err := c.tap.buffered.Peek(2)
	if err != nil || head[0] != 0x80|opPing && head[0] != 0x80|opPong || head[1] < 0x80 || head[1] > 0x80|125 {
		return false
	}
	frame, err := c.tap.buffered.Peek(header + int(head[1]&0x7f))
	if err != nil {
		return false
	}
	if frame[0]&0xf == opPong {
		c.heard.Store(true)
	} else {
		mask, data := frame[2:header], bytes.Clone(frame[header:])
		for i := range data {
			data[i] ^= mask[i%4]
		}
		c.pinged(data)
	}
	_, _ = c.tap.buffered.Discard(len(frame)) // they are there
	return true
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
		_, _ = io.Copy(io.Discard, c.tap.Conn) // until the peer closes or the deadline
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
		c.whole = true
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
