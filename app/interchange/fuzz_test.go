package interchange_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"cuewire/app"
	"cuewire/app/interchange"
)

// seed adds what the tests read.
func seed(f *testing.F, pattern string, more ...string) {
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, data := range more {
		f.Add([]byte(data))
	}
}

// sound checks what holds for every file: timers that the engine takes, or problems.
func sound(t *testing.T, format interchange.Format, data []byte) {
	fields, err := interchange.Read(format, data)
	if err != nil {
		refused, ok := errors.AsType[*interchange.ImportError](err)
		if !ok || fields != nil || len(refused.Problems) == 0 || len(refused.Problems) > interchange.MaxProblems || refused.Total < len(refused.Problems) {
			t.Fatalf("%v, %v", fields, err)
		}
		for _, p := range refused.Problems {
			if p.Message == "" || p.Key == "" || !utf8.ValidString(p.String()) {
				t.Fatalf("%+v", p)
			}
		}
		return
	}
	if len(fields) == 0 || len(fields) > interchange.MaxRows {
		t.Fatalf("%d timers", len(fields))
	}
	for _, f := range fields {
		timer := made(f)
		_, start := app.ParseClockTime(string(timer.StartAt))
		_, finish := app.ParseClockTime(string(timer.FinishAt))
		if f.Name == nil || f.Duration == nil || f.Position != nil || !start || !finish || timer.Duration < 0 || timer.Duration > app.MaxDuration ||
			timer.Name == "" || !utf8.ValidString(timer.Name+timer.Notes+timer.Speaker) || utf8.RuneCountInString(timer.Name) > app.MaxNameLength {
			t.Fatalf("%+v", timer)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	seed(f, "*.csv", "sep=;\nName;Duration\nA;5\n", "\xff\xfeN\x00a\x00m\x00e\x00", "Name\tDuration\n\"A\"\"\t'=1h30", "Name,Fim\r\"\n\",24:00")
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, interchange.CSV, data) })
}

func FuzzReadJSON(f *testing.F) {
	seed(f, "none", `{"format":"cuewire-rundown","version":1,"timers":[{"name":"A","duration_ms":5000,"skip":null,"start_at":"9:30"}]}`, `{"timers":null}`)
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, interchange.JSON, data) })
}

func FuzzReadOntime(f *testing.F) {
	seed(f, "ontime-*.json", `{"order":["a"],"entries":{"a":{"type":"event","timeStart":1,"timeEnd":-1}}}`, `{"rundown":[null,5]}`)
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, interchange.Ontime, data) })
}

// What is fuzzed is the sheet inside the zip: the checksums keep all else away from it.
func FuzzReadXLSX(f *testing.F) {
	name := "Timer"
	timer := made(app.TimerFields{Name: &name})
	data, err := interchange.Write(interchange.XLSX, &app.RoomState{Room: &app.Room{}, Timers: []*app.Timer{&timer}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="B1" t="inlineStr"><is><t>Name</t></is></c><c r="D1" t="str"><v>Duration</v></c></row>` +
		`<row r="3"><c r="B3" s="1"><v>0.5</v></c><c r="D3" s="1"><f>1+1</f><v>0.25</v></c></row></sheetData></worksheet>`))
	rezip(f, data, sheet1, func(sheet string) string {
		f.Add([]byte(sheet))
		return sheet
	})
	f.Fuzz(func(t *testing.T, sheet []byte) {
		sound(t, interchange.XLSX, rezip(t, data, sheet1, func(string) string { return string(sheet) }))
	})
}
