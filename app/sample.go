package app

// Sample is one measuring of the computer and of Cuewire, once a second. A value
// that cannot be measured is nil.
type Sample struct {
	At          Instant
	HostCPU     *float64 // per cent of all cores, 0 to 100
	MemoryUsed  *float64 // MiB in use on the computer
	MemoryTotal *float64 // MiB
	OwnCPU      *float64 // per cent of one core
	OwnMemory   *float64 // MiB resident
	Uptime      float64  // seconds since Cuewire started
	Server      ServerLoad
}

// ServerLoad is what the server counts of itself.
type ServerLoad struct {
	Connections     int      // open WebSocket connections
	Requests        uint64   // HTTP requests answered since start
	AverageResponse *float64 // ms, of the HTTP requests of the last minute; nil where there was none
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

// SourcesPerformance is the browser sources' part.
type SourcesPerformance struct {
	Total           int      `json:"total"`
	Active          int      `json:"active"`
	AverageCPUUsage *float64 `json:"averageCpuUsage"`
}

// Performance returns the sample in its published shape.
func (s Sample) Performance() Performance {
	p := Performance{
		System: SystemPerformance{CPU: s.HostCPU, Memory: s.MemoryUsed, MemoryTotal: s.MemoryTotal, Uptime: s.Uptime},
		Application: ApplicationPerformance{
			ActiveConnections: s.Server.Connections, AverageResponseTime: s.Server.AverageResponse,
			CPU: s.OwnCPU, Memory: s.OwnMemory,
		},
	}
	if s.MemoryUsed != nil && s.MemoryTotal != nil && *s.MemoryTotal > 0 {
		percent := *s.MemoryUsed / *s.MemoryTotal * 100
		p.System.MemoryPercent = &percent
	}
	return p
}
