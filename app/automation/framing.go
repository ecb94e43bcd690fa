package automation

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"cuewire/app"
)

// The bounds of asking a page whether it may be framed.
const (
	framingPatience = 5 * time.Second
	framingHops     = 3
	framingAtOnce   = 4
	framingHeader   = 64 << 10
)

// framingAgent is what Chromium in OBS calls itself: some sites answer nobody else.
const framingAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36"

// Framer finds out of each new source, and of each whose URL has changed, whether
// its page lets itself be framed, and tells it as [app.SetFraming]. Nobody waits
// for it.
type Framer struct {
	Core app.Core
	// Page is the origin of the combined page, "http://127.0.0.1:3000".
	Page func() string
	// Ours reports whether we serve an address; those are not asked.
	Ours func(*url.URL) bool
	Log  *slog.Logger // slog.Default when nil
}

// Run asks until ctx ends or the core does, and then returns nil.
func (f *Framer) Run(ctx context.Context) error {
	if f.Log == nil {
		f.Log = slog.Default()
	}
	client := f.client()
	defer client.CloseIdleConnections()
	var asking sync.WaitGroup
	defer asking.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	room := make(chan struct{}, framingAtOnce)
	asked := map[string]question{} // by source
	f.consider(ctx, f.Core.Snapshot(), asked, room, client, &asking)
	stream := f.Core.Watch()
	defer stream.Close()
	for {
		update, err := stream.Next(ctx)
		if err != nil {
			return nil
		}
		f.consider(ctx, update.Snapshot, asked, room, client, &asking)
	}
}

// question is what was, or is being, asked of a page. Without an answer it is asked
// once more when the source is activated.
type question struct {
	url    string
	active bool
}

// consider begins to ask what has not been asked.
func (f *Framer) consider(ctx context.Context, snap *app.Snapshot, asked map[string]question, room chan struct{}, client *http.Client, asking *sync.WaitGroup) {
	there := make(map[string]bool, len(snap.Sources.List))
	for _, s := range snap.Sources.List {
		there[s.ID] = true
		now := question{s.URL, s.Active || asked[s.ID].active}
		if s.Framing.State != app.FramingUnknown || asked[s.ID] == now {
			continue
		}
		asked[s.ID] = now
		asking.Go(func() {
			select {
			case room <- struct{}{}:
				defer func() { <-room }()
			case <-ctx.Done():
				return
			}
			found := f.ask(ctx, client, s.URL)
			if ctx.Err() != nil {
				return
			}
			if err := f.Core.Tell(ctx, app.SetFraming{ID: s.ID, URL: s.URL, Framing: found}); err != nil {
				f.Log.Debug("nobody was told about a page", "err", err)
			}
		})
	}
	for id := range asked {
		if !there[id] {
			delete(asked, id)
		}
	}
}

// The findings.
func framingUnknown(key, reason string) app.Framing {
	return app.Framing{State: app.FramingUnknown, Key: "sources.framing." + key, Reason: reason}
}

func framingRefused(key, reason string) app.Framing {
	return app.Framing{State: app.FramingRefused, Key: "sources.framing." + key, Reason: reason}
}

// errOwnAddress ends a request that would come back to ourselves.
type errOwnAddress struct{}

func (errOwnAddress) Error() string { return "that is an address of ours" }

// client goes where a page leads, but not to ourselves, and keeps nothing.
func (f *Framer) client() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxResponseHeaderBytes = framingHeader
	transport.DisableKeepAlives = true
	return &http.Client{
		Transport: transport,
		Timeout:   framingPatience,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			switch {
			case len(via) > framingHops:
				return http.ErrUseLastResponse
			case f.Ours(r.URL):
				return errOwnAddress{}
			}
			return nil
		},
	}
}

