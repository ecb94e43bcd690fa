package engine

import (
	"maps"
	"slices"

	"cuewire/app"
)

// holdings are the channels that a client is subscribed to, with the user that it
// is there, "" on channels without members.
type holdings map[subscription]string

type subscription struct{ appID, channel string }

// onChannels carries out a command about channels, which are not stored.
func (e *Engine) onChannels(cmd app.Command) (events []app.EventBody, err error) {
	switch c := cmd.(type) {
	case app.JoinChannel:
		return e.join(c)
	case app.LeaveChannel:
		return e.leave(c.ClientID, subscription{c.AppID, c.Channel}), nil
	case app.Publish:
		return e.publishTo(c)
	}
	panic("engine: not a command about channels")
}

// tellChannels publishes at once: nothing of it goes through the store.
func (e *Engine) tellChannels(bodies []app.EventBody) {
	events := make([]app.Event, len(bodies))
	for i, body := range bodies {
		events[i] = app.Event{At: e.line.now(), Body: body}
	}
	e.publish(events)
}

// openApp returns an app that is there and switched on.
func (e *Engine) openApp(id string) (*app.BroadcastApp, error) {
	a := e.live.App(id)
	switch {
	case a == nil:
		return nil, errNoApp
	case !a.Enabled:
		return nil, app.NewError(app.CodeForbidden, "error.appDisabled", "This app is switched off.", nil)
	}
	return a, nil
}

func (e *Engine) join(c app.JoinChannel) ([]app.EventBody, error) {
	if _, err := e.openApp(c.AppID); err != nil {
		return nil, err
	}
	at := subscription{c.AppID, c.Channel}
	if _, there := e.held[c.ClientID][at]; there {
		return nil, nil
	}
	next := app.Channel{Name: c.Channel}
	if before := e.live.Channels.Channel(c.AppID, c.Channel); before != nil {
		next = *before
	} else if len(e.live.Channels[c.AppID]) >= app.MaxChannelsOccupied {
		return nil, app.NewError(app.CodeConflict, "error.tooManyChannels", "This app has as many channels as it can have.", nil)
	}
	var events []app.EventBody
	user := ""
	if c.Member != nil {
		user = c.Member.UserID
		next.Members = slices.Clone(next.Members)
		if known := next.Member(user); known != nil {
			known.Connections++
		} else if len(next.Members) >= app.MaxPresenceMembers {
			return nil, app.NewError(app.CodeConflict, "error.channelFull", "This channel has as many members as it can have.", nil)
		} else {
			member := app.Member{UserID: user, Info: c.Member.Info, Connections: 1}
			next.Members = append(next.Members, member)
			events = append(events, app.MemberAdded{AppID: c.AppID, Channel: c.Channel, Member: member})
		}
	}
	next.Subscriptions++
	e.setChannel(c.AppID, &next)
	if e.held[c.ClientID] == nil {
		e.held[c.ClientID] = holdings{}
	}
	e.held[c.ClientID][at] = user
	return events, nil
}

func (e *Engine) leave(client string, at subscription) (events []app.EventBody) {
	user, there := e.held[client][at]
	if !there {
		return nil
	}
	if delete(e.held[client], at); len(e.held[client]) == 0 {
		delete(e.held, client)
	}
	next := *e.live.Channels.Channel(at.appID, at.channel)
	next.Subscriptions--
	if i := slices.IndexFunc(next.Members, func(m app.Member) bool { return m.UserID == user }); i >= 0 {
		next.Members = slices.Clone(next.Members)
		if next.Members[i].Connections--; next.Members[i].Connections == 0 {
			next.Members = slices.Delete(next.Members, i, i+1)
			events = append(events, app.MemberRemoved{AppID: at.appID, Channel: at.channel, UserID: user, Client: client})
		}
	}
	e.setChannel(at.appID, &next)
	return events
}

// leaveAll takes a client that is gone off all its channels.
func (e *Engine) leaveAll(client string) (events []app.EventBody) {
	for _, at := range slices.Collect(maps.Keys(e.held[client])) {
		events = append(events, e.leave(client, at)...)
	}
	return events
}

// setChannel puts a channel in place of the one with its name, or takes it away
// when nobody is on it.
func (e *Engine) setChannel(appID string, c *app.Channel) {
	channels := maps.Clone(e.live.Channels[appID])
	if channels == nil {
		channels = map[string]*app.Channel{}
	}
	if channels[c.Name] = c; c.Subscriptions == 0 {
		delete(channels, c.Name)
	}
	state := maps.Clone(e.live.Channels)
	if state == nil {
		state = app.ChannelsState{}
	}
	if state[appID] = channels; len(channels) == 0 {
		delete(state, appID)
	}
	e.live.Channels = state
}

func (e *Engine) publishTo(c app.Publish) ([]app.EventBody, error) {
	if _, err := e.openApp(c.AppID); err != nil {
		return nil, err
	}
	if len(c.Messages) > app.MaxPublishBatch {
		return nil, app.NewError(app.CodeInvalid, "broadcastt.tooManyEvents", "10 events can be published at once at most.", nil)
	}
	events := make([]app.EventBody, len(c.Messages))
	for i, m := range c.Messages {
		if err := m.Check(); err != nil {
			return nil, err
		}
		events[i] = app.ChannelPublished{AppID: c.AppID, ChannelMessage: m}
	}
	return events, nil
}
