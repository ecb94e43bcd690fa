package broadcastt

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"cuewire/app"
)

// conversation is one connection's.
type conversation struct {
	id, name string
	role     app.Role
	socketID string
	prefix   string
	denied   *ending // why the key cannot be used, nil where it can

	channels []string // subscribed to, sorted
	held     audience
	users    map[string]string // who it is on presence channels
	asking   string            // the channel that is being joined, "" for none
	refusals int               // signatures that were not right
}

var _ app.Leaver = (*conversation)(nil)

// Client tells of the connection.
func (c *conversation) Client() app.Client {
	return app.Client{Name: c.name, Role: c.role, Dialect: "broadcastt", AppID: c.held.app, SocketID: c.socketID}
}

// Audience is the app's, on no channel, from the start: its end concerns all.
func (c *conversation) Audience() app.Audience {
	if c.denied != nil {
		return nil
	}
	return c.held
}

// Greet tells the socket's id, or why there is nothing here for the client.
func (c *conversation) Greet(*app.Snapshot, app.Instant) []app.Frame {
	if c.denied != nil {
		return []app.Frame{c.denied.frame(c.prefix)}
	}
	return []app.Frame{protocolFrame(c.prefix+":connection_established", "", struct {
		SocketID        string `json:"socket_id"`
		ActivityTimeout int    `json:"activity_timeout"`
	}{c.socketID, activityTimeout})}
}

// request is any message of a client's.
type request struct {
	Event   *string         `json:"event"`
	Channel *string         `json:"channel"`
	Data    json.RawMessage `json:"data"`
}

// Receive answers one message.
func (c *conversation) Receive(text []byte, snap *app.Snapshot, now app.Instant) app.Step {
	c.asking = ""
	var req request
	if err := json.Unmarshal(text, &req); err != nil {
		var wrongType *json.UnmarshalTypeError
		if errors.As(err, &wrongType) {
			return c.refuse("A message is an object with a string \"event\", and where they are needed a string \"channel\" and \"data\".")
		}
		return c.refuse("The message is not valid JSON.")
	}
	if req.Event == nil {
		return c.refuse("The message has no \"event\".")
	}
	space, name, _ := strings.Cut(*req.Event, ":")
	if space != ours && space != pushers {
		return c.clientEvent(req, snap)
	}
	switch name {
	case "subscribe":
		return c.subscribe(req, snap)
	case "unsubscribe":
		return c.unsubscribe(req)
	case "ping":
		return app.Step{Reply: []app.Frame{protocolFrame(c.prefix+":pong", "", struct {
			ServerTime app.Instant `json:"serverTime"`
		}{now})}}
	case "pong":
		return app.Step{}
	case "hello":
		var hello app.Hello
		if err := readData(req.Data, &hello); err != nil {
			return c.refuse("The \"hello\" has a field of the wrong type.")
		}
		return app.Step{Hello: &hello}
	}
	return c.refuse("Unknown event: " + shorten(*req.Event))
}

// readData reads a message's data, an object or one written as a string.
func readData(data json.RawMessage, into any) error {
	var written string
	if json.Unmarshal(data, &written) == nil {
		data = json.RawMessage(written)
	}
	return json.Unmarshal(data, into)
}

func (c *conversation) subscribe(req request, snap *app.Snapshot) app.Step {
	var asked struct {
		Channel     string `json:"channel"`
		Auth        string `json:"auth"`
		ChannelData string `json:"channel_data"`
	}
	if err := readData(req.Data, &asked); err != nil || asked.Channel == "" {
		return c.refuse("To subscribe, \"data\" has a string \"channel\", and where they are needed \"auth\" and \"channel_data\".")
	}
	name := asked.Channel
	if !app.ValidChannel(name) {
		return c.refuseChannel(shorten(name), "InvalidChannel", "A channel's name has 1 to 200 of a-z, A-Z, 0-9 and _ - = @ , . ;", 400)
	}
	owner := snap.App(c.held.app)
	if owner == nil {
		return c.end(ending{codeUnknownKey, "This app was deleted."})
	}
	kind := app.KindOfChannel(name)
	if kind != app.PresenceChannel {
		asked.ChannelData = ""
	}
	if kind != app.PublicChannel && !owner.ChannelAllowed(asked.Auth, c.socketID, name, asked.ChannelData) {
		if c.refusals++; c.refusals >= maxRefusals {
			return c.end(ending{codeUnauthorized, "Too many subscriptions were not signed as they must be."})
		}
		return c.refuseChannel(name, "AuthError", "The subscription is not signed for this connection and channel.", 401)
	}
	cmd := app.JoinChannel{ClientID: c.id, AppID: c.held.app, Channel: name}
	if kind == app.PresenceChannel {
		if cmd.Member = memberOf(asked.ChannelData); cmd.Member == nil {
			return c.refuseChannel(name, "InvalidData",
				"channel_data is JSON with a user_id of 1 to 128 characters, and has 2,048 bytes at most.", 400)
		}
	}
	at, there := slices.BinarySearch(c.channels, name)
	if !there {
		if len(c.channels) >= app.MaxChannelsHeld {
			return c.refuseChannel(name, "LimitReached", "A connection can be on 200 channels at most.", 403)
		}
		c.hold(slices.Insert(slices.Clone(c.channels), at, name))
		c.asking = name
		if cmd.Member != nil {
			if c.users == nil {
				c.users = map[string]string{}
			}
			c.users[name] = cmd.Member.UserID
		}
	}
	return app.Step{Command: cmd, Join: c.held, State: func(snap *app.Snapshot, _ app.Instant) []app.Frame {
		var data any = struct{}{}
		if kind == app.PresenceChannel {
			data = presence(snap.Channels.Channel(cmd.AppID, name))
		}
		return []app.Frame{protocolFrame(internal(c.prefix)+"subscription_succeeded", name, data)}
	}}
}

