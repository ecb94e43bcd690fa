package engine

import (
	"math"
	"slices"

	"github.com/google/uuid"

	"cuewire/app"
)

// What a person may ask of the alert rules.
const (
	maxAlertRules            = 100
	maxAlertAge   app.Millis = 600_000
)

// watched returns the rules that hold: nil stands for the defaults.
func watched(rules []app.AlertRule) []app.AlertRule {
	if rules == nil {
		return app.DefaultAlertRules()
	}
	return rules
}

func (t *tx) setAlertRules(c app.SetAlertRules) error {
	if len(c.Rules) > maxAlertRules {
		return app.NewError(app.CodeInvalid, "error.tooManyAlertRules", "There can be 100 alert rules at most.", nil)
	}
	rules := slices.Clone(c.Rules)
	ids := make(map[string]bool, len(rules))
	for i := range rules {
		if rules[i].ID == "" {
			rules[i].ID = uuid.NewString()
		}
		if err := checkAlertRule(rules[i]); err != nil {
			return err
		}
		if ids[rules[i].ID] {
			return invalid("id", "error.alertRuleTwice", "{field} is the same in two rules; leave it out in new ones.")
		}
		ids[rules[i].ID] = true
	}
	if slices.Equal(watched(rules), watched(t.alertRules)) && (rules == nil) == (t.alertRules == nil) {
		return nil
	}
	t.alertRules = rules
	t.write(app.PutAlertRules{Rules: rules})
	t.tell("", app.AlertRulesChanged{Rules: watched(rules)})
	return nil
}

func checkAlertRule(r app.AlertRule) error {
	if err := checkName("id", r.ID); err != nil {
		return err
	}
	if err := oneOf(app.Metrics()...)("metric", r.Metric); err != nil {
		return err
	}
	metric, _ := r.Metric.Info()
	if !(0 <= r.Threshold && r.Threshold <= metric.Max) { // NaN is no number either
		return app.NewError(app.CodeInvalid, "error.alertThreshold", "threshold must be a number that this metric can have.", nil)
	}
	past := r.Clear > r.Threshold
	if metric.Below {
		past = r.Clear < r.Threshold
	}
	if past || math.IsNaN(r.Clear) || r.Clear < 0 || math.IsInf(r.Clear, 0) {
		return app.NewError(app.CodeInvalid, "error.alertClear",
			"clear must be on the good side of threshold: not above it, or not below it where small values are bad.", nil)
	}
	if r.Duration < 0 || r.Duration > maxAlertAge {
		return app.NewError(app.CodeInvalid, "error.alertDuration", "duration_ms must be between 0 and 600000 (10 minutes).", nil)
	}
	return oneOf(app.SeverityInfo, app.SeverityWarning, app.SeverityCritical)("severity", r.Severity)
}

// alerted says what the active alerts mean for how Cuewire is doing.
func alerted(alerts app.AlertsState) (status app.Status, check, reason string) {
	worst, ok := alerts.Worst()
	switch {
	case ok && worst.Severity == app.SeverityCritical:
		return app.Unhealthy, "critical", worst.Message
	case ok && worst.Severity == app.SeverityWarning:
		return app.Degraded, "warning", worst.Message
	}
	return app.Healthy, "normal", ""
}
