package automation

import (
	"context"
	"errors"

	"cuewire/app"
)

// look is one look of a Placer's.
type look struct {
	*Placer
	ctx        context.Context
	marks      marks
	snap       *app.Snapshot
	scenes     map[string]bool // to be settled
	everywhere bool            // all of OBS's scenes are
	listed     map[string]app.OBSBrowserInput
	failed     error // the last thing that went wrong
}

// nothingToDo spares OBS every question while no source goes the own way.
func (l *look) nothingToDo() bool {
	if len(l.items) > 0 || len(l.inputs) > 0 {
		return false
	}
	for _, s := range l.snap.Sources.List {
		if s.Way == app.WayOwn || s.OBSInput != "" {
			return false
		}
	}
	return true
}

// dirtyScenes finds out which scenes to settle.
func (l *look) dirtyScenes() {
	l.scenes = map[string]bool{}
	relevant := map[string]bool{}
	for scene, placed := range l.snap.Sources.Scenes {
		for _, one := range placed {
			if l.marks.all || l.marks.sources[one.SourceID] {
				l.scenes[scene] = true
			}
			relevant[scene] = relevant[scene] || ownAndActive(l.snap.Sources.Source(one.SourceID))
		}
	}
	for key := range l.items {
		relevant[key.scene] = true
		if l.marks.all || l.marks.sources[key.source] {
			l.scenes[key.scene] = true
		}
	}
	for scene := range l.marks.scenes {
		if relevant[scene] || l.marks.added[scene] && len(l.inputs) > 0 {
			l.scenes[scene] = true
		}
	}
}

// list asks OBS for its browser sources, once in a look.
func (l *look) list() bool {
	if l.listed != nil {
		return true
	}
	got, err := l.OBS.DoOBS(l.ctx, app.ListBrowserInputs{})
	if err != nil {
		l.failed = err
		return false
	}
	inputs, _ := got.([]app.OBSBrowserInput)
	l.listed = make(map[string]app.OBSBrowserInput, len(inputs))
	for _, input := range inputs {
		l.listed[input.Input] = input
		// What we made before OBS came back may stand anywhere.
		l.everywhere = l.everywhere || l.marks.all && input.SourceID != ""
	}
	return true
}

// settleInputs brings the settings of the inputs and of their sources together.
func (l *look) settleInputs() {
	if (l.marks.all || l.marks.inputs) && !l.list() {
		return
	}
	for _, s := range l.snap.Sources.List {
		agreed, known := l.inputs[s.ID]
		if l.listed != nil && known {
			if _, there := l.listed[agreed.name]; !there {
				delete(l.inputs, s.ID)
				known = false
			}
		}
		if !ownAndActive(s) || !(l.marks.all || l.marks.inputs || l.marks.sources[s.ID]) {
			continue
		}
		if !known && !l.find(s) {
			continue // it is made when it is placed
		}
		l.settleInput(s)
	}
}

// find looks for the input that shows a source already.
func (l *look) find(s *app.Source) bool {
	if !l.list() {
		return false
	}
	name := ""
	for _, input := range l.listed {
		if input.SourceID == s.ID {
			name = input.Input
		}
	}
	if input, there := l.listed[s.OBSInput]; name == "" && there && l.free(input) {
		name = input.Input
	}
	if name == "" {
		return false
	}
	l.inputs[s.ID] = agreedInput{name: name, adopted: s.Adopted} // nothing is agreed on but the name
	return true
}

// free reports whether an input shows no other source of the library.
func (l *look) free(input app.OBSBrowserInput) bool {
	return input.SourceID == "" || l.snap.Sources.Source(input.SourceID) == nil
}

