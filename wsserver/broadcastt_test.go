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

// Whatever is wrong with a request is told with its status, and nothing of it is
// delivered.
func TestRefusedPublications(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	a, off := newApp(t, core, "Alerts"), newApp(t, core, "Off")
	no := false
	if _, err := core.Do(t.Context(), app.UpdateApp{ID: off.ID, Fields: app.AppFields{Enabled: &no}}); err != nil {
		t.Fatal(err)
	}
	c, _ := connectApp(t, s, a)
	c.subscribe("alerts", "", "")
	c.subscribe("obs", "", "")
	const good = `{"name":"donation","channels":["alerts"],"data":"{}"}`
	event := func(name, channels, data string) string {
		return fmt.Sprintf(`{"name":%q,"channels":[%s],"data":%q}`, name, channels, data)
	}
	hundred := `"alerts"` + strings.Repeat(`,"alerts"`, 99)
	long := strings.Repeat("x", 200)
	set := func(name, value string) func(url.Values) {
		return func(q url.Values) { q.Set(name, value) }
	}
	at := func(ago time.Duration) func(url.Values) {
		return set("auth_timestamp", fmt.Sprint(time.Now().Add(-ago).Unix()))
	}
	for name, test := range map[string]struct {
		app    *app.BroadcastApp
		path   string
		body   string
		change func(url.Values)
		status int
		says   string
	}{
		"wrong signature":     {a, "/events", good, set("auth_signature", strings.Repeat("0", 64)), 401, "auth_signature"},
		"another secret":      {&app.BroadcastApp{ID: a.ID, Key: a.Key, Secret: "x"}, "/events", good, nil, 401, "auth_signature"},
		"no signature":        {a, "/events", good, set("auth_signature", ""), 401, "auth_signature"},
		"another key":         {a, "/events", good, set("auth_key", off.Key), 401, "auth_key"},
		"another version":     {a, "/events", good, set("auth_version", "2.0"), 401, "auth_version"},
		"old":                 {a, "/events", good, at(11 * time.Minute), 401, "600 seconds"},
		"from the future":     {a, "/events", good, at(-11 * time.Minute), 401, "600 seconds"},
		"no time":             {a, "/events", good, set("auth_timestamp", "now"), 401, "auth_timestamp"},
		"wrong body_md5":      {a, "/events", good, set("body_md5", strings.Repeat("0", 32)), 401, "body_md5"},
		"no body_md5":         {a, "/events", good, func(q url.Values) { q.Del("body_md5") }, 401, "body_md5"},
		"unknown app":         {&app.BroadcastApp{ID: "1", Key: a.Key, Secret: a.Secret}, "/events", good, nil, 404, "no app"},
		"switched off":        {off, "/events", good, nil, 403, "switched off"},
		"no JSON":             {a, "/events", `{`, nil, 400, "one event"},
		"no event":            {a, "/events", `[]`, nil, 400, "empty"},
		"empty batch":         {a, "/batch_events", `{"batch":[]}`, nil, 400, "empty"},
		"no name":             {a, "/events", event("", `"alerts"`, "{}"), nil, 400, "no name"},
		"name too long":       {a, "/events", event(long+"x", `"alerts"`, "{}"), nil, 400, "200 characters"},
		"the protocol's name": {a, "/events", event("pusher_internal:member_added", `"alerts"`, "{}"), nil, 400, "belongs to the protocol"},
		"no channel":          {a, "/events", event("x", "", "{}"), nil, 400, "no channel"},
		"channel too long":    {a, "/events", event("x", `"alerts","`+long+`x"`, "{}"), nil, 400, "1 to 200"},
		"channel's letters":   {a, "/events", event("x", `"alerts","a b"`, "{}"), nil, 400, "1 to 200"},
		"101 channels":        {a, "/events", event("x", hundred+`,"alerts"`, "{}"), nil, 400, "100 channels"},
		"data too long":       {a, "/events", event("x", `"alerts"`, strings.Repeat("x", app.MaxEventData+1)), nil, 413, "10,240"},
		"data is an object":   {a, "/events", `{"name":"x","channel":"alerts","data":{}}`, nil, 400, "string"},
		"no data":             {a, "/events", `{"name":"x","channel":"alerts"}`, nil, 400, "string"},
		"no socket_id":        {a, "/events", `{"name":"x","channel":"alerts","data":"{}","socket_id":"1"}`, nil, 400, "socket_id"},
		"eleven":              {a, "/batch_events", `{"batch":[` + strings.Repeat(good+",", 10) + good + `]}`, nil, 400, "10 events"},
		"one of two is wrong": {a, "/batch_events", `{"batch":[` + good + `,{"name":"x","channel":"a b","data":"{}"}]}`, nil, 400, "1 to 200"},
		"a core channel":      {a, "/events", event("obs:sceneChanged", `"alerts","obs"`, "{}"), nil, 403, "obs"},
		"a room's channel":    {a, "/events", event("x", `"alerts","room-ABC234"`, "{}"), nil, 403, "room-ABC234"},
		"too big":             {a, "/events", strings.Repeat(" ", maxBody+1), nil, 413, "1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := publishSigned(t, s, test.app, test.path, test.body, test.change)
			if status != test.status || !strings.Contains(text, test.says) {
				t.Errorf("%d %s", status, text)
			}
		})
	}
	twice := signedQuery(a, http.MethodPost, "/apps/"+a.ID+"/events", good, nil, nil) + "&auth_version=1.0"
	if resp, text := call(t, s, http.MethodPost, twice, good); resp.StatusCode != 401 || !strings.Contains(text, "more than once") {
		t.Errorf("a parameter twice: %d %s", resp.StatusCode, text)
	}
	c.quiet()
	// What is just within the limits is not refused.
	for _, body := range []string{event(long, hundred, strings.Repeat("1", app.MaxEventData)), event("x", `"`+long+`"`, "{}")} {
		if status, text := publishSigned(t, s, a, "/events", body, at(9*time.Minute)); status != 200 {
			t.Errorf("%d %s", status, text)
		}
	}
	if frame := c.receive(); frame["event"] != long {
		t.Errorf("got %v", frame)
	}
	c.quiet()
}

