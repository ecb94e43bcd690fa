package interchange

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cuewire/app"
)

const day app.Millis = 24 * 3_600_000

// cell is one cell of a spreadsheet: its text as shown and, where that is a number in
// some format, the number. One that is formatted as a time stands for days.
type cell struct {
	text   string
	number string
	days   float64
	isTime bool
}

func (c cell) blank() bool { return strings.TrimSpace(c.text) == "" }

// value reads a cell of the column. A blank one is nil, but for texts.
func (c column) value(in cell) (any, *fault) {
	word := strings.TrimSpace(in.text)
	if c.kind == name || c.kind == line || c.kind == text {
		return c.check(in.text)
	}
	if word == "" {
		return nil, nil
	}
	switch c.kind {
	case duration:
		if in.isTime {
			return c.check(millis(in.days))
		}
		if in.number != "" {
			word = in.number
		}
		d, ok := parseDuration(word)
		if !ok {
			return nil, badDuration(word)
		}
		return c.check(d)
	case clock:
		if in.isTime {
			return clockOf(millis(math.Mod(in.days, 1))), nil
		}
		t, ok := parseClock(word)
		if !ok {
			return nil, badClock(word)
		}
		return t, nil
	case choice:
		if v, ok := c.choose(word); ok {
			return v, nil
		}
		return c.check(word)
	case yesNo:
		switch fold(word) {
		case "yes", "y", "true", "1", "x", "on", "sim", "s", "verdadeiro":
			return true, nil
		case "no", "n", "false", "0", "off", "nao", "falso":
			return false, nil
		}
		if word == "✓" || word == "✔" {
			return true, nil
		}
		return nil, &fault{"interchange.badSwitch", quote(word) + " is neither yes nor no.", map[string]any{"Value": short(word)}}
	}
	return c.check(word)
}

// valueJSON reads a JSON value of the column; null is nil.
func (c column) valueJSON(raw json.RawMessage) (any, *fault) {
	if string(raw) == "null" {
		return nil, nil
	}
	var err error
	switch c.kind {
	case duration:
		var v app.Millis
		if err = json.Unmarshal(raw, &v); err == nil {
			return c.check(v)
		}
		return nil, &fault{"interchange.badMillis", "A whole number of milliseconds is needed here.", nil}
	case yesNo:
		var v bool
		if err = json.Unmarshal(raw, &v); err == nil {
			return v, nil
		}
		return nil, &fault{"interchange.badBool", "true or false is needed here.", nil}
	}
	var v string
	if err = json.Unmarshal(raw, &v); err != nil {
		return nil, &fault{"interchange.badString", "A text in quotation marks is needed here.", nil}
	}
	if c.kind == clock {
		t, ok := app.ParseClockTime(v)
		if !ok {
			return nil, badClock(v)
		}
		return t, nil
	}
	return c.check(v)
}

// check holds a value against the limits that the engine has.
func (c column) check(v any) (any, *fault) {
	switch v := v.(type) {
	case app.Millis:
		if v < 0 || v > app.MaxDuration {
			return nil, &fault{"interchange.durationRange", "A duration is between 0 and 366 days.", nil}
		}
	case string:
		limit := app.MaxNameLength
		switch c.kind {
		case text:
			limit = app.MaxTextLength
		case address:
			limit = app.MaxWebhookLength
		}
		switch {
		case c.kind == name && strings.TrimSpace(v) == "":
			return nil, missing()
		case utf8.RuneCountInString(v) > limit:
			return nil, &fault{"interchange.tooLong", fmt.Sprintf("The text is too long, at most %d characters fit.", limit), map[string]any{"Limit": limit}}
		case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
			return nil, &fault{"interchange.notText", "This is not valid text.", nil}
		case c.kind == color && v != "" && !hexColor.MatchString(v):
			return nil, &fault{"interchange.badColor", quote(v) + " is not a colour like #22c55e.", map[string]any{"Value": short(v)}}
		}
		if c.kind == address && v != "" && !app.ValidWebhook(v) {
			return nil, &fault{"interchange.badAddress", quote(v) + " is not an address like https://example.com/hook.", map[string]any{"Value": short(v)}}
		}
		if c.kind == choice {
			var values []string
			for value := range c.choices {
				if value != "" {
					values = append(values, value)
				}
			}
			slices.Sort(values)
			_, known := c.choices[v]
			if all := strings.Join(values, ", "); !known {
				return nil, &fault{"interchange.badChoice", quote(v) + " is not one of " + all + ".", map[string]any{"Value": short(v), "Values": all}}
			}
		}
	}
	return v, nil
}

var hexColor = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func missing() *fault {
	return &fault{"interchange.missing", "There is nothing here, but something is needed.", nil}
}

