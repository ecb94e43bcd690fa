//go:build unix

package obstest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// Client is a client of an OBS that shares nothing with the bridge. It is what the
// bridge is compared with; goobs's own cannot be ended safely.
type Client struct {
	// Scenes gets every scene that goes on program, as it is heard of.
	Scenes chan HeardScene

	t    testing.TB
	conn *websocket.Conn

	mu      sync.Mutex // guards what follows
	last    int
	waiting map[string]chan json.RawMessage // answers by request id
}

// HeardScene is a scene that went on program, and when a client heard of it.
type HeardScene struct {
	Scene string
	At    time.Time
}

// Connect connects a client to OBS until the test ends.
func (o *RealOBS) Connect(t testing.TB) *Client {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+o.Address(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &Client{Scenes: make(chan HeardScene, 4096), t: t, conn: conn, waiting: map[string]chan json.RawMessage{}}
	ended := make(chan struct{})
	t.Cleanup(func() {
		conn.Close()
		<-ended
	})
	defer func() { go c.listen(ended) }()
	var hello struct {
		D struct {
			Authentication struct{ Challenge, Salt string }
		}
	}
	if err := conn.ReadJSON(&hello); err != nil {
		t.Fatal(err)
	}
	digest := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return base64.StdEncoding.EncodeToString(sum[:])
	}
	auth := hello.D.Authentication
	c.send(1, map[string]any{"rpcVersion": 1, "authentication": digest(digest(o.Password+auth.Salt) + auth.Challenge)})
	var identified struct{ Op int }
	if err := conn.ReadJSON(&identified); err != nil || identified.Op != 2 {
		t.Fatalf("identify: %+v %v", identified, err)
	}
	return c
}

func (c *Client) send(op int, data any) {
	c.t.Helper()
	if err := c.conn.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		c.t.Fatal(err)
	}
}

// listen takes what OBS says until the connection ends.
func (c *Client) listen(ended chan<- struct{}) {
	defer close(ended)
	for {
		var m struct {
			Op int
			D  struct {
				EventType    string
				EventData    struct{ SceneName string }
				RequestID    string
				ResponseData json.RawMessage
			}
		}
		if err := c.conn.ReadJSON(&m); err != nil {
			return
		}
		if m.Op == 5 && m.D.EventType == "CurrentProgramSceneChanged" {
			c.Scenes <- HeardScene{m.D.EventData.SceneName, time.Now()}
		}
		if m.Op == 7 {
			c.mu.Lock()
			answer := c.waiting[m.D.RequestID]
			delete(c.waiting, m.D.RequestID)
			c.mu.Unlock()
			if answer != nil {
				answer <- m.D.ResponseData
			}
		}
	}
}

// Ask sends a request of obs-websocket, waits for its answer and decodes that into
// answer, nil for nothing. It is for one goroutine.
func (c *Client) Ask(request string, data map[string]any, answer any) {
	c.t.Helper()
	got := make(chan json.RawMessage, 1)
	c.mu.Lock()
	c.last++
	id := strconv.Itoa(c.last)
	c.waiting[id] = got
	c.mu.Unlock()
	c.send(6, map[string]any{"requestType": request, "requestId": id, "requestData": data})
	select {
	case text := <-got:
		if answer == nil {
			return
		}
		if err := json.Unmarshal(text, answer); err != nil {
			c.t.Fatalf("%s: %s: %v", request, text, err)
		}
	case <-time.After(time.Minute):
		c.t.Fatalf("OBS does not answer %s", request)
	}
}
