package app

import (
	"maps"
	"slices"
)

// Changes returns what writes everything into an empty store, in the order in which
// things were made.
func (s *Saved) Changes() []Change {
	changes := []Change{PutSettings{s.Settings}}
	for _, r := range s.Rooms {
		changes = append(changes, PutRoom{r.Room}, PutPlayback{r.Room.ID, r.Playback})
		for _, t := range r.Timers {
			changes = append(changes, PutTimer{t, s.Ranks[t.ID]})
		}
		for _, m := range r.Messages {
			changes = append(changes, PutMessage{m, s.Ranks[m.ID]})
		}
		for _, t := range r.Aux {
			changes = append(changes, PutAux{Timer: t, Rank: s.Ranks[t.ID]})
		}
		for _, q := range r.Questions {
			changes = append(changes, PutQuestion{q})
		}
	}
	for _, p := range s.Presets {
		changes = append(changes, StorePreset{p})
	}
	for _, source := range s.Sources.List {
		changes = append(changes, PutSource{source})
	}
	for _, scene := range slices.Sorted(maps.Keys(s.Sources.Scenes)) {
		for _, placed := range s.Sources.Scenes[scene] {
			changes = append(changes, PutPlacement{placed})
		}
	}
	if s.AlertRules != nil {
		changes = append(changes, PutAlertRules{s.AlertRules})
	}
	for _, a := range s.Apps {
		changes = append(changes, PutApp{a})
	}
	for _, t := range s.QuickTimers {
		changes = append(changes, PutQuick{t})
	}
	for _, t := range s.Tokens {
		changes = append(changes, PutToken{t})
	}
	return changes
}
