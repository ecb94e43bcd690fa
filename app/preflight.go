package app

// MissingScene is a cue or a trigger whose scene is not in OBS.
type MissingScene struct {
	TimerID string `json:"timer_id"`
	Name    string `json:"name"`  // of the timer
	Field   string `json:"field"` // "start_on_scene", "obs_scene_start" or "obs_scene_zero"
	Scene   string `json:"scene"`
}

// MissingScenes returns the cues and triggers of a room whose scene is not among
// OBS's, in rundown order; skipped timers are not looked at. It means something only
// while OBS is connected.
func (r *RoomState) MissingScenes(obs OBSState) []MissingScene {
	missing := []MissingScene{}
	for _, t := range r.Timers {
		if t.Skip {
			continue
		}
		for _, cue := range []struct{ field, scene string }{
			{"start_on_scene", t.TriggerScene}, {"obs_scene_start", t.SceneStart}, {"obs_scene_zero", t.SceneZero},
		} {
			if cue.scene != "" && obs.SceneIndex(cue.scene) < 0 {
				missing = append(missing, MissingScene{t.ID, t.Name, cue.field, cue.scene})
			}
		}
	}
	return missing
}
