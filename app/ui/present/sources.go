package present

import "net"

// Page is one of our pages, as a browser source of OBS shows it.
type Page struct {
	Path string // "/overlay/obs"
	Name string // of the source
}

// PageForOBS returns the page behind a link for OBS, the zero Page for one that is
// not there.
func PageForOBS(in Input, link LinkKind) Page {
	room := in.RoomShown()
	switch {
	case link == OverlayLink:
		return Page{"/overlay/obs", in.Words.T("window.links.overlay.source", nil)}
	case link == CombinedLink:
		return Page{"/overlay/combined", in.Words.T("editor.combined.source", nil)}
	case link == ViewerLink && room != nil:
		return Page{
			"/r/" + room.Room.ShortCode + "/viewer?background=transparent&hide=controls",
			in.Words.T("window.links.viewer.source", map[string]any{"Room": room.Room.Name}),
		}
	}
	return Page{}
}

// Place writes where an OBS is, "10.0.0.7:4455".
func Place(host string, port int) string {
	return net.JoinHostPort(host, Number(int64(port)))
}
