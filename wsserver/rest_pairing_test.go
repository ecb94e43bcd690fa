package wsserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
	"cuewire/app/engine"
	"cuewire/assets"
	"cuewire/wsserver/auth"
)

// realServerWith serves a real engine with the real pages, and issues access.
func realServerWith(t testing.TB, edit func(*Config)) (*Server, *engine.Engine, string) {
	t.Helper()
	core, folder := realCore(t), t.TempDir()
	s := start(t, core, withTokens(t), func(c *Config) {
		c.Web, c.Folder = assets.Web(), folder
		if edit != nil {
			edit(c)
		}
	})
	return s, core, folder
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
		time.Sleep(10 * time.Millisecond) // asks again; what is asked for has no event
	}
}

func mustDo(t testing.TB, core app.Core, cmd app.Command) app.Result {
	t.Helper()
	result, err := core.Do(t.Context(), cmd)
	if err != nil {
		t.Fatalf("%+v: %v", cmd, err)
	}
	return result
}

// pairedCookie is what a device of that role gets.
func pairedCookie(t testing.TB, s *Server, role app.Role) (cookie, tokenID string) {
	t.Helper()
	made, err := s.Pair(role, "Tablet")
	if err != nil {
		t.Fatal(err)
	}
	resp, text := call(t, s, "POST", "/pair", `{"code":"`+made.Code+`"}`, elsewhere...)
	if resp.StatusCode != http.StatusCreated || len(resp.Cookies()) != 1 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	for _, p := range s.Pairings() {
		if p.ID == made.ID {
			tokenID = p.TokenID
		}
	}
	return resp.Cookies()[0].Name + "=" + resp.Cookies()[0].Value, tokenID
}

