package wsserver

import (
	"mime"
	"net/http"

	"cuewire/app"
)

// backupRoutes are those of backups: they hold everything, secrets too, and are
// admin's.
func (s *Server) backupRoutes(on func(string, methods)) {
	if s.config.Backups == nil {
		return
	}
	admin := func(h http.HandlerFunc) http.HandlerFunc { return s.role(app.Admin, h) }
	on("/api/backups", methods{"GET": admin(s.backups), "POST": admin(s.makeBackup)})
	on("/api/backups/recovered", methods{"DELETE": admin(s.dismissRecovered)})
	on("/api/backups/{name}", methods{"GET": admin(s.downloadBackup)})
	on("/api/backups/{name}/restore", methods{"POST": admin(s.restoreBackup)})
}

func (s *Server) backups(w http.ResponseWriter, r *http.Request) {
	list, err := s.config.Backups.List(r.Context())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	safety := s.core.Snapshot().Safety
	answer(w, http.StatusOK, struct {
		Backups   []app.Backup   `json:"backups"`
		Folder    string         `json:"folder"`
		Problem   string         `json:"problem"`
		Recovered *app.Recovered `json:"recovered"`
	}{append([]app.Backup{}, list...), s.config.Backups.Folder(), safety.Problem, safety.Recovered})
}

func (s *Server) makeBackup(w http.ResponseWriter, r *http.Request) {
	made, err := s.config.Backups.Make(r.Context(), app.BackupAsked)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	answer(w, http.StatusCreated, made)
}

// downloadBackup answers with the file.
func (s *Server) downloadBackup(w http.ResponseWriter, r *http.Request) {
	file, backup, err := s.config.Backups.Read(r.PathValue("name"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer file.Close()
	header := w.Header()
	header.Set("Content-Type", "application/vnd.sqlite3")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": backup.Name}))
	http.ServeContent(w, r, "", backup.At, file)
}

// restoreBackup puts a backup in place of everything. Every socket is closed then,
// and its client comes back to what is true.
func (s *Server) restoreBackup(w http.ResponseWriter, r *http.Request) {
	restored, err := s.config.Backups.Restore(r.Context(), r.PathValue("name"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.answerChange(w, http.StatusOK, restored.Durable, restored)
}

func (s *Server) dismissRecovered(w http.ResponseWriter, r *http.Request) {
	if err := s.config.Backups.Dismiss(r.Context()); err != nil {
		s.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
