package packages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The .deb holds what a Debian package of a desktop program holds, all of it as root's,
// and two runs give the same bytes.
func TestDeb(t *testing.T) {
	deb := pack(t, "deb", "*.deb")
	sameBytes(t, deb, pack(t, "deb", "*.deb"))

	fields := command(t, ".", nil, "dpkg-deb", "--field", deb)
	for _, want := range []string{"Package: cuewire\n", "Section: video\n", " libgl1,", "libx11-6", "Maintainer: The Cuewire founders <", "Installed-Size: "} {
		if !strings.Contains(fields, want) {
			t.Errorf("the package's fields lack %q:\n%s", want, fields)
		}
	}
	made := strings.TrimSpace(command(t, source, nil, ".ci/version"))
	if want := "Version: " + strings.Replace(made, "-", "~", 1) + "\n"; !strings.Contains(fields, want) {
		t.Errorf("the package's fields lack %q:\n%s", want, fields)
	}
	for line := range strings.Lines(command(t, ".", nil, "dpkg-deb", "--contents", deb)) {
		if !strings.Contains(line, " root/root ") || strings.Contains(line[:10], "w-") && strings.Count(line[:10], "w") > 1 {
			t.Errorf("not root's alone: %s", line)
		}
	}
	folder := t.TempDir()
	command(t, ".", nil, "dpkg-deb", "--extract", deb, folder)
	checkTree(t, filepath.Join(folder, "usr"))
}

// The archive's installer puts the same into a folder of one's own, spaces in its name
// too, and takes all of it away again.
func TestArchive(t *testing.T) {
	archive := pack(t, "linux", "*.tar.xz")
	sameBytes(t, archive, pack(t, "linux", "*.tar.xz"))

	folder, home := t.TempDir(), filepath.Join(t.TempDir(), "my home")
	command(t, ".", nil, "tar", "-xJf", archive, "-C", folder, "--strip-components", "1")
	checkTree(t, folder)
	for _, name := range []string{"LICENSE.txt", "INSTALL.txt"} {
		if text := read(t, filepath.Join(folder, name)); text == "" || strings.Contains(text, "@") {
			t.Errorf("%s is %q", name, text)
		}
	}

	install := filepath.Join(folder, "install.sh")
	if out := command(t, "/", []string{"HOME=" + home}, install); !strings.Contains(out, home) {
		t.Errorf("install.sh does not say where Cuewire is: %q", out)
	}
	prefix := filepath.Join(home, ".local")
	checkTree(t, prefix)
	if out := command(t, "/", nil, filepath.Join(prefix, "bin/cuewire")); out != "cuewire stands in\n" {
		t.Errorf("what is installed prints %q", out)
	}
	if entry := read(t, filepath.Join(prefix, "share/applications/io.github.cuewire.desktop")); !strings.Contains(entry, "\nExec=\""+prefix+"/bin/cuewire\"\n") {
		t.Errorf("the desktop file does not name the program:\n%s", entry)
	}
	data := filepath.Join(prefix, "share/cuewire/cuewire.db")
	if err := os.MkdirAll(filepath.Dir(data), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(data, []byte("rooms"), 0o600); err != nil {
		t.Fatal(err)
	}

	command(t, "/", []string{"HOME=" + home}, install, "--uninstall")
	var left []string
	err := filepath.WalkDir(prefix, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Base(path) != "mimeinfo.cache" && filepath.Base(path) != "icon-theme.cache" {
			left = append(left, path)
		}
		return err
	})
	if err != nil || len(left) != 1 || left[0] != data {
		t.Errorf("after uninstalling there are %q, %v; only the data should be", left, err)
	}
}

// checkTree looks at what is installed below a prefix, with the desktop's own checks.
func checkTree(t *testing.T, prefix string) {
	t.Helper()
	if info, err := os.Stat(filepath.Join(prefix, "bin/cuewire")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("bin/cuewire: %v, %v", info, err)
	}
	command(t, prefix, nil, "desktop-file-validate", "share/applications/io.github.cuewire.desktop")
	metainfo := "share/metainfo/io.github.cuewire.metainfo.xml"
	command(t, prefix, nil, "appstreamcli", "validate", "--no-net", "--pedantic", metainfo)
	if text := read(t, filepath.Join(prefix, metainfo)); strings.Contains(text, "@") {
		t.Errorf("%s has something left to fill in:\n%s", metainfo, text)
	}
	for _, name := range []string{"scalable/apps/io.github.cuewire.svg", "16x16/apps/io.github.cuewire.png", "512x512/apps/io.github.cuewire.png"} {
		if read(t, filepath.Join(prefix, "share/icons/hicolor", name)) == "" {
			t.Errorf("%s is empty", name)
		}
	}
	doc := filepath.Join(prefix, "share/doc/cuewire")
	if text := read(t, filepath.Join(doc, "copyright")); !strings.Contains(text, "License: Expat\n Permission is hereby granted") {
		t.Errorf("copyright does not hold the licence:\n%s", text)
	}
	licences := read(t, filepath.Join(doc, "THIRD-PARTY.txt"))
	for _, want := range []string{"Go and its standard library", "SIL OPEN FONT LICENSE", "fyne.io/fyne/v2 v", "modernc.org/sqlite v", "github.com/gorilla/websocket v"} {
		if !strings.Contains(licences, want) {
			t.Errorf("THIRD-PARTY.txt lacks %q", want)
		}
	}
	if strings.Contains(licences, "pgregory.net/rapid") {
		t.Error("THIRD-PARTY.txt has a library of the tests, which is not in the program")
	}
}

// FyneApp.toml, the desktop file, the bundle and the program name one program.
func TestNamesAgree(t *testing.T) {
	toml := read(t, filepath.Join(source, "FyneApp.toml"))
	for path, want := range map[string]string{
		"desktop.go": `appID = "io.github.cuewire"`,
		"assets/package/linux/io.github.cuewire.desktop":      "\nComment=Show timers, overlays and remote screens beside OBS Studio\n",
		"assets/package/linux/io.github.cuewire.metainfo.xml": "<summary>Show timers, overlays and remote screens beside OBS Studio</summary>",
		"assets/package/macos/Info.plist":                     "<string>io.github.cuewire</string>",
		"assets/package/windows/installer.nsi":                `WriteRegStr HKCU "${RUN}" "Cuewire" '"$INSTDIR\cuewire.exe" --hidden'`,
		"autostart_windows.go":                                `runValue = "Cuewire"`, // as the installer has it
		"FyneApp.toml":                                        "ID = \"io.github.cuewire\"\n",
	} {
		if !strings.Contains(read(t, filepath.Join(source, path)), want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
	for _, want := range []string{`Icon = "assets/icon.png"`, `Comment = "Show timers, overlays and remote screens beside OBS Studio"`, `GenericName = "Show timer and OBS companion"`} {
		if !strings.Contains(toml, want) {
			t.Errorf("FyneApp.toml lacks %q:\n%s", want, toml)
		}
	}
}
