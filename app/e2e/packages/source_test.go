// Package packages tests what people install: that packages hold what they should,
// that the same source makes the same bytes, and that the release's workflows ask for
// things that exist. Built with the tag packages it looks at build/packages too, which
// make package fills, and installs the .deb in a fresh Debian.
package packages

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// source is the folder of the repository.
const source = "../../.."

// command runs a program in a folder with more environment, and returns its output.
func command(t *testing.T, folder string, environment []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), environment...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out, errOut.Bytes())
	}
	return string(out)
}

// copySource copies what git knows of the source into a new folder without git, as
// somebody has it who unpacked an archive.
func copySource(t *testing.T) string {
	t.Helper()
	to := t.TempDir()
	for name := range strings.SplitSeq(strings.TrimRight(command(t, source, nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(source, name))
		if os.IsNotExist(err) {
			continue // deleted and not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(source, name))
		if err != nil {
			t.Fatal(err)
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, content, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// standIn is a program to pack where the real one takes minutes to build.
func standIn(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cuewire")
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho cuewire stands in\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// pack makes packages around a stand-in, and returns the only one that matches.
func pack(t *testing.T, kind, pattern string) string {
	t.Helper()
	build := t.TempDir()
	command(t, source, []string{"CUEWIRE_BUILD=" + build, "CUEWIRE_BINARY=" + standIn(t)}, ".ci/package", kind)
	return only(t, filepath.Join(build, "packages", pattern))
}

// only returns the one file that matches.
func only(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %q, %v", pattern, found, err)
	}
	return found[0]
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func sameBytes(t *testing.T, one, other string) {
	t.Helper()
	if a, b := read(t, one), read(t, other); a != b {
		t.Errorf("%s and %s differ: %d and %d bytes", one, other, len(a), len(b))
	}
}

// refused reports whether .ci/version ends with an error and says why.
func refused(t *testing.T, folder string, environment []string, word string) bool {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), ".ci/version", word)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), environment...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	return cmd.Run() != nil && errOut.Len() > 0
}
