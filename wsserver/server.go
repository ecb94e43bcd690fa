// Package wsserver is Cuewire's one listener: the pages, the REST interface and
// the WebSocket sessions of every dialect, over one core.
//
// Codecs and page files are handed in by main. The package owns sockets, queues,
// limits and routes; what a frame means is the dialects' business, who may
// connect is decided by package wsserver/auth.
package wsserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"cuewire/app"
	"cuewire/app/alarm"
	"cuewire/app/i18n"
	"cuewire/wsserver/auth"
)

// Config is what a server is made of. Core, Bell, SourceSaver, PalcoTimer, Web, I18n and
// Listen must be given.
type Config struct {
	Core        app.Core
	Bell        *alarm.Bell          // rings for heartbeats and pings
	OBS         app.OBS              // nil where there is no bridge
	SourceSaver app.Dialect          // at /
	PalcoTimer  app.Dialect          // at /ws/{room}
	TimerAPI    TimerFormat          // at /v1/ws/timers; nil for none
	Broadcastt  app.Dialect          // at /app/{key} and /apps/{key}; nil for none
	Web         fs.FS                // the pages and all they need
	I18n        fs.FS                // the catalogue of texts
	Collections app.SceneCollections // nil adopts nothing from files
	Files       app.RundownFiles     // nil for no import and export
	Overlays    string               // the folder of the streamer's own overlays, served at /overlay/my/; "" for none
	Listen      []string             // addresses, "127.0.0.1:3000"; port 0 picks one
	Folder      string               // keeps the local certificate authority; "" for none
	Moved       func([]string)       // hears Addresses after they have changed; nil for nobody
	Backups     app.Backups          // nil where there are none
	History     app.History          // nil where nothing is recorded
	Machine     func() app.Machine   // nil where it is not known
	Version     string
	Dev         bool
	Secret      string       // the bearer token of programs on this computer that read run.json; "" for none
	Signer      *auth.Signer // of access tokens; nil issues and takes none of ours
	OIDC        OIDC         // an outside issuer of tokens, in place of the settings' one
	Raise       func()       // shows the window; nil where there is none
	Logs        app.Logs     // nil for no /api/system/logs
	Support     app.Support  // nil for no support bundle
	Metrics     http.Handler // for Prometheus; nil for none
	Log         *slog.Logger
	Limits      Limits
}

// stopWait is how long stopping may take: close frames answered, requests finished.
const stopWait = time.Second

// Server serves HTTP and WebSocket on its addresses.
type Server struct {
	core    app.Core
	obs     app.OBS
	config  Config
	limits  Limits
	log     *slog.Logger
	words   *i18n.Catalogue
	started time.Time

	desks        []*broadcaster
	sourceSaver  *broadcaster
	palcoTimer   *broadcaster
	broadcastt   *broadcaster // nil for none
	timerAPI     *broadcaster // nil for none
	files        files
	routes       map[string][]string // the methods of every path that is served
	upgrader     upgrader
	http         *http.Server
	door         door
	site         atomic.Pointer[siteSeen]
	certificates certificates
	name         announcer
	arranging    sync.Mutex    // one at a time arranges what is open; guards sharedOn
	sharedOn     string        // Settings.ShareOn, when that was done last
	rearrange    chan struct{} // asks for it
	obsLinks     obsLinks
	pairings     auth.Pairings
	seen         sync.Map // id of a token → time.Time at which it was last used

	base   context.Context // ends when the server stops
	cancel context.CancelFunc

	load      load
	answered  answers
	sessions  tally
	asking    askers
	outside   outside
	visitors  atomic.Uint64 // numbers them
	arrivals  arrivals
	strangers people // requests by address, of those without a token
	devices   people // requests by token
}

// New returns a server that doesn't listen yet.
func New(config Config) (*Server, error) {
	words, err := i18n.Load(config.I18n)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	s := &Server{
		core: config.Core, obs: config.OBS, config: config, limits: config.Limits.withDefaults(),
		log: config.Log, words: words, started: time.Now(), routes: map[string][]string{},
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.base, s.cancel = context.WithCancel(context.Background())
	s.sessions.init(s.limits)
	s.files.init(config)
	s.upgrader.init()
	s.certificates.folder, s.certificates.now = config.Folder, time.Now
	s.rearrange = make(chan struct{}, 1)
	s.sourceSaver = newBroadcaster(s, config.SourceSaver)
	s.palcoTimer = newBroadcaster(s, config.PalcoTimer)
	s.sourceSaver.name, s.palcoTimer.name = "sourcesaver", "palcotimer"
	s.desks = []*broadcaster{s.sourceSaver, s.palcoTimer}
	if config.Broadcastt != nil {
		s.broadcastt = newBroadcaster(s, config.Broadcastt)
		s.broadcastt.keyed, s.broadcastt.name = true, "broadcastt"
		s.desks = append(s.desks, s.broadcastt)
	}
	if config.TimerAPI != nil {
		s.timerAPI = newBroadcaster(s, config.TimerAPI)
		s.timerAPI.keyed, s.timerAPI.name = true, "timerapi"
		s.desks = append(s.desks, s.timerAPI)
	}
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: s.limits.HeaderWait,
		ReadTimeout:       s.limits.BodyWait,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeader - headerSlop,
		ConnState:         s.counted,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:       func(net.Listener) context.Context { return s.base },
	}
	return s, nil
}

