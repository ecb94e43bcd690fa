package present

import "cuewire/app"

// Status is the line at the foot of the window.
type Status struct {
	OBS     Mark
	Server  Mark
	Clients Mark
	System  Mark
}

func statusOf(in Input, obs OBS) Status {
	w := in.Words
	s := Status{
		OBS:     Mark{w.T("window.status.obs", map[string]any{"State": obs.State.Text}), obs.State.Color},
		Server:  Mark{w.T("window.status.noserver", nil), Bad},
		Clients: Mark{w.T("window.status.noclients", nil), Muted},
		System:  systemMark(in),
	}
	if len(in.Addresses) > 0 {
		s.Server = Mark{in.Addresses[min(max(in.Address, 0), len(in.Addresses)-1)], Good}
	}
	if sample := in.Snapshot.Sample; sample != nil && sample.Server.Connections > 0 {
		s.Clients = Mark{w.T("window.status.clients", map[string]any{"Count": sample.Server.Connections}), Good}
	}
	return s
}

func systemMark(in Input) Mark {
	w, system := in.Words, in.Snapshot.System
	switch {
	case system.Status == "":
		return Mark{w.T("window.status.starting", nil), Muted}
	case system.Status == app.Healthy:
		return Mark{w.T("window.status.healthy", nil), Good}
	case !system.Checks.DatabaseConnected:
		return Mark{w.T("window.status.notsaved", nil), Bad}
	case in.Snapshot.Safety.Recovered != nil:
		return Mark{w.T("safety.status.recovered", nil), Warn}
	case in.Snapshot.Safety.Problem != "":
		return Mark{w.T("safety.status.noBackup", nil), Warn}
	case system.Checks.MemoryUsage == "high":
		return Mark{w.T("window.status.memory", nil), Warn}
	case !system.Checks.OBSConnected:
		return Mark{w.T("window.status.withoutobs", nil), Muted}
	case system.Status == app.Unhealthy:
		return Mark{w.T("window.status.unhealthy", map[string]any{"Reason": statusReason(in)}), Bad}
	default:
		return Mark{w.T("window.status.degraded", map[string]any{"Reason": statusReason(in)}), Warn}
	}
}

// statusReason is the reason of the system's state in the window's language: an
// alert's own words where it is one, else as it was told.
func statusReason(in Input) string {
	reason := in.Snapshot.System.Reason
	for _, alert := range in.Snapshot.Alerts.Active {
		if alert.Message == reason && alert.Key != "" {
			return in.Words.T(alert.Key, alert.Args)
		}
	}
	return reason
}
