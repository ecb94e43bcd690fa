package wsserver

import (
	"sync"

	"cuewire/app"
)

// deed is something that one person may do so often.
type deed int

const (
	deedOpen deed = iota
	deedMessage
	deedRequest
	deeds
)

// peopleRemembered is how many are held. Those who did nothing lately are forgotten; of
// more than so many, anybody.
const peopleRemembered = 4096

// people counts what each person did lately, on all connections together.
type people struct {
	mu   sync.Mutex // guards what follows
	seen map[string]*[deeds]window
	last app.Instant // when those were forgotten who did nothing lately
}

// admit counts a deed of a person, or returns how long until there may be one more.
func (p *people) admit(subject string, what deed, now app.Instant, n int, per app.Millis) (retry app.Millis) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now.Sub(p.last) > per || now < p.last {
		p.forgetLocked(now, per)
	}
	return p.ofLocked(subject)[what].admit(now, n, per)
}

// left returns how many more of a deed a person may do now, and in how long all of
// them may be done again.
func (p *people) left(subject string, what deed, now app.Instant, n int, per app.Millis) (more int, reset app.Millis) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.ofLocked(subject)[what]
	more = n
	for _, at := range w.times {
		if now.Sub(at) < per && at <= now {
			more--
			reset = max(reset, per-now.Sub(at))
		}
	}
	return max(0, more), reset
}

func (p *people) ofLocked(subject string) *[deeds]window {
	person := p.seen[subject]
	if person == nil {
		if p.seen == nil {
			p.seen = map[string]*[deeds]window{}
		}
		for other := range p.seen {
			if len(p.seen) < peopleRemembered {
				break
			}
			delete(p.seen, other) // anybody: the list is bounded whoever fills it
		}
		person = &[deeds]window{}
		p.seen[subject] = person
	}
	return person
}

func (p *people) forgetLocked(now app.Instant, per app.Millis) {
	p.last = now
	for subject, person := range p.seen {
		idle := true
		for _, w := range person {
			if n := len(w.times); n > 0 && now.Sub(w.times[n-1]) < per {
				idle = false
			}
		}
		if idle {
			delete(p.seen, subject)
		}
	}
}
