// Command bench measures Cuewire beside floors that physics sets and beside peers:
// the real server with each of its dialects, the built programs, and the disk.
// make bench runs all of it and writes the tables of docs/performance.md; make
// bench-quick runs the same code with fewer rounds and sizes and prints them.
//
// What is compared is measured in turns within one run, round by round, since
// absolute figures wander with the machine; a ratio is that of one round. Servers
// and load generators are processes of their own.
//
// It is a module of its own, so that the peers are no dependencies of Cuewire. It
// measures on Linux.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) == 3 {
		part := map[string]func(string) error{"crowd": beCrowd, "serve": beServer, "relay": beRelay}[os.Args[1]]
		if part != nil {
			if err := part(os.Args[2]); err != nil {
				fmt.Fprintf(os.Stderr, "bench %s: %v\n", os.Args[1], err)
				os.Exit(1)
			}
			return
		}
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// plan is how much is measured.
type plan struct {
	sizes        []int         // of audiences
	rounds       int           // of each comparison
	large        int           // rounds with audiences other than a thousand
	burst        time.Duration // of bursts in a round
	live         time.Duration // of live events in a round
	presses      int           // commands whose way is timed, in a round
	idleLength   time.Duration // of a look at an idle program
	looks        int           // how many of them
	windowLength time.Duration // of a look at windows
	starts       int
	window       bool
	obs          bool
	browsers     bool // the rows that tests of pages measure
}

var (
	full = plan{
		sizes: []int{100, 1000, 10_000}, rounds: 5, large: 3, burst: 300 * time.Millisecond, live: time.Second, presses: 200,
		idleLength: 10 * time.Second, looks: 3, windowLength: 20 * time.Second, starts: 6, window: true, obs: true, browsers: true,
	}
	quick = plan{
		sizes: []int{100, 1000}, rounds: 2, large: 2, burst: 150 * time.Millisecond, live: 500 * time.Millisecond, presses: 50,
		idleLength: 3 * time.Second, looks: 2, windowLength: 3 * time.Second, starts: 3, window: true,
	}
)

// bench is one run.
type bench struct {
	plan
	ctx    context.Context
	root   string // of the repository
	dir    string // scratch, on disk
	report report
}

func run(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	out := flags.String("out", "", "file whose measured part is replaced; \"\" prints alone")
	isQuick := flags.Bool("quick", false, "fewer rounds and sizes")
	only := flags.String("only", "", "comma-separated parts, \"\" for all: "+strings.Join(partNames(), ", "))
	profiles := flags.String("profile", "", "folder that gets profiles of the fan-out, in place of the measurements")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := raiseFiles(); err != nil {
		return err
	}
	root, err := repository()
	if err != nil {
		return err
	}
	b := &bench{plan: full, ctx: ctx, root: root}
	if *isQuick {
		b.plan = quick
	}
	if *profiles != "" {
		return b.profile(*profiles)
	}
	// Beside the repository's other output: what is measured of the disk is this disk.
	if err := os.MkdirAll(filepath.Join(root, "build"), 0o755); err != nil {
		return err
	}
	if b.dir, err = os.MkdirTemp(filepath.Join(root, "build"), "bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	b.report.machine = b.machine(*isQuick)
	var errs []error
	for _, part := range parts {
		if *only != "" && !strings.Contains(","+*only+",", ","+part.name+",") {
			continue
		}
		began := time.Now()
		fmt.Fprintf(os.Stderr, "%s …", part.name)
		err := part.measure(b)
		fmt.Fprintf(os.Stderr, " %.0f s\n", time.Since(began).Seconds())
		if err != nil {
			// The rows of a part that could not be measured say so; the others stand.
			errs = append(errs, fmt.Errorf("%s: %w", part.name, err))
			fmt.Fprintln(os.Stderr, errs[len(errs)-1])
			b.report.broken(part.name, err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	text := b.report.markdown()
	fmt.Print(text)
	if *out != "" {
		errs = append(errs, replaceMeasured(*out, text))
	}
	return errors.Join(errs...)
}

// parts are what is measured, in this order.
var parts = []struct {
	name    string
	measure func(*bench) error
}{
	{"build", (*bench).build},
	{"fanout", (*bench).fanout},
	{"stalled", (*bench).stalled},
	{"latency", (*bench).latency},
	{"disk", (*bench).disk},
	{"start", (*bench).start},
	{"rundown", (*bench).rundown},
	{"idle", (*bench).idle},
	{"window", (*bench).windows},
	{"pages", (*bench).pages},
}

func partNames() []string {
	var names []string
	for _, part := range parts {
		names = append(names, part.name)
	}
	return names
}

// repository returns the folder of the go.mod that says "module cuewire".
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module cuewire\n") {
			return dir, nil
		}
	}
	return "", errors.New("run it from within the repository")
}

// raiseFiles allows this process, and those it starts, as many open files as it may.
func raiseFiles() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read the limit of open files: %w", err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("raise the limit of open files: %w", err)
	}
	return nil
}

// files returns how many files a process may have open.
func files() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return int(limit.Cur)
}
