package auth

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"cuewire/app"
)

// Rules are what a request is judged by.
type Rules struct {
	Site        Site
	Origins     []string // foreign origins that may use the API
	ViewingOpen bool     // other computers may view without a token
	Secret      string   // the bearer token of programs on this computer that read run.json, as admin; "" for none

	// Bearer returns whom a token was given to, or an *app.Error; nil knows none.
	Bearer func(ctx context.Context, token string) (Bearer, error)
}

// subprotocol is the prefix of the WebSocket subprotocol that carries a token.
const subprotocol = "authorization.bearer."

// Visit is who sent a request.
type Visit struct {
	Local       bool      // a program or page on this computer, but for those of OverlayHost
	Overlay     bool      // under OverlayHost: a viewer at most
	Role        app.Role  // the most that the visitor may be; "" for nothing at all
	Known       bool      // by a token
	Stale       bool      // it brought a cookie whose token is no good any more
	Subject     string    // whom the token was given to, "" without one
	TokenID     string    // of a token of ours, "" without one
	Expires     time.Time // when the token ends, zero without one
	Foreign     string    // the allow-listed origin that it comes from, "" for our own or none
	Subprotocol string    // to be echoed on an upgrade, "" for none
	Address     string    // the peer's, without port
}

// The refusals of Judge.
var (
	errHost = app.NewError(app.CodeForbidden, "server.refused.host",
		"This is not an address of Cuewire; open it under the address that Cuewire shows.", nil)
	errOrigin = app.NewError(app.CodeForbidden, "server.refused.origin",
		"Pages from elsewhere may not use Cuewire; add their origin to the allowed origins in the settings.", nil)
	errToken = app.NewError(app.CodeUnauthorized, "server.refused.token",
		"This access token is not known to Cuewire.", nil)
)

// Judge finds out who sent r, or refuses it with an *app.Error: CodeForbidden for
// a Host or Origin that is not allowed, CodeUnauthorized for a token that is not
// good; the visit is whole then, but for what the token would have given. page says
// that r asks for a page that a person opens: those may be navigated to from anywhere.
//
// A token comes as bearer, as subprotocol or as cookie, looked for in that order; one
// in the query is never read. A cookie that is no good any more counts for nothing.
func (ru Rules) Judge(r *http.Request, page bool) (Visit, error) {
	if !ru.Site.HostAllowed(r.Host) {
		return Visit{}, errHost
	}
	v := Visit{Address: peer(r).String(), Overlay: ForOverlays(r.Host)}
	if origins := r.Header.Values("Origin"); len(origins) > 0 {
		origin := origins[0]
		switch {
		case len(origins) > 1:
			return Visit{}, errOrigin
		case ru.Site.OwnOrigin(origin):
		case v.Overlay && ru.Site.OverlayOrigin(origin):
		case ListedOrigin(origin, ru.Origins):
			v.Foreign = origin
		default:
			return Visit{}, errOrigin
		}
	}
	if v.Foreign == "" && !fetchAllowed(r, page) {
		return Visit{}, errOrigin
	}
	v.Local = ThisComputer(r)
	c := presented(r)
	v.Subprotocol = c.subprotocol
	switch {
	case v.Local && c.is(ru.Secret):
		v.Role, v.Known = app.Admin, true
	case c.presented:
		if err := ru.know(r.Context(), &v, c.token); err != nil && !c.cookie {
			return v, err
		} else if err != nil {
			v.Role, v.Stale = ru.unknownRole(v.Local), true
		}
	default:
		v.Role = ru.unknownRole(v.Local)
	}
	if v.Overlay && v.Role != "" {
		v.Role, v.Local = app.Viewer, false
	}
	return v, nil
}

// know fills in whom a token was given to.
func (ru Rules) know(ctx context.Context, v *Visit, token string) error {
	if ru.Bearer == nil {
		return errToken
	}
	b, err := ru.Bearer(ctx, token)
	if err != nil {
		return err
	}
	v.Role, v.Known, v.Subject, v.TokenID, v.Expires = b.Role, true, b.Subject, b.TokenID, b.Expires
	return nil
}

