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
