package present

import (
	"cuewire/app"
)

// OBS is the OBS card without its scenes.
type OBS struct {
	Connected bool
	State     Mark      // the phase in a word or two
	Hint      string    // what it means and what to do next; "" while connected
	Retry     string    // when the next try is; "" for none planned
	Action    OBSAction // what the button does
	Stream    Output
	Record    Output
	FPS       Stat
	Render    Stat
	Dropped   Stat
}

// OBSAction is what a person can do about the connection.
type OBSAction string

// The actions; "" is none.
const (
	OBSConnect  OBSAction = "connect"
	OBSRetry    OBSAction = "retry"
	OBSPassword OBSAction = "password"
)

// Output is the stream or the recording.
type Output struct {
	Mark
	Solid bool // it is on: to be drawn as filled
}

// Stat is a figure with its name.
type Stat struct {
	Name, Value string
}

var phaseMarks = map[app.OBSPhase]struct {
	mark   Mark
	action OBSAction
}{
	app.OBSOff:           {Mark{"", Muted}, OBSConnect},
	app.OBSSearching:     {Mark{"", Accent}, ""},
	app.OBSNotRunning:    {Mark{"", Warn}, OBSRetry},
	app.OBSServerOff:     {Mark{"", Warn}, OBSRetry},
	app.OBSWrongPassword: {Mark{"", Bad}, OBSPassword},
	app.OBSConnecting:    {Mark{"", Accent}, ""},
	app.OBSConnected:     {Mark{"", Good}, ""},
	app.OBSLost:          {Mark{"", Bad}, OBSRetry},
	app.OBSKicked:        {Mark{"", Bad}, OBSRetry},
}

func obsOf(in Input) (o OBS, change, drift app.Millis) {
	w, s := in.Words, in.Snapshot.OBS
	phase := s.Phase
	if phase == "" {
		phase = app.OBSOff
	}
	about := phaseMarks[phase]
	o = OBS{Connected: s.Connected(), Action: about.action, State: about.mark}
	o.State.Text = w.T("window.obs.phase."+string(phase), nil)
	if !o.Connected {
		o.Hint = w.T("obs.phase."+string(phase), map[string]any{"Host": s.Host, "Port": s.Port})
		if wait := app.Millis(s.RetryAt - in.Now); s.RetryAt != 0 && wait > 3000 {
			seconds := ceil(wait)
			o.Retry = w.T("window.obs.retry", map[string]any{"Seconds": seconds})
			change = wait - app.Millis(seconds-1)*1000
		} else if s.RetryAt != 0 {
			o.Retry = w.T("window.obs.retrying", nil)
		}
		return o, change, 0
	}
	var next app.Millis
	o.Stream, drift = outputOf(in, s.Stream, "window.obs.stream.")
	o.Record, next = outputOf(in, s.Record, "window.obs.record.")
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
		o.Dropped.Value = Number(dropped)
		total := max(st.RenderTotalFrames, st.OutputTotalFrames, 1)
		if share := float64(dropped) / float64(total) * 100; share >= 0.05 {
			o.Dropped.Value += " (" + percent(w, share, 1) + ")"
		}
	}
	return o, 0, sooner(drift, next)
}

func outputOf(in Input, o app.OBSOutput, keys string) (Output, app.Millis) {
	w := in.Words
	if !o.Active {
		return Output{Mark: Mark{w.T(keys+"off", nil), Muted}}, 0
	}
	length := o.Duration
	var change app.Millis
	if !o.Paused {
		length = max(0, o.Duration+in.Now.Sub(o.Measured))
		change = 1000 - length%1000
	}
	args := map[string]any{"Time": timecode(floor(length))}
	if o.Paused {
		return Output{Mark{w.T(keys+"paused", args), Warn}, false}, 0
	}
	return Output{Mark{w.T(keys+"on", args), Bad}, true}, change
}

// Scenes is OBS's scene list, top first.
type Scenes struct {
	List    []app.OBSScene
	Program string
	Preview string // "" unless in studio mode
	Pending string // asked for, not there yet
	Usable  bool   // OBS is connected
}

func scenesOf(in Input) Scenes {
	s := in.Snapshot.OBS
	scenes := Scenes{List: s.Scenes, Program: s.CurrentScene, Usable: s.Connected()}
	if s.StudioMode {
		scenes.Preview = s.PreviewScene
	}
	if in.Local.Pending != s.CurrentScene && scenes.Usable {
		scenes.Pending = in.Local.Pending
	}
	return scenes
}

// Same reports whether two scene lists look alike.
func (s Scenes) Same(o Scenes) bool {
	return len(s.List) == len(o.List) && (len(s.List) == 0 || &s.List[0] == &o.List[0]) &&
		s.Program == o.Program && s.Preview == o.Preview && s.Pending == o.Pending && s.Usable == o.Usable
}
