package wsserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

var tokenAttacks = []attack{
	{what: "guesses, nonsense and an empty token, in the header, as a subprotocol and as a cookie", answer: "401", try: tokensRefused(func(t *testing.T, w *attacked) []string {
		return []string{"x", "null", "undefined", "{}", "a.b.c", strings.Repeat("A", 300), strings.Repeat(".", 100), "eyJhbGciOiJFZERTQSJ9..", "0", "Bearer"}
	})},
	{what: "`alg: none`, in all spellings", answer: "401", try: tokensRefused(func(t *testing.T, w *attacked) (forged []string) {
		for _, alg := range []string{"none", "None", "NONE", "nOnE", ""} {
			forged = append(forged, forge(w.tokens[app.Admin], map[string]any{"alg": alg, "typ": "JWT"}, nil, nil))
		}
		return forged
	})},
	{what: "HS256 with our public key as the secret", answer: "401", try: tokensRefused(func(t *testing.T, w *attacked) (forged []string) {
		var set struct{ Keys []struct{ X, Kid string } }
		if err := json.Unmarshal(w.signer.JWKS(), &set); err != nil {
			t.Fatal(err)
		}
		raw, _ := base64.RawURLEncoding.DecodeString(set.Keys[0].X)
		for _, secret := range [][]byte{[]byte(set.Keys[0].X), raw, w.signer.JWKS(), {}} {
			forged = append(forged, forge(w.tokens[app.Admin], map[string]any{"alg": "HS256", "kid": set.Keys[0].Kid}, nil, func(text string) []byte {
				mac := hmac.New(sha256.New, secret)
				mac.Write([]byte(text))
				return mac.Sum(nil)
			}))
		}
		return forged
	})},
	{what: "a key of the attacker's, named in the token (`jwk`, `jku`, `x5u`, `kid` with a path)", answer: "401", try: tokensRefused(func(t *testing.T, w *attacked) (forged []string) {
		other := openSigner(t)
		text, _, err := other.Issue("eve", app.Admin, "", time.Now(), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		forged = append(forged, text)
		for name, value := range map[string]any{
			"jwk": json.RawMessage(`{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`), "jku": "http://127.0.0.1:1/jwks", "x5u": "http://127.0.0.1:1/x", "kid": "../../../../dev/null",
		} {
			forged = append(forged, forge(text, map[string]any{"alg": "EdDSA", name: value}, nil, func(string) []byte { return make([]byte, 64) }))
		}
		return forged
	})},
	{what: "a good token with another role, subject or end in it", answer: "401", try: tokensRefused(func(t *testing.T, w *attacked) []string {
		return []string{
			forge(w.tokens[app.Viewer], nil, map[string]any{"role": "admin"}, nil),
			forge(w.tokens[app.Viewer], nil, map[string]any{"sub": "device-admin"}, nil),
			forge(w.tokens[app.Viewer], nil, map[string]any{"exp": 9_999_999_999}, nil),
			w.tokens[app.Admin] + "x", w.tokens[app.Admin][:len(w.tokens[app.Admin])-2], " " + w.tokens[app.Admin][1:],
		}
	})},
	{what: "a token that has ended, begins later, was never granted, or was revoked", answer: "401", try: func(t *testing.T, w *attacked) {
		now := time.Now()
		grant := func(from time.Time, life time.Duration, remember bool) string {
			text, remembered, err := w.signer.Issue("old", app.Admin, "", from, life)
			if err != nil {
				t.Fatal(err)
			}
			if remember {
				if _, err := w.core.Do(t.Context(), app.GrantToken{Token: remembered}); err != nil {
					t.Fatal(err)
				}
			}
			return text
		}
		ended, later := grant(now.Add(-2*time.Hour), time.Hour, false), grant(now.Add(time.Hour), time.Hour, false)
		never := grant(now, time.Hour, false)
		revoked, id := issued(t, w.Server, "old", app.Admin, time.Hour)
		if resp, text := call(t, w.Server, "DELETE", "/api/tokens/"+id, ""); resp.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", resp.StatusCode, text)
		}
		tokensRefused(func(*testing.T, *attacked) []string { return []string{ended, later, never, revoked} })(t, w)
	}},
	{what: "a good token in the query", answer: "401: it is not read", try: refused(401, eachOf("@127.10.0.7 GET /api/health?{}={admin}", "token", "access_token", "auth", "authorization", "bearer", "cuewire_token", "jwt")...)},
	{what: "a good token in a scheme or header that is not ours", answer: "401", try: refused(401, eachOf("@127.10.0.7 GET /api/health\n{} {admin}", "Authorization: Basic", "Authorization: Token", "X-Auth-Token:", "X-Api-Key:", "Sec-WebSocket-Protocol: bearer,")...)},
	{what: "the secret of programs on this computer, from another", answer: "401", try: refused(401, "@127.10.0.7 GET /api/health\nAuthorization: Bearer hunter2", "GET /api/health\nVia: 1.1 x\nAuthorization: Bearer hunter2", "@127.10.0.7 WS /\nSec-WebSocket-Protocol: authorization.bearer.hunter2")},
	{what: "two tokens, the second of a higher role", answer: "the first alone counts: 403", try: refused(403, "@127.10.0.7 GET /api/settings\nAuthorization: Bearer {viewer}\nAuthorization: Bearer {admin}", "@127.10.0.7 GET /api/settings\nAuthorization: Bearer {viewer}\nCookie: cuewire_token={admin}",
		"@127.10.0.7 GET /api/settings\nSec-WebSocket-Protocol: authorization.bearer.{viewer}, authorization.bearer.{admin}")},
	{what: "guessing a code of six digits", answer: "401; five wrong tries void every code that waits, and an address that was wrong five times waits two minutes: 429", by: "wsserver/auth TestFiveWrongTriesVoidEveryCode"},
	{what: "guessing codes from many addresses of one IPv6 network", answer: "429: a /64 is one address", by: "wsserver/auth TestAnAddressThatGuessesHasToWait"},
	{what: "a code or its link used again, by many at once, after two minutes, or once it was cancelled", answer: "401; one alone gets in", by: "wsserver/auth TestPairingIsClaimedOnceByMany"},
	{what: "pairing from a foreign page, from an overlay, or by a form", answer: "403, 415", by: "wsserver TestPairingRefuses"},
	{what: "asking for a code, or reading those that wait, without being admin", answer: "401, 403", try: refusedWith([]int{401, 403}, append(
		eachOf("@127.10.0.7 {}\nContent-Type: application/json\n\n"+`{"role":"admin"}`, "POST /api/pairing", "GET /api/pairing", "DELETE /api/pairing/x", "GET /api/pairing/x/qr.svg"),
		eachOf("@127.10.0.7 {}\nContent-Type: application/json\nAuthorization: Bearer {controller}\n\n"+`{"role":"admin"}`, "POST /api/pairing", "GET /api/pairing", "DELETE /api/pairing/x", "GET /api/pairing/x/qr.svg")...,
	)...)},
	{what: "guessing on and on", answer: "429 after 100 in 15 min, an IPv6 /64 counting as one", by: "wsserver TestQuotaOfGuesses"},
	{what: "an open socket whose token is revoked", answer: "closed at once with the dialect's code (1008, 4009)", by: "wsserver TestRevokingClosesSockets"},
	{what: "the owner's browser with an old cookie", answer: "it counts for nothing and locks nobody out", by: "wsserver TestRefusedTokens"},
}

