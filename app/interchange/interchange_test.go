package interchange_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/interchange"
	"cuewire/assets"
)

var catalogue = func() *i18n.Catalogue {
	c, err := i18n.Load(assets.I18n())
	if err != nil {
		panic(err)
	}
	return c
}()

// made returns the timer that the engine would make of the fields.
func made(f app.TimerFields) app.Timer {
	t := app.Timer{
		Appearance: app.Countdown, Overtime: app.OvertimeContinue,
		WrapYellow: app.DefaultWrapYellow, WrapRed: app.DefaultWrapRed,
	}
	set(&t.Name, f.Name)
	set(&t.Speaker, f.Speaker)
	set(&t.Notes, f.Notes)
	set(&t.Duration, f.Duration)
	set(&t.Appearance, f.Appearance)
	set(&t.WrapYellow, f.WrapYellow)
	set(&t.WrapRed, f.WrapRed)
	set(&t.LabelColor, f.LabelColor)
	set(&t.Overtime, f.Overtime)
	set(&t.AutoAdvance, f.AutoAdvance)
	set(&t.StartAt, f.StartAt)
	set(&t.LinkedStart, f.LinkedStart)
	set(&t.FinishAt, f.FinishAt)
	set(&t.SceneStart, f.SceneStart)
	set(&t.SceneZero, f.SceneZero)
	set(&t.Skip, f.Skip)
	set(&t.TriggerScene, f.TriggerScene)
	set(&t.TriggerStream, f.TriggerStream)
	set(&t.MessageStart, f.MessageStart)
	set(&t.MessageZero, f.MessageZero)
	set(&t.SoundStart, f.SoundStart)
	set(&t.SoundZero, f.SoundZero)
	set(&t.WebhookStart, f.WebhookStart)
	set(&t.WebhookZero, f.WebhookZero)
	return t
}

func set[T any](field, v *T) {
	if v != nil {
		*field = *v
	}
}

func allMade(fields []app.TimerFields) (timers []app.Timer) {
	for _, f := range fields {
		timers = append(timers, made(f))
	}
	return timers
}

