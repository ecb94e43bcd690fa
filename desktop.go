//go:build !headless

package main

import (
	"context"
	"errors"
	"net/url"
	"os/signal"
	"time"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/app/i18n"
	"cuewire/app/ui"
	"cuewire/assets"
	"cuewire/obsbridge"
)

// appID names Cuewire to the desktop; FyneApp.toml says the same.
const appID = "io.github.cuewire"

// withWindow serves and shows the window until it is closed or a signal comes.
func (p *program) withWindow() int {
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals...)
	defer stop()
	a := fyneapp.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("icon.png", assets.Icon()))
	starter, err := p.newAutostart()
	if err != nil {
		return p.failInWindow(a, err)
	}
	if p.hidden {
		ui.AwaitTray(ctx, trayPatience)
	}
	var w *ui.Window // made before anything serves
	s, err := p.open(ctx, func() { w.Raise() })
	if errors.Is(err, errRunning) && raiseRunning(p.dataDir) == nil {
		return 0
	}
	if err != nil {
		return p.failInWindow(a, err)
	}
	w = ui.New(ui.Config{
		App: a, Core: s.core, OBS: s.bridge, Catalogue: p.catalogue, Lang: i18n.System(),
		Addresses: s.server.Addresses(), DataDir: p.dataDir, Version: version, Log: p.logs.Logger("window"), Quit: a.Quit,
		ParseOBS: obsbridge.ParseTarget, PageForOBS: s.server.PageForOBS, Corrections: s.corrections,
		Support: s.bundle, Crashed: s.crashed,
		Plan: planOf, Files: rundownFiles{p.catalogue}, History: s.recorder, Ours: s.server.Ours, OwnPages: s.ownPages, Collections: sceneCollections{}, Backups: s.backups,
		Devices: s.server, Firewall: firewallHint, IssueToken: s.issueToken, Autostart: starter,
	})
	follow := w.Moved
	s.followed.Store(&follow)
	s.start()
	s.run("window", w.Run)
	ended := make(chan error, 1)
	go func() {
		var err error
		select {
		case <-ctx.Done():
		case err = <-s.failed:
		}
		ended <- err
		fyne.Do(a.Quit)
	}()
	if !p.hidden || !w.HasTray() {
		w.Show()
		if !p.plain && !s.core.Snapshot().Settings.Welcomed {
			w.Welcome()
		}
	}
	a.Run()
	stop() // the goroutine above ends, if it has not
	if err = errors.Join(<-ended, s.stop()); err != nil {
		return p.fail(err)
	}
	return 0
}

// trayPatience is how long a hidden start waits for the desktop's tray, which may be
// started at the same time.
const trayPatience = 5 * time.Second

// issueToken makes an access token, of which the core has not heard yet.
func (s *services) issueToken(subject string, role app.Role, name string, life time.Duration) (string, app.Token, error) {
	return s.signer.Issue(subject, role, name, time.Now(), life)
}

// corrections finds the browser sources of OBS that go to an old address of ours.
func (s *services) corrections(ctx context.Context) ([]ui.Correction, error) {
	base, _, err := s.server.PageForOBS(ctx, "/")
	if err != nil {
		return nil, err
	}
	answer, err := s.bridge.DoOBS(ctx, app.ListBrowserSources{})
	if err != nil {
		return nil, err
	}
	sources, _ := answer.([]app.OBSBrowserSource)
	var list []ui.Correction
	for _, c := range automation.Corrections(sources, s.server.Ours, base) {
		to := c.To
		if u, err := url.Parse(to); err == nil {
			if to, _, err = s.server.PageForOBS(ctx, u.RequestURI()); err != nil {
				return nil, err
			}
		}
		list = append(list, ui.Correction{Input: c.Input, Page: c.Page, To: to})
	}
	return list, nil
}

// ownPages returns the paths of the streamer's own pages.
func (s *services) ownPages() ([]string, error) {
	list, err := s.server.OwnOverlays()
	paths := make([]string, len(list))
	for i, page := range list {
		paths[i] = page.Path
	}
	return paths, err
}

// failInWindow tells in a dialog why Cuewire cannot start.
func (p *program) failInWindow(a fyne.App, err error) int {
	code := p.fail(err)
	ui.ShowFatal(a, p.words, p.question(err), err.Error(), p.waysOut(a, err)...)
	a.Run()
	return code
}
