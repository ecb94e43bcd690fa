package wsserver

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// listener is one bound address.
type listener struct {
	net.Listener
	at     netip.AddrPort // zero for what is no IP address
	secure bool           // HTTPS
	fixed  bool           // it was asked for at the start, and stays until the end
	missed int            // looks in a row at which its address was not there; of who arranges
}

// url is where the listener is reached at the address.
func (l *listener) url(addr netip.Addr) string {
	scheme := "http://"
	if l.secure {
		scheme = "https://"
	}
	return scheme + netip.AddrPortFrom(addr, l.at.Port()).String()
}

// door is what the server listens on. Listeners come and go while it runs.
type door struct {
	mu       sync.Mutex // guards what follows
	open     []*listener
	serving  func(*listener) // begins to serve one; nil before Run
	problems []*app.Error    // what of the settings cannot be done at the moment
	name     string          // told on the local network, "" for none
	unnamed  *app.Error      // why it is not told, nil where it is or need not be

	conns sync.Map // net.Conn → nil, of those that are no WebSocket ones
}

// listeners returns those that are open.
func (d *door) listeners() []*listener {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.open)
}

// Listen binds every address, or none: the error is then an *app.Error that says
// which one and what to do. What the settings ask for beside them it tries to bind;
// Reach tells what could not be.
func (s *Server) Listen() error {
	for _, address := range s.config.Listen {
		l, err := net.Listen("tcp", address)
		if err != nil {
			_ = s.Close() // nothing was served on it
			s.door.open = nil
			return listenError(address, err)
		}
		at, _ := netip.ParseAddrPort(l.Addr().String()) // of a TCP listener it always is one
		s.door.open = append(s.door.open, &listener{Listener: l, at: at, fixed: true})
	}
	s.arrange(s.core.Snapshot().Settings)
	return nil
}

// Close gives back the addresses of a server that Run was not called for. It may
// be called after Run too.
func (s *Server) Close() error {
	var errs []error
	for _, l := range s.door.listeners() {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// serve begins to serve what is open, and what will be. A listener that fails ends the
// tasks if it is fixed; another is tried again.
func (s *Server) serve(tasks *errgroup.Group) {
	s.door.mu.Lock()
	defer s.door.mu.Unlock()
	s.door.serving = func(l *listener) {
		tasks.Go(func() error {
			err := s.http.Serve(l)
			switch {
			case errors.Is(err, http.ErrServerClosed):
			case l.fixed:
				return fmt.Errorf("serve %s: %w", l.Addr(), err)
			case !errors.Is(err, net.ErrClosed):
				s.log.Warn("an address is not served any more", "address", l.Addr().String(), "err", err)
				s.shut(l)
			}
			return nil
		})
	}
	for _, l := range s.door.open {
		s.door.serving(l)
	}
}

// running reports whether Run has begun.
func (s *Server) running() bool {
	s.door.mu.Lock()
	defer s.door.mu.Unlock()
	return s.door.serving != nil
}

// add binds an address, the next free port if that one is taken, and serves it.
func (s *Server) add(at netip.AddrPort, fixed bool, secure *tls.Config) (*listener, *app.Error) {
	var failed error
	for port := uint32(at.Port()); port <= 65535 && port < uint32(at.Port())+portsTried; port++ {
		l, err := net.Listen("tcp", netip.AddrPortFrom(at.Addr(), uint16(port)).String())
		if err != nil {
			failed = err
			if reason := listenError(at.String(), err); reason.Code == app.CodeConflict {
				continue
			}
			break
		}
		bound, _ := netip.ParseAddrPort(l.Addr().String()) // of a TCP listener it always is one
		added := &listener{Listener: l, at: bound, fixed: fixed, secure: secure != nil}
		if secure != nil {
			added.Listener = tls.NewListener(l, secure)
		}
		s.door.mu.Lock()
		s.door.open = append(s.door.open, added)
		serving := s.door.serving
		s.door.mu.Unlock()
		s.site.Store(nil)
		if serving != nil {
			serving(added)
		}
		return added, nil
	}
	return nil, sharingError(at, failed)
}

// portsTried is how many ports are tried, the wanted one first.
const portsTried = 20

// shut closes a listener and everything that came by it.
func (s *Server) shut(l *listener) {
	_ = l.Close() // closed already is fine
	s.door.mu.Lock()
	s.door.open = slices.DeleteFunc(s.door.open, func(o *listener) bool { return o == l })
	s.door.mu.Unlock()
	s.site.Store(nil)
	came := func(c net.Conn) bool {
		at, err := netip.ParseAddrPort(c.LocalAddr().String())
		return err == nil && netip.AddrPortFrom(at.Addr().Unmap().WithZone(""), at.Port()) == l.at
	}
	for _, d := range s.desks {
		for _, c := range d.wheel.all() {
			if came(c.tap.Conn) {
				c.part(app.PartStopping)
			}
		}
	}
	s.door.conns.Range(func(key, _ any) bool {
		if c := key.(net.Conn); came(c) {
			_ = c.Close() // what it was about to answer nobody may have any more
		}
		return true
	})
}

// Addresses returns where the server can be opened, "http://127.0.0.1:3000": those of
// Config.Listen in their order, then what is shared beside them, then HTTPS. What listens
// on every address is there with this computer's: loopback first, then its networks'. It is
// empty before Listen.
func (s *Server) Addresses() []string {
	var plain, secure []string
	for _, a := range s.reached() {
		if a.Secure {
			secure = append(secure, a.URL)
		} else {
			plain = append(plain, a.URL)
		}
	}
	return append(plain, secure...)
}

// reached returns every address that is served, as Addresses has them.
func (s *Server) reached() []app.ReachAddress {
	var list []app.ReachAddress
	var own []netip.Addr
	for _, l := range s.door.listeners() {
		if !l.at.IsValid() {
			continue
		}
		addrs := []netip.Addr{l.at.Addr()}
		if l.at.Addr().IsUnspecified() {
			if own == nil {
				own = ownAddresses()
			}
			addrs = reachable(l.at.Addr(), own)
		}
		for _, a := range addrs {
			list = append(list, app.ReachAddress{URL: l.url(a), Local: a.Unmap().IsLoopback(), Secure: l.secure})
		}
	}
	return list
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
	s.door.mu.Lock()
	defer s.door.mu.Unlock() // until it is kept: whoever changes what is open forgets it afterwards
	seen := &siteSeen{at: time.Now()}
	for _, l := range s.door.open {
		switch {
		case !l.at.IsValid():
		case l.secure:
			seen.Secure = append(seen.Secure, l.at)
		default:
			seen.Listening = append(seen.Listening, l.at)
		}
	}
	if seen.Sharing() {
		seen.Addresses, seen.Names = ownAddresses(), ownNames()
		if s.door.name != "" {
			seen.Names = append(seen.Names, s.door.name)
		}
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
