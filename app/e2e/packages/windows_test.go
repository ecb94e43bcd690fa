package packages

import (
	"bytes"
	"debug/pe"
	"fmt"
	"image"
	_ "image/png" // decode
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/tc-hib/winres"
	"github.com/tc-hib/winres/version"
)

// The program for Windows, here without its window: two folders give the same bytes,
// and it carries icon, version and manifest.
func TestWindowsProgram(t *testing.T) {
	one, other := buildForWindows(t), buildForWindows(t)
	sameBytes(t, one, other)
	numbers := strings.TrimSpace(command(t, filepath.Dir(one), nil, ".ci/version", "windows"))
	checkPE(t, one, numbers, pe.IMAGE_SUBSYSTEM_WINDOWS_CUI)
}

func buildForWindows(t *testing.T, environment ...string) string {
	t.Helper()
	folder := copySource(t)
	command(t, folder, nil, ".ci/package", "resources")
	command(t, folder, append(environment, "GOOS=windows", "GOARCH=amd64"), "make", "build-headless")
	return filepath.Join(folder, "cuewire-headless")
}

// checkPE looks at one of Windows' programs as Windows does.
func checkPE(t *testing.T, path, numbers string, subsystem uint16) {
	t.Helper()
	file, err := pe.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	header, ok := file.OptionalHeader.(*pe.OptionalHeader64)
	if !ok || file.Machine != pe.IMAGE_FILE_MACHINE_AMD64 || header.Subsystem != subsystem {
		t.Errorf("%s: machine %#x, header %T, subsystem %d", path, file.Machine, file.OptionalHeader, header.Subsystem)
	}
	resources, err := winres.LoadFromEXE(bytes.NewReader([]byte(read(t, path))))
	if err != nil {
		t.Fatal(err)
	}
	checkIcon(t, resources)
	checkVersion(t, resources, numbers)
	manifest := string(resources.Get(winres.RT_MANIFEST, winres.ID(1), 0x409))
	for _, want := range []string{`level="asInvoker"`, "permonitorv2", "longPathAware", "Microsoft.Windows.Common-Controls"} {
		if !strings.Contains(manifest, want) {
			t.Errorf("the manifest lacks %q:\n%s", want, manifest)
		}
	}
}

func checkIcon(t *testing.T, resources *winres.ResourceSet) {
	t.Helper()
	icon, err := resources.GetIcon(winres.Name("APP"))
	if err != nil {
		t.Fatal(err)
	}
	var ico bytes.Buffer
	if err := icon.SaveICO(&ico); err != nil {
		t.Fatal(err)
	}
	// The directory of an .ico: six bytes, then sixteen for each picture.
	var sizes []int
	for i := range int(ico.Bytes()[4]) {
		sizes = append(sizes, int(ico.Bytes()[6+16*i]))
	}
	slices.Sort(sizes)
	if want := []int{0, 16, 24, 32, 48, 64, 128}; !slices.Equal(sizes, want) { // 0 means 256
		t.Errorf("the icon's sizes are %v, not %v", sizes, want)
	}
}

func checkVersion(t *testing.T, resources *winres.ResourceSet, numbers string) {
	t.Helper()
	for language, licence := range map[uint16]string{0x409: "MIT licence", 0x416: "Licença MIT"} {
		raw := resources.Get(winres.RT_VERSION, winres.ID(1), language)
		info, err := version.FromBytes(raw)
		if err != nil {
			t.Fatalf("language %#x: %v", language, err)
		}
		if got := strings.Trim(strings.ReplaceAll(fmt.Sprint(info.FileVersion), " ", "."), "[]"); got != numbers {
			t.Errorf("file version %s, not %s", got, numbers)
		}
		for _, want := range []string{"Cuewire", "The Cuewire founders", "cuewire.exe", numbers, licence} {
			if !bytes.Contains(raw, utf16le(want)) {
				t.Errorf("language %#x: the version resource lacks %q", language, want)
			}
		}
	}
}

func utf16le(text string) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return b
}

// The icons in git have the sizes that they are named for, and something on them.
func TestIcons(t *testing.T) {
	sizes := map[string]int{"icon.png": 512, "tray.png": 64}
	for _, size := range []int{16, 24, 32, 48, 64, 128, 256} {
		sizes[fmt.Sprintf("icons/%d.png", size)] = size
	}
	for name, size := range sizes {
		picture := decode(t, filepath.Join(source, "assets", name))
		if picture.Bounds() != image.Rect(0, 0, size, size) {
			t.Errorf("%s is %v", name, picture.Bounds())
		}
		if _, _, _, alpha := picture.At(0, 0).RGBA(); alpha > 0xe000 {
			t.Errorf("%s has no round corners", name)
		}
		// The triangle's orange is right of the middle.
		if r, g, b, _ := picture.At(size*9/16, size/2).RGBA(); r < 0xe000 || g < 0x9000 || b > 0x9000 {
			t.Errorf("%s: no triangle in the middle: %x %x %x", name, r, g, b)
		}
	}
	sameBytes(t, filepath.Join(source, "assets/icon.svg"), filepath.Join(source, "assets/web/icon.svg"))
	if ico := read(t, filepath.Join(source, "assets/icons/cuewire.ico")); ico[:6] != "\x00\x00\x01\x00\x07\x00" {
		t.Errorf("cuewire.ico begins with %x", ico[:6])
	}
	if icns := read(t, filepath.Join(source, "assets/icons/cuewire.icns")); !strings.HasPrefix(icns, "icns") || !strings.Contains(icns, "ic09") {
		t.Error("cuewire.icns is none, or has no picture of 512 pixels")
	}
}

func decode(t *testing.T, path string) image.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, _, err := image.Decode(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return picture
}
