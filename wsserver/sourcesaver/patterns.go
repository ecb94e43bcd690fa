package sourcesaver

import (
	"slices"
	"strings"
)

// namespaces are what stands before the colon of an event's name.
var namespaces = []string{
	"sources", "obs", "scenes", "performance", "system", "timers", "rooms", "messages", "quickTimers", "clients",
	"auxTimers", "questions", "presets",
}

// audience is what a set of subscriptions comes to. Connections that want the same
// events are the same audience, however they asked for them.
type audience struct {
	all       bool   // *
	spaces    uint16 // ns:*, a bit for each of namespaces
	named     string // single events that spaces does not cover, sorted, "\n" around each
	heartbeat bool   // by name
	operator  bool   // may read speaker notes and questions, and know of other clients
	quick     owner  // whose quick timers it gets, where it wants them
}

// owner is whose quick timers somebody may see.
type owner struct {
	all     bool
	subject string
}

// wants reports whether the event goes to the audience. System events go to all.
func (a audience) wants(name string) bool {
	space, _, _ := strings.Cut(name, ":")
	if space == "system" {
		return name != heartbeat
	}
	if a.all {
		return true
	}
	bit := slices.Index(namespaces, space)
	return bit >= 0 && a.spaces&(1<<bit) != 0 || a.named != "" && strings.Contains(a.named, "\n"+name+"\n")
}

// audienceOf returns what the patterns, all valid, come to.
func audienceOf(patterns []string, operator bool, quick owner) audience {
	a := audience{operator: operator}
	var named []string
	for _, p := range patterns {
		space, event, _ := strings.Cut(p, ":")
		switch {
		case p == "*":
			a.all = true
		case p == heartbeat:
			a.heartbeat = true
		case event == "*":
			a.spaces |= 1 << slices.Index(namespaces, space)
		default:
			named = append(named, p)
		}
	}
	if a.all || a.spaces&(1<<slices.Index(namespaces, "quickTimers")) != 0 || slices.ContainsFunc(named, isQuick) {
		a.quick = quick
	}
	if a.all {
		a.spaces = 0
		return a
	}
	named = slices.DeleteFunc(named, audience{spaces: a.spaces}.wants)
	if len(named) > 0 {
		slices.Sort(named)
		a.named = "\n" + strings.Join(slices.Compact(named), "\n") + "\n"
	}
	return a
}

// validPattern reports whether p is *, ns:* or ns:event with a known namespace. The
// event itself need not be known.
func validPattern(p string) bool {
	if p == "*" {
		return true
	}
	space, event, ok := strings.Cut(p, ":")
	if !ok || len(p) > maxPatternLength || !slices.Contains(namespaces, space) {
		return false
	}
	return event == "*" || event != "" && !strings.ContainsFunc(event, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-' || r == '.')
	})
}

func isQuick(name string) bool { return strings.HasPrefix(name, "quickTimers:") }
