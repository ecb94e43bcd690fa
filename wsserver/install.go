package wsserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/skip2/go-qrcode"

	"cuewire/app"
)

// manifest is what a device needs to keep a page on its home screen.
type manifest struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	ShortName  string         `json:"short_name"`
	StartURL   string         `json:"start_url"`
	Scope      string         `json:"scope"`
	Display    string         `json:"display"`
	Background string         `json:"background_color"`
	Theme      string         `json:"theme_color"`
	Lang       string         `json:"lang"`
	Icons      []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// installable are the room pages that a device may keep.
var installable = map[string]bool{
	"viewer": true, "operator": true, "agenda": true, "moderator": true, "controller": true, "ask": true,
}

// roomManifest describes a room's page, ?page, as something to install.
func (s *Server) roomManifest(w http.ResponseWriter, r *http.Request) {
	page := r.URL.Query().Get("page")
	room := s.core.Snapshot().Room(r.PathValue("code"))
	if room == nil || !installable[page] {
		s.notFound(w, r)
		return
	}
	words := s.words.In(language(r))
	title := words.T("pages.page."+page, nil)
	start := "/r/" + room.Room.ShortCode + "/" + page
	icon := func(size, purpose string) manifestIcon {
		return manifestIcon{"/assets/icons/" + purpose + "-" + size + ".png", size + "x" + size, "image/png", purpose}
	}
	text, err := json.Marshal(manifest{
		ID: start, Name: title + " · " + room.Room.Name, ShortName: title, StartURL: start, Scope: "/",
		Display: "standalone", Background: "#06090f", Theme: "#06090f", Lang: words.Lang(),
		Icons: []manifestIcon{icon("192", "any"), icon("512", "any"), icon("192", "maskable"), icon("512", "maskable")},
	})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/manifest+json")
	header.Set("Cache-Control", "no-cache")
	header.Add("Vary", "Accept-Language")
	_, _ = w.Write(text) // a reader who has gone needs none
}

// maxQR is how many bytes an address in a QR code may have.
const maxQR = 1024

// qr draws an address of ours, ?url, as a code for a camera.
func (s *Server) qr(w http.ResponseWriter, r *http.Request) {
	address := r.URL.Query().Get("url")
	u, err := url.Parse(address)
	if err != nil || len(address) > maxQR || !s.Ours(u) {
		answerError(w, http.StatusBadRequest, app.CodeInvalid, "url must be an address of Cuewire.")
		return
	}
	code, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "image/svg+xml")
	header.Set("Cache-Control", "no-cache")
	_, _ = w.Write(drawQR(code.Bitmap())) // a reader who has gone needs none
}

// drawQR draws dots, the quiet border included, as one path.
func drawQR(dots [][]bool) []byte {
	var svg bytes.Buffer
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`, len(dots))
	for y, row := range dots {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x < len(row) && row[x] {
				x++
			}
			fmt.Fprintf(&svg, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
		}
	}
	svg.WriteString(`"/></svg>`)
	return svg.Bytes()
}
