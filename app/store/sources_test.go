package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"cuewire/app"
)

func source(id string, made time.Time) *app.Source {
	return &app.Source{
		ID: id, Name: "Alerts — " + id, URL: "https://user:key@example.com/a?k=1", Width: 800, Height: 600, RefreshRate: 30,
		Active: true, CSS: "body{}", JS: "1", Way: app.WayOwn, Load: app.LoadUnload, Tags: []string{"fun", "é"},
		Framing:  app.Framing{State: app.FramingRefused, Reason: "It says no.", Key: "k"},
		OBSInput: "Alerts", Adopted: true, ActivatedAt: &noon, CreatedAt: made, UpdatedAt: noon,
	}
}

func placed(scene, id string, z int) *app.SceneSource {
	return &app.SceneSource{
		Scene: scene, SourceID: id, AddedAt: noon, UpdatedAt: noon,
		Config: app.Placement{X: 100.25, Y: -50, Width: 800, Height: 600, ScaleX: 0.5, ScaleY: 2, Rotation: 12.5, Visible: true, ZIndex: z},
	}
}

func TestSourcesComeBackInOrder(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	later, first := source("a", noon.Add(time.Second)), source("b", noon)
	commit(t, s, // placements before their source: the order within a commit is free
		app.PutPlacement{Placement: placed("Main / 1", "a", 2)}, app.PutPlacement{Placement: placed("Main / 1", "b", 1)},
		app.PutPlacement{Placement: placed("Other", "a", 0)}, app.PutSource{Source: later}, app.PutSource{Source: first})
	want := app.SourcesState{
		List:   []*app.Source{first, later},
		Scenes: map[string][]*app.SceneSource{"Main / 1": {placed("Main / 1", "b", 1), placed("Main / 1", "a", 2)}, "Other": {placed("Other", "a", 0)}},
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	if diff := cmp.Diff(want, load(t, s).Sources); diff != "" {
		t.Error(diff)
	}
	commit(t, s, app.DropSource{ID: "a"}, app.DropPlacement{Scene: "Main / 1", SourceID: "a"}, app.DropPlacement{Scene: "Other", SourceID: "a"},
		app.DropPlacement{Scene: "Main / 1", SourceID: "b"})
	if diff := cmp.Diff(app.SourcesState{List: []*app.Source{first}}, load(t, s).Sources); diff != "" {
		t.Error(diff)
	}
	if err := s.Commit(t.Context(), []app.Change{app.PutPlacement{Placement: placed("Main", "gone", 0)}}); err == nil {
		t.Error("a placement of no source was stored")
	}
}
