package e2e

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cuewire/obsbridge/obstest"
)

// healingFigure is how long a blank overlay may stay blank: 5 s of silence, and a
// look at it each second. Tests allow five times that.
const healingFigure = 6 * time.Second

// longCalm is longer than it takes Cuewire to refresh what it takes for blank: a
// source that is new, seen within 5 s, and one that was refreshed 10 s ago.
const longCalm = 12 * time.Second

// inOBS makes a page believe that it is a browser source.
const inOBS = `window.obsstudio = {};`

// refreshed waits until Cuewire has refreshed a browser source and returns what it
// tells of it.
func (s *socket) refreshed() frame {
	s.t.Helper()
	f, err := s.find(5*healingFigure, func(f frame) bool { return f["event"] == "obs:browserSourceRefreshed" })
	if err != nil {
		s.t.Fatalf("waiting for a refresh: %v", err)
	}
	return f["data"].(map[string]any)
}

// calm fails the test if anything is refreshed in the next longCalm, but for what
// was under way. It returns how many refreshes there were, counting from the last
// frame that was read.
func (s *socket) calm() (refreshes int) {
	s.t.Helper()
	began := time.Now()
	s.until("OBS's statistics", func(f frame) bool {
		at, err := time.Parse(time.RFC3339Nano, f["timestamp"].(string))
		if err != nil {
			s.t.Fatal(err)
		}
		if f["event"] == "obs:browserSourceRefreshed" {
			refreshes++
			if since := at.Sub(began); since > time.Second {
				s.t.Errorf("refreshed after %v: %v", since.Round(time.Millisecond), f["data"])
			}
		}
		return f["event"] == "obs:statsUpdate" && at.Sub(began) > longCalm // they come once a second
	})
	return refreshes
}

// TestBlankOverlayIsHealed has a real OBS with a stand-in for its browser source;
// the page runs in Chromium, which opens and loses it as OBS's browser would.
func TestBlankOverlayIsHealed(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main Scene", "BRB Scene"}})
	dir := t.TempDir()
	p := start(t, dir, "--obs", obs.URL())
	s := p.subscribe(`"obs:*"`)
	s.event("obs:connectionChanged", connected(true))

	page := startBrowser(t, "en").open(t, p.URL+"/overlay/obs", 640, 360, inOBS)
	alive := func() { page.wait(`document.body.innerText.includes("Main Scene")`) }
	alive()
	p.expect(201, "POST", "/api/obs/browser-sources", `{"sceneName":"Main Scene","url":"/overlay/obs","name":"Overlay"}`)
	p.expect(201, "POST", "/api/obs/browser-sources", `{"sceneName":"Main Scene","url":"http://127.0.0.1:9/overlay/obs","name":"Foreign"}`)
	p.expect(201, "POST", "/api/obs/browser-sources", `{"sceneName":"BRB Scene","url":"/r/`+p.room()+`/viewer","name":"Not shown"}`)
	if n := s.calm(); n > 0 || obs.Refreshes() > 0 {
		t.Errorf("OBS was asked for %d refreshes, %d were told", obs.Refreshes(), n)
	}

	// The page dies, its browser source is refreshed, and it is back.
	run(page, chromedp.Navigate("about:blank"))
	died := time.Now()
	first := s.refreshed()
	t.Logf("page lost, its browser source refreshed after %v", time.Since(died).Round(time.Millisecond))
	if first["inputName"] != "Overlay" || first["attempt"] != 1.0 || first["silentMs"].(float64) < 5000 {
		t.Errorf("refreshed: %v", first)
	}
	run(page, chromedp.Navigate(p.URL+"/overlay/obs"))
	alive()
	refreshes := 1 + s.calm()
	if got := obs.Refreshes(); got != refreshes {
		t.Errorf("OBS was asked for %d refreshes, %d were told", got, refreshes)
	}

	// Cuewire is started after OBS, whose page has long been blank.
	run(page, chromedp.Navigate("about:blank"))
	p.stop()
	before := obs.Refreshes()
	p = startAt(t, dir, p.URL[len("http://"):], "--obs", obs.URL())
	started := time.Now()
	s = p.subscribe(`"obs:*"`)
	if data := s.refreshed(); data["inputName"] != "Overlay" || data["attempt"] != 1.0 {
		t.Errorf("refreshed: %v", data)
	}
	t.Logf("Cuewire started, the blank browser source refreshed after %v", time.Since(started).Round(time.Millisecond))
	run(page, chromedp.Navigate(p.URL+"/overlay/obs"))
	alive()
	refreshes = 1 + s.calm()
	if got := obs.Refreshes() - before; got != refreshes {
		t.Errorf("OBS was asked for %d refreshes, %d were told", got, refreshes)
	}
}
