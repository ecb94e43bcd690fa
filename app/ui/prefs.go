package ui

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"cuewire/app/ui/present"
)

// prefs are what a person has chosen for the window on this computer, and how it was
// left. They are no settings of Cuewire: another computer's window is its own. Fyne
// keeps them among the user's files. Every method may be called from any goroutine.
type prefs struct {
	kept  fyne.Preferences
	theme atomic.Int32 // index into themeChoices
	light atomic.Bool  // the system prefers light windows

	notifyAlerts, notifyZero, hotkeys atomic.Bool

	mu    sync.Mutex // guards the rest
	size  fyne.Size  // not kept yet
	timer *time.Timer
}

// The names under which preferences are kept.
const (
	prefTheme  = "theme"
	prefArea   = "page"
	prefWidth  = "width"
	prefHeight = "height"

	prefNotifyAlerts = "notifyAlerts"
	prefNotifyZero   = "notifyZero"
	prefHotkeys      = "hotkeys"
)

// themeChoices are what can be chosen, as it is kept; the last follows the system.
var themeChoices = []string{"dark", "light", "contrast", "system"}

const systemTheme = 3

var usualSize = fyne.NewSize(1180, 760)

func newPrefs(a fyne.App) *prefs {
	p := &prefs{kept: a.Preferences()}
	p.theme.Store(int32(max(0, slices.Index(themeChoices, p.kept.String(prefTheme)))))
	p.notifyAlerts.Store(p.kept.BoolWithFallback(prefNotifyAlerts, true))
	p.notifyZero.Store(p.kept.Bool(prefNotifyZero))
	p.hotkeys.Store(p.kept.Bool(prefHotkeys))
	look := func(s fyne.Settings) { p.light.Store(s.ThemeVariant() == theme.VariantLight) }
	look(a.Settings())
	a.Settings().AddListener(look)
	return p
}

// themeNow returns the theme to show.
func (p *prefs) themeNow() present.Theme {
	switch chosen := p.theme.Load(); {
	case chosen != systemTheme:
		return present.Theme(chosen)
	case p.light.Load():
		return present.Light
	default:
		return present.Dark
	}
}

func (p *prefs) setTheme(choice int) {
	p.theme.Store(int32(choice))
	p.kept.SetString(prefTheme, themeChoices[choice])
}

// setNotify chooses notifications of one kind.
func (p *prefs) setNotify(name string, on bool) {
	if name == prefNotifyAlerts {
		p.notifyAlerts.Store(on)
	} else {
		p.notifyZero.Store(on)
	}
	p.kept.SetBool(name, on)
}

func (p *prefs) setHotkeys(on bool) {
	p.hotkeys.Store(on)
	p.kept.SetBool(prefHotkeys, on)
}

// area returns the page that was open last.
func (p *prefs) area() present.Area {
	return max(0, present.Area(slices.Index(present.AreaNames[:], p.kept.String(prefArea))))
}

func (p *prefs) setArea(a present.Area) { p.kept.SetString(prefArea, present.AreaNames[a]) }

// windowSize returns the size that the window had last.
func (p *prefs) windowSize() fyne.Size {
	width, height := p.kept.Float(prefWidth), p.kept.Float(prefHeight)
	if !(width >= 400 && width <= 16_000 && height >= 300 && height <= 16_000) { // NaN too
		return usualSize
	}
	return fyne.NewSize(float32(width), float32(height))
}

// sized keeps the window's size once it has stayed the same for a moment.
func (p *prefs) sized(size fyne.Size) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size = size
	if p.timer == nil {
		p.timer = time.AfterFunc(time.Hour, p.keepSize)
	}
	p.timer.Reset(500 * time.Millisecond)
}

func (p *prefs) keepSize() {
	p.mu.Lock()
	size := p.size
	p.mu.Unlock()
	p.kept.SetFloat(prefWidth, float64(size.Width))
	p.kept.SetFloat(prefHeight, float64(size.Height))
}

// sizeWatch lays its one object out over all there is and tells how much that is.
type sizeWatch struct{ sized func(fyne.Size) }

func (s sizeWatch) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
	s.sized(size)
}

func (sizeWatch) MinSize(objects []fyne.CanvasObject) fyne.Size { return objects[0].MinSize() }
