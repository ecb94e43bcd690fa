package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// needCommand fails, or without CI skips, where a command is missing.
func needCommand(t *testing.T, command, debianPackage string) {
	t.Helper()
	if _, err := exec.LookPath(command); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no %s: install the package %s", command, debianPackage)
		}
		t.Skipf("no %s", command)
	}
}

// needNode fails, or without CI skips, where Node, npm or a package of
// package.json is missing, which it installs first if it can.
func needNode(t *testing.T, name string) {
	t.Helper()
	needCommand(t, "node", "nodejs")
	needCommand(t, "npm", "npm")
	if _, err := os.Stat("node_modules/" + name); err != nil {
		if text, err := exec.Command("npm", "ci", "--no-audit", "--no-fund").CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, text)
		}
	}
}

// runBesidePages runs the module main.mjs of files in Node, in a folder with the rest of
// them and with the pages' own modules of those names, and returns what it prints.
func runBesidePages(t *testing.T, files map[string][]byte, modules ...string) []byte {
	t.Helper()
	needCommand(t, "node", "nodejs")
	dir := t.TempDir()
	write := func(name string, content []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		write(name, content)
	}
	for _, name := range modules {
		source, err := os.ReadFile("../../assets/web/lib/" + name)
		if err != nil {
			t.Fatal(err)
		}
		write(name, source)
	}
	write("package.json", []byte(`{"type":"module"}`)) // whatever Node takes .js for
	run := exec.Command("node", "main.mjs")
	run.Dir, run.Stderr = dir, os.Stderr
	output, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	return output
}
