package engine

import (
	"crypto/rand"
	"encoding/hex"
	"math/big"
	"slices"

	"cuewire/app"
)

func (t *tx) createApp(c app.CreateApp) error {
	switch {
	case len(t.apps) >= app.MaxApps:
		return app.NewError(app.CodeConflict, "error.tooManyApps", "There are as many apps as Cuewire can hold. Delete one first.", nil)
	case c.Fields.Name == nil:
		return invalid("name", "error.fieldMissing", "{field} is missing.")
	}
	a := app.BroadcastApp{Enabled: true, ClientEvents: true, CreatedAt: t.now.Time(), UpdatedAt: t.now.Time()}
	if f := setApp(&a, c.Fields); f.err != nil {
		return f.err
	}
	a.ID = t.newAppID()
	t.renewApp(&a)
	t.apps = append(slices.Clone(t.apps), &a)
	t.tellApp(&a, app.AppCreate)
	return nil
}

func (t *tx) updateApp(c app.UpdateApp) error {
	i, err := t.app(c.ID)
	if err != nil {
		return err
	}
	a := *t.apps[i]
	f := setApp(&a, c.Fields)
	if f.err != nil || len(f.changed) == 0 && !c.Renew {
		return f.err
	}
	if c.Renew {
		t.renewApp(&a)
	}
	a.UpdatedAt = t.now.Time()
	t.apps = slices.Clone(t.apps)
	t.apps[i] = &a
	t.tellApp(&a, app.AppUpdate)
	return nil
}

func (t *tx) deleteApp(c app.DeleteApp) error {
	i, err := t.app(c.ID)
	if err != nil {
		return err
	}
	a := t.apps[i]
	t.apps = slices.Delete(slices.Clone(t.apps), i, i+1)
	t.tellApp(a, app.AppDelete)
	return nil
}

// app returns the place of the app that a command names.
func (t *tx) app(id string) (int, error) {
	i := slices.IndexFunc(t.apps, func(a *app.BroadcastApp) bool { return a.ID == id })
	if i < 0 {
		return -1, errNoApp
	}
	t.id = id
	return i, nil
}

var errNoApp = app.NewError(app.CodeNotFound, "error.appNotFound", "There is no app with this id.", nil)

// tellApp writes an app and tells of it.
func (t *tx) tellApp(a *app.BroadcastApp, action app.AppAction) {
	t.id = a.ID
	if action == app.AppDelete {
		t.write(app.DropApp{ID: a.ID})
	} else {
		t.write(app.PutApp{App: a})
	}
	t.tell("", app.AppChanged{Action: action, App: a})
}

func setApp(a *app.BroadcastApp, v app.AppFields) fields {
	f := fields{}
	set(&f, "name", &a.Name, v.Name, checkName)
	set(&f, "enabled", &a.Enabled, v.Enabled, anything)
	set(&f, "client_events", &a.ClientEvents, v.ClientEvents, anything)
	set(&f, "max_connections", &a.MaxConnections, v.MaxConnections, func(field string, n int) error {
		if n < 0 || n > app.MostAppConnections {
			return invalid(field, "error.appConnections", "{field} must be a whole number from 0, for no limit, to 1,000,000.")
		}
		return nil
	})
	return f
}

// renewApp gives an app a key and secret that no other has.
func (t *tx) renewApp(a *app.BroadcastApp) { a.Key, a.Secret = randomHex(10), randomHex(20) }

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b) //nolint:errcheck // it never fails, see its documentation
	return hex.EncodeToString(b)
}

// newAppID returns a number that no app has, as Pusher's are.
func (t *tx) newAppID() string {
	for {
		n, err := rand.Int(rand.Reader, big.NewInt(900_000))
		if err != nil {
			panic("engine: " + err.Error()) // it never fails, see its documentation
		}
		id := n.Add(n, big.NewInt(100_000)).String()
		if !slices.ContainsFunc(t.apps, func(a *app.BroadcastApp) bool { return a.ID == id }) {
			return id
		}
	}
}
