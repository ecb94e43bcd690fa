package wsserver

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// routeWait bounds the look for the network that OBS's computer is on.
const routeWait = 2 * time.Second

// PageForOBS returns the whole address of what a browser source is to show, as the
// OBS that is connected reaches it, and which page of ours that is, "" for a foreign
// one. given is a whole address or the path of a page of ours, "/overlay/obs". It may
// look for the way to OBS's computer, 2 s at most. The error is an *app.Error.
func (s *Server) PageForOBS(ctx context.Context, given string) (address, page string, err error) {
	u, err := url.Parse(given)
	switch {
	case err != nil:
	case u.Scheme == "" && u.Host == "" && strings.HasPrefix(given, "/"):
		u = app.Destination(u)
		origin, err := s.originForOBS(ctx)
		if err != nil {
			return "", "", err
		}
		if at, err := url.Parse(origin); err == nil && isLoopback(at.Hostname()) && runsOwnCode(u) {
			origin = cmp.Or(s.overlayOrigin(at.Host), origin)
		}
		address, err := s.letOBSIn(origin, u)
		return address, app.PageOf(u), err
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		if s.Ours(u) {
			page = app.PageOf(u)
		}
		return given, page, nil
	}
	return "", "", app.NewError(app.CodeInvalid, "rest.badPage",
		`url must be an address, "https://…", or the path of a page of Cuewire, "/overlay/obs".`, nil)
}

// runsOwnCode reports whether a page of ours runs what a person wrote: an own
// overlay, or a source's script.
func runsOwnCode(u *url.URL) bool {
	return strings.HasPrefix(u.Path, "/overlay/my/") || u.Query().Has("source")
}

// originForOBS returns our address as the OBS that is connected reaches it.
func (s *Server) originForOBS(ctx context.Context) (string, error) {
	snap := s.core.Snapshot()
	if !snap.OBS.Connected() {
		return "", errNoOBS
	}
	if obsHere(snap.OBS.Host) {
		return ourOrigin(s.here(), true, netip.Addr{})
	}
	return ourOrigin(s.here(), false, routeTo(ctx, snap.OBS.Host, snap.OBS.Port))
}

// obsHere reports whether the host is this computer.
func obsHere(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		addr = addr.Unmap()
		return addr.IsLoopback() || slices.Contains(ownAddresses(), addr)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "localhost" || slices.Contains(ownNames(), host)
}

// routeTo returns the address that this computer has on the network by which it
// reaches the host, invalid when that cannot be found out. It sends nothing to it.
func routeTo(ctx context.Context, host string, port int) netip.Addr {
	ctx, cancel := context.WithTimeout(ctx, routeWait)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "udp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return netip.Addr{}
	}
	defer conn.Close()
	at, err := netip.ParseAddrPort(conn.LocalAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap().WithZone("")
}

// ourOrigin returns "http://ADDRESS:PORT" by which a page of ours is opened on this
// computer (here), or on another one that is reached from our address route. The
// error is CodeConflict when there is none.
func ourOrigin(site auth.Site, here bool, route netip.Addr) (string, error) {
	var best netip.AddrPort
	quality := 0
	consider := func(addr netip.Addr, port uint16, good int) {
		if good > quality {
			best, quality = netip.AddrPortFrom(addr, port), good
		}
	}
	for _, l := range site.Listening {
		at := l.Addr().Unmap()
		switch {
		case here && at.IsLoopback():
			consider(at, l.Port(), 3)
		case here && at.IsUnspecified():
			consider(netip.AddrFrom4([4]byte{127, 0, 0, 1}), l.Port(), 2)
		case at.IsLoopback():
		case at == route, at.IsUnspecified() && route.IsValid() && (at.Is6() || route.Is4()):
			consider(route, l.Port(), 3)
		case !at.IsUnspecified():
			consider(at, l.Port(), 1)
		}
	}
	if quality == 0 {
		return "", app.NewError(app.CodeConflict, "rest.notShared",
			"OBS runs on another computer, which cannot reach Cuewire. Share Cuewire on the local network first.", nil)
	}
	return "http://" + best.String(), nil
}

// askedPage is PageForOBS for a request: it answers why not.
func (s *Server) askedPage(w http.ResponseWriter, r *http.Request, given string) (address, page string, ok bool) {
	if given == "" {
		invalid(w, "url must be given.")
		return "", "", false
	}
	address, page, err := s.PageForOBS(r.Context(), given)
	if err != nil {
		s.refuse(w, r, err)
	}
	return address, page, err == nil
}
