package app_test

import (
	"slices"
	"testing"

	"cuewire/app"
)

func TestMissingScenes(t *testing.T) {
	room := &app.RoomState{Timers: []*app.Timer{
		{ID: "a", Name: "Opening", SceneStart: "Titles", SceneZero: "Stage"},
		{ID: "b", Name: "Talk", SceneStart: "Slides", TriggerScene: "Lobby"},
		{ID: "d", Name: "Waits", TriggerScene: "Titles"},
		{ID: "c", Name: "Cut", SceneStart: "Nowhere", Skip: true},
	}}
	got := room.MissingScenes(app.OBSState{Scenes: []app.OBSScene{{Name: "Titles"}, {Name: "stage"}}})
	want := []app.MissingScene{{"a", "Opening", "obs_scene_zero", "Stage"}, {"b", "Talk", "start_on_scene", "Lobby"}, {"b", "Talk", "obs_scene_start", "Slides"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
}
