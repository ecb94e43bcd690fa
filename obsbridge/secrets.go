package obsbridge

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/zalando/go-keyring"
)

// keyringTime is how long the system's keyring may take: one that is locked may
// wait for a person who never comes.
const keyringTime = 3 * time.Second

var errKeyringSlow = errors.New("the system's keyring does not answer")

// secrets keeps passwords by id: in the system's keyring where there is one, else
// in a file that only its owner may read. The caller calls one method at a time.
type secrets struct {
	service string // in the keyring; "" for no keyring
	file    string // "" for nowhere
}

func openSecrets(dir string, noKeyring bool) *secrets {
	if dir == "" {
		return &secrets{}
	}
	s := &secrets{file: filepath.Join(dir, "obs-secrets.json")}
	if !noKeyring {
		s.service = "Cuewire OBS"
	}
	return s
}

// get returns the password of id, "" for none.
func (s *secrets) get(id string) (string, error) {
	if all, err := s.read(); err != nil || all[id] != "" {
		return all[id], err
	}
	if s.service == "" {
		return "", nil
	}
	var password string
	err := inTime(func() (err error) {
		password, err = keyring.Get(s.service, id)
		return err
	})
	if err != nil { // not there, or no keyring
		return "", nil
	}
	return password, nil
}

// set keeps the password of id; "" forgets it.
func (s *secrets) set(id, password string) error {
	kept := false
	if s.service != "" {
		err := inTime(func() error {
			if password == "" {
				return keyring.Delete(s.service, id)
			}
			return keyring.Set(s.service, id, password)
		})
		kept = err == nil && password != ""
	}
	if s.file == "" {
		return nil
	}
	all, err := s.read()
	if err != nil {
		return err
	}
	if kept || password == "" {
		if _, there := all[id]; !there {
			return nil
		}
		delete(all, id)
	} else {
		all[id] = password
	}
	text, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return writeFile(s.file, text)
}

func (s *secrets) read() (map[string]string, error) {
	all := map[string]string{}
	if s.file == "" {
		return all, nil
	}
	text, err := os.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	return all, err
}

// inTime runs f, which must not be waited for longer than keyringTime. An f that
// takes longer ends on its own.
func inTime(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(keyringTime):
		return errKeyringSlow
	}
}
