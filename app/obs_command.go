package app

// OBSCommand asks OBS for something, see [OBS].
type OBSCommand interface{ obsCommand() }

// OBSAnswer is what a command brought back; nil for most.
type OBSAnswer any

// The commands about the connection.
type (
	// ConnectOBS connects to the OBS given, or finds one on this computer when Host
	// is "". It returns once connected or refused, and answers nil. A refusal leaves
	// everything as it was. An OBS given that accepts is remembered among the
	// instances and is the active one from then on.
	ConnectOBS struct {
		Host     string
		Port     int // 0 for 4455
		Password string
	}
	// DisconnectOBS ends the connection until a person asks for it again.
	DisconnectOBS struct{}
	// ReconnectOBS drops the connection, if any, and connects anew.
	ReconnectOBS struct{}

	// ListOBS answers with []OBSInstance, this computer's first.
	ListOBS struct{}
	// AddOBS remembers an OBS, or changes the one of that host and port. It does not
	// connect. It answers with its OBSInstance.
	AddOBS struct {
		Name     string // "" for its host
		Host     string
		Port     int // 0 for 4455
		Password string
	}
	// RemoveOBS forgets an OBS and its password; the active one cannot be removed.
	RemoveOBS struct{ ID string }
	// ActivateOBS makes an OBS the active one and connects to it. It stays the active
	// one when the first try fails, which is then the error.
	ActivateOBS struct{ ID string }
)

// OBSInstance is an OBS that Cuewire may connect to. The one with ID "" is the OBS
// that is found on this computer.
type OBSInstance struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Host   string `json:"host"`
	Port   int    `json:"port"`
	Active bool   `json:"active"`
}

// The commands about scenes.
type (
	// SwitchScene puts a scene on program.
	SwitchScene struct{ Scene string }
	// SwitchPreview puts a scene in preview; CodeConflict outside studio mode.
	SwitchPreview struct{ Scene string }
	// TriggerTransition takes the preview to program; CodeConflict outside studio mode.
	TriggerTransition struct{}
	// SetTransition chooses the transition that switches use. "" keeps the transition,
	// nil its duration.
	SetTransition struct {
		Name     string
		Duration *Millis // 50 to 20,000
	}
	// SetStudioMode switches studio mode.
	SetStudioMode struct{ On bool }

	// CreateScene makes an empty scene; CodeConflict when the name is taken.
	CreateScene struct{ Scene string }
	// RemoveScene removes a scene; CodeConflict when it is the last.
	RemoveScene struct{ Scene string }
	// RenameScene gives a scene another name; CodeConflict when that is taken.
	RenameScene struct{ Scene, Name string }

	// SwitchProfile loads another profile; CodeConflict while an output runs, since it
	// would end.
	SwitchProfile struct{ Profile string }
	// SwitchCollection loads another scene collection and returns when OBS is done.
	SwitchCollection struct{ Collection string }
)

// The commands about scene items. Item ids are those of [OBSSceneItem].
type (
	// ListSceneItems answers with []OBSSceneItem of a scene, top first.
	ListSceneItems struct{ Scene string }
	// ShowSceneItem shows or hides an item.
	ShowSceneItem struct {
		Scene   string
		Item    int
		Visible bool
	}
	// AddSceneItem puts a source that exists into a scene, on top, and answers with
	// its OBSSceneItem.
	AddSceneItem struct {
		Scene, Source string
		Hidden        bool // it is not visible yet
	}
	// RemoveSceneItem takes an item out of its scene.
	RemoveSceneItem struct {
		Scene string
		Item  int
	}
	// MoveSceneItem puts an item in another place, 0 on top.
	MoveSceneItem struct {
		Scene string
		Item  int
		Place int
	}
	// PlaceSceneItem sets where an item stands; nil leaves a value as it is.
	PlaceSceneItem struct {
		Scene          string
		Item           int
		X, Y           *float64
		ScaleX, ScaleY *float64
		Rotation       *float64
	}
)

// OBSSceneItem is a source in a scene. Positions and sizes are in canvas pixels.
type OBSSceneItem struct {
	ID         int    // of the item, in its scene
	SourceName string //
	SourceKind string // OBS's input kind, "scene" or "group"
	Visible    bool
	X, Y       float64
	Width      float64 // of the source, before scaling
	Height     float64
	ScaleX     float64
	ScaleY     float64
	Rotation   float64 // degrees, clockwise

	Alignment                                int    // which point of the item is at X, Y, as OBS counts; 5 is the top left corner
	Bounds                                   string // OBS's word for the kind of bounding box, "OBS_BOUNDS_NONE"
	BoundsAlignment                          int
	BoundsWidth, BoundsHeight                float64
	CropLeft, CropTop, CropRight, CropBottom int // pixels of the source
}

