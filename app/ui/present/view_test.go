package present

import (
	"strings"
	"testing"
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/assets"
)

// start is the instant of most tests: 2026-11-21 20:00:00 UTC.
var start = app.InstantOf(time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC))

func catalogue(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(assets.I18n())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// input is a room with three timers of ten minutes, the first one current.
func input(t testing.TB, lang string) Input {
	room := &app.RoomState{
		Room: &app.Room{
			ID: "r1", ShortCode: "ABC234", Name: "Main",
			ColorNormal: app.DefaultColorNormal, ColorYellow: app.DefaultColorYellow, ColorRed: app.DefaultColorRed,
		},
		Playback: app.Playback{State: app.Stopped, CurrentTimerID: "a", Duration: 600_000},
	}
	for _, id := range []string{"a", "b", "c"} {
		room.Timers = append(room.Timers, &app.Timer{
			ID: id, RoomID: "r1", Name: "Talk " + id, Speaker: "Ana", Duration: 600_000, Appearance: app.Countdown,
			WrapYellow: app.DefaultWrapYellow, WrapRed: app.DefaultWrapRed, Overtime: app.OvertimeContinue,
		})
	}
	return Input{
		Snapshot: &app.Snapshot{Rooms: []*app.RoomState{room}}, Now: start, Words: catalogue(t).In(lang),
		Zone: time.UTC, Addresses: []string{"http://127.0.0.1:3000"}, BarWidth: 600,
	}
}

// running makes the first timer run with so much time left.
func running(in Input, left app.Millis) Input {
	p := &in.Snapshot.Rooms[0].Playback
	p.State, p.StartedAt, p.Elapsed = app.Running, in.Now, p.Duration-left
	return in
}

func TestTimerInEachState(t *testing.T) {
	for name, test := range map[string]struct {
		change       func(in *Input, timer *app.Timer, p *app.Playback)
		digits       string
		state, zone  string
		ends         string
		color        [3]uint8
		changeWithin app.Millis // 0: never
	}{
		"stopped": {
			func(*Input, *app.Timer, *app.Playback) {},
			"10:00", "Stopped", "", "",
			[3]uint8{0xe9, 0xee, 0xf4},
			0,
		},
		"running": {
			func(in *Input, _ *app.Timer, _ *app.Playback) { running(*in, 599_500) },
			"10:00", "Running", "", "ends 20:09:59",
			[3]uint8{0x22, 0xc5, 0x5e},
			500,
		},
		"just above yellow": {
			func(in *Input, _ *app.Timer, _ *app.Playback) { running(*in, 120_001) },
			"2:01", "Running", "", "ends 20:02:00",
			[3]uint8{0x22, 0xc5, 0x5e},
			1,
		},
		"at yellow": {
			func(in *Input, _ *app.Timer, _ *app.Playback) { running(*in, 120_000) },
			"2:00", "Running", "Wrap up", "ends 20:02:00",
			[3]uint8{0xea, 0xb3, 0x08},
			1000,
		},
		"at red": {
			func(in *Input, _ *app.Timer, _ *app.Playback) { running(*in, 30_000) },
			"0:30", "Running", "Finish now", "ends 20:00:30",
			[3]uint8{0xef, 0x44, 0x44},
			1000,
		},
		"yellow never": {
			func(in *Input, timer *app.Timer, _ *app.Playback) {
				running(*in, 100_000)
				timer.WrapYellow = 0
			},
			"1:40", "Running", "", "ends 20:01:40",
			[3]uint8{0x22, 0xc5, 0x5e},
			1000,
		},
		"zone between two seconds": {
			func(in *Input, timer *app.Timer, _ *app.Playback) {
				running(*in, 120_000)
				timer.WrapYellow = 119_700
			},
			"2:00", "Running", "", "ends 20:02:00",
			[3]uint8{0x22, 0xc5, 0x5e},
			300,
		},
		"exactly zero": {
			func(in *Input, _ *app.Timer, _ *app.Playback) { running(*in, 0) },
			"0:00", "Running", "Finish now", "",
			[3]uint8{0xef, 0x44, 0x44},
			1,
		},
		"overtime": {
			func(in *Input, _ *app.Timer, _ *app.Playback) { running(*in, -61_500) },
			"+1:01", "Overtime", "Finish now", "",
			[3]uint8{0xef, 0x44, 0x44},
			500,
		},
		"stands at zero": {
			func(in *Input, timer *app.Timer, _ *app.Playback) {
				running(*in, -61_500)
				timer.Overtime = app.OvertimeStop
			},
			"0:00", "Time is up", "Finish now", "",
			[3]uint8{0xef, 0x44, 0x44},
			1000,
		},
		"paused": {
			func(_ *Input, _ *app.Timer, p *app.Playback) { p.State, p.Elapsed = app.Paused, 500_500 },
			"1:40", "Paused", "Wrap up", "",
			[3]uint8{0xea, 0xb3, 0x08},
			0,
		},
		"count up": {
			func(in *Input, timer *app.Timer, _ *app.Playback) {
				running(*in, 600_000-61_999)
				timer.Appearance = app.CountUp
			},
			"1:01", "Running", "", "ends 20:08:58",
			[3]uint8{0x22, 0xc5, 0x5e},
			1,
		},
		"hidden": {
			func(in *Input, timer *app.Timer, _ *app.Playback) {
				running(*in, 60_000)
				timer.Appearance = app.Hidden
			},
			"1:00", "Running", "Hidden on the screens", "ends 20:01:00",
			[3]uint8{0x9b, 0xa8, 0xb7},
			1000,
		},
		"time of day in the room's zone": {
			func(in *Input, timer *app.Timer, _ *app.Playback) {
				in.Snapshot.Rooms[0].Room.TimeZone = "America/Sao_Paulo"
				in.Now += 250
				timer.Appearance = app.TimeOfDay
			},
			"17:00:00", "Stopped", "Time of day", "",
			[3]uint8{0xe9, 0xee, 0xf4},
			750,
		},
		"an hour and more": {
			func(_ *Input, _ *app.Timer, p *app.Playback) { p.Duration = 3_600_000 },
			"1:00:00", "Stopped", "", "",
			[3]uint8{0xe9, 0xee, 0xf4},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := input(t, "en")
			room := in.Snapshot.Rooms[0]
			test.change(&in, room.Timers[0], &room.Playback)
			v := Of(in)
			got := v.Timer
			if got.Digits != test.digits || got.State.Text != test.state || got.Zone != test.zone || got.Ends != test.ends {
				t.Errorf("shows %q %q %q %q, want %q %q %q %q", got.Digits, got.State.Text, got.Zone, got.Ends,
					test.digits, test.state, test.zone, test.ends)
			}
			if solid := Solid(got.Color); [3]uint8{solid.R, solid.G, solid.B} != test.color {
				t.Errorf("in colour %x, want %x", solid, test.color)
			}
			if (v.Change == 0) != (test.changeWithin == 0) || v.Change > test.changeWithin {
				t.Errorf("changes after %d ms, want %d at most", v.Change, test.changeWithin)
			}
		})
	}
}

