package wsserver

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

var _ app.Devices = (*Server)(nil)

// Reach implements app.Devices.
func (s *Server) Reach() app.Reach {
	snap, site := s.core.Snapshot(), s.here()
	all := networks()
	r := app.Reach{Sharing: site.Sharing(), Addresses: []app.ReachAddress{}, Interfaces: []app.ReachNetwork{}}
	owner := map[string]string{}
	for _, n := range all {
		told := app.ReachNetwork{Name: n.Name, Kind: n.kind}
		for _, a := range n.addrs {
			told.Addresses = append(told.Addresses, a.String())
			owner[a.String()] = n.Name
		}
		r.Interfaces = append(r.Interfaces, told)
	}
	for _, l := range s.door.listeners() {
		r.Fixed = r.Fixed || l.fixed && l.at.IsValid() && !l.at.Addr().Unmap().IsLoopback()
	}
	s.door.mu.Lock()
	r.Name = s.door.name
	r.Problems = append([]*app.Error{}, s.door.problems...)
	if s.door.unnamed != nil {
		r.Problems = append(r.Problems, s.door.unnamed)
	}
	s.door.mu.Unlock()
	var local, others, named []app.ReachAddress
	for _, a := range s.reached() {
		if u, err := url.Parse(a.URL); err == nil {
			a.Interface = owner[u.Hostname()]
			if named == nil || named[len(named)-1].Secure != a.Secure {
				if !a.Local && r.Name != "" && r.Sharing {
					named = append(named, app.ReachAddress{URL: u.Scheme + "://" + r.Name + ":" + u.Port(), Secure: a.Secure})
				}
			}
		}
		if a.Local {
			local = append(local, a)
		} else {
			others = append(others, a)
		}
	}
	r.Addresses = append(append(append(r.Addresses, local...), others...), named...)
	if authority := s.certificates.authority.Load(); authority != nil && snap.Settings.HTTPS == app.HTTPSLocal {
		r.TrustURL, r.Print = s.outward(false)+"/trust", authority.Fingerprint()
	}
	return r
}

// outward returns the address that other devices are best sent to, over HTTPS if that is
// wanted and served; without other devices, this computer's own.
func (s *Server) outward(secure bool) string {
	best, quality := "", -1
	for _, a := range s.reached() {
		u, err := url.Parse(a.URL)
		if err != nil {
			continue
		}
		addr, err := netip.ParseAddr(u.Hostname())
		good := 0
		if !a.Local {
			good += 4
		}
		if a.Secure == secure {
			good += 2
		}
		if err == nil && addr.Is4() {
			good++
		}
		if good > quality {
			best, quality = a.URL, good
		}
	}
	return best
}

// pairingOrigin is where devices are sent to pair.
func (s *Server) pairingOrigin() string {
	return s.outward(s.core.Snapshot().Settings.HTTPS != app.HTTPSOff)
}

// Pair implements app.Devices.
func (s *Server) Pair(role app.Role, name string) (app.Pairing, error) {
	if s.config.Signer == nil {
		return app.Pairing{}, app.NewError(app.CodeConflict, "pair.noTokens", "This Cuewire issues no access.", nil)
	}
	made, secret, err := s.pairings.Begin(auth.Wanted{Role: role, Name: name}, time.Now())
	if err != nil {
		return app.Pairing{}, err
	}
	s.whereToPair(&made)
	made.Link = s.pairingLink(secret)
	return made, nil
}

func (s *Server) pairingLink(secret string) string { return s.pairingOrigin() + "/pair#" + secret }

// whereToPair says where the page for the digits is, while the code waits.
func (s *Server) whereToPair(p *app.Pairing) {
	if p.State == app.PairingWaiting {
		p.Address = s.pairingOrigin() + "/pair"
	}
}

// Pairings implements app.Devices.
func (s *Server) Pairings() []app.Pairing {
	list := s.pairings.List(time.Now(), s.pairingLink)
	for i := range list {
		s.whereToPair(&list[i])
	}
	return list
}

// CancelPairing implements app.Devices.
func (s *Server) CancelPairing(id string) bool { return s.pairings.Cancel(id, time.Now()) == nil }

// LastSeen implements app.Devices.
func (s *Server) LastSeen(tokenID string) time.Time {
	for _, c := range s.core.Snapshot().Clients {
		if c.TokenID == tokenID && tokenID != "" {
			return time.Now()
		}
	}
	at, _ := s.seen.Load(tokenID)
	seen, _ := at.(time.Time)
	return seen
}

// The refusals of Direct.
var (
	errNoClient = app.NewError(app.CodeNotFound, "direct.gone", "This device is not connected any more.", nil)
	errNoPage   = app.NewError(app.CodeConflict, "direct.noPage", "This is a program, not a page of Cuewire, and cannot be told to do that.", nil)
	errOnAir    = app.NewError(app.CodeConflict, "direct.onAir", "This page is shown in OBS: everybody who watches would see it. Find it in OBS by its source's name.", nil)
	errNoPath   = app.NewError(app.CodeInvalid, "direct.path", `path must be a page of Cuewire, like "/r/ABC234/viewer".`, nil)
	errNoDeed   = app.NewError(app.CodeInvalid, "direct.do", "do must be identify, reload or redirect.", nil)
)

// Direct implements app.Devices.
func (s *Server) Direct(_ context.Context, clientID string, d app.Direction) error {
	switch d.Do {
	case app.Identify, app.Reload:
		d.Path = ""
	case app.Redirect:
		if u, err := url.Parse(d.Path); err != nil || u.Host != "" || u.Scheme != "" || strings.ContainsAny(d.Path, "\\\t\n\r") || !isPagePath(u.Path) || len(d.Path) > maxDirection {
			return errNoPath
		}
	default:
		return errNoDeed
	}
	snap := s.core.Snapshot()
	for _, desk := range s.desks {
		for _, c := range desk.wheel.all() {
			if c.id != clientID {
				continue
			}
			page, ok := c.talk.(app.Directed)
			known := knownClient(snap, clientID)
			switch {
			case !ok || known.Page == "":
				return errNoPage
			case known.InOBS && d.Do == app.Identify:
				return errOnAir
			}
			d.Name = deviceName(snap, known)
			c.say(sealFrames(page.Direct(d, s.core.Now()))...)
			return nil
		}
	}
	return errNoClient
}

// maxDirection is how many bytes the path of a direction may have.
const maxDirection = 1000

// knownClient returns what is told of a client, of nobody if it is not there yet.
func knownClient(snap *app.Snapshot, id string) app.Client {
	for _, c := range snap.Clients {
		if c.ID == id {
			return *c
		}
	}
	return app.Client{}
}

// deviceName is what a person knows a client's device by.
func deviceName(snap *app.Snapshot, c app.Client) string {
	if t := snap.Token(c.TokenID, time.Now()); t != nil && t.Name != "" {
		return t.Name
	}
	return cmp.Or(c.Name, c.Address)
}
