package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// fill writes into a field as a person does.
func (p *tab) fill(selector, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`document.querySelector(%q)`, selector))
	p.exec(fmt.Sprintf(`void ((e) => { e.value = %s; e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector(%q))`,
		quote(text), selector))
}

// press clicks what a selector finds, wherever it is on the page. A key whose words are not there
// yet belongs to a page that is still loading and would not hear it.
func (p *tab) press(selector string) {
	p.t.Helper()
	p.wait(fmt.Sprintf(`(e => e?.checkVisibility() && !e.disabled && (!e.dataset.text || e.textContent !== '') && (!e.dataset.label || e.ariaLabel))(document.querySelector(%q))`, selector))
	p.exec(fmt.Sprintf(`void document.querySelector(%q).click()`, selector))
}

// timer returns the room's timer at a position.
func (s *stage) timer(position int) frame {
	s.t.Helper()
	var list struct{ Timers []frame }
	s.get("/api/v1/rooms/"+s.code+"/timers", &list)
	if position >= len(list.Timers) {
		return nil
	}
	return list.Timers[position]
}

// TestQuestions goes the way of a question: from a phone over the moderator to the stage.
func TestQuestions(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	ask := b.open(t, s.page("ask"), 390, 844, "")
	moderator := b.open(t, s.page("moderator"), 1024, 768, "")
	viewer := b.open(t, s.viewer(""), 1280, 720, "")
	ask.shows("#closed h2", "Questions are closed just now")
	ask.shows("#room-name", "Main")
	moderator.press("#tab-questions")
	moderator.shows("#ask-state", "Questions are closed")
	moderator.press("#ask-open")
	ask.wait(`document.querySelector('#form').checkVisibility() && !document.querySelector('#closed').checkVisibility()`)
	ask.wait(`document.documentElement.scrollHeight <= innerHeight`)

	ask.wait(`document.querySelector('#send').disabled`)
	ask.fill("#text", "  Why <b>now</b>?  ")
	ask.fill("#name", "Ana")
	ask.press("#send")
	ask.shows("#sent-text", "Why <b>now</b>?")
	moderator.shows(".question .text", "Why <b>now</b>?")
	moderator.shows(".question .about", "Ana · just now")
	moderator.shows("#questions-count", "1")
	ask.press("#another")
	ask.wait(`document.querySelector('#text').value === '' && document.querySelector('#name').value === 'Ana'`)

	moderator.press(".question .edit")
	moderator.fill(".question textarea", "Why not later?")
	moderator.press(".question .save")
	moderator.shows(".question .text", "Why not later?")
	moderator.press(".question .show")
	viewer.shows("#message", "Why not later?")
	moderator.shows(".question .show", "Hide")
	moderator.wait(`document.querySelector('.question').dataset.state === 'shown'`)
	moderator.press(".question .done")
	viewer.wait(`!message.checkVisibility()`)
	moderator.wait(`document.querySelector('.question').dataset.state === 'done'`)
	moderator.press("#ask-address")
	moderator.shows("#ask-link", s.page("ask"))
	moderator.wait(`qr.complete && qr.naturalWidth > 0`)
	moderator.press("#close-address")
	moderator.twice("#clear-questions")
	moderator.wait(`document.querySelector('.question') === null`)

	ask.tolerate("Failed to load resource")
	ask.exec(`void (text.removeAttribute('maxlength'), 0)`)
	ask.fill("#text", strings.Repeat("x", 501))
	ask.press("#send")
	ask.wait(`refusal.checkVisibility() && /too long/.test(refusal.textContent) && text.value.length === 501`)
	moderator.press("#ask-open")
	ask.shows("#closed h2", "Questions are closed just now")
	ask.tolerateOutage()
	s.call("POST", "/api/v1/rooms", `{"name":"Other"}`)
	s.call("DELETE", "/api/v1/rooms/"+s.code, "")
	ask.wait(`notice.checkVisibility() && /not there any more/.test(notice.innerText)`)
	moderator.tolerateOutage()
	viewer.tolerateOutage()
	viewer.shows("#link", "Not in Cuewire any more")
}

