package app_test

import (
	"strings"
	"testing"

	"cuewire/app"
)

func TestStylingOf(t *testing.T) {
	for _, test := range []struct {
		url     string
		way     app.SourceWay
		css, js bool
	}{
		{"/overlay/obs", app.WayCombined, true, true},
		{"/overlay/my/goal/", app.WayOwn, true, true},
		{"https://widgets.example/a", app.WayOwn, true, false},
		{"file:///home/me/a.html", app.WayOwn, true, false},
		{"https://widgets.example/a", app.WayCombined, false, false},
	} {
		got := app.StylingOf(&app.Source{URL: test.url, Way: test.way})
		whole := test.css && test.js
		if got.CSS != test.css || got.JS != test.js || (got.Key == "") != whole || (got.Reason == "") != whole {
			t.Errorf("%s, %s: %+v", test.url, test.way, got)
		}
	}
}

func TestScriptedURL(t *testing.T) {
	page := app.Source{ID: "s1", URL: "/overlay/timer?room=ABC234", JS: "a()"}
	first := page.ScriptedURL()
	page.JS = "b()"
	second := page.ScriptedURL()
	for _, got := range []string{first, second} {
		if !strings.HasPrefix(got, "/overlay/timer?room=ABC234&source=s1&v=") {
			t.Errorf("got %s", got)
		}
	}
	if first == second {
		t.Error("another script has the same address")
	}
	for _, plain := range []app.Source{{ID: "s1", URL: "/overlay/timer"}, {ID: "s1", URL: "https://widgets.example/a", JS: "a()"}} {
		if got := plain.ScriptedURL(); got != plain.URL {
			t.Errorf("%s became %s", plain.URL, got)
		}
	}
}
