package obsbridge

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v3/process"
)

// lookAgain is how long the list of running programs is good for: listing them
// costs milliseconds, and OBS is looked for every two seconds.
const lookAgain = 30 * time.Second

// newPortable returns a function that finds the configuration folders of portable
// copies of OBS: those whose program runs now, and the usual place on Windows.
func newPortable(getenv func(string) string) func() []string {
	var mu sync.Mutex // guards the two below
	var folders []string
	var looked time.Time
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		if looked.IsZero() || time.Since(looked) > lookAgain {
			folders, looked = nil, time.Now()
			for _, program := range runningOBS() {
				if folder, ok := portableFolder(program); ok {
					folders = append(folders, folder)
				}
			}
			if runtime.GOOS == "windows" {
				if programs := getenv("ProgramFiles"); programs != "" {
					if folder, ok := portableFolder(filepath.Join(programs, "obs-studio", "bin", "64bit", "obs64.exe")); ok {
						folders = append(folders, folder)
					}
				}
			}
		}
		return folders
	}
}

// portableFolder returns where the OBS of that program keeps its configuration if
// it is a portable copy: PLACE/bin/64bit/obs64.exe has it in PLACE/config/obs-studio.
func portableFolder(program string) (string, bool) {
	place := filepath.Dir(filepath.Dir(filepath.Dir(program)))
	folder := filepath.Join(place, "config", "obs-studio")
	info, err := os.Stat(folder)
	return folder, err == nil && info.IsDir()
}

// runningOBS returns the programs of the OBS copies that run now.
func runningOBS() []string {
	processes, err := process.Processes()
	if err != nil {
		return nil
	}
	var programs []string
	for _, p := range processes {
		name, err := p.Name()
		if err != nil {
			continue
		}
		switch strings.TrimSuffix(strings.ToLower(name), ".exe") {
		case "obs", "obs64", "obs32":
			if program, err := p.Exe(); err == nil {
				programs = append(programs, program)
			}
		}
	}
	return programs
}
