package engine

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"cuewire/app"
)

// scenesOf returns the scenes that a source stands in, by name.
func (t *tx) scenesOf(sourceID string) []string {
	var scenes []string
	for _, scene := range slices.Sorted(maps.Keys(t.sources.Scenes)) {
		if t.sources.Placed(scene, sourceID) != nil {
			scenes = append(scenes, scene)
		}
	}
	return scenes
}

// setPlaced makes a placement what it is to be, nil for none.
func (t *tx) setPlaced(scene, sourceID string, placed *app.SceneSource) {
	was := t.sources.Placed(scene, sourceID)
	t.touchPlaced(placeKey{scene, sourceID}, was, placed)
	list := slices.DeleteFunc(slices.Clone(t.sources.Scenes[scene]), func(p *app.SceneSource) bool { return p.SourceID == sourceID })
	if placed != nil {
		i, _ := slices.BinarySearchFunc(list, placed, app.ComparePlacements)
		list = slices.Insert(list, i, placed)
	}
	scenes := maps.Clone(t.sources.Scenes)
	if scenes == nil {
		scenes = make(map[string][]*app.SceneSource)
	}
	if len(list) > 0 {
		scenes[scene] = list
	} else {
		delete(scenes, scene)
	}
	t.sources.Scenes = scenes
	if placed != nil {
		t.write(app.PutPlacement{Placement: placed})
	} else {
		t.write(app.DropPlacement{Scene: scene, SourceID: sourceID})
	}
}

// place puts a source into a scene and tells it.
func (t *tx) place(scene string, s *app.Source, config app.Placement) {
	t.setPlaced(scene, s.ID, &app.SceneSource{
		Scene: scene, SourceID: s.ID, Config: config, AddedAt: t.now.Time(), UpdatedAt: t.now.Time(),
	})
	t.tell("", app.SceneSourceAdded{SceneName: scene, SourceID: s.ID, SourceName: s.Name, Config: config})
}

// unplace takes a source out of a scene and tells it.
func (t *tx) unplace(scene string, s *app.Source) {
	t.setPlaced(scene, s.ID, nil)
	t.tell("", app.SceneSourceRemoved{SceneName: scene, SourceID: s.ID, SourceName: s.Name})
}

func (t *tx) placeSources(c app.PlaceSources) error {
	if err := checkName("sceneName", c.Scene); err != nil {
		return err
	}
	set := setPlacement
	if c.FromOBS {
		set, t.touched = takePlacement, nil
	}
	return t.each(len(c.Places), func(i int) error { return t.placeOne(c.Scene, c.Places[i], set) })
}

// each does many things, as many of them as can be done. It fails when it is one
// and that cannot.
func (t *tx) each(n int, do func(i int) error) error {
	t.problems = make([]error, n)
	for i := range n {
		t.problems[i] = do(i)
	}
	if n == 1 {
		return t.problems[0]
	}
	return nil
}

func (t *tx) placeOne(scene string, p app.PlaceSource, set func(*app.Placement, app.PlacementFields) ([]string, error)) error {
	s, err := t.source(p.SourceID)
	if err != nil {
		return err
	}
	if t.sources.Placed(scene, s.ID) != nil {
		return app.NewError(app.CodeConflict, "error.sourcePlaced", "Source is already present in this scene", nil)
	}
	in := t.sources.Scenes[scene]
	if most := t.settings.MaxSourcesPerScene; len(in) >= most {
		return app.NewError(app.CodeConflict, "error.sceneFull",
			fmt.Sprintf("The scene holds as many sources as the settings allow (%d). Take one out first.", most), map[string]any{"Count": most})
	}
	config := app.Placement{Width: float64(s.Width), Height: float64(s.Height), ScaleX: 1, ScaleY: 1, Visible: true}
	if len(in) > 0 {
		config.ZIndex = in[len(in)-1].Config.ZIndex + 1
	}
	if _, err := set(&config, p.Config); err != nil {
		return err
	}
	t.place(scene, s, config)
	t.id = s.ID
	return nil
}

func (t *tx) placement(scene, sourceID string) (*app.Source, *app.SceneSource, error) {
	s, err := t.source(sourceID)
	if err != nil {
		return nil, nil, err
	}
	placed := t.sources.Placed(scene, sourceID)
	if placed == nil {
		return nil, nil, app.NewError(app.CodeNotFound, "error.sourceNotPlaced", "Source is not present in this scene", nil)
	}
	return s, placed, nil
}

