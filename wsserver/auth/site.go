// Package auth decides who may talk to Cuewire: which Host a request may name,
// which Origin a browser may come from, what counts as this computer, and which
// role a visitor has. Its functions are pure: they read a request and what the
// server knows of itself, and change nothing. It follows "Settled for all four"
// in the protocol documents (docs/protocols).
package auth

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Site is what the server knows of itself: where it listens and what this
// computer is called. It is immutable.
type Site struct {
	Listening []netip.AddrPort // the addresses bound for plain HTTP, ports included
	Secure    []netip.AddrPort // those for HTTPS
	Addresses []netip.Addr     // of this computer's network interfaces
	Names     []string         // of this computer, lower case: "studio", "studio.local", "cuewire.local"
}

// Sharing reports whether other computers can reach the server: a listening
// address is not loopback.
func (s Site) Sharing() bool {
	return slices.ContainsFunc(s.Listening, func(a netip.AddrPort) bool { return !a.Addr().Unmap().IsLoopback() })
}

// HostAllowed reports whether a request may name the host, the Host header's value
// with or without a port: localhost, a loopback address, or, while sharing, an
// address or name of this computer. Anything else is refused, because a page that
// rebinds its own name to our address sends that name.
func (s Site) HostAllowed(host string) bool {
	name, _, ok := splitHost(host)
	if !ok {
		return false
	}
	if name == "localhost" || name == OverlayHost {
		return true
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		addr = addr.Unmap()
		return addr.IsLoopback() && addr.Zone() == "" || s.Sharing() && s.own(addr)
	}
	return s.Sharing() && slices.Contains(s.Names, name)
}

// OwnOrigin reports whether a page of that origin was served by us: by HTTP or
// HTTPS, one of our ports, and an address or name that a listener of that port answers to.
func (s Site) OwnOrigin(origin string) bool {
	scheme, host, ok := splitOrigin(origin)
	if !ok {
		return false
	}
	listening := s.Listening
	switch scheme {
	case "http":
	case "https":
		listening = s.Secure
	default:
		return false
	}
	name, port, ok := splitHostFor(scheme, host)
	if !ok {
		return false
	}
	addr, err := netip.ParseAddr(name)
	isAddr := err == nil
	addr = addr.Unmap()
	return slices.ContainsFunc(listening, func(l netip.AddrPort) bool {
		at := l.Addr().Unmap()
		switch {
		case l.Port() != port:
			return false
		case name == "localhost":
			return at.IsLoopback() || at.IsUnspecified()
		case !isAddr:
			return !at.IsLoopback() && slices.Contains(s.Names, name)
		case at.IsUnspecified():
			return (at.Is6() || addr.Is4()) && (addr.IsLoopback() || s.own(addr))
		default:
			return addr == at
		}
	})
}

// splitPlainOrigin takes an origin apart that is served over plain HTTP, as the
// overlays' are.
func splitPlainOrigin(origin string) (name string, port uint16, ok bool) {
	scheme, host, ok := splitOrigin(origin)
	if !ok || scheme != "http" {
		return "", 0, false
	}
	return splitHost(host)
}

// own reports whether an address is one that a listener answers to.
func (s Site) own(addr netip.Addr) bool {
	return slices.ContainsFunc(s.Listening, func(l netip.AddrPort) bool {
		at := l.Addr().Unmap()
		return at == addr || at.IsUnspecified() && slices.Contains(s.Addresses, addr)
	})
}

// ListedOrigin reports whether origin is on the allow-list, whose entries are
// written scheme://host:port; the scheme's usual port may be left out on either side.
func ListedOrigin(origin string, list []string) bool {
	scheme, host, ok := splitOrigin(origin)
	if !ok {
		return false
	}
	name, port, ok := splitHostFor(scheme, host)
	return ok && slices.ContainsFunc(list, func(entry string) bool {
		entryScheme, entryHost, ok := splitOrigin(strings.TrimSuffix(entry, "/"))
		if !ok || entryScheme != scheme {
			return false
		}
		entryName, entryPort, ok := splitHostFor(entryScheme, entryHost)
		return ok && entryName == name && entryPort == port
	})
}

// splitOrigin takes a serialised origin apart. "null", paths and user names are no
// origin that we could know.
func splitOrigin(origin string) (scheme, host string, ok bool) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		return "", "", false
	}
	return u.Scheme, u.Host, true
}

func splitHost(hostport string) (name string, port uint16, ok bool) {
	return splitHostFor("http", hostport)
}

// splitHostFor returns the name or address in lower case, without brackets and
// without the dot that ends a full name, and the port, the scheme's own if none is named.
func splitHostFor(scheme, hostport string) (name string, port uint16, ok bool) {
	port = 80
	if scheme == "https" {
		port = 443
	}
	name = hostport
	if strings.HasPrefix(hostport, "[") && strings.HasSuffix(hostport, "]") {
		name = hostport[1 : len(hostport)-1]
		if !strings.Contains(name, ":") {
			return "", 0, false
		}
	} else if strings.Contains(hostport, ":") {
		host, text, err := net.SplitHostPort(hostport)
		if err != nil || hostport[0] == '[' && !strings.Contains(host, ":") {
			return "", 0, false
		}
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 {
			return "", 0, false
		}
		name, port = host, uint16(n)
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	return name, port, name != ""
}
