package wsserver

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"cuewire/app"
)

// maxFile is how many bytes an imported file may have.
const maxFile = 10 << 20

// policyPrint is the policy of the page to print, which brings its own style.
const policyPrint = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

// formTypes are what a page from elsewhere can send without asking first.
var formTypes = map[string]bool{"text/plain": true, "multipart/form-data": true, "application/x-www-form-urlencoded": true}

// importRundown takes a file as the request's body into the room's rundown: all of
// it or nothing. ?name is the file's name, ?replace=1 puts it in place of what is there.
func (s *Server) importRundown(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || formTypes[kind] {
		answerError(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Send the file itself as the body, with Content-Type: application/octet-stream or the file's own.")
		return
	}
	replace := false
	if given := r.URL.Query().Get("replace"); given != "" {
		var err error
		if replace, err = strconv.ParseBool(given); err != nil {
			answerError(w, http.StatusBadRequest, app.CodeInvalid, "replace must be 1 or 0.")
			return
		}
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFile))
	if _, tooBig := errors.AsType[*http.MaxBytesError](err); tooBig {
		answerError(w, http.StatusRequestEntityTooLarge, "TOO_LARGE", "The file may have 10 MiB.")
		return
	}
	if err != nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "The file could not be read.")
		return
	}
	timers, problems, err := s.config.Files.ReadRundown(r.URL.Query().Get("name"), data)
	if err != nil {
		answer(w, http.StatusBadRequest, struct {
			Error    string   `json:"error"`
			Code     app.Code `json:"code"`
			Problems any      `json:"problems"`
		}{"Nothing was imported. " + err.Error(), app.CodeInvalid, problems})
		return
	}
	if result, ok := s.do(w, r, app.ImportTimers{RoomID: room.Room.ID, Timers: timers, Replace: replace}); ok {
		s.answerChange(w, http.StatusOK, result.Durable, struct {
			Imported int             `json:"imported"`
			Timers   []app.TimerView `json:"timers"`
		}{len(timers), result.Snapshot.Room(room.Room.ID).Views()})
	}
}

// exportRundown answers with the room's rundown as a file.
func (s *Server) exportRundown(w http.ResponseWriter, r *http.Request) {
	room, ok := s.roomOf(w, r)
	if !ok {
		return
	}
	format := r.URL.Query().Get("format")
	data, mediaType, err := s.config.Files.WriteRundown(format, room, language(r))
	if err != nil {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "format must be csv, xlsx, json or html.")
		return
	}
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Cache-Control", "no-store")
	if format == "html" {
		header.Set("Content-Security-Policy", policyPrint)
	} else {
		header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": room.Room.Name + "." + format}))
	}
	_, _ = w.Write(data) // a reader who has gone needs none
}
