package engine

import (
	"reflect"
	"slices"
	"strings"

	"cuewire/app"
)

// placeKey names a placement.
type placeKey struct{ scene, source string }

// change is a thing before and after a step; nil where it was not there.
type change[T any] struct{ before, after *T }

// libraryStep is what one step did to the library: every source and placement that
// it touched. A step with another step undone, it holds that one's changes turned round.
type libraryStep struct {
	sources map[string]change[app.Source]
	placed  map[placeKey]change[app.SceneSource]
}

func (s *libraryStep) empty() bool { return s == nil || len(s.sources)+len(s.placed) == 0 }

// libraryHistory is what can be undone and redone. Its lists are replaced, never changed.
type libraryHistory struct{ past, future []*libraryStep }

// applyToLibrary carries out a command about sources or placements, and reports
// whether it was one.
func (t *tx) applyToLibrary(cmd app.Command) (known bool, err error) {
	switch c := cmd.(type) {
	case app.CreateSource:
		return true, t.recorded(func() error { return t.createSource(c) })
	case app.UpdateSource:
		return true, t.recorded(func() error { return t.updateSource(c) })
	case app.DeleteSource:
		return true, t.recorded(func() error { return t.deleteSource(c.ID) })
	case app.ActivateSource:
		return true, t.switchSource(c.ID, true)
	case app.DeactivateSource:
		return true, t.switchSource(c.ID, false)
	case app.DuplicateSource:
		return true, t.recorded(func() error { return t.duplicateSource(c.ID) })
	case app.ImportSources:
		return true, t.recorded(func() error { return t.importSources(c.Sources) })
	case app.AdoptSources:
		return true, t.recorded(func() error { return t.adoptSources(c) })
	case app.SetSourceInput:
		return true, t.setSourceInput(c)
	case app.SetFraming:
		return true, t.setFraming(c)
	case app.UndoSources:
		return true, t.undoSources()
	case app.RedoSources:
		return true, t.redoSources()
	case app.PlaceSources:
		return true, t.recorded(func() error { return t.placeSources(c) })
	case app.UnplaceSources:
		return true, t.recorded(func() error { return t.unplaceSources(c) })
	case app.UpdatePlacement:
		err := t.recorded(func() error { return t.updatePlacement(c) })
		if err == nil && c.Continues && !t.touched.empty() {
			t.joinSteps(c.Scene)
		}
		return true, err
	case app.RenamePlacedScene:
		return true, t.renamePlacedScene(c)
	}
	return false, nil
}

// recorded notes what a command does, so that it can be undone.
func (t *tx) recorded(do func() error) error {
	t.touched = &libraryStep{sources: map[string]change[app.Source]{}, placed: map[placeKey]change[app.SceneSource]{}}
	if err := do(); err != nil {
		return err
	}
	if step := t.touched; !step.empty() {
		past := t.library.past
		t.library = libraryHistory{past: append(past[max(0, len(past)-historyLength+1):len(past):len(past)], step)}
		t.noted(inLibrary)
	}
	return nil
}

// joinSteps makes one of the last two steps, where they changed nothing but where
// sources stand in one scene.
func (t *tx) joinSteps(scene string) {
	last := len(t.library.past) - 1
	if last < 1 {
		return
	}
	first, second := t.library.past[last-1], t.library.past[last]
	if len(first.sources)+len(second.sources) > 0 {
		return
	}
	joined := &libraryStep{placed: make(map[placeKey]change[app.SceneSource], len(first.placed))}
	for key, c := range first.placed {
		if key.scene != scene || c.before == nil || c.after == nil {
			return
		}
		joined.placed[key] = c
	}
	for key, c := range second.placed {
		if earlier, ok := joined.placed[key]; ok {
			c.before = earlier.before
		}
		joined.placed[key] = c
	}
	t.library.past = append(t.library.past[:last-1:last-1], joined)
	t.unnoted()
}

func (t *tx) touchSource(id string, before, after *app.Source) {
	if t.touched == nil {
		return
	}
	if c, ok := t.touched.sources[id]; ok {
		before = c.before
	}
	t.touched.sources[id] = change[app.Source]{before, after}
}

func (t *tx) touchPlaced(key placeKey, before, after *app.SceneSource) {
	if t.touched == nil {
		return
	}
	if c, ok := t.touched.placed[key]; ok {
		before = c.before
	}
	t.touched.placed[key] = change[app.SceneSource]{before, after}
}

