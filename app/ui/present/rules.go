package present

import (
	"slices"
	"strconv"
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// MetricName is the key of what a metric is called.
func MetricName(m app.Metric) string { return "perf.metric." + strings.ToLower(string(m)) }

// Severities are those to choose from.
var Severities = []app.Severity{app.SeverityInfo, app.SeverityWarning, app.SeverityCritical}

// RuleText says when the alert of a rule begins and ends.
func RuleText(w *i18n.Words, r app.AlertRule) string {
	info, _ := r.Metric.Info()
	key := "perf.rule.above"
	if info.Below {
		key = "perf.rule.below"
	}
	return w.T(key, map[string]any{
		"Threshold": plain(w, r.Threshold) + " " + info.Unit, "Clear": plain(w, r.Clear) + " " + info.Unit, "Seconds": plain(w, float64(r.Duration)/1000),
	})
}

// plain writes a number with as many digits as it has.
func plain(w *i18n.Words, v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if w.Lang() == "pt-BR" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// Rule is an alert rule as a form shows it.
type Rule struct {
	Metric                     app.Metric
	Threshold, Clear, Duration string // Duration in seconds
	Severity                   app.Severity
}

// RuleOf returns the form's contents for a rule.
func RuleOf(w *i18n.Words, r app.AlertRule) Rule {
	return Rule{
		Metric: r.Metric, Severity: r.Severity,
		Threshold: plain(w, r.Threshold), Clear: plain(w, r.Clear), Duration: plain(w, float64(r.Duration)/1000),
	}
}

const longestRule = 600 // seconds

// Read returns the rule that the form describes, with the id and the switch of was, or
// what is wrong with it.
func (f Rule) Read(w *i18n.Words, was app.AlertRule) (app.AlertRule, []Wrong) {
	info, _ := f.Metric.Info()
	var wrong []Wrong
	refuse := func(field, key string, args map[string]any) { wrong = append(wrong, Wrong{field, w.T(key, args)}) }
	number := func(field, text string, most float64) float64 {
		v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
		if err != nil || v < 0 || v > most || v != v {
			refuse(field, "perf.wrong.number", map[string]any{"Most": strconv.FormatFloat(most, 'f', -1, 64)})
		}
		return v
	}
	rule := app.AlertRule{ID: was.ID, Enabled: was.Enabled, Metric: f.Metric, Severity: f.Severity}
	rule.Threshold = number("threshold", f.Threshold, info.Max)
	rule.Clear = rule.Threshold
	if strings.TrimSpace(f.Clear) != "" {
		rule.Clear = number("clear", f.Clear, info.Max)
	}
	if len(wrong) == 0 && rule.Clear != rule.Threshold && (rule.Clear < rule.Threshold) == info.Below {
		key := "perf.wrong.clear.above"
		if info.Below {
			key = "perf.wrong.clear.below"
		}
		refuse("clear", key, nil)
	}
	rule.Duration = app.Millis(number("duration_ms", f.Duration, longestRule) * 1000)
	return rule, wrong
}

// WithRule returns the rules with one put in the place of that with its id, or added
// where none has it.
func WithRule(rules []app.AlertRule, rule app.AlertRule) []app.AlertRule {
	list := slices.Clone(rules)
	if i := slices.IndexFunc(list, func(r app.AlertRule) bool { return rule.ID != "" && r.ID == rule.ID }); i >= 0 {
		list[i] = rule
		return list
	}
	return append(list, rule)
}

// WithoutRule returns the rules without one. It is never nil: nil rules are the defaults.
func WithoutRule(rules []app.AlertRule, id string) []app.AlertRule {
	list := make([]app.AlertRule, 0, len(rules))
	for _, r := range rules {
		if r.ID != id {
			list = append(list, r)
		}
	}
	return list
}
