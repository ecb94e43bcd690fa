package wsserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"

	"cuewire/app"
)

const (
	maxBody       = 1 << 20
	durableHeader = "Cuewire-Durable"
)

// answer writes a value as JSON.
func answer(w http.ResponseWriter, status int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"a fault in Cuewire","code":"INTERNAL"}`)
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a reader who has gone needs none
}

// answerError writes {"error", "code"}.
func answerError(w http.ResponseWriter, status int, code app.Code, message string) {
	answer(w, status, struct {
		Error string   `json:"error"`
		Code  app.Code `json:"code"`
	}{message, code})
}

// answerChange writes what a change made of value, and whether it is on disk: in
// a header, and where it is not, as "durable": false too. value's JSON is an object.
func (s *Server) answerChange(w http.ResponseWriter, status int, durable bool, value any) {
	w.Header().Set(durableHeader, fmt.Sprint(durable))
	if !durable {
		text, err := json.Marshal(value)
		if err == nil && len(text) > 2 {
			value = json.RawMessage(`{"durable":false,` + string(text[1:]))
		}
	}
	answer(w, status, value)
}

// do carries out a command of a request, or answers why not.
func (s *Server) do(w http.ResponseWriter, r *http.Request, cmd app.Command) (app.Result, bool) {
	result, err := s.core.Do(r.Context(), cmd)
	if err != nil {
		s.refuse(w, r, err)
	}
	return result, err == nil
}

// readBody reads a JSON object into value, or answers what is wrong with it.
// Fields that are not known are left aside, as published clients may send more.
func (s *Server) readBody(w http.ResponseWriter, r *http.Request, value any) bool {
	return s.readBodyUpTo(w, r, maxBody, "", value)
}

// readBodyUpTo is readBody for a body of so many bytes, whole MiB, at most. What is
// said of a field that is of the wrong type begins with prefix.
func (s *Server) readBodyUpTo(w http.ResponseWriter, r *http.Request, most int64, prefix string, value any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		answerError(w, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "The body must be JSON, with Content-Type: application/json.")
		return false
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		answerError(w, http.StatusRequestEntityTooLarge, "TOO_LARGE", fmt.Sprintf("The body may have %d MiB.", most>>20))
		return false
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.Header().Set("Connection", "close")
		answerError(w, http.StatusRequestTimeout, "REQUEST_TIMEOUT", "The body took too long to come.")
		return false
	case err != nil:
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "The body could not be read.")
		return false
	}
	if wrong := decode(text, value, prefix); wrong != "" {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, wrong)
		return false
	}
	return true
}

// decode reads one JSON object and says what is wrong with it, "" for nothing.
func decode(text []byte, value any, prefix string) (wrong string) {
	if first := bytes.TrimLeft(text, " \t\r\n"); len(first) > 0 && first[0] != '{' && json.Valid(text) {
		return "The body must be a JSON object."
	}
	err := json.Unmarshal(text, value)
	var wrongType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &wrongType) && wrongType.Field != "":
		field := wrongType.Field[strings.LastIndexByte(wrongType.Field, '.')+1:]
		return prefix + field + " must be " + kindWords(wrongType.Type.Kind().String()) + "."
	}
	return "The body is not valid JSON."
}

// kindWords says what JSON value a Go kind is read from.
func kindWords(kind string) string {
	switch {
	case kind == "string":
		return "a string"
	case kind == "bool":
		return "true or false"
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "slice":
		return "an array"
	}
	return "an object"
}
