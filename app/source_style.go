package app

import (
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
)

// Styling says whether a source's own style and script can be applied, and why not.
type Styling struct {
	CSS    bool   `json:"css"`
	JS     bool   `json:"js"`
	Reason string `json:"reason"` // English, one sentence; "" where both can
	Key    string `json:"key"`    // of the same sentence in the catalogue of texts, "" where both can
}

// StylingOf returns what of CSS and JS takes effect in a source, so that an editor
// can say so before anybody waits for it.
func StylingOf(s *Source) Styling {
	switch {
	case strings.HasPrefix(s.URL, "/"):
		return Styling{CSS: true, JS: true}
	case s.Way == WayOwn:
		return Styling{
			CSS: true, Key: "sources.style.obs",
			Reason: "OBS applies the style; it has no way to run a script in a page that is not Cuewire's.",
		}
	}
	return Styling{
		Key:    "sources.style.foreign",
		Reason: "Browsers let nobody change a page of somebody else in a frame. Show the source the own way to give it a style.",
	}
}

// ScriptedURL returns the address of a source that is shown the own way: that of a
// page of ours asks for the source's script, where it has one, which OBS could not
// run. It differs when the script does, so that OBS loads the page again.
func (s *Source) ScriptedURL() string {
	page, err := url.Parse(s.URL)
	if s.JS == "" || !strings.HasPrefix(s.URL, "/") || err != nil {
		return s.URL
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(s.JS)) // never fails
	query := page.Query()
	query.Set("source", s.ID)
	query.Set("v", strconv.FormatUint(uint64(sum.Sum32()), 36))
	page.RawQuery = query.Encode()
	return page.String()
}