func TestExtraTimers(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	c := b.open(t, s.page("controller"), 1024, 768, "")
	operator := b.open(t, s.page("operator"), 1280, 800, "")
	viewer := b.open(t, s.viewer("aux=doors"), 1280, 720, "")
	overlay := b.open(t, s.URL+"/overlay/timer?aux=Doors&progress=ring", 1280, 720, "")
	c.press("#tab-aux")
	c.press("#add-aux")
	c.shows(".aux .aux-digits", "5:00")
	c.press("button.aux-name")
	c.fill(".aux .name", "Doors")
	c.fill(".aux .length", "10")
	c.press(".aux .save")
	c.shows(".aux .aux-name", "Doors")
	c.shows(".aux .aux-digits", "10:00")
	viewer.shows("#aux-digits", "10:00")
	overlay.shows("#digits", "10:00")
	overlay.shows("#title", "Doors")
	overlay.wait(`ring.checkVisibility() && !bar.checkVisibility()`)
	operator.shows(".aux .aux-name", "Doors")

	operator.press(".aux .play")
	c.wait(`/^9:/.test(document.querySelector('.aux-digits').textContent)`)
	c.shows("#aux-count", "1")
	overlay.wait(`/^9:/.test(digits.textContent)`)
	c.press(".aux .play")
	c.wait(`document.querySelector('.aux').dataset.play === 'paused'`)
	c.press(".aux .plus")
	viewer.wait(`/^10:/.test(document.querySelector('#aux-digits').textContent)`)
	c.press(".aux .reset")
	c.shows(".aux .aux-digits", "10:00")
	c.press("button.aux-name")
	c.fill(".aux select", "COUNTUP")
	c.press(".aux .save")
	c.shows(".aux .aux-digits", "0:00")
	c.press("button.aux-name")
	c.twice(".aux .delete")
	c.wait(`document.querySelector('.aux') === null && document.querySelector('#no-aux').checkVisibility()`)
	viewer.wait(`!document.querySelector('#aux').checkVisibility()`)
	overlay.wait(`panel.hidden`)
}

