package wsserver

import (
	"sync"

	"cuewire/app"
)

// wheel knows all sessions of a dialect and pings each once in the dialect's
// PingEvery, a slot each second, so that the pings of many are spread out. A
// session that stays silent for SilenceCloses is closed.
type wheel struct {
	pings  bool
	rounds int // of silence that close, 0 for never

	mu    sync.Mutex // guards what follows, and slot, seat and silence of the sessions
	slots [][]*session
	at    int
}

func (w *wheel) init(limits app.Limits) {
	seconds := int(limits.PingEvery / 1000)
	w.slots = make([][]*session, max(1, seconds))
	if w.pings = seconds > 0; w.pings {
		w.rounds = int(limits.SilenceCloses / limits.PingEvery)
	}
}

// add seats a session so that its first ping comes one PingEvery from now.
func (w *wheel) add(c *session) {
	w.mu.Lock()
	c.slot, c.seat = w.at, len(w.slots[w.at])
	w.slots[w.at] = append(w.slots[w.at], c)
	w.mu.Unlock()
}

func (w *wheel) remove(c *session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	slot := w.slots[c.slot]
	last := slot[len(slot)-1]
	slot[c.seat], last.seat = last, c.seat
	slot[len(slot)-1] = nil
	w.slots[c.slot] = slot[:len(slot)-1]
}

// all returns every session.
func (w *wheel) all() []*session {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []*session
	for _, slot := range w.slots {
		all = append(all, slot...)
	}
	return all
}

var pingPacket = seal(opPing, nil)

// turn goes to the next slot and pings its sessions.
func (w *wheel) turn() {
	if !w.pings {
		return
	}
	w.mu.Lock()
	w.at = (w.at + 1) % len(w.slots)
	due := append([]*session(nil), w.slots[w.at]...)
	silent := due[:0:0]
	for _, c := range due {
		if c.heard.Swap(false) {
			c.silence = 0
		} else if c.silence++; w.rounds > 0 && c.silence >= w.rounds {
			silent = append(silent, c)
		}
	}
	w.mu.Unlock()
	for _, c := range silent {
		c.part(app.PartSilent)
	}
	for _, c := range due {
		c.say(pingPacket)
	}
}
