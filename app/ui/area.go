package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"cuewire/app/i18n"
	"cuewire/app/ui/present"
)

// area is a page of the window. All its methods are called on the UI goroutine.
type area interface {
	// canvas returns what the page is drawn with, always the same object. The window
	// shows and hides it.
	canvas() fyne.CanvasObject
	// show shows a view of this area, the first time just before the page comes into
	// sight. It changes only what differs, its texts when words are in another
	// language than the last ones. It is not called while the page is out of sight.
	show(v present.View, words *i18n.Words)
}

// visited is an area that wants to know when somebody looks at it: when it is chosen
// or the window is shown with it, and no longer. What costs something (asking for a
// history, drawing a chart) begins and ends with these. Both return at once.
type visited interface {
	came()
	left()
}

// keyed is an area with keys of its own, which come to it while nothing has the focus
// and no dialog is open. Each reports whether it made something of the key; what it
// leaves may be one of the window's.
type keyed interface {
	pressed(key fyne.KeyName) bool
	typed(r rune) bool
}

// themed is an area that draws with colours which it has worked out itself. It is told
// after another theme has come; colours of present are looked up when they are drawn,
// and need nothing.
type themed interface{ rethemed() }

// areaMakers make the pages; one without a maker says where to find what is not there.
var areaMakers = [present.Areas]func(*Window) area{
	present.LiveArea:        func(w *Window) area { return newLiveArea(w) },
	present.RundownArea:     func(w *Window) area { return newCuesArea(w) },
	present.PerformanceArea: func(w *Window) area { return newPerfArea(w) },
	present.OBSArea:         func(w *Window) area { return newOBSArea(w) },
	present.SourcesArea:     func(w *Window) area { return w.sources },
	present.DevicesArea:     func(w *Window) area { return newDevicesArea(w) },
	present.AppsArea:        func(w *Window) area { return w.apps },
	present.SettingsArea:    func(w *Window) area { return w.settings },
}

// newAreas makes all pages.
func newAreas(w *Window) (areas [present.Areas]area) {
	for i := range areas {
		if makeArea := areaMakers[i]; makeArea != nil {
			areas[i] = makeArea(w)
		} else {
			areas[i] = newUnbuiltArea(w)
		}
		areas[i].canvas().Hide()
	}
	return areas
}

// openArea shows an area of the window, at once: the next key is meant for it.
func (w *Window) openArea(area present.Area) {
	if area < 0 || area >= present.Areas || w.win.Canvas().Overlays().Top() != nil || area == w.View().Area {
		return
	}
	w.win.Canvas().Unfocus()
	w.prefs.setArea(area)
	w.change(func(l *present.Local) { l.Area = area })
	w.apply(w.present())
}

// visit tells the areas which of them is looked at, -1 for none.
func (w *Window) visit(now present.Area) {
	was := w.visiting
	if now == was {
		return
	}
	w.visiting = now
	if was >= 0 {
		if a, ok := w.areas[was].(visited); ok {
			a.left()
		}
	}
	if now >= 0 {
		if a, ok := w.areas[now].(visited); ok {
			a.came()
		}
	}
}

// showArea shows a view in its area, and that area alone.
func (w *Window) showArea(v present.View) {
	w.areas[v.Area].show(v, w.words)
	for i, a := range w.areas {
		if o := a.canvas(); o.Visible() != (present.Area(i) == v.Area) {
			setVisible(o, present.Area(i) == v.Area)
		}
	}
	if w.visible.Load() {
		w.visit(v.Area)
	}
}

// liveArea is the page for the show that is on: timer, transport, rundown, OBS.
type liveArea struct {
	w      *Window
	object *fyne.Container
}

func newLiveArea(w *Window) *liveArea {
	return &liveArea{w, newFrame(w.load.own, w.timer.object, w.controls.object, w.desk.object,
		w.obs.object, w.load.object, w.links.object)}
}

func (a *liveArea) canvas() fyne.CanvasObject { return a.object }

func (a *liveArea) show(v present.View, words *i18n.Words) {
	w := a.w
	w.timer.show(v.Timer, v.Desk.Room)
	w.controls.show(v.Control, words)
	w.desk.show(v, words)
	w.obs.show(v.OBS, v.Scenes, words)
	w.load.show(v.Load)
	w.links.show(v.Links, words)
}

func (a *liveArea) pressed(fyne.KeyName) bool { return false } // the window's own keys are meant for it

func (a *liveArea) typed(r rune) bool {
	switch r {
	case 't', 'T':
		a.w.askTime()
	case 'n', 'N':
		a.w.askTimer()
	case 'e', 'E':
		a.w.editCurrent()
	default:
		return false
	}
	return true
}

// unbuiltArea stands where a page is not there.
type unbuiltArea struct {
	object  *fyne.Container
	heading *line
	empty   *emptyState
}

func newUnbuiltArea(w *Window) *unbuiltArea {
	a := &unbuiltArea{heading: newHeading(), empty: newEmptyState(func() { w.openArea(present.LiveArea) })}
	a.object = card(container.New(column{grow: 1, gap: 8}, a.heading, container.New(middle{}, a.empty.object)))
	return a
}

func (a *unbuiltArea) canvas() fyne.CanvasObject { return a.object }

func (a *unbuiltArea) show(v present.View, words *i18n.Words) {
	a.heading.set(words.T(present.AreaNames[v.Area], nil), present.Text)
	a.empty.relabel(words.T("frame.unbuilt", nil), words.T("frame.unbuilt.purpose", nil), words.T("frame.unbuilt.live", nil))
}
