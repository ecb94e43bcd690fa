package wsserver

import (
	"net/http"
	"strings"
	"time"

	"cuewire/app"
)

// customTags returns what makes a page of ours load the style and script of the
// source that its address names with ?source=, "" where there are none. Scripts
// are a person's own code and run under auth.OverlayHost alone.
func (s *Server) customTags(r *http.Request) string {
	id := r.URL.Query().Get("source")
	if id == "" {
		return ""
	}
	source := s.core.Snapshot().Sources.Source(id)
	if source == nil {
		return ""
	}
	tags := ""
	if source.CSS != "" {
		tags += "\n" + `<link rel="stylesheet" href="/api/sources/` + source.ID + `/custom.css">`
	}
	if source.JS != "" && visitOf(r).Overlay {
		tags += "\n" + `<script src="/api/sources/` + source.ID + `/custom.js" defer></script>`
	}
	return tags
}

// customStyle serves a source's own style to the page of ours that it shows.
func (s *Server) customStyle(w http.ResponseWriter, r *http.Request) {
	s.custom(w, r, "text/css; charset=utf-8", func(source *app.Source) string { return source.CSS })
}

// customScript serves a source's own script. Nowhere but among viewers: in a page
// that may control, whoever writes a source could.
func (s *Server) customScript(w http.ResponseWriter, r *http.Request) {
	if !visitOf(r).Overlay {
		answerError(w, http.StatusForbidden, app.CodeForbidden, "Scripts of sources run in overlays alone.")
		return
	}
	s.custom(w, r, "text/javascript; charset=utf-8", func(source *app.Source) string { return source.JS })
}

func (s *Server) custom(w http.ResponseWriter, r *http.Request, kind string, text func(*app.Source) string) {
	if !s.may(w, r, app.Viewer) {
		return
	}
	source := s.core.Snapshot().Sources.Source(r.PathValue("id"))
	if source == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "Source not found")
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(text(source)))
}
