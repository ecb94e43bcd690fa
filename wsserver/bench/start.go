package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"

	"cuewire/app"
	"cuewire/app/store"
)

// shows are the rundowns that are compared, by their length.
var shows = []int{1000, 10_000}

// fill makes a data folder with a room of so many timers, unless it is there.
func (b *bench) fill(timers int) (dir string, err error) {
	dir = filepath.Join(b.dir, fmt.Sprintf("show-%d", timers))
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Dir: dir})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	saved, err := s.Load(ctx)
	if err != nil || len(saved.Rooms) > 0 {
		return dir, err
	}
	at := time.Now().UTC().Truncate(time.Second)
	changes := []app.Change{app.PutRoom{Room: &app.Room{
		ID: "0192f0c1-7a5e-7c3a-9b1d-aaaaaaaaaaaa", ShortCode: "ABC234", Name: "Main", TimeZone: "Europe/Berlin",
		ColorNormal: app.DefaultColorNormal, ColorYellow: app.DefaultColorYellow, ColorRed: app.DefaultColorRed, CreatedAt: at, UpdatedAt: at,
	}}}
	for i := range timers {
		changes = append(changes, app.PutTimer{Rank: int64(i), Timer: &app.Timer{
			ID: fmt.Sprintf("0192f0c1-7a5e-7c3a-9b1d-%012d", i), RoomID: "0192f0c1-7a5e-7c3a-9b1d-aaaaaaaaaaaa",
			Name: fmt.Sprintf("Cue %d", i), Speaker: fmt.Sprintf("Speaker %d", i%97), Notes: "Questions from the hall, then the prize", Duration: 600_000,
			WrapYellow: app.DefaultWrapYellow, WrapRed: app.DefaultWrapRed, CreatedAt: at, UpdatedAt: at,
		}})
	}
	return dir, s.Commit(ctx, changes)
}

// start times the headless program from its start until it serves.
func (b *bench) start() error {
	figures := map[int]*figure{}
	for range b.starts {
		for _, timers := range shows {
			dir, err := b.fill(timers)
			if err != nil {
				return err
			}
			p, err := b.launch(headlessName, dir, nil, "--headless", "--no-obs")
			if err != nil {
				return err
			}
			if err := p.stop(); err != nil {
				return err
			}
			f := figures[timers]
			if f == nil {
				f = &figure{}
				figures[timers] = f
			}
			f.rounds = append(f.rounds, p.serving.Seconds()*1000)
		}
	}
	small, large := *figures[shows[0]], *figures[shows[1]]
	b.report.most("serving after start, headless, database of 10000 timers", "ms", large, 300)
	b.report.rows = append(b.report.rows, plainRow("the same, 1000 timers", "ms", small))
	b.report.grows("rundown × 10 (1000 to 10000): from start to serving", small, large, 10)
	return nil
}

// rundown times controls on a short and a very long rundown.
func (b *bench) rundown() error {
	type show struct {
		p                 *product
		c                 controller
		took, cpu, memory figure
	}
	var all []*show
	for _, timers := range shows {
		dir, err := b.fill(timers)
		if err != nil {
			return err
		}
		p, err := b.launch(headlessName, dir, nil, "--headless", "--no-obs")
		if err != nil {
			return err
		}
		defer p.stop()
		c, err := p.controller()
		if err != nil {
			return err
		}
		defer c.Close()
		all = append(all, &show{p: p, c: c})
	}
	for range b.rounds {
		for _, s := range all {
			var took []time.Duration
			before, err := observe(s.p.cmd.Process.Pid)
			if err != nil {
				return err
			}
			for i := range b.presses {
				began := time.Now()
				if err := s.c.press([]string{"play", "pause"}[i%2], ""); err != nil {
					return err
				}
				took = append(took, time.Since(began))
			}
			after, err := observe(s.p.cmd.Process.Pid)
			if err != nil {
				return err
			}
			slices.Sort(took)
			s.took.rounds = append(s.took.rounds, took[len(took)/2].Seconds()*1000)
			s.cpu.rounds = append(s.cpu.rounds, (after.cpu-before.cpu).Seconds()*1e6/float64(b.presses))
			s.memory.rounds = append(s.memory.rounds, float64(after.resident)/(1<<20))
		}
	}
	small, large := all[0], all[1]
	b.report.rows = append(b.report.rows,
		row{"rundown of 10000: from a control to its playback_status, on disk, p50", "ms", large.took, math.NaN(), false},
		row{"the same ÷ a rundown of 1000", "×", ratio(large.took, small.took), math.NaN(), false},
		row{"rundown of 10000: CPU of a control", "µs", large.cpu, math.NaN(), false},
		row{"rundown of 10000: resident memory", "MiB", large.memory, math.NaN(), false})
	b.report.grows("rundown × 10 (1000 to 10000): CPU of a control", small.cpu, large.cpu, 10)
	b.report.grows("rundown × 10 (1000 to 10000): from a control to its answer, p50", small.took, large.took, 10)
	b.report.grows("rundown × 10 (1000 to 10000): resident memory", small.memory, large.memory, 10)
	return nil
}
