package metrics

import (
	"slices"
	"strings"
	"time"

	"cuewire/app"
)

const (
	forgetAfter = 10 * time.Second                       // a figure unknown for so long ends its alerts
	longestStep = (app.RestingSeconds + 2) * time.Second // between two samples; more was sleep, or a busy engine
)

// watcher holds moments against the rules. It is told of each moment once, in order.
type watcher struct {
	states map[string]*watched // by rule
}

// watched is where a rule stands.
type watched struct {
	rule    app.AlertRule
	active  bool
	last    float64       // value that was known last
	held    time.Duration // for how long the value has asked for a change without a break
	asks    bool          // the value asked for a change at the last moment
	unknown time.Duration // for how long the value has not been known
}

// step returns what began and what ended, in the order of the rules. elapsed is the
// time since the moment before. Rules that are gone or switched off end at once.
func (w *watcher) step(m *moment, rules []app.AlertRule, elapsed time.Duration) []app.Alert {
	if w.states == nil {
		w.states = map[string]*watched{}
	}
	elapsed = min(elapsed, longestStep)
	var told []app.Alert
	for id, s := range w.states {
		if !slices.ContainsFunc(rules, func(r app.AlertRule) bool { return r.ID == id && r.Enabled && r.Metric == s.rule.Metric }) {
			if s.active {
				told = append(told, ended(m, s.rule, s.last))
			}
			delete(w.states, id)
		}
	}
	slices.SortFunc(told, func(a, b app.Alert) int { return strings.Compare(a.RuleID, b.RuleID) })
	for _, rule := range rules {
		metric, known := rule.Metric.Info()
		if !rule.Enabled || !known {
			continue
		}
		s := w.states[rule.ID]
		if s == nil {
			s = &watched{}
			w.states[rule.ID] = s
		}
		s.rule = rule
		value, known := m.figures[rule.Metric]
		switch {
		case !known:
			if s.missed(elapsed) {
				told = append(told, ended(m, rule, s.last))
			}
		case s.turns(value, metric.Below, elapsed):
			if s.active {
				told = append(told, began(m, rule, value))
			} else {
				told = append(told, ended(m, rule, value))
			}
		}
	}
	return told
}

// missed notes that the value was not known, and reports whether that ends the alert.
func (s *watched) missed(elapsed time.Duration) bool {
	s.asks, s.held = false, 0
	s.unknown += elapsed
	if !s.active || s.unknown < forgetAfter {
		return false
	}
	s.active = false
	return true
}

// turns notes a value, and reports whether the alert begins or ends with it.
func (s *watched) turns(value float64, below bool, elapsed time.Duration) bool {
	s.last, s.unknown = value, 0
	bad, fine := value >= s.rule.Threshold, value <= s.rule.Clear
	if below {
		bad, fine = value <= s.rule.Threshold, value >= s.rule.Clear
	}
	asked := s.asks
	s.asks = bad
	if s.active {
		s.asks = fine && !bad
	}
	switch {
	case !s.asks:
		s.held = 0
		return false
	case asked:
		s.held += elapsed
	}
	if s.held < s.rule.Duration.Duration() {
		return false
	}
	s.active, s.asks, s.held = !s.active, false, 0
	return true
}

func began(m *moment, rule app.AlertRule, value float64) app.Alert {
	a := alertOf(rule, value, "")
	why := causeOf(rule.Metric, m)
	a.Active, a.Since, a.Cause = true, m.at, &why
	return a
}

func ended(m *moment, rule app.AlertRule, value float64) app.Alert {
	a := alertOf(rule, value, ".ended")
	a.ClearedAt = &m.at
	return a
}

func alertOf(rule app.AlertRule, value float64, ending string) app.Alert {
	metric, _ := rule.Metric.Info()
	key := "alert." + metric.Type + ending
	args := map[string]any{"Value": shown(value), "Threshold": shown(rule.Threshold)}
	return app.Alert{
		Type: metric.Type, Value: value, Threshold: rule.Threshold, Severity: rule.Severity, Source: metric.Source,
		Message: english(key, args), Key: key, Args: args, RuleID: rule.ID, Unit: metric.Unit,
	}
}
