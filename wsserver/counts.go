package wsserver

import (
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"cuewire/app"
)

// closedBy is why a connection ended.
type closedBy int

const (
	closedBroken    closedBy = iota // without a close frame of either side
	closedByClient                  // it said goodbye
	closedSlow                      // what waited for it outgrew its queue
	closedSilent                    // nothing was heard for too long
	closedToken                     // its token is good no more
	closedStopping                  // Cuewire is stopping
	closedRestored                  // a backup was restored
	closedByDialect                 // by the rules of its protocol
	closedProtocol                  // frames that RFC 6455 does not allow, or that are not text
	closedTooBig                    // a message that is too long
	closedFault                     // a fault of ours
	closedReasons                   // how many there are
)

var closedNames = [closedReasons]string{
	"broken", "client", "slow", "silent", "token", "stopping", "restored", "dialect", "protocol", "too_big", "fault",
}

var parted = map[app.Parting]closedBy{
	app.PartStopping: closedStopping, app.PartSilent: closedSilent, app.PartSlow: closedSlow, app.PartUnknown: closedToken,
	app.PartRestored: closedRestored,
}

// reasonOf returns the reason that a close code of the server's own stands for.
func reasonOf(code int) closedBy {
	switch code {
	case closeUnsupported, closeInvalidText, closeProtocol:
		return closedProtocol
	case closeTooBig:
		return closedTooBig
	case closeFault:
		return closedFault
	}
	return closedByDialect
}

// deskCounts is what a broadcaster counts.
type deskCounts struct {
	opened, frames, bytes atomic.Uint64
	closed                [closedReasons]atomic.Uint64
}

// wrote counts frames that were handed to the system.
func (d *deskCounts) wrote(frames, bytes int) {
	d.frames.Add(uint64(frames))
	d.bytes.Add(uint64(bytes))
}

// The routes that have no pattern of their own.
const (
	routeNone    = "none"    // nothing is there
	routeRefused = "refused" // before it was asked what is there
)

// answers counts the answers to requests by route and class. The routes are known
// before the first request, so that no visitor can make up new ones.
type answers struct{ routes map[string]*[5]app.Durations }

func (a *answers) init(patterns map[string][]string) {
	a.routes = map[string]*[5]app.Durations{routeNone: {}, routeRefused: {}}
	for pattern := range patterns {
		a.routes[pattern] = new([5]app.Durations)
	}
}

// add counts an answer; status 0 is 200.
func (a *answers) add(pattern string, status int, took time.Duration) {
	if pattern == "" {
		pattern = routeRefused
	}
	route, known := a.routes[pattern]
	if !known {
		route = a.routes[routeNone]
	}
	class := 1
	if status >= 100 && status < 600 {
		class = status/100 - 1
	}
	route[class].Add(took)
}

var classes = [5]string{"1xx", "2xx", "3xx", "4xx", "5xx"}

// Counts returns what the server has counted since it was made. It may be called
// from any goroutine.
func (s *Server) Counts() app.ServerCounts {
	var c app.ServerCounts
	s.load.mu.Lock()
	c.MessagesIn = s.load.said
	s.load.mu.Unlock()
	for _, d := range s.desks {
		d.mu.Lock()
		dialect := app.DialectCounts{Dialect: d.name, Open: d.here, Closed: map[string]uint64{}}
		d.mu.Unlock()
		dialect.Opened, dialect.FramesOut, dialect.BytesOut = d.counts.opened.Load(), d.counts.frames.Load(), d.counts.bytes.Load()
		for why, name := range closedNames {
			dialect.Closed[name] = d.counts.closed[why].Load()
		}
		c.Dialects = append(c.Dialects, dialect)
	}
	for _, route := range slices.Sorted(maps.Keys(s.answered.routes)) {
		for class := range classes {
			if took := s.answered.routes[route][class].Read(); took.Count > 0 {
				c.Routes = append(c.Routes, app.RouteCounts{Route: route, Class: classes[class], Took: took})
			}
		}
	}
	return c
}
