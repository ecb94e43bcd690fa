package e2e

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"cuewire/app"
)

// attempts are what a hostile page tries, each in a frame of its own, and what it
// must tell of it: true where it succeeded. $PORT is Cuewire's, $CODE the room's.
var attempts = map[string]struct {
	script  string
	tells   []string // in any order; each must come, and nothing else
	removed bool     // it is taken away for it
}{
	"leaves with the whole page": {`
		const t = (name, fn) => { try { fn(); report(name + ' done'); } catch (e) { report(name + ' refused'); } };
		t('top', () => { top.location.href = 'about:blank'; });
		t('parent', () => { parent.location.replace('about:blank'); });
		const a = Object.assign(document.createElement('a'), { href: 'about:blank', target: '_top' });
		document.documentElement.append(a); a.click();
		const f = Object.assign(document.createElement('form'), { action: 'about:blank', target: '_top' });
		document.documentElement.append(f); f.submit(); report('links clicked');`, []string{"top refused", "parent refused", "links clicked"}, false},

	"opens our sockets": {`
		for (const host of ['127.0.0.1', 'localhost', 'overlays.localhost', '127.0.0.2', 'LOCALHOST.'])
			for (const path of ['/', '/ws/$CODE?output=controller', '/ws/$CODE', '/overlay/my/']) {
				const s = new WebSocket('ws://' + host + ':$PORT' + path);
				s.onopen = () => { report('open ' + host + path); s.send('{"type":"control","action":"play"}'); };
				s.onclose = () => report('closed');
			}`, slices.Repeat([]string{"closed"}, 20), false},

	"calls our API": {`
		const calls = [];
		for (const host of ['127.0.0.1', 'localhost', 'overlays.localhost'])
			for (const path of ['/api/settings', '/api/sources', '/api/v1/auth/rooms', '/api/overlays', '/assets/cuewire.js'])
				for (const options of [{}, { mode: 'no-cors' }, { method: 'POST', mode: 'no-cors', body: '{"name":"hostile"}' }, { method: 'PUT', body: '{}', headers: { 'Content-Type': 'application/json' } }])
					calls.push(fetch('http://' + host + ':$PORT' + path, { credentials: 'include', ...options })
						.then(async (answer) => (answer.type === 'opaque' ? 'nothing' : report('read ' + host + path + await answer.text())), () => 'nothing'));
		for (const host of ['127.0.0.1', 'localhost', 'overlays.localhost']) {
			navigator.sendBeacon('http://' + host + ':$PORT/api/v1/rooms', '{"name":"hostile"}');
			calls.push(new Promise((done) => Object.assign(new Image(), { src: 'http://' + host + ':$PORT/assets/icon.svg', onerror: done, onload: () => done(report('read a picture')) })));
			calls.push(new Promise((done) => document.documentElement.append(Object.assign(document.createElement('script'), { src: 'http://' + host + ':$PORT/assets/cuewire.js', type: 'module', onerror: done, onload: () => done(report('ran a script')) }))));
		}
		Promise.all(calls).then(() => report('all asked'));`, []string{"all asked"}, false},

	"reads what is not its own": {`
		const t = (name, fn) => { try { fn(); report(name + ' read'); } catch (e) { report(name + ' refused'); } };
		t('parent document', () => parent.document.body.innerHTML);
		t('parent storage', () => parent.localStorage.length);
		t('parent cookies', () => parent.document.cookie.length);
		t('parent address', () => parent.location.href.length);
		for (let i = 0; i < parent.frames.length; i++) {
			if (parent.frames[i] === window) continue;
			t('frame document', () => parent.frames[i].document.body.innerHTML);
			t('frame storage', () => parent.frames[i].localStorage.length);
			t('frame away', () => { parent.frames[i].location.href = 'about:blank'; });
		}
		t('frame element', () => frameElement.src.length);
		localStorage.setItem('mine', '1');
		report(localStorage.length + ' ' + document.cookie);`, []string{
		"parent document refused", "parent storage refused", "parent cookies refused", "parent address refused",
		"frame document refused", "frame storage refused", "frame away refused", "frame element refused", "1 ",
	}, false},

	"asks without an end": {`
		onbeforeunload = (e) => { e.preventDefault(); return (e.returnValue = 'stay'); };
		for (let i = 0; i < 200; i++) { alert('hello'); confirm('really?'); prompt('name?'); print(); }
		report('200 times');
		setInterval(() => alert('and again'), 50);`, []string{"200 times"}, false},

	"opens windows": {`
		report('window ' + (window.open('about:blank') !== null));
		report('noopener ' + (window.open('about:blank', '_blank', 'noopener') !== null));
		const a = Object.assign(document.createElement('a'), { href: 'data:text/plain,x', target: '_blank', download: 'x.txt' });
		document.documentElement.append(a); a.click(); report('link clicked');
		document.documentElement.requestFullscreen().then(() => report('fullscreen true'), () => report('fullscreen false'));`, []string{
		"window false", "noopener false", "link clicked", "fullscreen false",
	}, false},

	"asks for devices": {`
		navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(() => report('camera true'), () => report('camera false'));
		navigator.geolocation.getCurrentPosition(() => report('place true'), () => report('place false'));
		navigator.clipboard.readText().then(() => report('clipboard true'), () => report('clipboard false'));
		Notification.requestPermission().then((p) => report('notification ' + (p === 'granted')));`, []string{"camera false", "place false", "clipboard false", "notification false"}, false},

	"frames our own pages": {`
		for (const host of ['127.0.0.1', 'localhost', 'overlays.localhost'])
			for (const path of ['/', '/r/$CODE/controller', '/overlay/combined', '/overlay/timer', '/overlay/my/mine/'])
				document.documentElement.append(Object.assign(document.createElement('iframe'), { src: 'http://' + host + ':$PORT' + path }));
		onload = () => { // a page that refused is an error page, which nobody may look into and which tells nothing
			report('frames ' + frames.length);
		};`, []string{"frames 15"}, false},

	"becomes the page that frames it": {`
		report('goes').then(() => { location.href = 'http://127.0.0.1:$PORT/overlay/combined'; });`, []string{"goes"}, false},

	"becomes our remote control": {`
		report('goes').then(() => { location.href = 'http://127.0.0.1:$PORT/r/$CODE/controller'; });`, []string{"goes"}, false},

	"never lets go": {`report('begins').then(() => { for (;;); });`, []string{"begins"}, false},

	"floods with messages": {`
		const big = 'x'.repeat(10000);
		const flood = () => {
			for (let n = 0; n < 500; n++) {
				parent.postMessage(big, '*');
				for (let i = 0; i < parent.frames.length; i++) parent.frames[i].postMessage(big, '*');
			}
		};
		report('begins').then(() => setInterval(flood, 1));`, []string{"begins"}, true},

	"eats memory and frames": {`
		const kept = [];
		report('begins').then(() => { for (let i = 0; i < 200; i++) { kept.push(new Uint8Array(1 << 20).fill(1)); document.documentElement.append(document.createElement('iframe')); } report('ate'); });`, []string{"begins", "ate"}, false},
}

