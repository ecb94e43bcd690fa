package app

// The events of OBS that change nothing that is kept. Names of fields are those of
// obs-websocket where it has them. Settings of inputs are not told: they hold
// addresses with keys in them, and everybody on the bus may read events.
type (
	// OBSSceneCreated and OBSSceneRemoved are obs:sceneCreated and obs:sceneRemoved;
	// a group is a scene to OBS.
	OBSSceneCreated struct {
		SceneName string `json:"sceneName"`
		SceneUUID string `json:"sceneUuid,omitempty"`
		IsGroup   bool   `json:"isGroup"`
	}
	OBSSceneRemoved OBSSceneCreated

	// OBSTransitionStarted and OBSTransitionEnded are obs:transitionStarted and
	// obs:transitionEnded.
	OBSTransitionStarted struct {
		Transition string `json:"transition"`
	}
	OBSTransitionEnded OBSTransitionStarted

	// OBSSceneItemCreated and OBSSceneItemRemoved are obs:sceneItemCreated and
	// obs:sceneItemRemoved.
	OBSSceneItemCreated struct {
		SceneName   string `json:"sceneName"`
		SceneItemID int    `json:"sceneItemId"`
		SourceName  string `json:"sourceName"`
		SourceUUID  string `json:"sourceUuid,omitempty"`
	}
	OBSSceneItemRemoved OBSSceneItemCreated
	// OBSSceneItemVisible is obs:sceneItemVisibilityChanged.
	OBSSceneItemVisible struct {
		SceneName   string `json:"sceneName"`
		SceneItemID int    `json:"sceneItemId"`
		Visible     bool   `json:"visible"`
	}
	// OBSSceneItemLocked is obs:sceneItemLockChanged.
	OBSSceneItemLocked struct {
		SceneName   string `json:"sceneName"`
		SceneItemID int    `json:"sceneItemId"`
		Locked      bool   `json:"locked"`
	}
	// OBSSceneItemsReordered is obs:sceneItemsReordered, ids top first.
	OBSSceneItemsReordered struct {
		SceneName    string `json:"sceneName"`
		SceneItemIDs []int  `json:"sceneItemIds"`
	}
	// OBSSceneItemTransformed is obs:sceneItemTransformChanged; only while watched.
	OBSSceneItemTransformed struct {
		SceneName   string       `json:"sceneName"`
		SceneItemID int          `json:"sceneItemId"`
		Transform   OBSTransform `json:"transform"`
	}

	// OBSInputCreated and OBSInputRemoved are obs:inputCreated and obs:inputRemoved;
	// the kind is not known of a removed input.
	OBSInputCreated struct {
		InputName string `json:"inputName"`
		InputUUID string `json:"inputUuid,omitempty"`
		InputKind string `json:"inputKind,omitempty"`
	}
	OBSInputRemoved OBSInputCreated
	// OBSInputRenamed is obs:inputRenamed.
	OBSInputRenamed struct {
		PreviousName string `json:"previousName"`
		InputName    string `json:"inputName"`
		InputUUID    string `json:"inputUuid,omitempty"`
	}
	// OBSInputSettingsChanged is obs:inputSettingsChanged, without the settings.
	OBSInputSettingsChanged struct {
		InputName string `json:"inputName"`
		InputUUID string `json:"inputUuid,omitempty"`
	}
	// OBSInputMuted is obs:inputMuteChanged.
	OBSInputMuted struct {
		InputName string `json:"inputName"`
		Muted     bool   `json:"muted"`
	}
	// OBSInputVolume is obs:inputVolumeChanged. The volume is in dB, -100 for silence.
	OBSInputVolume struct {
		InputName string  `json:"inputName"`
		VolumeDB  float64 `json:"volumeDb"`
	}
	// OBSInputMeters is obs:inputVolumeMeters; only while watched, 20 times a second
	// at most.
	OBSInputMeters struct {
		Inputs []OBSMeter `json:"inputs"`
	}
	// OBSInputActive is obs:inputActiveChanged, whether an input is on program, and
	// OBSInputShowing is obs:inputShowingChanged, whether it is shown anywhere; only
	// while watched.
	OBSInputActive struct {
		InputName string `json:"inputName"`
		Active    bool   `json:"active"`
	}
	OBSInputShowing struct {
		InputName string `json:"inputName"`
		Showing   bool   `json:"showing"`
	}

	// OBSMediaChanged is obs:mediaChanged. Action is "started", "ended" or OBS's word
	// for what was pressed, "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_PAUSE".
	OBSMediaChanged struct {
		InputName string `json:"inputName"`
		Action    string `json:"action"`
	}
	// OBSRecordFileChanged is obs:recordFileChanged: the recording goes on in another
	// file. Path is on OBS's computer.
	OBSRecordFileChanged struct {
		Path string `json:"path"`
	}
	// OBSFileSaved is obs:recordFileSaved, obs:replayBufferSaved or
	// obs:screenshotSaved. Path is on OBS's computer.
	OBSFileSaved struct {
		Kind OBSFileKind `json:"-"`
		Path string      `json:"path"`
	}
	// OBSVendorEvent is obs:vendorEvent: what a plugin of OBS has to say.
	OBSVendorEvent struct {
		VendorName string         `json:"vendorName"`
		EventType  string         `json:"eventType"`
		EventData  map[string]any `json:"eventData"`
	}
	// OBSCustomEvent is obs:customEvent: what another client has broadcast.
	OBSCustomEvent struct {
		EventData map[string]any `json:"eventData"`
	}
	// OBSExiting is obs:exitStarted: OBS is about to quit.
	OBSExiting struct{}
)

