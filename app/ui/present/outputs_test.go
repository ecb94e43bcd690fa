package present

import (
	"strings"
	"testing"

	"cuewire/app"
)

func TestOutputsTellWhatTheyDo(t *testing.T) {
	running := app.OBSOutput{Active: true, Measured: start, State: "OBS_WEBSOCKET_OUTPUT_STARTED"}
	for name, test := range map[string]struct {
		kind   OutputKind
		output app.OBSOutput
		want   Output
		drift  app.Millis
		ready  bool
	}{
		"stream off":    {Stream, app.OBSOutput{}, Output{State: OutputOff, Text: "Go live"}, 0, true},
		"going live":    {Stream, app.OBSOutput{State: "OBS_WEBSOCKET_OUTPUT_STARTING"}, Output{State: OutputStarting, Text: "Starting…"}, 0, false},
		"live":          {Stream, running, Output{State: OutputOn, Text: "LIVE 0:00:00"}, 1000, true},
		"lost":          {Stream, app.OBSOutput{Active: true, Reconnecting: true, Measured: start}, Output{State: OutputReconnecting, Text: "Reconnecting…"}, 1000, true},
		"ending":        {Stream, app.OBSOutput{Active: true, State: "OBS_WEBSOCKET_OUTPUT_STOPPING"}, Output{State: OutputStopping, Text: "Stopping…"}, 0, false},
		"ended":         {Stream, app.OBSOutput{State: "OBS_WEBSOCKET_OUTPUT_STOPPED"}, Output{State: OutputOff, Text: "Go live"}, 0, true},
		"paused":        {Record, app.OBSOutput{Active: true, Paused: true, Duration: 3_600_000, Measured: start - 9000}, Output{State: OutputPaused, Text: "Paused 1:00:00"}, 0, true},
		"replay":        {Replay, running, Output{State: OutputOn, Text: "Replay 0:00:00"}, 1000, true},
		"found running": {Replay, app.OBSOutput{Active: true, Measured: start}, Output{State: OutputOn, Text: "Replay is on"}, 0, true},
		"camera":        {Camera, running, Output{State: OutputOn, Text: "Camera 0:00:00"}, 1000, true},
		"camera found":  {Camera, app.OBSOutput{Active: true, Measured: start}, Output{State: OutputOn, Text: "Camera is on"}, 0, true},
	} {
		in := input(t, "en")
		in.Snapshot.OBS.Phase = app.OBSConnected
		s := &in.Snapshot.OBS
		*[]*app.OBSOutput{&s.Stream, &s.Record, &s.ReplayBuffer, &s.VirtualCam}[test.kind] = test.output
		v := Of(in)
		if got := v.OBS.Outputs[test.kind]; got != test.want || got.Ready() != test.ready || v.Drift != test.drift {
			t.Errorf("%s: %+v, ready %v, drifts after %d ms", name, got, got.Ready(), v.Drift)
		}
	}
}

func TestEveryStateOfEveryOutputHasWords(t *testing.T) {
	for _, lang := range []string{"en", "pt-BR"} {
		for kind := range Outputs {
			for _, o := range []app.OBSOutput{
				{},
				{Active: true},
				{Active: true, State: "OBS_WEBSOCKET_OUTPUT_STARTED"},
				{Active: true, Paused: true},
				{Active: true, Reconnecting: true},
				{State: "OBS_WEBSOCKET_OUTPUT_STARTING"},
				{Active: true, State: "OBS_WEBSOCKET_OUTPUT_STOPPING"},
			} {
				in := input(t, lang)
				in.Snapshot.OBS = app.OBSState{Phase: app.OBSConnected, Stream: o, Record: o, ReplayBuffer: o, VirtualCam: o}
				if out := Of(in).OBS.Outputs[kind]; out.Text == "" || strings.Contains(out.Text, "window.") || strings.Contains(out.Text, "<no value>") {
					t.Errorf("%s, output %d, %+v: %q", lang, kind, o, out.Text)
				}
			}
		}
	}
}

func TestAButtonRestsUntilItsPressIsAnswered(t *testing.T) {
	in := input(t, "en")
	in.Snapshot.OBS.Phase = app.OBSConnected
	in.Local.Asked[Record] = true
	o := Of(in).OBS.Outputs
	if o[Record].Ready() || !o[Stream].Ready() {
		t.Errorf("outputs %+v", o)
	}
}
