package app

// RestingSeconds is how many seconds lie between two measurements, of OBS too, while
// nobody watches: no window, no connection, no request of late. Otherwise it is one.
const RestingSeconds = 5

// Sample is one measuring of the computer and of Cuewire, once a second, or every
// RestingSeconds while nobody watches. A value that cannot be measured is nil.
type Sample struct {
	At          Instant
	HostCPU     *float64 // per cent of all cores, 0 to 100
	MemoryUsed  *float64 // MiB in use on the computer
	MemoryTotal *float64 // MiB
	OwnCPU      *float64 // per cent of one core
	OwnMemory   *float64 // MiB resident
	Uptime      float64  // seconds since Cuewire started
	Server      ServerLoad
	Sources     SourcesPerformance
}

// ServerLoad is what the server counts of itself.
type ServerLoad struct {
	Connections     int      // open WebSocket connections
	Requests        uint64   // HTTP requests answered since start
	AverageResponse *float64 // ms, of the HTTP requests of the last minute; nil where there was none
	ErrorRate       *float64 // per cent of them that failed by a fault of ours (5xx); likewise
	Opened          uint64   // WebSocket connections opened since start

	MessagesPerSecond float64 // that clients sent, over the last minute
}

// Performance is a sample as performance:update publishes it. Memory is in MiB,
// CPU in per cent, uptime in seconds, response times in ms; nil is null.
type Performance struct {
	System      SystemPerformance      `json:"system"`
	Application ApplicationPerformance `json:"application"`
	Sources     SourcesPerformance     `json:"sources"`
}

// SystemPerformance is the computer's part.
type SystemPerformance struct {
	CPU           *float64 `json:"cpu"`
	Memory        *float64 `json:"memory"`
	MemoryTotal   *float64 `json:"memoryTotal"`
	MemoryPercent *float64 `json:"memoryPercent"`
	Uptime        float64  `json:"uptime"`
}

// ApplicationPerformance is Cuewire's own part.
type ApplicationPerformance struct {
	ActiveConnections   int      `json:"activeConnections"`
	AverageResponseTime *float64 `json:"averageResponseTime"`
	CPU                 *float64 `json:"cpu"`
	Memory              *float64 `json:"memory"`
}

// SourcesPerformance is the browser sources' part. What one source of several in a
// browser costs cannot be measured: averages are the cost of all of OBS's browser
// processes, shared out among the active sources.
type SourcesPerformance struct {
	Total              int                 `json:"total"`
	Active             int                 `json:"active"`
	AverageCPUUsage    *float64            `json:"averageCpuUsage"`    // per cent of one core
	AverageMemoryUsage *float64            `json:"averageMemoryUsage"` // MiB
	AverageRenderTime  *float64            `json:"averageRenderTime"`  // always null: no page tells
	Browser            *BrowserPerformance `json:"browser"`            // null unless OBS runs on this computer
	Pages              []PagePerformance   `json:"pages"`              // the active sources that tell of themselves; never nil
}

// BrowserPerformance is what OBS's browser processes use together.
type BrowserPerformance struct {
	Processes int      `json:"processes"`
	CPU       *float64 `json:"cpu"`    // per cent of one core
	Memory    *float64 `json:"memory"` // MiB that no other process shares, where the system tells, else MiB resident
}

// PagePerformance is what the pages of a source tell, the slowest of several.
type PagePerformance struct {
	SourceID   string   `json:"sourceId"`
	Name       string   `json:"name"`
	FPS        *float64 `json:"fps"`
	LongFrames *float64 `json:"longFrames"` // frames longer than 50 ms in a minute
}

// Performance returns the sample in its published shape.
func (s Sample) Performance() Performance {
	p := Performance{
		System: SystemPerformance{CPU: s.HostCPU, Memory: s.MemoryUsed, MemoryTotal: s.MemoryTotal, Uptime: s.Uptime},
		Application: ApplicationPerformance{
			ActiveConnections: s.Server.Connections, AverageResponseTime: s.Server.AverageResponse,
			CPU: s.OwnCPU, Memory: s.OwnMemory,
		},
		Sources: s.Sources,
	}
	if p.Sources.Pages == nil {
		p.Sources.Pages = []PagePerformance{}
	}
	if s.MemoryUsed != nil && s.MemoryTotal != nil && *s.MemoryTotal > 0 {
		percent := *s.MemoryUsed / *s.MemoryTotal * 100
		p.System.MemoryPercent = &percent
	}
	return p
}

// Machine is what this computer is; "" is not known.
type Machine struct {
	Cores  int    // logical ones
	Model  string // of the processor
	System string // the operating system and its version
}
