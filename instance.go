package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"

	"cuewire/app"
)

// The files in the data folder that make one copy of Cuewire know the other.
const (
	lockFile = "cuewire.lock"
	runFile  = "run.json"
)

// instance is this copy's hold on a data folder.
type instance struct {
	dir    string
	lock   *flock.Flock
	secret string

	mu sync.Mutex // held while run.json is written
}

// running is what a running copy says of itself in run.json, mode 0600, so that
// subcommands and a second start of the same person can talk to it.
type running struct {
	PID       int      `json:"pid"`
	Version   string   `json:"version"`
	Addresses []string `json:"addresses"` // "http://127.0.0.1:3000"
	Secret    string   `json:"secret"`    // as bearer token
}

// errRunning says that another copy has the folder.
var errRunning = app.NewError(app.CodeConflict, "start.running", "Cuewire is already running with this data folder.", nil)

// takeFolder makes the data folder if it is missing and locks it. It returns
// errRunning when another copy has it.
func takeFolder(dir string) (*instance, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderError(dir, err)
	}
	lock := flock.New(filepath.Join(dir, lockFile), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err != nil {
		return nil, folderError(dir, err)
	}
	if !got {
		return nil, errRunning
	}
	return &instance{dir: dir, lock: lock, secret: rand.Text()}, nil
}

func folderError(dir string, err error) error {
	return &app.Error{
		Code: app.CodeUnavailable, Key: "start.folder",
		Message: fmt.Sprintf("Cuewire cannot write to its data folder %s; choose another with --data-dir", dir),
		Args:    map[string]any{"Folder": dir}, Err: err,
	}
}

// announce writes run.json; the file is whole or not there.
func (i *instance) announce(addresses []string) error {
	text, err := json.Marshal(running{os.Getpid(), version, addresses, i.secret})
	if err != nil {
		return fmt.Errorf("announce: %w", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	path := filepath.Join(i.dir, runFile)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return folderError(i.dir, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return folderError(i.dir, err)
	}
	return nil
}

// leave takes run.json away and gives the folder free.
func (i *instance) leave() error {
	err := os.Remove(filepath.Join(i.dir, runFile))
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, i.lock.Unlock())
}
