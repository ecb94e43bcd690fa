package obsbridge

import (
	"errors"
	"sync/atomic"
	"time"

	"cuewire/app"
)

// counts is what the bridge counts of its connections; anybody may read it.
type counts struct {
	connections, answered, refused, failed atomic.Uint64
	took                                   app.Durations
}

// asked counts a request that has ended.
func (c *counts) asked(took time.Duration, err error) {
	if c == nil {
		return
	}
	var refused *refusal
	switch {
	case err == nil:
		c.answered.Add(1)
	case errors.As(err, &refused):
		c.refused.Add(1)
	default:
		c.failed.Add(1)
	}
	c.took.Add(took)
}

// Counts returns what was counted since New. It may be called from any goroutine.
func (b *Bridge) Counts() app.OBSCounts {
	return app.OBSCounts{
		Connections: b.counts.connections.Load(), Answered: b.counts.answered.Load(),
		Refused: b.counts.refused.Load(), Failed: b.counts.failed.Load(), Took: b.counts.took.Read(),
	}
}
