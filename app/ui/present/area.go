package present

import (
	"slices"

	"cuewire/app"
)

// Area is a page of the window.
type Area int

// The areas, in the order of the rail.
const (
	LiveArea Area = iota
	RundownArea
	SourcesArea
	OBSArea
	PerformanceArea
	DevicesArea
	AppsArea
	SettingsArea
	Areas // how many there are
)

// AreaNames are the keys of their names.
var AreaNames = [Areas]string{
	LiveArea: "frame.area.live", RundownArea: "frame.area.rundown", SourcesArea: "frame.area.sources", OBSArea: "frame.area.obs",
	PerformanceArea: "frame.area.performance", DevicesArea: "frame.area.devices", AppsArea: "frame.area.apps", SettingsArea: "frame.area.settings",
}

// Content is what one area shows beside what the whole window does. It is never changed
// once it is made.
type Content interface {
	// Same reports whether another, made by the same presenter, looks alike. It
	// is called on each look at the core, so it compares references before contents.
	Same(Content) bool
}

// calmContent is a [Content] in which something may be shown up to a second late.
type calmContent interface {
	// Urgent returns it without that.
	Urgent() Content
}

// presenters make the content of the areas that have one of their own. Change and
// drift are as in [View].
var presenters = [Areas]func(Input) (content Content, change, drift app.Millis){
	RundownArea: tableOf, PerformanceArea: performanceOf, OBSArea: obsPageOf, DevicesArea: devicesOf,
	AppsArea: appsOf, SettingsArea: settingsOf,
}

func sameContent(a, b Content) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.Same(b)
}

// Same reports whether two views look alike; when they change next does not count.
func (v View) Same(o View) bool {
	return v.Lang == o.Lang && v.Theme == o.Theme && v.Area == o.Area && v.Library.Same(o.Library) && v.Title == o.Title && v.Timer == o.Timer && v.Control == o.Control &&
		v.Rundown.Same(o.Rundown) && v.Desk == o.Desk && v.Message.Same(o.Message) && slices.Equal(v.Aux, o.Aux) && slices.Equal(v.Quick, o.Quick) &&
		v.OBS == o.OBS && v.Scenes.Same(o.Scenes) && v.Load == o.Load && v.Links == o.Links && v.Status == o.Status &&
		v.Notice == o.Notice && v.Undo == o.Undo && sameContent(v.Content, o.Content)
}
