package app

import "context"

// Mean gathers values of one figure: their sum, how many there were, and the
// largest. Nothing measured is a Mean without count.
type Mean struct {
	Sum   float64 `json:"s"`
	Count int     `json:"n"`
	Peak  float64 `json:"p"`
}

// Add takes a value in; nil is none.
func (m *Mean) Add(value *float64) {
	if value == nil {
		return
	}
	m.Join(Mean{*value, 1, *value})
}

// Join takes in what another has gathered.
func (m *Mean) Join(o Mean) {
	if o.Count == 0 {
		return
	}
	if m.Count == 0 || o.Peak > m.Peak {
		m.Peak = o.Peak
	}
	m.Sum += o.Sum
	m.Count += o.Count
}

// Value returns the average, nil where nothing was measured.
func (m Mean) Value() *float64 {
	if m.Count == 0 {
		return nil
	}
	average := m.Sum / float64(m.Count)
	return &average
}

// Largest returns the largest value, nil where nothing was measured.
func (m Mean) Largest() *float64 {
	if m.Count == 0 {
		return nil
	}
	return &m.Peak
}

// Minute is what was measured in one minute of the clock. If the clock was set back,
// it is what was measured each time that the minute came.
type Minute struct {
	At            Instant `json:"-"` // its beginning, a whole number of minutes since the Unix epoch
	CPU           Mean    `json:"cpu"`
	Memory        Mean    `json:"memory"` // MiB in use on the computer
	OwnCPU        Mean    `json:"ownCpu"`
	OwnMemory     Mean    `json:"ownMemory"`
	Connections   Mean    `json:"connections"`
	ResponseTime  Mean    `json:"responseTime"`
	ActiveSources Mean    `json:"activeSources"`
	SourceCPU     Mean    `json:"sourceCpu"` // averageCpuUsage
	SourceMemory  Mean    `json:"sourceMemory"`
	FPS           Mean    `json:"fps"`        // OBS's, likewise below
	RenderTime    Mean    `json:"renderTime"` // ms
	OBSCPU        Mean    `json:"obsCpu"`
	OBSMemory     Mean    `json:"obsMemory"`
	RenderLag     Mean    `json:"renderLag"`  // frames a second
	EncoderLag    Mean    `json:"encoderLag"` // frames a second
	Dropped       Mean    `json:"dropped"`    // frames a second
	Bitrate       Mean    `json:"bitrate"`    // kbit/s
}

// Join takes in what another minute has gathered.
func (m *Minute) Join(o Minute) {
	mine, theirs := m.means(), o.means()
	for i := range mine {
		mine[i].Join(*theirs[i])
	}
}

func (m *Minute) means() []*Mean {
	return []*Mean{
		&m.CPU, &m.Memory, &m.OwnCPU, &m.OwnMemory, &m.Connections, &m.ResponseTime, &m.ActiveSources, &m.SourceCPU, &m.SourceMemory,
		&m.FPS, &m.RenderTime, &m.OBSCPU, &m.OBSMemory, &m.RenderLag, &m.EncoderLag, &m.Dropped, &m.Bitrate,
	}
}

// SourceMinute is what was measured of one source in one minute.
type SourceMinute struct {
	At         Instant `json:"-"`
	SourceID   string  `json:"-"`
	FPS        Mean    `json:"fps"`
	LongFrames Mean    `json:"longFrames"` // in a minute
}

// Join takes in what another minute has gathered.
func (m *SourceMinute) Join(o SourceMinute) {
	m.FPS.Join(o.FPS)
	m.LongFrames.Join(o.LongFrames)
}

// HistoryLasts is how long minutes are kept.
const HistoryLasts Millis = 7 * 24 * 3_600_000

// History tells what was measured, of the last seven days.
type History interface {
	// Minutes returns the minutes of from ≤ At < to in which something was measured, in order.
	Minutes(ctx context.Context, from, to Instant) ([]Minute, error)
	// SourceMinutes does so for a source.
	SourceMinutes(ctx context.Context, sourceID string, from, to Instant) ([]SourceMinute, error)
}

// HistoryStore keeps the history.
type HistoryStore interface {
	History
	// AddMinutes adds minutes to what is kept of them, all or none. What it was told
	// last may be lost with the computer's power, never with Cuewire's end.
	AddMinutes(ctx context.Context, minutes []Minute, sources []SourceMinute) error
	// Prune forgets what is older than HistoryLasts at now and what lies more than a day
	// in the future, and in any case more than the newest that seven days can hold.
	// now is 0 while the clock cannot be relied on: then it goes by the number alone.
	Prune(ctx context.Context, now Instant) error
}
