package wsserver

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
	"cuewire/app/engine"
)

// newApp makes an app.
func newApp(t *testing.T, core *engine.Engine, name string) *app.BroadcastApp {
	t.Helper()
	result, err := core.Do(t.Context(), app.CreateApp{Fields: app.AppFields{Name: &name}})
	if err != nil {
		t.Fatal(err)
	}
	return result.Snapshot.App(result.ID)
}

// signedQuery signs a request as Pusher's libraries do. change may spoil it.
func signedQuery(a *app.BroadcastApp, method, path, body string, query url.Values, change func(url.Values)) string {
	q := url.Values{"auth_key": {a.Key}, "auth_timestamp": {fmt.Sprint(time.Now().Unix())}, "auth_version": {"1.0"}}
	if body != "" {
		sum := md5.Sum([]byte(body))
		q.Set("body_md5", hex.EncodeToString(sum[:]))
	}
	maps.Copy(q, query)
	if change != nil {
		change(q)
	}
	var parameters []string
	for name := range q {
		parameters = append(parameters, name+"="+q.Get(name))
	}
	slices.Sort(parameters)
	if !q.Has("auth_signature") {
		q.Set("auth_signature", a.Sign(method+"\n"+path+"\n"+strings.Join(parameters, "&")))
	}
	return path + "?" + q.Encode()
}

// publishSigned posts a body to an app's path and returns status and answer.
func publishSigned(t *testing.T, s *Server, a *app.BroadcastApp, path, body string, change func(url.Values)) (int, string) {
	t.Helper()
	path = "/apps/" + a.ID + path
	resp, text := call(t, s, http.MethodPost, signedQuery(a, http.MethodPost, path, body, nil, change), body)
	return resp.StatusCode, strings.TrimSpace(text)
}

// connectApp connects and returns the socket id.
func connectApp(t *testing.T, s *Server, a *app.BroadcastApp) (*client, string) {
	t.Helper()
	c := dial(t, s, "/app/"+a.Key)
	return c, c.data("broadcastt:connection_established")["socket_id"].(string)
}

// data returns the data of the next frame, which must be of that event.
func (c *client) data(event string) map[string]any {
	c.t.Helper()
	frame := c.receive()
	if frame["event"] != event {
		c.t.Fatalf("got %v instead of %s", frame, event)
	}
	var data map[string]any
	if err := json.Unmarshal([]byte(frame["data"].(string)), &data); err != nil {
		c.t.Fatalf("%v in %v", err, frame)
	}
	return data
}

func (c *client) subscribe(channel, auth, data string) map[string]any {
	c.t.Helper()
	c.sendJSON("broadcastt:subscribe", map[string]string{"channel": channel, "auth": auth, "channel_data": data})
	return c.data("broadcastt_internal:subscription_succeeded")
}

func (c *client) sendJSON(event string, data any) {
	c.t.Helper()
	text, err := json.Marshal(map[string]any{"event": event, "data": data})
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(string(text))
}

// quiet makes sure that nothing has come: a ping is answered next.
func (c *client) quiet() {
	c.t.Helper()
	c.send(`{"event":"broadcastt:ping","data":{}}`)
	c.data("broadcastt:pong")
}

func TestPublishedEventsReachTheirChannels(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	a, other := newApp(t, core, "Alerts"), newApp(t, core, "Other")
	first, firstID := connectApp(t, s, a)
	second, _ := connectApp(t, s, a)
	foreign, _ := connectApp(t, s, other)
	for _, c := range []*client{first, second, foreign} {
		c.subscribe("alerts", "", "")
	}
	expect := func(status int, answer, path, body string) {
		t.Helper()
		if got, text := publishSigned(t, s, a, path, body, nil); got != status || text != answer {
			t.Fatalf("%s: %d %s", body, got, text)
		}
	}
	expect(200, `{}`, "/events", `{"name":"donation","channels":["alerts"],"data":"{\"amount\":5}"}`)
	expect(200, `{}`, "/event", `{"name":"follow","channel":"alerts","data":"{}","socket_id":"`+firstID+`"}`)
	expect(200, `{}`, "/batch_events", `{"batch":[{"name":"one","channel":"alerts","data":"{}"},{"name":"two","channel":"none","data":"{}"}]}`)
	expect(200, `{}`, "/events", `[{"name":"three","channels":["alerts","none"],"data":"{}"}]`)
	expect(200, `{"channels":{"alerts":{"subscription_count":2}}}`, "/events", `{"name":"four","channel":"alerts","data":"{}","info":"subscription_count,user_count"}`)
	expect(200, `{"batch":[{"subscription_count":2},{}]}`, "/batch_events",
		`{"batch":[{"name":"five","channel":"alerts","data":"{}","info":"subscription_count"},{"name":"six","channel":"none","data":"{}"}]}`)
	if got := first.data("donation")["amount"]; got != 5.0 {
		t.Errorf("got %v", got)
	}
	second.data("donation")
	second.data("follow")
	for _, name := range []string{"one", "three", "four", "five"} {
		first.data(name)
		second.data(name)
	}
	for _, c := range []*client{first, second, foreign} {
		c.quiet()
	}
}

