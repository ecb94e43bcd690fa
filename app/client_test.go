package app_test

import (
	"testing"

	"cuewire/app"
)

func TestClientsComeAndGo(t *testing.T) {
	var clients []*app.Client
	step := func(fact app.ClientFact, event string, ids ...string) {
		t.Helper()
		before := append([]*app.Client(nil), clients...)
		after, body := fact.Apply(clients)
		name := ""
		if body != nil {
			name = body.EventName()
		}
		if name != event || len(after) != len(ids) {
			t.Fatalf("got %q and %d clients", name, len(after))
		}
		for i, id := range ids {
			if after[i].ID != id {
				t.Errorf("client %d is %q", i, after[i].ID)
			}
		}
		for i := range before {
			if before[i] != clients[i] {
				t.Error("the list before was changed")
			}
		}
		clients = after
	}
	step(app.ClientFact{Client: app.Client{ID: "a"}}, "clients:connect", "a")
	step(app.ClientFact{Client: app.Client{ID: "b"}}, "clients:connect", "a", "b")
	step(app.ClientFact{Client: app.Client{ID: "a", Name: "Tablet"}}, "clients:update", "a", "b")
	if clients[0].Name != "Tablet" {
		t.Error("the update is lost")
	}
	step(app.ClientFact{Client: app.Client{ID: "a"}, Gone: true}, "clients:disconnect", "b")
	step(app.ClientFact{Client: app.Client{ID: "a"}, Gone: true}, "", "b")
}
