package wsserver

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// OIDC is an outside issuer of access tokens.
type OIDC struct {
	Issuer   string // its address; "" for none
	Audience string // whom its tokens must be for, "" for anybody
	Folder   string // keeps its last good answers
}

// outside is the issuer that is asked at the moment.
type outside struct {
	mu     sync.Mutex // guards what follows
	asked  OIDC
	issuer *auth.Outside
}

// tokens returns what knows tokens, with these settings.
func (s *Server) tokens(settings app.Settings) auth.Tokens {
	t := auth.Tokens{Signer: s.config.Signer}
	want := s.config.OIDC
	if want.Issuer == "" {
		want.Issuer, want.Audience = settings.OIDCIssuer, settings.OIDCAudience
	}
	if want.Issuer == "" {
		return t
	}
	s.outside.mu.Lock()
	defer s.outside.mu.Unlock()
	if s.outside.issuer == nil || s.outside.asked != want {
		s.outside.asked, s.outside.issuer = want, auth.NewOutside(want.Issuer, want.Audience, want.Folder)
	}
	t.Outside = s.outside.issuer
	return t
}

// expiryEvery is how often it is looked whether the tokens of open sockets have ended.
const expiryEvery = 10 * time.Second

// watchTokens closes the sockets of tokens that were revoked, at once, and of those
// that have ended, until ctx ends or the engine stops.
func (s *Server) watchTokens(ctx context.Context) error {
	stream := s.core.Watch()
	defer stream.Close()
	check := time.NewTicker(expiryEvery)
	defer check.Stop()
	changed := make(chan *app.Snapshot)
	go func() {
		defer close(changed)
		for {
			update, err := stream.Next(ctx)
			if err != nil {
				return // ctx has ended, or the engine: nothing is revoked any more
			}
			select {
			case changed <- update.Snapshot:
			case <-ctx.Done():
				return
			}
		}
	}()
	last := s.core.Snapshot()
	for {
		select {
		case snap, ok := <-changed:
			if !ok {
				return nil
			}
			if !slices.Equal(snap.Tokens, last.Tokens) {
				s.dropUnknown(snap, time.Now())
			}
			last = snap
		case now := <-check.C:
			s.dropUnknown(last, now)
		}
	}
}

// dropUnknown closes the sockets whose token is good no more.
func (s *Server) dropUnknown(snap *app.Snapshot, now time.Time) {
	for _, d := range s.desks {
		for _, c := range d.wheel.all() {
			switch {
			case c.token != "" && snap.Token(c.token, now) == nil:
				c.part(app.PartUnknown)
			case c.expires != 0 && app.InstantOf(now) >= c.expires:
				c.part(app.PartUnknown)
			}
		}
	}
}

// tokenRoutes are those of access tokens.
func (s *Server) tokenRoutes(on func(string, methods)) {
	if s.config.Dev {
		on("/playground", methods{"GET": s.role(app.Admin, s.playground)})
	}
	on("/.well-known/jwks.json", methods{"GET": s.jwks})
	on("/api/tokens", methods{"GET": s.role(app.Admin, s.listTokens), "POST": s.role(app.Admin, s.issueToken)})
	on("/api/tokens/{id}", methods{"DELETE": s.role(app.Admin, s.revokeToken), "PUT": s.role(app.Admin, s.renameToken)})
}

// playground is a page to try the sockets with, for developers.
func (s *Server) playground(w http.ResponseWriter, r *http.Request) {
	s.servePage(w, r, "playground.html", false)
}

// jwks answers with the public key of our tokens, to anybody.
func (s *Server) jwks(w http.ResponseWriter, _ *http.Request) {
	if s.config.Signer == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "This Cuewire issues no tokens.")
		return
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(s.config.Signer.JWKS()) // a reader who has gone needs none
}

// listedToken is a token with what its device does.
type listedToken struct {
	*app.Token
	LastSeen    *string `json:"lastSeenAt"`  // null when it was not seen since Cuewire started
	Connections int     `json:"connections"` // that are open
}

func (s *Server) listTokens(w http.ResponseWriter, _ *http.Request) {
	snap := s.core.Snapshot()
	open := map[string]int{}
	for _, c := range snap.Clients {
		open[c.TokenID]++
	}
	list := []listedToken{}
	for _, t := range snap.Tokens {
		listed := listedToken{Token: t, Connections: open[t.ID]}
		if at := s.LastSeen(t.ID); !at.IsZero() {
			seen := isoTime(at)
			listed.LastSeen = &seen
		}
		list = append(list, listed)
	}
	answer(w, http.StatusOK, object{"tokens": list})
}

func (s *Server) renameToken(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Name *string `json:"name"`
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if body.Name == nil {
		invalid(w, "name must be given.")
		return
	}
	result, ok := s.do(w, r, app.RenameToken{ID: r.PathValue("id"), Name: *body.Name})
	if !ok {
		return
	}
	renamed := result.Snapshot.Token(result.ID, time.Now())
	if renamed == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "This access has ended meanwhile.")
		return
	}
	s.answerChange(w, http.StatusOK, result.Durable, renamed)
}

// defaultLife is how long a token lives if nothing is said.
const defaultLife = 24 * time.Hour

// issueToken makes a token. This is the only time that it is told.
func (s *Server) issueToken(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Subject string   `json:"sub"`
		Role    app.Role `json:"role"`
		Name    string   `json:"name"`
		Seconds *int64   `json:"ttl"` // seconds
	}
	if !s.readBody(w, r, &body) {
		return
	}
	if s.config.Signer == nil {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "This Cuewire issues no tokens.")
		return
	}
	life := defaultLife
	if body.Seconds != nil {
		if *body.Seconds < 1 || *body.Seconds > int64(app.MaxTokenLife/time.Second) {
			answerError(w, http.StatusBadRequest, app.CodeInvalid, "ttl must be a number of seconds, at most ten years.")
			return
		}
		life = time.Duration(*body.Seconds) * time.Second
	}
	text, remembered, err := s.config.Signer.Issue(body.Subject, body.Role, body.Name, time.Now(), life)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if result, ok := s.do(w, r, app.GrantToken{Token: remembered}); ok {
		s.answerChange(w, http.StatusCreated, result.Durable, struct {
			app.Token
			Text string `json:"token"`
		}{remembered, text})
	}
}

func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request) {
	if result, ok := s.do(w, r, app.RevokeToken{ID: r.PathValue("id")}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, deleted{true, result.ID})
	}
}
