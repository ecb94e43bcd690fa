package app

import "net/url"

// Visitor is who opened a connection, as the server has found out.
type Visitor struct {
	ID      string // of the connection, unique in this run
	Role    Role   // the most that the visitor may be
	Local   bool   // a program or page on this computer
	Address string // the peer's, without port
	Subject string // of the token, "" without one
	Query   url.Values
}

// Name returns what the visitor calls itself, cut to MaxNameLength characters.
func (v Visitor) Name() string {
	name := []rune(v.Query.Get("name"))
	return string(name[:min(len(name), MaxNameLength)])
}

// Dialect translates between one published protocol and the core. It owns no
// socket, no goroutine and no clock.
type Dialect interface {
	// Open starts a conversation. An *Error refuses it before the upgrade:
	// CodeNotFound is 404, CodeInvalid 400, CodeForbidden 403, CodeUnauthorized 401.
	// ref is what the endpoint's path names (a room), "" where it names nothing.
	Open(v Visitor, ref string, snap *Snapshot) (Conversation, error)
	// Encode returns the frames that one event makes for everybody of an audience,
	// none if it is not for them. snap includes the event. It is called from one
	// goroutine at a time, once for each event and audience that has members; the
	// bytes are shared by all of them and never changed again.
	Encode(ev Event, snap *Snapshot, a Audience) []Frame
	// Limits returns what a connection of the dialect may do.
	Limits() Limits
}

// Beating is a dialect with something to say once a second, on the second, to
// the audiences that asked for it. Where no such audience has members no beat is
// made. Its methods are called like Encode.
type Beating interface {
	Dialect
	// Beats reports whether the audience gets the beat.
	Beats(a Audience) bool
	// Beat returns the frames of one beat, the same for all who get it.
	Beat(now Instant) []Frame
}

// Audience is a set of connections that get the same bytes for every event. It
// must be comparable; it is known before encoding.
type Audience any

// Frame is one WebSocket text message. Latest is "" for a fact, which is always
// delivered; a newer frame with the same Latest replaces one that still waits.
type Frame struct {
	Text   []byte
	Latest string
	Except string     // the id of the visitor of an audience who does not get it, "" for none
	Close  *CloseWith // ends the connection after it, or, where Text is nil, at once; nil for no
}

// Limits are what a connection may do. Zero is no limit.
type Limits struct {
	Messages      int    // so many in any Per; Conversation.Limited answers what is over
	Personal      bool   // Messages counts those of all connections of one person
	Opens         int    // connections that one person may open in any OpensPer; see Crowded
	OpensPer      Millis //
	Per           Millis //
	PingEvery     Millis // how often the server pings, in whole seconds
	SilenceCloses Millis // closed when nothing, not even a pong, came for so long; a multiple of PingEvery
}

// Conversation is one connection's side of a dialect. Its methods are called from
// one goroutine at a time.
type Conversation interface {
	// Client is what others are told of the connection: name, role and dialect. The
	// server adds the rest.
	Client() Client
	// Audience is what the connection gets before it has said anything.
	Audience() Audience
	// Greet returns the frames that open the conversation.
	Greet(snap *Snapshot, now Instant) []Frame
	// Receive reads one text message, at most 65,536 bytes of valid UTF-8, and says
	// what follows from it. text is the caller's again when it returns.
	Receive(text []byte, snap *Snapshot, now Instant) Step
	// Refused returns the frames that tell that a command of a Step failed.
	Refused(err error, now Instant) []Frame
	// Limited returns the frames that answer a message over the limit; retry is
	// how long to wait.
	Limited(retry Millis, now Instant) []Frame
}

// Step is what follows from one message, in this order.
type Step struct {
	Reply   []Frame  // goes out first
	Command Command  // is carried out next; nil for none. After a refusal Join and State are left out
	Join    Audience // then the connection belongs to this audience; nil for no change
	// State returns frames of the state, to go out right after Reply and before any
	// event that the state does not include; nil for none.
	State func(snap *Snapshot, now Instant) []Frame
	Hello *Hello // what the connection told of itself; nil for nothing
	Close *CloseWith
}

// Parting says why the server ends a connection.
type Parting int

// The reasons.
const (
	PartStopping Parting = iota // Cuewire is stopping
	PartSilent                  // nothing, not even a pong, was heard for Limits.SilenceCloses
	PartSlow                    // what waits for the client outgrew its queue; it is dropped
	PartUnknown                 // its token was revoked, or has ended
	PartRestored                // a backup was restored, so that all that it knows may be wrong
)

// Leaver is a conversation with last words of its own.
type Leaver interface {
	Conversation
	// Part returns the frame that the connection gets last; its Close must be set. It
	// may be called from any goroutine, while another method runs.
	Part(why Parting) Frame
}

// Crowded is a conversation of a dialect that limits how often a person connects.
type Crowded interface {
	Conversation
	// Crowd returns the one frame that a connection over the limit gets; its Close must
	// be set. retry is how long to wait.
	Crowd(retry Millis) Frame
}

// Stating is a conversation that begins by telling the state.
type Stating interface {
	Conversation
	// State returns frames that go out right after Greet's and before any event that
	// they do not include.
	State(snap *Snapshot, now Instant) []Frame
}

// CloseWith ends a connection with a WebSocket close code and a reason of at most
// 123 bytes.
type CloseWith struct {
	Code   int
	Reason string
}
