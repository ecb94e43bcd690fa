package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"time"
)

// way is one way to tell many clients something.
type way interface {
	// open serves on a free port of this computer and returns who may connect.
	open() (audience, error)
	// send tells everybody a message of some 300 bytes that holds the stamp; it may
	// return before it has gone out.
	send(stamp string)
	// here returns how many clients are in the audience.
	here() int
}

// ways are all there are: the floor, Cuewire's dialects, and the peers.
var ways = map[string]func() way{
	floorName:                             func() way { return &floor{} },
	"Cuewire, Source Saver":               func() way { return newCuewire(sourceSaver) },
	"Cuewire, PalcoTimer":                 func() way { return newCuewire(palcoTimer) },
	"Cuewire, Broadcastt":                 func() way { return newCuewire(channels) },
	"Cuewire, Timer API":                  func() way { return newCuewire(timerAPI) },
	"gorilla":                             func() way { return newGorilla(plain) },
	"gorilla, prepared":                   func() way { return newGorilla(prepared) },
	"gorilla, prepared, a goroutine each": func() way { return newGorilla(apart) },
	"lxzan/gws":                           newGWS,
	"olahol/melody":                       newMelody,
	"centrifuge":                          newCentrifuge,
}

const floorName = "floor: one write(2) each"

// wayNames are the ways in the order of the tables.
var wayNames = []string{
	floorName, "Cuewire, Source Saver", "Cuewire, PalcoTimer", "Cuewire, Broadcastt", "Cuewire, Timer API",
	"gorilla", "gorilla, prepared", "gorilla, prepared, a goroutine each", "lxzan/gws", "olahol/melody", "centrifuge",
}

// task is what a server process is to do.
type task struct {
	Way     string
	Clients int
	Stalled int           // of them
	Burst   time.Duration // of bursts; 0 for none
	Live    time.Duration // of live events; 0 for none
	Rate    int           // live events a second
	Profile string        // folder for profiles, "" for none
}

// patience bounds what takes some seconds: a message that is lost is waited for in vain.
const patience = 2 * time.Minute

const inFlight = 16 // messages of a burst

// done is what came of it.
type done struct {
	PerClient float64 // bytes resident for each client, idle
	Burst     spent
	Live      spent
	Delays    delays // of the live messages
	Bytes     float64
}

// spent is what messages cost.
type spent struct {
	Messages int     // delivered
	Seconds  float64 // that went by
	CPU      float64 // seconds of the server's
	Allocs   float64
}

func (s spent) each() float64       { return s.Seconds / float64(s.Messages) }
func (s spent) cpuEach() float64    { return s.CPU / float64(s.Messages) }
func (s spent) allocsEach() float64 { return s.Allocs / float64(s.Messages) }

// serve runs a task in a process of its own.
func serve(ctx context.Context, t task) (d done, err error) {
	spec, err := json.Marshal(t)
	if err != nil {
		return d, err
	}
	self, err := os.Executable()
	if err != nil {
		return d, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, "serve", string(spec))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return d, fmt.Errorf("%s with %d clients: %w", t.Way, t.Clients, err)
	}
	return d, json.Unmarshal(out, &d)
}

// beServer carries a task out and prints what came of it.
func beServer(spec string) error {
	var t task
	if err := json.Unmarshal([]byte(spec), &t); err != nil {
		return err
	}
	if err := raiseFiles(); err != nil {
		return err
	}
	d, err := t.do()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(d)
}

