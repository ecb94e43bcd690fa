package obsbridge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"cuewire/app"
)

// instances is the list of OBS copies that Cuewire may connect to, kept in a file
// of the data folder; their passwords are kept apart, see secrets. Its methods may
// be called from any goroutine.
type instances struct {
	file    string // "" keeps the list in memory alone
	secrets *secrets
	log     *slog.Logger

	mu     sync.Mutex // guards the rest
	known  []instance
	active string // the id of one of known, "" for whatever is on this computer
}

type instance struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Host string `json:"host"`
	Port int    `json:"port"`
}

// list's file.
type instancesFile struct {
	Active    string     `json:"active"`
	Instances []instance `json:"instances"`
}

func openInstances(dir string, noKeyring bool, log *slog.Logger) *instances {
	i := &instances{secrets: openSecrets(dir, noKeyring), log: log}
	if dir == "" {
		return i
	}
	i.file = filepath.Join(dir, "obs.json")
	text, err := os.ReadFile(i.file)
	if errors.Is(err, fs.ErrNotExist) {
		return i
	}
	var f instancesFile
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	if err != nil {
		log.Error("the list of OBS copies cannot be read; starting with none", "file", i.file, "err", err)
		return i
	}
	for _, known := range f.Instances {
		if known.ID != "" && goodHost(known.Host) && known.Port >= 1 && known.Port <= 65535 {
			i.known = append(i.known, known)
		}
	}
	if i.index(f.Active) >= 0 {
		i.active = f.Active
	}
	return i
}

// activeTarget returns where the active one is, nil for this computer.
func (i *instances) activeTarget() *app.ConnectOBS {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.targetLocked(i.active)
}

func (i *instances) targetLocked(id string) *app.ConnectOBS {
	n := i.index(id)
	if n < 0 {
		return nil
	}
	password, err := i.secrets.get(id)
	if err != nil {
		i.log.Warn("the password of an OBS cannot be read", "name", i.known[n].Name, "err", err)
	}
	return &app.ConnectOBS{Host: i.known[n].Host, Port: i.known[n].Port, Password: password}
}

func (i *instances) list() []app.OBSInstance {
	i.mu.Lock()
	defer i.mu.Unlock()
	list := []app.OBSInstance{{Active: i.active == ""}}
	for _, known := range i.known {
		list = append(list, i.shown(known))
	}
	return list
}

func (i *instances) shown(n instance) app.OBSInstance {
	return app.OBSInstance{ID: n.ID, Name: n.Name, Host: n.Host, Port: n.Port, Active: n.ID == i.active}
}

// add remembers an OBS, or changes the one at that address.
func (i *instances) add(c app.AddOBS) (app.OBSInstance, error) {
	target, err := checkTarget(app.ConnectOBS{Host: c.Host, Port: c.Port, Password: c.Password})
	if err != nil {
		return app.OBSInstance{}, err
	}
	name := cmp.Or(strings.TrimSpace(c.Name), c.Host)
	if len([]rune(name)) > app.MaxNameLength {
		return app.OBSInstance{}, app.NewError(app.CodeInvalid, "obs.instance.name", "the name of an OBS has at most 255 characters", nil)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	n, err := i.putLocked(name, target)
	if err != nil {
		return app.OBSInstance{}, err
	}
	if err := i.saveLocked(i.active); err != nil {
		return app.OBSInstance{}, err
	}
	return i.shown(i.known[n]), nil
}

// putLocked returns the place of the instance at the target's address, made or
// changed. "" keeps the name that it has.
func (i *instances) putLocked(name string, t app.ConnectOBS) (int, error) {
	n := slices.IndexFunc(i.known, func(k instance) bool { return strings.EqualFold(k.Host, t.Host) && k.Port == t.Port })
	if n < 0 {
		i.known = append(i.known, instance{ID: uuid.NewString(), Host: t.Host, Port: t.Port, Name: cmp.Or(name, t.Host)})
		n = len(i.known) - 1
	} else if name != "" {
		i.known[n].Name = name
	}
	if err := i.secrets.set(i.known[n].ID, t.Password); err != nil {
		return n, notKept(err)
	}
	return n, nil
}

// connected remembers that a connection a person asked for has come about; nil
// is the OBS on this computer.
func (i *instances) connected(t *app.ConnectOBS) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if t == nil {
		return i.saveLocked("")
	}
	n, err := i.putLocked("", *t)
	if err != nil {
		return err
	}
	return i.saveLocked(i.known[n].ID)
}

func (i *instances) remove(id string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	n := i.index(id)
	switch {
	case n < 0:
		return noInstance()
	case id == i.active:
		return app.NewError(app.CodeConflict, "obs.instance.active", "the active OBS cannot be removed; activate another one first", nil)
	}
	i.known = slices.Delete(i.known, n, n+1)
	if err := i.secrets.set(id, ""); err != nil {
		return notKept(err)
	}
	return i.saveLocked(i.active)
}

// activate returns where to connect to, nil for this computer.
func (i *instances) activate(id string) (*app.ConnectOBS, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if id != "" && i.index(id) < 0 {
		return nil, noInstance()
	}
	if err := i.saveLocked(id); err != nil {
		return nil, err
	}
	return i.targetLocked(id), nil
}

func (i *instances) index(id string) int {
	return slices.IndexFunc(i.known, func(k instance) bool { return k.ID == id })
}

// saveLocked makes id the active one and writes the list.
func (i *instances) saveLocked(id string) error {
	i.active = id
	if i.file == "" {
		return nil
	}
	text, err := json.MarshalIndent(instancesFile{i.active, i.known}, "", "  ")
	if err == nil {
		err = writeFile(i.file, append(text, '\n'))
	}
	if err != nil {
		return notKept(err)
	}
	return nil
}

// writeFile replaces a file, all of it or nothing, readable by its owner alone.
func writeFile(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return os.Rename(f.Name(), file)
}

func noInstance() error {
	return app.NewError(app.CodeNotFound, "obs.instance.unknown", "there is no such OBS in the list", nil)
}

// notKept says that a choice holds for now and will be forgotten.
func notKept(err error) error {
	e := app.NewError(app.CodeInternal, "obs.instance.notKept", "the choice of OBS holds for now but could not be written to the data folder", nil)
	e.Err = err
	return e
}
