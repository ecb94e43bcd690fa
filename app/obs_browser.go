package app

import (
	"net/url"
	"strings"
)

// PairPath is the page on which a device gets access. With ?to= it goes on to a page
// of ours; a one-time secret stands in the fragment.
const PairPath = "/pair"

// Destination returns the address that an address of ours leads to: for PairPath the
// page that the device is sent on to, else the same.
func Destination(u *url.URL) *url.URL {
	to := u.Query().Get("to")
	if u.Path != PairPath || !strings.HasPrefix(to, "/") {
		return u
	}
	page, err := url.Parse(to)
	if err != nil || page.Host != "" {
		return u
	}
	page.Scheme, page.Host = u.Scheme, u.Host
	return page
}

// PageOf returns the id of a page of ours, whatever our address is: its path and
// its query in the order of its names. It is what AddBrowserSource.Page holds.
func PageOf(u *url.URL) string {
	u = Destination(u)
	page := strings.TrimSuffix(u.Path, "/")
	if query := u.Query().Encode(); query != "" {
		page += "?" + query
	}
	return page
}

// The commands about browser sources.
type (
	// AddBrowserSource puts a page of ours into OBS: it makes a browser source, or
	// uses the one that shows the page already, and puts it on top of the scene, or of
	// every scene, where it is not in yet. It answers with an AddedBrowserSource.
	// CodeUnavailable when OBS has no browser source.
	AddBrowserSource struct {
		Page   string // which page of ours it is, see PageOf; it names the source across changes of address
		Scene  string // "" for every scene
		Name   string // of the source; a number is added when another source has it
		URL    string
		Width  int // pixels of the page
		Height int
		FPS    int       // 0 for OBS's own rate
		Place  *OBSPlace // nil fits the page into the canvas, centred
		Audio  bool      // the page's sound goes through OBS's mixer
	}
	// UndoAddBrowserSource takes back what AddBrowserSource did, as far as it is still there.
	UndoAddBrowserSource struct{ Added AddedBrowserSource }
	// ListBrowserSources answers with []OBSBrowserSource.
	ListBrowserSources struct{}
	// UpdateBrowserSourceURL points a browser source elsewhere and, unless Page is "",
	// says which page of ours it shows from now on: that is how one is adopted.
	UpdateBrowserSourceURL struct{ Input, URL, Page string }
	// RefreshBrowserSource loads a browser source's page anew, past the cache.
	RefreshBrowserSource struct{ Input string }
)

// OBSPlace is where a scene item goes: its top left corner and its scale.
type OBSPlace struct{ X, Y, ScaleX, ScaleY float64 }

// AddedBrowserSource is what AddBrowserSource did.
type AddedBrowserSource struct {
	Input   string            `json:"inputName"`
	Created bool              `json:"created"` // the source is new, else it was there
	Items   []OBSPlacedItem   `json:"items"`   // what was put into scenes, none where it was in all of them
	Before  *OBSBrowserSource `json:"-"`       // what was changed of a source that was there; nil for nothing
}

// OBSPlacedItem is a scene item that was made.
type OBSPlacedItem struct {
	Scene string `json:"sceneName"`
	Item  int    `json:"sceneItemId"`
}

// OBSBrowserSource is a browser source of OBS.
type OBSBrowserSource struct {
	Input   string `json:"inputName"`
	UUID    string `json:"inputUuid,omitempty"` // "" before obs-websocket 5.4
	URL     string `json:"url"`
	Page    string `json:"page,omitempty"` // which page of ours it was made for; "" for a foreign one
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	FPS     int    `json:"fps"`     // 0 for OBS's own rate
	Audio   bool   `json:"audio"`   // its sound goes through OBS's mixer
	Showing bool   `json:"showing"` // somewhere in OBS: program, preview, a projector
	Active  bool   `json:"active"`  // on program
}

// OBSBrowserRefreshed is obs:browserSourceRefreshed: a page of ours was shown in
// OBS and silent, and has been loaded anew.
type OBSBrowserRefreshed struct {
	InputName string `json:"inputName"`
	Attempt   int    `json:"attempt"` // 1 for the first in a row
	Silent    Millis `json:"silentMs"`
}

// EventName implements EventBody.
func (OBSBrowserRefreshed) EventName() string { return "obs:browserSourceRefreshed" }

func (AddBrowserSource) obsCommand()       {}
func (UndoAddBrowserSource) obsCommand()   {}
func (ListBrowserSources) obsCommand()     {}
func (UpdateBrowserSourceURL) obsCommand() {}
func (RefreshBrowserSource) obsCommand()   {}
