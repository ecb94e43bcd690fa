package engine_test

import (
	"math"
	"reflect"
	"testing"

	"cuewire/app"
)

func alert(rule string, severity app.Severity, active bool) app.AlertFact {
	a := app.Alert{RuleID: rule, Severity: severity, Message: rule + " is bad", Active: active, Since: 7}
	if !active {
		end := app.Instant(9)
		a.Message, a.Since, a.ClearedAt = rule+" is fine", 0, &end
	}
	return app.AlertFact{Alert: a}
}

func TestAlertsMakeTheStatus(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		type step struct {
			fact   app.AlertFact
			status app.Status
			reason string
			check  string
			active int
		}
		for i, s := range []step{
			{alert("a", app.SeverityInfo, true), app.Healthy, "", "normal", 1},
			{alert("b", app.SeverityWarning, true), app.Degraded, "b is bad", "warning", 2},
			{alert("c", app.SeverityCritical, true), app.Unhealthy, "c is bad", "critical", 3},
			{alert("d", app.SeverityCritical, true), app.Unhealthy, "c is bad", "critical", 4},
			{alert("c", app.SeverityCritical, false), app.Unhealthy, "d is bad", "critical", 3},
			{alert("d", app.SeverityCritical, false), app.Degraded, "b is bad", "warning", 2},
			{alert("b", app.SeverityWarning, false), app.Healthy, "", "normal", 1},
			{alert("a", app.SeverityInfo, false), app.Healthy, "", "normal", 0},
		} {
			snap := b.do(s.fact).Snapshot
			if snap.System.Status != s.status || snap.System.Reason != s.reason || snap.System.Checks.Performance != s.check || len(snap.Alerts.Active) != s.active {
				t.Errorf("step %d: %+v with %d active", i, snap.System, len(snap.Alerts.Active))
			}
		}
		recent := b.Snapshot().Alerts.Recent
		if len(recent) != 4 || recent[0].RuleID != "d" || recent[0].Active || recent[0].Since != 7 || *recent[0].ClearedAt != 9 || recent[0].Severity != app.SeverityCritical {
			t.Errorf("remembered: %+v", recent)
		}
		before := b.Snapshot()
		b.do(alert("a", app.SeverityInfo, false))
		if after := b.Snapshot(); after.Seq != before.Seq {
			t.Error("an alert that was not active ended once more")
		}
		for range 1000 {
			b.do(alert("a", app.SeverityInfo, true))
			b.do(alert("a", app.SeverityInfo, false))
		}
		if n := len(b.Snapshot().Alerts.Recent); n != 200 {
			t.Errorf("%d alerts are remembered", n)
		}
	})
}

func TestAlertRules(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		if !reflect.DeepEqual(b.Snapshot().Alerts.Rules, app.DefaultAlertRules()) {
			t.Errorf("at first: %+v", b.Snapshot().Alerts.Rules)
		}
		if result := b.do(app.SetAlertRules{Rules: app.DefaultAlertRules()}); !result.Durable { // the defaults, and they stay so
			t.Error("not durable")
		}
		good := app.AlertRule{Metric: app.MetricHostCPU, Threshold: 70, Clear: 60, Duration: 1000, Severity: app.SeverityWarning, Enabled: true}
		rules := b.do(app.SetAlertRules{Rules: []app.AlertRule{good, good}}).Snapshot.Alerts.Rules
		if len(rules) != 2 || rules[0].ID == "" || rules[0].ID == rules[1].ID || rules[0].Threshold != 70 {
			t.Errorf("%+v", rules)
		}
		seq := b.Snapshot().Seq
		if b.do(app.SetAlertRules{Rules: rules}); b.Snapshot().Seq != seq {
			t.Error("the same rules were told anew")
		}
		edit := func(change func(*app.AlertRule)) app.SetAlertRules {
			bad := good
			change(&bad)
			return app.SetAlertRules{Rules: []app.AlertRule{rules[0], bad}}
		}
		for _, test := range []struct {
			cmd   app.SetAlertRules
			words string
		}{
			{edit(func(r *app.AlertRule) { r.ID = rules[0].ID }), "id is the same in two rules"},
			{edit(func(r *app.AlertRule) { r.Metric = "x" }), "metric must be one of diskSpace, hostCpu"},
			{edit(func(r *app.AlertRule) { r.Metric = "" }), "metric must be one of"},
			{edit(func(r *app.AlertRule) { r.Threshold = 101 }), "threshold"},
			{edit(func(r *app.AlertRule) { r.Threshold = math.NaN() }), "threshold"},
			{edit(func(r *app.AlertRule) { r.Threshold = -1 }), "threshold"},
			{edit(func(r *app.AlertRule) { r.Clear = 71 }), "clear"},
			{edit(func(r *app.AlertRule) { r.Clear = math.NaN() }), "clear"},
			{edit(func(r *app.AlertRule) { r.Metric, r.Clear = app.MetricDiskSpace, 69 }), "clear"},
			{edit(func(r *app.AlertRule) { r.Duration = -1 }), "duration_ms"},
			{edit(func(r *app.AlertRule) { r.Duration = 600_001 }), "duration_ms"},
			{edit(func(r *app.AlertRule) { r.Severity = "bad" }), "severity must be one of info, warning, critical"},
			{app.SetAlertRules{Rules: make([]app.AlertRule, 101)}, "100"},
		} {
			b.refusedWith(test.cmd, app.CodeInvalid, test.words)
		}
		if left := b.do(app.SetAlertRules{Rules: []app.AlertRule{}}).Snapshot.Alerts.Rules; len(left) != 0 {
			t.Errorf("none: %+v", left)
		}
		if back := b.do(app.SetAlertRules{}).Snapshot.Alerts.Rules; !reflect.DeepEqual(back, app.DefaultAlertRules()) {
			t.Errorf("back to the defaults: %+v", back)
		}
	})
}

// The rules that Cuewire comes with are ones that a person could set.
func TestDefaultAlertRulesAreValid(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		rules := app.DefaultAlertRules()
		watched := map[app.Metric]bool{}
		for i := range rules {
			watched[rules[i].Metric] = true
			rules[i].Duration++ // so that something changes
		}
		b.do(app.SetAlertRules{Rules: rules})
		for _, metric := range app.Metrics() {
			if !watched[metric] {
				t.Errorf("nothing watches %s", metric)
			}
		}
	})
}

func TestMaintenance(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		m := app.Maintenance{Enabled: true, EstimatedDuration: ptr(app.Millis(5)), Message: "back soon"}
		if got := b.do(app.SetMaintenance{Maintenance: m}).Snapshot.Maintenance; got != m {
			t.Errorf("%+v", got)
		}
		m.EstimatedDuration = ptr(app.Millis(-5))
		b.refusedWith(app.SetMaintenance{Maintenance: m}, app.CodeInvalid, "estimatedDuration")
		b.refusedWith(app.SetMaintenance{Maintenance: app.Maintenance{Message: "\xff"}}, app.CodeInvalid, "message")
	})
}
