package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
)

func TestAppsComeBackWithTheirSecrets(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	made := func(id, secret string) *app.BroadcastApp {
		return &app.BroadcastApp{
			ID: id, Name: "Alerts — " + id, Key: "key" + id, Secret: secret, Enabled: true, ClientEvents: true, MaxConnections: 7,
			CreatedAt: noon, UpdatedAt: noon,
		}
	}
	first, second, gone := made("9", "one"), made("1", "two"), made("5", "three")
	commit(t, s, app.PutApp{App: first}, app.PutApp{App: second}, app.PutApp{App: gone})
	first.Secret, first.Enabled = "renewed", false
	commit(t, s, app.PutApp{App: first}, app.DropApp{ID: gone.ID})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	saved, err := openStore(t, dir).Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*app.BroadcastApp{first, second}, saved.Apps); diff != "" {
		t.Error(diff)
	}
}
