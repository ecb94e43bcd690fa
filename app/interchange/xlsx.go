package interchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"cuewire/app"
)

// unzippedLimit bounds what a spreadsheet may unpack to, in bytes. Everything up to
// it stays in memory.
const unzippedLimit = 32 << 20

func readXLSX(data []byte, p *problems) (timers []app.TimerFields, err error) {
	defer func() { // the library was not made for files that were made to break it
		if broken := recover(); broken != nil {
			timers, err = nil, damaged(fmt.Errorf("read XLSX: %v", broken))
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: unzippedLimit, UnzipXMLSizeLimit: unzippedLimit,
	})
	switch {
	case err != nil && strings.Contains(err.Error(), "unzip size exceeds"):
		return nil, tooLarge(err)
	case errors.Is(err, excelize.ErrWorkbookPassword):
		return nil, oldExcel(err)
	case err != nil:
		return nil, damaged(err)
	}
	defer func() { _ = f.Close() }()
	if err := wellFormed(f); err != nil {
		return nil, damaged(err)
	}
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil, damaged(errors.New("no sheet"))
	}
	shown, err := f.Rows(sheets[0])
	if err != nil {
		return nil, damaged(err)
	}
	defer func() { _ = shown.Close() }()
	raw, err := f.Rows(sheets[0])
	if err != nil {
		return nil, damaged(err)
	}
	defer func() { _ = raw.Close() }()
	t := table{problems: p}
	for shown.Next() && raw.Next() {
		if t.rows == excelize.TotalRows { // a row that says so of itself: all before it would be counted through
			return nil, damaged(excelize.ErrMaxRows)
		}
		texts, err := shown.Columns()
		if err != nil {
			return nil, damaged(err)
		}
		values, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, damaged(err)
		}
		if err := t.add(cells(texts, values)); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(shown.Error(), raw.Error()); err != nil {
		return nil, damaged(err)
	}
	return t.end()
}

// wellFormed checks the sheets' XML: the library's reader takes a fault in it for the
// end of the sheet, and would leave out the rest without a word.
func wellFormed(f *excelize.File) (err error) {
	f.Pkg.Range(func(name, content any) bool {
		sheet, _ := content.([]byte)
		if !strings.HasPrefix(name.(string), "xl/worksheets/") || !strings.HasSuffix(name.(string), ".xml") {
			return true
		}
		d := xml.NewDecoder(bytes.NewReader(sheet))
		d.CharsetReader = f.CharsetReader
		for err == nil {
			_, err = d.Token()
		}
		if err == io.EOF {
			err = nil
		}
		return err == nil
	})
	return err
}

// cells joins what a row shows and what is behind it: a number that shows a colon
// is formatted as a time, and stands for days. A formula has the result that the
// spreadsheet program stored; none is computed.
func cells(texts, values []string) []cell {
	row := make([]cell, len(texts))
	for i, shown := range texts {
		row[i].text = shown
		if i >= len(values) || values[i] == shown {
			continue
		}
		if days, err := strconv.ParseFloat(values[i], 64); err == nil {
			row[i].number, row[i].days, row[i].isTime = values[i], days, strings.Contains(shown, ":")
		}
	}
	return row
}

func writeXLSX(room *app.RoomState, words Words) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	data, err := fillXLSX(f, room, words)
	if err != nil {
		return nil, fmt.Errorf("write XLSX: %w", err)
	}
	return data, nil
}

func fillXLSX(f *excelize.File, room *app.RoomState, words Words) ([]byte, error) {
	styles := map[string]int{}
	for _, format := range []string{"[h]:mm:ss", "[h]:mm:ss.000", "hh:mm:ss", "@"} {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return nil, err
		}
		styles[format] = style
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	w, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return nil, err
	}
	if err := w.SetColWidth(1, len(columns), 18); err != nil {
		return nil, err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	row := make([]any, len(columns))
	for i, c := range columns {
		row[i] = excelize.Cell{StyleID: bold, Value: words.T(c.key(), nil)}
	}
	if err := w.SetRow("A1", row); err != nil {
		return nil, err
	}
	for n, t := range room.Timers {
		for i, c := range columns {
			row[i] = excelCell(c, t, words, styles)
		}
		if err := w.SetRow("A"+strconv.Itoa(n+2), row); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// excelCell returns a value as a spreadsheet can compute with it: times are numbers.
func excelCell(c column, t *app.Timer, words Words, styles map[string]int) any {
	switch v := c.get(t).(type) {
	case app.Millis:
		format := "[h]:mm:ss"
		if v%1000 != 0 {
			format += ".000"
		}
		return excelize.Cell{StyleID: styles[format], Value: float64(v) / float64(day)}
	case app.ClockTime:
		if ms := sinceMidnight(v); ms >= 0 {
			return excelize.Cell{StyleID: styles["hh:mm:ss"], Value: float64(ms) / float64(day)}
		}
		return nil
	}
	if v := c.word(t, words); v != "" {
		return excelize.Cell{StyleID: styles["@"], Value: v}
	}
	return nil
}
