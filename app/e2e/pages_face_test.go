package e2e

import (
	"strconv"
	"testing"
)

// TestPagesArithmetic runs the pages' own arithmetic in a real browser.
func TestPagesArithmetic(t *testing.T) {
	s := startStage(t)
	v := startBrowser(t, "en-US").open(t, s.URL+"/", 800, 600, "")
	v.exec(`import('/assets/lib/playback.js').then(m => { globalThis.m = m; })`)

	type face struct {
		Text, Widest, Zone string
		Progress, Change   float64
	}
	const running, stopped = `"state":"running"`, `"state":"stopped"`
	tests := []struct {
		name, timer, playback string
		after                 int // ms since the playback was told
		want                  face
	}{
		{"stopped", ``, stopped + `,"elapsed_ms":0`, 5000, face{"10:00", "00:00", "normal", 0, -1}},
		{"a countdown shows the ceiling", ``, running + `,"elapsed_ms":0`, 1, face{"10:00", "00:00", "normal", 1.0 / 600_000, 999}},
		{"and changes on the second", ``, running + `,"elapsed_ms":0`, 1000, face{"9:59", "00:00", "normal", 1.0 / 600, 1000}},
		{"yellow", ``, running + `,"elapsed_ms":480000`, 0, face{"2:00", "00:00", "yellow", 0.8, 1000}},
		{"the zone changes between digits", `"wrap_yellow_ms":119500`, running + `,"elapsed_ms":480000`, 0, face{"2:00", "00:00", "normal", 0.8, 500}},
		{"red", ``, running + `,"elapsed_ms":570000`, 500, face{"0:30", "00:00", "red", 570.5 / 600, 500}},
		{"a moment left is not yet zero", ``, running + `,"elapsed_ms":599999`, 0, face{"0:01", "00:00", "red", 599_999.0 / 600_000, 1}},
		{"exactly zero", ``, running + `,"elapsed_ms":600000`, 0, face{"0:00", "00:00", "over", 1, 1000}},
		{"overtime shows the floor", ``, running + `,"elapsed_ms":600000`, 1999, face{"+0:01", "+0:00", "over", 1, 1}},
		{"overtime that stops", `"overtime_mode":"stop"`, running + `,"elapsed_ms":600000`, 1999, face{"0:00", "00:00", "over", 1, -1}},
		{"advancing waits at zero", `"auto_advance":true`, running + `,"elapsed_ms":600000`, 30, face{"0:00", "00:00", "over", 1, -1}},
		{"unless there is nothing to advance to", `"auto_advance":true`, running + `,"overtime":true,"elapsed_ms":600030`, 0, face{"+0:00", "+0:00", "over", 1, 970}},
		{"paused in overtime", ``, `"state":"paused","elapsed_ms":665000`, 9999, face{"+1:05", "+0:00", "over", 1, -1}},
		{"hours", ``, running + `,"elapsed_ms":0,"duration_ms":5400000`, 0, face{"1:30:00", "0:00:00", "normal", 0, 1000}},
		{"the last hour grows", ``, running + `,"elapsed_ms":1800001,"duration_ms":5400000`, 0, face{"1:00:00", "0:00:00", "normal", 1_800_001.0 / 5_400_000, 999}},
		{"to minutes", ``, running + `,"elapsed_ms":1801000,"duration_ms":5400000`, 0, face{"59:59", "00:00", "normal", 1801.0 / 5400, 1000}},
		{"more than a day", ``, stopped + `,"elapsed_ms":0,"duration_ms":90061000`, 0, face{"25:01:01", "00:00:00", "normal", 0, -1}},
		{"count-up shows the floor", `"appearance":"COUNTUP"`, running + `,"elapsed_ms":1999`, 0, face{"0:01", "00:00", "normal", 1999.0 / 600_000, 1}},
		{"count-up without an end", `"appearance":"COUNTUP"`, running + `,"elapsed_ms":61000,"duration_ms":0`, 0, face{"1:01", "0:00", "normal", 0, 1000}},
		{"hidden", `"appearance":"HIDDEN"`, running + `,"elapsed_ms":599000`, 0, face{"", "", "normal", 599.0 / 600, -1}},
		{"time of day", `"appearance":"TOD"`, running + `,"elapsed_ms":0`, 250, face{"13:46:40", "00:00:00", "normal", 250.0 / 600_000, 750}},
		{"a clock behind the server's does not run backwards", ``, running + `,"elapsed_ms":2000`, -5000, face{"9:58", "00:00", "normal", 2.0 / 600, 1000}},
	}
	const told = 1_000_000_000_000 // 2001-09-09 01:46:40 UTC
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			timer := `{"appearance":"COUNTDOWN","wrap_yellow_ms":120000,"wrap_red_ms":30000,"overtime_mode":"continue"`
			if test.timer != "" {
				timer += "," + test.timer
			}
			got := eval[face](v, `(f => ({ ...f, change: f.change === Infinity ? -1 : f.change }))(m.face(`+timer+`},
				{"duration_ms":600000,"server_time":1000000000000,`+test.playback+`}, {"timezone":"Etc/GMT-12"}, `+strconv.Itoa(told+test.after)+`))`)
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}

	type part struct {
		Zone     string
		From, To float64
	}
	zones := eval[[]part](v, `m.zones({"wrap_yellow_ms":120000,"wrap_red_ms":30000}, 600000)`)
	if len(zones) != 3 || zones[0] != (part{"normal", 0, 0.8}) || zones[1] != (part{"yellow", 0.8, 0.95}) || zones[2] != (part{"red", 0.95, 1}) {
		t.Errorf("zones: %v", zones)
	}
	if short := eval[[]part](v, `m.zones({"wrap_yellow_ms":120000,"wrap_red_ms":30000}, 20000)`); len(short) != 1 || short[0] != (part{"red", 0, 1}) {
		t.Errorf("zones of a short run: %v", short)
	}
	filled := eval[string](v, `m.fillIn('$CURRENT_TITLE/$CURRENT_SPEAKER/$NEXT_TITLE/$NEXT_SPEAKER/$CURRENT_DURATION/$OTHER $CURRENT_TITLES',
		{ name: 'A $NEXT_TITLE', speaker: 'B', duration_ms: 61000 }, { name: 'C', speaker: '' })`)
	if filled != "A $NEXT_TITLE/B/C//1:01/$OTHER $CURRENT_TITLES" {
		t.Errorf("filled in: %q", filled)
	}
}