func TestTimerTellsWhatFollows(t *testing.T) {
	in := input(t, "en")
	if got := Of(in).Timer; got.Next != "Next: Talk b · Ana · 10:00" || got.Place != "1 / 3" || got.Speaker != "Ana" {
		t.Errorf("shows %+v", got)
	}
	in.Snapshot.Rooms[0].Playback.CurrentTimerID = "c"
	if got := Of(in).Timer; got.Next != "This is the last timer" || got.Place != "3 / 3" {
		t.Errorf("shows %+v", got)
	}
	in.Snapshot.Rooms[0].Messages = []*app.Message{{ID: "m", Text: "Slow down"}}
	in.Snapshot.Rooms[0].Playback.MessageID = "m"
	if got := Of(in).Timer.Message; got != "On the screens: Slow down" {
		t.Errorf("message %q", got)
	}
}

func TestProgressFollowsTheTime(t *testing.T) {
	in := running(input(t, "en"), 300_000)
	want := Progress{Shown: true, Width: 600, Done: 300, Yellow: 480, Red: 570}
	got := Of(in).Timer.Progress
	got.Normal, got.Wrap, got.Last = want.Normal, want.Wrap, want.Last
	if got != want {
		t.Errorf("bar %+v, want %+v", got, want)
	}
	for name, test := range map[string]struct {
		left app.Millis
		done int
	}{"at the start": {600_000, 0}, "at zero": {0, 600}, "in overtime": {-5_000, 600}} {
		if got := Of(running(input(t, "en"), test.left)).Timer.Progress.Done; got != test.done {
			t.Errorf("%s: %d pixels done, want %d", name, got, test.done)
		}
	}
	short := running(input(t, "en"), 600_000)
	short.Snapshot.Rooms[0].Playback.Duration, short.Snapshot.Rooms[0].Playback.Elapsed = 10_000, 500
	if v := Of(short); v.Change != barPace {
		t.Errorf("a fast bar is drawn after %d ms, want %d", v.Change, barPace)
	}
	if v := Of(in); v.Drift != 1000 || v.Change != 1000 {
		t.Errorf("a slow bar moves after %d ms and the digits after %d, want 1000 and 1000", v.Drift, v.Change)
	}
}

