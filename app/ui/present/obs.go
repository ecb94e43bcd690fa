package present

import (
	"image/color"

	"cuewire/app"
)

// OBS is the OBS card without its scenes.
type OBS struct {
	Connected bool
	State     Mark      // the phase in a word or two
	Hint      string    // what it means and what to do next; "" while connected
	Retry     string    // when the next try is; "" for none planned
	Action    OBSAction // what the button does
	Trying    bool      // a press on it has not been answered yet
	Outputs   [Outputs]Output
	FPS       Stat
	Render    Stat
	Dropped   Stat
	Outdated  string // that sources go to an old address of ours; "" for none
}

// OBSAction is what a person can do about the connection. Each has its words,
// "window.obs.action.ACTION".
type OBSAction string

// The actions; "" is none.
const (
	OBSFind     OBSAction = "find"
	OBSTry      OBSAction = "try"
	OBSAgain    OBSAction = "again"
	OBSPassword OBSAction = "password" // takes the password typed beside it
)

// Stat is a figure with its name.
type Stat struct {
	Name, Value string
}

var phases = map[app.OBSPhase]struct {
	color  color.Color
	hint   string // its key
	action OBSAction
}{
	app.OBSOff:           {Muted, "window.obs.hint.off", OBSFind},
	app.OBSSearching:     {Accent, "obs.phase.searching", ""},
	app.OBSNotRunning:    {Warn, "obs.phase.not_running", OBSTry},
	app.OBSServerOff:     {Warn, "window.obs.hint.serveroff", OBSTry},
	app.OBSWrongPassword: {Bad, "window.obs.hint.password", OBSPassword},
	app.OBSConnecting:    {Accent, "obs.phase.connecting", ""},
	app.OBSConnected:     {Good, "", ""},
	app.OBSLost:          {Bad, "obs.phase.lost", OBSTry},
	app.OBSKicked:        {Bad, "window.obs.hint.kicked", OBSAgain},
}

func obsOf(in Input) (o OBS, change, drift app.Millis) {
	w, s := in.Words, in.Snapshot.OBS
	phase := s.Phase
	if phase == "" {
		phase = app.OBSOff
	}
	about := phases[phase]
	o = OBS{Connected: s.Connected(), Action: about.action, Trying: in.Local.Trying}
	o.State = Mark{w.T("window.obs.phase."+string(phase), nil), about.color}
	if !o.Connected {
		o.Hint = w.T(about.hint, map[string]any{"Host": s.Host, "Port": s.Port})
		o.Retry, change = retryOf(in)
		return o, change, 0
	}
	for kind := range Outputs {
		var next app.Millis
		o.Outputs[kind], next = outputOf(in, kind)
		drift = sooner(drift, next)
	}
	if in.Local.Outdated > 0 {
		o.Outdated = w.T("window.obs.outdated", map[string]any{"Count": in.Local.Outdated})
	}
	o.FPS.Name = w.T("window.obs.fps", nil)
	o.Render.Name = w.T("window.obs.render", nil)
	o.Dropped.Name = w.T("window.obs.dropped", nil)
	o.FPS.Value, o.Render.Value, o.Dropped.Value = "–", "–", "–"
	if st := s.Stats; st != nil {
		o.FPS.Value = decimal(w, st.FPS, 1)
		o.Render.Value = decimal(w, st.RenderTime, 1) + " ms"
		dropped := st.RenderSkippedFrames + st.OutputSkippedFrames
		if st.StreamSkippedFrames != nil {
			dropped += *st.StreamSkippedFrames
		}
		o.Dropped.Value = Count(in.Words, dropped)
		total := max(st.RenderTotalFrames, st.OutputTotalFrames, 1)
		if share := float64(dropped) / float64(total) * 100; share >= 0.05 {
			o.Dropped.Value += " (" + percent(w, share, 1) + ")"
		}
	}
	return o, 0, drift
}

// retryOf says when the next try is, and after how long that changes.
func retryOf(in Input) (text string, change app.Millis) {
	at := in.Snapshot.OBS.RetryAt
	if at == 0 {
		return "", 0
	}
	wait := app.Millis(at - in.Now)
	if wait <= 1000 {
		return in.Words.T("window.obs.retrying", nil), 0
	}
	seconds := ceil(wait)
	return in.Words.T("window.obs.retry", map[string]any{"Seconds": seconds}), wait - app.Millis(seconds-1)*1000
}

// Scenes is OBS's scene list, top first.
type Scenes struct {
	List    []app.OBSScene
	Program string
	Preview string // "" unless in studio mode
	Pending string // asked for, not there yet
	Usable  bool   // OBS is connected
	Studio  bool   // a click puts a scene in preview, not on program
	CanTake bool   // the preview is another scene than the program
}

func scenesOf(in Input) Scenes {
	s := in.Snapshot.OBS
	scenes := Scenes{List: s.Scenes, Program: s.CurrentScene, Usable: s.Connected()}
	chosen := s.CurrentScene // what a click changes
	if s.StudioMode {
		scenes.Preview, chosen = s.PreviewScene, s.PreviewScene
		scenes.Studio = scenes.Usable
		scenes.CanTake = scenes.Usable && s.PreviewScene != "" && s.PreviewScene != s.CurrentScene
	}
	if in.Local.Pending != chosen && scenes.Usable {
		scenes.Pending = in.Local.Pending
	}
	return scenes
}

// Same reports whether two scene lists look alike.
func (s Scenes) Same(o Scenes) bool {
	same := len(s.List) == len(o.List) && (len(s.List) == 0 || &s.List[0] == &o.List[0])
	return same && s.Program == o.Program && s.Preview == o.Preview && s.Pending == o.Pending &&
		s.Usable == o.Usable && s.Studio == o.Studio && s.CanTake == o.CanTake
}
