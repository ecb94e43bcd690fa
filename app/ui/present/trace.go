package present

import (
	"math"
	"sync"

	"cuewire/app"
)

// Figure is something that is measured and charted.
type Figure int

// The figures.
const (
	HostCPU     Figure = iota // per cent of all cores; the next two likewise
	OBSCPU                    //
	OwnCPU                    // Cuewire's
	HostMemory                // per cent of the computer's memory; the next two likewise
	OBSMemory                 //
	OwnMemory                 //
	RenderTime                // ms that OBS takes for a frame
	RenderLag                 // per cent of OBS's frames that were lost; the next two likewise
	EncoderLag                //
	Dropped                   // by the network
	Bitrate                   // kbit/s of the stream
	Connections               // to Cuewire
	Figures
)

// Reading is one value of each figure, NaN for what is not known.
type Reading [Figures]float32

var unknown = float32(math.NaN())

// nothing is a reading of nothing.
func nothing() (r Reading) {
	for f := range r {
		r[f] = unknown
	}
	return r
}

func known(v float32) bool { return v == v }

// traceLength is how many seconds a Trace remembers: an hour.
const traceLength = 3600

// Trace remembers what was measured in each second of the last hour. Its zero value
// is empty; it may be used from any goroutine.
type Trace struct {
	mu       sync.Mutex // guards the rest
	readings [traceLength]Reading
	seconds  [traceLength]int64 // since the Unix epoch, of the reading beside it
	last     int64
}

// Add takes in what a snapshot tells of the second in which its sample was measured,
// where that is another than the last.
func (t *Trace) Add(snap *app.Snapshot, cores int) {
	if snap.Sample == nil {
		return
	}
	second := int64(snap.Sample.At) / 1000
	t.mu.Lock()
	defer t.mu.Unlock()
	if second == t.last {
		return
	}
	t.last = second
	t.seconds[second%traceLength], t.readings[second%traceLength] = second, readingOf(snap, cores)
}

// Last returns the second of the last reading, since the Unix epoch; 0 for none.
func (t *Trace) Last() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

// oldStats is how old OBS's statistics may be to belong to a second.
const oldStats app.Millis = 2_500

func readingOf(snap *app.Snapshot, cores int) Reading {
	r, s := nothing(), snap.Sample
	put := func(f Figure, v *float64) {
		if v != nil {
			r[f] = float32(*v)
		}
	}
	share := func(f Figure, mib *float64) {
		if mib != nil && s.MemoryTotal != nil && *s.MemoryTotal > 0 {
			r[f] = float32(*mib / *s.MemoryTotal * 100)
		}
	}
	put(HostCPU, s.HostCPU)
	put(OwnCPU, s.OwnCPU)
	r[OwnCPU] /= float32(max(cores, 1))
	share(HostMemory, s.MemoryUsed)
	share(OwnMemory, s.OwnMemory)
	r[Connections] = float32(s.Server.Connections)
	st := snap.OBS.Stats
	if st == nil || s.At.Sub(st.At) > oldStats {
		return r
	}
	put(OBSCPU, &st.CPUUsage)
	if snap.OBS.OnThisComputer() {
		share(OBSMemory, &st.MemoryUsage)
	}
	put(RenderTime, &st.RenderTime)
	put(Bitrate, st.StreamBitrate)
	lost := func(f Figure, rate *float64) {
		if rate != nil && st.FPS > 0 {
			r[f] = float32(min(*rate/st.FPS*100, 100))
		}
	}
	lost(RenderLag, st.RenderSkippedRate)
	lost(EncoderLag, st.OutputSkippedRate)
	lost(Dropped, st.StreamSkippedRate)
	return r
}

// minuteReading is what a minute of the history tells.
func minuteReading(m app.Minute, cores int, memoryTotal float64) Reading {
	r := nothing()
	put := func(f Figure, mean app.Mean, per float64) {
		if v := mean.Value(); v != nil && per > 0 {
			r[f] = float32(*v / per)
		}
	}
	put(HostCPU, m.CPU, 1)
	put(OBSCPU, m.OBSCPU, 1)
	put(OwnCPU, m.OwnCPU, float64(max(cores, 1)))
	put(HostMemory, m.Memory, memoryTotal/100)
	put(OwnMemory, m.OwnMemory, memoryTotal/100)
	put(RenderTime, m.RenderTime, 1)
	put(Bitrate, m.Bitrate, 1)
	put(Connections, m.Connections, 1)
	if fps := m.FPS.Value(); fps != nil {
		put(RenderLag, m.RenderLag, *fps/100)
		put(EncoderLag, m.EncoderLag, *fps/100)
		put(Dropped, m.Dropped, *fps/100)
	}
	return r
}

// Charts are the figures of a span of time that ends now, in steps of equal length,
// the oldest first. It is immutable, and shared by the views until it changes.
type Charts struct {
	Minutes int         // the span
	End     app.Instant // of the last step
	Step    app.Millis
	Values  [Figures][]float32 // NaN for what is not known
}

// Spans are the spans of time to choose from, in minutes.
var Spans = [...]int{1, 5, 15, 30, 60}

// steps is the length of a step, in seconds, for each span.
var steps = map[int]int64{1: 1, 5: 2, 15: 5, 30: 10, 60: 20}

// Charts lays the figures of the last so many minutes, one of Spans, out. Where
// seconds are not remembered it takes the minutes of the history.
func (t *Trace) Charts(span int, now app.Instant, minutes []app.Minute, cores int, memoryTotal float64) *Charts {
	step := steps[span]
	last := int64(now) / 1000 / step * step // the beginning of the last step
	count := int(int64(span) * 60 / step)
	first := last - int64(count-1)*step
	c := &Charts{Minutes: span, End: app.Instant(last+step) * 1000, Step: app.Millis(step) * 1000}
	sums, counts := make([][Figures]float32, count), make([][Figures]int, count)
	add := func(i int, r *Reading) {
		for f, v := range r {
			if known(v) {
				sums[i][f] += v
				counts[i][f]++
			}
		}
	}
	t.mu.Lock()
	begun := int64(math.MaxInt64) // the first second remembered
	for i, second := range t.seconds {
		if second == 0 || second > last+step {
			continue
		}
		begun = min(begun, second)
		if second >= first {
			add(int((second-first)/step), &t.readings[i])
		}
	}
	t.mu.Unlock()
	for _, m := range minutes {
		r, at := minuteReading(m, cores, memoryTotal), int64(m.At)/1000
		for second := at - at%step; second < at+60; second += step {
			if second >= first && second < begun && second <= last {
				add(int((second-first)/step), &r)
			}
		}
	}
	for f := range c.Values {
		values := make([]float32, count)
		for i := range values {
			values[i] = unknown
			if n := counts[i][f]; n > 0 {
				values[i] = sums[i][f] / float32(n)
			}
		}
		c.Values[f] = values
	}
	return c
}

// Latest returns the index of the last step in which anything is known, -1 for none.
func (c *Charts) Latest() int {
	for i := len(c.Values[0]) - 1; i >= 0; i-- {
		for f := range c.Values {
			if known(c.Values[f][i]) {
				return i
			}
		}
	}
	return -1
}