// OBSFileKind is what a file is that OBS has saved.
type OBSFileKind string

// The kinds.
const (
	RecordFile     OBSFileKind = "recordFile"
	ReplayFile     OBSFileKind = "replayBuffer"
	ScreenshotFile OBSFileKind = "screenshot"
)

// OBSMeter is the loudness of one input: for each channel its magnitude, peak and
// input peak, 0 to 1 and above where it clips.
type OBSMeter struct {
	InputName string       `json:"inputName"`
	Levels    [][3]float64 `json:"levels"`
}

// OBSTransform is where a scene item stands on OBS's canvas: the corner before
// rotation at X, Y, the shown size Width×ScaleX by Height×ScaleY, Rotation in
// degrees clockwise.
type OBSTransform struct {
	X        float64 `json:"x"`
	Y        float64 `json:"y"`
	Width    float64 `json:"width"`
	Height   float64 `json:"height"`
	ScaleX   float64 `json:"scaleX"`
	ScaleY   float64 `json:"scaleY"`
	Rotation float64 `json:"rotation"`
}

func (OBSSceneCreated) EventName() string         { return "obs:sceneCreated" }
func (OBSSceneRemoved) EventName() string         { return "obs:sceneRemoved" }
func (OBSTransitionStarted) EventName() string    { return "obs:transitionStarted" }
func (OBSTransitionEnded) EventName() string      { return "obs:transitionEnded" }
func (OBSSceneItemCreated) EventName() string     { return "obs:sceneItemCreated" }
func (OBSSceneItemRemoved) EventName() string     { return "obs:sceneItemRemoved" }
func (OBSSceneItemVisible) EventName() string     { return "obs:sceneItemVisibilityChanged" }
func (OBSSceneItemLocked) EventName() string      { return "obs:sceneItemLockChanged" }
func (OBSSceneItemsReordered) EventName() string  { return "obs:sceneItemsReordered" }
func (OBSSceneItemTransformed) EventName() string { return "obs:sceneItemTransformChanged" }
func (OBSInputCreated) EventName() string         { return "obs:inputCreated" }
func (OBSInputRemoved) EventName() string         { return "obs:inputRemoved" }
func (OBSInputRenamed) EventName() string         { return "obs:inputRenamed" }
func (OBSInputSettingsChanged) EventName() string { return "obs:inputSettingsChanged" }
func (OBSInputMuted) EventName() string           { return "obs:inputMuteChanged" }
func (OBSInputVolume) EventName() string          { return "obs:inputVolumeChanged" }
func (OBSInputMeters) EventName() string          { return "obs:inputVolumeMeters" }
func (OBSInputActive) EventName() string          { return "obs:inputActiveChanged" }
func (OBSInputShowing) EventName() string         { return "obs:inputShowingChanged" }
func (OBSMediaChanged) EventName() string         { return "obs:mediaChanged" }
func (OBSRecordFileChanged) EventName() string    { return "obs:recordFileChanged" }
func (e OBSFileSaved) EventName() string          { return "obs:" + string(e.Kind) + "Saved" }
func (OBSVendorEvent) EventName() string          { return "obs:vendorEvent" }
func (OBSCustomEvent) EventName() string          { return "obs:customEvent" }
func (OBSExiting) EventName() string              { return "obs:exitStarted" }
