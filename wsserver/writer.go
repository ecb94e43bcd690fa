package wsserver

import (
	"slices"
	"sync"
	"time"
)

// batch is a writer's workspace. Many sessions in a row are usually owed the same
// packets, so what was put together for one is kept for the next.
type batch struct {
	joined        []byte    // the wire bytes of made, one after the other
	made          []*packet // what joined was made of
	frames, bytes int       // that were handed to the system
}

var batches = sync.Pool{New: func() any { return &batch{} }}

// wire returns the bytes of packets as one piece: separate frames, one write.
func (b *batch) wire(packets []*packet) []byte {
	if len(packets) == 1 {
		return packets[0].wire
	}
	if !slices.Equal(b.made, packets) {
		b.made = append(b.made[:0], packets...)
		b.joined = b.joined[:0]
		for _, p := range packets {
			b.joined = append(b.joined, p.wire...)
		}
	}
	return b.joined
}

// release counts what was written and forgets everything, so that an idle workspace
// keeps no packet alive.
func (b *batch) release(counts *deskCounts) {
	counts.wrote(b.frames, b.bytes)
	b.frames, b.bytes = 0, 0
	clear(b.made)
	if b.made = b.made[:0]; cap(b.made) > keepQueue {
		b.made = nil
	}
	if cap(b.joined) > 4*chunkSize {
		b.joined = nil
	}
}

// flush writes what waits. Only the session's writer calls it, and is no longer
// the writer when it returns.
func (c *session) flush() {
	b := batches.Get().(*batch)
	c.flushWith(b)
	b.release(&c.desk.counts)
	batches.Put(b)
}

// flushWith is flush with a workspace of the caller's. The lock is held while the
// kernel takes the bytes, which it does at once or not at all.
func (c *session) flushWith(b *batch) {
	c.mu.Lock()
	if len(c.waiting) == 0 { // all of it was for others
		c.restLocked()
		c.mu.Unlock()
		return
	}
	wire := b.wire(c.waiting)
	n, err := writeNow(c.fd, wire)
	if err != nil || n < len(wire) {
		packets := c.waiting
		c.waiting = make([]*packet, 0, len(c.few)) // not few, which packets may be in
		c.mu.Unlock()
		if err != nil {
			c.shut()
		} else {
			go c.drain(packets, n)
		}
		return
	}
	bytes, finished := c.wroteLocked(c.waiting)
	b.frames, b.bytes = b.frames+len(c.waiting), b.bytes+bytes
	clear(c.waiting)
	if c.waiting = c.waiting[:0]; cap(c.waiting) > keepQueue {
		c.waiting = nil
	}
	c.restLocked()
	c.mu.Unlock()
	if finished {
		c.shut()
	}
}

// drain goes on where a write without blocking stopped: skip bytes of packets
// are out already. It ends when nothing waits or the peer does not read.
func (c *session) drain(packets []*packet, skip int) {
	for len(packets) > 0 {
		if !c.push(packets, skip) {
			c.shut()
			return
		}
		skip = 0
		_ = c.tap.Conn.SetWriteDeadline(time.Time{}) // a failure shows in the next write
		packets = c.drained(packets)
	}
}

// drained accounts for packets that drain has written and returns what it writes
// next; with nothing waiting drain is no longer the writer.
func (c *session) drained(packets []*packet) (next []*packet) {
	c.mu.Lock()
	bytes, finished := c.wroteLocked(packets)
	count := len(packets)
	clear(packets)
	if next = c.waiting; len(next) == 0 {
		c.restLocked()
	} else {
		c.waiting = make([]*packet, 0, len(c.few))
	}
	c.mu.Unlock()
	c.desk.counts.wrote(count, bytes)
	if finished {
		c.shut()
	}
	return next
}

// push writes packets but for the first skip bytes, blocking, in pieces of chunkSize
// that each have writeWait. It reports whether all went out.
func (c *session) push(packets []*packet, skip int) bool {
	piece := pieces.Get().(*[]byte)
	defer pieces.Put(piece)
	buffered := (*piece)[:0]
	for i, p := range packets {
		rest := p.wire
		dropped := min(skip, len(rest))
		skip, rest = skip-dropped, rest[dropped:]
		for {
			n := min(len(rest), chunkSize-len(buffered))
			buffered, rest = append(buffered, rest[:n]...), rest[n:]
			if len(buffered) == chunkSize || len(rest) == 0 && i == len(packets)-1 {
				if !c.pushPiece(buffered) {
					return false
				}
				buffered = buffered[:0]
			}
			if len(rest) == 0 {
				break
			}
		}
	}
	return true
}

var pieces = sync.Pool{New: func() any {
	piece := make([]byte, 0, chunkSize)
	return &piece
}}

func (c *session) pushPiece(piece []byte) bool {
	if len(piece) == 0 {
		return true
	}
	wait := writeWait
	c.mu.Lock()
	if c.closing {
		wait = closeWait
	}
	// Under the lock, so that a deadline set by end or close is not pushed back.
	err := c.tap.Conn.SetWriteDeadline(time.Now().Add(wait))
	c.mu.Unlock()
	if err != nil {
		return false
	}
	_, err = c.tap.Conn.Write(piece)
	return err == nil
}
