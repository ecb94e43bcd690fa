package ui

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// TestEveryPageFitsTheSmallestWindow lays every page out in every language and theme.
func TestEveryPageFitsTheSmallestWindow(t *testing.T) {
	core := newFakeCore(3)
	withScenes(core)
	s := show(t, core, nil)
	for _, lang := range []string{"en", "pt-BR"} {
		core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.Settings.Language = lang })
		for theme := range themeChoices {
			for area := range present.Areas {
				s.loop.run(func() {
					s.chooseTheme(theme)
					s.openArea(area)
					s.apply(s.present())
					if least := s.Canvas().Content().MinSize(); least.Width > 1024 || least.Height > 640 {
						t.Errorf("page %d in %s needs %v", area, lang, least)
					}
					for i, item := range s.rail.items {
						if got := item.name.fitting(railWidth); got != item.name.full {
							t.Errorf("the name of page %d in %s is cut: %q", i, lang, got)
						}
					}
				})
			}
		}
	}
	s.loop.run(func() {
		foot := s.rail.items[present.Areas-1]
		if bottom := fyne.CurrentApp().Driver().AbsolutePositionForObject(foot).Y + foot.Size().Height; bottom > 600 {
			t.Errorf("the rail reaches down to %v", bottom)
		}
	})
}

func TestAThemeKeepsThePageAndTheFocus(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	s.loop.run(func() {
		s.openArea(present.AppsArea)
		s.Canvas().Focus(s.apps.name)
		s.apps.name.SetText("half writ")
		dark := present.Solid(s.rail.items[present.AppsArea].name.text.Color)
		s.chooseTheme(1)
		if v := s.View(); v.Area != present.AppsArea || v.Theme != present.Light || present.Used() != present.Light {
			t.Errorf("the window shows page %d in theme %d", v.Area, v.Theme)
		}
		if s.Canvas().Focused() != s.apps.name || s.apps.name.Text != "half writ" {
			t.Error("what was being written is gone")
		}
		if light := present.Solid(s.rail.items[present.AppsArea].name.text.Color); light == dark || light != present.Text.In(present.Light) {
			t.Errorf("a text is %v, and was %v", light, dark)
		}
		s.chooseTheme(0)
	})
	if kept := s.cfg.App.Preferences().String(prefTheme); kept != "dark" {
		t.Errorf("kept is %q", kept)
	}
}

func TestTheWindowComesBackAsItWasLeft(t *testing.T) {
	a := test.NewApp()
	loop := newLoop(t)
	loop.run(func() {
		p := newPrefs(a)
		if p.themeNow() != present.Dark || p.area() != present.LiveArea || p.windowSize() != usualSize {
			t.Error("the first window is not the usual one")
		}
		p.setTheme(2)
		p.setArea(present.DevicesArea)
		p.size = fyne.NewSize(1400, 900)
		p.keepSize()
		p = newPrefs(a)
		if p.themeNow() != present.HighContrast || p.area() != present.DevicesArea || p.windowSize() != fyne.NewSize(1400, 900) {
			t.Errorf("it comes back in theme %d on page %d with %v", p.themeNow(), p.area(), p.windowSize())
		}
		for _, wrong := range []float64{-5, 0, 1e9} {
			a.Preferences().SetFloat(prefWidth, wrong)
			if got := newPrefs(a).windowSize(); got != usualSize {
				t.Errorf("a width of %v gives %v", wrong, got)
			}
		}
		a.Preferences().SetString(prefArea, "gone")
		a.Preferences().SetString(prefTheme, "gone")
		if p = newPrefs(a); p.area() != present.LiveArea || p.themeNow() != present.Dark {
			t.Error("what is not known any more is not the usual")
		}
		p.setTheme(systemTheme)
		p.light.Store(true)
		if p.themeNow() != present.Light {
			t.Error("it does not follow the system")
		}
	})
}

func TestSettingsAreSavedAndRefusedInPlace(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	s.loop.run(func() {
		s.openArea(present.SettingsArea)
		s.settings.active.SetText("many")
		s.settings.active.left()
		if !s.settings.active.wrong.Visible() || s.settings.active.wrong.full != "Write a whole number, like 20." {
			t.Error("a word is taken for a number")
		}
		s.settings.active.SetText("7")
		s.settings.active.left()
		s.settings.issuer.SetText("nowhere")
		s.settings.issuer.left()
		s.settings.origins.name.SetText("http://localhost:8080/")
		s.settings.origins.add()
	})
	s.loop.until(t, "the good ones are kept and shown", func() bool {
		now := core.Snapshot().Settings
		return now.MaxConcurrentSources == 7 && slices.Equal(now.AllowedOrigins, []string{"http://localhost:8080"}) &&
			s.says("http://localhost:8080") && !s.settings.active.wrong.Visible()
	})
	s.loop.until(t, "the bad one is told", func() bool { return s.settings.issuer.wrong.Visible() })
	s.loop.run(func() {
		s.settings.issuer.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if s.settings.issuer.Text != "" || s.settings.issuer.wrong.Visible() {
			t.Error("Escape does not take back what was written")
		}
		s.settings.origins.name.SetText("no origin")
		s.settings.origins.add()
	})
	s.loop.until(t, "a bad origin is told", func() bool { return s.settings.origins.wrong.Visible() })
	if got := core.Snapshot().Settings; got.OIDCIssuer != "" || len(got.AllowedOrigins) != 1 {
		t.Errorf("bad input changed %+v", got)
	}
}