// Every format gives back what was written, in both languages.
func TestRoundTrip(t *testing.T) {
	// XLSX, being XML, has no control characters.
	letters := rapid.StringOf(rapid.OneOf(
		rapid.RuneFrom([]rune("=+-@'\",;: \t\r\n_x0041A\\#çã→🎬\u00a0")), rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.S),
	))
	line := rapid.Custom(func(t *rapid.T) string { return cut(letters.Draw(t, "text"), app.MaxNameLength) })
	clocks := rapid.Custom(func(t *rapid.T) app.ClockTime {
		if rapid.Bool().Draw(t, "none") {
			return ""
		}
		s := rapid.IntRange(0, 86_399).Draw(t, "clock")
		return app.ClockTime(fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60))
	})
	millis := rapid.OneOf(rapid.Int64Range(0, int64(app.MaxDuration)), rapid.Int64Range(0, 10_000),
		rapid.Map(rapid.Int64Range(0, 10_000), func(s int64) int64 { return s * 1000 }))
	sounds := rapid.SampledFrom([]app.Sound{"", app.Chime, app.Bell, app.Gong, app.Beeps})
	// Kinds that letters and line try already: a few are enough.
	texts := rapid.SampledFrom([]string{"", "Welcome!", "=1+1", "'@x", "two\nlines", "a;b,\"c\"", " ", "ção"})
	webhooks := rapid.SampledFrom([]string{"", "http://a/", "https://user:pass@host.local:8000/a,b;c'd?x=\"1\"&y=%20#z", "HTTP://[::1]/ç"})
	timer := rapid.Custom(func(t *rapid.T) *app.Timer {
		color := ""
		if rapid.Bool().Draw(t, "coloured") {
			color = fmt.Sprintf("#%06X", rapid.IntRange(0, 0xffffff).Draw(t, "colour"))
		}
		return &app.Timer{
			Name:        cut("A"+line.Draw(t, "name"), app.MaxNameLength),
			Speaker:     line.Draw(t, "speaker"),
			Notes:       letters.Draw(t, "notes"),
			Duration:    app.Millis(millis.Draw(t, "duration")),
			Appearance:  rapid.SampledFrom([]app.Appearance{app.Countdown, app.CountUp, app.TimeOfDay, app.Hidden}).Draw(t, "appearance"),
			WrapYellow:  app.Millis(millis.Draw(t, "yellow")),
			WrapRed:     app.Millis(millis.Draw(t, "red")),
			LabelColor:  color,
			Overtime:    rapid.SampledFrom([]app.Overtime{app.OvertimeContinue, app.OvertimeStop}).Draw(t, "overtime"),
			AutoAdvance: rapid.Bool().Draw(t, "auto"),
			StartAt:     clocks.Draw(t, "start"),
			LinkedStart: rapid.Bool().Draw(t, "linked"),
			FinishAt:    clocks.Draw(t, "finish"),
			SceneStart:  line.Draw(t, "scene"),
			SceneZero:   line.Draw(t, "zero"),
			Skip:        rapid.Bool().Draw(t, "skip"),

			TriggerScene:  texts.Draw(t, "trigger"),
			TriggerStream: rapid.Bool().Draw(t, "stream"),
			MessageStart:  texts.Draw(t, "message at start"),
			MessageZero:   texts.Draw(t, "message at zero"),
			SoundStart:    sounds.Draw(t, "sound at start"),
			SoundZero:     sounds.Draw(t, "sound at zero"),
			WebhookStart:  webhooks.Draw(t, "webhook at start"),
			WebhookZero:   webhooks.Draw(t, "webhook at zero"),
		}
	})
	for _, format := range []interchange.Format{interchange.CSV, interchange.XLSX, interchange.JSON} {
		for _, words := range []interchange.Words{nil, catalogue.In("en"), catalogue.In("pt-BR")} {
			lang := "none"
			if words != nil {
				lang = words.Lang()
			}
			t.Run(string(format)+" "+lang, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					timers := rapid.SliceOfN(timer, 1, 5).Draw(t, "timers")
					data, err := interchange.Write(format, &app.RoomState{Room: &app.Room{Name: "Main"}, Timers: timers}, words)
					if err != nil {
						t.Fatal(err)
					}
					if found, err := interchange.Detect("x", data); err != nil || found != format {
						t.Fatalf("detected %q, %v", found, err)
					}
					fields, err := interchange.Read(format, data)
					if err != nil {
						t.Fatalf("%v\n%.2000s", err, data)
					}
					var want []app.Timer
					for _, timer := range timers {
						want = append(want, *timer)
					}
					if diff := cmp.Diff(want, allMade(fields)); diff != "" {
						t.Fatal(diff)
					}
				})
			})
		}
	}
}

func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) > limit {
		return string([]rune(s)[:limit])
	}
	return s
}

// What a spreadsheet would compute is quoted in CSV.
func TestCSVComputesNothing(t *testing.T) {
	for _, name := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''=1"} {
		room := &app.RoomState{Room: &app.Room{}, Timers: []*app.Timer{{Name: name, Duration: 1000, Appearance: app.Countdown, Overtime: app.OvertimeStop}}}
		data, err := interchange.Write(interchange.CSV, room, nil)
		if err != nil {
			t.Fatal(err)
		}
		row := strings.SplitN(string(data), "\n", 2)[1]
		if !strings.HasPrefix(strings.TrimPrefix(row, `"`), "'"+name) {
			t.Errorf("%q is written as %.20q", name, row)
		}
		if fields, err := interchange.Read(interchange.CSV, data); err != nil || *fields[0].Name != name {
			t.Errorf("%q is read as %v, %v", name, fields, err)
		}
	}
}

