package metrics

import (
	"runtime"
	"strings"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/host"

	"cuewire/app"
)

// Machine asks the system what this computer is, which takes milliseconds.
func Machine() app.Machine {
	m := app.Machine{Cores: runtime.NumCPU()}
	if processors, err := cpu.Info(); err == nil && len(processors) > 0 {
		m.Model = strings.TrimSpace(processors[0].ModelName)
	}
	if platform, _, version, err := host.PlatformInformation(); err == nil {
		m.System = strings.TrimSpace(platform + " " + version)
	}
	return m
}