func TestChannelQueries(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	a := newApp(t, core, "Alerts")
	one, oneID := connectApp(t, s, a)
	two, twoID := connectApp(t, s, a)
	ana := `{"user_id":"ana","user_info":{"name":"Ana"}}`
	one.subscribe("presence-room", a.ChannelAuth(oneID, "presence-room", ana), ana)
	two.subscribe("presence-room", a.ChannelAuth(twoID, "presence-room", ana), ana)
	two.subscribe("alerts", "", "")
	base := "/apps/" + a.ID + "/channels"
	for _, test := range []struct {
		path   string
		query  url.Values
		status int
		answer string
	}{
		{"", nil, 200, `{"channels":{"alerts":{},"presence-room":{}}}`},
		{"", url.Values{"filter_by_prefix": {"presence-"}, "info": {"user_count"}}, 200, `{"channels":{"presence-room":{"user_count":1}}}`},
		{"", url.Values{"info": {"subscription_count"}}, 200, `{"channels":{"alerts":{"subscription_count":1},"presence-room":{"subscription_count":2}}}`},
		{"", url.Values{"info": {"user_count"}}, 400, ""},
		{"/presence-room", url.Values{"info": {"user_count,subscription_count"}}, 200, `{"occupied":true,"subscription_count":2,"user_count":1}`},
		{"/alerts", nil, 200, `{"occupied":true}`},
		{"/nobody", nil, 200, `{"occupied":false}`},
		{"/alerts", url.Values{"info": {"user_count"}}, 400, ""},
		{"/a%20b", nil, 400, ""},
		{"/presence-room/users", nil, 200, `{"users":[{"id":"ana"}]}`},
		{"/presence-nobody/users", nil, 200, `{"users":[]}`},
		{"/alerts/users", nil, 400, ""},
	} {
		resp, text := call(t, s, http.MethodGet, signedQuery(a, http.MethodGet, base+test.path, "", test.query, nil), "")
		if resp.StatusCode != test.status || test.answer != "" && strings.TrimSpace(text) != test.answer {
			t.Errorf("%s %v: %d %s", test.path, test.query, resp.StatusCode, text)
		}
		if resp, _ := call(t, s, http.MethodGet, base+test.path, ""); resp.StatusCode != 401 {
			t.Errorf("%s unsigned: %d", test.path, resp.StatusCode)
		}
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

func TestBroadcastingAuth(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	a := newApp(t, core, "Alerts")
	c, id := connectApp(t, s, a)
	ask := func(kind, body string, header ...string) (int, map[string]string) {
		resp, text := call(t, s, http.MethodPost, "/broadcasting/auth", body, append([]string{"Content-Type", kind}, header...)...)
		var answer map[string]string
		_ = json.Unmarshal([]byte(text), &answer) // what is no answer is empty
		return resp.StatusCode, answer
	}
	const asJSON, asForm = "application/json", "application/x-www-form-urlencoded"
	body := fmt.Sprintf(`{"socket_id":%q,"channel_name":"private-a"}`, id)
	status, answer := ask(asJSON, body)
	if status != 200 || answer["channel_data"] != "" {
		t.Fatal(status, answer)
	}
	c.subscribe("private-a", answer["auth"], "")
	status, answer = ask(asForm, url.Values{"socket_id": {id}, "channel_name": {"presence-a"}}.Encode())
	if status != 200 {
		t.Fatal(status, answer)
	}
	c.subscribe("presence-a", answer["auth"], answer["channel_data"])
	for name, test := range map[string]struct {
		kind, body string
		header     []string
		status     int
	}{
		"a foreign page":      {asJSON, body, []string{"Origin", "http://evil.example"}, 403},
		"through a proxy":     {asJSON, body, []string{"X-Forwarded-For", "10.0.0.1"}, 401},
		"no such connection":  {asJSON, `{"socket_id":"1.1","channel_name":"private-a"}`, nil, 403},
		"no connection":       {asJSON, `{"channel_name":"private-a"}`, nil, 403},
		"a public channel":    {asJSON, fmt.Sprintf(`{"socket_id":%q,"channel_name":"alerts"}`, id), nil, 400},
		"no channel can be":   {asJSON, fmt.Sprintf(`{"socket_id":%q,"channel_name":"private-a b"}`, id), nil, 400},
		"no JSON":             {asJSON, `{`, nil, 400},
		"no form":             {asForm, "%", nil, 400},
		"neither":             {"text/plain", "x", nil, 415},
		"of no secret's own":  {asJSON, body, []string{"Authorization", "Bearer wrong"}, 401},
		"a Source Saver page": {asJSON, `{"socket_id":"","channel_name":"private-a"}`, nil, 403},
	} {
		if status, answer := ask(test.kind, test.body, test.header...); status != test.status || answer["auth"] != "" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
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

func TestAppsByREST(t *testing.T) {
	core := realCore(t)
	s := start(t, core)
	read := func(method, path, body string, status int, header ...string) (a struct{ ID, Name, Key, Secret string }) {
		t.Helper()
		resp, text := call(t, s, method, "/api/v1/apps"+path, body, header...)
		if resp.StatusCode != status {
			t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, text)
		}
		_ = json.Unmarshal([]byte(text), &a) // a list is none
		return a
	}
	made := read("POST", "", `{"name":"Alerts"}`, 201)
	if len(made.Key) != 20 || len(made.Secret) != 40 || made.Name != "Alerts" {
		t.Errorf("got %+v", made)
	}
	if got := read("GET", "/"+made.ID, "", 200); got != made {
		t.Errorf("got %+v", got)
	}
	if got := read("POST", "/"+made.ID+"/renew", "", 200); got.Key == made.Key || got.Secret == made.Secret || got.ID != made.ID {
		t.Errorf("got %+v", got)
	}
	if got := read("PUT", "/"+made.ID, `{"name":"Chat","max_connections":7}`, 200); got.Name != "Chat" {
		t.Errorf("got %+v", got)
	}
	read("GET", "", "", 200)
	for _, bad := range []string{`{}`, `{"name":""}`, `{"name":"x","max_connections":-1}`, `[`} {
		read("POST", "", bad, 400)
	}
	read("PUT", "/1", `{"name":"x"}`, 404)
	read("GET", "/1", "", 404)
	read("GET", "", "", 401, "X-Forwarded-For", "10.0.0.1")
	read("DELETE", "/"+made.ID, "", 200)
	read("DELETE", "/"+made.ID, "", 404)
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
