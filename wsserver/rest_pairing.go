package wsserver

import (
	"math"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/skip2/go-qrcode"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// deviceRoutes are those by which devices get access, and by which they are told
// apart. What needs no access is for anybody who reaches Cuewire.
func (s *Server) deviceRoutes(on func(string, methods)) {
	admin := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Admin, h) }
	operator := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Operator, h) }
	on("/pair", methods{"GET": s.pairPage, "POST": s.redeem, "DELETE": s.forgetMe})
	on("/trust", methods{"GET": s.trustPage})
	on("/trust/cuewire-authority.crt", methods{"GET": s.authorityFile})
	on("/api/access", methods{"GET": s.access})
	on("/api/pairing", methods{"GET": admin(s.listPairings), "POST": admin(s.beginPairing)})
	on("/api/pairing/{id}", methods{"DELETE": admin(s.cancelPairing)})
	on("/api/pairing/{id}/qr.svg", methods{"GET": admin(s.pairingQR)})
	on("/api/sharing", methods{"GET": admin(s.sharing)})
	on("/api/clients", methods{"GET": operator(s.clients)})
	on("/api/clients/{id}/direct", methods{"POST": operator(s.direct)})
}

// isOpen reports whether a file is served to devices without access: what the pages
// for pairing and trusting are made of.
func isOpen(name string) bool {
	switch name {
	case "pair.js", "trust.js", "icon.svg", "style/base.css", "style/pair.css", "lib/texts.js", "lib/dom.js":
		return true
	}
	return strings.HasPrefix(name, "fonts/") || strings.HasPrefix(name, "i18n/pair.")
}

// pairPage is where a device gets access.
func (s *Server) pairPage(w http.ResponseWriter, r *http.Request) {
	s.servePage(w, r, "pair.html", false)
}

// redeem gives a device that brings a one-time code its access, as a cookie.
func (s *Server) redeem(w http.ResponseWriter, r *http.Request) {
	visit := visitOf(r)
	if visit.Foreign != "" || visit.Overlay {
		s.refuse(w, r, app.NewError(app.CodeForbidden, "pair.foreign", "A device is paired on Cuewire's own page.", nil))
		return
	}
	var body struct {
		Code   string `json:"code"`
		Secret string `json:"secret"`
		Name   string `json:"name"` // of the device, if it has none yet
	}
	if !s.readBodyUpTo(w, r, 1<<20, "", &body) {
		return
	}
	presented := body.Secret
	if presented == "" {
		presented = digitsOf(body.Code)
	}
	from, _ := netip.ParseAddr(visit.Address) // the zero address is one too
	now := time.Now()
	given, retry, err := s.pairings.Claim(presented, from, now)
	if err != nil {
		s.log.Info("a pairing was refused", "address", visit.Address, "err", err)
		if retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(retry.Seconds()))))
		}
		s.refuse(w, r, err)
		return
	}
	name := given.Name
	if name == "" {
		name = string([]rune(strings.TrimSpace(body.Name))[:min(len([]rune(strings.TrimSpace(body.Name))), app.MaxNameLength)])
	}
	if !s.admit(w, r, given, name, now) {
		s.pairings.Release(given.ID)
	}
}

// admit grants a device what was given, and answers. It reports whether that worked.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, given app.Pairing, name string, now time.Time) bool {
	text, remembered, err := s.config.Signer.Issue("device-"+given.ID, given.Role, name, now, app.DeviceTokenLife)
	if err != nil {
		s.refuse(w, r, err)
		return false
	}
	result, ok := s.do(w, r, app.GrantToken{Token: remembered})
	if !ok {
		return false
	}
	s.pairings.Settle(given.ID, remembered.ID, name)
	s.obsLinks.came(given.ID, remembered.ID)
	s.seen.Store(remembered.ID, now)
	s.log.Info("a device was paired", "address", visitOf(r).Address, "role", given.Role)
	http.SetCookie(w, auth.NewCookie(text, app.DeviceTokenLife, r.TLS != nil))
	s.answerChange(w, http.StatusCreated, result.Durable, object{
		"role": given.Role, "name": name, "page": s.firstPage(given.Role), "expiresAt": isoTime(remembered.ExpiresAt),
	})
	return true
}

// digitsOf leaves out what people write between digits.
func digitsOf(code string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' || c == '\u00a0' {
			return -1
		}
		return c
	}, code)
}

