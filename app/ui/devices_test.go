package ui

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"cuewire/app"
	"cuewire/app/ui/present"
)

// The ids of two tokens.
var tablet, phone = strings.Repeat("aa", 32), strings.Repeat("bb", 32)

// letIn stands in for the server's part in pairing.
type letIn struct {
	mu       sync.Mutex
	reach    app.Reach
	pairings []app.Pairing
	told     []app.Direction
	core     app.Core
}

func (l *letIn) Reach() app.Reach {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reach
}

func (l *letIn) Pair(role app.Role, name string) (app.Pairing, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.core.Now().Time()
	p := app.Pairing{
		ID: "p1", Role: role, Name: name, Code: "123456", Link: "http://192.0.2.20:3000/pair#secret", Address: "http://192.0.2.20:3000/pair",
		CreatedAt: now, ExpiresAt: now.Add(app.PairingLife), TriesLeft: app.PairingTries, State: app.PairingWaiting,
	}
	l.pairings = []app.Pairing{p}
	return p, nil
}

func (l *letIn) Pairings() []app.Pairing {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]app.Pairing(nil), l.pairings...)
}

func (l *letIn) CancelPairing(string) bool {
	l.end(app.PairingCanceled)
	return true
}

func (l *letIn) end(state app.PairingState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairings[0].State, l.pairings[0].Code, l.pairings[0].TokenID = state, "", tablet
}

func (l *letIn) state() app.PairingState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pairings[0].State
}

func (l *letIn) LastSeen(string) time.Time { return time.Time{} }

func (l *letIn) Direct(_ context.Context, _ string, d app.Direction) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told = append(l.told, d)
	return nil
}

func (l *letIn) directions() []app.Direction {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]app.Direction(nil), l.told...)
}

var _ app.Devices = (*letIn)(nil)

func devicesPage(t *testing.T) (*stage, *letIn, *devicesArea, app.Core) {
	core := realCore(t)
	server := &letIn{core: core, reach: app.Reach{
		Addresses:  []app.ReachAddress{{URL: "http://127.0.0.1:3000", Local: true}},
		Interfaces: []app.ReachNetwork{{Name: "wlan0", Kind: app.NetworkWiFi, Addresses: []string{"192.0.2.20"}}},
	}}
	s := show(t, core, func(cfg *Config) { cfg.Devices = server })
	s.loop.run(func() { s.openArea(present.DevicesArea) })
	a, ok := s.areas[present.DevicesArea].(*devicesArea)
	if !ok {
		t.Fatal("there is no page of devices")
	}
	return s, server, a, core
}

