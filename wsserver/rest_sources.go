package wsserver

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cuewire/app"
)

// sourceRoutes adds the routes of the library and of placements, the published
// ones and ours. docs/protocols/rest-sources.md describes them.
func (s *Server) sourceRoutes(on func(pattern string, m methods)) {
	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	on("/api/sources", methods{"GET": operator(s.listSources), "POST": operator(s.createSource)})
	on("/api/sources/{id}", methods{"GET": operator(s.getSource), "PUT": operator(s.putSource), "DELETE": operator(s.deleteSource)})
	on("/api/sources/{id}/activate", methods{"POST": operator(s.activateSource)})
	on("/api/sources/{id}/deactivate", methods{"POST": operator(s.deactivateSource)})
	on("/api/sources/{id}/duplicate", methods{"POST": operator(s.duplicateSource)})
	on("/api/sources/undo", methods{"POST": operator(s.changeLibrary(app.UndoSources{}, "Taken back"))})
	on("/api/sources/redo", methods{"POST": operator(s.changeLibrary(app.RedoSources{}, "Made again"))})
	on("/api/sources/export", methods{"GET": operator(s.exportSources)})
	on("/api/sources/import", methods{"POST": operator(s.importSources)})
	on("/api/sources/adoptable", methods{"GET": operator(s.adoptableInOBS), "POST": operator(s.adoptableInFile)})
	on("/api/sources/adopt", methods{"POST": operator(s.adoptSources)})

	on("/api/scenes", methods{"GET": operator(s.placedScenes)})
	on("/api/scenes/{scene}/sources", methods{"GET": operator(s.sceneSources)})
	on("/api/scenes/{scene}/sources/bulk", methods{"POST": operator(s.placeMany), "DELETE": operator(s.unplaceMany)})
	on("/api/scenes/{scene}/sources/{id}", methods{"POST": operator(s.placeSource), "DELETE": operator(s.unplaceSource)})
	on("/api/scenes/{scene}/sources/{id}/config", methods{"PUT": operator(s.putPlacement)})
}

// The page of sources that is answered where none is asked for, and the longest.
const (
	usualSources = 100
	mostSources  = 1000
)

func (s *Server) listSources(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, ok := number(w, query, "limit", usualSources, 1, mostSources)
	if !ok {
		return
	}
	offset, ok := number(w, query, "offset", 0, 0, app.MaxSources)
	if !ok {
		return
	}
	wanted, ok := sourceFilter(w, query)
	if !ok {
		return
	}
	found := []*app.Source{}
	for _, source := range s.core.Snapshot().Sources.List {
		if wanted(source) {
			found = append(found, source)
		}
	}
	total := len(found)
	found = found[min(offset, total):min(offset+limit, total)]
	answer(w, http.StatusOK, struct {
		Sources []*app.Source `json:"sources"`
		Total   int           `json:"total"`
		Limit   int           `json:"limit"`
		Offset  int           `json:"offset"`
	}{found, total, limit, offset})
}

// sourceFilter reads ?active, ?search and ?tag.
func sourceFilter(w http.ResponseWriter, query url.Values) (wanted func(*app.Source) bool, ok bool) {
	var active *bool
	if given := query.Get("active"); given != "" {
		on, err := strconv.ParseBool(given)
		if err != nil {
			invalid(w, "active must be true or false.")
			return nil, false
		}
		active = &on
	}
	search, tag := strings.ToLower(strings.TrimSpace(query.Get("search"))), query.Get("tag")
	return func(source *app.Source) bool {
		return (active == nil || source.Active == *active) &&
			(tag == "" || slices.ContainsFunc(source.Tags, func(t string) bool { return strings.EqualFold(t, tag) })) &&
			(search == "" || mentions(source, search))
	}, true
}

// mentions reports whether a source's name, address or a tag of it holds the text.
func mentions(source *app.Source, text string) bool {
	return strings.Contains(strings.ToLower(source.Name), text) || strings.Contains(strings.ToLower(source.URL), text) ||
		slices.ContainsFunc(source.Tags, func(t string) bool { return strings.Contains(strings.ToLower(t), text) })
}

// number reads a whole number of the query, or answers what is wrong with it.
func number(w http.ResponseWriter, query url.Values, name string, usual, least, most int) (int, bool) {
	given := query.Get(name)
	if given == "" {
		return usual, true
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < least || n > most {
		invalid(w, fmt.Sprintf("%s must be a whole number from %d to %d.", name, least, most))
		return 0, false
	}
	return n, true
}

// detailed is a source with what is measured of it; null is what is not.
type detailed struct {
	*app.Source
	Metrics sourceMetrics `json:"performanceMetrics"`
}

// sourceMetrics is what is known of one source now. What one source of several in a
// browser costs cannot be measured; its page may tell how it draws.
type sourceMetrics struct {
	CPU         *float64   `json:"cpuUsage"`
	Memory      *float64   `json:"memoryUsage"`
	RenderTime  *float64   `json:"renderTime"`
	FPS         *float64   `json:"fps"`
	LongFrames  *float64   `json:"longFrames"`
	LastUpdated *time.Time `json:"lastUpdated"`
}

// metricsOf returns what the last sample says of a source.
func metricsOf(snap *app.Snapshot, id string) sourceMetrics {
	if snap.Sample != nil {
		for _, page := range snap.Sample.Sources.Pages {
			if page.SourceID == id {
				at := snap.Sample.At.Time()
				return sourceMetrics{FPS: page.FPS, LongFrames: page.LongFrames, LastUpdated: &at}
			}
		}
	}
	return sourceMetrics{}
}

func (s *Server) getSource(w http.ResponseWriter, r *http.Request) {
	snap := s.core.Snapshot()
	source := snap.Sources.Source(r.PathValue("id"))
	if source == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Source not found")
		return
	}
	answer(w, http.StatusOK, detailed{source, metricsOf(snap, source.ID)})
}