func TestOnlyFiguresMayWait(t *testing.T) {
	in := running(input(t, "en"), 500_000)
	in.Snapshot.OBS = app.OBSState{
		Phase: app.OBSConnected, Stream: app.OBSOutput{Active: true, Measured: start}, Stats: &app.OBSStats{FPS: 60},
	}
	before := Of(in).Urgent()
	cpu := 50.0
	in.Snapshot.Sample = &app.Sample{HostCPU: &cpu}
	in.Snapshot.OBS.Stats = &app.OBSStats{FPS: 30}
	in.Snapshot.OBS.Stream.Duration = 5_000
	in.Snapshot.Rooms[0].Playback.Elapsed += 900 // moves the bar, not the digits
	v := Of(in)
	v.Timer.Digits, v.Timer.Ends = before.Timer.Digits, before.Timer.Ends
	if v.Urgent().Load != before.Load || v.Urgent().OBS != before.OBS || v.Urgent().Timer != before.Timer {
		t.Errorf("figures are urgent: %+v, %+v", v.Urgent(), before)
	}
	in.Snapshot.OBS.Stream.Active = false
	if Of(in).Urgent().OBS == before.OBS {
		t.Error("the end of the stream may wait")
	}
	in.Snapshot.Rooms[0].Playback.Elapsed += 1000
	if Of(in).Urgent().Timer == before.Timer {
		t.Error("the next second may wait")
	}
}

func TestControlsFollowTheRoom(t *testing.T) {
	in := input(t, "en")
	if got, want := Of(in).Control, (Controls{Ready: true, Stopped: true, Next: true}); got != want {
		t.Errorf("stopped: %+v, want %+v", got, want)
	}
	running(in, 60_000)
	p := &in.Snapshot.Rooms[0].Playback
	p.CurrentTimerID, p.Blackout, p.Focus = "b", true, true
	in.Local.StopArmed = in.Now + 400
	v := Of(in)
	if want := (Controls{Ready: true, Playing: true, StopArmed: true, Previous: true, Next: true, Blackout: true, Focus: true}); v.Control != want {
		t.Errorf("running: %+v, want %+v", v.Control, want)
	}
	if v.Change > 400 {
		t.Errorf("the armed stop ends after %d ms", v.Change)
	}
	in.Now += 400
	if Of(in).Control.StopArmed {
		t.Error("the stop stays armed")
	}
	in.Snapshot.Rooms[0].Timers = nil
	p.CurrentTimerID = ""
	if v := Of(in); v.Control.Ready || v.Control.Next || v.Timer.Name != "Nothing to run yet" {
		t.Errorf("an empty rundown has controls %+v and timer %+v", v.Control, v.Timer)
	}
}