// TestPagesClock feeds the pages' estimate of Cuewire's time.
func TestPagesClock(t *testing.T) {
	s := startStage(t)
	v := startBrowser(t, "en-US").open(t, s.URL+"/", 800, 600, "")
	v.exec(`import('/assets/lib/clock.js').then(m => { globalThis.ServerClock = m.ServerClock; })`)
	type estimate struct{ Offset, Error float64 }
	// Each answer: the true offset 5000, some way there and another way back.
	const feed = `((answers) => {
		const clock = new ServerClock();
		let sent = performance.now() - 1e4;
		for (const [offset, there, back] of answers) {
			clock.answer(Math.floor(sent + there + offset), sent, sent + there + back);
			sent += 100;
		}
		return { offset: clock.offset, error: clock.error };
	})`
	tests := []struct {
		name, answers string
		offset, off   float64
	}{
		{"the smallest round trip wins", `[[5000,2,120],[5000,90,1],[5000,2,2],[5000,70,3]]`, 5000, 3},
		{"a lopsided one is off by half of it at most", `[[5000,40,0]]`, 5000, 21},
		{"a jump of a clock makes what was learnt worthless", `[[5000,1,1],[5000,1,1],[65000,30,30]]`, 65000, 31},
	}
	for _, test := range tests {
		got := eval[estimate](v, feed+"("+test.answers+")")
		if distance := got.Offset - test.offset; distance < -test.off || distance > test.off || got.Error > test.off+1.5 {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}