// tokensRefused tries tokens from another computer in all three ways, on REST and sockets.
func tokensRefused(tokens func(*testing.T, *attacked) []string) func(*testing.T, *attacked) {
	return func(t *testing.T, w *attacked) {
		for _, token := range tokens(t, w) {
			refused(401,
				"@127.10.0.7 GET /api/settings\nAuthorization: Bearer "+token,
				"@127.10.0.7 GET /v1/timers\nAuthorization: Bearer "+token,
				"@127.10.0.7 GET /api/settings\nCookie: cuewire_token="+token,
				"GET /api/settings\nAuthorization: Bearer "+token, // this computer is no exception
				"@127.10.0.7 WS /\nAuthorization: Bearer "+token,
				"@127.10.0.7 WS /ws/{room}\nCookie: cuewire_token="+token,
			)(t, w)
			if strings.ContainsAny(token, " ") || token == "" {
				continue
			}
			refused(401, "@127.10.0.7 WS /\nSec-WebSocket-Protocol: authorization.bearer."+token)(t, w)
			c, status := w.socket(t, "127.10.0.7", timersPath, token)
			if status != http.StatusSwitchingProtocols {
				t.Errorf("the Timer API: %d", status)
				continue
			}
			c.heard("UNAUTHORIZED")
			c.closed(1008, "")
		}
	}
}

