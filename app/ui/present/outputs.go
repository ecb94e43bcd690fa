package present

import (
	"strings"

	"cuewire/app"
)

// OutputKind says which of OBS's outputs is meant.
type OutputKind int

// The outputs, in the order in which they are shown.
const (
	Stream OutputKind = iota
	Record
	Replay
	Camera // the virtual one
	Outputs
)

var outputKeys = [Outputs]string{
	Stream: "window.obs.stream.", Record: "window.obs.record.",
	Replay: "window.obs.replay.", Camera: "window.obs.camera.",
}

// OutputState is what an output is doing.
type OutputState string

// The states.
const (
	OutputOff          OutputState = "off"
	OutputStarting     OutputState = "starting"
	OutputOn           OutputState = "on"
	OutputPaused       OutputState = "paused"
	OutputReconnecting OutputState = "reconnecting" // it lost its server and tries again
	OutputStopping     OutputState = "stopping"
)

// Output is one output of OBS and its button. The text says what a press starts,
// or what runs and for how long.
type Output struct {
	State OutputState
	Text  string
	Asked bool // a press has not been answered yet
}

// Ready reports whether a press would be understood.
func (o Output) Ready() bool {
	return !o.Asked && o.State != OutputStarting && o.State != OutputStopping
}

// Runs reports whether a press stops it.
func (o Output) Runs() bool {
	return o.State == OutputOn || o.State == OutputPaused || o.State == OutputReconnecting
}

// OutputOf returns the state of an output by OBS's word for it.
func (k OutputKind) OutputOf(s app.OBSState) app.OBSOutput {
	return [Outputs]app.OBSOutput{s.Stream, s.Record, s.ReplayBuffer, s.VirtualCam}[k]
}

// OffText is the key of what the button says while the output is off.
func OffText(k OutputKind) string { return outputKeys[k] + string(OutputOff) }

func outputState(o app.OBSOutput) OutputState {
	switch {
	case strings.HasSuffix(o.State, "_STARTING") && !o.Active:
		return OutputStarting
	case strings.HasSuffix(o.State, "_STOPPING") && o.Active:
		return OutputStopping
	case !o.Active:
		return OutputOff
	case o.Reconnecting:
		return OutputReconnecting
	case o.Paused:
		return OutputPaused
	default:
		return OutputOn
	}
}

// outputOf returns an output and after how long its text changes.
func outputOf(in Input, kind OutputKind) (Output, app.Millis) {
	o := kind.OutputOf(in.Snapshot.OBS)
	out := Output{State: outputState(o), Asked: in.Local.Asked[kind]}
	// OBS does not say for how long these run: it is known only of one that was
	// seen to start.
	if (kind == Replay || kind == Camera) && out.State == OutputOn && o.State == "" {
		out.Text = in.Words.T(outputKeys[kind]+"untimed", nil)
		return out, 0
	}
	length := o.Duration
	var change app.Millis
	if out.State == OutputOn || out.State == OutputReconnecting {
		length = max(0, o.Duration+in.Now.Sub(o.Measured))
		change = 1000 - length%1000
	}
	key := outputKeys[kind] + string(out.State)
	if out.State == OutputStarting || out.State == OutputStopping {
		key = "window.obs.output." + string(out.State)
	}
	out.Text = in.Words.T(key, map[string]any{"Time": timecode(floor(length))})
	return out, change
}
