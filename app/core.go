package app

import "context"

// Core is the engine as its faces see it. All methods may be called from any
// goroutine.
type Core interface {
	// Do carries a command out and returns once its change is on disk and
	// published, or has been refused with an *Error. When the disk does not answer
	// within a second the change stands all the same and Result.Durable is false.
	// Cancelling ctx stops the waiting, not a command that was taken.
	Do(ctx context.Context, cmd Command) (Result, error)
	// Tell hands in a fact whose outcome nobody waits for: OBS facts, samples.
	// Facts of one caller keep their order. It blocks only while the engine is
	// behind, and returns ctx's error if that ends first.
	Tell(ctx context.Context, fact Command) error
	// Snapshot returns what is true now. It never blocks.
	Snapshot() *Snapshot
	// Now returns the instant now on the engine's time line. It never blocks.
	Now() Instant
	// Follow returns the present snapshot and a stream of everything that happens
	// after it, in order, without a gap. A stream whose reader falls more than
	// limit events behind ends with ErrBehind.
	Follow(limit int) (*Snapshot, Stream)
	// Watch returns a stream that is always up to date: a reader that falls behind
	// misses updates in between, and its updates carry no events.
	Watch() Stream
}

// Result is what a command did.
type Result struct {
	Durable  bool      // the change is on disk
	Snapshot *Snapshot // includes the change
	RoomID   string    // the room changed or made
	ID       string    // of the timer, message or source changed or made
	IDs      []string  // of the sources that an import or adoption made, in its order
	Each     []error   // of a command about many things: why each was left out, nil where it was not
}

// Update is one step of a stream: what happened, and what is true after it.
type Update struct {
	Events   []Event
	Snapshot *Snapshot
}

// Stream is a sequence of updates for one reader.
type Stream interface {
	// Next blocks until there is an update. It returns ctx's error, ErrBehind, or
	// ErrClosed after Close or when the engine has stopped.
	Next(ctx context.Context) (Update, error)
	// Close ends the stream and frees it. It may be called more than once.
	Close()
}

// Why a stream ended.
var (
	ErrBehind = NewError(CodeUnavailable, "error.behind", "the reader fell too far behind", nil)
	ErrClosed = NewError(CodeUnavailable, "error.closed", "Cuewire is stopping", nil)
)

// OBS is the bridge as its faces see it: it carries commands to OBS and returns
// when OBS has answered. What they change comes back as events.
type OBS interface {
	// DoOBS carries out one command. It returns an *Error: CodeUnavailable when OBS
	// is not connected, CodeNotFound when what the command names does not exist
	// there, CodeConflict when OBS's state does not allow it, CodeTimeout.
	DoOBS(ctx context.Context, cmd OBSCommand) (OBSAnswer, error)
}

// Store is where durable state is kept.
type Store interface {
	// Load returns everything stored.
	Load(ctx context.Context) (*Saved, error)
	// Commit writes changes in one transaction. They are on disk, all of them, when
	// it returns nil; none of them is when it returns an error.
	Commit(ctx context.Context, changes []Change) error
}

// Saved is the stored part of a Snapshot.
type Saved struct {
	Rooms    []*RoomState     // in order of their making
	Ranks    map[string]int64 // of the timers and messages, by id
	Settings Settings
	Presets  []*Preset // by name
	Sources  SourcesState

	AlertRules []AlertRule     // nil where they are the defaults
	Apps       []*BroadcastApp // in the order in which they were made

	QuickTimers []*QuickTimer // likewise
	Tokens      []*Token      // likewise
}

// Change is one write: Put* stores a thing under its id, Delete* removes it.
// Key tells which thing, so that of several changes of one thing only the last
// needs writing.
type Change interface{ Key() string }

// The changes.
type (
	PutRoom  struct{ Room *Room }
	DropRoom struct{ ID string } // and everything in it
	PutTimer struct {
		Timer *Timer
		Rank  int64 // orders the timers of a room, smallest first
	}
	DropTimer  struct{ ID string }
	PutMessage struct {
		Message *Message
		Rank    int64 // orders the messages of a room, smallest first
	}
	DropMessage struct{ ID string }
	PutPlayback struct {
		RoomID   string
		Playback Playback
	}
	PutSettings struct{ Settings Settings }
)

// Key returns which thing is written.
func (c PutRoom) Key() string     { return "room/" + c.Room.ID }
func (c DropRoom) Key() string    { return "room/" + c.ID }
func (c PutTimer) Key() string    { return "timer/" + c.Timer.ID }
func (c DropTimer) Key() string   { return "timer/" + c.ID }
func (c PutMessage) Key() string  { return "message/" + c.Message.ID }
func (c DropMessage) Key() string { return "message/" + c.ID }
func (c PutPlayback) Key() string { return "playback/" + c.RoomID }
func (PutSettings) Key() string   { return "settings" }
