package automation_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cuewire/app"
	"cuewire/app/automation"
)

const (
	timer = "http://127.0.0.1:3000/r/ABC234/viewer?background=transparent"
	scene = "http://localhost:3000/overlay/obs"
)

func ours(u *url.URL) bool { return u.Port() == "3000" }

func source(input, url string) app.OBSBrowserSource {
	return app.OBSBrowserSource{Input: input, URL: url, Showing: true}
}

func TestHealing(t *testing.T) {
	hidden := source("Hidden", timer)
	hidden.Showing = false
	for _, test := range []struct {
		name    string
		sources []app.OBSBrowserSource
		// pages says which pages are heard in a second.
		pages func(second int) []string
		want  string // second:input of each refresh in three minutes
	}{
		{"a page that is alive", []app.OBSBrowserSource{source("Timer", timer)}, always(timer), ""},
		{
			"alive under another of our names, its query in another order",
			[]app.OBSBrowserSource{source("Timer", "http://192.168.1.5:3000/r/X/viewer?a=1&b=2")},
			always("http://localhost:3000/r/X/viewer/?b=2&a=1"), "",
		},
		{"blank from the start", []app.OBSBrowserSource{source("Timer", timer)}, never, "5:Timer 15:Timer 35:Timer 75:Timer 135:Timer"},
		{"an own overlay, which need not say anything", []app.OBSBrowserSource{source("Goal", "http://127.0.0.1:3000/overlay/my/goal/")}, never, ""},
		{"foreign, blank", []app.OBSBrowserSource{source("Alerts", "https://example.com/alerts")}, never, ""},
		{"a file", []app.OBSBrowserSource{source("Local", "file:///C:/overlay.html")}, never, ""},
		{"not shown", []app.OBSBrowserSource{hidden}, never, ""},
		{"one of two", []app.OBSBrowserSource{source("Timer", timer), source("Scene", scene)}, always(timer), "5:Scene 15:Scene 35:Scene 75:Scene 135:Scene"},
		{"two of one address, one alive", []app.OBSBrowserSource{source("A", timer), source("B", timer)}, always(timer), "5:A 5:B 15:A 15:B 35:A 35:B 75:A 75:B 135:A 135:B"},
		{
			"alive after the first refresh, silent again later",
			[]app.OBSBrowserSource{source("Timer", timer)},
			func(second int) []string {
				if second >= 7 && second < 100 {
					return []string{timer}
				}
				return nil
			}, "5:Timer 104:Timer 114:Timer 134:Timer 174:Timer",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			healing := &automation.Healing{Ours: ours}
			heard := map[string]app.Instant{}
			var got []string
			for second := range 180 {
				now := app.Instant(1_000_000 + 1000*second)
				for _, page := range test.pages(second) {
					heard[page] = now
				}
				var pages []automation.Page
				for page, at := range heard {
					pages = append(pages, automation.Page{URL: page, Heard: at})
				}
				for _, r := range healing.Step(now, test.sources, pages) {
					got = append(got, fmt.Sprintf("%d:%s", second, r.Input))
				}
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

func always(pages ...string) func(int) []string { return func(int) []string { return pages } }

func never(int) []string { return nil }

func TestHealingStartsOverWithAnotherAddress(t *testing.T) {
	healing := &automation.Healing{Ours: ours}
	healing.Step(0, []app.OBSBrowserSource{source("Timer", timer)}, nil)
	if due := healing.Step(5000, []app.OBSBrowserSource{source("Timer", scene)}, nil); len(due) != 0 {
		t.Errorf("refreshed at once after its address changed: %v", due)
	}
	if due := healing.Step(10_000, []app.OBSBrowserSource{source("Timer", scene)}, nil); len(due) != 1 {
		t.Errorf("not refreshed 5 s after its address changed: %v", due)
	}
}

// Whatever happens: never a foreign page, never a hidden one, never twice within 5 s.
func TestHealingIsGentle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		healing := &automation.Healing{Ours: ours}
		last := map[string]app.Instant{}
		now := app.Instant(0)
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(app.Millis(rapid.IntRange(1, 4000).Draw(t, "pause")))
			var sources []app.OBSBrowserSource
			var pages []automation.Page
			for _, s := range []app.OBSBrowserSource{source("A", timer), source("B", scene), source("C", "https://example.com/")} {
				s.Showing = rapid.Bool().Draw(t, "showing")
				sources = append(sources, s)
				if rapid.Bool().Draw(t, "heard") {
					pages = append(pages, automation.Page{URL: s.URL, Heard: now})
				}
			}
			for _, r := range healing.Step(now, sources, pages) {
				for _, s := range sources {
					if s.Input == r.Input && (!s.Showing || s.Input == "C") {
						t.Fatalf("refreshed %+v", s)
					}
				}
				if before, ok := last[r.Input]; ok && now.Sub(before) < 5000 {
					t.Fatalf("%s refreshed twice in %d ms", r.Input, now.Sub(before))
				}
				last[r.Input] = now
			}
		}
	})
}