func TestPairing(t *testing.T) {
	s, core, _ := realServerWith(t, nil)
	resp, text := call(t, s, "POST", "/api/pairing", `{"role":"controller","name":"Desk"}`)
	var made app.Pairing
	if err := json.Unmarshal([]byte(text), &made); err != nil || resp.StatusCode != 201 || len(made.Code) != 6 || !strings.Contains(made.Link, "/pair#") || made.TriesLeft != 5 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if resp, text := call(t, s, "GET", "/api/pairing/"+made.ID+"/qr.svg", ""); resp.StatusCode != 200 || !strings.HasPrefix(text, "<svg") {
		t.Errorf("its picture: %d", resp.StatusCode)
	}
	if resp, text := call(t, s, "GET", "/api/access", "", elsewhere...); resp.StatusCode != 200 || !strings.Contains(text, `"role":null`) {
		t.Errorf("before: %d %s", resp.StatusCode, text)
	}
	spaced := made.Code[:3] + " " + made.Code[3:]
	resp, text = call(t, s, "POST", "/pair", `{"code":"`+spaced+`","name":"ignored"}`, elsewhere...)
	if resp.StatusCode != 201 || !strings.Contains(text, `"name":"Desk"`) || !strings.Contains(text, `"page":"/r/`) || strings.Contains(text, "eyJ") {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	c := resp.Cookies()[0]
	if c.Name != auth.Cookie || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure || c.Path != "/" {
		t.Errorf("%+v", c)
	}
	cookie := append([]string{"Cookie", c.Name + "=" + c.Value}, elsewhere...)
	if resp, text := call(t, s, "GET", "/api/access", "", cookie...); !strings.Contains(text, `"role":"controller"`) || !strings.Contains(text, `"paired":true`) {
		t.Errorf("after: %d %s", resp.StatusCode, text)
	}
	for name, body := range map[string]string{"the digits again": `{"code":"` + made.Code + `"}`, "the secret again": `{"secret":"` + strings.Split(made.Link, "#")[1] + `"}`, "nothing": `{}`} {
		if resp, _ := call(t, s, "POST", "/pair", body, "X-Forwarded-For", "192.0.2."+name); resp.StatusCode != 401 || len(resp.Cookies()) != 0 {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	list := core.Snapshot().Tokens
	if len(list) != 1 || list[0].Name != "Desk" || list[0].Role != app.Controller {
		t.Fatalf("%+v", list)
	}
	if resp, text := call(t, s, "PUT", "/api/tokens/"+list[0].ID, `{"name":"Left desk"}`); resp.StatusCode != 200 || !strings.Contains(text, `"name":"Left desk"`) {
		t.Errorf("renamed: %d %s", resp.StatusCode, text)
	}
	if resp, _ := call(t, s, "PUT", "/api/tokens/"+list[0].ID, `{}`); resp.StatusCode != 400 {
		t.Errorf("renamed to nothing at all: %d", resp.StatusCode)
	}
	if _, text := call(t, s, "GET", "/api/tokens", ""); !strings.Contains(text, `"lastSeenAt":"2`) || !strings.Contains(text, `"name":"Left desk"`) {
		t.Errorf("listed: %s", text)
	}
	if resp, _ := call(t, s, "DELETE", "/pair", "", cookie...); resp.StatusCode != 200 || resp.Cookies()[0].MaxAge >= 0 || len(core.Snapshot().Tokens) != 0 {
		t.Errorf("forgotten: %d, %v", resp.StatusCode, resp.Cookies())
	}
	if _, text := call(t, s, "GET", "/api/access", "", cookie...); !strings.Contains(text, `"withdrawn":true`) {
		t.Errorf("afterwards: %s", text)
	}
}

func TestPairingRefuses(t *testing.T) {
	s, core, _ := realServerWith(t, nil)
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{AllowedOrigins: &[]string{"http://panel.example"}}})
	made, err := s.Pair(app.Admin, "")
	if err != nil {
		t.Fatal(err)
	}
	cookie, _ := pairedCookie(t, s, app.Controller)
	body := `{"code":"` + made.Code + `"}`
	for name, test := range map[string]struct {
		method, path, body string
		header             []string
		status             int
	}{
		"a listed foreign page":         {"POST", "/pair", body, []string{"Origin", "http://panel.example"}, 403},
		"another page":                  {"POST", "/pair", body, []string{"Origin", "http://evil.example"}, 403},
		"a page without an origin":      {"POST", "/pair", body, []string{"Origin", "null"}, 403},
		"a form":                        {"POST", "/pair", body, []string{"Content-Type", "text/plain"}, 415},
		"another site's request":        {"POST", "/pair", body, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"a stranger asks for a code":    {"POST", "/api/pairing", `{"role":"admin"}`, elsewhere, 401},
		"a controller asks for a code":  {"POST", "/api/pairing", `{"role":"viewer"}`, append([]string{"Cookie", cookie}, elsewhere...), 403},
		"a controller lists codes":      {"GET", "/api/pairing", "", append([]string{"Cookie", cookie}, elsewhere...), 403},
		"a controller cancels a code":   {"DELETE", "/api/pairing/" + made.ID, "", append([]string{"Cookie", cookie}, elsewhere...), 403},
		"a controller sees the picture": {"GET", "/api/pairing/" + made.ID + "/qr.svg", "", append([]string{"Cookie", cookie}, elsewhere...), 403},
		"no such role":                  {"POST", "/api/pairing", `{"role":"king"}`, nil, 400},
		"no such code to cancel":        {"DELETE", "/api/pairing/none", "", nil, 404},
	} {
		if resp, text := call(t, s, test.method, test.path, test.body, test.header...); resp.StatusCode != test.status || len(resp.Cookies()) != 0 {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
	}
	wrong := "000000"
	if made.Code == wrong {
		wrong = "000001"
	}
	for i := range app.PairingTries {
		if resp, _ := call(t, s, "POST", "/pair", `{"code":"`+wrong+`"}`); resp.StatusCode != 401 {
			t.Errorf("wrong try %d: %d", i, resp.StatusCode)
		}
	}
	if resp, _ := call(t, s, "POST", "/pair", body); resp.StatusCode != 429 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("after five wrong tries: %d", resp.StatusCode)
	}
	for _, p := range s.Pairings() {
		if p.ID == made.ID && p.State != app.PairingVoid {
			t.Errorf("%+v", p)
		}
	}
}

// A page that may not be opened leads to where access is got.
func TestRefusedPagesLeadToPairing(t *testing.T) {
	s, core, _ := realServerWith(t, nil)
	code := core.Snapshot().Rooms[0].Room.ShortCode
	for _, path := range []string{"/", "/r/" + code + "/controller", "/overlay/obs", "/sources"} {
		resp, text := call(t, s, "GET", path, "", elsewhere...)
		if resp.StatusCode != 401 || !strings.Contains(text, "/assets/pair.js") || resp.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %d %.80s", path, resp.StatusCode, text)
		}
	}
	cookie, _ := pairedCookie(t, s, app.Viewer)
	resp, text := call(t, s, "GET", "/r/"+code+"/controller", "", append([]string{"Cookie", cookie}, elsewhere...)...)
	if resp.StatusCode != 403 || !strings.Contains(text, `href="/pair`) {
		t.Errorf("a viewer: %d %s", resp.StatusCode, text)
	}
	for _, path := range []string{"/pair", "/assets/pair.js", "/assets/style/pair.css", "/assets/style/base.css", "/assets/i18n/pair.en.json", "/assets/fonts/inter-latin.woff2", "/trust", "/assets/trust.js"} {
		if resp, _ := call(t, s, "GET", path, "", elsewhere...); resp.StatusCode != 200 {
			t.Errorf("%s: %d", path, resp.StatusCode)
		}
	}
	for _, path := range []string{"/assets/index.js", "/assets/i18n/pages.en.json", "/assets/i18n/../index.js", "/assets/i18n/pair.x/../pages.en.json"} {
		if resp, _ := call(t, s, "GET", path, "", elsewhere...); resp.StatusCode == 200 {
			t.Errorf("%s is open", path)
		}
	}
}

func TestPagesAreDirected(t *testing.T) {
	s, core, _ := realServerWith(t, nil)
	code := core.Snapshot().Rooms[0].Room.ShortCode
	bus, room := dial(t, s, "/"), dial(t, s, "/ws/"+code+"?output=viewer&name=Stage")
	program := dial(t, s, "/")
	hello := `"url":"` + s.Addresses()[0] + `/r/x/viewer"}`
	bus.send(`{"action":"hello",` + hello)
	room.send(`{"type":"hello",` + hello)
	program.send(`{"action":"ping"}`)
	eventually(t, "the pages told of themselves", func() bool {
		clients, pages := core.Snapshot().Clients, 0
		for _, c := range clients {
			if c.Page != "" {
				pages++
			}
		}
		return pages == 2 && len(clients) == 3
	})
	for _, c := range core.Snapshot().Clients {
		at := "/api/clients/" + c.ID + "/direct"
		if c.Page == "" {
			if resp, _ := call(t, s, "POST", at, `{"do":"reload"}`); resp.StatusCode != 409 {
				t.Errorf("a program: %d", resp.StatusCode)
			}
			continue
		}
		for _, body := range []string{`{"do":"redirect"}`, `{"do":"redirect","path":"//evil.example/r/"}`, `{"do":"redirect","path":"https://evil.example/"}`, `{"do":"redirect","path":"/\\evil.example"}`, `{"do":"redirect","path":"/api/settings"}`, `{"do":"dance"}`} {
			if resp, _ := call(t, s, "POST", at, body); resp.StatusCode != 400 {
				t.Errorf("%s: %d", body, resp.StatusCode)
			}
		}
		if resp, text := call(t, s, "POST", at, `{"do":"redirect","path":"/r/`+code+`/agenda"}`); resp.StatusCode != 200 {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
		if resp, text := call(t, s, "POST", at, `{"do":"identify"}`); resp.StatusCode != 200 {
			t.Errorf("%d %s", resp.StatusCode, text)
		}
	}
	if resp, _ := call(t, s, "POST", "/api/clients/none/direct", `{"do":"reload"}`); resp.StatusCode != 404 {
		t.Errorf("nobody: %d", resp.StatusCode)
	}
	expect := func(c *client, holds ...string) {
		t.Helper()
		for {
			kind, text, err := c.ReadMessage()
			if err != nil || kind != websocket.TextMessage {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "direct") {
				for _, part := range holds {
					if !strings.Contains(string(text), part) {
						t.Errorf("%s has no %s", text, part)
					}
				}
				return
			}
		}
	}
	expect(bus, `"event":"clients:direct"`, `"do":"redirect"`, `/agenda`)
	expect(room, `"type":"direct"`, `"do":"redirect"`)
	expect(room, `"do":"identify"`, `"name":"Stage"`)
}