// unknownRole is the most that a visitor without a token may be.
func (ru Rules) unknownRole(local bool) app.Role {
	switch {
	case local:
		return app.Admin
	case ru.ViewingOpen:
		return app.Viewer
	}
	return ""
}

// fetchAllowed judges what the browser says of where a request without a foreign
// origin comes from: another site, or another port of this one, may only navigate to pages.
func fetchAllowed(r *http.Request, page bool) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		navigation := r.Header.Get("Sec-Fetch-Mode") == "navigate" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
		return page && navigation || ownPageElsewhere(r)
	}
	return true
}

// ownPageElsewhere reports a request of our own page to another of our own ports:
// it is same-site, and its Origin was found to be ours.
func ownPageElsewhere(r *http.Request) bool {
	return r.Header.Get("Sec-Fetch-Site") == "same-site" && r.Header.Get("Origin") != ""
}

// ThisComputer reports whether r comes from a program or page on this computer: a
// loopback peer that names this computer by a loopback name, and no header that a
// proxy or tunnel leaves. The Host must have been checked before.
func ThisComputer(r *http.Request) bool {
	if !peer(r).IsLoopback() || !LoopbackHost(r.Host) {
		return false
	}
	for name := range r.Header {
		if forwarding[name] || strings.HasPrefix(name, "X-Forwarded-") || strings.HasPrefix(name, "Cf-") || strings.HasPrefix(name, "Ngrok-") {
			return false
		}
	}
	return true
}

// forwarding are headers that proxies and tunnels leave, beside those known by how
// they begin.
var forwarding = map[string]bool{
	"Forwarded": true, "Forwarded-For": true, "Via": true, "Cdn-Loop": true, "X-Real-Ip": true, "X-Client-Ip": true, "X-Cluster-Client-Ip": true,
	"X-Original-Host": true, "X-Originating-Ip": true, "X-Remote-Ip": true, "X-Remote-Addr": true, "X-Proxyuser-Ip": true,
	"True-Client-Ip": true, "Fastly-Client-Ip": true, "Fly-Client-Ip": true, "X-Appengine-User-Ip": true, "X-Azure-Clientip": true,
	"X-Ms-Proxy": true, "X-Loophole-Forwarded": true, "Tailscale-User-Login": true, "Tailscale-Funnel-Request": true,
}

// LoopbackHost reports whether the Host is a name of this computer that no other
// computer can reach it by.
func LoopbackHost(host string) bool {
	name, _, ok := splitHost(host)
	if !ok {
		return false
	}
	addr, err := netip.ParseAddr(name)
	return name == "localhost" || name == OverlayHost || err == nil && addr.Unmap().IsLoopback()
}

func peer(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

// credential is the token that a request presents.
type credential struct {
	token       string
	presented   bool
	subprotocol string // that carried it, "" for a header
	cookie      bool   // it came by itself
}

func (c credential) is(secret string) bool {
	return c.presented && secret != "" && subtle.ConstantTimeCompare([]byte(c.token), []byte(secret)) == 1
}

func presented(r *http.Request) credential {
	if scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return credential{token: strings.TrimSpace(rest), presented: true}
	}
	for _, line := range r.Header.Values("Sec-Websocket-Protocol") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); strings.HasPrefix(name, subprotocol) {
				return credential{token: strings.TrimPrefix(name, subprotocol), presented: true, subprotocol: name}
			}
		}
	}
	if c, err := r.Cookie(cookieName(r.TLS != nil)); err == nil && c.Value != "" {
		return credential{token: c.Value, presented: true, cookie: true}
	}
	return credential{}
}

// SecretMatches reports whether r presents the secret as its bearer token,
// compared in constant time.
func SecretMatches(r *http.Request, secret string) bool { return presented(r).is(secret) }
