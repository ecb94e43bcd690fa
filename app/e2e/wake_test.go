package e2e

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// lateTimers makes a page's timers as late as those of a tab that nobody looks at:
// Chromium lets them fire once a minute. lookAt ends that.
const lateTimers = `
	let hidden = false, waiting = [];
	const realTimeout = setTimeout;
	globalThis.setTimeout = (fn, ...rest) => realTimeout(() => hidden ? waiting.push(fn) : fn(), ...rest);
	Object.defineProperty(document, 'visibilityState', { get: () => hidden ? 'hidden' : 'visible' });
	globalThis.lookAway = () => { hidden = true; document.dispatchEvent(new Event('visibilitychange')); };
	globalThis.lookAt = () => {
		hidden = false;
		document.dispatchEvent(new Event('visibilitychange'));
		for (const fn of waiting.splice(0)) realTimeout(fn);
	};`

// TestPagesAreRightAgain puts viewers to sleep and sets their devices' clocks while
// a timer runs. Within a second they must show what Cuewire means again.
func TestPagesAreRightAgain(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	watch := stopwatch{time.Now()}
	s.act("set_time", `,"value":3000000`)
	s.act("play", "")
	status := s.control.until("running", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })
	zero := status["server_time"].(float64) + status["duration_ms"].(float64) - status["elapsed_ms"].(float64)
	zero += watch.server(s).middle() // on the test's clock
	right := func(v *tab) bool {
		v.t.Helper()
		least := math.Ceil((zero - watch.now() + 17) / 1000)
		shown := float64(seconds(v.t, eval[string](v, `digits.textContent`)))
		return shown <= least && shown >= math.Ceil((zero-watch.now()-17)/1000)
	}
	lifecycle := func(v *tab, state page.SetWebLifecycleStateState) {
		v.t.Helper()
		run(v, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: state})
			return err
		}))
	}
	devices := []*struct {
		name          string
		trouble, over func(v *tab)
		page          *tab
		lastWrong     float64
	}{
		{
			name:    "a frozen tab",
			trouble: func(v *tab) { lifecycle(v, page.SetWebLifecycleStateStateFrozen) },
			over:    func(v *tab) { lifecycle(v, page.SetWebLifecycleStateStateActive) },
		},
		{
			name:    "a tab in the background", // what it hears draws it
			trouble: func(v *tab) { v.exec(`lookAway()`) },
			over:    func(v *tab) { v.exec(`lookAt()`) },
		},
		{name: "a device that slept", over: func(v *tab) { v.exec(`sleep(30_000)`) }},
		{name: "a device that slept, its clock too", over: func(v *tab) { v.exec(`sleep(30_000); setClock(-30_000)`) }},
		{name: "a clock set an hour ahead", over: func(v *tab) { v.exec(`setClock(3_600_000)`) }},
		{name: "a clock set an hour back", over: func(v *tab) { v.exec(`setClock(-3_600_000)`) }},
	}
	for _, d := range devices {
		d.page = b.open(t, s.viewer(""), 320, 180, fmt.Sprintf(wrongClock, 0)+lateTimers)
		d.page.tolerateOutage() // Chromium ends a frozen page's connection
		eventually(t, "the right time", func() bool { return eval[bool](d.page, `/:/.test(digits.textContent)`) && right(d.page) })
		d.page.exec(`watchDigits(document.querySelector('#digits'))`)
	}
	for _, d := range devices {
		if d.trouble != nil {
			d.trouble(d.page)
		}
	}
	ticks := s.dial("/ws/" + s.code)
	for range 4 {
		ticks.until("a tick", func(f frame) bool { return f["type"] == "playback_status" })
	}
	if right(devices[0].page) {
		t.Error("a frozen tab has the right time all the while")
	}
	began := map[string]float64{}
	for _, d := range devices {
		d.over(d.page)
		began[d.name] = watch.now()
	}
	for until := watch.now() + 6000; watch.now() < until; {
		for _, d := range devices {
			if !right(d.page) {
				d.lastWrong = watch.now()
			}
		}
	}
	for _, d := range devices {
		took := max(0, d.lastWrong-began[d.name])
		t.Logf("%s: right after %.0f ms", d.name, took)
		if took > 5000 { // the figure is a second, five times that is asserted
			t.Errorf("%s is wrong for %.0f ms", d.name, took)
		}
		if d.trouble != nil {
			continue
		}
		seen := eval[[]change](d.page, `seen`)
		for i, c := range seen[1:] {
			if step := seconds(t, seen[i].Text) - seconds(t, c.Text); step != 1 {
				t.Errorf("%s: %s after %s", d.name, c.Text, seen[i].Text)
			}
		}
	}
}
