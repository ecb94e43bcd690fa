package present

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Devices is the page of who is let in and who is connected. What the server knows
// beside the snapshot (addresses, codes) is not in it.
type Devices struct {
	Tokens  []*app.Token
	Clients []*app.Client
	Sharing bool
	ShareOn string
	Viewing bool // without a token
	Name    bool // told on the local network
	HTTPS   app.HTTPSMode
	rooms   []*app.RoomState
}

// Same reports whether two look alike.
func (d Devices) Same(o Content) bool {
	other, ok := o.(Devices)
	return ok && sameList(d.Tokens, other.Tokens) && sameList(d.Clients, other.Clients) && d.Sharing == other.Sharing &&
		d.ShareOn == other.ShareOn && d.Viewing == other.Viewing && d.Name == other.Name && d.HTTPS == other.HTTPS && sameList(d.rooms, other.rooms)
}

func devicesOf(in Input) (Content, app.Millis, app.Millis) {
	s := in.Snapshot.Settings
	return Devices{
		in.Snapshot.Tokens, in.Snapshot.Clients, s.Sharing, s.ShareOn, s.ViewingOpen, !s.LocalNameOff, s.HTTPS, in.Snapshot.Rooms,
	}, 0, 0
}

// Device is a line of the list: a connection, or a paired device that is not connected.
type Device struct {
	Token  *app.Token  // nil for what came without one
	Client *app.Client // nil for what is not connected
}

// List returns the paired devices in the order in which they were paired, each with
// its connections, then the connections of others. Tokens that have ended by now are
// left out.
func (d Devices) List(now time.Time) []Device {
	by := map[string][]*app.Client{}
	for _, c := range d.Clients {
		by[c.TokenID] = append(by[c.TokenID], c)
	}
	list := make([]Device, 0, len(d.Tokens)+len(d.Clients))
	known := map[string]bool{}
	for _, t := range d.Tokens {
		if !now.Before(t.ExpiresAt) {
			continue
		}
		known[t.ID] = true
		if len(by[t.ID]) == 0 {
			list = append(list, Device{Token: t})
		}
		for _, c := range by[t.ID] {
			list = append(list, Device{t, c})
		}
	}
	for _, c := range d.Clients {
		if !known[c.TokenID] {
			list = append(list, Device{Client: c})
		}
	}
	return list
}

// DeviceRow is a line of the list in words.
type DeviceRow struct {
	Name      string
	About     string // role, address
	Page      Mark   // what it shows, or since when it has been away
	Clock     Mark   // its clock against ours
	RoundTrip string
	Connected bool
	Ours      bool // a page of ours, which can be told to do something
	Paired    bool // it has a token
}

// Row returns a line of the list. Seen is when a device that is not connected was
// last here, zero for not since the start.
func (d Devices) Row(of Device, w *i18n.Words, now, seen time.Time, zone *time.Location) DeviceRow {
	row := DeviceRow{Clock: Mark{"–", Muted}, RoundTrip: "–"}
	if of.Token != nil {
		row.Name, row.Paired = of.Token.Name, true
		row.About = RoleName(w, of.Token.Role)
	}
	c := of.Client
	if c == nil {
		row.Page = Mark{awayText(w, now, seen, zone), Muted}
		if row.Name == "" {
			row.Name = w.T("devices.unnamed", nil)
		}
		return row
	}
	row.Connected, row.Ours = true, c.Page != ""
	if row.Name == "" {
		row.Name = c.Name
	}
	switch {
	case row.Name != "":
	case c.InOBS:
		row.Name = w.T("devices.obs", nil)
	case row.Ours:
		row.Name = w.T("devices.browser", nil)
	default:
		row.Name = w.T("devices.program", nil)
	}
	row.About = joined(RoleName(w, c.Role), addressText(w, c.Address))
	row.Page = Mark{d.pageText(w, c), Text}
	if c.Visible != nil && !*c.Visible {
		row.Page = Mark{joined(row.Page.Text, w.T("devices.hidden", nil)), Muted}
	}
	if c.Offset != nil {
		row.Clock = clockMark(w, *c.Offset, c.OffsetError)
	}
	if c.RoundTrip != nil {
		row.RoundTrip = decimal(w, *c.RoundTrip, shortDigits(*c.RoundTrip)) + " ms"
	}
	return row
}

