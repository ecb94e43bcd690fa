package app

import (
	"cmp"
	"net/url"
	"slices"
	"time"
)

// Source is a browser source of the library. Its JSON is the published Source
// Saver source, with our own fields behind it.
type Source struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`        // 1 to 255 characters, unique
	URL         string     `json:"url"`         // http, https, a page of ours as its path ("/overlay/timer?room=…"), or file: for sources shown the own way
	Width       int        `json:"width"`       // pixels of the page, 1 to 7680
	Height      int        `json:"height"`      // 1 to 4320
	RefreshRate int        `json:"refreshRate"` // frames a second, 1 to 60
	Active      bool       `json:"isActive"`
	CSS         string     `json:"cssCustom"`
	JS          string     `json:"jsCustom"`
	Way         SourceWay  `json:"way"`
	Load        SourceLoad `json:"load"`
	Tags        []string   `json:"tags"`               // never nil
	Framing     Framing    `json:"framing"`            // whether its page lets itself be framed
	OBSInput    string     `json:"obsInput,omitempty"` // of a source shown the own way: the OBS input that shows it, "" before there is one
	Adopted     bool       `json:"adopted,omitempty"`  // OBS had the input before Cuewire did: it is hidden there, never removed
	ActivatedAt *time.Time `json:"activatedAt"`        // null while inactive
	CreatedAt   time.Time  `json:"createdAt"`
	UpdatedAt   time.Time  `json:"updatedAt"`
}

// Public returns the source as everybody may see it: addresses, style sheets and
// scripts of others' widgets have keys in them. Of a foreign address the origin is
// left, of a page of ours its path.
func (s *Source) Public() *Source {
	public := *s
	public.CSS, public.JS, public.URL = "", "", ""
	if u, err := url.Parse(s.URL); err == nil && u.Scheme != "file" {
		if public.URL = u.Path; u.Host != "" {
			public.URL = u.Scheme + "://" + u.Host
		}
	}
	return &public
}

// PublicSourceField reports whether everybody may see the field of that JSON name.
func PublicSourceField(name string) bool {
	return name != "url" && name != "cssCustom" && name != "jsCustom"
}

// SourceWay is how a source gets on screen.
type SourceWay string

// The ways.
const (
	WayCombined SourceWay = "combined" // a frame of the one page /overlay/combined
	WayOwn      SourceWay = "own"      // a browser source of its own in OBS
)

// SourceLoad is whether a combined source stays loaded while it is not on screen.
type SourceLoad string

// The ways of loading.
const (
	LoadKeep   SourceLoad = "preload" // loaded while active: appears at once
	LoadUnload SourceLoad = "unload"  // loaded while its scene shows it: costs nothing else
)

// Framing is what was found out about a page when its source was added or its URL changed.
type Framing struct {
	State  FramingState `json:"state"`
	Reason string       `json:"reason"` // English, one sentence; "" when allowed
	Key    string       `json:"key"`    // of the same sentence in the catalogue of texts, "" when allowed
}

// FramingState is whether a page allows framing.
type FramingState string

// The states.
const (
	FramingUnknown FramingState = "unknown" // not asked yet, or the page did not answer
	FramingAllowed FramingState = "allowed"
	FramingRefused FramingState = "refused"
)

// Placement is where a source stands in an OBS scene: the published config, with
// its place in the stack. X and Y are the top left corner before rotation, in
// pixels of OBS's canvas; the shown size is Width×ScaleX by Height×ScaleY; Rotation
// is in degrees, clockwise about the top left corner.
type Placement struct {
	X        float64 `json:"x"`
	Y        float64 `json:"y"`
	Width    float64 `json:"width"`
	Height   float64 `json:"height"`
	ScaleX   float64 `json:"scaleX"`   // 0.1 to 10
	ScaleY   float64 `json:"scaleY"`   // 0.1 to 10
	Rotation float64 `json:"rotation"` // 0 to 360
	Visible  bool    `json:"visible"`
	ZIndex   int     `json:"zIndex"` // larger is in front; of equal ones the later added
}

// SceneSource is a source in a scene.
type SceneSource struct {
	Scene     string    `json:"sceneName"`
	SourceID  string    `json:"sourceId"`
	Config    Placement `json:"config"`
	AddedAt   time.Time `json:"addedAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

// SourcesState is the library, and where its sources stand. It is immutable.
type SourcesState struct {
	List   []*Source                 // in the order in which they were made
	Scenes map[string][]*SceneSource // by scene name, in stacking order, the back first
}

// Source returns the source with the id, or nil.
func (s SourcesState) Source(id string) *Source {
	for _, source := range s.List {
		if source.ID == id {
			return source
		}
	}
	return nil
}

// Placed returns where a source stands in a scene, or nil.
func (s SourcesState) Placed(scene, sourceID string) *SceneSource {
	for _, placed := range s.Scenes[scene] {
		if placed.SourceID == sourceID {
			return placed
		}
	}
	return nil
}

// Replay returns the events that tell a newcomer the library.
func (s SourcesState) Replay() []EventBody {
	events := make([]EventBody, 0, len(s.List))
	names := make(map[string]string, len(s.List))
	for _, source := range s.List {
		names[source.ID] = source.Name
		events = append(events, SourceCreated{source})
	}
	scenes := make([]string, 0, len(s.Scenes))
	for scene := range s.Scenes {
		scenes = append(scenes, scene)
	}
	slices.Sort(scenes)
	for _, scene := range scenes {
		for _, placed := range s.Scenes[scene] {
			events = append(events, SceneSourceAdded{scene, placed.SourceID, names[placed.SourceID], placed.Config})
		}
	}
	return events
}

// CompareSources orders sources as they were made.
func CompareSources(a, b *Source) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// ComparePlacements orders the sources of a scene, the back first.
func ComparePlacements(a, b *SceneSource) int {
	return cmp.Or(cmp.Compare(a.Config.ZIndex, b.Config.ZIndex), a.AddedAt.Compare(b.AddedAt), cmp.Compare(a.SourceID, b.SourceID))
}
