package wsserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"cuewire/app"
)

// The Content-Security-Policy of our pages, as assets/web/README.md tells their
// authors, less who may frame them.
const policyPage = policyFraming + "frame-src 'self'; frame-ancestors "

// policyCombined is the policy of the page that frames other people's, and that
// nobody frames.
const policyCombined = policyFraming + "frame-src http: https:; frame-ancestors 'none'"

// policyFraming is what both have in common: all but who frames whom.
const policyFraming = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"media-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "

// policyNothing is the policy of everything that is no page.
const policyNothing = "default-src 'none'; frame-ancestors 'none'"

// assetTypes are the kinds of files that /assets serves; pages have paths of their own.
var assetTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json", ".webmanifest": "application/manifest+json", ".txt": "text/plain; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav", ".mp4": "video/mp4", ".webm": "video/webm",
}

// files serves the embedded files. Their tags are worked out once, but in
// developer mode, where files may change under us.
type files struct {
	web, texts fs.FS
	changing   bool
	heal       string   // the element that every page's head begins with, "" where there is none
	healing    string   // what allows it in a policy, with a space before it
	seen       sync.Map // path → *file
}

type file struct {
	content []byte
	tag     string
}

func (f *files) init(config Config) {
	f.web, f.texts, f.changing = config.Web, config.I18n, config.Dev
	if f.web == nil {
		return
	}
	if script, err := fs.ReadFile(f.web, "heal.js"); err == nil { // pages do without it too
		sum := sha256.Sum256(script)
		f.heal = "<script>" + string(script) + "</script>"
		f.healing = " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
}

// allowing returns a policy of our pages that lets them heal.
func (f *files) allowing(policy string) string {
	const scripts = "script-src 'self'"
	return strings.Replace(policy, scripts, scripts+f.healing, 1)
}

// load returns a file of the tree, or fs.ErrNotExist.
func (f *files) load(tree fs.FS, name string) (*file, error) {
	key := name
	if tree == f.texts {
		key = "i18n:" + name
	}
	if known, ok := f.seen.Load(key); ok && !f.changing {
		return known.(*file), nil
	}
	if !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	if info, err := fs.Stat(tree, name); err != nil || info.IsDir() {
		return nil, fs.ErrNotExist
	}
	content, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	if path.Ext(name) == ".html" {
		const head = "<head>"
		content = bytes.Replace(content, []byte(head), []byte(head+f.heal), 1)
	}
	sum := sha256.Sum256(content)
	loaded := &file{content, `"` + hex.EncodeToString(sum[:12]) + `"`}
	f.seen.Store(key, loaded)
	return loaded, nil
}

// serveFile answers with a file. It may be kept, but has to be asked for each
// time, so that an update shows at once.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, tree fs.FS, name, kind string) {
	loaded, err := s.files.load(tree, name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.log.Error("file could not be read", "file", name, "err", err)
		}
		s.notFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", kind)
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", loaded.tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(loaded.content))
}

// servePage answers with a page. Pages that only show may be framed by our own
// addresses, those that control by nobody; the former may have a source's own style.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, name string, framed bool) {
	if !framed {
		w.Header().Set("Content-Security-Policy", s.files.allowing(policyPage+"'none'"))
		s.serveFile(w, r, s.files.web, name, htmlType)
		return
	}
	w.Header().Del("X-Frame-Options")
	w.Header().Set("Content-Security-Policy", s.files.allowing(policyPage+"'self'"+s.ownOrigins()))
	loaded, err := s.files.load(s.files.web, name)
	tags := s.customTags(r)
	if err != nil || tags == "" {
		s.serveFile(w, r, s.files.web, name, htmlType)
		return
	}
	w.Header().Set("Content-Type", htmlType)
	w.Header().Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(loaded.content)+tags))
}

const htmlType = "text/html; charset=utf-8"

// combinedPage answers with the page that frames other pages, and that nobody frames.
func (s *Server) combinedPage(w http.ResponseWriter, r *http.Request) {
	if s.may(w, r, app.Viewer) {
		w.Header().Set("Content-Security-Policy", s.files.allowing(policyCombined))
		s.serveFile(w, r, s.files.web, "overlay/combined.html", htmlType)
	}
}

// ownOrigins lists the loopback origins that we serve under, each with a space before it.
func (s *Server) ownOrigins() string {
	var list strings.Builder
	for _, l := range s.here().Listening {
		at := l.Addr().Unmap()
		if at.IsLoopback() || at.IsUnspecified() {
			port := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), l.Port())
			list.WriteString(" http://localhost" + port.String()[len("127.0.0.1"):] + " http://" + port.String())
		}
	}
	return list.String()
}

// viewing are the room pages that only show.
var viewing = map[string]bool{"viewer": true, "agenda": true}

// pageRole is who may open a room's page: the published outputs have pages of
// their names, and asking is the audience's.
func pageRole(page string) app.Role {
	if page == "ask" {
		return app.Viewer
	}
	if role, ok := app.ParseRole(page); ok {
		return role
	}
	return app.Operator
}