// hostileStage is a combined page with two well-behaved frames, another site's and
// an own overlay, that a hostile one is put beside.
type hostileStage struct {
	*mix
	w    *widgets
	page *tab
	code string
}

func startHostileStage(t *testing.T) *hostileStage {
	t.Helper()
	h := &hostileStage{mix: startMix(t), w: startWidgets(t)}
	h.scene("Live")
	h.code = h.core.Snapshot().Rooms[0].Room.ShortCode
	h.source("Good", h.w.page("good", "green", ""), nil, map[string]app.PlacementFields{"Live": spot(0, 0)})
	mine := h.w.page("mine", "", "")
	h.overlay("mine/index.html", fmt.Sprintf(`<!doctype html><style>html{background:lime}</style><script type="module">
		import '/assets/cuewire.js';
		localStorage.setItem('secret', 'kept');
		setInterval(() => fetch(%s, { mode: 'no-cors' }), 100);
	</script>`, quote(strings.Replace(mine, "/widget", "/tick", 1))))
	h.source("Mine", "/overlay/my/mine/", nil, map[string]app.PlacementFields{"Live": spot(500, 0)})
	h.page = startBrowser(t, "en").open(t, h.url+"/overlay/combined", 1280, 720, "")
	h.page.tolerate("") // Chromium tells of every attempt that it refuses
	h.goOn()
	return h
}

