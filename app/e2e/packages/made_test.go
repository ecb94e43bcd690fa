//go:build packages

package packages

import (
	"debug/pe"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// made returns what make package has put into build/packages.
func made(t *testing.T, pattern string) string {
	t.Helper()
	path, err := filepath.Abs(only(t, filepath.Join(source, "build/packages", pattern)))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	portable  = "cuewire-*-windows-amd64.exe"
	installer = "cuewire-*-windows-amd64-setup.exe"
)

// Programs stay small: the desktop's below 45 MB, the one without a window below 25.
func TestSizes(t *testing.T) {
	folder := t.TempDir()
	command(t, ".", nil, "dpkg-deb", "--extract", made(t, "*.deb"), folder)
	headless := filepath.Join(copySource(t), "cuewire-headless")
	command(t, filepath.Dir(headless), nil, "make", "build-headless")
	for path, most := range map[string]int64{
		filepath.Join(folder, "usr/bin/cuewire"): 45e6, made(t, portable): 45e6, headless: 25e6,
		made(t, "*.deb"): 45e6, made(t, "*.tar.xz"): 45e6, made(t, installer): 45e6,
	} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %.1f MB", filepath.Base(path), float64(info.Size())/1e6)
		if info.Size() > most {
			t.Errorf("%s has %d bytes, more than %d", path, info.Size(), most)
		}
	}
}

// What make package built for Windows is a graphical program with all that it carries.
func TestWindowsMade(t *testing.T) {
	checkPE(t, made(t, portable), strings.TrimSpace(command(t, source, nil, ".ci/version", "windows")), pe.IMAGE_SUBSYSTEM_WINDOWS_GUI)
	setup, err := pe.Open(made(t, installer))
	if err != nil {
		t.Fatal(err)
	}
	defer setup.Close()
	if setup.Machine != pe.IMAGE_FILE_MACHINE_AMD64 {
		t.Errorf("the installer is for machine %#x", setup.Machine)
	}
}

// With a certificate, program and installer are signed by it; this one is made for the
// test and thrown away.
func TestSigned(t *testing.T) {
	folder := t.TempDir()
	inside := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(inside("pass"), []byte("throw-away"), 0o600); err != nil {
		t.Fatal(err)
	}
	command(t, folder, nil, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Cuewire test",
		"-addext", "extendedKeyUsage=codeSigning", "-keyout", "key.pem", "-out", "certificate.pem")
	command(t, folder, nil, "openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "certificate.pem", "-passout", "file:pass", "-out", "certificate.p12")

	unsigned := []string{"CUEWIRE_BUILD=" + inside("plain"), "CUEWIRE_BINARY=" + made(t, portable)}
	signed := []string{
		"CUEWIRE_BUILD=" + inside("signed"), "CUEWIRE_BINARY=" + made(t, portable),
		"CUEWIRE_SIGN_PFX=" + inside("certificate.p12"), "CUEWIRE_SIGN_PASS=" + inside("pass"),
	}
	command(t, source, unsigned, ".ci/package", "windows")
	sameBytes(t, only(t, inside("plain/packages/"+installer)), made(t, installer))

	command(t, source, signed, ".ci/package", "windows")
	for _, pattern := range []string{portable, installer} {
		out := command(t, folder, nil, "osslsigncode", "verify", "-CAfile", "certificate.pem", "-in", only(t, inside("signed/packages/"+pattern)))
		if !strings.Contains(out, "Cuewire test") || !strings.Contains(out, "Signature verification: ok") {
			t.Errorf("%s: %s", pattern, out)
		}
	}
}

// The .deb depends on all that the program was linked with.
func TestDependencies(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "debian"), 0o755); err != nil {
		t.Fatal(err)
	}
	command(t, ".", nil, "dpkg-deb", "--extract", made(t, "*.deb"), filepath.Join(folder, "debian/cuewire"))
	if err := os.WriteFile(filepath.Join(folder, "debian/control"), []byte("Source: cuewire\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	found := command(t, folder, nil, "dpkg-shlibdeps", "-O", "debian/cuewire/usr/bin/cuewire")
	found = strings.TrimPrefix(strings.TrimSpace(found), "shlibs:Depends=")
	declared := command(t, ".", nil, "dpkg-deb", "--field", made(t, "*.deb"), "Depends")
	for dependency := range strings.SplitSeq(found, ", ") {
		name, _, _ := strings.Cut(dependency, " ")
		if name == "libc6" {
			name = dependency // its version says on which systems the program starts
		}
		if !strings.Contains(declared, name) {
			t.Errorf("the .deb does not depend on %s: %s", dependency, declared)
		}
	}
}

// In a Debian that has nothing else, the .deb installs, and its window opens.
func TestFreshDebian(t *testing.T) {
	picture, err := filepath.Abs(filepath.Join(source, "build/fresh-debian.png"))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(command(t, source, nil, ".ci/try-deb", made(t, "*.deb"), picture))
}

// Somebody with another folder and an empty cache gets the same program.
func TestSameFromNothing(t *testing.T) {
	sameBytes(t, buildForWindows(t), buildForWindows(t, "GOCACHE="+t.TempDir()))
}

// The icons in git are what assets/*.svg give.
func TestIconsDrawn(t *testing.T) {
	folder := t.TempDir()
	command(t, source, nil, ".ci/icons", folder)
	for _, name := range []string{"icon.png", "tray.png", "icons/16.png", "icons/24.png", "icons/32.png", "icons/48.png", "icons/64.png", "icons/128.png", "icons/256.png"} {
		now, kept := decode(t, filepath.Join(folder, name)), decode(t, filepath.Join(source, "assets", name))
		if now.Bounds() != kept.Bounds() || difference(now, kept) > 1 {
			t.Errorf("%s is not what its drawing gives: make icons", name)
		}
	}
}

// difference is the mean one between the channels of two pictures, of 255.
func difference(one, other image.Image) float64 {
	var sum, n float64
	bounds := one.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, a := one.At(x, y).RGBA()
			R, G, B, A := other.At(x, y).RGBA()
			for _, d := range []float64{float64(r) - float64(R), float64(g) - float64(G), float64(b) - float64(B), float64(a) - float64(A)} {
				sum += max(d, -d) / 257
				n++
			}
		}
	}
	return sum / n
}
