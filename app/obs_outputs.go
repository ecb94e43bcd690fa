package app

import "slices"

// The facts about the smaller outputs, transitions, profiles and collections.
type (
	// OBSReplayFact and OBSVirtualCamFact tell the state of the outputs.
	OBSReplayFact     struct{ Output OBSOutput }
	OBSVirtualCamFact struct{ Output OBSOutput }
	// OBSTransitionFact tells the transition that the next switch will use.
	OBSTransitionFact struct {
		Name     string
		Duration Millis // 0 where the transition has none of its own
	}
	// OBSTransitionsFact tells all transitions there are.
	OBSTransitionsFact struct{ Names []string }
	// OBSProfileFact tells the profile in use and, unless nil, all there are.
	OBSProfileFact struct {
		Name  string
		Names []string
	}
	// OBSCollectionFact tells the scene collection in use and, unless nil, all there
	// are. Changing says that OBS is still loading it.
	OBSCollectionFact struct {
		Name     string
		Names    []string
		Changing bool
	}
	// OBSNoticeFact tells an event that changes nothing that is kept.
	OBSNoticeFact struct{ Event EventBody }
)

func (OBSReplayFact) command()      {}
func (OBSVirtualCamFact) command()  {}
func (OBSTransitionFact) command()  {}
func (OBSTransitionsFact) command() {}
func (OBSProfileFact) command()     {}
func (OBSCollectionFact) command()  {}
func (OBSNoticeFact) command()      {}

// The events about them.
type (
	// OBSReplayChanged is obs:replayBufferStateChanged.
	OBSReplayChanged struct{ OBSOutput }
	// OBSVirtualCamChanged is obs:virtualCamStateChanged.
	OBSVirtualCamChanged struct{ OBSOutput }
	// OBSTransitionChanged is obs:transitionChanged.
	OBSTransitionChanged struct {
		Transition string `json:"transition"`
		Duration   Millis `json:"duration"` // ms, 0 where it has none of its own
	}
	// OBSProfileChanged is obs:profileChanged.
	OBSProfileChanged struct {
		Profile  string   `json:"profile"`
		Profiles []string `json:"profiles"`
	}
	// OBSCollectionChanged is obs:sceneCollectionChanged. While Changing, OBS is
	// loading the collection and takes no requests.
	OBSCollectionChanged struct {
		Collection  string   `json:"sceneCollection"`
		Collections []string `json:"sceneCollections"`
		Changing    bool     `json:"changing"`
	}
)

func (OBSReplayChanged) EventName() string     { return "obs:replayBufferStateChanged" }
func (OBSVirtualCamChanged) EventName() string { return "obs:virtualCamStateChanged" }
func (OBSTransitionChanged) EventName() string { return "obs:transitionChanged" }
func (OBSProfileChanged) EventName() string    { return "obs:profileChanged" }
func (OBSCollectionChanged) EventName() string { return "obs:sceneCollectionChanged" }

// Apply sets the replay buffer's state.
func (f OBSReplayFact) Apply(s OBSState) (OBSState, []EventBody) {
	was := s.ReplayBuffer
	s.ReplayBuffer = f.Output
	if was.sameState(f.Output) {
		return s, nil
	}
	return s, []EventBody{OBSReplayChanged{f.Output}}
}

// Apply sets the virtual camera's state.
func (f OBSVirtualCamFact) Apply(s OBSState) (OBSState, []EventBody) {
	was := s.VirtualCam
	s.VirtualCam = f.Output
	if was.sameState(f.Output) {
		return s, nil
	}
	return s, []EventBody{OBSVirtualCamChanged{f.Output}}
}

// Apply sets the transition.
func (f OBSTransitionFact) Apply(s OBSState) (OBSState, []EventBody) {
	if s.Transition == f.Name && s.TransitionDuration == f.Duration {
		return s, nil
	}
	s.Transition, s.TransitionDuration = f.Name, f.Duration
	return s, []EventBody{OBSTransitionChanged{f.Name, f.Duration}}
}

// Apply keeps the list; nothing tells of it.
func (f OBSTransitionsFact) Apply(s OBSState) (OBSState, []EventBody) {
	s.Transitions = f.Names
	return s, nil
}

// Apply sets the profile.
func (f OBSProfileFact) Apply(s OBSState) (OBSState, []EventBody) {
	names := f.Names
	if names == nil {
		names = s.Profiles
	}
	if s.Profile == f.Name && slices.Equal(s.Profiles, names) {
		return s, nil
	}
	s.Profile, s.Profiles = f.Name, names
	return s, []EventBody{OBSProfileChanged{f.Name, names}}
}

// Apply sets the scene collection.
func (f OBSCollectionFact) Apply(s OBSState) (OBSState, []EventBody) {
	names := f.Names
	if names == nil {
		names = s.Collections
	}
	if s.Collection == f.Name && s.CollectionChanging == f.Changing && slices.Equal(s.Collections, names) {
		return s, nil
	}
	s.Collection, s.Collections, s.CollectionChanging = f.Name, names, f.Changing
	return s, []EventBody{OBSCollectionChanged{f.Name, names, f.Changing}}
}

// Apply passes the event on.
func (f OBSNoticeFact) Apply(s OBSState) (OBSState, []EventBody) {
	return s, []EventBody{f.Event}
}
