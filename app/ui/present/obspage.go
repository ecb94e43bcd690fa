package present

import (
	"slices"
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// HealthStat is one of the figures of how OBS is doing.
type HealthStat int

// The figures of OBS's health, in the order in which they are shown.
const (
	HealthFPS HealthStat = iota
	HealthRender
	HealthLate
	HealthEncoder
	HealthNetwork
	HealthCongestion
	HealthBitrate
	HealthCPU
	HealthMemory
	HealthDisk
	HealthStats
)

// Health are the figures of OBS's health, each with its name and a colour that says
// whether it is well.
type Health [HealthStats]struct {
	Name  string
	Value Mark
}

// OBSPage is the page of OBS.
type OBSPage struct {
	OBS     OBS
	Scenes  Scenes
	Place   string // where OBS is, or is looked for; "" when unknown
	Version string // of OBS, and the size of its canvas; "" while not connected
	Health  Health

	Studio             bool
	Transition         string
	Transitions        []string
	TransitionLength   app.Millis // 0 where it has none of its own
	Profile            string
	Profiles           []string
	Collection         string
	Collections        []string
	CollectionChanging bool
	CanLeave           bool // there is a connection, or a search for one, that can be ended
}

func obsPageOf(in Input) (content Content, change, drift app.Millis) {
	s, w := in.Snapshot.OBS, in.Words
	p := OBSPage{
		Scenes: scenesOf(in), Studio: s.StudioMode, Transition: s.Transition, Transitions: s.Transitions, TransitionLength: s.TransitionDuration,
		Profile: s.Profile, Profiles: s.Profiles, Collection: s.Collection, Collections: s.Collections, CollectionChanging: s.CollectionChanging,
		CanLeave: s.Phase != app.OBSOff && s.Phase != "",
	}
	p.OBS, change, drift = obsOf(in)
	if s.Host != "" {
		p.Place = Place(s.Host, s.Port)
	}
	if s.Connected() {
		p.Version = w.T("obspage.version", map[string]any{"OBS": s.OBSVersion, "WebSocket": s.WebSocketVersion})
		p.Health = healthOf(w, s.Stats)
		if s.Canvas.Width > 0 {
			p.Version = joined(p.Version, Number(int64(s.Canvas.Width))+" × "+Number(int64(s.Canvas.Height)))
		}
	}
	return p, change, drift
}

// Same reports whether two pages look alike.
func (p OBSPage) Same(other Content) bool {
	o, ok := other.(OBSPage)
	return ok && p.OBS == o.OBS && p.Scenes.Same(o.Scenes) && p.Place == o.Place && p.Version == o.Version &&
		p.Health == o.Health && p.SameSettings(o)
}

// SameSettings reports whether what can be chosen in OBS, and what is chosen, is alike.
func (p OBSPage) SameSettings(o OBSPage) bool {
	return p.Studio == o.Studio && p.Transition == o.Transition && p.TransitionLength == o.TransitionLength && p.Profile == o.Profile &&
		p.Collection == o.Collection && p.CollectionChanging == o.CollectionChanging && p.CanLeave == o.CanLeave &&
		slices.Equal(p.Transitions, o.Transitions) && slices.Equal(p.Profiles, o.Profiles) && slices.Equal(p.Collections, o.Collections)
}

// Urgent returns the page without its figures and timecodes.
func (p OBSPage) Urgent() Content {
	p.Health = Health{}
	p.OBS.FPS, p.OBS.Render, p.OBS.Dropped = Stat{}, Stat{}, Stat{}
	for kind := range p.OBS.Outputs {
		p.OBS.Outputs[kind].Text = ""
	}
	return p
}

var healthKeys = [HealthStats]string{
	"window.obs.fps", "window.obs.render", "obspage.late", "obspage.encoder", "obspage.network",
	"obspage.congestion", "perf.bitrate", "obspage.cpu", "obspage.memory", "obspage.disk",
}

func healthOf(w *i18n.Words, st *app.OBSStats) Health {
	var h Health
	for i, key := range healthKeys {
		h[i].Name, h[i].Value = w.T(key, nil), Mark{"–", Muted}
	}
	if st == nil {
		return h
	}
	put := func(i HealthStat, text string) { h[i].Value = Mark{text, Text} }
	put(HealthFPS, decimal(w, st.FPS, 1))
	put(HealthRender, decimal(w, st.RenderTime, 1)+" ms")
	lost := func(i HealthStat, frames, total int64) {
		put(i, Count(w, frames))
		share := float64(frames) / float64(max(total, 1)) * 100
		if share >= 0.05 {
			h[i].Value.Text += " (" + percent(w, share, 1) + ")"
		}
		switch {
		case share >= 5:
			h[i].Value.Color = Bad
		case share >= 1:
			h[i].Value.Color = Warn
		}
	}
	lost(HealthLate, st.RenderSkippedFrames, st.RenderTotalFrames)
	lost(HealthEncoder, st.OutputSkippedFrames, st.OutputTotalFrames)
	if st.StreamSkippedFrames != nil {
		lost(HealthNetwork, *st.StreamSkippedFrames, st.OutputTotalFrames)
	}
	if st.StreamCongestion != nil {
		put(HealthCongestion, percent(w, *st.StreamCongestion*100, 0))
		if *st.StreamCongestion >= 0.5 {
			h[HealthCongestion].Value.Color = Warn
		}
	}
	if st.StreamBitrate != nil {
		put(HealthBitrate, ChartValue(w, NetworkChart, float32(*st.StreamBitrate)))
	}
	put(HealthCPU, percent(w, st.CPUUsage, 1))
	put(HealthMemory, mebibytes(w, st.MemoryUsage))
	put(HealthDisk, mebibytes(w, st.DiskSpace))
	switch {
	case st.DiskSpace < 1_000:
		h[HealthDisk].Value.Color = Bad
	case st.DiskSpace < 5_000:
		h[HealthDisk].Value.Color = Warn
	}
	return h
}

// BrowserRow is a browser source of OBS.
type BrowserRow struct {
	Name  string
	About Mark
	Ours  bool
}

// BrowserRowOf returns how a browser source is listed.
func BrowserRowOf(w *i18n.Words, s app.OBSBrowserSource) BrowserRow {
	r := BrowserRow{Name: s.Input, Ours: s.Page != ""}
	where, c := "obspage.browser.hidden", Muted
	switch {
	case s.Active:
		where, c = "obspage.browser.program", Good
	case s.Showing:
		where, c = "obspage.browser.shown", Accent
	}
	size := Number(int64(s.Width)) + " × " + Number(int64(s.Height))
	r.About = Mark{joined(w.T(where, nil), size, shortAddress(s.URL)), c}
	return r
}

// AudioInputs returns the inputs that have sound, by name.
func AudioInputs(inputs []app.OBSInput) []app.OBSInput {
	list := slices.DeleteFunc(slices.Clone(inputs), func(i app.OBSInput) bool { return i.Muted == nil || i.VolumeDB == nil })
	slices.SortStableFunc(list, func(a, b app.OBSInput) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return list
}

// Volume writes a volume.
func Volume(w *i18n.Words, db float64) string {
	if db <= -100 {
		return "–∞ dB"
	}
	return strings.Replace(decimal(w, db, 1), "-", "–", 1) + " dB"
}

// TransitionLengths are the shortest and the longest length of a transition.
const shortestTransition, longestTransition = 50, 20_000

// ReadTransition reads a transition's length in milliseconds, or says what is wrong.
func ReadTransition(w *i18n.Words, text string) (length app.Millis, wrong string) {
	n, ok := wholeNumber(text)
	if !ok || n < shortestTransition || n > longestTransition {
		return 0, w.T("obspage.transition.wrong", map[string]any{"Least": shortestTransition, "Most": longestTransition})
	}
	return app.Millis(n), ""
}
