package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func (s *stage) page(name string) string { return s.URL + "/r/" + s.code + "/" + name }

// click presses what a selector finds, as a finger does.
func (p *tab) click(selector string) {
	p.t.Helper()
	run(p, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// twice presses a key as often as it wants to be, no sooner than counts as a second press.
func (p *tab) twice(selector string) {
	p.t.Helper()
	p.exec(fmt.Sprintf(`new Promise((done) => {
		const press = () => document.querySelector(%q).click();
		press();
		setTimeout(() => done(press()), 300);
	})`, selector))
}

// playback waits until the room's playback is as wanted.
func (s *stage) playback(what string, wanted func(frame) bool) {
	s.t.Helper()
	eventually(s.t, what, func() bool {
		var now frame
		s.get("/api/v1/rooms/"+s.code+"/playback", &now)
		return wanted(now)
	})
}

func (s *stage) state(want string) {
	s.t.Helper()
	s.playback("the playback is "+want, func(f frame) bool { return f["state"] == want })
}

func TestBackstageAndAgenda(t *testing.T) {
	s := startStage(t)
	s.call("PUT", "/api/v1/rooms/"+s.code, `{"timezone":"Asia/Tokyo"}`)
	s.setTimer(0, `{"speaker":"Ana","notes":"Laptop 2","duration_ms":300000}`)
	s.setTimer(1, `{"speaker":"Rui","duration_ms":1200000}`)
	s.setTimer(2, `{"skip":true}`)
	b := startBrowser(t, "en-US")
	operator := b.open(t, s.page("operator"), 1280, 800, "")
	agenda := b.open(t, s.page("agenda"), 1280, 800, "")
	operator.shows("#title", "Welcome")
	operator.shows("#notes", "Laptop 2")
	operator.shows("#next-name", "First talk")
	operator.shows("#over-text", "Not begun")
	operator.shows("#digits", "5:00")
	agenda.shows(".row.current .stage", "Pending")

	s.act("play", "")
	s.act("add_time", `,"value":180000`)
	operator.shows("#over-text", "3:00 late")
	operator.wait(`over.dataset.state === 'late' && now.dataset.play === 'running'`)
	agenda.shows(".row.current .stage", "In progress")
	// What comes next starts in just under eight minutes, on Tokyo's clocks.
	agenda.wait(`(() => {
		const hour = (ms) => new Date(ms + 9 * 3600e3).toISOString().slice(11, 16);
		const start = document.querySelector('.row.current + .row .start')?.textContent;
		return [460e3, 480e3].map((ms) => hour(Date.now() + ms)).includes(start);
	})()`)
	if text := eval[string](agenda, `document.body.innerText`); strings.Contains(text, "Laptop 2") {
		t.Error("the agenda shows the notes")
	}
	s.act("next", "")
	operator.shows("#title", "First talk")
	operator.shows("#notes", "No notes for this one")
	agenda.shows(".row.current .name", "First talk")
	agenda.wait(`[...document.querySelectorAll('.row .stage')].map(e => e.textContent).join() === 'Completed,In progress,Pending'`)
	s.act("blackout", "")
	operator.wait(`blackout.checkVisibility()`)

	made := s.call("POST", "/api/v1/rooms/"+s.code+"/messages", `{"text":"Next: $NEXT_TITLE","color":"red"}`)
	s.act("show_message", fmt.Sprintf(`,"timer_id":%q`, made["id"]))
	operator.wait(`message.checkVisibility() && message.textContent.startsWith('Next: ') && message.dataset.color === 'red'`)
}

// TestAgendaOfTenThousand shows a very long rundown, and scrolls it.
func TestAgendaOfTenThousand(t *testing.T) {
	s := startStage(t)
	s.act("play", "")
	// The page is told more cues than the room has.
	const many = `
		const parse = JSON.parse;
		JSON.parse = (text) => {
			const frame = parse(text);
			if (frame?.type === 'room') {
				const like = { ...frame.timers[0], duration_ms: 60000 };
				frame.timers = Array.from({ length: 10000 }, (_, i) => ({ ...like, id: 't' + i, name: 'Cue ' + (i + 1), start_at: i % 3 ? '' : '12:00:00', position: i }));
				frame.playback.current_timer_id = frame.playback.timer_id = 't5000';
			}
			return frame?.type === 'playback_status' ? { type: 'ignored' } : frame;
		};`
	b := startBrowser(t, "en-US")
	for _, size := range [][2]int64{{1280, 800}, {390, 844}} {
		v := b.open(t, s.page("agenda"), size[0], size[1], many)
		v.shows(".row.current .name", "Cue 5001")
		v.wait(`document.querySelector('.row.current').getBoundingClientRect().top > 0 && document.querySelector('#to-now').hidden`)
		if rows := eval[int](v, `document.querySelectorAll('.row').length`); rows < 5 || rows > 60 {
			t.Errorf("%d rows are on the page", rows)
		}
		took := eval[float64](v, `(() => { const began = performance.now(); document.dispatchEvent(new Event('visibilitychange')); return performance.now() - began; })()`)
		t.Logf("a redraw of 10,000 cues at %d×%d: %.1f ms", size[0], size[1], took)
		if took > 500 { // the figure is 20 ms on a machine at rest
			t.Errorf("that is too long")
		}
		v.exec(`void document.querySelector('#scroll').scrollTo(0, 1e9)`)
		v.wait(`[...document.querySelectorAll('.row .name')].some(e => e.textContent === 'Cue 10000' && e.getBoundingClientRect().bottom <= innerHeight)`)
		v.click("#to-now")
		v.shows(".row.current .name", "Cue 5001")
	}
}

func TestController(t *testing.T) {
	s := startStage(t)
	c := startBrowser(t, "pt-BR,pt").open(t, s.page("controller"), 1024, 768, "")
	key := func(name string) {
		c.exec(fmt.Sprintf(`void document.body.dispatchEvent(new KeyboardEvent('keydown', { key: %s, bubbles: true, cancelable: true }))`, quote(name)))
	}
	left := func(from, to float64) func(frame) bool {
		return func(f frame) bool {
			ms := f["duration_ms"].(float64) - f["elapsed_ms"].(float64)
			return ms >= from && ms <= to
		}
	}
	c.shows("#title", "Welcome")

	c.click("#play")
	s.state("running")
	c.shows("#play-text", "Pausar")
	c.exec(`void [1, 2].forEach(() => document.querySelector('#stop').click())`)
	c.shows("#stop", "Toque de novo")
	s.state("running")
	c.shows("#stop", "Parar") // nobody pressed again
	s.state("running")
	c.twice("#stop")
	s.state("stopped")
	c.shows("#stop", "Parar")

	c.click(`[data-add="60000"]`)
	s.playback("a minute more", left(360_000, 360_000))
	c.click(`[data-add="-10000"]`)
	s.playback("ten seconds less", left(350_000, 350_000))
	c.exec(`void (document.querySelector('#set-time').value = '1:02:03')`)
	c.click("#set button")
	s.playback("the time set", left(3_723_000, 3_723_000))
	c.exec(`void (document.querySelector('#set-time').value = 'soon')`)
	c.click("#set button")
	c.shows("#toast", "Escreva o tempo restante em minutos, como 5, ou como 5:00 ou 1:05:00.")

	c.click("#previous")
	c.wait(`toast.checkVisibility() && /primeiro/.test(toast.textContent)`)

	// While nothing runs a touch goes to a cue; while one runs, a second touch does.
	is := func(position int) func(frame) bool {
		id := s.timerID(position)
		return func(f frame) bool { return f["current_timer_id"] == id }
	}
	c.click(`.cue[data-index="1"]`)
	s.playback("the second cue", is(1))
	key(" ")
	s.state("running")
	c.wait(`document.querySelector('#play').classList.contains('running')`)
	c.click(`.cue[data-index="2"]`)
	s.playback("still the second cue", is(1))
	c.wait(`document.querySelector('.cue.armed') === null`)
	c.twice(`.cue[data-index="2"]`)
	s.playback("the third cue", is(2))
	key("ArrowLeft")
	s.playback("back to the second", is(1))
	key("ArrowRight")
	s.playback("on to the third", is(2))
	key("1")
	c.wait(`/^1: Welcome/.test(document.querySelector('#goto').textContent)`)
	s.playback("a number alone does nothing", is(2))
	key("Enter")
	s.playback("the first cue", is(0))
	key("ArrowUp")
	s.playback("a minute more by key", left(355_000, 360_000))
	key(" ")
	s.state("paused")
	key("9")
	key("9")
	key("Enter")
	c.shows("#toast", "Não há número 99 no roteiro.")

	c.click(`[data-mode="blackout"]`)
	s.playback("blackout", func(f frame) bool { return f["blackout"] == true })
	c.wait(`document.querySelector('[data-mode="blackout"]').getAttribute('aria-pressed') === 'true'`)
	c.click(`[data-mode="blackout"]`)
	s.playback("light again", func(f frame) bool { return f["blackout"] == false })

	c.click(`[data-mode="on_air"]`)
	c.wait(`document.querySelector('#on-air').checkVisibility()`)
	c.click(`[data-mode="on_air"]`)
	s.playback("off air", func(f frame) bool { return f["on_air"] == false })

	c.exec(`void (document.querySelector('#write-text').value = 'Conclua <b>já</b>')`)
	c.click("#write button")
	c.shows(".message-card.visible .stage-message", "Conclua <b>já</b>")
	s.playback("the message is shown", func(f frame) bool { return f["message_id"] != nil })
	c.click(".message-card .show")
	s.playback("it is hidden", func(f frame) bool { return f["message_id"] == nil })
	c.wait(`!document.querySelector('.message-card').classList.contains('visible')`)

	c.tolerateOutage()
	s.kill()
	c.wait(`link.dataset.state === 'reconnecting'`)
	c.click("#play")
	c.wait(`toast.checkVisibility() && /nada foi feito/.test(toast.textContent)`)
}

func TestModerator(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	m := b.open(t, s.page("moderator"), 1024, 768, "")
	v := b.open(t, s.viewer(""), 1280, 720, "")
	m.shows("#editor-title", "New message")
	run(m, chromedp.SendKeys(chromedp.CSS("#text"), "Hello "))
	m.click("#inserts button")
	m.shows("#preview", "Hello Welcome")
	m.exec(`void (document.querySelector('[value="red"]').click(), bold.click())`)
	m.wait(`preview.dataset.color === 'red' && preview.classList.contains('bold')`)
	m.click("#save-show")
	v.wait(`message.checkVisibility() && message.textContent === 'Hello Welcome' && message.dataset.color === 'red' && message.classList.contains('bold')`)
	m.wait(`text.value === '' && document.querySelector('.message-card.visible')`)

	m.tolerate("Failed to load resource")
	m.exec(`void (text.value = 'x'.repeat(10001), text.dispatchEvent(new Event('input', { bubbles: true })))`)
	m.click("#save")
	m.wait(`toast.checkVisibility() && /too long/.test(toast.textContent) && text.value.length === 10001`)

	m.click(".message-card .edit")
	m.shows("#editor-title", "Change the message")
	m.wait(`text.value === 'Hello $CURRENT_TITLE' && bold.checked`)
	m.exec(`void (uppercase.click(), text.value = 'Bye', text.dispatchEvent(new Event('input', { bubbles: true })))`)
	m.click("#save")
	v.wait(`message.textContent === 'Bye' && message.classList.contains('uppercase')`)
	m.click(".message-card .show")
	v.wait(`!message.checkVisibility()`)
	m.click(`[data-mode="flash"]`)
	v.wait(`viewer.classList.contains('flash')`)
	m.click(".message-card .delete")
	m.shows(".message-card .delete", "Press again")
	m.shows(".message-card .delete", "Delete")
	m.twice(".message-card .delete")
	m.wait(`document.querySelector('.message-card') === null`)
}

func TestRoomOverlays(t *testing.T) {
	s := startStage(t)
	other := s.call("POST", "/api/v1/rooms", `{"name":"Studio"}`)
	s.call("POST", fmt.Sprintf("/api/v1/rooms/%v/timers", other["short_code"]), `{"name":"Elsewhere","duration_ms":60000}`)
	s.setTimer(0, `{"speaker":"Ana"}`)
	b := startBrowser(t, "en-US")
	timer := b.open(t, s.URL+"/overlay/timer", 1280, 720, "")
	message := b.open(t, s.URL+"/overlay/message", 1280, 720, "")
	third := b.open(t, s.URL+"/overlay/lower-third?for=1", 1280, 720, "")
	elsewhere := b.open(t, fmt.Sprintf("%s/overlay/timer?room=%v&hide=title", s.URL, other["short_code"]), 1280, 720, "")
	timer.shows("#digits", "5:00")
	timer.shows("#title", "Welcome")
	elsewhere.shows("#digits", "1:00")
	if elsewhere.visible("#title") {
		t.Error("hide=title shows the title")
	}
	message.wait(`link.dataset.state === 'live'`)
	third.wait(`link.dataset.state === 'live'`)
	for _, overlay := range []*tab{timer, message, third} {
		if color := eval[string](overlay, `getComputedStyle(document.documentElement).backgroundColor`); color != "rgba(0, 0, 0, 0)" {
			t.Errorf("the background is %s", color)
		}
	}
	if message.visible("#panel") || third.visible("#panel") {
		t.Error("something is shown though there is nothing to show")
	}

	s.act("play", "")
	third.shows("#name", "Ana")
	third.shows("#about", "Welcome")
	third.wait(`document.querySelector('#panel').hidden`)
	made := s.call("POST", "/api/v1/rooms/"+s.code+"/messages", `{"text":"Wrap up","color":"yellow"}`)
	s.act("show_message", fmt.Sprintf(`,"timer_id":%q`, made["id"]))
	message.wait(`message.checkVisibility() && message.textContent === 'Wrap up' && getComputedStyle(panel).opacity === '1'`)
	s.act("hide_message", "")
	message.wait(`panel.hidden`)
	s.act("blackout", "")
	timer.wait(`panel.hidden`)
}

// TestScreenStaysAwakeAndSounds uses a page as over plain HTTP on the network, where
// the browser has no wake lock to give.
func TestScreenStaysAwakeAndSounds(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	const insecure = `delete Navigator.prototype.wakeLock;`
	for _, page := range []string{"viewer", "operator"} {
		v := b.open(t, s.page(page), 1280, 720, insecure)
		v.shows("#awake", "Screen stays on")
		v.wait(`!document.querySelector('.awake-video').paused`)
	}
	v := b.open(t, s.page("operator"), 1280, 720, "")
	v.wait(`awake.checkVisibility() && document.querySelector('.awake-video') === null`)

	v.wait(`sound.getAttribute('aria-pressed') === 'false'`)
	v.click("#sound")
	v.wait(`sound.dataset.ready === 'true' && sound.getAttribute('aria-pressed') === 'true'`)
	s.act("set_time", `,"value":1200`)
	s.act("play", "")
	v.wait(`document.documentElement.dataset.sounds === '1'`)
	again := b.open(t, s.page("operator"), 1280, 720, "")
	again.wait(`sound.getAttribute('aria-pressed') === 'true' && sound.dataset.ready === 'false' && /touch the page/.test(sound.title)`)
	again.click("#title")
	again.wait(`sound.dataset.ready === 'true'`)
}

// TestStagePagesEverywhere opens every page on every kind of screen in both languages.
func TestStagePagesEverywhere(t *testing.T) {
	s := startStage(t)
	long := strings.Repeat("A very long title ", 8)
	s.setTimer(0, fmt.Sprintf(`{"name":%q,"speaker":%q,"notes":%q}`, long, long, strings.Repeat(long+"\n", 20)))
	s.call("POST", "/api/v1/rooms/"+s.code+"/messages", fmt.Sprintf(`{"text":%q}`, strings.Repeat("word", 60)))
	b := startBrowser(t, "en-US")
	for _, page := range []string{"operator", "agenda", "controller", "moderator"} {
		answer, err := http.Get(s.page(page))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		framed := !strings.Contains(answer.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
		if framed != (page == "agenda") {
			t.Errorf("%s: may be framed: %v", page, framed)
		}
		for i, size := range [][2]int64{{1920, 1080}, {1024, 768}, {768, 1024}, {390, 844}, {844, 390}} {
			lang := []string{"en", "pt-BR"}[i%2]
			v := b.open(t, s.page(page+"?lang="+lang), size[0], size[1], "")
			v.wait(`link.dataset.state === 'live' && document.querySelector('#main').checkVisibility()`)
			v.wait(`document.documentElement.lang === ` + quote(lang))
			if left := eval[string](v, `document.body.innerText.match(/pages\.[\w.]+/)?.[0] ?? ''`); left != "" {
				t.Errorf("%s: the key %s instead of a text", page, left)
			}
			v.wait(`document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight`)
			if hidden := eval[string](v, `[...document.querySelectorAll('main button, main input, main h2, #clock')].filter((e) => e.checkVisibility() &&
				(e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).map((e) => e.id || e.textContent).join()`); hidden != "" {
				t.Errorf("%s at %v: beyond the edge: %s", page, size, hidden)
			}
		}
	}
}
