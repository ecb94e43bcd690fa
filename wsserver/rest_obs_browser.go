package wsserver

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"cuewire/app"
)

// browserCalls are the calls about browser sources.
type browserCalls struct {
	*Server

	mu    sync.Mutex // guards added
	added []undoable // newest last
}

// undoable is what was added, and to which OBS.
type undoable struct {
	app.AddedBrowserSource
	host       string
	port       int
	collection string
}

const maxUndo = 20

// shownBrowser is a browser source in an answer.
type shownBrowser struct {
	app.OBSBrowserSource
	Ours   bool    `json:"ours"`
	Update *string `json:"updateUrl"` // where it should point to, null where it is right
}

func (b *browserCalls) sources(w http.ResponseWriter, r *http.Request) ([]app.OBSBrowserSource, bool) {
	got, ok := b.askOBS(w, r, app.ListBrowserSources{})
	sources, _ := got.([]app.OBSBrowserSource)
	return sources, ok
}

func (b *browserCalls) list(w http.ResponseWriter, r *http.Request) {
	sources, ok := b.sources(w, r)
	if !ok {
		return
	}
	origin, _ := b.originForOBS(r.Context()) // without one no update is offered
	shown := make([]shownBrowser, len(sources))
	for i, source := range sources {
		shown[i] = b.shown(source, origin)
		if !shown[i].Ours && !visitOf(r).Role.Covers(app.Admin) {
			shown[i].URL = originOf(source.URL) // others' addresses have keys in them
		}
	}
	answer(w, http.StatusOK, map[string]any{"browserSources": shown})
}

// shown says of a source whether it is ours, and where it should point to when it
// shows nothing where it points: our address has changed, or is a loopback address
// in an OBS elsewhere. origin is ours as OBS reaches it, "" where there is none.
func (b *browserCalls) shown(source app.OBSBrowserSource, origin string) shownBrowser {
	u, err := url.Parse(source.URL)
	served := err == nil && b.Ours(u)
	shown := shownBrowser{OBSBrowserSource: source, Ours: served || source.Page != ""}
	page := source.Page
	if page == "" && served {
		page = app.PageOf(u)
	}
	reached := served && (!isLoopback(u.Hostname()) || obsHere(b.core.Snapshot().OBS.Host))
	if origin != "" && !reached && strings.HasPrefix(page, "/") {
		if at, err := url.Parse(page); err == nil {
			if update, err := b.letOBSIn(origin, at); err == nil {
				shown.Update = &update
			}
		}
	}
	return shown
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func (b *browserCalls) add(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Scene  *string  `json:"sceneName"`
		Name   string   `json:"name"`
		URL    string   `json:"url"`
		Width  int      `json:"width"`
		Height int      `json:"height"`
		FPS    int      `json:"fps"`
		Audio  bool     `json:"audio"`
		X      *float64 `json:"x"`
		Y      *float64 `json:"y"`
		ScaleX *float64 `json:"scaleX"`
		ScaleY *float64 `json:"scaleY"`
	}
	body.Name, body.Width, body.Height = "Cuewire", 1920, 1080
	if !b.readBody(w, r, &body) {
		return
	}
	if body.Scene == nil {
		invalid(w, `sceneName must be the name of a scene, or "" for all of them.`)
		return
	}
	address, page, ok := b.askedPage(w, r, body.URL)
	if !ok {
		return
	}
	cmd := app.AddBrowserSource{
		Page: page, Scene: *body.Scene, Name: body.Name, URL: address,
		Width: body.Width, Height: body.Height, FPS: body.FPS, Audio: body.Audio,
	}
	if body.X != nil || body.Y != nil || body.ScaleX != nil || body.ScaleY != nil {
		cmd.Place = &app.OBSPlace{X: or(body.X, 0), Y: or(body.Y, 0), ScaleX: or(body.ScaleX, 1), ScaleY: or(body.ScaleY, 1)}
	}
	state := b.core.Snapshot().OBS
	got, ok := b.askAboutScene(w, r, *body.Scene, cmd)
	if !ok {
		return
	}
	added, _ := got.(app.AddedBrowserSource)
	added.Items = list(added.Items)
	status, message := http.StatusOK, "The browser source was there already and is used"
	if added.Created {
		status, message = http.StatusCreated, "Browser source made"
	}
	if added.Created || len(added.Items) > 0 || added.Before != nil {
		b.remember(undoable{added, state.Host, state.Port, state.Collection})
	}
	answer(w, status, struct {
		done
		app.AddedBrowserSource
		URL string `json:"url"`
	}{done{Success: true, Message: message}, added, address})
}

func or(value *float64, otherwise float64) float64 {
	if value == nil {
		return otherwise
	}
	return *value
}

func (b *browserCalls) remember(added undoable) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.added = append(b.added, added)
	if len(b.added) > maxUndo {
		b.added = slices.Delete(b.added, 0, 1)
	}
}

// last takes the newest that can be undone in OBS as it is now.
func (b *browserCalls) last() (undoable, bool) {
	state := b.core.Snapshot().OBS
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, added := range slices.Backward(b.added) {
		if added.host == state.Host && added.port == state.Port && added.collection == state.Collection {
			b.added = slices.Delete(b.added, i, i+1)
			return added, true
		}
	}
	return undoable{}, false
}

// undo takes back what add did last, and the time before that when called again.
func (b *browserCalls) undo(w http.ResponseWriter, r *http.Request) {
	if _, ok := b.connected(w, r); !ok {
		return
	}
	added, ok := b.last()
	if !ok {
		answerError(w, http.StatusConflict, app.CodeConflict, "Nothing was added to this OBS that could be taken back.")
		return
	}
	if _, ok := b.askOBS(w, r, app.UndoAddBrowserSource{Added: added.AddedBrowserSource}); !ok {
		b.remember(added)
		return
	}
	answer(w, http.StatusOK, struct {
		done
		Name string `json:"inputName"`
	}{done{Success: true, Message: "Taken back"}, added.Input})
}

// put points a browser source elsewhere. Other inputs have settings of the same
// name, so it looks first whether it is one.
func (b *browserCalls) put(w http.ResponseWriter, r *http.Request) {
	var body struct {
		URL string `json:"url"`
	}
	if !b.readBody(w, r, &body) {
		return
	}
	address, page, ok := b.askedPage(w, r, body.URL)
	if !ok {
		return
	}
	sources, ok := b.sources(w, r)
	if !ok {
		return
	}
	name := r.PathValue("name")
	if !slices.ContainsFunc(sources, func(s app.OBSBrowserSource) bool { return s.Input == name }) {
		answerError(w, http.StatusNotFound, app.CodeNotFound, "OBS has no browser source named '"+name+"'.")
		return
	}
	if _, ok := b.askOBS(w, r, app.UpdateBrowserSourceURL{Input: name, URL: address, Page: page}); ok {
		answer(w, http.StatusOK, struct {
			done
			Name string `json:"inputName"`
			URL  string `json:"url"`
		}{done{Success: true, Message: "Browser source set"}, name, address})
	}
}

func (b *browserCalls) refresh(w http.ResponseWriter, r *http.Request) {
	if _, ok := b.askOBS(w, r, app.RefreshBrowserSource{Input: r.PathValue("name")}); ok {
		answer(w, http.StatusOK, done{Success: true, Message: "Browser source refreshed"})
	}
}
