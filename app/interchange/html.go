package interchange

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	"cuewire/app"
)

//go:embed rundown.html
var rundownHTML string

var rundownPage = template.Must(template.New("rundown").Parse(rundownHTML))

// printed is a timer as the page shows it.
type printed struct {
	*app.Timer
	Number int // 0 for one that is skipped
	Start  string
	Length string
}

// writeHTML lays out a page to print: one file, no script, nothing from elsewhere.
// Its starts count on from the last timer that has a time of day of its own.
func writeHTML(room *app.RoomState, words Words) ([]byte, error) {
	rows := make([]printed, 0, len(room.Timers))
	var total app.Millis
	number, at := 0, app.Millis(-1)
	for _, t := range room.Timers {
		row := printed{Timer: t, Length: formatDuration(t.Duration)}
		if !t.Skip {
			number++
			row.Number = number
			if own := sinceMidnight(t.StartAt); own >= 0 && (!t.LinkedStart || at < 0) {
				at = own
			}
			length := t.Duration
			if at >= 0 {
				row.Start = string(clockOf(at))
			}
			if finish := sinceMidnight(t.FinishAt); finish >= 0 {
				row.Length = "→ " + string(t.FinishAt)
				if at >= 0 {
					length = (finish - at%day + day) % day
				}
			}
			if at >= 0 {
				at += length
			}
			total += length
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	err := rundownPage.Execute(&b, map[string]any{
		"Lang": words.Lang(), "Room": room.Room, "Rows": rows, "Total": formatDuration(total),
		"T": func(key string) string { return words.T("interchange."+key, nil) },
	})
	if err != nil {
		return nil, fmt.Errorf("write HTML: %w", err)
	}
	return b.Bytes(), nil
}