func TestCueEditor(t *testing.T) {
	s := startStage(t)
	c := startBrowser(t, "en-US").open(t, s.page("controller"), 1024, 768, "")
	c.tolerate("Failed to load resource")
	c.press("#new-cue")
	c.shows("#cue-title", "New cue")
	c.press("#cue-editor .main")
	c.wait(`/Write a name/.test(document.querySelector('#cue-editor .refusal').textContent)`)
	c.fill("[name=name]", "Keynote")
	c.fill("[name=duration_ms]", "soon")
	c.press("#cue-editor .main")
	c.wait(`/Write a length/.test(document.querySelector('#cue-editor .refusal').textContent) && document.querySelector('#cue-editor').open`)
	c.fill("[name=duration_ms]", "1:30")
	for field, value := range map[string]string{
		"name": "Keynote", "speaker": "Ana", "notes": "Clicker", "start_at": "19:30:00", "finish_at": "20:00:00", "overtime_mode": "stop",
		"appearance": "COUNTUP", "wrap_yellow_ms": "1:00", "wrap_red_ms": "0:10", "start_on_scene": "Live", "obs_scene_start": "Camera", "obs_scene_zero": "Break",
		"message_start": "Begin", "message_zero": "Time is up", "sound_start": "bell", "sound_zero": "gong", "webhook_start": "http://127.0.0.1:9/a", "webhook_zero": "http://127.0.0.1:9/b",
	} {
		c.fill("[name="+field+"]", value)
	}
	for _, field := range []string{"linked_start", "auto_advance", "skip", "start_on_stream"} {
		c.exec(`void document.querySelector('[name=` + field + `]').click()`)
	}
	c.exec(`void document.querySelector('.swatches [data-color="#a78bfa"]').click()`)
	c.exec(`void (document.querySelector('[data-group=start]').open = true)`)
	c.click("[data-group=start] [data-key=listen]")
	c.wait(`document.querySelector('[data-group=start] [data-key=listen]').dataset.played === 'bell'`)
	c.press("#cue-editor .main")
	c.wait(`!document.querySelector('#cue-editor').open`)
	want := frame{
		"name": "Keynote", "speaker": "Ana", "notes": "Clicker", "duration_ms": 90_000.0, "start_at": "19:30:00", "finish_at": "20:00:00", "overtime_mode": "stop",
		"appearance": "COUNTUP", "wrap_yellow_ms": 60_000.0, "wrap_red_ms": 10_000.0, "start_on_scene": "Live", "obs_scene_start": "Camera", "obs_scene_zero": "Break",
		"message_start": "Begin", "message_zero": "Time is up", "sound_start": "bell", "sound_zero": "gong", "webhook_start": "http://127.0.0.1:9/a", "webhook_zero": "http://127.0.0.1:9/b",
		"linked_start": true, "auto_advance": true, "skip": true, "start_on_stream": true, "label_color": "#a78bfa",
	}
	var list struct{ Timers []frame }
	s.get("/api/v1/rooms/"+s.code+"/timers", &list)
	last := len(list.Timers) - 1
	for field, value := range want {
		if got := list.Timers[last][field]; got != value {
			t.Errorf("%s is %v, not %v", field, got, value)
		}
	}

	edit := func(position int) { c.press(fmt.Sprintf(`.cue[data-index="%d"] + .more`, position)) }
	edit(0)
	c.shows("#cue-title", "Welcome")
	c.fill("[name=name]", "Hello")
	c.press("#cue-editor .main")
	c.shows(`.cue[data-index="0"] .name`, "Hello")
	if got := s.timer(0); got["duration_ms"] != 300_000.0 || got["name"] != "Hello" {
		t.Errorf("another field changed too: %v", got)
	}
	edit(0)
	c.press("[data-key=duplicate]")
	c.shows(`.cue[data-index="1"] .name`, "Hello")
	edit(1)
	c.press("[data-key=down]")
	c.shows(`.cue[data-index="2"] .name`, "Hello")
	c.press("[data-key=remove]")
	c.wait(`toast.checkVisibility() && /“Hello” was deleted/.test(toast.textContent)`)
	c.shows(`.cue[data-index="2"] .name`, fmt.Sprint(s.timer(2)["name"]))
	c.press("#toast button")
	c.shows(`.cue[data-index="2"] .name`, "Hello")
	c.press("#undo")
	c.press("#undo")
	c.wait(`document.querySelectorAll('.cue').length >= 4`)
	c.press("#redo")
	c.wait(`!document.querySelector('dialog[open]')`)
	c.exec(`void document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true, cancelable: true }))`)
	c.shows("#cue-title", "New cue")
	c.exec(`void document.querySelector('[name=name]').dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }))`)
	s.state("stopped") // keys write into the sheet and control nothing
	c.press("#cue-editor .keys button:nth-child(2)")

	c.press("#room-settings")
	c.fill("#room-editor [name=name]", "Stage two")
	c.fill("#room-editor [name=timezone]", "Nowhere/Land")
	c.press("#room-editor .main")
	c.wait(`/time zone/.test(document.querySelector('#room-editor .refusal').textContent)`)
	c.fill("#room-editor [name=timezone]", "Asia/Tokyo")
	c.fill("#room-editor [name=color_normal]", "#123456")
	c.press("#room-editor .main")
	c.shows("#room-name", "Stage two")
	tokyo := time.FixedZone("Tokyo", 9*3600)
	eventually(t, "the clock of Tokyo", func() bool {
		shown := eval[string](c, `document.querySelector('#clock').textContent`)
		now := time.Now().In(tokyo)
		return shown == now.Format("15:04:05") || shown == now.Add(-time.Second).Format("15:04:05")
	})
}

