package wsserver

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"

	"cuewire/app"
)

// libraryFormat marks the files of the library.
const libraryFormat = "cuewire-sources"

// libraryFile is the library as a file.
type libraryFile struct {
	Format  string             `json:"format"`
	Version int                `json:"version"`
	Sources []app.SourceFields `json:"sources"`
}

// exportSources answers with the library as a file, without placements and without
// what is of this computer alone.
func (s *Server) exportSources(w http.ResponseWriter, _ *http.Request) {
	file := libraryFile{libraryFormat, 1, []app.SourceFields{}}
	for _, source := range s.core.Snapshot().Sources.List {
		file.Sources = append(file.Sources, app.SourceFields{
			Name: &source.Name, URL: &source.URL, Width: &source.Width, Height: &source.Height, RefreshRate: &source.RefreshRate,
			CSS: &source.CSS, JS: &source.JS, Way: &source.Way, Load: &source.Load, Tags: &source.Tags,
		})
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "sources.json"}))
	answer(w, http.StatusOK, file)
}

func (s *Server) importSources(w http.ResponseWriter, r *http.Request) {
	var file libraryFile
	if !s.readBodyUpTo(w, r, maxFile, "", &file) {
		return
	}
	switch {
	case file.Format != libraryFormat || file.Version != 1:
		invalid(w, "Nothing was imported. This is not a file of Cuewire's sources: its format must be \""+libraryFormat+"\", version 1.")
		return
	case len(file.Sources) == 0:
		invalid(w, "Nothing was imported. The file holds no sources.")
		return
	}
	for i := range file.Sources {
		if !s.ownPage(w, r, &file.Sources[i]) {
			return
		}
	}
	result, ok := s.doPrefixed(w, r, "Nothing was imported. ", app.ImportSources{Sources: file.Sources})
	if ok {
		s.answerMade(w, result, "imported")
	}
}

// answerMade answers with the sources that a command has made, and how many.
func (s *Server) answerMade(w http.ResponseWriter, result app.Result, verb string) {
	made := make([]*app.Source, len(result.IDs))
	for i, id := range result.IDs {
		made[i] = result.Snapshot.Sources.Source(id)
	}
	s.answerChange(w, http.StatusOK, result.Durable, map[string]any{"success": true, verb: len(made), "sources": made})
}

// adoptable answers with browser sources, each with the library's source that it is already.
func (s *Server) adoptable(w http.ResponseWriter, found []app.SourceInOBS) {
	answer(w, http.StatusOK, map[string]any{"sources": list(found)})
}

func (s *Server) adoptableInOBS(w http.ResponseWriter, r *http.Request) {
	if found, ok := s.browserSourcesInOBS(w, r); ok {
		s.adoptable(w, found)
	}
}

func (s *Server) adoptableInFile(w http.ResponseWriter, r *http.Request) {
	var file json.RawMessage
	if !s.readBodyUpTo(w, r, maxFile, "", &file) {
		return
	}
	if found, ok := s.browserSourcesIn(w, r, file); ok {
		s.adoptable(w, found)
	}
}

// adoptSources takes browser sources of OBS into the library: of the OBS that is
// connected, or of the scene collection that the body holds.
func (s *Server) adoptSources(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Inputs     []string        `json:"inputNames"`
		Collection json.RawMessage `json:"collection"`
	}
	if !s.readBodyUpTo(w, r, maxFile, "", &body) {
		return
	}
	if len(body.Inputs) == 0 {
		invalid(w, "inputNames must be the names of browser sources in OBS.")
		return
	}
	live := len(body.Collection) == 0
	var found []app.SourceInOBS
	var ok bool
	if live {
		found, ok = s.browserSourcesInOBS(w, r)
	} else {
		found, ok = s.browserSourcesIn(w, r, body.Collection)
	}
	if !ok {
		return
	}
	cmd := app.AdoptSources{Live: live}
	for _, input := range body.Inputs {
		i := slices.IndexFunc(found, func(f app.SourceInOBS) bool { return f.Input == input })
		if i < 0 {
			answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no browser source named '"+input+"'.")
			return
		}
		if !s.ownPage(w, r, &found[i].Fields) {
			return
		}
		cmd.Sources = append(cmd.Sources, found[i])
	}
	if result, ok := s.doPrefixed(w, r, "Nothing was adopted. ", cmd); ok {
		s.answerMade(w, result, "adopted")
	}
}

func (s *Server) browserSourcesIn(w http.ResponseWriter, r *http.Request, file []byte) ([]app.SourceInOBS, bool) {
	if s.config.Collections == nil {
		answerError(w, http.StatusServiceUnavailable, app.CodeUnavailable, "This Cuewire reads no scene collections.")
		return nil, false
	}
	found, err := s.config.Collections.BrowserSources(file)
	if err != nil {
		s.refuse(w, r, err)
		return nil, false
	}
	return s.known(found), true
}

// known notes which browser sources are in the library already.
func (s *Server) known(found []app.SourceInOBS) []app.SourceInOBS {
	for i := range found {
		for _, source := range s.core.Snapshot().Sources.List {
			if source.OBSInput == found[i].Input {
				found[i].Known = source.ID
			}
		}
	}
	return found
}

// browserSourcesInOBS asks OBS for its browser sources and where they stand, or
// answers why it cannot. The one of all combined sources is left out.
func (s *Server) browserSourcesInOBS(w http.ResponseWriter, r *http.Request) ([]app.SourceInOBS, bool) {
	state, ok := s.connected(w, r)
	if !ok {
		return nil, false
	}
	got, ok := s.askOBS(w, r, app.ListBrowserInputs{})
	if !ok {
		return nil, false
	}
	inputs, _ := got.([]app.OBSBrowserInput)
	found := []app.SourceInOBS{}
	place := map[string]int{} // in found, by the name of the input
	for _, input := range inputs {
		if page, _, _ := strings.Cut(input.Settings.Page, "?"); page == "/overlay/combined" {
			continue
		}
		place[input.Input] = len(found)
		found = append(found, app.SourceFound(input))
	}
	for _, scene := range state.Scenes {
		got, err := s.doOBS(r, app.ListSceneItems{Scene: scene.Name})
		if app.CodeOf(err) == app.CodeNotFound {
			continue // it went while we asked
		}
		if err != nil {
			s.refuse(w, r, err)
			return nil, false
		}
		items, _ := got.([]app.OBSSceneItem)
		for i, item := range slices.Backward(items) { // the back first
			at, browser := place[item.SourceName]
			if !browser || slices.ContainsFunc(found[at].Places, func(p app.PlacementIn) bool { return p.Scene == scene.Name }) {
				continue
			}
			width, height := *found[at].Fields.Width, *found[at].Fields.Height
			config := app.PlacementFrom(item.Shown(width, height), width, height)
			config.ZIndex = len(items) - 1 - i
			found[at].Places = append(found[at].Places, app.PlacementIn{Scene: scene.Name, Config: config})
		}
	}
	return s.known(found), true
}
