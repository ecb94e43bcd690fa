package obsbridge

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"gopkg.in/ini.v1"

	"cuewire/app"
)

// settings are those of obs-websocket that one OBS on this computer keeps.
type settings struct {
	File     string // where they were read
	Enabled  bool
	Port     int
	Password string // "" when none is asked for
}

func (s settings) target() app.ConnectOBS {
	return app.ConnectOBS{Host: loopback, Port: s.Port, Password: s.Password}
}

// finder finds the settings of every OBS on this computer.
type finder struct {
	os     string // runtime.GOOS
	getenv func(string) string
	// portable returns the configuration folders of OBS copies that carry their own.
	portable func() []string
}

func newFinder(getenv func(string) string) *finder {
	return &finder{os: runtime.GOOS, getenv: getenv, portable: newPortable(getenv)}
}

// find reads the settings afresh: the likeliest OBS first, none twice. Folders
// without readable settings are passed over.
func (f *finder) find() []settings {
	var found []settings
	for _, folder := range append(f.folders(), f.portable()...) {
		if s, ok := readSettings(folder); ok {
			found = append(found, s)
		}
	}
	return found
}

// folders returns where an installed OBS keeps its configuration, likeliest first.
func (f *finder) folders() []string {
	home := f.getenv("HOME")
	switch f.os {
	case "windows":
		if roaming := f.getenv("APPDATA"); roaming != "" {
			return []string{filepath.Join(roaming, "obs-studio")}
		}
		return nil
	case "darwin":
		if home == "" {
			return nil
		}
		return []string{filepath.Join(home, "Library", "Application Support", "obs-studio")}
	}
	var folders []string
	config := f.getenv("XDG_CONFIG_HOME")
	if config == "" && home != "" {
		config = filepath.Join(home, ".config")
	}
	if config != "" {
		folders = append(folders, filepath.Join(config, "obs-studio"))
	}
	if home != "" {
		folders = append(folders,
			filepath.Join(home, ".var", "app", "com.obsproject.Studio", "config", "obs-studio"), // Flatpak
			filepath.Join(home, "snap", "obs-studio", "current", ".config", "obs-studio"))       // Snap
	}
	return folders
}

// readSettings reads the settings in OBS's configuration folder: the newer
// config.json where there is one, else the older global.ini of OBS 28 and 29.
func readSettings(folder string) (settings, bool) {
	if s, ok := readJSON(filepath.Join(folder, "plugin_config", "obs-websocket", "config.json")); ok {
		return s, true
	}
	return readINI(filepath.Join(folder, "global.ini"))
}

func readJSON(file string) (settings, bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return settings{}, false
	}
	c := struct {
		Enabled  bool   `json:"server_enabled"`
		Port     int    `json:"server_port"`
		Auth     *bool  `json:"auth_required"`
		Password string `json:"server_password"`
	}{Port: DefaultPort}
	if json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &c) != nil {
		return settings{}, false
	}
	s := settings{file, c.Enabled, c.Port, c.Password}
	if c.Auth != nil && !*c.Auth {
		s.Password = ""
	}
	return s, s.goodPort()
}

func readINI(file string) (settings, bool) {
	c, err := ini.LoadSources(ini.LoadOptions{
		IgnoreInlineComment: true, IgnoreContinuation: true, PreserveSurroundedQuote: true,
		SkipUnrecognizableLines: true, KeyValueDelimiters: "=",
	}, file)
	if err != nil || !c.HasSection("OBSWebSocket") {
		return settings{}, false
	}
	section := c.Section("OBSWebSocket")
	s := settings{
		File:    file,
		Enabled: section.Key("ServerEnabled").MustBool(false),
		Port:    section.Key("ServerPort").MustInt(DefaultPort),
	}
	if section.Key("AuthRequired").MustBool(true) {
		// libobs escapes these three when it writes.
		s.Password = strings.NewReplacer(`\\`, `\`, `\r`, "\r", `\n`, "\n").Replace(section.Key("ServerPassword").String())
	}
	return s, s.goodPort()
}

func (s settings) goodPort() bool { return s.Port >= 1 && s.Port <= 65535 }

// fingerprint tells whether settings have changed without holding a password.
func fingerprint(list []settings) string {
	sum := sha256.New()
	for _, s := range list {
		fmt.Fprintf(sum, "%q %v %s %q\n", s.File, s.Enabled, strconv.Itoa(s.Port), s.Password)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
