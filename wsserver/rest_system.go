package wsserver

import (
	"net/http"
	"runtime"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

func (s *Server) environment() string {
	if s.config.Dev {
		return "development"
	}
	return "production"
}

// health answers how Cuewire as a whole is doing.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, r, app.Viewer) {
		return
	}
	system := s.core.Snapshot().System
	status := http.StatusOK
	if system.Status == app.Unhealthy {
		status = http.StatusServiceUnavailable
	}
	answer(w, status, struct {
		Status      app.Status `json:"status"`
		Reason      string     `json:"reason,omitempty"`
		Timestamp   string     `json:"timestamp"`
		Uptime      float64    `json:"uptime"`
		Version     string     `json:"version"`
		Environment string     `json:"environment"`
	}{system.Status, system.Reason, timestamp(s.core.Now()), s.uptime(), s.config.Version, s.environment()})
}

// ready answers whether requests are served and the store is open. OBS missing is
// told, and is no reason for 503.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, r, app.Viewer) {
		return
	}
	checks := s.core.Snapshot().System.Checks
	status, word := http.StatusOK, "ready"
	if !checks.DatabaseConnected {
		status, word = http.StatusServiceUnavailable, "not_ready"
	}
	answer(w, status, struct {
		Status    string     `json:"status"`
		Timestamp string     `json:"timestamp"`
		Checks    app.Checks `json:"checks"`
	}{word, timestamp(s.core.Now()), checks})
}

// configuration answers what this Cuewire offers.
func (s *Server) configuration(w http.ResponseWriter, _ *http.Request) {
	serverURL := ""
	if addresses := s.Addresses(); len(addresses) > 0 {
		serverURL = addresses[0]
	}
	snap := s.core.Snapshot()
	answer(w, http.StatusOK, object{
		"serverUrl":    serverURL,
		"obsConnected": snap.OBS.Connected(),
		"features":     s.features(),
		"limits": object{
			"maxSourceWidth": app.MaxSourceWidth, "maxSourceHeight": app.MaxSourceHeight, "maxRefreshRate": app.MaxRefreshRate,
			"maxSourcesPerScene": snap.Settings.MaxSourcesPerScene,
			"maxMessageBytes":    maxMessage, "maxBodyBytes": maxBody, "maxConnections": s.limits.Connections,
		},
		"environment": object{
			"platform": runtime.GOOS, "arch": runtime.GOARCH, "version": s.config.Version, "environment": s.environment(),
		},
	})
}

func (s *Server) features() object {
	return object{
		"obsIntegration": s.obs != nil, "performanceMonitoring": true, "stageTimers": true, "browserSources": true,
		"maxConcurrentSources": s.core.Snapshot().Settings.MaxConcurrentSources, "webSocketEnabled": true,
	}
}

func (s *Server) settings(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, shownSettings(s.core.Snapshot().Settings))
}

func (s *Server) putSettings(w http.ResponseWriter, r *http.Request) {
	var fields app.SettingsFields
	if !s.readBody(w, r, &fields) {
		return
	}
	if result, ok := s.do(w, r, app.SetSettings{Fields: fields}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, shownSettings(result.Snapshot.Settings))
	}
}

// shownSettings has a list where there is none, as clients expect.
func shownSettings(settings app.Settings) app.Settings {
	if settings.AllowedOrigins == nil {
		settings.AllowedOrigins = []string{}
	}
	return settings
}

// raise shows the window for a second copy that was started, which knows the
// secret from run.json.
func (s *Server) raise(w http.ResponseWriter, r *http.Request) {
	if !visitOf(r).Local || !auth.SecretMatches(r, s.config.Secret) {
		s.refuse(w, r, errTokenNeeded)
		return
	}
	if s.config.Raise == nil {
		answerError(w, http.StatusConflict, app.CodeConflict, "This Cuewire has no window.")
		return
	}
	s.config.Raise()
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) uptime() float64 { return time.Since(s.started).Seconds() }

// timestamp is an instant as all our JSON has it: ISO 8601, UTC, milliseconds.
func timestamp(at app.Instant) string { return isoTime(at.Time()) }

func isoTime(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
