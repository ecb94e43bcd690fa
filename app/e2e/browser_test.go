package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a Chromium of the test's own. It ends with the test.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// startBrowser starts a Chromium that asks for pages in the languages given, the
// most wanted first. A machine without one skips the test, unless CI is set.
func startBrowser(t *testing.T, languages string, further ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium: install the package chromium")
		}
		t.Skip("no Chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", languages), chromedp.WSURLReadTimeout(2*time.Minute),
	)
	options = append(options, further...)
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		cancel()
		cancelAllocator()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &browser{t, ctx}
}

// tab is a page in a browser. Whatever the page complains of, exceptions, console
// errors, content that was blocked or not found, fails the test.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex // guards what follows
	complaints []string
	tolerated  []string
}

// open opens a page of a size in a tab of its own. before runs ahead of the page's
// own scripts.
func (b *browser) open(t *testing.T, url string, width, height int64, before string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	p := &tab{t: t, ctx: ctx}
	t.Cleanup(func() {
		cancel()
		if complaints := p.heard(); len(complaints) > 0 {
			t.Errorf("%s complains:\n%s", url, strings.Join(complaints, "\n"))
		}
	})
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	prepare := chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		if _, err := cdp.Call(ctx, target, cdplog.Enable, cdp.Empty{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: before})
		return err
	})
	err := chromedp.Do(ctx, prepare, chromedp.EmulateViewport(width, height), chromedp.Navigate(url))
	if err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	return p
}

func (p *tab) listen(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = "exception: " + fmt.Sprintf("%s %s", e.ExceptionDetails.Text, describe(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			complaint = "console:"
			for _, arg := range e.Args {
				complaint += " " + describe(arg)
			}
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			complaint = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	}
	if complaint != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.complaints = append(p.complaints, complaint)
	}
}

// describe returns a value of the page as text.
func describe(value *runtime.RemoteObject) string {
	switch {
	case value == nil:
		return ""
	case value.Description != "":
		return value.Description
	default:
		return string(value.Value)
	}
}

// heard returns the complaints that are not tolerated.
func (p *tab) heard() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.complaints), func(complaint string) bool {
		return slices.ContainsFunc(p.tolerated, func(part string) bool { return strings.Contains(complaint, part) })
	})
}

// tolerate lets complaints pass that hold one of parts.
func (p *tab) tolerate(parts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tolerated = append(p.tolerated, parts...)
}

// tolerateOutage lets pass what Chromium says of a server that is not there.
func (p *tab) tolerateOutage() { p.tolerate("WebSocket connection to", "Failed to load resource") }

// run runs a browser action.
func run[T any](p *tab, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, slow)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatal(err)
	}
	return value
}

// eval returns the value of a JavaScript expression; promises are waited for.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	return run(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// exec runs JavaScript.
func (p *tab) exec(script string) {
	p.t.Helper()
	run(p, chromedp.Evaluate[chromedp.Void](script, chromedp.EvalAwaitPromise))
}

// wait waits until a JavaScript expression is true.
func (p *tab) wait(expression string) {
	p.t.Helper()
	defer func() {
		if p.t.Failed() {
			ctx, cancel := context.WithTimeout(p.ctx, slow)
			defer cancel()
			text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
			p.mu.Lock()
			defer p.mu.Unlock()
			p.t.Logf("the page shows %q %v; it complained of %q", text, err, p.complaints)
		}
	}()
	eventually(p.t, expression, func() bool {
		ctx, cancel := context.WithTimeout(p.ctx, slow)
		defer cancel()
		so, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")", chromedp.EvalAwaitPromise))
		if err != nil && strings.Contains(err.Error(), "navigated") {
			return false // the page was left while we asked
		}
		if err != nil {
			p.t.Fatalf("%s: %v", expression, err)
		}
		return so
	})
}

// shows waits until an element is visible and holds exactly the text.
func (p *tab) shows(selector, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("(e => e && e.checkVisibility() && e.textContent === %s)(document.querySelector(%q))", quote(text), selector))
}

// visible reports whether an element takes part in the page's layout.
func (p *tab) visible(selector string) bool {
	p.t.Helper()
	return eval[bool](p, fmt.Sprintf("document.querySelector(%q)?.checkVisibility({visibilityProperty: true}) === true", selector))
}

// quote returns text as a JavaScript string.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can always be encoded
	}
	return string(quoted)
}
