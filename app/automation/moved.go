package automation

import (
	"net/url"

	"cuewire/app"
)

// Move is a browser source of ours that still points to an address that we have
// left; app.UpdateBrowserSourceURL with these values brings it along.
type Move struct {
	Input, Page string
	Old, New    string
}

// Moved returns the sources that Cuewire has made, or adopted, whose address is not
// ours any more, with the same page under base, a scheme and host that reach us
// from OBS's computer.
func Moved(sources []app.OBSBrowserSource, base *url.URL, ours func(*url.URL) bool) []Move {
	var moves []Move
	for _, s := range sources {
		u, err := url.Parse(s.URL)
		if s.Page == "" || err != nil || ours(u) {
			continue
		}
		u.Scheme, u.Host = base.Scheme, base.Host
		moves = append(moves, Move{s.Input, s.Page, s.URL, u.String()})
	}
	return moves
}

// Adoptable returns the sources that show a page of ours and were made by hand:
// they can be given their page's id by app.UpdateBrowserSourceURL.
func Adoptable(sources []app.OBSBrowserSource, ours func(*url.URL) bool) []app.OBSBrowserSource {
	var found []app.OBSBrowserSource
	for _, s := range sources {
		if u, err := url.Parse(s.URL); err == nil && s.Page == "" && ours(u) {
			found = append(found, s)
		}
	}
	return found
}
