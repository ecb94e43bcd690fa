package e2e

import (
	"fmt"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"cuewire/obsbridge/obstest"
)

// TestSheetsFitEveryScreen opens what the pages open over themselves, and the
// overlays, amid a show: nothing lies beyond the edges, and every text is there.
func TestSheetsFitEveryScreen(t *testing.T) {
	s := startShow(t)
	b := startBrowser(t, "en-US")
	message := s.call("POST", "/api/v1/rooms/"+s.code+"/messages", `{"text":"Questions after the break, please","color":"yellow"}`)
	s.act("show_message", fmt.Sprintf(`,"timer_id":%q`, message["id"]))
	for _, overlay := range []string{"timer", "message", "lower-third"} {
		for _, lang := range []string{"en", "pt-BR"} {
			v := b.open(t, s.URL+"/overlay/"+overlay+"?for=0&background=3a4a5a&lang="+lang, 1920, 1080, "")
			v.wait(`panel.checkVisibility() && getComputedStyle(panel).opacity === '1'`)
			fits(v, true)
			take(v, "overlay-"+overlay+"."+lang)
		}
	}

	s.act("hide_message", "")
	controller, index := s.page("controller"), s.URL+"/"
	open := func(v *tab, selector string) {
		v.press(selector)
		v.wait(`document.querySelector('dialog[open]')`)
	}
	sheets := []struct {
		name, url string
		show      func(v *tab)
	}{
		{"cue-sheet", controller, func(v *tab) { open(v, `.cue[data-index="1"] + .more`) }},
		{"room-sheet", controller, func(v *tab) { open(v, "#room-settings") }},
		{"extra-timers", controller, func(v *tab) {
			v.press("#tab-aux")
			v.press("button.aux-name")
			v.exec(`document.querySelector('#aux').scrollIntoView({ block: 'center' })`)
		}},
		{"ask-address", s.page("moderator"), func(v *tab) {
			v.press("#tab-questions")
			open(v, "#ask-address")
			v.wait(`qr.complete && qr.naturalWidth > 0`)
		}},
		{"look-sheet", index, func(v *tab) {
			open(v, "#looks button")
			v.wait(`document.querySelector('#look-preview').contentDocument?.querySelector('#digits')?.checkVisibility()`)
		}},
		{"home-screen", s.viewer(""), func(v *tab) { v.press("#home") }},
	}
	for i, sheet := range sheets {
		for k, screen := range screens {
			for l, lang := range []string{"en", "pt-BR"} {
				if *pictures && k%2 == 0 || !*pictures && (k != i%len(screens) || k/2 != l) {
					continue // pictures of the tablet's and the phone's; else each once
				}
				t.Run(sheet.name+" "+screen.name+" "+lang, func(t *testing.T) {
					v := b.open(t, withLanguage(sheet.url, lang), screen.width, screen.height, "")
					v.wait(`link.dataset.state === 'live' && document.documentElement.lang === ` + quote(lang))
					sheet.show(v)
					fits(v, sheet.url != index)
					v.wait(`[...document.querySelectorAll('dialog[open]')].every((e) => e.scrollWidth <= e.clientWidth && e.getBoundingClientRect().bottom <= innerHeight)`)
					take(v, sheet.name+"-"+screen.name+"."+lang)
				})
			}
		}
	}
}

// TestPreflightIsSeen has a cue name a scene that a real OBS lacks.
func TestPreflightIsSeen(t *testing.T) {
	obs := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Stage", "Break"}})
	p := start(t, t.TempDir(), "--obs", obs.URL())
	s := &stage{program: p, code: p.room()}
	p.subscribe(`"obs:connectionChanged"`).event("obs:connectionChanged", connected(true))
	s.setTimer(1, `{"obs_scene_start":"Titles"}`)
	b := startBrowser(t, "en-US")
	for _, lang := range []string{"en", "pt-BR"} {
		v := b.open(t, withLanguage(s.page("controller"), lang), 1024, 768, "")
		v.wait(`preflight.checkVisibility() && /“Titles”/.test(preflight.textContent)`)
		fits(v, true)
		take(v, "preflight-tablet."+lang)
		v.press("#preflight")
		v.wait(`document.querySelector('#cue-editor').open && document.querySelector('[name=obs_scene_start]').value === 'Titles'`)
	}
	s.setTimer(1, `{"obs_scene_start":"Break"}`)
	v := b.open(t, s.page("controller"), 1024, 768, "")
	v.wait(`link.dataset.state === 'live' && !preflight.checkVisibility()`)
}

// TestScreenStaysAwakeOverPlainHTTP comes by a name as from the network, where a
// browser has no wake lock to give: a muted video is played in its place.
func TestScreenStaysAwakeOverPlainHTTP(t *testing.T) {
	s := startStage(t)
	cuewire, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	// Cuewire answers to no name while it is not shared: what stands between calls it by its address.
	between := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(cuewire)
		r.Out.Header.Del("Origin")
	}})
	defer between.Close()
	const name = "stage.example"
	b := startBrowser(t, "en-US", chromedp.Flag("host-resolver-rules", "MAP "+name+" 127.0.0.1"))
	at := strings.Replace(between.URL, "127.0.0.1", name, 1) + "/r/" + s.code + "/"
	for _, page := range []string{"viewer", "operator", "controller"} {
		v := b.open(t, at+page, 1024, 768, "")
		v.tolerate("Origin-Agent-Cluster") // Chromium keeps to it over HTTPS and on this computer
		v.shows("#awake", "Screen stays on")
		v.wait(`!isSecureContext && !('wakeLock' in navigator)`)
		v.wait(`(e => e.muted && e.loop && !e.paused && e.currentTime > 0.2)(document.querySelector('.awake-video'))`)
		if page == "viewer" {
			v.press("#home")
			v.wait(`document.querySelector('#home-hint').checkVisibility() && /shortcut/.test(document.querySelector('#home-hint').textContent)`)
		}
		v.exec(`document.querySelector('.awake-video').pause()`)
		v.wait(`!awake.checkVisibility()`) // never says so while it is not so
		v.click("body")
		v.shows("#awake", "Screen stays on")
	}
}
