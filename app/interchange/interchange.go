// Package interchange reads rundowns from files and writes them to files: CSV,
// XLSX, Cuewire's own JSON and Ontime's project files in; CSV, XLSX, JSON and a
// page to print out. docs/interchange.md describes the formats for people.
//
// Its functions are pure: they take bytes and give bytes, open no file and no
// connection, keep nothing, and may be called from any goroutine. A file that has
// anything wrong with it yields no timers at all, but everything that is wrong.
package interchange

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"

	"cuewire/app"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	CSV    Format = "csv"    // in and out
	XLSX   Format = "xlsx"   // in and out
	JSON   Format = "json"   // in and out: Cuewire's own, which loses nothing
	Ontime Format = "ontime" // in: a project file of Ontime 2 to 4
	HTML   Format = "html"   // out: a page to print
)

// Limits of what is read.
const (
	MaxSize     = 10 << 20      // bytes of a file
	MaxRows     = app.MaxTimers // timers in it
	MaxProblems = 50            // that are told
)

// Words are the texts in one reader's language; *i18n.Words has them.
type Words interface {
	T(key string, args map[string]any) string
	Lang() string // "en", "pt-BR"
}

// Detect tells which format a file has that may be read. What is in it counts;
// name, the file's, decides only between texts. It fails with an *ImportError.
func Detect(name string, data []byte) (Format, error) {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(data) > MaxSize:
		return "", tooLarge(nil)
	case len(text) == 0:
		return "", empty()
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return XLSX, nil
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")):
		return "", oldExcel(nil)
	case text[0] == '{' && !strings.EqualFold(path.Ext(name), ".csv"):
		return detectJSON(text)
	case bytes.ContainsRune(data, 0) && !utf16(data), bytes.HasPrefix(text, []byte("%PDF")), text[0] == '[', text[0] == '<':
		return "", unknown()
	}
	return CSV, nil
}

func detectJSON(text []byte) (Format, error) {
	var top struct {
		Format   string
		Rundowns json.RawMessage
		Rundown  json.RawMessage
		Entries  json.RawMessage
		Order    json.RawMessage
	}
	err := json.Unmarshal(text, &top)
	switch {
	case top.Format == jsonFormat:
		return JSON, nil
	case top.Rundowns != nil || top.Rundown != nil || (top.Entries != nil && top.Order != nil):
		return Ontime, nil
	case err != nil:
		return "", refuse("interchange.damaged", "The file is damaged or incomplete. Save or export it again.", err)
	}
	return "", unknown()
}

// Read returns the timers of a file in their order, each with a name and a duration
// and within the limits of package app; fields that the file says nothing of are
// nil, and Position always is. Every failure is an *ImportError.
func Read(format Format, data []byte) ([]app.TimerFields, error) {
	if len(data) > MaxSize {
		return nil, tooLarge(nil)
	}
	var p problems
	var timers []app.TimerFields
	var err error
	switch format {
	case CSV:
		timers, err = readCSV(data, &p)
	case XLSX:
		timers, err = readXLSX(data, &p)
	case JSON:
		timers, err = readJSON(data, &p)
	case Ontime:
		timers, err = readOntime(data, &p)
	default:
		err = unknown()
	}
	switch {
	case err != nil:
		return nil, err
	case p.total > 0:
		return nil, p.err()
	case len(timers) == 0:
		return nil, empty()
	}
	return timers, nil
}

// Write returns the room's rundown as a file, in the language of words where it has
// words in it; nil is English. What CSV, XLSX and JSON hold, Read gives back. The
// speaker notes are in it: a caller who may not read them takes them out first.
// It fails with CodeInvalid for a format that is not written.
func Write(format Format, room *app.RoomState, words Words) ([]byte, error) {
	if words == nil {
		words = english{}
	}
	switch format {
	case CSV:
		return writeCSV(room, words), nil
	case XLSX:
		return writeXLSX(room, words)
	case JSON:
		return writeJSON(room)
	case HTML:
		return writeHTML(room, words)
	}
	return nil, app.NewError(app.CodeInvalid, "interchange.unknownOut", "Cuewire exports CSV, XLSX, JSON and HTML.", nil)
}

// utf16 reports whether a text begins with the mark of UTF-16, as Excel's "Unicode
// text" does.
func utf16(data []byte) bool {
	return bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
}
