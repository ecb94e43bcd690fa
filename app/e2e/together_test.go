package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

// interval holds a number that is known to lie between two others.
type interval struct{ low, high float64 }

var anything = interval{math.Inf(-1), math.Inf(1)}

func (i interval) within(low, high float64) interval {
	return interval{max(i.low, low), min(i.high, high)}
}
func (i interval) middle() float64 { return (i.low + i.high) / 2 }
func (i interval) error() float64  { return (i.high - i.low) / 2 }

// stopwatch is the test's own steady clock, in ms.
type stopwatch struct{ began time.Time }

func (w stopwatch) now() float64 { return float64(time.Since(w.began)) / 1e6 }

// page returns what to add to a page's performance.now() to get the test's time.
// The page is asked often: each answer was made between the question and its
// coming.
func (w stopwatch) page(p *tab) interval {
	known := anything
	for range 50 {
		before := w.now()
		at := eval[float64](p, `performance.now()`)
		known = known.within(before-at-0.1, w.now()-at+0.1) // pages see their clock in steps of 0.1 ms
	}
	return known
}

// server returns what to add to Cuewire's time to get the test's, learnt without
// the bad network.
func (w stopwatch) server(s *stage) interval {
	socket := s.dial("/ws/" + s.code + "?output=viewer&ticks=0")
	defer socket.conn.Close()
	known := anything
	for range 300 {
		before := w.now()
		socket.send(`{"type":"ping"}`)
		_, text, err := socket.conn.ReadMessage()
		after := w.now()
		var pong struct {
			Type       string  `json:"type"`
			ServerTime float64 `json:"server_time"`
		}
		if err != nil || json.Unmarshal(text, &pong) != nil {
			s.t.Fatalf("ping: %v %s", err, text)
		}
		if pong.Type == "pong" {
			known = known.within(before-pong.ServerTime-1, after-pong.ServerTime) // whole ms, rounded down
		}
	}
	return known
}

// change is a change of digits in a page, at its performance.now().
type change struct {
	Text string
	At   float64
}

// wrongClock makes a device's clock wrong by so many ms; setClock(ms) sets it
// again. The steady clock is not touched, but sleep(ms) lets it fall behind by so
// much, as a device's sleep does.
const wrongClock = `
	let off = %d, slept = 0;
	const RealDate = Date, realNow = performance.now.bind(performance);
	globalThis.Date = class extends RealDate {
		constructor(...args) { args.length ? super(...args) : super(RealDate.now() + off); }
		static now() { return RealDate.now() + off; }
	};
	performance.now = () => realNow() - slept;
	globalThis.setClock = (ms) => { off = ms; };
	globalThis.sleep = (ms) => { slept += ms; };
	globalThis.seen = [];
	globalThis.watchDigits = (digits) => new MutationObserver(() => {
		const text = digits.textContent, at = realNow();
		if (seen.at(-1)?.Text !== text) seen.push({ Text: text, At: at });
	}).observe(digits, { childList: true, characterData: true, subtree: true });`

// bare is a page that can do nothing but change digits each second, without a
// network: what it does not manage, no page can.
const bare = `
	document.body.textContent = '0:00';
	watchDigits(document.body);
	globalThis.run = (boundary) => {
		const tick = () => {
			const n = Math.floor((performance.now() - boundary) / 1000);
			document.body.textContent = String(n);
			setTimeout(tick, Math.ceil(boundary + (n + 1) * 1000 - performance.now()));
		};
		tick();
	};`

// figures are distances from where something should have been, in ms.
type figures []float64

func (f figures) String() string {
	return fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, at worst %.1f ms (%d)", f.at(.5), f.at(.95), f.at(.99), f.at(1), len(f))
}

