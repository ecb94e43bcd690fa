package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

const liveRate = 20 // events a second, as a busy show has them

// fanout tells audiences of every size in every way.
func (b *bench) fanout() error {
	results := map[int]map[string][]done{}
	for _, size := range b.sizes {
		results[size] = map[string][]done{}
		rounds := b.large
		if size == 1000 { // the budget's
			rounds = b.rounds
		}
		if size+500 > files() {
			continue
		}
		for round := range rounds {
			// Each round in another order: none always comes after the same one.
			for i := range wayNames {
				name := wayNames[(i+round)%len(wayNames)]
				d, err := serve(b.ctx, task{Way: name, Clients: size, Burst: b.burst, Live: b.live, Rate: liveRate})
				if err != nil {
					return err
				}
				results[size][name] = append(results[size][name], d)
			}
		}
	}
	take := func(size int, name string, value func(done) float64) figure {
		all := results[size][name]
		if len(all) == 0 {
			return unmeasured("%d files may be open, too few for %d clients", files(), size)
		}
		f := figure{}
		for _, d := range all {
			f.rounds = append(f.rounds, value(d))
		}
		return f
	}
	speed := func(d done) float64 { return 1 / d.Burst.each() }
	liveCPU := func(d done) float64 { return d.Live.cpuEach() }
	burstCPU := func(d done) float64 { return d.Burst.cpuEach() }

	for _, size := range b.sizes[1:] {
		for _, name := range wayNames[1:5] {
			f := ratio(take(size, name, speed), take(size, floorName, speed))
			what := fmt.Sprintf("burst fan-out ÷ floor, %s, %d clients", name, size)
			if name == wayNames[1] || name == wayNames[2] {
				b.report.least(what, "×", f, 6)
			} else {
				b.report.least(what, "×", f, math.NaN())
			}
		}
		best := ""
		for _, name := range wayNames[5:] {
			if best == "" || take(size, name, speed).median() > take(size, best, speed).median() {
				best = name
			}
		}
		for _, name := range wayNames[1:3] {
			b.report.least(fmt.Sprintf("the same ÷ the fastest peer (%s), %s, %d clients", best, name, size), "×", ratio(take(size, name, speed), take(size, best, speed)), 1)
		}
	}
	for _, size := range b.sizes[1:] {
		for _, name := range wayNames[1:5] {
			bound := math.NaN()
			if size == 1000 {
				bound = 1.15
			}
			b.report.most(fmt.Sprintf("server CPU per delivered message at %d events/s ÷ floor, %s, %d clients", liveRate, name, size), "×",
				ratio(take(size, name, liveCPU), take(size, floorName, liveCPU)), bound)
		}
	}
	for _, name := range wayNames[1:5] {
		b.report.most("allocations per delivered message, "+name+", 1000 clients", "", take(1000, name, func(d done) float64 { return d.Burst.allocsEach() }), 0.05)
	}
	for _, name := range wayNames[1:5] {
		b.report.most("resident memory per connection, "+name+", 1000 idle", "KiB", take(1000, name, func(d done) float64 { return d.PerClient / 1024 }), 8)
	}
	for _, size := range b.sizes {
		t := table{
			title: fmt.Sprintf("Fan-out to %d clients", size),
			note: fmt.Sprintf("Burst: %d messages of some 300 bytes in flight. Live: %d a second. Medians with the least and the most of the rounds; × is the floor's of the same round, "+
				"more is better for speed, less for CPU.", inFlight, liveRate),
			head: []string{"way", "bytes", "burst speed ×", "burst CPU ×", "live CPU ×", "live p50, ms", "live p99, ms", "allocations a message", "KiB a client"},
		}
		for _, name := range wayNames {
			against := func(value func(done) float64) string {
				return ratio(take(size, name, value), take(size, floorName, value)).cell()
			}
			plain := func(value func(done) float64) string { return take(size, name, value).cell() }
			t.rows = append(t.rows, []string{
				name, number(math.Round(take(size, name, func(d done) float64 { return d.Bytes }).median())), against(speed), against(burstCPU), against(liveCPU),
				plain(func(d done) float64 { return d.Delays.P50 * 1000 }), plain(func(d done) float64 { return d.Delays.P99 * 1000 }),
				plain(func(d done) float64 { return d.Burst.allocsEach() }), plain(func(d done) float64 { return d.PerClient / 1024 }),
			})
		}
		f := take(size, floorName, func(d done) float64 { return d.Burst.each() * 1e6 })
		t.note += fmt.Sprintf(" The floor's burst: %s µs a message.", f.cell())
		b.report.tables = append(b.report.tables, t)
	}
	for i := range len(b.sizes) - 1 {
		small, large := b.sizes[i], b.sizes[i+1]
		event := func(size int) figure {
			return take(size, wayNames[2], func(d done) float64 { return d.Live.CPU / float64(d.Live.Messages) * float64(size) })
		}
		b.report.grows(fmt.Sprintf("clients × 10 (%d to %d): server CPU of an event, PalcoTimer", small, large), event(small), event(large), float64(large)/float64(small))
	}
	return b.events()
}

// events tells a thousand clients ten times as much a second.
func (b *bench) events() error {
	var small, large figure
	for range b.rounds {
		for _, rate := range []int{liveRate, 10 * liveRate} {
			d, err := serve(b.ctx, task{Way: wayNames[2], Clients: 1000, Live: min(b.live, time.Second), Rate: rate})
			if err != nil {
				return err
			}
			f := &small
			if rate != liveRate {
				f = &large
			}
			f.rounds = append(f.rounds, d.Live.CPU/float64(d.Live.Messages)*float64(1000*rate))
		}
	}
	b.report.grows(fmt.Sprintf("events × 10 (%d to %d a second): server CPU of a second, PalcoTimer, 1000 clients", liveRate, 10*liveRate), small, large, 10)
	return nil
}

// stalled looks whether clients that stop reading make the others wait.
func (b *bench) stalled() error {
	for _, c := range []struct{ clients, stalled int }{{50, 1}, {1000, 100}} {
		var without, with figure
		for round := range b.rounds {
			turns := []task{{Clients: c.clients - c.stalled}, {Clients: c.clients, Stalled: c.stalled}}
			if round%2 == 1 {
				slices.Reverse(turns)
			}
			for _, t := range turns {
				t.Way, t.Live, t.Rate = wayNames[2], b.live, liveRate
				d, err := serve(b.ctx, t)
				if err != nil {
					return err
				}
				f := &without
				if t.Stalled > 0 {
					f = &with
				}
				f.rounds = append(f.rounds, d.Delays.P99)
			}
		}
		b.report.most(fmt.Sprintf("%d of %d clients stalled: the others' p99 ÷ without, PalcoTimer", c.stalled, c.clients), "×", ratio(with, without), 1.2)
	}
	return nil
}

// profile writes down where a server's time goes while it bursts and while it is live.
func (b *bench) profile(folder string) error {
	for _, t := range []task{
		{Way: wayNames[1], Clients: 1000, Burst: 5 * time.Second},
		{Way: wayNames[2], Clients: 1000, Live: 10 * time.Second, Rate: liveRate},
	} {
		kind := "burst"
		if t.Live > 0 {
			kind = "live"
		}
		t.Profile = folder + "/" + kind + "-" + strings.ReplaceAll(strings.ToLower(t.Way), " ", "")
		if err := makeFolder(t.Profile); err != nil {
			return err
		}
		if _, err := serve(b.ctx, t); err != nil {
			return err
		}
	}
	return nil
}
