package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

func TestTheWelcomeFollowsWhatIsTrue(t *testing.T) {
	s, server, _, core := devicesPage(t)
	s.loop.run(s.Welcome)
	states := func() (list [present.WelcomeSteps]present.StepState) {
		for i, step := range present.WelcomeOf(s.input(), "").Steps {
			list[i] = step.State
		}
		return list
	}
	if got, want := states(), [present.WelcomeSteps]present.StepState{present.StepWaiting, present.StepDone, present.StepWaiting, present.StepOpen}; got != want {
		t.Errorf("at first %v, want %v", got, want)
	}
	s.loop.run(func() {
		if !s.said("Cuewire serves its pages at http://127.0.0.1:3000.") || !s.said("Once OBS is connected, Cuewire adds the timer there for you.") {
			t.Error("it does not say what is there")
		}
		s.press(t, "Pair a device")
		s.press(t, "Show the code")
		if !s.said("123 456") {
			t.Error("it does not lead to a code")
		}
	})
	grant(t, core, tablet, "Tablet", app.Controller)
	server.end(app.PairingUsed)
	s.loop.until(t, "it is paired", func() bool { return s.said("Tablet is paired.") })
	s.loop.run(func() { s.press(t, "Close") })
	if _, err := core.Do(t.Context(), app.ClientFact{Client: &app.Client{ID: "1", Role: app.Controller, TokenID: tablet, Address: "192.0.2.7"}}); err != nil {
		t.Fatal(err)
	}
	s.loop.until(t, "it is back and tells of the device", func() bool { return s.said("Tablet is connected.") })
	if core.Snapshot().Settings.Welcomed {
		t.Error("it counts as seen before it was closed")
	}
	s.loop.run(func() { s.press(t, "Later") })
	s.loop.until(t, "that it was seen is remembered", func() bool { return core.Snapshot().Settings.Welcomed && s.dialog == nil })
}

func TestTheWelcomeKnowsTheTimerInOBS(t *testing.T) {
	core := realCore(t)
	s := show(t, core, nil)
	for page, want := range map[string]present.StepState{
		"/overlay/obs": present.StepWaiting, "/r/CODE/controller": present.StepWaiting,
		"/r/CODE/viewer?background=transparent": present.StepDone, "/overlay/timer": present.StepDone,
	} {
		if _, err := core.Do(t.Context(), app.ClientFact{Client: &app.Client{ID: "1", Page: page, InOBS: true}}); err != nil {
			t.Fatal(err)
		}
		if got := present.WelcomeOf(s.input(), "").Steps[present.WelcomeTimer].State; got != want {
			t.Errorf("%s: %v, want %v", page, got, want)
		}
	}
}

func TestTheWelcomeFitsItsWindow(t *testing.T) {
	for _, lang := range []string{"en", "pt-BR"} {
		s := show(t, realCore(t), func(cfg *Config) { cfg.Lang = lang })
		s.loop.run(func() {
			s.win.Resize(fyne.NewSize(1024, 610)) // 640 less the task bar
			s.Welcome()
			for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
				b, ok := o.(*widget.Button)
				if !ok || !b.Visible() {
					continue
				}
				end := s.cfg.App.Driver().AbsolutePositionForObject(b).Add(b.Size())
				if room := s.win.Canvas().Size(); b.Size().Width < b.MinSize().Width || end.X > room.Width || end.Y > room.Height {
					t.Errorf("%s: the button %q is cut: it ends at %v of %v", lang, b.Text, end, room)
				}
			}
		})
	}
}
