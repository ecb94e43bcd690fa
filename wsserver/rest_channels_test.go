package wsserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

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
