package wsserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cuewire/app"
)

// Limits bound what clients may use. Zero is the default. Those of an address do
// not count this computer's programs, which share one; an IPv6 /64 is one address.
type Limits struct {
	Connections        int // WebSocket connections in all, 20,000
	PerAddress         int // of them from one other computer, 200
	Requests           int // TCP connections that are not, or not yet, WebSocket ones, 4,096
	RequestsPerAddress int // of them from one other computer, 256
	Backlog            int // bytes that may wait for one client, 1 MiB
	Messages           int // of a connection in any 10 s, where its protocol counts by connection; as that says, 1,000
	Incoming           int // bytes a second that are read from one WebSocket connection, 1 MiB; eight times as many at once
	Pings              int // a second that are answered to one connection, 100; ten times as many at once
	Strangers          int // requests to /api from one other computer without a token in any 15 min, 100
	Devices            int // requests to /api of one token in any minute, 600

	HeaderWait time.Duration // for a request's header, 10 s
	BodyWait   time.Duration // for header and body together, 30 s
}

func (l Limits) withDefaults() Limits {
	for _, n := range l.named() {
		if *n.value <= 0 {
			*n.value = n.fallback
		}
	}
	if l.HeaderWait <= 0 {
		l.HeaderWait = 10 * time.Second
	}
	if l.BodyWait <= 0 {
		l.BodyWait = 30 * time.Second
	}
	return l
}

type namedLimit struct {
	value    *int
	fallback int
}

// named are the limits that the command line can set, by the names that it has for them.
func (l *Limits) named() map[string]namedLimit {
	return map[string]namedLimit{
		"connections":          {&l.Connections, 20_000},
		"connections-per-host": {&l.PerAddress, 200},
		"requests":             {&l.Requests, 4_096},
		"requests-per-host":    {&l.RequestsPerAddress, 256},
		"backlog":              {&l.Backlog, 1 << 20},
		"messages":             {&l.Messages, 0},
		"incoming":             {&l.Incoming, 1 << 20},
		"pings":                {&l.Pings, 100},
		"api-strangers":        {&l.Strangers, 100},
		"api-devices":          {&l.Devices, 600},
	}
}

// LimitNames lists the names that ParseLimits knows, in order.
func LimitNames() []string { return slices.Sorted(maps.Keys((&Limits{}).named())) }

// ParseLimits returns the limits of these names, the others as they are by default. The
// error is for a person.
func ParseLimits(numbers map[string]int) (Limits, error) {
	var l Limits
	known := l.named()
	for _, name := range slices.Sorted(maps.Keys(numbers)) {
		limit, ok := known[name]
		if !ok {
			return l, fmt.Errorf("there is no limit %q; there are %s", name, strings.Join(LimitNames(), ", "))
		}
		if numbers[name] < 1 {
			return l, fmt.Errorf("the limit %s must be at least 1", name)
		}
		*limit.value = numbers[name]
	}
	return l, nil
}

// ofDialect is what a connection of a dialect may do: what its protocol says, but for
// what the configuration says otherwise.
func (l Limits) ofDialect(published app.Limits) app.Limits {
	if published.Messages > 0 && !published.Personal && l.Messages > 0 {
		published.Messages = l.Messages
	}
	return published
}
