// Package broadcastt translates between the Broadcastt WebSocket protocol, or
// Pusher's, which differs by a prefix, and the core: programs subscribe to the
// channels of an app and get what is published to them, and what is on Cuewire's
// bus. docs/protocols/broadcastt.md tells all of it.
package broadcastt

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"cuewire/app"
)

// What a connection may do.
const (
	maxMessages                = 1000
	per             app.Millis = 10_000
	pingEvery       app.Millis = 30_000
	silence                    = 5 * pingEvery
	activityTimeout            = 120 // seconds, after which clients send a ping of their own
	maxRefusals                = 10  // signatures that are not right before the connection is closed
)

// The codes of error frames and, below 4300, of close frames.
const (
	codeUnknownKey   = 4001 // do not connect again
	codeDisabled     = 4003 //
	codeUnauthorized = 4009 //
	codeOverQuota    = 4100 // connect again after a while
	codeClosing      = 4200 // connect again at once
	codeSilent       = 4201 //
	codeClientEvent  = 4301 // stays connected
)

// Dialect is Broadcastt's.
type Dialect struct {
	run uint32 // makes the socket ids of this run unlike those of another

	// What Encode made last: the same event comes once for every audience.
	last     uint64                  // the event's Seq, 0 for none
	channels []string                // that an event of the bus is told on, nil before that was asked
	data     []byte                  // of such an event, as JSON text in JSON
	frames   map[variant][]app.Frame //
}

// variant is what one event's frames differ by.
type variant struct{ channel, prefix string }

var _ app.Dialect = (*Dialect)(nil)

// New returns the dialect.
func New() *Dialect {
	var run [4]byte
	_, _ = rand.Read(run[:]) // never fails
	return &Dialect{run: binary.BigEndian.Uint32(run[:]), frames: map[variant][]app.Frame{}}
}

// Limits tells what a connection may do.
func (d *Dialect) Limits() app.Limits {
	return app.Limits{Messages: maxMessages, Per: per, PingEvery: pingEvery, SilenceCloses: silence}
}

// The prefixes of the protocol's own events.
const (
	ours    = "broadcastt"
	pushers = "pusher"
)

// Open starts a conversation with the key that ref is. It never fails: a key that
// cannot be used is told in an error frame, for clients hear of nothing else.
func (d *Dialect) Open(v app.Visitor, ref string, snap *app.Snapshot) (app.Conversation, error) {
	c := &conversation{id: v.ID, name: v.Name(), role: v.Role, prefix: ours, socketID: d.socketID(v.ID)}
	if c.role == "" {
		c.role = app.Viewer // whom the key alone lets in
	}
	if v.Query.Has("protocol") {
		c.prefix = pushers
	}
	switch a := snap.AppOfKey(ref); {
	case a == nil:
		c.denied = &ending{codeUnknownKey, "There is no app with this key."}
	case !a.Enabled:
		c.denied = &ending{codeDisabled, "This app is switched off."}
	case a.MaxConnections > 0 && connections(snap, a.ID) >= a.MaxConnections:
		c.denied = &ending{codeOverQuota, "This app has as many connections as it may have."}
	default:
		c.held.app, c.held.prefix = a.ID, c.prefix
	}
	return c, nil
}

func connections(snap *app.Snapshot, appID string) (n int) {
	for _, c := range snap.Clients {
		if c.AppID == appID {
			n++
		}
	}
	return n
}

// socketID is what the protocol calls a connection: two numbers.
func (d *Dialect) socketID(visitor string) string {
	n, _ := strconv.ParseUint(visitor, 36, 64) // 0 for what is no number, in tests
	return strconv.FormatUint(uint64(d.run), 10) + "." + strconv.FormatUint(n, 10)
}

// audience is everybody who is subscribed to the same channels of an app.
type audience struct {
	app      string
	channels string // sorted, "\n" around each
	prefix   string
}

func (a audience) holds(channel string) bool {
	return a.channels != "" && strings.Contains(a.channels, "\n"+channel+"\n")
}

// channelsOf writes sorted names as audiences hold them.
func channelsOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "\n" + strings.Join(names, "\n") + "\n"
}

// Encode makes a frame of an event for each channel of the audience that it is on.
func (d *Dialect) Encode(ev app.Event, snap *app.Snapshot, to app.Audience) []app.Frame {
	a := to.(audience)
	if ev.Seq != d.last || ev.Seq == 0 {
		d.last, d.channels, d.data = ev.Seq, nil, nil
		clear(d.frames)
	}
	switch body := ev.Body.(type) {
	case app.AppChanged:
		return a.appChanged(body)
	case app.ChannelPublished:
		if body.AppID != a.app {
			return nil
		}
		return d.each(a, body.Channels, func(channel string) app.Frame { return published(body, channel, a.prefix) })
	case app.MemberAdded:
		if body.AppID != a.app {
			return nil
		}
		return d.each(a, []string{body.Channel}, func(channel string) app.Frame { return memberAdded(body, a.prefix) })
	case app.MemberRemoved:
		if body.AppID != a.app {
			return nil
		}
		return d.each(a, []string{body.Channel}, func(channel string) app.Frame { return memberRemoved(body, a.prefix) })
	}
	a.prefix = "" // the bus looks the same to all
	if d.channels == nil {
		d.channels = append([]string{}, mirrors(ev, snap)...)
	}
	return d.each(a, d.channels, func(channel string) app.Frame { return d.mirror(ev, channel) })
}

// each returns the frames for the channels that the audience holds, made once for all.
func (d *Dialect) each(a audience, channels []string, make func(channel string) app.Frame) (frames []app.Frame) {
	for i, channel := range channels {
		if !a.holds(channel) || slices.Contains(channels[:i], channel) {
			continue
		}
		v := variant{channel, a.prefix}
		if d.frames[v] == nil {
			d.frames[v] = []app.Frame{make(channel)}
		}
		frames = append(frames, d.frames[v]...)
	}
	return frames
}

// appChanged ends the connections of an app that is switched off or gone.
func (a audience) appChanged(e app.AppChanged) []app.Frame {
	switch {
	case e.App.ID != a.app:
		return nil
	case e.Action == app.AppDelete:
		return []app.Frame{ending{codeUnknownKey, "This app was deleted."}.frame(a.prefix)}
	case !e.App.Enabled:
		return []app.Frame{ending{codeDisabled, "This app was switched off."}.frame(a.prefix)}
	}
	return nil
}
