// Package obsbridge is the supervised connection to OBS Studio over obs-websocket 5.
//
// A [Bridge] finds OBS on this computer or goes to the one it is told, keeps the
// connection alive, tells the core what happens in OBS as facts, in order, and
// carries commands to OBS. goobs gives the protocol: its requests, answers,
// events and opcodes. The connection itself is ours; docs/adr/0002-obs-bridge.md
// says why.
package obsbridge
