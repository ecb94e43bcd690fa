package wsserver

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// withTokens lets a server issue and take tokens.
func withTokens(t testing.TB) func(*Config) {
	t.Helper()
	signer, err := auth.OpenSigner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return func(c *Config) { c.Signer = signer }
}

// tokenFor makes a token as the owner of this computer would.
func tokenFor(t testing.TB, s *Server, subject string, role app.Role, life time.Duration) string {
	t.Helper()
	token, _ := issued(t, s, subject, role, life)
	return token
}

func issued(t testing.TB, s *Server, subject string, role app.Role, life time.Duration) (token, id string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"sub": subject, "role": role, "ttl": int(life / time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	resp, text := call(t, s, "POST", "/api/tokens", string(body))
	var made struct{ Token, ID string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || resp.StatusCode != http.StatusCreated || made.Token == "" {
		t.Fatalf("%d %s %v", resp.StatusCode, text, err)
	}
	return made.Token, made.ID
}

// bearer is a token as the subprotocol that a browser sends.
func bearer(token string) http.Header {
	return http.Header{"Sec-Websocket-Protocol": {"authorization.bearer." + token}}
}

// elsewhere is the header of a tunnel's visitor, who is not this computer.
var elsewhere = []string{"X-Forwarded-For", "192.168.1.9"}

// A token's role is what its bearer may do, from anywhere and on this computer too,
// and comes in each of the three ways.
func TestRolesOfTokens(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	code := s.core.Snapshot().Rooms[0].Room.ShortCode
	for role, want := range map[app.Role]map[string]int{
		app.Viewer:     {"/api/health": 200, "/api/v1/rooms/" + code + "/timers": 403, "/api/tokens": 403, "/api/v1/quick-timers": 403, "/r/" + code + "/operator": 403},
		app.Moderator:  {"/api/v1/rooms/" + code + "/messages": 200, "/api/v1/rooms/" + code + "/timers": 403},
		app.Operator:   {"/api/v1/rooms/" + code + "/timers": 200, "/api/v1/quick-timers": 403, "/api/settings": 403, "/r/" + code + "/operator": 200},
		app.Controller: {"/api/v1/quick-timers": 200, "/api/settings": 403},
		app.Admin:      {"/api/settings": 200, "/api/tokens": 200},
	} {
		token := tokenFor(t, s, "ana", role, time.Hour)
		for path, status := range want {
			for way, header := range map[string][]string{
				"bearer": {"Authorization", "Bearer " + token}, "cookie": {"Cookie", "cuewire_token=" + token},
				"subprotocol": {"Sec-WebSocket-Protocol", "authorization.bearer." + token},
			} {
				for _, from := range [][]string{nil, elsewhere} {
					if resp, text := call(t, s, "GET", path, "", append(header, from...)...); resp.StatusCode != status {
						t.Errorf("%s as %s by %s %v: %d %s, want %d", path, role, way, from, resp.StatusCode, text, status)
					}
				}
			}
		}
		if resp, _ := call(t, s, "GET", "/api/health?token="+token, "", elsewhere...); resp.StatusCode != 401 {
			t.Errorf("a token in the query was read: %d", resp.StatusCode)
		}
	}
}

func TestRefusedTokens(t *testing.T) {
	s := start(t, realCore(t), withTokens(t))
	good, id := issued(t, s, "ana", app.Admin, time.Hour)
	other := start(t, realCore(t), withTokens(t))
	foreign := tokenFor(t, other, "ana", app.Admin, time.Hour)
	for name, token := range map[string]string{
		"another Cuewire's": foreign, "nonsense": "abc", "cut short": good[:len(good)-4], "with another payload": good[:20] + "A" + good[21:],
		"without a signature": "eyJhbGciOiJub25lIn0.eyJpc3MiOiJjdWV3aXJlIiwic3ViIjoiYW5hIn0.",
	} {
		if resp, text := call(t, s, "GET", "/api/health", "", "Authorization", "Bearer "+token); resp.StatusCode != 401 || resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
	}
	if resp, text := call(t, s, "GET", "/api/health", "", "Cookie", "cuewire_token="+foreign); resp.StatusCode != 200 {
		t.Errorf("an old cookie locks this computer out: %d %s", resp.StatusCode, text)
	}
	if resp, text := call(t, s, "DELETE", "/api/tokens/"+id[:12], ""); resp.StatusCode != 200 {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if resp, _ := call(t, s, "GET", "/api/health", "", "Authorization", "Bearer "+good); resp.StatusCode != 401 {
		t.Errorf("revoked: %d", resp.StatusCode)
	}
	if resp, _ := call(t, s, "DELETE", "/api/tokens/"+id, ""); resp.StatusCode != 404 {
		t.Errorf("revoked twice: %d", resp.StatusCode)
	}
	for name, body := range map[string]string{
		"no sub": `{"role":"viewer"}`, "no role": `{"sub":"ana"}`, "unknown role": `{"sub":"ana","role":"king"}`, "too short": `{"sub":"ana","role":"viewer","ttl":0}`,
		"too long": `{"sub":"ana","role":"viewer","ttl":1000000000}`, "a number": `{"sub":7,"role":"viewer"}`,
	} {
		if resp, text := call(t, s, "POST", "/api/tokens", body); resp.StatusCode != 400 {
			t.Errorf("%s: %d %s", name, resp.StatusCode, text)
		}
	}
	if _, text := call(t, s, "GET", "/api/tokens", ""); text != "{\"tokens\":[]}\n" {
		t.Errorf("%s", text)
	}
	if resp, text := call(t, s, "GET", "/.well-known/jwks.json", "", elsewhere...); resp.StatusCode != 200 || !json.Valid([]byte(text)) {
		t.Errorf("JWKS: %d %s", resp.StatusCode, text)
	}
}
