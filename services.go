package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/automation"
	"cuewire/app/engine"
	"cuewire/app/insight"
	"cuewire/app/store"
	"cuewire/assets"
	"cuewire/metrics"
	"cuewire/obsbridge"
	"cuewire/wsserver"
	"cuewire/wsserver/auth"
	"cuewire/wsserver/broadcastt"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
	"cuewire/wsserver/timerapi"
)

// How long one part may take to stop, and all of them together.
const (
	partPatience = 1200 * time.Millisecond
	stopPatience = 2700 * time.Millisecond
)

// overlaysFolder of the data folder is served at /overlay/my/.
const overlaysFolder = "overlays"

// services are all long-lived parts but the window.
type services struct {
	p        *program
	instance *instance
	crashes  *insight.Crashes
	crashed  []app.CrashReport // of earlier runs, not told before
	bundle   *insight.Bundle
	store    *store.Store
	backups  *store.Backups
	core     *engine.Engine
	bell     *alarm.Bell
	bridge   *obsbridge.Bridge
	server   *wsserver.Server
	signer   *auth.Signer
	sampler  *metrics.Sampler
	recorder *metrics.Recorder
	healer   *automation.Healer
	director *automation.Director
	framer   *automation.Framer
	placer   *automation.Placer

	followed atomic.Pointer[func([]string)] // hears other addresses; nil for nobody

	failed chan error // gets the error of a part that ended by itself
	parts  []*part    // in the order of their start
}

// part is a running part.
type part struct {
	name string
	stop context.CancelFunc
	done chan error
}

