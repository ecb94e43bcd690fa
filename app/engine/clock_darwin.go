package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// steadyNow reads CLOCK_MONOTONIC, which on macOS goes on while the computer
// sleeps; Go's own does not.
func steadyNow() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(clockMonotonic, &ts); err != nil {
		return time.Since(processStart)
	}
	return time.Duration(ts.Nano())
}

const clockMonotonic = 6 // CLOCK_MONOTONIC of <time.h>

var processStart = time.Now()
