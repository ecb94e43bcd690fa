package present

import (
	"cuewire/app"
	"cuewire/app/i18n"
)

// Busy says what would suffer if Cuewire stopped now, "" for nothing.
func Busy(w *i18n.Words, snap *app.Snapshot) string {
	text := ""
	add := func(key string, args map[string]any) {
		if text != "" {
			text += "\n"
		}
		text += w.T(key, args)
	}
	for _, room := range snap.Rooms {
		if room.Playback.State == app.Running {
			add("window.busy.timer", map[string]any{"Room": room.Room.Name})
		}
	}
	if snap.OBS.Stream.Active {
		add("window.busy.stream", nil)
	}
	if snap.OBS.Record.Active {
		add("window.busy.record", nil)
	}
	if s := snap.Sample; s != nil && s.Server.Connections > 0 {
		add("window.busy.clients", map[string]any{"Count": s.Server.Connections})
	}
	return text
}
