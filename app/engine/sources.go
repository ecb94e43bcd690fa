package engine

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"cuewire/app"
)

func sourceNotFound() error {
	return app.NewError(app.CodeNotFound, "error.sourceNotFound", "Source not found", nil)
}

func (t *tx) source(id string) (*app.Source, error) {
	if s := t.sources.Source(id); s != nil {
		return s, nil
	}
	return nil, sourceNotFound()
}

// putSource makes a source what it is to be, new or in the place of the one with
// its id.
func (t *tx) putSource(s *app.Source) {
	list := slices.Clone(t.sources.List)
	i := slices.IndexFunc(list, func(other *app.Source) bool { return other.ID == s.ID })
	if i >= 0 {
		t.touchSource(s.ID, list[i], s)
		list[i] = s
	} else {
		t.touchSource(s.ID, nil, s)
		i, _ = slices.BinarySearchFunc(list, s, app.CompareSources)
		list = slices.Insert(list, i, s)
	}
	t.sources.List = list
	t.write(app.PutSource{Source: s})
}

// dropSource removes a source and its placements, and tells it.
func (t *tx) dropSource(s *app.Source) {
	for _, scene := range t.scenesOf(s.ID) {
		t.unplace(scene, s)
	}
	if s.Active {
		t.tell("", app.SourceDeactivated{SourceID: s.ID, SourceName: s.Name, DeactivatedAt: t.now.Time()})
	}
	t.touchSource(s.ID, s, nil)
	t.sources.List = slices.DeleteFunc(slices.Clone(t.sources.List), func(other *app.Source) bool { return other.ID == s.ID })
	t.write(app.DropSource{ID: s.ID})
	t.tell("", app.SourceDeleted{SourceID: s.ID, SourceName: s.Name})
}

// newSource makes a source of its fields. With numbered, a name that is taken gets
// a number instead of a refusal.
func (t *tx) newSource(v app.SourceFields, numbered bool) (*app.Source, error) {
	if len(t.sources.List) >= app.MaxSources {
		return nil, app.NewError(app.CodeConflict, "error.tooManySources", fmt.Sprintf("The library can hold %d sources. Delete some first.", app.MaxSources), map[string]any{"Count": app.MaxSources})
	}
	switch {
	case v.Name == nil:
		return nil, invalid("name", "error.fieldMissing", "{field} is missing.")
	case v.URL == nil:
		return nil, invalid("url", "error.fieldMissing", "{field} is missing.")
	}
	id, err := uuid.NewV7() // in the order of making, within a millisecond too
	if err != nil {
		return nil, fmt.Errorf("make an id: %w", err)
	}
	s := &app.Source{
		ID: id.String(), Width: app.DefaultSourceWidth, Height: app.DefaultSourceHeight, RefreshRate: app.DefaultRefreshRate,
		Way: app.WayCombined, Load: app.LoadKeep, Tags: []string{}, Framing: app.Framing{State: app.FramingUnknown},
		CreatedAt: t.now.Time(), UpdatedAt: t.now.Time(),
	}
	if v.Way == nil && isFile(*v.URL) {
		s.Way = app.WayOwn
	}
	if _, err := setSource(s, v); err != nil {
		return nil, err
	}
	if numbered {
		s.Name = t.freeName(s.Name)
	}
	return s, t.nameFree(s)
}

// nameFree refuses a name that another source has.
func (t *tx) nameFree(s *app.Source) error {
	if t.nameTaken(s.Name, s.ID) {
		return app.NewError(app.CodeConflict, "error.sourceNameTaken", "A source with this name already exists", nil)
	}
	return nil
}

func (t *tx) nameTaken(name, id string) bool {
	return slices.ContainsFunc(t.sources.List, func(other *app.Source) bool { return other.Name == name && other.ID != id })
}

// freeName returns the name, with the first number that makes it free where it is taken.
func (t *tx) freeName(name string) string {
	free := name
	for n := 2; t.nameTaken(free, ""); n++ {
		end := fmt.Sprintf(" %d", n)
		start := []rune(name)
		free = string(start[:min(len(start), app.MaxNameLength-len(end))]) + end
	}
	return free
}

func (t *tx) createSource(c app.CreateSource) error {
	s, err := t.newSource(c.Fields, false)
	if err != nil {
		return err
	}
	t.putSource(s)
	t.tell("", app.SourceCreated{Source: s})
	t.id = s.ID
	return nil
}

func (t *tx) updateSource(c app.UpdateSource) error {
	before, err := t.source(c.ID)
	if err != nil {
		return err
	}
	t.id = c.ID
	s := *before
	changed, err := setSource(&s, c.Fields)
	if err != nil {
		return err
	}
	if err := t.nameFree(&s); err != nil {
		return err
	}
	if c.Active != nil && *c.Active != s.Active {
		if err := t.activity(&s, *c.Active); err != nil {
			return err
		}
		changed = append(changed, "isActive")
	}
	if len(changed) == 0 {
		return nil
	}
	if s.URL != before.URL {
		s.Framing = app.Framing{State: app.FramingUnknown}
	}
	s.UpdatedAt = t.now.Time()
	if c.FromOBS || slices.Equal(changed, []string{"isActive"}) {
		t.touched = nil
	}
	t.putSource(&s)
	t.tell("", app.SourceUpdated{Source: &s, Changes: changed})
	t.tellActivity(before, &s)
	return nil
}

func (t *tx) deleteSource(id string) error {
	s, err := t.source(id)
	if err != nil {
		return err
	}
	if s.Active {
		return app.NewError(app.CodeConflict, "error.sourceActive", "Cannot delete an active source. Please deactivate it first.", nil)
	}
	t.dropSource(s)
	t.id = id
	return nil
}