func (s *Server) indexPage(w http.ResponseWriter, r *http.Request) {
	if visitOf(r).Overlay {
		s.refuse(w, r, errTokenNeeded)
		return
	}
	if s.may(w, r, app.Viewer) { // it offers what the visitor's role may open
		s.servePage(w, r, "index.html", false)
	}
}

// sourcesPage is where the library and its placements are worked on.
func (s *Server) sourcesPage(w http.ResponseWriter, r *http.Request) {
	if s.may(w, r, app.Operator) {
		s.servePage(w, r, "sources.html", false)
	}
}

func (s *Server) roomPage(w http.ResponseWriter, r *http.Request) {
	page := r.PathValue("page")
	if !s.may(w, r, pageRole(page)) {
		return
	}
	if s.core.Snapshot().Room(r.PathValue("code")) == nil {
		s.refuse(w, r, app.NewError(app.CodeNotFound, "server.noRoom",
			"There is no room with this code.", map[string]any{"Code": r.PathValue("code")}))
		return
	}
	s.servePage(w, r, "r/"+page+".html", viewing[page])
}

func (s *Server) overlayPage(w http.ResponseWriter, r *http.Request) {
	if s.may(w, r, app.Viewer) {
		s.servePage(w, r, "overlay/"+r.PathValue("name")+".html", true)
	}
}

func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("path")
	if !isOpen(name) && !s.may(w, r, app.Viewer) {
		return
	}
	kind := assetTypes[path.Ext(name)]
	if kind == "" {
		s.notFound(w, r)
		return
	}
	tree := s.files.web
	if text, ok := strings.CutPrefix(name, "i18n/"); ok {
		tree, name = s.files.texts, text
	}
	s.serveFile(w, r, tree, name, kind)
}

// favicons are where the icon is looked for.
var favicons = []string{"favicon.ico", "icon.png", "icon.svg"}

func (s *Server) favicon(w http.ResponseWriter, r *http.Request) {
	for _, name := range favicons {
		if _, err := s.files.load(s.files.web, name); err == nil {
			s.serveFile(w, r, s.files.web, name, mime.TypeByExtension(path.Ext(name)))
			return
		}
	}
	s.notFound(w, r)
}

// askToPair answers with the page on which a device that has no access gets it, and
// goes on to where it was. It reports whether there is such a page.
func (s *Server) askToPair(w http.ResponseWriter, r *http.Request, status int) bool {
	loaded, err := s.files.load(s.files.web, "pair.html")
	if err != nil || s.config.Signer == nil {
		return false
	}
	header := w.Header()
	header.Set("Content-Security-Policy", s.files.allowing(policyPage+"'none'"))
	header.Set("Content-Type", htmlType)
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(loaded.content) // a reader who has gone needs none
	}
	return true
}

// notFound answers for what is not there.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	missing := app.NewError(app.CodeNotFound, "server.noPage", "There is nothing at this address.", nil)
	if isPage(r) || strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.answerPage(w, r, http.StatusNotFound, missing)
		return
	}
	answerError(w, http.StatusNotFound, missing.Code, missing.Message)
}

const wordsStyle = "html{color-scheme:dark;background:#12151b;color:#e8eaf0;font:1.125rem/1.6 system-ui,sans-serif}" +
	"main{max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}h1{font-size:1.6rem;line-height:1.3;margin:0 0 .75rem}" +
	"p{color:#aab1c0;margin:0}a{display:inline-block;margin-top:1.5rem;color:#5eead4}small{display:block;margin-top:2rem;color:#7d8596}"

// wordsPage is what answerPage writes: of the language, the title twice, the text, the
// link to pair anew and the status.
const wordsPage = `<!doctype html>
<html lang="%s"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s – Cuewire</title><style>` + wordsStyle + `</style>
<main><h1>%s</h1><p>%s</p>%s<small>Cuewire · %d</small></main></html>
`

// policyWords allows the one style of wordsPage.
var policyWords = func() string {
	sum := sha256.Sum256([]byte(wordsStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'"
}()

// answerPage says in the reader's language why there is nothing to see. The
// catalogue has a title and a text for each key.
func (s *Server) answerPage(w http.ResponseWriter, r *http.Request, status int, err *app.Error) {
	words := s.words.In(language(r))
	anew := ""
	if err.Key == keyRole && s.config.Signer != nil {
		to := "/pair?" + url.Values{"to": {r.URL.RequestURI()}, "new": {"1"}}.Encode()
		anew = `<a href="` + html.EscapeString(to) + `">` + html.EscapeString(words.T("pair.anew", nil)) + "</a>"
	}
	title := html.EscapeString(words.T(err.Key+".title", err.Args))
	text := html.EscapeString(words.T(err.Key, err.Args))
	header := w.Header()
	header.Set("Content-Security-Policy", policyWords)
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, wordsPage, words.Lang(), title, title, text, anew, status) // a reader who has gone needs none
}

// language returns what the browser prefers.
func language(r *http.Request) string {
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(first, ";")
	return strings.TrimSpace(first)
}
