package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// ruleList is the alert rules: a click edits one, a switch makes it count or not.
type ruleList struct {
	w             *Window
	object        *fyne.Container
	list          *widget.List
	add, defaults *widget.Button
	none          *widget.Label
	shown         []app.AlertRule
	active        map[string]bool // ids of the rules whose alert is active
	words         *i18n.Words
}

func newRuleList(w *Window) *ruleList {
	l := &ruleList{
		w: w, none: widget.NewLabel(""),
		add: widget.NewButtonWithIcon("", theme.ContentAddIcon(), w.askRule), defaults: widget.NewButton("", w.askDefaultRules),
	}
	l.defaults.Importance = widget.LowImportance
	l.none.Wrapping = fyne.TextWrapWord
	l.list = widget.NewList(func() int { return len(l.shown) },
		func() fyne.CanvasObject { return newRuleRow() },
		func(i int, o fyne.CanvasObject) { l.fill(i, o.(*ruleRow)) })
	l.list.HideSeparators = true
	l.list.OnSelected = func(i widget.ListItemID) {
		l.list.UnselectAll()
		if i < len(l.shown) {
			w.editRule(l.shown[i].ID)
		}
	}
	l.object = container.New(column{grow: 1, gap: 6}, compact(container.New(row{shares: []float32{1}, gap: 4}, newLine(sizeText, present.Muted), l.defaults, l.add)),
		container.NewStack(l.list, container.New(column{grow: -1}, l.none)))
	return l
}

func (l *ruleList) fill(i int, r *ruleRow) {
	if i < 0 || i >= len(l.shown) {
		return
	}
	rule := l.shown[i]
	r.pick = func() { l.w.editRule(rule.ID) }
	r.toggle.flip = func() { l.w.flipRule(rule.ID) }
	name := present.Mark{Text: l.words.T(present.MetricName(rule.Metric), nil), Color: present.Text}
	if !rule.Enabled {
		name.Color = present.Muted
	}
	r.name.set(name.Text, name.Color)
	r.about.set(present.RuleText(l.words, rule), present.Muted)
	r.toggle.set(rule.Enabled)
	c := present.SeverityColor(rule.Severity)
	text := l.words.T("perf.severity."+string(rule.Severity), nil)
	if l.active[rule.ID] {
		text = l.words.T("perf.rule.active", nil)
	}
	if !rule.Enabled {
		c = present.Muted
	}
	if r.severity.set(text, c) {
		r.cells.Refresh()
	}
	if r.strip.FillColor != c {
		r.strip.FillColor = c
		r.strip.Refresh()
	}
	r.paint()
}

func (l *ruleList) show(rules []app.AlertRule, active []app.Alert, words *i18n.Words, anew bool) {
	now := map[string]bool{}
	for _, a := range active {
		now[a.RuleID] = true
	}
	l.words = words
	if anew {
		setButton(l.add, words.T("perf.rule.add", nil), theme.ContentAddIcon(), widget.MediumImportance, true)
		l.defaults.SetText(words.T("perf.rule.defaults", nil))
		l.none.SetText(words.T("perf.rule.none", nil))
	} else if sameRules(rules, l.shown) && len(now) == len(l.active) && !slices.ContainsFunc(active, func(a app.Alert) bool { return !l.active[a.RuleID] }) {
		return
	}
	l.shown, l.active = rules, now
	seen(l.none, len(rules) == 0)
	seen(l.list, len(rules) > 0)
	l.list.Refresh()
}

// ruleRow is one rule.
type ruleRow struct {
	clickRow
	toggle      *toggle
	name, about *line
	severity    *line
}

func newRuleRow() *ruleRow {
	r := &ruleRow{
		toggle: newToggle(), name: newLine(sizeText, present.Text), about: newLine(sizeCaption, present.Muted),
		severity: newLine(sizeCaption, present.Muted).bold().whole(),
	}
	texts := container.New(box{0, 5}, container.New(column{grow: -1}, container.New(row{shares: []float32{1}, gap: 6}, r.name, r.severity), r.about))
	r.setup(46, container.New(box{6, 0}, container.New(row{shares: []float32{0, 1}, gap: 10}, r.toggle, texts)))
	r.ExtendBaseWidget(r)
	return r
}

