package automation_test

import (
	"net/url"
	"slices"
	"testing"

	"cuewire/app"
	"cuewire/app/automation"
)

func TestCorrections(t *testing.T) {
	ours := func(u *url.URL) bool {
		return u.Scheme == "http" && (u.Host == "127.0.0.1:4000" || u.Host == "localhost:4000")
	}
	got := automation.Corrections([]app.OBSBrowserSource{
		{Input: "right", Page: "viewer", URL: "http://127.0.0.1:4000/r/ABC234/viewer"},
		{Input: "right by another name", Page: "viewer", URL: "http://localhost:4000/r/ABC234/viewer"},
		{Input: "old port", Page: "viewer", URL: "http://127.0.0.1:3000/r/ABC234/viewer?background=transparent&hide=controls"},
		{Input: "old address", Page: "obs", URL: "http://192.168.0.9:4000/overlay/obs"},
		{Input: "not made by us", URL: "http://127.0.0.1:3000/overlay/obs"},
		{Input: "foreign", URL: "https://example.org/widget"},
		{Input: "local file", Page: "obs", URL: "file:///home/me/overlay.html"},
		{Input: "no address", Page: "obs", URL: "::"},
	}, ours, "http://127.0.0.1:4000")
	want := []automation.Correction{
		{Input: "old port", Page: "viewer", From: "http://127.0.0.1:3000/r/ABC234/viewer?background=transparent&hide=controls", To: "http://127.0.0.1:4000/r/ABC234/viewer?background=transparent&hide=controls"},
		{Input: "old address", Page: "obs", From: "http://192.168.0.9:4000/overlay/obs", To: "http://127.0.0.1:4000/overlay/obs"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