// open takes the data folder, loads the state and binds the addresses. raise
// shows the window, nil where there is none. Nothing runs yet; after an error
// nothing is left open.
func (p *program) open(ctx context.Context, raise func()) (_ *services, err error) {
	s := &services{p: p, failed: make(chan error, 8)}
	if s.instance, err = takeFolder(p.dataDir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	s.watch()
	if err = os.MkdirAll(filepath.Join(p.dataDir, overlaysFolder), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for own overlays: %w", err)
	}
	if err = s.openState(ctx, raise != nil); err != nil {
		return nil, err
	}
	// A window is told of alerts even while it is hidden.
	watched := func() bool { return raise != nil || s.server.Watched() }
	s.bell = alarm.NewBell(s.core.Now, s.core.NextBeat, watched, alarm.New)
	s.bridge = obsbridge.New(obsbridge.Config{Core: s.core, Target: p.obs, Off: p.noOBS, DataDir: p.dataDir, Bell: s.bell, Log: p.logs.Logger("obs")})
	s.recorder = metrics.NewRecorder(s.store.History(), p.logs.Logger("history"))
	exposition := s.exposition()
	s.bundle = s.support(exposition)
	if s.signer, err = auth.OpenSigner(p.dataDir); err != nil {
		return nil, err
	}
	s.server, err = wsserver.New(wsserver.Config{
		TimerAPI: timerapi.New(timerapi.Config{Connections: p.timerConnections, Messages: p.timerMessages}), Signer: s.signer,
		OIDC:    wsserver.OIDC{Issuer: p.oidcIssuer, Audience: p.oidcAudience, Folder: p.dataDir},
		Backups: s.backups, Core: s.core, Bell: s.bell, OBS: s.bridge, History: s.recorder, Machine: sync.OnceValue(metrics.Machine), SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(), Broadcastt: broadcastt.New(),
		Web: assets.Web(), I18n: assets.I18n(), Files: rundownFiles{p.catalogue}, Collections: sceneCollections{},
		Overlays: filepath.Join(p.dataDir, overlaysFolder), Listen: p.listen, Version: version, Dev: p.dev,
		Secret: s.instance.secret, Logs: p.logs, Metrics: exposition.Handler(), Support: s.bundle, Raise: raise, Log: p.logs.Logger("server"), Folder: p.dataDir, Moved: s.moved, Limits: p.limits,
	})
	if err != nil {
		return nil, err
	}
	s.sampler = metrics.New(metrics.Config{Core: s.core, Server: s.server.Load, Started: time.Now(), Bell: s.bell, History: s.recorder, Log: p.logs.Logger("metrics")})
	s.healer = &automation.Healer{Core: s.core, OBS: s.bridge, Ours: s.server.Ours, Pages: s.pagesInOBS, Log: p.logs.Logger("self-healing")}
	s.framer = &automation.Framer{Core: s.core, Page: func() string { return s.server.Addresses()[0] }, Ours: s.server.Ours, Log: p.logs.Logger("framing")}
	s.director = &automation.Director{Core: s.core, OBS: s.bridge, Version: version, Log: p.logs.Logger("cues")}
	s.placer = &automation.Placer{Core: s.core, OBS: s.bridge, Address: s.server.PageForOBS, Log: p.logs.Logger("placement")}
	return s, s.server.Listen() // last: what it binds, Run gives back
}

// example is the first room's rundown, in the person's language.
func (p *program) example() engine.Example {
	timer := func(key string, minutes int64) app.TimerFields {
		name, duration := p.words.T(key, nil), app.Millis(minutes*60_000)
		return app.TimerFields{Name: &name, Duration: &duration}
	}
	return engine.Example{Room: p.words.T("example.room", nil), Timers: []app.TimerFields{
		timer("example.welcome", 5), timer("example.talk", 20), timer("example.questions", 10), timer("example.break", 15),
	}}
}

// settled is how long after the start nothing happens any more but what happens always.
const settled = 5 * time.Second

// start runs all parts and tells where they serve.
func (s *services) start() {
	s.p.log.Info("starting", "version", version)
	s.run("backups", s.backups.Run) // stopped last: the last backup has all that the engine wrote
	s.run("engine", s.core.Run)
	s.run("bell", s.bell.Run)
	s.run("OBS bridge", s.bridge.Run)
	s.run("history", s.recorder.Run)
	s.run("metrics", s.sampler.Run)
	s.run("self-healing", s.healer.Run)
	s.run("cues", s.director.Run)
	s.run("framing", s.framer.Run)
	s.run("placement", s.placer.Run)
	s.run("server", s.server.Run)
	if err := s.instance.announce(s.server.Addresses()); err != nil {
		s.failed <- err
		return
	}
	for _, address := range s.server.Addresses() {
		fmt.Fprintf(s.p.out, "listening on %s\n", address)
	}
	time.AfterFunc(settled, giveBack)
}

// moved tells the copies that are started later where this one is.
func (s *services) moved(addresses []string) {
	if err := s.instance.announce(addresses); err != nil {
		s.p.log.Warn("the addresses cannot be written down", "err", err)
	}
	if tell := s.followed.Load(); tell != nil {
		(*tell)(addresses)
	}
}

// pagesInOBS returns our pages that OBS's browser sources show.
func (s *services) pagesInOBS() []automation.Page {
	var pages []automation.Page
	for _, c := range s.core.Snapshot().Clients {
		if c.InOBS && c.URL != "" {
			pages = append(pages, automation.Page{URL: c.URL, Heard: c.HeardAt})
		}
	}
	return pages
}

func (s *services) run(name string, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	p := &part{name: name, stop: cancel, done: make(chan error, 1)}
	s.parts = append(s.parts, p)
	go func() {
		err := s.guard(ctx, name, run)
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		p.done <- err
		if ctx.Err() == nil {
			if err == nil {
				err = fmt.Errorf("%s ended", name)
			}
			s.failed <- err
		}
	}()
}

// guard turns a panic of a part into its error, so that the others stop in order,
// and keeps a report of it.
func (s *services) guard(ctx context.Context, name string, run func(context.Context) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			stack := debug.Stack()
			err = errors.Join(fmt.Errorf("%v\n%s", fault, stack), s.crashes.Recovered(name, fault, stack))
		}
	}()
	return run(ctx)
}

// stop ends all parts, the last started first, and leaves the data folder. The
// parts have stopPatience together; one that hangs is left behind.
func (s *services) stop() error {
	var errs []error
	all, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	for _, p := range slices.Backward(s.parts) {
		p.stop()
		patience, enough := context.WithTimeout(all, partPatience)
		select {
		case err := <-p.done:
			errs = append(errs, err)
		case <-patience.Done():
			s.p.log.Error("a part does not stop", "part", p.name)
		}
		enough()
	}
	return errors.Join(errors.Join(errs...), s.close())
}

// close gives back what open took.
func (s *services) close() error {
	var errs []error
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.crashes != nil {
		errs = append(errs, s.crashes.Close())
	}
	errs = append(errs, s.p.logs.Close(), s.instance.leave())
	return errors.Join(errs...)
}