func (t task) do() (d done, err error) {
	if t.Profile != "" {
		runtime.MemProfileRate = 512 // before the clients come, whose memory it is about
	}
	create := ways[t.Way]
	if create == nil {
		return d, fmt.Errorf("no way is called %q", t.Way)
	}
	if err := warm(create()); err != nil {
		return d, err
	}
	w := create()
	a, err := w.open()
	if err != nil {
		return d, err
	}
	a.Clients, a.Stalled = t.Clients, t.Stalled
	before := resident()
	crowd, err := startCrowd(a)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, crowd.leave()) }()
	for deadline := time.Now().Add(time.Minute); w.here() < t.Clients; {
		if time.Now().After(deadline) {
			return d, fmt.Errorf("only %d of %d clients came", w.here(), t.Clients)
		}
		time.Sleep(time.Millisecond)
	}
	d.PerClient = float64(resident()-before) / float64(t.Clients)
	reading := t.Clients - t.Stalled
	if t.Stalled > 0 {
		if err := t.stall(w, crowd, reading); err != nil {
			return d, err
		}
	}
	stop, err := t.startProfiles()
	if err != nil {
		return d, err
	}
	if t.Burst > 0 {
		if d.Burst, err = burst(w, crowd, reading, t.Burst); err != nil {
			return d, err
		}
	}
	if t.Live > 0 {
		if d.Live, err = live(w, crowd, reading, t.Live, t.Rate); err != nil {
			return d, err
		}
	}
	if err := stop(); err != nil {
		return d, err
	}
	if d.Delays, err = crowd.took(); err != nil {
		return d, err
	}
	d.Bytes = d.Delays.Bytes
	return d, nil
}

// warm serves some clients who leave again: what a process needs for its first
// connection, whatever their number, is not a connection's.
func warm(w way) error {
	a, err := w.open()
	if err != nil {
		return err
	}
	a.Clients = 100
	crowd, err := startCrowd(a)
	if err != nil {
		return err
	}
	return crowd.leave()
}

// burst sends sixteen messages at a time, the next when all have arrived.
func burst(w way, crowd *gathered, clients int, length time.Duration) (spent, error) {
	step := func() error {
		for range inFlight {
			w.send(stampOf(0))
		}
		return crowd.wait(inFlight * clients)
	}
	for range 2 { // the first ones find nothing warm
		if err := step(); err != nil {
			return spent{}, err
		}
	}
	return spend(func() (messages int, err error) {
		for began := time.Now(); time.Since(began) < length; {
			if err := step(); err != nil {
				return 0, err
			}
			messages += inFlight * clients
		}
		return messages, nil
	})
}

// live sends rate messages a second, evenly.
func live(w way, crowd *gathered, clients int, length time.Duration, rate int) (spent, error) {
	return spend(func() (messages int, err error) {
		tick := time.NewTicker(time.Second / time.Duration(rate))
		defer tick.Stop()
		events := max(2, int(length.Seconds()*float64(rate)))
		for range events {
			<-tick.C
			w.send(stampOf(time.Now().UnixNano()))
		}
		return events * clients, crowd.wait(events * clients)
	})
}

func spend(work func() (messages int, err error)) (s spent, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, began := ownCPU(), time.Now()
	s.Messages, err = work()
	s.Seconds, s.CPU = time.Since(began).Seconds(), (ownCPU() - cpu).Seconds()
	runtime.ReadMemStats(&after)
	s.Allocs = float64(after.Mallocs - before.Mallocs)
	return s, err
}

// stall sends until the clients that do not read hold all that their sockets take:
// each then has a writer that waits for it.
func (t task) stall(w way, crowd *gathered, reading int) error {
	base := runtime.NumGoroutine()
	for range 4000 {
		for range inFlight {
			w.send(stampOf(0))
		}
		if err := crowd.wait(inFlight * reading); err != nil {
			return err
		}
		if runtime.NumGoroutine() >= base+t.Stalled {
			return nil
		}
	}
	return fmt.Errorf("of %d clients that do not read, only %d stall", t.Stalled, runtime.NumGoroutine()-base)
}

// ownCPU returns the CPU time of this process.
func ownCPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // it can't fail for itself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resident returns the bytes of memory that this process holds, but for garbage.
func resident() int64 {
	debug.FreeOSMemory()
	p, _ := observe(os.Getpid()) // of itself
	return p.resident
}

// startProfiles begins to profile and returns what writes the profiles down.
func (t task) startProfiles() (stop func() error, err error) {
	if t.Profile == "" {
		return func() error { return nil }, nil
	}
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	file, err := os.Create(filepath.Join(t.Profile, "cpu.out"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		errs := []error{file.Close()}
		for _, name := range []string{"allocs", "heap", "mutex", "block"} {
			out, err := os.Create(filepath.Join(t.Profile, name+".out"))
			if err != nil {
				return err
			}
			errs = append(errs, pprof.Lookup(name).WriteTo(out, 0), out.Close())
		}
		return errors.Join(errs...)
	}, nil
}
