package interchange_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"cuewire/app"
	"cuewire/app/interchange"
)

// workbook makes a spreadsheet: cells by name, the number formats of some.
func workbook(t *testing.T, cells map[string]any, formats map[string]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, v := range cells {
		if formula, ok := strings.CutPrefix(fmt.Sprint(v), "="); ok {
			check(f.SetCellFormula("Sheet1", name, formula))
			continue
		}
		check(f.SetCellValue("Sheet1", name, v))
	}
	for name, format := range formats {
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		check(err)
		check(f.SetCellStyle("Sheet1", name, name, style))
	}
	_, err := f.NewSheet("Other")
	check(err)
	check(f.SetCellValue("Other", "A1", "not ours"))
	b, err := f.WriteToBuffer()
	check(err)
	return b.Bytes()
}

// A person's spreadsheet: times and durations by number format, texts of times,
// plain numbers, switches, a sheet beside it.
func TestXLSXOfPeople(t *testing.T) {
	const minute = 1.0 / 24 / 60
	data := workbook(t, map[string]any{
		"B1": "Roteiro", "B3": "Título", "C3": "DURAÇÃO", "D3": "inicio", "E3": "Pular", "F3": "Amarelo em",
		"B4": "Formatted", "C4": 65 * minute, "D4": 46347.8125, "E4": true, "F4": 90,
		"B5": "Over a day", "C5": 25 * 60 * minute, "D5": 8.5 / 24, "E5": false, "F5": minute / 4,
		"B7": 2024, "C7": "5:00", "D7": "20h15",
		"B8": "Currency", "C8": 2.5,
	}, map[string]string{
		"C4": "h:mm:ss", "D4": "dd/mm/yyyy hh:mm", "F4": "0.00", "C5": "[h]:mm", "D5": "h:mm AM/PM", "F5": "mm:ss", "C8": "0",
	})
	format, err := interchange.Detect("rundown.csv", data)
	if err != nil || format != interchange.XLSX {
		t.Fatal(format, err)
	}
	fields, err := interchange.Read(format, data)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Name                       string
		Duration, Start, Skip, Red any
	}
	var got []row
	for _, f := range fields {
		timer := made(f)
		got = append(got, row{timer.Name, timer.Duration, timer.StartAt, timer.Skip, timer.WrapYellow})
	}
	want := []row{
		{"Formatted", app.Millis(65 * 60_000), app.ClockTime("19:30:00"), true, app.Millis(90 * 60_000)},
		{"Over a day", app.Millis(25 * 3_600_000), app.ClockTime("08:30:00"), false, app.Millis(15_000)},
		{"2024", app.Millis(300_000), app.ClockTime("20:15:00"), false, app.DefaultWrapYellow},
		{"Currency", app.Millis(150_000), app.ClockTime(""), false, app.DefaultWrapYellow},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What is written is a workbook for others too: the library that reads stands for them.
func TestXLSXForPeople(t *testing.T) {
	texts := []string{" a & <b> \" ' ]]>\t\n", "=1+1", "_x0041__x005F_x0042_x0043_ _xGHIJ_ _x_ __x", "00:10", "\u00a0çã 🎬\rend", strings.Repeat("é", app.MaxNameLength)}
	room := &app.RoomState{Room: &app.Room{Name: "Main"}}
	for _, text := range texts {
		room.Timers = append(room.Timers, &app.Timer{
			Name: text, Duration: 25*3_600_000 + 5000, WrapYellow: 90_500, StartAt: "19:30:01",
			Appearance: app.Countdown, Overtime: app.OvertimeContinue,
		})
	}
	data, err := interchange.Write(interchange.XLSX, room, catalogue.In("pt-BR"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	want := map[string][3]string{ // what a cell shows, what is behind it to 15 digits, its format
		"A1": {"Nome", "Nome", ""}, "C1": {"Duração", "Duração", ""}, "A7": {texts[5], texts[5], "@"},
		"C2": {"25:00:05", "1.04172453703704", "[h]:mm:ss"}, "D2": {"19:30:01", "0.812511574074074", "hh:mm:ss"}, "E2": {},
	}
	for i, text := range texts {
		cell := fmt.Sprintf("A%d", i+2)
		want[cell] = [3]string{text, text, "@"}
	}
	for cell, want := range want {
		shown, err := f.GetCellValue("Sheet1", cell)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := f.GetCellValue("Sheet1", cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		id, err := f.GetCellStyle("Sheet1", cell)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		format := ""
		if style.CustomNumFmt != nil {
			format = *style.CustomNumFmt
		} else if style.NumFmt == 49 { // one that every program knows
			format = "@"
		}
		if got := [3]string{shown, raw, format}; got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
		if bold := style.Font != nil && style.Font.Bold; bold != strings.HasSuffix(cell, "1") {
			t.Errorf("%s: bold is %v", cell, bold)
		}
	}
	rows, err := f.GetRows("Sheet1")
	if err != nil || len(rows) != len(texts)+1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if panes, err := f.GetPanes("Sheet1"); err != nil || !panes.Freeze || panes.YSplit != 1 || panes.TopLeftCell != "A2" {
		t.Errorf("the headings do not stay: %+v, %v", panes, err)
	}
	if width, err := f.GetColWidth("Sheet1", "A"); err != nil || width != 18 {
		t.Errorf("width %v, %v", width, err)
	}
	if found := f.GetSheetList(); len(found) != 1 || found[0] != "Sheet1" {
		t.Errorf("sheets %q", found)
	}
	fields, err := interchange.Read(interchange.XLSX, data)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if timer := made(fields[i]); timer.Name != text || timer.WrapYellow != 90_500 {
			t.Errorf("%q with %d is read as %q with %d", text, 90_500, timer.Name, timer.WrapYellow)
		}
	}
}

// A formula counts for what the spreadsheet program stored of it, here nothing.
func TestXLSXFormulasAreNotComputed(t *testing.T) {
	_, err := interchange.Read(interchange.XLSX, workbook(t, map[string]any{
		"A1": "Name", "B1": "Duration", "A2": "A", "B2": "=2+3", "A4": "B", "B4": "later",
	}, nil))
	if got := said(t, err).Error(); !strings.HasPrefix(got, "row 2, column B (Duration): A duration is needed") || !strings.Contains(got, "\nrow 4, column B (Duration): “later”") {
		t.Error(got)
	}
}

// rezip returns the spreadsheet with one of its files changed.
func rezip(t testing.TB, data []byte, name string, change func(string) string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	found := false
	for _, file := range from.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if file.Name == name {
			found, content = true, []byte(change(string(content)))
		}
		w, err := to.Create(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil || !found {
		t.Fatal(err, found)
	}
	return b.Bytes()
}

const sheet1 = "xl/worksheets/sheet1.xml"

func TestXLSXThatIsMadeToHurt(t *testing.T) {
	good := workbook(t, map[string]any{"A1": "Name", "B1": "Duration", "A2": "A", "B2": 5, "A3": "B", "B3": 5}, nil)
	if fields, err := interchange.Read(interchange.XLSX, good); err != nil || len(fields) != 2 {
		t.Fatal(fields, err)
	}
	row := func(cells string) func(string) string {
		return func(s string) string { return strings.Replace(s, "</sheetData>", cells+"</sheetData>", 1) }
	}
	for _, test := range []struct {
		what   string
		change func(string) string
		key    string
	}{
		{"a bomb", row(strings.Repeat(" ", 40<<20)), "tooLarge"},
		{"a wide row", row(`<row r="4"><c r="XFD4"><v>1</v></c></row>`), "tooLarge"},
		{"too many rows", row(manyRows()), "tooLarge"},
		{"cut off", func(s string) string { return s[:strings.Index(s, `<row r="3"`)+5] }, "damaged"},
		{"broken inside", func(s string) string { return strings.Replace(s, `<row r="3"`, `<row r=3`, 1) }, "damaged"},
		{"a row past the end", row(`<row r="99999999"><c r="A9"><v>1</v></c></row>`), "damaged"},
	} {
		t.Run(test.what, func(t *testing.T) {
			data := rezip(t, good, sheet1, test.change)
			fields, err := interchange.Read(interchange.XLSX, data)
			if err == nil {
				t.Fatalf("%d timers are read", len(fields))
			}
			if got := said(t, err).Problems[0].Key; got != "interchange."+test.key {
				t.Errorf("%s: %v", got, err)
			}
		})
	}
}

func manyRows() string {
	var b strings.Builder
	for i := range interchange.MaxRows {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d" t="str"><v>A</v></c><c r="B%d"><v>5</v></c></row>`, i+4, i+4, i+4)
	}
	return b.String()
}

// A full rundown is written and read in bounded memory, and nothing is left on disk.
func TestFullRundown(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	room := &app.RoomState{Room: &app.Room{Name: "Main"}}
	for i := range app.MaxTimers {
		room.Timers = append(room.Timers, &app.Timer{
			Name: fmt.Sprintf("Timer %d", i), Speaker: "Ana", Notes: "Lights", Duration: app.Millis(i) * 1000,
			Appearance: app.Countdown, Overtime: app.OvertimeContinue, StartAt: "19:30:00",
		})
	}
	for _, format := range []interchange.Format{interchange.CSV, interchange.JSON, interchange.XLSX} {
		if format == interchange.XLSX { // a fifth will do: the library takes seconds for all, minutes with -race
			room.Timers = room.Timers[:app.MaxTimers/5]
		}
		count := len(room.Timers)
		data, err := interchange.Write(format, room, nil)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		fields, err := interchange.Read(format, data)
		if err != nil || len(fields) != count || *fields[count-1].Duration != app.Millis(count-1)*1000 {
			t.Fatal(format, len(fields), err)
		}
		runtime.ReadMemStats(&after)
		allocated := (after.TotalAlloc - before.TotalAlloc) >> 20
		t.Logf("%s: %d KiB, reading allocates %d MiB in all", format, len(data)>>10, allocated)
		if allocated > 2048 { // much of it by -race, which empties pools
			t.Errorf("%s: reading %d KiB allocates %d MiB", format, len(data)>>10, allocated)
		}
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("left on disk: %v, %v", left, err)
	}
}