// firstPage is where a device of the role begins: the page of its role in the one
// room, else where it can choose.
func (s *Server) firstPage(role app.Role) string {
	rooms := s.core.Snapshot().Rooms
	if len(rooms) != 1 || role == app.Admin {
		return "/"
	}
	return "/r/" + rooms[0].Room.ShortCode + "/" + string(role)
}

// forgetMe takes a device's own access back.
func (s *Server) forgetMe(w http.ResponseWriter, r *http.Request) {
	visit := visitOf(r)
	if visit.Foreign != "" || visit.Overlay {
		s.refuse(w, r, app.NewError(app.CodeForbidden, "pair.foreign", "A device is paired on Cuewire's own page.", nil))
		return
	}
	http.SetCookie(w, auth.NewCookie("", 0, r.TLS != nil))
	durable := true
	if visit.TokenID != "" {
		result, ok := s.do(w, r, app.RevokeToken{ID: visit.TokenID})
		if !ok {
			return
		}
		durable = result.Durable
	}
	s.answerChange(w, http.StatusOK, durable, object{"forgotten": visit.TokenID != ""})
}

// access tells a visitor what it may do here.
func (s *Server) access(w http.ResponseWriter, r *http.Request) {
	visit := visitOf(r)
	var role, page any
	name := ""
	if visit.Role != "" {
		role, page = visit.Role, s.firstPage(visit.Role)
	}
	if t := s.core.Snapshot().Token(visit.TokenID, time.Now()); t != nil {
		name = t.Name
	}
	answer(w, http.StatusOK, object{
		"role": role, "page": page, "name": name, "paired": visit.TokenID != "", "local": visit.Local, "withdrawn": visit.Stale,
		"secure": s.secureOrigin(r.Host),
	})
}

// secureOrigin returns where a host is served over HTTPS, nil for nowhere.
func (s *Server) secureOrigin(host string) any {
	u, err := url.Parse("http://" + host)
	if err != nil {
		return nil
	}
	site := s.here()
	for _, at := range site.Secure {
		origin := "https://" + net.JoinHostPort(u.Hostname(), strconv.Itoa(int(at.Port())))
		if site.OwnOrigin(origin) {
			return origin
		}
	}
	return nil
}

func (s *Server) listPairings(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, object{"pairings": s.Pairings()})
}

func (s *Server) beginPairing(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Role app.Role `json:"role"`
		Name string   `json:"name"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	made, err := s.Pair(body.Role, strings.TrimSpace(body.Name))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusCreated, made)
}

func (s *Server) cancelPairing(w http.ResponseWriter, r *http.Request) {
	if err := s.pairings.Cancel(r.PathValue("id"), time.Now()); err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, deleted{true, r.PathValue("id")})
}

// pairingQR draws the link of a code that waits.
func (s *Server) pairingQR(w http.ResponseWriter, r *http.Request) {
	for _, p := range s.Pairings() {
		if p.ID != r.PathValue("id") || p.Link == "" {
			continue
		}
		code, err := qrcode.New(p.Link, qrcode.Medium)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "image/svg+xml")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(drawQR(code.Bitmap())) // a reader who has gone needs none
		return
	}
	s.refuse(w, r, app.NewError(app.CodeNotFound, "pair.none", "There is no such code waiting.", nil))
}

// problem is what of the settings cannot be done at the moment.
type problem struct {
	Code  app.Code `json:"code"`
	Key   string   `json:"key"` // of the catalogue of texts
	Error string   `json:"error"`
}

func (s *Server) sharing(w http.ResponseWriter, _ *http.Request) {
	reach := s.Reach()
	problems := []problem{}
	for _, e := range reach.Problems {
		problems = append(problems, problem{e.Code, e.Key, e.Message})
	}
	answer(w, http.StatusOK, struct {
		app.Reach
		Problems []problem `json:"problems"`
	}{reach, problems})
}

func (s *Server) clients(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, object{"clients": append([]*app.Client{}, s.core.Snapshot().Clients...)})
}

func (s *Server) direct(w http.ResponseWriter, r *http.Request) {
	var d app.Direction
	if !s.readBody(w, r, &d) {
		return
	}
	if err := s.Direct(r.Context(), r.PathValue("id"), d); err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusOK, object{"success": true})
}
