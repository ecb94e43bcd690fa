package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// goBench runs a Go benchmark of one of the packages some times and returns what
// it reported in each, by unit.
func (b *bench) goBench(pkg, name, length string) (map[string]figure, error) {
	program := filepath.Join(b.dir, strings.ReplaceAll(pkg, "/", "-")+".test")
	if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
		compile := exec.CommandContext(b.ctx, "go", "test", "-c", "-o", program, "./"+pkg)
		compile.Dir = b.root
		if text, err := compile.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build the tests of %s: %w\n%s", pkg, err, text)
		}
	}
	cmd := exec.CommandContext(b.ctx, program, "-test.run", "^$", "-test.bench", "^Benchmark"+name+"$", "-test.count", strconv.Itoa(b.rounds), "-test.benchtime", length)
	cmd.Dir = filepath.Join(b.root, pkg)
	cmd.Env = append(os.Environ(), "TMPDIR="+b.dir) // on this disk
	text, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", name, err, text)
	}
	return benchFigures(string(text)), nil
}

// benchFigures reads the lines that a Go benchmark prints: its name, how many
// operations, then values with their units.
func benchFigures(text string) map[string]figure {
	figures := map[string]figure{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		for i := 2; i+1 < len(words); i += 2 {
			value, err := strconv.ParseFloat(words[i], 64)
			if err != nil {
				break
			}
			f := figures[words[i+1]]
			f.rounds = append(f.rounds, value)
			figures[words[i+1]] = f
		}
	}
	return figures
}

// disk holds a commit against fdatasync, and prices a second of sampling.
func (b *bench) disk() error {
	commit, err := b.goBench("app/store", "DurableCommit", strconv.Itoa(3*b.presses)+"x")
	if err != nil {
		return err
	}
	b.report.most("durable acknowledgement, p50 ÷ fdatasync of 4 KiB", "×", commit["commit÷fdatasync"], 3)
	b.report.rows = append(b.report.rows, plainRow("the same, p50", "µs", commit["commit-p50-µs"]))
	step, err := b.goBench("metrics", "Step", strconv.Itoa(b.presses)+"x")
	if err != nil {
		return err
	}
	// Time is CPU time here: nothing in it waits.
	b.report.most("sampling with rules and history, a second's", "µs", step["ns/op"].times(1e-3), 300)
	b.report.rows = append(b.report.rows, row{"the same, allocations", "", step["allocs/op"], math.NaN(), false})
	return nil
}