func (t *tx) undoSources() error {
	h := t.library
	if len(h.past) == 0 {
		return app.NewError(app.CodeConflict, "error.nothingToUndo", "There is nothing to undo.", nil)
	}
	last := len(h.past) - 1
	back := t.takeBack(h.past[last])
	t.library = libraryHistory{h.past[:last:last], append(h.future[:len(h.future):len(h.future)], back)}
	t.turned(inLibrary, true)
	return nil
}

func (t *tx) redoSources() error {
	h := t.library
	if len(h.future) == 0 {
		return app.NewError(app.CodeConflict, "error.nothingToRedo", "There is nothing to redo.", nil)
	}
	last := len(h.future) - 1
	back := t.takeBack(h.future[last])
	t.library = libraryHistory{append(h.past[:len(h.past):len(h.past)], back), h.future[:last:last]}
	t.turned(inLibrary, false)
	return nil
}

// takeBack makes everything that a step touched what it was before, as far as it is
// still there, and returns the step that makes it again.
func (t *tx) takeBack(step *libraryStep) *libraryStep {
	back := &libraryStep{sources: map[string]change[app.Source]{}, placed: map[placeKey]change[app.SceneSource]{}}
	t.touched = back
	ids := make([]string, 0, len(step.sources))
	for id := range step.sources {
		ids = append(ids, id)
	}
	slices.Sort(ids) // as they were made
	for _, id := range ids {
		t.takeBackSource(id, step.sources[id])
	}
	keys := make([]placeKey, 0, len(step.placed))
	for key := range step.placed {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b placeKey) int {
		return strings.Compare(a.scene+"\x00"+a.source, b.scene+"\x00"+b.source)
	})
	for _, key := range keys {
		t.takeBackPlaced(key, step.placed[key])
	}
	t.touched = nil
	return back
}

func (t *tx) takeBackSource(id string, c change[app.Source]) {
	now := t.sources.Source(id)
	switch {
	case c.before == nil && now != nil:
		t.dropSource(now)
	case c.before != nil && now == nil && c.after == nil:
		s := *c.before
		s.Active, s.ActivatedAt, s.Name = false, nil, t.freeName(s.Name)
		t.putSource(&s)
		t.tell("", app.SourceCreated{Source: &s})
	case c.before != nil && now != nil:
		s := *c.before
		// What is on and what OBS has are the present's to say.
		s.Active, s.ActivatedAt, s.OBSInput, s.UpdatedAt = now.Active, now.ActivatedAt, now.OBSInput, t.now.Time()
		if s.URL == now.URL {
			s.Framing = now.Framing
		}
		changed := libraryDifferences(*now, s)
		if len(changed) == 0 || t.nameTaken(s.Name, id) {
			return
		}
		t.putSource(&s)
		t.tell("", app.SourceUpdated{Source: &s, Changes: changed})
	}
}

func (t *tx) takeBackPlaced(key placeKey, c change[app.SceneSource]) {
	s, now := t.sources.Source(key.source), t.sources.Placed(key.scene, key.source)
	switch {
	case s == nil:
	case c.before == nil && now != nil:
		t.unplace(key.scene, s)
	case c.before != nil && now == nil && c.after == nil:
		placed := *c.before
		placed.Scene = key.scene
		t.setPlaced(key.scene, s.ID, &placed)
		t.tell("", app.SceneSourceAdded{SceneName: key.scene, SourceID: s.ID, SourceName: s.Name, Config: placed.Config})
	case c.before != nil && now != nil:
		if changed := libraryDifferences(now.Config, c.before.Config); len(changed) > 0 {
			t.changePlacement(s, now, c.before.Config, changed)
		}
	}
}

// libraryDifferences returns the JSON names of the fields in which two things
// differ, but for the times that follow from that.
func libraryDifferences[T any](a, b T) []string {
	names := []string{}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
		if name != "updatedAt" && !reflect.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()) {
			names = append(names, name)
		}
	}
	return names
}

// renameInLibraryHistory lets what can be undone find a scene under its new name.
func (t *tx) renameInLibraryHistory(before, after string) {
	rename := func(steps []*libraryStep) []*libraryStep {
		renamed := make([]*libraryStep, len(steps))
		for i, step := range steps {
			next := &libraryStep{sources: step.sources, placed: make(map[placeKey]change[app.SceneSource], len(step.placed))}
			for key, c := range step.placed {
				if key.scene == before {
					key.scene = after
				}
				next.placed[key] = c
			}
			renamed[i] = next
		}
		return renamed
	}
	t.library = libraryHistory{rename(t.library.past), rename(t.library.future)}
}
