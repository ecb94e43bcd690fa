package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"cuewire/obsbridge/obstest"
)

// healingFigure is how long a blank overlay may stay blank: 5 s of silence, and a
// look at it each second. Tests allow five times that.
const healingFigure = 6 * time.Second

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

// calm waits until OBS has told its statistics, which it does once a second, count
// times in a row without a refresh in between. It returns how many refreshes came before.
func (s *socket) calm(count int) (refreshes int) {
	s.t.Helper()
	quiet := 0
	s.until(fmt.Sprintf("%d s without a refresh", count), func(f frame) bool {
		switch f["event"] {
		case "obs:browserSourceRefreshed":
			refreshes++
			quiet = 0
		case "obs:statsUpdate":
			quiet++
		}
		return quiet >= count
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
	if n := s.calm(9); n > 0 || obs.Refreshes() > 0 {
		t.Errorf("%d refreshes of a page that lives", n)
	}

	// The page dies, and its browser source is refreshed until it is back.
	run(page, chromedp.Navigate("about:blank"))
	died := time.Now()
	first := s.refreshed()
	t.Logf("page lost, its browser source refreshed after %v", time.Since(died).Round(time.Millisecond))
	if first["inputName"] != "Overlay" || first["attempt"] != 1.0 || first["silentMs"].(float64) < 5000 {
		t.Errorf("refreshed: %v", first)
	}
	second := s.refreshed()
	if second["inputName"] != "Overlay" || second["attempt"] != 2.0 {
		t.Errorf("refreshed again: %v", second)
	}
	run(page, chromedp.Navigate(p.URL+"/overlay/obs"))
	alive()
	refreshes := 2 + s.calm(9)
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
	refreshes = 1 + s.calm(9)
	if got := obs.Refreshes() - before; got != refreshes {
		t.Errorf("OBS was asked for %d refreshes, %d were told", got, refreshes)
	}
}
