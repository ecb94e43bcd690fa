package packages

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The bundle's files are in place and say what macOS asks for; the .dmg, which needs a
// Mac, is made and tried by the release's workflow.
func TestBundle(t *testing.T) {
	build := t.TempDir()
	command(t, source, []string{"CUEWIRE_BUILD=" + build, "CUEWIRE_BINARY=" + standIn(t)}, ".ci/package", "macos")
	contents := filepath.Join(build, "macos/Cuewire.app/Contents")
	if info, err := os.Stat(filepath.Join(contents, "MacOS/cuewire")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the program: %v, %v", info, err)
	}
	info := plist(t, filepath.Join(contents, "Info.plist"))
	for key, want := range map[string]string{
		"CFBundleIdentifier":             "io.github.cuewire",
		"CFBundleExecutable":             "cuewire",
		"CFBundlePackageType":            "APPL",
		"CFBundleShortVersionString":     `^\d+\.\d+\.\d+$`,
		"CFBundleVersion":                `^\d+\.\d+\.\d+\.\d+$`,
		"LSMinimumSystemVersion":         `^\d+\.\d+$`,
		"NSLocalNetworkUsageDescription": "network",
		"NSHighResolutionCapable":        "true",
	} {
		if !regexp.MustCompile(want).MatchString(info[key]) {
			t.Errorf("%s is %q, not %s", key, info[key], want)
		}
	}
	if read(t, filepath.Join(contents, "Resources", info["CFBundleIconFile"])) == "" {
		t.Error("the icon is empty")
	}
	for _, language := range []string{"en", "pt-BR"} {
		words := read(t, filepath.Join(contents, "Resources", language+".lproj/InfoPlist.strings"))
		for _, key := range []string{"NSLocalNetworkUsageDescription", "NSHumanReadableCopyright"} {
			if !regexp.MustCompile(`(?m)^"` + key + `" = "[^"]+";$`).MatchString(words) {
				t.Errorf("%s has no words for %s:\n%s", language, key, words)
			}
		}
	}
	entitlements := plist(t, filepath.Join(source, "assets/package/macos/entitlements.plist"))
	if entitlements["com.apple.security.network.server"] != "true" {
		t.Errorf("the entitlements are %v", entitlements)
	}
}

// plist returns the texts and truths of a property list's outermost dictionary.
func plist(t *testing.T, path string) map[string]string {
	t.Helper()
	values := map[string]string{}
	decoder := xml.NewDecoder(strings.NewReader(read(t, path)))
	var key, text string
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return values
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch token := token.(type) {
		case xml.CharData:
			text = string(token)
		case xml.StartElement:
			text = ""
		case xml.EndElement:
			switch token.Name.Local {
			case "key":
				key = text
			case "string":
				values[key] += text
			case "true", "false":
				values[key] = token.Name.Local
			}
		}
	}
}
