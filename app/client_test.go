package app_test

import (
	"strings"
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
	step(app.ClientFact{Client: &app.Client{ID: "a"}}, "clients:connect", "a")
	step(app.ClientFact{Client: &app.Client{ID: "b"}}, "clients:connect", "a", "b")
	step(app.ClientFact{Client: &app.Client{ID: "a", Name: "Tablet"}}, "clients:update", "a", "b")
	if clients[0].Name != "Tablet" {
		t.Error("the update is lost")
	}
	step(app.ClientFact{Client: &app.Client{ID: "a"}, Gone: true}, "clients:disconnect", "b")
	step(app.ClientFact{Client: &app.Client{ID: "a"}, Gone: true}, "", "b")
}

func TestHello(t *testing.T) {
	url, version, offset, yes := "http://127.0.0.1:3000/overlay/obs?stale=hide", "1", 2.5, true
	c := app.Client{ID: "a", Name: "Overlay"}.Greeted(app.Hello{URL: &url, Version: &version, Offset: &offset, InOBS: &yes}, 5)
	if c.Page != "/overlay/obs?stale=hide" || c.URL != url || *c.Offset != 2.5 || !c.InOBS || c.HeardAt != 5 || c.Name != "Overlay" {
		t.Errorf("got %+v", c)
	}
	again := c.Greeted(app.Hello{}, 9)
	if again.HeardAt != 9 || again.Page != c.Page || again.Version != "1" {
		t.Errorf("a bare hello changed %+v", again)
	}
	clients, _ := app.ClientFact{Client: &c}.Apply(nil)
	if after, event := (app.ClientFact{Client: &again}).Apply(clients); event != nil || after[0].HeardAt != 9 {
		t.Errorf("being heard is no news: %v", event)
	}
	long := "http://x/" + strings.Repeat("a", 3000)
	for _, bad := range []string{"", "overlay", "http://", "::", long} {
		if got := c.Greeted(app.Hello{URL: &bad}, 9); got.Page != "" || got.URL != "" {
			t.Errorf("%.20q is taken for a page: %+v", bad, got)
		}
	}
}
