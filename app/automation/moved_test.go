package automation_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
	"cuewire/app/automation"
)

func TestSourcesThatWereLeftBehind(t *testing.T) {
	base := &url.URL{Scheme: "http", Host: "192.168.1.5:3000"}
	sources := []app.OBSBrowserSource{
		{Input: "Moved", Page: "viewer/A", URL: "http://127.0.0.1:2999/r/A/viewer?background=transparent"},
		{Input: "Fine", Page: "overlay/obs", URL: "http://localhost:3000/overlay/obs"},
		{Input: "By hand", URL: "http://localhost:3000/overlay/obs"},
		{Input: "Foreign", URL: "https://example.com/"},
		{Input: "Broken", URL: "http://%zz/"},
	}
	want := []automation.Move{{
		Input: "Moved", Page: "viewer/A", Old: sources[0].URL,
		New: "http://192.168.1.5:3000/r/A/viewer?background=transparent",
	}}
	if diff := cmp.Diff(want, automation.Moved(sources, base, ours)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(sources[2:3], automation.Adoptable(sources, ours)); diff != "" {
		t.Error(diff)
	}
}
