package metrics

import (
	"context"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v3/net"
	"github.com/shirou/gopsutil/v3/process"

	"cuewire/app"
)

// browserEvery is how often OBS's browser processes are looked at: finding them
// costs too much for every second.
const browserEvery = 10 * time.Second

// browser measures the browser processes of the OBS that the bridge is connected
// to, where that runs on this computer.
type browser struct {
	connection string // that obs was looked for
	obs        int32  // its process id, 0 when it was not found
	looked     time.Time
	known      *app.BrowserPerformance
	children   map[int32]usage // at the last look
}

// usage is the CPU time of a process, in seconds.
type usage struct {
	used float64
	at   time.Time
}

// measure returns what OBS's browser processes use, as it was found at most
// browserEvery ago; nil when that is not known.
func (b *browser) measure(ctx context.Context, obs app.OBSState) *app.BrowserPerformance {
	if !obs.Connected() || !obs.OnThisComputer() {
		*b = browser{}
		return nil
	}
	if obs.ConnectionID != b.connection {
		*b = browser{connection: obs.ConnectionID, obs: findOBS(ctx, obs.Port)}
	}
	if b.obs == 0 {
		return nil
	}
	if b.looked.IsZero() || time.Since(b.looked) >= browserEvery {
		b.looked = time.Now()
		b.known = b.look(ctx)
	}
	return b.known
}

// look measures the processes that descend from OBS. Of CPU only those count that
// were there the last time.
func (b *browser) look(ctx context.Context) *app.BrowserPerformance {
	found, err := descendants(ctx, b.obs)
	if err != nil {
		b.children = nil
		return nil
	}
	p, before := &app.BrowserPerformance{}, b.children
	b.children = make(map[int32]usage, len(found))
	cpu, memory, compared := 0.0, 0.0, false
	for _, pid := range found {
		child := &process.Process{Pid: pid}
		if name, err := child.NameWithContext(ctx); err != nil || !isBrowser(name) {
			continue
		}
		p.Processes++
		if bytes, ok := privateMemory(ctx, child); ok {
			memory += float64(bytes) / (1 << 20)
		}
		times, err := child.TimesWithContext(ctx)
		if err != nil {
			continue
		}
		now := usage{times.User + times.System, time.Now()}
		b.children[pid] = now
		if was, ok := before[pid]; ok && now.at.After(was.at) {
			cpu += max(0, now.used-was.used) / now.at.Sub(was.at).Seconds() * 100
			compared = true
		}
	}
	if p.Processes == 0 {
		zero := 0.0
		p.CPU, p.Memory = &zero, &zero
		return p
	}
	p.Memory = number(memory)
	if compared {
		p.CPU = number(cpu)
	}
	return p
}

// isBrowser reports whether a process of that name, which OBS started, is a part of
// its browser: obs-browser-page, with .exe on Windows and cut short on Linux; on
// macOS one of its helpers.
func isBrowser(name string) bool {
	return strings.HasPrefix(name, "obs-browser-pag") || strings.HasPrefix(name, "OBS Helper")
}

// isOBS reports whether a program of that name is OBS Studio.
func isOBS(name string) bool {
	switch strings.TrimSuffix(strings.ToLower(name), ".exe") {
	case "obs", "obs64", "obs32":
		return true
	}
	return false
}

// findOBS returns the process id of the OBS that listens on the port, 0 if there
// is none to be seen. It looks at every process, which takes milliseconds.
func findOBS(ctx context.Context, port int) int32 {
	all, err := process.ProcessesWithContext(ctx)
	if err != nil {
		return 0
	}
	var found []int32
	for _, p := range all {
		if name, err := p.NameWithContext(ctx); err == nil && isOBS(name) {
			found = append(found, p.Pid)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	for _, pid := range found {
		open, err := net.ConnectionsPidWithContext(ctx, "tcp", pid)
		if err != nil {
			continue
		}
		for _, c := range open {
			if c.Status == "LISTEN" && int(c.Laddr.Port) == port {
				return pid
			}
		}
	}
	return 0
}
