package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cuewire/app"
)

func TestSigner(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	s, err := OpenSigner(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, remembered, err := s.Issue("ana", app.Operator, "Tablet", now, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenSigner(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := again.Read(text, now)
	if err != nil || b.Subject != "ana" || b.Role != app.Operator || b.TokenID != remembered.ID {
		t.Errorf("%+v, %v", b, err)
	}
	if info, err := os.Stat(filepath.Join(dir, KeyFile)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if strings.Contains(text, remembered.ID) {
		t.Error("the hash is in the token")
	}
	for name, at := range map[string]time.Time{"ended": now.Add(time.Hour + leeway + time.Second), "of the future": now.Add(-leeway - 2*time.Second)} {
		if _, err := again.Read(text, at); err == nil {
			t.Errorf("a token %s is good", name)
		}
	}
	other, err := OpenSigner(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Read(text, now); err == nil {
		t.Error("another's key takes it")
	}
	snap := &app.Snapshot{Tokens: []*app.Token{&remembered}}
	tokens := Tokens{Signer: s}
	if b, err := tokens.Bearer(t.Context(), text, snap, now); err != nil || b.Subject != "ana" {
		t.Errorf("%+v, %v", b, err)
	}
	if _, err := tokens.Bearer(t.Context(), text, &app.Snapshot{}, now); app.CodeOf(err) != app.CodeUnauthorized {
		t.Errorf("revoked: %v", err)
	}
	// The public key must not do as a secret, nor no signature at all.
	for name, method := range map[string]jwt.SigningMethod{"none": jwt.SigningMethodNone, "HS256": jwt.SigningMethodHS256} {
		claims := jwt.MapClaims{"iss": Issuer, "aud": Audience, "sub": "ana", "jti": "x", "exp": now.Add(time.Hour).Unix()}
		key := any(jwt.UnsafeAllowNoneSignatureType)
		if name == "HS256" {
			key = s.JWKS()
		}
		forged, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(forged, now); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, KeyFile), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSigner(dir); app.CodeOf(err) != app.CodeUnavailable {
		t.Errorf("a damaged key: %v", err)
	}
}

// issuer is an outside one whose keys change and whose network fails.
type issuer struct {
	*httptest.Server
	keys  atomic.Pointer[map[string]any] // by kid
	gone  atomic.Bool
	asked atomic.Int64 // for keys
}

func startIssuer(t *testing.T) *issuer {
	i := &issuer{}
	i.keys.Store(&map[string]any{})
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.gone.Load() {
			http.Error(w, "gone", http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		var answer any = map[string]any{
			"issuer": i.URL, "jwks_uri": i.URL + "/keys", "authorization_endpoint": i.URL + "/a", "token_endpoint": i.URL + "/t",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
		if r.URL.Path == "/keys" {
			i.asked.Add(1)
			list := []any{}
			for _, key := range *i.keys.Load() {
				list = append(list, key)
			}
			answer = map[string]any{"keys": list}
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(i.Close)
	return i
}

func b64(n *big.Int, size int) string {
	return base64.RawURLEncoding.EncodeToString(n.FillBytes(make([]byte, size)))
}

// add makes a key for an algorithm and publishes it.
func (i *issuer) add(t *testing.T, kid, alg string) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var jwk map[string]any
	if curve, ok := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}[alg]; ok {
		ec, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		size := (curve.Params().BitSize + 7) / 8
		point, err := ec.PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		key, jwk = ec, map[string]any{
			"kty": "EC", "crv": curve.Params().Name, "x": base64.RawURLEncoding.EncodeToString(point[1 : 1+size]), "y": base64.RawURLEncoding.EncodeToString(point[1+size:]),
		}
	} else {
		rs, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		key, jwk = rs, map[string]any{"kty": "RSA", "n": b64(rs.N, 256), "e": "AQAB"}
	}
	jwk["kid"], jwk["use"], jwk["alg"] = kid, "sig", alg
	next := map[string]any{kid: jwk}
	for old, value := range *i.keys.Load() {
		next[old] = value
	}
	i.keys.Store(&next)
	return key
}

func (i *issuer) token(t *testing.T, kid, alg string, key any, edit func(jwt.MapClaims)) string {
	t.Helper()
	now := time.Now()
	claims := jwt.MapClaims{"iss": i.URL, "aud": "cuewire-timers", "sub": "ana", "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix()}
	if edit != nil {
		edit(claims)
	}
	token := jwt.NewWithClaims(jwt.GetSigningMethod(alg), claims)
	token.Header["kid"] = kid
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestOutsideIssuer(t *testing.T) {
	i := startIssuer(t)
	o := NewOutside(i.URL, "cuewire-timers", t.TempDir())
	keys := map[string]crypto.Signer{}
	for _, alg := range algorithms {
		keys[alg] = i.add(t, "key-"+alg, alg)
	}
	for _, alg := range algorithms {
		if b, err := o.Read(t.Context(), i.token(t, "key-"+alg, alg, keys[alg], nil), time.Now()); err != nil || b.Subject != "ana" || b.Role != app.Viewer || b.TokenID != "" {
			t.Errorf("%s: %+v, %v", alg, b, err)
		}
	}
	rs := keys["RS256"]
	b, err := o.Read(t.Context(), i.token(t, "key-RS256", "RS256", rs, func(c jwt.MapClaims) { c[RoleClaim] = "operator" }), time.Now())
	if err != nil || b.Role != app.Operator {
		t.Errorf("%+v, %v", b, err)
	}
	now := time.Now()
	for name, edit := range map[string]func(jwt.MapClaims){
		"expired":               func(c jwt.MapClaims) { c["exp"] = now.Add(-time.Hour).Unix() },
		"without an end":        func(c jwt.MapClaims) { delete(c, "exp") },
		"not yet":               func(c jwt.MapClaims) { c["nbf"] = now.Add(time.Hour).Unix() },
		"issued in the future":  func(c jwt.MapClaims) { c["iat"] = now.Add(time.Hour).Unix() },
		"of another issuer":     func(c jwt.MapClaims) { c["iss"] = "https://evil.example" },
		"for somebody else":     func(c jwt.MapClaims) { c["aud"] = "another" },
		"for nobody":            func(c jwt.MapClaims) { delete(c, "aud") },
		"of nobody":             func(c jwt.MapClaims) { delete(c, "sub") },
		"of an empty name":      func(c jwt.MapClaims) { c["sub"] = "" },
		"claiming to be ours":   func(c jwt.MapClaims) { c["iss"] = Issuer },
		"with a number for sub": func(c jwt.MapClaims) { c["sub"] = 7 },
	} {
		if b, err := o.Read(t.Context(), i.token(t, "key-RS256", "RS256", rs, edit), now); err == nil {
			t.Errorf("a token %s is good: %+v", name, b)
		}
	}
	if _, err := o.Read(t.Context(), i.token(t, "key-RS256", "HS256", []byte("secret"), nil), now); err == nil {
		t.Error("HS256 is taken")
	}
	if _, err := o.Read(t.Context(), i.token(t, "key-RS256", "PS256", rs, nil), now); err == nil {
		t.Error("PS256 is taken")
	}
	anybody := NewOutside(i.URL, "", t.TempDir())
	if _, err := anybody.Read(t.Context(), i.token(t, "key-RS256", "RS256", rs, func(c jwt.MapClaims) { c["aud"] = "another" }), now); err != nil {
		t.Errorf("without an audience: %v", err)
	}
}

// A venue may have no internet: what the issuer said last is enough, after a start
// too, and strange tokens don't have it asked again and again.
func TestOutsideIssuerIsAway(t *testing.T) {
	i, dir := startIssuer(t), t.TempDir()
	key := i.add(t, "one", "ES256")
	token := i.token(t, "one", "ES256", key, nil)
	if _, err := NewOutside(i.URL, "cuewire-timers", dir).Read(t.Context(), token, time.Now()); err != nil {
		t.Fatal(err)
	}
	i.gone.Store(true)
	after := NewOutside(i.URL, "cuewire-timers", dir)
	if b, err := after.Read(t.Context(), token, time.Now()); err != nil || b.Subject != "ana" {
		t.Errorf("after a start without a network: %+v, %v", b, err)
	}
	if _, err := NewOutside(i.URL, "cuewire-timers", t.TempDir()).Read(t.Context(), token, time.Now()); err == nil {
		t.Error("it is good without having asked ever")
	}
	later := time.Now().Add(2 * askAnew)
	long := i.token(t, "one", "ES256", key, func(c jwt.MapClaims) { c["exp"] = later.Add(time.Hour).Unix() })
	if _, err := after.Read(t.Context(), long, later); err != nil {
		t.Errorf("hours later: %v", err)
	}
	i.gone.Store(false)
	online := NewOutside(i.URL, "cuewire-timers", dir)
	before := i.asked.Load()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err := online.Read(t.Context(), i.token(t, "unknown", "ES256", stranger, nil), time.Now()); err == nil {
			t.Fatal("a stranger's token is good")
		}
	}
	if n := i.asked.Load() - before; n > 1 {
		t.Errorf("20 strange tokens had the keys asked for %d times", n)
	}
}

func TestCookie(t *testing.T) {
	c := NewCookie("token", time.Hour, false)
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.MaxAge != 3600 || c.Path != "/" || c.Valid() != nil {
		t.Errorf("%+v", c)
	}
}

// A token gives what it gives and no more, however it comes; on this computer too.
func TestJudgeKnowsBearers(t *testing.T) {
	rules := Rules{Site: shared, ViewingOpen: true}
	rules.Bearer = func(_ context.Context, token string) (Bearer, error) {
		role, ok := app.ParseRole(token)
		if !ok {
			return Bearer{}, errors.New("unknown")
		}
		return Bearer{Subject: "ana", Role: role, TokenID: "id"}, nil
	}
	for _, peer := range []string{"127.0.0.1:5", "192.168.1.9:5"} {
		for _, header := range [][]string{
			{"Authorization", "Bearer operator"},
			{"Sec-WebSocket-Protocol", "chat, authorization.bearer.operator"},
			{"Cookie", "x=y; cuewire_token=operator"},
			{"Authorization", "Bearer operator", "Cookie", "cuewire_token=admin"},
		} {
			v, err := rules.Judge(request(peer, "192.168.1.5:3000", header...), false)
			if err != nil || v.Role != app.Operator || !v.Known || v.Subject != "ana" || v.TokenID != "id" {
				t.Errorf("%s %v: %+v, %v", peer, header, v, err)
			}
			if slices.Contains(header, "Sec-WebSocket-Protocol") != (v.Subprotocol != "") {
				t.Errorf("%v: subprotocol %q", header, v.Subprotocol)
			}
		}
		v, err := rules.Judge(request(peer, "192.168.1.5:3000", "Sec-WebSocket-Protocol", "authorization.bearer.nonsense"), false)
		if err == nil || v.Role != "" || v.Subprotocol != "authorization.bearer.nonsense" {
			t.Errorf("refused: %+v, %v", v, err)
		}
	}
}
