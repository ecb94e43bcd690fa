package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// pages has the tests of the pages measure the rows that need a browser.
func (b *bench) pages() error {
	const (
		distance = "second changes on ten screens with jittered networks and wrong clocks, p95"
		clock    = "pages' clock error, delays simulated, "
		memory   = "twelve widgets combined, memory above an empty browser ÷ twelve pages', "
		share    = "twelve widgets combined, CPU of a picture ÷ twelve pages', "
	)
	sites := []struct {
		name, prefix string
		bound        float64
	}{{"one site", "1 sites", 12}, {"twelve sites", "12 sites", 35}}
	networks := []struct {
		name  string
		bound float64
	}{{"good Wi-Fi", 2}, {"power-saving tablet", 6}}
	if !b.browsers {
		reason := unmeasured("the quick form runs no tests of the pages")
		b.report.most(distance, "ms", reason, 17)
		for _, network := range networks {
			b.report.most(clock+network.name+", p99", "ms", reason, network.bound)
		}
		for _, site := range sites {
			b.report.most(memory+site.name, "%", reason, site.bound)
		}
		return nil
	}
	text, err := b.goTest("^TestDigitsChangeTogether$")
	if err != nil {
		return err
	}
	b.report.most(distance, "ms", found(text, `ten pages: p50 [\d.]+ ms, p95 ([\d.]+) ms`), 17)
	b.report.rows = append(b.report.rows, plainRow("the same, a bare page beside them", "ms", found(text, `a bare page: p50 [\d.]+ ms, p95 ([\d.]+) ms`)))
	b.report.rows = append(b.report.rows, plainRow("the same, p99, with the error of the pages' clocks in it", "ms", found(text, `ten pages: p50 [\d.]+ ms, p95 [\d.]+ ms, p99 ([\d.]+) ms`)))
	if text, err = b.goTest("^TestPagesClockError$"); err != nil {
		return err
	}
	for _, network := range networks {
		b.report.most(clock+network.name+", p99", "ms", found(text, network.name+`: p99 ([\d.]+) ms`), network.bound)
	}

	if text, err = b.goTest("^TestCombiningSaves$", "CUEWIRE_MEASURE=bench"); err != nil {
		return err
	}
	seen := widgetsSeen(text)
	empty := seen["no widgets"]
	for _, site := range sites {
		apart, combined := seen[site.prefix+", own pages"], seen[site.prefix+", combined"]
		if empty == nil || apart == nil || combined == nil {
			return fmt.Errorf("TestCombiningSaves did not tell of %s", site.name)
		}
		const mib, cpu, frames = "memory MiB", "CPU % of a core", "frames a second and widget"
		b.report.most(memory+site.name, "%", of(100*(combined[mib]-empty[mib])/(apart[mib]-empty[mib])), site.bound)
		b.report.most(share+site.name, "×", of(combined[cpu]/combined[frames]/(apart[cpu]/apart[frames])), 1)
	}
	return nil
}

// goTest runs a test of app/e2e and returns what it prints.
func (b *bench) goTest(name string, env ...string) (string, error) {
	cmd := exec.CommandContext(b.ctx, "go", "test", "-race", "-count=1", "-timeout", "10m", "-v", "-run", name, "./app/e2e")
	cmd.Dir = b.root
	cmd.Env = append(append(os.Environ(), "CI=true"), env...) // what is missing fails
	text, err := cmd.CombinedOutput()
	if err != nil {
		lines := strings.Split(string(text), "\n")
		return "", fmt.Errorf("%s: %w\n%s", name, err, strings.Join(lines[max(0, len(lines)-20):], "\n"))
	}
	return string(text), nil
}

// found is the number that a pattern's group takes from text.
func found(text, pattern string) figure {
	match := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if match == nil {
		return unmeasured("the test did not tell")
	}
	value, err := strconv.ParseFloat(match[1], 64)
	if err != nil {
		return unmeasured("%v", err)
	}
	return of(value)
}

// widgetsSeen reads what TestCombiningSaves logs of each of its subtests.
func widgetsSeen(text string) map[string]map[string]float64 {
	seen := map[string]map[string]float64{}
	name := ""
	for line := range strings.Lines(text) {
		if _, test, ok := strings.Cut(line, "=== RUN   TestCombiningSaves/"); ok {
			name = strings.ReplaceAll(strings.TrimSpace(test), "_", " ")
		}
		if _, figures, ok := strings.Cut(line, ": {"); ok {
			var values map[string]float64
			if json.NewDecoder(strings.NewReader("{"+figures)).Decode(&values) == nil {
				seen[name] = values
			}
		}
	}
	return seen
}
