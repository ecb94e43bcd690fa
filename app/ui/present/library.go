package present

import (
	"image/color"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cuewire/app"
	"cuewire/app/i18n"
)

// Library is the area of sources: those that were found, and a scene with what
// stands in it. It is the zero Library while another area is shown.
type Library struct {
	Found     []*app.Source // in the order in which they were made
	Total     int           // how many sources there are
	Search    string
	Chosen    string   // id of a source, "" for none
	Scenes    []string // OBS's, top first, then others in which sources stand
	Scene     string   // that is shown, "" for none
	Program   bool     // it is on program
	Placed    []*app.SceneSource
	Sources   app.SourcesState
	Canvas    app.OBSCanvas // never zero
	Connected bool          // to OBS
}

// Same reports whether two libraries look alike: a list that changed is another slice.
func (l Library) Same(o Library) bool {
	return sameList(l.Found, o.Found) && sameList(l.Sources.List, o.Sources.List) && sameList(l.Placed, o.Placed) &&
		l.Total == o.Total && l.Search == o.Search && l.Chosen == o.Chosen && l.Scene == o.Scene && l.Program == o.Program &&
		l.Canvas == o.Canvas && l.Connected == o.Connected && slices.Equal(l.Scenes, o.Scenes)
}

func sameList[T any](a, b []T) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// usualCanvas stands in for a canvas whose size OBS has not told.
var usualCanvas = app.OBSCanvas{Width: 1920, Height: 1080}

func libraryOf(in Input) Library {
	snap := in.Snapshot
	l := Library{
		Found: in.Found, Total: len(snap.Sources.List), Search: in.Local.Search, Scenes: ScenesToPlaceIn(snap),
		Sources: snap.Sources, Canvas: snap.OBS.Canvas, Connected: snap.OBS.Connected(),
	}
	if l.Canvas.Width <= 0 || l.Canvas.Height <= 0 {
		l.Canvas = usualCanvas
	}
	if snap.Sources.Source(in.Local.Source) != nil {
		l.Chosen = in.Local.Source
	}
	switch {
	case slices.Contains(l.Scenes, in.Local.Scene):
		l.Scene = in.Local.Scene
	case slices.Contains(l.Scenes, snap.OBS.CurrentScene):
		l.Scene = snap.OBS.CurrentScene
	case len(l.Scenes) > 0:
		l.Scene = l.Scenes[0]
	}
	l.Program = l.Connected && l.Scene != "" && l.Scene == snap.OBS.CurrentScene
	l.Placed = snap.Sources.Scenes[l.Scene]
	return l
}