// memberOf reads the channel_data of a presence channel, nil for what it may not be.
func memberOf(data string) *app.Member {
	var told struct {
		UserID any             `json:"user_id"`
		Info   json.RawMessage `json:"user_info"`
	}
	if len(data) > app.MaxMemberData {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(data))
	decoder.UseNumber()
	if decoder.Decode(&told) != nil || decoder.More() {
		return nil
	}
	m := &app.Member{Info: told.Info}
	switch id := told.UserID.(type) {
	case string:
		m.UserID = id
	case json.Number: // as servers in many languages write it
		m.UserID = id.String()
	}
	if m.UserID == "" || utf8.RuneCountInString(m.UserID) > app.MaxMemberID {
		return nil
	}
	return m
}

func (c *conversation) unsubscribe(req request) app.Step {
	var asked struct {
		Channel string `json:"channel"`
	}
	if err := readData(req.Data, &asked); err != nil || asked.Channel == "" {
		return c.refuse("To unsubscribe, \"data\" has a string \"channel\".")
	}
	at, there := slices.BinarySearch(c.channels, asked.Channel)
	if !there {
		return app.Step{}
	}
	c.hold(slices.Delete(slices.Clone(c.channels), at, at+1))
	delete(c.users, asked.Channel)
	return app.Step{Command: app.LeaveChannel{ClientID: c.id, AppID: c.held.app, Channel: asked.Channel}, Join: c.held}
}

func (c *conversation) hold(channels []string) {
	c.channels, c.held.channels = channels, channelsOf(channels)
}

// Refused tells why a command was not carried out.
func (c *conversation) Refused(err error, _ app.Instant) []app.Frame {
	message := "Something went wrong in Cuewire."
	if known, ok := errors.AsType[*app.Error](err); ok {
		message = known.Message
	}
	if c.asking == "" {
		return []app.Frame{errorFrame(c.prefix, codeClientEvent, message)}
	}
	name := c.asking
	c.asking = ""
	c.hold(slices.DeleteFunc(slices.Clone(c.channels), func(held string) bool { return held == name }))
	delete(c.users, name)
	return c.refuseChannel(name, "LimitReached", message, 403).Reply
}

// Limited tells that too many messages came.
func (c *conversation) Limited(retry app.Millis, _ app.Instant) []app.Frame {
	return []app.Frame{limitFrame(c.prefix, codeClientEvent, "Too many messages at once. This one was left aside.", retry)}
}

// Part says goodbye.
func (c *conversation) Part(why app.Parting) app.Frame {
	switch why {
	case app.PartSilent:
		return ending{codeSilent, "Nothing was heard for too long."}.frame(c.prefix)
	case app.PartSlow:
		return ending{codeOverQuota, "Too much waits for this connection: it reads too slowly."}.frame(c.prefix)
	case app.PartRestored:
		return ending{codeClosing, "A backup was restored: connect again."}.frame(c.prefix)
	case app.PartUnknown:
		return ending{codeUnauthorized, "The access token was revoked, or has ended."}.frame(c.prefix)
	}
	return ending{codeClosing, "Cuewire is stopping."}.frame(c.prefix)
}

func (c *conversation) end(e ending) app.Step {
	return app.Step{Reply: []app.Frame{e.frame(c.prefix)}}
}

func (c *conversation) refuse(message string) app.Step {
	return app.Step{Reply: []app.Frame{errorFrame(c.prefix, 0, message)}}
}

func (c *conversation) refuseChannel(channel, kind, message string, status int) app.Step {
	return app.Step{Reply: []app.Frame{protocolFrame(c.prefix+":subscription_error", channel, struct {
		Type   string `json:"type"`
		Error  string `json:"error"`
		Status int    `json:"status"`
	}{kind, message, status})}}
}

// shorten keeps what a client sent from coming back at length.
func shorten(text string) string {
	if runes := []rune(text); len(runes) > 64 {
		return string(runes[:64]) + "…"
	}
	return text
}
