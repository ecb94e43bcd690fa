package main

import "cuewire/app/insight"

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
	p.log.Info("starting", "version", version)
}
