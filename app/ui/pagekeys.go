package ui

import (
	"slices"

	"cuewire/app/ui/present"
)

// liveKeys are the texts of the keys that work on the live page alone.
var liveKeys = []string{
	"window.keys.play", "window.keys.nextprevious", "window.keys.minute", "window.keys.stop", "window.keys.reset", "window.keys.settime",
	"window.keys.newtimer", "crew.keys.edit", "window.keys.blackout", "window.keys.flash", "window.keys.focus",
}

// pageKeys is what the shortcut sheet tells of the keys of other pages.
var pageKeys = [present.Areas][][2]string{
	present.RundownArea: {
		{"table.key.arrows", "table.keys.move"},
		{"table.key.edit", "table.keys.edit"},
		{"table.key.tab", "table.keys.tab"},
		{"table.key.shift", "table.keys.shift"},
		{"table.key.add", "table.keys.add"},
		{"table.key.duplicate", "table.keys.duplicate"},
		{"table.key.delete", "table.keys.delete"},
		{"table.key.find", "table.keys.find"},
		{"table.key.import", "table.keys.import"},
	},
	present.PerformanceArea: {
		{"N", "perf.keys.rule"},
		{"1  2  3", "perf.keys.tabs"},
	},
}

// keysHere returns what the shortcut sheet tells on the page shown: its own keys, then
// those that work everywhere.
func (w *Window) keysHere() [][2]string {
	area := w.View().Area
	if area == present.LiveArea {
		return keySheet
	}
	everywhere := slices.DeleteFunc(slices.Clone(keySheet), func(entry [2]string) bool { return slices.Contains(liveKeys, entry[1]) })
	return append(slices.Clone(pageKeys[area]), everywhere...)
}
