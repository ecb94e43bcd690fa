package wsserver

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"testing"

	"cuewire/app"
)

// lan is a listener whose peers from 127.10.0.N are 192.0.2.N, and from 127.11.A.B the
// addresses 2001:db8:0:A::B: other computers, as far as the server can tell.
type lan struct{ net.Listener }

func (l lan) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return lanConn{conn.(*net.TCPConn), net.TCPAddrFromAddrPort(lanPeer(conn.RemoteAddr()))}, nil
}

// lanPeer is who the peer at an address is to the server.
func lanPeer(address net.Addr) netip.AddrPort {
	at := netip.MustParseAddrPort(address.String())
	remote := at.Addr().As4()
	switch remote[1] {
	case 10:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, remote[3]}), at.Port())
	case 11:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 7: remote[2], 15: remote[3]}), at.Port())
	}
	return at
}

type lanConn struct {
	*net.TCPConn
	remote net.Addr
}

func (c lanConn) RemoteAddr() net.Addr { return c.remote }

// startOnLAN is start for a server that other computers reach.
func startOnLAN(t testing.TB, core app.Core, edit ...func(*Config)) *Server {
	t.Helper()
	s := listening(t, core, edit...)
	first := s.door.listeners()[0]
	first.Listener = lan{first.Listener}
	return serve(t, s)
}

// dialerFrom connects from an address, see lan.
func dialerFrom(local string) func(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}
	return d.DialContext
}

// clientFrom is an HTTP client at an address, which keeps no connection.
func clientFrom(local string) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DialContext: dialerFrom(local), DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
