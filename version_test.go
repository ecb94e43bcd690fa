package main

import (
	"regexp"
	"testing"
)

// --version tells what the build was told, and leaves out what it was not.
func TestDescribeVersion(t *testing.T) {
	oldVersion, oldCommit, oldDate := version, commit, date
	defer func() { version, commit, date = oldVersion, oldCommit, oldDate }()
	version, commit, date = "1.2.0", "0123abc", "2026-03-01T10:00:00Z"
	told := "^cuewire 1\\.2\\.0\ncommit 0123abc\ndate 2026-03-01T10:00:00Z\nbuilt with go1\\.\\S+ for \\w+/\\w+\n$"
	if got := describeVersion(); !regexp.MustCompile(told).MatchString(got) {
		t.Errorf("told everything: %q", got)
	}
	version, commit, date = "dev", "", "" // the test's own program has no commit
	if got := describeVersion(); !regexp.MustCompile("^cuewire dev\nbuilt with [^\n]+\n$").MatchString(got) {
		t.Errorf("told nothing: %q", got)
	}
}
