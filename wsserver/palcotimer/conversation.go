package palcotimer

import (
	"encoding/json"
	"errors"

	"cuewire/app"
)

// The codes of error frames, beside app's own.
const (
	codeMessage app.Code = "INVALID_MESSAGE"
	codeType    app.Code = "UNKNOWN_TYPE"
	codeAction  app.Code = "UNKNOWN_ACTION"
	codeDeleted app.Code = "ROOM_DELETED"
)

// conversation is one device's.
type conversation struct {
	role app.Role
	name string
	here audience
}

// Client tells of the connection.
func (c *conversation) Client() app.Client {
	return app.Client{Name: c.name, Role: c.role, Dialect: "palcotimer", NoTicks: !c.here.ticks}
}

// Audience is the room from the start: changes come unasked.
func (c *conversation) Audience() app.Audience { return c.here }

// Greet says nothing: the client asks for the state.
func (c *conversation) Greet(*app.Snapshot, app.Instant) []app.Frame { return nil }

// Direct tells a page of ours to do something.
func (c *conversation) Direct(d app.Direction, _ app.Instant) []app.Frame {
	return []app.Frame{{Text: marshal(struct {
		Type string `json:"type"`
		app.Direction
	}{"direct", d})}}
}

// request is any message of a client's.
type request struct {
	Type    *string         `json:"type"`
	Action  *string         `json:"action"`
	TimerID *string         `json:"timer_id"` // of a timer, or of a message for show_message
	Value   json.RawMessage `json:"value"`
	ID      *string         `json:"id"`    // of an auxiliary timer or a question
	State   *string         `json:"state"` // that a question goes to
}

// Receive answers one message.
func (c *conversation) Receive(text []byte, _ *app.Snapshot, now app.Instant) app.Step {
	var req request
	if err := json.Unmarshal(text, &req); err != nil {
		var wrongType *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrongType) && wrongType.Field != "":
			return refuse(codeMessage, wrongType.Field+" must be a string.")
		case wrongType != nil:
			return refuse(codeMessage, "A message must be a JSON object.")
		}
		return refuse(codeMessage, "The message is not valid JSON.")
	}
	if req.Type == nil {
		return refuse(codeMessage, "The message has no type.")
	}
	switch *req.Type {
	case "request_state":
		return app.Step{State: func(snap *app.Snapshot, now app.Instant) []app.Frame {
			room := snap.Room(c.here.room)
			if room == nil {
				return refuse(codeDeleted, "This room was deleted.").Reply
			}
			return []app.Frame{{Text: roomFrame(room, c.here.sees, now), Latest: "room"}}
		}}
	case "ping":
		return app.Step{Reply: []app.Frame{{Text: marshal(struct {
			Type       string      `json:"type"`
			ServerTime app.Instant `json:"server_time"`
		}{"pong", now})}}}
	case "pong":
		return app.Step{} // answers a ping of ours, which is RFC 6455's own
	case "control":
		return c.control(req)
	case "aux":
		return c.aux(req)
	case "question":
		return c.question(req)
	case "hello":
		var hello app.Hello
		if err := json.Unmarshal(text, &hello); err != nil {
			return refuse(codeMessage, "The hello has a field of the wrong type.")
		}
		return app.Step{Hello: &hello}
	}
	return refuse(codeType, "Unknown type: "+shorten(*req.Type))
}

// arguments are what the actions need beside their name.
var arguments = map[app.Action]struct{ id, value bool }{
	app.Play: {}, app.Pause: {}, app.Stop: {}, app.Reset: {}, app.Next: {}, app.Previous: {},
	app.GoTo: {id: true}, app.AddTime: {value: true}, app.SetTime: {value: true},
	app.Blackout: {}, app.StopBlackout: {}, app.Flash: {}, app.StopFlash: {}, app.Focus: {}, app.StopFocus: {},
	app.OnAir: {}, app.StopOnAir: {},
	app.ShowMessage: {id: true}, app.HideMessage: {}, app.Roll: {}, app.StopRoll: {},
}

