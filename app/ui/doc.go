// Package ui is Cuewire's window: a face of the core, drawn with Fyne.
//
// It keeps no truth of its own. [Window.Run] is the one goroutine that listens to
// the core; it turns what is true into a [present.View] and hands that to the UI
// goroutine, at most twenty times a second, with one hand-over outstanding, and
// only when the view differs from the one shown. Buttons and keys send a command
// from a goroutine and return at once; what they did comes back as a new view,
// like what anybody else did.
//
// Everything that a person reads comes from the catalogue, keys "window.*" and "crew.*".
package ui