func TestTokensAreMadeShownOnceAndRevoked(t *testing.T) {
	core := realCore(t)
	made := 0
	s := show(t, core, func(c *Config) {
		c.IssueToken = func(subject string, role app.Role, name string, life time.Duration) (string, app.Token, error) {
			if made++; made == 1 {
				return "", app.Token{}, errors.New("no key")
			}
			return "the-token", app.Token{ID: strings.Repeat("ab", 32), Subject: subject, Name: name, Role: role, CreatedAt: time.Now(), ExpiresAt: time.Now().Add(life)}, nil
		}
	})
	s.loop.run(func() {
		s.openArea(present.AppsArea)
		test.Tap(s.apps.tokens.empty.first)
		name := s.focused(t)
		enter(name)
		if !s.said("Write something here") {
			t.Error("a token for nobody is not refused")
		}
		name.SetText("Stream deck")
		enter(name)
		if !s.said("no key") || len(core.Snapshot().Tokens) != 0 {
			t.Error("what went wrong is not told")
		}
		enter(name)
	})
	s.loop.until(t, "the token is shown", func() bool {
		return s.dialog != nil && s.said("Copy it now: it is not shown again. Whoever has it may do what its role allows.")
	})
	s.loop.run(func() {
		s.press(t, "Copy token")
		if got := s.cfg.App.Clipboard().Content(); got != "the-token" {
			t.Errorf("copied %q", got)
		}
		s.dialog.Hide()
	})
	s.loop.until(t, "it is listed", func() bool { return len(s.apps.tokens.shown) == 1 && s.apps.tokens.shown[0].Name == "Stream deck" })
	if got := core.Snapshot().Tokens[0]; got.Role != app.Viewer || got.ExpiresAt.Sub(got.CreatedAt).Round(time.Hour) != 30*24*time.Hour {
		t.Errorf("made %+v", got)
	}
	s.loop.run(func() {
		s.revokeToken(s.apps.tokens.shown[0])
		s.press(t, "Revoke")
	})
	s.loop.until(t, "it is gone", func() bool { return len(core.Snapshot().Tokens) == 0 && len(s.apps.tokens.shown) == 0 })
}

func TestUndoTakesBackTheLastChangeWhateverPageIsOpen(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	name, address := "Clock", "https://example.com"
	if _, err := core.Do(t.Context(), app.CreateSource{Fields: app.SourceFields{Name: &name, URL: &address}}); err != nil {
		t.Fatal(err)
	}
	s.loop.run(s.undoLast)
	s.loop.until(t, "the source is gone, and that is told", func() bool {
		return len(core.Snapshot().Sources.List) == 0 && s.View().Notice == "Undone in the sources."
	})
	s.loop.run(s.redoLast)
	s.loop.until(t, "it is back", func() bool { return len(core.Snapshot().Sources.List) == 1 })
}

func TestGlobalKeysDoWhatTheySayAndSayWhyNot(t *testing.T) {
	core := newFakeCore(2)
	var mu sync.Mutex
	var press func(hotkeyKind)
	var refusal error
	held := 0
	s := show(t, core, nil)
	s.hotkeys.grab = func(p func(hotkeyKind)) (func(), error) {
		mu.Lock()
		defer mu.Unlock()
		if refusal != nil {
			return nil, refusal
		}
		press = p
		held++
		return func() {
			mu.Lock()
			defer mu.Unlock()
			held--
		}, nil
	}
	holds := func(want int) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return held == want
		}
	}
	s.loop.run(func() {
		s.openArea(present.SettingsArea)
		s.useHotkeys(true)
	})
	s.loop.until(t, "the keys are held", holds(1))
	for key, want := range map[hotkeyKind]app.Action{hotkeyPlay: app.Play, hotkeyNext: app.Next, hotkeyBlackout: app.Blackout} {
		press(key)
		if got := control(t, core.next(t)); got.Action != want {
			t.Errorf("key %d sent %s, want %s", key, got.Action, want)
		}
	}
	mu.Lock()
	refusal = errHotkeysWayland
	mu.Unlock()
	s.loop.run(func() { s.useHotkeys(true) })
	s.loop.until(t, "why not is told", func() bool { return strings.Contains(s.settings.hotkeysState.Text, "Wayland") })
	s.loop.until(t, "none is held", holds(0))
	s.loop.run(func() { s.useHotkeys(false) })
	s.loop.until(t, "nothing is wrong with no keys", func() bool { return strings.HasPrefix(s.settings.hotkeysState.Text, "Ctrl Alt P") })
}

