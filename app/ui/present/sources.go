package present

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"cuewire/app"
)

// OBSBase returns which of the addresses served OBS at a host is to use: on this
// computer a loopback one where there is one, on another the first that is not;
// "" when none would be reached. A host of "" is this computer.
func OBSBase(host string, addresses []string) string {
	here := onThisComputer(host)
	other := ""
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		if onThisComputer(u.Hostname()) == here {
			return address
		}
		other = address
	}
	if here {
		return other
	}
	return ""
}

func onThisComputer(host string) bool {
	if host == "" || strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Page is one of our pages, as a browser source of OBS shows it.
type Page struct {
	ID   string // names it across changes of address
	URL  string
	Name string // of the source
}

// PageForOBS returns the page behind a link for OBS, the zero Page for one that is
// not there.
func PageForOBS(in Input, link LinkKind) Page {
	base := OBSBase(in.Snapshot.OBS.Host, in.Addresses)
	room := roomOf(in)
	switch {
	case base == "":
	case link == OverlayLink:
		return Page{"overlay:obs", base + "/overlay/obs", in.Words.T("window.links.overlay.source", nil)}
	case link == ViewerLink && room != nil:
		code := room.Room.ShortCode
		return Page{
			"viewer:" + code, base + "/r/" + code + "/viewer?background=transparent&hide=controls",
			in.Words.T("window.links.viewer.source", map[string]any{"Room": room.Room.Name}),
		}
	}
	return Page{}
}

// Outside reports whether OBS is on another computer, whose pages need viewing to
// be open.
func Outside(s app.OBSState) bool { return !onThisComputer(s.Host) }

// Place writes where an OBS is, "10.0.0.7:4455".
func Place(host string, port int) string {
	return net.JoinHostPort(host, Number(int64(port)))
}
