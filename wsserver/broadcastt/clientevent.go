package broadcastt

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"cuewire/app"
)

// clientEvent passes an event on to the others on a private or presence channel.
func (c *conversation) clientEvent(req request, snap *app.Snapshot) app.Step {
	refuse := func(message string) app.Step {
		return app.Step{Reply: []app.Frame{errorFrame(c.prefix, codeClientEvent, message)}}
	}
	event := *req.Event
	owner := snap.App(c.held.app)
	switch {
	case owner == nil:
		return c.end(ending{codeUnknownKey, "This app was deleted."})
	case !strings.HasPrefix(event, "client-"):
		return refuse("The names of events that clients send begin with client-: " + shorten(event))
	case !owner.ClientEvents:
		return refuse("Client events are switched off for this app.")
	case utf8.RuneCountInString(event) > app.MaxEventName:
		return refuse("The event's name is longer than 200 characters.")
	}
	channel, wrong := c.channelOf(req.Channel)
	if wrong != "" {
		return refuse(wrong)
	}
	message := app.ChannelMessage{Channels: []string{channel}, Name: event, Data: dataText(req.Data), Except: c.id}
	if len(message.Data) > app.MaxEventData {
		return refuse("The event's data is longer than 10,240 bytes.")
	}
	if app.KindOfChannel(channel) == app.PresenceChannel {
		message.UserID = c.users[channel]
	}
	return app.Step{Command: app.Publish{AppID: c.held.app, Messages: []app.ChannelMessage{message}}}
}

// channelOf returns the channel that a client event goes to: the one it names, or
// the only one that it can go to, as broadcastt-js names none.
func (c *conversation) channelOf(named *string) (channel, wrong string) {
	takes := func(name string) bool {
		kind := app.KindOfChannel(name)
		return kind == app.PrivateChannel || kind == app.PresenceChannel
	}
	if named != nil {
		switch {
		case !takes(*named):
			return "", "Client events go to private and presence channels alone: " + shorten(*named)
		case !slices.Contains(c.channels, *named):
			return "", "This connection is not on the channel " + shorten(*named) + "."
		}
		return *named, ""
	}
	for _, name := range c.channels {
		if !takes(name) {
			continue
		}
		if channel != "" {
			return "", "The event names no channel, and this connection is on several that it could go to."
		}
		channel = name
	}
	if channel == "" {
		return "", "The event names no channel, and this connection is on none that it could go to."
	}
	return channel, ""
}

// dataText is a message's data as the text that goes on: a string is that text, any
// other value is its JSON.
func dataText(data json.RawMessage) string {
	var text string
	if json.Unmarshal(data, &text) == nil && string(data) != "null" {
		return text
	}
	if len(data) == 0 {
		return "null"
	}
	return string(data)
}
