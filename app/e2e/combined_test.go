package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"cuewire/app"
	"cuewire/app/alarm/alarmtest"
	"cuewire/app/engine"
	"cuewire/app/store"
	"cuewire/assets"
	"cuewire/wsserver"
	"cuewire/wsserver/palcotimer"
	"cuewire/wsserver/sourcesaver"
)

// mix is Cuewire in the test's own process, as the combined page's tests use it:
// what OBS would tell, the test tells.
type mix struct {
	t    *testing.T
	core *engine.Engine
	url  string
	dir  string // of own overlays
	stop func() // ends the server, and Cuewire with it
}

func startMix(t *testing.T) *mix {
	t.Helper()
	return startMixAt(t, t.TempDir(), "127.0.0.1:0")
}

// startMixAt starts one with a data folder at an address.
func startMixAt(t *testing.T, dir, listen string) *mix {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	disk, err := store.Open(t.Context(), store.Config{Dir: dir, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	core, err := engine.Open(t.Context(), engine.Config{Store: disk, Log: log, Example: engine.Example{Room: "Main"}})
	if err != nil {
		t.Fatal(err)
	}
	m := &mix{t: t, core: core, dir: filepath.Join(dir, "overlays")}
	server, err := wsserver.New(wsserver.Config{
		Core: core, Bell: alarmtest.Bell(t, nil), SourceSaver: sourcesaver.New(), PalcoTimer: palcotimer.New(), Web: assets.Web(), I18n: assets.I18n(),
		Overlays: m.dir, Listen: []string{listen}, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Listen(); err != nil {
		t.Fatal(err)
	}
	m.url = server.Addresses()[0]
	runs := []func(context.Context) error{core.Run, server.Run}
	ctxs := make([]context.CancelFunc, len(runs))
	ended := make([]chan error, len(runs))
	for i, run := range runs {
		ctx, cancel := context.WithCancel(context.Background())
		ctxs[i], ended[i] = cancel, make(chan error, 1)
		go func() { ended[i] <- run(ctx) }()
	}
	m.stop = sync.OnceFunc(func() {
		for i := range slices.Backward(runs) {
			ctxs[i]()
			if err := <-ended[i]; err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("part %d: %v", i, err)
			}
		}
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(m.stop)
	return m
}

func (m *mix) do(cmd app.Command) app.Result {
	m.t.Helper()
	result, err := m.core.Do(m.t.Context(), cmd)
	if err != nil {
		m.t.Fatalf("%T: %v", cmd, err)
	}
	return result
}

// scene tells that OBS has a scene on program.
func (m *mix) scene(name string) { m.do(app.OBSSceneFact{Scene: name}) }

// source makes an active source of 400×300 pixels and places it.
func (m *mix) source(name, address string, edit func(*app.SourceFields), places map[string]app.PlacementFields) string {
	m.t.Helper()
	width, height := 400, 300
	fields := app.SourceFields{Name: &name, URL: &address, Width: &width, Height: &height}
	if edit != nil {
		edit(&fields)
	}
	id := m.do(app.CreateSource{Fields: fields}).ID
	m.do(app.ActivateSource{ID: id})
	for scene, at := range places {
		m.do(app.PlaceSources{Scene: scene, Places: []app.PlaceSource{{SourceID: id, Config: at}}})
	}
	return id
}

func (m *mix) overlay(name, html string) {
	m.t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(html), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func spot(x, y float64) app.PlacementFields { return app.PlacementFields{X: &x, Y: &y} }

func ptr[T any](v T) *T { return &v }

// widgets is a server of other people's pages. Each page counts in a frame of its
// own site, NAME.localhost, and what it hears of them is by page.
type widgets struct {
	*httptest.Server
	t  *testing.T
	mu sync.Mutex // guards what follows

	scripts map[string]string // what a page runs, beside counting
	loads   map[string]int
	ticks   map[string]int
	reports map[string][]string
}

const widgetPage = `<!doctype html><meta charset="utf-8"><style>html{background:%s}</style><script>
const name = %q;
const report = (text) => fetch('/report?page=' + name, { method: 'POST', body: text });
let count = 0;
setInterval(() => fetch('/tick?page=' + name + '&count=' + ++count), 100);
%s
</script>`

func startWidgets(t *testing.T) *widgets {
	t.Helper()
	w := &widgets{t: t, scripts: map[string]string{}, loads: map[string]int{}, ticks: map[string]int{}, reports: map[string][]string{}}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		page := r.URL.Query().Get("page")
		switch r.URL.Path {
		case "/tick":
			w.ticks[page]++
		case "/report":
			var text bytes.Buffer
			text.ReadFrom(r.Body)
			w.reports[page] = append(w.reports[page], text.String())
		case "/widget":
			w.loads[page]++
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(rw, widgetPage, r.URL.Query().Get("color"), page, w.scripts[page])
		default:
			http.NotFound(rw, r)
		}
	}))
	t.Cleanup(w.Close)
	return w
}

// page returns the address of a page that runs a script, on a site of its own.
func (w *widgets) page(name, color, script string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.scripts[name] = script
	return strings.Replace(w.URL, "127.0.0.1", name+".localhost", 1) + "/widget?page=" + name + "&color=" + color
}

func (w *widgets) loaded(name string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.loads[name]
}

// goesOn waits until a page has counted on.
func (w *widgets) goesOn(name string) {
	w.t.Helper()
	ticks := func() int {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.ticks[name]
	}
	before := ticks()
	eventually(w.t, name+" goes on", func() bool { return ticks() >= before+5 })
}

// reported waits until a page has told n things and returns all that it told.
func (w *widgets) reported(name string, n int) []string {
	w.t.Helper()
	var got []string
	eventually(w.t, name+" tells", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		got = slices.Clone(w.reports[name])
		return len(got) >= n
	})
	return got
}

// picture returns what a tab shows.
func (p *tab) picture() image.Image {
	p.t.Helper()
	img, err := png.Decode(bytes.NewReader(run(p, chromedp.CaptureScreenshot())))
	if err != nil {
		p.t.Fatal(err)
	}
	return img
}

// showsColors waits until the picture has the colours at the points.
func (p *tab) showsColors(want map[image.Point]color.RGBA) {
	p.t.Helper()
	near := func(a, b uint32) bool { return max(a, b)-min(a, b) <= 2 }
	wrong := ""
	defer func() {
		if p.t.Failed() {
			p.t.Log(wrong)
		}
	}()
	eventually(p.t, "the colours", func() bool {
		img := p.picture()
		for point, c := range want {
			r, g, b, _ := img.At(point.X, point.Y).RGBA()
			if !near(r>>8, uint32(c.R)) || !near(g>>8, uint32(c.G)) || !near(b>>8, uint32(c.B)) {
				wrong = fmt.Sprintf("at %v: %d %d %d, want %v", point, r>>8, g>>8, b>>8, c)
				return false
			}
		}
		return true
	})
}

var (
	white = color.RGBA{255, 255, 255, 255}
	red   = color.RGBA{255, 0, 0, 255}
	green = color.RGBA{0, 128, 0, 255}
	blue  = color.RGBA{0, 0, 255, 255}
	lime  = color.RGBA{0, 255, 0, 255}
)

// frameOf is the frame of a source, as an expression of the combined page.
func frameOf(id string) string { return fmt.Sprintf("document.querySelector('[data-source=%q]')", id) }

func TestCombinedPageFollowsTheScene(t *testing.T) {
	m := startMix(t)
	w := startWidgets(t)
	m.do(app.OBSCanvasFact{Canvas: app.OBSCanvas{Width: 1280, Height: 720}})
	m.scene("Live")
	// Red is turned by 90° about its corner: it hangs to the left of x = 400.
	turned := spot(400, 50)
	turned.Rotation, turned.ScaleX = ptr(90.0), ptr(0.5)
	r := m.source("Red", w.page("red", "red", ""), nil, map[string]app.PlacementFields{"Live": turned, "Break": spot(0, 0)})
	front := spot(150, 100)
	front.ZIndex = ptr(10)
	g := m.source("Green", w.page("green", "green", ""), func(f *app.SourceFields) { f.Load = ptr(app.LoadUnload) }, map[string]app.PlacementFields{"Live": front})
	b := m.source("Blue", w.page("blue", "blue", ""), nil, map[string]app.PlacementFields{"Break": spot(800, 400)})
	off := m.source("Off", w.page("off", "black", ""), nil, map[string]app.PlacementFields{"Live": spot(0, 0)})
	m.do(app.DeactivateSource{ID: off})
	own := m.source("Own", w.page("own", "black", ""), func(f *app.SourceFields) { f.Way = ptr(app.WayOwn) }, map[string]app.PlacementFields{"Live": spot(0, 0)})

	p := startBrowser(t, "en").open(t, m.url+"/overlay/combined", 1280, 720, "")
	p.wait(`document.querySelectorAll('iframe').length === 3`)
	live := map[image.Point]color.RGBA{
		{110, 60}: red, {390, 60}: red, {110, 240}: red, {95, 60}: white, {110, 260}: white, {405, 60}: white,
		{160, 110}: green, {390, 200}: green, {545, 395}: green, {545, 405}: white, {555, 395}: white,
		{900, 500}: white,
	}
	p.showsColors(live)
	for _, name := range []string{"red", "green", "blue"} {
		w.goesOn(name)
	}
	p.exec(`document.querySelectorAll('iframe').forEach((frame) => (frame.first = true))`)

	m.scene("Break")
	p.showsColors(map[image.Point]color.RGBA{{5, 5}: red, {395, 295}: red, {405, 295}: white, {810, 410}: blue, {1195, 695}: blue, {1205, 695}: white})
	p.wait(frameOf(g) + ` === null`)
	m.scene("Live")
	p.showsColors(live)
	if got := w.loaded("green"); got != 2 {
		t.Errorf("the frame that is loaded only while it is seen was loaded %d times", got)
	}

	// What stands elsewhere now is the same frame, not loaded again.
	m.do(app.UpdatePlacement{Scene: "Live", SourceID: r, Fields: app.PlacementFields{X: ptr(1000.0), Rotation: ptr(0.0), ScaleX: ptr(0.5), ScaleY: ptr(0.25), ZIndex: ptr(20)}})
	m.do(app.UpdatePlacement{Scene: "Live", SourceID: g, Fields: app.PlacementFields{Visible: ptr(false)}})
	p.showsColors(map[image.Point]color.RGBA{{1005, 55}: red, {1195, 120}: red, {1195, 130}: white, {1205, 60}: white, {300, 200}: white})
	for _, id := range []string{r, b} {
		if !eval[bool](p, frameOf(id)+".first === true") {
			t.Errorf("the frame of %s was made anew", id)
		}
	}
	for name, want := range map[string]int{"red": 1, "blue": 1, "off": 0, "own": 0} {
		if got := w.loaded(name); got != want {
			t.Errorf("%s was loaded %d times, want %d", name, got, want)
		}
	}

	// Switched off, a source is gone, and on again it is back.
	m.do(app.DeactivateSource{ID: r})
	p.wait(frameOf(r) + ` === null`)
	m.do(app.ActivateSource{ID: r})
	p.showsColors(map[image.Point]color.RGBA{{1005, 55}: red})
	m.do(app.UpdateSource{ID: own, Fields: app.SourceFields{Way: ptr(app.WayCombined)}})
	p.wait(frameOf(own) + ` !== null`)
	m.do(app.UpdateSource{ID: own, Fields: app.SourceFields{Way: ptr(app.WayOwn)}})
	p.wait(frameOf(own) + ` === null`)
	m.do(app.UpdateSource{ID: b, Fields: app.SourceFields{URL: ptr(w.page("lime", "lime", ""))}})
	w.goesOn("lime")
}

func TestCombinedPageScalesAndPinsAScene(t *testing.T) {
	m := startMix(t)
	w := startWidgets(t)
	m.do(app.OBSCanvasFact{Canvas: app.OBSCanvas{Width: 1600, Height: 900}})
	m.scene("Live")
	m.source("Red", w.page("red", "red", ""), nil, map[string]app.PlacementFields{"Live": spot(200, 100)})
	m.source("Blue", w.page("blue", "blue", ""), nil, map[string]app.PlacementFields{"Break": spot(200, 100)})
	b := startBrowser(t, "en")
	p := b.open(t, m.url+"/overlay/combined", 800, 450, "")
	p.showsColors(map[image.Point]color.RGBA{{98, 60}: white, {102, 52}: red, {298, 198}: red, {302, 198}: white, {298, 202}: white})
	pinned := b.open(t, m.url+"/overlay/combined?scene=Break", 1600, 900, "")
	pinned.showsColors(map[image.Point]color.RGBA{{205, 105}: blue, {595, 395}: blue, {605, 395}: white})
	m.do(app.OBSCanvasFact{Canvas: app.OBSCanvas{Width: 3200, Height: 1800}})
	p.showsColors(map[image.Point]color.RGBA{{52, 27}: red, {148, 98}: red, {152, 98}: white})
}

func TestCombinedPageExplainsItself(t *testing.T) {
	m := startMix(t)
	w := startWidgets(t)
	b := startBrowser(t, "en")
	p := b.open(t, m.url+"/overlay/combined", 1280, 720, "")
	p.wait(`/^No source is active/.test(note.textContent) && note.checkVisibility()`)
	br := b.open(t, m.url+"/overlay/combined?lang=pt-BR", 1280, 720, "")
	br.wait(`/^Nenhuma fonte ativa/.test(note.textContent) && note.checkVisibility()`)
	obs := b.open(t, m.url+"/overlay/combined", 1280, 720, `window.obsstudio = {}`)
	m.source("Red", w.page("red", "red", ""), nil, map[string]app.PlacementFields{"Live": spot(0, 0)})
	p.wait(`/^OBS has not told yet/.test(note.textContent)`)
	m.scene("Break")
	p.shows("#note", "No source is placed in the scene “Break”. Place one in Cuewire’s editor.")
	m.scene("Live")
	p.wait(`!note.checkVisibility()`)
	if obs.visible("#note") || eval[string](obs, `note.textContent`) != "" {
		t.Error("OBS shows the explanation")
	}
}

// TestCombinedPageShowsOurPages proves that our own pages run under their own name,
// styled as their sources say, and come back with Cuewire.
func TestCombinedPageShowsOurPages(t *testing.T) {
	dir := t.TempDir()
	m := startMixAt(t, dir, "127.0.0.1:0")
	m.scene("Live")
	styled := m.source("Styled", "/overlay/obs", func(f *app.SourceFields) {
		f.CSS, f.JS = ptr("html{background:#f00 !important}"), ptr("document.documentElement.style.borderTop = '150px solid #00f'")
	}, map[string]app.PlacementFields{"Live": spot(0, 0)})
	m.overlay("goal/index.html", `<!doctype html><style>html{background:green}</style><script type="module">
		import { SourceSaver } from '/assets/cuewire.js';
		import './app.js';
		localStorage.setItem('kept', '1');
		const bus = new SourceSaver(['obs:*']);
		bus.on('obs:sceneChanged', ({ currentScene }) => (document.documentElement.style.background = currentScene === 'Live' && localStorage.getItem('kept') ? 'lime' : 'green'));
	</script>`)
	m.overlay("goal/app.js", "export {}")
	mine := m.source("Mine", "/overlay/my/goal/", nil, map[string]app.PlacementFields{"Live": spot(500, 0)})
	b := startBrowser(t, "en")
	p := b.open(t, m.url+"/overlay/combined", 1920, 1080, "")
	p.tolerateOutage()
	shown := map[image.Point]color.RGBA{{300, 20}: blue, {300, 280}: red, {510, 10}: lime}
	p.showsColors(shown)
	for _, id := range []string{styled, mine} {
		p.wait(`new URL(` + frameOf(id) + `.src).hostname === 'overlays.localhost'`)
	}
	m.do(app.UpdateSource{ID: styled, Fields: app.SourceFields{CSS: ptr("html{background:lime !important}")}})
	p.showsColors(map[image.Point]color.RGBA{{300, 20}: blue, {300, 280}: lime, {510, 10}: lime})

	p.exec(`document.querySelectorAll('iframe').forEach((frame) => (frame.first = true))`)
	m.stop()
	p.wait(`performance.now() > 0`)
	again := startMixAt(t, dir, strings.TrimPrefix(m.url, "http://"))
	again.scene("Live")
	other := again.source("Other", "/overlay/obs", func(f *app.SourceFields) { f.CSS = ptr("html{background:#00f !important}") }, map[string]app.PlacementFields{"Live": spot(1000, 0)})
	p.wait(frameOf(other) + ` !== null`)
	p.showsColors(map[image.Point]color.RGBA{{300, 20}: blue, {300, 280}: lime, {510, 10}: lime, {1300, 280}: blue})
	for _, id := range []string{styled, mine} {
		if !eval[bool](p, frameOf(id)+".first === true") {
			t.Errorf("the frame of %s was made anew though it only had to wait for Cuewire", id)
		}
	}

	// Opened by itself under the API's name, an own overlay goes to the overlays'.
	alone := b.open(t, again.url+"/overlay/my/goal/", 400, 300, "")
	alone.wait(`location.hostname === 'overlays.localhost'`)
}
