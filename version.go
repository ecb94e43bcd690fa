package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// The build sets these with -ldflags -X, from what .ci/version prints.
var (
	version = "dev" // as in Semantic Versioning, without a v
	commit  = ""    // in full, or ""
	date    = ""    // of the commit, in UTC as RFC 3339 has it, or ""
)

// describeVersion is what --version prints: the version on the first line, then
// the commit, its date, and what built it. What nobody told is left out.
func describeVersion() string {
	commit, date := commit, date
	if commit == "" {
		commit, date = commitByGo()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "cuewire %s\n", version)
	if commit != "" {
		fmt.Fprintf(&b, "commit %s\n", commit)
	}
	if date != "" {
		fmt.Fprintf(&b, "date %s\n", date)
	}
	fmt.Fprintf(&b, "built with %s for %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return b.String()
}

// commitByGo returns what a plain go build writes into the program.
func commitByGo() (commit, date string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", ""
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value
		case "vcs.time":
			date = s.Value
		}
	}
	return commit, date
}
