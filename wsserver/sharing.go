package wsserver

import (
	"context"
	"crypto/tls"
	"net/netip"
	"slices"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// networksEvery is how often it is looked whether networks came or went, while
// Cuewire is shared.
const networksEvery = 2 * time.Second

// missedLooks is how often in a row an address must be found to be gone.
const missedLooks = 3

// securePortAhead is how far the port for HTTPS is from that of plain HTTP: 3443 for 3000.
const securePortAhead = 443

// share keeps what is open as the settings want it, whatever networks come and go,
// until ctx ends or the engine stops.
func (s *Server) share(ctx context.Context) error {
	stream := s.core.Watch()
	defer stream.Close()
	changed := make(chan app.Settings)
	settings := s.core.Snapshot().Settings
	go func() {
		defer close(changed)
		last := settings
		for {
			update, err := stream.Next(ctx)
			if err != nil {
				return // ctx has ended, or the engine
			}
			next := update.Snapshot.Settings
			if sameSharing(last, next) {
				continue
			}
			last = next
			select {
			case changed <- next:
			case <-ctx.Done():
				return
			}
		}
	}()
	s.name.begin(s.named)
	defer s.name.stop()
	look := time.NewTicker(networksEvery)
	defer look.Stop()
	for {
		s.arrange(settings)
		s.tellName(settings)
		if s.here().Sharing() || settings.Sharing || settings.HTTPS != app.HTTPSOff {
			look.Reset(networksEvery)
		} else {
			look.Stop() // this computer alone needs no network
		}
		select {
		case next, ok := <-changed:
			if !ok {
				<-ctx.Done()
				return nil
			}
			settings = next
		case <-look.C:
		case <-s.rearrange:
		case <-ctx.Done():
			return nil
		}
	}
}

// again has share look at what is open soon.
func (s *Server) again() {
	select {
	case s.rearrange <- struct{}{}:
	default: // it will
	}
}

// names returns what a certificate of ours is to be good for.
func (s *Server) names() []string {
	names := []string{"localhost", auth.OverlayHost, app.LocalName}
	site := s.here()
	names = append(names, site.Names...)
	for _, a := range site.Listening {
		if !a.Addr().IsUnspecified() {
			names = append(names, a.Addr().Unmap().String())
		}
	}
	for _, a := range site.Addresses {
		names = append(names, a.String())
	}
	names = append(names, "127.0.0.1", "::1")
	slices.Sort(names)
	return slices.Compact(names)
}

// sameSharing reports whether two settings ask for the same of the network.
func sameSharing(a, b app.Settings) bool {
	return a.Sharing == b.Sharing && a.ShareOn == b.ShareOn && a.LocalNameOff == b.LocalNameOff &&
		a.HTTPS == b.HTTPS && a.CertFile == b.CertFile && a.KeyFile == b.KeyFile
}

// arrange opens and closes listeners until they are what the settings want. It never
// touches those of Config.Listen. Reach tells what could not be done.
func (s *Server) arrange(settings app.Settings) {
	s.arranging.Lock()
	defer s.arranging.Unlock()
	before := s.Addresses()
	var problems []*app.Error
	note := func(e *app.Error) {
		if e != nil {
			problems = append(problems, e)
		}
	}

	var want []netip.Addr
	if settings.Sharing {
		for _, n := range chosen(networks(), settings.ShareOn) {
			want = append(want, n.addrs...)
		}
		switch {
		case len(want) > 0:
		case settings.ShareOn != "":
			note(app.NewError(app.CodeUnavailable, "share.gone", "The network "+settings.ShareOn+
				" is not there at the moment. Cuewire is shared on it again as soon as it is back.", map[string]any{"Network": settings.ShareOn}))
		default:
			note(app.NewError(app.CodeUnavailable, "share.noNetwork",
				"This computer is on no network at the moment. Cuewire is shared as soon as it is on one.", nil))
		}
	}
	plain := func(l *listener) bool { return !l.secure }
	s.keep(plain, func(l *listener) bool {
		if slices.Contains(want, l.at.Addr().Unmap()) {
			l.missed = 0
			return true
		}
		l.missed++ // it may be back in a moment: a system under load does not always tell all it has
		return settings.Sharing && settings.ShareOn == s.sharedOn && l.missed < missedLooks
	})
	s.sharedOn = settings.ShareOn
	if first := s.firstPort(); first != 0 {
		for _, addr := range want {
			if !s.answers(addr, false) {
				_, failed := s.add(netip.AddrPortFrom(addr, first), false, nil)
				note(failed)
			}
		}
	}
	secure, failed := s.certificates.want(settings, s.names())
	note(failed)
	s.arrangeSecure(secure, note)

	s.door.mu.Lock()
	s.door.problems = problems
	s.door.mu.Unlock()
	if after := s.Addresses(); !slices.Equal(before, after) {
		s.log.Info("addresses changed", "addresses", after)
		if s.config.Moved != nil && s.running() {
			s.config.Moved(after)
		}
	}
}

// arrangeSecure has HTTPS beside every plain address, or nowhere where secure is nil.
func (s *Server) arrangeSecure(secure *tls.Config, note func(*app.Error)) {
	open := s.door.listeners()
	s.keep(func(l *listener) bool { return l.secure }, func(l *listener) bool {
		return secure != nil && slices.ContainsFunc(open, func(o *listener) bool { return !o.secure && o.at.Addr() == l.at.Addr() })
	})
	if secure == nil {
		return
	}
	for _, l := range open {
		if l.secure || !l.at.IsValid() || s.bound(l.at.Addr(), true) {
			continue
		}
		port := l.at.Port()
		if port <= 65535-securePortAhead {
			port += securePortAhead
		} else {
			port -= securePortAhead
		}
		_, failed := s.add(netip.AddrPortFrom(l.at.Addr(), port), false, secure)
		note(failed)
	}
}

// keep closes those of a kind that are neither fixed nor wanted any more.
func (s *Server) keep(kind, wanted func(*listener) bool) {
	for _, l := range s.door.listeners() {
		if !l.fixed && kind(l) && !wanted(l) {
			s.shut(l)
		}
	}
}

// firstPort returns the port that Cuewire is known by, 0 for none.
func (s *Server) firstPort() uint16 {
	for _, l := range s.door.listeners() {
		if l.fixed && l.at.IsValid() {
			return l.at.Port()
		}
	}
	return 0
}

// answers reports whether a listener takes what comes to the address.
func (s *Server) answers(addr netip.Addr, secure bool) bool {
	return slices.ContainsFunc(s.door.listeners(), func(l *listener) bool {
		at := l.at.Addr().Unmap()
		return l.secure == secure && (at == addr || at.IsUnspecified() && (at.Is6() || addr.Is4()))
	})
}

// bound reports whether a listener is bound to just that address.
func (s *Server) bound(addr netip.Addr, secure bool) bool {
	return slices.ContainsFunc(s.door.listeners(), func(l *listener) bool { return l.secure == secure && l.at.Addr() == addr })
}

// sharingError is listenError for what the settings ask for.
func sharingError(at netip.AddrPort, err error) *app.Error {
	e := app.NewError(app.CodeUnavailable, "share.failed", "Cuewire could not be shared at "+at.String()+
		". It tries again by itself; if it does not succeed, choose another network.", map[string]any{"Address": at.String()})
	if reason := listenError(at.String(), err); reason.Code == app.CodeConflict {
		e = app.NewError(app.CodeConflict, "share.portTaken", "The port of "+at.String()+" and the ones after it are in use by other programs. Stop one of them, or start Cuewire with another port.",
			map[string]any{"Address": at.String()})
	}
	e.Err = err
	return e
}
