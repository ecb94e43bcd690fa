package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"cuewire/app"
)

const (
	jsonFormat  = "cuewire-rundown"
	jsonVersion = 1
)

// rundownFile is Cuewire's own export.
type rundownFile struct {
	Format  string                           `json:"format"`
	Version int                              `json:"version"`
	Room    string                           `json:"room"` // its name
	Timers  list[map[string]json.RawMessage] `json:"timers"`
}

// list is a JSON array of which no more is kept than tells that it is too long.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(data []byte) error {
	if *l = nil; string(data) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if open, err := d.Token(); err != nil || open != json.Delim('[') {
		return errors.Join(err, &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[[]T]()})
	}
	for d.More() && len(*l) <= MaxRows {
		var item T
		if err := d.Decode(&item); err != nil {
			return err
		}
		*l = append(*l, item)
	}
	return nil
}

func readJSON(data []byte, p *problems) ([]app.TimerFields, error) {
	var file rundownFile
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte(byteOrderMark)), &file); err != nil {
		return nil, damaged(err)
	}
	switch {
	case file.Format != jsonFormat:
		return nil, unknown()
	case file.Version > jsonVersion:
		return nil, refuse("interchange.newer", "The file was exported by a newer Cuewire. Install that, or export the rundown as CSV.", nil)
	case len(file.Timers) > MaxRows:
		return nil, tooLarge(nil)
	}
	timers := make([]app.TimerFields, len(file.Timers))
	for i, entry := range file.Timers {
		for _, c := range columns {
			raw, ok := entry[c.field]
			if !ok {
				raw = json.RawMessage("null")
			}
			v, wrong := c.valueJSON(raw)
			if v == nil && wrong == nil && (c.field == "name" || c.field == "duration_ms") {
				wrong = missing()
			}
			if wrong != nil {
				p.add(i+1, c.field, "", wrong)
			} else if v != nil {
				c.set(&timers[i], v)
			}
		}
	}
	return timers, nil
}

// writeJSON writes a timer a line: a full rundown stays small enough to be read.
func writeJSON(room *app.RoomState) ([]byte, error) {
	head, err := json.Marshal(room.Room.Name)
	if err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"format\": %q,\n  \"version\": %d,\n  \"room\": %s,\n  \"timers\": [", jsonFormat, jsonVersion, head)
	for i, t := range room.Timers {
		entry := map[string]any{}
		for _, c := range columns {
			entry[c.field] = c.get(t)
		}
		timer, err := json.Marshal(entry)
		if err != nil {
			return nil, fmt.Errorf("write JSON: %w", err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		b.Write(timer)
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}