func openSigner(t *testing.T) *auth.Signer {
	t.Helper()
	signer, err := auth.OpenSigner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return signer
}

// forge changes a token: its header where one is given, its claims, and its signature
// where sign makes one; what is nil stays.
func forge(token string, header, claims map[string]any, sign func(text string) []byte) string {
	parts := strings.Split(token, ".")
	if header != nil {
		parts[0] = base64.RawURLEncoding.EncodeToString(must(json.Marshal(header)))
		parts[2] = ""
	}
	if claims != nil {
		var said map[string]any
		raw := must(base64.RawURLEncoding.DecodeString(parts[1]))
		if err := json.Unmarshal(raw, &said); err != nil {
			panic(err)
		}
		for name, value := range claims {
			said[name] = value
		}
		parts[1] = base64.RawURLEncoding.EncodeToString(must(json.Marshal(said)))
	}
	if sign != nil {
		parts[2] = base64.RawURLEncoding.EncodeToString(sign(parts[0] + "." + parts[1]))
	}
	return strings.Join(parts, ".")
}

var roleAttacks = []attack{
	{what: "every documented REST route with every role that is too low for it", answer: "403, nothing changes", try: everyRoute},
	{what: "every documented REST route without a token, from another computer", answer: "401, nothing changes", try: everyRouteOfStrangers},
	{what: "PalcoTimer: `?output=` of a role above the token's", answer: "403", try: func(t *testing.T, w *attacked) {
		for _, role := range everyRole {
			for _, asked := range everyRole {
				if asked != app.Admin && !role.Covers(asked) { // there is no output admin: 400
					refused(403, "@127.10.0.7 WS /ws/{room}?output="+string(asked)+"\nSec-WebSocket-Protocol: authorization.bearer."+w.tokens[role])(t, w)
				}
			}
		}
	}},
	{what: "PalcoTimer: every action, timer and question of a role that may not", answer: "`FORBIDDEN`, the connection stays", try: palcoEscalation},
	{what: "Source Saver: a viewer subscribes to everything and asks for the state", answer: "no notes, questions, webhooks or clients", by: "wsserver/sourcesaver TestWhatViewersDoNotSee"},
	{what: "Source Saver: messages that are commands of other dialects", answer: "an error frame", try: func(t *testing.T, w *attacked) {
		c, _ := w.socket(t, "127.10.0.7", "/", w.tokens[app.Viewer])
		for _, text := range []string{`{"action":"control","type":"control"}`, `{"action":"execute","command":"play"}`, `{"type":"control","action":"play"}`, `{"action":"publish","event":"rooms:delete","data":{}}`, `{"event":"rooms:delete"}`} {
			c.push(wsText(text), 0)
			c.heard(`"error"`)
		}
	}},
	{what: "Timer API: another person's timers, over the socket and REST", answer: "`TIMER_NOT_FOUND`, 404; nobody hears of them", try: timerEscalation},
	{what: "Timer API: a subject of its own choosing in query or payload", answer: "the token's counts", try: func(t *testing.T, w *attacked) {
		c, _ := w.socket(t, "127.10.0.7", timersPath+"?user_id=device-admin&sub=device-admin", w.tokens[app.Viewer])
		c.push(wsText(`{"type":"timer.sync","payload":{"user_id":"device-admin","owner":"device-admin"}}`), 0)
		if text := c.heard("timers"); !strings.Contains(text, `"timers":[]`) {
			t.Errorf("%s", text)
		}
	}},
	{what: "channels: private and presence channels without a signature, or with another app's, socket's or channel's", answer: "`subscription_error` 401; closed after too many", try: channelForgery},
	{what: "channels: events of the core's channels and events without `client-`", answer: "4301, nobody gets them", try: channelEvents},
	{what: "channels: publishing by REST unsigned, signed with another secret, for another path, or with another body", answer: "401", by: "wsserver TestSignaturesOfOthers"},
	{what: "channels: a publication sent again after ten minutes, to the core's channels, or too large", answer: "401, 403, 413", by: "wsserver TestRefusedPublications"},
	{what: "a name that leads to overlays, with an admin's token or as this computer", answer: "a viewer at most: 403", try: refused(403, append(
		eachOf("{}\nHost: overlays.localhost:{port}\nAuthorization: Bearer {admin}", "GET /api/settings", "GET /api/tokens", "DELETE /api/v1/rooms/{room}"),
		"GET /api/config\nHost: overlays.localhost:{port}\nAuthorization: Bearer hunter2",
	)...)},
}

