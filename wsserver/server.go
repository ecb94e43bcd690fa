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
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/wsserver/auth"
)

// Config is what a server is made of. Core, SourceSaver, PalcoTimer, Web, I18n and
// Listen must be given.
type Config struct {
	Core        app.Core
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

// Limits bound what clients may use. Zero is the default.
type Limits struct {
	Connections int // WebSocket connections in all, 20,000
	PerAddress  int // of them from one other computer, 200
	Requests    int // TCP connections that are not, or not yet, WebSocket ones, 4,096
	Backlog     int // bytes that may wait for one client, 1 MiB
}

func (l Limits) withDefaults() Limits {
	def := func(value *int, fallback int) {
		if *value <= 0 {
			*value = fallback
		}
	}
	def(&l.Connections, 20_000)
	def(&l.PerAddress, 200)
	def(&l.Requests, 4_096)
	def(&l.Backlog, 1<<20)
	return l
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

	desks       []*broadcaster
	sourceSaver *broadcaster
	palcoTimer  *broadcaster
	broadcastt  *broadcaster // nil for none
	timerAPI    *broadcaster // nil for none
	files       files
	routes      map[string][]string // the methods of every path that is served
	upgrader    upgrader
	http        *http.Server
	listeners   []net.Listener
	site        atomic.Pointer[siteSeen]

	base   context.Context // ends when the server stops
	cancel context.CancelFunc

	load     load
	answers  answers
	sessions tally
	asking   askers
	outside  outside
	visitors atomic.Uint64 // numbers them
	open     atomic.Int64  // TCP connections that are no WebSocket ones
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
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
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

// counted closes new TCP connections over the limit at once.
func (s *Server) counted(c net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		if s.open.Add(1) > int64(s.limits.Requests) {
			_ = c.Close() // serving it fails at once
		}
	case http.StateHijacked, http.StateClosed:
		s.open.Add(-1)
	}
}

// Listen binds every address, or none: the error is then an *app.Error that says
// which one and what to do.
func (s *Server) Listen() error {
	for _, address := range s.config.Listen {
		l, err := net.Listen("tcp", address)
		if err != nil {
			for _, bound := range s.listeners {
				_ = bound.Close() // nothing was served on it
			}
			s.listeners = nil
			return listenError(address, err)
		}
		s.listeners = append(s.listeners, l)
	}
	return nil
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

// Close gives back the addresses of a server that Run was not called for. It may
// be called after Run too.
func (s *Server) Close() error {
	var errs []error
	for _, l := range s.listeners {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Addresses returns where the server can be opened, "http://127.0.0.1:3000", in the
// order of Config.Listen. What listens on every address is there with this
// computer's: loopback first, then its networks'. It is empty before Listen.
func (s *Server) Addresses() []string {
	var addresses []string
	for _, l := range s.listeners {
		at, err := netip.ParseAddrPort(l.Addr().String())
		if err != nil || !at.Addr().IsUnspecified() {
			addresses = append(addresses, "http://"+l.Addr().String())
			continue
		}
		for _, own := range reachable(at.Addr(), ownAddresses()) {
			addresses = append(addresses, "http://"+netip.AddrPortFrom(own, at.Port()).String())
		}
	}
	return addresses
}

// reachable returns the addresses of this computer that an unspecified one stands
// for, IPv4's first. Link-local ones need a zone that a browser cannot name.
func reachable(unspecified netip.Addr, own []netip.Addr) []netip.Addr {
	reach := []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}
	for _, a := range own {
		if a.Is4() && !a.IsLoopback() && !a.IsLinkLocalUnicast() {
			reach = append(reach, a)
		}
	}
	for _, a := range own {
		if a.Is6() && unspecified.Is6() && !a.IsLoopback() && !a.IsLinkLocalUnicast() {
			reach = append(reach, a)
		}
	}
	return reach
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
	for _, l := range s.listeners {
		tasks.Go(func() error {
			if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serve %s: %w", l.Addr(), err)
			}
			return nil
		})
	}
	tasks.Go(func() error { return s.watchTokens(ctx) })
	tasks.Go(func() error {
		<-ctx.Done()
		defer endDesks()
		s.stop()
		return nil
	})
	return tasks.Wait()
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
			c.fail()
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

// Ours reports whether this server serves an address: a page of ours, by any of
// the names that it answers to.
func (s *Server) Ours(u *url.URL) bool {
	origin := u.Scheme + "://" + u.Host
	return s.here().OwnOrigin(origin) || s.here().OverlayOrigin(origin)
}

// siteSeen is what this computer was called when we last looked.
type siteSeen struct {
	auth.Site
	at time.Time
}

// siteLasts is how long we go by what we saw: networks come and go.
const siteLasts = 5 * time.Second

// here returns what the server knows of itself.
func (s *Server) here() auth.Site {
	if seen := s.site.Load(); seen != nil && time.Since(seen.at) < siteLasts {
		return seen.Site
	}
	seen := &siteSeen{at: time.Now()}
	for _, l := range s.listeners {
		if at, err := netip.ParseAddrPort(l.Addr().String()); err == nil {
			seen.Listening = append(seen.Listening, at)
		}
	}
	if seen.Sharing() {
		seen.Addresses, seen.Names = ownAddresses(), ownNames()
	}
	s.site.Store(seen)
	return seen.Site
}

func ownAddresses() []netip.Addr {
	var own []netip.Addr
	addrs, _ := net.InterfaceAddrs() // without them the listening addresses remain
	for _, a := range addrs {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil {
			own = append(own, prefix.Addr().Unmap().WithZone(""))
		}
	}
	return own
}

func ownNames() []string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return nil
	}
	name = strings.ToLower(name)
	short, _, _ := strings.Cut(name, ".")
	return []string{name, short, short + ".local"}
}
