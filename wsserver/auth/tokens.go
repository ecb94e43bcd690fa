package auth

import (
	"context"
	"net/http"
	"time"

	"cuewire/app"
)

// Tokens knows every kind of token that is taken.
type Tokens struct {
	Signer  *Signer  // of Cuewire's own; nil takes none
	Outside *Outside // nil takes none
}

// The cookies that carry a token to our own pages. Over HTTPS it has a name of its
// own, which browsers take from HTTPS alone: what comes in clear can neither read nor
// replace it, nor does it stand in the way of one for plain HTTP.
const (
	Cookie       = "cuewire_token"
	SecureCookie = "__Host-cuewire_token"
)

// NewCookie returns the cookie that carries a token, for our own pages alone; secure
// says that it goes out over HTTPS. A life of zero takes it back.
func NewCookie(token string, life time.Duration, secure bool) *http.Cookie {
	c := &http.Cookie{
		Name: cookieName(secure), Value: token, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure,
	}
	if life <= 0 {
		c.MaxAge = -1
	}
	return c
}

func cookieName(secure bool) string {
	if secure {
		return SecureCookie
	}
	return Cookie
}

// Bearer returns whom a token was given to, or an *app.Error of CodeUnauthorized
// that says no more than that it is not good. An outside issuer's keys may have to
// be asked for, which takes some seconds at most.
func (t Tokens) Bearer(ctx context.Context, text string, snap *app.Snapshot, now time.Time) (Bearer, error) {
	switch {
	case t.Signer != nil && issuerOf(text) == Issuer:
		b, err := t.Signer.Read(text, now)
		if err != nil {
			return Bearer{}, badToken(err)
		}
		known := snap.Token(b.TokenID, now)
		if known == nil {
			return Bearer{}, errToken
		}
		b.Role, b.Subject, b.Expires = known.Role, known.Subject, known.ExpiresAt
		return b, nil
	case t.Outside != nil && issuerOf(text) != "":
		b, err := t.Outside.Read(ctx, text, now)
		if err != nil {
			return Bearer{}, badToken(err)
		}
		return b, nil
	}
	return Bearer{}, errToken
}

// badToken is errToken with why, for the log.
func badToken(why error) error {
	return &app.Error{Code: errToken.Code, Key: errToken.Key, Message: errToken.Message, Err: why}
}
