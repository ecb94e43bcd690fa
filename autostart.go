//go:build !headless

package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// autostart starts Cuewire when its user logs in, with its window hidden.
type autostart struct {
	command []string // the program and its flags
}

// newAutostart starts this program as it was started now. A password of OBS that was
// given is not written down: OBS is found, or its password is in the keyring.
func (p *program) newAutostart() (autostart, error) {
	exe, err := os.Executable()
	if err != nil {
		return autostart{}, fmt.Errorf("find the program: %w", err)
	}
	command := []string{exe}
	if p.dataDir != defaultDataDir() {
		dir, err := filepath.Abs(p.dataDir)
		if err != nil {
			return autostart{}, fmt.Errorf("find the data folder: %w", err)
		}
		command = append(command, "--data-dir", dir)
	}
	if !slices.Equal(p.listen, []string{defaultListen}) {
		for _, address := range p.listen {
			command = append(command, "--listen", address)
		}
	}
	if p.noOBS {
		command = append(command, "--no-obs")
	}
	return autostart{append(command, "--hidden")}, nil
}

// fileOn reports whether a file that starts a program is there and not switched off.
func fileOn(path string, off ...string) (bool, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read what starts with the system: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if slices.Contains(off, strings.TrimSpace(line)) {
			return false, nil
		}
	}
	return true, nil
}

// setFile writes the file, or removes it for nil.
func setFile(path string, text []byte) error {
	var err error
	if text == nil {
		if err = os.Remove(path); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	} else if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("change what starts with the system: %w", err)
	}
	return nil
}

// desktopEntry is a file of the XDG autostart specification.
func desktopEntry(command []string) []byte {
	return fmt.Appendf(nil, `[Desktop Entry]
Type=Application
Version=1.0
Name=Cuewire
Comment=Show timers, overlays and remote screens beside OBS Studio
Comment[pt_BR]=Cronômetros, sobreposições e telas remotas ao lado do OBS Studio
Exec=%s
Icon=%s
Terminal=false
X-GNOME-Autostart-enabled=true
`, desktopExec(command), appID)
}

// desktopExec quotes a command as the Desktop Entry specification wants it: each
// argument in quotes, with a backslash before what a shell would look at; then every
// backslash twice, because the value is a string, and every per cent sign twice.
func desktopExec(command []string) string {
	quoted := make([]string, len(command))
	inQuotes := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`)
	for i, part := range command {
		quoted[i] = `"` + inQuotes.Replace(part) + `"`
	}
	return strings.NewReplacer(`\`, `\\`, "%", "%%").Replace(strings.Join(quoted, " "))
}

// launchAgent is a property list that launchd reads when the user logs in.
func launchAgent(command []string) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + appID + `</string>
	<key>ProgramArguments</key>
	<array>
`)
	for _, part := range command {
		b.WriteString("\t\t<string>")
		_ = xml.EscapeText(&b, []byte(part)) // a buffer takes everything
		b.WriteString("</string>\n")
	}
	b.WriteString(`	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`)
	return b.Bytes()
}
