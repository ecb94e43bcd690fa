package ui

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"cuewire/app"
	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// Config is what a [Window] needs.
type Config struct {
	App       fyne.App                             // of Fyne; its icon is used for the tray too
	Core      app.Core                             //
	OBS       app.OBS                              // nil where there is no bridge
	Catalogue *i18n.Catalogue                      //
	Lang      string                               // the system's language, used while Settings.Language is ""
	Addresses []string                             // that are served, "http://127.0.0.1:3000", the one to show first
	DataDir   string                               // shown in the settings
	Version   string                               // shown in the settings
	ParseOBS  func(string) (app.ConnectOBS, error) // reads an address of an OBS that a person gives; nil takes it as a host
	// PageForOBS tells by which address OBS reaches a page of ours, "/overlay/obs", and
	// the id that AddBrowserSource is to use; nil takes the first of Addresses. The
	// error is in words where OBS does not reach us.
	PageForOBS func(ctx context.Context, path string) (address, id string, err error)
	// Corrections finds the browser sources of OBS that go to an old address of ours;
	// nil finds none.
	Corrections func(ctx context.Context) ([]Correction, error)

	// Plan lays a room's rundown out at an instant; nil for no plan. It is called from
	// any goroutine.
	// Ours reports whether an address is one that we serve; nil for no.
	Ours func(*url.URL) bool
	// OwnPages returns the pages of the folder for own overlays, as their paths; nil for
	// none. It may read files.
	OwnPages    func() ([]string, error)
	Backups     app.Backups          // nil where there are none
	Collections app.SceneCollections // nil where no scene collections of OBS are read
	Devices     app.Devices          // nil where nothing is served
	// Firewall says what a person has to do about this computer's so that devices get
	// through to an address, "" for nothing; nil for nothing.
	Firewall func(w *i18n.Words, address string) string

	Plan  func(room *app.RoomState, now app.Instant) present.Plan
	Files app.RundownFiles // nil where rundowns are neither read nor written
	// History tells what was measured before the window began to watch; nil for nothing.
	History app.History

	Support app.Support       // nil for no support file
	Crashed []app.CrashReport // of earlier runs, to be told

	// IssueToken makes an access token that the core is to be told of; nil where none are made.
	IssueToken func(subject string, role app.Role, name string, life time.Duration) (text string, token app.Token, err error)
	Autostart  Autostart // nil where Cuewire cannot be started with the system

	Do   func(func()) // runs a function on the UI goroutine, in order, without waiting; nil for fyne.Do
	Log  *slog.Logger // nil for none
	Quit func()       // asks the program to stop; nil for App.Quit
}

// Correction is a browser source of OBS that was made for a page of ours, and the
// address to which it is to go.
type Correction struct{ Input, Page, To string }

// Window is the window. Unless a method says otherwise, call it from the UI
// goroutine, which before App.Run is the main one.
type Window struct {
	cfg Config
	win fyne.Window
	do  func(func())

	timer    *timerCard
	controls *controlsCard
	desk     *deskCard
	rundown  *rundownCard // on the desk
	obs      *obsCard
	load     *loadCard
	links    *linksCard
	notice   *noticeLine
	status   *statusLine
	prefs    *prefs
	themed   bool // in a theme of ours
	rail     *rail
	sources  *sourcesArea
	cues     *cuesArea
	areas    [present.Areas]area
	visiting present.Area // that is looked at, -1 for none
	outer    *fyne.Container
	tray     *tray
	notices  *notices
	hotkeys  *hotkeys
	dialog   dialog.Dialog // the one open, nil for none
	reopen   func()        // opens that dialog anew in another language, nil for not
	back     func()        // opens the one from which it was reached, nil for none
	enter    func()        // what Enter does in it with nothing focused, nil for nothing
	words    *i18n.Words   // the language shown
	apps     *appsArea
	settings *settingsArea
	backups  *backupsDialog // the last one opened, nil for none

	showing atomic.Pointer[present.View] // set on the UI goroutine alone
	visible atomic.Bool
	width   atomic.Int64             // of the progress bar, in pixels
	served  atomic.Pointer[[]string] // the addresses
	address atomic.Int64             // index of the one that links are made from
	wake    chan struct{}            // asks Run to look again
	renders atomic.Int64             // views shown so far

	planner planner
	finder  finder
	cueFind cueFinder
	figures figures
	strokes strokes
	look    chan struct{} // asks for a new picture of the scene

	mu     sync.Mutex // guards the rest
	chosen string     // id of the room chosen, "" for the first
	local  present.Local
	undo   func()   // takes back what the notice tells, while local.Undo
	queue  []func() // commands not yet carried out, in the order of the presses
	busy   bool     // a goroutine carries them out
}

