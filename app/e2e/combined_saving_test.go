package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/gorilla/websocket"

	"cuewire/app"
)

// The widgets in testdata/widgets, as a streamer has them.
var widgetNames = []string{
	"chat", "alerts", "goal", "clock", "ticker", "viewers", "events", "song", "spectrum", "poll", "leaders", "confetti",
}

// service is what the widgets connect to: it tells all of them something five
// times a second, and hears how many frames each has drawn.
type service struct {
	*httptest.Server
	mu      sync.Mutex // guards what follows
	frames  map[string]int
	collect bool // every widget is asked to collect its garbage
}

func startService(t *testing.T) *service {
	t.Helper()
	s := &service{frames: map[string]int{}}
	files := http.FileServer(http.Dir(filepath.Join("testdata", "widgets")))
	upgrader := websocket.Upgrader{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/socket" {
			files.ServeHTTP(w, r)
			return
		}
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for {
				var told struct{ Frames int }
				if conn.ReadJSON(&told) != nil {
					return
				}
				s.mu.Lock()
				s.frames[r.URL.Query().Get("page")] = told.Frames
				s.mu.Unlock()
			}
		}()
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-ended:
				return
			case <-tick.C:
			}
			event := map[string]any{
				"n": n, "user": []string{"Ana", "bruno_99", "Chloé", "DanTheMan", "Εύα"}[n%5], "amount": 1 + n*7%25, "viewers": 120 + n%60,
				"text": []string{"hello there", "what a run!", "boa noite, galera", "which keyboard is that?", "gg"}[n*3%5],
			}
			s.mu.Lock()
			event["collect"] = s.collect
			s.mu.Unlock()
			if conn.WriteJSON(event) != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// page returns a widget's address on one of so many sites.
func (s *service) page(i, sites int) string {
	return strings.Replace(s.URL, "127.0.0.1", fmt.Sprintf("provider-%d.localhost", i%sites), 1) + "/" + widgetNames[i] + ".html"
}

// drawn returns how many frames all widgets together have drawn.
func (s *service) drawn() (sum, widgets int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.frames {
		sum += n
	}
	return sum, len(s.frames)
}

// collectGarbage has all widgets collect theirs from now on, so that memory is what
// they use and not what happens to be left since a collection.
func (s *service) collectGarbage() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.collect = true
}

// usage is what a tree of processes uses.
type usage struct {
	processes int
	pss       float64 // MiB
	cpu       float64 // seconds so far
}

// used returns what all processes below this one use: Chromium's, while a test runs
// nothing else.
func used(t *testing.T) usage {
	t.Helper()
	parents := map[int]int{}
	cpu := map[int]float64{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // it has just ended
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		parents[pid], _ = strconv.Atoi(fields[1])
		user, _ := strconv.ParseFloat(fields[11], 64)
		system, _ := strconv.ParseFloat(fields[12], 64)
		cpu[pid] = (user + system) / 100 // USER_HZ
	}
	var sum usage
	for pid := range parents {
		ancestor := parents[pid]
		for ancestor > 1 && ancestor != os.Getpid() {
			ancestor = parents[ancestor]
		}
		if ancestor != os.Getpid() {
			continue
		}
		rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(rollup)) {
			if text, ok := strings.CutPrefix(line, "Pss:"); ok {
				kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 64)
				if err != nil {
					t.Fatal(err)
				}
				sum.pss += kib / 1024
			}
		}
		sum.processes++
		sum.cpu += cpu[pid]
	}
	return sum
}

// TestCombiningSaves measures the same twelve widgets as twelve pages in windows of
// their own, as OBS has them, and as frames of the combined page. docs/saving.md
// has the figures. In full it takes thirteen minutes: make measure-sources.
func TestCombiningSaves(t *testing.T) {
	settle, measure := 2*time.Second, 3*time.Second
	all := []int{1}
	if os.Getenv("CUEWIRE_MEASURE") != "" || os.Getenv("CUEWIRE_SOAK") != "" {
		settle, measure = 15*time.Second, 60*time.Second
		all = []int{1, 3, 12}
	}
	if os.Getenv("CUEWIRE_MEASURE") == "bench" { // make bench: as long as a run of everything can wait
		settle, measure = 4*time.Second, 9*time.Second
		all = []int{1, 12}
	}
	if len(all) > 1 {
		t.Run("no widgets", func(t *testing.T) { measureEmpty(t, settle, measure) })
	}
	for _, sites := range all {
		var figures []usage
		for _, combined := range []bool{false, true} {
			name := fmt.Sprintf("%d sites, own pages", sites)
			if combined {
				name = fmt.Sprintf("%d sites, combined", sites)
			}
			t.Run(name, func(t *testing.T) { figures = append(figures, measureWidgets(t, sites, combined, settle, measure)) })
		}
		// With a site for each page there are as many processes, but smaller ones.
		if len(figures) == 2 && (sites < 12 && figures[1].processes >= figures[0].processes || figures[1].pss >= figures[0].pss) {
			t.Errorf("combining does not save: %+v, %+v", figures[0], figures[1])
		}
	}
}

// measureEmpty measures a browser with a page that has nothing in it.
func measureEmpty(t *testing.T, settle, measure time.Duration) {
	b := startBrowser(t, "en")
	b.open(t, "about:blank", 1920, 1080, "")
	rest(t, settle)
	before := used(t)
	rest(t, measure)
	after := used(t)
	after.cpu = (after.cpu - before.cpu) / measure.Seconds() * 100
	logUsage(t, after, 0)
}

func logUsage(t *testing.T, u usage, frames float64) {
	t.Helper()
	text, err := json.Marshal(map[string]float64{
		"processes": float64(u.processes), "memory MiB": math.Round(u.pss), "CPU % of a core": math.Round(u.cpu*10) / 10,
		"frames a second and widget": math.Round(10*frames) / 10,
	})
	t.Logf("%s %v", text, err)
}

func measureWidgets(t *testing.T, sites int, combined bool, settle, measure time.Duration) usage {
	s := startService(t)
	m := startMix(t)
	m.scene("Live")
	b := startBrowser(t, "en", chromedp.Flag("js-flags", "--expose-gc"))
	if combined {
		for i, name := range widgetNames {
			m.source(name, s.page(i, sites), func(f *app.SourceFields) { f.Width, f.Height = ptr(800), ptr(600) },
				map[string]app.PlacementFields{"Live": spot(float64(i%4)*370, float64(i/4)*160)})
		}
		b.open(t, m.url+"/overlay/combined", 1920, 1080, `window.obsstudio = {}`)
	} else {
		for i := range widgetNames {
			ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewWindow(true))
			t.Cleanup(cancel)
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(800, 600), chromedp.Navigate(s.page(i, sites))); err != nil {
				t.Fatal(err)
			}
		}
	}
	eventually(t, "all widgets draw", func() bool { sum, n := s.drawn(); return n == len(widgetNames) && sum > 0 })
	rest(t, settle)
	before, began := used(t), time.Now()
	drawn, _ := s.drawn()
	rest(t, measure)
	after := used(t)
	now, _ := s.drawn()
	seconds := time.Since(began).Seconds()
	after.cpu = (after.cpu - before.cpu) / seconds * 100
	s.collectGarbage()
	rest(t, settle)
	after.pss = 0
	const readings = 6
	for range readings {
		rest(t, settle/readings)
		after.pss += used(t).pss / readings
	}
	logUsage(t, after, float64(now-drawn)/seconds/float64(len(widgetNames)))
	return after
}

// rest lets time pass in which something is measured.
func rest(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
