package ui

import (
	"context"
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/ui/present"
)

func TestHealingIsToldQuietly(t *testing.T) {
	core, _, s := showOBS(t, connected(), nil, nil)
	s.loop.run(func() { s.tell("window.add.there", map[string]any{"Page": "Timer"}) })
	s.told(t, "“Timer” is there already.")
	core.events <- app.OBSBrowserRefreshed{InputName: "Clock", Attempt: 1}
	core.events <- app.OBSExiting{} // taken when the one before has been dealt with
	s.loop.run(func() {
		if got := s.present().Notice; got != "“Timer” is there already." {
			t.Errorf("it took the place of what stood: %q", got)
		}
	})
	s.loop.run(s.dismissNotice)
	s.told(t, "Refreshed “Clock” in OBS: it was blank.")
	s.loop.run(s.dismissNotice)
	s.loop.until(t, "nothing is left", func() bool { return !s.notice.object.Visible() })
}

func TestSourcesWithAnOldAddressAreOfferedAnUpdate(t *testing.T) {
	list := []Correction{
		{Input: "Timer", Page: "viewer:ABC234", To: "http://127.0.0.1:3000/r/ABC234/viewer"},
		{Input: "Overlay", Page: "overlay:obs", To: "http://127.0.0.1:3000/overlay/obs"},
	}
	state := connected()
	state.Phase = app.OBSLost
	core, obs, s := showOBS(t, state, nil, func(cfg *Config) {
		cfg.Corrections = func(context.Context) ([]Correction, error) { return list, nil }
	})
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.Phase = app.OBSConnected })
	core.events <- app.OBSConnectionChanged{Connected: true}
	s.loop.until(t, "the offer", func() bool {
		return s.obs.sources.Visible() && s.obs.outdated.Text == "2 sources in OBS go to an old address of Cuewire."
	})
	s.tap(ButtonUpdateSources)
	for _, c := range list {
		if cmd := obs.next(t); cmd != (app.UpdateBrowserSourceURL{Input: c.Input, URL: c.To, Page: c.Page}) {
			t.Errorf("asked %+v", cmd)
		}
	}
	s.told(t, "2 sources in OBS go to the right address now.")
	s.loop.until(t, "no offer", func() bool { return !s.obs.sources.Visible() && s.View().OBS.Outdated == "" })
}

// choose picks an entry of the menu open.
func (s *stage) choose(t *testing.T, entry int) {
	s.loop.run(func() {
		for _, o := range test.LaidOutObjects(s.Canvas().Overlays().Top()) {
			if menu, ok := o.(*widget.PopUpMenu); ok {
				menu.Items[entry].(fyne.Tappable).Tapped(nil)
				return
			}
		}
		t.Error("no menu is open")
	})
}

func TestAPageIsAddedToOBSAndTakenBack(t *testing.T) {
	added := app.AddedBrowserSource{Input: "Timer Main", Created: true, Items: []app.OBSPlacedItem{{Scene: "Wide", Item: 1}}}
	there := false
	_, obs, s := showOBS(t, connected(), func(cmd app.OBSCommand) (app.OBSAnswer, error) {
		if _, ok := cmd.(app.AddBrowserSource); ok && there {
			return app.AddedBrowserSource{Input: "Cuewire overlay"}, nil
		}
		return added, nil
	}, func(cfg *Config) {
		cfg.PageForOBS = func(_ context.Context, path string) (string, string, error) {
			if path == "/overlay/obs" {
				return "http://10.0.0.5:3000" + path, "overlay", nil
			}
			return "http://10.0.0.5:3000" + path, "timer", nil
		}
	})
	add := func(link present.LinkKind, entry int) app.AddBrowserSource {
		t.Helper()
		s.loop.run(func() { test.Tap(s.links.links[link].add) })
		s.choose(t, entry)
		cmd, _ := obs.next(t).(app.AddBrowserSource)
		return cmd
	}
	if got := add(present.ViewerLink, 0); got != (app.AddBrowserSource{
		Page: "timer", Scene: "Wide", Name: "Timer Main", Width: 1920, Height: 1080,
		URL: "http://10.0.0.5:3000/r/ABC234/viewer?background=transparent&hide=controls",
	}) {
		t.Errorf("asked %+v", got)
	}
	s.told(t, "Added “Timer Main” to “Wide”.")
	s.loop.until(t, "Undo", func() bool { return s.Button(ButtonUndo).Visible() })
	s.tap(ButtonUndo)
	if undo, ok := obs.next(t).(app.UndoAddBrowserSource); !ok || undo.Added.Input != "Timer Main" || len(undo.Added.Items) != 1 {
		t.Errorf("undone: %+v", undo)
	}
	s.told(t, "Undone: “Timer Main” was taken back.")
	s.loop.until(t, "no second Undo", func() bool { return !s.Button(ButtonUndo).Visible() })
	there = true
	if got := add(present.OverlayLink, 1); got.Page != "overlay" || got.Scene != "" || got.URL != "http://10.0.0.5:3000/overlay/obs" {
		t.Errorf("asked %+v", got)
	}
	s.told(t, "“Cuewire overlay” is there already.")
	obs.nothing(t)
}

func TestWhyAPageIsNotAddedIsTold(t *testing.T) {
	var reached atomic.Bool
	core, obs, s := showOBS(t, connected(), func(app.OBSCommand) (app.OBSAnswer, error) {
		return nil, app.NewError(app.CodeUnavailable, "obs.noBrowser", "no browser", nil)
	}, func(cfg *Config) {
		cfg.PageForOBS = func(_ context.Context, path string) (string, string, error) {
			if !reached.Load() {
				return "", "", app.NewError(app.CodeConflict, "rest.notShared", "not shared", nil)
			}
			return "http://10.0.0.5:3000" + path, path, nil
		}
	})
	s.loop.run(func() { s.addToOBS(present.OverlayLink, "Wide") })
	s.told(t, "Share Cuewire on the local network first.")
	obs.nothing(t)
	reached.Store(true)
	s.loop.run(func() { s.addToOBS(present.OverlayLink, "Wide") })
	s.told(t, "“Cuewire overlay” was not added to OBS. This OBS has no browser source.")
	core.update(func(snap *app.Snapshot, _ *app.RoomState) { snap.OBS.Phase = app.OBSLost })
	s.loop.run(func() { s.chooseScenes(present.OverlayLink, s.links.links[1].add) })
	s.told(t, "OBS is not connected.")
}
