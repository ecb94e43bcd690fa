package sourcesaver

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuewire/app"
)

// The codes of error frames, beside the published ones.
const (
	codePattern  = "INVALID_EVENT_PATTERN"
	codeMessage  = "INVALID_MESSAGE"
	codeAction   = "UNKNOWN_ACTION"
	codeTooMany  = "TOO_MANY_PATTERNS"
	codeTooOften = "RATE_LIMIT_EXCEEDED"
)

// conversation is one client's.
type conversation struct {
	dialect  *Dialect
	id, name string
	role     app.Role
	patterns []string // held, as written, in the order they came
	held     audience
	quick    owner // whose quick timers it may see
}

// Client tells of the connection.
func (c *conversation) Client() app.Client {
	return app.Client{Name: c.name, Role: c.role, Dialect: "source-saver"}
}

// Audience is the system events alone.
func (c *conversation) Audience() app.Audience { return c.held }

// Greet says nothing: the protocol has no greeting.
func (c *conversation) Greet(*app.Snapshot, app.Instant) []app.Frame { return nil }

// Direct tells a page of ours to do something.
func (c *conversation) Direct(d app.Direction, now app.Instant) []app.Frame {
	return []app.Frame{{Text: eventFrame("clients:direct", d, now, c.nextID(), false)}}
}

// request is any message of a client's.
type request struct {
	Action    *string         `json:"action"`
	Events    json.RawMessage `json:"events"`
	Snapshot  bool            `json:"snapshot"`
	Timestamp json.RawMessage `json:"timestamp"`
}

// Receive answers one message.
func (c *conversation) Receive(text []byte, _ *app.Snapshot, now app.Instant) app.Step {
	var req request
	if err := json.Unmarshal(text, &req); err != nil {
		if _, wrongType := err.(*json.UnmarshalTypeError); wrongType {
			return c.refuse(now, "invalid_message", codeMessage, "A message is an object with a string \"action\"; \"snapshot\" is true or false")
		}
		return c.refuse(now, "invalid_message", codeMessage, "The message is not valid JSON")
	}
	if req.Action == nil {
		return c.refuse(now, "invalid_message", codeMessage, "The message has no \"action\"")
	}
	switch *req.Action {
	case "subscribe":
		return c.subscribe(req, now)
	case "unsubscribe":
		return c.unsubscribe(req, now)
	case "ping":
		return c.ping(req, now)
	case "hello":
		var hello app.Hello
		if err := json.Unmarshal(text, &hello); err != nil {
			return c.refuse(now, "invalid_message", codeMessage, "The \"hello\" has a field of the wrong type")
		}
		return app.Step{Hello: &hello}
	}
	return c.refuse(now, "invalid_message", codeAction, fmt.Sprintf("Unknown action: %s", shorten(*req.Action)))
}

func (c *conversation) subscribe(req request, now app.Instant) app.Step {
	asked, ok := patternsOf(req.Events)
	if !ok {
		return c.refuse(now, "subscription_error", codePattern, "\"events\" must be an array of event patterns")
	}
	patterns := slices.Clone(c.patterns)
	for _, p := range asked {
		if !validPattern(p) {
			return c.refuse(now, "subscription_error", codePattern, "Invalid event pattern: "+shorten(p))
		}
		if !slices.Contains(patterns, p) {
			patterns = append(patterns, p)
		}
	}
	if len(patterns) > maxPatterns {
		return c.refuse(now, "subscription_error", codeTooMany, fmt.Sprintf("A connection may hold %d event patterns", maxPatterns))
	}
	c.patterns = patterns
	c.held = audienceOf(patterns, c.held.operator, c.quick)
	step := c.reply(now, "subscription:confirmed", struct {
		Events []string `json:"subscribedEvents"`
		ID     string   `json:"subscriptionId"`
	}{list(c.patterns), "sub-" + c.id})
	step.Join = c.held
	if req.Snapshot {
		step.State = func(snap *app.Snapshot, now app.Instant) []app.Frame { return c.state(snap, now, asked) }
	}
	return step
}

