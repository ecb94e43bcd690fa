package app

import "slices"

// Client is one open connection: an overlay, a tablet, a program. What it has not
// told is nil or "".
type Client struct {
	ID          string   `json:"id"` // of the connection, unique in this run
	Name        string   `json:"name"`
	Role        Role     `json:"role"`
	Dialect     string   `json:"dialect"`
	Address     string   `json:"address"`       // the peer's, without port
	Page        string   `json:"page"`          // path and query of the page of ours that it is, "" for others
	Offset      *float64 `json:"offsetMs"`      // its clock less ours, as it estimates it
	OffsetError *float64 `json:"offsetErrorMs"` // of that estimate
	RoundTrip   *float64 `json:"rttMs"`
	Visible     *bool    `json:"visible"`
	FPS         *float64 `json:"fps"`
	Version     string   `json:"version"` // of the page
	ConnectedAt Instant  `json:"connectedAt"`
	HeardAt     Instant  `json:"-"` // when it last told of itself
}

// ClientFact tells that a connection was opened, told of itself, or is gone. The
// server sends these facts; they are not stored.
type ClientFact struct {
	Client Client
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
	client := f.Client
	switch {
	case f.Gone && i < 0:
		return clients, nil
	case f.Gone:
		return slices.Delete(slices.Clone(clients), i, i+1), ClientDisconnected{clients[i]}
	case i < 0:
		return append(slices.Clone(clients), &client), ClientConnected{&client}
	}
	clients = slices.Clone(clients)
	clients[i] = &client
	return clients, ClientUpdated{&client}
}