func TestRundownRows(t *testing.T) {
	in := running(input(t, "en"), 60_000)
	room := in.Snapshot.Rooms[0]
	room.Playback.CurrentTimerID = "b"
	room.Timers[2].LabelColor = "#112233"
	room.Timers[0].Name = ""
	in.Local.GoArmed, in.Local.GoArmedTill = "c", in.Now+100
	v := Of(in)
	states := []string{"Done", "Running now", "Click again to jump"}
	for i, want := range states {
		row := v.Rundown.Row(i, in.Words)
		if row.State.Text != want || row.Current != (i == 1) || row.Past != (i == 0) || row.Length != "10:00" {
			t.Errorf("row %d is %+v", i, row)
		}
	}
	if name := v.Rundown.Row(0, in.Words).Name; name != "Timer 1" {
		t.Errorf("a timer without a name is called %q", name)
	}
	if c := v.Rundown.Row(2, in.Words).Label; c.R != 0x11 || c.A != 0xff {
		t.Errorf("label %v", c)
	}
	if got := v.Rundown.Summary(in.Words); got != "3 timers · 30:00 in all" {
		t.Errorf("summary %q", got)
	}
	in.Now += 100
	later := Of(in)
	if later.Rundown.Same(v.Rundown) || later.Rundown.Row(2, in.Words).State.Text != "To come" {
		t.Error("the row stays armed")
	}
	room.Timers = append([]*app.Timer(nil), room.Timers...)
	if Of(in).Rundown.Same(later.Rundown) {
		t.Error("another slice of timers counts as the same rundown")
	}
}

func TestOBSInEachPhase(t *testing.T) {
	phases := []app.OBSPhase{
		app.OBSOff, app.OBSSearching, app.OBSNotRunning, app.OBSServerOff, app.OBSWrongPassword,
		app.OBSConnecting, app.OBSConnected, app.OBSLost, app.OBSKicked,
	}
	labels := map[string]bool{}
	for _, lang := range i18n.Languages {
		for _, phase := range phases {
			in := input(t, lang)
			in.Snapshot.OBS = app.OBSState{Phase: phase, Host: "127.0.0.1", Port: 4455}
			v := Of(in)
			if v.OBS.State.Text == "" || strings.Contains(v.OBS.State.Text, "window.") || labels[lang+v.OBS.State.Text] {
				t.Errorf("%s %s: label %q", lang, phase, v.OBS.State.Text)
			}
			labels[lang+v.OBS.State.Text] = true
			if connected := phase == app.OBSConnected; connected != (v.OBS.Hint == "") || connected != v.OBS.Connected {
				t.Errorf("%s %s: hint %q", lang, phase, v.OBS.Hint)
			}
			if strings.Contains(v.OBS.Hint, "obs.phase") || strings.Contains(v.OBS.Hint, "<no value>") {
				t.Errorf("%s %s: hint %q", lang, phase, v.OBS.Hint)
			}
			if !strings.Contains(v.Status.OBS.Text, v.OBS.State.Text) {
				t.Errorf("%s %s: status %q", lang, phase, v.Status.OBS.Text)
			}
		}
	}
}

