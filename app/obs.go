package app

import (
	"net"
	"strings"
	"time"
)

// OBSPhase is where the connection to OBS stands, in terms that a person
// understands. Each has its words in the catalogue, "obs.phase.PHASE".
type OBSPhase string

// The phases.
const (
	OBSOff           OBSPhase = "off"            // not wanted: --no-obs, or disconnected by a person
	OBSSearching     OBSPhase = "searching"      // looking for an OBS on this computer
	OBSNotRunning    OBSPhase = "not_running"    // settings found or given, nobody listens
	OBSServerOff     OBSPhase = "server_off"     // OBS's WebSocket server is switched off
	OBSWrongPassword OBSPhase = "wrong_password" // stopped until a person gives another
	OBSConnecting    OBSPhase = "connecting"
	OBSConnected     OBSPhase = "connected"
	OBSLost          OBSPhase = "lost"   // was connected; tries again at RetryAt
	OBSKicked        OBSPhase = "kicked" // somebody closed our session in OBS; stopped until a person reconnects
)

// OBSState is what is known of OBS. While Phase is not OBSConnected scenes,
// transitions, profiles and collections are the last ones known, Stats is nil and
// the outputs are zero.
type OBSState struct {
	Phase            OBSPhase
	Host             string // where OBS is, or is looked for; "" when unknown
	Port             int
	RetryAt          Instant // when the next try is, 0 for none planned
	ConnectionID     string  // of this connection, "obs-conn-…"; "" while not connected
	OBSVersion       string
	WebSocketVersion string
	LastConnected    time.Time  // zero for never
	Scenes           []OBSScene // top first, as OBS shows them
	CurrentScene     string     // on program
	PreviewScene     string     // "" unless in studio mode
	StudioMode       bool
	Stream           OBSOutput
	Record           OBSOutput
	ReplayBuffer     OBSOutput
	VirtualCam       OBSOutput
	Stats            *OBSStats

	Transition         string // that the next switch will use
	TransitionDuration Millis // 0 where it has none of its own
	Transitions        []string
	Profile            string
	Profiles           []string
	Collection         string // of scenes
	Collections        []string
	CollectionChanging bool // OBS is loading it and takes no requests
	Canvas             OBSCanvas
}

// Connected reports whether OBS answers now.
func (s OBSState) Connected() bool { return s.Phase == OBSConnected }

// OnThisComputer reports whether OBS runs, or is looked for, on this computer. For
// one elsewhere our addresses must be those of the local network.
func (s OBSState) OnThisComputer() bool {
	return s.Host == "" || strings.EqualFold(s.Host, "localhost") || net.ParseIP(s.Host).IsLoopback()
}

// SceneIndex returns the place of the scene with that name, 0 at the top, or -1.
func (s OBSState) SceneIndex(name string) int {
	for i, scene := range s.Scenes {
		if scene.Name == name {
			return i
		}
	}
	return -1
}

// OBSScene is a scene of OBS.
type OBSScene struct {
	Name string `json:"sceneName"`
	UUID string `json:"sceneUuid,omitempty"` // "" before obs-websocket 5.4
}

// OBSOutput is an output of OBS: the stream, the recording.
type OBSOutput struct {
	Active       bool    `json:"active"`
	Paused       bool    `json:"paused"`
	Reconnecting bool    `json:"reconnecting"` // the stream lost its server and tries again
	State        string  `json:"state"`        // OBS's own word for the last change, "OBS_WEBSOCKET_OUTPUT_STARTED"; "" when unknown
	Since        Instant `json:"since"`        // when it became active, by our clock; 0 while not
	Duration     Millis  `json:"duration"`     // ms of output at Measured, as OBS counts it
	Measured     Instant `json:"measured"`
}

// OBSStats are OBS's statistics at one moment. Rates are per second over the time
// since the sample before; nil where they cannot be told yet.
type OBSStats struct {
	At                  Instant  `json:"-"`
	CPUUsage            float64  `json:"cpuUsage"`           // per cent
	MemoryUsage         float64  `json:"memoryUsage"`        // MiB
	DiskSpace           float64  `json:"availableDiskSpace"` // MiB left where OBS records
	FPS                 float64  `json:"fps"`
	RenderTime          float64  `json:"renderTime"` // ms per frame
	RenderSkippedFrames int64    `json:"renderSkippedFrames"`
	RenderTotalFrames   int64    `json:"renderTotalFrames"`
	OutputSkippedFrames int64    `json:"outputSkippedFrames"`
	OutputTotalFrames   int64    `json:"outputTotalFrames"`
	StreamCongestion    *float64 `json:"congestion"`          // 0 to 1; nil while not streaming
	StreamBitrate       *float64 `json:"bitrate"`             // kbit/s; nil while not streaming
	StreamSkippedFrames *int64   `json:"streamSkippedFrames"` // dropped by the network; nil while not streaming
	RenderSkippedRate   *float64 `json:"renderSkippedRate"`   // frames a second, likewise below
	OutputSkippedRate   *float64 `json:"outputSkippedRate"`
	StreamSkippedRate   *float64 `json:"streamSkippedRate"`
}

