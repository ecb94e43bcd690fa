package app

import "time"

// Instant is a point on the engine's time line, in whole milliseconds since the
// Unix epoch. The line follows the wall clock at start and a steady clock from
// then on; see docs/adr for what happens when the two part.
type Instant int64

// Time returns the instant as a UTC time.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// Add returns the instant d later.
func (i Instant) Add(d Millis) Instant { return i + Instant(d) }

// Sub returns how long after u the instant is; negative when it is before.
func (i Instant) Sub(u Instant) Millis { return Millis(i - u) }

// InstantOf returns t as an Instant, rounded down to a millisecond.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Millis is a length of time in whole milliseconds. It is a plain number in JSON.
type Millis int64

// Duration returns m as a time.Duration.
func (m Millis) Duration() time.Duration { return time.Duration(m) * time.Millisecond }

// Clock is the source of time. Wall is the computer's idea of the date and may
// jump; Steady only ever grows, counts time asleep where the system can tell it,
// and has an arbitrary zero.
type Clock interface {
	Now() (wall time.Time, steady time.Duration)
}