func TestRoll(t *testing.T) {
	s := startStage(t)
	s.call("PUT", "/api/v1/rooms/"+s.code, `{"timezone":"Etc/UTC"}`)
	c := startBrowser(t, "en-US").open(t, s.page("controller"), 1024, 768, "")
	c.shows("#roll-state", "Follow the clock")
	c.press("#roll")
	c.wait(`toast.checkVisibility() && /planned start/.test(toast.textContent) && !roll.checked`)
	// A show that began at midnight and lasts two days: it is always on.
	s.setTimer(0, `{"start_at":"00:00:00","duration_ms":172800000}`)
	c.press("#roll")
	s.state("running")
	c.wait(`roll.checked && /^Follows the clock/.test(document.querySelector('#roll-state').textContent)`)
	c.press("#roll")
	c.shows("#roll-state", "Follow the clock")
}

func TestLooks(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	index := b.open(t, s.URL+"/", 1280, 800, "")
	index.press("#new-look")
	index.fill("#look-name", "Dark One")
	index.press("#look-form .main")
	index.wait(`/1 to 40/.test(document.querySelector('#look-refusal').textContent)`)
	index.fill("#look-name", "dark")
	index.fill("#look-background", "00ff00")
	index.press(`[data-param="hide=header"]`)
	index.press(`[data-param="hide=controls"]`)
	index.fill("#look-css", "#digits { color: rgb(1, 2, 3); }")
	index.wait(`(d => d?.querySelector('#digits')?.textContent === '5:00' && getComputedStyle(d.querySelector('#digits')).color === 'rgb(1, 2, 3)' &&
		getComputedStyle(d.documentElement).backgroundColor === 'rgb(0, 255, 0)')(document.querySelector('#look-preview').contentDocument)`)
	index.press("#look-form .main")
	index.shows("#looks button", "dark")
	var told struct {
		Presets []struct{ Name, Params, CSS string }
	}
	s.get("/api/v1/presets", &told)
	if len(told.Presets) != 1 || told.Presets[0].Params != "background=00ff00&hide=controls,header" && told.Presets[0].Params != "background=00ff00&hide=header,controls" {
		t.Errorf("%+v", told)
	}

	v := b.open(t, s.viewer("preset=dark"), 1280, 720, "")
	own := b.open(t, s.viewer("preset=dark&background=transparent"), 1280, 720, "")
	overlay := b.open(t, s.URL+"/overlay/timer?preset=dark", 1280, 720, "")
	for _, p := range []*tab{v, own, overlay} {
		p.wait(`document.querySelector('#digits').textContent === '5:00' && getComputedStyle(document.querySelector('#digits')).color === 'rgb(1, 2, 3)'`)
	}
	background := `getComputedStyle(document.documentElement).backgroundColor`
	v.wait(background + ` === 'rgb(0, 255, 0)' && !title.checkVisibility()`)
	own.wait(background + ` === 'rgba(0, 0, 0, 0)'`)
	overlay.wait(background + ` === 'rgb(0, 255, 0)'`)

	// What is changed shows at once: a style sheet without loading the page anew.
	v.exec(`globalThis.kept = true`)
	s.call("PUT", "/api/v1/presets/dark", `{"css":"#digits { color: rgb(4, 5, 6); }"}`)
	for _, p := range []*tab{v, overlay} {
		p.wait(`getComputedStyle(document.querySelector('#digits')).color === 'rgb(4, 5, 6)'`)
	}
	v.wait(`kept && document.querySelectorAll('link[data-preset]').length === 1`)
	s.call("PUT", "/api/v1/presets/dark", `{"params":"progress=ring"}`)
	v.wait(`document.querySelector('#ring')?.checkVisibility() && ` + background + ` !== 'rgb(0, 255, 0)'`)
	for _, p := range []*tab{v, own, overlay} {
		p.tolerate("Failed to load resource")
	}
	s.call("DELETE", "/api/v1/presets/dark", "")
	v.wait(`document.querySelector('#bar')?.checkVisibility() && document.querySelector('link[data-preset]') === null`)
	index.wait(`document.querySelector('#looks button') === null`)
}

