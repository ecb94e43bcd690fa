package wsserver

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"cuewire/app"
	"cuewire/wsserver/sourcesaver"
)

// impatient is Source Saver with clients that are given up sooner.
type impatient struct{ *sourcesaver.Dialect }

func (d impatient) Limits() app.Limits {
	limits := d.Dialect.Limits()
	limits.PingEvery, limits.SilenceCloses = 1000, 3000
	return limits
}

// A network that is cut: the clients on it are given up once they were silent for as long
// as is documented, or took nothing for writeWait, nobody else notices, and they come back
// when it does. With
// CUEWIRE_SOAK the time is the published one.
func TestANetworkIsCut(t *testing.T) {
	if !inOwnNetwork(t) {
		return
	}
	tablet := plug(t, "stage0", "10.77.0.1/24", "10.77.0.2/24")
	visitor := plug(t, "guests0", "10.78.0.1/24", "10.78.0.2/24")
	long := os.Getenv("CUEWIRE_SOAK") != ""
	published := sourcesaver.New()
	limits := published.Limits()
	s, core, _ := realServerWith(t, func(c *Config) {
		if c.SourceSaver = published; !long {
			short := impatient{published}
			c.SourceSaver, limits = short, short.Limits()
		}
	})
	on := true
	mustDo(t, core, app.SetSettings{Fields: app.SettingsFields{Sharing: &on, LocalNameOff: &on}})
	loopback := s.Addresses()[0]
	port := loopback[strings.LastIndex(loopback, ":")+1:]
	stage, guests := "ws://10.77.0.1:"+port, "ws://10.78.0.1:"+port
	eventually(t, "shared", func() bool { return slices.Contains(s.Addresses(), "http://10.77.0.1:"+port) })
	token := tokenFor(t, s, "ana", app.Operator, time.Hour)
	join := func(url string, dialer websocket.Dialer) *client {
		t.Helper()
		conn, resp, err := dialer.Dial(url, bearer(token))
		if err != nil {
			t.Fatalf("%s: %v %v", url, resp, err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		c := &client{t, conn}
		c.send(`{"action":"subscribe","events":["rooms:*"]}`)
		if got := c.receive()["event"]; got != "subscription:confirmed" {
			t.Fatalf("%v", got)
		}
		return c
	}
	onStage, onGuests := websocket.Dialer{NetDialContext: tablet.dial}, websocket.Dialer{NetDialContext: visitor.dial}
	const many = 10
	for range many {
		join(stage, onStage)
	}
	others := []*client{join(guests, onGuests), join("ws"+strings.TrimPrefix(loopback, "http"), websocket.Dialer{})}
	if n := s.Load().Connections; n != many+len(others) {
		t.Fatalf("%d connections", n)
	}

	tablet.do(func() { shell(t, "ip", "addr", "flush", "dev", "there0") }) // packets come and go unanswered
	begin := time.Now()
	room := core.Snapshot().Rooms[0].Room.ID
	renamed := 0
	var slowest time.Duration
	for s.Load().Connections > len(others) {
		if waited := time.Since(begin); waited > 5*(limits.SilenceCloses+limits.PingEvery).Duration() {
			t.Fatalf("after %v there are %d connections", waited, s.Load().Connections)
		}
		renamed++
		name := fmt.Sprint("room ", renamed)
		asked := time.Now()
		mustDo(t, core, app.UpdateRoom{RoomID: room, Name: &name})
		for _, c := range others {
			_ = c.SetReadDeadline(time.Now().Add(patience))
			if got := c.receive()["event"]; got != "rooms:update" {
				t.Fatalf("%v", got)
			}
		}
		slowest = max(slowest, time.Since(asked))
		time.Sleep((limits.PingEvery / 50).Duration()) // between changes; nothing is assumed of it
	}
	took := time.Since(begin)
	if soonest := min(limits.SilenceCloses.Duration()-limits.PingEvery.Duration(), writeWait) - time.Second; took < soonest {
		t.Errorf("given up after %v: too soon", took)
	}
	t.Logf("given up after %v at most (silence closes after %v); %d changes reached the others, the slowest in %v", took, limits.SilenceCloses.Duration(), renamed, slowest)

	tablet.do(func() { shell(t, "ip", "addr", "add", "10.77.0.2/24", "dev", "there0") })
	for range many {
		join(stage, onStage)
	}
	eventually(t, "all are back", func() bool { return s.Load().Connections == many+len(others) })
}