func badDuration(v string) *fault {
	return &fault{"interchange.badDuration", quote(v) + " is not a duration like 5:00, 1:05:00, 90s or 1h30.", map[string]any{"Value": short(v)}}
}

func badClock(v string) *fault {
	return &fault{"interchange.badClock", quote(v) + " is not a time of day like 19:30 or 19:30:15.", map[string]any{"Value": short(v)}}
}

func quote(v string) string { return "“" + short(v) + "”" }

// short cuts what is quoted from a file.
func short(v string) string {
	if v = strings.ToValidUTF8(v, "\ufffd"); utf8.RuneCountInString(v) > 40 {
		return string([]rune(v)[:40]) + "…"
	}
	return v
}

// millis returns days in milliseconds, -1 where they are no length of time.
func millis(days float64) app.Millis {
	if ms := math.Round(days * float64(day)); ms >= 0 && ms <= 1e15 {
		return app.Millis(ms)
	}
	return -1
}

var (
	colons  = regexp.MustCompile(`^(?:(\d{1,6}):)?(\d{1,6}):(\d{1,2})(?:[.,](\d{1,3}))?$`)
	number  = regexp.MustCompile(`^\d{1,9}(?:[.,]\d{1,9})?$`)
	spelled = regexp.MustCompile(`^(?:(\d{1,6}(?:[.,]\d{1,9})?)(?:h|hrs?|hours?|horas?))?(?:(\d{1,6}(?:[.,]\d{1,9})?)(?:m|mins?|minutes?|minutos?))?(?:(\d{1,9}(?:[.,]\d{1,9})?)(?:s|secs?|segs?|seconds?|segundos?))?$`)
	clipped = regexp.MustCompile(`^(\d{1,6})h(\d{1,2})$`)
)

// parseDuration reads "5:00" (minutes and seconds), "1:05:00", either with up to
// three decimals, "90" (minutes, with decimals too), "90s", "1h30", "5 min".
func parseDuration(v string) (app.Millis, bool) {
	if m := colons.FindStringSubmatch(v); m != nil {
		hours, minutes, seconds := whole(m[1]), whole(m[2]), whole(m[3])
		if seconds > 59 || (m[1] != "" && minutes > 59) {
			return 0, false
		}
		ms := whole((m[4] + "000")[:3])
		return ((hours*60+minutes)*60+seconds)*1000 + ms, true
	}
	if number.MatchString(v) {
		return scaled(v, 60_000), true
	}
	v = strings.ToLower(strings.Join(strings.Fields(v), ""))
	if m := clipped.FindStringSubmatch(v); m != nil {
		return (whole(m[1])*60 + whole(m[2])) * 60_000, true
	}
	m := spelled.FindStringSubmatch(v)
	if m == nil || v == "" {
		return 0, false
	}
	return scaled(m[1], 3_600_000) + scaled(m[2], 60_000) + scaled(m[3], 1000), true
}

func whole(digits string) app.Millis {
	n, _ := strconv.ParseInt(digits, 10, 64) // "" is 0; the expressions let digits alone through
	return app.Millis(n)
}

func scaled(digits string, unit float64) app.Millis {
	n, _ := strconv.ParseFloat(strings.ReplaceAll(digits, ",", "."), 64)
	return app.Millis(math.Round(n * unit))
}

// formatDuration writes a duration as parseDuration reads it: "1:05:00".
func formatDuration(d app.Millis) string {
	s := fmt.Sprintf("%d:%02d:%02d", d/3_600_000, d/60_000%60, d/1000%60)
	if d%1000 != 0 {
		s += fmt.Sprintf(".%03d", d%1000)
	}
	return s
}

// parseClock reads "19:30", "19:30:15", "7:30 PM", "19h30" and "19h".
func parseClock(v string) (app.ClockTime, bool) {
	v = strings.ToUpper(strings.Join(strings.Fields(v), ""))
	if t, ok := app.ParseClockTime(v); ok {
		return t, true
	}
	for _, layout := range []string{"3:04PM", "3:04:05PM", "3PM", "15H04", "15H"} {
		if t, err := time.Parse(layout, v); err == nil {
			return app.ClockTime(t.Format("15:04:05")), true
		}
	}
	return "", false
}

// clockOf returns the time of day that is so long after midnight.
func clockOf(ms app.Millis) app.ClockTime {
	seconds := (ms + 500) / 1000 % 86_400
	return app.ClockTime(fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60))
}

// sinceMidnight is clockOf's inverse, -1 for none.
func sinceMidnight(t app.ClockTime) app.Millis {
	var h, m, s app.Millis
	if _, err := fmt.Sscanf(string(t), "%d:%d:%d", &h, &m, &s); err != nil {
		return -1
	}
	return ((h*60+m)*60 + s) * 1000
}
