package obsbridge

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFinderKnowsWhereOBSKeepsItsSettings(t *testing.T) {
	const newer = "plugin_config/obs-websocket/config.json"
	for _, test := range []struct {
		name, os, folder string // folder is below the home
		env              func(home string) map[string]string
	}{
		{"Linux", "linux", ".config/obs-studio", nil},
		{"Linux, XDG_CONFIG_HOME", "linux", "elsewhere/obs-studio", func(home string) map[string]string {
			return map[string]string{"XDG_CONFIG_HOME": filepath.Join(home, "elsewhere")}
		}},
		{"FreeBSD", "freebsd", ".config/obs-studio", nil},
		{"Flatpak", "linux", ".var/app/com.obsproject.Studio/config/obs-studio", nil},
		{"Snap", "linux", "snap/obs-studio/current/.config/obs-studio", nil},
		{"macOS", "darwin", "Library/Application Support/obs-studio", nil},
		{"Windows", "windows", "AppData/Roaming/obs-studio", func(home string) map[string]string {
			return map[string]string{"APPDATA": filepath.Join(home, "AppData", "Roaming")}
		}},
		{"portable", "windows", "Stick/OBS/config/obs-studio", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			home := t.TempDir()
			env := map[string]string{"HOME": home}
			if test.env != nil {
				for name, value := range test.env(home) {
					env[name] = value
				}
			}
			f := &finder{os: test.os, getenv: func(name string) string { return env[name] }, portable: func() []string {
				if folder, ok := portableFolder(filepath.Join(home, "Stick", "OBS", "bin", "64bit", "obs64.exe")); ok {
					return []string{folder}
				}
				return nil
			}}
			if found := f.find(); len(found) != 0 {
				t.Errorf("found in an empty home: %+v", found)
			}
			file := filepath.Join(home, filepath.FromSlash(test.folder), filepath.FromSlash(newer))
			write(t, file, `{"server_enabled":true,"server_port":4456,"auth_required":true,"server_password":"secret"}`)
			want := settings{File: file, Enabled: true, Port: 4456, Password: "secret"}
			if found := f.find(); len(found) != 1 || found[0] != want {
				t.Errorf("found %+v, want %+v", found, want)
			}
		})
	}
}

func TestSettingsOfOBS(t *testing.T) {
	const ini, json = "global.ini", "plugin_config/obs-websocket/config.json"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  settings // but for File
		none  bool
	}{
		{name: "nothing", none: true},
		{
			name: "older", files: map[string]string{ini: "[General]\nName=x\n\n[OBSWebSocket]\nServerEnabled=true\nServerPort=4460\nAuthRequired=true\nServerPassword=secret\n"},
			want: settings{Enabled: true, Port: 4460, Password: "secret"},
		},
		{
			name: "older, with a byte order mark and Windows' line ends", files: map[string]string{ini: "\ufeff[General]\r\n[OBSWebSocket]\r\nServerEnabled=true\r\nServerPassword=secret\r\n"},
			want: settings{Enabled: true, Port: 4455, Password: "secret"},
		},
		{
			name: "older, a password that is hard to write", files: map[string]string{ini: "[OBSWebSocket]\nServerEnabled=true\nServerPassword=a;b#c=d \"e\" \\\\n\n"},
			want: settings{Enabled: true, Port: 4455, Password: `a;b#c=d "e" \n`},
		},
		{
			name: "older, switched off", files: map[string]string{ini: "[OBSWebSocket]\nFirstLoad=false\nServerEnabled=false\nServerPort=4455\nAuthRequired=true\nServerPassword=x\n"},
			want: settings{Port: 4455, Password: "x"},
		},
		{name: "older, never configured", files: map[string]string{ini: "[OBSWebSocket]\nFirstLoad=true\n"}, want: settings{Port: 4455}},
		{
			name: "older, no password asked", files: map[string]string{ini: "[OBSWebSocket]\nServerEnabled=true\nAuthRequired=false\nServerPassword=x\n"},
			want: settings{Enabled: true, Port: 4455},
		},
		{name: "older, without the plugin", files: map[string]string{ini: "[General]\nName=x\n"}, none: true},
		{name: "newer wins over older", files: map[string]string{
			ini:  "[OBSWebSocket]\nServerEnabled=true\nServerPort=1\nServerPassword=old\n",
			json: `{"server_enabled":true,"server_port":2,"auth_required":true,"server_password":"new"}`,
		}, want: settings{Enabled: true, Port: 2, Password: "new"}},
		{name: "newer, broken: the older one", files: map[string]string{
			ini:  "[OBSWebSocket]\nServerEnabled=true\nServerPort=1\nServerPassword=old\n",
			json: `{"server_enabled":`,
		}, want: settings{Enabled: true, Port: 1, Password: "old"}},
		{
			name: "newer, no password asked", files: map[string]string{json: `{"server_enabled":true,"auth_required":false,"server_password":"x"}`},
			want: settings{Enabled: true, Port: 4455},
		},
		{name: "a port that is none", files: map[string]string{json: `{"server_enabled":true,"server_port":70000}`}, none: true},
		{name: "a folder in a file's place", files: map[string]string{json + "/x": "", ini + "/x": ""}, none: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, text := range test.files {
				write(t, filepath.Join(folder, filepath.FromSlash(name)), text)
			}
			got, ok := readSettings(folder)
			got.File = ""
			if ok == test.none || !test.none && got != test.want {
				t.Errorf("got %+v, %v; want %+v", got, ok, test.want)
			}
		})
	}
}

func TestFingerprintHidesThePassword(t *testing.T) {
	a := []settings{{File: "f", Enabled: true, Port: 4455, Password: "one"}}
	b := []settings{{File: "f", Enabled: true, Port: 4455, Password: "two"}}
	if fingerprint(a) == fingerprint(b) || fingerprint(a) != fingerprint(slices.Clone(a)) {
		t.Error("fingerprints do not tell settings apart")
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
