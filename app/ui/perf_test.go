package ui

import (
	"context"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
	"cuewire/assets"
)

func benchWords(tb testing.TB) *i18n.Words {
	tb.Helper()
	catalogue, err := i18n.Load(assets.I18n())
	if err != nil {
		tb.Fatal(err)
	}
	return catalogue.In("en")
}

// history is what was measured before the window watched.
type history []app.Minute

func (h history) Minutes(context.Context, app.Instant, app.Instant) ([]app.Minute, error) {
	return h, nil
}

func (h history) SourceMinutes(context.Context, string, app.Instant, app.Instant) ([]app.SourceMinute, error) {
	return nil, nil
}

// openArea shows another page.
func (s *stage) openPage(t *testing.T, area present.Area) {
	t.Helper()
	s.loop.run(func() { s.Window.openArea(area) })
	s.loop.until(t, "the page is shown", func() bool { return s.View().Area == area })
}

func TestChartsFollowWhatIsMeasuredAndDrawNothingOutOfSight(t *testing.T) {
	core := newFakeCore(1)
	core.now = 1_790_000_000_000
	sample := func(cpu float64) {
		core.update(func(snap *app.Snapshot, _ *app.RoomState) {
			core.now = core.now.Add(1000)
			snap.Sample = &app.Sample{At: core.now, HostCPU: &cpu}
		})
	}
	minute := app.Minute{At: core.now - core.now%60_000 - 120_000, CPU: app.Mean{Sum: 30, Count: 1}}
	s := show(t, core, func(c *Config) { c.History = history{minute} })
	sample(40)
	s.openPage(t, present.PerformanceArea)
	area := s.areas[present.PerformanceArea].(*perfArea)
	value := func() string { return area.charts[present.CPUChart].legends[0].text.full }
	s.loop.until(t, "the first value", func() bool { return value() == "Computer 40 %" })
	sample(60)
	s.loop.until(t, "the next value", func() bool { return value() == "Computer 60 %" })
	s.loop.until(t, "the history", func() bool {
		c := area.shown.Charts
		for _, v := range c.Values[present.HostCPU][:len(c.Values[0])-2] {
			if v == 30 {
				return true
			}
		}
		return false
	})
	s.loop.run(func() {
		area.hover(0)
		if value() != "Computer –" {
			t.Errorf("where nothing was measured stands %q", value())
		}
		area.hover(-1)
	})
	s.openPage(t, present.LiveArea)
	shown := area.shown.Charts
	sample(80)
	s.openPage(t, present.RundownArea)
	s.loop.run(func() {
		if area.shown.Charts != shown {
			t.Error("charts are drawn that nobody sees")
		}
		if area.stop != nil {
			t.Error("the history is asked for although nobody looks")
		}
	})
}

func TestARuleIsMadeEditedAndSwitchedOff(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	s.openPage(t, present.PerformanceArea)
	area := s.areas[present.PerformanceArea].(*perfArea)
	rules := func() []app.AlertRule { return core.Snapshot().Alerts.Rules }
	before := len(rules())
	s.loop.run(func() { test.Tap(area.tabs[present.RulesTab]) })
	s.loop.until(t, "the rules are listed", func() bool { return area.rules.object.Visible() && len(area.rules.shown) == before })
	s.loop.run(func() {
		test.Tap(area.rules.add)
		f := s.focused(t)
		f.SetText("many")
		enter(f)
		if !s.said("Write a number from 0 to 100") {
			t.Error("a threshold that is no number is not refused")
		}
		f.SetText("70")
		enter(f)
	})
	s.loop.until(t, "the rule is there", func() bool { return len(rules()) == before+1 && s.dialog == nil })
	made := rules()[before]
	if made.Threshold != 70 || made.Clear != 70 || made.Duration != 10_000 || !made.Enabled || made.ID == "" {
		t.Errorf("made %+v", made)
	}
	s.loop.run(func() { s.flipRule(made.ID) })
	s.loop.until(t, "it is off", func() bool { return !rules()[before].Enabled })
	s.loop.run(func() {
		s.editRule(made.ID)
		s.press(t, "Delete this rule")
	})
	s.loop.until(t, "it is gone", func() bool { return len(rules()) == before })
}