// everyRoute walks REST as it is documented, as each role that is too low.
func everyRoute(t *testing.T, w *attacked) {
	tried := w.walk(t, func(method, path string, needed app.Role) {
		for _, role := range everyRole {
			if role.Covers(needed) {
				continue
			}
			resp, text := w.ask(t, "@127.10.0.7 "+method+" "+path+"\nContent-Type: application/json\nAuthorization: Bearer {"+string(role)+"}\n\n{}")
			if resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s as %s: %d %.200s, want 403", method, path, role, resp.StatusCode, text)
			}
		}
	})
	if tried < 100 {
		t.Errorf("only %d operations", tried)
	}
}

func everyRouteOfStrangers(t *testing.T, w *attacked) {
	w.walk(t, func(method, path string, _ app.Role) {
		resp, text := w.ask(t, "@127.10.0.7 "+method+" "+path+"\nContent-Type: application/json\n\n{}")
		ours := strings.HasSuffix(path, "/custom.js") && resp.StatusCode == http.StatusForbidden // runs in overlays alone, whoever asks
		if resp.StatusCode != http.StatusUnauthorized && !ours {
			t.Errorf("%s %s: %d %.200s, want 401", method, path, resp.StatusCode, text)
		}
	})
}

// walk goes through every operation that has a role and tells how many there are.
func (w *attacked) walk(t *testing.T, visit func(method, path string, needed app.Role)) (n int) {
	t.Helper()
	for path, item := range documents().open["paths"].(map[string]any) {
		for method, operation := range item.(map[string]any) {
			name, _ := operation.(map[string]any)["x-role"].(string)
			needed, ok := app.ParseRole(name)
			if !ok || path == "/api/v1/rooms/{room}" && method == "get" { // its short code opens a room to viewers
				continue
			}
			n++
			visit(strings.ToUpper(method), w.fill(path), needed)
		}
	}
	return n
}

func palcoEscalation(t *testing.T, w *attacked) {
	timer := w.core.Snapshot().Rooms[0].Timers[0].ID
	actions := []app.Action{
		app.Play, app.Pause, app.Stop, app.Reset, app.Next, app.Previous, app.GoTo, app.AddTime, app.SetTime, app.Blackout, app.StopBlackout, app.Flash, app.StopFlash,
		app.Focus, app.StopFocus, app.OnAir, app.StopOnAir, app.ShowMessage, app.HideMessage, app.Roll, app.StopRoll,
	}
	for _, role := range []app.Role{app.Viewer, app.Agenda, app.Moderator} {
		c, status := w.socket(t, "127.10.0.7", "/ws/{room}?ticks=0&output="+string(role), w.tokens[role])
		if status != http.StatusSwitchingProtocols {
			t.Fatalf("%s: %d", role, status)
		}
		for _, action := range actions {
			if role.MayControl(action) {
				continue
			}
			c.push(wsText(fmt.Sprintf(`{"type":"control","action":%q,"timer_id":%q,"value":1000,"role":"admin","output":"controller"}`, action, timer)), 0)
			c.heard("FORBIDDEN")
		}
		c.push(wsText(`{"type":"aux","action":"play","id":"x"}`), 0)
		c.heard("FORBIDDEN")
		if role != app.Moderator {
			c.push(wsText(`{"type":"question","id":"x","state":"shown"}`), 0)
			c.heard("FORBIDDEN")
		}
		c.push(wsText(`{"type":"hello","role":"admin","output":"controller"}`), 0)
		c.push(wsText(`{"type":"control","action":"play"}`), 0)
		c.heard("FORBIDDEN")
		c.push(wsText(`{"type":"request_state"}`), 0)
		if state := c.heard(`"room"`); strings.Contains(state, "smile") {
			t.Errorf("%s reads the speaker's notes: %s", role, state)
		}
	}
}

