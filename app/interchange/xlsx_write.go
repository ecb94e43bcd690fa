package interchange

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"cuewire/app"
)

// A workbook of one sheet, as ISO/IEC 29500 lays it out: the least that a spreadsheet
// program opens. We write it ourselves, since the library that reads copies what it
// writes by reflection, which keeps every method of the whole program in the binary.
var workbook = []struct{ name, content string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`</Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>` +
		`</Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="` + spreadsheetML + `" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`</Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="` + spreadsheetML + `">` +
		`<numFmts count="3"><numFmt numFmtId="164" formatCode="[h]:mm:ss"/><numFmt numFmtId="165" formatCode="[h]:mm:ss.000"/>` +
		`<numFmt numFmtId="166" formatCode="hh:mm:ss"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
		`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
}

const spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

// The styles of cells, by their place in cellXfs.
const (
	styleHeading = iota + 1
	styleDuration
	styleMillis // a duration that is no whole second
	styleClock
	styleText // never taken for a number or a formula
)

func writeXLSX(room *app.RoomState, words Words) ([]byte, error) {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for _, part := range workbook {
		w, err := archive.Create(part.name)
		if err != nil {
			return nil, fmt.Errorf("write XLSX: %w", err)
		}
		if _, err := w.Write([]byte(xml.Header + part.content)); err != nil {
			return nil, fmt.Errorf("write XLSX: %w", err)
		}
	}
	w, err := archive.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	s := sheet{bufio.NewWriter(w)}
	s.fill(room, words)
	if err := s.Flush(); err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	return b.Bytes(), nil
}

// sheet is a worksheet that is being written. What fails shows in Flush.
type sheet struct{ *bufio.Writer }

// fill writes the headings, which stay when the rest is scrolled, and a row for each timer.
func (s sheet) fill(room *app.RoomState, words Words) {
	fmt.Fprintf(s, `%s<worksheet xmlns="%s"><sheetViews><sheetView tabSelected="1" workbookViewId="0">`+
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<cols><col min="1" max="%d" width="18" customWidth="1"/></cols><sheetData><row r="1">`, xml.Header, spreadsheetML, len(columns))
	for i, c := range columns {
		s.text(letters(i)+"1", styleHeading, words.T(c.key(), nil))
	}
	_, _ = s.WriteString("</row>")
	for i, t := range room.Timers {
		row := strconv.Itoa(i + 2)
		fmt.Fprintf(s, `<row r="%s">`, row)
		for i, c := range columns {
			s.value(letters(i)+row, c, t, words)
		}
		_, _ = s.WriteString("</row>")
	}
	_, _ = s.WriteString("</sheetData></worksheet>")
}

// value writes a value as a spreadsheet can compute with it: times are numbers.
func (s sheet) value(cell string, c column, t *app.Timer, words Words) {
	switch v := c.get(t).(type) {
	case app.Millis:
		if v%1000 == 0 {
			s.number(cell, styleDuration, float64(v)/float64(day))
		} else {
			s.number(cell, styleMillis, float64(v)/float64(day))
		}
	case app.ClockTime:
		if ms := sinceMidnight(v); ms >= 0 {
			s.number(cell, styleClock, float64(ms)/float64(day))
		}
	default:
		if v := c.word(t, words); v != "" {
			s.text(cell, styleText, v)
		}
	}
}

func (s sheet) number(cell string, style int, v float64) {
	fmt.Fprintf(s, `<c r="%s" s="%d"><v>%s</v></c>`, cell, style, strconv.FormatFloat(v, 'f', -1, 64))
}

func (s sheet) text(cell string, style int, v string) {
	fmt.Fprintf(s, `<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">`, cell, style)
	_ = xml.EscapeText(s, []byte(literal(v)))
	_, _ = s.WriteString("</t></is></c>")
}

// escape is what a spreadsheet reads as a character by its number, and what the
// library that reads takes for one.
var escape = regexp.MustCompile(`^_x[0-9A-Za-z]{4}_`)

// literal returns a text as a spreadsheet stores it, in which _x005F_ is an underscore
// that begins no escape.
func literal(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		if escape.MatchString(s[i:]) {
			b.WriteString("_x005F_")
		} else {
			b.WriteByte('_')
		}
		s = s[i+1:]
	}
	return b.String() + s
}
