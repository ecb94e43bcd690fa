package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// watchDigits keeps every change of the viewer's digits: the text, and when it
// changed on the device's steady clock, as Unix ms.
const watchDigits = `
	globalThis.seen = [];
	new MutationObserver(() => {
		const text = document.querySelector('#digits').textContent;
		const at = performance.timeOrigin + performance.now();
		if (seen.at(-1)?.text !== text) seen.push({ text, at });
	}).observe(document.querySelector('#digits'), { childList: true, characterData: true, subtree: true });`

func TestViewerShowsTheTimer(t *testing.T) {
	s := startStage(t)
	v := startBrowser(t, "en-US").open(t, s.viewer(""), 1280, 720, "")
	v.shows("#title", "Welcome")
	v.shows("#digits", "5:00")
	v.shows("#play-state", "Stopped")
	v.wait(`document.querySelector('#next').checkVisibility()`)

	v.exec(watchDigits)
	s.act("play", "")
	v.wait(`seen.length >= 4`)
	s.act("pause", "")
	v.shows("#play-state", "Paused")
	last := 300
	for _, change := range eval[[]struct{ Text string }](v, `seen`) {
		if now := seconds(t, change.Text); now < last {
			last = now
		} else {
			t.Errorf("%s after %d seconds", change.Text, last)
		}
	}

	s.act("set_time", `,"value":119000`)
	v.shows("#digits", "1:59")
	v.wait(`viewer.dataset.zone === 'yellow'`)
	s.act("set_time", `,"value":1500`)
	s.act("play", "")
	v.wait(`viewer.dataset.zone === 'over' && digits.textContent.startsWith('+')`)
	v.shows("#play-state", "Overtime")
	v.wait(`/^\+\d:\d\d$/.test(digits.textContent) && digits.textContent !== '+0:00'`)
	s.act("next", "")
	v.shows("#title", "First talk")
}

func TestViewerAppearances(t *testing.T) {
	s := startStage(t)
	s.call("PUT", "/api/v1/rooms/"+s.code, `{"timezone":"Asia/Tokyo","color_normal":"#123456"}`)
	v := startBrowser(t, "en-US").open(t, s.viewer(""), 1280, 720, "")
	v.shows("#digits", "5:00")
	v.wait(`getComputedStyle(document.documentElement).getPropertyValue('--normal') === '#123456'`)

	s.setTimer(0, `{"appearance":"TOD","speaker":"Ana"}`)
	v.shows("#speaker", "Ana")
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the time in Tokyo", func() bool {
		before := time.Now()
		shown := eval[string](v, `digits.textContent`)
		for at := before.Add(-2 * time.Second); at.Before(time.Now().Add(time.Second)); at = at.Add(time.Second) {
			if shown == at.In(tokyo).Format("15:04:05") {
				return true
			}
		}
		return false
	})
	if v.visible("#bar") {
		t.Error("a time of day has a progress bar")
	}

	s.setTimer(0, `{"appearance":"COUNTUP"}`)
	v.shows("#digits", "0:00")
	s.act("play", "")
	v.wait(`/^\d:\d\d$/.test(digits.textContent) && digits.textContent !== '0:00'`)

	s.setTimer(0, `{"appearance":"HIDDEN"}`)
	v.wait(`!digits.checkVisibility()`)
	if !v.visible("#title") {
		t.Error("a hidden timer hides the title")
	}

	s.setTimer(0, `{"appearance":"COUNTDOWN","overtime_mode":"stop"}`)
	s.act("set_time", `,"value":1200`)
	v.shows("#digits", "0:00")
}