// goOn waits until all that is well-behaved has gone on: both frames, and the page
// that frames them, which a new placement reaches.
func (h *hostileStage) goOn() {
	h.t.Helper()
	h.w.goesOn("good")
	h.w.goesOn("mine")
	id := h.core.Snapshot().Sources.List[0].ID
	x := float64(h.core.Now() % 100)
	h.do(app.UpdatePlacement{Scene: "Live", SourceID: id, Fields: app.PlacementFields{X: &x}})
	h.page.wait(fmt.Sprintf(`%s.style.transform.startsWith('translate(%vpx')`, frameOf(id), x))
}

// state is what a hostile page would want to change.
func (h *hostileStage) state() []any {
	snap := h.core.Snapshot()
	return []any{snap.Rooms, snap.Settings, snap.Presets, len(snap.Sources.List), snap.OBS}
}

func TestAHostileFrameBreaksNothingElse(t *testing.T) {
	h := startHostileStage(t)
	u, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("$PORT", u.Port(), "$CODE", h.code)
	for name, try := range attempts {
		t.Run(name, func(t *testing.T) {
			h.t, h.mix.t, h.w.t, h.page.t = t, t, t, t
			site := "hostile-" + strings.ReplaceAll(name, " ", "-")
			before := h.state()
			id := h.source(name, h.w.page(site, "red", fill.Replace(try.script)), nil, map[string]app.PlacementFields{"Live": spot(0, 400)})
			before[3] = len(h.core.Snapshot().Sources.List)
			h.w.reported(site, len(try.tells))
			if try.removed {
				h.page.wait(frameOf(id) + ` === null`)
			}
			h.goOn()
			told := h.w.reported(site, len(try.tells))
			for _, want := range try.tells {
				if !slices.Contains(told, want) {
					t.Errorf("it did not tell %q, but %q", want, told)
				}
			}
			for _, tale := range told {
				if !slices.Contains(try.tells, tale) {
					t.Errorf("it tells %q", tale)
				}
			}
			if got := h.state(); !reflect.DeepEqual(got, before) {
				t.Errorf("the state is %+v, was %+v", got, before)
			}
			if clients := h.core.Snapshot().Clients; len(clients) != 1 || clients[0].Page != "/overlay/combined" {
				t.Errorf("%d clients where the page should be alone, the last is %+v", len(clients), *clients[len(clients)-1])
			}
			if got := eval[string](h.page, `location.pathname`); got != "/overlay/combined" {
				t.Errorf("the page is %s now", got)
			}
			h.do(app.DeactivateSource{ID: id})
			h.page.wait(frameOf(id) + ` === null`)
			h.goOn()
		})
	}
	h.t, h.mix.t, h.w.t, h.page.t = t, t, t, t
}

// TestAFrameOfThisComputerHangsAlone is about pages of other programs on this
// computer: only their port tells them from ours.
func TestAFrameOfThisComputerHangsAlone(t *testing.T) {
	h := startHostileStage(t)
	local := strings.Replace(h.w.page("local", "red", `report('begins').then(() => { for (;;); });`), "local.localhost", "127.0.0.1", 1)
	h.source("Local", local, nil, map[string]app.PlacementFields{"Live": spot(0, 400)})
	h.w.reported("local", 1)
	h.goOn()
}

// TestAnOwnOverlayThatHangsIsLoadedAgain waits through the silence after which a
// page of ours is taken for hung, and the pause after which it is tried again.
func TestAnOwnOverlayThatHangsIsLoadedAgain(t *testing.T) {
	h := startHostileStage(t)
	tell := strings.Replace(h.w.page("hangs", "", ""), "/widget", "/report", 1)
	h.overlay("hangs/index.html", fmt.Sprintf(`<!doctype html><style>html{background:blue}</style><script type="module">
		import '/assets/cuewire.js';
		const tell = (text) => fetch(%s, { method: 'POST', mode: 'no-cors', body: text });
		if (localStorage.getItem('hung')) await tell('is back');
		else {
			localStorage.setItem('hung', '1');
			await tell('begins');
			setTimeout(() => { for (;;); }, 100);
		}
	</script>`, quote(tell)))
	began := time.Now()
	id := h.source("Hangs", "/overlay/my/hangs/", nil, map[string]app.PlacementFields{"Live": spot(0, 400)})
	h.w.reported("hangs", 1)
	h.w.goesOn("good")
	told := h.w.reported("hangs", 2)
	if !slices.Equal(told, []string{"begins", "is back"}) {
		t.Errorf("it tells %q", told)
	}
	t.Logf("an overlay that hung is back after %v", time.Since(began).Round(time.Second))
	h.page.wait(frameOf(id) + ` !== null`)
	h.goOn()
}
