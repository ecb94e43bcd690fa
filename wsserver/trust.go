package wsserver

import (
	"net/http"

	"cuewire/app"
)

// trustPage explains how a device comes to trust the local authority.
func (s *Server) trustPage(w http.ResponseWriter, r *http.Request) {
	s.servePage(w, r, "trust.html", false)
}

// authorityFile is the local authority's certificate, for anybody: it is no secret.
func (s *Server) authorityFile(w http.ResponseWriter, r *http.Request) {
	authority := s.certificates.authority.Load()
	if authority == nil {
		s.refuse(w, r, app.NewError(app.CodeNotFound, "trust.none", "Cuewire has no certificate authority of its own at the moment.", nil))
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/x-x509-ca-cert")
	header.Set("Content-Disposition", `attachment; filename="cuewire-authority.crt"`)
	header.Set("Cache-Control", "no-cache")
	header.Set("Cuewire-Fingerprint", authority.Fingerprint())
	_, _ = w.Write(authority.DER()) // a reader who has gone needs none
}