// net/http reads headerSlop bytes more than it is told to.
const (
	maxHeader  = 16 << 10
	headerSlop = 4096
)

// counted closes new TCP connections over the limits at once.
func (s *Server) counted(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if !s.arrivals.enter(c, s.limits) {
			_ = c.Close() // serving it fails at once
		}
		s.door.conns.Store(c, nil)
	case http.StateHijacked, http.StateClosed:
		s.arrivals.leave(c)
		s.door.conns.Delete(c)
	}
}

func listenError(address string, err error) *app.Error {
	args := map[string]any{"Address": address}
	e := app.NewError(app.CodeUnavailable, "server.listen.failed",
		"cannot listen on "+address+"; choose another address with --listen", args)
	var lookup *net.DNSError
	var malformed *net.AddrError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		e = app.NewError(app.CodeConflict, "server.listen.inUse",
			"the address "+address+" is in use by another program; stop it, or choose another port with --listen", args)
	case errors.Is(err, os.ErrPermission):
		e = app.NewError(app.CodeForbidden, "server.listen.denied",
			"this computer does not allow listening on "+address+"; choose a port of 1024 or more with --listen", args)
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &lookup), errors.As(err, &malformed):
		e = app.NewError(app.CodeInvalid, "server.listen.unknown",
			address+" is not an address of this computer; choose one like 127.0.0.1:3000 with --listen", args)
	}
	e.Err = err
	return e
}

// Run serves until ctx ends, then stops in order: no new connections, a going-away
// close frame to every session, and an end to what has not ended after a second.
// It returns nil, or why serving failed.
func (s *Server) Run(ctx context.Context) error {
	defer s.cancel()
	tasks, ctx := errgroup.WithContext(ctx)
	desks, endDesks := context.WithCancel(context.WithoutCancel(ctx))
	defer endDesks()
	for _, d := range s.desks {
		tasks.Go(func() error { return d.run(desks) })
	}
	tasks.Go(func() error {
		s.tick(desks)
		return nil
	})
	s.serve(tasks)
	tasks.Go(func() error { return s.watchTokens(ctx) })
	tasks.Go(func() error { return s.share(ctx) })
	tasks.Go(func() error {
		<-ctx.Done()
		defer endDesks()
		s.stop()
		return nil
	})
	return tasks.Wait()
}

// tick ticks the dialects until ctx ends.
func (s *Server) tick(ctx context.Context) {
	rings, leave := s.config.Bell.Hear()
	defer leave()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rings:
		}
		for _, d := range s.desks {
			d.tick()
		}
	}
}

// stop ends everything that is open.
func (s *Server) stop() {
	deadline, cancel := context.WithTimeout(context.Background(), stopWait)
	defer cancel()
	s.sessions.refuse()
	var stopping sync.WaitGroup
	stopping.Go(func() {
		if s.http.Shutdown(deadline) != nil {
			_ = s.http.Close() // what did not finish in time is cut
		}
	})
	for _, d := range s.desks {
		d.partAll(app.PartStopping)
	}
	s.sessions.wait(deadline)
	s.cancel()
	for _, d := range s.desks {
		for _, c := range d.wheel.all() {
			c.shut()
		}
	}
	stopping.Wait()
}

// Load returns what the server counts of itself.
func (s *Server) Load() app.ServerLoad {
	l := s.load.read(time.Now())
	l.Connections, l.Opened = s.sessions.count()
	return l
}

// watchedFor is for how many seconds a request counts as somebody who watches.
const watchedFor = 10

// Watched reports whether anybody may look at what is measured: somebody is connected, or
// has asked for something of late.
func (s *Server) Watched() bool {
	open, _ := s.sessions.count()
	return open > 0 || s.load.answered(time.Now())
}

// Ours reports whether this server serves an address: a page of ours, by any of
// the names that it answers to.
func (s *Server) Ours(u *url.URL) bool {
	origin := u.Scheme + "://" + u.Host
	return s.here().OwnOrigin(origin) || s.here().OverlayOrigin(origin)
}