func TestTheOBSPageListsSoundAndBrowserSources(t *testing.T) {
	core := newFakeCore(1)
	core.update(func(snap *app.Snapshot, _ *app.RoomState) {
		snap.OBS = app.OBSState{
			Phase: app.OBSConnected, Host: "127.0.0.1", Port: 4455, OBSVersion: "31.0", Transition: "Fade", TransitionDuration: 300,
			Transitions: []string{"Cut", "Fade"}, Stats: &app.OBSStats{FPS: 60, DiskSpace: 900},
		}
	})
	muted, db := false, -12.0
	commands := make(chan app.OBSCommand, 100)
	s := show(t, core, func(c *Config) {
		c.OBS = fakeOBS(func(_ context.Context, cmd app.OBSCommand) (app.OBSAnswer, error) {
			switch cmd.(type) {
			case app.ListBrowserSources:
				return []app.OBSBrowserSource{{Input: "Overlay", URL: "http://127.0.0.1:3000/overlay/obs", Width: 1920, Height: 1080, Active: true}}, nil
			case app.ListInputs:
				return []app.OBSInput{{Name: "Picture"}, {Name: "Mic", Muted: &muted, VolumeDB: &db}}, nil
			}
			commands <- cmd
			return nil, nil
		})
	})
	s.openPage(t, present.OBSArea)
	area := s.areas[present.OBSArea].(*obsArea)
	s.loop.until(t, "the lists", func() bool { return len(area.audio.shown) == 1 && len(area.browser.shown) == 1 })
	next := func(want app.OBSCommand) {
		t.Helper()
		select {
		case cmd := <-commands:
			if cmd != want {
				t.Errorf("OBS got %+v, want %+v", cmd, want)
			}
		case <-time.After(deadline):
			t.Errorf("OBS did not get %+v", want)
		}
	}
	s.loop.run(func() {
		if area.health[present.HealthDisk].value.full != "900 MiB" || area.health[present.HealthCongestion].value.full != "–" {
			t.Errorf("health: %q, %q", area.health[present.HealthDisk].value.full, area.health[present.HealthCongestion].value.full)
		}
		area.audio.made[0].toggle.flip()
	})
	next(app.SetMute{Input: "Mic", Muted: true})
	s.loop.run(func() { area.audio.made[0].slider.OnChangeEnded(-20) })
	next(app.SetVolume{Input: "Mic", DB: -20})
	s.loop.run(func() { area.transition.SetSelected("Cut") })
	next(app.SetTransition{Name: "Cut"})
}

// TestAGapIsAGap: what is not known is not drawn, and zero is.
func TestAGapIsAGap(t *testing.T) {
	nan := float32(math.NaN())
	img := drawChart(present.Chart{Top: 10, Series: [][]float32{{5, 5, nan, nan, 0, 0}}}, 101, 51, 1)
	lit := func(x, y int) bool { return img.NRGBAAt(x, y).A > 128 && img.NRGBAAt(x, y) == chartInks()[0] }
	column := func(x int) (found []int) {
		for y := range 51 {
			if lit(x, y) {
				found = append(found, y)
			}
		}
		return found
	}
	if found := column(10); len(found) == 0 || found[0] < 23 || found[0] > 27 {
		t.Errorf("5 of 10 is drawn at %v", found)
	}
	if found := column(50); len(found) != 0 {
		t.Errorf("what is not known is drawn at %v", found)
	}
	if found := column(95); len(found) == 0 || found[0] < 48 {
		t.Errorf("0 is drawn at %v", found)
	}
}

// BenchmarkChart draws one chart of the page at 1920 by 1080.
func BenchmarkChart(b *testing.B) {
	chart := present.Chart{Top: 100, Limits: []present.Limit{{Value: 90, Color: present.Warn}}}
	for s := range 3 {
		values := make([]float32, 180)
		for i := range values {
			values[i] = float32(50 + 40*math.Sin(float64(i*(s+1))/9))
		}
		chart.Series = append(chart.Series, values)
	}
	for b.Loop() {
		drawChart(chart, 430, 460, 1)
	}
}