// New makes the window, filled with what is true now, and does not show it.
func New(cfg Config) *Window {
	if cfg.Do == nil {
		cfg.Do = fyne.Do
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.withoutHelp()
	if cfg.Quit == nil {
		cfg.Quit = cfg.App.Quit
	}
	w := &Window{cfg: cfg, do: cfg.Do, wake: make(chan struct{}, 1), look: make(chan struct{}, 1), planner: planner{lay: cfg.Plan}, visiting: -1}
	w.served.Store(&cfg.Addresses)
	w.prefs = newPrefs(cfg.App)
	w.local.Area = w.prefs.area()
	w.win = cfg.App.NewWindow("Cuewire")
	w.retheme(w.prefs.themeNow())
	w.win.SetPadded(false)
	w.win.SetMaster()

	w.timer = newTimerCard(w.barResized, w.roomMenu)
	w.controls = newControlsCard(w)
	w.desk = newDeskCard(w)
	w.rundown = w.desk.rundown
	w.obs = newOBSCard(w)
	w.load = newLoadCard()
	w.links = newLinksCard(w)
	w.notice = newNoticeLine(w.dismissNotice, w.undoNotice)
	w.status = newStatusLine(w)
	w.rail = newRail(w)
	w.strokes.w = w
	w.tray, w.notices, w.hotkeys = newTray(w), newNotices(w), newHotkeys(w)
	w.sources, w.apps, w.settings = newSourcesArea(w), newAppsArea(w), newSettingsArea(w)
	w.areas = newAreas(w)
	pages := container.NewStack(inCompactLook.keeper())
	for _, a := range w.areas {
		pages.Add(a.canvas())
	}
	w.outer = container.New(column{grow: 0}, pages, w.notice.object, w.status.object)
	w.win.SetContent(container.New(sizeWatch{w.prefs.sized}, container.New(row{shares: []float32{0, 1}}, w.rail.object, w.outer)))
	w.win.Resize(w.prefs.windowSize())
	w.win.SetCloseIntercept(w.closeAsked)
	w.bindKeys()
	w.bindCueKeys()
	w.win.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.dropped(files) })
	w.tellCrashes(cfg.Crashed)
	w.apply(w.present())
	w.tray.set(present.TrayOf(w.words, w.room()), w.words)
	return w
}

// withoutHelp stands in for what is not given.
func (c *Config) withoutHelp() {
	if c.ParseOBS == nil {
		c.ParseOBS = func(text string) (app.ConnectOBS, error) {
			return app.ConnectOBS{Host: strings.TrimSpace(text)}, nil
		}
	}
	if c.PageForOBS == nil {
		c.PageForOBS = func(_ context.Context, path string) (string, string, error) {
			if len(c.Addresses) == 0 {
				return "", "", app.NewError(app.CodeUnavailable, "window.status.noserver", "pages are not served", nil)
			}
			return c.Addresses[0] + path, path, nil
		}
	}
	if c.Corrections == nil {
		c.Corrections = func(context.Context) ([]Correction, error) { return nil, nil }
	}
}

// Show shows the window with what is true now.
func (w *Window) Show() {
	w.apply(w.present())
	w.visible.Store(true) // after it, or Run would show the same once more
	w.visit(w.View().Area)
	w.win.Show()
	w.poke()
	w.wantShot()
}

// Hide takes the window from the screen; nothing is drawn until it is shown
// again. Cuewire goes on serving.
func (w *Window) Hide() {
	w.visible.Store(false)
	w.visit(-1)
	w.win.Hide()
	w.poke()
}

// Raise shows the window and puts it in front. It may be called from any
// goroutine, and does not wait.
func (w *Window) Raise() {
	w.do(func() {
		w.Show()
		w.win.RequestFocus()
	})
}

// Moved tells that other addresses are served now, the one to show first in front. It
// may be called from any goroutine, and does not wait.
func (w *Window) Moved(addresses []string) {
	w.served.Store(&addresses)
	w.do(func() { w.links.offer(addresses) })
	w.poke()
}

