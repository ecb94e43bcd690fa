package app

import (
	"context"
	"errors"
	"io"
	"time"
)

// BackupReason is why a backup was made.
type BackupReason string

// The reasons.
const (
	BackupHourly  BackupReason = "hourly"  // something had changed since the one before
	BackupStop    BackupReason = "stop"    // likewise, and Cuewire stopped
	BackupUpdate  BackupReason = "update"  // before the database was brought up to date
	BackupRestore BackupReason = "restore" // before another backup was restored
	BackupAsked   BackupReason = "asked"   // a person asked for it
	BackupOther   BackupReason = "other"   // a person put the file there
)

// Backup is one copy of everything that is stored, but for what was measured.
type Backup struct {
	Name    string       `json:"name"`    // of the file, in the folder of backups
	At      time.Time    `json:"at"`      // when it was made, by the computer's clock of then
	Size    int64        `json:"size"`    // bytes
	Reason  BackupReason `json:"reason"`  //
	Version int          `json:"version"` // of the database's format, 0 where it cannot be read
	Good    bool         `json:"good"`    // it can be restored by this Cuewire
	Problem string       `json:"problem"` // why not, one English sentence; "" while Good
}

// Restored is what a restore did.
type Restored struct {
	From    Backup  `json:"from"`
	Before  *Backup `json:"before"` // what was there before, nil where that could not be kept as a backup
	Durable bool    `json:"-"`      // it is on disk
}

// Backups makes, lists and restores backups. One thing is done at a time; whoever
// comes meanwhile waits. All methods may be called from any goroutine.
type Backups interface {
	// List returns the backups, the newest first. It reads each one that it has not
	// seen before.
	List(ctx context.Context) ([]Backup, error)
	// Make makes a backup of what is stored now, and returns once it is on disk and
	// was checked.
	Make(ctx context.Context, reason BackupReason) (Backup, error)
	// Restore puts a backup in place of everything but the access tokens and what was
	// measured, after a backup of what is there now. All of it is restored or nothing.
	Restore(ctx context.Context, name string) (Restored, error)
	// Read opens a backup's file. The caller closes it.
	Read(name string) (io.ReadSeekCloser, Backup, error)
	// Dismiss ends what Safety.Recovered tells: a person has read it.
	Dismiss(ctx context.Context) error
	// Folder returns where the backups are.
	Folder() string
}

// RestoreState puts a stored state in place of the present one. Access tokens stay
// what they are: what was revoked stays revoked.
type RestoreState struct {
	Saved *Saved
	From  string // the backup's name
}

// RewriteStore has everything written anew, into a new file where the present one is
// damaged.
type RewriteStore struct{}

// StateRestored is system:restored. Everything may be different now, so every client
// is sent away and comes back to what is true then.
type StateRestored struct {
	Backup string `json:"backup"`
}

// PutEverything writes everything in place of all that is stored.
type PutEverything struct{ Saved *Saved }

// Safety is how the stored data is doing.
type Safety struct {
	LastBackup *Backup    // made in this run of Cuewire, nil for none yet
	Problem    string     // why the last try of a backup failed, English; "" for nothing
	Recovered  *Recovered // nil where nothing had to be recovered
}

// Recovered tells that the database was found damaged and what was done about it.
type Recovered struct {
	At     time.Time `json:"at"`
	Aside  string    `json:"aside"`  // the damaged file, as it is called now; "" where there is none
	Backup string    `json:"backup"` // name of the backup in use since, "" for none
	Memory bool      `json:"memory"` // it happened while Cuewire ran, and all was written anew from memory
}

// SafetyFact is something that happened to the stored data.
type SafetyFact interface {
	Command
	Apply(before Safety) (Safety, []EventBody)
}

// The facts, and what a person says about them.
type (
	BackupMade       struct{ Backup Backup }
	BackupFailed     struct{ Err error }
	DataRecovered    struct{ Recovered Recovered }
	DismissRecovered struct{} // a person has read it
)

func (RestoreState) command()     {}
func (RewriteStore) command()     {}
func (BackupMade) command()       {}
func (BackupFailed) command()     {}
func (DataRecovered) command()    {}
func (DismissRecovered) command() {}

func (StateRestored) EventName() string { return "system:restored" }

// Key returns which thing is written.
func (PutEverything) Key() string { return "everything" }

// Apply implements [SafetyFact].
func (f BackupMade) Apply(s Safety) (Safety, []EventBody) {
	s.LastBackup, s.Problem = &f.Backup, ""
	return s, nil
}

// Apply implements [SafetyFact].
func (f BackupFailed) Apply(s Safety) (Safety, []EventBody) {
	first := s.Problem == ""
	s.Problem = f.Err.Error()
	if e, ok := errors.AsType[*Error](f.Err); ok {
		s.Problem = e.Message
	}
	if !first {
		return s, nil
	}
	return s, []EventBody{ErrorOccurred{
		Error: "The backup could not be made", ErrorCode: "BACKUP_FAILED", Details: ErrorDetails{Reason: s.Problem, Retryable: true},
	}}
}

// Apply implements [SafetyFact].
func (f DataRecovered) Apply(s Safety) (Safety, []EventBody) {
	s.Recovered = &f.Recovered
	return s, []EventBody{ErrorOccurred{
		Error: "The database was damaged", ErrorCode: "STORE_DAMAGED", Details: ErrorDetails{Reason: f.Recovered.Sentence()},
	}}
}

// Apply implements [SafetyFact].
func (DismissRecovered) Apply(s Safety) (Safety, []EventBody) {
	s.Recovered = nil
	return s, nil
}

// Sentence says in English what was done.
func (r Recovered) Sentence() string {
	switch {
	case r.Memory:
		return "The database was damaged while Cuewire ran; everything was written anew, nothing is lost"
	case r.Backup != "":
		return "The database was damaged, so Cuewire uses the backup " + r.Backup
	}
	return "The database was damaged, so Cuewire started with an empty one"
}

// Damaged reports whether an error says that the database cannot be read, so that a
// backup has to take its place.
func Damaged(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Key == "store.damaged" || e.Key == "store.row")
}
