package broadcastt

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cuewire/app"
)

var alerts = &app.BroadcastApp{ID: "4711", Key: "key", Secret: "secret", Enabled: true, ClientEvents: true}

func snapshot() *app.Snapshot { return &app.Snapshot{Apps: []*app.BroadcastApp{alerts}} }

func open(t *testing.T, query string) *conversation {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New().Open(app.Visitor{ID: "1", Query: values}, "key", snapshot())
	if err != nil {
		t.Fatal(err)
	}
	return c.(*conversation)
}

// told reads a frame, which must be one that every client can read.
func told(t *testing.T, f app.Frame) (event, channel, data string) {
	t.Helper()
	var frame struct {
		Event, Channel string
		Data           *string
	}
	if err := json.Unmarshal(f.Text, &frame); err != nil || frame.Event == "" || frame.Data == nil {
		t.Fatalf("%v in %s", err, f.Text)
	}
	if strings.HasPrefix(frame.Event, ours) && !json.Valid([]byte(*frame.Data)) {
		t.Fatalf("broadcastt-js cannot read %s", f.Text)
	}
	return frame.Event, frame.Channel, *frame.Data
}

func joined(c *conversation, channel, data string) string {
	text, err := json.Marshal(map[string]any{"event": "broadcastt:subscribe", "data": map[string]string{
		"channel": channel, "auth": alerts.ChannelAuth(c.socketID, channel, data), "channel_data": data,
	}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// The documented example of Pusher's protocol: two numbers, and how they are signed.
func TestTheSignatureIsThePublishedOne(t *testing.T) {
	a := &app.BroadcastApp{Key: "278d425bdf160c739803", Secret: "7ad3773142a6692b25b8"}
	for _, test := range []struct{ channel, data, want string }{
		{"private-foobar", "", "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"},
		{"presence-foobar", `{"user_id":10,"user_info":{"name":"Mr. Channels"}}`, "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80"},
	} {
		if got := a.ChannelAuth("1234.1234", test.channel, test.data); got != a.Key+":"+test.want {
			t.Errorf("%s: %s", test.channel, got)
		}
	}
}

func TestAConnectionHoldsABoundedNumberOfChannels(t *testing.T) {
	c := open(t, "")
	for i := range app.MaxChannelsHeld + 1 {
		step := c.Receive([]byte(joined(c, "channel-"+strconv.Itoa(i), "")), snapshot(), 0)
		if last := i == app.MaxChannelsHeld; last != (step.Command == nil) {
			t.Fatalf("%d: %+v", i, step)
		}
	}
	c.Receive([]byte(`{"event":"broadcastt:unsubscribe","data":{"channel":"channel-0"}}`), snapshot(), 0)
	if step := c.Receive([]byte(joined(c, "another", "")), snapshot(), 0); step.Command == nil {
		t.Error("there was room again")
	}
}

// What the engine refuses has not happened.
func TestARefusedSubscriptionIsNotHeld(t *testing.T) {
	c := open(t, "")
	before := c.held
	member := `{"user_id":"1"}`
	if step := c.Receive([]byte(joined(c, "presence-a", member)), snapshot(), 0); step.Command == nil {
		t.Fatalf("%+v", step)
	}
	frames := c.Refused(app.NewError(app.CodeConflict, "", "It is full.", nil), 0)
	if event, channel, data := told(t, frames[0]); event != "broadcastt:subscription_error" || channel != "presence-a" || !strings.Contains(data, "It is full.") {
		t.Errorf("got %s", frames[0].Text)
	}
	if c.held != before || len(c.users) != 0 {
		t.Errorf("it holds %+v", c.held)
	}
}

// Every reason to part has an error frame and a close frame of the same code, in the
// range that tells clients what to do next.
func TestTheEndIsTold(t *testing.T) {
	for why, codes := range map[app.Parting][2]int{app.PartStopping: {4200, 4299}, app.PartSilent: {4200, 4299}, app.PartSlow: {4100, 4199}} {
		f := open(t, "protocol=7").Part(why)
		event, _, data := told(t, f)
		var failure struct{ Code int }
		if err := json.Unmarshal([]byte(data), &failure); err != nil || event != "pusher:error" || f.Close == nil ||
			f.Close.Code != failure.Code || failure.Code < codes[0] || failure.Code > codes[1] {
			t.Errorf("%v: %s %+v", why, f.Text, f.Close)
		}
	}
}

// One event is written once for all who are on a channel.
func TestFramesAreSharedByAudiences(t *testing.T) {
	d := New()
	on := func(prefix string, channels ...string) audience {
		return audience{app: alerts.ID, channels: channelsOf(channels), prefix: prefix}
	}
	ev := app.Event{Seq: 1, Body: app.ChannelPublished{AppID: alerts.ID, ChannelMessage: app.ChannelMessage{Channels: []string{"a", "b"}, Name: "x", Data: "text", Except: "7"}}}
	one, two := d.Encode(ev, snapshot(), on(ours, "a")), d.Encode(ev, snapshot(), on(ours, "a", "b"))
	if len(one) != 1 || len(two) != 2 || &one[0].Text[0] != &two[0].Text[0] || one[0].Except != "7" {
		t.Errorf("got %+v and %+v", one, two)
	}
	if pusher := d.Encode(ev, snapshot(), on(pushers, "a")); bytes.Equal(pusher[0].Text, one[0].Text) {
		t.Errorf("got %s", pusher[0].Text)
	}
	if none := d.Encode(ev, snapshot(), audience{app: "other", channels: channelsOf([]string{"a"}), prefix: ours}); len(none) != 0 {
		t.Errorf("got %+v", none)
	}
	bus := app.Event{Seq: 2, Body: app.PresetChanged{Preset: &app.Preset{Name: "stage"}}}
	if a, b := d.Encode(bus, snapshot(), on(ours, "system")), d.Encode(bus, snapshot(), on(pushers, "system")); len(a) != 1 || &a[0].Text[0] != &b[0].Text[0] {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		`{"event":"broadcastt:subscribe","data":{"channel":"alerts"}}`, `{"event":"pusher:subscribe","data":"{\"channel\":\"alerts\"}"}`,
		`{"event":"broadcastt:unsubscribe","data":{"channel":"alerts"}}`, `{"event":"broadcastt:ping","data":{}}`, `{"event":"broadcastt:ping"}`,
		`{"event":"client-wave","channel":"private-a","data":{"a":[1e400]}}`, `{"event":"client-wave","data":"\ud800"}`, `{"event":"client-wave"}`,
		`{"event":"broadcastt:subscribe","data":{"channel":"presence-a","auth":"key:0","channel_data":"{\"user_id\":1}"}}`,
		`{"event":"broadcastt:subscribe","data":{"channel":null}}`, `{"event":"broadcastt:subscribe","data":[]}`, `{"event":":"}`, `{"event":""}`,
		`{"event":"broadcastt:hello","data":{"fps":60}}`, ``, `null`, `[]`, `"x"`, `{"event":1}`, `{"EVENT":"client-x","CHANNEL":"presence-b"}`, `{"event":"x"}{}`, strings.Repeat(`[`, 20_000),
	} {
		f.Add([]byte(seed), "{\"user_id\":7}")
	}
	f.Fuzz(func(t *testing.T, text []byte, member string) {
		for _, query := range []string{"", "protocol=7"} {
			c := open(t, query)
			first := []byte(joined(c, "presence-b", member))
			for _, message := range [][]byte{first, slices.Clone(text), []byte(joined(c, "private-a", "")), slices.Clone(text)} {
				step := c.Receive(message, snapshot(), 0)
				for _, frame := range step.Reply {
					told(t, frame)
				}
				if step.State != nil {
					for _, frame := range step.State(snapshot(), 0) {
						told(t, frame)
					}
				}
				if publish, ok := step.Command.(app.Publish); ok {
					m := publish.Messages[0]
					if err := m.Check(); err != nil || app.KindOfChannel(m.Channels[0]) == app.PublicChannel || m.Except != c.id {
						t.Fatalf("%q leads to %+v: %v", text, m, err)
					}
					told(t, published(app.ChannelPublished{ChannelMessage: m}, m.Channels[0], c.prefix))
				}
				if !slices.IsSorted(c.channels) || slices.ContainsFunc(c.channels, func(name string) bool { return !app.ValidChannel(name) }) ||
					c.held.channels != channelsOf(c.channels) {
					t.Fatalf("holds %q", c.channels)
				}
			}
		}
	})
}
