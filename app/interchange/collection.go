package interchange

import (
	"encoding/json"
	"net/url"
	"strings"

	"cuewire/app"
)

// collectionSource is a source of an OBS scene collection's file. OBS leaves out what
// is at its default.
type collectionSource struct {
	Kind     string `json:"id"`
	Name     string `json:"name"`
	UUID     string `json:"uuid"`
	Settings struct {
		URL        string           `json:"url"`
		Local      bool             `json:"is_local_file"`
		File       string           `json:"local_file"`
		Width      *int             `json:"width"`
		Height     *int             `json:"height"`
		CustomRate bool             `json:"fps_custom"`
		FPS        *int             `json:"fps"`
		CSS        *string          `json:"css"`
		Shutdown   bool             `json:"shutdown"`
		Items      []collectionItem `json:"items"`
	} `json:"settings"`
}

type collectionItem struct {
	Name            string  `json:"name"`
	UUID            string  `json:"source_uuid"`
	Visible         bool    `json:"visible"`
	Position        vector  `json:"pos"`
	Scale           *vector `json:"scale"`
	Rotation        float64 `json:"rot"`
	Alignment       *int    `json:"align"`
	Bounds          int     `json:"bounds_type"`
	BoundsAlignment int     `json:"bounds_align"`
	BoundsSize      vector  `json:"bounds"`
	CropLeft        int     `json:"crop_left"`
	CropTop         int     `json:"crop_top"`
	CropRight       int     `json:"crop_right"`
	CropBottom      int     `json:"crop_bottom"`
}

type vector struct{ X, Y float64 }

// boundsKinds are OBS's kinds of bounding boxes, by their numbers.
var boundsKinds = []string{
	"OBS_BOUNDS_NONE", "OBS_BOUNDS_STRETCH", "OBS_BOUNDS_SCALE_INNER", "OBS_BOUNDS_SCALE_OUTER",
	"OBS_BOUNDS_SCALE_TO_WIDTH", "OBS_BOUNDS_SCALE_TO_HEIGHT", "OBS_BOUNDS_MAX_ONLY",
}

// plainCSS is the style sheet that OBS gives a browser source.
const plainCSS = "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"

// BrowserSources returns the browser sources of an OBS scene collection's file, in
// its order, and where they stand; of several items in a scene the frontmost, of
// those in groups none. It fails with CodeInvalid for anything else.
func BrowserSources(file []byte) ([]app.SourceInOBS, error) {
	var collection struct {
		Sources []collectionSource `json:"sources"`
	}
	if err := json.Unmarshal(file, &collection); err != nil || collection.Sources == nil {
		return nil, app.NewError(app.CodeInvalid, "interchange.collection",
			"This is not a scene collection of OBS. In OBS, choose Scene Collection, then Export, and take that file.", nil)
	}
	found := []app.SourceInOBS{}
	byName, byUUID := map[string]int{}, map[string]int{}
	for _, s := range collection.Sources {
		if s.Kind == "browser_source" {
			byName[s.Name], byUUID[s.UUID] = len(found), len(found)
			found = append(found, app.SourceFound(app.OBSBrowserInput{Input: s.Name, Settings: s.browser()}))
		}
	}
	delete(byUUID, "")
	for _, scene := range collection.Sources {
		if scene.Kind != "scene" {
			continue
		}
		for level, item := range scene.Settings.Items {
			at, ok := byUUID[item.UUID]
			if !ok {
				at, ok = byName[item.Name]
			}
			if ok {
				place(&found[at], scene.Name, item, level)
			}
		}
	}
	return found, nil
}

func (s collectionSource) browser() app.BrowserSettings {
	v := s.Settings
	b := app.BrowserSettings{URL: v.URL, Width: or(v.Width, 800), Height: or(v.Height, 600), Shutdown: v.Shutdown}
	if v.Local {
		path := strings.ReplaceAll(v.File, `\`, "/")
		if !strings.HasPrefix(path, "/") {
			path = "/" + path
		}
		b.URL = (&url.URL{Scheme: "file", Path: path}).String()
	}
	if v.CustomRate {
		b.FPS = or(v.FPS, 30)
	}
	if v.CSS != nil {
		b.CSS = strings.TrimPrefix(strings.TrimPrefix(*v.CSS, plainCSS), "\n")
	}
	return b
}

func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// place notes an item; the file has a scene's items from the back to the front.
func place(s *app.SourceInOBS, scene string, item collectionItem, level int) {
	scale := or(item.Scale, vector{1, 1})
	bounds := ""
	if item.Bounds >= 0 && item.Bounds < len(boundsKinds) {
		bounds = boundsKinds[item.Bounds]
	}
	width, height := *s.Fields.Width, *s.Fields.Height
	shown := app.OBSSceneItem{
		Visible: item.Visible, X: item.Position.X, Y: item.Position.Y, ScaleX: scale.X, ScaleY: scale.Y, Rotation: item.Rotation,
		Alignment: or(item.Alignment, 5), Bounds: bounds, BoundsAlignment: item.BoundsAlignment,
		BoundsWidth: item.BoundsSize.X, BoundsHeight: item.BoundsSize.Y,
		CropLeft: item.CropLeft, CropTop: item.CropTop, CropRight: item.CropRight, CropBottom: item.CropBottom,
	}.Shown(max(1, width), max(1, height))
	config := app.PlacementFrom(shown, max(1, width), max(1, height))
	config.ZIndex = level
	for i, known := range s.Places {
		if known.Scene == scene {
			s.Places[i].Config = config
			return
		}
	}
	s.Places = append(s.Places, app.PlacementIn{Scene: scene, Config: config})
}
