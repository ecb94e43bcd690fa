//go:build !headless

package main

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestDesktopExec(t *testing.T) {
	for _, test := range []struct {
		command []string
		want    string
	}{
		{[]string{"/usr/bin/cuewire", "--hidden"}, `"/usr/bin/cuewire" "--hidden"`},
		{[]string{"/opt/my programs/cuewire"}, `"/opt/my programs/cuewire"`},
		{[]string{"/a", `b"c`}, `"/a" "b\\"c"`},
		{[]string{"/a", `b\c`}, `"/a" "b\\\\c"`},
		{[]string{"/a", "$HOME`x`"}, "\"/a\" \"\\\\$HOME\\\\`x\\\\`\""},
		{[]string{"/100%"}, `"/100%%"`},
	} {
		if got := desktopExec(test.command); got != test.want {
			t.Errorf("%q becomes %s, want %s", test.command, got, test.want)
		}
	}
}

func TestLaunchAgentIsXML(t *testing.T) {
	command := []string{"/Applications/Cuewire.app/Contents/MacOS/cuewire", "--data-dir", "/Users/a & b/<data>", "--hidden"}
	decoder := xml.NewDecoder(strings.NewReader(string(launchAgent(command))))
	var texts []string
	inString := false
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inString = token.Name.Local == "string"
		case xml.CharData:
			if inString {
				texts = append(texts, string(token))
			}
		case xml.EndElement:
			inString = false
		}
	}
	if want := append([]string{appID}, append(command, "Interactive")...); !slices.Equal(texts, want) {
		t.Errorf("it holds %q, want %q", texts, want)
	}
}

func TestAFileThatStartsAProgramIsOnOffOrGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "autostart", "cuewire.desktop")
	is := func(want bool) {
		t.Helper()
		if got, err := fileOn(path, "Hidden=true"); got != want || err != nil {
			t.Errorf("on: %v, %v; want %v", got, err, want)
		}
	}
	is(false)
	for range 2 {
		if err := setFile(path, desktopEntry([]string{"/cuewire"})); err != nil {
			t.Fatal(err)
		}
	}
	is(true)
	if err := os.WriteFile(path, []byte("[Desktop Entry]\nHidden=true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	is(false)
	for range 2 { // what is gone stays gone
		if err := setFile(path, nil); err != nil {
			t.Fatal(err)
		}
	}
	is(false)
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := fileOn(path); err == nil {
		t.Error("what cannot be read is no error")
	}
	if err := setFile(path, []byte("x")); err == nil {
		t.Error("what cannot be written is no error")
	}
}

func TestWhatIsStartedWithTheSystem(t *testing.T) {
	p := &program{options: options{dataDir: defaultDataDir(), listen: []string{defaultListen}}}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	is := func(want ...string) {
		t.Helper()
		if a, err := p.newAutostart(); err != nil || !slices.Equal(a.command, append([]string{exe}, want...)) {
			t.Errorf("it starts %q, %v; want %q", a.command, err, want)
		}
	}
	is("--hidden")
	dir := t.TempDir()
	p.dataDir, p.listen, p.noOBS = dir, []string{"127.0.0.1:0", "[::1]:0"}, true
	is("--data-dir", dir, "--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--no-obs", "--hidden")
}
