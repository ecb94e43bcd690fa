package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"cuewire/app"
)

// newApp makes an app and returns its id.
func (b *bench) newApp(name string) string {
	b.t.Helper()
	result, err := b.Do(b.t.Context(), app.CreateApp{Fields: app.AppFields{Name: &name}})
	if err != nil {
		b.t.Fatal(err)
	}
	return result.ID
}

// refuses expects a command to fail with that code.
func (b *bench) refuses(code app.Code, cmd app.Command) {
	b.t.Helper()
	if _, err := b.Do(b.t.Context(), cmd); app.CodeOf(err) != code {
		b.t.Errorf("%+v: %v", cmd, err)
	}
}

func TestApps(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		happened := b.events()
		first, second := b.newApp("Alerts"), b.newApp("Alerts")
		before := b.Snapshot().App(first)
		if other := b.Snapshot().App(second); first == second || before.Key == other.Key || before.Secret == other.Secret || !before.Enabled || !before.ClientEvents {
			t.Errorf("got %+v and %+v", before, other)
		}
		b.do(app.UpdateApp{ID: first, Fields: app.AppFields{Name: ptr("Alerts")}}) // nothing changes
		b.do(app.UpdateApp{ID: first, Fields: app.AppFields{Name: ptr("Chat"), Enabled: ptr(false), MaxConnections: ptr(5)}})
		after := b.Snapshot().App(first)
		if after.Name != "Chat" || after.Enabled || after.MaxConnections != 5 || after.Key != before.Key || after.Secret != before.Secret {
			t.Errorf("got %+v", after)
		}
		b.do(app.UpdateApp{ID: first, Renew: true})
		if renewed := b.Snapshot().App(first); renewed.Key == before.Key || renewed.Secret == before.Secret || renewed.Name != "Chat" {
			t.Errorf("got %+v", renewed)
		}
		b.do(app.DeleteApp{ID: second})
		equal(t, "apps", happened(), "apps:create", "apps:create", "apps:update", "apps:update", "apps:delete")
		if got := b.Snapshot().Apps; len(got) != 1 || got[0].ID != first {
			t.Errorf("got %+v", got)
		}
		b.refuses(app.CodeInvalid, app.CreateApp{})
		b.refuses(app.CodeInvalid, app.CreateApp{Fields: app.AppFields{Name: ptr(" ")}})
		b.refuses(app.CodeInvalid, app.UpdateApp{ID: first, Fields: app.AppFields{MaxConnections: ptr(-1)}})
		b.refuses(app.CodeNotFound, app.UpdateApp{ID: second, Renew: true})
		b.refuses(app.CodeNotFound, app.DeleteApp{ID: second})
		for range app.MaxApps - 1 {
			b.newApp("One more")
		}
		b.refuses(app.CodeConflict, app.CreateApp{Fields: app.AppFields{Name: ptr("Too many")}})
	})
}

func TestWhoIsOnAChannel(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id, other := b.newApp("Alerts"), b.newApp("Other")
		happened := b.events()
		is := func(want string) {
			t.Helper()
			got := ""
			for _, c := range b.Snapshot().Channels.Occupied(id) {
				got += fmt.Sprintf("%s=%d", c.Name, c.Subscriptions)
				for _, m := range c.Members {
					got += fmt.Sprintf(" %s×%d", m.UserID, m.Connections)
				}
				got += "; "
			}
			if strings.TrimSuffix(got, "; ") != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		join := func(client, channel, user string) {
			t.Helper()
			cmd := app.JoinChannel{ClientID: client, AppID: id, Channel: channel}
			if user != "" {
				cmd.Member = &app.Member{UserID: user}
			}
			b.do(cmd)
		}
		join("1", "alerts", "")
		join("1", "alerts", "")
		join("2", "alerts", "")
		join("1", "presence-a", "ana")
		join("2", "presence-a", "ana")
		join("3", "presence-a", "rui")
		is("alerts=2; presence-a=3 ana×2 rui×1")
		equal(t, "joined", happened(), "channels:memberAdded", "channels:memberAdded")
		b.do(app.LeaveChannel{ClientID: "1", AppID: id, Channel: "presence-a"})
		b.do(app.LeaveChannel{ClientID: "1", AppID: id, Channel: "presence-a"}) // it is gone already
		b.do(app.LeaveChannel{ClientID: "1", AppID: other, Channel: "alerts"})
		equal(t, "left", happened())
		b.do(app.ClientFact{Client: &app.Client{ID: "2"}, Gone: true})
		is("alerts=1; presence-a=1 rui×1")
		equal(t, "gone", happened(), "channels:memberRemoved")
		b.do(app.ClientFact{Client: &app.Client{ID: "1"}, Gone: true})
		b.do(app.ClientFact{Client: &app.Client{ID: "3"}, Gone: true})
		is("")
		if channels := b.Snapshot().Channels; len(channels) != 0 {
			t.Errorf("left behind: %v", channels)
		}
	})
}

func TestWhatMayNotBeOnAChannel(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		id := b.newApp("Alerts")
		happened := b.events()
		member := func(n int) app.JoinChannel {
			return app.JoinChannel{ClientID: fmt.Sprint("c", n), AppID: id, Channel: "presence-a", Member: &app.Member{UserID: fmt.Sprint("u", n)}}
		}
		for n := range app.MaxPresenceMembers {
			b.do(member(n))
		}
		b.refuses(app.CodeConflict, member(app.MaxPresenceMembers))
		again := member(0)
		again.ClientID = "another connection"
		b.do(again)
		b.refuses(app.CodeNotFound, app.JoinChannel{ClientID: "1", AppID: "nothing", Channel: "a"})
		if got := len(happened()); got != app.MaxPresenceMembers {
			t.Errorf("%d events", got)
		}
		good := app.ChannelMessage{Name: "x", Channels: []string{"a"}, Data: "{}"}
		publish := func(messages ...app.ChannelMessage) app.Publish { return app.Publish{AppID: id, Messages: messages} }
		b.refuses(app.CodeInvalid, publish(good, app.ChannelMessage{Name: "x", Channels: []string{"a b"}}))
		b.refuses(app.CodeForbidden, publish(good, app.ChannelMessage{Name: "x", Channels: []string{"system"}}))
		b.refuses(app.CodeInvalid, publish(make([]app.ChannelMessage, app.MaxPublishBatch+1)...))
		b.refuses(app.CodeNotFound, app.Publish{AppID: "nothing", Messages: []app.ChannelMessage{good}})
		equal(t, "refused", happened())
		b.do(publish(good, good))
		equal(t, "published", happened(), "channels:message", "channels:message")
		b.do(app.UpdateApp{ID: id, Fields: app.AppFields{Enabled: ptr(false)}})
		b.refuses(app.CodeForbidden, publish(good))
		b.refuses(app.CodeForbidden, app.JoinChannel{ClientID: "1", AppID: id, Channel: "a"})
	})
}
