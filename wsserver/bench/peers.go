package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/centrifugal/centrifuge"
	"github.com/gorilla/websocket"
	"github.com/lxzan/gws"
	"github.com/olahol/melody"
)

// The peers do what their own documentation shows for a broadcast, with everything
// that the library recommends for it.

// serveHTTP serves a handler on a free port of this computer.
func serveHTTP(h http.Handler) (audience, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return audience{}, err
	}
	go func() { panic(http.Serve(l, h)) }()
	return audience{Address: l.Addr().String(), Path: "/"}, nil
}

// style is how gorilla is used.
type style int

const (
	plain    style = iota // WriteMessage to each
	prepared              // a PreparedMessage to each
	apart                 // the same, from a goroutine of each client's
)

type gorilla struct {
	style style
	mu    sync.Mutex // guards conns and queues
	conns []*websocket.Conn
	queue []chan *websocket.PreparedMessage
}

func newGorilla(s style) way { return &gorilla{style: s} }

func (g *gorilla) open() (audience, error) {
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	return serveHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		g.mu.Lock()
		g.conns = append(g.conns, conn)
		if g.style == apart {
			queue := make(chan *websocket.PreparedMessage, 256)
			g.queue = append(g.queue, queue)
			go func() {
				for message := range queue {
					if conn.WritePreparedMessage(message) != nil {
						return
					}
				}
			}()
		}
		g.mu.Unlock()
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}))
}

func (g *gorilla) here() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.conns)
}

func (g *gorilla) send(stamp string) {
	text := []byte(frameText(stamp))
	if g.style == plain {
		for _, conn := range g.conns {
			_ = conn.WriteMessage(websocket.TextMessage, text) // a loss shows: the crowd waits
		}
		return
	}
	message, err := websocket.NewPreparedMessage(websocket.TextMessage, text)
	if err != nil {
		panic(err)
	}
	if g.style == apart {
		for _, queue := range g.queue {
			queue <- message
		}
		return
	}
	for _, conn := range g.conns {
		_ = conn.WritePreparedMessage(message)
	}
}

type lxzan struct {
	gws.BuiltinEventHandler
	mu    sync.Mutex // guards conns
	conns []*gws.Conn
}

func newGWS() way { return &lxzan{} }

func (l *lxzan) open() (audience, error) {
	upgrader := gws.NewUpgrader(l, &gws.ServerOption{})
	return serveHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if conn, err := upgrader.Upgrade(w, r); err == nil {
			go conn.ReadLoop()
		}
	}))
}

// OnOpen is called by the library.
func (l *lxzan) OnOpen(conn *gws.Conn) {
	l.mu.Lock()
	l.conns = append(l.conns, conn)
	l.mu.Unlock()
}

func (l *lxzan) here() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.conns)
}

func (l *lxzan) send(stamp string) {
	b := gws.NewBroadcaster(gws.OpcodeText, []byte(frameText(stamp)))
	defer b.Close()
	for _, conn := range l.conns {
		_ = b.Broadcast(conn)
	}
}

type olahol struct{ m *melody.Melody }

func newMelody() way { return &olahol{melody.New()} }

func (o *olahol) open() (audience, error) {
	o.m.Upgrader.CheckOrigin = func(*http.Request) bool { return true }
	return serveHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = o.m.HandleRequest(w, r) }))
}

func (o *olahol) here() int { return o.m.Len() }

func (o *olahol) send(stamp string) {
	if err := o.m.Broadcast([]byte(frameText(stamp))); err != nil {
		panic(err)
	}
}

type centrifugal struct {
	node *centrifuge.Node
	came atomic.Int64
}

func newCentrifuge() way { return &centrifugal{} }

const hall = "hall"

func (c *centrifugal) open() (a audience, err error) {
	if c.node, err = centrifuge.New(centrifuge.Config{}); err != nil {
		return a, err
	}
	c.node.OnConnecting(func(context.Context, centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{
			Credentials:   &centrifuge.Credentials{UserID: "bench"},
			Subscriptions: map[string]centrifuge.SubscribeOptions{hall: {}},
		}, nil
	})
	c.node.OnConnect(func(*centrifuge.Client) { c.came.Add(1) })
	if err := c.node.Run(); err != nil {
		return a, err
	}
	a, err = serveHTTP(centrifuge.NewWebsocketHandler(c.node, centrifuge.WebsocketConfig{CheckOrigin: func(*http.Request) bool { return true }}))
	a.Hello, a.Joined = []string{`{"id":1,"connect":{}}`}, `"connect"`
	return a, err
}

func (c *centrifugal) here() int { return int(c.came.Load()) }

func (c *centrifugal) send(stamp string) {
	if _, err := c.node.Publish(hall, []byte(frameText(stamp))); err != nil {
		panic(err)
	}
}
