package wsserver

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"

	"cuewire/app"
)

// How a name on the local network is found to be free, and how many are tried.
const (
	nameWait   = 800 * time.Millisecond // an answer to who has it
	nameAsked  = 250 * time.Millisecond // between questions
	namesTried = 9
	nameRetry  = 30 * time.Second // after a failure
)

// announcer tells our name on the local network by multicast DNS (RFC 6762), to whom
// asks for it. One goroutine of its own does the waiting.
type announcer struct {
	wanted chan []net.Interface // where to tell it; nil nowhere
	done   sync.WaitGroup
	cancel context.CancelFunc

	loopback bool // asks and answers on the loopback interface too, for tests

	last []string // names and addresses of the interfaces that were asked for last; of who asks
}

// begin starts it; told hears the name each time that it changes, "" for none, and
// why there is none, nil where none is wanted.
func (a *announcer) begin(told func(name string, err error)) {
	ctx, cancel := context.WithCancel(context.Background())
	a.wanted, a.cancel = make(chan []net.Interface, 1), cancel
	a.done.Go(func() { a.run(ctx, told) })
}

func (a *announcer) stop() {
	a.cancel()
	a.done.Wait()
}

// want says where the name is to be told from now on. It does not wait.
func (a *announcer) want(on []network) {
	var key []string
	var interfaces []net.Interface
	for _, n := range on {
		if n.Flags&net.FlagMulticast != 0 && slices.ContainsFunc(n.addrs, netip.Addr.Is4) {
			key = append(key, fmt.Sprint(n.Name, n.addrs))
			interfaces = append(interfaces, n.Interface)
		}
	}
	if slices.Equal(key, a.last) {
		return
	}
	a.last = key
	select {
	case <-a.wanted: // what it did not come to yet
	default:
	}
	a.wanted <- interfaces
}

func (a *announcer) run(ctx context.Context, told func(string, error)) {
	var open *mdns.Conn
	var interfaces []net.Interface
	retry := time.NewTimer(0)
	retry.Stop()
	shut := func() {
		if open != nil {
			_ = open.Close() // nothing waits in it
			open = nil
		}
	}
	defer shut()
	for {
		select {
		case <-ctx.Done():
			return
		case interfaces = <-a.wanted:
		case <-retry.C:
		}
		retry.Stop()
		if open != nil || len(interfaces) == 0 {
			told("", nil)
		}
		shut()
		if len(interfaces) == 0 {
			continue
		}
		var name string
		var err error
		if open, name, err = a.claim(ctx, interfaces); ctx.Err() != nil {
			return
		}
		if told(name, err); err != nil {
			retry.Reset(nameRetry)
		}
	}
}

// claim looks for the first of our names that no other device has, and answers to it
// from then on.
func (a *announcer) claim(ctx context.Context, on []net.Interface) (*mdns.Conn, string, error) {
	asking, err := a.listen(on)
	if err != nil {
		return nil, "", err
	}
	defer asking.Close()
	for n := 1; n <= namesTried; n++ {
		name := app.LocalName
		if n > 1 {
			name = strings.TrimSuffix(name, ".local") + fmt.Sprintf("-%d.local", n)
		}
		wait, cancel := context.WithTimeout(ctx, nameWait)
		_, who, err := asking.QueryAddr(wait, name)
		cancel()
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		if err == nil && !slices.Contains(ownAddresses(), who.Unmap().WithZone("")) {
			continue // another device has it
		}
		open, err := a.listen(on, mdns.WithLocalNames(name))
		return open, name, err
	}
	return nil, "", fmt.Errorf("other devices have all names up to cuewire-%d.local", namesTried)
}

func (a *announcer) listen(on []net.Interface, options ...mdns.ServerOption) (*mdns.Conn, error) {
	at, err := net.ResolveUDPAddr("udp4", mdns.DefaultAddressIPv4)
	if err != nil {
		return nil, err
	}
	socket, err := net.ListenUDP("udp4", at)
	if err != nil {
		return nil, err
	}
	options = append(options, mdns.WithInterfaces(on...), mdns.WithQueryInterval(nameAsked), mdns.WithIncludeLoopback(a.loopback))
	conn, err := mdns.NewServer(ipv4.NewPacketConn(socket), nil, options...)
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	return conn, nil
}

// tellName has our name told where Cuewire is shared, if that is wanted.
func (s *Server) tellName(settings app.Settings) {
	if !settings.Sharing || settings.LocalNameOff {
		s.name.want(nil)
		return
	}
	if on := chosen(networks(), settings.ShareOn); len(on) > 0 || !s.here().Sharing() { // see missedLooks
		s.name.want(on)
	}
}

// named hears of our name on the local network.
func (s *Server) named(name string, err error) {
	s.door.mu.Lock()
	changed := s.door.name != name
	s.door.name, s.door.unnamed = name, nil
	if err != nil {
		s.door.unnamed = &app.Error{
			Code: app.CodeUnavailable, Key: "share.name", Err: err,
			Message: "The name " + app.LocalName + " cannot be told on the local network. Use the address with numbers; Cuewire tries again by itself.",
			Args:    map[string]any{"Name": app.LocalName},
		}
	}
	s.site.Store(nil)
	s.door.mu.Unlock()
	if err != nil {
		s.log.Warn("the local name is not told", "err", err)
	}
	if changed && name != "" {
		s.log.Info("local name", "name", name)
	}
	if changed {
		s.again() // certificates name it
	}
}
