package timerapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"cuewire/app"
)

// The codes of error frames: those of the page, and ours.
const (
	codeNotFound     = "TIMER_NOT_FOUND"
	codeRateLimit    = "RATE_LIMIT_EXCEEDED"
	codeUnauthorized = "UNAUTHORIZED"
	codeMessage      = "INVALID_MESSAGE"
	codeType         = "UNKNOWN_TYPE"
	codeFault        = "INTERNAL_ERROR"
)

// conversation is one connection's.
type conversation struct {
	dialect *Dialect
	name    string
	role    app.Role
	here    audience
}

var (
	_ app.Leaver  = (*conversation)(nil)
	_ app.Crowded = (*conversation)(nil)
	_ app.Stating = (*conversation)(nil)
)

// Client tells of the connection.
func (c *conversation) Client() app.Client {
	return app.Client{Name: c.name, Role: c.role, Dialect: "timer-api", NoTicks: true}
}

// Audience is the person's connections of this kind; nobody's is none.
func (c *conversation) Audience() app.Audience {
	if c.here.owner == "" {
		return nil
	}
	return c.here
}

// Greet refuses who is nobody. The later frames begin with a greeting.
func (c *conversation) Greet(*app.Snapshot, app.Instant) []app.Frame {
	switch {
	case c.here.owner == "":
		return []app.Frame{refusal()}
	case c.here.momeet:
		return []app.Frame{{Text: frame("connected", struct {
			User    string `json:"user_id"`
			Message string `json:"message"`
		}{c.here.owner, "Connected"})}}
	}
	return nil
}

// State is what the later frames tell after the greeting.
func (c *conversation) State(snap *app.Snapshot, now app.Instant) []app.Frame {
	if c.here.owner == "" || !c.here.momeet {
		return nil
	}
	return c.sync(snap, now)
}

// sync tells the person's timers that have not ended.
func (c *conversation) sync(snap *app.Snapshot, now app.Instant) []app.Frame {
	timers := []any{}
	for _, t := range snap.QuickTimers {
		if t.Owner == c.here.owner && t.Status.Active() {
			timers = append(timers, c.dialect.shown(t.At(now, now.Time().Location()), c.here))
		}
	}
	if c.here.momeet {
		return []app.Frame{{Text: frame("timer.sync_result", struct {
			Timers []any `json:"timers"`
			Count  int   `json:"count"`
		}{timers, len(timers)})}}
	}
	return []app.Frame{{Text: frame("timer.synced", struct {
		Timers []any `json:"timers"`
	}{timers})}}
}

// message is any message of a client's.
type message struct {
	Type    *string         `json:"type"`
	Payload json.RawMessage `json:"payload"`
}

// Receive reads one message.
func (c *conversation) Receive(text []byte, _ *app.Snapshot, _ app.Instant) app.Step {
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		return refuse(codeMessage, "The message is not a JSON object with a \"type\" and a \"payload\"")
	}
	if m.Type == nil {
		return refuse(codeMessage, "The message has no \"type\"")
	}
	var p payload
	switch *m.Type {
	case "timer.create", "timer.pause", "timer.resume", "timer.stop":
		if len(m.Payload) == 0 {
			return refuse(codeMessage, "The message has no \"payload\"")
		}
		if err := json.Unmarshal(m.Payload, &p); err != nil {
			return refuse(codeMessage, wrongField(err))
		}
	case "timer.sync":
		return app.Step{State: c.sync}
	default:
		return refuse(codeType, "Unknown message type: "+shorten(*m.Type))
	}
	if *m.Type == "timer.create" {
		fields, err := p.quick()
		if err != nil {
			return refuse(codeMessage, err.Error())
		}
		return app.Step{Command: app.CreateQuick{Owner: c.here.owner, Fields: fields}}
	}
	id := first(p.TimerID, p.TimerIDLater)
	if id == nil || *id == "" {
		return refuse(codeMessage, "timerId is missing")
	}
	action := map[string]app.QuickAction{"timer.pause": app.QuickPause, "timer.resume": app.QuickResume, "timer.stop": app.QuickStop}[*m.Type]
	return app.Step{Command: app.PressQuick{Owner: c.here.owner, ID: *id, Action: action}}
}

// Fields reads the body of a request, a JSON object in either spelling, or says what
// is wrong with it.
func (d *Dialect) Fields(body json.RawMessage) (app.QuickFields, error) {
	var p payload
	if err := json.Unmarshal(body, &p); err != nil {
		return app.QuickFields{}, errors.New(wrongField(err))
	}
	return p.quick()
}

