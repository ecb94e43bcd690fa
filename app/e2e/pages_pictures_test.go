package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pictures has the test below take docs/images/pages anew:
//
//	go test ./app/e2e -run 'EveryScreen|Preflight' -pictures
var pictures = flag.Bool("pictures", false, "take the pictures of docs/images/pages anew")

// screens are what the pages are looked at on.
var screens = []struct {
	name          string
	width, height int64
}{{"desktop", 1920, 1080}, {"tablet", 1024, 768}, {"tablet-upright", 768, 1024}, {"phone", 390, 844}}

// TestEveryPageFitsEveryScreen opens every page amid a show on every kind of screen:
// nothing lies beyond the edges, and every text is there.
func TestEveryPageFitsEveryScreen(t *testing.T) {
	s := startShow(t)
	pages := []struct{ name, path string }{
		{"index", "/"},
		{"viewer", "/r/" + s.code + "/viewer?aux=first&hide=controls"},
		{"operator", "/r/" + s.code + "/operator"},
		{"agenda", "/r/" + s.code + "/agenda"},
		{"moderator", "/r/" + s.code + "/moderator"},
		{"controller", "/r/" + s.code + "/controller"},
		{"ask", "/r/" + s.code + "/ask"},
	}
	b := startBrowser(t, "en-US")
	for i, page := range pages {
		for k, screen := range screens {
			for l, lang := range []string{"en", "pt-BR"} {
				if !*pictures && (i+k)%2 != l {
					continue // each page in each language, and on each screen
				}
				t.Run(page.name+" "+screen.name+" "+lang, func(t *testing.T) {
					v := b.open(t, withLanguage(s.URL+page.path, lang), screen.width, screen.height, "")
					v.wait(`link.dataset.state === 'live' && document.documentElement.lang === ` + quote(lang))
					v.wait(`(e => e?.checkVisibility())(document.querySelector('#main, main'))`)
					fits(v, page.name != "index")
					take(v, page.name+"-"+screen.name+"."+lang)
				})
			}
		}
	}
}

// withLanguage returns a page's address with its language.
func withLanguage(url, lang string) string {
	if strings.HasSuffix(url, "?") {
		return url + "lang=" + lang
	}
	if strings.Contains(url, "?") {
		return url + "&lang=" + lang
	}
	return url + "?lang=" + lang
}

// fits reports what lies beyond the page's edges, and keys without a text.
func fits(v *tab, whole bool) {
	v.t.Helper()
	if left := eval[string](v, `document.body.innerText.match(/\b(pages|desk|composer)\.[\w.]+/)?.[0] ?? ''`); left != "" {
		v.t.Errorf("the key %s instead of a text", left)
	}
	v.wait(`document.documentElement.scrollWidth <= innerWidth`)
	if whole {
		v.wait(`document.documentElement.scrollHeight <= innerHeight`)
	}
	if hidden := eval[string](v, `[...document.querySelectorAll('button, input, select, textarea, h1, h2, #clock')].filter((e) => e.checkVisibility() &&
		!e.closest('.strip') && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map((e) => e.id || e.textContent).join()`); hidden != "" {
		v.t.Errorf("beyond the edge: %s", hidden)
	}
}

// take keeps a picture of the page for the documents, if that is asked for.
func take(v *tab, name string) {
	v.t.Helper()
	if !*pictures {
		return
	}
	v.exec(`Promise.all([document.fonts.ready, new Promise((done) => setTimeout(done, 400))])`) // what comes in has come in
	img, err := png.Decode(bytes.NewReader(run(v, chromedp.CaptureScreenshot())))
	if err != nil {
		v.t.Fatal(err)
	}
	var small bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&small, fewColors(img)); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("../../docs/images/pages", name+".png"), small.Bytes(), 0o644); err != nil {
		v.t.Fatal(err)
	}
}

// startShow is a stage in the midst of a show.
func startShow(t *testing.T) *stage {
	t.Helper()
	s := startStage(t)
	s.fill()
	return s
}

// fill makes the show.
func (s *stage) fill() {
	s.t.Helper()
	base := "/api/v1/rooms/" + s.code
	s.call("PUT", base, `{"name":"Main stage","questions_open":true}`)
	for range 4 {
		s.call("DELETE", base+"/timers/"+s.timerID(0), "")
	}
	for _, fields := range []string{
		`"name":"Welcome","speaker":"Helena Prado","duration_ms":300000,"label_color":"#5eead4"`,
		`"name":"Stage timers without the internet","speaker":"Rui Nakamura","duration_ms":1500000,"label_color":"#ffb454","notes":"Clicker is on the lectern.\nAsk him to repeat questions from the hall."`,
		`"name":"Questions from the hall","duration_ms":600000,"label_color":"#ffb454","sound_zero":"gong"`,
		`"name":"Coffee","duration_ms":1200000,"appearance":"TOD"`,
		`"name":"Panel: live and on time","speaker":"Ana Sousa, Kofi Mensah","duration_ms":2700000,"label_color":"#a78bfa"`,
		`"name":"Lightning talks","duration_ms":1800000,"auto_advance":true`,
		`"name":"Raffle","duration_ms":300000,"skip":true`,
		`"name":"Closing","speaker":"Helena Prado","duration_ms":600000`,
	} {
		s.call("POST", base+"/timers", "{"+fields+"}")
	}
	s.act("go_to", fmt.Sprintf(`,"timer_id":%q`, s.timerID(1)))
	s.act("play", "")
	s.act("set_time", `,"value":754600`)
	s.act("on_air", "")
	for _, fields := range []string{`"text":"Two minutes, please","color":"yellow"`, `"text":"Louder","color":"red","bold":true`, `"text":"Next: $NEXT_TITLE"`} {
		s.call("POST", base+"/messages", "{"+fields+"}")
	}
	for _, fields := range []string{`"name":"Doors","duration_ms":900000`, `"name":"Speaker’s own","duration_ms":480000,"direction":"COUNTUP"`} {
		aux := s.call("POST", base+"/aux", "{"+fields+"}")
		s.call("POST", fmt.Sprintf("%s/aux/%v/control", base, aux["id"]), `{"action":"play"}`)
	}
	for _, fields := range []string{
		`"text":"Does it keep counting when the server restarts?","name":"Marta"`,
		`"text":"How many screens can follow one room?"`,
		`"text":"Can the moderator change a question before it is shown?","name":"João, row 12"`,
	} {
		s.call("POST", base+"/questions", "{"+fields+"}")
	}
	s.call("PUT", "/api/v1/presets/chroma", `{"params":"background=00ff00&hide=controls,header","css":"#digits { color: #fff }"}`)
}
