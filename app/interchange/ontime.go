package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuewire/app"
)

// ontimeEntry is an event of an Ontime rundown. Times are milliseconds; those of day count from midnight.
type ontimeEntry struct {
	Type       string         `json:"type"`
	Title      string         `json:"title"`
	Cue        string         `json:"cue"`
	Note       string         `json:"note"`
	Presenter  string         `json:"presenter"` // Ontime 2
	Colour     string         `json:"colour"`
	Skip       bool           `json:"skip"`
	TimeStart  *app.Millis    `json:"timeStart"`
	TimeEnd    *app.Millis    `json:"timeEnd"`
	Duration   *app.Millis    `json:"duration"`
	Warning    *app.Millis    `json:"timeWarning"`
	Danger     *app.Millis    `json:"timeDanger"`
	LinkStart  any            `json:"linkStart"` // Ontime 3: the id of the event before, or null; 4: true or false
	CountToEnd bool           `json:"countToEnd"`
	TimerType  string         `json:"timerType"`
	EndAction  string         `json:"endAction"`
	Custom     map[string]any `json:"custom"`
}

// ontimeRundown is a rundown of Ontime 4.
type ontimeRundown struct {
	Order   []string
	Entries map[string]json.RawMessage
}

func readOntime(data []byte, p *problems) ([]app.TimerFields, error) {
	entries, err := ontimeEntries(bytes.TrimPrefix(data, []byte(byteOrderMark)))
	if err != nil {
		return nil, damaged(err)
	}
	var timers []app.TimerFields
	number := 0
	for _, raw := range entries {
		var e ontimeEntry
		err := json.Unmarshal(raw, &e)
		if err == nil && e.Type != "event" {
			continue
		}
		if number++; number > MaxRows {
			return nil, tooLarge(nil)
		}
		if err != nil {
			field := ""
			if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
				field = wrong.Field
			}
			p.add(number, field, "", &fault{"interchange.badType", "This is not what Ontime writes here.", nil})
			continue
		}
		timers = append(timers, e.timer(number, p))
	}
	return timers, nil
}

// ontimeEntries returns the entries of the project's rundown in their order, those
// of groups after the group. Of several rundowns it is the one called default, else
// the first by its name in the file.
func ontimeEntries(data []byte) ([]json.RawMessage, error) {
	var project struct {
		Rundown  list[json.RawMessage]
		Rundowns map[string]ontimeRundown
		ontimeRundown
	}
	if err := json.Unmarshal(data, &project); err != nil {
		return nil, err
	}
	if project.Rundown != nil {
		return project.Rundown, nil
	}
	rundown := project.ontimeRundown
	if len(project.Rundowns) > 0 {
		ids := make([]string, 0, len(project.Rundowns))
		for id := range project.Rundowns {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		if i := slices.Index(ids, "default"); i > 0 {
			ids[0] = ids[i]
		}
		rundown = project.Rundowns[ids[0]]
	}
	var entries []json.RawMessage
	add := func(ids []string) (last json.RawMessage) {
		for _, id := range ids {
			if raw, ok := rundown.Entries[id]; ok {
				entries, last = append(entries, raw), raw
				delete(rundown.Entries, id) // each is in the order once
			}
		}
		return last
	}
	for _, id := range rundown.Order {
		var group struct{ Entries []string }
		if json.Unmarshal(add([]string{id}), &group) == nil {
			add(group.Entries)
		}
	}
	return entries, nil
}

// timer returns the timer that comes nearest to the event.
func (e ontimeEntry) timer(number int, p *problems) (f app.TimerFields) {
	put := func(field, ontime string, v any) {
		c := columns[headings[fold(field)]]
		v, wrong := c.check(v)
		if wrong != nil {
			p.add(number, ontime, "", wrong)
			return
		}
		c.set(&f, v)
	}
	title := e.Title
	if strings.TrimSpace(title) == "" {
		title = e.Cue
	}
	if strings.TrimSpace(title) == "" {
		title = "#" + strconv.Itoa(number)
	}
	put("name", "title", title)
	put("speaker", "presenter", e.speaker())
	put("notes", "note", e.Note)
	put("skip", "skip", e.Skip)
	put("label_color", "colour", longColor(e.Colour))
	put("auto_advance", "endAction", e.EndAction == "play-next" || e.EndAction == "next")
	put("linked_start", "linkStart", e.LinkStart != nil && e.LinkStart != false && e.LinkStart != "" && e.LinkStart != "false")
	if e.EndAction == "stop" || e.EndAction == "pause" {
		put("overtime_mode", "endAction", string(app.OvertimeStop))
	}
	for _, length := range []struct {
		field, ontime string
		v             *app.Millis
	}{{"duration_ms", "duration", e.Duration}, {"wrap_yellow_ms", "timeWarning", e.Warning}, {"wrap_red_ms", "timeDanger", e.Danger}} {
		if length.v != nil {
			put(length.field, length.ontime, *length.v)
		}
	}
	if e.TimeStart != nil && *e.TimeStart >= 0 {
		put("start_at", "timeStart", clockOf(*e.TimeStart))
	}
	if e.TimeEnd != nil && *e.TimeEnd >= 0 && (e.CountToEnd || e.TimerType == "time-to-end") {
		put("finish_at", "timeEnd", clockOf(*e.TimeEnd))
	}
	if e.Duration == nil {
		switch {
		case e.TimeStart != nil && e.TimeEnd != nil && *e.TimeStart >= 0 && *e.TimeEnd >= 0:
			put("duration_ms", "timeEnd", (*e.TimeEnd%day-*e.TimeStart%day+day)%day)
		default:
			p.add(number, "duration", "", missing())
		}
	}
	switch e.TimerType {
	case "count-up":
		put("appearance", "timerType", string(app.CountUp))
	case "clock":
		put("appearance", "timerType", string(app.TimeOfDay))
	case "none":
		put("appearance", "timerType", string(app.Hidden))
	default:
		put("appearance", "timerType", string(app.Countdown))
	}
	return f
}

// speaker returns the presenter, or what a custom field of such a name holds.
func (e ontimeEntry) speaker() string {
	if e.Presenter != "" {
		return e.Presenter
	}
	var names []string
	for field := range e.Custom {
		names = append(names, field)
	}
	slices.Sort(names)
	for _, field := range names {
		if c, ok := headings[fold(field)]; ok && columns[c].field == "speaker" {
			if v, ok := e.Custom[field].(string); ok && v != "" {
				return v
			}
		}
	}
	return ""
}

var cssHex = regexp.MustCompile(`^#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$`)

// longColor returns a colour as #rrggbb; "" for one that is not in hexadecimal.
func longColor(css string) string {
	css = strings.TrimSpace(css)
	if !cssHex.MatchString(css) {
		return ""
	}
	if len(css) < 7 {
		return string([]byte{'#', css[1], css[1], css[2], css[2], css[3], css[3]})
	}
	return css[:7]
}
