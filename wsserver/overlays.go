package wsserver

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"cuewire/app"
	"cuewire/wsserver/auth"
)

// overlayTypes are kinds of files that streamers' own overlays are made of, beside
// assetTypes. What is in neither goes by the computer's own table.
var overlayTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8",
	".jpeg": "image/jpeg", ".gif": "image/gif", ".avif": "image/avif", ".apng": "image/apng",
	".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf", ".wasm": "application/wasm",
	".m4a": "audio/mp4", ".aac": "audio/aac", ".opus": "audio/ogg", ".flac": "audio/flac", ".mov": "video/quicktime",
}

func overlayType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	for _, table := range []map[string]string{assetTypes, overlayTypes} {
		if kind := table[ext]; kind != "" {
			return kind
		}
	}
	if kind := mime.TypeByExtension(ext); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// overlayPath returns the file that a path below /overlay/my/ names, and false for
// one that names nothing that we would serve: what is hidden, or no plain path.
func overlayPath(asked string) (name string, ok bool) {
	name = strings.TrimSuffix(asked, "/")
	if name == "" || !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00") {
		return "", false
	}
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") {
			return "", false
		}
	}
	return name, true
}

// myOverlay serves the streamer's own overlays. They are somebody's code, so they
// never run as a page that may control: a browser is sent to auth.OverlayHost, and
// under any other name the page has no origin at all.
func (s *Server) myOverlay(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, r, app.Viewer) {
		return
	}
	visit := visitOf(r)
	if visit.Local && r.Header.Get("Sec-Fetch-Mode") == "navigate" {
		if origin := s.overlayOrigin(r.Host); origin != "" {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, origin+r.URL.RequestURI(), http.StatusTemporaryRedirect)
			return
		}
	}
	name, ok := overlayPath(r.PathValue("path"))
	if !ok || s.config.Overlays == "" {
		s.notFound(w, r)
		return
	}
	folder, err := os.OpenRoot(s.config.Overlays) // lets nothing out, symbolic links included
	if err != nil {
		s.noOverlay(w, r, err)
		return
	}
	defer folder.Close()
	info, err := folder.Stat(name)
	if err == nil && info.IsDir() {
		if !strings.HasSuffix(r.URL.Path, "/") {
			http.Redirect(w, r, (&url.URL{Path: r.URL.Path + "/", RawQuery: r.URL.RawQuery}).String(), http.StatusTemporaryRedirect)
			return
		}
		name += "/index.html"
		info, err = folder.Stat(name)
	} else if strings.HasSuffix(r.URL.Path, "/") {
		err = errors.Join(err, fs.ErrNotExist)
	}
	if err != nil || !info.Mode().IsRegular() {
		s.noOverlay(w, r, err)
		return
	}
	file, err := folder.Open(name)
	if err != nil {
		s.noOverlay(w, r, err)
		return
	}
	defer file.Close()

	header := w.Header()
	policy := "frame-ancestors 'self'" + s.ownOrigins()
	if !visit.Overlay {
		policy += "; sandbox allow-scripts"
		header.Set("Cross-Origin-Resource-Policy", "cross-origin") // its own files, to a page without an origin
	}
	header.Set("Content-Security-Policy", policy)
	header.Del("X-Frame-Options")
	kind := overlayType(name)
	header.Set("Content-Type", kind)
	header.Set("Cache-Control", "no-store")
	tags := s.customTags(r)
	if strings.HasPrefix(kind, "text/html") && tags != "" {
		w.WriteHeader(http.StatusOK)
		if r.Method != http.MethodHead {
			_, _ = io.Copy(w, io.MultiReader(file, strings.NewReader(tags))) // a reader who has gone needs none
		}
		return
	}
	http.ServeContent(w, r, "", time.Time{}, file)
}

// noOverlay answers that there is no such file. Whether it is not there or may not
// be read is for the log.
func (s *Server) noOverlay(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.Warn("an overlay could not be read", "path", r.URL.Path, "err", err)
	}
	s.notFound(w, r)
}

// overlayOrigin returns where a visitor of this computer who came by that host
// finds the overlays, "" where their name does not lead to us.
func (s *Server) overlayOrigin(host string) string {
	port := "80"
	if u, err := url.Parse("http://" + host); err == nil && u.Port() != "" {
		port = u.Port()
	}
	for _, p := range s.here().OverlayPorts() {
		if strconv.Itoa(int(p)) == port {
			return "http://" + auth.OverlayHost + ":" + port
		}
	}
	return ""
}