// readSource reads the fields of a source, with an address of ours as its path.
func (s *Server) readSource(w http.ResponseWriter, r *http.Request) (fields app.SourceFields, active *bool, ok bool) {
	var body struct {
		app.SourceFields
		Active *bool `json:"isActive"`
	}
	if !s.readBodyUpTo(w, r, maxBody, "Validation failed: ", &body) || !s.ownPage(w, r, &body.SourceFields) {
		return fields, nil, false
	}
	return body.SourceFields, body.Active, true
}

// ownPage turns an address that this Cuewire serves into the path of its page, so
// that it outlives a change of port, and keeps local files to those who may do all.
func (s *Server) ownPage(w http.ResponseWriter, r *http.Request, fields *app.SourceFields) bool {
	if fields.URL == nil {
		return true
	}
	u, err := url.Parse(strings.TrimSpace(*fields.URL))
	if err != nil {
		return true // the core says what is wrong
	}
	if u.Scheme == "file" && !visitOf(r).Role.Covers(app.Admin) {
		answerError(w, http.StatusForbidden, app.CodeForbidden, "Only an administrator may show files of OBS's computer.")
		return false
	}
	if (u.Scheme == "http" || u.Scheme == "https") && s.Ours(u) {
		page := u.RequestURI()
		fields.URL = &page
	}
	return true
}

// doSource carries out a command about a source; what is wrong with a field is said
// in the published words.
func (s *Server) doSource(w http.ResponseWriter, r *http.Request, cmd app.Command) (app.Result, bool) {
	return s.doPrefixed(w, r, "Validation failed: ", cmd)
}

func (s *Server) doPrefixed(w http.ResponseWriter, r *http.Request, prefix string, cmd app.Command) (app.Result, bool) {
	result, err := s.core.Do(r.Context(), cmd)
	switch {
	case app.CodeOf(err) == app.CodeInvalid:
		if known, ok := errors.AsType[*app.Error](err); ok {
			nameRefusal(w, known)
		}
		invalid(w, prefix+err.Error())
	case err != nil:
		s.refuse(w, r, err)
	}
	return result, err == nil
}

func (s *Server) createSource(w http.ResponseWriter, r *http.Request) {
	fields, _, ok := s.readSource(w, r)
	if !ok {
		return
	}
	if result, ok := s.doSource(w, r, app.CreateSource{Fields: fields}); ok {
		s.answerChange(w, http.StatusCreated, result.Durable, result.Snapshot.Sources.Source(result.ID))
	}
}

func (s *Server) putSource(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if s.core.Snapshot().Sources.Source(id) == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Source not found")
		return
	}
	fields, active, ok := s.readSource(w, r)
	if !ok {
		return
	}
	if result, ok := s.doSource(w, r, app.UpdateSource{ID: id, Fields: fields, Active: active}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, result.Snapshot.Sources.Source(id))
	}
}

func (s *Server) deleteSource(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	before := s.core.Snapshot().Sources.Source(id)
	result, ok := s.doSource(w, r, app.DeleteSource{ID: id})
	if !ok {
		return
	}
	type gone struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	deleted := gone{ID: id}
	if before != nil {
		deleted.Name = before.Name
	}
	s.answerChange(w, http.StatusOK, result.Durable, struct {
		done
		Source gone `json:"deletedSource"`
	}{done{Success: true, Message: "Source deleted"}, deleted})
}

func (s *Server) activateSource(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	result, ok := s.doSource(w, r, app.ActivateSource{ID: id})
	if !ok {
		return
	}
	source := result.Snapshot.Sources.Source(id)
	s.answerChange(w, http.StatusOK, result.Durable, struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		Active      bool   `json:"isActive"`
		ActivatedAt string `json:"activatedAt"`
		Status      string `json:"status"`
	}{id, source.Name, true, isoTime(*source.ActivatedAt), "loading"})
}

func (s *Server) deactivateSource(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	result, ok := s.doSource(w, r, app.DeactivateSource{ID: id})
	if !ok {
		return
	}
	type off struct {
		ID            string `json:"id"`
		Name          string `json:"name"`
		Active        bool   `json:"isActive"`
		DeactivatedAt string `json:"deactivatedAt"`
	}
	source := result.Snapshot.Sources.Source(id)
	s.answerChange(w, http.StatusOK, result.Durable, struct {
		done
		Source off `json:"source"`
	}{done{Success: true, Message: "Source deactivated"}, off{id, source.Name, false, isoTime(source.UpdatedAt)}})
}

func (s *Server) duplicateSource(w http.ResponseWriter, r *http.Request) {
	if result, ok := s.doSource(w, r, app.DuplicateSource{ID: r.PathValue("id")}); ok {
		s.answerChange(w, http.StatusCreated, result.Durable, result.Snapshot.Sources.Source(result.ID))
	}
}

// changeLibrary answers what carries out a command that names nothing.
func (s *Server) changeLibrary(cmd app.Command, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if result, ok := s.doSource(w, r, cmd); ok {
			s.answerChange(w, http.StatusOK, result.Durable, done{Success: true, Message: message})
		}
	}
}
