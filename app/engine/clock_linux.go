package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// steadyNow reads the boot-time clock: Linux's monotonic one stands still while
// the computer sleeps.
func steadyNow() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts); err != nil {
		return time.Since(processStart) // kernels before 2.6.39
	}
	return time.Duration(ts.Nano())
}

var processStart = time.Now()
