package app

import (
	"context"
	"time"
)

// HTTPSMode says which certificate Cuewire serves HTTPS with.
type HTTPSMode string

// The modes.
const (
	HTTPSOff   HTTPSMode = ""      // plain HTTP alone
	HTTPSLocal HTTPSMode = "local" // one of Cuewire's own local authority
	HTTPSGiven HTTPSMode = "given" // the one in Settings.CertFile
)

// LocalName is the name that Cuewire asks for on the local network while it is
// shared; where another device has it, "cuewire-2.local" and so on.
const LocalName = "cuewire.local"

// Devices is the server as those see it who let devices in: how Cuewire is reached,
// one-time codes, and what the pages on devices can be told. Which devices have
// access is in Snapshot.Tokens, which of them are connected in Snapshot.Clients
// (Client.TokenID). All methods may be called from any goroutine, and none waits for
// the network.
type Devices interface {
	// Reach returns how Cuewire is reached at the moment.
	Reach() Reach
	// Pair makes a one-time code for a device that is to get the role; name is what the
	// device will be called, "" to let its person choose. The error is an *Error.
	Pair(role Role, name string) (Pairing, error)
	// Pairings returns the codes that wait, and those that ended within the last ten
	// minutes, in the order in which they were made.
	Pairings() []Pairing
	// CancelPairing voids a code. It reports whether one was waiting.
	CancelPairing(id string) bool
	// LastSeen returns when a device last sent a request or had an open connection, the
	// zero time if it has not since Cuewire started. The id is Token.ID.
	LastSeen(tokenID string) time.Time
	// Direct tells a page of ours that is connected to do something. The error is an
	// *Error: CodeNotFound without that connection, CodeConflict where it is no page of
	// ours, CodeInvalid for a path that is none.
	Direct(ctx context.Context, clientID string, d Direction) error
}

// Reach is how Cuewire is reached.
type Reach struct {
	Sharing    bool           `json:"sharing"`     // other devices can connect
	Fixed      bool           `json:"fixed"`       // --listen shares, whatever the settings say
	Addresses  []ReachAddress `json:"addresses"`   // served now, this computer's first
	Interfaces []ReachNetwork `json:"interfaces"`  // to choose from for Settings.ShareOn
	Name       string         `json:"name"`        // told on the local network, LocalName or a numbered one, "" for none
	TrustURL   string         `json:"trustUrl"`    // where a device gets our authority's certificate, "" without HTTPSLocal
	Print      string         `json:"fingerprint"` // SHA-256 of that certificate, for people to compare, "AB:CD:…"; likewise
	Problems   []*Error       `json:"-"`           // what of the settings cannot be done at the moment, and what to do
}

// ReachAddress is where Cuewire is served.
type ReachAddress struct {
	URL       string `json:"url"`       // "http://192.168.1.20:3000"
	Interface string `json:"interface"` // "" for a name
	Local     bool   `json:"local"`     // this computer alone gets there
	Secure    bool   `json:"secure"`    // HTTPS
}

// ReachNetwork is a network interface of this computer that is up.
type ReachNetwork struct {
	Name      string      `json:"name"`
	Kind      NetworkKind `json:"kind"`
	Addresses []string    `json:"addresses"` // without loopback and link-local ones, IPv4 first
}

// NetworkKind is what an interface is, as far as its name tells.
type NetworkKind string

// The kinds.
const (
	NetworkCable   NetworkKind = "cable"
	NetworkWiFi    NetworkKind = "wifi"
	NetworkVirtual NetworkKind = "virtual" // VPNs, bridges, containers
	NetworkOther   NetworkKind = "other"
)

// Pairing is a one-time code by which a device gets access.
type Pairing struct {
	ID        string       `json:"id"`
	Role      Role         `json:"role"`
	Name      string       `json:"name"`
	Code      string       `json:"code,omitempty"`    // six digits, "" once it has ended
	Link      string       `json:"link,omitempty"`    // for a QR code: /pair#SECRET; "" once it has ended, or where no other device can connect
	Address   string       `json:"address,omitempty"` // of the page that asks for the digits, likewise
	CreatedAt time.Time    `json:"createdAt"`
	ExpiresAt time.Time    `json:"expiresAt"`
	TriesLeft int          `json:"triesLeft"`
	State     PairingState `json:"state"`
	TokenID   string       `json:"tokenId,omitempty"` // of the device that used it
}

// PairingState is what has become of a code.
type PairingState string

// The states.
const (
	PairingWaiting  PairingState = "waiting"
	PairingUsed     PairingState = "used"
	PairingVoid     PairingState = "void"     // too many wrong tries
	PairingCanceled PairingState = "canceled" // by a person
	PairingExpired  PairingState = "expired"
)

// The limits of pairing.
const (
	PairingLife     = 2 * time.Minute
	PairingTries    = 5                    // wrong ones that void a code
	MaxPairings     = 20                   // that wait at a time
	DeviceTokenLife = 365 * 24 * time.Hour // of what a paired device gets
)

// Direction is what a page of ours is told.
type Direction struct {
	Do   DirectionKind `json:"do"`
	Path string        `json:"path,omitempty"` // of a page of ours, "/r/CODE/viewer", for Redirect alone
	Name string        `json:"name,omitempty"` // that Identify shows; the server fills it in
}

// DirectionKind names a direction.
type DirectionKind string

// The directions.
const (
	Identify DirectionKind = "identify" // shows for some seconds which device it is
	Reload   DirectionKind = "reload"
	Redirect DirectionKind = "redirect" // opens another page of ours
)

// Directed is a conversation whose page can be told to do something.
type Directed interface {
	Conversation
	// Direct returns the frames that tell it. It may be called from any goroutine, while
	// another method runs.
	Direct(d Direction, now Instant) []Frame
}