func TestRoomsAreMadeOnTheFrontPage(t *testing.T) {
	s := startStage(t)
	index := startBrowser(t, "pt-BR,pt").open(t, s.URL+"/", 1280, 800, "")
	index.press("#new-room")
	index.fill("#room-editor [name=name]", "Estúdio")
	index.fill("#room-editor [name=timezone]", "America/Sao_Paulo")
	index.press("#room-editor .main")
	index.shows(".room:nth-child(2) .room-name", "Estúdio")
	index.wait(`!document.querySelector('#room-editor').open`) // its other fields are kept too
	index.press(".room:nth-child(2) .settings")
	index.wait(`document.querySelector('#room-editor [name=timezone]').value === 'America/Sao_Paulo'`)
	index.twice("#room-editor [data-key=remove]")
	index.wait(`document.querySelectorAll('.room').length === 1`)
	index.tolerate("Failed to load resource")
	index.press(".room .settings")
	index.twice("#room-editor [data-key=remove]")
	index.wait(`document.querySelector('#room-editor .refusal').checkVisibility()`) // the last one stays
}

// TestPagesCanBeInstalled asks Chromium, on this computer and so in a secure context.
func TestPagesCanBeInstalled(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	for _, name := range []string{"controller", "viewer", "ask"} {
		v := b.open(t, strings.Replace(s.page(name), "127.0.0.1", "localhost", 1), 1280, 800, "")
		v.wait(`link.dataset.state === 'live' && document.querySelector('link[rel=manifest]')`)
		var manifest page.GetAppManifestResult
		var told page.GetInstallabilityErrorsResult
		run(v, chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
			if manifest, err = cdp.Call(ctx, target, page.GetAppManifest, page.GetAppManifestParams{}); err != nil {
				return err
			}
			told, err = cdp.Call(ctx, target, page.GetInstallabilityErrors, cdp.Empty{})
			return err
		}))
		if len(manifest.Errors) > 0 || !strings.Contains(manifest.Data, `"start_url":"/r/`+s.code+"/"+name+`"`) {
			t.Errorf("%s: the manifest: %v %s", name, manifest.Errors, manifest.Data)
		}
		for _, reason := range told.InstallabilityErrors {
			t.Errorf("%s cannot be installed: %s %v", name, reason.ErrorID, reason.ErrorArguments)
		}
	}
}

// TestCuesMakeSounds: what a cue sounds is heard on pages that have sound switched
// on, and a browser that wants a touch first says so.
func TestCuesMakeSounds(t *testing.T) {
	s := startStage(t)
	s.setTimer(0, `{"sound_start":"bell","sound_zero":"gong"}`)
	b := startBrowser(t, "en-US")
	v := b.open(t, s.viewer("sound"), 1280, 720, "")
	silent := b.open(t, s.viewer(""), 1280, 720, "")
	v.tolerate("AudioContext was not allowed") // Chromium's way to say what the badge says
	v.shows(".tap-for-sound", "Tap for sound")
	if silent.visible(".tap-for-sound") {
		t.Error("a page without sound asks for a touch")
	}
	v.click("#viewer")
	v.wait(`!document.querySelector('.tap-for-sound').checkVisibility() && document.documentElement.dataset.sounds === '0'`)
	s.act("set_time", `,"value":1500`)
	s.act("play", "")
	v.wait(`document.documentElement.dataset.sounds === '2'`) // the bell, and the gong in place of the beeps
	silent.wait(`document.querySelector('#digits').textContent.startsWith('+')`)
	silent.wait(`document.documentElement.dataset.sounds === '0'`)
}