// The events about OBS.
type (
	// OBSConnectionChanged is obs:connectionChanged, sent when Connected flips.
	OBSConnectionChanged struct {
		Connected        bool    `json:"connected"`
		ConnectionID     *string `json:"connectionId"`
		OBSVersion       *string `json:"obsVersion"`
		WebSocketVersion *string `json:"websocketVersion"`
	}
	// OBSPhaseChanged is obs:phaseChanged, sent whenever the phase or the next try changes.
	OBSPhaseChanged struct {
		Phase   OBSPhase `json:"phase"`
		Host    string   `json:"host"`
		Port    int      `json:"port"`
		RetryAt *Instant `json:"retryAt"` // Unix milliseconds, null for none planned
	}
	// OBSSceneChanged is obs:sceneChanged. SceneIndex counts from the top, 0 first.
	OBSSceneChanged struct {
		PreviousScene *string `json:"previousScene"`
		CurrentScene  string  `json:"currentScene"`
		SceneIndex    int     `json:"sceneIndex"`
		Found         bool    `json:"-"` // by asking, so it may have happened any time before
	}
	// OBSSceneListChanged is obs:sceneListChanged, top first.
	OBSSceneListChanged struct {
		Scenes []OBSScene `json:"scenes"`
	}
	// OBSStreamChanged is obs:streamStateChanged.
	OBSStreamChanged struct {
		OBSOutput
		Found bool `json:"-"` // by asking, so it may have happened any time before
	}
	// OBSRecordChanged is obs:recordStateChanged.
	OBSRecordChanged struct{ OBSOutput }
	// OBSStatsUpdated is obs:statsUpdate.
	OBSStatsUpdated struct {
		Stats OBSStats `json:"stats"`
	}
)

func (OBSConnectionChanged) EventName() string { return "obs:connectionChanged" }
func (OBSPhaseChanged) EventName() string      { return "obs:phaseChanged" }
func (OBSSceneChanged) EventName() string      { return "obs:sceneChanged" }
func (OBSSceneListChanged) EventName() string  { return "obs:sceneListChanged" }
func (OBSStreamChanged) EventName() string     { return "obs:streamStateChanged" }
func (OBSRecordChanged) EventName() string     { return "obs:recordStateChanged" }
func (OBSStatsUpdated) EventName() string      { return "obs:statsUpdate" }

// Replay returns the events that tell a newcomer the state.
func (s OBSState) Replay() []EventBody {
	events := []EventBody{s.connection(), OBSPhaseChanged{s.Phase, s.Host, s.Port, instantOrNil(s.RetryAt)}}
	if len(s.Scenes) > 0 {
		events = append(events, OBSSceneListChanged{s.Scenes})
	}
	if s.Canvas != (OBSCanvas{}) {
		events = append(events, OBSCanvasChanged{s.Canvas})
	}
	if s.CurrentScene != "" {
		events = append(events, OBSSceneChanged{CurrentScene: s.CurrentScene, SceneIndex: s.SceneIndex(s.CurrentScene), Found: true})
	}
	if s.Connected() {
		events = append(events,
			OBSStudioModeChanged{s.StudioMode}, OBSPreviewChanged{nil, stringOrNil(s.PreviewScene)},
			OBSTransitionChanged{s.Transition, s.TransitionDuration},
			OBSProfileChanged{s.Profile, s.Profiles}, OBSCollectionChanged{s.Collection, s.Collections, s.CollectionChanging},
			OBSStreamChanged{OBSOutput: s.Stream, Found: true}, OBSRecordChanged{s.Record}, OBSReplayChanged{s.ReplayBuffer}, OBSVirtualCamChanged{s.VirtualCam})
	}
	if s.Stats != nil {
		events = append(events, OBSStatsUpdated{*s.Stats})
	}
	return events
}

func (s OBSState) connection() OBSConnectionChanged {
	return OBSConnectionChanged{s.Connected(), stringOrNil(s.ConnectionID), stringOrNil(s.OBSVersion), stringOrNil(s.WebSocketVersion)}
}

func (o OBSOutput) sameState(p OBSOutput) bool {
	return o.Active == p.Active && o.Paused == p.Paused && o.Reconnecting == p.Reconnecting && o.State == p.State
}

func sameScenes(a, b []OBSScene) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func samePhase(a, b OBSPhaseChanged) bool {
	if a.Phase != b.Phase || a.Host != b.Host || a.Port != b.Port || (a.RetryAt == nil) != (b.RetryAt == nil) {
		return false
	}
	return a.RetryAt == nil || *a.RetryAt == *b.RetryAt
}

func stringOrNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func instantOrNil(i Instant) *Instant {
	if i == 0 {
		return nil
	}
	return &i
}