// ScenesToPlaceIn returns OBS's scenes, top first, and then others in which sources
// stand, by name.
func ScenesToPlaceIn(snap *app.Snapshot) []string {
	names := make([]string, 0, len(snap.OBS.Scenes))
	for _, scene := range snap.OBS.Scenes {
		names = append(names, scene.Name)
	}
	var others []string
	for name, placed := range snap.Sources.Scenes {
		if len(placed) > 0 && snap.OBS.SceneIndex(name) < 0 {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	return append(names, others...)
}

// FindSources returns the sources whose name, address or a tag of theirs holds a
// text, in any case of letters.
func FindSources(list []*app.Source, text string) []*app.Source {
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "" {
		return list
	}
	holds := func(s string) bool { return strings.Contains(strings.ToLower(s), text) }
	var found []*app.Source
	for _, s := range list {
		if holds(s.Name) || holds(s.URL) || slices.ContainsFunc(s.Tags, holds) {
			found = append(found, s)
		}
	}
	return found
}

// SourceRow is one source of the list.
type SourceRow struct {
	Name   string
	About  Mark // which way it is shown, what is wrong with that, and where its page is
	Active bool
	Placed bool // in the scene shown
	Chosen bool
}

// Row returns the source found at a position, which must exist.
func (l Library) Row(position int, w *i18n.Words) SourceRow {
	s := l.Found[position]
	row := SourceRow{Name: s.Name, Active: s.Active, Chosen: s.ID == l.Chosen, Placed: l.Sources.Placed(l.Scene, s.ID) != nil}
	row.About = Mark{joined(w.T("editor.way."+string(s.Way), nil), shortAddress(s.URL), strings.Join(s.Tags, ", ")), Muted}
	if s.Way == app.WayCombined && s.Framing.State == app.FramingRefused {
		row.About = Mark{joined(w.T("editor.framing.refused", nil), shortAddress(s.URL)), Warn}
	}
	return row
}

// shortAddress writes an address without its query, where keys are.
func shortAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if u.Scheme == "file" || u.Host == "" {
		return u.Path
	}
	return strings.TrimSuffix(u.Host+u.Path, "/")
}

// FramingNote says whether a source's page can be combined.
func FramingNote(w *i18n.Words, s *app.Source) Mark {
	switch s.Framing.State {
	case app.FramingAllowed:
		return Mark{w.T("editor.framing.allowed", nil), Good}
	case app.FramingRefused:
		return Mark{w.T(s.Framing.Key, nil), Warn}
	}
	if s.Framing.Key != "" {
		return Mark{w.T(s.Framing.Key, nil), Muted}
	}
	return Mark{w.T("editor.framing.unknown", nil), Muted}
}

// SceneBox is a source as the editor draws it.
type SceneBox struct {
	ID     string
	Name   string
	Shown  app.Shown
	Color  color.NRGBA
	Active bool
	Chosen bool
}

var boxColors = []color.NRGBA{rgb(0x6cb2ff), rgb(0x3ddc84), rgb(0xf2c14e), rgb(0xff8fb1), rgb(0xb79bff), rgb(0x4fd8d8)}

// Boxes returns what stands in the scene, the back first.
func (l Library) Boxes() []SceneBox {
	boxes := make([]SceneBox, 0, len(l.Placed))
	for _, placed := range l.Placed {
		s := l.Sources.Source(placed.SourceID)
		if s == nil {
			continue
		}
		sum := 0
		for _, b := range []byte(s.ID) {
			sum += int(b)
		}
		boxes = append(boxes, SceneBox{s.ID, s.Name, placed.Config.Shown(), boxColors[sum%len(boxColors)], s.Active, s.ID == l.Chosen})
	}
	return boxes
}

// Numbers writes a box's place, size and rotation as a person reads them.
func Numbers(w *i18n.Words, s app.Shown) [5]string {
	var texts [5]string
	for i, v := range [...]float64{s.X, s.Y, s.Width, s.Height, s.Rotation} {
		texts[i] = trimZeros(decimal(w, v, 2))
	}
	return texts
}

func trimZeros(text string) string {
	if text = strings.TrimRight(strings.TrimRight(text, "0"), ".,"); text == "-0" {
		return "0"
	}
	return text
}

// ReadNumber reads a number as a person writes one, with a comma or a point.
func ReadNumber(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	return v, err == nil && v >= -1e9 && v <= 1e9
}

// SourceForm is a source as a form shows it: what a person types is text.
type SourceForm struct {
	Name, URL, Tags, CSS, JS string
	Width, Height, Rate      string
	Way                      app.SourceWay
	Load                     app.SourceLoad
}

// NewSource is what a new source begins with.
var NewSource = app.Source{
	Width: app.DefaultSourceWidth, Height: app.DefaultSourceHeight, RefreshRate: app.DefaultRefreshRate,
	Way: app.WayCombined, Load: app.LoadKeep,
}

// SourceFormOf returns the form's contents for a source.
func SourceFormOf(s *app.Source) SourceForm {
	number := func(n int) string { return Number(int64(n)) }
	return SourceForm{
		s.Name, s.URL, strings.Join(s.Tags, ", "), s.CSS, s.JS, number(s.Width), number(s.Height), number(s.RefreshRate), s.Way, s.Load,
	}
}

// Fields returns what differs from was, and what is wrong, in the form's order.
// What only the core can judge, an address, it judges.
func (c SourceForm) Fields(w *i18n.Words, was *app.Source) (app.SourceFields, []Wrong) {
	f, before := form{words: w}, SourceFormOf(was)
	fields := app.SourceFields{
		Name: f.name("name", before.Name, c.Name), URL: f.address("url", before.URL, c.URL), Tags: f.tags("tags", before.Tags, c.Tags),
		Width: f.number("width", before.Width, c.Width, app.MaxSourceWidth), Height: f.number("height", before.Height, c.Height, app.MaxSourceHeight),
		RefreshRate: f.number("refreshRate", before.Rate, c.Rate, app.MaxRefreshRate),
		Way:         changed(before.Way, c.Way), Load: changed(before.Load, c.Load),
		CSS: f.code("cssCustom", before.CSS, c.CSS), JS: f.code("jsCustom", before.JS, c.JS),
	}
	return fields, f.wrong
}

func (f *form) address(field, was, now string) *string {
	now = strings.TrimSpace(now)
	switch {
	case now == "":
		f.refuse(field, "crew.wrong.empty", nil)
	case len(now) > app.MaxSourceURL:
		f.refuse(field, "editor.wrong.long", map[string]any{"Limit": app.MaxSourceURL})
	}
	return changed(was, now)
}

func (f *form) number(field, was, now string, most int) *int {
	now = strings.TrimSpace(now)
	if now == was {
		return nil
	}
	n, err := strconv.Atoi(now)
	if err != nil || n < 1 || n > most {
		f.refuse(field, "editor.wrong.number", map[string]any{"Most": most})
	}
	return &n
}

func (f *form) code(field, was, now string) *string {
	if len(now) > app.MaxSourceCode {
		f.refuse(field, "editor.wrong.long", map[string]any{"Limit": app.MaxSourceCode})
	}
	return changed(was, now)
}

func (f *form) tags(field, was, now string) *[]string {
	if strings.TrimSpace(now) == was {
		return nil
	}
	tags := []string{}
	for tag := range strings.SplitSeq(now, ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			tags = append(tags, tag)
		}
	}
	if len(tags) > app.MaxTags || slices.ContainsFunc(tags, func(t string) bool { return len([]rune(t)) > app.MaxTagLength }) {
		f.refuse(field, "editor.wrong.tags", map[string]any{"Most": app.MaxTags, "Limit": app.MaxTagLength})
	}
	return &tags
}