// The commands about outputs. Starting what runs, and stopping what does not, is
// CodeConflict; so is an output that OBS is not set up for.
type (
	// StartStream goes live.
	StartStream struct{}
	// StopStream ends the stream. While it is live that needs Confirm: without it the
	// command is refused with CodeConflict, "obs.confirmStop", and nothing happens.
	StopStream struct{ Confirm bool }
	// StartRecord starts a recording.
	StartRecord struct{}
	// StopRecord ends it and answers with its path on OBS's computer, a string.
	StopRecord struct{}
	// PauseRecord holds it.
	PauseRecord struct{}
	// ResumeRecord goes on with it.
	ResumeRecord struct{}
	// StartReplay starts the replay buffer.
	StartReplay struct{}
	// StopReplay stops it.
	StopReplay struct{}
	// SaveReplay saves what it holds.
	SaveReplay struct{}
	// StartVirtualCam starts the virtual camera.
	StartVirtualCam struct{}
	// StopVirtualCam stops it.
	StopVirtualCam struct{}
)

// The commands about inputs.
type (
	// ListInputs answers with []OBSInput, all or those of one kind.
	ListInputs struct{ Kind string }
	// SetMute mutes an input or lets it be heard.
	SetMute struct {
		Input string
		Muted bool
	}
	// SetVolume sets an input's volume in dB, -100 to 26.
	SetVolume struct {
		Input string
		DB    float64
	}
	// TakeScreenshot answers with an OBSScreenshot of a scene or source. Width 0 is
	// its own; otherwise the height follows, 8 to 4096.
	TakeScreenshot struct {
		Source string
		Width  int
		Format string // "png", "jpg"; "" for jpg
	}
	// CallVendor asks a plugin of OBS and answers with its map[string]any:
	// obs-browser's emit_event reaches every page in a browser source.
	CallVendor struct {
		Vendor, Request string
		Data            map[string]any
	}
	// WatchOBS says which high-volume events a watcher wants to be told from now on;
	// none ends its watching. Events go to everybody while anybody watches. Watching
	// outlives the connection.
	WatchOBS struct {
		Watcher string // whose wish it is, such as a connection's id
		Events  OBSWatch
	}
)

// OBSWatch is a set of high-volume events.
type OBSWatch struct {
	Meters     bool // obs:inputVolumeMeters
	Transforms bool // obs:sceneItemTransformChanged
	Activity   bool // obs:inputActiveChanged and obs:inputShowingChanged
}

// OBSInput is an input of OBS.
type OBSInput struct {
	Name     string   `json:"inputName"`
	UUID     string   `json:"inputUuid,omitempty"` // "" before obs-websocket 5.4
	Kind     string   `json:"inputKind"`
	Muted    *bool    `json:"muted"`    // nil for an input without sound
	VolumeDB *float64 `json:"volumeDb"` // likewise
}

// OBSScreenshot is a picture.
type OBSScreenshot struct {
	ContentType string // "image/png", "image/jpeg"
	Data        []byte
}

func (ConnectOBS) obsCommand()        {}
func (DisconnectOBS) obsCommand()     {}
func (ReconnectOBS) obsCommand()      {}
func (ListOBS) obsCommand()           {}
func (AddOBS) obsCommand()            {}
func (RemoveOBS) obsCommand()         {}
func (ActivateOBS) obsCommand()       {}
func (SwitchScene) obsCommand()       {}
func (SwitchPreview) obsCommand()     {}
func (TriggerTransition) obsCommand() {}
func (SetTransition) obsCommand()     {}
func (SetStudioMode) obsCommand()     {}
func (CreateScene) obsCommand()       {}
func (RemoveScene) obsCommand()       {}
func (RenameScene) obsCommand()       {}
func (SwitchProfile) obsCommand()     {}
func (SwitchCollection) obsCommand()  {}
func (ListSceneItems) obsCommand()    {}
func (ShowSceneItem) obsCommand()     {}
func (AddSceneItem) obsCommand()      {}
func (RemoveSceneItem) obsCommand()   {}
func (MoveSceneItem) obsCommand()     {}
func (PlaceSceneItem) obsCommand()    {}
func (StartStream) obsCommand()       {}
func (StopStream) obsCommand()        {}
func (StartRecord) obsCommand()       {}
func (StopRecord) obsCommand()        {}
func (PauseRecord) obsCommand()       {}
func (ResumeRecord) obsCommand()      {}
func (StartReplay) obsCommand()       {}
func (StopReplay) obsCommand()        {}
func (SaveReplay) obsCommand()        {}
func (StartVirtualCam) obsCommand()   {}
func (StopVirtualCam) obsCommand()    {}
func (ListInputs) obsCommand()        {}
func (SetMute) obsCommand()           {}
func (SetVolume) obsCommand()         {}
func (TakeScreenshot) obsCommand()    {}
func (CallVendor) obsCommand()        {}
func (WatchOBS) obsCommand()          {}
