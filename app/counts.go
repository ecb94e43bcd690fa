package app

// What the parts of Cuewire count of themselves since they started. Reading the
// counts is all that they cost.
type (
	// EngineCounts are the engine's.
	EngineCounts struct {
		Applied, Refused, Failed uint64 // commands; failed ones by a fault of ours
		Facts                    uint64 // that were told: of OBS, of clients, samples
		Commits                  DurationCounts
		CommitErrors             uint64
		Unsaved                  uint64  // steps that are not on disk yet
		UnsavedFor               float64 // seconds that the oldest of them has waited
	}

	// DialectCounts are those of one WebSocket protocol.
	DialectCounts struct {
		Dialect   string
		Open      int
		Opened    uint64
		FramesOut uint64 // handed to the system, control frames too
		BytesOut  uint64
		Closed    map[string]uint64 // by why; every reason that there is
	}

	// RouteCounts are those of one route of HTTP with one class of answers.
	RouteCounts struct {
		Route string // as it is registered: "/api/v1/rooms/{room}"
		Class string // "2xx"
		Took  DurationCounts
	}

	// ServerCounts are the server's.
	ServerCounts struct {
		Dialects   []DialectCounts
		Routes     []RouteCounts // by route and class
		MessagesIn uint64        // of all clients
	}

	// OBSCounts are those of the connection to OBS.
	OBSCounts struct {
		Connections               uint64
		Answered, Refused, Failed uint64 // requests; failed ones had no answer
		Took                      DurationCounts
	}
)
