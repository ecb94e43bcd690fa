package wsserver

import (
	"slices"
	"sync"
	"time"
)

// batch is a writer's workspace. Many sessions in a row are usually owed the same
// packets, so what was put together for one is kept for the next.
type batch struct {
	packets []*packet
	joined  []byte    // the wire bytes of made, one after the other
	made    []*packet // what joined was made of
	attempt attempt
}

var batches = sync.Pool{New: func() any { return newBatch() }}

func newBatch() *batch {
	b := &batch{}
	b.attempt.init()
	return b
}

// wire returns the bytes of the packets as one piece: separate frames, one write.
func (b *batch) wire() []byte {
	if len(b.packets) == 1 {
		return b.packets[0].wire
	}
	if !slices.Equal(b.made, b.packets) {
		b.made = append(b.made[:0], b.packets...)
		b.joined = b.joined[:0]
		for _, p := range b.packets {
			b.joined = append(b.joined, p.wire...)
		}
	}
	return b.joined
}

// forget lets go of the packets, which went out. The list itself goes round: it
// becomes the queue of the next session.
func (b *batch) forget() {
	clear(b.packets)
	if b.packets = b.packets[:0]; cap(b.packets) > keepQueue {
		b.packets = nil
	}
}

// release forgets everything, so that an idle workspace keeps no packet alive.
func (b *batch) release() {
	b.forget()
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
	b.release()
	batches.Put(b)
}

// flushWith is flush with a workspace of the caller's.
func (c *session) flushWith(b *batch) {
	// A peer that keeps asking may keep the queue filled; two rounds, then a
	// goroutine of its own goes on, since the caller has others to serve.
	for range 2 {
		if !c.take(b) {
			return
		}
		wire := b.wire()
		n, err := b.attempt.write(c.raw, wire)
		if err != nil {
			c.fail()
			return
		}
		if n < len(wire) {
			go c.drain(b.packets, n)
			b.packets = nil
			return
		}
		c.wrote(b.packets)
		b.forget()
	}
	go c.drain(nil, 0)
}

// drain goes on where a write without blocking stopped: skip bytes of packets
// are out already. It ends when nothing waits or the peer does not read.
func (c *session) drain(packets []*packet, skip int) {
	b := batches.Get().(*batch)
	defer func() {
		b.release()
		batches.Put(b)
	}()
	for b.packets = packets; ; skip = 0 {
		if !c.push(b.packets, skip) {
			c.fail()
			return
		}
		c.wrote(b.packets)
		b.forget()
		_ = c.conn.SetWriteDeadline(time.Time{}) // a failure shows in the next write
		if !c.take(b) {
			return
		}
	}
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
	err := c.conn.SetWriteDeadline(time.Now().Add(wait))
	c.mu.Unlock()
	if err != nil {
		return false
	}
	_, err = c.conn.Write(piece)
	return err == nil
}
