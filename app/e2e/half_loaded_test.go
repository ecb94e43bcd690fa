package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// lose has Chromium fail to fetch what matches, as when the network changes just then.
// Without patterns everything is there again.
func (p *tab) lose(patterns ...string) {
	p.t.Helper()
	var blocked network.SetBlockedURLsParams
	for _, pattern := range patterns {
		blocked.URLPatterns = append(blocked.URLPatterns, &network.BlockPattern{URLPattern: pattern, Block: true})
	}
	blocked.URLPatterns = append(blocked.URLPatterns, &network.BlockPattern{URLPattern: "*://*:*/*"})
	err := chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, network.SetBlockedURLs, blocked)
		return err
	}))
	if err != nil {
		p.t.Fatal(err)
	}
}

// A page of which a part could not be fetched is not left empty.
func TestAHalfLoadedPageLoadsAgain(t *testing.T) {
	s := startStage(t)
	b := startBrowser(t, "en")
	const scripts, styles = "*://*:*/assets/lib/*.js", "*://*:*/assets/style/*.css"
	for _, c := range []struct{ path, without, there string }{
		{"/", scripts, `document.querySelectorAll('.room .address').length > 0`},
		{"/sources", scripts, `document.querySelector('#main')?.hidden === false`},
		{"/pair?new", scripts, `document.querySelector('#main')?.hidden === false`},
		{"/r/" + s.code + "/viewer", scripts, `document.querySelector('#title')?.textContent === 'Welcome'`},
		{"/r/" + s.code + "/viewer", styles, `document.querySelector('#title')?.textContent === 'Welcome'`},
		{"/r/" + s.code + "/controller", scripts, `document.querySelector('[data-state]')?.dataset.state === 'live'`},
		{"/overlay/timer?room=" + s.code, scripts, `document.querySelector('#digits')?.textContent === '5:00'`},
		{"/overlay/combined", scripts, `true`},
	} {
		page := b.open(t, "about:blank", 1280, 800, "")
		page.tolerate("Failed to load resource")
		page.lose(c.without)
		page.exec(`location.assign(` + quote(s.URL+c.path) + `)`)
		page.wait(`document.readyState === 'complete' && location.host !== ''`)
		page.exec(`globalThis.first = true`)
		page.lose()
		page.wait(`globalThis.first === undefined && document.readyState === 'complete' && ` + c.there)
	}
}
