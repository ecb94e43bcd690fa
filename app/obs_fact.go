package app

// The facts that the bridge tells.
type (
	// OBSPhaseFact tells where the connection stands. With phase OBSConnected it is
	// followed at once by an OBSResyncFact.
	OBSPhaseFact struct {
		At                           Instant
		Phase                        OBSPhase
		Host                         string
		Port                         int
		RetryAt                      Instant
		ConnectionID                 string
		OBSVersion, WebSocketVersion string
	}
	// OBSResyncFact replaces what was known with what OBS has just answered.
	OBSResyncFact struct {
		Scenes         []OBSScene
		CurrentScene   string
		PreviewScene   string
		StudioMode     bool
		Stream, Record OBSOutput

		ReplayBuffer, VirtualCam OBSOutput
		Transition               OBSTransitionFact
		Transitions              []string
		Profile                  OBSProfileFact
		Collection               OBSCollectionFact
		Canvas                   OBSCanvas
	}
	// OBSSceneFact tells that another scene is on program.
	OBSSceneFact struct{ Scene string }
	// OBSScenesFact tells a new scene list.
	OBSScenesFact struct{ Scenes []OBSScene }
	// OBSStreamFact and OBSRecordFact tell the state of the outputs.
	OBSStreamFact struct{ Output OBSOutput }
	OBSRecordFact struct{ Output OBSOutput }
	// OBSStatsFact tells new statistics.
	OBSStatsFact struct{ Stats OBSStats }
)

func (OBSPhaseFact) command()  {}
func (OBSResyncFact) command() {}
func (OBSSceneFact) command()  {}
func (OBSScenesFact) command() {}
func (OBSStreamFact) command() {}
func (OBSRecordFact) command() {}
func (OBSStatsFact) command()  {}

// Apply sets the phase.
func (f OBSPhaseFact) Apply(s OBSState) (OBSState, []EventBody) {
	was, wasPhase := s.Connected(), OBSPhaseChanged{s.Phase, s.Host, s.Port, instantOrNil(s.RetryAt)}
	s.Phase, s.Host, s.Port, s.RetryAt = f.Phase, f.Host, f.Port, f.RetryAt
	s.ConnectionID, s.OBSVersion, s.WebSocketVersion = f.ConnectionID, f.OBSVersion, f.WebSocketVersion
	var events []EventBody
	if now := (OBSPhaseChanged{s.Phase, s.Host, s.Port, instantOrNil(s.RetryAt)}); !samePhase(wasPhase, now) {
		events = append(events, now)
	}
	if s.Connected() {
		s.LastConnected = f.At.Time()
	} else {
		s.Stats, s.Stream, s.Record, s.ReplayBuffer, s.VirtualCam = nil, OBSOutput{}, OBSOutput{}, OBSOutput{}, OBSOutput{}
		s.CollectionChanging = false
	}
	if s.Connected() != was {
		events = append(events, s.connection())
	}
	return s, events
}

// Apply replaces what was known, and tells what became different, as found.
func (f OBSResyncFact) Apply(s OBSState) (OBSState, []EventBody) {
	var events []EventBody
	for _, part := range []OBSFact{
		f.Profile, f.Collection,
		OBSCanvasFact{f.Canvas},
		OBSScenesFact{f.Scenes},
		OBSSceneFact{f.CurrentScene},
		OBSStudioModeFact{f.StudioMode},
		OBSPreviewFact{f.PreviewScene},
		OBSTransitionsFact{f.Transitions},
		f.Transition,
		OBSStreamFact{f.Stream},
		OBSRecordFact{f.Record},
		OBSReplayFact{f.ReplayBuffer},
		OBSVirtualCamFact{f.VirtualCam},
	} {
		var told []EventBody
		s, told = part.Apply(s)
		events = append(events, told...)
	}
	for i, event := range events {
		switch e := event.(type) {
		case OBSSceneChanged:
			e.Found = true
			events[i] = e
		case OBSStreamChanged:
			e.Found = true
			events[i] = e
		}
	}
	return s, events
}

// Apply switches the program scene.
func (f OBSSceneFact) Apply(s OBSState) (OBSState, []EventBody) {
	if f.Scene == s.CurrentScene {
		return s, nil
	}
	event := OBSSceneChanged{PreviousScene: stringOrNil(s.CurrentScene), CurrentScene: f.Scene, SceneIndex: s.SceneIndex(f.Scene)}
	s.CurrentScene = f.Scene
	return s, []EventBody{event}
}

// Apply replaces the scene list.
func (f OBSScenesFact) Apply(s OBSState) (OBSState, []EventBody) {
	if sameScenes(s.Scenes, f.Scenes) {
		return s, nil
	}
	s.Scenes = f.Scenes
	return s, []EventBody{OBSSceneListChanged(f)}
}

// Apply sets the stream's state.
func (f OBSStreamFact) Apply(s OBSState) (OBSState, []EventBody) {
	was := s.Stream
	s.Stream = f.Output
	if was.sameState(f.Output) {
		return s, nil
	}
	return s, []EventBody{OBSStreamChanged{OBSOutput: f.Output}}
}

// Apply sets the recording's state.
func (f OBSRecordFact) Apply(s OBSState) (OBSState, []EventBody) {
	was := s.Record
	s.Record = f.Output
	if was.sameState(f.Output) {
		return s, nil
	}
	return s, []EventBody{OBSRecordChanged{f.Output}}
}

// Apply keeps the statistics.
func (f OBSStatsFact) Apply(s OBSState) (OBSState, []EventBody) {
	s.Stats = &f.Stats
	return s, []EventBody{OBSStatsUpdated(f)}
}
