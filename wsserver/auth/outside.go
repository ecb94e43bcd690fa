package auth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"cuewire/app"
)

// RoleClaim is the claim by which an outside issuer gives one of Cuewire's roles;
// without it its people are viewers.
const RoleClaim = "cuewire_role"

// algorithms are those that the Timer API names.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512}

// How an outside issuer is asked.
const (
	askPatience = 3 * time.Second  // for one answer
	askAgain    = 10 * time.Second // the least between two questions for the same thing
	askAnew     = time.Hour        // how long keys are used before they are asked for again
	maxAnswer   = 1 << 20
)

// Outside is an OpenID Connect issuer whose tokens are taken too. It is asked when
// the first token of its comes. What it answered last is kept in a folder, so that
// its tokens are good while a venue has no internet, after a start too. It may be
// used from any goroutine.
type Outside struct {
	url, audience string
	client        *http.Client

	mu       sync.Mutex // guards what follows
	verifier *oidc.IDTokenVerifier
	made     time.Time
}

// NewOutside returns the issuer at an address. audience is whom its tokens must be
// for, "" for anybody. dir keeps what it answers.
func NewOutside(url, audience, dir string) *Outside {
	keeping := &lastGood{dir: dir, next: http.DefaultTransport, asked: map[string]time.Time{}}
	return &Outside{url: url, audience: audience, client: &http.Client{Transport: keeping, Timeout: 2 * askPatience}}
}

// Read checks a token: its signature, exp, nbf, iat, iss, aud and sub.
func (o *Outside) Read(ctx context.Context, text string, now time.Time) (Bearer, error) {
	ctx = oidc.ClientContext(ctx, o.client)
	verifier, err := o.ready(ctx, now)
	if err != nil {
		return Bearer{}, err
	}
	token, err := verifier.Verify(ctx, text)
	if err != nil {
		return Bearer{}, err
	}
	var said map[string]any
	if err := token.Claims(&said); err != nil {
		return Bearer{}, err
	}
	switch {
	case token.Subject == "":
		return Bearer{}, errors.New("the token names nobody")
	case token.IssuedAt.After(now.Add(leeway)):
		return Bearer{}, errors.New("the token was issued in the future")
	}
	b := Bearer{Subject: token.Subject, Role: app.Viewer, Expires: token.Expiry}
	name, _ := said[RoleClaim].(string)
	if role, ok := app.ParseRole(name); ok {
		b.Role = role
	}
	return b, nil
}

// ready returns the verifier, which it makes anew now and then.
func (o *Outside) ready(ctx context.Context, now time.Time) (*oidc.IDTokenVerifier, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.verifier != nil && now.Sub(o.made) < askAnew && now.Sub(o.made) >= 0 {
		return o.verifier, nil
	}
	provider, err := oidc.NewProvider(ctx, o.url)
	if err != nil {
		if o.verifier != nil {
			return o.verifier, nil
		}
		return nil, fmt.Errorf("ask the issuer: %w", err)
	}
	o.verifier, o.made = provider.VerifierContext(ctx, &oidc.Config{
		ClientID: o.audience, SkipClientIDCheck: o.audience == "", SupportedSigningAlgs: algorithms,
	}), now
	return o.verifier, nil
}

// lastGood asks over the network, seldom, and answers with the last good answer
// where the network has none.
type lastGood struct {
	dir  string
	next http.RoundTripper

	mu    sync.Mutex // guards what follows; held while asking, so that many who wait ask once
	asked map[string]time.Time
}

// RoundTrip implements [http.RoundTripper] for GET.
func (l *lastGood) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	address := r.URL.String()
	file := filepath.Join(l.dir, "oidc-"+hashOf(address)[:16]+".json")
	if time.Since(l.asked[address]) < askAgain {
		if body, err := os.ReadFile(file); err == nil {
			return kept(r, body), nil
		}
	}
	l.asked[address] = time.Now()
	body, err := l.ask(r)
	if err != nil {
		old, unread := os.ReadFile(file)
		if unread != nil {
			return nil, err
		}
		return kept(r, old), nil
	}
	if err := os.WriteFile(file+".new", body, 0o600); err == nil {
		_ = os.Rename(file+".new", file) // without it a start without a network fails later, and says so
	}
	return kept(r, body), nil
}

func (l *lastGood) ask(r *http.Request) ([]byte, error) {
	ctx, cancel := context.WithTimeout(r.Context(), askPatience)
	defer cancel()
	answer, err := l.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("the issuer answered %s", answer.Status)
	}
	return body, err
}

func kept(r *http.Request, body []byte) *http.Response {
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}
