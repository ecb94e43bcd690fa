//go:build !linux && !darwin

package engine

import "time"

// steadyNow is Go's monotonic clock, which on Windows counts time asleep.
func steadyNow() time.Duration { return time.Since(processStart) }

var processStart = time.Now()
