package wsserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"cuewire/app"
)

// presetRoutes are those of looks: for who makes them, and for the pages that take them.
func (s *Server) presetRoutes(on func(string, methods)) {
	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	on("/api/v1/presets", methods{"GET": operator(s.presets)})
	on("/api/v1/presets/{name}", methods{"GET": operator(s.getPreset), "PUT": operator(s.putPreset), "DELETE": operator(s.deletePreset)})
	on("/presets/{file}", methods{"GET": s.role(app.Viewer, s.presetFile)})
}

func (s *Server) presets(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"presets": append([]*app.Preset{}, s.core.Snapshot().Presets...)})
}

// presetNamed returns the preset with that name, or nil.
func presetNamed(snap *app.Snapshot, name string) *app.Preset {
	for _, p := range snap.Presets {
		if p.Name == name {
			return p
		}
	}
	return nil
}

func (s *Server) getPreset(w http.ResponseWriter, r *http.Request) {
	preset := presetNamed(s.core.Snapshot(), r.PathValue("name"))
	if preset == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no preset with this name.")
		return
	}
	answer(w, http.StatusOK, preset)
}

func (s *Server) putPreset(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Params *string `json:"params"`
		CSS    *string `json:"css"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	name := r.PathValue("name")
	if result, ok := s.do(w, r, app.PutPreset{Name: name, Params: body.Params, CSS: body.CSS}); ok {
		if preset := presetNamed(result.Snapshot, name); preset != nil {
			s.answerChange(w, http.StatusOK, result.Durable, preset)
			return
		}
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no preset with this name.") // somebody was faster
	}
}

func (s *Server) deletePreset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if result, ok := s.do(w, r, app.DeletePreset{Name: name}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, struct {
			Success bool   `json:"success"`
			Name    string `json:"name"`
		}{true, name})
	}
}

// presetFile answers with a part of a preset as pages take it: NAME.css, its style
// sheet, and NAME.json, its parameters.
func (s *Server) presetFile(w http.ResponseWriter, r *http.Request) {
	name, kind, _ := strings.Cut(r.PathValue("file"), ".")
	preset := presetNamed(s.core.Snapshot(), name)
	if preset == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "There is no preset with this name.")
		return
	}
	var content []byte
	header := w.Header()
	switch kind {
	case "css":
		content = []byte(preset.CSS)
		header.Set("Content-Type", "text/css; charset=utf-8")
	case "json":
		content, _ = json.Marshal(map[string]string{"name": preset.Name, "params": preset.Params}) // strings can always be encoded
		header.Set("Content-Type", "application/json")
	default:
		s.notFound(w, r)
		return
	}
	sum := sha256.Sum256(content)
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
