package interchange

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"strconv"

	"cuewire/app"
)

//go:embed rundown.css
var rundownCSS string

// printed is a timer as the page shows it.
type printed struct {
	*app.Timer
	number string // "" for one that is skipped
	start  string
	length string
}

// markup is a page that is being written. It takes the place of html/template, which
// looks methods up by name: with that, no linker knows which of them are never called.
type markup struct{ bytes.Buffer }

// put writes HTML as it stands but for each %s, which is one of the texts, escaped for
// an element or a quoted attribute.
func (m *markup) put(format string, texts ...string) {
	escaped := make([]any, len(texts))
	for i, text := range texts {
		escaped[i] = html.EscapeString(text)
	}
	fmt.Fprintf(m, format, escaped...)
}

// writeHTML lays out a page to print: one file, no script, nothing from elsewhere.
// Its starts count on from the last timer that has a time of day of its own.
func writeHTML(room *app.RoomState, words Words) ([]byte, error) {
	rows := make([]printed, 0, len(room.Timers))
	var total app.Millis
	number, at := 0, app.Millis(-1)
	for _, t := range room.Timers {
		row := printed{Timer: t, length: formatDuration(t.Duration)}
		if !t.Skip {
			number++
			row.number = strconv.Itoa(number)
			if own := sinceMidnight(t.StartAt); own >= 0 && (!t.LinkedStart || at < 0) {
				at = own
			}
			length := t.Duration
			if at >= 0 {
				row.start = string(clockOf(at))
			}
			if finish := sinceMidnight(t.FinishAt); finish >= 0 {
				row.length = "→ " + string(t.FinishAt)
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
	said := func(key string) string { return words.T("interchange."+key, nil) }
	var page markup
	page.put("<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", words.Lang())
	page.put("<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s</title>\n<style>\n", room.Room.Name)
	page.WriteString(rundownCSS)
	page.put("</style>\n</head>\n<body>\n<h1>%s</h1>\n<table>\n<thead><tr>\n", room.Room.Name)
	for _, head := range []struct{ class, key string }{
		{"number", "number"},
		{"time", "column.start_at"},
		{"time", "column.duration_ms"},
		{"name", "column.name"},
		{"who", "column.speaker"},
		{"notes", "column.notes"},
	} {
		page.put("<th class=\"%s\">%s</th>\n", head.class, said(head.key))
	}
	page.put("</tr></thead>\n<tbody>\n")
	for i := range rows {
		rows[i].put(&page)
	}
	page.put("</tbody>\n<tfoot><tr><td></td><td>%s</td><td class=\"time\">%s</td><td></td><td></td><td></td></tr></tfoot>\n", said("total"), formatDuration(total))
	page.put("</table>\n</body>\n</html>\n")
	return page.Bytes(), nil
}

func (p *printed) put(page *markup) {
	class := ""
	if p.Skip {
		class = "skipped"
	}
	page.put("<tr class=\"%s\">\n<td>%s</td>\n<td class=\"time\">%s</td>\n<td class=\"time\">%s</td>\n<td>", class, p.number, p.start, p.length)
	if hexColor.MatchString(p.LabelColor) { // nothing else is safe in a style
		page.put("<span class=\"swatch\" style=\"background: %s\"></span>", p.LabelColor)
	}
	page.put("%s</td>\n<td>%s</td>\n<td class=\"notes\">%s</td>\n</tr>\n", p.Name, p.Speaker, p.Notes)
}