func grant(t *testing.T, core app.Core, id, name string, role app.Role) {
	t.Helper()
	now := core.Now().Time()
	token := app.Token{ID: id, Subject: "device", Role: role, Name: name, CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
	if _, err := core.Do(t.Context(), app.GrantToken{Token: token}); err != nil {
		t.Fatal(err)
	}
}

func TestADeviceIsPaired(t *testing.T) {
	s, server, a, core := devicesPage(t)
	s.loop.run(func() {
		if !a.empty.object.Visible() {
			t.Error("a page without devices does not say what it is for")
		}
		test.Tap(a.pair)
		if !s.said("Other devices cannot reach this computer yet.") {
			t.Error("nothing says that a phone will not get here")
		}
		s.press(t, "Show the code")
		if !s.said("123 456") || !s.said("http://192.0.2.20:3000/pair") {
			t.Error("the code or its address is not shown")
		}
	})
	s.loop.until(t, "the time left runs", func() bool { return s.said("2:00 left, 5 tries") || s.said("1:59 left, 5 tries") })
	grant(t, core, tablet, "Tablet", app.Controller)
	server.end(app.PairingUsed)
	s.loop.until(t, "that it is paired is said", func() bool { return s.said("Tablet is paired.") })
	s.loop.run(func() { s.press(t, "Close") })
	s.loop.until(t, "it is in the list", func() bool { return len(a.devices) == 1 && !a.empty.object.Visible() })
	if state := server.state(); state != app.PairingUsed {
		t.Errorf("closing made a used code %q", state)
	}
}

func TestAClosedCodeIsVoid(t *testing.T) {
	s, server, a, _ := devicesPage(t)
	s.loop.run(func() {
		test.Tap(a.pair)
		s.press(t, "Show the code")
		s.press(t, "Cancel")
	})
	if state := server.state(); state != app.PairingCanceled {
		t.Errorf("nobody sees the code any more, and it is %q", state)
	}
}

func TestConnectedDevices(t *testing.T) {
	s, server, a, core := devicesPage(t)
	grant(t, core, tablet, "Tablet", app.Controller)
	grant(t, core, phone, "", app.Viewer)
	offset, within, trip := -61_500.0, 31.0, 8.25
	code := core.Snapshot().Rooms[0].Room.ShortCode
	fact := func(c app.Client) {
		if _, err := core.Do(t.Context(), app.ClientFact{Client: &c}); err != nil {
			t.Fatal(err)
		}
	}
	fact(app.Client{ID: "1", Role: app.Admin, Dialect: "source-saver", Address: "127.0.0.1", Page: "/overlay/timer", InOBS: true})
	fact(app.Client{
		ID: "2", Role: app.Controller, Dialect: "palcotimer", Address: "192.0.2.33", TokenID: tablet, Page: "/r/" + code + "/controller",
		Offset: &offset, OffsetError: &within, RoundTrip: &trip,
	})
	s.loop.until(t, "all are there", func() bool { return len(a.devices) == 3 })
	s.loop.run(func() {
		rows := make([]present.DeviceRow, len(a.devices))
		for i, d := range a.devices {
			rows[i] = a.shown.Row(d, a.words, a.now(), time.Time{}, time.UTC)
		}
		want := []present.DeviceRow{
			{Name: "Tablet", About: "Remote control · 192.0.2.33", Page: present.Mark{Text: "Remote control", Color: present.Text}, Clock: present.Mark{Text: "-1.0 min ± 31 ms", Color: present.Warn}, RoundTrip: "8.2 ms", Connected: true, Ours: true, Paired: true},
			{Name: "Paired device", About: "Viewer", Page: present.Mark{Text: "Not seen yet", Color: present.Muted}, Clock: present.Mark{Text: "–", Color: present.Muted}, RoundTrip: "–", Paired: true},
			{Name: "Browser source in OBS", About: "Administrator · this computer", Page: present.Mark{Text: "Timer in a corner", Color: present.Text}, Clock: present.Mark{Text: "–", Color: present.Muted}, RoundTrip: "–", Connected: true, Ours: true},
		}
		for i := range want {
			if rows[i] != want[i] {
				t.Errorf("row %d:\n%+v\n%+v", i, rows[i], want[i])
			}
		}
		r := newDeviceRow()
		a.fill(0, r)
		test.Tap(r.show)
	})
	s.loop.until(t, "the tablet is asked to show itself", func() bool {
		told := server.directions()
		return len(told) == 1 && told[0].Do == app.Identify
	})
	s.loop.run(func() {
		s.revokeDevice(core.Snapshot().Tokens[0])
		if !s.said("“Tablet” loses its connection at once and cannot come back until you pair it again.") {
			t.Error("it is not asked before")
		}
		s.press(t, "Take away access")
	})
	s.loop.until(t, "its access is gone", func() bool { return len(core.Snapshot().Tokens) == 1 })
}

func TestSharingIsSwitched(t *testing.T) {
	s, server, a, core := devicesPage(t)
	s.loop.until(t, "the address is told", func() bool { return len(a.reach.addresses.Objects) == 1 })
	s.loop.run(func() {
		if a.reach.where.Visible() {
			t.Error("a network is offered while nothing is shared")
		}
		test.Tap(a.reach.share)
	})
	s.loop.until(t, "it is shared", func() bool { return core.Snapshot().Settings.Sharing && a.reach.where.Visible() })
	server.mu.Lock()
	server.reach.Sharing = true
	server.reach.Addresses = append(server.reach.Addresses, app.ReachAddress{URL: "http://192.0.2.20:3000", Interface: "wlan0"})
	server.mu.Unlock()
	s.loop.until(t, "the other address is told", func() bool { return len(a.reach.addresses.Objects) == 2 })
	s.loop.run(func() { a.reach.where.SetSelectedIndex(1) })
	s.loop.until(t, "the network is chosen", func() bool { return core.Snapshot().Settings.ShareOn == "wlan0" })
}
