package app

import (
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// Token is what Cuewire remembers of an access token that it has issued: never the
// token itself. Its secret id is kept as a hash, which is what the token is called
// by everywhere.
type Token struct {
	ID        string    `json:"id"` // SHA-256 of the secret id, in hex
	Subject   string    `json:"sub"`
	Role      Role      `json:"role"`
	Name      string    `json:"name"` // what a person calls the device, "" for nothing
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// The limits of tokens.
const (
	MaxTokens       = 1000 // that have not expired
	MaxTokenSubject = 200  // characters
	MaxTokenLife    = 10 * 366 * 24 * time.Hour
)

// The commands about tokens.
type (
	// GrantToken remembers one that was issued. Those that have expired are forgotten.
	GrantToken struct{ Token Token }
	// RevokeToken forgets one, which is worth nothing from then on. ID may be the
	// beginning of one token's id alone.
	RevokeToken struct{ ID string }
	// RenameToken gives one another Name. ID is as in RevokeToken.
	RenameToken struct{ ID, Name string }
)

// Token returns the token with the id if it is neither revoked nor expired at now.
func (s *Snapshot) Token(id string, now time.Time) *Token {
	i := slices.IndexFunc(s.Tokens, func(t *Token) bool { return t.ID == id })
	if i < 0 || !now.Before(s.Tokens[i].ExpiresAt) {
		return nil
	}
	return s.Tokens[i]
}

// ValidIssuer reports whether an address can be an outside issuer's of tokens: https,
// or http on this computer, without a query.
func ValidIssuer(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	at, err := netip.ParseAddr(u.Hostname())
	local := u.Hostname() == "localhost" || err == nil && at.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// The stored changes.
type (
	PutToken  struct{ Token *Token }
	DropToken struct{ ID string }
)

// Key returns which thing is written.
func (c PutToken) Key() string  { return "token/" + c.Token.ID }
func (c DropToken) Key() string { return "token/" + c.ID }

func (GrantToken) command()  {}
func (RevokeToken) command() {}
func (RenameToken) command() {}
