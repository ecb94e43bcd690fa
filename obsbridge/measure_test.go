package obsbridge

import (
	"testing"

	"github.com/andreykaipov/goobs/api/requests/stream"

	"cuewire/app"
)

func TestRates(t *testing.T) {
	type sent struct{ bytes, skipped float64 }
	var r rates
	for i, step := range []struct {
		at             app.Instant
		render, output int64
		sent           *sent // nil while not streaming
		// what is wanted; -1 for nil
		renderRate, outputRate, bitrate, skippedRate float64
	}{
		{at: 1000, render: 10, output: 0, renderRate: -1, outputRate: -1, bitrate: -1, skippedRate: -1},
		{at: 2000, render: 40, output: 3, renderRate: 30, outputRate: 3, bitrate: -1, skippedRate: -1},
		{at: 4000, render: 40, output: 5, sent: &sent{1000, 7}, renderRate: 0, outputRate: 1, bitrate: -1, skippedRate: -1},
		{at: 5000, render: 40, output: 5, sent: &sent{751_000, 9}, renderRate: 0, outputRate: 0, bitrate: 6000, skippedRate: 2},
		{at: 6000, render: 2, output: 1, sent: &sent{500, 0}, renderRate: -1, outputRate: -1, bitrate: -1, skippedRate: -1}, // all reset
		{at: 7000, render: 3, output: 1, sent: &sent{125_500, 0}, renderRate: 1, outputRate: 0, bitrate: 1000, skippedRate: 0},
		{at: 7000, render: 3, output: 1, sent: &sent{125_500, 0}, renderRate: -1, outputRate: -1, bitrate: -1, skippedRate: -1}, // no time passed
		{at: 8000, render: 3, output: 1, renderRate: 0, outputRate: 0, bitrate: -1, skippedRate: -1},
		{at: 9000, render: 3, output: 1, sent: &sent{1, 0}, renderRate: 0, outputRate: 0, bitrate: -1, skippedRate: -1}, // a new stream
	} {
		s := app.OBSStats{At: step.at, RenderSkippedFrames: step.render, OutputSkippedFrames: step.output}
		var status *stream.GetStreamStatusResponse
		if step.sent != nil {
			status = &stream.GetStreamStatusResponse{OutputActive: true, OutputBytes: step.sent.bytes, OutputSkippedFrames: step.sent.skipped}
		}
		r.fill(&s, status)
		for _, value := range []struct {
			name string
			got  *float64
			want float64
		}{
			{"render", s.RenderSkippedRate, step.renderRate},
			{"output", s.OutputSkippedRate, step.outputRate},
			{"bitrate", s.StreamBitrate, step.bitrate},
			{"skipped", s.StreamSkippedRate, step.skippedRate},
		} {
			if value.want < 0 && value.got != nil || value.want >= 0 && (value.got == nil || *value.got != value.want) {
				t.Errorf("sample %d, %s: got %v, want %v", i, value.name, deref(value.got), value.want)
			}
		}
		if (s.StreamCongestion != nil) != (step.sent != nil) {
			t.Errorf("sample %d: congestion %v", i, s.StreamCongestion)
		}
	}
}

func deref(f *float64) any {
	if f == nil {
		return "nil"
	}
	return *f
}

func TestOutputs(t *testing.T) {
	const at, later = app.Instant(1000), app.Instant(2000)
	on := app.OBSOutput{Active: true, Since: at, Measured: at}
	for _, test := range []struct {
		before app.OBSOutput
		active bool // as OBS says it
		state  string
		want   app.OBSOutput // but for State
	}{
		{app.OBSOutput{}, false, "STARTING", app.OBSOutput{}},
		{app.OBSOutput{}, true, "STARTED", app.OBSOutput{Active: true, Since: later, Measured: later}},
		{on, false, "PAUSED", app.OBSOutput{Active: true, Paused: true, Since: at, Measured: at}},
		{app.OBSOutput{Active: true, Paused: true, Since: at}, true, "RESUMED", app.OBSOutput{Active: true, Since: at}},
		{on, false, "RECONNECTING", app.OBSOutput{Active: true, Reconnecting: true, Since: at, Measured: at}},
		{app.OBSOutput{Active: true, Reconnecting: true, Since: at}, false, "RECONNECTED", app.OBSOutput{Active: true, Since: at}},
		{on, false, "STOPPING", on},
		{on, false, "STOPPED", app.OBSOutput{Measured: at}},
		{on, true, "SOMETHING_NEW", on},
	} {
		state := "OBS_WEBSOCKET_OUTPUT_" + test.state
		test.want.State = state
		if got := after(test.before, test.active, state, later); got != test.want {
			t.Errorf("%s of %+v: got %+v, want %+v", test.state, test.before, got, test.want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for _, test := range []struct {
		host string
		most float64 // seconds
	}{{"", 2}, {"localhost", 2}, {"127.0.0.1", 2}, {"::1", 2}, {"192.168.1.2", 10}} {
		before := 0.0
		for tries := 1; tries < 100; tries++ {
			pause := backoff(tries, test.host).Seconds()
			if pause <= 0 || pause > test.most || pause < before/1.3 {
				t.Errorf("%s, try %d: %v s after %v s", test.host, tries, pause, before)
			}
			before = pause
		}
	}
}