// shortDigits are the decimals that a number of milliseconds is shown with.
func shortDigits(ms float64) int {
	if ms < 10 && ms > -10 {
		return 1
	}
	return 0
}

// wideError is an error of a clock's estimate, in ms, from which on screens can differ
// visibly.
const wideError = 20

// clockMark writes how far a device's clock is off, which Cuewire makes good, and how
// well that is known.
func clockMark(w *i18n.Words, offset float64, within *float64) Mark {
	text, color := "", Muted
	switch abs := max(offset, -offset); {
	case abs >= 60_000:
		text = decimal(w, offset/60_000, 1) + " min"
	case abs >= 1000:
		text = decimal(w, offset/1000, 1) + " s"
	default:
		text = decimal(w, offset, shortDigits(offset)) + " ms"
	}
	if offset > 0 {
		text = "+" + text
	}
	if within != nil {
		text += " ± " + decimal(w, *within, shortDigits(*within)) + " ms"
		if *within > wideError {
			color = Warn
		}
	}
	return Mark{text, color}
}

func addressText(w *i18n.Words, address string) string {
	if address == "127.0.0.1" || address == "::1" {
		return w.T("devices.here", nil)
	}
	return address
}

func awayText(w *i18n.Words, now, seen time.Time, zone *time.Location) string {
	if seen.IsZero() {
		return w.T("devices.away", nil)
	}
	format := "15:04"
	if now.Sub(seen) > 12*time.Hour {
		format = "2006-01-02 15:04"
	}
	return w.T("devices.away.since", map[string]any{"Time": seen.In(zone).Format(format)})
}

// RoleName is what a role is called.
func RoleName(w *i18n.Words, role app.Role) string { return w.T("devices.role."+string(role), nil) }

// pageText says which page of ours a connection is, or which protocol it speaks.
func (d Devices) pageText(w *i18n.Words, c *app.Client) string {
	if c.Page == "" {
		return w.T("devices.speaks", map[string]any{"Protocol": protocolNames[c.Dialect]})
	}
	u, err := url.Parse(c.Page)
	if err != nil {
		return c.Page
	}
	if u.Path == "/" {
		return w.T("devices.page.index", nil)
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	key, code := "", u.Query().Get("room")
	switch {
	case len(parts) == 3 && parts[0] == "r":
		key, code = "pages.page."+parts[2], parts[1]
	case len(parts) == 2 && parts[0] == "overlay":
		key = "pages.page.overlay." + parts[1]
	}
	name := w.T(key, nil)
	if key == "" || name == key {
		return u.Path
	}
	if len(d.rooms) > 1 {
		if i := slices.IndexFunc(d.rooms, func(r *app.RoomState) bool { return r.Room.ShortCode == code }); i >= 0 {
			return joined(name, d.rooms[i].Room.Name)
		}
	}
	return name
}

var protocolNames = map[string]string{
	"source-saver": "Source Saver", "palcotimer": "PalcoTimer", "timer-api": "Timer API", "broadcastt": "Broadcastt",
}

// PagesToShow are the pages of ours that a device can be sent to, with what they are
// called.
func PagesToShow(w *i18n.Words, room *app.RoomState) (names, paths []string) {
	if room == nil {
		return nil, nil
	}
	for _, page := range []string{"viewer", "operator", "agenda", "moderator", "controller", "ask"} {
		names = append(names, w.T("pages.page."+page, nil))
		paths = append(paths, "/r/"+url.PathEscape(room.Room.ShortCode)+"/"+page)
	}
	return names, paths
}

// PairingRoles are the roles that a device can be given, in the order in which they
// are offered.
var PairingRoles = []app.Role{app.Controller, app.Operator, app.Moderator, app.Agenda, app.Viewer, app.Admin}

// SixDigits writes a code as a person reads it out.
func SixDigits(code string) string {
	if len(code) != 6 {
		return code
	}
	return code[:3] + " " + code[3:]
}

// DeviceName returns what a device is to be called, "" for nothing.
func DeviceName(w *i18n.Words, text string) (string, []Wrong) {
	f := form{words: w}
	f.line("name", "", strings.TrimSpace(text))
	return strings.TrimSpace(text), f.wrong
}
