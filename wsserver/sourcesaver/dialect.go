// Package sourcesaver translates between the Source Saver WebSocket protocol and
// the core: clients subscribe to patterns of event names and get what matches.
// docs/protocols/source-saver.md tells all of it.
package sourcesaver

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"sync/atomic"
	"time"

	"cuewire/app"
)

// What a connection may do.
const (
	maxMessages                 = 1000
	maxPatterns                 = 200 // held at once
	maxPatternLength            = 128
	per              app.Millis = 10_000
	pingEvery        app.Millis = 30_000
	silence                     = 3 * pingEvery
)

// Heartbeat is the event that only those get who subscribed to it by name.
const heartbeat = "system:heartbeat"

// Dialect is Source Saver's.
type Dialect struct {
	run string        // makes the ids of this run unlike those of another
	ids atomic.Uint64 // of frames that are for one connection

	// What Encode made last: the same event comes once for every audience.
	last   uint64         // the event's Seq, 0 for none
	frames [2][]app.Frame // for viewers and for operators
	made   [2]bool
}

var (
	_ app.Dialect = (*Dialect)(nil)
	_ app.Beating = (*Dialect)(nil)
)

// New returns the dialect.
func New() *Dialect {
	var id [4]byte
	_, _ = rand.Read(id[:]) // never fails
	return &Dialect{run: hex.EncodeToString(id[:])}
}

// Limits tells what a connection may do.
func (d *Dialect) Limits() app.Limits {
	return app.Limits{Messages: maxMessages, Per: per, PingEvery: pingEvery, SilenceCloses: silence}
}

// Open starts a conversation; anyone who may connect may have one.
func (d *Dialect) Open(v app.Visitor, _ string, _ *app.Snapshot) (app.Conversation, error) {
	c := &conversation{dialect: d, id: v.ID, name: v.Name(), role: v.Role}
	c.held.operator = v.Role.Covers(app.Operator)
	c.quick = owner{all: v.Role.Covers(app.Controller), subject: v.Subject}
	return c, nil
}

// Encode makes one frame of an event that the audience wants. The frame is the
// same for all audiences, but for what only operators may know.
func (d *Dialect) Encode(ev app.Event, _ *app.Snapshot, a app.Audience) []app.Frame {
	to := a.(audience)
	name := ev.Name()
	if !to.wants(name) {
		return nil
	}
	if quick, ok := ev.Body.(app.QuickTimerChanged); ok && visible(quick, to) == nil {
		return nil
	}
	if ev.Seq != d.last || ev.Seq == 0 {
		d.last, d.made = ev.Seq, [2]bool{}
	}
	variant := 0
	if to.operator {
		variant = 1
	}
	if !d.made[variant] {
		d.made[variant] = true
		d.frames[variant] = nil
		if body := visible(ev.Body, to); body != nil {
			id := "msg-" + d.run + "-" + strconv.FormatUint(ev.Seq, 10)
			d.frames[variant] = []app.Frame{{Text: eventFrame(name, body, ev.At, id, false), Latest: ev.Latest()}}
		}
	}
	return d.frames[variant]
}

// visible returns the body as the audience may see it, nil when nothing of it is left.
func visible(body app.EventBody, to audience) app.EventBody {
	if quick, ok := body.(app.QuickTimerChanged); ok {
		if to.quick.all || to.quick.subject != "" && to.quick.subject == quick.Timer.Owner {
			return quick
		}
		return nil
	}
	return app.VisibleBody(body, to.operator)
}

// Beats reports whether the audience subscribed to the heartbeat.
func (d *Dialect) Beats(a app.Audience) bool { return a.(audience).heartbeat }

// Beat returns a heartbeat.
func (d *Dialect) Beat(now app.Instant) []app.Frame {
	id := "msg-" + d.run + "-hb" + strconv.FormatInt(int64(now), 36)
	body := struct {
		ServerTime app.Instant `json:"serverTime"`
	}{now}
	return []app.Frame{{Text: eventFrame(heartbeat, body, now, id, false), Latest: heartbeat}}
}

const isoMillis = "2006-01-02T15:04:05.000Z"

// eventFrame writes an event's frame. The time stands in the data too, where the
// published REST pages have it.
func eventFrame(name string, body any, at app.Instant, id string, snapshot bool) []byte {
	data, err := json.Marshal(body)
	if err != nil {
		panic("sourcesaver: " + name + ": " + err.Error()) // a body that can't be told is a fault of ours
	}
	frame := make([]byte, 0, len(data)+160)
	frame = append(frame, `{"event":"`...)
	frame = append(frame, name...)
	frame = append(frame, '"')
	if snapshot {
		frame = append(frame, `,"snapshot":true`...)
	}
	frame = append(frame, `,"data":`...)
	frame = append(frame, data[:len(data)-1]...)
	if len(data) > 2 {
		frame = append(frame, ',')
	}
	frame = appendTime(frame, at)
	frame = append(frame, `},`...)
	frame = appendTime(frame, at)
	frame = append(frame, `,"id":"`...)
	frame = append(frame, id...)
	return append(frame, `"}`...)
}

func appendTime(frame []byte, at app.Instant) []byte {
	frame = append(frame, `"timestamp":"`...)
	frame = at.Time().AppendFormat(frame, isoMillis)
	return append(frame, '"')
}

func timestamp(at time.Time) string { return at.UTC().Format(isoMillis) }
