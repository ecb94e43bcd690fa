package present

import (
	"bytes"
	"encoding/json"

	"cuewire/app"
	"cuewire/app/i18n"
)

// fileProblem is one thing that is wrong with a file, as [app.RundownFiles] tells
// it: a value for JSON.
type fileProblem struct {
	Row     int            `json:"row"`
	Column  string         `json:"column"`
	Header  string         `json:"header"`
	Key     string         `json:"key"`
	Message string         `json:"message"`
	Args    map[string]any `json:"args"`
}

// FileProblems says where a file has to be put right, and how, in the file's order.
// It returns nothing when problems are not of that kind.
func FileProblems(w *i18n.Words, problems any) []string {
	data, err := json.Marshal(problems)
	if err != nil {
		return nil
	}
	var list []fileProblem
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // 10000 is to be read as it is written
	if decoder.Decode(&list) != nil {
		return nil
	}
	texts := make([]string, 0, len(list))
	for _, p := range list {
		text := w.T(p.Key, p.Args)
		if text == p.Key {
			text = p.Message
		}
		if place := p.place(w); place != "" {
			text = place + ": " + text
		}
		texts = append(texts, text)
	}
	return texts
}

func (p fileProblem) place(w *i18n.Words) string {
	switch {
	case p.Row == 0:
		return ""
	case p.Column == "":
		return w.T("interchange.atRow", map[string]any{"Row": p.Row})
	case p.Header == "":
		return w.T("interchange.atField", map[string]any{"Row": p.Row, "Field": p.Column})
	}
	return w.T("interchange.atCell", map[string]any{"Row": p.Row, "Column": p.Column, "Header": p.Header})
}

// FileName returns a name for a file with the room's rundown.
func FileName(room *app.Room, ending string) string {
	name := make([]rune, 0, len(room.Name))
	for _, r := range room.Name {
		if r < ' ' || bytes.ContainsRune([]byte(`/\:*?"<>|`), r) {
			r = '-'
		}
		name = append(name, r)
	}
	return string(name) + "." + ending
}
