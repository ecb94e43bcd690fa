package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"cuewire/obsbridge/obstest"
)

// look watches a process for a while.
func (b *bench) look(pid int) (used, error) {
	before, err := observe(pid)
	if err != nil {
		return used{}, err
	}
	if err := b.rest(b.idleLength); err != nil {
		return used{}, err
	}
	after, err := observe(pid)
	return between(before, after), err
}

// usage gathers what looks saw.
type usage struct {
	cpu, switches, resident figure
	screen                  figure // writes to it a second, of a window's
}

func (u *usage) add(seen used) {
	u.cpu.rounds = append(u.cpu.rounds, seen.cpu)
	u.switches.rounds = append(u.switches.rounds, seen.switches)
	u.resident.rounds = append(u.resident.rounds, seen.resident)
}

// unwatched is how long after the last request nobody is taken to watch any more.
const unwatched = 12 * time.Second

// idle watches the headless program with a running timer and sampling, beside a
// real OBS where there is one: with 50 clients, then with nobody there.
func (b *bench) idle() error {
	args := []string{"--headless"}
	beside := "without OBS"
	if b.obs {
		obs, err := b.startOBS()
		if err != nil {
			return err
		}
		defer obs.end()
		args = append(args, "--obs", obs.url)
		beside = "OBS connected"
	} else {
		args = append(args, "--no-obs")
	}
	p, err := b.launch(headlessName, filepath.Join(b.dir, "idle"), nil, args...)
	if err != nil {
		return err
	}
	defer p.stop()
	if err := p.runTimer(); err != nil {
		return err
	}
	var alone, pages, ticking usage
	for range b.looks {
		for _, turn := range []struct {
			usage *usage
			query string
		}{{&pages, "&ticks=0"}, {&ticking, ""}} {
			crowd, err := startCrowd(p.viewers(hallSize, turn.query))
			if err != nil {
				return err
			}
			// What coming and going costs is over by then.
			if err := b.rest(b.idleLength / 2); err != nil {
				return err
			}
			seen, err := b.look(p.cmd.Process.Pid)
			if err != nil {
				return err
			}
			turn.usage.add(seen)
			if err := crowd.leave(); err != nil {
				return err
			}
		}
	}
	if err := b.rest(unwatched); err != nil {
		return err
	}
	for range b.looks {
		seen, err := b.look(p.cmd.Process.Pid)
		if err != nil {
			return err
		}
		alone.add(seen)
	}
	for _, line := range []struct {
		who   string
		usage usage
		bound float64
	}{{"50 clients who get a tick a second", ticking, 0.3}, {"50 pages, which need none", pages, 0.3}} {
		what := fmt.Sprintf("headless, running timer, sampling, %s, %s: ", beside, line.who)
		b.report.most(what+"CPU", "% of a core", line.usage.cpu, line.bound)
		b.report.most(what+"context switches", "/s", line.usage.switches, 40)
		b.report.most(what+"resident memory", "MiB", line.usage.resident, 30)
	}
	what := fmt.Sprintf("headless, running timer, sampling, %s, nothing watched: ", beside)
	b.report.most(what+"CPU", "% of a core", alone.cpu, 0.1)
	b.report.rows = append(b.report.rows, plainRow(what+"context switches", "/s", alone.switches), plainRow(what+"resident memory", "MiB", alone.resident))
	return nil
}

// runningOBS is a real OBS.
type runningOBS struct {
	url string
	end func()
}

// startOBS starts one as the tests do.
func (b *bench) startOBS() (obs runningOBS, err error) {
	t := &stand{dir: filepath.Join(b.dir, "obs")}
	defer func() {
		if fault := recover(); fault != nil {
			failed, ok := fault.(standFailed)
			if !ok {
				panic(fault)
			}
			t.end()
			err = failed
		}
	}()
	real := obstest.StartOBS(t, obstest.Options{Scenes: []string{"Main", "Break"}})
	return runningOBS{real.URL(), t.end}, nil
}

// stand is what a test's helper needs of a test, outside of one.
type stand struct {
	testing.TB
	dir      string
	cleanups []func()
}

type standFailed string

func (f standFailed) Error() string { return string(f) }

func (s *stand) Helper() {}

func (s *stand) TempDir() string {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		s.Fatal(err)
	}
	return s.dir
}

func (s *stand) Cleanup(f func())                  { s.cleanups = append(s.cleanups, f) }
func (s *stand) Fatal(args ...any)                 { panic(standFailed(fmt.Sprint(args...))) }
func (s *stand) Fatalf(format string, args ...any) { panic(standFailed(fmt.Sprintf(format, args...))) }
func (s *stand) Skip(args ...any)                  { s.Fatal(args...) }
func (s *stand) Skipf(format string, args ...any)  { s.Fatalf(format, args...) }
func (s *stand) Errorf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// end undoes what was done, the last first.
func (s *stand) end() {
	for len(s.cleanups) > 0 {
		last := len(s.cleanups) - 1
		s.cleanups[last]()
		s.cleanups = s.cleanups[:last]
	}
}
