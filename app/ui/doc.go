// Package ui is Cuewire's window: a face of the core, drawn with Fyne.
//
// It keeps no truth of its own. [Window.Run] is the one goroutine that listens to
// the core; it turns what is true into a [present.View] and hands that to the UI
// goroutine, at most twenty times a second, with one hand-over outstanding, and
// only when the view differs from the one shown. Buttons and keys send a command
// from a goroutine and return at once; what they did comes back as a new view,
// like what anybody else did.
//
// A page of the window is an area, one of [present.Area], in a file of its own: a type
// with canvas and show, and where it needs them came and left, pressed and typed,
// rethemed (see area, visited, keyed and themed in area.go). It is made once by its line
// in areaMakers. What it shows comes from a presenter, a function of [present.Input]
// with its line in presenters of present/area.go, whose [present.Content] is View.Content:
// show does v.Content.(myPage), and compares with what it showed last. What is not in the
// core's snapshot (a history, an answer of OBS) the area asks for itself on another
// goroutine, from came until left, and hands over with w.do. Another language is shown
// by show, with other words; an area whose texts are many may build its content anew
// then. A hidden page gets no calls.
//
// Colours are a [present.Ink], looked up when they are drawn, so another theme needs
// nothing from an area that draws with inks. Text of one's own is a line, which keeps
// its ink; where a canvas.Text is used it gets present.Solid of its ink at each Refresh.
// What a list keeps out of sight asks rethemed when it is filled.
//
// Everything that a person reads comes from the catalogue, keys "window.*", "crew.*" and
// those of the areas.
package ui