// settleInput brings a source and its input together.
func (l *look) settleInput(s *app.Source) {
	wanted, err := l.wanted(s)
	if err != nil {
		l.fails(s, err)
		return
	}
	agreed := l.inputs[s.ID]
	actual := agreed.settings
	sourceID := s.ID
	if input, there := l.listed[agreed.name]; there {
		actual, sourceID = normal(input.Settings), input.SourceID
	}
	if agreed.settings != (app.BrowserSettings{}) && actual != agreed.settings && wanted == agreed.settings {
		l.inputs[s.ID] = agreedInput{agreed.name, actual, agreed.adopted}
		l.do(l.ctx, app.UpdateSource{ID: s.ID, FromOBS: true, Fields: changedSettings(agreed.settings, actual)})
		return
	}
	// The settings of an adopted input are left as they are while they mean the same:
	// writing them in our spelling would load its page anew.
	if actual != wanted || sourceID != s.ID && !s.Adopted {
		if _, err := l.OBS.DoOBS(l.ctx, app.SetBrowserInput{Input: agreed.name, SourceID: s.ID, Settings: wanted}); err != nil {
			l.fails(s, err)
			return
		}
	}
	if agreed.settings.Width != wanted.Width || agreed.settings.Height != wanted.Height {
		l.disagree(s.ID) // its scale in OBS follows
	}
	l.agree(s, agreed.name, wanted)
}

// agree notes which input shows a source, and tells the library.
func (l *look) agree(s *app.Source, name string, settings app.BrowserSettings) {
	l.inputs[s.ID] = agreedInput{name, settings, s.Adopted}
	delete(l.told, s.ID)
	if s.OBSInput != name {
		l.do(l.ctx, app.SetSourceInput{ID: s.ID, Input: name})
	}
}

// disagree forgets where a source was shown, so that the library's word is done.
func (l *look) disagree(sourceID string) {
	for key := range l.items {
		if key.source == sourceID {
			l.items[key] = agreedItem{id: l.items[key].id}
			l.scenes[key.scene] = true
		}
	}
}

// wanted returns the settings that a source's input is to have.
func (l *look) wanted(s *app.Source) (app.BrowserSettings, error) {
	address, page := s.URL, ""
	if len(s.URL) > 0 && s.URL[0] == '/' {
		var err error
		if address, page, err = l.Address(l.ctx, s.ScriptedURL()); err != nil {
			return app.BrowserSettings{}, err
		}
	}
	return app.BrowserSettings{
		URL: address, Page: page, CSS: s.CSS, Width: s.Width, Height: s.Height, FPS: s.RefreshRate, Shutdown: s.Load == app.LoadUnload,
	}, nil
}

// normal returns settings as the library would have them: OBS's own rate is the
// highest that it knows.
func normal(s app.BrowserSettings) app.BrowserSettings {
	if s.FPS == 0 {
		s.FPS = app.MaxRefreshRate
	}
	return s
}

// changedSettings returns what of the settings somebody changed in OBS.
func changedSettings(before, after app.BrowserSettings) (f app.SourceFields) {
	if before.URL != after.URL {
		f.URL = &after.URL
	}
	if before.CSS != after.CSS {
		f.CSS = &after.CSS
	}
	if before.Width != after.Width {
		f.Width = &after.Width
	}
	if before.Height != after.Height {
		f.Height = &after.Height
	}
	if before.FPS != after.FPS {
		f.RefreshRate = &after.FPS
	}
	if before.Shutdown != after.Shutdown {
		load := app.LoadKeep
		if after.Shutdown {
			load = app.LoadUnload
		}
		f.Load = &load
	}
	return f
}

// fails tells that OBS cannot show a source, once until it can.
func (l *look) fails(s *app.Source, err error) {
	l.failed = err
	if l.told[s.ID] || l.Core.Snapshot().OBS.CollectionChanging || errors.Is(err, context.Canceled) {
		return
	}
	l.told[s.ID] = true
	reason := err.Error()
	code := app.CodeOf(err)
	if code == app.CodeUnavailable && !l.Core.Snapshot().OBS.Connected() {
		reason = "OBS connection lost"
	}
	l.Log.Warn("OBS cannot show a source", "source", s.ID, "err", err)
	told := l.Core.Tell(l.ctx, app.OBSNoticeFact{Event: app.ErrorOccurred{
		Error: "Failed to activate source", SourceID: s.ID, ErrorCode: "ACTIVATION_FAILED",
		Details: app.ErrorDetails{Reason: reason, Retryable: code != app.CodeInvalid && code != app.CodeNotFound},
	}})
	if told != nil {
		l.Log.Debug("nobody was told", "err", told)
	}
}