func TestViewerMessagesAndModes(t *testing.T) {
	s := startStage(t)
	v := startBrowser(t, "en-US").open(t, s.viewer(""), 1280, 720, "")
	v.shows("#digits", "5:00")
	made := s.call("POST", "/api/v1/rooms/"+s.code+"/messages",
		`{"text":"<b>$CURRENT_TITLE</b> then $NEXT_TITLE in $CURRENT_DURATION","color":"red","bold":true,"uppercase":true,"flash":true}`)
	if v.visible("#message") {
		t.Error("a message is shown that nobody showed")
	}
	s.act("show_message", fmt.Sprintf(`,"timer_id":%q`, made["id"]))
	v.shows("#message", "<b>Welcome</b> then First talk in 5:00")
	v.wait(`['bold', 'uppercase', 'flash'].every(name => message.classList.contains(name)) && message.dataset.color === 'red'`)
	v.wait(`message.scrollHeight <= message.parentElement.clientHeight`)

	s.act("focus", "")
	v.wait(`!digits.checkVisibility() && message.checkVisibility()`)
	s.act("stop_focus", "")
	v.wait(`digits.checkVisibility()`)
	s.act("hide_message", "")
	v.wait(`!message.checkVisibility()`)

	s.act("flash", "")
	v.wait(`viewer.getAnimations().length > 0`)
	s.act("stop_flash", "")
	v.wait(`viewer.getAnimations().length === 0`)
	s.act("blackout", "")
	v.wait(`!digits.checkVisibility({visibilityProperty: true}) && getComputedStyle(viewer).backgroundColor === 'rgb(0, 0, 0)'`)
	s.act("stop_blackout", "")
	v.wait(`digits.checkVisibility({visibilityProperty: true})`)

	// A room without timers says so, and still shows messages.
	for range 4 {
		s.call("DELETE", "/api/v1/rooms/"+s.code+"/timers/"+s.timerID(0), "")
	}
	v.wait(`notice.checkVisibility() && /no timers/.test(notice.innerText)`)
	s.act("show_message", fmt.Sprintf(`,"timer_id":%q`, made["id"]))
	v.wait(`message.checkVisibility() && !notice.checkVisibility() && !digits.checkVisibility()`)
}

func TestViewerParameters(t *testing.T) {
	s := startStage(t)
	made := s.call("POST", "/api/v1/rooms/"+s.code+"/messages", `{"text":"Wrap up","color":"yellow"}`)
	s.setTimer(0, `{"speaker":"Ana"}`)
	s.act("show_message", fmt.Sprintf(`,"timer_id":%q`, made["id"]))
	s.act("play", "")
	all := []string{"#title", "#speaker", "#digits", "#bar", "#ring", "#message", "#next", "#controls"}
	tests := []struct{ query, visible string }{
		{"", "#title #speaker #digits #bar #message #next #controls"},
		{"only=timer", "#digits"},
		{"only=progress", "#bar"},
		{"only=message", "#message"},
		{"hide=controls", "#title #speaker #digits #bar #message #next"},
		{"hide=header", "#digits #bar #message #next #controls"},
		{"hide=header,controls", "#digits #bar #message #next"},
		{"hide=header&hide=controls&progress=ring", "#digits #ring #message #next"},
		{"only=progress&progress=ring", "#ring"},
	}
	b := startBrowser(t, "en-US")
	for _, test := range tests {
		t.Run(test.query, func(t *testing.T) {
			v := b.open(t, s.viewer(test.query), 1280, 720, "")
			v.wait(`message.textContent === 'Wrap up' || document.querySelector('#digits').textContent !== ''`)
			v.wait(fmt.Sprintf(`document.querySelector(%q).checkVisibility()`, strings.Fields(test.visible)[0]))
			for _, selector := range all {
				want := strings.Contains(" "+test.visible+" ", " "+selector+" ")
				if got := v.visible(selector); got != want {
					t.Errorf("%s visible: %v", selector, got)
				}
			}
		})
	}
	t.Run("mirror", func(t *testing.T) {
		v := b.open(t, s.viewer("mirror"), 1280, 720, "")
		v.wait(`getComputedStyle(stage).transform === 'matrix(-1, 0, 0, 1, 0, 0)'`)
		v.exec(`dispatchEvent(new KeyboardEvent('keydown', { key: 'm' }))`)
		v.wait(`getComputedStyle(stage).transform === 'none'`)
	})
	t.Run("the digits fit every screen", func(t *testing.T) {
		for _, size := range [][2]int64{{1920, 1080}, {1280, 800}, {1024, 768}, {768, 1024}, {390, 844}, {844, 390}, {320, 180}} {
			v := b.open(t, s.viewer("hide=controls"), size[0], size[1], "")
			v.wait(`/:/.test(digits.textContent)`)
			v.wait(`(([d, box]) => d.left >= box.left && d.right <= box.right && (d.width > box.width * 0.6 || d.height > box.height * 0.9))(
				[digits, digits.parentElement].map(e => e.getBoundingClientRect()))`)
			v.wait(`document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight`)
		}
	})
}