func timerEscalation(t *testing.T, w *attacked) {
	c, _ := w.socket(t, "127.10.0.7", timersPath, w.tokens[app.Controller])
	for _, action := range []string{"pause", "resume", "stop"} {
		c.push(wsText(fmt.Sprintf(`{"type":"timer.%s","payload":{"timerId":%q,"owner":"device-admin"}}`, action, w.quick)), 0)
		c.heard("TIMER_NOT_FOUND")
	}
	refused(404, eachOf("@127.10.0.7 {}\nContent-Type: application/json\nAuthorization: Bearer {controller}\n\n"+`{"title":"x"}`, "GET /v1/timers/"+w.quick, "PATCH /v1/timers/"+w.quick, "DELETE /v1/timers/"+w.quick)...)(t, w)
	if _, text := w.ask(t, "@127.10.0.7 GET /v1/timers\nAuthorization: Bearer {controller}"); strings.Contains(text, "secret") {
		t.Errorf("another person's timer is listed: %s", text)
	}
}

func channelForgery(t *testing.T, w *attacked) {
	other := newApp(t, w.core, "another")
	defer func() {
		if _, err := w.core.Do(t.Context(), app.DeleteApp{ID: other.ID}); err != nil {
			t.Error(err)
		}
	}()
	c, _ := w.socket(t, "127.10.0.7", "/app/{key}", "")
	var told struct {
		Data string
	}
	if err := json.Unmarshal([]byte(c.heard("connection_established")), &told); err != nil {
		t.Fatal(err)
	}
	var data struct {
		Socket string `json:"socket_id"`
	}
	if err := json.Unmarshal([]byte(told.Data), &data); err != nil {
		t.Fatal(err)
	}
	const member = `{"user_id":"eve"}`
	for i, forged := range []struct{ channel, auth, data string }{
		{"private-x", "", ""},
		{"private-x", w.app.Key + ":" + strings.Repeat("0", 64), ""},
		{"private-x", other.ChannelAuth(data.Socket, "private-x", ""), ""},
		{"private-x", w.app.ChannelAuth("1.1", "private-x", ""), ""},
		{"private-x", w.app.ChannelAuth(data.Socket, "private-y", ""), ""},
		{"presence-x", w.app.ChannelAuth(data.Socket, "presence-x", `{"user_id":"ana"}`), member},
		{"presence-x", w.app.ChannelAuth(data.Socket, "presence-x", ""), member},
	} {
		c.push(wsText(fmt.Sprintf(`{"event":"pusher:subscribe","data":{"channel":%q,"auth":%q,"channel_data":%q}}`, forged.channel, forged.auth, forged.data)), 0)
		if text := c.heard("subscription_error"); !strings.Contains(text, "401") {
			t.Errorf("%d: %s", i, text)
		}
	}
	if w.core.Snapshot().Channels.Channel(w.app.ID, "private-x") != nil || w.core.Snapshot().Channels.Channel(w.app.ID, "presence-x") != nil {
		t.Error("somebody is on the channel")
	}
	for range 100 {
		c.push(wsText(`{"event":"pusher:subscribe","data":{"channel":"private-x","auth":"x"}}`), 0)
	}
	c.heard("4009")
}

func channelEvents(t *testing.T, w *attacked) {
	listener, _ := w.socket(t, "127.10.0.8", "/app/{key}", "")
	listener.heard("connection_established")
	for _, channel := range []string{"obs", "open"} {
		listener.push(wsText(`{"event":"pusher:subscribe","data":{"channel":"`+channel+`"}}`), 0)
		listener.heard("subscription_succeeded")
	}
	c, _ := w.socket(t, "127.10.0.7", "/app/{key}", "")
	c.heard("connection_established")
	c.push(wsText(`{"event":"pusher:subscribe","data":{"channel":"open"}}`), 0)
	c.heard("subscription_succeeded")
	for _, text := range []string{
		`{"event":"obs:sceneChanged","channel":"obs","data":"forged"}`, `{"event":"client-x","channel":"obs","data":"forged"}`, `{"event":"client-x","channel":"open","data":"forged"}`,
		`{"event":"client-x","channel":"private-x","data":"forged"}`, `{"event":"pusher_internal:member_added","channel":"open","data":"forged"}`, `{"event":"rooms:delete","channel":"open","data":"forged"}`,
	} {
		c.push(wsText(text), 0)
		c.heard("error")
	}
	listener.push(wsText(`{"event":"pusher:ping"}`), 0)
	if text := listener.heard(""); !strings.Contains(text, "pong") {
		t.Errorf("somebody got %s", text)
	}
}
