package wsserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// errTokenNeeded refuses other computers what this one may do.
var errTokenNeeded = app.NewError(app.CodeUnauthorized, "server.refused.elsewhere",
	"Cuewire answers this only on the computer that it runs on, or to a paired device.", nil)

type visitKey struct{}

// visitOf returns who sent the request, as the guard has found out.
func visitOf(r *http.Request) auth.Visit {
	v, _ := r.Context().Value(visitKey{}).(auth.Visit)
	return v
}

// recorder knows whether an answer has begun.
type recorder struct {
	http.ResponseWriter
	begun  bool
	status int // that was answered
}

func (r *recorder) WriteHeader(status int) {
	r.begun, r.status = true, status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.begun = true
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach what is underneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// guard stands before every route: it counts, contains faults, sets the headers
// that every answer has, and refuses who may not be here.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		rec := &recorder{ResponseWriter: w}
		upgrade := isUpgrade(r)
		pattern := ""
		defer func() {
			if fault := recover(); fault != nil {
				s.log.Error("request failed", "path", r.URL.Path, "fault", fault, "stack", string(debug.Stack()))
				if !rec.begun && !upgrade {
					answerError(rec, http.StatusInternalServerError, app.CodeInternal, "A fault in Cuewire; its log says more.")
				}
			}
			if !upgrade {
				took := time.Since(begin)
				s.load.add(time.Now(), took, rec.status >= http.StatusInternalServerError)
				s.answered.add(pattern, rec.status, took)
			}
		}()
		header := rec.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Content-Security-Policy", policyNothing)
		header.Set("X-Frame-Options", "DENY")
		if r.TLS != nil || auth.LoopbackHost(r.Host) { // where browsers heed it
			header.Set("Origin-Agent-Cluster", "?1") // a process for us, whatever other ports' pages do
		}

		snap := s.core.Snapshot()
		settings := snap.Settings
		rules := auth.Rules{
			Site: s.here(), Origins: settings.AllowedOrigins, ViewingOpen: settings.ViewingOpen, Secret: s.config.Secret,
			Bearer: func(ctx context.Context, token string) (auth.Bearer, error) {
				return s.tokens(settings).Bearer(ctx, token, snap, time.Now())
			},
		}
		visit, err := rules.Judge(r, isPage(r))
		if s.overQuota(rec, r, visit, err) {
			return
		}
		if app.CodeOf(err) == app.CodeUnauthorized {
			s.log.Info("a token was refused", "address", visit.Address, "err", err)
			if upgrade && r.URL.Path == timersPath { // it says so over the socket
				visit.Role, err = "", nil
			}
		}
		if err != nil {
			s.refuse(rec, r, err)
			return
		}
		if visit.TokenID != "" {
			s.seen.Store(visit.TokenID, time.Now())
		}
		if visit.Foreign != "" && allowForeign(rec, r, visit.Foreign) {
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), visitKey{}, visit))
		defer func() { pattern = r.Pattern }() // as the routes have found it out
		next.ServeHTTP(rec, r)
	})
}

// allowForeign tells the browser that a page of an allow-listed origin may read
// the answer. It reports whether the request was a preflight, which that answers.
func allowForeign(w http.ResponseWriter, r *http.Request, origin string) (answered bool) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Expose-Headers", durableHeader+", Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset")
	header.Add("Vary", "Origin")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	header.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
	header.Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
	header.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// isPage reports whether r asks for something that a person opens.
func isPage(r *http.Request) bool { return !isUpgrade(r) && isPagePath(r.URL.Path) }

func isPagePath(path string) bool {
	switch path {
	case "/", "/sources", "/playground", "/pair", "/trust":
		return true
	}
	return strings.HasPrefix(path, "/r/") || strings.HasPrefix(path, "/overlay/")
}

// may reports whether the visitor's role covers the one needed, and otherwise
// answers why not.
func (s *Server) may(w http.ResponseWriter, r *http.Request, needed app.Role) bool {
	if visitOf(r).Role.Covers(needed) {
		return true
	}
	s.refuse(w, r, notAllowed(visitOf(r)))
	return false
}

// keyRole is the key of the refusal of who is known and may not do so much.
const keyRole = "server.refused.role"

// notAllowed says what a visitor lacks: a token, or a token of a higher role.
func notAllowed(visit auth.Visit) error {
	if visit.Known {
		return app.NewError(app.CodeForbidden, keyRole, "This device's access does not go that far.", nil)
	}
	return errTokenNeeded
}

// refuse answers a request with why it is not served: a page for who opens a page,
// JSON for programs.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var known *app.Error
	if !errors.As(err, &known) {
		s.log.Error("request failed", "path", r.URL.Path, "err", err)
		known = app.NewError(app.CodeInternal, "server.fault", "A fault in Cuewire; its log says more.", nil)
	}
	status := statusOf(known.Code)
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Cuewire"`)
	}
	if isPage(r) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		if status == http.StatusUnauthorized && s.askToPair(w, r, status) {
			return
		}
		s.answerPage(w, r, status, known)
		return
	}
	nameRefusal(w, known)
	answerError(w, status, known.Code, known.Message)
}

// refusalHeader names the sentence of a refusal in the catalogue of texts, with its
// arguments as a query: "error.sceneFull?Count=100". Our pages say it in the reader's language.
const refusalHeader = "Cuewire-Refusal"

func nameRefusal(w http.ResponseWriter, err *app.Error) {
	if err.Key == "" {
		return
	}
	args := url.Values{}
	for name, value := range err.Args {
		args.Set(name, fmt.Sprint(value))
	}
	w.Header().Set(refusalHeader, err.Key+"?"+args.Encode())
}

// statusOf is the HTTP status that a kind of failure has.
func statusOf(code app.Code) int {
	switch code {
	case app.CodeInvalid:
		return http.StatusBadRequest
	case app.CodeUnauthorized:
		return http.StatusUnauthorized
	case app.CodeForbidden:
		return http.StatusForbidden
	case app.CodeNotFound:
		return http.StatusNotFound
	case app.CodeConflict:
		return http.StatusConflict
	case app.CodeRateLimited:
		return http.StatusTooManyRequests
	case app.CodeUnavailable:
		return http.StatusServiceUnavailable
	case app.CodeTimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}
