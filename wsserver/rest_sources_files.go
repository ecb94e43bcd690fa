package wsserver

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"slices"

	"cuewire/app"
)

// exportSources answers with the library as a file.
func (s *Server) exportSources(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "sources.json"}))
	answer(w, http.StatusOK, app.NewSourceFile(s.core.Snapshot().Sources.List))
}

func (s *Server) importSources(w http.ResponseWriter, r *http.Request) {
	var file app.SourceFile
	if !s.readBodyUpTo(w, r, maxFile, "", &file) {
		return
	}
	if err := file.Check(); err != nil {
		invalid(w, "Nothing was imported. "+err.Error())
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
	return s.core.Snapshot().Sources.Known(found), true
}

// browserSourcesInOBS asks OBS for its browser sources, or answers why it cannot.
func (s *Server) browserSourcesInOBS(w http.ResponseWriter, r *http.Request) ([]app.SourceInOBS, bool) {
	if _, ok := s.connected(w, r); !ok {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(r.Context(), 3*obsWait)
	defer cancel()
	found, err := app.SourcesInOBS(ctx, s.obs, s.core.Snapshot())
	if err != nil {
		s.refuse(w, r, err)
		return nil, false
	}
	return found, true
}
