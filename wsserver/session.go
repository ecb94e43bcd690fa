package wsserver

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"cuewire/app"
)

// The close codes that the server itself uses, beside those of RFC 6455.
const (
	closeGoingAway   = websocket.CloseGoingAway       // Cuewire is stopping
	closeProtocol    = websocket.CloseProtocolError   // frames that RFC 6455 does not allow
	closeUnsupported = websocket.CloseUnsupportedData // a binary message
	closeInvalidText = websocket.CloseInvalidFramePayloadData
	closeTooBig      = websocket.CloseMessageTooBig     // a message over maxMessage
	closeFault       = websocket.CloseInternalServerErr // a fault of ours
	closeTooSlow     = websocket.CloseTryAgainLater     // what waits for the client outgrew its queue
	closeRestored    = websocket.CloseServiceRestart    // a backup was restored
	closeUnknown     = websocket.ClosePolicyViolation   // its token is good no more
	closeSilent      = 4008                             // nothing, not even a pong, was heard for too long
	closeWait        = 2 * time.Second                  // how long a close frame waits for its answer
	writeWait        = 10 * time.Second                 // how long a piece of up to chunkSize may take
	chunkSize        = 16 << 10                         // of what a blocked writer hands to the kernel at once
	maxMessage       = 65_536                           // bytes of a message that is handled
	keepQueue        = 64                               // a longer queue is given back once it is empty
)

// session is one WebSocket connection.
//
// Whoever puts a frame into an empty queue becomes its writer: it writes, without
// blocking, all that waits, and a goroutine takes over only when the kernel's
// buffer is full. So an idle session has one goroutine, which waits for something to
// read on the smallest stack that there is. What comes is read by another one, with a
// buffer that is lent to it; both are gone once nothing more is there.
//
// What every event touches stands first, close together: with a thousand sessions
// it has to come from memory each time.
type session struct {
	mu      sync.Mutex // guards what follows
	waiting []*packet
	backlog int        // bytes that wait or are being written
	bound   int        // what backlog may come to before the client counts as too slow
	fd      int        // of the connection, to write without blocking; -1 where that is not possible, and once it is closed
	writing bool       // somebody writes, and will look again before it stops
	closing bool       // a close frame waits or went out: nothing more is taken
	sent    bool       // the close frame went out
	ended   bool       // the reader has ended
	allowed bool       // bound is more than it is for others, for a state
	why     closedBy   // it is closing
	few     [2]*packet // where waiting begins

	srv    *Server
	desk   *broadcaster
	talk   app.Conversation
	ws     *websocket.Conn // reads only
	tap    *tap            // what ws reads
	counts window          // of messages; the reader's own
	whole  bool            // the message read last was read to its end; the reader's own
	client *app.Client     // what others are told of it; the engine's too, and not to be changed, once it was told

	incoming *rate.Limiter // of bytes
	pings    *rate.Limiter // that are answered; nil before the first, the reader's own

	id      string      // of the visitor
	subject string      // of the token that it came with, "" without one
	token   string      // id of the token that it came with, "" for none of ours
	expires app.Instant // when the token ends, 0 for never
	turned  *app.Frame  // what a connection over the limit gets, and nothing else; nil for others
	counted string      // the address that it counts for, "" for this computer

	heard atomic.Bool // something came since the last round of pings

	// Guarded by desk.mu.
	group *group // of its audience; nil before it joined and after it left
	place int    // in group.members

	// Guarded by desk.wheel.mu.
	slot, seat int // in the wheel
	silence    int // rounds in which nothing was heard
}

// put queues packets and reports whether the caller became the writer, in which
// case it calls flush next. A client whose backlog is over the bound is closed instead.
func (c *session) put(packets []*packet) (writer bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing || len(packets) == 0 {
		return false
	}
	for _, p := range packets {
		switch {
		case c.backlog > c.bound:
			return c.closeLocked(closedSlow, c.lastWords(app.PartSlow), true)
		case p.last:
			return c.closeLocked(closedByDialect, []*packet{p}, false)
		case p.except == "" || p.except != c.id:
			c.putLocked(p)
		}
	}
	return c.claimLocked()
}

