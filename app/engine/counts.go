package engine

import (
	"sync/atomic"
	"time"

	"cuewire/app"
)

// counts is what the engine counts of itself; anybody may read it.
type counts struct {
	applied, refused, failed, facts atomic.Uint64
	handed, saved                   atomic.Uint64 // as of Engine and committer
}

func (c *counts) answered(err error) {
	switch app.CodeOf(err) {
	case "":
		c.applied.Add(1)
	case app.CodeInternal:
		c.failed.Add(1)
	default:
		c.refused.Add(1)
	}
}

// Counts returns what the engine has counted since it was opened. It may be called
// from any goroutine and never waits for a commit.
func (e *Engine) Counts() app.EngineCounts {
	saved := e.counts.saved.Load() // before handed, which is never smaller
	c := app.EngineCounts{
		Applied: e.counts.applied.Load(), Refused: e.counts.refused.Load(), Failed: e.counts.failed.Load(), Facts: e.counts.facts.Load(),
		Commits: e.commit.took.Read(), CommitErrors: e.commit.failures.Load(), Unsaved: e.counts.handed.Load() - saved,
	}
	e.commit.mu.Lock()
	if !e.commit.kept.IsZero() {
		c.UnsavedFor = time.Since(e.commit.kept).Seconds()
	}
	e.commit.mu.Unlock()
	return c
}
