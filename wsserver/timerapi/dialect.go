// Package timerapi translates between the Timer API's WebSocket protocol and the
// core: a person's timers, which are Cuewire's quick timers, on all of the person's
// connections. docs/protocols/timer-api.md tells all of it.
package timerapi

import (
	"cmp"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"cuewire/app"
)

// The published limits of one person, and what our keeping alive is.
const (
	DefaultConnections = 10
	DefaultMessages    = 120

	per       app.Millis = 60_000
	pingEvery app.Millis = 30_000
	silence              = 3 * pingEvery
)

// The close codes of the protocol.
const (
	closeNormal       = 1000
	closeUnauthorized = 1008
	closeFault        = 1011
	closeRateLimited  = 4029
)

// Config is what a person may do. Zero is the published default.
type Config struct {
	Connections int        // opened in any Per
	Messages    int        // sent in any Per, on all connections
	Per         app.Millis // 60,000
}

// Dialect is the Timer API's.
type Dialect struct {
	config Config
	zones  sync.Map // name → *time.Location, of those that clients asked for
}

var _ app.Dialect = (*Dialect)(nil)

// New returns the dialect.
func New(config Config) *Dialect {
	config.Connections = cmp.Or(config.Connections, DefaultConnections)
	config.Messages = cmp.Or(config.Messages, DefaultMessages)
	config.Per = cmp.Or(config.Per, per)
	return &Dialect{config: config}
}

// Limits tells what a person may do.
func (d *Dialect) Limits() app.Limits {
	return app.Limits{
		Messages: d.config.Messages, Per: d.config.Per, Personal: true, Opens: d.config.Connections, OpensPer: d.config.Per,
		PingEvery: pingEvery, SilenceCloses: silence,
	}
}

// audience is a person's connections that write times and keys alike.
type audience struct {
	owner  string
	zone   string // as asked for, "" for UTC
	momeet bool
}

// Open starts a conversation with whoever the token was given to. Without a person
// it tells so over the socket, and ends.
func (d *Dialect) Open(v app.Visitor, _ string, _ *app.Snapshot) (app.Conversation, error) {
	c := &conversation{dialect: d, name: v.Name(), role: v.Role}
	c.here = audience{owner: v.Subject, zone: d.knownZone(v.Query.Get("timezone")), momeet: v.Query.Get("dialect") == "momeet"}
	return c, nil
}

// Encode makes the frame of a change of one of the audience's timers.
func (d *Dialect) Encode(ev app.Event, _ *app.Snapshot, a app.Audience) []app.Frame {
	to := a.(audience)
	change, ok := ev.Body.(app.QuickTimerChanged)
	if !ok || change.Timer.Owner != to.owner {
		return nil
	}
	return []app.Frame{{Text: d.changeFrame(change, to)}}
}

func (d *Dialect) changeFrame(change app.QuickTimerChanged, to audience) []byte {
	payload := timerPayload{Timer: d.shown(change.Timer, to)}
	kind := map[app.QuickChange]string{app.QuickCreated: "timer.created", app.QuickUpdated: "timer.updated", app.QuickEnded: "timer.completed"}[change.Change]
	if to.momeet && change.Change != app.QuickCreated {
		kind, payload.Action = "timer.updated", cmp.Or(string(change.Press), "update")
		if change.Deleted && change.Press == "" {
			payload.Action = "delete"
		}
	}
	return frame(kind, payload)
}

type timerPayload struct {
	Timer  any    `json:"timer"`
	Action string `json:"action,omitempty"`
}

// shown returns a timer with the audience's keys and times.
func (d *Dialect) shown(view app.QuickView, to audience) any {
	view = view.In(d.location(to.zone))
	if to.momeet {
		return snake(view)
	}
	return view
}

// snake is a timer with the keys of the later frames. It has exactly the fields of
// app.QuickView: the conversion between the two does not compile otherwise.
type snake struct {
	ID          string               `json:"id"`
	ScheduleID  *string              `json:"schedule_id"`
	TodoID      *string              `json:"todo_id"`
	Title       *string              `json:"title"`
	Description *string              `json:"description"`
	Allocated   int64                `json:"allocated_duration"`
	Elapsed     int64                `json:"elapsed_time"`
	Status      app.QuickStatus      `json:"status"`
	StartedAt   *app.QuickTime       `json:"started_at"`
	PausedAt    *app.QuickTime       `json:"paused_at"`
	EndedAt     *app.QuickTime       `json:"ended_at"`
	History     []app.QuickPressView `json:"pause_history"`
	CreatedAt   app.QuickTime        `json:"created_at"`
	UpdatedAt   app.QuickTime        `json:"updated_at"`
	Owner       string               `json:"owner_id"`
}

// Zone returns the time zone that a timezone parameter names, UTC for one that is
// not known: an IANA name, or an offset like +09:00. A + that came as a space is one.
func (d *Dialect) Zone(asked string) *time.Location { return d.location(d.knownZone(asked)) }

// knownZone returns the one spelling of a zone, "" for UTC.
func (d *Dialect) knownZone(asked string) string {
	name := strings.ReplaceAll(asked, " ", "+")
	if _, known := d.zones.Load(name); known {
		return name
	}
	zone := parseZone(name)
	if zone == nil {
		return ""
	}
	d.zones.Store(name, zone)
	return name
}

func (d *Dialect) location(name string) *time.Location {
	if zone, known := d.zones.Load(name); known {
		return zone.(*time.Location)
	}
	return time.UTC
}

func parseZone(name string) *time.Location {
	if at, err := time.Parse("-07:00", name); err == nil {
		_, offset := at.Zone()
		return time.FixedZone("", offset)
	}
	if name == "" || name == "Local" || name == "UTC" {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

func frame(kind string, payload any) []byte {
	text, err := json.Marshal(struct {
		Type    string `json:"type"`
		Payload any    `json:"payload"`
	}{kind, payload})
	if err != nil {
		panic("timerapi: " + kind + ": " + err.Error()) // a timer that can't be told is a fault of ours
	}
	return text
}
