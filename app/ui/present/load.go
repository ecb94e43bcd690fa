package present

import "cuewire/app"

// Load is how busy the computer and Cuewire are.
type Load struct {
	CPU, Memory, OwnCPU, OwnMemory Meter
}

// Meter is a figure with its name; Share, 0 to 1, is how full its bar is, and
// negative where it has none.
type Meter struct {
	Name  string
	Value Mark
	Share float32
}

func loadOf(in Input) Load {
	w := in.Words
	meter := func(key string) Meter {
		return Meter{Name: w.T(key, nil), Value: Mark{"–", Muted}, Share: -1}
	}
	l := Load{
		CPU: meter("window.load.cpu"), Memory: meter("window.load.memory"),
		OwnCPU: meter("window.load.owncpu"), OwnMemory: meter("window.load.ownmemory"),
	}
	s := in.Snapshot.Sample
	if s == nil {
		return l
	}
	if s.HostCPU != nil {
		l.CPU.fill(percent(w, *s.HostCPU, 0), *s.HostCPU/100)
	}
	if s.MemoryUsed != nil {
		l.Memory.Value = Mark{mebibytes(w, *s.MemoryUsed), Text}
		if s.MemoryTotal != nil && *s.MemoryTotal > 0 {
			l.Memory.fill(w.T("window.load.of", map[string]any{
				"Used": mebibytes(w, *s.MemoryUsed), "Total": mebibytes(w, *s.MemoryTotal),
			}), *s.MemoryUsed / *s.MemoryTotal)
		}
	}
	if s.OwnCPU != nil {
		l.OwnCPU.Value = Mark{percent(w, *s.OwnCPU, 1), Text}
	}
	if s.OwnMemory != nil {
		l.OwnMemory.Value = Mark{mebibytes(w, *s.OwnMemory), Text}
	}
	return l
}

func (m *Meter) fill(text string, share float64) {
	m.Value, m.Share = Mark{text, Text}, float32(min(max(share, 0), 1))
	switch {
	case share >= 0.95:
		m.Value.Color = Bad
	case share >= 0.85:
		m.Value.Color = Warn
	}
}

// LinkKind says which of the [Links] is meant.
type LinkKind int

// The links, in the order in which they are shown.
const (
	ViewerLink LinkKind = iota
	OverlayLink
	IndexLink
	CombinedLink // the page of all combined sources, which stands in no list
)

// Links are the addresses to open, made from one of those that are served.
type Links struct {
	Index  string // "" while nothing is served
	Viewer string // "" while there is no room
	OBS    string // the overlay

	Moderator string // "" while there is no room
}

func linksOf(in Input, room *app.RoomState) Links {
	if len(in.Addresses) == 0 {
		return Links{}
	}
	base := in.Addresses[min(max(in.Address, 0), len(in.Addresses)-1)]
	l := Links{Index: base + "/", OBS: base + "/overlay/obs"}
	if room != nil {
		l.Viewer = base + "/r/" + room.Room.ShortCode + "/viewer"
		l.Moderator = base + "/r/" + room.Room.ShortCode + "/moderator"
	}
	return l
}
