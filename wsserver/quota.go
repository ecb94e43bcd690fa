package wsserver

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// In how long a stranger and a device may send the requests that Limits grants them.
const (
	strangersPer app.Millis = 15 * 60_000
	devicesPer   app.Millis = 60_000
)

// networkOf is what an address counts as: one device may take any address of its
// IPv6 network, so that those of a /64 are one.
func networkOf(address string) string {
	at, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if at = at.Unmap(); at.Is4() {
		return at.String()
	}
	network, err := at.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.String()
}

// countedAs is what the sender of r counts as where addresses are counted, "" for
// this computer, whose programs share the one address.
func countedAs(r *http.Request, visit auth.Visit) string {
	if auth.ThisComputer(r) {
		return ""
	}
	return networkOf(visit.Address)
}

// overQuota answers a request of somebody who has sent too many, and counts it
// otherwise: those to /api of another computer without a token, and everything that
// came with a token that is no good, by address; all of a token's by the token.
// refused is why the visitor's token is no good, nil for none.
func (s *Server) overQuota(w http.ResponseWriter, r *http.Request, visit auth.Visit, refused error) bool {
	from := countedAs(r, visit)
	if from == "" || visit.Address == "" {
		return false
	}
	now := app.Instant(time.Since(s.started).Milliseconds()) // a clock that is set does not lock anybody out
	api := strings.HasPrefix(r.URL.Path, "/api/")
	switch {
	case visit.Known && api:
		by := visit.TokenID
		if by == "" {
			by = visit.Subject
		}
		return answerQuota(w, &s.devices, by, now, s.limits.Devices, devicesPer)
	case refused != nil, !visit.Known && api:
		return answerQuota(w, &s.strangers, from, now, s.limits.Strangers, strangersPer)
	}
	return false
}

// answerQuota counts one request and says in the header how many are left; over the
// limit it answers 429.
func answerQuota(w http.ResponseWriter, counted *people, who string, now app.Instant, n int, per app.Millis) (over bool) {
	retry := counted.admit(who, deedRequest, now, n, per)
	left, reset := counted.left(who, deedRequest, now, n, per)
	header := w.Header()
	header.Set("X-RateLimit-Limit", strconv.Itoa(n))
	header.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	header.Set("X-RateLimit-Reset", strconv.FormatInt((time.Now().UnixMilli()+int64(reset)+999)/1000, 10))
	if retry == 0 {
		return false
	}
	header.Set("Retry-After", strconv.FormatInt(int64((retry+999)/1000), 10))
	answerError(w, http.StatusTooManyRequests, app.CodeRateLimited, "Too many requests. Wait as long as Retry-After says, in seconds, and try again.")
	return true
}

// arrivals counts the TCP connections that are no WebSocket ones.
type arrivals struct {
	mu   sync.Mutex // guards what follows
	all  int
	from map[string]int // by networkOf; other computers only
}

// enter counts a connection in and reports whether there is room for it.
func (a *arrivals) enter(conn net.Conn, limits Limits) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all++
	room := a.all <= limits.Requests
	if from := networkOfConn(conn); from != "" {
		if a.from == nil {
			a.from = map[string]int{}
		}
		a.from[from]++
		room = room && a.from[from] <= limits.RequestsPerAddress
	}
	return room
}

func (a *arrivals) leave(conn net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all--
	if from := networkOfConn(conn); from != "" {
		if a.from[from]--; a.from[from] == 0 {
			delete(a.from, from)
		}
	}
}

// count returns how many are open.
func (a *arrivals) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.all
}

// networkOfConn is what the peer counts as, "" for this computer.
func networkOfConn(conn net.Conn) string {
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil || at.Addr().Unmap().IsLoopback() {
		return ""
	}
	return networkOf(at.Addr().String())
}
