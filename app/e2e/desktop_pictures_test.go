package e2e

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"cuewire/obsbridge/obstest"
)

// windowPages are the pages of the window in the order of its rail.
var windowPages = []string{"live", "rundown", "sources", "obs", "performance", "devices", "apps", "settings"}

// TestEveryPageOfTheWindowIsDrawn shows every page of the real window, in the middle of a
// show with a real OBS and without anything: each has something on it, and something
// else than the one before. With -pictures it takes docs/images/window anew: every
// page, empty and full, in both themes and languages, on two sizes of screen.
func TestEveryPageOfTheWindowIsDrawn(t *testing.T) {
	type look struct {
		full          bool
		theme, lang   string
		width, height int
	}
	looks := []look{{true, "light", "pt-BR", 1280, 800}, {false, "dark", "en", 1280, 800}}
	if *pictures {
		looks = nil
		for _, full := range []bool{true, false} {
			for _, theme := range []string{"dark", "light"} {
				for _, lang := range []string{"en", "pt-BR"} {
					for _, size := range [][2]int{{1280, 800}, {1920, 1080}} {
						looks = append(looks, look{full, theme, lang, size[0], size[1]})
					}
				}
			}
		}
	}
	for _, l := range looks {
		what := "empty"
		if l.full {
			what = "full"
		}
		t.Run(fmt.Sprintf("%s %s %s %d", what, l.theme, l.lang, l.width), func(t *testing.T) {
			s := startScreenOf(t, l.width, l.height)
			dir := t.TempDir()
			args := []string{"--listen", "127.0.0.1:0"}
			if l.full {
				args = append(args, "--obs", obstest.StartOBS(t, obstest.Options{Scenes: []string{"Camera", "Slides", "Interview", "Break"}}).URL())
			}
			cmd := s.desktop(dir, args...)
			if l.full {
				cmd.Args = slices.DeleteFunc(cmd.Args, func(arg string) bool { return arg == "--no-obs" })
			}
			preferences(t, cmd.Env, fmt.Sprintf(`{"theme":%q,"width":%d,"height":%d}`, l.theme, l.width, l.height))
			p := launch(t, cmd, dir)
			show := &stage{p, p.room(), p.dial("/ws/" + p.room() + "?output=controller")}
			show.call("PUT", "/api/settings", fmt.Sprintf(`{"language":%q}`, l.lang))
			if l.full {
				show.fill()
				fillWindow(t, show)
			} else {
				for range 4 {
					show.call("DELETE", "/api/v1/rooms/"+show.code+"/timers/"+show.timerID(0), "")
				}
				show.control.conn.Close() // nobody is there
			}
			window := s.window()
			if _, err := s.xdotool("windowsize", "--sync", window, strconv.Itoa(l.width), strconv.Itoa(l.height)); err != nil {
				t.Fatal(err)
			}
			last := 0
			for i, page := range windowPages {
				s.key(window, "ctrl+"+strconv.Itoa(i+1))
				eventually(t, page, func() bool { return s.chosenPage(window) == i+1 })
				now := 0
				eventually(t, page+" is drawn", func() bool {
					before := now
					now = s.sum()
					return now != last && now == before // it has come, and stands still
				})
				last = now
				if *pictures {
					time.Sleep(2 * time.Second) // what a page asks for when it comes into sight
					s.picture(filepath.Join("..", "..", "docs", "images", "window"), fmt.Sprintf("%s-%s-%s-%d.%s.png", page, what, l.theme, l.width, l.lang))
				}
			}
		})
	}
}

// fillWindow adds to a show what the window's pages have beside it.
func fillWindow(t *testing.T, s *stage) {
	t.Helper()
	eventually(t, "OBS's scenes are known", func() bool {
		answer, err := http.Get(s.URL + "/api/scenes/Camera/sources")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	for _, source := range [][2]string{ // and where it is on OBS's canvas of 640×360
		{`"name":"Chat","url":"https://example.com/chat","width":400,"height":900,"tags":["talk"]`, `"x":486,"y":20,"scaleX":0.35,"scaleY":0.35`},
		{`"name":"Alerts","url":"https://example.com/alerts","width":800,"height":300`, `"x":24,"y":24,"scaleX":0.4,"scaleY":0.4`},
		{`"name":"Lower third","url":"/overlay/lower-third","width":1920,"height":1080`, `"x":0,"y":0,"scaleX":0.333,"scaleY":0.333`},
	} {
		made := s.call("POST", "/api/sources", "{"+source[0]+"}")
		s.call("POST", fmt.Sprintf("/api/sources/%v/activate", made["id"]), "")
		s.call("POST", fmt.Sprintf("/api/scenes/Camera/sources/%v", made["id"]), `{"config":{`+source[1]+`}}`)
	}
	s.call("POST", "/api/v1/apps", `{"name":"Stream alerts"}`)
	for _, token := range []string{`"name":"Tablet at the side","role":"controller"`, `"name":"Foyer screen","role":"viewer"`} {
		s.call("POST", "/api/tokens", `{"sub":"device","ttl":86400,`+token+`}`)
	}
	for _, page := range []string{"/r/" + s.code + "/viewer", "/overlay/timer"} {
		c := s.dial("/ws/" + s.code + "?output=viewer&name=Stage")
		c.send(`{"type":"hello","url":"` + s.URL + page + `","offsetMs":-318.4,"offsetErrorMs":1.3,"rttMs":2.6,"visible":true,"fps":60}`)
	}
}

// sum is a number that is another one for most other pictures: the colours of the screen.
func (s *screen) sum() int {
	total := 0
	s.look(func(x, y int, r, g, b byte) {
		if y < s.height*8/10 && x > 90 { // clocks and figures at the foot go on
			total += (int(r) + 3*int(g) + 7*int(b)) * (x%97 + y%89 + 1) >> 6
		}
	})
	return total
}

// picture writes what is on the screen.
func (s *screen) picture(dir, name string) {
	s.t.Helper()
	exact := image.NewNRGBA(image.Rect(0, 0, s.width, s.height))
	s.look(func(x, y int, r, g, b byte) { exact.SetNRGBA(x, y, color.NRGBA{r, g, b, 0xff}) })
	if err := os.MkdirAll(dir, 0o755); err != nil {
		s.t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		s.t.Fatal(err)
	}
	defer file.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(file, exact); err != nil {
		s.t.Fatal(err)
	}
}