// addresses returns those that are served. It may be called from any goroutine.
func (w *Window) addresses() []string { return *w.served.Load() }

// Canvas returns what the window is drawn on.
func (w *Window) Canvas() fyne.Canvas { return w.win.Canvas() }

// Button returns the button with that name, nil for an unknown one. Tapping it
// does what a click does: test.Tap(w.Button(ui.ButtonPlay)), on the UI goroutine.
func (w *Window) Button(name Name) *widget.Button {
	switch name {
	case ButtonAddTimer:
		return w.desk.add
	case ButtonUndoEdit:
		return w.desk.undo
	case ButtonRedoEdit:
		return w.desk.redo
	case ButtonRoll:
		return w.desk.roll
	case ButtonOBS:
		return w.obs.trouble.action
	case ButtonOtherOBS:
		return w.obs.other
	case ButtonStream, ButtonRecord, ButtonReplay, ButtonCamera:
		return w.obs.outputs.buttons[outputButtons[name]]
	case ButtonPauseRecord:
		return w.obs.outputs.pause
	case ButtonSaveReplay:
		return w.obs.outputs.save
	case ButtonTake:
		return w.obs.take
	case ButtonUpdateSources:
		return w.obs.update
	case ButtonUndo:
		return w.notice.undo
	case ButtonSettings:
		return w.status.settings
	case ButtonShortcuts:
		return w.status.shortcuts
	default:
		return w.controls.buttons[name]
	}
}

// View returns the view shown last. It may be called from any goroutine.
func (w *Window) View() present.View { return *w.showing.Load() }

// Renders returns how many views have been shown so far. It may be called from
// any goroutine.
func (w *Window) Renders() int64 { return w.renders.Load() }

// present makes the view of what is true now. It may be called from any goroutine.
func (w *Window) present() present.View { return present.Of(w.input()) }

// input gathers what is true now. It may be called from any goroutine.
func (w *Window) input() present.Input {
	snap := w.cfg.Core.Snapshot()
	w.mu.Lock()
	local, chosen := w.local, w.chosen
	w.mu.Unlock()
	now := w.cfg.Core.Now()
	in := present.Input{
		Snapshot: snap, Now: now, Room: chosen, Theme: w.prefs.themeNow(), Words: w.cfg.Catalogue.In(w.language(snap.Settings)),
		Zone: time.Local, Found: w.finder.find(snap.Sources.List, local.Search), Addresses: w.addresses(), Address: int(w.address.Load()),
		BarWidth: int(w.width.Load()), Local: local,
	}
	if local.Area == present.PerformanceArea {
		in.Charts = w.figures.lay(present.SpanOf(local), snap)
	}
	if room := in.RoomShown(); room != nil {
		in.Plan, in.Over = w.planner.plan(room, now)
		in.Problems = w.planner.problemsOf(room, snap.OBS)
		in.FoundCues = w.cueFind.find(room.Timers, strings.TrimSpace(local.CueSearch))
	}
	return in
}

func (w *Window) language(s app.Settings) string {
	if s.Language != "" {
		return s.Language
	}
	return w.cfg.Lang
}

// apply shows a view. Each part looks for itself what is different.
func (w *Window) apply(v present.View) {
	w.renders.Add(1)
	w.retheme(w.prefs.themeNow()) // not v.Theme, which may be of a moment ago
	if w.words == nil || w.words.Lang() != v.Lang {
		w.words = w.cfg.Catalogue.In(v.Lang)
		if w.reopen != nil {
			w.reopen()
		}
	}
	w.rail.show(v.Area, w.words)
	before := w.showing.Swap(&v)
	w.showArea(v)
	if before == nil || before.Area != v.Area || before.Library.Scene != v.Library.Scene {
		w.wantShot()
	}
	w.status.show(v.Status, w.words)
	if w.notice.show(v.Notice, v.Undo, w.words) {
		w.outer.Refresh()
	}
	if v.Title != w.win.Title() {
		w.win.SetTitle(v.Title)
	}
}

func (w *Window) barResized(pixels int) {
	if w.width.Swap(int64(pixels)) != int64(pixels) {
		w.poke()
	}
}

// wantShot asks for a picture of the scene shown, soon.
func (w *Window) wantShot() {
	select {
	case w.look <- struct{}{}:
	default:
	}
}

// poke makes Run look again; it never blocks.
func (w *Window) poke() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
