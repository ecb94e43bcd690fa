// Package obstest is what tests of the OBS bridge run against: a real OBS Studio
// under Xvfb (see [StartOBS]) and, for faults that a real one cannot be made to
// show, a scripted obs-websocket server (see [NewServer]).
package obstest