// auxArguments are the actions of auxiliary timers, and whether they need a value.
var auxArguments = map[app.Action]bool{
	app.Play: false, app.Pause: false, app.Stop: false, app.Reset: false, app.AddTime: true, app.SetTime: true,
}

func (c *conversation) control(req request) app.Step {
	if req.Action == nil {
		return refuse(codeMessage, "The control message has no action.")
	}
	action := app.Action(*req.Action)
	needs, known := arguments[action]
	switch {
	case !known:
		return refuse(codeAction, "Unknown action: "+shorten(*req.Action))
	case !c.role.MayControl(action):
		return refuse(app.CodeForbidden, "An output of "+string(c.role)+" may not do this.")
	}
	cmd := app.Control{RoomID: c.here.room, Action: action}
	if needs.id {
		if req.TimerID == nil || *req.TimerID == "" {
			return refuse(app.CodeInvalid, "timer_id must be given.")
		}
		cmd.ID = *req.TimerID
	}
	if needs.value {
		if cmd.Value = req.millis(); cmd.Value == nil {
			return refuse(app.CodeInvalid, valueWanted)
		}
	}
	return app.Step{Command: cmd}
}

const valueWanted = "value must be a whole number of milliseconds."

// millis reads the value, nil if it is no whole number.
func (r request) millis() *app.Millis {
	var value *app.Millis
	if len(r.Value) == 0 || json.Unmarshal(r.Value, &value) != nil {
		return nil
	}
	return value
}

// aux is one press of an auxiliary timer's controls.
func (c *conversation) aux(req request) app.Step {
	if req.Action == nil {
		return refuse(codeMessage, "The aux message has no action.")
	}
	cmd := app.ControlAux{RoomID: c.here.room, Action: app.Action(*req.Action)}
	needsValue, known := auxArguments[cmd.Action]
	switch {
	case !known:
		return refuse(codeAction, "Unknown action: "+shorten(*req.Action))
	case !c.role.MayControl(cmd.Action):
		return refuse(app.CodeForbidden, "An output of "+string(c.role)+" may not do this.")
	case req.ID == nil || *req.ID == "":
		return refuse(app.CodeInvalid, "id must be given.")
	}
	cmd.ID = *req.ID
	if needsValue {
		if cmd.Value = req.millis(); cmd.Value == nil {
			return refuse(app.CodeInvalid, valueWanted)
		}
	}
	return app.Step{Command: cmd}
}

// question puts a question of the audience's to another state.
func (c *conversation) question(req request) app.Step {
	switch {
	case !c.role.Covers(app.Moderator):
		return refuse(app.CodeForbidden, "An output of "+string(c.role)+" may not do this.")
	case req.ID == nil || *req.ID == "":
		return refuse(app.CodeInvalid, "id must be given.")
	case req.State == nil:
		return refuse(app.CodeInvalid, "state must be given.")
	}
	state := app.QuestionState(*req.State)
	return app.Step{Command: app.SetQuestion{RoomID: c.here.room, ID: *req.ID, State: &state}}
}

// Refused tells why a command was not carried out.
func (c *conversation) Refused(err error, _ app.Instant) []app.Frame {
	var known *app.Error
	if !errors.As(err, &known) {
		return refuse(app.CodeInternal, "Something went wrong in Cuewire.").Reply
	}
	return refuse(known.Code, known.Message).Reply
}

// Limited tells that too many messages came.
func (c *conversation) Limited(retry app.Millis, _ app.Instant) []app.Frame {
	return []app.Frame{{Text: marshal(struct {
		errorFrame
		RetryAfter app.Millis `json:"retry_after_ms"`
	}{errorFrame{"error", app.CodeRateLimited, "Too many messages."}, retry})}}
}

type errorFrame struct {
	Type    string   `json:"type"`
	Code    app.Code `json:"code"`
	Message string   `json:"message"`
}

func refuse(code app.Code, message string) app.Step {
	return app.Step{Reply: []app.Frame{{Text: marshal(errorFrame{"error", code, message})}}}
}

// shorten keeps what a client sent from coming back at length.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 64 {
		return string(runes[:64]) + "…"
	}
	return text
}