// payload is a message's, in both spellings.
type payload struct {
	TimerID         *string         `json:"timerId"`
	TimerIDLater    *string         `json:"timer_id"`
	ScheduleID      *string         `json:"scheduleId"`
	ScheduleIDLater *string         `json:"schedule_id"`
	TodoID          *string         `json:"todoId"`
	TodoIDLater     *string         `json:"todo_id"`
	Allocated       json.RawMessage `json:"allocatedDuration"`
	AllocatedLater  json.RawMessage `json:"allocated_duration"`
	Title           *string         `json:"title"`
	Description     *string         `json:"description"`
}

// quick returns what the fields ask of a timer, or an error that a person reads.
func (p payload) quick() (app.QuickFields, error) {
	fields := app.QuickFields{
		ScheduleID: first(p.ScheduleID, p.ScheduleIDLater), TodoID: first(p.TodoID, p.TodoIDLater), Title: p.Title, Description: p.Description,
	}
	var seconds *float64
	for _, number := range []json.RawMessage{p.Allocated, p.AllocatedLater} {
		if len(number) == 0 || seconds != nil {
			continue
		}
		if err := json.Unmarshal(number, &seconds); err != nil || seconds != nil && (*seconds != math.Trunc(*seconds) || math.Abs(*seconds) > 1e15) {
			return app.QuickFields{}, fmt.Errorf("allocatedDuration must be a whole number of seconds from 1 to %d", app.MaxQuickSeconds)
		}
	}
	if seconds != nil {
		whole := int64(*seconds)
		fields.Seconds = &whole
	}
	return fields, nil
}

func first[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

// wrongField says which field of a payload has the wrong type.
func wrongField(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return wrong.Field + " has the wrong type"
	}
	return "\"payload\" must be an object"
}

// Refused tells why a command was not carried out.
func (c *conversation) Refused(err error, _ app.Instant) []app.Frame {
	known, ok := errors.AsType[*app.Error](err)
	if !ok {
		return errorFrame(codeFault, "A fault in Cuewire; its log says more")
	}
	code := string(known.Code)
	switch known.Code {
	case app.CodeNotFound:
		code = codeNotFound
	case app.CodeInvalid:
		code = codeMessage
	case app.CodeInternal:
		code = codeFault
	}
	return errorFrame(code, known.Message)
}

// Limited tells that too many messages came.
func (c *conversation) Limited(retry app.Millis, _ app.Instant) []app.Frame {
	return []app.Frame{rateFrame(retry)}
}

// Crowd ends a connection of somebody who has opened too many.
func (c *conversation) Crowd(retry app.Millis) app.Frame {
	f := rateFrame(retry)
	f.Close = &app.CloseWith{Code: closeRateLimited, Reason: "Rate limit exceeded"}
	return f
}

// Part ends a connection.
func (c *conversation) Part(why app.Parting) app.Frame {
	switch why {
	case app.PartUnknown:
		return refusal()
	case app.PartSlow:
		return app.Frame{Close: &app.CloseWith{Code: closeFault, Reason: "reading too slowly"}}
	case app.PartRestored:
		return app.Frame{Close: &app.CloseWith{Code: closeNormal, Reason: "a backup was restored: reconnect"}}
	case app.PartSilent:
		return app.Frame{Close: &app.CloseWith{Code: closeNormal, Reason: "nothing was heard for too long"}}
	}
	return app.Frame{Close: &app.CloseWith{Code: closeNormal, Reason: "Cuewire is stopping"}}
}

// refusal ends a connection whose token is missing or not good.
func refusal() app.Frame {
	f := errorFrame(codeUnauthorized, "Authentication failed")[0]
	f.Close = &app.CloseWith{Code: closeUnauthorized, Reason: "Authentication failed"}
	return f
}

func refuse(code, message string) app.Step { return app.Step{Reply: errorFrame(code, message)} }

// rateFrame says how long to wait.
func rateFrame(retry app.Millis) app.Frame {
	return app.Frame{Text: frame("error", struct {
		Code       string     `json:"code"`
		Message    string     `json:"message"`
		RetryAfter app.Millis `json:"retryAfter"`
	}{codeRateLimit, "Rate limit exceeded", retry})}
}

func errorFrame(code, message string) []app.Frame {
	return []app.Frame{{Text: frame("error", struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}{code, message})}}
}

// shorten keeps what a client sent from coming back at length.
func shorten(text string) string {
	runes := []rune(text)
	if len(runes) > 64 {
		return string(runes[:64]) + "…"
	}
	return text
}
