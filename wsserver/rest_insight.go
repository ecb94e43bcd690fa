package wsserver

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/pprof"
	"slices"
	"strconv"
	"strings"
	"time"

	"cuewire/app"
)

// insightRoutes adds what helps a person who looks for a fault.
func (s *Server) insightRoutes(on func(pattern string, m methods)) {
	if s.config.Logs != nil {
		on("/api/system/logs", methods{"GET": s.role(app.Admin, s.logs)})
	}
	if s.config.Support != nil {
		on("/api/system/support", methods{"GET": s.role(app.Admin, s.support)})
	}
	if s.config.Metrics != nil {
		on("/metrics", methods{"GET": s.role(app.Operator, s.metrics)})
	}
	if s.config.Dev {
		on("/debug/pprof/{name...}", methods{"GET": s.goProfile})
	}
}

const (
	defaultLogs = 100
	mostLogs    = 1000
	mostSkipped = 1_000_000
)

// logParameters are what the log can be asked by.
var logParameters = []string{"level", "limit", "offset", "part", "since"}

// logs answers with lines of the log, the newest first.
func (s *Server) logs(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(logParameters, name) {
			invalid(w, "The log can be asked by "+strings.Join(logParameters, ", ")+", not by "+strconv.QuoteToASCII(name[:min(len(name), 50)])+".")
			return
		}
		if len(query[name]) > 1 {
			invalid(w, name+" may be given once.")
			return
		}
	}
	asked := app.LogQuery{Level: query.Get("level"), Part: query.Get("part"), Limit: defaultLogs}
	if asked.Level != "" && !slices.Contains(app.LogLevels, asked.Level) {
		invalid(w, "level must be "+strings.Join(app.LogLevels, ", ")+": that level and what is more urgent.")
		return
	}
	for _, number := range []struct {
		name        string
		value       *int
		least, most int
	}{{"limit", &asked.Limit, 1, mostLogs}, {"offset", &asked.Offset, 0, mostSkipped}} {
		if !query.Has(number.name) {
			continue
		}
		n, err := strconv.Atoi(query.Get(number.name))
		if err != nil || n < number.least || n > number.most {
			invalid(w, number.name+" must be a whole number from "+strconv.Itoa(number.least)+" to "+strconv.Itoa(number.most)+".")
			return
		}
		*number.value = n
	}
	if query.Has("since") {
		// A + of a time zone that arrived as a space counts as one.
		at, err := time.Parse(time.RFC3339, strings.ReplaceAll(query.Get("since"), " ", "+"))
		if err != nil {
			invalid(w, "since must be a time like 2026-01-15T16:35:00Z.")
			return
		}
		asked.Since = at
	}
	found := s.config.Logs.Logs(asked)
	shown := make([]shownLog, len(found.Logs))
	for i, l := range found.Logs {
		shown[i] = shownLog{isoTime(l.Timestamp), l.Level, l.Message, l.Context}
	}
	answer(w, http.StatusOK, object{"logs": shown, "total": found.Total, "hasMore": found.HasMore})
}

// shownLog is a line of the log as it is published.
type shownLog struct {
	Timestamp string          `json:"timestamp"`
	Level     string          `json:"level"`
	Message   string          `json:"message"`
	Context   json.RawMessage `json:"context"`
}

// support answers with the bundle that is handed to who helps.
func (s *Server) support(w http.ResponseWriter, r *http.Request) {
	var bundle bytes.Buffer // whole, so that what goes wrong can be answered
	if err := s.config.Support.WriteBundle(r.Context(), &bundle); err != nil {
		s.refuse(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Disposition", `attachment; filename="cuewire-support-`+s.core.Now().Time().Format("20060102-1504")+`.zip"`)
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(bundle.Bytes()) // a reader who has gone needs none
}

// metrics answers what Prometheus asks.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.config.Metrics.ServeHTTP(w, r)
}

// goProfile answers with Go's own profiles, in developer mode, to this computer alone.
func (s *Server) goProfile(w http.ResponseWriter, r *http.Request) {
	if visit := visitOf(r); !visit.Local || !visit.Role.Covers(app.Admin) {
		s.refuse(w, r, notAllowed(visit))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	switch name := r.PathValue("name"); name {
	case "":
		pprof.Index(w, r)
	case "cmdline":
		s.notFound(w, r) // the command line may hold a password
	case "profile":
		pprof.Profile(w, r)
	case "symbol":
		pprof.Symbol(w, r)
	case "trace":
		pprof.Trace(w, r)
	default:
		pprof.Handler(name).ServeHTTP(w, r)
	}
}