// ask asks a page whether the combined page may frame it. It reads the answer's
// header alone.
func (f *Framer) ask(ctx context.Context, client *http.Client, address string) app.Framing {
	if strings.HasPrefix(address, "/") {
		return app.Framing{State: app.FramingAllowed}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return framingRefused("noWebPage", "A file cannot be shown inside a web page. Show this source the own way.")
	}
	if f.Ours(u) {
		return app.Framing{State: app.FramingAllowed}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return framingUnknown("unreachable", "The page could not be reached, so nobody knows yet whether it can be combined. Try it out, or activate the source again when the internet is there.")
	}
	request.Header.Set("User-Agent", framingAgent)
	request.Header.Set("Accept", "text/html,*/*;q=0.8")
	request.Header.Set("Sec-Fetch-Dest", "iframe")
	request.Header.Set("Sec-Fetch-Mode", "navigate")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := client.Do(request)
	if err != nil {
		f.Log.Debug("a page could not be asked whether it may be framed", "host", u.Host)
		return framingUnknown("unreachable", "The page could not be reached, so nobody knows yet whether it can be combined. Try it out, or activate the source again when the internet is there.")
	}
	_ = response.Body.Close() // it was not read
	return judgeFraming(response.StatusCode, response.Header, f.Page())
}

// judgeFraming reads an answer as a browser does that is to frame it into a page
// of the origin page: frame-ancestors counts, X-Frame-Options where there is none.
func judgeFraming(status int, header http.Header, page string) app.Framing {
	switch {
	case status >= 300 && status < 400:
		return framingUnknown("redirects", "The page leads on more than three times. Take the address at the end of it, as the browser's address bar shows it.")
	case status >= 400:
		return framingUnknown("error", "The page answered with an error. Check its address; whether it can be combined is not known yet.")
	}
	said := false
	for _, policies := range header.Values("Content-Security-Policy") {
		for policy := range strings.SplitSeq(policies, ",") {
			ancestors, has := frameAncestors(policy)
			if has && !allowsAncestor(ancestors, page) {
				return framingRefused("refused", "The page does not let itself be shown inside another one. Show this source the own way.")
			}
			said = said || has
		}
	}
	if said {
		return app.Framing{State: app.FramingAllowed}
	}
	for _, values := range header.Values("X-Frame-Options") {
		for value := range strings.SplitSeq(values, ",") {
			switch strings.ToUpper(strings.TrimSpace(value)) {
			case "DENY", "SAMEORIGIN": // other words a browser does not know, and lets be
				return framingRefused("refused", "The page does not let itself be shown inside another one. Show this source the own way.")
			}
		}
	}
	return app.Framing{State: app.FramingAllowed}
}

// frameAncestors returns the sources of a policy's first frame-ancestors.
func frameAncestors(policy string) (sources []string, has bool) {
	for directive := range strings.SplitSeq(policy, ";") {
		if words := strings.Fields(directive); len(words) > 0 && strings.EqualFold(words[0], "frame-ancestors") {
			return words[1:], true
		}
	}
	return nil, false
}

// allowsAncestor reports whether a page of that origin is among the sources. 'self'
// is another's, 'none' and what cannot be read is nobody.
func allowsAncestor(sources []string, page string) bool {
	origin, err := url.Parse(page)
	if err != nil {
		return false
	}
	for _, source := range sources {
		source = strings.ToLower(source)
		if source == "*" || source == origin.Scheme+":" {
			return true
		}
		scheme, host, found := strings.Cut(source, "://")
		if !found {
			scheme, host = origin.Scheme, source
		}
		host, _, _ = strings.Cut(host, "/")
		name, port := host, ""
		if i := strings.LastIndex(host, ":"); i >= 0 && !strings.HasSuffix(host, "]") {
			name, port = host[:i], host[i+1:]
		}
		nameFits := name == "*" || name == origin.Hostname()
		if rest, wild := strings.CutPrefix(name, "*."); wild {
			nameFits = strings.HasSuffix(origin.Hostname(), "."+rest)
		}
		if scheme == origin.Scheme && nameFits && (port == "*" || port == portOf(origin)) {
			return true
		}
	}
	return false
}

// portOf returns an origin's port as a policy writes it, "" for its scheme's usual one.
func portOf(u *url.URL) string {
	if port := u.Port(); port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		return port
	}
	return ""
}