// Members come and go by connections; the last connection's end is a leave.
func TestPresence(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	a := newApp(t, core, "Alerts")
	watcher, watcherID := connectApp(t, s, a)
	const channel = "presence-room"
	in := func(c *client, id, data string) map[string]any {
		return c.subscribe(channel, a.ChannelAuth(id, channel, data), data)
	}
	in(watcher, watcherID, `{"user_id":"watcher"}`)
	one, oneID := connectApp(t, s, a)
	two, twoID := connectApp(t, s, a)
	list := in(one, oneID, `{"user_id":"ana","user_info":{"name":"Ana"}}`)["presence"].(map[string]any)
	if list["count"] != 2.0 || fmt.Sprint(list["ids"]) != "[watcher ana]" {
		t.Errorf("got %v", list)
	}
	if got := watcher.data("broadcastt_internal:member_added"); got["user_id"] != "ana" || fmt.Sprint(got["user_info"]) != "map[name:Ana]" {
		t.Errorf("got %v", got)
	}
	in(two, twoID, `{"user_id":"ana","user_info":{"name":"Ana"}}`)
	watcher.quiet()
	one.sendJSON("client-wave", "hello") // without a channel, as broadcastt-js sends
	for _, c := range []*client{watcher, two} {
		frame := c.receive()
		if frame["event"] != "client-wave" || frame["user_id"] != "ana" || frame["data"] != `"hello"` || frame["channel"] != channel {
			t.Errorf("got %v", frame)
		}
	}
	one.sendJSON("broadcastt:unsubscribe", map[string]string{"channel": channel})
	one.quiet()
	watcher.quiet() // she is still there
	_ = two.Close()
	if got := watcher.data("broadcastt_internal:member_removed"); got["user_id"] != "ana" {
		t.Errorf("got %v", got)
	}
	_ = watcher.Close()
	watch := core.Watch()
	defer watch.Close()
	for len(core.Snapshot().Channels) > 0 {
		if _, err := watch.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// A signature is for one connection and one channel, and no use to any other.
func TestSignaturesOfOthers(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	a, other := newApp(t, core, "Alerts"), newApp(t, core, "Other")
	one, oneID := connectApp(t, s, a)
	two, twoID := connectApp(t, s, a)
	one.subscribe("private-a", a.ChannelAuth(oneID, "private-a", ""), "")
	for name, auth := range map[string]string{
		"another connection's": a.ChannelAuth(oneID, "private-a", ""),
		"another channel's":    a.ChannelAuth(twoID, "private-b", ""),
		"another app's":        other.ChannelAuth(twoID, "private-a", ""),
		"another app's key":    other.Key + strings.TrimPrefix(a.ChannelAuth(twoID, "private-a", ""), a.Key),
		"with data":            a.ChannelAuth(twoID, "private-a", "x"),
		"none":                 "",
	} {
		two.sendJSON("broadcastt:subscribe", map[string]string{"channel": "private-a", "auth": auth})
		if got := two.data("broadcastt:subscription_error"); got["status"] != 401.0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if status, text := publishSigned(t, s, a, "/events", `{"name":"x","channel":"private-a","data":"{}"}`, nil); status != 200 {
		t.Fatal(status, text)
	}
	one.data("x")
	two.quiet()
}

// The key alone lets others in; and on stopping, everybody hears why.
func TestTheKeyIsEnoughAndTheEndIsTold(t *testing.T) {
	core := realCore(t)
	a := newApp(t, core, "Alerts")
	one := 1
	if _, err := core.Do(t.Context(), app.UpdateApp{ID: a.ID, Fields: app.AppFields{MaxConnections: &one}}); err != nil {
		t.Fatal(err)
	}
	s := listening(t, core)
	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- s.Run(ctx) }()
	far, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.Addresses()[0], "http")+"/apps/"+a.Key,
		http.Header{"X-Forwarded-For": {"10.0.0.1"}}) // as from another computer
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	_ = far.SetReadDeadline(time.Now().Add(patience))
	c := &client{t, far}
	c.data("broadcastt:connection_established")
	dial(t, s, "/apps/"+a.Key+"?protocol=7").ends("pusher:error", 4100)
	stop()
	c.ends("broadcastt:error", 4200)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// ends expects an error frame and a close frame of that code.
func (c *client) ends(event string, code int) {
	c.t.Helper()
	if got := c.data(event)["code"]; got != float64(code) {
		c.t.Errorf("the error's code is %v", got)
	}
	if _, _, err := c.ReadMessage(); !websocket.IsCloseError(err, code) {
		c.t.Errorf("got %v", err)
	}
}

// Secrets and what is on channels go to nobody but who they are for.
func TestNothingOfAppsIsOnTheBus(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	everything := dial(t, s, "/")
	everything.send(`{"action":"subscribe","events":["*"]}`)
	everything.receive()
	a := newApp(t, core, "Alerts")
	if status, text := publishSigned(t, s, a, "/events", `{"name":"x","channel":"private-a","data":"{}"}`, nil); status != 200 {
		t.Fatal(status, text)
	}
	if text, err := json.Marshal(app.AppChanged{App: a}); err != nil || strings.Contains(string(text), a.Secret) {
		t.Errorf("%s %v", text, err)
	}
	everything.send(`{"action":"ping"}`)
	for {
		frame := everything.receive()
		if frame["event"] == "pong" {
			return
		}
		if name, _ := frame["event"].(string); strings.HasPrefix(name, "apps:") || strings.HasPrefix(name, "channels:") {
			t.Errorf("got %v", frame)
		}
	}
}
