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
	"time"

	"cuewire/app"
	"cuewire/app/automation"
	"cuewire/app/engine"
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
	store    *store.Store
	core     *engine.Engine
	bridge   *obsbridge.Bridge
	server   *wsserver.Server
	sampler  *metrics.Sampler
	recorder *metrics.Recorder
	healer   *automation.Healer
	director *automation.Director
	framer   *automation.Framer
	placer   *automation.Placer

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
	if err = os.MkdirAll(filepath.Join(p.dataDir, overlaysFolder), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder for own overlays: %w", err)
	}
	if s.store, err = store.Open(ctx, store.Config{Dir: p.dataDir, Log: p.log}); err != nil {
		return nil, err
	}
	if s.core, err = engine.Open(ctx, engine.Config{Store: s.store, Log: p.log, Example: p.example()}); err != nil {
		return nil, err
	}
	s.bridge = obsbridge.New(obsbridge.Config{Core: s.core, Target: p.obs, Off: p.noOBS, DataDir: p.dataDir, Log: p.log})
	s.recorder = metrics.NewRecorder(s.store.History(), p.log)
	signer, err := auth.OpenSigner(p.dataDir)
	if err != nil {
		return nil, err
	}
	s.server, err = wsserver.New(wsserver.Config{
		TimerAPI: timerapi.New(timerapi.Config{Connections: p.timerConnections, Messages: p.timerMessages}), Signer: signer,
		OIDC: wsserver.OIDC{Issuer: p.oidcIssuer, Audience: p.oidcAudience, Folder: p.dataDir},
		Core: s.core, OBS: s.bridge, History: s.recorder, Machine: sync.OnceValue(metrics.Machine), SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(), Broadcastt: broadcastt.New(),
		Web: assets.Web(), I18n: assets.I18n(), Files: rundownFiles{p.catalogue}, Collections: sceneCollections{},
		Overlays: filepath.Join(p.dataDir, overlaysFolder), Listen: p.listen, Version: version, Dev: p.dev,
		Secret: s.instance.secret, Raise: raise, Log: p.log,
	})
	if err != nil {
		return nil, err
	}
	s.sampler = metrics.New(metrics.Config{Core: s.core, Server: s.server.Load, Started: time.Now(), History: s.recorder, Log: p.log})
	s.healer = &automation.Healer{Core: s.core, OBS: s.bridge, Ours: s.server.Ours, Pages: s.pagesInOBS, Log: p.log}
	s.framer = &automation.Framer{Core: s.core, Page: func() string { return s.server.Addresses()[0] }, Ours: s.server.Ours, Log: p.log}
	s.director = &automation.Director{Core: s.core, OBS: s.bridge, Version: version, Log: p.log}
	s.placer = &automation.Placer{Core: s.core, OBS: s.bridge, Address: s.server.PageForOBS, Log: p.log}
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

// start runs all parts and tells where they serve.
func (s *services) start() {
	s.run("engine", s.core.Run)
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
	go debug.FreeOSMemory() // what reading texts and rundowns took, which is not needed again
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
		err := guard(ctx, run)
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

// guard turns a panic of a part into its error, so that the others stop in order.
func guard(ctx context.Context, run func(context.Context) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v\n%s", fault, debug.Stack())
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
	errs = append(errs, s.instance.leave())
	return errors.Join(errs...)
}
