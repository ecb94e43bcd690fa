package interchange

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"cuewire/app"
)

const byteOrderMark = "\ufeff"

func readCSV(data []byte, p *problems) ([]app.TimerFields, error) {
	s, err := decode(data)
	if err != nil {
		return nil, damaged(err)
	}
	s = strings.TrimPrefix(s, byteOrderMark)
	separator, rest := separate(s)
	t := table{problems: p}
	for r := (csvReader{text: rest, separator: separator}); r.more(); {
		fields := r.row()
		row := make([]cell, len(fields))
		for i, f := range fields {
			row[i].text = harmful(f)
		}
		if err := t.add(row); err != nil {
			return nil, err
		}
	}
	return t.end()
}

// decode returns the text of a file: UTF-8, UTF-16 with its mark, and what is
// neither is taken for Windows-1252, which Excel writes in the West.
func decode(data []byte) (string, error) {
	var err error
	switch {
	case utf16(data):
		data, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case !utf8.Valid(data):
		data, err = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	return string(data), err
}

// separate finds out what separates the cells: what Excel's line "sep=;" says, else
// that which makes the most of the headings known.
func separate(s string) (separator byte, rest string) {
	if first, after, _ := strings.Cut(s, "\n"); len(strings.TrimSpace(first)) == 5 && strings.HasPrefix(strings.ToLower(first), "sep=") {
		return first[4], after
	}
	separator, best := ',', 0
	for _, candidate := range []byte{',', ';', '\t'} {
		r := csvReader{text: s, separator: candidate}
		for n := 0; n < headerRows && r.more(); n++ {
			fields := r.row()
			row := make([]cell, len(fields))
			for i, f := range fields {
				row[i].text = f
			}
			if h, _ := heading(row); h.known > best {
				separator, best = candidate, h.known
			}
		}
	}
	return separator, s
}

// csvReader splits a text as RFC 4180 has it. Unlike encoding/csv it counts blank
// lines, as spreadsheets do, keeps line ends in quotes as they are, and takes a
// quotation mark inside a cell that does not begin with one for itself.
type csvReader struct {
	text      string
	separator byte
}

func (r *csvReader) more() bool { return r.text != "" }

// row returns the next row, at most maxColumns+1 cells of it.
func (r *csvReader) row() (fields []string) {
	for {
		field, end := r.field()
		if len(fields) <= maxColumns {
			fields = append(fields, field)
		}
		if end {
			return fields
		}
	}
}

// field takes the next cell off the text, and tells whether it ends the row.
func (r *csvReader) field() (field string, end bool) {
	var quoted strings.Builder
	if strings.HasPrefix(r.text, `"`) {
		r.text = r.text[1:]
		for {
			part, after, closed := strings.Cut(r.text, `"`)
			quoted.WriteString(part)
			r.text = after
			if !closed || !strings.HasPrefix(after, `"`) {
				break
			}
			quoted.WriteByte('"')
			r.text = after[1:]
		}
	}
	i := strings.IndexFunc(r.text, func(c rune) bool { return c == rune(r.separator) || c == '\n' || c == '\r' })
	if i < 0 {
		field, r.text = quoted.String()+r.text, ""
		return field, true
	}
	field = quoted.String() + r.text[:i]
	end = r.text[i] != r.separator
	if strings.HasPrefix(r.text[i:], "\r\n") {
		i++
	}
	r.text = r.text[i+1:]
	return field, end
}

// A spreadsheet computes cells that begin so, whoever wrote them; an apostrophe
// before it keeps it from that.
const formula = "=+-@\t\r"

func computes(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.IndexByte(formula, s[0]) >= 0
}

// harmless puts an apostrophe before what a spreadsheet would compute, and before
// what has one already, so that harmful gives back what was there.
func harmless(s string) string {
	if computes(s) {
		return "'" + s
	}
	return s
}

func harmful(s string) string {
	if rest, quoted := strings.CutPrefix(s, "'"); quoted && computes(s) {
		return rest
	}
	return s
}

// writeCSV writes UTF-8 with its mark, which Excel needs. Where the comma divides
// decimals Excel expects semicolons.
func writeCSV(room *app.RoomState, words Words) []byte {
	separator := ","
	if strings.HasPrefix(words.Lang(), "pt") {
		separator = ";"
	}
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	row := func(value func(column) string) {
		for i, c := range columns {
			if i > 0 {
				b.WriteString(separator)
			}
			v := harmless(value(c))
			if strings.ContainsAny(v, "\"\r\n\t "+separator) {
				v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
			}
			b.WriteString(v)
		}
		b.WriteString("\r\n")
	}
	row(func(c column) string { return words.T(c.key(), nil) })
	for _, t := range room.Timers {
		row(func(c column) string { return c.word(t, words) })
	}
	return b.Bytes()
}

// word returns a timer's value as a person reads it.
func (c column) word(t *app.Timer, words Words) string {
	switch v := c.get(t).(type) {
	case string:
		return v
	case app.Millis:
		return formatDuration(v)
	case app.ClockTime:
		return string(v)
	case bool:
		if v {
			return words.T("interchange.yes", nil)
		}
	}
	return words.T("interchange.no", nil)
}
