package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"cuewire/app"
)

// KeyFile is the file in the data folder that tokens are signed with, mode 0600.
const KeyFile = "token-key.pem"

// What stands in every token of ours.
const (
	Issuer   = "cuewire"
	Audience = "cuewire"
)

// leeway is how far another computer's clock may be off.
const leeway = 30 * time.Second

// Bearer is whom a token was given to.
type Bearer struct {
	Subject string
	Role    app.Role
	TokenID string    // app.Token.ID, "" for an outside issuer's
	Expires time.Time // when the token ends
}

// Signer makes and reads Cuewire's own tokens: JWTs signed with Ed25519. It may be
// used from any goroutine.
type Signer struct {
	key ed25519.PrivateKey
	id  string // of the key
	set []byte // the JWKS
}

// claims are what a token of ours says.
type claims struct {
	Role app.Role `json:"role"`
	Name string   `json:"name,omitempty"`
	jwt.RegisteredClaims
}

// OpenSigner reads the key in the data folder, or makes one if there is none. The
// folder's lock must be held by this process or by the copy that it asks.
func OpenSigner(dir string) (*Signer, error) {
	path := filepath.Join(dir, KeyFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeKey(path)
	}
	if err != nil {
		return nil, keyError(path, err)
	}
	key, err := readKey(text)
	if err != nil {
		return nil, keyError(path, err)
	}
	return newSigner(key)
}

func keyError(path string, err error) error {
	return &app.Error{
		Code: app.CodeUnavailable, Key: "token.key", Args: map[string]any{"File": path}, Err: err,
		Message: "The key that access tokens are signed with cannot be used: " + path + ". Make it readable, or move it away; devices must then be paired again.",
	}
}

// makeKey writes a new key; the file is whole or not there.
func makeKey(path string) ([]byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return nil, err
	}
	return text, os.Rename(path+".new", path)
}

func readKey(text []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("it holds no key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("it holds a key of another kind")
	}
	return key, nil
}

func newSigner(key ed25519.PrivateKey) (*Signer, error) {
	public := key.Public().(ed25519.PublicKey)
	x := base64.RawURLEncoding.EncodeToString(public)
	// The thumbprint of RFC 7638 and RFC 8037.
	print := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
	s := &Signer{key: key, id: base64.RawURLEncoding.EncodeToString(print[:])}
	var err error
	s.set, err = json.Marshal(map[string]any{"keys": []map[string]string{
		{"kty": "OKP", "crv": "Ed25519", "x": x, "kid": s.id, "use": "sig", "alg": "EdDSA"},
	}})
	return s, err
}

// JWKS returns the public key as a JSON Web Key Set.
func (s *Signer) JWKS() []byte { return s.set }

// Issue makes a token. It is worth something once what is remembered of it has been
// granted with [app.GrantToken].
func (s *Signer) Issue(subject string, role app.Role, name string, now time.Time, life time.Duration) (text string, remembered app.Token, err error) {
	now = now.UTC().Truncate(time.Second)
	secret, end := rand.Text(), now.Add(life)
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims{
		Role: role, Name: name,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: Issuer, Audience: jwt.ClaimStrings{Audience}, Subject: subject, ID: secret,
			IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(end),
		},
	})
	token.Header["kid"] = s.id
	text, err = token.SignedString(s.key)
	if err != nil {
		return "", app.Token{}, fmt.Errorf("sign token: %w", err)
	}
	return text, app.Token{ID: hashOf(secret), Subject: subject, Role: role, Name: name, CreatedAt: now, ExpiresAt: end}, nil
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Read checks a token of ours, but not whether it was revoked: subject and role are
// to be taken from what is remembered of it.
func (s *Signer) Read(text string, now time.Time) (Bearer, error) {
	var c claims
	_, err := jwt.ParseWithClaims(text, &c, func(*jwt.Token) (any, error) { return s.key.Public(), nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(Issuer), jwt.WithAudience(Audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		return Bearer{}, err
	}
	if c.Subject == "" || c.ID == "" {
		return Bearer{}, errors.New("the token names nobody")
	}
	return Bearer{Subject: c.Subject, Role: c.Role, TokenID: hashOf(c.ID), Expires: c.ExpiresAt.Time}, nil
}

// issuerOf returns the issuer that a token claims, unchecked, "" if it is none.
func issuerOf(text string) string {
	var c jwt.RegisteredClaims
	if _, _, err := jwt.NewParser().ParseUnverified(text, &c); err != nil {
		return ""
	}
	return c.Issuer
}
