package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// observed is what a process has used and holds.
type observed struct {
	at       time.Time
	cpu      time.Duration
	switches int64 // context switches, its own and forced ones
	resident int64 // bytes
}

// observe looks at a process and all of its threads.
func observe(pid int) (o observed, err error) {
	o.at = time.Now()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
	if err != nil {
		return o, err
	}
	if len(tasks) == 0 {
		return o, fmt.Errorf("process %d is gone", pid)
	}
	// The clock of another process's CPU time, as clock_getcpuclockid(3) makes it.
	var clock unix.Timespec
	if err := unix.ClockGettime(int32(^pid)<<3|2, &clock); err != nil {
		return o, fmt.Errorf("CPU time of process %d: %w", pid, err)
	}
	o.cpu = time.Duration(clock.Nano())
	for _, task := range tasks {
		for name, value := range fieldsOf(filepath.Join(task, "status")) {
			if strings.HasSuffix(name, "voluntary_ctxt_switches") {
				o.switches += value
			}
		}
	}
	o.resident = fieldsOf(fmt.Sprintf("/proc/%d/status", pid))["VmRSS"] << 10
	return o, nil
}

// fieldsOf reads the numbers of a file like /proc/PID/status.
func fieldsOf(path string) map[string]int64 {
	fields := map[string]int64{}
	text, _ := os.ReadFile(path) // a process that is gone has none
	for line := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(line, ":")
		if words := strings.Fields(rest); len(words) > 0 {
			if value, err := strconv.ParseInt(words[0], 10, 64); err == nil {
				fields[name] = value
			}
		}
	}
	return fields
}

// used is what a process used in some time.
type used struct {
	cpu      float64 // % of a core
	switches float64 // a second
	resident float64 // MiB, at the end
}

func between(a, b observed) used {
	seconds := b.at.Sub(a.at).Seconds()
	return used{
		cpu:      100 * (b.cpu - a.cpu).Seconds() / seconds,
		switches: float64(b.switches-a.switches) / seconds,
		resident: float64(b.resident) / (1 << 20),
	}
}

func makeFolder(path string) error { return os.MkdirAll(path, 0o755) }
