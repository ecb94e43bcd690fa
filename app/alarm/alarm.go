// Package alarm wakes those who wait for a moment.
//
// Go's own timers cost a resting program more than what it wakes for: the runtime
// sleeps in whole milliseconds, so it wakes too early and once more too late, and from
// the moment that a timer is late its monitor looks every 20 µs whether somebody takes
// care of it. An [Alarm] of [New] leaves the waiting to the system where the system can
// be told of a moment (Linux, timerfd_create(2)), which is also more punctual. For all
// that waits seldom, or is mostly stopped before its time, [time.Timer] is right.
package alarm

import "time"

// Alarm sends the time on C once, after what it was last reset to. It is for one
// goroutine, which also is the only receiver, and runs until Stop.
type Alarm interface {
	// C returns the channel, which is always the same one.
	C() <-chan time.Time
	// Reset has it send after d, or at once when d is not positive, in place of what was
	// asked before. Nothing of that is received any more.
	Reset(d time.Duration)
	// Rest has it send nothing until the next Reset.
	Rest()
	// Stop gives back what it holds. It must be called once, and nothing after it.
	Stop()
}

// Plain returns an Alarm that is a [time.Timer] and rests.
func Plain() Alarm {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return plain{timer}
}

type plain struct{ timer *time.Timer }

func (p plain) C() <-chan time.Time   { return p.timer.C }
func (p plain) Reset(d time.Duration) { p.timer.Reset(d) }
func (p plain) Rest()                 { p.timer.Stop() }
func (p plain) Stop()                 { p.timer.Stop() }
