package ui

import (
	"context"
	"runtime"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// perfArea is the page of figures: charts of the last minutes, and beside them the
// alerts, their rules, and what sources cost.
type perfArea struct {
	w       *Window
	object  *fyne.Container
	heading *line
	spans   [len(present.Spans)]*widget.Button
	when    *line // of the step under the pointer
	charts  [present.ChartKinds]*chart
	tabs    [present.PerfTabs]*widget.Button
	side    *fyne.Container
	alerts  *alertList
	rules   *ruleList
	costs   *costList
	shown   present.Performance
	words   *i18n.Words
	filled  bool
	part    float32 // of the charts' width where the pointer is, negative for nowhere
	stop    context.CancelFunc
}

func newPerfArea(w *Window) *perfArea {
	a := &perfArea{
		w: w, heading: newHeading().whole(), when: newLine(sizeCaption, present.Muted), part: -1,
		alerts: newAlertList(), rules: newRuleList(w), costs: newCostList(),
	}
	spans := make([]fyne.CanvasObject, len(a.spans))
	for i, span := range present.Spans {
		a.spans[i] = widget.NewButton("", func() {
			w.change(func(l *present.Local) { l.Span = span })
			w.apply(w.present())
		})
		spans[i] = a.spans[i]
	}
	head := container.New(row{shares: []float32{0, 1}, gap: 14}, a.heading, a.when, compact(container.New(row{gap: 2}, spans...)))
	charts := make([]fyne.CanvasObject, len(a.charts))
	for k := range a.charts {
		a.charts[k] = newChart(present.ChartKind(k), a.hover)
		charts[k] = a.charts[k].object
	}
	tabs := make([]fyne.CanvasObject, len(a.tabs))
	for i := range a.tabs {
		a.tabs[i] = widget.NewButton("", func() { w.change(func(l *present.Local) { l.PerfTab = present.PerfTab(i) }) })
		tabs[i] = a.tabs[i]
	}
	a.side = container.NewStack(a.alerts.object, a.rules.object, a.costs.object)
	a.object = container.New(perfLayout{},
		card(container.New(column{grow: 1, gap: 12}, head, container.New(chartGrid{}, charts...))),
		canvas.NewRectangle(present.Background),
		card(container.New(column{grow: 1, gap: 8}, compact(container.New(row{gap: 2}, tabs...)), a.side)))
	return a
}

// perfLayout gives the charts what the side leaves, with a gutter between.
type perfLayout struct{}

func (perfLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	side := toPixel(min(max(size.Width*0.29, 330), 480))
	main := size.Width - side - gap
	objects[0].Resize(fyne.NewSize(main, size.Height))
	objects[1].Move(fyne.NewPos(main, 0))
	objects[1].Resize(fyne.NewSize(gap, size.Height))
	objects[2].Move(fyne.NewPos(main+gap, 0))
	objects[2].Resize(fyne.NewSize(side, size.Height))
}

func (perfLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(930, 430) }

func (a *perfArea) canvas() fyne.CanvasObject { return a.object }

// came has the history asked for, now and then while the page is looked at.
func (a *perfArea) came() {
	ctx, stop := context.WithCancel(context.Background())
	a.stop = stop
	go a.w.figures.ask(ctx, a.w)
}

func (a *perfArea) left() {
	if a.stop != nil {
		a.stop()
		a.stop = nil
	}
}

func (a *perfArea) pressed(fyne.KeyName) bool { return false }

// typed takes the keys of the page: a new rule, and the tabs by their place.
func (a *perfArea) typed(r rune) bool {
	switch r {
	case 'n', 'N':
		a.w.change(func(l *present.Local) { l.PerfTab = present.RulesTab })
		a.w.askRule()
	case '1', '2', '3':
		a.w.change(func(l *present.Local) { l.PerfTab = present.PerfTab(r - '1') })
	default:
		return false
	}
	return true
}

func (a *perfArea) rethemed() { a.filled, a.words = false, nil }

func (a *perfArea) show(v present.View, words *i18n.Words) {
	p, _ := v.Content.(present.Performance)
	relabel := a.words == nil || a.words.Lang() != words.Lang()
	before, first := a.shown, !a.filled || relabel
	if !first && p.Same(before) {
		return
	}
	a.shown, a.words, a.filled = p, words, true
	if first || p.Span != before.Span || p.Tab != before.Tab || len(p.Active) != len(before.Active) {
		a.relabel()
	}
	if first || p.Charts != before.Charts || !sameRules(p.Rules, before.Rules) {
		for _, c := range a.charts {
			c.show(p.Charts, p.Rules, words)
		}
		a.read()
	}
	a.alerts.show(p.Active, p.Recent, words, first)
	a.rules.show(p.Rules, p.Active, words, first)
	a.costs.show(p.Costs, p.All, words, first)
}

func sameRules(a, b []app.AlertRule) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// relabel writes the headings and shows which span and tab are chosen.
func (a *perfArea) relabel() {
	p, words := a.shown, a.words
	a.heading.set(words.T("frame.area.performance", nil), present.Text)
	choose := func(b *widget.Button, text string, chosen bool) {
		importance := widget.LowImportance
		if chosen {
			importance = widget.MediumImportance
		}
		setButton(b, text, nil, importance, true)
	}
	for i, b := range a.spans {
		choose(b, words.T("perf.span", map[string]any{"Minutes": present.Spans[i]}), present.Spans[i] == p.Span)
	}
	for i, key := range []string{"perf.tab.alerts", "perf.tab.rules", "perf.tab.costs"} {
		text := words.T(key, nil)
		if n := len(p.Active); i == 0 && n > 0 {
			text += " " + present.Number(int64(n))
		}
		choose(a.tabs[i], text, present.PerfTab(i) == p.Tab)
	}
	seen(a.alerts.object, p.Tab == present.AlertsTab)
	seen(a.rules.object, p.Tab == present.RulesTab)
	seen(a.costs.object, p.Tab == present.CostsTab)
	a.object.Refresh()
}

// hover shows the values at a part of the charts' width.
func (a *perfArea) hover(part float32) {
	a.part = part
	for _, c := range a.charts {
		c.plot.point(part)
	}
	a.read()
}

// read shows the values of the step under the pointer, else of the latest.
func (a *perfArea) read() {
	charts, step, when := a.shown.Charts, -1, ""
	if charts == nil {
		when = a.words.T("perf.none", nil)
	} else if count := len(charts.Values[0]); a.part >= 0 && count > 0 {
		step = min(int(a.part*float32(count-1)+0.5), count-1)
		when = charts.When(step, time.Local)
	} else {
		step = charts.Latest()
	}
	a.when.set(when, present.Muted)
	for _, c := range a.charts {
		c.read(charts, step, a.words)
	}
}

// figures keeps what the charts are made from.
type figures struct {
	trace present.Trace

	mu      sync.Mutex // guards the rest
	minutes []app.Minute
	made    chartKey
	charts  *present.Charts
}

// chartKey is what charts depend on.
type chartKey struct {
	span, minutes int
	first         *app.Minute
	second        int64
}

const historyEvery = 30 * time.Second

// ask asks for the history of the last hour until ctx ends.
func (f *figures) ask(ctx context.Context, w *Window) {
	if w.cfg.History == nil {
		return
	}
	tick := time.NewTicker(historyEvery)
	defer tick.Stop()
	for {
		now := w.cfg.Core.Now()
		minutes, err := w.cfg.History.Minutes(ctx, now.Add(-61*minute), now+1)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			w.cfg.Log.Warn("the history cannot be read", "error", err)
		default:
			f.mu.Lock()
			f.minutes = minutes
			f.mu.Unlock()
			w.poke()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lay returns the charts of a span that ends with the last reading, nil before anything
// was measured. They are the same as before while nothing was measured since.
func (f *figures) lay(span int, snap *app.Snapshot) *present.Charts {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := chartKey{span: span, minutes: len(f.minutes), second: f.trace.Last()}
	if len(f.minutes) > 0 {
		key.first = &f.minutes[0]
	}
	if key.second == 0 {
		return nil
	}
	if f.charts == nil || key != f.made {
		total := 0.0
		if s := snap.Sample; s != nil && s.MemoryTotal != nil {
			total = *s.MemoryTotal
		}
		f.made, f.charts = key, f.trace.Charts(span, app.Instant(key.second*1000), f.minutes, runtime.NumCPU(), total)
	}
	return f.charts
}
