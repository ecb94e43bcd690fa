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
type rundownFile[T any] struct {
	Format  string  `json:"format"`
	Version int     `json:"version"`
	Room    string  `json:"room"` // its name
	Timers  list[T] `json:"timers"`
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
	var file rundownFile[map[string]json.RawMessage]
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

func writeJSON(room *app.RoomState) ([]byte, error) {
	file := rundownFile[map[string]any]{Format: jsonFormat, Version: jsonVersion, Room: room.Room.Name, Timers: list[map[string]any]{}}
	for _, t := range room.Timers {
		entry := map[string]any{}
		for _, c := range columns {
			entry[c.field] = c.get(t)
		}
		file.Timers = append(file.Timers, entry)
	}
	data, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return append(data, '\n'), nil
}
