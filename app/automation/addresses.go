package automation

import (
	"net/url"

	"cuewire/app"
)

// Correction is a browser source of OBS that was made for a page of ours and goes
// to an address that is not ours any more, with the one that is.
type Correction struct {
	Input string `json:"inputName"`
	Page  string `json:"-"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Corrections returns the browser sources to correct after our address or port has
// changed. ours reports whether we serve an address; base is the one that OBS is
// to use, "http://127.0.0.1:3000". What we did not make is never among them.
func Corrections(sources []app.OBSBrowserSource, ours func(*url.URL) bool, base string) []Correction {
	now, err := url.Parse(base)
	if err != nil {
		return nil
	}
	var list []Correction
	for _, s := range sources {
		u, err := url.Parse(s.URL)
		if s.Page == "" || err != nil || u.Host == "" || ours(u) {
			continue
		}
		u.Scheme, u.Host = now.Scheme, now.Host
		list = append(list, Correction{Input: s.Input, Page: s.Page, From: s.URL, To: u.String()})
	}
	return list
}
