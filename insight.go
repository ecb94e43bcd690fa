package main

import (
	"sync"
	"time"

	"cuewire/app"
	"cuewire/app/insight"
	"cuewire/metrics"
)

// watch keeps the log and the reports of crashes in the data folder, which is ours,
// and tells of crashes that were not told yet.
func (s *services) watch() {
	p := s.p
	p.logs.Hide(s.instance.secret)
	p.logs.KeepIn(p.dataDir)
	var err error
	s.crashes, s.crashed, err = insight.WatchCrashes(p.dataDir, version, p.logs.Redactor)
	if err != nil {
		p.log.Warn("reports of crashes cannot be kept", "err", err)
	}
	for _, report := range s.crashed {
		p.log.Warn("Cuewire ended by a fault in an earlier run; there is a report of it", "report", report.File, "at", report.At)
	}
}

// exposition is what Prometheus sees. The server need not be there yet.
func (s *services) exposition() *metrics.Exposition {
	return metrics.NewExposition(metrics.Counted{
		Core: s.core, Engine: s.core.Counts, Server: func() app.ServerCounts { return s.server.Counts() }, OBS: s.bridge.Counts, Version: version,
	})
}

// support writes the support file of this Cuewire.
func (s *services) support(exposition *metrics.Exposition) *insight.Bundle {
	return &insight.Bundle{
		Version: version, Args: s.p.args, Started: time.Now(), Log: s.p.logs, Crashes: s.crashes, Machine: sync.OnceValue(metrics.Machine),
		Snapshot: s.core.Snapshot, Metrics: exposition.WriteText, Database: s.store.Check,
	}
}
