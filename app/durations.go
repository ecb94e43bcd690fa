package app

import (
	"sync/atomic"
	"time"
)

// DurationBounds are the upper bounds of the classes that [Durations] counts in,
// in seconds. What took longer than the last is counted in one class more.
var DurationBounds = [...]float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// Durations counts how long things took. The zero value has counted nothing. All
// methods may be called from any goroutine and never wait.
type Durations struct {
	classes [len(DurationBounds) + 1]atomic.Uint64
	nanos   atomic.Int64
}

// Add counts one.
func (d *Durations) Add(took time.Duration) {
	seconds, class := took.Seconds(), 0
	for class < len(DurationBounds) && seconds > DurationBounds[class] {
		class++
	}
	d.classes[class].Add(1)
	d.nanos.Add(int64(took))
}

// Read returns what was counted.
func (d *Durations) Read() DurationCounts {
	var c DurationCounts
	for i := range d.classes {
		c.Classes[i] = d.classes[i].Load()
		c.Count += c.Classes[i]
	}
	c.Sum = time.Duration(d.nanos.Load()).Seconds()
	return c
}

// DurationCounts is what [Durations] has counted.
type DurationCounts struct {
	Classes [len(DurationBounds) + 1]uint64 // by DurationBounds, the last without a bound
	Count   uint64                          // of all classes
	Sum     float64                         // seconds
}
