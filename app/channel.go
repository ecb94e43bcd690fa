package app

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of channels.
const (
	MaxChannelName      = 200    // bytes
	MaxEventName        = 200    // characters
	MaxEventData        = 10_240 // bytes
	MaxPublishChannels  = 100    // of one message
	MaxPublishBatch     = 10     // messages at once
	MaxPresenceMembers  = 100    // of a presence channel
	MaxMemberID         = 128    // characters
	MaxMemberData       = 2_048  // bytes of the channel_data that a presence member comes with
	MaxChannelsHeld     = 200    // by one connection
	MaxChannelsOccupied = 20_000 // of one app
)

// ChannelKind is who may be on a channel. It is in the channel's name.
type ChannelKind int

// The kinds.
const (
	PublicChannel    ChannelKind = iota
	PrivateChannel               // "private-…": who was signed in
	EncryptedChannel             // "private-encrypted-…": likewise; nobody here can read what is on it
	PresenceChannel              // "presence-…": likewise, and each knows who else is
)

// KindOfChannel returns the kind of the channel with that name.
func KindOfChannel(name string) ChannelKind {
	switch {
	case strings.HasPrefix(name, "private-encrypted-"):
		return EncryptedChannel
	case strings.HasPrefix(name, "private-"):
		return PrivateChannel
	case strings.HasPrefix(name, "presence-"):
		return PresenceChannel
	}
	return PublicChannel
}

var channelName = regexp.MustCompile(`^[-a-zA-Z0-9_=@,.;]{1,200}$`)

// ValidChannel reports whether a channel may have the name.
func ValidChannel(name string) bool { return channelName.MatchString(name) }

// CoreChannels are the channels, beside those of CoreRoomChannel, that tell what
// is on Cuewire's bus, in every app. Nobody else may publish to them.
var CoreChannels = []string{"obs", "sources", "scenes", "performance", "system", "timers"}

// CoreRoomChannel is the prefix of a room's channel; the room's short code follows.
const CoreRoomChannel = "room-"

// ReadOnlyChannel reports whether a channel tells what is on Cuewire's bus.
func ReadOnlyChannel(name string) bool {
	return strings.HasPrefix(name, CoreRoomChannel) || slices.Contains(CoreChannels, name)
}

// Channel is a channel that somebody is subscribed to. It is immutable.
type Channel struct {
	Name          string
	Subscriptions int      // connections
	Members       []Member // of a presence channel, in the order in which they came
}

// Member is a user on a presence channel.
type Member struct {
	UserID      string
	Info        json.RawMessage // any JSON value, nil for none
	Connections int             // that the user is there with
}

// Member returns the user's place on the channel, or nil.
func (c *Channel) Member(userID string) *Member {
	for i := range c.Members {
		if c.Members[i].UserID == userID {
			return &c.Members[i]
		}
	}
	return nil
}

// ChannelsState is who is subscribed to what, by app and channel name. It is
// immutable, and forgotten when Cuewire ends.
type ChannelsState map[string]map[string]*Channel

// Channel returns an app's channel, or nil when nobody is subscribed to it.
func (s ChannelsState) Channel(appID, name string) *Channel { return s[appID][name] }

// Occupied returns the channels of an app by name. The slice is the caller's.
func (s ChannelsState) Occupied(appID string) []*Channel {
	list := make([]*Channel, 0, len(s[appID]))
	for _, c := range s[appID] {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *Channel) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// ChannelMessage is what is published to channels.
type ChannelMessage struct {
	Channels []string
	Name     string
	Data     string // any text, most often JSON
	Except   string // the id of the client that does not get it, "" for none
	UserID   string // of the member of a presence channel who sent it, "" for none
}

// The commands about channels. Nothing of them is stored. The first two are the
// server's, for its connections; that somebody may be on a channel is for it to
// know. A client that is gone (ClientFact) has left all its channels.
type (
	// JoinChannel subscribes a connection; Member says as whom, on a presence channel.
	// It changes nothing when it is subscribed already. CodeConflict when the channel
	// or the app is full, CodeNotFound without the app.
	JoinChannel struct {
		ClientID, AppID, Channel string
		Member                   *Member
	}
	// LeaveChannel takes a connection off. It changes nothing when it was not on it.
	LeaveChannel struct{ ClientID, AppID, Channel string }
	// Publish tells all messages, or none: CodeInvalid for one that may not be,
	// CodeForbidden for a channel that is read-only or an app that is switched off,
	// CodeNotFound without the app.
	Publish struct {
		AppID    string
		Messages []ChannelMessage
	}
)

// Check returns what is wrong with a message, nil for nothing.
func (m ChannelMessage) Check() error {
	switch {
	case m.Name == "":
		return NewError(CodeInvalid, "broadcastt.noName", "The event has no name.", nil)
	case utf8.RuneCountInString(m.Name) > MaxEventName:
		return NewError(CodeInvalid, "broadcastt.nameTooLong", "The event's name is longer than 200 characters.", nil)
	case reservedEvent(m.Name):
		return NewError(CodeInvalid, "broadcastt.nameReserved", "This event name belongs to the protocol.", nil)
	case len(m.Data) > MaxEventData:
		return NewError(CodeInvalid, "broadcastt.dataTooLong", "The event's data is longer than 10,240 bytes.", nil)
	case !utf8.ValidString(m.Name) || !utf8.ValidString(m.Data):
		return NewError(CodeInvalid, "broadcastt.notText", "The event is not valid UTF-8.", nil)
	case len(m.Channels) == 0:
		return NewError(CodeInvalid, "broadcastt.noChannel", "The event names no channel.", nil)
	case len(m.Channels) > MaxPublishChannels:
		return NewError(CodeInvalid, "broadcastt.tooManyChannels", "An event can go to 100 channels at most.", nil)
	}
	for _, c := range m.Channels {
		if !ValidChannel(c) {
			return NewError(CodeInvalid, "broadcastt.channelName", "A channel's name has 1 to 200 of a-z, A-Z, 0-9 and _ - = @ , . ;", nil)
		}
		if ReadOnlyChannel(c) {
			return NewError(CodeForbidden, "broadcastt.readOnly", "The channel "+c+" tells what happens in Cuewire; choose another name for events of your own.",
				map[string]any{"Channel": c})
		}
	}
	return nil
}

// reservedEvent reports names that would be taken for the protocol's own.
func reservedEvent(name string) bool {
	for _, prefix := range []string{"broadcastt:", "broadcastt_internal:", "pusher:", "pusher_internal:"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// What happens on channels. Like AppChanged it goes to nobody but Cuewire's own
// parts: each app's connections are told by the Broadcastt dialect.
type (
	// ChannelPublished is channels:message.
	ChannelPublished struct {
		AppID string `json:"appId"`
		ChannelMessage
	}
	// MemberAdded is channels:memberAdded: a user came with the first connection.
	MemberAdded struct {
		AppID   string `json:"appId"`
		Channel string `json:"channel"`
		Member  Member `json:"member"`
	}
	// MemberRemoved is channels:memberRemoved: a user's last connection has left.
	MemberRemoved struct {
		AppID   string `json:"appId"`
		Channel string `json:"channel"`
		UserID  string `json:"userId"`
		Client  string `json:"-"` // the id of that connection
	}
)

func (ChannelPublished) EventName() string { return "channels:message" }
func (MemberAdded) EventName() string      { return "channels:memberAdded" }
func (MemberRemoved) EventName() string    { return "channels:memberRemoved" }

func (JoinChannel) command()  {}
func (LeaveChannel) command() {}
func (Publish) command()      {}