func (t *tx) unplaceSources(c app.UnplaceSources) error {
	if c.FromOBS {
		t.touched = nil
	}
	return t.each(len(c.SourceIDs), func(i int) error {
		s, _, err := t.placement(c.Scene, c.SourceIDs[i])
		if err != nil {
			return err
		}
		t.unplace(c.Scene, s)
		t.id = s.ID
		return nil
	})
}

func (t *tx) updatePlacement(c app.UpdatePlacement) error {
	s, placed, err := t.placement(c.Scene, c.SourceID)
	if err != nil {
		return err
	}
	t.id = s.ID
	config := placed.Config
	set := setPlacement
	if c.FromOBS {
		set, t.touched = takePlacement, nil
	}
	changed, err := set(&config, c.Fields)
	if err != nil || len(changed) == 0 {
		return err
	}
	t.changePlacement(s, placed, config, changed)
	return nil
}

// changePlacement gives a placement another config and tells it.
func (t *tx) changePlacement(s *app.Source, placed *app.SceneSource, config app.Placement, changed []string) {
	next := *placed
	next.Config, next.UpdatedAt = config, t.now.Time()
	t.setPlaced(next.Scene, s.ID, &next)
	t.tell("", app.SceneSourceUpdated{SceneName: next.Scene, SourceID: s.ID, SourceName: s.Name, Config: config, Changes: changed})
}

// renamePlacedScene moves what stands in a scene along with its name. What stands
// under the new name already stays.
func (t *tx) renamePlacedScene(c app.RenamePlacedScene) error {
	if c.Before == c.After || c.After == "" {
		return nil
	}
	for _, placed := range t.sources.Scenes[c.Before] {
		s, err := t.source(placed.SourceID)
		if err != nil {
			return err
		}
		t.unplace(c.Before, s)
		if t.sources.Placed(c.After, s.ID) == nil {
			moved := *placed
			moved.Scene = c.After
			t.setPlaced(c.After, s.ID, &moved)
			t.tell("", app.SceneSourceAdded{SceneName: c.After, SourceID: s.ID, SourceName: s.Name, Config: moved.Config})
		}
	}
	t.renameInLibraryHistory(c.Before, c.After)
	return nil
}

// placementFields gives the fields of a placement their new values, each as its
// check allows.
func placementFields(p *app.Placement, v app.PlacementFields, pixels, size, scale, turn func(string, float64) error) (changed []string, err error) {
	next, f := *p, fields{}
	set(&f, "x", &next.X, v.X, pixels)
	set(&f, "y", &next.Y, v.Y, pixels)
	set(&f, "width", &next.Width, v.Width, size)
	set(&f, "height", &next.Height, v.Height, size)
	set(&f, "scaleX", &next.ScaleX, v.ScaleX, scale)
	set(&f, "scaleY", &next.ScaleY, v.ScaleY, scale)
	set(&f, "rotation", &next.Rotation, v.Rotation, turn)
	set(&f, "visible", &next.Visible, v.Visible, anything)
	set(&f, "zIndex", &next.ZIndex, v.ZIndex, between(-1_000_000, 1_000_000))
	if f.err == nil {
		*p = next
	}
	return f.changed, f.err
}

// setPlacement changes a placement, all of it or nothing.
func setPlacement(p *app.Placement, v app.PlacementFields) (changed []string, err error) {
	return placementFields(p, v, within("-32768", -32768, "32768", 32768), within("1", 1, "32768", 32768),
		within("0.1", app.MinPlacementScale, "10.0", app.MaxPlacementScale), within("0", 0, "360", 360))
}

// takePlacement is setPlacement for values that OBS has, whatever they are.
func takePlacement(p *app.Placement, v app.PlacementFields) (changed []string, err error) {
	finite := within("-1e9", -1e9, "1e9", 1e9)
	return placementFields(p, v, finite, finite, finite, finite)
}

// within allows numbers from least to most, with their published spellings.
func within(least string, from float64, most string, to float64) func(string, float64) error {
	return func(field string, v float64) error {
		if v >= from && v <= to && !math.IsNaN(v) {
			return nil
		}
		return outOfRange(field, least, most)
	}
}

func between(from, to int) func(string, int) error {
	return func(field string, v int) error {
		if v >= from && v <= to {
			return nil
		}
		return outOfRange(field, fmt.Sprint(from), fmt.Sprint(to))
	}
}

func outOfRange(field, least, most string) error {
	return app.NewError(app.CodeInvalid, "error.fieldBetween", fmt.Sprintf("%s must be between %s and %s", field, least, most),
		map[string]any{"Field": field, "Least": least, "Most": most})
}
