package ui

import (
	"context"
	"errors"
	"sync"

	"cuewire/app"
)

// hotkeyKind is a key that works whatever program is in front.
type hotkeyKind int

// The global keys: Ctrl+Alt with P, N and B; on macOS Control and Option.
const (
	hotkeyPlay hotkeyKind = iota
	hotkeyNext
	hotkeyBlackout
	hotkeyCount
)

// hotkeyLetters are their letters, as X11 and Windows know them too.
var hotkeyLetters = [hotkeyCount]rune{'p', 'n', 'b'}

// Why there are no global keys. Their texts are keys of the catalogue.
var (
	errHotkeysWayland = app.NewError(app.CodeUnavailable, "frame.hotkeys.wayland", "A Wayland desktop lets no program have keys while another is in front.", nil)
	errHotkeysNone    = app.NewError(app.CodeUnavailable, "frame.hotkeys.nodisplay", "This desktop has no global keys.", nil)
	errHotkeysTaken   = app.NewError(app.CodeConflict, "frame.hotkeys.taken", "Another program has one of these keys.", nil)
)

// hotkeys are held from the system while a person has switched them on.
type hotkeys struct {
	w    *Window
	grab func(press func(hotkeyKind)) (release func(), err error) // grabHotkeys; tests put another in its place

	mu      sync.Mutex // guards the rest
	err     error      // why there are none
	release func()     // lets go of them; nil for not held
}

func newHotkeys(w *Window) *hotkeys { return &hotkeys{w: w, grab: grabHotkeys} }

// useHotkeys switches the global keys on or off.
func (w *Window) useHotkeys(on bool) {
	w.prefs.setHotkeys(on)
	w.enqueue(func() {
		w.hotkeys.use(on)
		w.do(w.settings.showHotkeys)
	})
}

// holdHotkeys takes the keys if they are switched on, and lets them go when ctx ends.
func (w *Window) holdHotkeys(ctx context.Context) {
	if w.prefs.hotkeys.Load() {
		w.hotkeys.use(true)
	}
	<-ctx.Done()
	w.hotkeys.use(false)
}

// use takes the keys, or lets them go. It may wait for the system, so it is never
// called on the UI goroutine.
func (h *hotkeys) use(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.release != nil {
		h.release()
	}
	h.release, h.err = nil, nil
	if on {
		h.release, h.err = h.grab(h.press)
	}
}

// press does what a key is for.
func (h *hotkeys) press(k hotkeyKind) {
	h.w.do(func() {
		switch k {
		case hotkeyPlay:
			h.w.pressPlay()
		case hotkeyNext:
			h.w.control(app.Next)
		case hotkeyBlackout:
			h.w.toggle(app.Blackout)
		}
	})
}

// hotkeysText says which the global keys are, or why there are none.
func (w *Window) hotkeysText() string {
	w.hotkeys.mu.Lock()
	err := w.hotkeys.err
	w.hotkeys.mu.Unlock()
	if err == nil {
		return w.text("frame.hotkeys.hint")
	}
	if e, ok := errors.AsType[*app.Error](err); ok {
		return w.text(e.Key)
	}
	return w.words.T("frame.hotkeys.error", map[string]any{"Reason": err.Error()})
}