func TestTransparentBackground(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	for _, path := range []string{"/r/" + s.code + "/viewer?background=transparent&hide=controls", "/overlay/obs"} {
		v := b.open(t, s.URL+path, 1280, 720, "")
		v.wait(`document.querySelector('#digits')?.textContent === '5:00' || document.querySelector('#phase')?.checkVisibility()`)
		for _, element := range []string{"documentElement", "body"} {
			if color := eval[string](v, `getComputedStyle(document.`+element+`).backgroundColor`); color != "rgba(0, 0, 0, 0)" {
				t.Errorf("%s: the background of %s is %s", path, element, color)
			}
		}
		run(v, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
			nothing := emulation.SetDefaultBackgroundColorOverrideParams{Color: &cdp.RGBA{A: 1e-6}} // 0 would not be sent
			_, err := cdp.Call(ctx, target, emulation.SetDefaultBackgroundColorOverride, nothing)
			return err
		}))
		picture := run(v, chromedp.CaptureScreenshot())
		img, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		clear, faint, shown := 0, 0, 0
		for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 4 {
			for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 4 {
				switch _, _, _, alpha := img.At(x, y).RGBA(); {
				case alpha == 0:
					clear++
				case alpha > 0x8000:
					shown++
				default:
					faint++
				}
			}
		}
		if clear < faint+shown || shown == 0 {
			t.Errorf("%s: %d points are clear, %d faint, %d solid", path, clear, faint, shown)
		}
	}
	v := b.open(t, s.viewer(""), 1280, 720, "")
	if color := eval[string](v, `getComputedStyle(document.documentElement).backgroundColor`); color == "rgba(0, 0, 0, 0)" {
		t.Error("the viewer is transparent without being asked to")
	}
}

// TestWrongDeviceClock opens viewers on devices whose clocks are wrong: each
// digit must change when the server's second does.
func TestWrongDeviceClock(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en-US")
	for _, off := range []int{0, 3_600_000, -3_600_000} {
		v := b.open(t, s.viewer(""), 640, 360, fmt.Sprintf(`
			const RealDate = Date;
			globalThis.Date = class extends RealDate {
				constructor(...args) { args.length ? super(...args) : super(RealDate.now() + %[1]d); }
				static now() { return RealDate.now() + %[1]d; }
			};`, off))
		v.shows("#digits", "5:00")
		v.exec(watchDigits)
		s.control = s.dial("/ws/" + s.code + "?output=controller") // hears nothing of the round before
		s.act("play", "")
		status := s.control.until("running", func(f frame) bool { return f["type"] == "playback_status" && f["state"] == "running" })
		left := status["duration_ms"].(float64) - status["elapsed_ms"].(float64)
		zero := status["server_time"].(float64) + left // on this computer's clock
		v.wait(`seen.length >= 6`)
		s.act("stop", "")
		var distances []float64
		for _, change := range eval[[]struct {
			Text string
			At   float64
		}](v, `seen.slice(0, 6)`) {
			distances = append(distances, change.At-(zero-float64(seconds(t, change.Text))*1000))
		}
		slices.Sort(distances)
		least, median, most := distances[0], distances[len(distances)/2], distances[len(distances)-1]
		t.Logf("device clock off by %d s: digits change %.1f ms after the server's second (median; %.1f to %.1f)", off/1000, median, least, most)
		// The figure is 17 ms, five times that is asserted, of the least: a busy machine makes late, never early.
		if math.Abs(least) > 85 {
			t.Errorf("device clock off by %d ms: changes at %v ms from the boundary", off, distances)
		}
	}
}

// seconds reads digits.
func seconds(t *testing.T, digits string) int {
	t.Helper()
	var m, s int
	if _, err := fmt.Sscanf(digits, "%d:%d", &m, &s); err != nil {
		t.Fatalf("digits %q: %v", digits, err)
	}
	return m*60 + s
}
