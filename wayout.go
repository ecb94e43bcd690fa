//go:build !headless

package main

import (
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"cuewire/app"
	"cuewire/app/ui"
)

// waysOut are what a person can do about a failed start from its dialog.
func (p *program) waysOut(a fyne.App, err error) []ui.FatalAction {
	e, ok := errors.AsType[*app.Error](err)
	if !ok {
		return nil
	}
	openFolder := ui.FatalAction{Label: p.words.T("start.openFolder", nil), Do: func() {
		dir, err := filepath.Abs(p.dataDir)
		if err == nil {
			err = a.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)})
		}
		if err != nil {
			p.log.Error("cannot open the data folder", "err", err)
		}
	}}
	switch e.Key {
	case "server.listen.inUse":
		return []ui.FatalAction{{Label: p.words.T("start.freePort", nil), Do: func() {
			args := withoutListen(p.args)
			for _, address := range freePorts(p.listen) {
				args = append(args, "--listen", address)
			}
			if err := p.startAgain(args); err != nil {
				p.log.Error("cannot start again", "err", err)
				return
			}
			a.Quit()
		}}}
	case "store.damaged", "store.row":
		return append(p.recoveries(a), openFolder)
	case "store.unwritable", "store.full", "store.newer", "store.migration", "store.failed", "start.folder":
		return []ui.FatalAction{openFolder}
	}
	return nil
}

// freePorts returns the addresses with port 0, which picks a free one.
func freePorts(addresses []string) []string {
	var free []string
	for _, address := range addresses {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			continue // parseFlags takes none of these
		}
		free = append(free, net.JoinHostPort(host, "0"))
	}
	return free
}

// startAgain starts another Cuewire with these flags.
func (p *program) startAgain(args []string) error {
	path, err := os.Executable()
	if err != nil {
		return err
	}
	next := exec.Command(path, args...)
	next.Stdout, next.Stderr = os.Stdout, os.Stderr
	return next.Start()
}

// withoutListen returns the command line without its --listen flags.
func withoutListen(args []string) []string {
	var rest []string
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--listen":
			i++ // its value
		case strings.HasPrefix(args[i], "--listen="):
		default:
			rest = append(rest, args[i])
		}
	}
	return rest
}