func TestOBSOutputsAndFigures(t *testing.T) {
	in := input(t, "en")
	skipped := int64(5)
	in.Snapshot.OBS = app.OBSState{
		Phase:  app.OBSConnected,
		Scenes: []app.OBSScene{{Name: "One"}, {Name: "Two"}}, CurrentScene: "One", PreviewScene: "Two", StudioMode: true,
		Stream: app.OBSOutput{Active: true, Duration: 3_599_700, Measured: start - 100},
		Record: app.OBSOutput{Active: true, Paused: true, Duration: 61_000, Measured: start - 50_000},
		Stats: &app.OBSStats{
			FPS: 59.94, RenderTime: 4.26, RenderSkippedFrames: 10, RenderTotalFrames: 1000, OutputSkippedFrames: 5,
			OutputTotalFrames: 1000, StreamSkippedFrames: &skipped,
		},
	}
	in.Local.Pending = "One"
	v := Of(in)
	if s := v.OBS.Outputs[Stream]; s != (Output{OutputOn, "LIVE 0:59:59", false}) || v.Change != 0 || v.Drift != 200 {
		t.Errorf("stream %+v, changes after %d ms, drifts after %d", s, v.Change, v.Drift)
	}
	if r := v.OBS.Outputs[Record]; r != (Output{OutputPaused, "Paused 0:01:01", false}) {
		t.Errorf("recording %+v", r)
	}
	if v.OBS.FPS.Value != "59.9" || v.OBS.Render.Value != "4.3 ms" || v.OBS.Dropped.Value != "20 (2.0 %)" {
		t.Errorf("figures %q %q %q", v.OBS.FPS.Value, v.OBS.Render.Value, v.OBS.Dropped.Value)
	}
	if v.Scenes.Program != "One" || v.Scenes.Preview != "Two" || v.Scenes.Pending != "One" || !v.Scenes.Usable || !v.Scenes.Studio || !v.Scenes.CanTake {
		t.Errorf("scenes %+v", v.Scenes)
	}
	in.Words = catalogue(t).In("pt-BR")
	if v = Of(in); v.OBS.FPS.Value != "59,9" || v.OBS.Outputs[Stream].Text != "AO VIVO 0:59:59" {
		t.Errorf("in Portuguese %q %q", v.OBS.FPS.Value, v.OBS.Outputs[Stream].Text)
	}
	in.Snapshot.OBS.PreviewScene = "One"
	if v = Of(in); v.Scenes.Pending != "" || v.Scenes.CanTake {
		t.Errorf("preview and program are one: %+v", v.Scenes)
	}
	in.Snapshot.OBS.StudioMode, in.Local.Pending = false, "Two"
	if v = Of(in); v.Scenes.Pending != "Two" || v.Scenes.Preview != "" || v.Scenes.Studio || v.Scenes.CanTake {
		t.Errorf("outside studio mode: %+v", v.Scenes)
	}
	in.Snapshot.OBS.CurrentScene = "Two"
	if v = Of(in); v.Scenes.Pending != "" {
		t.Errorf("still switching to %q", v.Scenes.Pending)
	}
}

func TestOBSTellsTheNextTry(t *testing.T) {
	in := input(t, "en")
	in.Snapshot.OBS = app.OBSState{Phase: app.OBSLost, RetryAt: start + 9_500}
	v := Of(in)
	if v.OBS.Retry != "Next try in 10 s" || v.Change != 500 {
		t.Errorf("%q, changes after %d ms", v.OBS.Retry, v.Change)
	}
	in.Now += 8_000
	if v = Of(in); v.OBS.Retry != "Next try in 2 s" || v.Change != 500 {
		t.Errorf("%q, changes after %d ms", v.OBS.Retry, v.Change)
	}
	in.Now += 500
	if v = Of(in); v.OBS.Retry != "Trying again…" || v.Change != 0 {
		t.Errorf("%q, changes after %d ms", v.OBS.Retry, v.Change)
	}
}

