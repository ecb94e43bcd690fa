package insight

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"cuewire/app"
)

type object = map[string]any

// stateOf is state.json: what there is, numbered in place of names.
func stateOf(snap *app.Snapshot) object {
	alerts := func(list []app.Alert) []object {
		shown := []object{}
		for _, a := range list {
			shown = append(shown, object{
				"rule": a.RuleID, "type": a.Type, "severity": a.Severity, "value": a.Value, "threshold": a.Threshold, "unit": a.Unit,
				"active": a.Active, "since": a.Since.Time().UTC(),
			})
		}
		return shown
	}
	state := object{
		"at": snap.At.Time().UTC(), "status": snap.System.Status, "reason": snap.System.Reason, "checks": snap.System.Checks,
		"alerts":  object{"active": alerts(snap.Alerts.Active), "recent": alerts(snap.Alerts.Recent), "rules": snap.Alerts.Rules},
		"presets": len(snap.Presets), "maintenance": snap.Maintenance.Enabled, "sample": nil,
	}
	if snap.Sample != nil {
		p := snap.Sample.Performance()
		state["sample"] = object{"system": p.System, "application": p.Application, "browser": p.Sources.Browser}
	}
	rooms := []object{}
	for i, r := range snap.Rooms {
		rooms = append(rooms, object{
			"room": fmt.Sprintf("room %d", i+1), "timers": len(r.Timers), "messages": len(r.Messages), "questions": len(r.Questions),
			"auxiliaryTimers": len(r.Aux), "playback": r.Playback.State, "timeZone": r.Room.TimeZone,
		})
	}
	state["rooms"] = rooms
	sources := []object{}
	for i, s := range snap.Sources.List {
		sources = append(sources, object{
			"source": fmt.Sprintf("source %d", i+1), "leadsTo": kindOf(s.URL), "width": s.Width, "height": s.Height, "refreshRate": s.RefreshRate,
			"active": s.Active, "way": s.Way, "framing": s.Framing, "cssBytes": len(s.CSS), "jsBytes": len(s.JS), "adopted": s.Adopted,
		})
	}
	placed := 0
	for _, list := range snap.Sources.Scenes {
		placed += len(list)
	}
	state["sources"], state["placements"] = sources, placed
	clients := []object{}
	for i, c := range snap.Clients {
		page, _, _ := strings.Cut(c.Page, "?")
		if parts := strings.Split(page, "/"); len(parts) == 4 && parts[1] == "r" {
			page = "/r/CODE/" + parts[3]
		}
		clients = append(clients, object{
			"client": fmt.Sprintf("client %d", i+1), "role": c.Role, "dialect": c.Dialect, "from": whereFrom(c.Address), "page": page,
			"offsetMs": c.Offset, "rttMs": c.RoundTrip, "visible": c.Visible, "fps": c.FPS, "inObs": c.InOBS, "connected": c.ConnectedAt.Time().UTC(),
		})
	}
	state["clients"] = clients
	apps := []object{}
	for i, a := range snap.Apps {
		apps = append(apps, object{"app": fmt.Sprintf("app %d", i+1), "enabled": a.Enabled, "channels": len(snap.Channels[a.ID])})
	}
	state["apps"] = apps
	tokens, expired := map[app.Role]int{}, 0
	for _, t := range snap.Tokens {
		tokens[t.Role]++
		if !snap.At.Time().Before(t.ExpiresAt) {
			expired++
		}
	}
	quick := map[app.QuickStatus]int{}
	for _, q := range snap.QuickTimers {
		quick[q.Status]++
	}
	state["devices"] = object{"byRole": tokens, "expired": expired} // not "tokens", which would be hidden
	state["quickTimers"] = quick
	return state
}

// kindOf says what an address leads to, and no more.
func kindOf(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return "not an address"
	case u.Scheme == "" && strings.HasPrefix(u.Path, "/overlay/my/"):
		return "an overlay of one's own"
	case u.Scheme == "" && strings.HasPrefix(u.Path, "/"):
		return u.Path
	case u.Scheme == "file":
		return "a file"
	}
	return u.Scheme + ", " + whereFrom(u.Hostname())
}

// whereFrom says whose address it is, and no more.
func whereFrom(host string) string {
	addr, err := netip.ParseAddr(host)
	switch {
	case host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.Unmap().IsLoopback():
		return "this computer"
	case err == nil && (addr.IsPrivate() || addr.IsLinkLocalUnicast()):
		return "another in the network"
	}
	return "another"
}

// obsOf is obs.json.
func obsOf(obs app.OBSState) object {
	output := func(o app.OBSOutput) object {
		return object{"active": o.Active, "paused": o.Paused, "reconnecting": o.Reconnecting, "state": o.State}
	}
	shown := object{
		"phase": obs.Phase, "at": whereFrom(obs.Host), "version": obs.OBSVersion, "webSocketVersion": obs.WebSocketVersion, "lastConnected": nil,
		"scenes": len(obs.Scenes), "studioMode": obs.StudioMode, "canvas": obs.Canvas, "stats": obs.Stats,
		"transitions": len(obs.Transitions), "profiles": len(obs.Profiles), "collections": len(obs.Collections), "collectionChanging": obs.CollectionChanging,
		"stream": output(obs.Stream), "record": output(obs.Record), "replayBuffer": output(obs.ReplayBuffer), "virtualCam": output(obs.VirtualCam),
	}
	if !obs.LastConnected.IsZero() {
		shown["lastConnected"] = obs.LastConnected.UTC().Format(time.RFC3339)
	}
	return shown
}
