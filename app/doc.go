// Package app is Cuewire's vocabulary: what a room, a timer, a message, a
// playback, a scene and a sample are, which commands change them, which events
// tell of it, and which ports the faces and adapters meet at.
//
// Everything that changes state is a [Command], everything that happened is an
// [Event], everything that is true now is a [Snapshot]. One goroutine (package
// app/engine) owns the state; the window, REST, the WebSocket dialects, OBS and
// metrics are faces of it, and none keeps a truth of its own.
//
// The package imports the standard library alone and starts no goroutine. Values
// that are reachable from a Snapshot or an Event are immutable: whoever wants
// one changed sends a Command.
package app
