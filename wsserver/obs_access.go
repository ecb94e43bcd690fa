package wsserver

import (
	"net/url"
	"sync"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// obsLinkLife is how long a browser source may take to be loaded for the first time.
const obsLinkLife = 24 * time.Hour

// obsLinks are the addresses by which the browser sources of an OBS on another
// computer get access: each with a secret that is good once. A page keeps its address,
// so that nobody sets it anew and loads the page again.
type obsLinks struct {
	mu   sync.Mutex          // guards what follows
	made map[string]*obsLink // by origin and page
}

type obsLink struct {
	pairing app.Pairing
	secret  string
	token   string // of the device that came by it, "" for none yet
}

// letOBSIn returns the address of a page of ours for the OBS that is connected. On
// another computer, where viewing is not open to all, it is one that lets OBS in as a viewer.
func (s *Server) letOBSIn(origin string, page *url.URL) (string, error) {
	snap := s.core.Snapshot()
	if page.Path == "/" || snap.Settings.ViewingOpen || obsHere(snap.OBS.Host) || s.config.Signer == nil {
		return origin + page.RequestURI(), nil
	}
	key, now := origin+page.RequestURI(), time.Now()
	s.obsLinks.mu.Lock()
	defer s.obsLinks.mu.Unlock()
	link := s.obsLinks.made[key]
	if link == nil || link.token == "" && !now.Before(link.pairing.ExpiresAt) || link.token != "" && snap.Token(link.token, now) == nil {
		name := "OBS (" + snap.OBS.Host + ")"
		made, secret, err := s.pairings.Begin(auth.Wanted{Role: app.Viewer, Name: name, Life: obsLinkLife, Silent: true}, now)
		if err != nil {
			return "", err
		}
		link = &obsLink{pairing: made, secret: secret}
		if s.obsLinks.made == nil {
			s.obsLinks.made = map[string]*obsLink{}
		}
		s.obsLinks.made[key] = link
	}
	return origin + app.PairPath + "?" + url.Values{"to": {page.RequestURI()}}.Encode() + "#" + link.secret, nil
}

// came remembers which token a pairing has become, if it was one of OBS's.
func (o *obsLinks) came(pairingID, tokenID string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, link := range o.made {
		if link.pairing.ID == pairingID {
			link.token = tokenID
		}
	}
}
