package app

import (
	"context"
	"encoding/json"
	"io"
	"time"
)

// The levels of the log, the least urgent first.
const (
	LogDebug = "debug"
	LogInfo  = "info"
	LogWarn  = "warn"
	LogError = "error"
)

// LogLevels are the levels in order.
var LogLevels = []string{LogDebug, LogInfo, LogWarn, LogError}

// LogEntry is one line of the log. Passwords, tokens and queries are no longer in it.
type LogEntry struct {
	Timestamp time.Time // whole milliseconds
	Level     string
	Message   string
	Context   json.RawMessage // a JSON object, {} for nothing
}

// LogQuery says which lines of the log are wanted.
type LogQuery struct {
	Level  string    // this level and what is more urgent, "" for every one
	Part   string    // of Cuewire that wrote the line, "" for every one
	Since  time.Time // lines from then on; zero for all
	Limit  int       // how many at most
	Offset int       // how many of the newest that fit are passed over
}

// LogPage is what a [LogQuery] found.
type LogPage struct {
	Logs    []LogEntry // newest first
	Total   int        // that fit, on all pages
	HasMore bool       // there are older ones
}

// Logs is the log as its readers see it: the last lines, of earlier runs too. It is
// bounded, and may be read from any goroutine.
type Logs interface{ Logs(LogQuery) LogPage }

// Support writes what a person hands to who helps them.
type Support interface {
	// WriteBundle writes a zip file without secrets. What could not be found out is told
	// in it; the error is w's or ctx's alone.
	WriteBundle(ctx context.Context, w io.Writer) error
}

// CrashReport is what is left of a run of Cuewire that ended by a fault.
type CrashReport struct {
	At   time.Time // when it ended
	File string    // the whole path of the report
}

// DatabaseHealth is what the database says of itself. Sizes are bytes.
type DatabaseHealth struct {
	File        string           `json:"file"`
	Version     int              `json:"version"` // of its tables
	SQLite      string           `json:"sqlite"`
	Integrity   []string         `json:"integrity"` // ["ok"], or the first hundred faults
	Size        int64            `json:"size"`
	WALSize     int64            `json:"walSize"`
	Rows        map[string]int64 `json:"rows"` // by table
	CheckedInMS int64            `json:"checkedInMs"`
}