func TestNotificationsAreSentByChoiceSparinglyAndNotOfWhatIsSeen(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	var sent []*fyne.Notification
	n := newNotices(s.Window)
	n.send = func(one *fyne.Notification) { sent = append(sent, one) }
	alert := app.AlertChanged{Alert: app.Alert{Key: "alert.low_disk_space", Message: "disk", Active: true, Severity: app.SeverityCritical, Args: map[string]any{"Value": "5", "Threshold": "10"}}}
	zero := app.TimerReachedZero{RoomID: "r1", TimerID: "1"}
	count := func(want int, why string) {
		t.Helper()
		if len(sent) != want {
			t.Errorf("%d sent, want %d: %s", len(sent), want, why)
		}
	}
	n.heed(zero, core.Snapshot())
	count(0, "a timer at zero is not chosen")
	n.front.Store(true)
	n.heed(alert, core.Snapshot())
	count(0, "the window is in front")
	n.front.Store(false)
	n.heed(alert, core.Snapshot())
	count(1, "an alert")
	if sent[0].Title != "Cuewire: the show is in danger" || sent[0].Content == "" {
		t.Errorf("it says %q, %q", sent[0].Title, sent[0].Content)
	}
	s.prefs.setNotify(prefNotifyZero, true)
	n.heed(zero, core.Snapshot())
	count(2, "a timer at zero")
	if sent[1].Title != "Time is up: Cue 1" {
		t.Errorf("it says %q", sent[1].Title)
	}
	for range 100 {
		n.heed(alert, core.Snapshot())
	}
	count(noticeBurst, "a storm of alerts")
	alert.Active = false
	n.most.SetBurst(1000)
	n.heed(alert, core.Snapshot())
	count(noticeBurst, "an alert that ended")
}

func TestTheTrayTellsHowTheShowDoes(t *testing.T) {
	core := newFakeCore(2)
	s := show(t, core, nil)
	s.loop.run(func() { s.tray.fill(s.Window) })
	set := func() {
		s.loop.run(func() {
			s.tray.made = true
			s.tray.possible.Store(true)
			s.tray.set(present.TrayOf(s.words, s.room()), s.words)
		})
	}
	set()
	if s.tray.state.Label != "Stopped · Cue 1" || s.tray.play.Label != "Play" || s.tray.blackout.Checked || s.tray.next.Disabled {
		t.Errorf("it shows %q, %q", s.tray.state.Label, s.tray.play.Label)
	}
	core.update(func(_ *app.Snapshot, r *app.RoomState) {
		r.Playback.State, r.Playback.CurrentTimerID, r.Playback.Blackout = app.Running, "2", true
	})
	set()
	if s.tray.state.Label != "Running · Cue 2" || s.tray.play.Label != "Pause" || !s.tray.blackout.Checked || !s.tray.next.Disabled {
		t.Errorf("it shows %q, %q", s.tray.state.Label, s.tray.play.Label)
	}
	s.loop.run(func() { s.tray.play.Action() })
	if got := control(t, core.next(t)); got.Action != app.Pause {
		t.Errorf("sent %s", got.Action)
	}
}

// TestAStormLeavesTheWindowAnswering has a thousand updates a second and presses in
// between: renders stay few, and a press reaches the core at once.
func TestAStormLeavesTheWindowAnswering(t *testing.T) {
	core := newFakeCore(3)
	s := show(t, core, nil)
	before, begun := s.Renders(), time.Now()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	slowest := time.Duration(0)
	for i := range 1500 {
		<-tick.C
		core.update(func(_ *app.Snapshot, r *app.RoomState) { r.Playback.Duration = app.Millis(i+1) * 1000 })
		if i%300 == 299 {
			pressed := time.Now()
			s.tap(ButtonReset)
			core.next(t)
			slowest = max(slowest, time.Since(pressed))
		}
	}
	renders, most := s.Renders()-before, int64(time.Since(begun)/pace)+2
	t.Logf("%d renders in %v, the slowest press took %v", renders, time.Since(begun).Round(time.Millisecond), slowest)
	if renders > most {
		t.Errorf("%d renders, %d at most", renders, most)
	}
	if slowest > 5*time.Second {
		t.Errorf("a press took %v", slowest)
	}
}

// visitor is a page that counts who looks at it.
type visitor struct {
	area
	came, left int
}

type visitedArea struct{ *visitor }

func (v visitedArea) came() { v.visitor.came++ }
func (v visitedArea) left() { v.visitor.left++ }

func TestAPageHearsOfItsVisitors(t *testing.T) {
	core := newFakeCore(1)
	s := show(t, core, nil)
	v := &visitor{}
	s.loop.run(func() {
		v.area = s.areas[present.PerformanceArea]
		s.areas[present.PerformanceArea] = visitedArea{v}
		for range 2 {
			s.openArea(present.PerformanceArea)
		}
	})
	is := func(came, left int, when string) {
		t.Helper()
		s.loop.run(func() {
			if v.came != came || v.left != left {
				t.Errorf("%s: came %d, left %d; want %d, %d", when, v.came, v.left, came, left)
			}
		})
	}
	is(1, 0, "opened twice")
	s.loop.run(s.Hide)
	is(1, 1, "hidden")
	s.loop.run(s.Show)
	is(2, 1, "shown again")
	s.loop.run(func() { s.openArea(present.LiveArea) })
	is(2, 2, "another page")
}
