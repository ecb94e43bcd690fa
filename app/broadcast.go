package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// BroadcastApp is what a program needs to use channels: a key to connect with and a
// secret to sign with. The channels of two apps are two different ones, whatever
// they are called. docs/protocols/broadcastt.md tells all of it.
type BroadcastApp struct {
	ID             string    `json:"id"` // digits
	Name           string    `json:"name"`
	Key            string    `json:"key"`
	Enabled        bool      `json:"enabled"`
	ClientEvents   bool      `json:"client_events"`   // connections may send to one another
	MaxConnections int       `json:"max_connections"` // 0 for as many as Cuewire can serve
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`

	Secret string `json:"-"` // for admins alone, and never on the bus
}

// The limits of apps.
const (
	MaxApps            = 100
	MostAppConnections = 1_000_000 // that MaxConnections may be
)

// Sign returns the hex HMAC-SHA256 of a text with the app's secret.
func (a *BroadcastApp) Sign(text string) string {
	mac := hmac.New(sha256.New, []byte(a.Secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// Signed reports whether signature is what Sign returns for the text, in a time
// that does not depend on where they differ.
func (a *BroadcastApp) Signed(text, signature string) bool {
	return hmac.Equal([]byte(a.Sign(text)), []byte(signature))
}

// ChannelAuth returns what lets one connection into a private or presence channel:
// "key:signature". data is the channel_data of a presence channel, "" for others.
func (a *BroadcastApp) ChannelAuth(socketID, channel, data string) string {
	return a.Key + ":" + a.Sign(channelClaim(socketID, channel, data))
}

// ChannelAllowed reports whether auth is what ChannelAuth returns.
func (a *BroadcastApp) ChannelAllowed(auth, socketID, channel, data string) bool {
	return hmac.Equal([]byte(a.ChannelAuth(socketID, channel, data)), []byte(auth))
}

func channelClaim(socketID, channel, data string) string {
	claim := socketID + ":" + channel
	if data != "" {
		claim += ":" + data
	}
	return claim
}

// App returns the app with the id, or nil.
func (s *Snapshot) App(id string) *BroadcastApp {
	for _, a := range s.Apps {
		if a.ID == id {
			return a
		}
	}
	return nil
}

// AppOfKey returns the app with the key, or nil.
func (s *Snapshot) AppOfKey(key string) *BroadcastApp {
	for _, a := range s.Apps {
		if a.Key == key {
			return a
		}
	}
	return nil
}

// AppFields are the fields of an app that a person sets; nil leaves a field as it
// is, or at its default in a new one.
type AppFields struct {
	Name           *string `json:"name"`
	Enabled        *bool   `json:"enabled"`
	ClientEvents   *bool   `json:"client_events"`
	MaxConnections *int    `json:"max_connections"`
}

// The commands about apps.
type (
	// CreateApp makes one, with an id, key and secret of its own. Name must be given.
	CreateApp struct{ Fields AppFields }
	// UpdateApp changes one. With Renew it gets a new key and secret: what is connected
	// stays, nobody else gets in with the old ones. The connections of one that is
	// switched off are closed.
	UpdateApp struct {
		ID     string
		Fields AppFields
		Renew  bool
	}
	// DeleteApp removes one and closes its connections.
	DeleteApp struct{ ID string }
)

// AppAction is what became of an app.
type AppAction string

// The actions.
const (
	AppCreate AppAction = "create"
	AppUpdate AppAction = "update"
	AppDelete AppAction = "delete"
)

// AppChanged is apps:create, update or delete. It goes to nobody but Cuewire's own
// parts, see VisibleBody.
type AppChanged struct {
	Action AppAction     `json:"-"`
	App    *BroadcastApp `json:"app"`
}

// EventName returns the name on the bus.
func (e AppChanged) EventName() string { return "apps:" + string(e.Action) }

// The stored changes.
type (
	PutApp  struct{ App *BroadcastApp }
	DropApp struct{ ID string }
)

// Key returns which thing is written.
func (c PutApp) Key() string  { return "app/" + c.App.ID }
func (c DropApp) Key() string { return "app/" + c.ID }

func (CreateApp) command() {}
func (UpdateApp) command() {}
func (DeleteApp) command() {}
