package app

import (
	"net/url"
	"reflect"
	"slices"
)

// Client is one open connection: an overlay, a tablet, a program. What it has not
// told is nil or "".
type Client struct {
	ID          string   `json:"id"` // of the connection, unique in this run
	Name        string   `json:"name"`
	Role        Role     `json:"role"`
	Dialect     string   `json:"dialect"`
	Address     string   `json:"address"`       // the peer's, without port
	TokenID     string   `json:"tokenId"`       // of the access token that it came with, "" without one of ours
	Page        string   `json:"page"`          // path and query of the page of ours that it is, "" for others
	Offset      *float64 `json:"offsetMs"`      // its clock less ours, as it estimates it
	OffsetError *float64 `json:"offsetErrorMs"` // of that estimate
	RoundTrip   *float64 `json:"rttMs"`
	Visible     *bool    `json:"visible"`
	FPS         *float64 `json:"fps"`
	LongFrames  *float64 `json:"longFrames"` // frames longer than 50 ms in its last minute
	Version     string   `json:"version"`    // of the page
	InOBS       bool     `json:"inObs"`      // it is a browser source
	ConnectedAt Instant  `json:"connectedAt"`
	URL         string   `json:"-"` // the page's whole address, as it knows it
	HeardAt     Instant  `json:"-"` // when it last said hello, 0 for never
	AppID       string   `json:"-"` // the app whose key it came with, "" for other dialects
	SocketID    string   `json:"-"` // what that dialect calls the connection
	NoTicks     bool     `json:"-"` // it gets no PlaybackChanged that is a mere tick
}

// WantTicks reports whether one of clients gets ticks.
func WantTicks(clients []*Client) bool {
	return slices.ContainsFunc(clients, func(c *Client) bool { return !c.NoTicks })
}

// Hello is what a connection tells of itself, at the beginning and whenever it
// wants: the fields of a message whose action (Source Saver) or type (PalcoTimer)
// is "hello". What is missing stays as it was told before.
type Hello struct {
	URL         *string  `json:"url"` // of the page, with its query
	Version     *string  `json:"version"`
	Offset      *float64 `json:"offsetMs"`
	OffsetError *float64 `json:"offsetErrorMs"`
	RoundTrip   *float64 `json:"rttMs"`
	Visible     *bool    `json:"visible"`
	FPS         *float64 `json:"fps"`
	LongFrames  *float64 `json:"longFrames"`
	InOBS       *bool    `json:"inObs"`
}

// The longest that a connection may say of itself, in bytes; more is cut off.
const (
	maxHelloURL     = 2048
	maxHelloVersion = 64
)

// Greeted returns the client after it said hello at now.
func (c Client) Greeted(h Hello, now Instant) Client {
	c.HeardAt = now
	if h.URL != nil {
		c.URL, c.Page = "", ""
		if u, err := url.Parse(*h.URL); err == nil && len(*h.URL) <= maxHelloURL && u.Host != "" {
			c.URL, c.Page = *h.URL, u.RequestURI()
		}
	}
	if h.Version != nil {
		c.Version = (*h.Version)[:min(len(*h.Version), maxHelloVersion)]
	}
	for field, told := range map[**float64]*float64{&c.Offset: h.Offset, &c.OffsetError: h.OffsetError, &c.RoundTrip: h.RoundTrip, &c.FPS: h.FPS, &c.LongFrames: h.LongFrames} {
		if told != nil {
			*field = told
		}
	}
	if h.Visible != nil {
		c.Visible = h.Visible
	}
	if h.InOBS != nil {
		c.InOBS = *h.InOBS
	}
	return c
}

// ClientFact tells that a connection was opened, told of itself, or is gone. The
// server sends these facts; they are not stored.
type ClientFact struct {
	Client *Client // becomes the state's: nobody changes it afterwards
	Gone   bool
}

// ClientConnected is clients:connect, for operators and above.
type ClientConnected struct {
	Client *Client `json:"client"`
}

// ClientUpdated is clients:update, for operators and above.
type ClientUpdated struct {
	Client *Client `json:"client"`
}

// ClientDisconnected is clients:disconnect, for operators and above.
type ClientDisconnected struct {
	Client *Client `json:"client"`
}

func (ClientFact) command() {}

func (ClientConnected) EventName() string    { return "clients:connect" }
func (ClientUpdated) EventName() string      { return "clients:update" }
func (ClientDisconnected) EventName() string { return "clients:disconnect" }

// Apply returns the clients after the fact, in the order in which they connected,
// and the event that tells of it, nil when there is nothing to tell. It changes
// nothing that clients refers to.
func (f ClientFact) Apply(clients []*Client) ([]*Client, EventBody) {
	i := slices.IndexFunc(clients, func(c *Client) bool { return c.ID == f.Client.ID })
	switch {
	case f.Gone && i < 0:
		return clients, nil
	case f.Gone:
		return slices.Delete(slices.Clone(clients), i, i+1), ClientDisconnected{clients[i]}
	case i < 0:
		return append(slices.Clone(clients), f.Client), ClientConnected{f.Client}
	}
	before := *clients[i]
	clients = slices.Clone(clients)
	clients[i] = f.Client
	if before.HeardAt = f.Client.HeardAt; reflect.DeepEqual(before, *f.Client) {
		return clients, nil // it was heard, and that is all
	}
	return clients, ClientUpdated{f.Client}
}
