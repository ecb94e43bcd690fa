package insight

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"cuewire/app"
)

// What the ring holds at most.
const (
	ringLines = 5_000
	ringBytes = 2 << 20
)

// ring is the last lines of the log, each a JSON object as it is in the file. It
// implements [app.Logs].
type ring struct {
	mu    sync.Mutex // guards what follows
	lines [][]byte   // the oldest first
	size  int
}

var _ app.Logs = (*ring)(nil)

// add takes a line in, and forgets the oldest that there is no room for.
func (r *ring) add(line []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines, r.size = append(r.lines, line), r.size+len(line)
	drop := 0
	for drop < len(r.lines)-1 && (len(r.lines)-drop > ringLines || r.size > ringBytes) {
		r.size -= len(r.lines[drop])
		r.lines[drop] = nil
		drop++
	}
	r.lines = r.lines[drop:]
}

// text returns all lines, the oldest first.
func (r *ring) text() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Join(r.lines, nil)
}

// Logs implements [app.Logs].
func (r *ring) Logs(q app.LogQuery) app.LogPage {
	r.mu.Lock()
	lines := slices.Clone(r.lines)
	r.mu.Unlock()
	var page app.LogPage
	least := slices.Index(app.LogLevels, q.Level)
	for _, line := range slices.Backward(lines) {
		entry, part, ok := parse(line)
		if !ok || slices.Index(app.LogLevels, entry.Level) < least || q.Part != "" && part != q.Part || entry.Timestamp.Before(q.Since) {
			continue
		}
		page.Total++
		if page.Total > q.Offset && len(page.Logs) < q.Limit {
			page.Logs = append(page.Logs, entry)
		}
	}
	page.HasMore = page.Total > q.Offset+len(page.Logs)
	return page
}

// partKey is under which a line names the part of Cuewire that wrote it.
const partKey = "part"

// parse reads a line of the file.
func parse(line []byte) (entry app.LogEntry, part string, ok bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(line, &fields) != nil {
		return entry, "", false
	}
	var at time.Time
	if json.Unmarshal(fields["time"], &at) != nil || json.Unmarshal(fields["level"], &entry.Level) != nil || json.Unmarshal(fields["msg"], &entry.Message) != nil {
		return entry, "", false
	}
	entry.Timestamp = at.UTC().Truncate(time.Millisecond)
	entry.Level, _, _ = strings.Cut(strings.ToLower(entry.Level), "+")
	entry.Level, _, _ = strings.Cut(entry.Level, "-")
	delete(fields, "time")
	delete(fields, "level")
	delete(fields, "msg")
	if raw, there := fields[partKey]; there && json.Unmarshal(raw, &part) != nil {
		part = ""
	}
	var err error
	entry.Context, err = json.Marshal(fields)
	return entry, part, err == nil
}
