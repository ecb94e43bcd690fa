package app

import (
	"context"
	"slices"
	"strings"
)

// SourcesInOBS asks OBS for its browser sources and where they stand in the scenes
// of the snapshot. Those that are in the library already name it. The one of all
// combined sources is left out.
func SourcesInOBS(ctx context.Context, obs OBS, snap *Snapshot) ([]SourceInOBS, error) {
	answer, err := obs.DoOBS(ctx, ListBrowserInputs{})
	if err != nil {
		return nil, err
	}
	inputs, _ := answer.([]OBSBrowserInput)
	found := []SourceInOBS{}
	place := map[string]int{} // in found, by the name of the input
	for _, input := range inputs {
		if page, _, _ := strings.Cut(input.Settings.Page, "?"); page == "/overlay/combined" {
			continue
		}
		place[input.Input] = len(found)
		found = append(found, SourceFound(input))
	}
	for _, scene := range snap.OBS.Scenes {
		answer, err := obs.DoOBS(ctx, ListSceneItems{Scene: scene.Name})
		if CodeOf(err) == CodeNotFound {
			continue // it went while we asked
		}
		if err != nil {
			return nil, err
		}
		items, _ := answer.([]OBSSceneItem)
		for i, item := range slices.Backward(items) { // the back first
			at, browser := place[item.SourceName]
			if !browser || slices.ContainsFunc(found[at].Places, func(p PlacementIn) bool { return p.Scene == scene.Name }) {
				continue
			}
			width, height := *found[at].Fields.Width, *found[at].Fields.Height
			config := PlacementFrom(item.Shown(width, height), width, height)
			config.ZIndex = len(items) - 1 - i
			found[at].Places = append(found[at].Places, PlacementIn{Scene: scene.Name, Config: config})
		}
	}
	return snap.Sources.Known(found), nil
}

// Known notes which browser sources are in the library already, and returns them.
func (s SourcesState) Known(found []SourceInOBS) []SourceInOBS {
	for i := range found {
		for _, source := range s.List {
			if source.OBSInput == found[i].Input {
				found[i].Known = source.ID
			}
		}
	}
	return found
}