// switchSource activates or deactivates.
func (t *tx) switchSource(id string, on bool) error {
	before, err := t.source(id)
	if err != nil {
		return err
	}
	s := *before
	if err := t.activity(&s, on); err != nil {
		return err
	}
	s.UpdatedAt = t.now.Time()
	t.putSource(&s)
	t.tellActivity(before, &s)
	t.id = id
	return nil
}

// activity switches a source on or off, unless it is so already or too many are on.
func (t *tx) activity(s *app.Source, on bool) error {
	switch {
	case s.Active && on:
		return app.NewError(app.CodeConflict, "error.sourceIsActive", "Source is already active", nil)
	case !s.Active && !on:
		return app.NewError(app.CodeConflict, "error.sourceIsInactive", "Source is already inactive", nil)
	case on && t.activeSources() >= t.settings.MaxConcurrentSources:
		most := t.settings.MaxConcurrentSources
		return app.NewError(app.CodeConflict, "error.tooManyActive",
			fmt.Sprintf("As many sources are active as the settings allow (%d). Deactivate one first.", most), map[string]any{"Count": most})
	}
	s.Active, s.ActivatedAt = on, nil
	if on {
		at := t.now.Time()
		s.ActivatedAt = &at
	}
	return nil
}

func (t *tx) activeSources() (n int) {
	for _, s := range t.sources.List {
		if s.Active {
			n++
		}
	}
	return n
}

func (t *tx) tellActivity(before, after *app.Source) {
	switch {
	case !before.Active && after.Active:
		t.tell("", app.SourceActivated{SourceID: after.ID, SourceName: after.Name, Active: true, ActivatedAt: *after.ActivatedAt})
	case before.Active && !after.Active:
		t.tell("", app.SourceDeactivated{SourceID: after.ID, SourceName: after.Name, DeactivatedAt: t.now.Time()})
	}
}

func (t *tx) duplicateSource(id string) error {
	s, err := t.source(id)
	if err != nil {
		return err
	}
	name, tags := t.freeName(s.Name), s.Tags
	return t.createSource(app.CreateSource{Fields: app.SourceFields{
		Name: &name, URL: &s.URL, Width: &s.Width, Height: &s.Height, RefreshRate: &s.RefreshRate,
		CSS: &s.CSS, JS: &s.JS, Way: &s.Way, Load: &s.Load, Tags: &tags,
	}})
}

func (t *tx) importSources(list []app.SourceFields) error {
	for i, fields := range list {
		s, err := t.newSource(fields, true)
		if err != nil {
			return atPlace(i, err)
		}
		t.putSource(s)
		t.tell("", app.SourceCreated{Source: s})
		t.ids = append(t.ids, s.ID)
	}
	return nil
}

// atPlace says which of a list's sources is wrong, counting from 1.
func atPlace(i int, err error) error {
	e, ok := err.(*app.Error)
	if !ok {
		return err
	}
	return app.NewError(e.Code, "error.sourceAt", fmt.Sprintf("Source %d: %s", i+1, e.Message), map[string]any{"Number": i + 1, "Reason": e.Message})
}

func (t *tx) adoptSources(c app.AdoptSources) error {
	own := app.WayOwn
	for i, found := range c.Sources {
		if slices.ContainsFunc(t.sources.List, func(s *app.Source) bool { return s.OBSInput == found.Input && found.Input != "" }) {
			return atPlace(i, app.NewError(app.CodeConflict, "error.sourceAdopted", "This browser source is in the library already.", nil))
		}
		found.Fields.Way = &own
		s, err := t.newSource(found.Fields, true)
		if err != nil {
			return atPlace(i, err)
		}
		s.OBSInput, s.Adopted = found.Input, true
		if c.Live {
			if err := t.activity(s, true); err != nil {
				return atPlace(i, err)
			}
		}
		t.putSource(s)
		t.tell("", app.SourceCreated{Source: s})
		t.tellActivity(&app.Source{}, s)
		for _, place := range found.Places {
			if err := checkFound(place); err != nil {
				return atPlace(i, err)
			}
			t.place(place.Scene, s, place.Config)
		}
		t.ids = append(t.ids, s.ID)
	}
	return nil
}

// checkFound checks a placement that OBS has, whatever the limits of ours are.
func checkFound(p app.PlacementIn) error {
	if err := checkName("sceneName", p.Scene); err != nil {
		return err
	}
	c := p.Config
	_, err := takePlacement(&app.Placement{}, app.PlacementFields{
		X: &c.X, Y: &c.Y, Width: &c.Width, Height: &c.Height, ScaleX: &c.ScaleX, ScaleY: &c.ScaleY, Rotation: &c.Rotation, ZIndex: &c.ZIndex,
	})
	return err
}

func (t *tx) setSourceInput(c app.SetSourceInput) error {
	before, err := t.source(c.ID)
	if err != nil || before.OBSInput == c.Input {
		return err
	}
	s := *before
	s.OBSInput = c.Input
	t.putSource(&s)
	t.tell("", app.SourceUpdated{Source: &s, Changes: []string{"obsInput"}})
	t.id = c.ID
	return nil
}

func (t *tx) setFraming(c app.SetFraming) error {
	before, err := t.source(c.ID)
	if err != nil || before.URL != c.URL || before.Framing == c.Framing {
		return err
	}
	s := *before
	s.Framing = c.Framing
	t.putSource(&s)
	t.tell("", app.SourceUpdated{Source: &s, Changes: []string{"framing"}})
	t.id = c.ID
	return nil
}
