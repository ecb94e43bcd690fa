package wsserver

import (
	"encoding/json"
	"math"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"cuewire/app"
	"cuewire/wsserver/spec"
)

// runtimeRoutes adds what Cuewire tells of itself as a program.
func (s *Server) runtimeRoutes(on func(pattern string, m methods)) {
	admin := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Admin, h) }
	on("/api/openapi.json", methods{"GET": s.document(spec.OpenAPI)})
	on("/api/asyncapi.json", methods{"GET": s.document(spec.AsyncAPI)})
	on("/api/system/info", methods{"GET": s.role(app.Operator, s.systemInfo)})
	on("/api/system/gc", methods{"POST": admin(s.collectGarbage)})
	on("/api/system/cache/clear", methods{"POST": admin(s.clearCaches)})
	on("/api/system/maintenance", methods{"GET": s.role(app.Viewer, s.maintenance), "PUT": admin(s.putMaintenance)})
}

// document answers with one that describes what is served here.
func (s *Server) document(write func(version, address string) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.may(w, r, app.Viewer) {
			return
		}
		scheme := "http://"
		if r.TLS != nil {
			scheme = "https://"
		}
		text, err := write(s.config.Version, scheme+r.Host)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		answer(w, http.StatusOK, json.RawMessage(text))
	}
}

// machine returns what this computer is, as far as that is known.
func (s *Server) machine() app.Machine {
	if s.config.Machine == nil {
		return app.Machine{Cores: runtime.NumCPU()}
	}
	return s.config.Machine()
}

func (s *Server) systemInfo(w http.ResponseWriter, _ *http.Request) {
	machine, snap := s.machine(), s.core.Snapshot()
	var port any
	if listening := s.here().Listening; len(listening) > 0 {
		port = listening[0].Port()
	}
	answer(w, http.StatusOK, object{
		"application": object{
			"name": "Cuewire", "version": s.config.Version, "startTime": isoTime(s.started), "uptime": s.uptime(), "environment": s.environment(),
		},
		"runtime": object{
			"go": runtime.Version(), "goroutines": runtime.NumGoroutine(), "memory": memoryHeld(),
			"platform": object{"os": runtime.GOOS, "arch": runtime.GOARCH, "version": machine.System, "cores": machine.Cores, "cpu": machine.Model},
		},
		"features": s.features(),
		"configuration": object{
			"port": port, "maxConcurrentSources": snap.Settings.MaxConcurrentSources,
			"performanceMonitoringInterval": 1000, "metricsRetentionDays": app.HistoryLasts / (24 * 3_600_000),
		},
	})
}

// memoryHeld returns how much memory Go's runtime holds, in MiB.
func memoryHeld() float64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return mebibytes(stats.Sys - stats.HeapReleased)
}

func mebibytes(bytes uint64) float64 { return math.Round(float64(bytes)/(1<<20)*100) / 100 }

// collectGarbage gives back to the system what memory can be given back.
func (s *Server) collectGarbage(w http.ResponseWriter, _ *http.Request) {
	before := memoryHeld()
	debug.FreeOSMemory()
	after := memoryHeld()
	answer(w, http.StatusOK, object{
		"success": true, "message": "Garbage collection completed", "memoryBefore": before, "memoryAfter": after,
		"freedMemory": max(0, before-after), "timestamp": timestamp(s.core.Now()),
	})
}

// caches are what is kept only to be quick; each is filled again when it is needed.
var caches = []string{"addresses", "files"}

func (s *Server) clearCaches(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Types *[]string `json:"cacheTypes"`
	}
	if !s.readOptionalBody(w, r, &body) {
		return
	}
	types := caches
	if body.Types != nil {
		types = slices.Compact(slices.Sorted(slices.Values(*body.Types)))
	}
	for _, kind := range types {
		if !slices.Contains(caches, kind) {
			invalid(w, "cacheTypes may hold "+strings.Join(caches, ", ")+".")
			return
		}
	}
	before := memoryHeld()
	for _, kind := range types {
		switch kind {
		case "addresses":
			s.site.Store(nil)
		case "files":
			s.files.seen.Clear()
		}
	}
	debug.FreeOSMemory()
	answer(w, http.StatusOK, object{
		"success": true, "message": "Caches cleared", "clearedCaches": append([]string{}, types...),
		"freedMemory": max(0, before-memoryHeld()), "timestamp": timestamp(s.core.Now()),
	})
}

func (s *Server) maintenance(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, s.core.Snapshot().Maintenance)
}

func (s *Server) putMaintenance(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Enabled           *bool       `json:"enabled"`
		EstimatedDuration *app.Millis `json:"estimatedDuration"`
		Message           string      `json:"message"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Enabled == nil {
		invalid(w, "enabled must be given.")
		return
	}
	cmd := app.SetMaintenance{Maintenance: app.Maintenance{Enabled: *body.Enabled, EstimatedDuration: body.EstimatedDuration, Message: body.Message}}
	if result, ok := s.do(w, r, cmd); ok {
		answer(w, http.StatusOK, result.Snapshot.Maintenance)
	}
}