// state returns the present as the events that the patterns name.
func (c *conversation) state(snap *app.Snapshot, now app.Instant, patterns []string) []app.Frame {
	var frames []app.Frame
	for _, ev := range snap.Replay(now) {
		name := ev.Name()
		space, _, _ := strings.Cut(name, ":")
		if !slices.ContainsFunc(patterns, func(p string) bool { return p == "*" || p == name || p == space+":*" }) {
			continue
		}
		if body := visible(ev.Body, audience{operator: c.held.operator, quick: c.quick}); body != nil {
			frames = append(frames, app.Frame{Text: eventFrame(name, body, ev.At, c.nextID(), true)})
		}
	}
	return frames
}

func (c *conversation) unsubscribe(req request, now app.Instant) app.Step {
	asked, ok := patternsOf(req.Events)
	if !ok {
		return c.refuse(now, "subscription_error", codePattern, "\"events\" must be an array of event patterns")
	}
	var gone []string
	for _, p := range asked {
		if i := slices.Index(c.patterns, p); i >= 0 {
			c.patterns = slices.Delete(slices.Clone(c.patterns), i, i+1)
			gone = append(gone, p)
		}
	}
	c.held = audienceOf(c.patterns, c.held.operator, c.quick)
	step := c.reply(now, "subscription:updated", struct {
		Events []string `json:"subscribedEvents"`
		Gone   []string `json:"unsubscribedEvents"`
	}{list(c.patterns), list(gone)})
	step.Join = c.held
	return step
}

func (c *conversation) ping(req request, now app.Instant) app.Step {
	if len(req.Timestamp) == 0 {
		req.Timestamp = json.RawMessage("null")
	}
	return c.reply(now, "pong", struct {
		Client json.RawMessage `json:"clientTimestamp"`
		Server string          `json:"serverTimestamp"`
	}{req.Timestamp, timestamp(now.Time())})
}

// Refused is never asked for: no message of the protocol is a command.
func (c *conversation) Refused(err error, now app.Instant) []app.Frame {
	return c.refuse(now, "error", string(app.CodeOf(err)), err.Error()).Reply
}

// Limited tells that too many messages came.
func (c *conversation) Limited(retry app.Millis, now app.Instant) []app.Frame {
	return c.reply(now, "error", struct {
		Type       string     `json:"type"`
		Message    string     `json:"message"`
		Code       string     `json:"code"`
		RetryAfter app.Millis `json:"retryAfter"`
	}{"rate_limit_exceeded", "Too many messages sent", codeTooOften, retry}).Reply
}

func (c *conversation) refuse(now app.Instant, kind, code, message string) app.Step {
	return c.reply(now, "error", struct {
		Type    string `json:"type"`
		Message string `json:"message"`
		Code    string `json:"code"`
	}{kind, message, code})
}

func (c *conversation) reply(now app.Instant, event string, data any) app.Step {
	text, err := json.Marshal(struct {
		Event     string `json:"event"`
		Data      any    `json:"data"`
		Timestamp string `json:"timestamp"`
		ID        string `json:"id"`
	}{event, data, timestamp(now.Time()), c.nextID()})
	if err != nil {
		panic("sourcesaver: " + event + ": " + err.Error())
	}
	return app.Step{Reply: []app.Frame{{Text: text}}}
}

func (c *conversation) nextID() string {
	return "msg-" + c.dialect.run + "-" + c.id + "-" + strconv.FormatUint(c.dialect.ids.Add(1), 36)
}

// patternsOf reads an array of strings.
func patternsOf(events json.RawMessage) (patterns []string, ok bool) {
	var items []*string
	if json.Unmarshal(events, &items) != nil || items == nil {
		return nil, false
	}
	for _, item := range items {
		if item == nil {
			return nil, false
		}
		patterns = append(patterns, *item)
	}
	return patterns, true
}

// list is an array in JSON even when it is empty.
func list(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}

// shorten keeps what a client sent from coming back at length.
func shorten(text string) string {
	runes := []rune(text)
	if len(runes) > maxPatternLength {
		return string(runes[:maxPatternLength]) + "…"
	}
	return text
}
