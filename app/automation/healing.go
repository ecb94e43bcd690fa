// Package automation decides what Cuewire does by itself: events in, commands out.
package automation

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"cuewire/app"
)

// Pauses of self-healing.
const (
	silent     app.Millis = 5_000  // a page that is shown and not heard for so long is refreshed
	mostPause  app.Millis = 60_000 // between two refreshes of one source that stays silent
	heartbeat  app.Millis = 1_500  // a page that lives is heard more often than that
	lookPause             = time.Second
	idlePause             = 5 * time.Second
	askTimeout            = 5 * time.Second
)

// Page is a page of ours that has said hello from within OBS.
type Page struct {
	URL   string      // its address as the page itself knows it
	Heard app.Instant // when it was last heard
}

// Refresh is one browser source that is to be refreshed.
type Refresh struct {
	Input  string
	Try    int        // 1 for the first in a row
	Silent app.Millis // for how long the page has not been heard
}

// Healing decides which of OBS's browser sources show a page of ours that is not
// alive. It is pure: no clock, no goroutine, no lock.
type Healing struct {
	// Ours reports whether an address is one that this Cuewire serves. A foreign page
	// is never touched.
	Ours func(*url.URL) bool

	sources map[string]*patient // by input name
}

// patient is what is known of one source that shows a page of ours.
type patient struct {
	url   string
	since app.Instant // when it was last heard, or first seen showing
	alive bool        // at the last step
	tries int
	next  app.Instant // not refreshed again before
}

// Step takes what is true now and returns what to refresh. A source that is not
// showing, that was just changed, or whose page was heard within 5 s is left alone.
// One that stays silent is refreshed with growing pauses. Where several sources
// show one address and fewer pages are heard, it cannot be told which is dead:
// all of them are refreshed.
func (h *Healing) Step(now app.Instant, sources []app.OBSBrowserSource, pages []Page) []Refresh {
	alive, last := h.alive(now, pages)
	showing := map[string]int{} // sources, by address
	for _, s := range sources {
		if key, ours := h.key(s.URL); ours && s.Showing {
			showing[key]++
		}
	}
	known := h.sources
	h.sources = map[string]*patient{}
	var due []Refresh
	for _, s := range sources {
		key, ours := h.key(s.URL)
		if !ours || !s.Showing {
			continue
		}
		p := known[s.Input]
		if p == nil || p.url != key {
			p = &patient{url: key, since: now}
		}
		h.sources[s.Input] = p
		if alive[key] >= showing[key] {
			p.alive, p.since, p.tries, p.next = true, last[key], 0, 0
			continue
		}
		p.alive = false
		if quiet := now.Sub(p.since); quiet >= silent && now >= p.next {
			p.tries++
			p.next = now.Add(pause(p.tries))
			due = append(due, Refresh{s.Input, p.tries, quiet})
		}
	}
	return due
}

// Waiting reports whether a source was not alive at the last step, which was at
// now, or may not be any more: then the next one should come soon.
func (h *Healing) Waiting(now app.Instant) bool {
	for _, p := range h.sources {
		if !p.alive || now.Sub(p.since) > heartbeat {
			return true
		}
	}
	return false
}

// alive counts, by address, the pages that were heard within the time allowed, and
// tells when the last one was.
func (h *Healing) alive(now app.Instant, pages []Page) (count map[string]int, last map[string]app.Instant) {
	count, last = map[string]int{}, map[string]app.Instant{}
	for _, p := range pages {
		if key, ours := h.key(p.URL); ours && now.Sub(p.Heard) < silent {
			count[key]++
			last[key] = max(last[key], p.Heard)
		}
	}
	return count, last
}

// key returns what is the same for a source and for the page that it shows, and
// whether the address is ours to heal: streamers' own overlays need not tell us that
// they live. Host and port do not count: ours are many.
func (h *Healing) key(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || !h.Ours(u) || strings.HasPrefix(u.Path, "/overlay/my/") {
		return "", false
	}
	u = app.Destination(u)
	return strings.TrimSuffix(u.Path, "/") + "?" + u.Query().Encode(), true
}

// pause returns how long to wait after so many refreshes in a row.
func pause(tries int) app.Millis {
	return min(silent<<min(tries, 10), mostPause)
}

// Core is the part of app.Core that a Healer needs.
type Core interface {
	Tell(ctx context.Context, fact app.Command) error
	Snapshot() *app.Snapshot
	Now() app.Instant
}

// Healer heals the browser sources of OBS for as long as it runs.
type Healer struct {
	Core  Core
	OBS   app.OBS
	Ours  func(*url.URL) bool // whether an address is one that this Cuewire serves
	Pages func() []Page       // those that are connected from within OBS now
	Log   *slog.Logger        // slog.Default when nil
}

// Run heals until ctx ends, and then returns nil. It tells of each refresh with an
// app.OBSBrowserRefreshed event.
func (h *Healer) Run(ctx context.Context) error {
	if h.Log == nil {
		h.Log = slog.Default()
	}
	healing := &Healing{Ours: h.Ours}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil
		}
		pause := lookPause
		if !h.Core.Snapshot().OBS.Connected() {
			healing = &Healing{Ours: h.Ours} // an OBS that comes back loads its pages by itself
		} else if !h.look(ctx, healing) {
			pause = idlePause
		}
		timer.Reset(pause)
	}
}

// look takes one step and carries it out. It reports whether a source is silent.
func (h *Healer) look(ctx context.Context, healing *Healing) bool {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	answer, err := h.OBS.DoOBS(ctx, app.ListBrowserSources{})
	if err != nil {
		h.Log.Debug("browser sources cannot be listed", "err", err)
		return false
	}
	sources, _ := answer.([]app.OBSBrowserSource)
	now := h.Core.Now()
	for _, r := range healing.Step(now, sources, h.Pages()) {
		if _, err := h.OBS.DoOBS(ctx, app.RefreshBrowserSource{Input: r.Input}); err != nil {
			h.Log.Warn("a blank browser source cannot be refreshed", "input", r.Input, "err", err)
			continue
		}
		h.Log.Info("blank browser source refreshed", "input", r.Input, "try", r.Try)
		h.Core.Tell(ctx, app.OBSNoticeFact{Event: app.OBSBrowserRefreshed{InputName: r.Input, Attempt: r.Try, Silent: r.Silent}})
	}
	return healing.Waiting(now)
}
