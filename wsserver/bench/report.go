package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figure is what one thing came to in every round; without any it could not be
// measured, for the reason given.
type figure struct {
	rounds []float64
	reason string
}

func of(rounds ...float64) figure { return figure{rounds: rounds} }

func unmeasured(format string, args ...any) figure {
	return figure{reason: fmt.Sprintf(format, args...)}
}

// ratio divides round by round: both were measured in the same minute.
func ratio(a, b figure) figure {
	for _, f := range []figure{a, b} {
		if len(f.rounds) == 0 {
			return f
		}
	}
	var r figure
	for i := range min(len(a.rounds), len(b.rounds)) {
		r.rounds = append(r.rounds, a.rounds[i]/b.rounds[i])
	}
	return r
}

func (f figure) times(factor float64) figure {
	g := figure{reason: f.reason}
	for _, v := range f.rounds {
		g.rounds = append(g.rounds, v*factor)
	}
	return g
}

func (f figure) sorted() []float64 { return slices.Sorted(slices.Values(f.rounds)) }

// median is NaN when nothing was measured.
func (f figure) median() float64 {
	s := f.sorted()
	if len(s) == 0 {
		return math.NaN()
	}
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// cells are the cells of a table: min, median, max.
func (f figure) cells() string {
	s := f.sorted()
	if len(s) == 0 {
		return "null | null | null"
	}
	return number(s[0]) + " | " + number(f.median()) + " | " + number(s[len(s)-1])
}

// cell is the three in one.
func (f figure) cell() string {
	s := f.sorted()
	switch len(s) {
	case 0:
		return "null: " + f.reason
	case 1:
		return number(s[0])
	}
	return number(f.median()) + " (" + number(s[0]) + " to " + number(s[len(s)-1]) + ")"
}

// number writes three digits that say something.
func number(v float64) string {
	switch size := math.Abs(v); {
	case size >= 100 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case size >= 10:
		return fmt.Sprintf("%.1f", v)
	case size >= 1:
		return fmt.Sprintf("%.2f", v)
	default:
		return fmt.Sprintf("%.3f", v)
	}
}

// row is a line of the budget.
type row struct {
	what, unit string
	figure
	bound   float64 // NaN for none
	atLeast bool
}

func (r row) budget() string {
	switch {
	case math.IsNaN(r.bound):
		return "–"
	case r.atLeast:
		return "≥ " + number(r.bound)
	}
	return "≤ " + number(r.bound)
}

// met is judged by the median.
func (r row) met() string {
	m := r.median()
	switch {
	case len(r.rounds) == 0:
		return "null: " + r.reason
	case math.IsNaN(r.bound):
		return "–"
	case r.atLeast && m >= r.bound, !r.atLeast && m <= r.bound:
		return "yes"
	}
	return "**no**"
}

// table is one that a part adds to the report.
type table struct {
	title, note string
	head        []string
	rows        [][]string
}

// report is what a run found out.
type report struct {
	machine []string
	rows    []row
	growth  []row
	tables  []table
	errors  []string
}

func (r *report) most(what, unit string, f figure, bound float64) {
	r.rows = append(r.rows, row{what, unit, f, bound, false})
}

// plainRow has no budget.
func plainRow(what, unit string, f figure) row { return row{what, unit, f, math.NaN(), false} }

func (r *report) least(what, unit string, f figure, bound float64) {
	r.rows = append(r.rows, row{what, unit, f, bound, true})
}

// grows adds how a cost grows when what is multiplied by by: the exponent e of
// cost ~ size^e.
func (r *report) grows(what string, small, large figure, by float64) {
	e := ratio(large, small)
	for i, v := range e.rounds {
		e.rounds[i] = math.Log(v) / math.Log(by)
	}
	r.growth = append(r.growth, row{what, "", e, math.NaN(), false})
}

func (r *report) broken(part string, err error) {
	r.errors = append(r.errors, fmt.Sprintf("%s: %v", part, err))
}

// markdown is the measured part of docs/performance.md.
func (r *report) markdown() string {
	var b bytes.Buffer
	for _, line := range r.machine {
		fmt.Fprintf(&b, "%s\n", line)
	}
	if len(r.errors) > 0 {
		fmt.Fprintf(&b, "\nNot measured: %s.\n", strings.Join(r.errors, "; "))
	}
	if len(r.rows) > 0 {
		fmt.Fprint(&b, "\n### The budget\n| what | min | median | max | unit | budget | met |\n|---|---|---|---|---|---|---|\n")
		for _, row := range r.rows {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", row.what, row.cells(), row.unit, row.budget(), row.met())
		}
	}
	for _, t := range r.tables {
		fmt.Fprintf(&b, "\n### %s\n", t.title)
		if t.note != "" {
			fmt.Fprintf(&b, "%s\n\n", t.note)
		}
		fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(t.head, " | "), strings.Repeat("---|", len(t.head)))
		for _, cells := range t.rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		}
	}
	if len(r.growth) > 0 {
		fmt.Fprint(&b, "\n### How cost grows\nThe exponent e of cost ~ size^e: 1 is proportional, 0 does not grow.\n\n| what | min | median | max |\n|---|---|---|---|\n")
		for _, row := range r.growth {
			fmt.Fprintf(&b, "| %s | %s |\n", row.what, row.cells())
		}
	}
	return b.String()
}

// The measured part stands between these lines.
const (
	partBegins = "<!-- measured by make bench -->"
	partEnds   = "<!-- end of what was measured -->"
)

// replaceMeasured puts text in place of the measured part of a file.
func replaceMeasured(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(old), partBegins+"\n")
	_, tail, ok2 := strings.Cut(rest, partEnds)
	if !ok || !ok2 {
		return fmt.Errorf("%s lacks the lines %q and %q", path, partBegins, partEnds)
	}
	return os.WriteFile(path, []byte(head+partBegins+"\n"+text+partEnds+tail), 0o644)
}

// machine tells what it was measured on.
func (b *bench) machine(quick bool) []string {
	out := func(name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir = b.root
		text, err := cmd.Output()
		if err != nil {
			return "null"
		}
		return strings.TrimSpace(string(text))
	}
	processor := "null"
	text, _ := os.ReadFile("/proc/cpuinfo") // null without
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			processor = strings.TrimSpace(value)
		}
	}
	load, _ := os.ReadFile("/proc/loadavg")
	load1, _, _ := strings.Cut(string(load), " ")
	kind := fmt.Sprintf("%d rounds, %d with audiences other than a thousand", b.rounds, b.large)
	if quick {
		kind += ", the quick form, whose short looks hold more of what starting costs: the budget is for the whole one"
	}
	return []string{fmt.Sprintf("Measured on %s at commit %s: %d cores (%s), Linux %s, %s; %s. The load before it began: %s.",
		time.Now().UTC().Format("2006-01-02 15:04 MST"), out("git", "describe", "--always", "--dirty", "--exclude", "*"),
		runtime.NumCPU(), processor, out("uname", "-r"), runtime.Version(), kind, load1)}
}