// at returns a percentile of the distances either way.
func (f figures) at(p float64) float64 {
	sizes := make([]float64, len(f))
	for i, v := range f {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	return sizes[max(0, int(math.Ceil(p*float64(len(sizes))))-1)]
}

// TestDigitsChangeTogether opens ten viewers on devices whose clocks are wrong by
// up to an hour either way, behind a network that delays each chunk by up to 50 ms.
// Their digits must change within 17 ms (p95) of the server's second, more only by
// what the machine itself is late: a bare page in the same browser tells.
func TestDigitsChangeTogether(t *testing.T) {
	s := startStage(t)
	network := startJitter(t, s.URL, 50*time.Millisecond)
	option, url := network.through()
	b := startBrowser(t, "en-US", option)
	watch := stopwatch{time.Now()}

	control := b.open(t, "about:blank", 320, 180, fmt.Sprintf(wrongClock, 0))
	control.exec(bare)
	var pages []*tab
	for i := range 10 {
		off := (2*i - 9) * 3_600_000 / 9
		page := b.open(t, url+"/r/"+s.code+"/viewer?hide=controls", 320, 180, fmt.Sprintf(wrongClock, off))
		page.shows("#digits", "5:00")
		page.exec(`watchDigits(document.querySelector('#digits'))`)
		pages = append(pages, page)
	}
	if n := network.connections(); n < len(pages) {
		t.Fatalf("only %d connections went through the bad network", n)
	}
	calibrate := func() (server interval, each []interval) {
		for _, page := range append(pages, control) {
			each = append(each, watch.page(page))
		}
		return watch.server(s), each
	}
	server, each := calibrate()

	s.act("set_time", `,"value":3000000`)
	s.act("play", "")
	status := s.control.until("running", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })
	zero := status["server_time"].(float64) + status["duration_ms"].(float64) - status["elapsed_ms"].(float64)
	began := watch.now()
	control.exec(fmt.Sprintf(`run(%f)`, math.Mod(zero, 1000)+server.middle()-each[10].middle()))
	for range rounds(60, 600) {
		s.control.until("a tick", func(f frame) bool { return f["type"] == "playback_status" })
	}
	seen := make([][]change, len(pages)+1)
	for i, page := range append(pages, control) {
		seen[i] = eval[[]change](page, `seen`)
	}
	ended := watch.now()
	server2, each2 := calibrate()

	// The clocks may have drifted apart: in between they did so evenly.
	at := func(first, last interval, when float64) float64 {
		return first.middle() + (last.middle()-first.middle())*(when-began)/(ended-began)
	}
	widest := max(server.error(), server2.error())
	var all figures
	worst := 0.0
	for i := range pages {
		widest = max(widest, each[i].error(), each2[i].error())
		var own figures
		for _, c := range seen[i] {
			boundary := zero - 1000*float64(seconds(t, c.Text))
			when := c.At + at(each[i], each2[i], c.At+each[i].middle())
			if c.Text == "50:00" {
				continue // as it was set, before anything ran
			}
			own = append(own, when-boundary-at(server, server2, when))
		}
		if len(own) < rounds(60, 600)-5 {
			t.Errorf("page %d changed its digits %d times", i, len(own))
		}
		slices.Sort(own)
		t.Logf("page %d: %v; from %.1f to %.1f ms", i, own, own[0], own[len(own)-1])
		worst = max(worst, own.at(.95))
		all = append(all, own...)
	}
	var machine figures
	for _, c := range seen[len(pages)][1:] {
		when := c.At + at(each[10], each2[10], c.At+each[10].middle())
		phase := math.Mod(when-zero-at(server, server2, when), 1000)
		machine = append(machine, math.Mod(phase+1500, 1000)-500)
	}
	t.Logf("clocks are known to ± %.2f ms; they parted by %.2f ms in %.0f s", widest, server2.middle()-server.middle(), (ended-began)/1000)
	t.Logf("ten pages: %v; the worst page's p95 %.1f ms", all, worst)
	t.Logf("a bare page: %v", machine)
	// On a machine that is late itself, pages that do more are later than a bare one.
	if most := 17 + 1.5*machine.at(.95); all.at(.95) > most || all.at(.5) > 17 {
		t.Errorf("p50 is %.1f ms, 17 ms is the most; p95 is %.1f ms, %.1f ms is the most", all.at(.5), all.at(.95), most)
	}
}