// putState is put for the frames of a state that the client asked for: however
// long they are, they don't make it too slow.
func (c *session) putState(packets []*packet) (writer bool) {
	c.mu.Lock()
	if !c.closing && c.backlog <= c.bound {
		size := 0
		for _, p := range packets {
			size += len(p.wire)
		}
		c.allowed, c.bound = true, c.srv.limits.Backlog+size
	}
	c.mu.Unlock()
	return c.put(packets)
}

func (c *session) putLocked(p *packet) {
	if p.latest != "" {
		for i, old := range c.waiting {
			if old.latest == p.latest {
				c.backlog -= len(old.wire)
				c.waiting = append(c.waiting[:i], c.waiting[i+1:]...)
				break
			}
		}
	}
	if c.waiting == nil {
		c.waiting = c.few[:0]
	}
	c.waiting = append(c.waiting, p)
	c.backlog += len(p.wire)
}

func (c *session) claimLocked() bool {
	if c.writing {
		return false
	}
	c.writing = true
	return true
}

// say queues packets and writes them.
func (c *session) say(packets ...*packet) {
	if c.put(packets) {
		c.flush()
	}
}

// close sends a close frame after what waits and ends the session once the peer
// has answered it, or after closeWait.
func (c *session) close(code int, reason string) {
	c.mu.Lock()
	writer := c.closeLocked(reasonOf(code), []*packet{sealClose(code, reason)}, false)
	c.mu.Unlock()
	if writer {
		c.flush()
	}
}

// part is close with the dialect's last words.
func (c *session) part(why app.Parting) {
	c.mu.Lock()
	writer := c.closeLocked(parted[why], c.lastWords(why), false)
	c.mu.Unlock()
	if writer {
		c.flush()
	}
}

// lastWords are what the dialect says at the end, or a close frame alone.
func (c *session) lastWords(why app.Parting) []*packet {
	if leaver, ok := c.talk.(app.Leaver); ok {
		return sealFrames([]app.Frame{leaver.Part(why)})
	}
	switch why {
	case app.PartSilent:
		return []*packet{sealClose(closeSilent, "nothing was heard for too long")}
	case app.PartUnknown:
		return []*packet{sealClose(closeUnknown, "the access token is not good any more")}
	case app.PartRestored:
		return []*packet{sealClose(closeRestored, "a backup was restored: reconnect")}
	case app.PartSlow:
		return []*packet{sealClose(closeTooSlow, "too far behind: reconnect")}
	}
	return []*packet{sealClose(closeGoingAway, "Cuewire is stopping")}
}

// closeLocked queues packets whose last is a close frame, for that reason, with drop in place of
// what waits, and reports whether the caller became the writer.
func (c *session) closeLocked(why closedBy, packets []*packet, drop bool) (writer bool) {
	if c.closing {
		return false
	}
	c.why = why
	if drop {
		for _, old := range c.waiting {
			c.backlog -= len(old.wire)
		}
		clear(c.waiting)
		c.waiting = c.waiting[:0]
	}
	for _, p := range packets {
		c.putLocked(p)
	}
	c.closing = true
	_ = c.tap.Conn.SetReadDeadline(time.Now().Add(closeWait)) // a failure shows in the reader
	return c.claimLocked()
}

// restLocked ends the writer's part: nothing waits.
func (c *session) restLocked() {
	c.writing = false
	if c.allowed {
		c.allowed, c.bound = false, c.srv.limits.Backlog
	}
}

// wroteLocked accounts for packets that went out, and reports whether that was the
// end: the caller then calls shut.
func (c *session) wroteLocked(packets []*packet) (bytes int, finished bool) {
	for _, p := range packets {
		bytes += len(p.wire)
		c.sent = c.sent || p.last
	}
	c.backlog -= bytes
	return bytes, c.sent && c.ended
}

// shut closes the connection. Whoever writes holds mu and looks at fd first: its
// number may soon be another connection's.
func (c *session) shut() {
	c.mu.Lock()
	c.closing, c.fd = true, -1
	c.mu.Unlock()
	_ = c.tap.Conn.Close() // the reader sees it and ends
}

// end is the reader's last act: the connection is closed now, or, when the peer
// closed in order and our answer is still on its way, once that went out.
func (c *session) end(orderly bool) {
	c.mu.Lock()
	c.ended = true
	now := !orderly || c.sent
	c.closing = true
	c.mu.Unlock()
	if now {
		c.shut()
		return
	}
	_ = c.tap.Conn.SetWriteDeadline(time.Now().Add(closeWait)) // a failure shows in the writer
}