// The files that people bring, as their programs write them.
func TestFilesOfOthers(t *testing.T) {
	talk := func(name string, minutes float64, change func(*app.Timer)) app.Timer {
		timer := made(app.TimerFields{Name: &name})
		timer.Duration = app.Millis(minutes * 60_000)
		if change != nil {
			change(&timer)
		}
		return timer
	}
	for _, test := range []struct {
		file   string
		format interchange.Format
		want   []app.Timer
	}{
		{"conference.csv", interchange.CSV, []app.Timer{
			talk("Doors, coffee", 30, func(t *app.Timer) { t.StartAt = "08:30:00"; t.Appearance = app.TimeOfDay }),
			talk("Opening \"words\"", 5, func(t *app.Timer) { t.Speaker = "Ana"; t.WrapYellow = 60_000; t.WrapRed = 15_000 }),
			talk("Keynote", 65, func(t *app.Timer) {
				t.Speaker, t.Notes, t.LabelColor, t.AutoAdvance = "Bo", "Slides on\ncamera 2", "#22c55e", true
			}),
			talk("Break", 1.5, func(t *app.Timer) { t.Skip = true }),
		}},
		{"evento-windows1252.csv", interchange.CSV, []app.Timer{
			talk("Abertura às nove", 10, func(t *app.Timer) { t.Speaker = "João"; t.StartAt = "09:00:00" }),
			talk("Palestra – café", 90, func(t *app.Timer) { t.Speaker = "Márcia"; t.Overtime = app.OvertimeStop }),
		}},
		{"ontime-v4.json", interchange.Ontime, []app.Timer{
			talk("Welcome", 10, func(t *app.Timer) {
				t.StartAt, t.Speaker, t.Notes, t.LabelColor = "10:00:00", "Ana", "Lights up", "#779BE7"
				t.WrapYellow, t.WrapRed, t.AutoAdvance = 300_000, 60_000, true
			}),
			talk("In a group", 20, func(t *app.Timer) { t.StartAt, t.LinkedStart, t.Appearance = "10:10:00", true, app.CountUp }),
			talk("7", 30, func(t *app.Timer) {
				t.StartAt, t.FinishAt, t.Skip, t.LabelColor = "23:50:00", "00:20:00", true, "#ffccaa"
			}),
		}},
		{"ontime-v3.json", interchange.Ontime, []app.Timer{
			talk("First", 5, func(t *app.Timer) { t.StartAt, t.Overtime = "09:00:00", app.OvertimeStop }),
			talk("Second", 5, func(t *app.Timer) { t.StartAt, t.FinishAt, t.LinkedStart = "09:05:00", "09:10:00", true }),
		}},
	} {
		t.Run(test.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", test.file))
			if err != nil {
				t.Fatal(err)
			}
			format, err := interchange.Detect(test.file, data)
			if err != nil || format != test.format {
				t.Fatalf("detected %q, %v", format, err)
			}
			fields, err := interchange.Read(format, data)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, allMade(fields)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// said checks that an error is whole: the catalogue says in English what its
// problems say, and something else in Portuguese.
func said(t *testing.T, err error) *interchange.ImportError {
	t.Helper()
	refused, ok := errors.AsType[*interchange.ImportError](err)
	if !ok {
		t.Fatalf("%v is no ImportError", err)
	}
	if app.CodeOf(err) != app.CodeInvalid {
		t.Errorf("code %s", app.CodeOf(err))
	}
	if whole, ok := errors.AsType[*app.Error](err); !ok || catalogue.In("en").T(whole.Key, whole.Args) == whole.Key {
		t.Errorf("%v has no words", whole)
	}
	for _, p := range refused.Problems {
		if got := catalogue.In("en").T(p.Key, p.Args); got != p.Message {
			t.Errorf("%s: the catalogue says %q, the message %q", p.Key, got, p.Message)
		}
		if got := catalogue.In("pt-BR").T(p.Key, p.Args); got == p.Key || got == p.Message || strings.Contains(got, "<no value>") {
			t.Errorf("%s: in Portuguese it is %q", p.Key, got)
		}
		if key, args := p.Place(); key != "" {
			if got := catalogue.In("en").T(key, args); got == key || strings.Contains(got, "<no value>") {
				t.Errorf("%s says %q", key, got)
			}
		}
	}
	return refused
}

func TestProblems(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, test := range []struct {
		format interchange.Format
		data   string
		want   string // the problems, one a line: row, column, key
	}{
		{interchange.CSV, "Name;Length\nA;5:00\n\nB;soon\nC;400000h\n;1:00\nD;\n", "4 B badDuration\n5 B durationRange\n6 A missing\n7 B missingTime"},
		{interchange.CSV, "Title,Fim\nA,25:00\nB,\n", "2 B badClock\n3  missingTime"},
		{interchange.CSV, "My event\n\nNome,Duração,Pular,Cor,Aparência,Tempo extra\nA,1,maybe,blue,square,never\n", "4 C badSwitch\n4 D badColor\n4 E badChoice\n4 F badChoice"},
		{interchange.CSV, "Name,Speaker,Duration,Presenter\n" + long + ",a\x00b,5,\n", "1 D twice\n2 A tooLong\n2 B notText"},
		{
			interchange.CSV, "Name,Duration,Sound at start,Som no zero,Webhook at start,Webhook no zero,Start on stream,Start on scene\n" +
				"A,5,trumpet,bell,ftp://x,//x/y,perhaps," + long + "\nB,5,gongo,none,http://x,,x,Stage\n",
			"2 C badChoice\n2 E badAddress\n2 F badAddress\n2 G badSwitch\n2 H tooLong",
		},
		{interchange.CSV, "Name,Speaker\nA,B\n", "0  noHeader"},
		{interchange.CSV, strings.Repeat("\n", 50) + "Name,Duration\nA,5\n", "0  noHeader"},
		{interchange.CSV, "Name,Duration\n,,,\n", "0  empty"},
		{interchange.CSV, "Name,Duration" + strings.Repeat(",", 300) + "\nA,5\n", "0  tooLarge"},
		{interchange.CSV, "Name,Duration\n" + strings.Repeat("A,5\n", interchange.MaxRows+1), "0  tooLarge"},
		{interchange.CSV, strings.Repeat("x", interchange.MaxSize+1), "0  tooLarge"},
		{interchange.XLSX, "PK\x03\x04 and no more", "0  damaged"},
		{
			interchange.JSON, `{"format":"cuewire-rundown","version":1,"timers":[{"name":5,"duration_ms":"5:00"},{"skip":1,"name":"A"},{"name":"A","duration_ms":1.5,"start_at":"noon"}]}`,
			"1 name badString\n1 duration_ms badMillis\n2 duration_ms missing\n2 skip badBool\n3 duration_ms badMillis\n3 start_at badClock",
		},
		{interchange.JSON, `{"format":"cuewire-rundown","version":2}`, "0  newer"},
		{interchange.JSON, `{"format":"other"}`, "0  unknown"},
		{interchange.JSON, `{"format":"cuewire-rundown","timers":5}`, "0  damaged"},
		{interchange.JSON, `{"format":"cuewire-rundown","timers":[` + strings.Repeat("{},", interchange.MaxRows) + `{}]}`, "0  tooLarge"},
		{
			interchange.Ontime, `{"rundown":[{"type":"block"},{"type":"event","title":5},{"type":"event","title":"` + long + `","duration":-5},{"type":"event"}]}`,
			"1 title badType\n2 title tooLong\n2 duration durationRange\n3 duration missing",
		},
		{interchange.Ontime, `{"rundown":[`, "0  damaged"},
		{interchange.HTML, `<html>`, "0  unknown"},
	} {
		fields, err := interchange.Read(test.format, []byte(test.data))
		if err == nil || fields != nil {
			t.Errorf("%.60q: %v, %v", test.data, fields, err)
			continue
		}
		var got []string
		for _, p := range said(t, err).Problems {
			got = append(got, fmt.Sprintf("%d %s %s", p.Row, p.Column, strings.TrimPrefix(p.Key, "interchange.")))
		}
		if got := strings.Join(got, "\n"); got != test.want {
			t.Errorf("%.60q: got\n%s\nwant\n%s", test.data, got, test.want)
		}
	}
}

func TestAllProblemsAreCountedAndFiftyTold(t *testing.T) {
	_, err := interchange.Read(interchange.CSV, []byte("Name,Duration\n"+strings.Repeat("A,soon\n", 60)))
	if refused := said(t, err); refused.Total != 60 || len(refused.Problems) != interchange.MaxProblems || refused.Problems[0].Header != "Duration" {
		t.Errorf("%d of %d told: %v", len(refused.Problems), refused.Total, refused.Problems[0])
	}
	if whole, _ := errors.AsType[*app.Error](err); whole.Key != "interchange.refused" || whole.Args["Count"] != 60 {
		t.Errorf("%+v", whole)
	}
}

func TestDetectRefuses(t *testing.T) {
	for data, key := range map[string]string{
		"": "empty", " \r\n": "empty", "\xd0\xcf\x11\xe0\xa1\xb1": "oldExcel", "%PDF-1.7": "unknown", "a\x00b": "unknown",
		`{"a":1}`: "unknown", `{"a"`: "damaged", "[1]": "unknown", "<html>": "unknown", strings.Repeat("a", interchange.MaxSize+1): "tooLarge",
	} {
		_, err := interchange.Detect("file", []byte(data))
		if err == nil {
			t.Errorf("%.20q is taken", data)
		} else if got := said(t, err).Problems[0].Key; got != "interchange."+key {
			t.Errorf("%.20q: %s, want %s", data, got, key)
		}
	}
}

func TestHTMLIsEscapedAndWhole(t *testing.T) {
	room := &app.RoomState{Room: &app.Room{Name: "<b>Main</b>"}, Timers: []*app.Timer{
		{Name: "<script>alert(1)</script>", Duration: 3_600_000, StartAt: "23:30:00", LabelColor: "#22c55e"},
		{Name: "Skipped", Duration: 60_000, Skip: true, LabelColor: "url(http://x)"},
		{Name: "Second", Speaker: "Ana", Duration: 90_000, Notes: "a & b"},
		{Name: "Third", Duration: 60_000, FinishAt: "01:00:00"},
	}}
	data, err := interchange.Write(interchange.HTML, room, catalogue.In("pt-BR"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, want := range []string{
		"&lt;b&gt;Main&lt;/b&gt;", "&lt;script&gt;", "background: #22c55e", "a &amp; b", `lang="pt-BR"`, "Palestrante",
		`<td class="time">00:30:00</td>`, `<td class="time">→ 01:00:00</td>`, `<td class="time">1:30:00</td>`, `class="skipped"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in the page", want)
		}
	}
	if found := regexp.MustCompile(`(?i)<script|<link|src=|url\(|http:|interchange\.`).FindString(page); found != "" {
		t.Errorf("%s in the page", found)
	}
}

func TestWriteRefusesOtherFormats(t *testing.T) {
	if _, err := interchange.Write(interchange.Ontime, &app.RoomState{Room: &app.Room{}}, nil); app.CodeOf(err) != app.CodeInvalid {
		t.Error(err)
	}
}

// An empty rundown is a file too, with headings.
func TestWriteNothing(t *testing.T) {
	for _, format := range []interchange.Format{interchange.CSV, interchange.XLSX, interchange.JSON, interchange.HTML} {
		data, err := interchange.Write(format, &app.RoomState{Room: &app.Room{Name: "Main"}}, nil)
		if err != nil || len(bytes.TrimSpace(data)) == 0 {
			t.Errorf("%s: %q, %v", format, data, err)
		}
	}
}