func TestLoadAndStatus(t *testing.T) {
	in := input(t, "en")
	if v := Of(in); v.Load.CPU.Value.Text != "–" || v.Load.CPU.Share >= 0 || v.Status.Clients.Text != "No screen connected" {
		t.Errorf("before the first sample: %+v %+v", v.Load, v.Status)
	}
	cpu, used, total, own := 96.2, 1536.0, 2048.0, 84.4
	in.Snapshot.Sample = &app.Sample{
		HostCPU: &cpu, MemoryUsed: &used, MemoryTotal: &total, OwnMemory: &own, Server: app.ServerLoad{Connections: 1},
	}
	v := Of(in)
	if v.Load.CPU.Value != (Mark{"96 %", Bad}) || v.Load.Memory.Value.Text != "1.5 GiB of 2.0 GiB" || v.Load.Memory.Share != 0.75 ||
		v.Load.OwnMemory.Value.Text != "84 MiB" || v.Load.OwnCPU.Value.Text != "–" {
		t.Errorf("load %+v", v.Load)
	}
	if v.Status.Clients.Text != "1 screen connected" || v.Status.Server.Text != "http://127.0.0.1:3000" {
		t.Errorf("status %+v", v.Status)
	}
	for want, system := range map[string]app.System{
		"Starting":              {},
		"All is well":           {Status: app.Healthy},
		"Running without OBS":   {Status: app.Degraded, Checks: app.Checks{DatabaseConnected: true}},
		"In danger: fire":       {Status: app.Unhealthy, Reason: "fire", Checks: app.Checks{DatabaseConnected: true, OBSConnected: true}},
		"Something is missing:": {Status: app.Degraded, Checks: app.Checks{DatabaseConnected: true, OBSConnected: true}},
		"Changes are not being": {Status: app.Unhealthy, Checks: app.Checks{OBSConnected: true}},
		"The computer is short": {Status: app.Degraded, Checks: app.Checks{DatabaseConnected: true, MemoryUsage: "high"}},
	} {
		in.Snapshot.System = system
		if got := Of(in).Status.System.Text; !strings.HasPrefix(got, want) {
			t.Errorf("%+v is %q, want %q", system, got, want)
		}
	}
}

func TestLinksAreMadeFromTheChosenAddress(t *testing.T) {
	in := input(t, "en")
	in.Addresses = append(in.Addresses, "http://192.168.1.20:3000")
	in.Address = 1
	want := Links{
		Index:  "http://192.168.1.20:3000/",
		Viewer: "http://192.168.1.20:3000/r/ABC234/viewer", OBS: "http://192.168.1.20:3000/overlay/obs",
		Moderator: "http://192.168.1.20:3000/r/ABC234/moderator",
	}
	if got := Of(in).Links; got != want {
		t.Errorf("links %+v", got)
	}
	in.Addresses = nil
	if v := Of(in); v.Links != (Links{}) || v.Status.Server.Text != "Pages are not served" {
		t.Errorf("without an address: %+v %+v", v.Links, v.Status.Server)
	}
}

func TestNoticeEndsByItself(t *testing.T) {
	in := input(t, "en")
	in.Local.Notice, in.Local.NoticeTill = "Copied", in.Now+800
	if v := Of(in); v.Notice != "Copied" || v.Change != 800 {
		t.Errorf("notice %q, changes after %d ms", v.Notice, v.Change)
	}
	in.Now += 800
	if v := Of(in); v.Notice != "" || v.Change != 0 {
		t.Errorf("notice %q, changes after %d ms", v.Notice, v.Change)
	}
}

func TestBusyNamesWhatWouldSuffer(t *testing.T) {
	in := input(t, "en")
	if got := Busy(in.Words, in.Snapshot); got != "" {
		t.Errorf("idle, yet %q", got)
	}
	running(in, 1000)
	in.Snapshot.OBS.Stream.Active, in.Snapshot.OBS.Record.Active = true, true
	in.Snapshot.Sample = &app.Sample{Server: app.ServerLoad{Connections: 2}}
	if got := Busy(in.Words, in.Snapshot); strings.Count(got, "\n") != 3 || !strings.Contains(got, "2 screens") {
		t.Errorf("busy: %q", got)
	}
}