// StylingNote says what of a source's style and script cannot be applied, "" for nothing.
func StylingNote(w *i18n.Words, s *app.Source) string {
	if styling := app.StylingOf(s); styling.Key != "" {
		return w.T(styling.Key, nil)
	}
	return ""
}

// OfferedPages are pages of ours that a source can show.
func OfferedPages(in Input) []string {
	pages := []string{"/overlay/obs"}
	if room := in.RoomShown(); room != nil {
		code := url.QueryEscape(room.Room.ShortCode)
		pages = append(pages, "/overlay/timer?room="+code, "/overlay/message?room="+code, "/overlay/lower-third?room="+code,
			"/r/"+code+"/viewer?background=transparent&hide=controls")
	}
	return pages
}

// FoundNote says of a browser source that OBS has where its page is and in which
// scenes it stands.
func FoundNote(w *i18n.Words, f app.SourceInOBS) string {
	address := ""
	if f.Fields.URL != nil {
		address = shortAddress(*f.Fields.URL)
	}
	scenes := make([]string, len(f.Places))
	for i, p := range f.Places {
		scenes[i] = p.Scene
	}
	if len(scenes) == 0 {
		return joined(address, w.T("editor.adopt.nowhere", nil))
	}
	return joined(address, strings.Join(scenes, ", "))
}