// rules returns the rules that hold now, and the one with an id.
func (w *Window) ruleNow(id string) (rules []app.AlertRule, rule app.AlertRule, ok bool) {
	rules = w.cfg.Core.Snapshot().Alerts.Rules
	i := slices.IndexFunc(rules, func(r app.AlertRule) bool { return r.ID == id })
	if i < 0 {
		return rules, app.AlertRule{}, false
	}
	return rules, rules[i], true
}

// flipRule makes a rule count, or no longer.
func (w *Window) flipRule(id string) {
	if rules, rule, ok := w.ruleNow(id); ok {
		rule.Enabled = !rule.Enabled
		w.send(app.SetAlertRules{Rules: present.WithRule(rules, rule)})
	}
}

// askRule asks for a new rule.
func (w *Window) askRule() {
	w.openRule("perf.rule.new", app.AlertRule{
		Metric: app.MetricHostCPU, Threshold: 80, Clear: 70, Duration: 10_000, Severity: app.SeverityWarning, Enabled: true,
	})
}

// editRule asks for changes of a rule.
func (w *Window) editRule(id string) {
	if _, rule, ok := w.ruleNow(id); ok {
		w.openRule("perf.rule.edit", rule)
	}
}

// openRule asks for what makes a rule.
func (w *Window) openRule(title string, was app.AlertRule) {
	s := w.newSheet(480)
	form := present.RuleOf(w.words, was)
	metrics := app.Metrics()
	names := make([]string, len(metrics))
	for i, m := range metrics {
		names[i] = w.text(present.MetricName(m))
	}
	threshold, thresholdAsked := s.entry(0, "threshold", "perf.rule.threshold", form.Threshold)
	clear, clearAsked := s.entry(0, "clear", "perf.rule.clear", form.Clear)
	duration, durationAsked := s.entry(0, "duration_ms", "perf.rule.duration", form.Duration)
	metric, metricAsked := s.choose(0, "metric", "perf.rule.metric", names, slices.Index(metrics, was.Metric))
	severity, severityAsked := s.choose(0, "severity", "perf.rule.severity",
		s.texts("perf.severity.", "info", "warning", "critical"), max(0, slices.Index(present.Severities, was.Severity)))
	unit := newLine(sizeCaption, present.Muted)
	unit.set(w.text("perf.rule.hint"), present.Muted)
	content := stacked(metricAsked, three(thresholdAsked, clearAsked, durationAsked), unit, severityAsked, s.hint("perf.rule.severity.hint"))
	if was.ID != "" {
		remove := widget.NewButtonWithIcon(w.text("perf.rule.delete"), theme.DeleteIcon(), func() {
			s.dialog.Hide()
			rules := w.cfg.Core.Snapshot().Alerts.Rules
			w.send(app.SetAlertRules{Rules: present.WithoutRule(rules, was.ID)})
		})
		content = stacked(content, container.NewHBox(compact(remove)))
	}
	s.open(w.text(title), "crew.save", content, func() (app.Command, []present.Wrong) {
		rule, wrong := present.Rule{
			Metric: metrics[metric.SelectedIndex()], Threshold: threshold.Text, Clear: clear.Text, Duration: duration.Text,
			Severity: present.Severities[severity.SelectedIndex()],
		}.Read(w.words, was)
		if len(wrong) > 0 || rule == was {
			return nil, wrong
		}
		return app.SetAlertRules{Rules: present.WithRule(w.cfg.Core.Snapshot().Alerts.Rules, rule)}, nil
	})
}

// askDefaultRules puts the rules back that come with Cuewire, after a question.
func (w *Window) askDefaultRules() {
	w.confirm(w.text("perf.rule.defaults.title"), w.text("perf.rule.defaults.text"), w.text("perf.rule.defaults"), func() {
		w.send(app.SetAlertRules{})
	})
}
